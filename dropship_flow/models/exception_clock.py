"""What is noticed by looking at the clock: late parcels, connections that are down, exceptions nobody solves."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from psycopg2 import OperationalError

from .connection import OPEN_AFTER
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

FLOW_REASONS.update(
    {
        "late_ship": _lt(
            "%(supplier)s accepted %(purchase)s, and it should have left by %(date)s: ask where it is, or refuse the "
            "purchase and it is bought elsewhere."
        ),
        "connection_down": _lt(
            "%(connection)s does not answer; %(count)s messages wait. Ask the supplier, mend the connection and press "
            "Try Now."
        ),
    }
)
BUSY = (OperationalError, ConcurrencyError)
MANAGER = "dropship_flow.group_dropship_manager"


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_down_minutes = fields.Integer(
        string="Connection Down After (minutes)", default=15, groups="base.group_user"
    )

    _dropship_down_minutes_positive = models.Constraint(
        "CHECK (dropship_down_minutes BETWEEN 1 AND 10080)", "The minutes are between 1 and 10080 (a week)."
    )


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    down_since = fields.Datetime(readonly=True, copy=False, help="When the line was first seen resting.")


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [
            *super()._exception_kinds(),
            ("late_ship", self.env._("Late to ship")),
            ("connection_down", self.env._("Connection is down")),
        ]

    @api.model
    def _cron_watch(self):
        """Every few minutes: late parcels, connections, and what nobody solved in time."""
        for step in (self._watch_shipping, self._watch_connections, self._escalate):
            try:
                step()
            except BUSY:  # another worker has it; the next round looks again
                self.env.cr.rollback()

    # --- late to ship ---

    @api.model
    def _watch_shipping(self, limit=500):
        """Open an exception, one a purchase, for what should have left; close it when it has."""
        now = fields.Datetime.now()
        late = Domain("state", "=", "accepted") & Domain("ship_by", "<", now) & Domain("purchase_id", "!=", False)
        late &= Domain("purchase_id.dropship_all_announced", "=", False)  # those wait for a scan
        self._still_late(late)
        # A purchase is asked about once: whoever solved it by hand is not asked again a minute later.
        asked = self._search([("kind", "=", "late_ship"), ("purchase_id", "!=", False)])
        real = Domain("order_id.dropship_is_test", "=", False)
        rows = self.env["dropship.allocation"].search(
            late & real & Domain("purchase_id", "not in", asked.subselect("purchase_id")),
            limit=limit,
            order="ship_by, id",
        )
        for purchase, own in rows.grouped("purchase_id").items():
            self._raise_late(purchase, own)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _raise_late(self, purchase, rows):
        """Ask about a purchase of which these rows should have left."""
        params = {
            "supplier": rows[0].supplier_id.name,
            "purchase": purchase.name,
            "date": fields.Date.to_string(min(rows.mapped("ship_by")).date()),
        }
        return self._raise(rows[0], "late_ship", [["late_ship", params]])

    @api.model
    def _still_late(self, late):
        open_ones = self.search([("kind", "=", "late_ship"), ("state", "=", "open")])
        groups = self.env["dropship.allocation"]._read_group(
            late & Domain("purchase_id", "in", open_ones.purchase_id.ids), ["purchase_id"]
        )
        waiting = self.env["purchase.order"].union(*(purchase for (purchase,) in groups))
        over = open_ones.filtered(lambda exception: exception.purchase_id not in waiting)
        over._set_state("solved", solution=self.env._("It left, or the purchase ended"))

    def action_wait_longer(self):
        """He was asked and ships tomorrow: look again in a day."""
        for exception in self._for_verb("action_wait_longer"):
            tomorrow = fields.Datetime.now() + timedelta(days=1)
            exception.write({"snoozed_until": tomorrow, "deadline": tomorrow})
        return True

    # --- connections ---

    @api.model
    def _watch_connections(self):
        """Open an exception for connections that rest for too long, in each company that waits for them."""
        connections = self.env["dropship.connection"].with_context(active_test=False).search([])
        down = connections.filtered(lambda connection: connection.active and connection.failures >= OPEN_AFTER)
        up = (connections - down).filtered("down_since")
        if up:
            up.down_since = False
        over = self.search([("kind", "=", "connection_down"), ("state", "=", "open")])
        over.filtered(lambda exception: exception.connection_id not in down)._set_state(
            "solved", solution=self.env._("It works again")
        )
        now = fields.Datetime.now()
        fresh = down.filtered(lambda connection: not connection.down_since)
        if fresh:
            fresh.down_since = now
        waiting = {}
        groups = self.env["dropship.exchange"]._read_group(
            [("connection_id", "in", down.ids), ("state", "in", ("ready", "unknown"))],
            ["connection_id", "company_id"],
            ["__count"],
        )
        for connection, company, count in groups:
            waiting.setdefault(connection, {})[company] = count
        for connection in down:
            owner = connection.company_id or self.env.ref("base.main_company")
            for company, count in (waiting.get(connection) or {owner: 0}).items():
                if connection.down_since <= now - timedelta(minutes=company.dropship_down_minutes):
                    params = {"connection": connection.name, "count": str(count)}
                    about = {"connection_id": connection.id}
                    self._raise_about(company, "connection_down", [["connection_down", params]], **about)
        self.env["ir.cron"]._commit_progress(1)

    def action_try_connection(self):
        """The next message tries the door at once."""
        found = self._for_verb("action_try_connection")
        # Whoever may solve the exception may end the pause; where the connection leads stays the administrator's.
        found.sudo().connection_id.action_try_now()
        return True

    def action_open_connection(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.connection",
            "res_id": self.connection_id.id,
            "view_mode": "form",
        }

    # --- nobody solved it ---

    @api.model
    def _escalate(self, limit=200):
        """Tell the next one about what is overdue, once."""
        late = self.search(
            [("is_overdue", "=", True), ("escalated_at", "=", False)], limit=limit, order="severity desc, deadline, id"
        )
        for exception in late:
            exception.escalated_at = fields.Datetime.now()
            exception._call(exception._next_owner(), overdue=True)
            self.env["ir.cron"]._commit_progress(1)

    def _next_owner(self):
        """Whom the overdue one is told: the rule's person, else the managers of the company, others than the owner."""
        self.ensure_one()
        found = self.rule_id.escalate_id or self._managers(self.company_id)
        return (found - self.user_id) or found

    @api.model
    def _managers(self, company):
        users = self.env.ref(MANAGER).all_user_ids
        return users.filtered(lambda user: user.active and company in user.company_ids and not user.share)

    def _call(self, users, overdue=False):
        """An activity for each of them; nobody gets the same twice."""
        self.ensure_one()
        known = self.activity_ids.user_id
        summary = self.env._("Overdue: %s", self.display_name) if overdue else self.display_name
        for user in users - known:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=self.description,
                user_id=user.id,
                date_deadline=fields.Date.context_today(self),
            )
