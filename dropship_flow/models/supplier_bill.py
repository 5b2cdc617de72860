from odoo import api, fields, models

BILLS = ("in_invoice", "in_refund")


class AccountMove(models.Model):
    """Whose bill it is, and whether it is about what was dropshipped."""

    _inherit = "account.move"

    dropship_supplier_id = fields.Many2one(
        "dropship.supplier",
        compute="_compute_dropship_supplier_id",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    dropship_is_bill = fields.Boolean(
        string="For Dropshipped Goods",
        compute="_compute_dropship_is_bill",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="Whether the bill belongs on the supplier's statement. Other bills of the same supplier are listed apart.",
    )

    _dropship_bills = models.Index("(dropship_supplier_id, company_id, currency_id) WHERE dropship_is_bill IS TRUE")

    @api.depends("move_type", "commercial_partner_id", "company_id")
    def _compute_dropship_supplier_id(self):
        bills = self.filtered(lambda move: move.move_type in BILLS and move.commercial_partner_id)
        (self - bills).dropship_supplier_id = False
        # Whoever books a bill need not read suppliers' profiles.
        known_sudo = self.env["dropship.supplier"].sudo().with_context(active_test=False)
        found = known_sudo.search([("partner_id", "in", bills.commercial_partner_id.ids)]).grouped("partner_id")
        for bill in bills:
            mine = found.get(bill.commercial_partner_id, known_sudo.browse())
            own = mine.filtered(lambda supplier, bill=bill: supplier.company_id == bill.company_id)
            bill.dropship_supplier_id = own[:1] or mine.filtered(lambda supplier: not supplier.company_id)[:1]

    @api.depends("dropship_supplier_id", "invoice_line_ids.dropship_purchase_id", "invoice_line_ids.dropship_charge")
    def _compute_dropship_is_bill(self):
        for move in self:
            about = move.dropship_supplier_id and (
                move.invoice_line_ids.dropship_purchase_id or any(move.invoice_line_ids.mapped("dropship_charge"))
            )
            move.dropship_is_bill = bool(about)


class AccountMoveLine(models.Model):
    """Which purchase a line of a bill is about, and what it charges for besides goods."""

    _inherit = "account.move.line"

    dropship_purchase_id = fields.Many2one(
        "purchase.order",
        compute="_compute_dropship_purchase_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        copy=True,
        groups="base.group_user",
    )
    dropship_charge = fields.Selection(
        selection="_dropship_charges",
        string="Charge",
        copy=True,
        groups="base.group_user",
        help="What the line charges for besides goods. Empty: goods.",
    )

    @api.model
    def _dropship_charges(self):
        """What a supplier charges or owes besides goods. Each has its product `product_charge_<kind>`."""
        return [
            ("freight", self.env._("Freight")),
            ("fee", self.env._("Fee")),
            ("service", self.env._("Service fee")),
            ("allowance", self.env._("Allowance")),
            ("penalty", self.env._("Penalty")),
            ("claim", self.env._("Claim")),
            ("other", self.env._("Other charge")),
        ]

    @api.model
    def _dropship_charge_product(self, kind):
        return self.env.ref(f"dropship_flow.product_charge_{kind}").sudo()  # whoever books a bill sees its product

    @api.depends("purchase_line_id")
    def _compute_dropship_purchase_id(self):
        for line in self:
            bought_sudo = line.sudo().purchase_line_id.order_id  # an accountant need not read purchases
            if bought_sudo.dropship_warehouse_id:
                line.dropship_purchase_id = bought_sudo
            elif line.purchase_line_id or not line.dropship_purchase_id:
                line.dropship_purchase_id = False
