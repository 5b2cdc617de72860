from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestAgreement(FlowCase):
    """A price is negotiated with Rhein, wins while it is valid, and somebody notices when it ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.buyer = cls.make_login("buyer")
        cls.today = fields.Date.today()

    def agree(self, price=4.0, quantity=100.0, days=(0, 30), product=None, **vals):
        """Through the wizard, as the buyer."""
        wizard = self.env["dropship.agreement.make"].with_user(self.buyer).with_context(
            allowed_company_ids=self.company.ids
        ).create(
            {
                "supplier_id": self.rhein.id,
                "product_id": (product or self.lamp).id,
                "price": price,
                "quantity": quantity,
                "date_start": self.today + timedelta(days=days[0]),
                "date_end": self.today + timedelta(days=days[1]),
                "company_id": self.company.id,
                **vals,
            }
        )  # fmt: skip
        action = wizard.action_agree()
        return self.env["purchase.requisition"].browse(action["res_id"])

    def tiers(self, day=None):
        offer = self.offers["Rhein", self.lamp]
        found = offer._tiers_for(self.company, day or self.today)[offer.id]
        return [(float(quantity), float(price)) for quantity, price, _currency in found]

    def test_it_wins_within_its_days(self):
        agreement = self.agree(days=(2, 10))
        self.assertEqual(agreement.state, "confirmed")
        self.assertEqual(self.tiers(), [(0.0, 15.9)])
        self.assertEqual(self.tiers(self.today + timedelta(days=2)), [(0.0, 4.0)])
        self.assertEqual(self.tiers(self.today + timedelta(days=10)), [(0.0, 4.0)])
        self.assertEqual(self.tiers(self.today + timedelta(days=11)), [(0.0, 15.9)])
        agreement.date_start = self.today
        self.assertEqual(self.tiers(), [(0.0, 4.0)])
        agreement.action_done()
        self.assertEqual(self.tiers(), [(0.0, 15.9)])

    def test_an_order_is_bought_at_the_agreed_price_and_counts(self):
        agreement = self.agree(quantity=3.0)
        order = self.make_sale((self.lamp, 2.0), confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.partner_id, self.rhein.partner_id)
        self.assertEqual(purchase.order_line.filtered("product_qty").price_unit, 4.0)
        line = agreement.line_ids
        line.invalidate_recordset()
        self.assertEqual((line.dropship_bought, line.dropship_left), (2.0, 1.0))
        self.assertFalse(agreement.dropship_used_up)
        self.make_sale((self.lamp, 1.0), confirm=True)
        agreement.invalidate_recordset()
        line.invalidate_recordset()
        self.assertTrue(agreement.dropship_used_up)

    def test_another_unit_and_currency(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        usd = self.currency("USD", rate=2.0)
        agreement = self.agree(price=12.0, quantity=2.0, uom_id=dozen.id, currency_id=usd.id)
        self.assertEqual(agreement.currency_id, usd)
        self.assertEqual(self.tiers(), [(0.0, 1.0)])
        offer = self.offers["Rhein", self.lamp]
        self.assertEqual(offer._tiers_for(self.company, self.today)[offer.id][0][2], usd.id)
        order = self.make_sale((self.lamp, 6.0))
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "agreed with him")
        order.action_confirm()
        self.assertTrue(order.dropship_purchase_ids, order.dropship_hold_ids.mapped("reasons"))
        agreement.line_ids.invalidate_recordset()
        self.assertAlmostEqual(agreement.line_ids.dropship_bought, 0.5, 3)

    def test_the_negotiation_is_written_down(self):
        self.agree(note="Canton fair")
        talk = self.env["dropship.supplier.negotiation"].search([("supplier_id", "=", self.rhein.id)], limit=1)
        self.assertEqual((talk.result, talk.kind, talk.summary), ("won", "price", "Canton fair"))
        self.assertIn("15.90", talk.old_value)
        self.assertIn("4.00", talk.new_value)

    def test_it_is_renewed_from_the_day_after(self):
        old = self.agree(days=(-20, 5))
        action = old.with_user(self.buyer).with_context(allowed_company_ids=self.company.ids).action_dropship_renew()
        wizard = self.env["dropship.agreement.make"].with_user(self.buyer).with_context(**action["context"]).create({})
        self.assertEqual((wizard.date_start, wizard.date_end), (self.today + timedelta(6), self.today + timedelta(31)))
        self.assertEqual((wizard.price, wizard.quantity, wizard.supplier_id), (4.0, 100.0, self.rhein))
        wizard.price = 3.5
        new = self.env["purchase.requisition"].browse(wizard.action_agree()["res_id"])
        self.assertEqual(old.dropship_renewed_by_id, new)
        self.assertEqual(self.tiers(), [(0.0, 4.0)])
        self.assertEqual(self.tiers(self.today + timedelta(7)), [(0.0, 3.5)])

    def test_two_at_once_are_refused(self):
        self.agree()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.agree(days=(30, 60))
        for wrong in ({"price": 0.0}, {"quantity": -1.0}, {"days": (5, 1)}):
            with self.subTest(wrong), self.assertRaises(UserError), self.env.cr.savepoint():
                self.agree(product=self.stand, **wrong)

    def test_somebody_is_told_when_it_ends_once(self):
        ending, later = self.agree(days=(0, 5)), self.agree(days=(0, 60), product=self.stand)
        requisitions = self.env["purchase.requisition"]
        for _time in range(2):
            requisitions._cron_dropship_ending()
        self.assertEqual(len(ending.activity_ids), 1)
        self.assertFalse(later.activity_ids)
        self.assertIn(ending, requisitions.search(requisitions._dropship_ending_domain()))
        self.assertNotIn(later, requisitions.search(requisitions._dropship_ending_domain()))

    def test_a_tender_asks_and_its_best_answer_becomes_the_price(self):
        env = self.env(user=self.buyer, context={"allowed_company_ids": self.company.ids})
        compare = env["dropship.source.compare"].create({"product_id": self.lamp.id, "qty": 50.0})
        compare.action_compare()
        action = compare.action_tender()
        tender = env["dropship.tender"].with_context(**action["context"]).create({})
        tender.offer_ids = [Command.set((self.offers["Rhein", self.lamp] | self.offers["Dawn", self.lamp]).ids)]
        inquiry = self.env["dropship.inquiry"].browse(tender.action_ask()["res_id"])
        self.assertEqual(inquiry.line_ids.supplier_id, self.rhein | self.suppliers["Dawn"])
        self.assertEqual(set(inquiry.line_ids.mapped("quantity")), {50.0})
        line = inquiry.line_ids.filtered(lambda one: one.supplier_id == self.rhein)
        with self.assertRaises(UserError):
            line.with_env(env).action_agree()
        sku = line.sku
        inquiry._dropship_take_inquiry(self.rhein, [{"sku": sku, "price": 11.0, "stock": 500.0}], way="hand")
        agreed = line.with_env(env).action_agree()
        wizard = env["dropship.agreement.make"].with_context(**agreed["context"]).create(
            {"date_end": self.today + timedelta(days=90)}
        )
        self.assertEqual((wizard.price, wizard.quantity, wizard.note), (11.0, 50.0, inquiry.name))
        wizard.action_agree()
        self.assertEqual(self.tiers(), [(0.0, 11.0)])

    def test_who_may(self):
        for role in ("user", "employee"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["dropship.agreement.make"].with_user(self.make_login(role)).create(
                    {"supplier_id": self.rhein.id, "product_id": self.lamp.id, "price": 1.0, "quantity": 1.0,
                     "date_end": self.today}
                )  # fmt: skip
        agreement = self.agree()
        other = self.euro_company("Elsewhere GmbH")
        theirs = self.make_login("buyer", other)
        found = agreement.with_user(theirs).with_context(allowed_company_ids=other.ids)
        self.assertFalse(found.search([("id", "=", agreement.id)]))
