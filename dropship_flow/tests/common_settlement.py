"""Books of a small company: bills, credit notes, payments and rent of suppliers, as a bookkeeper would enter them."""

from odoo import Command, fields

from .common_flow import FlowFactories


class SettlementFactories(FlowFactories):
    """`open_books` makes accounts and journals of the current company; the other factories book into them.

    bill = self.bill(100, "2026-01-10")              # a posted bill about dropshipped goods
    self.credit(20, "2026-01-12")
    self.pay_supplier(80, "2026-01-20", bill)         # a posted payment, matched with the bill
    statement = self.statement("2026-01-31")
    """

    @classmethod
    def open_books(cls, supplier):
        """Accounts, journals and the supplier whose books they are."""
        supplier = supplier.with_env(cls.env)  # its accounts are those of the company of the moment
        cls.supplier, company = supplier, cls.env.company
        accounts = {}
        for key, name, code, kind in (
            ("payable", "Owed to suppliers", "S211000", "liability_payable"),
            ("expense", "Goods", "S600000", "expense"),
            ("bank", "Bank", "S101000", "asset_cash"),
            ("out", "Outstanding payments", "S101900", "asset_current"),
            ("gain", "Exchange gain", "S700000", "income_other"),
            ("loss", "Exchange loss", "S700100", "expense"),
        ):
            accounts[key] = cls.make_account(name, code, kind)
        accounts["out"].reconcile = True
        cls.accounts = accounts
        cls.bills = cls.make_journal("Bills", "SBIL", "purchase", accounts["expense"])
        cls.misc = cls.make_journal("Entries", "SMIS", "general")
        cls.bank = cls.make_journal("Bank", "SBNK", "bank", accounts["bank"])
        cls.bank.outbound_payment_method_line_ids.payment_account_id = accounts["out"]
        cls.bank.inbound_payment_method_line_ids.payment_account_id = accounts["out"]
        company.write(
            {
                "currency_exchange_journal_id": cls.misc.id,
                "income_currency_exchange_account_id": accounts["gain"].id,
                "expense_currency_exchange_account_id": accounts["loss"].id,
                "transfer_account_id": accounts["out"].id,
            }
        )
        supplier.partner_id.property_account_payable_id = accounts["payable"]

    @classmethod
    def bill(cls, amount, day, charge="other", kind="in_invoice", ours=True, post=True, **vals):
        """A bill of one line; `ours=False`: not about dropshipped goods."""
        line = {"name": "What was bought", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()],
                "account_id": cls.accounts["expense"].id, "dropship_charge": charge if ours else False}  # fmt: skip
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": cls.supplier.partner_id.id,
                "company_id": cls.env.company.id,
                "journal_id": cls.bills.id,
                "invoice_date": day,
                "date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [Command.create(line)],
                **cls._ids(vals),
            }
        )
        move.dropship_is_bill = ours
        if post:
            move.action_post()
        return move

    @classmethod
    def credit(cls, amount, day, **vals):
        return cls.bill(amount, day, kind="in_refund", **vals)

    @classmethod
    def rent(cls, amount, day, **vals):
        return cls.bill(amount, day, ours=False, **vals)

    @classmethod
    def pay_supplier(cls, amount, day, *documents, currency=None, back=False):
        """A posted payment, matched with the documents; without any: on account."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound" if back else "outbound",
                "partner_type": "supplier",
                "partner_id": cls.supplier.partner_id.id,
                "journal_id": cls.bank.id,
                "amount": amount,
                "date": day,
                "currency_id": (currency or cls.env.company.currency_id).id,
                "destination_account_id": cls.accounts["payable"].id,
            }
        )
        payment.action_post()
        cls.match(payment.move_id, *documents)
        return payment

    @classmethod
    def match(cls, *moves):
        lines = cls.env["account.move.line"].union(*[move.line_ids for move in moves])
        payable = lines.filtered(lambda line: line.account_id == cls.accounts["payable"] and not line.reconciled)
        if len(moves) > 1:
            payable.reconcile()

    @classmethod
    def statement(cls, until, **vals):
        """A statement of the supplier in the company's currency."""
        return cls.env["dropship.settlement"].create(
            {"supplier_id": cls.supplier.id, "company_id": cls.env.company.id, "date_to": until, **cls._ids(vals)}
        )

    @classmethod
    def agreed(cls, until, **vals):
        settlement = cls.statement(until, **vals)
        settlement.action_approve()
        return settlement

    def figures(self, settlement):
        """opening, later, bills, credits, payments, adjustments, closing"""
        names = ("opening", "later", "billed", "credited", "paid", "adjusted", "closing")
        return tuple(round(settlement[name], 2) for name in names)

    def table(self, settlement, *sections):
        """[(section, document, amount)], without the counting numbers of documents."""
        rows = settlement._statement_rows(sections or None)
        return [
            (row["section"], row["document"].split("/")[0], round(row["credit"] - row["debit"], 2))
            for row in rows
            if row["type"] == "line"
        ]

    def assert_ties(self, settlement):
        """opening + movements = closing = what core says is open of these documents."""
        opening, later, billed, credited, paid, adjusted, closing = self.figures(settlement)
        self.assertEqual(round(opening + later + billed - credited - paid + adjusted, 2), closing)
        self.assertEqual(settlement.difference, 0)
        self.assertEqual(settlement._statement_rows()[0]["balance"], settlement.opening)
        running = [row["balance"] for row in settlement._statement_rows() if row["balance"] is not None]
        self.assertAlmostEqual(running[-1], running[-2], places=2)

    @classmethod
    def day(cls, text):
        return fields.Date.to_date(text)
