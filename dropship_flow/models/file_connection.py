"""Suppliers who take orders as flat files: a person carries the file, or it is put at an address."""

import logging
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from psycopg2 import OperationalError

from ..connectors import file_drop
from ..connectors.outcome import PARKED, Outcome
from .connection import is_address

_logger = logging.getLogger(__name__)

TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    file_out_layout_id = fields.Many2one(
        "dropship.file.layout", string="Layout of Orders", domain=[("direction", "=", "out")], ondelete="restrict"
    )
    file_in_layout_id = fields.Many2one(
        "dropship.file.layout",
        string="Layout of Answers",
        domain=[("direction", "=", "in")],
        ondelete="restrict",
        help="Empty: our own order sheet with the numbers filled in.",
    )
    file_way = fields.Selection(
        [("hand", "A person takes them over"), ("put", "PUT to an address"), ("post", "POST to an address")],
        string="Files Travel",
        default="hand",
        required=True,
    )
    file_every = fields.Integer(
        string="Minutes between Files", default=60, help="Orders are collected so long. 0: a file as soon as possible."
    )
    file_last_at = fields.Datetime(string="Last File", readonly=True, copy=False)
    file_user_id = fields.Many2one(
        "res.users", string="Takes Files Over", help="Gets a task when a file waits to be taken to the supplier."
    )
    file_in_address = fields.Char(
        string="Address of Answers",
        help="Begins with https://. Looked at regularly; empty: files are brought in by hand.",
    )
    file_fetch_every = fields.Integer(string="Minutes between Looks", default=30)
    file_fetched_at = fields.Datetime(string="Last Look", readonly=True, copy=False)
    file_etag = fields.Char(readonly=True, copy=False)
    file_changed = fields.Char(readonly=True, copy=False)

    @api.model
    def _connection_kinds(self):
        return [*super()._connection_kinds(), ("file", self.env._("Flat files"))]

    @api.constrains("kind", "file_way", "endpoint", "file_in_address", "file_out_layout_id")
    def _check_files(self):
        for connection in self.filtered(lambda connection: connection.kind == "file"):
            if not connection.file_out_layout_id:
                raise ValidationError(self.env._("Choose the layout in which %s takes orders.", connection.name))
            addresses = [connection.file_in_address] if connection.file_in_address else []
            addresses += [connection.endpoint] if connection.file_way != "hand" else []
            if not all(map(is_address, addresses)):
                raise ValidationError(
                    self.env._(
                        "Enter the address of %s as the other side gave it, beginning with https://; "
                        "a key or password has a field of its own.",
                        connection.name,
                    )
                )

    def write(self, vals):
        """Override: where files are fetched is as much an administrator's as where orders go."""
        if {"file_in_address"} & set(vals):
            if not self.env.su and not self.env.user.has_group("base.group_system"):
                raise AccessError(self.env._("Only an administrator may change where a connection leads."))
            vals = {**vals, "file_etag": False, "file_changed": False, "file_fetched_at": False}
        return super().write(vals)

    def _file_due(self):
        """Whether enough was collected by the clock."""
        self.ensure_one()
        last = self.file_last_at
        return not last or fields.Datetime.add(last, minutes=max(self.file_every, 0)) <= fields.Datetime.now()

    def action_dropship_upload(self):
        """Bring in a file of this connection."""
        self.ensure_one()
        return self.env["dropship.file.upload"]._open(connection=self)

    def action_dropship_files(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.file",
            "name": self.env._("Files"),
            "view_mode": "list,form",
            "domain": [("connection_id", "=", self.id)],
        }

    # ------------------------------------------------------------------
    # Answers at an address
    # ------------------------------------------------------------------

    @api.model
    def _cron_fetch_files(self):
        """Look at every address that is due; one that fails does not stop the others."""
        now = fields.Datetime.now()
        domain = [("kind", "=", "file"), ("file_in_address", "!=", False)]
        for connection in self.search(domain):
            last = connection.file_fetched_at
            due = not last or fields.Datetime.add(last, minutes=max(connection.file_fetch_every, 1)) <= now
            resting = connection.paused_until and connection.paused_until > now
            if not due or resting:
                continue
            try:
                connection._fetch_file()
            except (OperationalError, ConcurrencyError):  # another worker has it
                self.env.cr.rollback()
            except Exception:  # one supplier's server must not stop the others
                _logger.exception("Files of connection %s cannot be fetched", connection.id)
                self.env.cr.rollback()

    def _fetch_file(self):
        """Get what is new, with no transaction open meanwhile, and read it."""
        self.ensure_one()
        if not (self._may_call() and self._admit(1)):
            self._file_commit()
            return
        client, headers = self._client()
        address, etag, changed = self.file_in_address, self.file_etag or "", self.file_changed or ""
        shown = self.sudo()._shown()  # whoever fetches need not see it
        self.file_fetched_at = fields.Datetime.now()
        self._file_commit()
        content, known, outcome = file_drop.fetch(client, address, headers, etag, changed)
        outcome = self._denied(outcome, shown)
        self._contact(outcome.healthy, outcome.error)
        if content:
            name = urlsplit(address).path.rsplit("/", 1)[-1]
            self.env["dropship.file"]._bring_in(name, content, connection=self)
        if (known["etag"], known["changed"]) != (etag, changed):
            self.write({"file_etag": known["etag"], "file_changed": known["changed"]})
        self._file_commit()

    def _file_commit(self):
        self.env["dropship.exchange"]._commit_step()


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _prepare_file(self, message):
        """The rows of one message; the relay puts those of many into one file.

        :raise UserError: for what cannot be said in this file
        """
        connection, purchase = message.connection_id, message.purchase_id
        layout = connection.file_out_layout_id
        if message.kind not in ("order", "cancel") or not purchase:
            kinds = dict(message._exchange_kinds())
            raise UserError(
                self.env._(
                    '"%(kind)s" cannot be said in a file: tell %(supplier)s yourself and press Supplier Has It.',
                    kind=kinds.get(message.kind, message.kind),
                    supplier=message.supplier_id.name or connection.name,
                )
            )
        if message.kind == "cancel" and "action" not in layout.column_ids.mapped("field"):
            raise UserError(
                self.env._(
                    "The layout %(layout)s has no column that says order or cancellation: "
                    "tell %(supplier)s yourself and press Supplier Has It.",
                    layout=layout.name,
                    supplier=message.supplier_id.name or connection.name,
                )
            )
        rows = purchase._dropship_file_rows(message.kind, message.revision)
        if not rows:
            raise UserError(self.env._("Nothing of %s is left to order.", purchase.name))
        allowed = set(layout.column_ids.mapped("field"))
        told = [{name: value for name, value in row.items() if name in allowed} for row in rows]
        return {"payload": {"ref": purchase.name, "revision": message.revision, "rows": told}, "rows": rows}

    @api.model
    def _call_file(self, job):
        """Hand a file over; it is written beforehand. No record is at hand here."""
        if job.get("kind", "order") not in ("order", "cancel"):
            return Outcome(PARKED, error=f"This connection knows no message {job['kind']!r}.")
        if not job.get("address"):
            return Outcome(PARKED, error="A person takes the files of this connection over.")
        return file_drop.send(
            job["client"], job["address"], job["headers"], job["method"], job["name"], job["content"], job["type"]
        )


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_file_rows(self, action="order", revision=1):
        """A purchase as rows of a flat file, one for each line: what a layout may choose from."""
        self.ensure_one()
        payload = self.env["dropship.connector"]._order_payload(self)
        head = self._dropship_sheet_head()
        ship_to = self._dropship_ship_to() or self.dest_address_id._dropship_ship_to()
        sender = payload["sender"]
        names = ("company", "phone", "street", "street2", "district", "city", "state", "zip", "country", "country_name")
        common = {
            **{name: ship_to[name] for name in names},
            "recipient": ship_to["name"],
            "address": ", ".join(self._dropship_ship_to_lines()) or head["street"],
            "action": action,
            "ref": self.name,
            "revision": revision,
            "order_date": fields.Date.to_string(self.date_order),
            "currency": payload["currency"],
            "message": payload["message"],
            "gift_note": payload["gift_note"],
            "carrier_wish": payload["carrier_wish"],
            "sender": sender.get("name", ""),
            "sender_phone": sender.get("phone", ""),
            "sender_address": sender.get("address", ""),
            "ship_from": payload["ship_from"],
            "collect": payload.get("collect", {}).get("amount", ""),
            "collect_currency": payload.get("collect", {}).get("currency", ""),
        }
        lines = {str(line.id): line for line in self.order_line}
        return [
            {
                **common,
                "key": f"{self.name}:{line['line']}",
                "line": number,
                "sku": line["sku"],
                "name": line["name"],
                "spec": lines[line["line"]].product_id.product_template_attribute_value_ids._get_combination_name(),
                "qty": line["qty"],
                "price": line["price"],
                "amount": round(line["qty"] * line["price"], 2),
                "personalisation": line["personalisation"],
            }
            for number, line in enumerate(payload["lines"], 1)
        ]
