"""What freight and fees may be by the supplier's terms, for what really left: the router's own arithmetic."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..routing import model as engine
from ..routing.cost import Infeasible, choose_rate, fees_of, freight
from ..routing.rounding import round_money
from .exact import decimal
from .router_facts import ONE, Facts

ZERO = engine.ZERO


class Box(NamedTuple):
    """A parcel, as far as goods of one purchase are in it."""

    goods: tuple  # (purchase line id, reference units)
    told_weight: Decimal  # of the whole parcel, 0: not weighed
    share: Decimal  # of the whole parcel, by weight


class Left(NamedTuple):
    """What left of one purchase line."""

    line: Any  # bill_match_refresh.Bought
    units: Decimal  # reference units
    goods: Decimal
    weight: Decimal
    volume: Decimal


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    @api.model
    def _expected_charges(self, purchases, lines):
        """{purchase id: (freight, fees, planned freight, planned fees)} in each purchase's currency.

        :param dict lines: {purchase id: [Bought]}
        """
        planned = self._planned_charges(purchases)
        shipped = {
            purchase_id: [line for line in own if Decimal(line.shipped) > 0] for purchase_id, own in lines.items()
        }
        moving = purchases.filtered(lambda purchase: shipped[purchase.id])
        boxes, facts = self._read_boxes(moving), {}
        goods_ids = {line.product_id for own in shipped.values() for line in own}
        products = {product.id: product for product in self.env["product.product"].browse(goods_ids)}
        rates = self._charge_rates(moving)
        result = {}
        for purchase in purchases:
            plan = planned.get(purchase.id, (ZERO, ZERO))
            due = (ZERO, ZERO)
            if shipped[purchase.id]:
                world = self._charge_facts(purchase, facts)
                left = [self._left(line, products[line.product_id], world) for line in shipped[purchase.id]]
                source = self._charge_source(purchase, world, rates[purchase.id])
                due = (
                    self._freight_due(purchase, source, left, boxes.get(purchase.id, []), plan[0]),
                    self._fees_due(purchase, source, left),
                )
            result[purchase.id] = (*due, *plan)
        return result

    @api.model
    def _planned_charges(self, purchases):
        """{purchase id: (freight, fees)} as they were expected when it was bought."""
        self.env["dropship.allocation"].flush_model()
        query = SQL(
            """
            SELECT purchase_id, SUM(freight)::text, SUM(fees)::text FROM dropship_allocation
             WHERE purchase_id = ANY(%s) AND state <> 'released' GROUP BY purchase_id
            """,
            purchases.ids,
        )
        rates, result = {}, {}
        for purchase_id, *amounts in self.env.execute_query(query):
            purchase = purchases.browse(purchase_id).with_prefetch(purchases.ids)
            rate = self._worth(purchase.company_id.currency_id, purchase, rates)
            step = decimal(purchase.currency_id.rounding)
            result[purchase_id] = tuple(round_money(Decimal(amount or 0) * rate, step) for amount in amounts)
        return result

    @api.model
    def _worth(self, currency, purchase, rates):
        """What a unit of a currency is in the purchase's, on the day it was ordered."""
        day = purchase.date_order.date()
        key = (currency.id, purchase.currency_id.id, purchase.company_id.id, day)
        if key not in rates:
            rate = currency._get_conversion_rate(currency, purchase.currency_id, purchase.company_id, day)
            rates[key] = ONE if currency == purchase.currency_id else Decimal(repr(rate))
        return rates[key]

    @api.model
    def _charge_facts(self, purchase, known):
        """The router's facts, in the currency of the purchase and at the rates of its day."""
        supplier = purchase.dropship_warehouse_id.supplier_id
        day = purchase.date_order.date()
        key = (purchase.company_id.id, purchase.currency_id.id, day)
        if key not in known:
            known[key] = Facts(purchase.company_id, purchase.date_order, purchase.currency_id.id)
        facts = known[key]
        self._add_worth(facts, purchase, supplier.term_ids.currency_id)
        if supplier.id not in facts.terms:
            facts.terms[supplier.id] = self.env["dropship.router"]._engine_terms(facts, supplier)
        for row in purchase.dropship_allocation_ids.filtered("offer_id"):
            if row.offer_id not in facts.offers[row.product_id.id]:
                facts.offers[row.product_id.id].append(row.offer_id)
        return facts

    @api.model
    def _add_worth(self, facts, purchase, currencies):
        for currency in currencies:
            if currency.id not in facts.currency_rates:
                facts.currency_rates[currency.id] = self._worth(currency, purchase, {})

    @api.model
    def _agreed_rates(self, purchases):
        """{purchase id: id of the freight row the decision counted with}, as far as it is still known."""
        result, newest = {}, {}
        for purchase in purchases:
            rows = purchase.dropship_allocation_ids.filtered(lambda row: row.state != "released")
            newest[purchase] = max(rows.decision_id.ids, default=0)
        traces = self.env["dropship.routing.decision"].browse(filter(None, newest.values()))._unpack_many()
        for purchase, decision_id in newest.items():
            for parcel in traces.get(decision_id, {}).get("plan") or ():
                if parcel["source"] == purchase.dropship_warehouse_id.id and parcel.get("rate"):
                    result[purchase.id] = parcel["rate"]
        rates = self.env["dropship.shipping.rate"].browse(set(result.values())).exists()
        return {purchase_id: rate_id for purchase_id, rate_id in result.items() if rate_id in rates._ids}

    @api.model
    def _charge_rates(self, purchases):
        """{purchase id: freight rows}: the agreed one, else all that fit the address on the day it was ordered."""
        agreed = self._agreed_rates(purchases)
        rates = self.env["dropship.shipping.rate"]
        result, asked = {key: rates.browse(rate_id) for key, rate_id in agreed.items()}, defaultdict(dict)
        for purchase in purchases.filtered(lambda purchase: purchase.id not in agreed):
            place = purchase.dest_address_id or purchase.dropship_sale_id.partner_shipping_id
            key = (place.country_id.id, place.state_id.id, place.zip or "", place.city or "")
            asked[purchase.date_order.date()][purchase.id] = (key, purchase.dropship_warehouse_id.id)
        for day, wanted in asked.items():
            places = defaultdict(set)
            for key, warehouse_id in wanted.values():
                places[key].add(warehouse_id)
            found = rates._match_many({key: list(ids) for key, ids in places.items()}, day)
            result.update({purchase_id: found[pair] for purchase_id, pair in wanted.items()})
        return result

    @api.model
    def _charge_source(self, purchase, facts, rates):
        """The warehouse as the router sees it."""
        warehouse = purchase.dropship_warehouse_id
        self._add_worth(facts, purchase, rates.currency_id)
        router = self.env["dropship.router"]
        for rate in rates:
            if rate.id not in facts.engine_rates:
                facts.engine_rates[rate.id] = router._engine_rate(facts, rate)
        return engine.Source(
            key=warehouse.id,
            supplier=warehouse.supplier_id.id,
            country=warehouse.country_id.code or "",
            rates=tuple(facts.engine_rates[rate.id] for rate in rates if facts.engine_rates[rate.id]),
            terms=facts.terms[warehouse.supplier_id.id],
        )

    @api.model
    def _left(self, line, product, facts):
        if product.id not in facts.goods:
            facts.goods[product.id] = self.env["dropship.router"]._goods(product, facts)
        about = facts.goods[product.id]
        unit = self.env["uom.uom"].browse(line.uom_id)
        shipped = Decimal(line.shipped)
        units = shipped
        if unit != product.uom_id:
            units = shipped * decimal(unit.factor) / decimal(product.uom_id.factor)
        step = decimal(self.env["res.currency"].browse(line.currency_id).rounding)
        goods = self._agreed_price(line, step) * shipped
        return Left(line, units, goods, about["weight"] or ZERO, about["volume"])

    @api.model
    def _pieces(self, left):
        """What left as the router's (line, piece)."""
        return [
            (
                engine.Line(
                    key=row.line.line_id, product=row.line.product_id, qty=row.units, weight=row.weight,
                    volume=row.volume,
                ),
                engine.Piece(
                    line=row.line.line_id, offer=None, source=None, qty=row.units, buy_qty=row.units,
                    unit_price=ZERO, goods=row.goods,
                ),
            )
            for row in left
        ]  # fmt: skip

    @api.model
    def _freight_due(self, purchase, source, left, boxes, planned):
        """Freight of the parcels that left; free where the goods that left reach the supplier's threshold."""
        step = decimal(purchase.currency_id.rounding)
        goods = sum((row.goods for row in left), ZERO)
        problem = engine.Problem((), (), (source,), money_step=step)
        try:
            rate, whole, _parcels, _weight = choose_rate(problem, source, self._pieces(left), goods)
        except Infeasible:  # no freight row is left to count with: what was planned stands
            return planned
        threshold = source.terms.free_freight_above
        if threshold is not None and goods >= threshold and rate.free_above_allowed:
            return ZERO
        if not boxes:
            return whole
        known = {row.line.line_id: row for row in left}
        rest = {row.line.line_id: row.units for row in left}
        total = ZERO
        for box in boxes:
            own = [(known[line_id], units) for line_id, units in box.goods if line_id in known]
            weight = box.told_weight or sum((row.weight * units for row, units in own), ZERO) / box.share
            volume = sum((row.volume * units for row, units in own), ZERO) / box.share
            total += freight(rate, weight, volume)[0] * box.share
            for row, units in own:
                rest[row.line.line_id] -= units
        loose = [(known[line_id], units) for line_id, units in rest.items() if units > 0]
        if loose:  # left without a parcel number
            weight = sum((row.weight * units for row, units in loose), ZERO)
            total += freight(rate, weight, sum((row.volume * units for row, units in loose), ZERO))[0]
        return round_money(total, step)

    @api.model
    def _fees_due(self, purchase, source, left):
        """Fees per order, per line, and for a small order – small by what was ordered, not by what could be sent."""
        pieces = []
        for row in left:
            ordered = max(Decimal(row.line.ordered) / Decimal(row.line.shipped), ONE)
            pieces.append(
                engine.Piece(
                    line=row.line.line_id, offer=None, source=None, qty=row.units * ordered,
                    buy_qty=row.units * ordered, unit_price=ZERO, goods=row.goods * ordered,
                )
            )  # fmt: skip
        terms = source.terms
        try:
            fees, _collect = fees_of(terms, pieces)
        except Infeasible:  # he refuses orders so small, and yet he shipped it
            fees = terms.fee_per_order + terms.fee_per_line * len(pieces)
        return round_money(fees, decimal(purchase.currency_id.rounding))

    @api.model
    def _read_boxes(self, purchases):
        """{purchase id: [Box]} of the parcels that left. Further boxes of the same goods are the supplier's choice."""
        query = SQL(
            """
            SELECT bought.order_id, line.shipment_id, line.purchase_line_id, SUM(line.qty)::text,
                   COALESCE(shipment.told_weight, 0)::text,
                   (SUM(line.qty * weight.each) / NULLIF(whole.weight, 0))::text
              FROM dropship_shipment_line line
              JOIN purchase_order_line bought ON bought.id = line.purchase_line_id
              JOIN dropship_shipment shipment ON shipment.id = line.shipment_id
              JOIN product_product product ON product.id = line.product_id
             CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(product.weight, 0), 1) AS each) weight
             CROSS JOIN LATERAL (
                SELECT SUM(other.qty * COALESCE(NULLIF(thing.weight, 0), 1)) AS weight
                  FROM dropship_shipment_line other JOIN product_product thing ON thing.id = other.product_id
                 WHERE other.shipment_id = line.shipment_id AND other.is_part IS NOT TRUE) whole
             WHERE bought.order_id = ANY(%s) AND shipment.state = 'dispatched' AND line.is_part IS NOT TRUE
             GROUP BY bought.order_id, line.shipment_id, line.purchase_line_id, shipment.told_weight, whole.weight
             ORDER BY line.shipment_id, line.purchase_line_id
            """,
            purchases.ids,
        )
        found = defaultdict(lambda: [[], ZERO, ZERO])
        for purchase_id, shipment_id, line_id, units, told, share in self.env.execute_query(query):
            box = found[purchase_id, shipment_id]
            box[0].append((line_id, Decimal(units)))
            box[1] = Decimal(told)
            box[2] += Decimal(share or 0)
        result = defaultdict(list)
        for (purchase_id, _shipment_id), (goods, told, share) in found.items():
            share = ONE if not share or share > Decimal("0.9999") else share
            result[purchase_id].append(Box(tuple(goods), told, share))
        return result
