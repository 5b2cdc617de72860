from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _procure(self, allocations):
        """One procurement per allocation, through core's rules; then the purchases go on their way."""
        self._ensure_references(allocations.order_id)
        rules = self._buy_rules(allocations.company_id)
        suppliers = self._supplierinfos(allocations)
        now = fields.Datetime.now()
        procurements = []
        values_of_line = {}
        for allocation in allocations:
            line = allocation.line_id.with_company(allocation.company_id)
            if line not in values_of_line:
                values_of_line[line] = line._prepare_procurement_values()
            values = dict(values_of_line[line])
            if allocation.offer_id or allocation.stock_warehouse_id:
                values["dropship_allocation"] = allocation
            if allocation.component:
                values["bom_line_id"] = allocation.component
            if allocation.stock_warehouse_id:
                values["warehouse_id"] = allocation.stock_warehouse_id
                values["route_ids"] = allocation.stock_warehouse_id.delivery_route_id
            elif allocation.offer_id:
                values["supplierinfo_id"] = suppliers[allocation]
                # Ordered now, there when four of five parcels are; core would count back from the sale's date.
                values["date_order"] = now
                values["date_planned"] = now + timedelta(days=allocation.days_p80)
                values["dropship_rule"] = rules[allocation.company_id]
            (procurement,) = line._create_procurements(allocation.buy_qty, allocation.product_id.uom_id, values)
            procurements.append(procurement._replace(product_id=allocation.product_id))
        self.env["stock.rule"].run(procurements)
        own = allocations.filtered(lambda allocation: not allocation.offer_id)
        own._set_state("accepted")
        own.order_id.picking_ids.filtered(lambda picking: picking.state not in ("cancel", "done")).action_confirm()
        allocations.purchase_id._dropship_start()

    @api.model
    def _ensure_references(self, orders):
        missing = orders.filtered(lambda order: not order.stock_reference_ids)
        self.env["stock.reference"].create(
            [{"name": order.name, "sale_ids": [Command.link(order.id)]} for order in missing]
        )

    @api.model
    def _buy_rules(self, companies):
        """The drop-ship rule of each company."""
        route_id = self.env["ir.model.data"]._xmlid_to_res_id("stock_dropshipping.route_drop_shipping")
        rules = self.env["stock.rule"].search_fetch(
            [("route_id", "=", route_id), ("action", "=", "buy"), ("company_id", "in", companies.ids)]
        )
        return {rule.company_id: rule for rule in rules.sorted("id", reverse=True)}

    @api.model
    def _supplierinfos(self, allocations):
        """The vendor price list row that stands for each allocation's offer at its quantity."""
        rows = self.env["product.supplierinfo"].search_fetch([("dropship_offer_id", "in", allocations.offer_id.ids)])
        by_offer = rows.grouped("dropship_offer_id")
        result = {}
        for allocation in allocations.filtered("offer_id"):
            ours = (False, allocation.company_id.id)
            candidates = by_offer.get(allocation.offer_id, rows.browse()).sorted("min_qty")
            candidates = candidates.filtered(lambda row, ours=ours: row.company_id.id in ours)
            fitting = candidates.filtered(lambda row, qty=allocation.buy_qty: row.min_qty <= qty)
            # An offer that lives on an agreement alone has no row of its own.
            row = fitting[-1:] or candidates[:1] or self._agreement(allocation)
            # Slices forget with whom they were read; the vendors of all rows are read at once.
            result[allocation] = row.with_prefetch(rows.ids or row.ids)
        return result

    @api.model
    def _agreement(self, allocation):
        rows = allocation.product_id._prepare_sellers(False).filtered(
            lambda row: (
                row.partner_id == allocation.supplier_id.partner_id
                and row.company_id.id in (False, allocation.company_id.id)
            )
        )
        return rows.filtered(lambda row: row.min_qty <= allocation.buy_qty).sorted("min_qty")[-1:] or rows[:1]
