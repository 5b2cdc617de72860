from odoo import Command
from odoo.tests import tagged

from .common_story import StoryCase


@tagged("post_install", "-at_install", "standard")
class TestStoryChina(StoryCase):
    """A shop in Hangzhou: yuan, 13 % in the price, a customer who reads Chinese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        china = cls.country("CN")
        cls.company.write({"currency_id": cls.currency("CNY").id, "country_id": china.id})
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.anna.write({"name": "王安娜", "country_id": china.id, "city": "杭州", "zip": "310000", "lang": "zh_CN"})
        cls.vat = cls.make_vat(13.0, "sale", cls.accounts["Output tax"], name="13 %",
                               price_include_override="tax_included")  # fmt: skip
        cls.goods.write({"taxes_id": [Command.set(cls.vat.ids)]})
        cls.make_rate(cls.warehouses["Rhein"], 8.0, countries="CN", days=(1, 2, 3))
        prices = cls.env["product.pricelist"].search([("company_id", "in", [False, cls.company.id])])
        prices.currency_id = cls.company.currency_id
        cls.warehouses["Rhein"].country_id = china
        cls.make_tax_rule("CN", "CN", "domestic")
        cls.currency("EUR", 0.125)
        cls.env["dropship.offer"].search([("warehouse_id", "=", cls.warehouses["Rhein"].id)]).write(
            {"currency_id": cls.company.currency_id.id, "price": 60.0}
        )

    def test_seven_days_without_a_reason(self):
        order = self.sold((self.lamp, 2, 199.0))
        self.assertEqual((order.currency_id.name, order.amount_total, order.amount_tax), ("CNY", 398.0, 45.79))
        self.row({"kind": "nothing"}, name="特价不退")
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.acceptance, case.currency_id.name), ("accepted", "CNY"))
        case._say_sent("customer", self.number())
        parcel = case.parcel_ids
        if parcel.place == "us":
            self.look(parcel, ("as_new", 1))
        else:
            line = str(case.line_ids.id)
            self.at_desk(case.side_ids, "inspected", lines=[{"line": line, "qty": 1, "condition": "as_new"}])
        self.assertDone(case, "return")
        self.assertPaidBack(order, 199.0)
        note = case.refund_ids.credit_note_id
        self.assertEqual((note.currency_id.name, note.amount_total, note.amount_tax), ("CNY", 199.0, 22.89))
        self.assertEqual(note.invoice_line_ids.tax_ids, self.vat)
        mails = self.env["mail.mail"].sudo().search([("model", "=", "dropship.return"), ("res_id", "=", case.id)])
        self.assertTrue(mails)
        for mail in mails:
            self.assertRegex(mail.subject, "[\u4e00-\u9fff]", mail.subject)
            self.assertIn("王安娜", mail.body_html)

    def test_kept_for_less_and_claimed_in_yuan(self):
        """仅退款不退货: 30 % back, the supplier pays what it cost us without the tax."""
        self.row({"kind": "keep", "percent": 30}, name="仅退款三成")
        order = self.sold((self.lamp, 1, 113.0))
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        self.assertDone(case, "keep")
        self.assertPaidBack(order, 33.9)
        self.assertEqual(case.refund_ids.credit_note_id.amount_tax, 3.9)
        claim = case.case_claim_ids
        self.assertEqual((claim.currency_id, claim.kind), (order.dropship_purchase_ids.currency_id, "damage"))
        rate = 1.0 if claim.currency_id.name == "CNY" else 0.125
        self.assertAlmostEqual(claim.amount, round(30.0 * rate, 2), 2)
        self.hand_in(claim)
        self.at_desk(claim, "accepted")
        self.assertEqual((case.claim_loss, case.claim_own), (30.0 if rate == 1.0 else case.claim_granted, 0.0))
