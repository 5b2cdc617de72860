"""What moves supply beside the offers themselves: allocations, suppliers, closures, own stock, kits."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .allocation import OPEN_STATES

# Allocations in these are promised to somebody, and what is shipped counts until the supplier's next figure.
COUNTED_STATES = frozenset({*OPEN_STATES, "shipped"})
# Changes of these change what can be bought; anything else of a record is nobody's business here.
SUPPLIER_FIELDS = frozenset(
    {
        "state", "blocked", "active", "max_age_hours", "buffer_own", "buffer_units", "buffer_percent", "trial_limit",
        "blocked_product_tag_ids", "partner_id",
    }
)  # fmt: skip
WAREHOUSE_FIELDS = frozenset({"active", "handling_days", "country_id", "tz", "supplier_id"})


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what is promised to one customer cannot be promised to the next."""
        rows = super().create(vals_list)
        rows._supply_moved()
        return rows

    def write(self, vals):
        """Override: from one counted state to the next nothing moves."""
        if not {"state", "buy_qty", "offer_id", "product_id"} & vals.keys():
            return super().write(vals)
        before = {row.id: row._promised() for row in self}
        result = super().write(vals)
        self.filtered(lambda row: before[row.id] != row._promised())._supply_moved()
        return result

    def _promised(self):
        """What of the row changes what others can be promised."""
        return self.state in COUNTED_STATES, self.offer_id.id, self.product_id.id, self.buy_qty

    def unlink(self):
        products = self.product_id.ids
        result = super().unlink()
        self.env["dropship.supply"].sudo()._moved(products)
        return result

    def _supply_moved(self):
        if self:
            self.env["dropship.supply"].sudo()._moved(self.product_id.ids)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def write(self, vals):
        """Override: what counts for all his offers counts for their products."""
        result = super().write(vals)
        if SUPPLIER_FIELDS & vals.keys() and self.ids:
            self.env["dropship.availability"]._moved_offers([("supplier_id", "in", self.ids)])
        return result


class DropshipSupplierWarehouse(models.Model):
    _inherit = "dropship.supplier.warehouse"

    def write(self, vals):
        result = super().write(vals)
        if WAREHOUSE_FIELDS & vals.keys() and self.ids:
            self.env["dropship.availability"]._moved_offers([("warehouse_id", "in", self.ids)])
        return result


class DropshipSupplierClosure(models.Model):
    _inherit = "dropship.supplier.closure"

    @api.model_create_multi
    def create(self, vals_list):
        closures = super().create(vals_list)
        closures._supply_moved()
        return closures

    def write(self, vals):
        before = self._closed_warehouses()
        result = super().write(vals)
        self._supply_moved(before)
        return result

    def unlink(self):
        before = self._closed_warehouses()
        result = super().unlink()
        self.browse()._supply_moved(before)
        return result

    def _closed_warehouses(self):
        suppliers = self.sudo().filtered(lambda closure: not closure.warehouse_id).supplier_id
        return self.sudo().warehouse_id | suppliers.with_context(active_test=False).warehouse_ids

    def _supply_moved(self, before=()):
        warehouses = self._closed_warehouses()
        ids = [*warehouses.ids, *(before.ids if before else [])]
        if ids:
            self.env["dropship.availability"]._moved_offers([("warehouse_id", "in", ids)])


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    def write(self, vals):
        """Override: a feed that comes again after a long silence makes its unchanged figures count again."""
        silent = self.browse()
        if "as_of" in vals:
            now = fields.Datetime.now()
            silent = self.sudo().filtered(
                lambda feed: (
                    (hours := feed._age_limit()) and (not feed.as_of or now - feed.as_of > timedelta(hours=hours))
                )
            )
        if {"expect_hours", "active"} & vals.keys():
            silent = self
        result = super().write(vals)
        if silent:
            self.env["dropship.availability"]._moved_offers([("feed_id", "in", silent.ids)])
        return result


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """Override: what may not be dropshipped any more cannot be promised."""
        result = super().write(vals)
        if {"dropship_blocked", "product_tag_ids", "is_storable", "company_id"} & vals.keys() and self.ids:
            self.env["dropship.availability"]._moved_offers([("product_tmpl_id", "in", self.ids)])
        return result


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: our own stock counts beside the suppliers'."""
        quants = super().create(vals_list)
        quants._dropship_moved()
        return quants

    def write(self, vals):
        result = super().write(vals)
        if {"quantity", "reserved_quantity"} & vals.keys():
            self._dropship_moved()
        return result

    def _dropship_moved(self):
        """Only of products somebody offers as well; all others are core's."""
        products = self.product_id.ids
        if products:
            query = SQL("SELECT product_id FROM dropship_availability WHERE product_id = ANY(%s)", products)
            self.env["dropship.supply"].sudo()._moved_by(query)
