from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from ..routing import model as engine
from .exact import decimal
from .router_facts import ONE, Card


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _problem(self, order, demands, facts, policy, channel, ignore_duty=False):
        """Turn one order and the facts into the engine's basket.

        :param list demands: [Demand]
        :return: routing.model.Problem; keys are record ids, see `_line_key` and `_source_key`
        """
        demands, everything = [demand for demand in demands if not demand.core], demands
        destination = self._destination_key(order)
        hazardous = any((demand.product.dropship_hazard or "none") != "none" for demand in demands)
        refused = self._refused_offers(order)
        offers, leads = [], {}
        for product in dict.fromkeys(demand.product for demand in demands):
            for record in facts.offers.get(product.id, ()):
                card = facts.cards[record.id]
                offers.append(self._engine_offer(order, card, facts, destination, refused))
                leads[card.offer.source] = max(leads.get(card.offer.source, 0.0), card.lead_days)
        sources = [
            self._engine_source(key, facts, destination, hazardous, lead_days) for key, lead_days in leads.items()
        ]
        if policy.own_stock:
            own_offers, own_sources = self._own_stock(order, demands, facts, policy)
            offers += own_offers
            sources += own_sources
        country = order.partner_shipping_id.country_id
        return engine.Problem(
            lines=tuple(self._engine_line(demand, facts) for demand in demands),
            offers=tuple(offers),
            sources=tuple(sources),
            duties=() if ignore_duty else facts.duties.get(country.id, ()),
            policy=self._engine_policy(order, policy, channel),
            country=country.code or "",
            customs_area=facts.areas.get(country.id, frozenset()),
            other_revenue=self._other_margin(order, everything),
            payment_base=decimal(order.amount_total) / decimal(order.currency_rate or 1.0),
            money_step=decimal(facts.company.currency_id.rounding),
        )

    @api.model
    def _refused_offers(self, order):
        """Offers that failed this order already: asking again would only cost time."""
        failed = order.dropship_allocation_ids.filtered(
            lambda allocation: allocation.state == "released" and allocation.release_reason in ("refused", "cancelled")
        )
        return set(failed.offer_id.ids)

    @api.model
    def _engine_line(self, demand, facts):
        product, choices = demand.product, demand.line.dropship_choice_ids
        if product.id not in facts.goods:
            facts.goods[product.id] = self._goods(product, facts)
        goods = facts.goods[product.id]
        return engine.Line(
            key=demand.key,
            product=product.id,
            qty=decimal(demand.qty),
            revenue=demand.revenue,
            weight=goods["weight"],
            volume=goods["volume"],
            heading=goods["heading"],
            # What is ordered in whole units is never split into fractions.
            precision=ONE if demand.qty == int(demand.qty) else goods["precision"],
            pinned=choices.filtered(lambda choice: choice.kind == "pin").supplier_id.id or None,
            excluded=frozenset(choices.filtered(lambda choice: choice.kind == "exclude").supplier_id.ids),
            group=demand.line.id,
        )

    @api.model
    def _goods(self, product, facts):
        """What a product says about a line, whoever orders it."""
        weights = [offer.weight / (offer.factor or 1.0) for offer in facts.offers.get(product.id, ()) if offer.weight]
        weight = product.weight or (max(weights) if weights else 0.0)
        heading = "".join(character for character in product.hs_code or "" if character.isdigit())[:6]
        return {
            # An unknown weight is a reason to ask, never zero kilograms.
            "weight": decimal(weight) if weight else None,
            "volume": decimal(product.volume * 1_000_000),
            # Goods without a code count as a heading of their own: the dearer assumption.
            "heading": heading or f"?{product.id}",
            "precision": decimal(product.uom_id.rounding or 0.01),
        }

    @api.model
    def _card(self, offer, facts):
        product, supplier = offer.product_id, offer.supplier_id
        factor = decimal(offer.factor or 1.0)
        tiers = []
        for min_qty, price, currency_id in facts.tiers.get(offer.id, ()):
            worth = facts.worth(currency_id)
            if worth is not None and price > 0:
                tiers.append(engine.Tier(min_qty, price * worth))
        max_price = product.product_tmpl_id.dropship_max_buy_price
        unlimited = offer.stock_mode == "unlimited"
        quoted = engine.Offer(
            key=offer.id,
            product=product.id,
            source=offer.warehouse_id.id,
            tiers=tuple(tiers),
            stock=None if unlimited else max(decimal(offer.stock) * factor, engine.ZERO),
            backorder=offer.backorder,
            backorder_days=offer.backorder_days or 0.0,
            moq=decimal(offer.moq) * factor,
            pack=decimal(offer.pack) * factor or (factor if factor != 1 else engine.ZERO),
            return_cost=decimal(offer.return_cost) / factor * (facts.worth(offer.currency_id.id) or ONE),
            max_price=decimal(max_price) if max_price else None,
            facts=self._standing_reasons(facts, offer, supplier, product),
        )
        hazardous = (product.dropship_hazard or "none") != "none"
        return Card(quoted, supplier, product, float(offer.lead_days or 0.0), hazardous)

    @api.model
    def _engine_offer(self, order, card, facts, destination, refused):
        """The offer as it stands for this order: what is left of it, and what speaks against it here."""
        reasons = self._destination_reasons(order, card, facts, destination)
        if card.offer.key in refused:
            reasons = [*reasons, engine.Reason("refused")]
        stock = facts.available(card.offer)
        if not reasons and stock is card.offer.stock:
            return card.offer
        return replace(card.offer, stock=stock, facts=(*card.offer.facts, *reasons))

    @api.model
    def _destination_reasons(self, order, card, facts, destination):
        """Why an offer is out for this address."""
        country_id = destination[0]
        if country_id not in card.barred:
            card.barred[country_id] = self._country_reasons(order.partner_shipping_id.country_id, card, facts)
        reasons = card.barred[country_id]
        if facts.trials and facts.trials.get(card.supplier.id, -1) >= card.supplier.trial_limit:
            used = (("limit", card.supplier.trial_limit), ("used", facts.trials[card.supplier.id]))
            reasons = [engine.Reason("trial_quota", used), *reasons]
        if card.hazardous:
            rates = facts.rates.get((destination, card.offer.source), ())
            if rates and not any(rate.service_id.hazard for rate in rates):
                reasons = [*reasons, engine.Reason("hazard", (("kind", card.product.dropship_hazard),))]
        return reasons

    @api.model
    def _country_reasons(self, country, card, facts):
        reasons = []
        if not country:
            reasons.append(engine.Reason("no_address"))
        if country.id in facts.limits.country[card.supplier.id]:
            reasons.append(engine.Reason("blocked_country", (("country", country.name),)))
        restricted = [tag for tag in facts.limits.tags(card.product) if country.id in facts.limits.restricted[tag]]
        if restricted:
            tag = self.env["product.tag"].browse(restricted).sorted("sequence")[0]
            params = (("country", country.name), ("tag", tag.name))
            reasons.append(engine.Reason("restricted_country", params))
        return reasons

    @api.model
    def _engine_source(self, warehouse_id, facts, destination, hazardous, lead_days):
        """The source with the freight rows of this address; the many addresses with the same rows share one."""
        rates = facts.rates[destination, warehouse_id]
        key = (warehouse_id, rates._ids, hazardous, lead_days)
        if key not in facts.sources:
            facts.sources[key] = self._source_of(warehouse_id, rates, facts, hazardous, lead_days)
        return facts.sources[key]

    @api.model
    def _source_of(self, warehouse_id, rates, facts, hazardous, lead_days):
        warehouse = self.env["dropship.supplier.warehouse"].browse(warehouse_id)
        if hazardous:
            # A basket with dangerous goods travels by a service that takes them, if the warehouse has one.
            rates = [rate for rate in rates if rate.service_id.hazard] or rates
        supplier = warehouse.supplier_id
        return engine.Source(
            key=warehouse.id,
            supplier=supplier.id,
            country=warehouse.country_id.code or "",
            rates=tuple(facts.engine_rates[rate.id] for rate in rates if facts.engine_rates[rate.id]),
            terms=facts.terms[supplier.id],
            handling_days=max(facts.handling.get(warehouse.id, 0.0), lead_days),
            preference=decimal(supplier.preference or 1.0),
            ddp=warehouse.ddp,
            score=supplier.score,
        )

    @api.model
    def _own_stock(self, order, demands, facts, policy):
        """Our own warehouses as sources at standard cost. Their carrier is the shop's business, hence freight 0."""
        offers, sources = [], []
        for warehouse in policy.own_warehouse_ids.filtered(lambda own: own.company_id == order.company_id):
            for product in {demand.product for demand in demands if demand.product.is_storable}:
                key = (warehouse.id, product.id)
                if key not in facts.own:
                    facts.own[key] = decimal(product.with_context(warehouse_id=warehouse.id).free_qty)
                cost = decimal(product.with_company(facts.company).standard_price)
                if facts.own[key] > 0 and cost > 0:
                    offers.append(
                        engine.Offer(
                            key=("own", *key),
                            product=product.id,
                            source=("own", warehouse.id),
                            tiers=(engine.Tier(engine.ZERO, cost),),
                            stock=facts.own[key],
                        )
                    )
            country = warehouse.partner_id.country_id or facts.company.country_id
            rate = engine.Rate(("own", warehouse.id), "", Decimal(1), engine.ZERO)
            sources.append(
                engine.Source(
                    key=("own", warehouse.id), supplier=None, country=country.code or "", rates=(rate,), own_stock=True
                )
            )
        used = {offer.source for offer in offers}
        return offers, [source for source in sources if source.key in used]

    @api.model
    def _engine_policy(self, order, policy, channel):
        promise = policy.promise_days or channel.promise_days
        if order.commitment_date:
            promise = max((order.commitment_date - fields.Datetime.now()).total_seconds() / 86400, 0.0)
        service, services = order._dropship_paid_service()
        fee_percent, fee_fixed = channel._fee_terms(order)
        return engine.Policy(
            objective=policy.objective or "landed",
            weight_day=decimal(policy.weight_day),
            waterfall=tuple((row.criterion, decimal(row.tolerance)) for row in policy.criterion_ids)
            if policy.objective == "waterfall"
            else (),
            max_suppliers=policy.max_suppliers,
            single_shipment=policy.single_shipment or "no",
            split_lines=policy.split_lines,
            allow_overbuy=policy.allow_overbuy,
            margin_floor=decimal(policy.margin_floor) if policy.use_margin_floor else None,
            margin_floor_percent=decimal(policy.margin_floor_percent) if policy.margin_floor_percent else None,
            late_penalty=decimal(policy.late_penalty or 0.0) or channel._penalty_for("late", order),
            promise_days=float(promise) if promise or order.commitment_date else None,
            promise_quantile=int(policy.promise_quantile or 80),
            service=service,
            services=services,
            payment_percent=fee_percent,
            payment_fixed=fee_fixed,
        )

    @api.model
    def _other_margin(self, order, demands):
        """What the rest of the order earns: shipping charged, services, own stock, parts bought before or by core."""
        rate = decimal(order.currency_rate or 1.0)
        total = decimal(order.amount_untaxed) / rate
        for demand in demands:
            if demand.core:
                total -= decimal(demand.product.with_company(order.company_id).standard_price * demand.qty)
            else:
                total -= demand.revenue
        ours = {demand.line for demand in demands}
        for line in order.order_line:
            if line not in ours and not line.display_type and not line.dropship_allocation_ids:
                total -= decimal(line.purchase_price * line.product_uom_qty) / rate
        for allocation in order.dropship_allocation_ids:
            if allocation.state != "released":
                total -= decimal(allocation.landed)
        return total
