from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# Up to so many orders are done while the person waits.
AT_ONCE = 20


class DropshipBulkJob(models.Model):
    """One verb for many orders, done in the background with the rights of whoever started it."""

    _name = "dropship.bulk.job"
    _description = "Bulk Job"
    _inherit = ["dropship.bulk.verbs", "dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset({("waiting", "running"), ("waiting", "done"), ("running", "done"), ("done", "waiting")})

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Started By", required=True, readonly=True, ondelete="restrict")
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done")],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    hold_ids = fields.Many2many(
        "dropship.hold", "dropship_bulk_job_hold_rel", string="Only These Holds", readonly=True, copy=False
    )
    line_ids = fields.One2many("dropship.bulk.job.line", "job_id", string="Orders", readonly=True, copy=False)
    problem_ids = fields.One2many(
        "dropship.bulk.job.line", "job_id", string="Failed", domain=[("state", "=", "failed")], readonly=True
    )
    started_at = fields.Datetime(string="Started On", readonly=True, copy=False)
    ended_at = fields.Datetime(string="Ended On", readonly=True, copy=False)
    line_count = fields.Integer(string="Number of Orders", compute="_compute_counts")
    done_count = fields.Integer(string="Orders Done", compute="_compute_counts")
    failed_count = fields.Integer(string="Orders Failed", compute="_compute_counts")
    left_count = fields.Integer(string="Orders Left", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        rows = self.env["dropship.bulk.job.line"]._read_group(
            [("job_id", "in", self.ids)], ["job_id", "state"], ["__count"]
        )
        counts = {(job.id, state): count for job, state, count in rows}
        for job in self:
            done, failed, left = (counts.get((job.id, state), 0) for state in ("done", "failed", "waiting"))
            total = done + failed + left
            job.line_count, job.done_count, job.failed_count, job.left_count = total, done, failed, left
            job.progress = 100.0 * (done + failed) / total if total else 0.0

    @api.depends("verb", "create_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        verbs = dict(self._verbs())
        for job in self:
            job.display_name = f"{verbs.get(job.verb, job.verb)} · {job.id}"

    @api.model
    def _start(self, options, orders):
        """Do the verb for the orders: a few at once, many as a job the scheduler starts on now.

        :param options: record with the fields of `dropship.bulk.verbs`: verb and what it needs
        :return: one job for each company of the orders
        """
        options._check_verb()
        names = self.env["dropship.bulk.verbs"]._fields.keys() - set(models.MAGIC_COLUMNS) - {"display_name"}
        values = options._convert_to_write({name: options[name] for name in names})
        jobs_sudo = self.sudo().create(
            [
                {
                    **values,
                    "company_id": company.id,
                    "user_id": self.env.uid,
                    "hold_ids": [Command.set(options._bulk_holds(mine).ids)] if "hold_ids" in options else False,
                    "line_ids": [Command.create({"order_id": order.id}) for order in mine],
                }
                for company, mine in orders.grouped("company_id").items()
            ]
        )
        if len(orders) <= AT_ONCE:
            for job_sudo in jobs_sudo:
                job_sudo._run_at_once()
        else:
            self.env.ref("dropship_flow.cron_bulk").sudo()._trigger()
        return jobs_sudo.with_env(self.env)

    def _as_starter(self):
        """The job with the rights, company and language of who started it."""
        self.ensure_one()
        user = self.user_id
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": self.company_id.ids}
        return self.with_env(self.env(user=user.id, su=False, context=context))

    def _run_at_once(self):
        """Do all lines in this transaction."""
        self.ensure_one()
        self._set_state("running", started_at=fields.Datetime.now())
        self.line_ids._work()
        self._finish()

    def _finish(self):
        """Jobs without work left are done; who started them is told."""
        ended = self.filtered(lambda job: job.state != "done" and not job.left_count)
        ended._set_state("done", ended_at=fields.Datetime.now())
        return ended

    def _tell_starter(self):
        for job in self:
            job.user_id.partner_id._bus_send("simple_notification", job._as_starter()._result())

    def _result(self):
        """What came of it, as a notification."""
        self.ensure_one()
        job_sudo = self.sudo()
        return {
            "type": "warning" if job_sudo.failed_count else "success",
            "title": dict(self._verbs())[job_sudo.verb],
            "message": self.env._(
                "%(done)s orders done, %(failed)s failed, %(left)s to go.",
                done=job_sudo.done_count,
                failed=job_sudo.failed_count,
                left=job_sudo.left_count,
            ),
            "sticky": bool(job_sudo.failed_count),
        }

    def _open(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Bulk Jobs"),
            "res_model": "dropship.bulk.job",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"res_id": self.id, "views": [(False, "form")]}
        return action

    def action_refresh(self):
        """Show the figures of this moment."""
        return self._open()

    def action_retry(self):
        """Try the failed orders again."""
        self._check_mine()
        for job_sudo in self.sudo().filtered(lambda job: job.state == "done" and job.failed_count):
            failed = job_sudo.line_ids.filtered(lambda line: line.state == "failed")
            failed._set_state("waiting", message=False, attempts=0, token=False)
            job_sudo._set_state("waiting", ended_at=False)
        self.env.ref("dropship_flow.cron_bulk").sudo()._trigger()
        return True

    def action_stop(self):
        """Leave the orders that are still waiting as they are."""
        self._check_mine()
        for job_sudo in self.sudo():
            # What a worker has in hand right now is finished by it.
            waiting = job_sudo.line_ids.filtered(lambda line: line.state == "waiting").try_lock_for_update()
            waiting._set_state("failed", message=self.env._("Stopped by %s.", self.env.user.name))
            job_sudo._finish()
        return True

    def _check_mine(self):
        self.check_access("read")
        manager = self.env.user.has_group("dropship_flow.group_dropship_manager")
        if not manager and self.sudo().user_id != self.env.user:
            raise UserError(self.env._("Only who started the job, or a manager, can do this."))

    def action_open_orders(self):
        """The orders of the job."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.order_id.ids)],
        }

    @api.model
    def _gc_jobs(self, domain=(), before=None, limit=1000):
        """Forget jobs three months after their end, unless the retention says else.

        :return int: how many were deleted
        """
        before = before or fields.Datetime.now() - timedelta(days=90)
        jobs = self.search([*domain, ("state", "=", "done"), ("ended_at", "<", before)], limit=limit)
        jobs.unlink()
        return len(jobs)
