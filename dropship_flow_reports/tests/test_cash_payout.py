from datetime import timedelta

from odoo import fields
from odoo.addons.dropship_flow.tests.common_payout import PayoutCase
from odoo.tests import tagged


@tagged("post_install", "-at_install", "standard")
class TestCashPayout(PayoutCase):
    def reckon(self):
        return self.env["dropship.cash.forecast"]._make(self.company)

    def told(self, run, *kinds):
        lines = run.line_ids.filtered(lambda line: line.kind in kinds)
        return [(line.date, line.kind, line.amount) for line in lines.sorted("date")]

    def monday(self, days):
        day = fields.Date.add(fields.Date.today(), days=days)
        return max(day - timedelta(days=day.weekday()), fields.Date.today())

    def test_a_payout_comes_after_its_days_and_the_reserve_later(self):
        self.terms.write(
            {"expects": True, "delay_from": "order", "delay_days": 14, "reserve_percent": 10.0, "reserve_days": 30}
        )
        order = self.sold("A-1")
        run = self.reckon()
        # 100 less 5 % commission; 10 of it are kept back for 30 days.
        self.assertEqual(self.told(run, "payout", "reserve", "customer"),
                         [(self.monday(14), "payout", 85.0), (self.monday(44), "reserve", 10.0)])  # fmt: skip
        line = run.line_ids.filtered(lambda line: line.kind == "payout")
        self.assertEqual((line.document, line.res_id), (order.name, order.id))
        self.assertIn("pays out after 14 days", line.reason_text)
        self.assertIn("Kept back", run.line_ids.filtered(lambda line: line.kind == "reserve").reason_text)
        later = self.env["dropship.cash.forecast"]._read(self.company, {"payout_days": 7})
        weeks = {week["start"]: week["by_kind"] for week in later["weeks"]}
        self.assertEqual(weeks[self.monday(21)]["payout"], 85.0)

    def test_a_reserve_nobody_knows_the_end_of_is_named(self):
        self.terms.write({"expects": True, "delay_from": "order", "delay_days": 14, "reserve_percent": 10.0})
        self.sold("A-1")
        run = self.reckon()
        self.assertEqual(self.told(run, "payout", "reserve"), [(self.monday(14), "payout", 85.0)])
        self.assertIn("release_unknown", [line.reasons[0][0] for line in run.left_ids])

    def test_days_that_begin_with_the_delivery(self):
        self.terms.write({"expects": True, "delay_from": "delivery", "delay_days": 14})
        order = self.sold("A-1")
        waiting = self.reckon()
        [row] = self.told(waiting, "payout")
        self.assertEqual(row[0], self.monday(21))  # a week until it is delivered, where nobody knows better
        self.assertIn("still to come", waiting.line_ids.filtered(lambda line: line.kind == "payout").reason_text)
        order.dropship_delivered_at = self.ago(2)
        self.assertEqual(self.told(self.reckon(), "payout"), [(self.monday(12), "payout", 95.0)])

    def test_what_a_channel_kept_is_released_first_in_first_out(self):
        self.terms.write({"expects": True, "delay_from": "order", "reserve_days": 60})
        self.sold("A-1")
        self.sold("A-2")
        day = fields.Date.today()
        common = {"Payout Date": str(day), "Date": str(day)}
        first = self.enter(("A-1", "sale", "100"), ("", "reserve held", "-20"), name="a.csv", Payout="P-1", **common)
        first.action_post()
        second = self.enter(("A-2", "sale", "100"), ("", "reserve held", "-30"), ("", "reserve released", "15"),
                            name="b.csv", Payout="P-2", **common)  # fmt: skip
        second.action_post()
        run = self.reckon()
        self.assertEqual(sorted(amount for _day, _kind, amount in self.told(run, "reserve")), [5.0, 30.0])
        self.assertEqual({day for day, _kind, _amount in self.told(run, "reserve")}, {self.monday(60)})
        self.assertFalse(self.told(run, "payout"), "what was paid out is not expected again")

    def test_a_payout_is_cash_by_kind(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "commission", "-8"), ("", "reserve held", "-10"))
        payout.action_post()
        lines = self.env["dropship.cash.line"]
        day = payout.date
        self.assertEqual(lines._by_kind(self.company, day, day), {"payout": 90.0, "fee": -8.0})
        self.assertEqual(lines._tie(self.company, day, day)["closing"], 82.0)
        row = lines.search([("company_id", "=", self.company.id), ("kind", "=", "fee")])
        self.assertEqual(row.action_open_document()["res_id"], payout.id)
        payout.action_reverse()
        self.env.flush_all()
        lines.invalidate_model()
        today = fields.Date.today()
        self.assertEqual(lines._tie(self.company, day, today)["closing"], 0.0)
        self.assertEqual(lines._tie(self.company, day, today)["unexplained"], 0.0)
