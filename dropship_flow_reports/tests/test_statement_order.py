from datetime import timedelta
from html import unescape
from itertools import product

from odoo import Command, fields
from odoo.addons.dropship_flow.tests.common_supply import UNINVITED
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_statement import StatementCase


@tagged("post_install", "-at_install", "standard")
class TestStatementOfAnOrder(StatementCase):
    """The shop pays 1.4 % and 0.30 for being paid: 1.97 of the 119.00 of a chair are expected."""

    def test_steps_add_up_to_the_profit(self):
        order, purchase = self.sold()
        self.invoice(order)
        self.bill(purchase)
        self.collect()
        self.assertEqual(
            self.lines(order),
            [("sales", "billed", 100.0), ("goods", "billed", -40.0), ("supplier_freight", "committed", -3.9),
             ("payment_fee", "estimated", -1.97)],
        )  # fmt: skip
        self.assertEqual(
            self.steps(order),
            {"net_revenue": 100.0, "contribution_1": 56.1, "contribution_2": 54.13, "net_profit": 54.13},
        )
        page = order._dropship_profit_page()
        self.assertAlmostEqual(page["margin"], 54.13)
        self.assertAlmostEqual(page["profit"], sum(row["amount"] for row in order._dropship_profit_statement()))
        self.assertEqual((order.dropship_profit, order.dropship_profit_revenue), (54.13, 100.0))
        self.assertAlmostEqual(order.dropship_profit_margin, 0.5413)

    def test_each_line_opens_its_document(self):
        order, purchase = self.sold()
        invoice, bill = self.invoice(order), self.bill(purchase)
        self.collect()
        html = order.dropship_profit_statement
        for document in (invoice, bill, purchase):
            self.assertIn(f'href="/odoo/{document._name}/{document.id}"', html)
            self.assertIn(document.name, html)
        for stage in ("Billed", "Committed"):
            self.assertIn(f">{stage}</span>", html)
        self.assertIn("Last collected", html)

    def test_what_is_open_in_words(self):
        order = self.make_sale(self.chair, self.lamp)
        for line, supplier in zip(order.order_line, (self.rhein, self.suppliers["Dawn"]), strict=True):
            self.env["dropship.line.choice"]._choose(line, supplier, "pin", "test")
        order.action_confirm()
        order.dropship_purchase_ids._dropship_accept()
        self.assertEqual(len(order.dropship_purchase_ids), 2)
        self.collect()
        rows = order._dropship_profit_statement()
        cost = -sum(row["amount"] for row in rows if row["res_model"] == "purchase.order")
        said = order._dropship_profit_page()["open"]
        revenue = sum(row["amount"] for row in rows if row["group"] == "revenue")
        self.assertEqual(said[0], f"Still to be invoiced: {self.company.currency_id.format(revenue)}.")
        self.assertEqual(
            said[1], f"2 bills are still to come: {self.company.currency_id.format(cost)} expected."
        )  # fmt: skip

    def test_one_bill_and_then_none(self):
        self.channel.write({"payment_percent": 0.0, "payment_fixed": 0.0})
        order, purchase = self.sold()
        self.invoice(order)
        self.collect()
        money = self.company.currency_id.format
        self.assertEqual(
            order._dropship_profit_page()["open"], [f"1 bill is still to come: {money(43.9)} expected."]
        )  # fmt: skip
        bill = self.bill(purchase, post=False)
        freight = self.env["account.move.line"]._dropship_charge_product("freight")
        bill.invoice_line_ids = [
            Command.create(
                {"product_id": freight.id, "quantity": 1, "price_unit": 3.9, "dropship_charge": "freight",
                 "dropship_purchase_id": purchase.id, "account_id": self.accounts["Cost of goods"].id,
                 "tax_ids": [Command.clear()]}
            )
        ]  # fmt: skip
        bill.action_post()
        self.collect()
        self.assertEqual(order._dropship_profit_page()["open"], ["Nothing is open any more: all of it is booked."])

    def test_costs_without_a_document_are_named(self):
        order, _purchase = self.sold(ship=False)
        self.collect()
        duty = self.env.ref("dropship_flow_reports.profit_kind_duty")
        self.env["dropship.profit.estimate"].create(
            {"company_id": self.company.id, "date": fields.Date.today(), "order_id": order.id, "kind_id": duty.id,
             "kind_group": "1", "stage": "estimated", "currency_id": self.company.currency_id.id, "expected": -3.0,
             "amount": -3.0, "res_model": "sale.order", "res_id": order.id, "document": order.name}
        )  # fmt: skip
        said = order._dropship_profit_page()["open"][-1]
        money, fee = self.company.currency_id.format, self.env.ref("dropship_flow_reports.profit_kind_payment_fee").name
        self.assertEqual(said, f"Also expected: Duty and Import Tax {money(3.0)}, {fee} {money(1.97)}.")

    def test_before_anything_is_collected(self):
        order, _purchase = self.sold()
        page = order._dropship_profit_page()
        self.assertEqual((self.steps(order), page["margin"]), ({"net_revenue": 0.0, "net_profit": 0.0}, None))
        self.assertFalse(page["collected"])
        self.assertIn("Nothing is collected yet", order.dropship_profit_statement)
        order.action_dropship_profit_collect()
        self.env.invalidate_all()
        self.assertEqual(self.steps(order)["net_revenue"], 100.0)
        self.assertTrue(order._dropship_profit_page()["collected"])

    def test_another_currency_stands_beside_ours(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": usd.id, "company_id": self.company.id}
        )
        order = self.make_sale((self.chair, 1, 148.75), pricelist_id=pricelist.id)
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        self.collect()
        page = order._dropship_profit_page()
        self.assertEqual((page["other"], round(page["rate"], 4), page["revenue"]), (usd, 1.25, 100.0))
        self.assertIn(usd.format(125.0), order.dropship_profit_statement)
        self.assertIn("Amounts in USD are converted at the order's rate", page["notes"][0])

    def test_a_cancelled_order_keeps_what_was_booked(self):
        order, purchase = self.sold()
        self.bill(purchase)
        order.with_context(disable_cancel_warning=True)._action_cancel()
        self.collect()
        self.assertEqual(self.lines(order), [("goods", "billed", -40.0)])
        page = order._dropship_profit_page()
        self.assertEqual((page["profit"], page["margin"]), (-40.0, None))
        self.assertIn("The order is cancelled", page["notes"][0])
        self.assertTrue(order.dropship_profit_statement)

    # --- as the settings say ---

    def test_the_day_of_refunds(self):
        order, _purchase = self.sold()
        self.credit(self.invoice(order))
        order.date_order = fields.Datetime.now() - timedelta(days=40)
        self.collect()
        self.assertEqual(self.refund_day(order), fields.Date.today())
        self.company.dropship_profit_refund_day = "order"
        self.assertEqual(self.refund_day(order), order.date_order.date())
        self.assertIn("Refunds count on the day of the order.", order._dropship_profit_page()["notes"])
        self.assertEqual(order._dropship_profit_page()["revenue"], 0.0)

    def refund_day(self, order):
        rows = order._dropship_profit_page()["steps"][0]["rows"]
        return next(row["date"] for row in rows if row["kind"] == "refund")

    def test_tax_is_shown_beside_and_not_counted(self):
        order, _purchase = self.sold()
        self.invoice(order)
        self.collect()
        money = self.company.currency_id.format
        self.assertNotIn(money(19.0), order.dropship_profit_statement)
        profit = order._dropship_profit_page()["profit"]
        self.company.dropship_profit_with_tax = True
        self.env.invalidate_all()
        self.assertIn(money(19.0), order.dropship_profit_statement)
        self.assertEqual(order._dropship_profit_page()["profit"], profit)

    def test_the_cost_of_what_came_back_moves_down(self):
        order, purchase = self.sold(qty=2.0)
        self.invoice(order)
        self.bill(purchase, qty=2.0)
        self.send_back(purchase, qty=1.0)
        self.collect()
        before = self.steps(order)
        self.assertNotIn("contribution_4", before)
        self.company.dropship_profit_returned_cost = False
        after = self.steps(order)
        self.assertEqual(after["contribution_1"], before["contribution_1"] + 40.0)
        self.assertEqual(after["contribution_4"], before["contribution_2"])
        self.assertEqual(after["net_profit"], before["net_profit"])

    def test_the_analysis_says_the_same_under_every_choice(self):
        order, purchase = self.sold(qty=3.0)
        order.date_order = fields.Datetime.now() - timedelta(days=40)
        self.invoice(order)
        self.bill(purchase, qty=2.0, price=33.35)
        for _time in range(2):
            self.send_back(purchase)
        note = self.credit(order.invoice_ids)
        note.button_draft()
        note.invoice_line_ids.quantity = 2
        note.action_post()
        self.rent(order, 70.0)
        self.collect()
        company = self.company
        for day, tax, cost in product(("refund", "order"), (False, True), (True, False)):
            with self.subTest(refund_day=day, with_tax=tax, returned_cost=cost):
                company.dropship_profit_refund_day, company.dropship_profit_with_tax = day, tax
                company.dropship_profit_returned_cost = cost
                self.assertSameFigures(order)
        # a third of 106.70, twice; all but one of three pieces was given back
        moved = self.steps(order)
        company.dropship_profit_returned_cost = True
        self.assertAlmostEqual(moved["contribution_1"] - self.steps(order)["contribution_1"], 71.14)
        self.assertAlmostEqual(moved["net_profit"], self.steps(order)["net_profit"])

    def rent(self, order, amount):
        """Rent of the month of the order, whose bill has not come."""
        account = self.make_account("Rent", "630000", "expense")
        rule = self.env["dropship.cost.rule"].create(
            {"name": "Rent", "company_id": self.company.id, "kind": "monthly", "amount": amount, "by": "revenue",
             "account_ids": [Command.set(account.ids)], "first": order.date_order.date().replace(day=1),
             "currency_id": self.company.currency_id.id}
        )  # fmt: skip
        self.collect()
        self.assertTrue(
            self.env["dropship.cost.share"].search([("rule_id", "=", rule.id), ("order_id", "=", order.id)])
        )

    def assertSameFigures(self, order):
        """On the order's page, and by day in the analysis."""
        read, company = self.env["dropship.profit.report"]._figures, order.company_id
        span = order.date_order.date() - timedelta(days=60), fields.Date.today() + timedelta(days=60)
        page, found = order._dropship_profit_page(), read(company, *span, by="order")[order.id]
        steps = {step["code"]: step["total"] for step in page["steps"]}
        last = 0.0
        for code in ("net_revenue", *(f"contribution_{number}" for number in range(1, 5)), "net_profit"):
            last = steps.get(code, last)  # a step in which nothing happened leaves all as it is
            self.assertAlmostEqual(found[code], last, msg=code)
        self.assertEqual(found["margin"], round(page["margin"] / 100, 4))
        self.assertEqual(page["tax"], found.get("tax"))
        refunds = [(row["date"], row["amount"]) for row in page["steps"][0]["rows"] if row["kind"] == "refund"]
        report = self.env["dropship.profit.report"].search([("order_id", "=", order.id)])
        booked = report.filtered(lambda row: row.kind_id.code == "refund")
        self.assertEqual([(row.date, row.amount) for row in booked], refunds)

    # --- on paper, as a workbook, for whom ---

    def test_on_paper(self):
        order, _purchase = self.sold()
        self.collect()
        report = "dropship_flow_reports.report_profit_statement"
        html = unescape(self.env["ir.actions.report"]._render_qweb_html(report, order.ids)[0].decode())
        for words in (order.name, "Net Profit", "1 bill is still to come", self.company.name):
            self.assertIn(words, html)
        self.assertNotIn("/odoo/purchase.order/", html)
        self.assertEqual(order.action_dropship_profit_print()["report_name"], report)

    def test_as_a_workbook(self):
        order, purchase = self.sold()
        purchase.name = "=HYPERLINK(1)"
        self.invoice(order)
        self.collect()
        name, content = order._dropship_profit_file()
        self.assertTrue(name.endswith(".xlsx"))
        rows = self.cells(content)
        found = {row[0]: row for row in rows if row[0]}
        self.assertEqual(found["Net Profit"][4], 54.13)
        self.assertEqual(found["Supplier's Goods"][4], -40.0)
        self.assertEqual(found["Supplier's Goods"][2], "=HYPERLINK(1)")
        self.assertNotIn("f", self.cell_types(content), "no text is a formula")

    def test_who_sees_it(self):
        order, _purchase = self.sold()
        self.collect()
        groups = "dropship_flow.group_dropship_user,sales_team.group_sale_salesman_all_leads"
        user = new_test_user(self.env, "desk2", groups=groups, context=UNINVITED, company_id=self.company.id,
                             company_ids=[Command.set(self.company.ids)])  # fmt: skip
        theirs = order.with_user(user)
        for verb in ("action_dropship_profit_statement", "_dropship_profit_page", "_dropship_profit_file",
                     "action_dropship_profit_collect"):  # fmt: skip
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(theirs, verb)()
        self.assertNotIn("dropship_profit_statement", theirs.fields_get())

    def test_it_opens_as_a_page_of_its_own(self):
        order, _purchase = self.sold()
        action = order.action_dropship_profit_statement()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))
        view = self.env["sale.order"].get_view(action["views"][0][0], "form")
        self.assertIn("dropship_profit_statement", view["arch"])
        default = self.env["sale.order"].get_view(view_type="form")
        self.assertNotEqual(view["id"], default["id"], "the order's own form stays what it is")
        self.assertEqual(order.action_dropship_profit()["domain"], [("order_id", "=", order.id)])
