"""Landed cost of offers at a place, set by set: what the router would pay for a one-line order, for 100,000 at once."""

import json
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..pricing.landed import Landed
from .reason_text import as_json
from .router_facts import Facts


class Place(NamedTuple):
    """Where goods go to."""

    country: Any  # res.country
    state_id: int | bool
    zip: str
    city: str

    @property
    def key(self):
        return (self.country.id, self.state_id, self.zip, self.city)


class DropshipLanded(models.AbstractModel):
    """What a unit of a product costs at a customer's door: goods, freight, fees and duty, as the router counts it.

    Freight, terms and duties depend on warehouse and place only: they are read once per warehouse, the rest is one
    statement.
    """

    _name = "dropship.landed"
    _description = "Landed Cost"

    @api.model
    def _of_offers(self, offer_ids, place, company, qty=1.0, revenue=None):
        """The landed cost of offers, linked to a product or not.

        :param dict place: `country_id`, `state_id`, `zip`, perhaps `city`
        :param float qty: units of the product a customer orders; the result is per unit
        :param dict revenue: {product id: net price of a unit, company currency} that duties on what the customer pays
            look at; otherwise the sales price without tax, for offers without product the suggested retail price
        :return: {offer id: Landed}; offers the company cannot see have no key
        """
        chosen = SQL("offer.id = ANY(%s)", list(offer_ids))
        return {row.offer_id: row for row in self._rows(chosen, place, company, qty, revenue)}

    @api.model
    def _best(self, product_ids, place, company, qty=1.0, revenue=None):
        """The landed cost of each product at its best source: the cheapest eligible one, then the cheapest that only
        has no stock, then whatever is offered, with the reasons against it.

        :return: {product id: Landed}; products without any active offer have no key
        """
        chosen = SQL("offer.active AND offer.product_id = ANY(%s)", list(product_ids))
        return {row.product_id: row for row in self._rows(chosen, place, company, qty, revenue, best=True)}

    @api.model
    def _rows(self, chosen, place, company, qty, revenue, best=False):
        # Whoever asks has the right to ask: the shop's own checks run for people who may not read suppliers.
        self = self.sudo().with_context(active_test=False, lang=None).with_company(company)
        self.env.flush_all()
        country = self.env["res.country"].browse(place.get("country_id") or ())
        place = Place(country, place.get("state_id") or False, place.get("zip") or "", place.get("city") or "")
        facts = self._facts(company)
        warehouses = self._warehouses(chosen, company)
        if not warehouses:
            return []
        rates = self._rate_rows(warehouses, place, facts)
        duties, area = self._duty_rows(warehouses, place, facts)
        tables = {
            "sources": self._source_rows(warehouses, place, facts, area),
            "rates": rates,
            "duties": duties,
            "worth": [(company.currency_id.id, Decimal(1)), *facts.currency_rates.items()],
            "net": self._net_rows(chosen, company, revenue) if duties else [],
        }
        query = self._query(chosen, place, facts, Decimal(repr(float(qty))), tables, self._overbuy(company), best)
        home = company.currency_id.id
        # Money comes as text: the driver would make floats of it.
        return [
            Landed(
                *row[:2],
                *(None if amount is None else Decimal(amount) for amount in row[2:7]),
                home,
                *row[8:10],
                Decimal(row[7]),
                tuple(row[10] or ()),
            )
            for row in self.env.execute_query(query)
        ]

    # --- what is the same for many offers ---

    @api.model
    def _overbuy(self, company):
        """Whether more may be bought than is sold, where nothing is known of the order."""
        domain = [("active", "=", True), ("company_id", "in", [company.id, False])]
        return self.env["dropship.routing.policy"].search(domain, order="sequence, id", limit=1).allow_overbuy

    @api.model
    def _facts(self, company):
        """The router's facts with today's worth of every currency; one without any rate is unknown, not 1:1."""
        facts = Facts(company, fields.Datetime.now(), company.currency_id.id)
        self.env["dropship.router"]._read_currencies(facts)
        return facts

    @api.model
    def _warehouses(self, chosen, company):
        query = SQL(
            "SELECT DISTINCT offer.warehouse_id FROM dropship_offer offer"
            " WHERE (offer.company_id IS NULL OR offer.company_id = %s) AND %s",
            company.id,
            chosen,
        )
        return self.env["dropship.supplier.warehouse"].browse(sorted(row[0] for row in self.env.execute_query(query)))

    @api.model
    def _rate_rows(self, warehouses, place, facts):
        """Freight rows from these warehouses to the place, in the company's currency; fills `facts.rates`."""
        found = self.env["dropship.shipping.rate"]._match_many({place.key: warehouses.ids}, facts.now.date())
        facts.rates = {warehouse_id: rates for (_key, warehouse_id), rates in found.items()}
        rows = []
        for warehouse_id, rates in facts.rates.items():
            for number, rate in enumerate(rates):
                row = self.env["dropship.router"]._engine_rate(facts, rate)
                if row:
                    figures = (row.first_weight, row.first_price, row.step_weight, row.step_price, row.surcharge)
                    figures += (row.volumetric_divisor, row.max_weight, row.free_above_allowed, row.days_p80 or 0.0)
                    rows.append((warehouse_id, number, bool(rate.service_id.hazard), *figures))
        return rows

    @api.model
    def _duty_rows(self, warehouses, place, facts):
        """Duty rules of the place, and the countries from where no border is crossed."""
        country = place.country
        if not country or all(warehouse.country_id == country for warehouse in warehouses):
            return [], frozenset({country.code})
        rules = self.env["dropship.duty.rule"].with_context(active_test=True)
        rows = []
        for rule in rules._for(country, facts.now.date(), facts.company):
            duty = self.env["dropship.router"]._engine_duty(facts, rule)
            codes = "," + ",".join(sorted(duty.ship_from)) + "," if duty.ship_from else ""
            limits = (duty.min_value, duty.max_value, duty.basis)
            rows.append((duty.kind, duty.amount, codes, duty.heading_prefix, *limits))
        return rows, frozenset(country._dropship_customs_area() | {country.code})

    @api.model
    def _source_rows(self, warehouses, place, facts, area):
        """What is the same for every offer of a warehouse: terms, days, the border, reasons against all of them."""
        router = self.env["dropship.router"]
        handling = warehouses._handling_days(facts.now)
        closed = warehouses._closed_for_orders(facts.now)
        against = {supplier.id: self._supplier_reasons(supplier, place) for supplier in warehouses.supplier_id}
        rows = []
        for warehouse in warehouses:
            supplier = warehouse.supplier_id
            if supplier.id not in facts.terms:
                facts.terms[supplier.id] = router._engine_terms(facts, supplier)
            terms, rates = facts.terms[supplier.id], facts.rates[warehouse.id]
            reasons = as_json(router._refusals(warehouse, closed.get(warehouse.id))) + against[supplier.id]
            crosses = warehouse.country_id.code not in area and not warehouse.ddp
            facts_of_rates = (any(rate.service_id.hazard for rate in rates), bool(rates))
            money = (terms.order_minimum, terms.minimum_units, terms.below_minimum, terms.small_order_fee)
            money += (terms.free_freight_above, terms.fee_per_order + terms.fee_per_line)
            head = (warehouse.id, warehouse.country_id.code or "", crosses, handling.get(warehouse.id, 0.0))
            rows.append((*head, *facts_of_rates, json.dumps(reasons, default=str) if reasons else None, *money))
        return rows

    @api.model
    def _supplier_reasons(self, supplier, place):
        reasons = []
        if not place.country:
            reasons.append(["no_address", {}])
        if place.country in supplier.blocked_country_ids:
            reasons.append(["blocked_country", {"country": place.country.name}])
        if supplier.state == "trial" and supplier.trial_used >= supplier.trial_limit:
            reasons.append(["trial_quota", {"limit": supplier.trial_limit, "used": supplier.trial_used}])
        return reasons

    @api.model
    def _net_rows(self, chosen, company, revenue):
        """Net price per unit of the products, as far as it is given; the sales price without tax for the others."""
        if revenue is not None:
            return [(product_id, Decimal(str(amount))) for product_id, amount in revenue.items()]
        query = SQL(
            "SELECT DISTINCT offer.product_id FROM dropship_offer offer WHERE offer.product_id IS NOT NULL AND %s",
            chosen,
        )
        product_ids = [row[0] for row in self.env.execute_query(query)]
        return list(self.env["dropship.shop.tax"]._net_list_prices(product_ids, company).items())
