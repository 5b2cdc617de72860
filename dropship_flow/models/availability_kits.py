import math
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

# From what is said first to what is said last when a kit's parts differ.
ORDER = ("in_stock", "few", "later", "closed", "none")


@dataclass(slots=True)
class Kits:
    """Kits among or above some products."""

    products: set = field(default_factory=set)  # ids of the kits and of all their parts
    parts: dict = field(default_factory=dict)  # company id -> {kit id: {product id: units in one kit}}

    def of(self, company):
        return self.parts.get(company.id, {})


class DropshipAvailability(models.Model):
    """A kit is there when all its parts are. Where manufacturing is not installed there are no kits."""

    _inherit = "dropship.availability"

    @api.model
    def _kits_around(self, products):
        """The kits among these products and those the products are part of, taken apart."""
        kits = Kits()
        if "mrp.bom" not in self.env:
            return kits
        products = products.sudo() | self._kits_with(products)
        for company in self.env["res.company"].sudo().search([]):
            boms = self.env["mrp.bom"].sudo()._bom_find(products, company_id=company.id, bom_type="phantom")
            parts = {product.id: self._parts(product, bom) for product, bom in boms.items() if bom}
            if parts:
                kits.parts[company.id] = parts
                kits.products.update(parts, *parts.values())
        return kits

    @api.model
    def _kits_with(self, products):
        """Products sold as a kit that has one of these inside, on any level."""
        for model in ("mrp.bom", "mrp.bom.line"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE inside(product_id) AS (
                    SELECT unnest(%s::int[])
                    UNION
                    SELECT product.id
                      FROM inside
                      JOIN mrp_bom_line line ON line.product_id = inside.product_id
                      JOIN mrp_bom bom ON bom.id = line.bom_id AND bom.type = 'phantom' AND bom.active
                      JOIN product_product product ON product.product_tmpl_id = bom.product_tmpl_id
                       AND (bom.product_id IS NULL OR bom.product_id = product.id)
                )
                SELECT product_id FROM inside
                """,
                list(products.ids),
            )
        )
        return self.env["product.product"].sudo().browse(row[0] for row in rows)

    @api.model
    def _parts(self, product, bom):
        """{product id: units} in one unit of the kit."""
        qty = product.uom_id._compute_quantity(1.0, bom.product_uom_id, round=False)
        _boms, lines = bom.explode(product, qty / (bom.product_qty or 1.0))
        parts = {}
        for line, data in lines:
            part = line.product_id
            if part.type == "consu":
                wanted = line.product_uom_id._compute_quantity(data["qty"], part.uom_id, round=False)
                parts[part.id] = parts.get(part.id, 0.0) + wanted
        return parts

    @api.model
    def _kit_rows(self, company, kits, now):
        """[(product id, facts …, turn)] of kits of which somebody offers a part. The parts were written before."""
        ids = sorted({part for parts in kits.values() for part in parts})
        rows = self.env.execute_query(
            SQL(
                "SELECT product_id, quantity, unlimited, state, ship_days, ready_on, closed_until, turn_at"
                " FROM dropship_availability WHERE company_id = %s AND product_id = ANY(%s)",
                company.id,
                ids,
            )
        )
        known = {row[0]: row[1:] for row in rows}
        own = self._own_stock(company, [product_id for product_id in ids if product_id not in known])
        result = []
        for kit_id, parts in kits.items():
            if any(part in known for part in parts):
                result.append((kit_id, *self._kit_facts(company, parts, known, own, now)))
        return result

    @api.model
    def _own_stock(self, company, product_ids):
        """{product id: what is free on our own shelves} of stored products nobody offers."""
        products = self.env["product.product"].sudo().with_company(company).browse(product_ids)
        stored = products.filtered("is_storable")
        return {product.id: max(product.free_qty, 0.0) for product in stored}

    @api.model
    def _kit_facts(self, company, parts, known, own, now):
        """quantity, unlimited, state, ship_days, ready_on, closed_until, turn of one kit: its scarcest part counts for
        the quantity, its latest for the day."""
        counts, found = [], []
        for part, units in parts.items():
            if part in known:
                quantity, unlimited, *words = known[part]
                found.append(words)
            elif part in own:
                quantity, unlimited = own[part], False
            else:
                continue  # neither offered nor stored: core's own rules provide it
            if not unlimited and units > 0:
                counts.append(math.floor(quantity / units + 1e-6))
        quantity, unlimited = float(min(counts, default=0)), not counts
        turn = min((words[-1] for words in found if words[-1]), default=None)

        def latest(words):
            state, days, ready_on, closed_until, _turn = words
            wait = ((closed_until or now.date()) - now.date()).days if state == "closed" else 0
            arrival = (ready_on - now.date()).days if ready_on else 0
            return state == "none", max((days or 0) + wait, arrival), ORDER.index(state)

        state, days, ready_on, closed_until, _turn = max(found, key=latest)
        if state in ("in_stock", "few"):
            state = "few" if not unlimited and quantity <= (company.dropship_few or 0.0) else "in_stock"
        if state in ("in_stock", "few") and not (unlimited or quantity):
            state = "none"
        if not unlimited and not quantity and state not in ("later", "closed"):
            days, ready_on, closed_until = 0, None, None
        return quantity, unlimited, state, days, ready_on, closed_until, turn

    @api.model
    def _write_kits_query(self, company, product_ids, rows):
        columns = list(zip(*rows, strict=True)) if rows else [()] * 8
        types = ("int", "float8", "bool", "varchar", "int", "date", "date", "timestamp")
        arrays = [
            SQL("%s::" + kind + "[]", list(column))
            for column, kind in zip(columns, types, strict=True)
        ]
        facts = SQL(
            "SELECT * FROM unnest(%s) AS"
            " kit(product_id, quantity, unlimited, state, ship_days, ready_on, closed_until, turn_at)",
            SQL(", ").join(arrays),
        )
        return self._store_query(company, product_ids, facts)
