"""Goods sent before those they stand for have come back: their value is a deposit, given back as they arrive."""

from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError

from ...refunding import Ask

ARRIVED = ("receive", "inspect", "deem")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_take_deposit(self, offer):
        """Add what the goods are worth that have still to come back. Runs as the system.

        Condition read: ("deposit", {"percent": text}), of the value; without it the company's rule holds.
        """
        if not offer.to or offer.after or offer.kind == "spare_part":
            return
        agreed = next((figures for code, figures in offer.conditions if code == "deposit"), None)
        qtys = {self.env["dropship.return.line"].browse(key): qty for key, qty in offer.lines}
        for order in self:
            for line, qty in qtys.items():
                percent = self._dropship_deposit_percent(agreed, line)
                if line.order_id == order.dropship_instead_of_id and percent:
                    order._dropship_add_deposit(line, float(qty), percent)

    def _dropship_deposit_percent(self, agreed, line):
        if agreed is not None:
            return float(agreed.get("percent") or 0.0)
        rule = line.company_id.dropship_exchange_deposit
        return 100.0 if rule == "always" or (rule == "customer" and line.reason_id.liable == "customer") else 0.0

    def _dropship_add_deposit(self, line, qty, percent):
        sold = line.order_line_id
        product = self.env.ref("dropship_flow_aftersales.product_deposit")
        value = sold._dropship_unit_total() * percent / 100
        if self.currency_id.is_zero(value):
            return
        self.env["sale.order.line"].create(
            {
                "order_id": self.id,
                "product_id": product.id,
                "name": self.env._("Deposit: %s, given back when it has arrived", sold.product_id.display_name),
                "product_uom_qty": qty,
                "price_unit": self.currency_id.round(value),
                "tax_ids": [Command.clear()],
                "dropship_case_line_id": line.id,
                "dropship_deposit": True,
            }
        )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _after_event(self, event, before, after):  # pylint: disable=missing-return
        """Override: what has arrived frees its deposit."""
        super()._after_event(event, before, after)
        if event.code in ARRIVED:
            self._give_deposits_back(after)

    def _give_deposits_back(self, folded):
        """Give back the deposit of what has come back; what was not paid yet need not be paid any more."""
        case_sudo = self.sudo()  # who counts goods need not see orders
        rows = case_sudo.resolution_ids.sale_order_ids.order_line.filtered(
            lambda row: row.dropship_deposit and row.order_id.state != "cancel"
        )
        for row in rows:
            came = min(float(folded.line(row.dropship_case_line_id.id).received), row.product_uom_qty)
            due = came - row.dropship_deposit_back
            if row.product_uom_id.compare(due, 0.0) > 0:
                row._dropship_free_deposit(due)
        for resolution in case_sudo.resolution_ids.filtered(lambda one: one.state == "planned" and one.sale_order_ids):
            resolution._carry_out()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_free_deposit(self, qty):
        """Give back the deposit for so many pieces. Counting the goods does not fail for it: then a person pays."""
        self.ensure_one()
        order = self.order_id
        if order.state in ("draft", "sent"):
            self.product_uom_qty -= qty
            return
        back = self.dropship_deposit_back + qty
        ask = Ask("refund_only", line=self.id, qty=Decimal(str(qty)))
        try:
            with self.env.cr.savepoint():
                order.dropship_resolution_id._refund(order, [ask], f"deposit {self.id} up to {back:g}")
        except UserError as error:
            amount = order.currency_id.format(self.price_total / self.product_uom_qty * qty)
            order._dropship_call_accountant(self.env._("Pay back the deposit of %s", amount), str(error))
        self.dropship_deposit_back = back
