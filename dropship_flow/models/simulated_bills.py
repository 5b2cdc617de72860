from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command


class SaleOrder(models.Model):
    """Suppliers' bills of the last days, as they would have come."""

    _inherit = "sale.order"

    def _dropship_play_bill(self, bill):
        """The supplier of the order billed its goods and his freight.

        :param dict bill: {"number", "days": how long ago, "dearer": how much more each piece costs, "freight": what he
            asks (empty: what his terms say), "approved": whether it was approved already}
        """
        self.ensure_one()
        purchase = self.sudo().dropship_purchase_ids.filtered(lambda order: order.state == "purchase")[:1]
        freight = bill.get("freight", purchase.dropship_freight)
        lines = []
        for line in purchase.order_line:
            vals = line._prepare_account_move_line()
            price = line.price_unit + bill.get("dearer", 0.0)
            lines.append({**vals, "quantity": line.product_qty, "price_unit": price})
        for kind, amount in (("freight", freight), ("fee", purchase.dropship_fees)):
            if amount:
                product = self.env["account.move.line"]._dropship_charge_product(kind)
                lines.append(
                    {
                        "product_id": product.id,
                        "name": product.display_name,
                        "quantity": 1.0,
                        "price_unit": amount,
                        "tax_ids": [Command.set(purchase.order_line[:1].tax_ids.ids)],
                        "dropship_charge": kind,
                        "dropship_purchase_id": purchase.id,
                    }
                )
        move = self.env["account.move"].sudo().with_company(purchase.company_id)
        move = move.with_context(default_move_type="in_invoice", tracking_disable=True)
        move = move.create(
            {
                **purchase.with_company(purchase.company_id)._prepare_invoice(),
                "ref": bill["number"],
                "invoice_date": fields.Date.today() - timedelta(days=bill["days"]),
                "invoice_line_ids": [Command.create(line) for line in lines],
            }
        )
        self.env["dropship.bill.match"]._refresh(purchase, move)
        if bill.get("approved"):
            move._dropship_approve()
        return True
