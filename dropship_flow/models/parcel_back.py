from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .reason_text import FLOW_DAYS, FLOW_FIELDS, FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "back_missing": _lt(
            "%(number)s should have come back (%(place)s) by %(date)s, and nobody confirmed it: ask, or claim the loss."
        ),
    }
)
FLOW_FIELDS["back_missing"] = {"place": ("dropship.parcel.back", "place")}
FLOW_DAYS["back_missing"] = ("date",)
REASONS = [
    ("refused", "Refused by the receiver"),
    ("unclaimed", "Not collected"),
    ("address", "Address not found"),
    ("intercepted", "Called back by us"),
    ("damaged", "Damaged on the way"),
    ("other", "Other reason"),
]
PLACES = [("supplier", "To the supplier's warehouse"), ("us", "To us"), ("destroyed", "Destroyed there")]
PAYERS = [("us", "We"), ("customer", "Customer"), ("supplier", "Supplier"), ("carrier", "Carrier")]
REASON_OF = {"refused": "refused", "unclaimed": "unclaimed", "address": "address", "damaged": "damaged",
             "absent": "unclaimed", "no_contact": "unclaimed"}  # fmt: skip
# Days the receiver of a returned parcel has to confirm it.
DAYS_TO_CONFIRM = 14


class DropshipParcelBack(models.Model):
    """A parcel that did not reach the customer and comes back (拒收 and the like): where to, and who pays both ways."""

    _name = "dropship.parcel.back"
    _description = "Way Back of a Parcel"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "state, confirm_by, id desc"
    _rec_name = "shipment_id"

    _transitions = frozenset(
        {
            ("expected", "arrived"),
            ("expected", "missing"),
            ("expected", "destroyed"),
            ("missing", "arrived"),
            ("expected", "cancelled"),  # it was delivered after all
        }
    )

    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, index=True)
    order_id = fields.Many2one(related="shipment_id.order_id", store=True, index="btree_not_null")
    supplier_id = fields.Many2one(related="shipment_id.supplier_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Selection(REASONS, required=True, default="other", tracking=True)
    place = fields.Selection(PLACES, string="Goes", required=True, default="supplier", tracking=True)
    number = fields.Char(string="Number of the Way Back", help="Where the carrier gave it a new one.")
    freight_out = fields.Monetary(help="What the way to the customer cost.")
    freight_out_payer = fields.Selection(PAYERS, string="Pays the Way Out", default="us", required=True)
    freight_back = fields.Monetary()
    freight_back_payer = fields.Selection(PAYERS, string="Pays the Way Back", default="us", required=True)
    confirm_by = fields.Date(required=True, tracking=True)
    arrived_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    condition = fields.Selection([("good", "As new"), ("opened", "Opened"), ("damaged", "Damaged")], copy=False)
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("arrived", "Arrived"),
            ("missing", "Missing"),
            ("destroyed", "Destroyed"),
            ("cancelled", "Delivered after all"),
        ],
        default="expected",
        required=True,
        index=True,
        tracking=True,
    )

    _once = models.UniqueIndex("(shipment_id) WHERE state != 'cancelled'", "The way back is recorded already.")
    _freights = models.Constraint("CHECK (freight_out >= 0 AND freight_back >= 0)", "Freights are not negative.")

    def action_arrived(self):
        """Whoever receives it has it; a photo shows how it came."""
        for back in self:
            if back.state == "arrived":
                continue
            if not back.photo_ids or not back.condition:
                raise UserError(
                    self.env._("Add a photo and say how %s came back, then confirm it.", back.shipment_id.number)
                )
            back._arrived()
        return True

    def _arrived(self):
        """Record the reception. The part that decides about money hooks in at `_after_arrival`."""
        moved = self._set_state("arrived", arrived_at=fields.Datetime.now(), confirmed_by_id=self.env.user.id)
        moved._close_exceptions()
        moved._after_arrival()

    def _after_arrival(self):
        """Hook: the goods are back where they were to go."""

    def action_destroyed(self):
        """Nothing comes back."""
        self._set_state("destroyed", place="destroyed")._close_exceptions()
        return True

    def _close_exceptions(self):
        kinds = ("parcel_back", "parcel_refused", "parcel_returning", "parcel_back_missing")
        self.shipment_id._open_parcel_exceptions(kinds)._set_state("solved", solution=self.env._("It is back"))

    @api.model
    def _cron_missing(self):
        """What nobody confirmed in time is missing: somebody has to ask."""
        today = fields.Date.context_today(self)
        for back in self.search([("state", "=", "expected"), ("confirm_by", "<", today)]):
            back._set_state("missing")
            params = {"number": back.shipment_id.number, "place": back.place, "date": str(back.confirm_by)}
            self.env["dropship.exception"]._raise_parcel(
                back.shipment_id, "parcel_back_missing", [["back_missing", params]]
            )


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    back_ids = fields.One2many(
        "dropship.parcel.back", "shipment_id", string="Way Back", groups="dropship_flow.group_dropship_user"
    )

    def _after_fold(self, changes):
        """Override: what turns round is written down, what is delivered after all is not on its way back."""
        result = super()._after_fold(changes)
        for shipment, change in changes.items():
            if change.new == change.old:
                continue
            shipment_sudo = shipment.sudo()  # carriers' words are the system's
            open_ones = shipment_sudo.back_ids.filtered(lambda back: back.state == "expected")
            if change.new in ("returning", "returned") and not shipment_sudo.back_ids:
                shipment_sudo._expect_back(REASON_OF.get(shipment.detail, "other"))
            elif change.new == "delivered":
                open_ones._set_state("cancelled")
            elif change.new == "lost":
                open_ones._set_state("missing")
        return result

    def _expect_back(self, reason, place="supplier"):
        """Write down that the parcel comes back; the freights are what the purchase's rows expected.

        :return: the way back
        """
        self.ensure_one()
        known = self.back_ids.filtered(lambda back: back.state != "cancelled")
        if known:
            return known[:1]
        rows = self.sudo().line_ids.purchase_line_id.dropship_allocation_ids  # the freight only
        at_fault = {"damaged": "carrier", "refused": "us", "address": "us"}
        with self._first_come():
            return self.env["dropship.parcel.back"].create(
                {
                    "shipment_id": self.id,
                    "reason": reason,
                    "place": place,
                    "freight_out": self.company_id.currency_id.round(sum(rows.mapped("freight"))),
                    "freight_back_payer": at_fault.get(reason, "us"),
                    "confirm_by": fields.Date.context_today(self) + timedelta(days=DAYS_TO_CONFIRM),
                }
            )


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: a way back nobody confirmed."""
        return [*super()._exception_kinds(), ("parcel_back_missing", self.env._("Returned parcel is missing"))]
