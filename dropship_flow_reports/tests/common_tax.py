"""A shop in Berlin that sells to all of Europe: taxes of four countries, goods from Germany, Poland and China."""

from datetime import date

from odoo import Command, fields

from .common_profit import ProfitCase


class TaxCase(ProfitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dropship_ioss = "IM2760000001"
        cls.places = {code: cls._place(code) for code in ("DE", "PL", "CN")}
        # Nobody offers it: where it comes from is said by `sourced`.
        cls.vase = cls.make_product("Vase", list_price=119.0, taxes_id=[Command.set(cls.vat_out.ids)])
        cls.accounts["OSS"] = cls.make_account("Output tax OSS", "221000", "liability_current")
        cls.vat_at = cls._vat_of("AT", 20.0, dropship_return="oss")
        cls.vat_fr = cls._vat_of("FR", 20.0, dropship_return="oss")
        cls.vat_ioss = cls._vat_of("DE", 19.0, dropship_return="ioss")
        cls.free = cls._sale_tax(0.0, name="0 % export")

    @classmethod
    def _place(cls, code):
        supplier = cls.make_supplier(f"{code} house", code)
        return cls.make_warehouse(supplier, code)

    @classmethod
    def _sale_tax(cls, percent, account="Output tax", **vals):
        vals = {"name": f"{percent:g} % on top", "price_include_override": "tax_excluded", **vals}
        return cls.make_vat(percent, "sale", cls.accounts[account], **vals)

    @classmethod
    def _vat_of(cls, country, percent, **vals):
        """A tax of another country, on the account of the special returns."""
        tax = cls._sale_tax(percent, "OSS", name=f"{percent:g} % {country} special", **vals)
        cls.env["account.fiscal.position"].create(
            {"name": f"{country} special", "country_id": cls.country(country).id, "company_id": cls.company.id,
             "tax_ids": [Command.link(tax.id)]}
        )  # fmt: skip
        return tax

    # -- documents -------------------------------------------------------------------------------------------------

    def customer(self, country="DE", **vals):
        partner = self.make_partner(f"Customer {country}", country, is_company=False, **vals)
        self.set_accounts(partner, self.accounts)
        return partner

    def sold(self, country="DE", *sources, price=100.0, tax=None, qty=1.0, partner=None, **vals):
        """A confirmed order over vases that ship from (warehouse code, quantity), …; its invoice is not made yet."""
        partner = partner or self.customer(country)
        order = self.make_sale((self.vase, qty, price), partner=partner, **vals)
        order.order_line.tax_ids = [Command.set(tax.ids if tax is not None else self.vat_out.ids)]
        order.action_confirm()
        for split, (code, count) in enumerate(sources):
            self.sourced(order.order_line, self.places[code], count, split)
        return order

    def sourced(self, line, warehouse, qty, split=0, **vals):
        """The line's vases come from there."""
        return self.env["dropship.allocation"].create(
            {"line_id": line.id, "order_id": line.order_id.id, "company_id": self.company.id,
             "product_id": line.product_id.id, "split": split, "qty": qty, "buy_qty": qty, "state": "accepted",
             "supplier_id": warehouse.supplier_id.id, "warehouse_id": warehouse.id, "landed": 7.0 * qty, **vals}
        )  # fmt: skip

    def billed(self, order, day=None, post=True):
        """The customer's invoice about everything, of a day."""
        order._force_lines_to_invoice_policy_order()
        invoice = order._create_invoices(final=True)
        if day:
            invoice.invoice_date = day
        if post:
            invoice.action_post()
        return invoice

    def typed_invoice(self, *lines, kind="out_invoice", partner=None, day=None, **vals):
        """A document nobody ordered: lines are (price, taxes)."""
        default = self.accounts["Sales" if kind.startswith("out") else "Cost of goods"]
        move = self.env["account.move"].create(
            {
                "move_type": kind, "partner_id": (partner or self.customer()).id,
                "invoice_date": day or fields.Date.today(), "date": day or fields.Date.today(),
                "ref": "typed" if kind.startswith("in") else False,
                "invoice_line_ids": [
                    Command.create({"name": "goods", "quantity": 1, "price_unit": price, "account_id": default.id,
                                    "tax_ids": [Command.set(taxes.ids)]})
                    for price, taxes in lines
                ],
                **vals,
            }
        )  # fmt: skip
        move.action_post()
        return move

    # -- reading ---------------------------------------------------------------------------------------------------

    def rows(self, moves=None, company=None):
        """{(scheme, route, rate): (base, tax)} of documents, or of all."""
        company = company or self.company
        self.env["dropship.tax.summary"]._read_changes(company)
        self.env.invalidate_all()
        domain = [("company_id", "=", company.id)]
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        found = {}
        for row in self.env["dropship.tax.summary"].search(domain):
            key = (row.scheme, row.route, row.rate)
            base, tax = found.get(key, (0.0, 0.0))
            found[key] = (round(base + row.base, 2), round(tax + row.tax, 2))
        return found

    def warnings(self, moves):
        self.rows(moves)
        rows = self.env["dropship.tax.summary"].search([("move_id", "in", moves.ids)])
        return sorted(row.warning for row in rows if row.warning)

    def assertTaxTies(self, first=date(2020, 1, 1), last=date(2040, 12, 31), company=None):
        """Account by account the summary is what documents booked."""
        found = self.env["dropship.tax.summary"]._tie(company or self.company, first, last)
        for row in found:
            self.assertEqual(row["unexplained"], 0.0, row["account"].name)
            self.assertAlmostEqual(row["tax"] + row["other"], row["movement"])
        return {row["account"].name: row for row in found}
