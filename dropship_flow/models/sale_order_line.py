from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import float_compare, float_round

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
        lines_sudo = self.sudo().filtered(lambda line: line.state == "sale")._dropship_by_route()
        uncovered = lines_sudo._dropship_uncovered()
        (lines_sudo - uncovered)._dropship_open_line_holds()._close("solved")
        for line_sudo in uncovered:
            product = line_sudo.product_id
            params = {"product": product.display_name, "product_id": product.id}
            self.env["dropship.hold"].sudo()._raise(
                line_sudo.order_id, "no_source", [["product_without_source", params]], line=line_sudo
            )

    def _dropship_by_route(self):
        """The lines of goods that go by the drop-ship route, whoever sells them."""
        route_id = self.env["ir.model.data"]._xmlid_to_res_id("stock_dropshipping.route_drop_shipping")
        return self.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and route_id
                in (line.route_ids or line.product_id.route_ids | line.product_id.categ_id.total_route_ids).ids
            )
        )

    def _dropship_uncovered(self):
        """Drop-shipped lines that have no vendor in their company, and that nobody was asked to deliver."""
        lines_sudo = self.sudo().filtered(lambda line: line.product_uom_qty > 0)._dropship_by_route()
        uncovered = lines_sudo.filtered(
            lambda line: (
                not line.purchase_line_ids
                # Core asks the same vendors, and takes the first of them even at price 0: its drafts stay its own.
                and not line.product_id.with_company(line.company_id)._prepare_sellers(False).filtered(
                    lambda seller: seller.company_id.id in (False, line.company_id.id)
                )
            )
        )
        kits = self.env["dropship.router"].sudo()._kits(uncovered) if uncovered else {}
        return self.browse([line.id for line in uncovered if (line.product_id.id, line.company_id.id) not in kits])

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
        asked = self.env["dropship.exception"]
        # What nobody knows of yet goes first, then our own shelf, then suppliers are asked.
        ranks = {"planned": 0, "submitted": 2, "accepted": 2}
        for row in rows.sorted(lambda row: 1 if row.stock_warehouse_id else ranks[row.state]):
            if float_compare(surplus, 0.0, precision_rounding=product.uom_id.rounding) <= 0:
                break
            free = row.qty - row.qty_shipped if row.stock_warehouse_id else row.qty
            taken = min(surplus, free)
            if row.stock_warehouse_id or row.state == "planned":
                if taken > 0:
                    (row._reduce_own if row.stock_warehouse_id else row._reduce)(row.qty - taken)
                    surplus -= taken
                continue
            params = {
                "surplus": f"{taken:g}",
                "product": product.display_name,
                "supplier": row._source_name(),
                "purchase": row.purchase_id.name or "",
            }
            exception = self.env["dropship.exception"]._raise(row, "quantity_lowered", [["quantity_lowered", params]])
            exception.quantity = taken
            asked |= exception
            surplus -= taken
        stale = rows._open_exceptions().filtered(lambda exception: exception.kind == "quantity_lowered") - asked
        stale._set_state("solved", solution=self.env._("Wanted after all"))

    def _dropship_settle_exceptions(self, lowered):
        """Confirmed lines want what they want now: questions about an earlier wish need no answer any more.

        :param lowered: the lines of which too much is bought
        """
        rows = self.order_id.dropship_allocation_ids.filtered(
            lambda row: row.line_id in self and row.state in ("submitted", "accepted")
        )
        if not rows:
            return
        settled = rows._open_exceptions().filtered(
            lambda exception: (
                exception.kind == "cancel_asked"
                or (exception.kind == "quantity_lowered" and exception.allocation_id.line_id not in lowered)
            )
        )
        settled._set_state("solved", solution=self.env._("Wanted after all"))

    @api.depends(
        "dropship_allocation_ids.state",
        "dropship_allocation_ids.qty_shipped",
        "dropship_allocation_ids.purchase_line_id.price_unit",
        "dropship_allocation_ids.purchase_line_id.product_qty",
    )
    def _compute_purchase_price(self):
        """Override: the cost of a line of ours is what its purchases cost, whatever the product's own cost says."""
        # Read by order, as the routing that brings us here has done it.
        rows_of = self.order_id.sudo().dropship_allocation_ids.grouped("line_id")
        bought = self.filtered(lambda line: line in rows_of and rows_of[line].purchase_line_id)
        for line in bought:
            rows = rows_of[line].filtered(
                lambda row: (row.state != "released" or row.qty_shipped) and (row.purchase_line_id or not row.offer_id)
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
            if line in delivered and any(row.component for row in rows):
                delivered[line] = line.sudo()._dropship_kits_delivered(delivered[line])
        return delivered

    def _dropship_kits_delivered(self, by_core):
        """Whole kits at the customer. Core takes a kit as delivered before purchases in waiting have made a move."""
        self.ensure_one()
        if any(move.state == "done" and move.location_id.usage == "customer" for move in self.move_ids):
            return by_core
        moved = defaultdict(float)
        for row in self.dropship_allocation_ids:
            moved[row.product_id, row.component] += row._qty_moved()
        parts = self.env["dropship.router"]._components(self)[self]
        shares = [moved[product, component] / wanted for product, wanted, component in parts if wanted]
        share = min(shares, default=0.0)
        if float_compare(share, 1.0, precision_digits=6) >= 0:
            return self.product_uom_qty
        return float_round(share * self.product_uom_qty, precision_digits=0, rounding_method="DOWN")

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
