import math
from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.fields import Domain

# A supplier closed for longer is not a source; the bound keeps a wrong calendar from searching for ever.
HORIZON_DAYS = 366


class DropshipOfSupplierMixin(models.AbstractModel):
    """What a supplier has as a whole, or one of his warehouses for itself: `warehouse_id` says whose it is."""

    _name = "dropship.of.supplier.mixin"
    _description = "Of a Supplier or One of His Warehouses"

    warehouse_id = fields.Many2one("dropship.supplier.warehouse", ondelete="cascade", index="btree_not_null")
    supplier_id = fields.Many2one(
        "dropship.supplier",
        compute="_compute_supplier_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="supplier_id.company_id", store=True, index=True)

    @api.depends("warehouse_id")
    def _compute_supplier_id(self):
        for record in self:
            record.supplier_id = record.warehouse_id.supplier_id or record.supplier_id


class DropshipSupplierWarehouse(models.Model):
    _name = "dropship.supplier.warehouse"
    _description = "Warehouse of a Dropship Supplier"
    _order = "supplier_id, name, id"
    _rec_names_search = ["name", "code", "supplier_id.name"]
    _check_company_auto = True

    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="supplier_id.company_id", store=True, index=True)
    name = fields.Char(required=True)
    code = fields.Char()
    active = fields.Boolean(default=True)
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one(
        "res.country.state",
        string="State / Province",
        ondelete="restrict",
        domain="[('country_id', '=?', country_id)]",
    )
    country_id = fields.Many2one(
        "res.country", ondelete="restrict", help="Goods from a warehouse without a country cannot be routed."
    )
    return_partner_id = fields.Many2one(
        "res.partner", string="Return Address", check_company=True, help="Empty: returns go back to this warehouse."
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        compute="_compute_tz",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar", string="Working Days", help="Empty: parcels leave on every day of the week."
    )
    cut_off = fields.Float(
        "Cut-off", help="Local time until which orders count for the same day. 0: orders count until midnight."
    )
    handling_days = fields.Float(help="Working days between the order and the day the parcel leaves. 0: the same day.")
    ddp = fields.Boolean("Import Charges Included", help="The supplier pays import charges himself (DDP).")
    closure_ids = fields.One2many("dropship.supplier.closure", "warehouse_id", string="Closures")
    offer_ids = fields.One2many("dropship.offer", "warehouse_id", string="Offers")
    rate_ids = fields.One2many("dropship.shipping.rate", "warehouse_id", string="Shipping Rates")
    offer_count = fields.Integer(compute="_compute_offer_count")

    _supplier_code_uniq = models.UniqueIndex(
        "(supplier_id, code) WHERE code IS NOT NULL",
        "This supplier already has a warehouse with this code. Choose another code.",
    )
    _cut_off_range = models.Constraint(
        "CHECK (cut_off >= 0 AND cut_off < 24)", "The cut-off is a time between 00:00 and 23:59."
    )
    _handling_range = models.Constraint(
        "CHECK (handling_days >= 0 AND handling_days <= 60)", "Handling takes between 0 and 60 working days."
    )

    @api.depends("country_id")
    def _compute_tz(self):
        for warehouse in self:
            zones = pytz.country_timezones.get(warehouse.country_id.code or "", [])
            warehouse.tz = zones[0] if zones else warehouse.tz or self.env.user.tz or "UTC"

    @api.depends("name", "supplier_id.name")
    def _compute_display_name(self):
        for warehouse in self:
            parts = [warehouse.supplier_id.name, warehouse.name]
            warehouse.display_name = " – ".join(part for part in parts if part)

    @api.depends("offer_ids")
    def _compute_offer_count(self):
        counts = dict(
            self.env["dropship.offer"]._read_group([("warehouse_id", "in", self.ids)], ["warehouse_id"], ["__count"])
        )
        for warehouse in self:
            warehouse.offer_count = counts.get(warehouse._origin, 0)

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.state_id.country_id != self.country_id:
            self.state_id = False

    @api.onchange("state_id")
    def _onchange_state_id(self):
        if self.state_id:
            self.country_id = self.state_id.country_id

    def write(self, vals):
        result = super().write(vals)
        if {"active", "supplier_id"} & vals.keys():
            self.with_context(active_test=False).offer_ids._project()
        return result

    def action_open_offers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_offer")
        return {
            **action,
            "domain": [("warehouse_id", "=", self.id)],
            "context": {"default_warehouse_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _handling_days(self, now):
        """Calendar days until a parcel ordered `now` leaves each warehouse.

        An order after the cut-off, or on a day the warehouse does not work, counts from the next day it works. Then
        the handling time passes in working days; the parcel leaves at the cut-off of the day this ends on.

        :param datetime now: naive UTC.
        :return: {warehouse id: days}
        """
        closures = self._closed_ranges(now.date())
        days, result = {}, {}
        for warehouse in self:
            closed = closures[warehouse.id]
            # Most warehouses of a country keep the same times.
            key = (warehouse.tz, warehouse.cut_off, warehouse.handling_days, warehouse.resource_calendar_id, *closed)
            if key not in days:
                days[key] = warehouse._days_until_leaving(now, closed)
            result[warehouse.id] = days[key]
        return result

    def _closed_ranges(self, since):
        domain = Domain("supplier_id", "in", self.supplier_id.ids) & Domain("date_to", ">=", since - timedelta(days=1))
        closures = self.env["dropship.supplier.closure"].search_fetch(
            domain, ["supplier_id", "warehouse_id", "date_from", "date_to", "last_ship_date"]
        )
        by_supplier = closures.grouped("supplier_id")
        return {
            warehouse.id: [
                closure._closed_range()
                for closure in by_supplier.get(warehouse.supplier_id, ())
                if closure.warehouse_id in (warehouse, self.browse())
            ]
            for warehouse in self
        }

    def _days_until_leaving(self, now, closed):
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        local = pytz.utc.localize(now).astimezone(zone)
        cut_off = self.cut_off or 24.0
        hour = local.hour + local.minute / 60 + local.second / 3600
        day = local.date() + timedelta(days=1 if hour >= cut_off else 0)
        fraction, whole = math.modf(self.handling_days)
        day = self._next_working_day(day, closed)
        for _step in range(int(whole)):
            day = self._next_working_day(day + timedelta(days=1), closed)
        leaves = datetime.combine(day, time()) + timedelta(hours=cut_off + 24 * fraction)
        if fraction and leaves.date() > day:
            hours = leaves - datetime.combine(leaves.date(), time())
            leaves = datetime.combine(self._next_working_day(leaves.date(), closed), time()) + hours
        leaves = zone.localize(leaves).astimezone(pytz.utc)
        return max(0.0, (leaves - pytz.utc.localize(now)).total_seconds() / 86400)

    def _next_working_day(self, day, closed):
        """The first day not before `day` on which this warehouse ships; after the horizon, the day asked for."""
        for candidate in (day + timedelta(days=offset) for offset in range(HORIZON_DAYS)):
            if any(first <= candidate <= last for first, last in closed):
                continue
            if not self.resource_calendar_id or self.resource_calendar_id._dropship_works_on(candidate):
                return candidate
        return day + timedelta(days=HORIZON_DAYS)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    warehouse_count = fields.Integer(compute="_compute_warehouse_count")

    @api.depends("warehouse_ids")
    def _compute_warehouse_count(self):
        for supplier in self:
            supplier.warehouse_count = len(supplier.warehouse_ids)

    def action_open_warehouses(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_warehouse"),
            "domain": [("supplier_id", "=", self.id)],
            "context": {"default_supplier_id": self.id},
        }


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _dropship_works_on(self, day):
        """Whether `day` is a working day without a holiday of the whole calendar. Note: `self.ensure_one()`."""
        self.ensure_one()
        if not self._works_on_date(day):
            return False
        zone = pytz.timezone(self.tz or "UTC")
        noon = zone.localize(datetime.combine(day, time(12))).astimezone(pytz.utc).replace(tzinfo=None)
        return not any(leave.date_from <= noon <= leave.date_to for leave in self.global_leave_ids)
