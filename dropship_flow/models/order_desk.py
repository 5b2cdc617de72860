from odoo import api, fields, models

from .order_stage import STAGES
from .sale_order import READERS


class SaleOrder(models.Model):
    """What the desk's list shows beside core's own columns."""

    _inherit = "sale.order"

    dropship_country_id = fields.Many2one(
        related="partner_shipping_id.country_id",
        string="Destination Country",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    dropship_destination = fields.Char(
        string="Destination", compute="_compute_dropship_destination", groups="base.group_user"
    )
    dropship_promised_date = fields.Date(
        string="Promised",
        compute="_compute_dropship_promised_date",
        groups=READERS,
        help="When the last part of the order is expected at the customer.",
    )
    dropship_needs_person = fields.Boolean(
        string="Needs a Person",
        compute="_compute_dropship_needs_person",
        search="_search_dropship_needs_person",
        groups=READERS,
        help="The order waits on a hold, or something went wrong after buying.",
    )

    @api.depends("partner_shipping_id.city", "partner_shipping_id.country_id")
    @api.depends_context("lang")
    def _compute_dropship_destination(self):
        for order in self:
            address = order.partner_shipping_id
            parts = (address.city, address.country_id.code if address.city else address.country_id.name)
            order.dropship_destination = ", ".join(part for part in parts if part)

    @api.depends("dropship_allocation_ids.promised_date", "dropship_allocation_ids.state")
    def _compute_dropship_promised_date(self):
        for order in self:
            rows = order.dropship_allocation_ids.filtered(lambda row: row._stage_state() != "released")
            order.dropship_promised_date = max((row.promised_date for row in rows if row.promised_date), default=False)

    @api.depends("dropship_stage", "dropship_exception_ids.state")
    def _compute_dropship_needs_person(self):
        for order in self:
            order.dropship_needs_person = order.dropship_stage == "held" or bool(order.dropship_exception_ids)

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        """Override: the stages in the order of the flow, not of the alphabet."""
        result = super().search_panel_select_range(field_name, **kwargs)
        if field_name == "dropship_stage":
            places = {code: place for place, (code, _word) in enumerate(STAGES)}
            result["values"].sort(key=lambda value: places.get(value["id"], len(places)))
        return result

    def _search_dropship_needs_person(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("dropship_stage", "=", "held") | fields.Domain("dropship_exception_ids", "!=", False)
        return fields.Domain.OR([domain if wanted else ~domain for wanted in value])
