from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sheets import carriers


class DropshipShipmentCorrect(models.TransientModel):
    """A number was wrong: what is right, and why."""

    _name = "dropship.shipment.correct"
    _description = "Correct the Number of a Parcel"

    shipment_id = fields.Many2one("dropship.shipment", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="shipment_id.company_id")
    old_number = fields.Char(related="shipment_id.number", string="Number Now")
    verb = fields.Selection(
        [
            ("number", "The label says another number"),
            ("carrier", "Somebody else carries it"),
            ("swap", "Two parcels have each other's number"),
            ("void", "The label is not used: nothing left with it"),
        ],
        string="What Is Wrong",
        required=True,
        default="number",
    )
    number = fields.Char(string="Right Number")
    carrier = fields.Selection(selection="_carriers", string="Right Carrier")
    other_id = fields.Many2one(
        "dropship.shipment",
        string="The Other Parcel",
        domain="[('company_id', '=', company_id), ('id', '!=', shipment_id), ('current', '=', True)]",
    )
    keep_events = fields.Boolean(
        string="What Was Said Stays", help="The events so far are about this parcel, only its name was written wrongly."
    )
    reason = fields.Char(required=True)

    @api.model
    def _carriers(self):
        lang = self.env.lang or "en_US"
        return sorted(((code, carriers.name_of(code, lang)) for code in carriers.CARRIERS), key=lambda row: row[1])

    @api.onchange("shipment_id", "verb")
    def _onchange_verb(self):
        if self.verb == "carrier":
            self.keep_events = not self.shipment_id.event_ids or not self.shipment_id.carrier_code

    def action_correct(self):
        """Do what was chosen."""
        self.ensure_one()
        box = self.shipment_id
        box._check_desk()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: it is kept with the parcel."))
        if self.verb == "swap":
            self.other_id._check_desk()
            box._swap_with(self.other_id, self.reason)
        elif self.verb == "void":
            box._void(self.reason)
        elif self.verb == "carrier":
            if not self.carrier:
                raise UserError(self.env._("Choose who carries it."))
            box._change_number(box.number, self.reason, carrier=self.carrier, leave=not self.keep_events)
        else:
            box._change_number(self.number, self.reason, carrier=self.carrier or None, leave=not self.keep_events)
        return {"type": "ir.actions.act_window_close"}
