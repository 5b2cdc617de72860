"""Returns and claims in flat files: rows beside those of orders, where the supplier's layout has a place for them."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.sheets.reading import Reading
from odoo.exceptions import UserError

from ...connectors import rows
from ...connectors.replies import READERS
from .exchange import KINDS


class DropshipFileLayout(models.Model):
    _inherit = "dropship.file.layout"

    carries_returns = fields.Boolean(
        string="Returns and Claims Too",
        help="Rows of returns and claims stand in the same files. The column of the action tells them from orders: "
        "return, return_announced, return_parcel, return_cancel, claim, claim_objection.",
    )

    @api.constrains("carries_returns", "column_ids", "direction")
    def _check_returns(self):
        for layout in self.filtered(lambda layout: layout.carries_returns and layout.direction == "out"):
            if layout.column_ids and "action" not in layout.column_ids.mapped("field"):
                raise UserError(
                    self.env._("%s carries returns and claims: add a column that says what a row is.", layout.name)
                )


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _prepare_file(self, message):
        """Override: returns and claims are rows, where the layout has a place for them.

        :raise UserError: it has none
        """
        if message.kind not in KINDS:
            return super()._prepare_file(message)
        layout = message.connection_id.file_out_layout_id
        if not layout.carries_returns:
            kinds = dict(message._exchange_kinds())
            raise UserError(
                self.env._(
                    '"%(kind)s" cannot be said in a file of the layout %(layout)s: tick Returns and Claims Too there, '
                    "or tell %(supplier)s yourself and press Supplier Has It.",
                    kind=kinds[message.kind],
                    layout=layout.name,
                    supplier=message.supplier_id.name,
                )
            )
        found = rows.out(message.kind, message.content, message.revision)
        allowed = set(layout.column_ids.mapped("field"))
        told = [{name: value for name, value in row.items() if name in allowed} for row in found]
        return {
            "kind": message.kind,
            "payload": {"ref": message.content["ref"], "revision": message.revision, "rows": told},
            "rows": found,
        }

    @api.model
    def _call_file(self, job):
        """Override: a file says of a return what it says of an order."""
        return super()._call_file({**job, "kind": "order"} if job.get("kind") in KINDS else job)


class DropshipFile(models.Model):
    _inherit = "dropship.file"

    def _take(self, reading):
        """Override: rows about returns and claims go where these are."""
        suppliers = self.supplier_id or self.connection_id.supplier_ids
        others, rejected, found = [], [], self.env["dropship.exchange"]
        for answer in reading:
            side = self.env["dropship.return.side"]._of(answer["ref"].upper(), suppliers)
            claim = self.env["dropship.claim"]._of_supplier(answer["ref"], suppliers)
            if not side and not claim:
                others.append(answer)
                continue
            try:
                found |= self._keep_reply(side, claim, answer)
            except ValueError as error:
                rejected += [(row, reading.cells[row], str(error)) for row in answer["rows"]]
        found._act_now()
        orders = Reading(others, reading.rejected, reading.waiting, reading.header, reading.columns, reading.cells)
        return rejected + super()._take(orders)

    def _keep_reply(self, side, claim, answer):
        """The message of what rows say about a return or a claim; none when it is known.

        :raise ValueError: it cannot be read
        """
        ref = side.ref or claim._supplier_ref()
        said = (rows.return_of if side else rows.claim_of)({**answer, "ref": ref})
        reply = READERS["return" if side else "claim"](said)
        record = side or claim
        way = f"in {self.connection_id.id}" if self.connection_id else f"file {self.supplier_id.id}"
        return self.env["dropship.exchange"]._put_in(
            reply,
            way,
            self.env["purchase.order"],
            record.supplier_id,
            record.company_id,
            self.connection_id,
            file_id=self.id,
        )
