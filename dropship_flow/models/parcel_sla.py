from odoo import api, fields, models

from .sale_order import READERS

CLOCK_WORDS = [
    ("ship_by", "Leave the supplier"),
    ("first_scan", "First scan by the carrier"),
    ("movement", "Any movement"),
    ("delivery", "Delivered after it went out"),
    ("customs", "Through customs"),
    ("pickup", "Collected from the shop or locker"),
    ("attempt", "Next try after a failed one"),
    ("problem", "Problem solved"),
    ("returning", "Back at the receiver of returns"),
]


class DropshipParcelSla(models.Model):
    """How long a step of a parcel may take. For each step the first rule that fits decides; empty fits everything."""

    _name = "dropship.parcel.sla"
    _description = "Parcel Deadline"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    clock = fields.Selection(CLOCK_WORDS, string="Step", required=True)
    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade", help="Empty: any.")
    warehouse_id = fields.Many2one("dropship.supplier.warehouse", ondelete="cascade", help="Empty: any.")
    channel_id = fields.Many2one("dropship.sales.channel", ondelete="cascade", help="Empty: any.")
    carrier_code = fields.Char(help="The carrier's code, as on the parcel. Empty: any.")
    from_country_ids = fields.Many2many(
        "res.country", "dropship_parcel_sla_from_rel", string="Ships From", help="Empty: anywhere."
    )
    to_country_ids = fields.Many2many(
        "res.country", "dropship_parcel_sla_to_rel", string="Goes To", help="Empty: anywhere."
    )
    way = fields.Selection([("home", "Within one country"), ("abroad", "Across a border")], help="Empty: both.")
    hours = fields.Float(required=True, default=72.0, help="0: no clock.")
    working_days = fields.Boolean(
        string="In the Supplier's Calendar",
        help="Each 24 hours are one working day of the warehouse; while it is closed the clock stands.",
    )

    _hours_positive = models.Constraint(
        "CHECK (hours >= 0 AND hours <= 8760)", "The hours are between 0 and 8760 (a year)."
    )

    @api.depends("clock", "hours")
    def _compute_display_name(self):
        words = dict(self._fields["clock"]._description_selection(self.env))
        for rule in self:
            rule.display_name = f"{words.get(rule.clock, '')}: {rule.hours:g} h"

    def _fits(self, clock, lane):
        """Whether the rule says something about a step on a lane.

        :param dict lane: company, supplier, warehouse, channel, carrier, from_country, to_country
        """
        self.ensure_one()
        home = lane["from_country"] == lane["to_country"]
        return (
            self.clock == clock
            and self.company_id in (lane["company"], self.company_id.browse())
            and self.supplier_id in (lane["supplier"], self.supplier_id.browse())
            and self.warehouse_id in (lane["warehouse"], self.warehouse_id.browse())
            and self.channel_id in (lane["channel"], self.channel_id.browse())
            and self.carrier_code in (lane["carrier"] or False, False)
            and (not self.from_country_ids or lane["from_country"] in self.from_country_ids)
            and (not self.to_country_ids or lane["to_country"] in self.to_country_ids)
            and self.way in (False, "home" if home else "abroad")
        )

    def _due(self, clock, lane, since):
        """(when the step is due, the rule that says so); (None, nothing) without a rule.

        The channel's own promise to its platform counts where it is shorter.
        """
        rule = next((rule for rule in self if rule._fits(clock, lane)), self.browse())
        due = None
        if rule.hours:
            warehouse = lane["warehouse"]
            if rule.working_days and warehouse:
                due = warehouse._answer_by(since, rule.hours)
            else:
                due = fields.Datetime.add(since, seconds=round(rule.hours * 3600))
        return due, rule


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    first_scan_hours = fields.Integer(
        string="First Scan Within (hours)",
        help="The platform's deadline from the order to the carrier's first scan. 0: none.",
    )

    _first_scan_hours_positive = models.Constraint("CHECK (first_scan_hours >= 0)", "Hours cannot be negative.")


class DropshipShipment(models.Model):
    """Which clock of a parcel runs, and when it is over."""

    _inherit = "dropship.shipment"

    clock = fields.Selection(
        [pair for pair in CLOCK_WORDS if pair[0] != "ship_by"], string="Waits For", readonly=True, groups=READERS
    )
    clock_due = fields.Datetime(string="Until", readonly=True, groups=READERS)
    clock_rule_id = fields.Many2one("dropship.parcel.sla", readonly=True, ondelete="set null", groups=READERS)
    clock_told = fields.Boolean(readonly=True, groups=READERS, help="Somebody was called when the clock was over.")

    _clock_over = models.Index("(clock_due) WHERE clock_due IS NOT NULL AND clock_told IS NOT TRUE")

    @api.depends("clock_due")
    def _compute_is_late(self):
        """Override: a step that takes too long is late as well."""
        result = super()._compute_is_late()
        now = fields.Datetime.now()
        for shipment_sudo in self.sudo():  # the clock is for the desk, that something is late for everybody
            if shipment_sudo.clock_due and shipment_sudo.clock_due < now:
                shipment_sudo.is_late = True
        return result

    def _search_is_late(self, operator, value):
        """Override: see _compute_is_late."""
        found = super()._search_is_late(operator, value)
        if found is NotImplemented:
            return found
        over = fields.Domain("clock_due", "<", fields.Datetime.now())
        return found | over if True in value else found & (~over | fields.Domain("clock_due", "=", False))

    def _lane(self):
        """What deadlines depend on."""
        self.ensure_one()
        order = self.order_id
        return {
            "company": self.company_id,
            "supplier": self.supplier_id,
            "warehouse": self.warehouse_id,
            "channel": order.dropship_channel_id,
            "carrier": self.carrier_code,
            "from_country": self.warehouse_id.country_id,
            "to_country": self.partner_id.country_id,
        }
