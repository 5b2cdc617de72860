import csv
import io
from datetime import timedelta

from odoo import fields, models


class PurchaseOrder(models.Model):
    """What suppliers bill, played with real files and the real machinery."""

    _inherit = "purchase.order"

    def _dropship_play_bill(self, number, days=1, account="", dearer=0.0, lang="en_US"):
        """The supplier bills these purchases with one CSV file on his page: all that left and is not billed.

        :param str account: where the bill says the money goes
        :param float dearer: how much more than agreed each unit costs on it
        :return: the bill handed in
        """
        supplier, company = self[:1].dropship_warehouse_id.supplier_id, self[:1].company_id
        uploads_sudo = self.env["dropship.bill.upload"].sudo()
        scratch = uploads_sudo.new(
            {"supplier_id": supplier.id, "company_id": company.id, "currency_id": self[:1].currency_id.id}
        )
        day = (fields.Date.context_today(self) - timedelta(days=days)).isoformat()
        english = (
            "Bill no.",
            "Bill date",
            "Currency",
            "IBAN",
            "Order",
            "SKU",
            "Product",
            "Quantity",
            "Unit price",
            "Amount",
        )
        chinese = ("账单号", "账单日期", "币种", "收款账号", "订单号", "商家编码", "商品", "数量", "单价", "金额")
        rows = [chinese if lang.startswith("zh") else english]
        for order in self.sudo():
            head = (number, day, order.currency_id.name, account, order.name)
            for row in scratch._bought(order):
                if row.shipped > row.billed:
                    qty, price = float(row.shipped - row.billed), float(row.price) + dearer
                    rows.append((*head, row.sku, row.sku, f"{qty:g}", f"{price:.4f}", f"{qty * price:.2f}"))
            freight = scratch._expected(order)[order, "freight"]
            if freight:
                name = "运费" if lang.startswith("zh") else "Freight"
                rows.append((*head, "", name, "", "", f"{freight:.2f}"))
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        content = stream.getvalue().encode("gb18030" if lang.startswith("zh") else "utf-8")
        upload, _new = uploads_sudo._receive(
            supplier, company, f"{number}.csv", content, source="desk", uploader=supplier.name
        )
        return upload.id
