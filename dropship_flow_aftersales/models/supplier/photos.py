"""Photos as suppliers see them: small enough for a phone, without what a camera writes into them."""

from odoo import api, models
from odoo.tools.image import image_process

MAX_SIDE = 1600
VIDEOS = ("video/mp4", "video/quicktime", "video/webm")
IMAGES = ("image/jpeg", "image/png", "image/webp", "image/gif")


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    @api.model
    def _harmless_file(self, file):
        """(bytes, mimetype) of an attachment for eyes outside; (b"", "") for what is no picture or film.

        An image is drawn anew: where and with what it was taken stays here.
        """
        if file.mimetype in VIDEOS:
            return file.raw, file.mimetype
        if file.mimetype not in IMAGES:
            return b"", ""
        try:
            content = image_process(file.raw, size=(MAX_SIDE, MAX_SIDE), quality=85, output_format="JPEG")
        except Exception:  # a picture nobody can open is none; what exactly is wrong with it helps nobody
            return b"", ""
        return content, "image/jpeg"


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _sign_of(self, file):
        """The signature of a photo's address; "" of what is no photo of his lines."""
        return self._photo_sign(file) if file in self._photos() else ""

    def _shown_file(self, file):
        return self.env["dropship.exchange"]._harmless_file(file)


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    def _sign_of(self, file):
        """The signature of a piece of evidence; "" of what is none of this claim."""
        return self._evidence_sign(file) if file in self._supplier_evidence() else ""

    def _shown_file(self, file):
        return self.env["dropship.exchange"]._harmless_file(file)
