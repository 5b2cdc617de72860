"""Entering the orders of a file: batch by batch, each committed. Whatever dies in between, every order is there once.

A worker counts the attempt on the rows it takes and commits that before it touches an order. What killed a worker is
tried alone, and put aside after three times. The order's number is unique in its channel, beyond this file.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)
BATCH = 40
ATTEMPTS = 3
COLLISIONS = 8
CONCURRENCY = (OperationalError, ConcurrencyError)


class DropshipOrderFile(models.Model):
    _inherit = "dropship.order.file"

    @api.model
    def _cron_work(self):
        """Read what is new, enter what is to be entered, until nothing is left or the time is over."""
        for file in self.search([("state", "=", "new")], order="id"):
            if not self._read_one(file):
                return
        collisions = 0
        while collisions < COLLISIONS:
            file = self.search([("state", "=", "importing")], order="worked_at NULLS FIRST, id", limit=1)
            if not file:
                self.env["ir.cron"]._commit_progress()
                return
            try:
                done = file._work_once()
                left = self.env["dropship.order.file.row"].search_count(
                    [("state", "=", "waiting"), ("file_id.state", "=", "importing")]
                )
                if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                    return
                collisions = 0
            except CONCURRENCY:
                self.env.cr.rollback()
                collisions += 1
        self.env.ref("dropship_flow.cron_order_files")._trigger(fields.Datetime.now() + timedelta(minutes=1))
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _read_one(self, file):
        """:return: whether there is time for more"""
        try:
            if file.try_lock_for_update():
                file.worked_at = fields.Datetime.now()
                file._read_rows()
        except CONCURRENCY:
            self.env.cr.rollback()
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Order file %s could not be read", file.id)
            file._set_state("refused", problem=["not_clean", {"text": str(error)[:200]}])
        return self.env["ir.cron"]._commit_progress(1)

    def _work_once(self):
        """Enter the next orders of the file.

        :return: how many rows came to an end
        """
        self.ensure_one()
        rows = self._claim()
        self.env["ir.cron"]._commit_progress()  # the attempt counts, whatever happens now
        if not rows:
            self._finish()
            return 0
        try:
            with self.env.cr.savepoint():
                return self._enter(rows)
        except (*CONCURRENCY, AccessError) as error:
            if isinstance(error, AccessError):
                rows._set_state("problem")
                rows.write({"reasons": [["refused", {"text": str(error)}]]})
                return len(rows)
            raise
        except Exception as error:
            _logger.exception("Orders of file %s could not be entered", self.id)
            if len(set(rows.mapped("number"))) == 1:
                rows._set_state("problem")
                rows.write({"reasons": [["refused", {"text": str(error)[:500]}]]})
                return len(rows)
            return 0  # next time they are tried alone

    def _claim(self):
        """The rows of the next orders: a batch of fresh ones, or one order that was tried before.

        The file is locked and written: of two workers one waits, and then sees what the other did.
        """
        if not self.try_lock_for_update():
            raise ConcurrencyError("another worker has the file in hand")
        self.worked_at = fields.Datetime.now()
        self.flush_recordset()
        self.env["dropship.order.file.row"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT number, max(attempts) FROM dropship_order_file_row
                 WHERE file_id = %s AND state = 'waiting' AND number IS NOT NULL
                 GROUP BY number ORDER BY max(attempts) > 0, min(id) LIMIT %s
                """,
                self.id,
                BATCH,
            )
        )
        if not found:
            return self.env["dropship.order.file.row"]
        fresh = [number for number, attempts in found if not attempts]
        numbers = fresh or [found[0][0]]
        rows = self.row_ids.search([("file_id", "=", self.id), ("number", "in", numbers), ("state", "=", "waiting")])
        if not fresh and found[0][1] >= ATTEMPTS:
            rows._set_state("problem")
            rows.write({"reasons": [["put_aside", {"times": ATTEMPTS}]]})
            return self._claim()
        for attempts, same in rows.grouped("attempts").items():
            same.attempts = attempts + 1
        return rows.sorted("id")

    def _enter(self, rows):
        """Enter the orders of the rows as who started the import.

        :return: how many rows came to an end
        """
        if not self.try_lock_for_update():
            raise ConcurrencyError("another worker has the file in hand")
        self.worked_at = fields.Datetime.now()
        self.flush_recordset()
        rows.invalidate_recordset()
        rows = rows.filtered(lambda row: row.state == "waiting")
        file = self._as_starter()
        mine = file.row_ids.browse(rows.ids)
        tellings = file._tellings(self._with_rest(mine))
        file._dry_run(tellings)
        ready, bodies = file._bodies([telling for telling in tellings if not telling.known])
        if bodies:
            results = file._api()._create_orders(bodies)
            if results is None:
                raise ConcurrencyError("somebody enters one of these orders at this moment")
            for telling, result in zip(ready, results, strict=True):
                if result["status"] == "created":
                    telling.order_id = result["order_id"]
                else:
                    file._take_problems(telling, result["problems"])
        self._note_entered(file, rows, tellings)
        return len(rows)

    @api.model
    def _with_rest(self, rows):
        """The rows with those of the same orders that say only who buys."""
        return rows._whole_orders()

    def _note_entered(self, file, rows, tellings):
        """Write on the rows what became of them."""
        for telling in tellings:
            if not telling.order_id:
                continue
            mine_sudo = self.env["dropship.order.file.row"].union(*telling.mine).sudo()
            done = mine_sudo.filtered(lambda row: row.state == "waiting")
            done._set_state("imported")
            done.write({"order_id": telling.order_id, "reasons": False})
        rest = [telling for telling in tellings if not telling.order_id]
        if rest:
            file._note(None, rest)

    def _finish(self):
        """A file without work left is done, and says what came of it."""
        for file in self:
            if file.state == "importing" and not file.waiting_count:
                file._set_state("partly" if file.problem_count else "imported")
                file._as_starter().sudo()._tell()

    def _enter_all(self):
        """Enter what waits in this transaction: for a few orders."""
        self.ensure_one()
        rows = self.row_ids.filtered(lambda row: row.state == "waiting").sorted("id")
        if rows:
            self._enter(rows)
        self.invalidate_recordset()
        self._finish()

    def _go_on(self):
        """After rows were corrected: files that were entered before go on with what is ready now."""
        for file_sudo in self.sudo():
            if file_sudo.state not in ("partly", "imported", "importing"):
                continue
            if not file_sudo.waiting_count:
                file_sudo._settle()
            else:
                file_sudo._set_state("importing", user_id=self.env.uid)
                if file_sudo.waiting_count <= 20:
                    file_sudo._enter_all()
                else:
                    self.env.ref("dropship_flow.cron_order_files").sudo()._trigger()
        return True
