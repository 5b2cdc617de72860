from odoo import api, fields, models

# Who has access rights on the rows: a list shown to others would refuse them the whole order.
READERS = "dropship_flow.group_dropship_user,sales_team.group_sale_salesman"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_decision_id = fields.Many2one(
        "dropship.routing.decision", string="Routing Decision", copy=False, readonly=True, groups="base.group_user"
    )
    dropship_allocation_ids = fields.One2many(
        "dropship.allocation", "order_id", string="Sourcing", copy=False, groups=READERS
    )
    dropship_hold_ids = fields.One2many("dropship.hold", "order_id", string="Holds", groups=READERS)
    dropship_open_hold_ids = fields.One2many(
        "dropship.hold", "order_id", string="Open Holds", domain=[("state", "=", "open")], groups=READERS
    )
    dropship_exception_ids = fields.One2many(
        "dropship.exception", "order_id", string="Exceptions", domain=[("state", "=", "open")], groups=READERS
    )
    dropship_purchase_ids = fields.One2many(
        "purchase.order", "dropship_sale_id", groups="purchase.group_purchase_user"
    )
    dropship_can_preview = fields.Boolean(compute="_compute_dropship_can_preview", groups="base.group_user")
    dropship_hold_kind = fields.Selection(
        selection=lambda self: self.env["dropship.hold"]._hold_kinds(),
        string="Hold",
        compute="_compute_dropship_hold_kind",
        groups="base.group_user",
    )
    dropship_company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company", groups="base.group_user"
    )
    dropship_expected_landed = fields.Monetary(
        related="dropship_decision_id.landed",
        string="Landed Cost",
        currency_field="dropship_company_currency_id",
        groups="dropship_flow.group_dropship_user",
    )
    dropship_expected_profit = fields.Monetary(
        related="dropship_decision_id.profit",
        string="Expected Profit",
        currency_field="dropship_company_currency_id",
        groups="dropship_flow.group_dropship_user",
    )

    @api.depends("order_line.product_id", "order_line.dropship_allocation_ids")
    def _compute_dropship_can_preview(self):
        for order in self:
            order.dropship_can_preview = bool(order.order_line._dropship_ours())

    @api.depends("dropship_hold_ids.state")
    def _compute_dropship_hold_kind(self):
        for order in self:
            holds = order.sudo().dropship_hold_ids.filtered(lambda hold: hold.state == "open")
            order.dropship_hold_kind = holds[-1:].kind

    def _dropship_note(self, text):
        """Log an internal note; nobody outside is ever told."""
        for order in self:
            order.message_post(body=text, message_type="notification", subtype_xmlid="mail.mt_note")

    def action_dropship_preview(self):
        """Show which suppliers would be chosen, what each part costs, and who lost why. Saves nothing."""
        self.ensure_one()
        return self.env["dropship.route.preview"]._open_order(self)

    def action_dropship_release(self):
        """Release every open hold of the order: buy now, or try again."""
        self.check_access("read")
        return self.sudo().dropship_open_hold_ids.sudo(False).action_release()

    def _action_cancel(self):
        """Override: unsent purchases go with the sale, sent ones ask for the supplier's answer."""
        orders_sudo = self.sudo()
        orders_sudo.dropship_hold_ids._close("solved")
        rows = orders_sudo.dropship_allocation_ids
        for row in rows.filtered(lambda row: row.state in ("submitted", "accepted")):
            if not row.offer_id:
                row._release("order_cancelled")
                continue
            params = {"supplier": row.supplier_id.name, "purchase": row.purchase_id.name or ""}
            self.env["dropship.exception"].sudo()._raise(row, "cancel_asked", [["cancel_asked", params]])
        planned = rows.filtered(lambda row: row.state == "planned")
        purchases = planned.purchase_id
        planned._release("order_cancelled")
        purchases.filtered(lambda purchase: purchase.state in ("draft", "to approve"))._dropship_cancel_quietly()
        if not orders_sudo.dropship_allocation_ids:
            return super()._action_cancel()
        # Core looks for the purchases behind the moves with the rights of the order desk, which has none there.
        self.check_access("write")
        return super(SaleOrder, orders_sudo.with_context(dropship_keep_transfers=True))._action_cancel()

    def _dropship_tax_conflict(self, outcome):
        """What is wrong with the tax positions of a plan, as [code, params]; None when nothing is."""
        for line, position, fiscal_position in self._dropship_line_positions(outcome):
            if position == "mixed":
                return ["tax_mixed", {"product": line.product_id.display_name}]
            taxes = self._dropship_mapped_taxes(line, fiscal_position)
            if taxes == line.tax_ids:
                continue
            new = taxes.compute_all(
                line.price_unit * (1 - (line.discount or 0.0) / 100),
                self.currency_id,
                line.product_uom_qty,
                line.product_id,
            )["total_included"]
            if self.currency_id.compare_amounts(new, line.price_total):
                params = {
                    "product": line.product_id.display_name,
                    "position": fiscal_position.name,
                    "old": self.currency_id.format(line.price_total),
                    "new": self.currency_id.format(new),
                }
                return ["tax_changes_total", params]
        return None

    def _dropship_line_positions(self, outcome):
        """[(line, position code or 'mixed', fiscal position)] of the lines the plan serves."""
        lines = {demand.key: demand.line for demand in outcome.demands}
        found = {}
        for piece in outcome.plan.pieces:
            found.setdefault(lines[piece.line], {})[outcome.tax[piece.source]] = piece.source
        nothing = self.env["account.fiscal.position"]
        return [
            (line, *next(iter(positions))) if len(positions) == 1 else (line, "mixed", nothing)
            for line, positions in found.items()
        ]

    def _dropship_mapped_taxes(self, line, fiscal_position):
        if not fiscal_position:
            return line.tax_ids
        taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
        return fiscal_position.map_tax(taxes)

    def _dropship_apply_tax(self, outcome):
        """Keep on each line where it ships from, its tax position, and the taxes that follow, for the invoice."""
        ship_from = {self.env["dropship.router"]._ship_from(source) for source in outcome.tax}
        for line, position, fiscal_position in self._dropship_line_positions(outcome):
            vals = {}
            if line.dropship_tax_position != position:
                vals["dropship_tax_position"] = position
            if len(ship_from) == 1 and line.dropship_ship_from_id != next(iter(ship_from)):
                vals["dropship_ship_from_id"] = next(iter(ship_from)).id
            taxes = self._dropship_mapped_taxes(line, fiscal_position)
            if taxes != line.tax_ids:
                vals["tax_ids"] = taxes.ids
            if vals:
                # A lock keeps people from changing the sale; the tax position is part of what they agreed to.
                locked = "tax_ids" in vals and line.order_id.locked
                if locked:
                    line.order_id.locked = False
                line.write(vals)
                if locked:
                    line.order_id.locked = True
