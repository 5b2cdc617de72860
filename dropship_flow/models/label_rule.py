from odoo import api, fields, models

from ..papers import is_masked

LABEL_MAKERS = [
    ("supplier", "The supplier makes it"),
    ("us", "We provide it"),
    ("platform", "The platform provides it"),
]


class DropshipLabelRule(models.Model):
    """Who makes the shipping label of a parcel. The first rule that fits decides; without one the supplier does."""

    _name = "dropship.label.rule"
    _description = "Who Makes the Shipping Label"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    channel_id = fields.Many2one(
        "dropship.sales.channel", check_company=True, ondelete="cascade", index="btree_not_null", help="Empty: any."
    )
    supplier_id = fields.Many2one(
        "dropship.supplier", check_company=True, ondelete="cascade", index="btree_not_null", help="Empty: any."
    )
    maker = fields.Selection(LABEL_MAKERS, string="Label", required=True, default="supplier")
    masked = fields.Boolean(
        string="Recipient Is Hidden",
        help="The platform hides name and phone. Such parcels ship with its label only; without it nothing is sent.",
    )

    _hidden_needs_label = models.Constraint(
        "CHECK (NOT masked OR maker <> 'supplier')",
        "A supplier cannot make the label for a recipient nobody names. Say who provides it.",
    )

    @api.depends("channel_id", "supplier_id", "maker")
    def _compute_display_name(self):
        makers = dict(self._fields["maker"]._description_selection(self.env))
        for rule in self:
            parts = [rule.channel_id.name, rule.supplier_id.name, makers.get(rule.maker)]
            rule.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _rule_for(self, company, channel, supplier):
        """The rule for a parcel; empty when the supplier makes the label as usual."""
        rules = self.search([("company_id", "=", company.id)])
        return rules.filtered(
            lambda rule: (
                rule.channel_id in (self.channel_id, channel) and rule.supplier_id in (self.supplier_id, supplier)
            )
        )[:1]


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_label_maker = fields.Selection(
        LABEL_MAKERS, string="Shipping Label", compute="_compute_dropship_label_maker", groups="base.group_user"
    )
    dropship_masked = fields.Boolean(
        string="Hidden Recipient", compute="_compute_dropship_label_maker", groups="base.group_user"
    )

    @api.depends("dropship_sale_id", "dropship_warehouse_id", "dropship_allocation_ids.ship_to")
    def _compute_dropship_label_maker(self):
        for order in self:
            order.dropship_label_maker, order.dropship_masked = order._dropship_label_need()

    def _dropship_label_need(self):
        """(who makes the label, whether it ships by label only)."""
        self.ensure_one()
        order_sudo = self.sudo()
        sale_sudo, supplier_sudo = order_sudo.dropship_sale_id, order_sudo.dropship_warehouse_id.supplier_id
        if not sale_sudo or not supplier_sudo:
            return "supplier", False
        channel = self.env["dropship.sales.channel"]._channel_of(sale_sudo)[sale_sudo]
        rule_sudo = self.env["dropship.label.rule"].sudo()._rule_for(order_sudo.company_id, channel, supplier_sudo)
        hidden = rule_sudo.masked or is_masked(self._dropship_ship_to())
        maker = rule_sudo.maker or "supplier"
        return ("platform" if hidden and maker == "supplier" else maker), hidden

    def _dropship_labels(self):
        """The provided labels of a purchase: its own, and those of a sale that is one parcel altogether."""
        self.ensure_one()
        documents_sudo = self.env["dropship.supplier.document"].sudo()
        given = [("kind", "=", "label"), ("origin", "=", "us"), ("state", "!=", "rejected")]
        labels = documents_sudo.search([*given, ("purchase_id", "=", self.id)])
        sale_sudo = self.sudo().dropship_sale_id
        if sale_sudo and not labels:
            living = sale_sudo.dropship_purchase_ids.filtered(lambda order: order.state != "cancel")
            if living <= self:
                labels = documents_sudo.search([*given, ("purchase_id", "=", False), ("order_id", "=", sale_sudo.id)])
        return labels

    def _dropship_label_attachments(self):
        """The files of the labels, for a mail with the order. Sudo: the label is meant for the supplier."""
        return self._dropship_labels().attachment_id

    def _dropship_label_problems(self):
        """Why the purchase cannot go without a label: [[code, {figure: value}]]."""
        self.ensure_one()
        maker, hidden = self._dropship_label_need()
        if maker == "supplier" or self._dropship_labels():
            return []
        return [["label_masked" if hidden else "label_missing", {"purchase": self.name, "maker": maker}]]

    def action_dropship_add_label(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Label"),
            "res_model": "dropship.supplier.document",
            "view_mode": "form",
            "target": "new",
            "context": {"default_purchase_id": self.id, "default_kind": "label", "default_origin": "us"},
        }
