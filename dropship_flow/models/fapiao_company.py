from odoo import api, fields, models

USES = [("auto", "In China only"), ("on", "Always"), ("off", "Never")]
NEEDS = [
    ("never", "No: what is quoted is what it costs"),
    ("cost", "Yes, to book the cost"),
    ("deductible", "Yes, and the VAT of special invoices (专票) is deducted"),
]
OWING = [("none", "Is paid all the same"), ("warn", "Is paid, with a warning"), ("hold", "Waits for his money")]


class ResCompany(models.Model):
    """Which companies live with fapiao, and what they want of their suppliers."""

    _inherit = "res.company"

    dropship_fapiao_use = fields.Selection(
        USES, string="Fapiao (发票)", default="auto", required=True, groups="base.group_user"
    )
    dropship_fapiao_limit = fields.Monetary(
        string="At Most on One Fapiao",
        groups="base.group_user",
        help="Without tax, the limit the tax bureau gave the company. What is more goes on several. 0: no limit.",
    )
    dropship_fapiao_by_rate = fields.Boolean(string="One Fapiao for Each Tax Rate", groups="base.group_user")
    dropship_fapiao_need = fields.Selection(
        NEEDS,
        string="Needs Fapiao of Suppliers",
        groups="base.group_user",
        help="Empty: prices are taken as before, tax that is included is taken out.\n"
        "Otherwise a price without tax grows by the supplier's surcharge (税点) where an invoice is needed, and only "
        "VAT that is deducted is taken out.",
    )
    dropship_fapiao_owing = fields.Selection(
        OWING, string="A Supplier Who Owes a Fapiao", default="warn", required=True, groups="base.group_user"
    )
    dropship_fapiao_days = fields.Integer(
        string="Days to Hand in a Fapiao",
        default=30,
        groups="base.group_user",
        help="A bill counts as owed for so long after its date. 0: first the invoice, then the money (先票后款).",
    )

    _dropship_fapiao_limits = models.Constraint(
        "CHECK (dropship_fapiao_limit >= 0 AND dropship_fapiao_days >= 0)",
        "The limit of a fapiao and the days to hand one in cannot be negative.",
    )

    def _dropship_uses_fapiao(self):
        """Whether customers are asked for a fapiao and suppliers owe one. Note: `self.ensure_one()`."""
        self.ensure_one()
        company_sudo = self.sudo()  # a visitor of the shop asks as well
        return company_sudo.dropship_fapiao_use == "on" or (
            company_sudo.dropship_fapiao_use == "auto" and company_sudo.country_id.code == "CN"
        )

    def _dropship_needs_fapiao(self):
        """Whether suppliers owe invoices to this company."""
        self.ensure_one()
        return self.sudo().dropship_fapiao_need in ("cost", "deductible") and self._dropship_uses_fapiao()

    @api.model
    def _dropship_fapiao_companies(self):
        """Of the companies chosen, those that live with fapiao."""
        return self.env.companies.filtered(lambda company: company._dropship_uses_fapiao())


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_fapiao_use = fields.Selection(related="company_id.dropship_fapiao_use", readonly=False)
    dropship_fapiao_limit = fields.Monetary(
        related="company_id.dropship_fapiao_limit", readonly=False, currency_field="currency_id"
    )
    dropship_fapiao_by_rate = fields.Boolean(related="company_id.dropship_fapiao_by_rate", readonly=False)
    dropship_fapiao_need = fields.Selection(related="company_id.dropship_fapiao_need", readonly=False)
    dropship_fapiao_owing = fields.Selection(related="company_id.dropship_fapiao_owing", readonly=False)
    dropship_fapiao_days = fields.Integer(related="company_id.dropship_fapiao_days", readonly=False)
    dropship_fapiao_shown = fields.Boolean(compute="_compute_dropship_fapiao_shown")

    @api.depends("dropship_fapiao_use", "company_id.country_id")
    def _compute_dropship_fapiao_shown(self):
        for settings in self:
            home = settings.company_id.country_id.code == "CN"
            settings.dropship_fapiao_shown = settings.dropship_fapiao_use == "on" or (
                settings.dropship_fapiao_use == "auto" and home
            )
