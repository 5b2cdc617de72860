"""What a supplier is told of a case, and nothing more: no sale, no price of it, no customer, no other supplier."""

from odoo import fields, models
from odoo.addons.dropship_flow.remedy.token import signed


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _content(self, folded):
        """
        :param casework.Case folded: the case as it is
        :return: {"ref", "approval": whether he has to agree first, "lines": [{"line", "order", "their_order", "sku",
            "name", "qty", "reason", "reason_text"}], "photos": [addresses], "to": where it goes as we know, "reply_by"}
        """
        self.ensure_one()
        reader = self.with_context(lang=self.supplier_id.partner_id.lang or self.env.lang)
        wanted = {line: folded.line(line.id).back for line in reader._lines()}
        lines = [reader._line_content(line, qty) for line, qty in wanted.items() if qty]
        return {
            "ref": self.ref,
            "approval": self.approval,
            "lines": lines,
            "photos": [self._photo_url(photo) for photo in self._photos()],
            "to": self._known_address(),
            "reply_by": self._reply_by(),
        }

    def _line_content(self, line, qty):
        purchase = line.purchase_line_id.order_id
        return {
            "line": str(line.id),
            "order": purchase.name or "",
            "their_order": purchase.partner_ref or "",
            "sku": self._sku(line),
            "name": self._product_name(line),
            "qty": round(float(qty) / self._factor(line), 6),
            "reason": line.reason_id.code,
            "reason_text": line.reason_id.name,
        }

    def _product_name(self, line):
        offer = line.allocation_ids.offer_id.filtered(lambda offer: offer.supplier_id == self.supplier_id)[:1]
        return (offer.name if offer.product_id == line.product_id else "") or line.product_id.display_name

    def _known_address(self):
        """His return address as we know it: {name, street, …}."""
        warehouse = self._lines().warehouse_id[:1]
        place = warehouse.return_partner_id or warehouse
        return {
            "name": place.name or "",
            "street": place.street or "",
            "street2": place.street2 or "",
            "city": place.city or "",
            "state": place.state_id.name or "",
            "zip": place.zip or "",
            "country": place.country_id.code or "",
            "phone": (warehouse.return_partner_id.phone or "") if warehouse.return_partner_id else "",
        }

    def _reply_by(self):
        due = [due for due in self.return_id._dues() if due.by == "supplier" and due.what == "approve"]
        ahead = due and due[0].at and due[0].at > fields.Datetime.now()
        return fields.Datetime.to_string(due[0].at) if self.approval and ahead else ""

    # ------------------------------------------------------------------
    # Photos
    # ------------------------------------------------------------------

    def _photos(self):
        """What the customer showed of this supplier's lines."""
        return self._lines().photo_ids.sorted("id")

    def _photo_sign(self, photo):
        """The last part of a photo's address: only we can write it."""
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return signed(secret, "dropship.return.photo", self.id, photo.id)[:32]

    def _photo_url(self, photo):
        """The address of a photo for whoever was given it. It opens this photo and nothing else."""
        base = self.supplier_id.get_base_url()
        return f"{base}/dropship/return/{self.id}/photo/{photo.id}/{self._photo_sign(photo)}"
