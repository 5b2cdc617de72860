from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_refund import RefundCase
from .common_remedies import RemedyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyCredit(RemedyCase, RefundCase):
    """Store credit with a bonus: no money goes out, and nothing is given twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts["Store credit"] = cls.make_account("Store credit", "230000", "liability_current")
        cls.accounts["Bonus"] = cls.make_account("Bonus", "550000", "expense")
        cls.company.write(
            {
                "dropship_credit_account_id": cls.accounts["Store credit"].id,
                "dropship_credit_bonus_account_id": cls.accounts["Bonus"].id,
            }
        )

    def setUp(self):
        super().setUp()
        self.order = self.sold((self.lamp, 2))
        self.line = self.order.order_line[:1]

    def balance(self, name):
        self.env.flush_all()
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.accounts[name].id), ("parent_state", "=", "posted")]
        )
        return round(sum(items.mapped("balance")), 2)

    def credit(self, case, percent="10", **more):
        return self.agreed(case, "credit", conditions=(("bonus", {"percent": percent}),), **more)

    def test_the_customer_gets_his_money_and_ten_percent_as_a_code(self):
        owed = self.balance("Customers")
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.credit(case)
        self.assertEqual(resolution.state, "done", resolution.error)
        card = resolution.card_id
        self.assertEqual((card.points, resolution.card_points), (38.39, 38.39))
        self.assertEqual(card.program_id.company_id, self.company)
        self.assertEqual(self.balance("Store credit"), -38.39)
        self.assertEqual(self.balance("Bonus"), 3.49)
        self.assertEqual(self.balance("Customers"), owed)
        note = resolution.refund_ids.credit_note_id
        self.assertEqual((note.state, note.amount_total, note.amount_residual), ("posted", 34.9, 0.0))

    def test_no_money_goes_out_and_the_same_is_not_refunded_again(self):
        case = self.open_case((self.line, 2, "damaged"))
        resolution = self.credit(case)
        self.send_money()
        self.assertEqual(self.ledger, [])
        self.assertEqual(resolution.refund_ids.state, "done")
        self.assertEqual(self.order._dropship_refund_order().paid_out, Decimal("69.80"))
        resolution._carry_out()
        resolution._do_credit()
        self.assertEqual(resolution.card_id.points, 76.78)
        with self.refused("not refunded yet"):
            self.refund(self.order, ("return", self.line, 1))

    def test_the_mail_has_the_code_and_speaks_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.order.partner_id.write({"lang": "zh_CN", "email": "anna@example.com"})
        resolution = self.credit(self.open_case((self.line, 1, "damaged")))
        mail = self.env["mail.mail"].search([("model", "=", "dropship.resolution"), ("res_id", "=", resolution.id)])
        self.assertIn(resolution.card_id.code, mail.body_html)
        template = self.env.ref("dropship_flow_aftersales.mail_store_credit")
        self.assertEqual(template._render_lang(resolution.ids)[resolution.id], "zh_CN")

    def test_a_wallet_is_filled_up(self):
        self.company.dropship_credit_kind = "ewallet"
        first = self.credit(self.open_case((self.line, 1, "damaged")), "0")
        second = self.credit(self.open_case((self.line, 1, "damaged")), "0")
        self.assertEqual(first.card_id, second.card_id)
        self.assertEqual((first.card_id.points, first.card_id.partner_id), (69.8, self.anna))

    def test_an_agreed_amount_counts(self):
        resolution = self.credit(self.open_case((self.line, 1, "damaged")), "10", amount=Decimal(20))
        self.assertEqual((resolution.state, resolution.card_id.points), ("done", 22.0), resolution.error)

    def test_the_code_pays_for_an_order_and_lowers_the_liability(self):
        resolution = self.credit(self.open_case((self.line, 2, "damaged")), "0")
        order = self.make_sale((self.lamp, 1))
        status = order._try_apply_code(resolution.card_id.code)
        self.assertNotIn("error", status)
        (coupon, rewards), *_rest = status.items()
        order._apply_program_reward(rewards, coupon)
        self.assertEqual(order.amount_total, 0.0)
        order.action_confirm()
        self.invoice(order)
        self.assertEqual(self.balance("Store credit"), -34.9)
        self.assertEqual(resolution.card_id.points, 34.9)

    def test_each_currency_has_a_program_of_its_own(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "rate": 2.0, "name": fields.Date.today(), "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": usd.id})
        sale = self.make_sale((self.lamp, 1, 50.0), pricelist_id=pricelist.id)
        self.env["dropship.line.choice"]._choose(sale.order_line, self.rhein, "pin", "test")
        sale.action_confirm()
        purchase = sale.dropship_purchase_ids
        purchase._dropship_accept()
        purchase._dropship_take_parcels([{"number": "00340000000000000001", "carrier": "DHL"}])
        self.scan(self.box("00340000000000000001"), "delivered")
        self.pay(sale)
        self.invoice(sale)
        resolution = self.credit(self.open_case((sale.order_line[:1], 1, "damaged")), "0")
        self.assertEqual(resolution.state, "done", resolution.error)
        program = resolution.card_id.program_id
        self.assertEqual((program.currency_id, resolution.card_id.points), (usd, 50.0))
        self.assertEqual(self.balance("Store credit"), -25.0)

    def test_a_bonus_in_another_currency_is_booked_in_balance(self):
        """Refund and bonus are rounded by themselves: 0.62 and 0.06 euro, and together 0.69."""
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "rate": 8.0, "name": fields.Date.today(), "company_id": self.company.id}
        )
        refund = self.refund(self.order, ("return", self.line, 1))
        resolution = self.agreed(self.open_case((self.line, 1, "damaged")), "nothing")
        self.env.flush_all()
        self.env.cr.execute("UPDATE dropship_refund SET currency_id = %s WHERE id = %s", [usd.id, refund.id])
        self.env.invalidate_all()
        resolution._book_credit(refund, 4.98, 0.5)
        items = resolution.credit_move_ids.line_ids
        self.assertEqual(sorted(items.mapped("balance")), [-0.68, 0.06, 0.62])
        self.assertEqual(resolution.refund_ids.credit_note_id.amount_residual, 0.0)

    def test_an_unpaid_order_becomes_no_credit(self):
        order = self.sold((self.lamp, 1), paid=False)
        case = self.open_case((order.order_line[:1], 1, "damaged"))
        with self.assertRaisesRegex(UserError, "paid.*Possible instead"):
            case._record("offer", "agent", offer=self.offer(case, "credit"))

    def test_it_is_not_offered_before_its_accounts_are_chosen(self):
        self.company.dropship_credit_account_id = False
        case = self.open_case((self.line, 1, "damaged"))
        self.assertRegex(case._possible_remedies()["credit"][1], "choose its account")
        self.company.write(
            {
                "dropship_credit_account_id": self.accounts["Store credit"].id,
                "dropship_credit_bonus_account_id": False,
            }
        )
        self.assertTrue(case._possible_remedies()["credit"][0])
        with self.assertRaisesRegex(UserError, "bonus is booked"):
            self.credit(case)

    def test_after_reception_it_is_given_when_the_goods_are_here(self):
        case = self.open_case((self.line, 2, "damaged"))
        self.credit(case, "0", to="us", after="received")
        self.assertFalse(case.resolution_ids)
        case._record("send", "customer", parcel="P1")
        case._record("receive", "agent", parcel="P1", lines=[[case.line_ids.id, "2"]])
        resolution = case.resolution_ids
        self.assertEqual(resolution.card_id.points, 69.8, resolution.error)

    def test_each_company_has_a_program_of_its_own(self):
        mine = self.env["loyalty.program"]._dropship_credit_of(self.company, self.company.currency_id)
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.company.currency_id.id})
        other.dropship_credit_account_id = self.make_account("Theirs", "230001", "liability_current", other)
        theirs = self.env["loyalty.program"]._dropship_credit_of(other, self.company.currency_id)
        self.assertNotEqual(mine, theirs)
        used = theirs.reward_ids.discount_line_product_id.with_company(other)
        self.assertEqual(used.property_account_income_id, other.dropship_credit_account_id)
        again = self.env["loyalty.program"]._dropship_credit_of(self.company, self.company.currency_id)
        self.assertEqual(again, mine)
