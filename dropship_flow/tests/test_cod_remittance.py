import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_cod import CodCase


@tagged("post_install", "-at_install", "standard")
class TestRemittance(CodCase):
    """What carriers hand over, held against the parcels, and in the books to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env, "cod-books", groups="account.group_account_invoice,dropship_flow.group_dropship_user",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )  # fmt: skip

    def delivered(self, number, price=34.9, qty=1, invoice=True):
        order = self.cod((self.lamp, qty, price))
        box = self.told(order.dropship_purchase_ids, number)
        if invoice:
            self.invoice()
        self.deliver(box)
        return order

    def test_paid_less_the_fee_to_the_cent(self):
        order = self.delivered("AA1111111")
        remittance = self.remit(("aa1111111", "34.90", "0.70", "2026-11-20"))
        self.assertEqual((remittance.state, remittance.line_ids.state), ("checked", "ready"))
        self.assertEqual(self.balance(self.cash), 0.0, "nothing is booked before somebody says so")
        remittance.with_user(self.accountant).action_post()
        self.assertEqual((remittance.state, remittance.line_ids.state), ("posted", "posted"))
        # Cash 34.20, fee 0.70, customer 0: what the bank's statement will show.
        self.assertEqual(
            [self.balance(account) for account in (self.cash, self.cost, self.owed)], [34.2, 0.7, 0.0]
        )
        self.assertEqual(order.invoice_ids.amount_residual, 0.0)
        self.assertEqual(self.collects(order), [("AA1111111", 34.9, "remitted")])
        self.assertEqual(
            (order.dropship_payout_expected, order.dropship_payout_received, order.dropship_payment_fees),
            (0.0, 34.2, 0.7),
        )
        self.assertEqual((order.dropship_money_paid, order.dropship_money_open), (34.9, 0.0))

    def test_paid_before_the_invoice_settles_it_when_it_comes(self):
        order = self.delivered("AA1111111", invoice=False)
        self.remit(("AA1111111", "34.90", "0", "")).action_post()
        self.assertEqual(self.balance(self.owed), -34.9)
        self.invoice()
        self.assertEqual((self.balance(self.owed), order.invoice_ids.amount_residual), (0.0, 0.0))

    def test_the_same_file_twice_and_the_same_parcel_again(self):
        self.delivered("AA1111111")
        first = self.remit(("AA1111111", "34.90", "0.70", ""))
        again, is_new = self.env["dropship.remittance"]._receive(
            "other name.csv", self.file(("AA1111111", "34.90", "0.70", "")), self.journal
        )
        self.assertEqual((again, is_new), (first, False))
        first.action_post()
        other = self.remit(("AA1111111", "34.90", "0.71", ""))
        self.assertEqual((other.line_ids.state, self.why(other.line_ids)), ("known", ["cod_paid_before"]))
        with self.assertRaises(UserError):
            other.action_post()
        self.assertEqual(self.balance(self.cash), 34.2)

    def test_every_kind_of_wrong_row_is_kept_with_its_reason(self):
        self.delivered("AA1111111")
        refused = self.cod((self.lamp, 1, 20.0))
        box = self.told(refused.dropship_purchase_ids, "AA2222222")
        self.scan(box, "returning", 2, detail="refused")
        self.delivered("AA3333333", price=10.0)
        remittance = self.remit(
            ("AA1111111", "34.00", "0.70", ""),
            ("ZZ9999999", "1.00", "0", ""),
            ("AA2222222", "20.00", "0", ""),
            ("AA3333333", "10.00", "11.00", ""),
            ("AA3333333", "ten", "", ""),
            ("", "5.00", "", ""),
            ("6.2345E+14", "5.00", "", ""),
            ("AA3333333", "-10.00", "0", ""),
            ("AA3333333", "10.00", "0.10", "31/31/2026"),
            ("AA3333333", "10.00", "0.10", ""),
            ("AA3333333", "10.00", "0.10", ""),
        )
        lines = remittance.line_ids.sorted("line")
        self.assertEqual(
            [self.why(line)[:1] for line in lines],
            [["cod_differs"], ["cod_unknown"], ["cod_refused_paid"], ["cod_fee"], ["cod_not_a_number"],
             ["cod_no_number"], ["cod_number_harmed"], ["cod_not_positive"], ["cod_not_a_date"], [], ["cod_twice"]],
        )  # fmt: skip
        self.assertEqual([line.state for line in lines[-2:]], ["ready", "known"])
        self.assertIn("34.00 instead of 34.90", lines[0].reason_text)
        remittance.action_post()
        self.assertEqual(remittance.state, "partly")
        self.assertEqual(self.balance(self.cash), 9.9)

    def test_a_difference_is_taken_by_a_person_and_stays_visible(self):
        order = self.delivered("AA1111111")
        remittance = self.remit(("AA1111111", "30.00", "0.60", ""))
        remittance.line_ids.with_user(self.accountant).action_accept()
        remittance.action_post()
        row = self.rows(order)
        self.assertEqual((row.state, row.received, row.difference), ("remitted", 30.0, -4.9))
        self.assertEqual((self.balance(self.owed), order.dropship_money_open), (4.9, 4.9))
        self.assertEqual(order.dropship_payment_state, "part")

    def test_an_unknown_number_is_tried_again_when_the_parcel_is_there(self):
        order = self.cod((self.lamp, 1, 34.9))
        remittance = self.remit(("AA7777777", "34.90", "0.70", ""))
        self.assertEqual(remittance.line_ids.state, "problem")
        self.told(order.dropship_purchase_ids, "AA7777777")
        remittance.action_check_again()
        self.assertEqual(remittance.line_ids.state, "ready")
        remittance.action_post()
        self.assertEqual(self.collects(order), [("AA7777777", 34.9, "remitted")], "paid before the last scan came")

    def test_net_only_and_a_sum_that_does_not_add_up(self):
        self.delivered("AA1111111")
        self.delivered("AA2222222", price=20.0)
        remittance = self.remit(
            ("AA1111111", "", "0.70", "34.20"), ("AA2222222", "20.00", "0.40", "19.00"),
            headings=("Tracking Number", "COD Amount", "Fee", "Net Amount"),
        )  # fmt: skip
        good, bad = remittance.line_ids.sorted("line")
        self.assertEqual((good.state, good.amount), ("ready", 34.9))
        self.assertEqual(self.why(bad), ["cod_sum"])

    def test_no_table_no_columns_nothing(self):
        for content, code in ((b"%PDF-1.4 x", "no_table"), (b"a,b\n1,2\n", "column_missing"), (b" ", "empty")):
            with self.subTest(code):
                remittance = self.remit(content)
                self.assertEqual((remittance.state, remittance.problem[0]), ("refused", code))
                self.assertTrue(remittance.problem_text)

    def test_foreign_currency(self):
        """A carrier who pays in zloty for an order in zloty, in the books of a company in euro."""
        pln = self.currency("PLN")
        pln.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": pln.id, "name": "2020-01-01", "rate": 4.0, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "PL", "currency_id": pln.id})
        self.journal.currency_id = pln
        order = self.cod((self.lamp, 1, 100.0), pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, pln)
        box = self.told(order.dropship_purchase_ids, "PL1111111")
        self.invoice()
        self.deliver(box)
        self.assertEqual(order.dropship_purchase_ids._dropship_collect()["currency"], "PLN")
        remittance = self.remit(("PL1111111", "100.00 PLN", "2.00", ""))
        self.assertEqual(remittance.line_ids.state, "ready", remittance.line_ids.reasons)
        remittance.action_post()
        self.assertEqual(
            [self.balance(account) for account in (self.cash, self.cost, self.owed)], [24.5, 0.5, 0.0]
        )
        self.assertEqual(order.invoice_ids.amount_residual, 0.0)

    def test_another_currency_than_the_parcel_collects_in(self):
        self.delivered("AA1111111")
        self.assertEqual(self.why(self.remit(("AA1111111", "$34.90", "0", "")).line_ids), ["cod_currency"])

    def test_only_accountants_book(self):
        self.delivered("AA1111111")
        remittance = self.remit(("AA1111111", "34.90", "0.70", ""))
        desk = self.login("user")
        self.assertEqual(remittance.with_user(desk).net, 34.2)
        for verb in ("action_post", "action_check_again"):
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(remittance.with_user(desk), verb)()
        with self.assertRaises(AccessError):
            self.env["dropship.remittance"].with_user(desk)._receive("x.csv", self.file(), self.journal)
        with self.assertRaises(AccessError):
            remittance.line_ids.with_user(self.accountant).write({"amount": 1.0})

    def test_upload_by_hand(self):
        self.delivered("AA1111111")
        content = base64.b64encode(self.file(("AA1111111", "34.90", "0.70", "")))
        uploads = self.env["dropship.remittance.upload"].with_user(self.accountant)
        wizard = uploads.create(
            {"content": content, "name": "cod.csv", "carrier": "DHL", "journal_id": self.journal.id}
        )
        remittance = self.env["dropship.remittance"].browse(wizard.action_apply()["res_id"])
        self.assertEqual((remittance.carrier_code, remittance.net), ("dhl", 34.2))
        self.assertEqual(wizard.action_apply()["tag"], "display_notification")
