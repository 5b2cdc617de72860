"""What a supplier's system is asked for without an order: the days it is closed, the parcels of what it accepted."""

import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

from ..connectors import json_api
from ..connectors.outcome import SENT

_logger = logging.getLogger(__name__)

ASK_BATCH = 50


class DropshipSupplierClosure(models.Model):
    _inherit = "dropship.supplier.closure"

    announced = fields.Boolean(readonly=True, copy=False, help="The supplier said so himself.")


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    ask_closures = fields.Boolean(
        string="Asks for Closed Days", help="Twice a day the other side is asked when its suppliers are closed."
    )
    parcel_minutes = fields.Integer(
        string="Asks for Parcels Every (minutes)",
        help="How often accepted orders are asked for what left. 0: the supplier tells it by himself.",
    )

    _parcel_minutes_positive = models.Constraint("CHECK (parcel_minutes >= 0)", "Minutes cannot be negative.")

    @api.model
    def _cron_closures(self):
        """Ask every connection that announces closures; one that fails does not stop the others."""
        for connection in self.search([("ask_closures", "=", True)]):
            ask = getattr(self.env["dropship.connector"], f"_closures_{connection.kind}", None)
            if ask is None or not (connection._may_call() and connection._admit(1)):
                continue
            job = self.env["dropship.connector"]._job_of(connection)
            self.env["ir.cron"]._commit_progress()
            rows, outcome = ask(job)
            try:
                outcome = connection._denied(outcome, job["shown"])
                if outcome.state == SENT:
                    connection._take_closures(rows)
                connection._contact(outcome.healthy, outcome.error)
                self.env["ir.cron"]._commit_progress(1)
            except (OperationalError, ConcurrencyError):  # the next round asks again
                self.env.cr.rollback()
            except Exception:
                _logger.exception("Closures of connection %s cannot be taken", connection.id)
                self.env.cr.rollback()

    def _take_closures(self, rows):
        """Make the announced closures of this connection's suppliers what the rows say. What is over stays on record.

        :param rows: as `connectors.replies.closures` gives them
        """
        self.ensure_one()
        today = fields.Date.today()
        for supplier in self.supplier_ids:
            mine = [row for row in rows if row["seller"] in ("", supplier.connection_code or "")]
            known = supplier.closure_ids.filtered(lambda row: row.announced and not row.warehouse_id)
            by_first = {row.date_from: row for row in known}
            for row in mine:
                first = fields.Date.to_date(row["date_from"])
                vals = self._closure_vals(row)
                if closure := by_first.pop(first, None):
                    changed = {name: value for name, value in vals.items() if str(closure[name]) != str(value)}
                    closure.write(changed)
                else:
                    supplier.write({"closure_ids": [fields.Command.create({**vals, "announced": True})]})
            withdrawn = supplier.closure_ids.browse(row.id for row in by_first.values() if row.date_from > today)
            withdrawn.unlink()

    @api.model
    def _closure_vals(self, row):
        return {
            "name": row["name"] or self.env._("Closed"),
            "date_from": row["date_from"],
            "date_to": row["date_to"],
            "last_ship_date": row["last_ship_date"] or False,
            "orders_meanwhile": row["orders_meanwhile"],
        }


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    @api.model
    def _relay_questions(self, connection, until):
        """Override: accepted orders are asked for their parcels before the rest is asked for its answers."""
        done = self._ask_parcels(connection) if connection.parcel_minutes else 0
        return done + super()._relay_questions(connection, until)

    @api.model
    def _ask_parcels(self, connection):
        connector = self.env["dropship.connector"]
        if not connector._can_ask(connection):
            return 0
        now = fields.Datetime.now()
        due = self.search(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "sent"),
                ("kind", "=", "order"),
                ("next_try", "<=", now),
                ("purchase_id.state", "in", ("purchase", "done")),
            ],
            limit=ASK_BATCH,
            order="next_try, id",
        )
        waiting = due.filtered(lambda message: message.purchase_id._dropship_awaits_notice())
        (due - waiting).next_try = False
        waiting.next_try = fields.Datetime.add(now, minutes=connection.parcel_minutes)
        if not waiting or not connection._admit(1):
            self._commit_step()
            return 0
        refs = waiting.purchase_id.mapped("name")
        known, outcome = self._ask(connection, refs)
        for answer in known.values():
            if answer["status"] == "shipped" or answer["parcels"]:
                self._receive(connection, answer)
        self._commit_step()
        waiting[:1]._report(outcome)
        return 0


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _job_of(self, connection):
        """What a call without a message needs."""
        client, headers = connection._client()
        shown = connection.sudo()._shown()  # whoever asks need not see it
        endpoint = (connection.endpoint or "").rstrip("/")
        return {"client": client, "headers": headers, "shown": shown, "endpoint": endpoint}

    @api.model
    def _closures_json_api(self, job):
        return json_api.closures(job["client"], job["endpoint"], job["headers"])
