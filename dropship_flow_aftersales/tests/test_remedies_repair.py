from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_remedies import RemedyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyRepair(RemedyCase):
    """Repair under warranty and out of it, by us and by the supplier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp.is_storable = True
        cls.bulb = cls.make_product("Bulb", list_price=6.0, standard_price=2.5, is_storable=True)
        cls.stock = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)]).lot_stock_id

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 2))
        self.line = self.order.order_line[:1]
        self.raised = []
        claims = patch.object(
            type(self.env["dropship.resolution"]), "_raise_claims", lambda one: self.raised.append(one.return_id)
        )
        self.startPatcher(claims)

    def have(self, product, qty):
        self.env["stock.quant"]._update_available_quantity(product, self.stock, qty)

    def repaired(self, repair):
        repair.action_repair_start()
        repair.action_repair_end()

    def test_under_warranty_it_is_free_and_goes_back_to_the_customer(self):
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.agreed(case, "repair", to="us")
        repair = resolution.repair_ids
        self.assertRecordValues(
            repair,
            [{"state": "confirmed", "under_warranty": True, "product_qty": 1, "dropship_payer": "us",
              "partner_id": self.anna.id, "dropship_order_id": self.order.id}],
        )  # fmt: skip
        self.assertFalse(resolution.sale_order_ids)
        self.assertEqual(resolution.state, "planned")
        self.have(self.lamp, 1)
        self.have(self.bulb, 3)
        self.env["stock.move"].create(
            {"repair_id": repair.id, "product_id": self.bulb.id, "product_uom_qty": 2, "repair_line_type": "add"}
        )
        self.assertEqual(repair.dropship_cost, 5.0)
        repair.action_repair_start()
        repair.move_ids.quantity = 2
        repair.action_repair_end()
        self.assertEqual(resolution.state, "done", resolution.error)
        self.assertEqual(self.bulb.qty_available, 1)
        back = repair.dropship_back_id
        self.assertEqual((back.partner_id, back.origin), (self.order.partner_shipping_id, case.name))
        self.assertEqual(back.picking_type_code, "outgoing")
        self.assertFalse(self.raised)
        resolution._do_repair()
        self.assertEqual(resolution.repair_ids, repair)
        self.assertEqual(self.env["stock.picking"].search([("origin", "=", case.name)]), back)

    def test_the_supplier_pays_while_his_warranty_holds(self):
        self.env["dropship.supplier.term"].create({"supplier_id": self.rhein.id, "warranty_months": 12})
        case = self.open_case((self.line, 1, "damaged"))
        repair = self.agreed(case, "repair", to="us").repair_ids
        self.assertEqual((repair.dropship_payer, repair.dropship_claimed), ("supplier", True))
        self.have(self.lamp, 1)
        self.repaired(repair)
        self.assertEqual(self.raised, [case])

    def test_the_supplier_repairs_and_his_parcel_is_expected(self):
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.agreed(case, "repair", to="supplier")
        repair = resolution.repair_ids
        self.assertEqual(repair.dropship_repairer_id, self.rhein)
        self.assertEqual(repair.product_location_src_id.usage, "supplier")
        self.repaired(repair)
        back = repair.dropship_back_id
        self.assertEqual((back.location_id.usage, back.location_dest_id.usage), ("supplier", "customer"))
        self.assertEqual((back.state, resolution.state), ("assigned", "done"), resolution.error)

    def test_out_of_warranty_nothing_starts_before_the_quote_is_accepted(self):
        self.lamp.product_tmpl_id.write({"dropship_warranty": True, "dropship_warranty_months": 0})
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.agreed(case, "repair", to="us", conditions=(("price", {"amount": "25.00"}),))
        repair, quote = resolution.repair_ids, resolution.sale_order_ids
        self.assertEqual((repair.state, repair.under_warranty, repair.dropship_payer), ("draft", False, "customer"))
        self.assertEqual((quote.state, quote.amount_total, repair.sale_order_id), ("sent", 25.0, quote))
        for start in (repair.action_repair_start, repair._action_repair_confirm):
            with self.assertRaisesRegex(UserError, "has not accepted the quote"):
                start()
        quote.action_confirm()
        self.assertEqual(repair.state, "confirmed")
        self.have(self.lamp, 1)
        self.repaired(repair)
        self.assertEqual(resolution.state, "done", resolution.error)
        self.assertTrue(repair.dropship_back_id)
        self.assertFalse(quote.dropship_purchase_ids)

    def test_a_declined_quote_ends_the_repair_and_needs_a_person(self):
        self.lamp.product_tmpl_id.write({"dropship_warranty": True, "dropship_warranty_months": 0})
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.agreed(case, "repair", to="us", conditions=(("price", {"amount": "25.00"}),))
        resolution.sale_order_ids._action_cancel()
        self.assertEqual((resolution.state, resolution.repair_ids.state), ("person", "cancel"))

    def test_a_warranty_ends_by_months_from_delivery(self):
        case = self.open_case((self.line, 1, "damaged"))
        line = case.line_ids
        self.assertTrue(line._under_warranty())
        self.lamp.product_tmpl_id.write({"dropship_warranty": True, "dropship_warranty_months": 6})
        months = (line._warranty_until() - line._delivered_at()).days
        self.assertIn(months, range(180, 186))
        self.pass_hours(case, -24 * 200)
        self.assertFalse(line._under_warranty())

    def test_a_cancelled_repair_is_made_anew_by_a_person(self):
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.agreed(case, "repair", to="us")
        resolution.repair_ids.action_repair_cancel()
        self.assertEqual(resolution.state, "person")
        resolution.action_retry()
        self.assertEqual(len(resolution._live_repairs()), 1)
        self.assertEqual(len(resolution.repair_ids), 2)

    def test_what_the_customer_does_not_have_is_not_repaired(self):
        case = self.open_case((self.line, 1, "lost"))
        with self.assertRaisesRegex(UserError, "does not have cannot be repaired"):
            case._record("offer", "agent", offer=self.offer(case, "repair", to="us"))
