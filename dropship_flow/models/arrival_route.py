from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models

from ..arrival import LEVELS
from .arrival_reader import Reader
from .arrival_shipment import arrival_day


class DropshipRoutingPolicy(models.Model):
    """Whether the router goes by what really happened or by the freight tables."""

    _inherit = "dropship.routing.policy"

    arrival_source = fields.Selection(
        [("learned", "What parcels really took"), ("table", "The freight tables")],
        string="Delivery Times From",
        default="learned",
        required=True,
        tracking=True,
        help="What was learned counts from so many parcels on; until then, and where nothing is known, the tables do.",
    )
    arrival_parcels = fields.Integer(string="From So Many Parcels On", default=5)

    _arrival_parcels_positive = models.Constraint(
        "CHECK (arrival_parcels >= 1)", "What was learned counts from at least 1 parcel on."
    )


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    rate_id = fields.Many2one(
        "dropship.shipping.rate", string="Freight Row", ondelete="set null", index="btree_not_null", readonly=True
    )
    days_parcels = fields.Integer(
        string="Parcels Behind the Days", readonly=True, help="0: the days are those of the freight table."
    )

    def _split(self, pieces):
        """Override: the pieces travel the same way."""
        rows = super()._split(pieces)
        for row in rows[1:]:
            row.write({"rate_id": self.rate_id.id, "days_parcels": self.days_parcels})
        return rows


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _read_facts(self, company, demands, own_stock=False):
        """Override: and what was learned about delivery times."""
        facts = super()._read_facts(company, demands, own_stock)
        ids = {offer.warehouse_id.id for offers in facts.offers.values() for offer in offers}
        warehouses = self.env["dropship.supplier.warehouse"].browse(sorted(ids))
        facts.arrival = Reader(self.env, company, warehouses, facts.now)
        return facts

    @api.model
    def _problem(self, order, demands, facts, policy, channel, ignore_duty=False):
        """Override: the days of the freight rows are those the parcels of this lane took, where enough are known."""
        problem = super()._problem(order, demands, facts, policy, channel, ignore_duty)
        if policy.arrival_source == "table" or not facts.arrival.seen:
            return problem
        least = max(policy.arrival_parcels, 1)
        destination = self._destination_key(order)
        sources = tuple(self._learned_source(source, facts, destination, least) for source in problem.sources)
        return replace(problem, sources=sources)

    @api.model
    def _learned_source(self, source, facts, destination, least):
        if isinstance(source.key, tuple):
            return source  # our own stock
        rates = tuple(self._learned_rate(source, rate, facts, destination, least) for rate in source.rates)
        return replace(source, rates=rates) if rates != source.rates else source

    @api.model
    def _learned_rate(self, source, rate, facts, destination, least):
        """The row with days that, after the time until leaving the engine counts, give the quantiles of both."""
        country_id, state_id, code, _city = destination
        reader = facts.arrival
        service = self.env["dropship.shipping.rate"].browse(rate.key).service_id
        chain = reader.chain(source.key, country_id, state_id, code, service.id or None)
        table = (rate.days_p50, rate.days_p80, rate.days_p95)
        key = ("rate", source.key, source.handling_days, chain, table, least)
        if key not in facts.sources:
            facts.sources[key] = self._learned_days(source, reader, chain, table, least)
        days, count = facts.sources[key]
        if days is None:
            return rate
        return replace(rate, days_p50=days[0], days_p80=days[1], days_p95=days[2], parcels_seen=count)

    @api.model
    def _learned_days(self, source, reader, chain, table, least):
        """((P50, P80, P95), parcels), or (None, 0) where too little is known."""
        transit, count = reader.transit(chain, table)
        _days, handled = reader.handling(source.key)
        if max(count, handled) < least:
            return None, 0
        if count < least:
            transit = reader.transit((), table)[0]
        if handled >= least:
            leaving = reader.leaving(source.key).map(lambda days: round(days, 4))
            whole = leaving.plus(transit).quantiles()
        else:
            whole = tuple(source.handling_days + days for days in transit.quantiles())
        return tuple(round(max(days - source.handling_days, 0.0), 4) for days in whole), max(count, handled)

    @api.model
    def _allocation_vals(self, outcome, decision):
        """Override: by which freight row the goods travel, what the days stand on, and the day as the customer's."""
        vals_list = super()._allocation_vals(outcome, decision)
        zone = outcome.order.partner_shipping_id._dropship_zone()
        pieces = [parcel for parcel in outcome.plan.parcels for _piece in parcel.pieces]
        for vals, parcel in zip(vals_list, pieces, strict=True):
            vals["promised_date"] = arrival_day(outcome.facts.now + timedelta(days=parcel.days_p80), zone)
            if not isinstance(parcel.rate, tuple):
                vals["rate_id"] = parcel.rate or False
                vals["days_parcels"] = self._parcels_behind(outcome, parcel)
        return vals_list

    @api.model
    def _parcels_behind(self, outcome, parcel):
        """How many real parcels the days of a parcel of the plan stand on; 0: the freight table."""
        source = next(source for source in outcome.problem.sources if source.key == parcel.source)
        return next((rate.parcels_seen for rate in source.rates if rate.key == parcel.rate), 0)

    @api.model
    def _plan_trace(self, plan):
        """Override: the trace says by how much the figures can be trusted."""
        traced = super()._plan_trace(plan)
        for row, parcel in zip(traced or (), plan.parcels if plan else (), strict=True):
            row["quantiles"] = dict(zip(map(str, LEVELS), row["days"], strict=True))
            row["service"] = parcel.service
        return traced
