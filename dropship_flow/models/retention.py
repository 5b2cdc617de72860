import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

from .exchange import UNFINISHED

_logger = logging.getLogger(__name__)
BATCH = 1000
MAX_BATCHES = 500
# How long things are kept where nobody says else, and where the law or a dispute may need them.
KEEP_DAYS = {
    "exchange": 90,
    "trace": 365,
    "address_view": 365,
    "fact": 730,
    "exception": 365,
    "api_request": 90,
    "bulk_job": 90,
    "feed_file": 30,
}


class DropshipRetention(models.Model):
    """How long something is kept. One scheduled action deletes what is older, in small committed steps."""

    _name = "dropship.retention"
    _description = "Retention"
    _order = "what, company_id, id"

    what = fields.Selection(selection="_kept", required=True)
    days = fields.Integer(required=True, default=90)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company without days of its own.")
    last_run = fields.Datetime(readonly=True, copy=False)
    last_count = fields.Integer(string="Deleted Then", readonly=True, copy=False)

    _once = models.UniqueIndex("(what, COALESCE(company_id, 0))", "There are days for this already.")
    _days_range = models.Constraint(
        "CHECK (days BETWEEN 7 AND 36500)", "Things are kept between 7 and 36500 days (a hundred years)."
    )

    @api.model
    def _kept(self):
        """What has a time to be kept. Other addons extend the list; each has a method `_purge_<what>`."""
        return [
            ("exchange", self.env._("Contents of messages to and from suppliers")),
            ("trace", self.env._("Details of routing decisions")),
            ("address_view", self.env._("List of address views")),
            ("fact", self.env._("Facts about suppliers")),
            ("exception", self.env._("Solved exceptions")),
            ("api_request", self.env._("Calls of the order API")),
            ("bulk_job", self.env._("Bulk jobs")),
        ]

    @api.model
    def _days_of(self, what, company):
        """The days for a company: its own, else the ones for all, else what is usual."""
        rows = self.search([("what", "=", what), ("company_id", "in", (company.id, False))])
        own = rows.filtered("company_id") or rows
        return own[:1].days or KEEP_DAYS.get(what, 365)

    @api.model
    def _cron_purge(self):
        """Delete what was kept long enough. One part that fails does not keep the others."""
        self.env["purchase.order"]._cron_forget()
        for what, _label in self._kept():
            for company in self.env["res.company"].search([]):
                try:
                    self._purge(what, company)
                except (OperationalError, ConcurrencyError):
                    self.env.cr.rollback()
                except Exception:
                    _logger.exception("What is kept too long (%s) could not be deleted", what)
                    self.env.cr.rollback()

    @api.model
    def _purge(self, what, company, batch=BATCH):
        """:return int: how many were deleted"""
        before = fields.Datetime.now() - timedelta(days=self._days_of(what, company))
        total = 0
        for _step in range(MAX_BATCHES):
            count = getattr(self, f"_purge_{what}")(company, before, batch)
            total += count
            self.env["ir.cron"]._commit_progress(count)
            if count < batch:
                break
        rows = self.search([("what", "=", what), ("company_id", "in", (company.id, False))])
        (rows.filtered("company_id") or rows).write({"last_run": fields.Datetime.now(), "last_count": total})
        return total

    # --- one method for each; they delete at most `limit` and say how many ---

    @api.model
    def _purge_exchange(self, company, before, limit):
        """What messages said goes; that they were sent or received stays, with their key.

        The key is what keeps an order from being sent twice and an answer from being taken twice, and a row without its
        contents is small. What is still to be done, was not accepted, or belongs to a purchase that is open is kept.
        """
        self.env.flush_all()
        query = SQL(
            """
            UPDATE dropship_exchange SET payload = NULL, content = NULL, error = NULL,
                   scrubbed_at = COALESCE(scrubbed_at, now() AT TIME ZONE 'utc')
             WHERE id IN (
                   SELECT message.id FROM dropship_exchange message
                LEFT JOIN purchase_order purchase ON purchase.id = message.purchase_id
                    WHERE message.company_id = %(company)s AND message.create_date < %(before)s
                      AND message.state NOT IN %(busy)s
                      AND (message.payload IS NOT NULL OR message.content IS NOT NULL OR message.error IS NOT NULL)
                      AND (purchase.id IS NULL OR purchase.state IN ('cancel', 'purchase'))
                      AND NOT EXISTS (SELECT FROM dropship_allocation row WHERE row.purchase_id = purchase.id
                                         AND row.state IN ('planned', 'submitted', 'accepted'))
                    ORDER BY message.id LIMIT %(limit)s FOR NO KEY UPDATE OF message SKIP LOCKED)
            """,
            company=company.id,
            before=before,
            busy=(*UNFINISHED, "received", "rejected"),
            limit=limit,
        )
        self.env.cr.execute(query)
        count = self.env.cr.rowcount
        self.env["dropship.exchange"].invalidate_model()
        return count

    @api.model
    def _purge_trace(self, company, before, limit):
        return self.env["dropship.routing.decision"]._gc_traces([("company_id", "=", company.id)], before, limit)

    @api.model
    def _purge_api_request(self, company, before, limit):
        return self.env["dropship.api.request"]._gc_old([("company_id", "=", company.id)], before, limit)

    @api.model
    def _purge_bulk_job(self, company, before, limit):
        return self.env["dropship.bulk.job"]._gc_jobs([("company_id", "=", company.id)], before, limit)

    @api.model
    def _purge_address_view(self, company, before, limit):
        return self._delete("dropship.address.view", [("company_id", "=", company.id), ("at", "<", before)], limit)

    @api.model
    def _purge_fact(self, company, before, limit):
        return self._delete("dropship.supplier.fact", [("company_id", "=", company.id), ("at", "<", before)], limit)

    @api.model
    def _purge_exception(self, company, before, limit):
        domain = [("company_id", "=", company.id), ("state", "=", "solved"), ("solved_at", "<", before)]
        return self._delete("dropship.exception", domain, limit)

    @api.model
    def _delete(self, model, domain, limit):
        rows = self.env[model].with_context(dropship_purge=True).search(domain, limit=limit, order="id")
        rows.unlink()
        return len(rows)
