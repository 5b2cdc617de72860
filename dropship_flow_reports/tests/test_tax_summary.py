from datetime import date

from odoo import Command, fields
from odoo.tests import tagged

from .common_tax import TaxCase


@tagged("post_install", "-at_install", "standard")
class TestTaxSummary(TaxCase):
    # --- routes ---

    def test_at_home(self):
        invoice = self.billed(self.sold("DE", ("DE", 1), price=119.0))
        self.assertEqual(self.rows(invoice), {("domestic", "DE → DE", 19.0): (100.0, 19.0)})
        self.assertEqual(self.warnings(invoice), [])
        self.assertTaxTies()

    def test_to_a_consumer_in_another_member_state(self):
        invoice = self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at))
        self.assertEqual(self.rows(invoice), {("oss", "PL → AT", 20.0): (100.0, 20.0)})
        self.assertEqual(self.warnings(invoice), [])
        row = self.env["dropship.tax.summary"].search([("move_id", "=", invoice.id)])
        self.assertEqual((row.country_id.code, row.tax_country_id.code, row.side), ("AT", "AT", "output"))
        self.assertEqual(row.account_id, self.accounts["OSS"])

    def test_to_a_business_in_another_member_state(self):
        business = self.customer("AT", vat="ATU12345675")
        invoice = self.billed(self.sold("AT", ("PL", 1), tax=self.free, partner=business))
        self.assertEqual(self.rows(invoice), {("intra_eu", "PL → AT", 0.0): (100.0, 0.0)})
        self.assertEqual(self.warnings(invoice), [])

    def test_a_small_parcel_from_china(self):
        invoice = self.billed(self.sold("DE", ("CN", 1), tax=self.vat_ioss))
        self.assertEqual(self.rows(invoice), {("ioss", "CN → DE", 19.0): (100.0, 19.0)})
        self.assertEqual(self.warnings(invoice), [])

    def test_a_parcel_above_150_euro_is_an_import(self):
        invoice = self.billed(self.sold("DE", ("CN", 2), price=75.01, qty=2, tax=self.free))
        self.assertEqual(self.rows(invoice), {("import", "CN → DE", 0.0): (150.02, 0.0)})
        self.assertEqual(self.warnings(invoice), [])
        exact = self.billed(self.sold("DE", ("CN", 2), price=75.0, qty=2, tax=self.vat_ioss))
        self.assertEqual(self.rows(exact), {("ioss", "CN → DE", 19.0): (150.0, 28.5)})

    def test_a_parcel_is_worth_what_it_was_on_the_company_s_day(self):
        """The shop is in Shanghai; half an hour before midnight in London it is the next day there."""
        euro, yuan = self.currency("EUR"), self.currency("CNY")
        self.env["product.pricelist"].search([("company_id", "in", [False, self.company.id])]).currency_id = yuan
        self.company.write({"currency_id": yuan.id, "name": "Shanghai"})
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env["res.currency.rate"].search([("currency_id", "in", (euro | yuan).ids)]).unlink()
        for day, rate in (("2020-01-01", 0.1), ("2026-05-05", 0.2)):
            self.env["res.currency.rate"].create(
                {"currency_id": euro.id, "company_id": self.company.id, "name": day, "rate": rate}
            )
        for moment, worth in (("2026-05-04 12:00:00", 100.0), ("2026-05-04 23:30:00", 200.0)):
            order = self.sold("DE", ("CN", 1), price=1000.0, tax=self.free)
            order.date_order = moment
            invoice = self.billed(order)
            self.rows(invoice)
            with self.subTest(moment):
                found = self.env["dropship.tax.summary"].search([("move_id", "=", invoice.id)])
                self.assertEqual((found.worth, found.currency_id), (worth, yuan))

    def test_each_warehouse_sends_a_parcel_of_its_own(self):
        other = self.make_warehouse(self.places["CN"].supplier_id, "CN", name="Second")
        order = self.sold("DE", ("CN", 1), price=100.0, qty=2, tax=self.vat_ioss)
        self.sourced(order.order_line, other, 1, split=1)
        invoice = self.billed(order)
        self.assertEqual(self.rows(invoice), {("ioss", "CN → DE", 19.0): (200.0, 38.0)})

    def test_without_ioss_number_customs_collects(self):
        self.company.dropship_ioss = False
        invoice = self.billed(self.sold("DE", ("CN", 1), tax=self.free))
        self.assertEqual(self.rows(invoice), {("import", "CN → DE", 0.0): (100.0, 0.0)})
        order = self.sold("DE", ("CN", 1), tax=self.vat_ioss)
        invoice = self.billed(order)
        self.assertEqual(self.warnings(invoice), ["number"])
        # The channel's number counts as well; what was read before is read again.
        self.channel.ioss = "IM1"
        order.dropship_channel_id = self.channel
        self.env["dropship.tax.summary"]._forget(self.company)
        self.assertEqual(self.warnings(invoice), [])

    def test_leaving_the_union(self):
        invoice = self.billed(self.sold("CH", ("PL", 1), tax=self.free))
        self.assertEqual(self.rows(invoice), {("export", "PL → CH", 0.0): (100.0, 0.0)})
        invoice = self.billed(self.sold("US", ("CN", 1), tax=self.free))
        self.assertEqual(self.rows(invoice), {("outside", "CN → US", 0.0): (100.0, 0.0)})

    def test_the_marketplace_collects(self):
        position = self.env["account.fiscal.position"].create({"name": "None", "company_id": self.company.id})
        self.channel.write({"tax_treatment": "marketplace", "fiscal_position_id": position.id})
        order = self.sold("DE", ("CN", 1), tax=self.env["account.tax"], dropship_channel_id=self.channel.id)
        invoice = self.billed(order)
        self.assertEqual(self.rows(invoice), {("marketplace", "CN → DE", 0.0): (100.0, 0.0)})
        self.assertEqual(self.warnings(invoice), [])
        order = self.sold("DE", ("CN", 1), tax=self.vat_ioss, dropship_channel_id=self.channel.id)
        self.assertEqual(self.warnings(self.billed(order)), ["twice"])

    def test_one_line_from_two_countries(self):
        order = self.sold("DE", ("PL", 1), ("DE", 2), price=33.34, qty=3, tax=self._sale_tax(19.0))
        invoice = self.billed(order)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100.02, 19.0))
        rows = self.rows(invoice)
        self.assertEqual(rows, {("oss", "PL → DE", 19.0): (33.34, 6.33), ("domestic", "DE → DE", 19.0): (66.68, 12.67)})
        self.assertTaxTies()

    def test_a_third_of_a_cent_is_not_lost(self):
        order = self.sold("DE", ("PL", 1), ("DE", 1), ("CN", 1), price=3.33, qty=3, tax=self.vat_out)
        invoice = self.billed(order)
        rows = self.rows(invoice).values()
        self.assertAlmostEqual(sum(base for base, _tax in rows), invoice.amount_untaxed)
        self.assertAlmostEqual(sum(tax for _base, tax in rows), invoice.amount_tax)
        self.assertEqual(len(rows), 3)

    def test_shipping_goes_where_the_goods_go(self):
        order = self.sold("AT", ("PL", 1), tax=self.vat_at)
        freight = self.make_product("Shipping", type="service", taxes_id=[Command.set(self.vat_at.ids)])
        order.write({"order_line": [Command.create(
            {"product_id": freight.id, "product_uom_qty": 1, "price_unit": 10.0, "is_delivery": True,
             "tax_ids": [Command.set(self.vat_at.ids)]})]})  # fmt: skip
        self.assertEqual(self.rows(self.billed(order)), {("oss", "PL → AT", 20.0): (110.0, 22.0)})

    def test_what_nobody_ordered_ships_from_home(self):
        invoice = self.typed_invoice((100.0, self.vat_at), partner=self.customer("AT"))
        self.assertEqual(self.rows(invoice), {("oss", "DE → AT", 20.0): (100.0, 20.0)})

    def test_own_stock_ships_from_its_warehouse(self):
        stock = self.env["stock.warehouse"].create({"name": "Paris", "code": "PAR", "company_id": self.company.id})
        stock.partner_id = self.make_partner("Paris", "FR")
        order = self.sold("DE", warehouse_id=stock.id, price=119.0)
        self.assertEqual(list(self.rows(self.billed(order))), [("oss", "FR → DE", 19.0)])

    def test_below_the_threshold_the_tax_is_that_of_home(self):
        self.company.dropship_oss = False
        invoice = self.billed(self.sold("AT", ("DE", 1), price=119.0))
        self.assertEqual(self.rows(invoice), {("domestic", "DE → AT", 19.0): (100.0, 19.0)})
        self.assertEqual(self.warnings(invoice), [])
        self.assertEqual(self.warnings(self.billed(self.sold("AT", ("DE", 1), tax=self.vat_at))), ["country"])

    # --- contradictions ---

    def test_taxes_that_do_not_fit_their_route(self):
        cases = (
            ("DE", "CN", self.vat_out, "return"),  # domestic tax on an IOSS parcel
            ("DE", "PL", self.vat_out, "return"),
            ("AT", "PL", self.vat_fr, "country"),
            ("AT", "PL", self.vat_out, "country"),
            ("AT", "PL", self.env["account.tax"], "missing"),
            ("AT", "PL", self.free, "missing"),
            ("DE", "DE", self.env["account.tax"], "missing"),
            ("CH", "DE", self.vat_out, "undue"),
            ("US", "CN", self.vat_out, "undue"),
            ("DE", "DE", self.free, None),  # goods may be zero rated
        )
        for target, source, tax, warning in cases:
            with self.subTest(route=f"{source} → {target}", tax=tax.name):
                invoice = self.billed(self.sold(target, (source, 1), tax=tax))
                self.assertEqual(self.warnings(invoice), [warning] if warning else [])
        self.assertTaxTies()

    def test_a_warning_is_said_in_words(self):
        invoice = self.billed(self.sold("DE", ("CN", 1), price=200.0, tax=self.vat_ioss))
        self.assertEqual(self.warnings(invoice), ["worth"])
        row = self.env["dropship.tax.summary"].search([("move_id", "=", invoice.id)])
        self.assertIn("200.00 EUR", row.warning_text)
        self.assertEqual(row.scheme, "import")
        self.assertEqual(row.tax, 38.0, "the tax is what the invoice says")

    def test_routing_decided_otherwise(self):
        order = self.sold("DE", ("CN", 1), tax=self.vat_ioss)
        order.order_line.dropship_tax_position = "outside"
        self.assertEqual(self.warnings(self.billed(order)), ["decided"])

    def test_a_company_that_charges_no_tax_is_not_told(self):
        self.env["account.tax"].search([("company_id", "=", self.company.id)]).active = False
        invoice = self.billed(self.sold("DE", ("DE", 1), tax=self.env["account.tax"]))
        self.assertEqual(self.warnings(invoice), [])

    # --- documents ---

    def test_a_credit_note_in_another_period(self):
        invoice = self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 3, 20))
        note = self.credit(invoice, date=date(2026, 5, 4))
        self.assertEqual(self.rows(note), {("oss", "PL → AT", 20.0): (-100.0, -20.0)})
        row = self.env["dropship.tax.summary"].search([("move_id", "=", note.id)])
        self.assertEqual((str(row.date), str(row.corrected_date)), ("2026-05-04", "2026-03-20"))
        self.assertTaxTies(date(2026, 5, 1), date(2026, 5, 31))

    def test_a_document_reset_to_draft_goes_and_comes_back(self):
        invoice = self.billed(self.sold("DE", ("DE", 1), price=119.0))
        self.assertTrue(self.rows(invoice))
        invoice.button_draft()
        self.assertEqual(self.rows(invoice), {})
        invoice.invoice_line_ids.price_unit = 238.0
        invoice.action_post()
        self.assertEqual(self.rows(invoice), {("domestic", "DE → DE", 19.0): (200.0, 38.0)})

    def test_reading_twice_changes_nothing(self):
        invoice = self.billed(self.sold("DE", ("DE", 1)))
        self.assertEqual(self.rows(invoice), self.rows(invoice))

    def test_a_down_payment_and_its_final_invoice(self):
        order = self.sold("AT", ("PL", 2), price=100.0, qty=2, tax=self.vat_at)
        wizard = self.env["sale.advance.payment.inv"].create(
            {"advance_payment_method": "percentage", "amount": 25, "sale_order_ids": [Command.set(order.ids)]}
        )
        first = wizard._create_invoices(order)
        first.action_post()
        self.assertEqual(self.rows(first), {("oss", "PL → AT", 20.0): (50.0, 10.0)})
        last = self.billed(order)
        self.assertEqual(self.rows(last), {("oss", "PL → AT", 20.0): (150.0, 30.0)})
        self.assertTaxTies()

    def test_several_taxes_on_a_line(self):
        eco = self._sale_tax(2.0, name="Eco", include_base_amount=True, sequence=1)
        vat = self._sale_tax(19.0, sequence=2)
        group = self.env["account.tax"].create(
            {"name": "Both", "amount_type": "group", "type_tax_use": "sale", "amount": 0,
             "children_tax_ids": [Command.set((eco | vat).ids)], "tax_group_id": vat.tax_group_id.id}
        )  # fmt: skip
        for taxes in (eco | vat, group):
            with self.subTest(taxes.mapped("name")):
                invoice = self.billed(self.sold("DE", ("DE", 1), tax=taxes))
                self.assertEqual(
                    self.rows(invoice),
                    {("domestic", "DE → DE", 2.0): (100.0, 2.0), ("domestic", "DE → DE", 19.0): (102.0, 19.38)},
                )
        self.assertTaxTies()

    def test_a_tax_due_with_the_money(self):
        waiting = self.make_account("Tax not due yet", "222000", "liability_current", reconcile=True)
        self.company.tax_exigibility = True
        self.company.tax_cash_basis_journal_id = self.make_journal("Cash basis", "CAB", "general")
        tax = self._sale_tax(
            19.0, name="With the money", tax_exigibility="on_payment", cash_basis_transition_account_id=waiting.id
        )
        invoice = self.billed(self.sold("DE", ("PL", 1), ("DE", 1), qty=2, price=50.0, tax=tax))
        self.assertEqual(self.rows(invoice), {}, "nothing is due before the money came")
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({"amount": 59.5})._create_payments()
        moves = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", invoice.id)])
        rows = self.rows(moves)
        self.assertEqual({key[:2] for key in rows}, {("oss", "PL → DE"), ("domestic", "DE → DE")})
        self.assertAlmostEqual(sum(base for base, _tax in rows.values()), 50.0)
        self.assertAlmostEqual(sum(tax for _base, tax in rows.values()), 9.5)
        self.assertEqual(self.assertTaxTies()["Output tax"]["movement"], 9.5)

    def test_another_currency(self):
        czk = self.currency("CZK")
        self.env["res.currency.rate"].create(
            {"currency_id": czk.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 25.0}
        )
        invoice = self.typed_invoice((2500.0, self.vat_at), partner=self.customer("AT"), currency_id=czk.id)
        self.assertEqual(self.rows(invoice), {("oss", "DE → AT", 20.0): (100.0, 20.0)})
        row = self.env["dropship.tax.summary"].search([("move_id", "=", invoice.id)])
        self.assertEqual((row.base_document, row.tax_document, row.document_currency_id), (2500.0, 500.0, czk))

    # --- bills ---

    def test_input_tax_of_a_bill(self):
        order, purchase = self.bought_chair()
        bill = self.bill(purchase)
        self.assertEqual(self.rows(bill), {("domestic", "DE → DE", 19.0): (-40.0, -7.6)})
        note = self.credit(bill)
        self.assertEqual(self.rows(note), {("domestic", "DE → DE", 19.0): (40.0, 7.6)})
        self.assertEqual(order.company_id, self.company)
        self.assertTaxTies()

    def bought_chair(self):
        purchase = self.sell(self.chair)
        self.dispatch(purchase)
        return purchase.dropship_allocation_ids.order_id, purchase

    def test_goods_from_abroad_are_owed_and_deducted(self):
        tax = self.make_vat(19.0, "purchase", self.accounts["Input tax"], name="Reverse charge")
        parts = (("base", 100, False), ("tax", 100, "Input tax"), ("tax", -100, "Output tax"))
        tax.repartition_line_ids = [
            Command.clear(),
            *(
                Command.create({"document_type": kind, "repartition_type": part, "factor_percent": factor,
                                "account_id": account and self.accounts[account].id})
                for kind in ("invoice", "refund")
                for part, factor, account in parts
            ),
        ]  # fmt: skip
        bill = self.typed_invoice((100.0, tax), kind="in_invoice", partner=self.customer("PL"))
        self.rows(bill)
        rows = self.env["dropship.tax.summary"].search([("move_id", "=", bill.id)])
        self.assertEqual(
            sorted((row.side, row.scheme, row.base, row.tax, row.warning) for row in rows),
            [("input", "intra_eu", -100.0, -19.0, False), ("output", "intra_eu", 100.0, 19.0, False)],
        )
        self.assertTaxTies()
        bill = self.typed_invoice((100.0, self.vat_in), kind="in_invoice", partner=self.customer("CN"))
        self.assertEqual(self.warnings(bill), ["input"])

    def test_a_half_that_cannot_be_deducted(self):
        tax = self.make_vat(19.0, "purchase", self.accounts["Input tax"], name="Half")
        half = {"factor_percent": 50, "repartition_type": "tax"}
        tax.repartition_line_ids = [
            Command.clear(),
            *(
                Command.create({"document_type": kind, **line})
                for kind in ("invoice", "refund")
                for line in ({"repartition_type": "base"}, {**half, "account_id": self.accounts["Input tax"].id}, half)
            ),
        ]
        bill = self.typed_invoice((100.0, tax), kind="in_invoice")
        self.assertEqual(self.rows(bill), {("domestic", "DE → DE", 19.0): (-100.0, -19.0)})
        found = self.assertTaxTies()
        self.assertEqual((found["Input tax"]["tax"], found["Cost of goods"]["tax"]), (-9.5, -9.5))

    # --- the tie ---

    def test_other_entries_are_shown_and_unexplained_items_named(self):
        self.billed(self.sold("DE", ("DE", 1), price=119.0))
        payment = self.typed(self.accounts["Output tax"], -19.0)
        row = self.assertTaxTies()["Output tax"]
        self.assertEqual((row["tax"], row["other"], row["movement"]), (19.0, -19.0, 0.0))
        wrong = self.typed_invoice((5.0, self.env["account.tax"]))
        wrong.button_draft()
        wrong.invoice_line_ids.account_id = self.accounts["Output tax"]
        wrong.action_post()
        check = self.env["dropship.tax.check"].create({})
        check.action_check()
        self.assertEqual(check.unexplained, 5.0)
        line = check.line_ids.filtered(lambda line: line.account_id == self.accounts["Output tax"])
        named = self.env["account.move.line"].search(line.action_open()["domain"])
        self.assertEqual(named.move_id, payment | wrong)

    def test_tax_without_a_base(self):
        """An entry of tax alone, as of an assessment of customs, is in the summary to the cent."""
        part = self.vat_in.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        move = self.env["account.move"].create(
            {"move_type": "entry", "journal_id": self.company.account_stock_journal_id.id, "line_ids": [
                Command.create({"account_id": self.accounts["Input tax"].id, "balance": 33.33,
                                "tax_repartition_line_id": part.id, "tax_line_id": self.vat_in.id}),
                Command.create({"account_id": self.accounts["Bank"].id, "balance": -33.33})]}
        )  # fmt: skip
        move.action_post()
        self.assertEqual(self.rows(move), {("domestic", "DE → DE", 19.0): (0.0, -33.33)})
        self.assertTaxTies()

    def test_companies_stay_apart(self):
        invoice = self.billed(self.sold("DE", ("DE", 1)))
        other = self.make_company("Other")
        self.assertEqual(self.rows(company=other), {})
        self.assertEqual(invoice.company_id, self.company)

    def test_rows_for_others(self):
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at))
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at))
        today = fields.Date.today()
        (row,) = self.env["dropship.tax.summary"]._rows(self.company, today, today)
        self.assertEqual(
            (row["country"].code, row["ship_from"].code, row["rate"], row["route"], row["scheme"], row["side"],
             row["base"], row["tax"], row["warnings"]),
            ("AT", "PL", 20.0, "PL → AT", "oss", "output", 200.0, 40.0, 0),
        )  # fmt: skip
