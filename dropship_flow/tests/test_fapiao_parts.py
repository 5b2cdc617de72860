"""Credit notes of what is issued in part or not at all, to the cent."""

import random
from decimal import Decimal

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_fapiao_credit import NUMBER, Credits


@tagged("post_install", "-at_install", "standard")
class TestFapiaoParts(Credits):
    """The open part goes first, what was issued comes back once, and it all adds up."""

    # --- issued in part ---

    def half(self):
        """Of an invoice of 300 half is issued, half is still to issue."""
        self.company.dropship_fapiao_limit = 150.0
        invoice = self.sold((self.lamp, 3), wish=self.special())
        self.issue(invoice.dropship_fapiao_ids.sorted("id")[0], NUMBER)
        return invoice

    def test_the_open_part_goes_first_the_rest_is_red(self):
        invoice = self.half()
        self.credit(invoice, 1)
        self.assertEqual(self.figures(invoice), [("issued", False, 150.0), ("wanted", False, 50.0)])
        credit = self.credit(invoice, 1)
        self.assertEqual(self.figures(invoice), [("issued", False, 150.0)])
        self.assertEqual(self.figures(credit), [("red_needed", True, 50.0)])
        last = self.credit(invoice, 1)
        self.assertEqual(self.figures(last), [("red_needed", True, 100.0)])
        self.assertEqual(sum(invoice.dropship_fapiao_ids.red_ids.mapped("amount_total")), 169.5)

    def test_the_whole_of_it_at_once(self):
        invoice = self.half()
        credit = self.credit(invoice)
        self.assertEqual(self.figures(invoice), [("issued", False, 150.0)])
        self.assertEqual(self.figures(credit), [("red_needed", True, 150.0)])
        credit.button_draft()
        self.assertEqual(self.figures(invoice), [("issued", False, 150.0), ("wanted", False, 150.0)])

    def test_several_credits_at_once(self):
        invoice = self.half()
        credits = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        credits |= invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        for credit in credits:
            credit.invoice_line_ids.quantity = 1.5
        credits.action_post()
        self.assertEqual(self.figures(invoice), [("issued", False, 150.0)])
        self.assertEqual(sum(credits.dropship_fapiao_ids.filtered("is_red").mapped("amount_untaxed")), 150.0)

    def test_more_credited_than_sold_is_never_below_zero(self):
        invoice = self.sold((self.lamp, 2), self.cup, wish=self.special())
        credit = self.credit(invoice, 4)
        self.assertEqual(self.figures(invoice), [])
        self.assertIn("never on a fapiao", credit.message_ids[0].body)

    # --- not to issue ---

    def test_what_is_not_to_issue_is_not_made_by_a_credit(self):
        self.company.dropship_fapiao_limit = 150.0
        invoice = self.sold((self.lamp, 3), wish=self.special())
        invoice.dropship_fapiao_ids.sorted("id")[0].action_drop()
        self.credit(invoice, 1)
        self.assertEqual(self.figures(invoice), [("cancelled", False, 150.0), ("wanted", False, 50.0)])
        self.credit(invoice, 1)
        self.assertEqual(self.figures(invoice), [("cancelled", False, 150.0)])

    def test_a_red_letter_not_to_issue_does_not_come_again(self):
        invoice = self.sold((self.lamp, 3), wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        self.credit(invoice, 1).dropship_fapiao_ids.action_drop()
        self.assertEqual(self.figures(self.credit(invoice, 1)), [("red_needed", True, 100.0)])

    # --- cents ---

    def test_the_last_credit_takes_the_cents(self):
        """Three times the tax of a third is not the tax of the whole."""
        self.lamp.list_price = 37.67  # 33.34 and 4.33
        for issued in (False, True):
            with self.subTest(issued=issued):
                invoice = self.sold((self.lamp, 3), self.cup, wish=self.special())
                fapiao = invoice.dropship_fapiao_ids
                if issued:
                    self.issue(fapiao, NUMBER)
                for _number in range(3):
                    self.credit(invoice, 1)
                credit = self.credit(invoice)
                self.assertEqual(credit.move_type, "out_refund")
                if issued:
                    for name in ("amount_untaxed", "amount_tax"):
                        self.assertAlmostEqual(sum(fapiao.red_ids.mapped(name)), fapiao[name], 2)
                else:
                    self.assertEqual(self.figures(invoice), [])

    def test_a_price_reduced_afterwards_is_red_without_quantity(self):
        invoice = self.sold((self.lamp, 2), self.cup, wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        credit = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        first, second = credit.invoice_line_ids
        credit.write({"invoice_line_ids": [
            Command.update(first.id, {"quantity": 1, "price_unit": 11.3, "sale_line_ids": [Command.clear()],
                                      "product_id": False, "name": "Scratch"}),
            Command.delete(second.id),
        ]})  # fmt: skip
        credit.action_post()
        red = credit.dropship_fapiao_ids
        self.assertEqual((red.amount_untaxed, red.amount_tax), (10.0, 1.3))
        self.assertEqual({(line.product_id, line.quantity) for line in red.line_ids}, {(self.lamp, 0), (self.cup, 0)})

    def test_a_line_credited_at_a_lower_price_keeps_its_goods(self):
        invoice = self.sold((self.lamp, 2), wish=self.special())
        credit = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        credit.invoice_line_ids.price_unit = 11.3
        credit.action_post()
        line = invoice.dropship_fapiao_ids.line_ids
        self.assertEqual((line.quantity, line.amount), (2, 180.0))

    def test_a_discount_without_tax_is_taken_from_the_goods(self):
        """The bureau takes no line below zero."""
        discount = self.make_product("折扣", list_price=-13.0, taxes_id=[Command.clear()], type="service")
        invoice = self.sold(self.lamp, discount, wish=self.special())
        fapiao = invoice.dropship_fapiao_ids
        self.assertEqual((fapiao.amount_untaxed, fapiao.amount_tax), (88.5, 11.5))
        self.assertEqual(fapiao.amount_total, invoice.amount_total)
        self.assertEqual(fapiao.line_ids.product_id, self.lamp)

    # --- whatever happens ---

    def test_whatever_happens_it_adds_up(self):
        dice = random.Random(11)
        self.company.dropship_fapiao_limit = 160.0
        issued = iter(range(10**6))
        for _turn in range(4):
            invoices = self.parts() | self.sold((self.lamp, 2), (self.cup, 3), wish=self.special())
            credits = self.env["account.move"]
            for _step in range(9):
                open_rows = (invoices | credits).dropship_fapiao_ids.filtered(
                    lambda row: row.state in ("wanted", "red_needed")
                )
                match dice.choice(("issue", "credit", "credit", "draft", "several")):
                    case "issue" if open_rows:
                        row = dice.choice(open_rows.sorted("id"))
                        if not row.problem:
                            self.issue(row, f"2533200001{next(issued):010d}")
                    case "credit":
                        credits |= self.credit(dice.choice(invoices), dice.choice((0.25, 0.5, 1 / 3)))
                    case "several":
                        credits |= self.refund((invoices[0], 0.3), (invoices[2], 0.3))
                    case "draft" if credits:
                        credit = dice.choice(credits)
                        try:
                            with self.env.cr.savepoint():
                                credit.button_draft()
                        except UserError:
                            continue
                        credits -= credit
                self.assert_adds_up(invoices, credits)

    def assert_adds_up(self, invoices, credits):
        documents = (invoices | credits).dropship_fapiao_ids
        blue = documents.filtered(lambda row: not row.is_red)
        sums = {}
        for name in ("amount_untaxed", "amount_total"):
            told = sum(blue.mapped(name)) - sum((documents - blue).mapped(name))
            sums[name] = told - (sum(invoices.mapped(name)) - sum(credits.mapped(name)))
        self.assertAlmostEqual(sums["amount_untaxed"], 0, 2)
        self.assertAlmostEqual(sums["amount_total"], 0, 2)
        for line in documents.line_ids:
            self.assertGreater(line.amount, 0)
        for row in blue:
            self.assertLessEqual(Decimal(str(sum(row.red_ids.mapped("amount_untaxed")))).quantize(Decimal("0.01")),
                                 Decimal(str(row.amount_untaxed)).quantize(Decimal("0.01")))  # fmt: skip
            self.assertTrue(row.state != "wanted" or not row.red_ids)
