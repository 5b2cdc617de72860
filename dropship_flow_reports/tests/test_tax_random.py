import random
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..models.tax import read
from .common_tax import TaxCase

DOCUMENTS = 40


@tagged("post_install", "-at_install", "standard")
class TestTaxRandom(TaxCase):
    """Whatever is invoiced, credited and billed: each document's rows are its base and its tax, and the books tie."""

    def world(self, dice):
        included = self.make_vat(
            7.0, "sale", self.accounts["Output tax"], name="7 % in it", price_include_override="tax_included"
        )
        twice = self.make_vat(
            7.0, "purchase", self.accounts["Input tax"], name="7 % in", price_include_override="tax_included"
        )
        for name, rate in (("CZK", 24.37), ("CNY", 7.81)):
            self.env["res.currency.rate"].create(
                {"currency_id": self.currency(name).id, "company_id": self.company.id, "name": "2020-01-01",
                 "rate": rate}
            )  # fmt: skip
        nothing = self.env["account.tax"]
        self.sale = [self.vat_out, self.vat_at, self.vat_fr, self.vat_ioss, self.free, included, nothing]
        self.buy_taxes = [self.vat_in, twice, nothing]
        self.people = [self.customer(code) for code in ("DE", "AT", "FR", "CH", "CN")]
        self.people.append(self.customer("AT", vat="ATU12345675"))
        self.money = [self.currency(name) for name in ("EUR", "EUR", "CZK", "CNY")]
        self.dice = dice

    def document(self):
        dice = self.dice
        kind = dice.choice(["out_invoice", "out_invoice", "out_refund", "in_invoice", "in_refund"])
        taxes = self.sale if kind.startswith("out") else self.buy_taxes
        lines = [(round(dice.uniform(-20, 400), 2) or 1.0, dice.choice(taxes)) for _line in range(dice.randint(1, 4))]
        lines.append((500.0, dice.choice(taxes)))  # together above nothing
        day = date(2026, 1, 1) + timedelta(days=dice.randrange(180))
        return self.typed_invoice(
            *lines, kind=kind, partner=dice.choice(self.people), day=day, currency_id=dice.choice(self.money).id
        )

    def ordered(self):
        dice = self.dice
        sources = [(code, dice.randint(1, 3)) for code in dice.sample(["DE", "PL", "CN"], dice.randint(1, 3))]
        country = dice.choice(["DE", "AT", "FR", "CH"])
        qty = sum(count for _code, count in sources)
        price = round(dice.uniform(1, 90), 2)
        order = self.sold(country, *sources, qty=qty, price=price, tax=dice.choice(self.sale[:-1]))
        return self.billed(order, date(2026, 1, 1) + timedelta(days=dice.randrange(180)))

    def told(self, move):
        """[(base, tax)] of a document, read already."""
        rows = self.env["dropship.tax.summary"].search([("move_id", "=", move.id)])
        return [(row.base, row.tax) for row in rows]

    def test_rows_are_the_documents(self):
        self.world(random.Random(20))
        moves = self.env["account.move"].union(
            *(self.document() for _number in range(DOCUMENTS)), *(self.ordered() for _number in range(8))
        )
        moves |= self.credit(moves.filtered(lambda move: move.move_type == "out_invoice")[:1])
        self.rows()
        for move in moves:
            with self.subTest(move.name):
                rows = self.told(move)
                self.assertAlmostEqual(sum(tax for _base, tax in rows), move.amount_tax_signed, 2)
                self.assertAlmostEqual(sum(base for base, _tax in rows), move.amount_untaxed_signed, 2)
        for month in range(1, 8):
            first = date(2026, month, 1)
            self.assertTaxTies(first, (first + timedelta(days=40)).replace(day=1) - timedelta(days=1))
        # Read as a whole, everything is as it was when it came bit by bit.
        before = self.rows()
        self.env["dropship.tax.summary"]._forget(self.company)
        self.assertEqual(self.rows(), before)
        self.assertTrue(before)
        self.env["dropship.tax.summary"]._forget(self.company)
        with patch.object(read, "CHUNK", 7):
            self.assertEqual(self.rows(), before)

    def test_each_journal_item_of_tax_counts_once(self):
        self.world(random.Random(21))
        for _number in range(10):
            self.document()
        self.rows()
        taxes = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("tax_line_id", "!=", False), ("parent_state", "=", "posted")]
        )
        summary = self.env["dropship.tax.summary"].search([("company_id", "=", self.company.id)])
        self.assertAlmostEqual(sum(summary.mapped("tax")), -sum(taxes.mapped("balance")), 2)
        self.assertFalse(summary.filtered(lambda row: row.tax and not row.account_id))
        self.assertTrue(summary)
