"""A carrier that makes return labels without an account anywhere: to try the way back, and for the demo."""

from io import BytesIO

from odoo import fields, models
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A6
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

MARGIN, LEADING = 20, 14


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    delivery_type = fields.Selection(
        selection_add=[("dropship_labels", "Simulated Labels")],
        ondelete={"dropship_labels": lambda carriers: carriers.write({"delivery_type": "fixed", "fixed_price": 0.0})},
    )

    def _compute_can_generate_return(self):
        """Override: ours can."""
        result = super()._compute_can_generate_return()
        self.filtered(lambda carrier: carrier.delivery_type == "dropship_labels").can_generate_return = True
        return result

    def dropship_labels_rate_shipment(self, _order):
        """Nobody can choose it in the shop: it carries nothing."""
        words = self.env._("This method makes return labels only.")
        return {"success": False, "price": 0.0, "error_message": words, "warning_message": False}

    def dropship_labels_send_shipping(self, pickings):
        return [{"exact_price": 0.0, "tracking_number": False} for _picking in pickings]

    def dropship_labels_get_tracking_link(self, _picking):
        return False

    def dropship_labels_cancel_shipment(self, _pickings):
        """Nothing was booked anywhere."""
        return None

    def dropship_labels_get_return_label(self, pickings, _tracking_number=None, _origin_date=None):
        """A page with the sender, where it goes, and a number as a bar code."""
        for picking in pickings:
            number = f"SIM{picking.id:010d}"
            receiver = picking.company_id.dropship_return_partner_id or picking.picking_type_id.warehouse_id.partner_id
            page = self._dropship_label_page(number, picking.origin or "", picking.partner_id, receiver)
            picking.carrier_tracking_ref = number
            self.env["ir.attachment"].create(
                {
                    "name": f"{self.get_return_label_prefix()}-{number}.pdf",
                    "raw": page,
                    "mimetype": "application/pdf",
                    "res_model": picking._name,
                    "res_id": picking.id,
                }
            )

    def _dropship_label_page(self, number, ref, sender, receiver):
        """:return bytes: a PDF of one page"""
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))  # has Latin and Chinese, and is in no file of ours
        content = BytesIO()
        page = Canvas(content, pagesize=A6)
        height = A6[1] - MARGIN
        for title, partner in ((self.env._("From"), sender), (self.env._("To"), receiver)):
            lines = [title, partner.name or "", *partner._display_address(without_company=True).splitlines()]
            for size, line in zip((8, *[11] * len(lines)), filter(str.strip, lines), strict=False):
                page.setFont("STSong-Light", size)
                page.drawString(MARGIN, height - LEADING, line)
                height -= LEADING
            height -= LEADING
        Code128(number, barHeight=50, barWidth=1.1).drawOn(page, MARGIN - 10, 70)
        page.setFont("STSong-Light", 12)
        page.drawString(MARGIN, 50, number)
        sample = self.env._("Sample: no carrier takes it")
        page.drawString(MARGIN, 30, f"{ref}  {sample}")
        page.showPage()
        page.save()
        return content.getvalue()
