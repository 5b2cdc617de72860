from odoo import api, fields, models
from odoo.exceptions import UserError

from .reason_text import FLOW_FIELDS, FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "intercept_asked": _lt("%(number)s is to be stopped (%(what)s): enter what was answered."),
    }
)
FLOW_FIELDS["intercept_asked"] = {"what": ("dropship.parcel.act", "what")}
STANDING = ("parcel_first_scan", "parcel_movement", "parcel_delivery", "parcel_problem", "parcel_returning")
BACK = ("parcel_refused", "parcel_back", "parcel_back_missing")
TITLES = {
    "action_chase": _lt("Chase"),
    "action_intercept": _lt("Stop or Redirect"),
    "action_resend_parcel": _lt("Send Again"),
    "action_false_dispatch": _lt("It Never Left"),
    "action_claim_loss": _lt("Claim the Loss"),
    "action_tell_customer": _lt("Tell the Customer"),
    "action_open_parcel": _lt("Open Parcel"),
    "action_open_back": _lt("Way Back"),
    "action_stopped": _lt("It Was Stopped"),
    "action_not_stopped": _lt("Could Not Be Stopped"),
}


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    chased = fields.Integer(readonly=True, help="How often somebody asked where it is.")
    chased_at = fields.Datetime(readonly=True)
    intercept = fields.Selection(
        [("asked", "To be stopped"), ("stopped", "Stopped"), ("too_late", "Could not be stopped")],
        string="Stop",
        readonly=True,
        tracking=True,
    )
    redirect_id = fields.Many2one("res.partner", string="New Address", readonly=True)

    def action_chase(self):
        """Ask supplier or carrier where the parcels are."""
        return self._open_act("chase")

    def action_intercept(self):
        """Have the parcels stopped, brought back, or taken to another address."""
        return self._open_act("intercept")

    def _open_act(self, verb):
        going = self.filtered(lambda shipment: not shipment.is_final)
        if not going:
            raise UserError(self.env._("These parcels are where they belong, or never left."))
        act = self.env["dropship.parcel.act"].create({"verb": verb, "shipment_ids": [fields.Command.set(going.ids)]})
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.parcel.act",
            "res_id": act.id,
            "view_mode": "form",
            "target": "new",
            "name": dict(act._fields["verb"]._description_selection(self.env))[verb],
        }

    def action_false_dispatch(self):
        """The boxes never left: the notice is undone, nothing of it is paid, the goods are bought elsewhere at once."""
        self.check_access("write")
        for shipment_sudo in self.sudo().filtered(lambda shipment: shipment.state != "reverted"):
            purchases = shipment_sudo.purchase_ids
            lines = shipment_sudo.line_ids.purchase_line_id
            shipment_sudo._revert_dispatch()
            note = self.env._("%s never left", shipment_sudo.number)
            for purchase in purchases:
                rows = (purchase.dropship_allocation_ids & lines.dropship_allocation_ids).filtered(
                    lambda row: row.state == "accepted"
                )
                if not rows:
                    continue
                purchase._dropship_let_go(rows, "false", note)
                rows.line_id._dropship_source()
            shipment_sudo._claim_false()
            kinds = (*STANDING, *BACK, "parcel_unlikely", "parcel_voided")
            open_ones = shipment_sudo._open_parcel_exceptions(kinds)
            open_ones._set_state("solved", solution=self.env._("It never left: bought elsewhere"))
        return True

    def _claim_false(self):
        """Hook: what the false parcel cost us is asked back; goods that never left are not paid in the first place."""

    def action_claim_loss(self):
        """Claim what the contents cost from whoever most likely lost them."""
        self.env["dropship.claim"].check_access("create")
        claims = self.env["dropship.claim"]
        for shipment in self:
            damaged = shipment.detail == "damaged"
            party = "supplier" if not shipment.first_scan_at else "carrier"
            claims |= shipment._claim("damage" if damaged else "loss", party)
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.claim",
            "view_mode": "form" if len(claims) == 1 else "list,form",
            "res_id": claims.id if len(claims) == 1 else False,
            "domain": [("id", "in", claims.ids)],
            "name": self.env._("Claims"),
        }

    def action_tell_customer(self):
        """Send the customers word of where their parcels are."""
        self.check_access("write")
        for shipment in self:
            order_sudo = shipment.order_id.sudo()  # who cares for parcels may write to their receivers
            fact = {"lost": "lost", "returning": "returning", "customs": "customs"}.get(shipment.status, "problem")
            order_sudo._dropship_tell(fact, shipments=shipment)
        return True

    def action_open_backs(self):
        """The way back of the parcel; it is written down if it was not yet."""
        self.ensure_one()
        back = self._expect_back("other")
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.parcel.back",
            "res_id": back.id,
            "view_mode": "form",
            "name": self.env._("Way Back"),
        }

    def _stop_answered(self, stopped):
        """What the carrier answered to the wish to stop a parcel."""
        for shipment in self.filtered(lambda shipment: shipment.intercept == "asked"):
            shipment.intercept = "stopped" if stopped else "too_late"
            if stopped and shipment.redirect_id:
                shipment.partner_id = shipment.redirect_id
            elif stopped:
                shipment._expect_back("intercepted")
            shipment._open_parcel_exceptions(("parcel_stop",))._set_state(
                "solved", solution=self.env._("Stopped") if stopped else self.env._("Could not be stopped")
            )


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    release_reason = fields.Selection(selection_add=[("false", "Never shipped")])


class DropshipException(models.Model):
    """The buttons on exceptions about parcels."""

    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: a parcel somebody asked to stop."""
        return [*super()._exception_kinds(), ("parcel_stop", self.env._("Parcel to be stopped"))]

    @api.model
    def _verbs(self):
        """Override: what solves what is wrong with a parcel."""
        usual = ["action_open_parcel", "action_done"]
        stands = ["action_chase", "action_tell_customer", "action_resend_parcel", "action_claim_loss", *usual]
        return {
            **super()._verbs(),
            **dict.fromkeys(STANDING, stands),
            "parcel_first_scan": ["action_chase", "action_false_dispatch", "action_tell_customer", *usual],
            "parcel_unlikely": ["action_false_dispatch", "action_chase", "action_resend_parcel", *usual],
            "parcel_voided": ["action_chase", "action_false_dispatch", *usual],
            "parcel_customs": ["action_chase", "action_tell_customer", *usual],
            "parcel_pickup": ["action_tell_customer", "action_chase", *usual],
            "parcel_attempt": ["action_tell_customer", "action_intercept", "action_chase", *usual],
            "parcel_lost": ["action_resend_parcel", "action_claim_loss", "action_tell_customer", *usual],
            **dict.fromkeys(BACK, ["action_open_back", *stands[1:]]),
            "parcel_speaks_twice": ["action_chase", *usual],
            "parcel_old_number": ["action_chase", *usual],
            "parcel_stop": ["action_stopped", "action_not_stopped", "action_open_parcel"],
        }  # fmt: skip

    @api.model
    def _verb_titles(self):
        """Override: see _verbs."""
        return {**super()._verb_titles(), **{verb: self.env._(title) for verb, title in TITLES.items()}}

    def action_chase(self):
        """Ask where the parcels are; the exceptions sleep until there can be an answer."""
        return self._for_verb("action_chase").shipment_id.action_chase()

    def action_intercept(self):
        return self._for_verb("action_intercept").shipment_id.action_intercept()

    def action_false_dispatch(self):
        return self._for_verb("action_false_dispatch").shipment_id.action_false_dispatch()

    def action_claim_loss(self):
        return self._for_verb("action_claim_loss").shipment_id.action_claim_loss()

    def action_tell_customer(self):
        return self._for_verb("action_tell_customer").shipment_id.action_tell_customer()

    def action_resend_parcel(self):
        """Send again; with the replacement on its way the exception is solved."""
        exceptions = self._for_verb("action_resend_parcel")
        result = exceptions.shipment_id.action_resend()
        exceptions._set_state("solved", solution=self.env._("Sent again"))
        return result

    def action_open_back(self):
        self.ensure_one()
        return self._for_verb("action_open_back").shipment_id.action_open_backs()

    def action_stopped(self):
        self._for_verb("action_stopped").shipment_id._stop_answered(True)
        return True

    def action_not_stopped(self):
        self._for_verb("action_not_stopped").shipment_id._stop_answered(False)
        return True
