"""What suppliers handed in and is no bill in the books yet: nobody drafts a bill for it meanwhile."""

from collections import defaultdict
from decimal import Decimal

from odoo import models

# Received, looked at, held: it may still become a bill.
WAITING = ("received", "read", "held", "differs", "matched")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_waiting_uploads(self):
        """Override: quantities on bills handed in; a paper whose lines nobody read claims its orders whole."""
        claimed = defaultdict(Decimal, super()._dropship_waiting_uploads())
        uploads_sudo = self.env["dropship.bill.upload"].sudo()  # the automation has no rights of its own
        waiting_sudo = uploads_sudo.search(
            [("purchase_ids", "in", self.ids), ("state", "in", WAITING), ("kind", "!=", "credit")]
        )
        for upload_sudo in waiting_sudo:
            goods = upload_sudo.line_ids.filtered("purchase_line_id")
            for line in goods:
                ratio = upload_sudo._units_per_sku(line.purchase_line_id)
                claimed[line.purchase_line_id.id] += Decimal(str((line.quantity or 1.0) * ratio))
            for line in (upload_sudo.purchase_ids & self).order_line if not goods else ():
                claimed[line.id] += Decimal(str(line.product_qty))
        return dict(claimed)


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    def write(self, vals):
        """Override: what is handed in or rejected decides whether we draft."""
        result = super().write(vals)
        if {"state", "purchase_ids"} & vals.keys() and self.purchase_ids:
            self.env["dropship.bill.match"].sudo()._moved(self.purchase_ids.ids)
        return result
