"""A shop with books that is paid by a marketplace in payouts."""

import csv
import io

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

from .common_flow import FlowFactories

HEADINGS = ("Payout", "Payout Date", "Transferred", "Date", "Order", "Kind", "Amount", "Currency", "Transaction",
            "Entry", "Description")  # fmt: skip


class PayoutFactories(FlowFactories):
    @classmethod
    def open_books(cls):
        """A small chart: income, what customers owe, exchange differences, one sales journal, a general one."""
        cls.income = cls.make_account("Sales", "400000", "income")
        cls.owed = cls.make_account("Owed", "120000", "asset_receivable")
        cls.company.expense_currency_exchange_account_id = cls.make_account("Exchange loss", "690000", "expense")
        cls.company.income_currency_exchange_account_id = cls.make_account("Exchange gain", "790000", "income_other")
        cls.company.transfer_account_id = cls.make_account("On the way", "110000", "asset_current", reconcile=True)
        cls.make_journal("Sales", "SAL", "sale", cls.income)
        cls.company.currency_exchange_journal_id = cls.make_journal("Exchange", "EXC", "general")
        cls.env["ir.default"].set(
            "res.partner", "property_account_receivable_id", cls.owed.id, company_id=cls.company.id
        )

    @classmethod
    def make_payout_world(cls):
        cls.open_books()
        cls.env["dropship.order.layout"]._load_payout_presets()
        cls.layout = cls.env.ref("dropship_flow.order_layout_other_payout")
        cls.market = cls.env["dropship.sales.channel"].create(
            {"name": "Market", "kind": "file", "platform": "other", "company_id": cls.company.id,
             "commission_percent": 5.0}
        )  # fmt: skip
        cls.terms = cls.env["dropship.payout.terms"]._terms_of(cls.market, cls.env["payment.provider"], cls.company)
        cls.bookkeeper = new_test_user(
            cls.env, "bookkeeper",
            groups="account.group_account_invoice,dropship_flow.group_dropship_user,"
                   "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip

    @classmethod
    def sold(cls, number, price=100.0, invoice=True, **vals):
        """A confirmed order of the marketplace over one lamp without cents to think about; invoiced or not yet."""
        cls.lamp.invoice_policy = "order"
        order = cls.make_sale(
            (cls.lamp, 1, price), confirm=True, client_order_ref=number, dropship_channel_id=cls.market.id, **vals
        )
        if invoice:
            cls.invoice(order)
        return order

    @classmethod
    def invoice(cls, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    @staticmethod
    def payout_file(*rows, **common):
        """Bytes of a file in our own form; rows are (order, kind, amount) or dictionaries."""
        stream = io.StringIO()
        writer = csv.DictWriter(stream, HEADINGS)
        writer.writeheader()
        common = {"Payout": "P-1", "Payout Date": "2026-05-04", "Date": "2026-05-01", "Currency": "EUR", **common}
        for row in rows:
            told = row if isinstance(row, dict) else dict(zip(("Order", "Kind", "Amount"), row, strict=True))
            writer.writerow({**common, **told})
        return stream.getvalue().encode()

    def enter(self, *rows, told=None, name="payout.csv", **common):
        """The payouts of a file, entered by the bookkeeper."""
        content = rows[0] if rows and isinstance(rows[0], bytes) else self.payout_file(*rows, **common)
        payouts = self.env(user=self.bookkeeper)["dropship.payout"]
        found, self.new = payouts._receive(self.terms, self.layout, name, content, told)
        return found

    def booked(self, payout):
        """{account type or name: balance} of the posted entries of a payout"""
        sums = {}
        for line in payout.sudo().move_ids.filtered(lambda move: move.state == "posted").line_ids:
            name = {self.owed: "owed", self.company.transfer_account_id: "bank"}.get(line.account_id) or {
                self.terms[field]: field.removesuffix("_account_id")
                for field in ("fee_account_id", "reserve_account_id", "tax_account_id", "adjustment_account_id",
                              "suspense_account_id", "clearing_account_id")
            }.get(line.account_id, line.account_id.name)  # fmt: skip
            sums[name] = round(sums.get(name, 0.0) + line.balance, 2)
        return sums

    def codes(self, record):
        return [reason[0] for reason in record.reasons or ()]

    @staticmethod
    def ago(days):
        return fields.Datetime.subtract(fields.Datetime.now(), days=days)


class PayoutCase(PayoutFactories, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.make_policy("buy")
        cls.make_payout_world()
