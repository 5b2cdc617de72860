from odoo import api, fields, models
from odoo.tools import float_compare

from .sale_order import READERS
from .tax_rule import TAX_POSITIONS


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_allocation_ids = fields.One2many(
        "dropship.allocation", "line_id", string="Sourcing", groups=READERS, copy=False
    )
    dropship_choice_ids = fields.One2many(
        "dropship.line.choice", "line_id", string="Pinned and Excluded", groups=READERS, copy=False
    )
    dropship_ship_from_id = fields.Many2one(
        "res.country", string="Ships From", groups="base.group_user", copy=False, readonly=True
    )
    dropship_tax_position = fields.Selection(
        TAX_POSITIONS,
        string="Tax Position",
        groups="base.group_user",
        copy=False,
        readonly=True,
        help="Decided at routing by where the goods ship from and to.",
    )

    def _dropship_ours(self):
        """The lines the suite cares for: somebody offers the product (or a part of the kit), or it was sourced before.

        Every other line keeps core untouched.
        """
        route_id = self.env["ir.model.data"]._xmlid_to_res_id("stock_dropshipping.route_drop_shipping")
        lines_sudo = self.sudo().filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and not line.is_expense
                and line.product_id.type == "consu"
                and (not line.route_ids or route_id in line.route_ids.ids)
            )
        )
        if not lines_sudo:
            return self.browse()
        router_sudo = self.env["dropship.router"].sudo()
        components = router_sudo._components(lines_sudo)
        products = self.env["product.product"].union(*(part[0] for parts in components.values() for part in parts))
        offered = router_sudo._products_with_offers(products, lines_sudo.company_id)
        ours = [
            line.id
            for line in lines_sudo
            if any(
                (product.id, company_id) in offered
                for product, _qty, _component in components[line]
                for company_id in (False, line.company_id.id)
            )
            or line.dropship_allocation_ids
        ]
        return self.browse(ours)

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Override: lines of ours are routed, all orders of the call in one batch; core serves the rest."""
        if self.env.context.get("skip_procurement"):
            return super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        ours = self._dropship_ours()
        result = super(SaleOrderLine, self - ours)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        (self - ours)._dropship_hold_uncovered()
        ours.filtered(lambda line: not line.order_id.locked and line.state == "sale")._dropship_route()
        return result

    def _dropship_source(self):
        """Route and buy what the lines still need. Locked orders are sourced too: nothing of the sale changes."""
        lines = self.filtered(lambda line: line.state == "sale")
        if not lines:
            return
        ours = lines._dropship_ours()
        waiting = (lines - ours).filtered(lambda line: line.sudo()._dropship_open_line_holds())
        if waiting:
            # A vendor may have been added on the product since: core buys from him.
            waiting._action_launch_stock_rule()
        ours._dropship_route()

    def _dropship_open_line_holds(self):
        return self.order_id.dropship_hold_ids.filtered(lambda hold: hold.state == "open" and hold.line_id in self)

    def _dropship_hold_uncovered(self):
        """Goods that should be dropshipped but that nobody sells us: core stays silent, we say so."""
        route_id = self.env["ir.model.data"]._xmlid_to_res_id("stock_dropshipping.route_drop_shipping")
        lines_sudo = self.sudo().filtered(lambda line: line.state == "sale" and line.product_id.type == "consu")
        for line_sudo in lines_sudo:
            product = line_sudo.product_id
            routes = line_sudo.route_ids or product.route_ids | product.categ_id.total_route_ids
            if route_id not in routes.ids:
                continue
            uncovered = line_sudo.product_uom_qty > 0 and not product.seller_ids and not line_sudo.purchase_line_ids
            if uncovered and not self.env["dropship.router"].sudo()._kits(line_sudo):
                params = {"product": product.display_name, "product_id": product.id}
                self.env["dropship.hold"].sudo()._raise(
                    line_sudo.order_id, "no_source", [["product_without_source", params]], line=line_sudo
                )
            elif not uncovered:
                line_sudo._dropship_open_line_holds()._close("solved")

    def _dropship_route(self):
        """Route and buy confirmed lines that are known to be ours."""
        if self:
            self.env["dropship.router"]._source(self)

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """Override: for lines of ours, open allocations plus what was shipped (core's sum re-buys and doubles kits)."""
        self.ensure_one()
        allocations = self.sudo().dropship_allocation_ids
        plain = allocations.filtered(lambda row: not row.component and row.product_id == self.product_id)
        if not allocations or len(plain) != len(allocations):
            return super()._get_qty_procurement(previous_product_uom_qty=previous_product_uom_qty)
        covered = sum(allocation._covered() for allocation in plain)
        return self.product_id.uom_id._compute_quantity(covered, self.product_uom_id, rounding_method="HALF-UP")

    def _dropship_shrink(self, product, component, surplus):
        """The customer needs less: unsent purchases follow at once, sent ones are shown as needing an answer."""
        self.ensure_one()
        rows = self.dropship_allocation_ids.filtered(
            lambda row: row.product_id == product and row.component == component and row._is_open()
        ).sorted("id", reverse=True)
        for row in rows.filtered(lambda row: row.state == "planned"):
            if float_compare(surplus, 0.0, precision_rounding=product.uom_id.rounding) <= 0:
                return
            taken = min(surplus, row.qty)
            row._reduce(row.qty - taken)
            surplus -= taken
        for row in rows.filtered(lambda row: row.state in ("submitted", "accepted")):
            if float_compare(surplus, 0.0, precision_rounding=product.uom_id.rounding) <= 0:
                return
            taken = min(surplus, row.qty)
            params = {
                "surplus": f"{taken:g}",
                "product": product.display_name,
                "supplier": row.supplier_id.name or row.stock_warehouse_id.name,
                "purchase": row.purchase_id.name or "",
            }
            exception = self.env["dropship.exception"]._raise(row, "quantity_lowered", [["quantity_lowered", params]])
            exception.quantity = taken
            surplus -= taken

    @api.depends(
        "dropship_allocation_ids.state",
        "dropship_allocation_ids.purchase_line_id.price_unit",
        "dropship_allocation_ids.purchase_line_id.product_qty",
    )
    def _compute_purchase_price(self):
        """Override: the cost of a line of ours is what its purchases cost, whatever the product's own cost says."""
        bought = self.filtered(lambda line: line.sudo().dropship_allocation_ids.filtered("purchase_line_id"))
        for line in bought:
            rows = line.sudo().dropship_allocation_ids.filtered(
                lambda row: row.state != "released" and (row.purchase_line_id or row.stock_warehouse_id)
            )
            if not rows:
                continue
            company_cost = sum(row._purchase_cost() for row in rows)
            qty = line.product_uom_qty or 1.0
            line.purchase_price = line._convert_to_sol_currency(company_cost / qty, line.company_id.currency_id)
        return super(SaleOrderLine, self - bought)._compute_purchase_price()

    def _prepare_qty_delivered(self):
        """Override: what a supplier's pack holds beyond the order is not billed to the customer."""
        delivered = super()._prepare_qty_delivered()
        for line in self:
            rows = line.sudo().dropship_allocation_ids
            if line in delivered and any(row.buy_qty > row.qty for row in rows):
                delivered[line] = min(delivered[line], line.product_uom_qty)
        return delivered

    def action_dropship_choose(self):
        """Open the small form that pins or excludes a supplier for the line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.line.source",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }
