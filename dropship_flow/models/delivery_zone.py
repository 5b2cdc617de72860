from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..charges import Zone
from .exact import decimal


class DropshipDeliveryZone(models.Model):
    """One row of what a delivery method charges. An empty field matches anything; the first row that matches counts."""

    _name = "dropship.delivery.zone"
    _description = "Zone of a Delivery Method"
    _inherit = ["dropship.zip.range.mixin"]
    _order = "carrier_id, sequence, id"

    carrier_id = fields.Many2one("delivery.carrier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="carrier_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="carrier_id.dropship_currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(translate=True, help="What the customer reads beside a surcharge, for instance Remote area.")
    kind = fields.Selection(
        [("price", "Price"), ("surcharge", "Surcharge on top"), ("refuse", "Not delivered")],
        default="price",
        required=True,
    )
    country_ids = fields.Many2many("res.country", "dropship_delivery_zone_country_rel", string="Countries")
    state_ids = fields.Many2many(
        "res.country.state",
        "dropship_delivery_zone_state_rel",
        string="States / Provinces",
        domain="[('country_id', 'in', country_ids)] if country_ids else []",
    )
    weight_to = fields.Float("Up to (kg)", digits="Stock Weight", help="Heavier baskets look further down. 0: any.")
    first_weight = fields.Float("First Weight (kg)", digits="Stock Weight", help="Covered by the first price.")
    first_price = fields.Monetary()
    step_weight = fields.Float(
        "Step (kg)", digits="Stock Weight", help="Every begun step above the first weight costs the step price."
    )
    step_price = fields.Monetary()
    free_allowed = fields.Boolean(
        "Free Shipping Possible",
        compute="_compute_free_allowed",
        store=True,
        readonly=False,
        precompute=True,
        help="Orders above the amount of the delivery method do not pay this row.",
    )

    _amounts_positive = models.Constraint(
        "CHECK (LEAST(weight_to, first_weight, step_weight) >= 0"
        " AND COALESCE(first_price, 0) >= 0 AND COALESCE(step_price, 0) >= 0)",
        "Weights and prices of a zone cannot be negative.",
    )
    _step_weight_given = models.Constraint(
        "CHECK (COALESCE(step_price, 0) = 0 OR step_weight > 0)", "Say for how many kg the step price is."
    )

    @api.depends("kind")
    def _compute_free_allowed(self):
        for zone in self:
            zone.free_allowed = zone.kind == "price"

    @api.depends("name", "kind", "country_ids", "state_ids", "zip_from", "zip_to")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for zone in self:
            places = zone.state_ids.mapped("name") or zone.country_ids.mapped("name")
            range_ = "–".join(filter(None, [zone.zip_from, zone.zip_to]))
            where = " ".join(filter(None, [", ".join(places[:3]) + (" …" if places[3:] else ""), range_]))
            zone.display_name = zone.name or f"{kinds.get(zone.kind, '')}: {where or self.env._('anywhere')}"

    @api.constrains("country_ids", "state_ids")
    def _check_states_in_countries(self):
        for zone in self:
            strange = zone.country_ids and zone.state_ids.filtered(
                lambda state, zone=zone: state.country_id not in zone.country_ids
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(state)s is in none of the countries of this row: it would never match. "
                        "Add its country or remove it.",
                        state=strange[0].display_name,
                    )
                )

    def _rows(self):
        """The rows as the pure table reads them, in order."""
        return tuple(
            Zone(
                key=zone.id,
                kind=zone.kind,
                countries=frozenset(zone.country_ids.ids),
                states=frozenset(zone.state_ids.ids),
                zip_from=zone.zip_from or "",
                zip_to=zone.zip_to or "",
                weight_to=decimal(zone.weight_to),
                first_weight=decimal(zone.first_weight),
                first_price=decimal(zone.first_price),
                step_weight=decimal(zone.step_weight),
                step_price=decimal(zone.step_price),
                free_allowed=zone.free_allowed,
            )
            for zone in self
        )


class DropshipDeliveryThreshold(models.Model):
    """From which amount on shipping is free, in one currency of the customers."""

    _name = "dropship.delivery.threshold"
    _description = "Free Shipping Above"
    _inherit = ["dropship.money.mixin"]
    _order = "carrier_id, sequence, id"

    carrier_id = fields.Many2one("delivery.carrier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="carrier_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    amount = fields.Monetary(required=True)

    _once = models.UniqueIndex(
        "(carrier_id, currency_id)", "This delivery method already has a free-shipping amount in this currency."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "Enter an amount above 0, or remove the row.")

    @api.depends("amount", "currency_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.currency_id.format(row.amount) if row.currency_id else ""
