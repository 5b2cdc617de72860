"""Orders paid at the door: a chart of accounts, a journal carriers pay into, parcels at Rhein."""

import csv
import io

from odoo import Command, fields

from .common_shipment import ShipmentCase


class PayCase:
    """Payments by card, in any state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Card", "code": "none", "company_id": cls.company.id, "state": "test"}
        )
        cls.method = cls.env["payment.method"].search([], limit=1)

    def captures_later(self, support):
        """Providers that authorise now and capture later: `support` is partial or full_only."""

        def fields_of(providers):
            providers.update({"support_manual_capture": support, "support_refund": "partial"})
            providers.update({"support_tokenization": False, "support_express_checkout": False})

        self.patch(self.registry["payment.provider"], "_compute_feature_support_fields", fields_of)

    def pay(self, order, amount=None, state="done"):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id, "payment_method_id": self.method.id,
                "reference": f"{order[:1].id}-{self.env['payment.transaction'].search_count([])}",
                "amount": order.amount_total if amount is None else amount, "currency_id": order[:1].currency_id.id,
                "partner_id": self.anna.id, "operation": "online_direct", "state": state,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )  # fmt: skip


class CodCase(ShipmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_books()
        cls.company.dropship_invoice_when = "dispatch"
        cls.company.dropship_invoice_send = False

    @classmethod
    def open_books(cls):
        """Income, cost, what customers owe; a sales journal; a bank journal that books into its own account."""
        cls.income = cls.make_account("Sales", "400000", "income")
        cls.cost = cls.make_account("Costs", "600000", "expense")
        cls.owed = cls.make_account("Owed", "120000", "asset_receivable")
        cls.vat = cls.make_account("VAT", "220000", "liability_current")
        cls.cash = cls.make_account("Cash from carriers", "101000", "asset_cash")
        cls.sales = cls.make_journal("Sales", "SAL", "sale", cls.income)
        cls.journal = cls.make_journal("Carriers", "COD", "bank", cls.cash)
        cls.journal.inbound_payment_method_line_ids.payment_account_id = False
        cls.anna.property_account_receivable_id = cls.owed
        cls.env.ref("dropship_flow.product_charge_collection").with_company(
            cls.company
        ).property_account_expense_id = cls.cost
        cls.tax.invoice_repartition_line_ids.filtered(lambda row: row.repartition_type == "tax").account_id = cls.vat
        cls.tax.refund_repartition_line_ids.filtered(lambda row: row.repartition_type == "tax").account_id = cls.vat

    def cod(self, *lines, supplier=None, confirm=True, **vals):
        """A sale the carrier collects for, bought at Rhein; accepted."""
        order = self.make_sale(*lines, **vals)
        order.dropship_collect = True
        for line in order.order_line:
            self.env["dropship.line.choice"]._choose(line, supplier or self.rhein, "pin", "test")
        if confirm:
            order.action_confirm()
            order.dropship_purchase_ids._dropship_accept()
        return order

    def rows(self, order):
        return order.dropship_collection_ids.filtered(lambda row: row.state != "cancelled").sorted("id")

    def collects(self, order):
        """[(parcel, amount, state)] of an order."""
        return [(row.shipment_id.number or "", row.amount, row.state) for row in self.rows(order)]

    def invoice(self):
        self.patch(type(self.env["sale.order"]), "_dropship_invoice_commit", lambda _orders, _done: None)
        self.env["sale.order"]._cron_invoice()

    def credit(self):
        """The round that credits what was refused, inside this test's transaction."""
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 1.0)
        self.env["dropship.collection"]._cron_collections()

    def file(self, *rows, headings=("运单号", "代收货款", "手续费", "回款日期")):
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(headings)
        writer.writerows(rows)
        return stream.getvalue().encode("utf-8-sig")

    def remit(self, *rows, **options):
        content = rows[0] if rows and isinstance(rows[0], bytes) else self.file(*rows, **options)
        remittance, _new = self.env["dropship.remittance"]._receive("cod.csv", content, self.journal, "dhl")
        return remittance

    def why(self, line):
        return [reason[0] for reason in line.reasons or ()]

    def balance(self, account):
        lines = self.env["account.move.line"].search([("account_id", "=", account.id), ("parent_state", "=", "posted")])
        return round(sum(lines.mapped("balance")), 2)

    def deliver(self, box, hours=1.0):
        self.scan(box, "delivered", hours)

    def today(self):
        return fields.Date.today().isoformat()
