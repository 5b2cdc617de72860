import base64
import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class DropshipSupplierShare(models.TransientModel):
    """A link, its QR code and an order as text, to copy. Nothing of it is stored: a link is a secret."""

    _name = "dropship.supplier.share"
    _description = "Share with a Supplier"

    url = fields.Char(string="Link", store=False, readonly=True)
    qr = fields.Binary(string="QR Code", store=False, readonly=True)
    text = fields.Text(string="Order as Text", store=False, readonly=True)

    @api.model
    def _show(self, title, url, text=False):
        """The window that shows them, once."""
        context = {"default_url": url, "default_qr": self._qr(url) if url else False, "default_text": text}
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    @api.model
    def _qr(self, text):
        """The QR code of a text as a picture; False where this machine cannot draw one."""
        try:
            picture = self.env["ir.actions.report"].barcode("QR", text, width=220, height=220, quiet=1)
        except Exception:  # the link works without its picture
            _logger.warning("No QR code can be drawn", exc_info=True)
            return False
        return base64.b64encode(picture).decode()
