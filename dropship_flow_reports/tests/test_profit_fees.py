"""What channels, payment services and carriers keep: expected from their schedules, then as they told."""

from odoo import Command
from odoo.addons.dropship_flow.tests.common_cod import CodCase
from odoo.addons.dropship_flow.tests.common_payout import PayoutCase
from odoo.tests import tagged

from .common_profit import ProfitReader


@tagged("post_install", "-at_install", "standard")
class TestProfitFees(ProfitReader, PayoutCase):
    def fees(self, order):
        return {kind: amount for (kind, _stage), amount in self.expected(order).items()
                if kind in ("commission", "payment_fee")}  # fmt: skip

    def test_fees_are_expected_until_the_payout_tells_them(self):
        self.market.write({"payment_percent": 1.4, "payment_fixed": 0.3})
        order = self.sold("A-1")
        self.collect()
        self.assertEqual(self.fees(order), {"commission": -5.0, "payment_fee": -1.7})
        self.enter(("A-1", "sale", "100"), ("A-1", "commission", "-8")).action_post()
        self.collect()
        self.assertEqual(self.fees(order), {}, "the payout has told all it kept")
        self.assertEqual(self.profit(order)["commission"], -8.0)
        self.env["dropship.payout"].search([]).action_reverse()
        self.collect()
        self.assertEqual(self.fees(order), {"commission": -5.0, "payment_fee": -1.7})

    def test_fees_by_a_schedule(self):
        self.market.fee_ids = [
            Command.create({"kind": "commission", "percent": 6.0}),
            Command.create({"kind": "payment", "percent": 0.6}),
            Command.create({"kind": "subsidy", "fixed": 2.0}),
        ]
        order = self.sold("A-1")
        self.collect()
        self.assertEqual(self.fees(order), {"commission": -4.0, "payment_fee": -0.6})
        self.assertAlmostEqual(-sum(self.fees(order).values()), float(self.market._fees_of(order).total), 2)

    def test_what_the_channel_told_with_the_order_counts_first(self):
        order = self.sold("A-1")
        order.dropship_told_fee = 7.0
        self.collect()
        self.assertEqual(self.expected(order)["commission", "committed"], -7.0)
        self.assertEqual(self.fees(order), {"commission": -7.0})

    def test_penalties_adjustments_and_what_the_bank_took_back(self):
        first, second = self.sold("A-1"), self.sold("A-2", 50.0)
        payout = self.enter(
            ("A-1", "sale", "100"), ("A-2", "sale", "50"), ("A-1", "penalty", "-3"), ("A-2", "chargeback", "-50"),
            ("A-2", "chargeback fee", "-15"), ("A-1", "adjustment", "-2"), ("A-2", "adjustment", "1"),
        )  # fmt: skip
        payout.action_post()
        self.collect()
        told = set(payout.line_ids.mapped("kind"))
        self.assertEqual(told, {"sale", "fee", "chargeback", "adjustment"})
        mine, theirs = self.profit(first), self.profit(second)
        self.assertEqual((mine["penalty"], mine["payment_fee"]), (-3.0, -2.0))
        self.assertEqual((theirs["dispute"], theirs["other_income"]), (-15.0, 1.0))
        self.assertTies(payout.date)

    def test_what_is_lost_to_a_bank_belongs_to_its_order_alone(self):
        first, second = self.sold("A-1"), self.sold("A-2", 50.0)
        payout = self.enter(
            ("A-1", "sale", "100"), ("A-1", "commission", "-8"), ("A-2", "sale", "50"), ("A-2", "chargeback", "-50")
        )
        payout.action_post()
        owed = payout.move_ids.line_ids.filtered(
            lambda item: item.dropship_payout_order_id == second and item.balance > 0
        )
        loss = self.make_account("Bad debts", "680000", "expense")
        rows = [(self.owed, -50.0), (loss, 50.0)]
        entry = self.env["account.move"].create(
            {"move_type": "entry", "date": payout.date, "journal_id": self.company.currency_exchange_journal_id.id,
             "line_ids": [Command.create({"account_id": account.id, "balance": balance,
                                          "partner_id": owed.partner_id.id}) for account, balance in rows]}
        )  # fmt: skip
        entry.action_post()
        (owed | entry.line_ids.filtered(lambda item: item.account_id == self.owed)).reconcile()
        self.collect()
        self.assertEqual(self.profit(second)["dispute"], -50.0)
        self.assertEqual(self.profit(first)["commission"], -8.0)
        self.assertNotIn("dispute", self.profit(first))
        self.assertEqual(self.reconciled(loss, payout.date)["attributed"], -50.0)
        self.assertTies(payout.date)

    def test_a_payout_at_a_rate_of_its_own(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "124"), Currency="USD")
        payout.action_post()
        self.collect()
        self.assertEqual(self.profit(order)["fx"], -0.8)
        self.assertTies(payout.date)


@tagged("post_install", "-at_install", "standard")
class TestProfitCarriers(ProfitReader, CodCase):
    def delivered(self, number, *lines):
        order = self.cod(*(lines or [(self.lamp, 1, 34.9)]))
        box = self.told(order.dropship_purchase_ids, number)
        self.invoice()
        self.deliver(box)
        return order

    def test_what_carriers_keep(self):
        first, second = self.delivered("AA1111111"), self.delivered("AA11111112", (self.stand, 2, 10.0))
        self.collect()
        self.assertNotIn("payment_fee", {kind for kind, _stage in self.expected(first)}, "no service is paid")
        remittance = self.remit(("AA1111111", "34.90", "0.70", ""), ("AA11111112", "20.00", "0.40", ""))
        remittance.action_post()
        self.collect()
        self.assertEqual(self.profit(first)["cod_fee"], -0.7)
        self.assertEqual(self.profit(second)["cod_fee"], -0.4)
        entry = remittance.line_ids.fee_move_id
        entry._reverse_moves([{"date": entry.date}], cancel=True)
        self.collect()
        self.assertNotIn("cod_fee", self.profit(first))
        self.assertTies(remittance.date)
