"""The bills a visitor of the demo world finds: a clean one, a dearer one, one that came too early."""

from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin

# {order: (state of the bill, matching, codes of what stands against it)}
EXPECTED = {
    "parcel_signed": ("posted", "ok", []),
    "parcel_today": ("draft", "differs", ["bill_difference"]),
    "gift": ("draft", "waiting", ["bill_early", "bill_charge_early"]),
}


@tagged("post_install", "-at_install", "standard")
class TestDemoBills(DemoMixin, TransactionCase):
    def test_three_bills(self):
        for name, (state, match, codes) in EXPECTED.items():
            with self.subTest(name):
                bill = self.record(f"order_{name}").dropship_purchase_ids.invoice_ids
                found = [code for code, _params in bill.dropship_bill_reasons or []]
                self.assertEqual((bill.state, bill.dropship_match_state, found), (state, match, codes))
                self.assertEqual(bill.dropship_payable, state == "posted")

    def test_the_first_minute_finds_nothing_to_match(self):
        """What moved while the world was made has been followed: no visitor, and no test, does it again."""
        self.assertFalse(self.env["dropship.match.change"].search_count([]))
