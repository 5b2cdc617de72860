from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import api, models
from odoo.tools import SQL, float_compare


@dataclass(frozen=True, slots=True)
class Demand:
    """What a sale line still needs of one product (itself, or a component of the kit it sells)."""

    line: Any  # sale.order.line
    product: Any  # product.product
    component: int  # bill-of-materials line id; 0: the sold product itself
    qty: float  # reference unit of the product
    revenue: Decimal  # net, company currency, for this quantity
    core: bool = False  # a kit's component nobody offers: core's own rules provide it

    @property
    def key(self):
        return (self.line.id, self.component, self.product.id)


class DropshipRouter(models.AbstractModel):
    """Decides where the goods of sales come from. Split over files by step: demand, facts, decide, apply."""

    _name = "dropship.router"
    _description = "Router"

    @api.model
    def _products_with_offers(self, products, companies):
        """Which of the products somebody offers: {(product id, company id or False)}."""
        self.env["dropship.offer"].flush_model(["product_id", "company_id", "active"])
        # Asked on every confirmation, whatever is sold.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT product_id, company_id FROM dropship_offer
                 WHERE active AND product_id = ANY(%s) AND (company_id IS NULL OR company_id = ANY(%s))
                """,
                products.ids,
                companies.ids,
            )
        )
        return {(product_id, company_id or False) for product_id, company_id in rows}

    @api.model
    def _components(self, lines):
        """Explode kits, before anything else looks at the lines.

        :return: {sale.order.line: [(product, quantity in its reference unit, component key)]}; plain products are
            their own only component with key 0
        """
        kits = self._kits(lines)
        result = {}
        for line in lines:
            bom = kits.get((line.product_id.id, line.company_id.id))
            qty = line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
            if not bom:
                result[line] = [(line.product_id, qty, 0)]
                continue
            kit_qty = line.product_id.uom_id._compute_quantity(qty, bom.product_uom_id, round=False)
            _boms, parts = bom.explode(line.product_id, kit_qty / bom.product_qty)
            # A sub-kit used twice brings the same bill-of-materials line twice: one demand, added up.
            wanted = defaultdict(float)
            for bom_line, data in parts:
                product = bom_line.product_id
                if product.type == "consu":
                    qty = bom_line.product_uom_id._compute_quantity(data["qty"], product.uom_id, round=False)
                    wanted[product, bom_line.id] += qty
            result[line] = [(product, qty, component) for (product, component), qty in wanted.items()]
        return result

    @api.model
    def _kits(self, lines):
        """Kit bills of materials of the lines' products, where manufacturing is installed."""
        if "mrp.bom" not in self.env:
            return {}
        result = {}
        for company, company_lines in lines.grouped("company_id").items():
            boms = self.env["mrp.bom"]._bom_find(company_lines.product_id, company_id=company.id, bom_type="phantom")
            result.update({(product.id, company.id): bom for product, bom in boms.items() if bom})
        return result

    @api.model
    def _demands(self, lines, everything=False):
        """What has to be bought, and what was bought too much.

        :param bool everything: ignore what is bought already (preview of a quotation)
        :return: ({sale.order: [Demand]}, [(sale.order.line, product, component, surplus quantity)])
        """
        demands, surpluses = defaultdict(list), []
        exploded = self._components(lines)
        of_kits = [product.id for parts in exploded.values() for product, _qty, component in parts if component]
        of_kits = self.env["product.product"].browse(of_kits)
        offered = self._products_with_offers(of_kits, lines.company_id) if of_kits else set()
        for line, components in exploded.items():
            covered = defaultdict(float)
            if not everything:
                for allocation in line.order_id.dropship_allocation_ids:
                    if allocation.line_id == line:
                        covered[allocation.product_id.id, allocation.component] += allocation._covered()
            wanted_keys = set()
            revenue = self._line_revenue(line)
            shares = self._revenue_shares(components)
            for (product, wanted, component), share in zip(components, shares, strict=True):
                wanted_keys.add((product.id, component))
                gap = wanted - covered[product.id, component]
                sign = float_compare(gap, 0.0, precision_rounding=product.uom_id.rounding)
                if sign > 0:
                    part = revenue * share * Decimal(str(gap / wanted))
                    core = bool(component) and not offered & {(product.id, False), (product.id, line.company_id.id)}
                    demands[line.order_id].append(Demand(line, product, component, gap, part, core))
                elif sign < 0:
                    surpluses.append((line, product, component, -gap))
        return demands, surpluses

    @api.model
    def _line_revenue(self, line):
        """Net amount of the line in the company's currency."""
        return Decimal(str(line.price_subtotal)) / Decimal(str(line.order_id.currency_rate or 1.0))

    @api.model
    def _revenue_shares(self, components):
        """Spread a kit's revenue over its components by their sales value, equally where they have none."""
        if len(components) == 1:
            return [Decimal(1)]
        values = [Decimal(str(product.lst_price * qty)) for product, qty, _component in components]
        total = sum(values)
        return [value / total if total else Decimal(1) / len(values) for value in values]
