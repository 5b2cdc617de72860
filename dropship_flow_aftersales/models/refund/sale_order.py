from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal

READERS = "dropship_flow.group_dropship_user"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_refund_book_ids = fields.One2many("dropship.refund", "order_id", string="Refunds", groups=READERS)
    dropship_refund_count = fields.Integer(compute="_compute_dropship_refund_count", groups=READERS)

    @api.depends("dropship_refund_book_ids")
    def _compute_dropship_refund_count(self):
        for order in self:
            order.dropship_refund_count = len(order.dropship_refund_book_ids)

    def action_dropship_refunds(self):
        """The refunds of the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_aftersales.action_dropship_refund")
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_dropship_refund(self):
        """Choose what is refunded, see what it comes to, and do it."""
        self.ensure_one()
        wizard = self.env["dropship.refund.wizard"].create({"order_id": self.id})
        return wizard._reopen()

    def _dropship_money_of(self):
        """Override: pieces that are gone without ever being invoiced are owed no more."""
        money = super()._dropship_money_of()
        rows = self.dropship_refund_book_ids.line_ids.filtered(
            lambda row: row.done and not row.qty_lowered and row.order_line_id and row.qty > row.qty_credited
        )
        if not rows:
            return money
        step = self._dropship_step()
        gone = sum((row._never_billed(step).total for row in rows), decimal(0))
        return money._replace(
            total=max(money.total - gone, money.invoiced), owed=max(money.owed - gone, money.invoiced)
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_refund_line_ids = fields.One2many(
        "dropship.refund.line", "order_line_id", string="Refunded", groups=READERS
    )
    dropship_charge_of_id = fields.Many2one(
        "dropship.refund", string="Kept by Refund", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null", groups=READERS,
    )  # fmt: skip

    @api.depends("dropship_refund_line_ids.qty", "dropship_refund_line_ids.qty_lowered")
    def _compute_qty_to_invoice(self):  # pylint: disable=missing-return
        """Override: pieces a refund settled are not invoiced again, nor for the first time."""
        super()._compute_qty_to_invoice()
        for line in self:
            off = line.sudo()._dropship_settled_here()
            if off and line.qty_to_invoice > 0:
                most = line.product_uom_qty - off - line.qty_invoiced
                line.qty_to_invoice = max(min(line.qty_to_invoice, most), 0.0)

    def _dropship_in_cases(self, but=None):
        """Override: pieces an open case took off the order are not in the ordered quantity any more."""
        found = super()._dropship_in_cases(but)
        for line, qty in self.sudo()._dropship_called_off(but).items():  # whoever asks need not see other cases
            found[line] = max(found[line] - qty, 0.0)
        return found

    def _dropship_called_off(self, but=None):
        """What open cases took off the order, paid or not: {line: quantity}."""
        cases = self.dropship_return_line_ids.return_id.filtered(lambda case: case.state == "open" and case != but)
        found = defaultdict(float)
        done = cases.resolution_ids.filtered(lambda one: one.kind == "cancel" and one.state == "done")
        for resolution in done:
            for line, qty in resolution._line_quantities().items():
                found[line.order_line_id] += float(qty)
        for row in self.dropship_refund_line_ids.filtered("qty_lowered"):
            if row.refund_id.return_id in cases and not row.refund_id.resolution_id:
                found[row.order_line_id] += row.qty_lowered
        return {line: found[line] for line in self if found[line]}

    def _dropship_settled_here(self):
        """Settled pieces that are still in the ordered quantity."""
        rows = self.dropship_refund_line_ids.filtered("done")
        return sum(row.qty - row.qty_lowered for row in rows)

    def _prepare_qty_invoiced(self):
        """Override: what only made goods cheaper leaves their quantity invoiced."""
        result = super()._prepare_qty_invoiced()
        added = defaultdict(float)
        for line in self:
            for item in line._get_invoice_lines().filtered("dropship_price_only"):
                if item.move_id.state != "cancel" and item.move_id.move_type == "out_refund":
                    qty = item.product_uom_id._compute_quantity(item.quantity, line.product_uom_id)
                    added[line] += qty
        for line, qty in added.items():
            result[line] = result.get(line, 0.0) + qty
        return result
