from odoo import Command, fields
from odoo.tests import tagged

from .common_cash import CashCase


@tagged("post_install", "-at_install", "standard")
class TestCashForecast(CashCase):
    # --- documents ---

    def test_invoices_and_bills_by_hand(self):
        self.opening(1000.0)
        order, purchase = self.sold()
        self.due(self.invoice(order), 10)
        self.due(self.bill(purchase), 20)
        run = self.reckon()
        self.assertEqual(
            self.rows(run),
            [(self.week(self.day(10)), "customer", 119.0), (self.week(self.day(20)), "supplier", -47.6)],
        )
        self.assertEqual(run.opening, 1000.0)
        line = run.line_ids.filtered(lambda line: line.kind == "customer")
        self.assertEqual((line.document, line.partner_id), (order.invoice_ids.name, self.anna))
        self.assertIn("Open invoice", line.reason_text)
        self.assertEqual(line.action_open_document()["res_id"], order.invoice_ids.id)
        known = [line for line in run.line_ids if line.kind in ("customer", "supplier")]
        self.assertEqual(round(run.opening + sum(line.amount for line in known), 2), 1071.4)

    def test_what_is_overdue_is_expected_now(self):
        order, purchase = self.sold()
        self.due(self.invoice(order), -40)
        self.due(self.bill(purchase), -3)
        run = self.reckon()
        self.assertEqual(self.rows(run), [(1, "customer", 119.0), (1, "supplier", -47.6)])
        self.assertTrue(all(line.overdue for line in run.line_ids if line.kind == "customer"))

    def test_before_documents_orders_count(self):
        _order, _purchase = self.sold(2.0)
        run = self.reckon()
        told = self.rows(run)
        self.assertIn((1, "customer", 238.0), told)
        purchases = [row for row in told if row[1] == "purchase"]
        freight = run.line_ids.filtered(lambda line: line.kind == "purchase")
        self.assertEqual(freight.res_model, "purchase.order")
        self.assertAlmostEqual(purchases[0][2], -(95.2 + _purchase.dropship_freight + _purchase.dropship_fees))

    def test_half_invoiced_counts_once(self):
        order, purchase = self.sold(2.0)
        self.bill(purchase, qty=1.0)
        self.invoice(order).button_draft()
        order.invoice_ids.invoice_line_ids.quantity = 1.0
        order.invoice_ids.action_post()
        run = self.reckon()
        incoming = [row[2] for row in self.rows(run, "customer")]
        self.assertEqual(sorted(incoming), [119.0, 119.0])
        outgoing = [row[2] for row in self.rows(run, "supplier")]
        self.assertEqual(outgoing, [-47.6])

    def test_who_is_paid_before_it_ships_is_paid_today(self):
        term = self.env["account.payment.term"].create(
            {"name": "30 days", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})]}
        )
        self.suppliers["Rhein"].partner_id.property_supplier_payment_term_id = term
        purchase = self.sell(self.chair)
        later = self.reckon()
        amount = -round(47.6 + purchase.dropship_freight + purchase.dropship_fees, 2)
        [row] = self.rows(later, "purchase")
        self.assertEqual(row[2], amount)
        self.assertGreaterEqual(row[0], self.week(self.day(30)))
        self.assertIn("30 days", later.line_ids.filtered(lambda line: line.kind == "purchase").reason_text)
        self.assertEqual(self.rows(self.reckon(prepaid=True), "purchase"), [(1, "purchase", amount)])
        self.suppliers["Rhein"].term_ids.unlink()
        self.env["dropship.supplier.term"].create(
            {"supplier_id": self.suppliers["Rhein"].id, "payment_way": "pay_to_ship"}
        )
        self.assertEqual(self.rows(self.reckon(), "purchase"), [(1, "purchase", amount)])

    def test_what_was_paid_on_account_is_taken_off(self):
        order, purchase = self.sold()
        self.due(self.bill(purchase), 20)
        self.due(self.invoice(order), 20)
        payable, partner = self.accounts["Suppliers"], purchase.partner_id
        self.entry((self.accounts["Bank"], -30.0), (payable, 30.0, {"partner_id": partner.id}))
        owed = {"partner_id": order.partner_id.id}
        self.entry((self.accounts["Bank"], 19.0), (self.accounts["Customers"], -19.0, owed))
        run = self.reckon()
        number = self.week(self.day(20))
        self.assertEqual(self.rows(run), [(number, "customer", 100.0), (number, "supplier", -17.6)])

    def test_a_credit_note_and_an_agreed_refund(self):
        order, _purchase = self.sold()
        note = self.credit(self.invoice(order))
        note.line_ids.remove_move_reconcile()
        self.assertIn((1, "refund", -119.0), self.rows(self.reckon()))

    # --- what people enter ---

    def test_planned_money(self):
        plans = self.env["dropship.cash.plan"]
        common = {"company_id": self.company.id, "currency_id": self.company.currency_id.id}
        plans.create({**common, "name": "Wages", "amount": -500.0, "every": "week", "date": self.day(7)})
        plans.create({**common, "name": "Loan", "amount": 900.0, "every": "once", "date": self.day(15)})
        plans.create({**common, "name": "Past", "amount": 900.0, "every": "once", "date": self.day(-15)})
        run = self.reckon()
        recurring = self.rows(run, "recurring")
        self.assertEqual([row[2] for row in recurring], [-500.0] * len(recurring))
        self.assertEqual(recurring[0][0], self.week(self.day(7)))
        self.assertEqual(self.rows(run, "other"), [(self.week(self.day(15)), "other", 900.0)])
        dearer = self.reckon(costs=10)
        self.assertEqual(self.rows(dearer, "recurring")[0][2], -550.0)

    def test_two_currencies_and_one_without_a_rate(self):
        usd, cny = self.currency("USD"), self.currency("CNY")
        known = usd | cny | self.company.currency_id
        self.env["res.currency.rate"].search([("currency_id", "in", known.ids)]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        plans = self.env["dropship.cash.plan"]
        for currency in usd | cny:
            plans.create({"name": currency.name, "amount": -100.0, "every": "once", "date": self.day(3),
                          "company_id": self.company.id, "currency_id": currency.id})  # fmt: skip
        run = self.reckon()
        self.assertEqual(self.rows(run), [(self.week(self.day(3)), "other", -80.0)])
        self.assertIn(("other", "no_rate"), self.left(run))
        self.assertIn("CNY", run.left_ids.filtered(lambda line: line.document == "CNY").reason_text)

    def test_tax_of_the_books_on_its_day(self):
        order, purchase = self.sold()
        self.due(self.invoice(order), 0)
        self.due(self.bill(purchase), 0)
        self.assertIn(("tax", "cash_no_tax_rule"), self.left(self.reckon()))
        self.company.dropship_cash_tax_rule = "de_month"
        run = self.reckon()
        [row] = self.rows(run, "tax")
        self.assertEqual(row[2], -11.4)  # 19.00 of the sale less 7.60 of the purchase
        due = fields.Date.add(self.day().replace(day=1), months=1, days=9)
        self.assertIn(row[0], (self.week(due), self.week(due) + 1))

    def test_tax_comes_once_by_the_calendar(self):
        order, purchase = self.sold()
        self.due(self.invoice(order), 0)
        self.due(self.bill(purchase), 0)
        self.env["dropship.tax.due.rule"]._complete(self.company)
        self.env["dropship.tax.due.rule"].search(
            [("company_id", "=", self.company.id), ("code", "=", "de_month")]
        ).followed = True
        self.company.dropship_cash_tax_rule = "de_month"
        run = self.reckon()
        [row] = self.rows(run, "tax")
        self.assertEqual(row[2], -11.4)
        line = run.line_ids.filtered(lambda line: line.kind == "tax")
        dues = self.env["dropship.tax.due"].search([("company_id", "=", self.company.id)])
        due = dues.filtered(lambda due: due.date_from <= self.day() <= due.date_to)
        self.assertEqual((line.week_id.number, line.document), (self.week(due.date), due.name))
        due._set_state("filed", filed_amount=50.0)
        self.assertEqual([row[2] for row in self.rows(self.reckon(), "tax")], [-50.0], "as declared")
        due.date = self.day(-3)
        self.assertEqual(self.rows(self.reckon(), "tax"), [(1, "tax", -50.0)], "late: expected now")
        due._set_state("paid")
        self.assertEqual(self.rows(self.reckon(), "tax"), [])

    def test_tax_the_calendar_does_not_have_is_named(self):
        order, _purchase = self.sold()
        self.invoice(order)
        self.env["dropship.tax.due.rule"]._complete(self.company)
        rules = self.env["dropship.tax.due.rule"].search([("company_id", "=", self.company.id)])
        rules.filtered(lambda rule: rule.code == "oss").followed = True
        run = self.reckon()
        [left] = run.left_ids.filtered(lambda line: line.kind == "tax")
        self.assertRegex(left.reason_text, r"^Ordinary Return: .*19\.00.* Due Days of Returns")
        rules.filtered(lambda rule: rule.code == "de_month").followed = True
        self.assertNotIn("tax", self.reckon().left_ids.mapped("kind"))

    def test_the_calendar_says_when_tax_of_new_sales_is_paid(self):
        rules = self.env["dropship.tax.due.rule"]
        rules._complete(self.company)
        facts = self.env["dropship.cash.facts"]
        self.assertIsNone(facts._tax_rule(self.company))
        self.company.dropship_cash_tax_rule = "de_quarter"
        self.assertEqual(facts._tax_rule(self.company).months, 3)
        mine = [("company_id", "=", self.company.id)]
        rules.search([*mine, ("code", "in", ("de_month", "at_quarter"))]).followed = True
        rule = facts._tax_rule(self.company)
        self.assertEqual((rule.months, rule.day), (1, 10))

    def test_a_prepaid_balance_is_topped_up(self):
        wallet = self.env["dropship.wallet"].create(
            {"supplier_id": self.suppliers["Rhein"].id, "company_id": self.company.id, "alarm": 100.0}
        )
        wallet.sudo()._move("top_up", 300.0)
        wallet.sudo()._move("order", -220.0)
        run = self.reckon()
        wallets = self.rows(run, "wallet")
        self.assertEqual(wallets[0], (1, "wallet", -300.0))
        self.assertIn((1, "supplier", -300.0), self.rows(run, "supplier"))  # of which no payment is booked
        self.assertIn("Topped up before", run.line_ids.filtered(lambda line: line.kind == "wallet")[:1].reason_text)
