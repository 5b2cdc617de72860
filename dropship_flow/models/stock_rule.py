from collections import defaultdict

from odoo import SUPERUSER_ID, api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _get_rule(self, product_id, location_id, values):
        """Override: an allocation knows its drop-ship rule already; no search per line."""
        return values.get("dropship_rule") or super()._get_rule(product_id, location_id, values)

    @api.model
    def _run_buy(self, procurements):
        """Override: purchases of allocations are made in one set, one per order, warehouse and currency."""
        ours = [pair for pair in procurements if self._is_dropship_allocation(pair[0])]
        if ours:
            self._run_dropship_buy(ours)
        rest = [pair for pair in procurements if not self._is_dropship_allocation(pair[0])]
        return super()._run_buy(rest) if rest else True

    @api.model
    def _is_dropship_allocation(self, procurement):
        return bool(procurement.values.get("dropship_allocation") and procurement.values.get("supplierinfo_id"))

    @api.model
    def _run_dropship_buy(self, procurements):
        groups = defaultdict(list)
        for procurement, rule in procurements:
            values, allocation = procurement.values, procurement.values["dropship_allocation"]
            # Kits are exploded before suppliers are chosen; whoever explodes again would buy from the wrong one.
            if values["supplierinfo_id"].product_tmpl_id != procurement.product_id.product_tmpl_id:
                raise ValueError(f"price list row of another product for {procurement.product_id.display_name}")
            values["supplier"] = values["supplierinfo_id"]
            values["propagate_cancel"] = rule.propagate_cancel
            currency = allocation.purchase_currency_id or values["supplier"].currency_id
            groups[allocation.order_id, allocation.warehouse_id, currency].append((procurement, rule))
        purchases = self._dropship_purchases(groups)
        line_vals, allocations = [], []
        for key, pairs in groups.items():
            for procurement, _rule in pairs:
                line_vals.append(
                    self.env["purchase.order.line"]._prepare_purchase_order_line_from_procurement(
                        *procurement, purchases[key]
                    )
                )
                allocations.append(procurement.values["dropship_allocation"])
        lines = self.env["purchase.order.line"].with_user(SUPERUSER_ID).create(line_vals)
        for allocation, line in zip(allocations, lines, strict=True):
            allocation.purchase_line_id = line.sudo(allocation.env.su).with_env(allocation.env)

    @api.model
    def _dropship_purchases(self, groups):
        """The draft purchase of each (sale, warehouse, currency): the open one, or a new one.

        :return: {key: purchase.order}
        """
        orders = self.env["sale.order"].union(*(key[0] for key in groups))
        ours = {pair[0].values["dropship_allocation"].id for pairs in groups.values() for pair in pairs}
        # An order that is bought for the first time has no drafts.
        known = orders.filtered(lambda order: not ours.issuperset(order.sudo().dropship_allocation_ids.ids))
        drafts = (
            self.env["purchase.order"]
            .sudo()
            .search(
                [
                    ("dropship_sale_id", "in", known.ids),
                    ("state", "in", ("draft", "to approve")),
                    ("dropship_warehouse_id", "!=", False),
                ]
            )
        )
        found = {
            (draft.dropship_sale_id.id, draft.dropship_warehouse_id.id, draft.currency_id.id): draft for draft in drafts
        }
        purchases, new_keys, vals_list = {}, [], []
        for key, pairs in groups.items():
            draft = found.get(tuple(record.id for record in key))
            if draft:
                purchases[key] = draft
                continue
            new_keys.append(key)
            vals_list.append(self._dropship_purchase_vals(key, pairs))
        created = (
            self.env["purchase.order"]
            .with_user(SUPERUSER_ID)
            .with_context(tracking_disable=True, mail_create_nolog=True)
            .create(vals_list)
            if vals_list
            else self.env["purchase.order"]
        )
        purchases.update(zip(new_keys, created, strict=True))
        return purchases

    @api.model
    def _dropship_purchase_vals(self, key, pairs):
        order, warehouse, currency = key
        rule = pairs[0][1]
        origins = {procurement.origin for procurement, _rule in pairs if procurement.origin}
        vals = rule.with_company(order.company_id)._prepare_purchase_order(
            order.company_id, origins, [procurement.values for procurement, _rule in pairs]
        )
        return {
            **vals,
            "user_id": vals.get("user_id") or warehouse.supplier_id.user_id.id,
            "currency_id": currency.id,
            "dropship_sale_id": order.id,
            "dropship_warehouse_id": warehouse.id,
            # The supplier sees its own number only; ours stays inside.
            "origin": False,
        }

    def _make_po_get_domain(self, company_id, values, partner):
        """Override: core never adds lines to a purchase of ours."""
        return super()._make_po_get_domain(company_id, values, partner) + (("dropship_warehouse_id", "=", False),)

    @api.model
    def _get_procurements_to_merge_groupby(self, procurement):
        """Override: two allocations of one line are never one purchase line."""
        allocation = procurement.values.get("dropship_allocation")
        return allocation.id if allocation else False, super()._get_procurements_to_merge_groupby(procurement)
