from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules import module


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

    load_chart = fields.Boolean(
        string="Taxes and Accounts of the Country",
        default=True,
        help="Loads the country's own taxes and chart of accounts instead of the general ones. Takes a minute.",
    )
    chart = fields.Char(compute="_compute_chart")
    can_load_chart = fields.Boolean(compute="_compute_chart")

    @api.depends("company_id")
    def _compute_company(self):
        for wizard in self:
            wizard.name = wizard.company_id.name
            wizard.country_id = wizard.company_id.country_id
            wizard.currency_id = wizard.company_id.currency_id

    @api.depends("country_id", "company_id")
    def _compute_chart(self):
        """The accounting of the chosen country, while only the general one is there and nothing is booked."""
        charts = self.env["account.chart.template"]
        for wizard in self:
            company = wizard.company_id
            fresh = company.chart_template in (False, "generic_coa") and not company._existing_accounting()
            wizard.chart = wizard.country_id and charts._guess_chart_template(wizard.country_id)
            wizard.can_load_chart = bool(
                fresh and self.env.is_system() and company.chart_template and wizard.chart not in (False, "generic_coa")
            )

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
        old_currency, currency, loads = company.currency_id, self.currency_id, self.load_chart and self.can_load_chart
        if vals:
            company.write({name: getattr(value, "id", value) for name, value in vals.items()})
        if "country_id" in vals and not company._existing_accounting():
            company.account_fiscal_country_id = self.country_id
        if currency != old_currency:
            self._follow_currency(old_currency)
        self._make_channels()
        if loads:
            # May install the country's accounting: nothing of ours comes after it but the currency a person chose.
            self.env["account.chart.template"].try_loading(self.chart, company, install_demo=False)
            if company.currency_id != currency:
                company.currency_id = currency
            return {"type": "ir.actions.client", "tag": "reload"}
        return {"type": "ir.actions.act_window_close"}

    def _follow_currency(self, old):
        """Price lists without any price of their own say the company's prices: in its new currency from now on."""
        owners = [self.company_id.id]
        if self.env["res.company"].sudo().search_count([]) == 1:  # counted, never shown
            owners.append(False)
        pricelists = self.env["product.pricelist"].search([("company_id", "in", owners), ("currency_id", "=", old.id)])
        pricelists.filtered(lambda pricelist: not pricelist.item_ids).currency_id = self.currency_id

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
            vals = {"name": self.env._("Marketplace files"), "company_id": self.company_id.id, "sequence": 20}
            channels.create({**vals, "kind": "file"})


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
            self._make_known(new)
            self.env["base.language.install"].create({"lang_ids": [(6, 0, new.ids)], "overwrite": False}).lang_install()
        if self.on_website and self.lang_ids:
            websites = self.env["website"].search([("company_id", "=", self.company_id.id)])
            websites.write({"language_ids": [(4, lang.id) for lang in self.lang_ids]})
        if new:
            self.env.cr.postcommit.add(self._forget_languages)
            return {"type": "ir.actions.client", "tag": "reload_context"}
        return {"type": "ir.actions.act_window_close"}

    def _make_known(self, languages):
        """Activate languages before their words are loaded.

        Odoo remembers the active languages for all threads of a process. A page read by another one before this is
        committed would have it remember the old ones: no words were loaded, and the web shop could not show any page.
        """
        languages.active = True
        self.env.flush_all()
        if not module.current_test:
            self.env.cr.commit()  # pylint: disable=invalid-commit
        self._forget_languages()

    def _forget_languages(self):
        self.env.registry.clear_cache("stable", "default")
