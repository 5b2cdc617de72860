from odoo import Command
from odoo.tests import tagged

from .common_cash import CashCase


@tagged("post_install", "-at_install", "standard")
class TestCashLine(CashCase):
    def lines(self, *domain):
        self.env.flush_all()
        return self.env["dropship.cash.line"].search([("company_id", "=", self.company.id), *domain])

    # --- documents ---

    def test_a_customer_pays_and_a_supplier_is_paid(self):
        order, purchase = self.sold()
        invoice, bill = self.invoice(order), self.bill(purchase)
        self.pay(invoice)
        self.pay(bill)
        self.assertEqual(self.came(), {"customer": 119.0, "supplier": -47.6})
        rows = self.lines()
        self.assertEqual(rows.document_id, invoice | bill)
        row = rows.filtered(lambda line: line.kind == "customer")
        self.assertEqual((row.partner_id, row.account_id), (self.anna, self.accounts["Payments on the way"]))
        self.assertEqual(row.action_open_document()["res_id"], invoice.id)

    def test_the_bank_statement_brings_nothing_new(self):
        order, _purchase = self.sold()
        self.pay(self.invoice(order))
        self.entry((self.accounts["Bank"], 119.0), (self.accounts["Payments on the way"], -119.0))
        self.assertEqual(self.came(), {"customer": 119.0})
        transfer = self.lines(("kind", "=", "transfer"))
        self.assertEqual(sorted(transfer.mapped("amount")), [-119.0, 119.0])

    def test_a_refund_goes_back(self):
        order, _purchase = self.sold()
        note = self.credit(self.invoice(order))
        note.line_ids.remove_move_reconcile()
        self.pay(note)
        self.assertEqual(self.came(), {"refund": -119.0})

    def test_money_in_advance_becomes_the_bill_it_pays(self):
        _order, purchase = self.sold()
        payable = self.accounts["Suppliers"]
        paid = self.entry(
            (self.accounts["Bank"], -60.0), (payable, 60.0, {"partner_id": purchase.partner_id.id})
        )  # fmt: skip
        self.assertEqual(self.came(), {"prepayment": -60.0})
        bill = self.bill(purchase)
        (paid.line_ids | bill.line_ids).filtered(lambda line: line.account_id == payable).reconcile()
        self.assertEqual(self.came(), {"supplier": -47.6, "prepayment": -12.4})

    def test_a_bill_is_what_it_is_about(self):
        ads = self.make_account("Ads", "610000", "expense")
        self.env["dropship.profit.account"]._complete(self.company)
        row = self.env["dropship.profit.account"].search([("account_id", "=", ads.id)])
        row.kind_id = self.env.ref("dropship_flow_reports.profit_kind_ads")
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice", "partner_id": self.anna.id, "invoice_date": self.day(),
                "invoice_line_ids": [Command.create({"name": "Clicks", "account_id": ads.id, "price_unit": 30.0,
                                                     "tax_ids": [Command.clear()]})],
            }
        )  # fmt: skip
        bill.action_post()
        self.pay(bill)
        self.assertEqual(self.came(), {"ads": -30.0})

    # --- pages of the list ---

    def pages(self, size, domain=(), order=None):
        """All rows as a reader turns the pages, as [(date, id)]."""
        found, lines = [], self.env["dropship.cash.line"]
        while page := lines.search_fetch(domain, ["date"], offset=len(found), limit=size, order=order):
            found += [(line.date, line.id) for line in page]
        return found

    def test_pages_are_the_whole_list(self):
        equity = self.make_account("Capital", "290000", "equity")
        for day in range(8):
            self.entry(
                (self.accounts["Bank"], 10.0 + day), (equity, -4.0), (self.accounts["Suppliers"], -6.0 - day),
                date=self.day(-(day % 5)),
            )  # fmt: skip
        self.env.flush_all()
        mine = [("company_id", "=", self.company.id)]
        newest = sorted(((line.date, line.id) for line in self.lines()), reverse=True)
        self.assertEqual(len(newest), 16)
        few = [*mine, ("kind", "=", "supplier")]
        for size in (1, 3, 5, 16, 80):
            self.assertEqual(self.pages(size, mine), newest)
            self.assertEqual(self.pages(size, mine, "date, id"), newest[::-1])
            kept = self.pages(size, few)
            self.assertEqual(len(kept), 8)
            self.assertEqual(kept, [one for one in newest if one in kept])
        lines = self.env["dropship.cash.line"]
        self.assertEqual([lines.search_count(mine, limit=limit) for limit in (1, 15, 17, None)], [1, 15, 16, 16])

    # --- entries ---

    def test_what_entries_say(self):
        bank, rent = self.accounts["Bank"], self.make_account("Rent", "630000", "expense")
        wages = self.make_account("Wages to pay", "230000", "liability_current")
        loan = self.make_account("Loan", "250000", "liability_non_current")
        self.opening(1000.0)
        part = self.vat_in.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        tax = {"tax_repartition_line_id": part.id}
        self.entry((bank, -119.0), (rent, 100.0), (self.accounts["Input tax"], 19.0, tax))
        self.entry((bank, -50.0), (self.accounts["Output tax"], 50.0))
        self.entry((bank, -300.0), (wages, 300.0))
        self.entry((bank, 500.0), (loan, -500.0))
        self.assertEqual(self.came(), {"owner": 1500.0, "cost": -119.0, "tax": -50.0, "unknown": -300.0})
        self.assertEqual(self.lines(("kind", "=", "unknown")).other_account_id, wages)
        self.env["dropship.cash.account"].create(
            {"company_id": self.company.id, "account_id": wages.id, "kind": "cost"}
        )
        self.assertEqual(self.came(), {"owner": 1500.0, "cost": -419.0, "tax": -50.0})

    def test_an_entry_with_several_accounts_of_money(self):
        bank, rent = self.accounts["Bank"], self.make_account("Rent", "630000", "expense")
        cash = self.make_account("Cash", "102000", "asset_cash")
        self.entry((bank, -100.0), (cash, 60.0), (rent, 40.0))
        self.entry((bank, -33.33), (cash, -66.67), (rent, 50.0), (self.accounts["Cost of goods"], 50.0))
        self.assertEqual(self.came(), {"cost": -140.0})
        for account, amount in ((bank, -133.33), (cash, -6.67)):
            self.assertAlmostEqual(sum(self.lines(("account_id", "=", account.id)).mapped("amount")), amount)
        self.assertAlmostEqual(sum(self.lines(("kind", "=", "transfer")).mapped("amount")), 0.0)

    def test_drafts_and_other_companies_do_not_count(self):
        move = self.opening(70.0)
        move.button_draft()
        self.assertEqual(self.came(), {})
        move.action_post()
        ours = self.company
        self.addCleanup(setattr, type(self), "env", type(self).env)
        other = self.euro_company("Other GmbH")
        self.assertEqual(self.came(company=other), {})
        self.assertEqual(self.came(company=ours), {"owner": 70.0})

    def test_money_in_another_currency(self):
        usd = self.currency("USD")
        loan = self.make_account("Loan", "250000", "liability_non_current")
        own = {"currency_id": usd.id}
        self.entry(
            (self.accounts["Bank"], 80.0, {**own, "amount_currency": 100.0}),
            (loan, -50.0, {**own, "amount_currency": -62.5}), (self.accounts["Sales"], -30.0),
        )  # fmt: skip
        self.assertEqual(self.came(), {"owner": 50.0, "customer": 30.0})
        rows = self.lines()
        self.assertEqual(sorted(rows.mapped("own_amount")), [37.5, 62.5])
        self.assertEqual(rows.own_currency_id, usd)

    def test_the_page_of_a_period(self):
        rent = self.make_account("Rent", "630000", "expense")
        self.opening(1000.0, self.day(-1))
        self.entry((self.accounts["Bank"], -40.0), (rent, 40.0))
        page = self.env["dropship.cash.statement"].create({"first": self.day(), "last": self.day()})
        self.assertEqual(
            (page.opening, page.inflow, page.outflow, page.closing, page.unexplained), (1000.0, 0.0, 40.0, 960.0, 0.0)
        )
        self.assertEqual([(line.kind, line.amount) for line in page.line_ids], [("cost", -40.0)])
        found = self.env["dropship.cash.line"].search(page.line_ids.action_open()["domain"])
        self.assertEqual(found.amount, -40.0)
        page.action_previous()
        self.assertEqual(page.last.day, (self.day().replace(day=1) - self.day().resolution).day)
