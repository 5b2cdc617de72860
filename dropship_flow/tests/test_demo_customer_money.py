"""What a visitor of the demo world finds of cash on delivery."""

from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin


@tagged("post_install", "-at_install", "standard")
class TestDemoCustomerMoney(DemoMixin, TransactionCase):
    def state(self, name):
        return self.record(f"order_{name}").dropship_collection_ids.mapped("state")

    def test_each_order_stands_where_its_story_says(self):
        self.assertEqual(self.state("parcel_refused"), ["refused"])
        self.assertEqual(self.state("cod_signed"), ["remitted"])
        self.assertEqual(self.state("cod_short"), ["delivered"])
        self.assertEqual(self.state("cod_owed"), ["delivered"])
        self.assertGreaterEqual(self.record("order_cod_owed").dropship_collection_ids.days, 11)

    def test_the_remittance_has_one_row_of_each_kind(self):
        row = self.record("order_cod_signed").dropship_collection_ids
        lines = self.env["dropship.remittance.line"].search([("shipment_id", "=", row.shipment_id.id)])
        remittance = lines.remittance_id
        self.assertEqual(remittance.state, "partly")
        self.assertEqual(
            [[reason[0] for reason in line.reasons or ()] for line in remittance.line_ids.sorted("line")],
            [[], ["cod_differs"], ["cod_refused_paid"], ["cod_unknown"]],
        )
        self.assertEqual((row.received, row.fee), (89.0, 1.78))
        self.assertEqual(row.payment_id.state, "paid")
