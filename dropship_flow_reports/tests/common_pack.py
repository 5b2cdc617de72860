"""Books of a month, and packs made of them."""

import base64
import io

from odoo import fields
from openpyxl import load_workbook

from .common_profit import ProfitCase


class PackCase(ProfitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.today = fields.Date.today()
        cls.reader = cls.env["res.partner"].create({"name": "Olga Owner", "email": "olga@shop.example"})

    def trade(self, qty=1.0):
        """A chair sold, shipped, billed and invoiced."""
        purchase = self.sell(self.chair, qty)
        order = purchase.dropship_allocation_ids.order_id
        self.dispatch(purchase)
        self.bill(purchase, qty)
        self.invoice(order)
        return order

    def draft(self, **vals):
        return self.env["dropship.report.pack"].create(
            {"company_id": self.company.id, "month": self.today, "lang": "en_US", **vals}
        )

    def made(self, **vals):
        pack = self.draft(**vals)
        pack.action_make()
        return pack

    def invoice_of(self, order):
        return order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")

    def section(self, pack, code):
        return next(section for section in pack.figures["sections"] if section["code"] == code)

    def cells(self, pack, code, name, table=0):
        """The cells of a row by the words it begins with."""
        rows = self.section(pack, code)["tables"][table]["rows"]
        return next(row["cells"][1:] for row in rows if row["cells"][0] == name)

    def book(self, pack):
        return load_workbook(io.BytesIO(base64.b64decode(pack.xlsx_file)))

    def mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.reader.ids)])
