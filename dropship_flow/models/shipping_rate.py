import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .zip_range import clean_zip

CITY_SEPARATOR = re.compile(r"[,，、;；\n]+")
CITY_SUFFIX = re.compile(r"(?<=..)(市|区|县)$")


def clean_city(value):
    """One spelling per city: 杭州市 and 杭州 are the same.

    >>> clean_city(" Berlin "), clean_city("杭州市"), clean_city(None)
    ('berlin', '杭州', '')
    """
    return CITY_SUFFIX.sub("", re.sub(r"\s+", " ", value or "").strip().casefold())


class DropshipShippingService(models.Model):
    _name = "dropship.shipping.service"
    _description = "Shipping Service of Dropship Suppliers"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    supplier_id = fields.Many2one(
        "dropship.supplier", ondelete="cascade", index="btree_not_null", help="Empty: any supplier may use it."
    )
    company_id = fields.Many2one(related="supplier_id.company_id", store=True, index=True)
    hazard = fields.Boolean("Dangerous Goods", help="Takes batteries, liquids, magnets and other dangerous goods.")
    active = fields.Boolean(default=True)
    rate_ids = fields.One2many("dropship.shipping.rate", "service_id", string="Rates")


class DropshipShippingRate(models.Model):
    """One row of a freight table. An empty part of the destination matches anything; the most specific row counts."""

    _name = "dropship.shipping.rate"
    _description = "Shipping Rate of a Dropship Supplier"
    _inherit = ["dropship.of.supplier.mixin", "dropship.money.mixin", "dropship.zip.range.mixin"]
    _order = "supplier_id, warehouse_id, service_id, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one(
        domain="[('supplier_id', '=?', supplier_id)]",
        help="Empty: every warehouse of the supplier that has no rate of its own for this service.",
    )
    service_id = fields.Many2one(
        "dropship.shipping.service",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('supplier_id', 'in', [supplier_id, False])]",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True, required=True
    )
    country_ids = fields.Many2many("res.country", "dropship_shipping_rate_country_rel", string="Countries")
    country_group_ids = fields.Many2many(
        "res.country.group", "dropship_shipping_rate_country_group_rel", string="Country Groups"
    )
    state_ids = fields.Many2many("res.country.state", "dropship_shipping_rate_state_rel", string="States / Provinces")
    city = fields.Char("Cities", help="Separated by commas, as customers write them; 市, 区 and 县 may be left out.")
    city_keys = fields.Char(compute="_compute_city_keys", store=True)
    first_weight = fields.Float("First Weight (kg)", digits="Stock Weight", help="Covered by the first price.")
    first_price = fields.Monetary(required=True)
    step_weight = fields.Float(
        "Step (kg)", digits="Stock Weight", help="Every begun step above the first weight costs the step price."
    )
    step_price = fields.Monetary()
    volumetric_divisor = fields.Float(
        "Divisor (cm³/kg)", help="The larger of weight and volume / divisor counts. 0: the weight."
    )
    max_weight = fields.Float(
        "Max Weight (kg)", digits="Stock Weight", help="Per parcel; more is sent in several. 0: no limit."
    )
    surcharge = fields.Monetary(help="Per parcel, for instance remote area or peak season.")
    surcharge_name = fields.Char("Surcharge For")
    free_above_allowed = fields.Boolean(
        "Free Freight Possible", default=True, help="The supplier's free-freight threshold holds here."
    )
    days_p50 = fields.Float(help="Half of the parcels arrive within.")
    days_p80 = fields.Float(help="8 of 10 parcels arrive within.")
    days_p95 = fields.Float(help="19 of 20 parcels arrive within.")
    date_from = fields.Date("Valid From")
    date_to = fields.Date("Valid Until")

    _amounts_positive = models.Constraint(
        "CHECK (LEAST(first_weight, first_price, step_weight, step_price, volumetric_divisor, max_weight) >= 0"
        " AND COALESCE(surcharge, 0) >= 0)",
        "Weights, prices and surcharges of a shipping rate cannot be negative.",
    )
    _step_weight_given = models.Constraint(
        "CHECK (COALESCE(step_price, 0) = 0 OR step_weight > 0)", "Say for how many kg the step price is."
    )
    _days_ordered = models.Constraint(
        "CHECK (days_p50 >= 0 AND days_p50 <= days_p80 AND days_p80 <= days_p95)",
        "Transit days grow with certainty: P50 is at most P80, and P80 at most P95.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "The rate ends before it begins. Correct its dates."
    )
    _supplier_warehouse_idx = models.Index("(supplier_id, warehouse_id) WHERE active")

    @api.depends("supplier_id")
    def _compute_currency_id(self):
        for rate in self:
            rate.currency_id = rate.currency_id or rate.supplier_id.currency_id

    @api.depends("city")
    def _compute_city_keys(self):
        for rate in self:
            names = filter(None, map(clean_city, CITY_SEPARATOR.split(rate.city or "")))
            rate.city_keys = "".join(f",{name}" for name in names) + "," if rate.city else False

    @api.depends("supplier_id.name", "warehouse_id.name", "service_id.name", "sequence")
    def _compute_display_name(self):
        for rate in self:
            parts = [rate.warehouse_id.display_name or rate.supplier_id.name, rate.service_id.name]
            rate.display_name = " – ".join(part for part in parts if part)

    @api.constrains("supplier_id", "warehouse_id", "service_id")
    def _check_same_supplier(self):
        for rate in self:
            others = (rate.warehouse_id.supplier_id | rate.service_id.supplier_id) - rate.supplier_id
            if others:
                raise ValidationError(
                    self.env._(
                        "This rate is of %(supplier)s, but its warehouse or service is of %(other)s. "
                        "Choose both from one supplier.",
                        supplier=rate.supplier_id.name,
                        other=others[0].name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _match(self, warehouses, destination, date):
        """The rates with which each warehouse ships to a destination.

        Per warehouse and service only the most specific rows stay: the warehouse's own before those of its supplier,
        then postcode before city, state, country, country group and anywhere. Equal rows stay side by side.

        :param dict destination: `country`, `state` (records, may be empty), `zip`, `city` (may be missing)
        :return: {warehouse id: rates}, empty where a warehouse does not ship to
        """
        country, state = destination.get("country"), destination.get("state")
        key = (
            country.id if country else False,
            state.id if state else False,
            destination.get("zip") or "",
            destination.get("city") or "",
        )
        found = self._match_many({key: warehouses.ids}, date)
        return {warehouse_id: rates for (_key, warehouse_id), rates in found.items()}

    @api.model
    def _match_many(self, asked, date):
        """The same for many destinations at once.

        :param dict asked: {(country id, state id, zip, city): warehouse ids}
        :return: {(destination as given, warehouse id): rates}
        """
        found = {(key, warehouse_id): self.browse() for key, ids in asked.items() for warehouse_id in ids}
        places = [key for key, ids in asked.items() if key[0] and ids]
        if not places:
            return found
        self.flush_model()
        self.env["dropship.supplier.warehouse"].flush_model(["supplier_id"])
        self.env["dropship.shipping.service"].flush_model(["active"])
        pairs = [(number, warehouse_id) for number, key in enumerate(places) for warehouse_id in asked[key]]
        rows = self.env.execute_query(self._match_query(places, pairs, date))
        prefetch = list({rate_id for _place, _warehouse_id, rate_ids in rows for rate_id in rate_ids})
        for place, warehouse_id, rate_ids in rows:
            found[places[place], warehouse_id] = self.browse(rate_ids).with_prefetch(prefetch)
        return found

    @api.model
    def _match_query(self, places, pairs, date):
        return SQL(
            """
            WITH destination AS MATERIALIZED (
                SELECT *
                  FROM UNNEST(%(numbers)s::int[], %(countries)s::int[], %(states)s::int[], %(zips)s::text[],
                              %(cities)s::text[]) AS place (number, country_id, state_id, zip, city)
            )
            SELECT destination, warehouse_id, ARRAY_AGG(id ORDER BY sequence, id)
              FROM (
                SELECT destination.number AS destination, warehouse.id AS warehouse_id, rate.id, rate.sequence,
                       RANK() OVER (
                           PARTITION BY destination.number, warehouse.id, rate.service_id
                           ORDER BY rate.warehouse_id IS NULL, place.any_zip, place.any_city, place.any_state,
                                    place.any_country, place.any_group) AS place
                  FROM destination
                  JOIN UNNEST(%(pair_places)s::int[], %(pair_warehouses)s::int[]) AS pair (number, warehouse_id)
                    ON pair.number = destination.number
                  JOIN dropship_supplier_warehouse warehouse ON warehouse.id = pair.warehouse_id
                  JOIN dropship_shipping_rate rate
                    ON rate.supplier_id = warehouse.supplier_id
                   AND (rate.warehouse_id = warehouse.id OR rate.warehouse_id IS NULL)
             LEFT JOIN dropship_shipping_service service ON service.id = rate.service_id
            CROSS JOIN LATERAL (%(place)s) place
                 WHERE rate.active AND service.active IS NOT FALSE
                   AND (rate.date_from IS NULL OR rate.date_from <= %(date)s)
                   AND (rate.date_to IS NULL OR rate.date_to >= %(date)s)
                   AND ((place.any_country AND place.any_group) OR place.in_country OR place.in_group)
                   AND (place.any_state OR place.in_state)
                   AND (rate.zip_from IS NULL OR destination.zip COLLATE "C" >= rate.zip_from)
                   AND (rate.zip_to IS NULL OR (destination.zip <> '' AND
                        LEFT(destination.zip, LENGTH(rate.zip_to)) COLLATE "C" <= rate.zip_to))
                   AND (place.any_city OR POSITION(destination.city IN rate.city_keys) > 0)
              ) fitting
             WHERE place = 1
             GROUP BY destination, warehouse_id
            """,
            place=self._place_query(),
            date=date,
            numbers=list(range(len(places))),
            countries=[country_id for country_id, _state_id, _zip, _city in places],
            states=[state_id or None for _country_id, state_id, _zip, _city in places],
            zips=[clean_zip(code) for _country_id, _state_id, code, _city in places],
            # A name that holds the separator cannot be in the list.
            cities=[f",{clean_city(city) or ','}," for _country_id, _state_id, _zip, city in places],
            pair_places=[number for number, _warehouse_id in pairs],
            pair_warehouses=[warehouse_id for _number, warehouse_id in pairs],
        )

    @api.model
    def _place_query(self):
        return SQL(
            """
            SELECT (rate.zip_from IS NULL AND rate.zip_to IS NULL) AS any_zip,
                   rate.city_keys IS NULL AS any_city,
                   NOT EXISTS (SELECT FROM dropship_shipping_rate_state_rel rel
                                WHERE rel.dropship_shipping_rate_id = rate.id) AS any_state,
                   EXISTS (SELECT FROM dropship_shipping_rate_state_rel rel
                            WHERE rel.dropship_shipping_rate_id = rate.id
                              AND rel.res_country_state_id = destination.state_id) AS in_state,
                   NOT EXISTS (SELECT FROM dropship_shipping_rate_country_rel rel
                                WHERE rel.dropship_shipping_rate_id = rate.id) AS any_country,
                   EXISTS (SELECT FROM dropship_shipping_rate_country_rel rel
                            WHERE rel.dropship_shipping_rate_id = rate.id
                              AND rel.res_country_id = destination.country_id) AS in_country,
                   NOT EXISTS (SELECT FROM dropship_shipping_rate_country_group_rel rel
                                WHERE rel.dropship_shipping_rate_id = rate.id) AS any_group,
                   EXISTS (SELECT FROM dropship_shipping_rate_country_group_rel rel
                             JOIN res_country_res_country_group_rel member
                               ON member.res_country_group_id = rel.res_country_group_id
                            WHERE rel.dropship_shipping_rate_id = rate.id
                              AND member.res_country_id = destination.country_id) AS in_group
            """
        )
