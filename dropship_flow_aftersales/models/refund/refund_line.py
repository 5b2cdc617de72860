from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.exceptions import UserError

from ...refunding import Parts, Row
from .words import ROW_KINDS, program_name

ZERO = Decimal(0)


class DropshipRefundLine(models.Model):
    """What one refund did to one line of an order, exactly as it was calculated; the next calculation reads it."""

    _name = "dropship.refund.line"
    _description = "Row of a Refund"
    _order = "refund_id, id"

    refund_id = fields.Many2one("dropship.refund", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="refund_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="refund_id.currency_id")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="restrict", index="btree_not_null")
    program_id = fields.Many2one("loyalty.program", string="Promotion", readonly=True, ondelete="restrict")
    key = fields.Char(readonly=True, help="What it is about where that is no line of the order.")
    kind = fields.Selection(ROW_KINDS, required=True, readonly=True)
    qty = fields.Float(digits="Product Unit", readonly=True)
    exact_qty = fields.Char(readonly=True)
    net = fields.Monetary(string="Without Taxes", readonly=True)
    taxes = fields.Json(readonly=True, help="{tax id: amount}")
    total = fields.Monetary(readonly=True, help="Taxes included; below 0: taken off the refund.")
    fee = fields.Monetary(string="Kept for Restocking", readonly=True)
    fee_taxes = fields.Json(readonly=True)
    done = fields.Boolean(string="Settled", readonly=True, help="The pieces are settled for good.")
    ours = fields.Boolean(string="Our Fault", readonly=True)
    # What became of the pieces on paper.
    qty_credited = fields.Float(digits="Product Unit", readonly=True, help="Taken off an invoice.")
    qty_lowered = fields.Float(digits="Product Unit", readonly=True, help="Taken off the order.")
    lowered_parts = fields.Json(readonly=True)
    # The bound of the line, held by the database.
    worth = fields.Monetary(readonly=True, help="What was paid for the line.")
    credited_before = fields.Monetary(readonly=True)

    _not_above_worth = models.Constraint(
        "CHECK (worth IS NULL OR credited_before + total <= worth)",
        "No more is credited than was paid for the line.",
    )
    _qty_positive = models.Constraint("CHECK (qty >= 0)", "A refund is about pieces, not about less than none.")

    @api.depends("kind", "order_line_id")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            what = row._what() or row.refund_id.name
            row.display_name = f"{words.get(row.kind, row.kind)}: {what}"

    def _what(self):
        """What it is about, for people; empty for the whole order."""
        self.ensure_one()
        if self.order_line_id or not (self.key or "").startswith(("program ", "delivery ")):
            return self.order_line_id.product_id.display_name or ""
        return program_name(self.env, self.key)

    def write(self, vals):
        """Override: what was given is never rewritten."""
        if set(vals) - {"qty_credited", "qty_lowered", "lowered_parts"}:
            raise UserError(self.env._("A refund cannot be changed. Make another one for what is missing."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A refund cannot be deleted."))

    @api.model
    def _vals_of(self, row):
        """Values of a `refunding.Row`."""
        line = row.line if isinstance(row.line, int) else False
        program = int(row.line.split()[1]) if isinstance(row.line, str) and row.line.startswith("program ") else False
        return {
            "order_line_id": line,
            "program_id": program,
            "key": row.line if isinstance(row.line, str) else False,
            "kind": row.kind,
            "qty": float(row.qty),
            "exact_qty": str(row.qty),
            "net": float(row.parts.net),
            "taxes": {group: str(tax) for group, tax in row.parts.taxes},
            "total": float(row.parts.total),
            "fee": float(row.fee.total),
            "fee_taxes": {"net": str(row.fee.net), **{group: str(tax) for group, tax in row.fee.taxes}},
            "done": row.done,
            "ours": row.ours,
        }

    def _pure(self):
        """The rows as the calculation gave them."""
        return [row._pure_one() for row in self]

    def _pure_one(self):
        return Row(
            line=self.order_line_id.id or self.key or None,
            kind=self.kind,
            qty=Decimal(self.exact_qty or "0"),
            parts=self._parts(),
            fee=self._parts_from(self.fee_taxes),
            done=self.done,
            ours=self.ours,
        )

    def _parts(self):
        return self._parts_from({"net": str(decimal(self.net)), **(self.taxes or {})})

    @api.model
    def _parts_from(self, data):
        """Parts from JSON: {"net": amount, tax id: amount}."""
        data = dict(data or {})
        net = Decimal(data.pop("net", "0"))
        return Parts(net, tuple((group, Decimal(tax)) for group, tax in data.items()))

    @api.model
    def _parts_json(self, parts):
        return {"net": str(parts.net), **{group: str(tax) for group, tax in parts.taxes}}
