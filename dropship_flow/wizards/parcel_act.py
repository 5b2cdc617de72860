from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipParcelAct(models.TransientModel):
    """Ask whoever carries or sent the parcels: where they are (催件), or to stop or redirect them (拦截/改派)."""

    _name = "dropship.parcel.act"
    _description = "Chase or Stop Parcels"

    verb = fields.Selection([("chase", "Chase"), ("intercept", "Stop or Redirect")], required=True, readonly=True)
    shipment_ids = fields.Many2many("dropship.shipment", string="Parcels")
    what = fields.Selection(
        [("back", "Stop it and bring it back"), ("redirect", "Take it to another address")], default="back"
    )
    address_id = fields.Many2one("res.partner", string="New Address")
    send_mail = fields.Boolean(string="Write to the Supplier", default=True, help="In his language, on the purchase.")
    text = fields.Text(compute="_compute_text", store=True, readonly=False, help="Copy it for WeChat or the carrier.")
    wait_hours = fields.Integer(string="Look Again After (hours)", default=24)

    @api.depends("verb", "what", "address_id", "shipment_ids")
    def _compute_text(self):
        for act in self:
            suppliers = act.shipment_ids.supplier_id
            lang = suppliers[:1].partner_id.lang if len(suppliers) == 1 else False
            act.text = act.with_context(lang=lang or act.env.lang)._text_for(act.shipment_ids)

    def _text_for(self, shipments):
        numbers = "\n".join(f"{shipment.carrier_title or ''} {shipment.number}".strip() for shipment in shipments)
        if self.verb == "chase":
            return self.env._(
                "Please find out where these parcels are and why they do not move, and tell us today:\n%s", numbers
            )
        if self.what == "redirect":
            address = self.address_id._display_address(without_company=True).strip() if self.address_id else "…"
            return self.env._(
                "Please have these parcels taken to another address:\n%(numbers)s\nNew address:\n%(address)s",
                numbers=numbers,
                address=address,
            )
        return self.env._("Please have these parcels stopped and brought back:\n%s", numbers)

    def action_apply(self):
        """Write to the suppliers where wanted, and note that it was asked."""
        self.ensure_one()
        shipments = self.shipment_ids
        shipments.check_access("write")
        if self.wait_hours < 1:
            raise UserError(self.env._("Say in how many hours to look again."))
        if self.verb == "intercept" and self.what == "redirect" and not self.address_id:
            raise UserError(self.env._("Choose the address the parcels are to go to."))
        if self.send_mail:
            self._write_to_suppliers()
        if self.verb == "chase":
            self._chased()
        else:
            self._stop_asked()
        return {"type": "ir.actions.act_window_close"}

    def _write_to_suppliers(self):
        """One message on each purchase, mailed to its supplier; edited words are kept where there is one supplier."""
        several = len(self.shipment_ids.supplier_id) > 1
        for purchase, boxes in self.shipment_ids.grouped(lambda box: box.purchase_ids[:1]).items():
            if not purchase:
                continue
            purchase_sudo = purchase.sudo()  # who cares for parcels may write to who sent them
            lang = purchase_sudo.partner_id.lang or self.env.lang
            text = self.with_context(lang=lang)._text_for(boxes) if several else self.text
            purchase_sudo.message_post(
                body=text,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=purchase_sudo.partner_id.ids,
            )

    def _chased(self):
        now = fields.Datetime.now()
        for shipment in self.shipment_ids:
            shipment.write({"chased": shipment.chased + 1, "chased_at": now})
        until = now + timedelta(hours=self.wait_hours)
        # Who asked where parcels are need not be asked again meanwhile, also where he solves no exceptions.
        waiting = self.env["dropship.exception"].sudo().search(
            [("shipment_id", "in", self.shipment_ids.ids), ("state", "=", "open"), ("kind", "=like", "parcel_%")]
        )
        waiting.write({"snoozed_until": until, "deadline": until})

    def _stop_asked(self):
        for shipment in self.shipment_ids:
            shipment.write({"intercept": "asked", "redirect_id": self.what == "redirect" and self.address_id.id})
            params = {"number": shipment.number, "what": self.what}
            self.env["dropship.exception"]._raise_parcel(shipment, "parcel_stop", [["intercept_asked", params]])
