from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipFirstCompany(models.TransientModel):
    _name = "dropship.first.company"
    _description = "First Hour: Company and Orders"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    name = fields.Char(
        compute="_compute_company", store=True, readonly=False, precompute=True, required=True
    )
    country_id = fields.Many2one(
        "res.country", compute="_compute_company", store=True, readonly=False, precompute=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_company",
        store=True,
        readonly=False,
        precompute=True,
        context={"active_test": False},
        help="In which prices, costs and profits are counted. It cannot change once something is booked.",
    )
    order_source = fields.Selection(
        [("web", "Our web shop"), ("file", "Order files of marketplaces"), ("both", "Both")],
        string="Orders Come From",
        default="web",
        required=True,
    )

    @api.depends("company_id")
    def _compute_company(self):
        for wizard in self:
            wizard.name = wizard.company_id.name
            wizard.country_id = wizard.company_id.country_id
            wizard.currency_id = wizard.company_id.currency_id

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.country_id.currency_id and self.country_id != self.company_id.country_id:
            self.currency_id = self.country_id.currency_id

    def action_apply(self):
        self.ensure_one()
        if not self.country_id or not self.currency_id:
            raise UserError(self.env._("Choose the country and the currency of the company."))
        company = self.company_id
        vals = {
            name: value
            for name, value in (("name", self.name), ("country_id", self.country_id), ("currency_id", self.currency_id))
            if company[name] != value
        }
        if not self.currency_id.active:
            self.currency_id.active = True
        if vals:
            company.write({name: getattr(value, "id", value) for name, value in vals.items()})
        self._make_channels()
        return {"type": "ir.actions.act_window_close"}

    def _make_channels(self):
        """The sales channels the answer stands for; those that are there already stay as they are."""
        channels = self.env["dropship.sales.channel"].search([("company_id", "in", [self.company_id.id, False])])
        if self.order_source in ("web", "both") and not channels.website_id:
            website = self.env["website"].search([("company_id", "=", self.company_id.id)], limit=1)
            if not website:
                website = website.create({"name": self.name, "company_id": self.company_id.id})
            vals = {"name": self.env._("Web shop"), "company_id": self.company_id.id, "website_id": website.id}
            channels.create(vals)
        if self.order_source in ("file", "both") and not channels.filtered(lambda channel: not channel.website_id):
            channels.create({"name": self.env._("Marketplace files"), "company_id": self.company_id.id, "sequence": 20})


class DropshipFirstSender(models.TransientModel):
    _name = "dropship.first.sender"
    _description = "First Hour: Sender on Labels"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    name = fields.Char(
        string="Sender", compute="_compute_sender", store=True, readonly=False, precompute=True, required=True
    )
    phone = fields.Char(compute="_compute_sender", store=True, readonly=False, precompute=True)
    address = fields.Text(compute="_compute_sender", store=True, readonly=False, precompute=True)

    @api.depends("company_id")
    def _compute_sender(self):
        for wizard in self:
            company = wizard.company_id
            partner = company.partner_id
            wizard.name = company.dropship_sender_name or company.name
            wizard.phone = company.dropship_sender_phone or company.phone
            lines = [partner.street, " ".join(filter(None, (partner.zip, partner.city))), partner.country_id.name]
            wizard.address = company.dropship_sender_address or "\n".join(filter(None, lines))

    def action_apply(self):
        self.ensure_one()
        self.company_id.write(
            {
                "dropship_sender_name": self.name.strip(),
                "dropship_sender_phone": (self.phone or "").strip(),
                "dropship_sender_address": (self.address or "").strip(),
            }
        )
        return {"type": "ir.actions.act_window_close"}


class DropshipFirstLanguages(models.TransientModel):
    _name = "dropship.first.languages"
    _description = "First Hour: Languages"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    lang_ids = fields.Many2many(
        "res.lang",
        string="Languages",
        context={"active_test": False},
        default=lambda self: self._default_langs(),
        help="Active languages stay active.",
    )
    on_website = fields.Boolean(string="In the Web Shop Too", default=True)

    @api.model
    def _default_langs(self):
        languages = self.env["res.lang"].with_context(active_test=False)
        return languages.search([("code", "in", ("zh_CN", "en_US")), ("active", "=", False)])

    def action_apply(self):
        """Core installs the languages; the web shop offers them."""
        self.ensure_one()
        new = self.lang_ids.with_context(active_test=False).filtered(lambda lang: not lang.active)
        if new:
            self.env["base.language.install"].create({"lang_ids": [(6, 0, new.ids)], "overwrite": False}).lang_install()
        if self.on_website and self.lang_ids:
            websites = self.env["website"].search([("company_id", "=", self.company_id.id)])
            websites.write({"language_ids": [(4, lang.id) for lang in self.lang_ids]})
        if new:
            return {"type": "ir.actions.client", "tag": "reload_context"}
        return {"type": "ir.actions.act_window_close"}
