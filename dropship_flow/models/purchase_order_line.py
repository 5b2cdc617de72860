from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    dropship_allocation_ids = fields.One2many(
        "dropship.allocation", "purchase_line_id", groups="dropship_flow.group_dropship_user"
    )

    @api.model
    def _prepare_purchase_order_line_from_procurement(
        self, product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values, po
    ):
        """Override: the price on the line is the price the decision used; analytic distribution follows the sale."""
        allocation = values.get("dropship_allocation")
        if allocation:
            # Core gives these values to the line only; the product has to know that its seller is chosen already.
            product_id = product_id.with_context(procurement_values=values)
        vals = super()._prepare_purchase_order_line_from_procurement(
            product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values, po
        )
        if not allocation:
            return vals
        uom = self.env["uom.uom"].browse(vals["product_uom_id"])
        price = product_id.uom_id._compute_price(allocation.purchase_price, uom)
        taxes = self.env["account.tax"].browse(vals["tax_ids"][0][2])
        vals["price_unit"] = self._dropship_price_with_taxes(price, taxes)
        vals["discount"] = 0.0
        if allocation.line_id.analytic_distribution:
            vals["analytic_distribution"] = allocation.line_id.analytic_distribution
        return vals

    @api.model
    def _dropship_price_with_taxes(self, price, taxes):
        """The price of a unit with what price-included taxes will take out again, so that the net is `price`.

        Nothing is rounded: a hundredth of a cent counts where a thousand units are bought.
        """
        details = taxes._get_tax_details(price, 1.0, rounding_method="round_globally", special_mode="total_excluded")
        return price + sum(row["tax_amount"] for row in details["taxes_data"] if row["tax"].price_include)

    @api.model
    def _dropship_price_without_taxes(self, price, taxes):
        """The net of a price with all taxes in it, whatever the taxes say of prices; nothing is rounded."""
        details = taxes._get_tax_details(price, 1.0, rounding_method="round_globally", special_mode="total_included")
        return details["total_excluded"]

    def _dropship_lower_moves(self, unit, wanted):
        """Lower what still waits to leave, so that `wanted` (in `unit`) goes in all. Core would ask for a return.

        What left already stays.
        """
        for line in self:
            left = wanted
            for move in line.move_ids.sorted(lambda move: move.state != "done"):
                if move.state == "cancel" or move.origin_returned_move_id or move.dropship_reverted:
                    continue
                if move.state == "done":
                    left -= move.product_uom._compute_quantity(move.quantity, unit, round=False)
                    continue
                planned = move.product_uom._compute_quantity(move.product_uom_qty, unit, round=False)
                keep = max(min(planned, left), 0.0)
                left -= keep
                if keep < planned:
                    move.product_uom_qty = unit._compute_quantity(keep, move.product_uom)
                    if not keep:
                        move.with_context(dropship_cancelling=True)._action_cancel()

    def _dropship_fit(self, without=None):
        """Order what the rows of the line still buy, and what left; the moves that wait follow.

        :param without: a row that is about to be released
        """
        for line in self.with_context(dropship_internal=True, skip_uom_conversion=True):
            unit = line.product_id.uom_id
            gone = line.dropship_allocation_ids.filtered(lambda row: row.state == "released" or row == without)
            open_qty = sum((line.dropship_allocation_ids - gone).mapped("buy_qty"))
            wanted = open_qty + sum(gone.mapped("qty_shipped"))
            line._dropship_lower_moves(unit, wanted)
            line.product_qty = max(unit._compute_quantity(wanted, line.product_uom_id), line.qty_received)

    def _find_candidate(self, product_id, product_qty, product_uom, location_id, name, origin, company_id, values):
        """Override: an allocation never joins the purchase line of another."""
        if values.get("dropship_allocation"):
            return self.browse()
        return super()._find_candidate(
            product_id, product_qty, product_uom, location_id, name, origin, company_id, values
        )

    def unlink(self):
        """Override: a removed line gives its quantity back, and a person decides where it is bought instead."""
        allocations_sudo = self.sudo().dropship_allocation_ids
        purchases = allocations_sudo.purchase_id
        result = super().unlink()
        if allocations_sudo and not self.env.context.get("dropship_internal"):
            purchases._dropship_given_back(allocations_sudo._release("cancelled"))
        return result
