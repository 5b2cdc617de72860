"""Credit notes: what is still to issue goes down, what was issued comes back, each yuan once."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_fapiao import OTHER_NUMBER
from .test_fapiao_price import China

NUMBER = "25332000000012345678"


class Credits(China):
    def merged(self, *invoices):
        """Invoices put on one fapiao."""
        documents = self.env["account.move"].union(*invoices).dropship_fapiao_ids
        documents.action_merge()
        return documents.exists()

    def refund(self, *parts, **vals):
        """A posted credit note that takes back nothing by itself: of (invoice, quantity) their first sold lines."""
        lines = []
        for invoice, quantity in parts:
            line = invoice.invoice_line_ids[0]
            lines.append(
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "price_unit": line.price_unit,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "sale_line_ids": [Command.set(line.sale_line_ids.ids)],
                    }
                )
            )
        invoice = parts[0][0]
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "company_id": invoice.company_id.id,
                "journal_id": invoice.journal_id.id,
                "partner_id": invoice.partner_id.id,
                "currency_id": invoice.currency_id.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": lines,
                **vals,
            }
        )
        credit.action_post()
        return credit

    def figures(self, moves):
        """[(state, red, amount)] of the fapiao of invoices and credit notes."""
        return [(row.state, row.is_red, row.amount_untaxed) for row in moves.dropship_fapiao_ids.sorted("id")]

    def parts(self):
        """Two invoices of one sold line, of two lamps each."""
        order = self.wants(self.make_sale((self.lamp, 4, 113.0), partner=self.keep_books(self.li)), **self.special())
        order.action_confirm()
        self.lamp.invoice_policy = "delivery"
        line = order.order_line
        line.qty_delivered_method = "manual"
        invoices = self.env["account.move"]
        for delivered in (2, 4):
            line.qty_delivered = delivered
            invoice = order._create_invoices()
            invoice.action_post()
            invoices |= invoice
        return invoices


@tagged("post_install", "-at_install", "standard")
class TestFapiaoCredit(Credits):
    """Set back to draft, said later, of several invoices."""

    # --- set back to draft ---

    def test_a_credit_set_to_draft_gives_the_amount_back(self):
        one, two = self.sold((self.lamp, 3), wish=self.special()), self.sold(self.cup, wish=self.special())
        fapiao = self.merged(one, two)
        credit = self.credit(one, 1)
        self.assertEqual(one.dropship_fapiao_ids, fapiao, "still one for both")
        self.assertEqual((two.dropship_fapiao_ids, fapiao.amount_untaxed), (fapiao, 250.0))
        credit.button_draft()
        self.assertEqual(self.figures(one | two), [("wanted", False, 350.0)])
        self.assertFalse(credit.dropship_fapiao_ids)
        credit.action_post()
        self.assertEqual(self.figures(one | two), [("wanted", False, 250.0)])

    def test_a_credit_of_everything_set_to_draft(self):
        invoice = self.sold((self.lamp, 2), wish=self.special())
        credit = self.credit(invoice)
        self.assertEqual((self.figures(invoice), invoice.dropship_fapiao_state), ([], "none"))
        credit.button_draft()
        self.assertEqual(self.figures(invoice), [("wanted", False, 200.0)])

    def test_a_credit_with_a_red_letter_to_issue_set_to_draft(self):
        invoice = self.sold((self.lamp, 2), wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        credit = self.credit(invoice, 1)
        credit.button_draft()
        self.assertEqual(self.figures(invoice | credit), [("issued", False, 200.0)])
        credit.action_post()
        self.assertEqual(self.figures(credit), [("red_needed", True, 100.0)])

    def test_one_of_two_merged_invoices_set_to_draft(self):
        one, two = self.sold((self.lamp, 3), wish=self.special()), self.sold(self.cup, wish=self.special())
        fapiao = self.merged(one, two)
        one.button_draft()
        self.assertEqual(self.figures(two), [("wanted", False, 50.0)])
        self.assertEqual((fapiao.exists().move_ids, one.dropship_fapiao_state), (two, "none"))
        one.action_post()
        self.assertEqual((self.figures(one), self.figures(two)),
                         ([("wanted", False, 300.0)], [("wanted", False, 50.0)]))  # fmt: skip

    def test_an_invoice_with_a_credit_set_to_draft_and_posted_again(self):
        invoice = self.sold((self.lamp, 3), wish=self.special())
        credit = self.credit(invoice, 1)
        invoice.button_draft()
        self.assertEqual(self.figures(invoice | credit), [])
        invoice.action_post()
        self.assertEqual(self.figures(invoice), [("wanted", False, 200.0)])

    # --- said later ---

    def test_a_wish_after_the_credit_is_net_of_it(self):
        invoice = self.sold((self.lamp, 3))
        self.credit(invoice, 1)
        invoice.dropship_fapiao_kind = "ordinary"
        self.assertEqual(self.figures(invoice), [("wanted", False, 200.0)])
        other = self.sold((self.lamp, 3))
        self.refund((other, 1))
        other.invoice_line_ids.sale_line_ids.order_id._dropship_fapiao_ask(self.special())
        self.assertEqual(self.figures(other), [("wanted", False, 200.0)])

    def test_another_wish_after_everything_was_credited_issues_nothing(self):
        invoice = self.sold((self.lamp, 3), wish=self.special())
        self.credit(invoice)
        order = invoice.invoice_line_ids.sale_line_ids.order_id
        order._dropship_fapiao_ask(self.special("乙公司", OTHER_NUMBER))
        self.assertEqual(self.figures(invoice), [])

    def test_another_title_of_one_of_two_merged(self):
        one, two = self.sold((self.lamp, 3), wish=self.special()), self.sold(self.cup, wish=self.special())
        self.merged(one, two)
        self.credit(one, 1)
        order = one.invoice_line_ids.sale_line_ids.order_id
        order._dropship_fapiao_ask(self.special("乙公司", OTHER_NUMBER))
        self.assertEqual((self.figures(one), one.dropship_fapiao_ids.title), ([("wanted", False, 200.0)], "乙公司"))
        self.assertEqual((self.figures(two), two.dropship_fapiao_ids.title),
                         ([("wanted", False, 50.0)], "阿里云计算有限公司"))  # fmt: skip

    def test_a_title_changed_by_hand_outlives_a_credit(self):
        invoice = self.sold((self.lamp, 3), wish=self.special())
        fapiao = invoice.dropship_fapiao_ids
        fapiao.write({"title": "丙公司", "note": "合同 7"})
        self.credit(invoice, 1)
        self.assertEqual(invoice.dropship_fapiao_ids, fapiao)
        self.assertEqual((fapiao.title, fapiao.note, fapiao.amount_untaxed), ("丙公司", "合同 7", 200.0))

    # --- several origins ---

    def test_one_credit_of_two_orders_is_shared_out(self):
        lamps, cups = self.sold((self.lamp, 3), wish=self.special()), self.sold((self.cup, 2), wish=self.special())
        credit = self.refund((lamps, 1), (cups, 1))
        self.assertEqual(self.figures(lamps), [("wanted", False, 200.0)])
        self.assertEqual(self.figures(cups), [("wanted", False, 50.0)])
        self.assertEqual(credit.dropship_fapiao_ids, (lamps | cups).dropship_fapiao_ids)

    def test_one_credit_of_two_issued_orders_takes_each_back(self):
        lamps, cups = self.sold((self.lamp, 3), wish=self.special()), self.sold((self.cup, 2), wish=self.special())
        self.issue(lamps.dropship_fapiao_ids, NUMBER)
        self.issue(cups.dropship_fapiao_ids, "25332000000012345679")
        reds = self.refund((cups, 1), (lamps, 1)).dropship_fapiao_ids
        self.assertEqual(
            {(red.origin_id, red.amount_untaxed, red.line_ids.product_id) for red in reds},
            {(lamps.dropship_fapiao_ids, 100.0, self.lamp), (cups.dropship_fapiao_ids, 50.0, self.cup)},
        )

    def test_a_line_invoiced_in_parts_comes_back_once(self):
        invoices = self.parts()
        self.refund((invoices[0], 3))
        self.assertEqual(sum(invoices.dropship_fapiao_ids.mapped("amount_untaxed")), 100.0)
        self.assertEqual(set(invoices.dropship_fapiao_ids.mapped("state")), {"wanted"})

    def test_of_parts_the_open_one_is_lowered_first(self):
        for issued in (0, 1):
            with self.subTest(issued):
                invoices = self.parts()
                told = invoices[issued].dropship_fapiao_ids
                self.issue(told, f"2533200000001234567{issued}")
                self.refund((invoices[0], 1))
                self.assertEqual(self.figures(invoices[1 - issued]), [("wanted", False, 100.0)])
                credit = self.refund((invoices[0], 2))
                self.assertEqual(self.figures(invoices), [("issued", False, 200.0)])
                self.assertEqual(self.figures(credit), [("red_needed", True, 100.0)])
                self.refund((invoices[0], 1))
                self.assertEqual(sum(told.red_ids.mapped("amount_total")), told.amount_total)

    # --- another title afterwards ---

    def test_a_title_said_after_it_was_issued_is_refused(self):
        invoice = self.sold(wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        with self.assertRaisesRegex(UserError, "tax bureau"):
            invoice.dropship_fapiao_kind = "ordinary"
        invoice.dropship_fapiao_kind = "special"
        half = self.half_order()
        with self.assertRaisesRegex(UserError, "tax bureau"):
            half._dropship_fapiao_ask(self.special("乙公司", OTHER_NUMBER))

    def half_order(self):
        self.company.dropship_fapiao_limit = 150.0
        invoice = self.sold((self.lamp, 3), wish=self.special())
        self.issue(invoice.dropship_fapiao_ids.sorted("id")[0], "25332000000012345670")
        return invoice.invoice_line_ids.sale_line_ids.order_id

    def test_a_title_for_the_part_that_is_open(self):
        invoices = self.parts()
        self.issue(invoices[0].dropship_fapiao_ids, NUMBER)
        order = invoices.invoice_line_ids.sale_line_ids.order_id
        order._dropship_fapiao_ask(self.special("乙公司", OTHER_NUMBER))
        self.assertEqual(invoices.mapped("dropship_fapiao_ids.title"), ["阿里云计算有限公司", "乙公司"])
        self.assertEqual(invoices[0].dropship_fapiao_title_id.name, "阿里云计算有限公司")
