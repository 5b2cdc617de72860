from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_analysis import AnalysisCase


@tagged("post_install", "-at_install", "standard")
class TestAnalysisFigures(AnalysisCase):
    """A chair brings 100.00 without tax and costs 40.00; its freight of 3.90 is expected, and what the shop pays for
    being paid: 1.4 % of what it costs with tax, 119.00, and 0.30.
    """

    def wants(self, **choices):
        """The company's choices, wherever they are kept."""
        model = type(self.report)
        real = model._wants

        def wants(report, company, name, otherwise=False):
            mine = company == self.company and name in choices
            return choices[name] if mine else real(report, company, name, otherwise)

        patcher = patch.object(model, "_wants", wants)
        patcher.start()
        self.addCleanup(patcher.stop)

    # --- what they are ---

    def test_the_figures_of_a_month(self):
        order, purchase = self.sold(2)
        self.bill(purchase, qty=2)
        self.invoice(order)
        self.collect()
        self.assertFigures(
            self.figures(), net_revenue=200.0, contribution_1=116.1, contribution_4=112.47, net_profit=112.47, orders=1,
            units=2.0, ad_spend=0.0, roas=None, margin=0.5624, new_customers=1,
        )  # fmt: skip
        self.assertFigures(self.figures(booked=True), net_revenue=200.0, net_profit=120.0, units=2.0)

    def test_an_empty_month(self):
        self.assertFigures(
            self.figures(), net_revenue=0.0, net_profit=0.0, orders=0, units=0.0, roas=None, cac=None, margin=None
        )

    def test_before_documents_the_order_counts(self):
        self.sell(self.chair, 3)
        self.collect()
        self.assertFigures(self.figures(), net_revenue=300.0, orders=1, units=3.0)
        self.assertFigures(self.figures(booked=True), net_revenue=0.0, orders=0, units=0.0)

    def test_pieces_invoiced_in_parts_and_credited(self):
        order, purchase = self.sold(2)
        self.invoice(order)
        order.order_line.product_uom_qty = 5
        self.collect()
        self.assertFigures(self.figures(), orders=1, units=5.0)
        self.assertFigures(self.figures(booked=True), orders=1, units=2.0)
        self.credit(order.invoice_ids)
        self.collect()
        self.assertFigures(self.figures(booked=True), net_revenue=0.0, orders=1, units=0.0)

    def test_a_cancelled_order_is_none(self):
        purchase = self.buy((self.chair, 1))
        order = purchase.dropship_allocation_ids.order_id
        self.collect()
        self.assertFigures(self.figures(), orders=1)
        order._action_cancel()
        self.collect()
        self.assertFigures(self.figures(), orders=0, net_revenue=0.0)

    def test_what_is_out_of_scope_counts_nowhere(self):
        rent = self.make_account("Rent", "630000", "expense")
        self.typed(rent, -9.0)
        self.collect()
        self.assertFigures(self.figures(), contribution_4=0.0, net_profit=-9.0)
        self.env["dropship.profit.account"].search([("account_id", "=", rent.id)]).scope = "out"
        self.collect()
        self.assertFigures(self.figures(), net_profit=0.0)

    def test_only_who_may_read_profit_reads_figures(self):
        employee = new_test_user(self.env, "figures employee", "base.group_user", company_id=self.company.id)
        reader = new_test_user(
            self.env, "figures reader", "dropship_flow_reports.group_reports_reader", company_id=self.company.id
        )
        self.invoice(self.sold()[0])
        self.collect()
        told = self.report.with_user(reader)._figures(self.company, self.month, self.today, by="supplier")
        self.assertFigures(told[self.rhein.id], net_revenue=100.0)
        with self.assertRaises(AccessError):
            self.report.with_user(employee)._figures(self.company, self.month, self.today)

    # --- by what ---

    def test_parts_are_the_whole(self):
        other = self.make_partner("Bert Braun", "DE", is_company=False)
        for order, purchase in (self.sold(2), self.sold(partner=other, dropship_channel_id=self.second_channel.id)):
            self.invoice(order)
            self.bill(purchase, qty=order.order_line.product_uom_qty)
        self.typed(self.accounts["Sales"], 7.0)
        self.collect()
        whole = self.figures()
        self.assertFigures(whole, net_revenue=307.0, orders=2, units=3.0)
        for by in ("product", "supplier", "channel", "customer", "campaign", "country", "kind", "order", "day"):
            with self.subTest(by):
                parts = self.figures(by).values()
                for name in ("net_revenue", "contribution_1", "net_profit", "units"):
                    self.assertAlmostEqual(sum(part[name] for part in parts), whole[name])
        channels = self.figures("channel")
        self.assertFigures(channels[self.second_channel.id], net_revenue=100.0, orders=1)
        self.assertFigures(channels[self.channel.id], net_revenue=200.0, orders=1)  # of the shop, entered for none
        self.assertFigures(self.figures("supplier")[False], net_revenue=7.0, orders=0)
        self.assertEqual(list(self.figures("month")), [self.month])

    def test_what_ads_bring(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        first, _purchase = self.sold(campaign_id=campaign.id)
        again, _purchase = self.sold()
        other, _purchase = self.sold(partner=self.make_partner("Bert Braun", "DE", is_company=False))
        for order in first | again | other:
            self.invoice(order)
        self.advertise(60.0)
        self.collect()
        self.assertFigures(self.figures(), ad_spend=60.0, orders=3, new_customers=2, cac=30.0, roas=5.0)
        by = self.figures("campaign")
        self.assertFigures(by[campaign.id], net_revenue=100.0, new_customers=1, orders=1, roas=None, cac=None)
        self.assertFigures(by[False], ad_spend=60.0, new_customers=1, cac=60.0)

    def test_the_list_of_campaigns_says_the_same(self):
        self.invoice(self.sold()[0])
        self.advertise(50.0)
        self.collect()
        groups = self.report.formatted_read_grouping_sets(
            [("company_id", "=", self.company.id)],
            [[], ["campaign_id"]],
            ["sale_id:count_distinct", "roas:avg", "cac:avg", "margin:avg", "__count"],
        )
        row = groups[0][0]
        self.assertEqual((row["sale_id:count_distinct"], row["roas:avg"], row["cac:avg"]), (1, 2.0, 50.0))
        self.assertAlmostEqual(row["margin:avg"], (100 - 50 - 43.9 - 1.97) / 100)

    # --- as the company wants them ---

    def test_refunds_on_the_day_of_the_order(self):
        order, purchase = self.sold()
        ordered = self.month.replace(day=1)
        order.date_order = f"{ordered} 12:00:00"
        note = self.credit(self.invoice(order))
        self.bill(purchase)
        note.button_draft()
        note.invoice_date = note.date = self.today
        note.action_post()
        self.collect()
        before = self.figures("day")
        self.assertEqual(before[self.today]["net_revenue"], 0.0)
        self.wants(refund_day="order")
        after = self.figures("day")
        whole = self.figures()
        self.assertEqual(whole["net_revenue"], 0.0)
        if ordered != self.today:
            self.assertEqual(after[ordered]["net_revenue"], -100.0)
            self.assertEqual(after[self.today]["net_revenue"], 100.0)
        ours = [("company_id", "=", self.company.id)]
        months = self.report._read_group(ours, ["date:month"], ["net_revenue:sum", "__count"])
        slow = self.report._read_group(
            [*ours, ("order_id", "!=", False)], ["date:month"], ["net_revenue:sum", "__count"]
        )
        self.assertEqual(months, slow)

    def test_tax_stands_beside(self):
        self.invoice(self.sold()[0])
        self.collect()
        self.assertNotIn("tax", self.figures())
        self.wants(with_tax=True)
        self.assertFigures(self.figures(), net_revenue=100.0, tax=19.0, revenue_with_tax=119.0)

    def test_the_cost_of_what_came_back(self):
        order, purchase = self.sold(2)
        self.bill(purchase, qty=2)
        self.invoice(order)
        self.send_back(purchase, qty=1)
        self.collect()
        self.assertFigures(self.figures(booked=True), contribution_1=120.0, contribution_4=120.0)
        self.wants(returned_cost=False)
        found = self.figures(booked=True)
        self.assertFigures(found, contribution_1=160.0, contribution_3=160.0, contribution_4=120.0, net_profit=120.0)
        rows = self.report.search([("company_id", "=", self.company.id), ("kind_group", "=", "4")])
        self.assertEqual((rows.order_id, rows.supplier_id, rows.amount), (order, self.rhein, -40.0))
        self.assertFigures(self.figures("supplier", booked=True)[self.rhein.id], contribution_1=160.0)

    # --- the document behind ---

    def test_each_row_opens_its_document(self):
        order, purchase = self.sold()
        invoice, bill = self.invoice(order), self.bill(purchase)
        self.collect()
        rows = self.report.search([("order_id", "=", order.id)])
        opened = {(action["res_model"], action["res_id"]) for action in (row.action_open_document() for row in rows)}
        self.assertEqual(
            opened,
            {("account.move", invoice.id), ("account.move", bill.id), ("purchase.order", purchase.id),
             ("sale.order", order.id)},
        )  # fmt: skip
        self.assertEqual(rows.mapped("document"), [row.document for row in rows])
        self.assertAlmostEqual(sum(rows.mapped("net_profit")), 54.13)
