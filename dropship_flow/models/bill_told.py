"""The supplier is told about differences: one message for each purchase, with his goods and figures only."""

from markupsafe import Markup
from odoo import models


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    def _tell_supplier(self):
        """Write to the suppliers of the rows, in their language; audience: the supplier. A purchase each."""
        for purchase, rows in self.grouped("purchase_id").items():
            rows._send_difference(purchase.sudo())

    def _send_difference(self, purchase_sudo):
        """The mail waits in the queue: nothing goes out when this transaction fails."""
        supplier = purchase_sudo.dropship_warehouse_id.supplier_id
        partner = purchase_sudo.partner_id.commercial_partner_id
        told = self.env._("%(supplier)s has no e-mail address: tell him yourself.", supplier=supplier.name)
        if partner.email:
            template = self.env.ref("dropship_flow.mail_template_bill_difference")
            for row in self[:1]:
                template.with_context(dropship_rows=self.ids).sudo().send_mail(row.id, force_send=False)
            told = self.env._("%(supplier)s was told about the difference.", supplier=supplier.name)
        for row in self:
            for bill in row._bills()[row].sudo():
                said = self.env._("About %(row)s: %(note)s", row=row.display_name, note=row.decision_note or "")
                bill.message_post(body=Markup("%s<br/>%s") % (said, told))

    def _told_lines(self):
        """What the mail says, one entry a difference: {what, why, amount}. Nothing of the customer's is in it."""
        rows = self.browse(self.env.context.get("dropship_rows") or self.ids)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            {
                "what": row.purchase_line_id.name or kinds[row.kind],
                "why": row.reason_text,
                "amount": row.currency_id.format(row.difference),
                "number": ", ".join(filter(None, row._bills()[row].sudo().mapped("ref"))),
            }
            for row in rows
        ]
