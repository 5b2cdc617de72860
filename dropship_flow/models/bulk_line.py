import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, MissingError, UserError
from odoo.tools import SQL
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

# Orders that are routed as one set and committed together.
BATCH = 40
# So often a worker may die over an order before it is put aside.
ATTEMPTS = 3
# So often in a row others may be faster before the job pauses for a minute.
COLLISIONS = 8
CONCURRENCY = (OperationalError, ConcurrencyError)


class DropshipBulkJobLine(models.Model):
    """One order of a bulk job.

    A worker writes its token and the attempt on the lines it takes, and commits that before it touches an order. When
    it dies, the lines are still waiting and counted: they are tried one by one, and what kills workers is put aside.
    """

    _name = "dropship.bulk.job.line"
    _description = "Order of a Bulk Job"
    _inherit = ["dropship.state.mixin"]
    _order = "job_id, id"

    _transitions = frozenset({("waiting", "done"), ("waiting", "failed"), ("failed", "waiting")})

    job_id = fields.Many2one("dropship.bulk.job", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="job_id.company_id", store=True, index=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(related="order_id.partner_id")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")], default="waiting", required=True
    )
    message = fields.Char(help="What stands in the way, or what the order waits for now.")
    attempts = fields.Integer(default=0)
    token = fields.Char(help="Who has the line in hand.", groups="base.group_system")

    _once = models.Constraint("UNIQUE (job_id, order_id)", "The order is in this job already.")
    _waiting = models.Index("(job_id, id) WHERE state = 'waiting'")

    # ------------------------------------------------------------------
    # The worker
    # ------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Work until nothing waits or the time is over. Several may run at once."""
        collisions = 0
        while collisions < COLLISIONS:
            lines = self.browse()
            try:
                lines = self._claim()
                if not lines:
                    self._finish_jobs()
                    return
                count = lines._run_claimed()
                waiting = self.search_count([("state", "=", "waiting"), ("job_id.state", "!=", "done")])
                if not self.env["ir.cron"]._commit_progress(count, remaining=waiting):
                    return
                collisions = 0
            except CONCURRENCY:  # somebody else was faster: nothing of ours is kept, the lines still wait
                self.env.cr.rollback()
                collisions += 1
                lines._give_back()
        self.env.ref("dropship_flow.cron_bulk")._trigger(fields.Datetime.now() + timedelta(minutes=1))
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _claim(self):
        """Take the next lines: a batch of fresh ones of one job, or a single one that was tried before."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.job_id, line.attempts > 0
                  FROM dropship_bulk_job_line line
                  JOIN dropship_bulk_job job ON job.id = line.job_id
                 WHERE line.state = 'waiting' AND job.state IN ('waiting', 'running')
                 ORDER BY line.attempts > 0, line.job_id, line.id
                 LIMIT %s
                   FOR NO KEY UPDATE OF line SKIP LOCKED
                """,
                BATCH,
            )
        )
        if not rows:
            return self.browse()
        _id, first_job, alone = rows[0]
        ids = [line_id for line_id, job_id, tried in rows if job_id == first_job and not tried]
        lines = self.browse([rows[0][0]] if alone else ids)
        token = uuid.uuid4().hex
        for line in lines:
            line.write({"attempts": line.attempts + 1, "token": token})
        if lines.job_id.state == "waiting":
            lines.job_id._set_state("running", started_at=lines.job_id.started_at or fields.Datetime.now())
        self.env["ir.cron"]._commit_progress()
        return lines.with_context(dropship_bulk_token=token)

    def _run_claimed(self):
        """Do the claimed lines, as one set if that works, else one by one.

        :return: how many were done or put aside
        """
        lines = self._in_hand()
        if not lines:
            return 0
        lines._work()
        return len(lines)

    def _in_hand(self):
        """Those of the lines that are still ours: locked until the end of the transaction, and written by nobody."""
        token = self.env.context.get("dropship_bulk_token")
        lines = self.try_lock_for_update()
        lines.invalidate_recordset()
        return lines.filtered(lambda line: line.state == "waiting" and line.token == token)

    def _give_back(self):
        """A collision is nobody's fault: it does not count as an attempt."""
        try:
            for line in self._in_hand():
                line.attempts -= 1
            self.env["ir.cron"]._commit_progress()
        except CONCURRENCY:
            self.env.cr.rollback()

    @api.model
    def _finish_jobs(self):
        jobs = self.env["dropship.bulk.job"].search([("state", "in", ("waiting", "running"))])
        jobs._finish()._tell_starter()
        self.env["ir.cron"]._commit_progress()

    # ------------------------------------------------------------------
    # The work
    # ------------------------------------------------------------------

    def _work(self):
        """Do the verb of the job for the lines' orders. Each line ends done or failed; only collisions pass."""
        job = self.job_id
        parked = self.filtered(lambda line: line.attempts > ATTEMPTS)
        parked._fail(
            self.env._("It stopped the worker %s times and was put aside. Try it alone, by hand.", ATTEMPTS)
        )
        lines = self - parked
        user_sudo = job.user_id
        if not user_sudo.active or job.company_id not in user_sudo.company_ids:
            lines._fail(self.env._("%s may not work in this company any more.", user_sudo.name))
            return
        starter = job._as_starter()
        error = lines._try(starter)
        if not error:
            return
        if len(lines) == 1:
            lines._fail(error)
            return
        for line in lines:
            error = line._try(starter)
            if error:
                line._fail(error)

    def _try(self, starter):
        """Do all lines as one set.

        :param starter: the job with the rights of who started it
        :return: why none of them was done; empty when all of them ended
        """
        if not self:
            return ""
        try:
            with self.env.cr.savepoint():
                starter._check_verb()
                orders = self.order_id.with_env(starter.env)
                orders.check_access("read")
                refusals = starter._refusals(orders)
                able = orders - orders.browse([order.id for order in refusals])
                if able:
                    starter._do(able)
                self._settle(starter, refusals)
                self.env.flush_all()
        except CONCURRENCY:
            raise
        except (UserError, AccessError, MissingError) as error:
            return str(error)
        except Exception as error:  # one order must not stop the others
            if len(self) == 1:
                _logger.exception("Bulk job %s failed for sale order %s", self.job_id.id, self.order_id.id)
            return f"{type(error).__name__}: {error}"
        return ""

    def _settle(self, starter, refusals):
        """Write how each line ended."""
        texts = {order.id: text for order, text in refusals.items()}
        for line in self:
            refusal = texts.get(line.order_id.id)
            # Somebody else released it meanwhile: that is what was wanted.
            if refusal and starter.verb != "release":
                line._fail(refusal)
                continue
            held = line.order_id.dropship_stage == "held"
            waits = line.order_id.with_env(starter.env).dropship_waiting if held else False
            line._set_state("done", message=(refusal or waits or False))

    def _fail(self, message):
        if self:
            self._set_state("failed", message=" ".join((message or "").split())[:1000])
