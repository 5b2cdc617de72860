"""Other ways a bill comes in: the supplier's program, a paper of an order, an e-mail; and bills that wait for goods."""

import json
import re

from lxml import etree
from odoo import api, models
from odoo.exceptions import UserError

from .. import bill_files

# Waiting for nothing else, a bill is matched again by itself.
WAITING = {"handed_not_shipped"}
BILL_NAME = re.compile(r"invoice|rechnung|\bbill|gutschrift|credit.?note|发票|账单|对账单", re.IGNORECASE)
AT_ONCE = 500


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    @api.model
    def _receive_message(self, supplier, company, body, document, uploader):
        """A bill a supplier's program told, with its document or without."""
        message = {name: value for name, value in body.items() if name != "document"}
        content = document or json.dumps(message, sort_keys=True, ensure_ascii=False, indent=1).encode()
        name = body["document"]["name"] if document else f"{body['number']}.json"
        upload, _new = self._receive(supplier, company, name, content, source="api", uploader=uploader, message=message)
        return upload

    @api.model
    def _cron_match(self):
        """Bills that came before their goods: matched once more when something left."""
        lines = self.env["dropship.bill.upload.line"].search(
            [("upload_id.state", "=", "held"), ("state", "=", "held"), ("purchase_line_id.qty_received", ">", 0)],
            order="upload_id",
        )
        done = 0
        for upload in lines.upload_id:
            if done == AT_ONCE:
                break
            codes = {code for code, _params in upload.reasons or []}
            codes |= {code for line in upload.line_ids for code, _params in line.reasons or [] if line.state == "held"}
            if codes and codes <= WAITING and upload._shipped_meanwhile():
                upload._set_state("received")
                upload._read()
                self.env["ir.cron"]._commit_progress(1)
                done += 1

    def _shipped_meanwhile(self):
        return any(
            line.purchase_line_id.qty_received / self._units_per_sku(line.purchase_line_id) - line.shipped_quantity
            > 1e-6
            for line in self.line_ids.filtered("purchase_line_id")
        )


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_take_document(self, kind, name, data):
        """Override: a bill among the papers of an order is a bill handed in."""
        document = super()._dropship_take_document(kind, name, data)
        if kind == "bill":
            uploads_sudo = self.env["dropship.bill.upload"].sudo()  # his page is his right to hand it in
            uploads_sudo._receive(
                self.sudo().dropship_warehouse_id.supplier_id,
                self.company_id,
                document.name,
                data,
                typed={"orders": self.name},
                source="desk",
                uploader=self.partner_id.name,
            )
        return document

    def _message_post_after_hook(self, message, msg_vals):
        """Override: a bill attached to the supplier's mail about the purchase."""
        result = super()._message_post_after_hook(message, msg_vals)
        order_sudo = self.sudo()
        mine = order_sudo.partner_id.commercial_partner_id
        if (
            message.message_type == "email"
            and order_sudo.dropship_warehouse_id
            and message.author_id.commercial_partner_id == mine
        ):
            for attachment in message.sudo().attachment_ids:
                order_sudo._dropship_take_mailed(attachment, message)
        return result

    def _dropship_take_mailed(self, attachment, message):
        data = attachment.raw or b""
        kind = bill_files.kind_of(data)
        if not kind or not (BILL_NAME.search(attachment.name or "") or kind == "xml" and _is_ubl(data)):
            return
        try:
            self.env["dropship.bill.upload"]._receive(
                self.dropship_warehouse_id.supplier_id,
                self.company_id,
                attachment.name,
                data,
                typed={"orders": self.name},
                source="mail",
                uploader=message.email_from or "",
            )
        except UserError:
            return  # too large or empty: it stays with the message


def _is_ubl(data):
    try:
        root = bill_files.safe_xml.parse(data)
    except bill_files.BillError:
        return False
    return etree.QName(root).localname in bill_files.ubl.ROOTS
