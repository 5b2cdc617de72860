from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..arrival import Lane, Seen
from ..arrival.lanes import zip_region
from ..arrival.learning import GIVE_UP, estimate, weight_of
from ..tracking.status import STATUSES

# What is older says nothing any more, and of a busy warehouse the latest parcels are enough.
HISTORY_DAYS = 365
PARCELS = 3000
# A region of postcodes with fewer parcels is told by its province.
ZIP_LEAST = 3
PARTS = [("handling", "Until it leaves (working days)"), ("transit", "On the way (days)")]
DEPTHS = [
    ("company", "All suppliers"),
    ("supplier", "Supplier"),
    ("warehouse", "Warehouse"),
    ("origin", "Origin to country"),
    ("country", "Warehouse to country"),
    ("state", "Warehouse to province"),
    ("zip", "Warehouse to postcodes"),
]
PLACE = ("warehouse_id", "from_country_id", "from_state_id", "country_id", "state_id", "zip_region", "service_id")


class DropshipArrivalFigure(models.Model):
    """How long the parcels of one lane really took: small enough to be read at every decision.

    Parcels are counted by days, in `seen` (see `arrival.learning.Seen`); the quantiles beside it are of these parcels
    alone, for people. Written by the nightly run, by nobody else.
    """

    _name = "dropship.arrival.figure"
    _description = "Delivery Times of a Lane"
    _order = "company_id, part, depth, parcels desc, id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    part = fields.Selection(PARTS, required=True)
    depth = fields.Selection(DEPTHS, string="Level", required=True)
    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade", index="btree_not_null")
    warehouse_id = fields.Many2one("dropship.supplier.warehouse", ondelete="cascade", index="btree_not_null")
    from_country_id = fields.Many2one("res.country", ondelete="cascade")
    from_state_id = fields.Many2one("res.country.state", string="From Province", ondelete="cascade")
    country_id = fields.Many2one("res.country", string="To Country", ondelete="cascade")
    state_id = fields.Many2one("res.country.state", string="To Province", ondelete="cascade")
    zip_region = fields.Char(string="To Postcodes", help="The first characters of the postcode.")
    service_id = fields.Many2one("dropship.shipping.service", ondelete="cascade")
    parcels = fields.Integer(readonly=True, help="Parcels of the last year that arrived.")
    waiting = fields.Integer(string="Not There Yet", readonly=True)
    p50 = fields.Float(string="Half Within", readonly=True, digits=(16, 1), aggregator="avg")
    p80 = fields.Float(string="4 of 5 Within", readonly=True, digits=(16, 1), aggregator="avg")
    p95 = fields.Float(string="19 of 20 Within", readonly=True, digits=(16, 1), aggregator="avg")
    as_of = fields.Date(string="Learned On", readonly=True)
    seen = fields.Json(readonly=True)

    _lane_once = models.UniqueIndex(
        "(company_id, part, depth, COALESCE(supplier_id, 0), COALESCE(warehouse_id, 0), COALESCE(from_country_id, 0), "
        "COALESCE(from_state_id, 0), COALESCE(country_id, 0), COALESCE(state_id, 0), COALESCE(zip_region, ''), "
        "COALESCE(service_id, 0))",
        "There are figures of this lane already.",
    )

    @api.depends("part", "depth", "warehouse_id", "country_id", "state_id", "zip_region")
    def _compute_display_name(self):
        for figure in self:
            start = figure.warehouse_id.display_name or figure.supplier_id.name or figure.from_country_id.name
            end = (figure.country_id.code, figure.state_id.name, figure.zip_region)
            names = filter(None, [start, " ".join(filter(None, end))])
            figure.display_name = " → ".join(names) or figure.company_id.name

    # === LEARNING === #

    @api.model
    def _cron_learn(self):
        """Every night: the warehouses where something moved since, or where parcels are open."""
        now = fields.Datetime.now()
        for company in self.env["res.company"].sudo().search([]):
            warehouses = self._warehouses_moved(company)
            for start in range(0, len(warehouses), 50):
                self._learn(company, warehouses[start : start + 50], now)
                self.env["ir.cron"]._commit_progress(len(warehouses[start : start + 50]))
            self._merge(company, now)
            company.dropship_learned_at = now
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _warehouses_moved(self, company):
        """Warehouses with parcels or purchases that changed since the last run, or are open still."""
        since = company.sudo().dropship_learned_at or fields.Datetime.now() - timedelta(days=HISTORY_DAYS)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT warehouse_id FROM dropship_shipment
                 WHERE company_id = %(company)s AND warehouse_id IS NOT NULL
                   AND (write_date >= %(since)s OR NOT is_final)
                 UNION
                SELECT warehouse_id FROM dropship_allocation
                 WHERE company_id = %(company)s AND warehouse_id IS NOT NULL
                   AND (write_date >= %(since)s OR state IN ('submitted', 'accepted'))
                """,
                company=company.id,
                since=since,
            )
        )
        return self.env["dropship.supplier.warehouse"].browse(sorted(row[0] for row in rows)).exists()

    @api.model
    def _learn(self, company, warehouses, now=None):
        """Count the parcels of these warehouses anew: two queries, then one row per lane."""
        if not warehouses:
            return
        now = now or fields.Datetime.now()
        figures = defaultdict(Seen)
        self._count_handling(figures, company, warehouses, now)
        self._count_transit(figures, company, warehouses, now)
        figures = {key: seen for key, seen in figures.items() if key[1] != "zip" or seen.count >= ZIP_LEAST}
        old = self.sudo().search([("company_id", "=", company.id), ("warehouse_id", "in", warehouses.ids)])
        self._store(company, figures, old, now)

    @api.model
    def _count_handling(self, figures, company, warehouses, now):
        calendars = warehouses._arrival_calendars(now - timedelta(days=HISTORY_DAYS))
        for warehouse_id, sent, left in self.env.execute_query(self._handling_query(company, warehouses, now)):
            took = calendars[warehouse_id].took(sent, left or now)
            age = (now - sent).total_seconds() / 86400
            key = ("handling", "warehouse", warehouse_id, *[None] * 6)
            figures[key].add(took, bool(left), weight_of(age), age)

    @api.model
    def _handling_query(self, company, warehouses, now):
        """(warehouse, sent, left or nothing) of each purchase, the latest first."""
        self.env.flush_all()
        return SQL(
            """
            SELECT warehouse_id, sent, left_at FROM (
                SELECT allocation.warehouse_id, MIN(COALESCE(allocation.submitted_at, allocation.accepted_at)) AS sent,
                       MIN(parcel.left_at) AS left_at,
                       ROW_NUMBER() OVER (
                           PARTITION BY allocation.warehouse_id ORDER BY allocation.purchase_id DESC) AS n
                  FROM dropship_allocation allocation
                  JOIN sale_order sale ON sale.id = allocation.order_id
             LEFT JOIN LATERAL (
                       SELECT MIN(COALESCE(shipment.first_scan_at, shipment.dispatched_at)) AS left_at
                         FROM dropship_shipment_line line
                         JOIN dropship_shipment shipment ON shipment.id = line.shipment_id
                        WHERE line.purchase_line_id = allocation.purchase_line_id
                          AND shipment.state = 'dispatched') parcel ON TRUE
                 WHERE allocation.company_id = %(company)s AND allocation.warehouse_id IN %(warehouses)s
                   AND allocation.purchase_id IS NOT NULL
                   AND (allocation.state IN ('submitted', 'accepted', 'shipped') OR parcel.left_at IS NOT NULL)
                   AND sale.dropship_is_test IS NOT TRUE
                   AND COALESCE(allocation.submitted_at, allocation.accepted_at) >= %(since)s
                 GROUP BY allocation.warehouse_id, allocation.purchase_id) purchase
             WHERE n <= %(parcels)s AND sent <= %(now)s AND (left_at IS NULL OR left_at >= sent)
            """,
            company=company.id,
            warehouses=tuple(warehouses.ids),
            since=now - timedelta(days=HISTORY_DAYS),
            now=now,
            parcels=PARCELS,
        )

    @api.model
    def _count_transit(self, figures, company, warehouses, now):
        origins = {place.id: (place.country_id.id, place.state_id.id) for place in warehouses}
        for row in self.env.execute_query(self._transit_query(company, warehouses, now)):
            warehouse_id, country_id, state_id, code, service_id, left, arrived, status, ended = row
            age = (now - left).total_seconds() / 86400
            passed = ((arrived or now) - left).total_seconds() / 86400
            final = STATUSES[status].final and status not in ("delivered", "expired")
            if status in ("returning", "exception") or final:
                # It stopped: as far as it got it was open; it never arrives.
                passed = GIVE_UP if final else max((ended - left).total_seconds() / 86400, 0.0) if ended else passed
            lane = Lane(warehouse_id, *origins[warehouse_id], country_id, state_id, zip_region(code), service_id)
            for level in lane.levels()[1:]:
                figures[("transit", *level)].add(max(passed, 0.0), bool(arrived), weight_of(age), age)

    @api.model
    def _transit_query(self, company, warehouses, now):
        return SQL(
            """
            SELECT warehouse_id, country_id, state_id, zip, service_id, left_at, delivered_at, status, status_at FROM (
                SELECT shipment.warehouse_id, receiver.country_id, receiver.state_id, receiver.zip, rate.service_id,
                       COALESCE(shipment.first_scan_at, shipment.dispatched_at) AS left_at, shipment.delivered_at,
                       shipment.status, shipment.status_at,
                       ROW_NUMBER() OVER (PARTITION BY shipment.warehouse_id ORDER BY shipment.id DESC) AS n
                  FROM dropship_shipment shipment
                  JOIN res_partner receiver ON receiver.id = shipment.partner_id
             LEFT JOIN sale_order sale ON sale.id = shipment.order_id
             LEFT JOIN LATERAL (
                       SELECT found.service_id
                         FROM dropship_shipment_line line
                         JOIN dropship_allocation allocation ON allocation.purchase_line_id = line.purchase_line_id
                         JOIN dropship_shipping_rate found ON found.id = allocation.rate_id
                        WHERE line.shipment_id = shipment.id
                        ORDER BY line.id LIMIT 1) rate ON TRUE
                 WHERE shipment.company_id = %(company)s AND shipment.warehouse_id IN %(warehouses)s
                   AND shipment.state = 'dispatched' AND receiver.country_id IS NOT NULL
                   AND sale.dropship_is_test IS NOT TRUE) parcel
             WHERE n <= %(parcels)s AND left_at BETWEEN %(since)s AND %(now)s
               AND (delivered_at IS NULL OR delivered_at >= left_at)
            """,
            company=company.id,
            warehouses=tuple(warehouses.ids),
            since=now - timedelta(days=HISTORY_DAYS),
            now=now,
            parcels=PARCELS,
        )

    @api.model
    def _merge(self, company, now):
        """Coarser levels are the sums of the finer ones, so that one warehouse can be counted without the others."""
        known = self.sudo().search(
            [("company_id", "=", company.id), ("depth", "in", ("warehouse", "country"))], order="id"
        )
        figures = defaultdict(Seen)
        for figure in known:
            place = figure.warehouse_id
            seen = figure._seen(now)
            if figure.part == "handling":
                figures[("handling", "supplier", *[None] * 7, place.supplier_id.id)].join(seen)
                figures[("handling", "company", *[None] * 7)].join(seen)
            else:
                key = (None, place.country_id.id or None, place.state_id.id or None, figure.country_id.id, None, None)
                figures[("transit", "origin", *key, figure.service_id.id or None)].join(seen)
        old = self.sudo().search([("company_id", "=", company.id), ("warehouse_id", "=", False)])
        self._store(company, figures, old, now)

    def _seen(self, now):
        """What was counted, as it counts today."""
        self.ensure_one()
        age = (now.date() - self.as_of).days if self.as_of else 0
        seen = Seen.unpack(self.seen)
        return seen.faded(weight_of(age)) if age > 0 else seen

    @api.model
    def _store(self, company, figures, old, now):
        """Write what differs; lanes without parcels go."""
        by_key = {figure._key(): figure for figure in old}
        fresh = []
        for key, seen in figures.items():
            vals = self._figures_of(seen, now)
            figure = by_key.pop(key if len(key) > 9 else (*key, None), None)
            if figure:
                if figure.seen != vals["seen"] or figure.as_of != vals["as_of"]:
                    figure.write(vals)
                continue
            places = dict(zip(PLACE, key[2:9], strict=True))
            supplier = key[9] if len(key) > 9 else None
            if places["warehouse_id"]:
                supplier = self.env["dropship.supplier.warehouse"].browse(places["warehouse_id"]).supplier_id.id
            fresh.append(
                {"company_id": company.id, "part": key[0], "depth": key[1], "supplier_id": supplier, **places, **vals}
            )
        self.sudo().create(fresh)
        self.sudo().browse([figure.id for figure in by_key.values()]).unlink()

    def _key(self):
        self.ensure_one()
        places = (self[name] if name == "zip_region" else self[name].id for name in PLACE)
        supplier = self.supplier_id.id if self.depth == "supplier" else None
        return (self.part, self.depth, *(place or None for place in places), supplier)

    @api.model
    def _figures_of(self, seen, now):
        found = estimate(None, seen) if seen.arrived else None
        p50, p80, p95 = found.quantiles() if found else (0.0, 0.0, 0.0)
        return {
            "seen": seen.pack(),
            "parcels": seen.count,
            "waiting": seen.waiting,
            "p50": p50,
            "p80": p80,
            "p95": p95,
            "as_of": now.date(),
        }


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_learned_at = fields.Datetime(string="Delivery Times Learned", readonly=True, groups="base.group_user")
