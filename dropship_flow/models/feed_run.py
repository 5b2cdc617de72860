"""The life of a run: read, compared, looked at, applied – wherever it stood when a worker died."""

import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules import module
from odoo.tools import SQL
from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from .feed_reasons import reasons_list
from .feed_worker import Worker, hold_supplier

_logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
TRIES = 5
# A person who presses Apply waits for so many rows; more are done by the scheduler.
AT_ONCE = 5_000


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    problem_text = fields.Char(compute="_compute_texts", string="Why")
    guard_text = fields.Text(compute="_compute_texts", string="Stopped Because")

    @api.depends("file_name", "feed_id.name")
    def _compute_display_name(self):
        for run in self:
            run.display_name = " · ".join(filter(None, (run.feed_id.name, run.file_name or str(run.id or ""))))

    @api.depends("problem", "guards")
    @api.depends_context("lang")
    def _compute_texts(self):
        for run in self:
            run.problem_text = " ".join(run._reasons(run.problem))
            run.guard_text = "\n".join(run._reasons(run.guards))

    @api.model
    def _reasons(self, reasons):
        return reasons_list(self.env, reasons)

    # --- from received to done ---

    def _process(self, worker=None):
        """Take a run as far as it goes without a person: all at once in this transaction, or step by step by a worker.

        :raise UserError: when another file of the supplier is being worked on
        """
        self.ensure_one()
        if not worker and not hold_supplier(self.env.cr, self.supplier_id.id):
            raise UserError(self.env._("Another file of this supplier is being worked on. Try again when it is done."))
        if self.state == "new" and not self._begin(worker):
            return
        if self.state not in ("reading", "applying"):
            return
        if self._is_staged() or self._read(worker):
            if self.state == "reading":
                self._decide()
            elif self.state == "applying":
                self._compare(trusted=self.origin == "replay")
                self._apply()
        if worker:
            worker.step(self.env)

    def _begin(self, worker=None):
        """From waiting to being read, if its turn has come.

        :return bool: whether it is read now
        """
        problem = self._turn_problem()
        if problem and problem[0].startswith("sequence"):
            if self.problem != [problem]:
                self.problem = [problem]
                self._ask_person()
            return False
        if problem:
            self._refuse([problem])
            return False
        self._set_state("reading", started_at=fields.Datetime.now(), problem=False)
        self.env.flush_all()
        if worker:
            worker.step(self.env)
        return True

    def _turn_problem(self):
        """Why it cannot be read now: a newer file was taken, or files before it are missing."""
        feed = self.feed_id
        if self.origin == "replay":
            return None
        if feed.as_of and self.as_of and self.as_of < feed.as_of:
            return ["older", {"as_of": self._moment(self.as_of), "known": self._moment(feed.as_of)}]
        if self.full or self.forced_by_id or not feed.last_sequence:
            return None
        if not self.sequence:
            return ["sequence_missing", {}]
        if self.sequence != feed.last_sequence + 1:
            return ["sequence_gap", {"have": self.sequence, "need": feed.last_sequence + 1}]
        return None

    def _decide(self):
        """Compare, then apply, or wait for a person: all in one step, so that nobody sees half of it."""
        replay = self.origin == "replay"
        self._compare(trusted=replay)
        guards = [] if replay else self._find_guards()
        kinds = self._kinds()
        self._set_state(
            "review" if guards else "compared",
            guards=guards or False,
            rows_new=kinds.get("new", 0),
            rows_changed=kinds.get("changed", 0),
            rows_quarantined=kinds.get("quarantine", 0) + kinds.get("conflict", 0),
            rows_unchanged=self.good_rows - sum(kinds.values()),
            rows_missing=self._missing_count(),
        )
        if self.full and not replay:
            self._replace_older(("compared", "review"))
        if guards:
            self._ask_person()
            self.message_post(body="\n".join(self._for_buyer()._reasons(guards)))
        elif replay or not self.feed_id.confirm_first:
            self._set_state("applying")
            self._apply()

    def _start_applying(self):
        """Apply what a person confirmed: small files now, large ones by the scheduler."""
        self.ensure_one()
        problem = self._turn_problem()
        if problem and problem[0] == "older":
            raise UserError(" ".join(self._reasons([problem])))
        if not hold_supplier(self.env.cr, self.supplier_id.id) or self._others_run():
            raise UserError(self.env._("Another file of this supplier is being worked on. Try again when it is done."))
        with self._first_come():
            self._set_state("applying")
            self.env.flush_all()
        rows = (self.rows_new or 0) + (self.rows_changed or 0) + (self.rows_missing or 0)
        if rows <= AT_ONCE:
            self._process()
        else:
            self.env.ref("dropship_flow.cron_feed").sudo()._trigger()

    def _others_run(self):
        domain = [("supplier_id", "=", self.supplier_id.id), ("state", "in", ("reading", "applying"))]
        return self.search_count([*domain, ("id", "!=", self.id)], limit=1)

    def _refuse(self, problem):
        """The whole file is not taken; what we know stays as it is."""
        self._set_state("refused", problem=problem, ended_at=fields.Datetime.now(), staged=False)
        self._drop_tables()
        self._ask_person()
        self.message_post(body="\n".join(self._for_buyer()._reasons(problem)))

    # --- the scheduler ---

    @api.model
    def _cron_work(self, seconds=50.0):
        """Work on what waits, supplier by supplier, the oldest file first."""
        self._drop_left_overs()
        # A test's rows are seen by no other connection, and its single transaction has no steps.
        worker = None if module.current_test else Worker(self.env.cr.dbname)
        until, seen = time.monotonic() + seconds, set()
        try:
            while run := self._next_run(seen):
                seen.add(run.id)
                if run._work(worker) and time.monotonic() > until:
                    break
        finally:
            if worker:
                worker.close()
        if self._next_run(seen):
            self.env.ref("dropship_flow.cron_feed")._trigger()

    @api.model
    def _next_run(self, seen):
        """The file to work on next: what was begun goes before what waits."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM dropship_feed_run
                 WHERE state IN ('new', 'reading', 'applying') AND id != ALL(%s)
                 ORDER BY state = 'new', as_of, id LIMIT 1
                """,
                list(seen),
            )
        )
        return self.browse(row[0] for row in rows)

    def _work(self, worker):
        """One run by a worker.

        :return bool: whether there was something to do for us
        """
        if not worker:
            self._process()
            return True
        if not worker.take(self.supplier_id.id):
            return False
        try:
            return self._work_tries(worker)
        finally:
            worker.release()

    def _work_tries(self, worker):
        """A run that collides with others is tried again; one that fails or stops its workers is refused."""
        worker.step(self.env)
        if self.state not in ("new", "reading", "applying"):
            return False
        if self._others_run():
            return False
        if self.attempts >= MOST_ATTEMPTS:
            self._refuse([["stopped", {"times": self.attempts}]])
            worker.step(self.env)
            return True
        if self.state != "new" or not self._turn_problem():
            self.attempts += 1
        worker.step(self.env)
        for number in range(TRIES):
            try:
                self._process(worker)
                worker.step(self.env)
                return True
            except UniqueViolation:
                problem = [["not_unique", {}]]
                again = number < TRIES - 1
            except OperationalError as error:
                if self.env.cr.closed or getattr(self.env.cr._cnx, "closed", 0):
                    raise
                problem = [["error", {"text": str(error).splitlines()[0][:200]}]]
                again = number < TRIES - 1
            except UserError as error:
                problem, again = [["error", {"text": str(error)[:500]}]], False
            except Exception as error:
                _logger.exception("Run %s of a feed failed", self.id)
                problem, again = [["error", {"text": f"{type(error).__name__}: {error}"[:500]}]], False
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            worker.step(self.env)
            if not again:
                self._refuse(problem)
                worker.step(self.env)
                return True
            time.sleep(0.1 * (number + 1))  # between two transactions, for whoever was faster to finish
        return True
