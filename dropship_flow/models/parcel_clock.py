import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

from ..watching.clocks import Parcel, clock_of, liable
from .reason_text import FLOW_DAYS, FLOW_FIELDS, FLOW_REASONS, FLOW_WORDS, _lt

_logger = logging.getLogger(__name__)

FLOW_REASONS.update(
    {
        "parcel_first_scan": _lt(
            "%(supplier)s said that %(number)s left on %(since)s, but the carrier has never seen it: chase him, or buy "
            "it again elsewhere at once."
        ),
        "parcel_movement": _lt("%(number)s was last seen on %(since)s: chase the carrier, tell the customer."),
        "parcel_delivery": _lt("%(number)s went out for delivery on %(since)s and did not arrive: chase the carrier."),
        "parcel_customs": _lt("%(number)s is in customs since %(since)s: see which papers are missing."),
        "parcel_pickup": _lt(
            "%(number)s waits to be collected since %(since)s and goes back soon: tell the customer once more."
        ),
        "parcel_attempt": _lt("%(number)s could not be delivered on %(since)s: check address and phone."),
        "parcel_problem": _lt("%(number)s has a problem since %(since)s (%(detail)s): chase the carrier."),
        "parcel_returning": _lt(
            "%(number)s is on its way back since %(since)s and not there yet: chase the carrier."
        ),
        "parcel_liable": _lt("Most likely to answer for it: %(party)s."),
    }
)
PARTIES = {
    "supplier": _lt("the supplier"),
    "carrier": _lt("the carrier"),
    "customer": _lt("the customer"),
    "customs": _lt("customs"),
}
FLOW_WORDS["parcel_liable"] = {"party": PARTIES}
FLOW_FIELDS["parcel_problem"] = {"detail": ("dropship.shipment", "detail")}
# Kinds of exceptions that end by themselves when the parcel goes on, and the states that say it does.
ENDS = {
    "parcel_first_scan": None,  # any physical event
    "parcel_movement": None,
    "parcel_delivery": ("delivered", "available_for_pickup", "returned", "returning"),
    "parcel_customs": ("in_transit", "out_for_delivery", "delivered", "returned"),
    "parcel_pickup": ("delivered", "returning", "returned"),
    "parcel_attempt": ("delivered", "out_for_delivery", "available_for_pickup", "returned"),
    "parcel_problem": ("in_transit", "out_for_delivery", "delivered", "returned"),
    "parcel_returning": ("returned", "delivered"),
}
FLOW_DAYS.update(dict.fromkeys(ENDS, ("since",)))


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: from the notice on the clock of the first scan runs."""
        shipments = super().create(vals_list)
        shipments._set_clocks()
        return shipments

    def _after_fold(self, changes):
        """Override: the next clock begins, and what the clock had complained about may be over."""
        result = super()._after_fold(changes)
        self.browse(shipment.id for shipment in changes)._set_clocks()
        self._end_exceptions(changes)
        return result

    def _after_dispatch(self):
        """Override: it left: the first scan is due from now."""
        result = super()._after_dispatch()
        self._set_clocks()
        return result

    def _after_revert(self):
        """Override: what never left has no clock, and nothing about it waits for anybody."""
        result = super()._after_revert()
        self._set_clocks()
        self._open_parcel_exceptions(tuple(ENDS))._set_state("solved", solution=self.env._("It never left"))
        return result

    def _set_clocks(self):
        """Start the clock each parcel waits by. One look at the rules for all of them."""
        if not self:
            return
        rules = self.env["dropship.parcel.sla"].sudo().search([])
        for shipment_sudo in self.sudo():  # the clock is the system's, whoever moved the parcel
            clock = None
            if shipment_sudo.state != "reverted" and shipment_sudo.current:
                clock = clock_of(shipment_sudo._clock_facts())
            vals = {"clock": False, "clock_due": False, "clock_rule_id": False}
            if clock:
                due, rule = rules._due(clock.kind, shipment_sudo._lane(), clock.since)
                due = shipment_sudo._channel_due(clock.kind, due)
                vals = {"clock": clock.kind, "clock_due": due or False, "clock_rule_id": rule.id}
            vals = {
                name: value
                for name, value in vals.items()
                if (shipment_sudo[name].id if name == "clock_rule_id" else shipment_sudo[name]) != value
            }
            if vals:
                shipment_sudo.write({**vals, "clock_told": False})

    def _clock_facts(self):
        self.ensure_one()
        return Parcel(
            self.status,
            self.announced_at,
            self.dispatched_at or None,
            self.first_scan_at or None,
            self.moved_at or None,
            self.status_at or None,
        )

    def _channel_due(self, kind, due):
        """The platform counts the first scan from the order on."""
        self.ensure_one()
        hours = self.order_id.dropship_channel_id.first_scan_hours
        if kind != "first_scan" or not hours or not self.order_id.date_order:
            return due
        platform = fields.Datetime.add(self.order_id.date_order, hours=hours)
        return min(due, platform) if due else platform

    # ------------------------------------------------------------------
    # The clock runs out
    # ------------------------------------------------------------------

    @api.model
    def _cron_clocks(self, limit=1000):
        """Parcels whose clock is over: each is somebody's, once for each clock."""
        over = [("clock_due", "<=", fields.Datetime.now()), ("clock_told", "=", False)]
        due = self.search(over, limit=limit, order="clock_due, id")
        for shipment in due:
            try:
                with self.env.cr.savepoint():
                    shipment._clock_ran_out()
                self._commit_clock()
            except (OperationalError, ConcurrencyError):  # it moves this very moment; the next round looks again
                self.env.cr.rollback()
            except Exception:
                _logger.exception("The clock of parcel %s", shipment.id)
                self.env.cr.rollback()

    @api.model
    def _commit_clock(self):
        self.env["ir.cron"]._commit_progress(1)

    def _clock_ran_out(self):
        """Open the exception of the clock; nobody is called again before another clock runs."""
        self.ensure_one()
        self._take_rows()
        kind = f"parcel_{self.clock}"
        if not self.order_id._dropship_is_played():
            self.env["dropship.exception"]._raise_parcel(self, kind, self._clock_reasons(kind))
            self._clock_noted(kind)
        self.clock_told = True

    def _clock_reasons(self, kind):
        self.ensure_one()
        since = clock_of(self._clock_facts()).since
        params = {
            "number": self.number,
            "since": fields.Date.to_string(since.date()),
            "supplier": self.supplier_id.name or "",
            "detail": self.detail or "",
        }
        reasons = [[kind, params]]
        if party := liable(self.status, self.detail or ""):
            reasons.append(["parcel_liable", {"party": party}])
        return reasons

    def _clock_noted(self, kind):
        """What the clock says about the supplier: a label alone is no parcel."""
        self.ensure_one()
        if kind == "parcel_first_scan":
            rows = self.line_ids.purchase_line_id.dropship_allocation_ids
            self.env["dropship.supplier.fact"].sudo()._note(rows, "no_tracking")

    # ------------------------------------------------------------------
    # And what ends by itself
    # ------------------------------------------------------------------

    def _open_parcel_exceptions(self, kinds):
        domain = [("shipment_id", "in", self.ids), ("kind", "in", kinds), ("state", "=", "open")]
        return self.env["dropship.exception"].sudo().search(domain)

    @api.model
    def _end_exceptions(self, changes):
        moved = self.browse(shipment.id for shipment in changes)
        for exception in moved._open_parcel_exceptions(tuple(ENDS)):
            shipment = exception.shipment_id
            states = ENDS[exception.kind]
            seen = shipment.moved_at and shipment.moved_at >= exception.create_date - timedelta(days=1)
            if shipment.status in states if states else (shipment.first_scan_at and (seen or shipment.is_final)):
                exception._set_state("solved", solution=self.env._("The parcel went on"))


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: what the clocks of parcels say."""
        return [
            *super()._exception_kinds(),
            ("parcel_first_scan", self.env._("Never scanned")),
            ("parcel_movement", self.env._("Parcel stands still")),
            ("parcel_delivery", self.env._("Not delivered although out for delivery")),
            ("parcel_customs", self.env._("Held in customs")),
            ("parcel_pickup", self.env._("Pickup runs out")),
            ("parcel_attempt", self.env._("Delivery failed")),
            ("parcel_problem", self.env._("Carrier reports a problem")),
            ("parcel_returning", self.env._("Way back takes too long")),
        ]
