"""Return labels a carrier makes: fetched once what is to come to us can be sent, by whichever carrier of core can."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..case.locked import locked

# Attempts of a connector to say what went wrong are long; a to-do is read at a glance.
LONGEST = 300
# A kind of its own: other to-dos of a case go with what they are about.
TO_DO = "dropship_flow_aftersales.activity_return_label"


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_return_carrier_id = fields.Many2one(
        "delivery.carrier",
        string="Return Labels By",
        check_company=True,
        help="Makes the labels of what customers send to us. Empty: customers send it themselves.",
    )

    @api.constrains("dropship_return_carrier_id")
    def _check_dropship_return_carrier(self):
        for carrier in self.sudo().dropship_return_carrier_id:
            if not carrier.can_generate_return:
                raise ValidationError(self.env._("%s makes no return labels: choose another method.", carrier.name))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_return_carrier_id = fields.Many2one(related="company_id.dropship_return_carrier_id", readonly=False)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    label_state = fields.Selection(
        [
            ("wanted", "To Be Asked For"),
            ("asking", "Being Asked For"),
            ("failed", "Failed"),
            ("done", "Made"),
            ("off", "Not Needed"),
        ],
        string="Label of the Carrier",
        readonly=True,
        copy=False,
    )
    label_error = fields.Char(string="Why There Is No Label", readonly=True, copy=False)
    label_asked_at = fields.Datetime(string="Label Asked For On", readonly=True, copy=False)
    label_picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer Shown to the Carrier",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    _label_wanted = models.Index("(id) WHERE label_state IN ('wanted', 'asking')")

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _after_event(self, event, before, after):
        """Override: what can be sent now needs its label."""
        result = super()._after_event(event, before, after)
        self._want_label()
        return result

    def _after_time(self, before_stage, after):
        """Override: the same where silence decided."""
        result = super()._after_time(before_stage, after)
        self._want_label()
        return result

    def _want_label(self):
        """Ask for a label, once. A carrier is asked afterwards: what was decided never waits for him."""
        case_sudo = self.sudo()  # whoever decides need not read carriers
        if case_sudo.label_state in ("wanted", "failed") and not case_sudo._label_needed():
            case_sudo._set_label_state("off")
        if (
            case_sudo.label_state
            or case_sudo.stage != "send"
            or case_sudo.destination != "us"
            or case_sudo.parcel_ids.label_id
            or not case_sudo.company_id.dropship_return_carrier_id
            or self.env.context.get("dropship_invented")
        ):
            return
        case_sudo.label_state = "wanted"
        self.env.ref("dropship_flow_aftersales.cron_return_labels").sudo()._trigger()

    def _label_needed(self):
        awaited = self.state == "open" and self.stage == "send" and self.destination == "us"
        return bool(awaited and not self.parcel_ids.label_id and any(self._left_to_send().values()))

    def _label_coming(self):
        """Whether the customer is to wait for a label."""
        return self.label_state in ("wanted", "asking")

    def _label_again(self):
        """A person has seen to it: ask once more, soon."""
        for case in self.filtered(lambda case: case.label_state == "failed"):
            locked(case)
            if case.label_state == "failed":
                case._set_label_state("wanted")
                self.env.ref("dropship_flow_aftersales.cron_return_labels").sudo()._trigger()

    def _set_label_state(self, state, **vals):
        """Whatever ends, nobody need do anything any more, and the draft is thrown away."""
        draft = self.label_picking_id
        self.write({"label_state": state, "label_error": False, "label_picking_id": False, **vals})
        draft.unlink()
        self.activity_unlink([TO_DO])

    def _label_failed(self, why):
        self._set_label_state("failed", label_error=why[:LONGEST])
        user = self.user_id or self.env.ref("base.user_admin")
        summary = self.env._("No return label for %s: try again, or add one by hand", self.name)
        self.activity_schedule(TO_DO, summary=summary, note=self.label_error, user_id=user.id)
