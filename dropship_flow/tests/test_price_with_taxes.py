from odoo import Command
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestPriceWithTaxes(FlowCase):
    """A thousand units at 0.333 come to 333.00 net, whatever taxes are inside the price."""

    def vat(self, amount, included=True, **vals):
        override = "tax_included" if included else "tax_excluded"
        name = f"{amount:g} % {override} {len(vals)}"
        return self.tax.copy(
            {"type_tax_use": "purchase", "name": name, "amount": amount, "price_include_override": override, **vals}
        )

    def assert_net(self, taxes, price=0.333, quantity=1000, net=333.0):
        """The line of a purchase with these taxes is worth what was decided, however the company rounds."""
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            unit = self.env["purchase.order.line"]._dropship_price_with_taxes(price, taxes)
            order = self.env["purchase.order"].create(
                {
                    "partner_id": self.suppliers["Rhein"].partner_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.lamp.id,
                                "product_qty": quantity,
                                "price_unit": unit,
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                    ],
                }
            )
            self.assertEqual(order.order_line.price_subtotal, net, f"{method} {taxes.mapped('name')}")

    def test_one_tax_inside(self):
        taxes = self.vat(13.0)
        self.assertAlmostEqual(
            self.env["purchase.order.line"]._dropship_price_with_taxes(0.333, taxes), 0.37629, places=9
        )
        self.assert_net(taxes)

    def test_taxes_on_top_change_nothing(self):
        taxes = self.vat(13.0, included=False)
        self.assertEqual(self.env["purchase.order.line"]._dropship_price_with_taxes(0.333, taxes), 0.333)
        self.assertEqual(self.env["purchase.order.line"]._dropship_price_with_taxes(0.333, taxes.browse()), 0.333)
        self.assert_net(taxes)

    def test_several_taxes(self):
        inside, more, on_top = self.vat(13.0), self.vat(5.0, sequence=2), self.vat(3.0, included=False, sequence=3)
        self.assert_net(inside | more)
        self.assert_net(inside | more | on_top)

    def test_a_tax_upon_a_tax(self):
        first = self.vat(10.0, sequence=1, include_base_amount=True)
        self.assert_net(first | self.vat(13.0, sequence=2))

    def test_a_fixed_amount_and_a_group(self):
        fixed = self.vat(0.02, amount_type="fixed", sequence=1)
        self.assert_net(fixed | self.vat(13.0, sequence=2))
        group = self.env["account.tax"].create(
            {
                "name": "Both",
                "amount_type": "group",
                "type_tax_use": "purchase",
                "company_id": self.company.id,
                "children_tax_ids": [Command.set((self.vat(5.0, sequence=4) | self.vat(8.0, sequence=5)).ids)],
            }
        )
        self.assert_net(group)

    def test_a_decided_price_of_a_thousand_units(self):
        self.lamp.supplier_taxes_id = [Command.set(self.vat(13.0).ids)]
        rhein = self.offers["Rhein", self.lamp]
        rhein.write({"price": 0.333, "stock": 5000})
        order = self.make_sale((self.lamp, 1000))
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        order.action_confirm()
        self.assertEqual(order.dropship_purchase_ids.order_line.mapped("price_subtotal"), [333.0])

    def test_a_price_with_tax_becomes_net(self):
        prices = self.env["purchase.order.line"]
        for taxes in (self.vat(13.0), self.vat(13.0, included=False), self.vat(5.0) | self.vat(8.0, included=False)):
            self.assertAlmostEqual(prices._dropship_price_without_taxes(0.37629, taxes), 0.333, places=9)
