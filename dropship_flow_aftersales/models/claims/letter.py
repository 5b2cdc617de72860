"""A claim on paper, for carriers and for whoever has no connection: what happened, what it cost, what proves it."""

from odoo import models
from odoo.exceptions import UserError

from .words import EVIDENCE


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    def action_letter(self):
        """Print the claim."""
        return self.env.ref("dropship_flow_aftersales.action_report_claim").report_action(self)

    def action_mail_letter(self):
        """Write to whoever it is against, with the claim attached."""
        self.ensure_one()
        self._check_buyer()
        partner = self._claim_partner()
        if self.party == "supplier" and not partner:
            raise UserError(self.env._("Say which supplier %s is against.", self.display_name))
        template = self.env.ref("dropship_flow_aftersales.mail_template_claim")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_partner_ids": partner.ids,
            },
        }

    def _claim_partner(self):
        """Whoever the claim goes to; a carrier's address is chosen when it is written."""
        self.ensure_one()
        if self.party == "supplier":
            return self.supplier_id.sudo().partner_id
        if self.party == "customer":
            return self.order_id.sudo().partner_id
        return self.env["res.partner"]

    def _letter_evidence(self):
        """[what there is, in words] for the letter."""
        self.ensure_one()
        given = self._given_evidence()
        rows = [self.env._(EVIDENCE[code]) for code in EVIDENCE if code in given]
        return rows + self.sudo().evidence_ids.mapped("name")

    def _letter_tracking(self):
        """The tracking history, oldest first: (when, what)."""
        self.ensure_one()
        claim_sudo = self.sudo()  # who reads the claim may know where its parcels were
        sold = claim_sudo.line_ids.return_line_id.order_line_id
        boxes = claim_sudo.shipment_id or sold.dropship_shipment_line_ids.shipment_id
        events = boxes.event_ids.sorted("occurred_at")
        return [(event.occurred_at, event.status_word) for event in events]

    def _letter_words(self):
        """What the customer wrote about it."""
        self.ensure_one()
        case_sudo = self.sudo().return_id  # who reads the claim may know what is said for it
        words = [case_sudo.note, *case_sudo.line_ids.mapped("note")]
        return [said for said in words if said] if self.party != "customer" else []
