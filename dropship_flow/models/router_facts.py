from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL

from ..routing import model as engine
from .exact import decimal

ONE = Decimal(1)


@dataclass(slots=True)
class Limits:
    """Sets of ids: what a supplier refuses, which tags goods carry, which countries a tag may not go to."""

    tag: dict = field(default_factory=lambda: defaultdict(set))  # supplier id -> tag ids
    country: dict = field(default_factory=lambda: defaultdict(set))  # supplier id -> country ids
    template: dict = field(default_factory=lambda: defaultdict(set))  # product template id -> tag ids
    variant: dict = field(default_factory=lambda: defaultdict(set))  # product id -> tag ids
    restricted: dict = field(default_factory=lambda: defaultdict(set))  # tag id -> country ids
    papers: dict = field(default_factory=dict)  # (template id, supplier id) -> {country id: kinds of missing papers}

    def tags(self, product):
        """Tag ids of a product, its template's included."""
        return self.template[product.product_tmpl_id.id] | self.variant[product.id]


@dataclass(slots=True)
class Card:
    """What is the same of an offer for every order of the batch."""

    offer: engine.Offer  # with all that was fed as stock
    supplier: Any  # dropship.supplier
    product: Any  # product.product
    lead_days: float
    hazardous: bool
    barred: dict = field(default_factory=dict)  # country id -> reasons against going there


@dataclass(slots=True)
class Facts:
    """All the router read for one batch of one company; nothing below asks the database again."""

    company: Any
    now: Any
    home_currency_id: int
    currency_rates: dict = field(default_factory=dict)  # currency id -> Decimal; unknown ones are left out
    offers: dict = field(default_factory=lambda: defaultdict(list))  # product id -> offer records
    tiers: dict = field(default_factory=dict)  # offer id -> ((min qty, price, currency id), …)
    refusals: dict = field(default_factory=dict)  # warehouse id -> reasons against all its offers
    promised: dict = field(default_factory=dict)  # offer id -> quantity; grows while the batch is decided
    trials: dict = field(default_factory=dict)  # supplier id -> trial orders used; grows while the batch is decided
    handling: dict = field(default_factory=dict)  # warehouse id -> days
    limits: Limits = field(default_factory=Limits)
    terms: dict = field(default_factory=dict)  # supplier id -> engine.Terms
    rates: dict = field(default_factory=dict)  # (destination key, warehouse id) -> rate records
    engine_rates: dict = field(default_factory=dict)  # rate id -> engine.Rate
    duties: dict = field(default_factory=dict)  # country id -> (engine.Duty, …)
    areas: dict = field(default_factory=dict)  # country id -> frozenset of codes
    tax_rules: Any = None  # dropship.tax.rule records, read when the first parcel crosses a border
    purses: dict = field(default_factory=dict)  # supplier id -> what his prepaid balance allows
    own: dict = field(default_factory=dict)  # (warehouse id, product id) -> free quantity
    cards: dict = field(default_factory=dict)  # offer id -> Card
    sources: dict = field(default_factory=dict)  # (warehouse id, rate ids, …) -> engine.Source
    goods: dict = field(default_factory=dict)  # product id -> what engine.Line takes from it
    arrival: Any = None  # arrival_reader.Reader: what was learned about delivery times

    def rate(self, currency):
        """How many company units one unit of the currency is worth; None when nobody knows."""
        return self.worth(currency.id)

    def worth(self, currency_id):
        """The same by id."""
        if not currency_id or currency_id == self.home_currency_id:
            return ONE
        return self.currency_rates.get(currency_id)

    def available(self, offer):
        """What can still be promised of an engine.Offer, in reference units; None: no limit."""
        promised = self.promised.get(offer.key)
        if offer.stock is None or not promised:
            return offer.stock
        return max(offer.stock - decimal(promised), engine.ZERO)


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _read_facts(self, company, demands, own_stock=False):
        """Read everything the engine needs for these orders, set by set. Sudo: the order desk may not read costs.

        :param dict demands: {sale.order: [Demand]}
        :param bool own_stock: our own warehouses, wherever they are, may be sources as well
        """
        self = self.with_company(company)
        wanted = (demand.product for order_demands in demands.values() for demand in order_demands)
        products = self.env["product.product"].union(*wanted)
        now = fields.Datetime.now()
        facts = Facts(company, now, company.currency_id.id)
        offers = (
            self.env["dropship.offer"]
            .with_context(active_test=True)
            .search_fetch([("product_id", "in", products.ids), ("company_id", "in", [False, company.id])], order="id")
        )
        for offer in offers:
            facts.offers[offer.product_id.id].append(offer)
        warehouses, suppliers = offers.warehouse_id, offers.supplier_id
        self._read_currencies(facts)
        facts.tiers = offers._tiers_for(company, now.date())
        facts.promised = self.env["dropship.allocation"]._promised_since(offers)
        facts.handling = warehouses._handling_days(now)
        on_trial = suppliers.filtered(lambda supplier: supplier.state == "trial")
        on_trial.invalidate_recordset(["trial_used"])
        facts.trials = {supplier.id: supplier.trial_used for supplier in on_trial}
        facts.terms = {supplier.id: self._engine_terms(facts, supplier) for supplier in suppliers}
        facts.limits = self._read_limits(suppliers, products)
        closed = warehouses._closed_for_orders(now)
        facts.refusals = {warehouse.id: self._refusals(warehouse, closed.get(warehouse.id)) for warehouse in warehouses}
        facts.cards = {offer.id: self._card(offer, facts) for offer in offers}
        self._read_destinations(facts, demands, own_stock)
        return facts

    @api.model
    def _read_limits(self, suppliers, products):
        """Which supplier is blocked for which tag or country, and which tag may not go where, read at once."""
        refused = {name: suppliers._fields[name] for name in ("blocked_product_tag_ids", "blocked_country_ids")}
        templates = self.env["product.template"]._fields["product_tag_ids"]
        variants = products._fields["additional_product_tag_ids"]
        restricted = self.env["product.tag"]._fields["dropship_restricted_country_ids"]

        def pairs(name, field, ids):
            columns = [SQL.identifier(part) for part in (field.column1, field.column2, field.relation, field.column1)]
            return SQL("SELECT %s, %s, %s FROM %s WHERE %s = ANY(%s)", name, *columns, ids)

        limits = Limits()
        rows = self.env.execute_query(
            SQL(
                "%s UNION ALL %s UNION ALL %s UNION ALL %s UNION ALL SELECT 'restricted', %s, %s FROM %s",
                pairs("tag", refused["blocked_product_tag_ids"], suppliers.ids),
                pairs("country", refused["blocked_country_ids"], suppliers.ids),
                pairs("template", templates, products.product_tmpl_id.ids),
                pairs("variant", variants, products.ids),
                *(SQL.identifier(part) for part in (restricted.column1, restricted.column2, restricted.relation)),
            )
        )
        for kind, owner_id, other_id in rows:
            getattr(limits, kind)[owner_id].add(other_id)
        return limits

    @api.model
    def _read_currencies(self, facts):
        """One look at the exchange rates of all currencies: prices, freight, terms and agreements may be in any. One
        without any rate is unknown, not 1:1.
        """
        worths = self.env["res.currency"]._dropship_worths(facts.company, facts.now.date())
        facts.currency_rates.update((key, worth) for key, worth in worths.items() if key != facts.home_currency_id)

    @api.model
    def _engine_terms(self, facts, supplier):
        term = supplier._terms_for(facts.company)
        if not term:
            return engine.Terms()
        rate = facts.rate(term.currency_id) or ONE
        return engine.Terms(
            order_minimum=decimal(term.order_minimum) * rate,
            minimum_units=decimal(term.minimum_units),
            below_minimum=term.below_minimum,
            small_order_fee=decimal(term.small_order_fee) * rate,
            free_freight_above=decimal(term.free_freight_above) * rate if term.free_freight_above else None,
            fee_per_order=decimal(term.fee_per_order) * rate,
            fee_per_line=decimal(term.fee_per_line) * rate,
        )

    @api.model
    def _refusals(self, warehouse, closed_until=None):
        """Why nothing can be bought from a warehouse.

        :param date closed_until: the last day on which it takes no orders, if it takes none now
        """
        supplier = warehouse.supplier_id
        reasons = []

        def add(code, **params):
            reasons.append(engine.Reason(code, tuple(sorted(params.items()))))

        if supplier.state not in ("trial", "approved"):
            add("supplier_state", state=supplier.state)
        if supplier.blocked:
            add("blocked_supplier", note=supplier.block_reason or "")
        if not supplier.active or not warehouse.active:
            add("inactive")
        if not warehouse.country_id:
            add("warehouse_address", warehouse=warehouse.name)
        if closed_until:
            add("closed_for_orders", closed_until=closed_until)
        return tuple(reasons)

    @api.model
    def _standing_reasons(self, facts, offer, supplier, product):
        """Why an offer is out whatever the order is."""
        reasons = list(facts.refusals[offer.warehouse_id.id])

        def add(code, **params):
            reasons.append(engine.Reason(code, tuple(sorted(params.items()))))

        limit = offer._age_limit()
        if limit:
            age = facts.now - (offer.told_at or offer.create_date)
            if age > timedelta(hours=limit):
                add("stale", hours=int(age.total_seconds() // 3600), limit=limit)
        for code, figures in offer._doubt_reasons(facts):
            add(code, **figures)
        if facts.worth(offer.currency_id.id) is None:
            add("no_rate_currency", currency=offer.currency_id.name)
        if product.dropship_blocked:
            add("blocked_product")
        blocked = facts.limits.tag[supplier.id] & facts.limits.tags(product)
        if blocked:
            add("blocked_tag", tag=self.env["product.tag"].browse(blocked).sorted("sequence")[0].name)
        return tuple(reasons)

    @api.model
    def _destination_key(self, order):
        partner = order.partner_shipping_id
        return (partner.country_id.id, partner.state_id.id, partner.zip or "", partner.city or "")

    @api.model
    def _read_destinations(self, facts, demands, own_stock):
        """Freight and duties for each address, from the warehouses that offer something of its orders."""
        today = facts.now.date()
        holders = {
            product_id: {facts.cards[offer.id].offer.source for offer in offers}
            for product_id, offers in facts.offers.items()
        }
        asked, sources = defaultdict(set), defaultdict(set)
        for order, wanted in demands.items():
            for demand in wanted:
                asked[self._destination_key(order)] |= holders.get(demand.product.id, set())
        for key, warehouse_ids in asked.items():
            sources[key[0]] |= warehouse_ids
        facts.rates = self.env["dropship.shipping.rate"]._match_many(asked, today)
        rates = self.env["dropship.shipping.rate"].union(*facts.rates.values())
        facts.engine_rates = {rate.id: self._engine_rate(facts, rate) for rate in rates}
        for country_id, warehouse_ids in sources.items():
            country = self.env["res.country"].browse(country_id)
            warehouses = self.env["dropship.supplier.warehouse"].browse(warehouse_ids)
            if not own_stock and all(warehouse.country_id == country for warehouse in warehouses):
                continue  # nothing crosses a border
            rules = self.env["dropship.duty.rule"]._for(country, today, facts.company)
            facts.duties[country.id] = tuple(self._engine_duty(facts, rule) for rule in rules)
            # Without duties it does not matter where the border is.
            facts.areas[country.id] = frozenset(country._dropship_customs_area() if rules else {country.code})

    @api.model
    def _engine_rate(self, facts, rate):
        """A freight row for the engine; None when its currency has no exchange rate."""
        worth = facts.rate(rate.currency_id)
        if worth is None:
            return None
        return engine.Rate(
            key=rate.id,
            service=rate.service_id.code or rate.service_id.name or "",
            first_weight=decimal(rate.first_weight),
            first_price=decimal(rate.first_price) * worth,
            step_weight=decimal(rate.step_weight),
            step_price=decimal(rate.step_price) * worth,
            surcharge=decimal(rate.surcharge) * worth,
            volumetric_divisor=decimal(rate.volumetric_divisor),
            max_weight=decimal(rate.max_weight),
            free_above_allowed=rate.free_above_allowed,
            days_p50=rate.days_p50,
            days_p80=rate.days_p80 or rate.days_p50,
            days_p95=rate.days_p95 or rate.days_p80 or rate.days_p50,
        )

    @api.model
    def _engine_duty(self, facts, rule):
        worth = facts.rate(rule.currency_id) or ONE
        return engine.Duty(
            key=rule.id,
            kind=rule.kind,
            amount=decimal(rule.amount) * (ONE if rule.kind == "percent" else worth),
            ship_from=frozenset(rule.ship_from_ids.mapped("code")),
            heading_prefix=rule.heading_prefix or "",
            min_value=decimal(rule.min_value) * worth,
            max_value=decimal(rule.max_value) * worth if rule.max_value else None,
            basis=rule.basis,
        )
