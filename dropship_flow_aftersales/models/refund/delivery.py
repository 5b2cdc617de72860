"""Deliveries that were free because the order was large enough: what they would have cost is kept beside them."""

from odoo import fields, models

from ...refunding import Promotion


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_waived = fields.Float(
        string="Delivery Not Charged", digits="Product Price", readonly=True, copy=False,
        help="What the delivery would have cost, had the order not been large enough.",
    )  # fmt: skip
    dropship_waived_from = fields.Monetary(
        string="Free From", readonly=True, copy=False, help="What the goods had to come to, taxes included."
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_delivery_line_vals(self, carrier, price_unit):
        """Override: keep what the delivery would have cost, while it can be asked."""
        vals = super()._prepare_delivery_line_vals(carrier, price_unit)
        if carrier.free_over and self.currency_id.is_zero(price_unit):
            rate = carrier.rate_shipment(self)
            if rate.get("success") and not rate.get("price"):
                company = carrier.company_id or self.company_id
                vals |= {
                    "dropship_waived": rate.get("carrier_price") or 0.0,
                    "dropship_waived_from": company.currency_id._convert(
                        carrier.amount, self.currency_id, company, self.date_order or fields.Date.today()
                    ),
                }
        return vals

    def _dropship_free_delivery(self, lines, included):
        """A free delivery as a promotion that hangs on how much was bought.

        :param list lines: refunding.Line of the order
        """
        known = {line.key: line.kind for line in lines}
        goods = self.order_line.filtered(lambda line: known.get(line.id) == "goods")
        for line in self.order_line:
            if line.dropship_waived and known.get(line.id) == "delivery" and not line.price_total:
                yield Promotion(
                    f"delivery {line.id}",
                    self._dropship_meant(line.dropship_waived_from, True, included, goods),
                    (line.id,),
                    rule=self.company_id.dropship_refund_promotions,
                )
