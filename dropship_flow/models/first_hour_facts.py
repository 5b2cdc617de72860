from odoo import api, fields, models
from odoo.fields import Domain

PRODUCTS_WANTED = 5


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    @api.model
    def _buyable_domain(self, company):
        """Offers with a product and a price, of suppliers the company buys from."""
        return [
            ("company_id", "in", [company.id, False]),
            ("product_id.active", "=", True),
            ("has_price", "=", True),
            ("supplier_id.active", "=", True),
            ("supplier_id.blocked", "=", False),
            ("supplier_id.state", "in", ("trial", "approved")),
        ]


class DropshipShippingRate(models.Model):
    _inherit = "dropship.shipping.rate"

    @api.model
    def _usable_domain(self, company):
        """Rates of suppliers the company buys from."""
        return [
            ("company_id", "in", [company.id, False]),
            ("supplier_id.active", "=", True),
            ("supplier_id.blocked", "=", False),
            ("supplier_id.state", "in", ("trial", "approved")),
        ]


class DropshipFirstHour(models.Model):
    """What each step still lacks, in one sentence; False when the company's records show that it is done."""

    _inherit = "dropship.first.hour"

    def _facts(self):
        """{step code: what is missing, or False}.

        Asked with all rights, as it tells only whether something is there. Note: `self.ensure_one()`.
        """
        self.ensure_one()
        panel_sudo = self.sudo().with_company(self.company_id).with_context(lang=self.env.lang)
        codes = self.step_ids.mapped("code")
        return {code: getattr(panel_sudo, f"_missing_{code}")() or False for code in codes}

    def _mine(self, model, *domain):
        """Records of the company, or of all companies."""
        found = Domain("company_id", "in", [self.company_id.id, False]) & Domain(list(domain))
        return self.env[model].search(found)

    def _sells_on_website(self):
        """Whether customers order in a web shop of ours, as far as the channels tell."""
        channels = self._mine("dropship.sales.channel")
        return not channels or bool(channels.website_id)

    def _missing_company(self):
        if not self.company_id.country_id:
            return self.env._("The company has no country.")
        if not self._mine("dropship.sales.channel"):
            return self.env._("Nobody said yet where orders come from.")
        return False

    def _missing_sender(self):
        channels = self._mine("dropship.sales.channel")
        if self.company_id.dropship_sender_name or (channels and all(channels.mapped("sender_name"))):
            return False
        return self.env._("Labels would say %s and no phone number.", self.company_id.name)

    def _missing_languages(self):
        languages = self.env["res.lang"].search([("active", "=", True)])
        if len(languages) > 1:
            return False
        return self.env._("Only %s is active.", languages.name)

    def _missing_supplier(self):
        suppliers = self._mine("dropship.supplier", ("state", "in", ("trial", "approved")), ("blocked", "=", False))
        if not suppliers:
            return self.env._("There is no supplier to buy from.")
        if not suppliers.warehouse_ids.filtered("country_id"):
            return self.env._("%s has no warehouse with a country.", suppliers[0].name)
        return False

    def _missing_price_list(self):
        if self.env["dropship.offer"].search_count(self._offers_domain(), limit=1):
            return False
        if self._mine("dropship.offer"):
            return self.env._("There are offers, but none is linked to a product and has a price.")
        return self.env._("No supplier offers anything yet.")

    def _offers_domain(self):
        return self.env["dropship.offer"]._buyable_domain(self.company_id)

    def _missing_freight(self):
        suppliers = self._mine("dropship.supplier", ("state", "in", ("trial", "approved")), ("blocked", "=", False))
        without = suppliers.filtered(lambda supplier: not supplier.rate_ids)
        if not suppliers:
            return self.env._("There is no supplier to ship.")
        if without:
            return self.env._("What does a parcel of %s cost?", ", ".join(without[:3].mapped("name")))
        return False

    def _missing_products(self):
        offers = self.env["dropship.offer"].search_fetch(self._offers_domain(), ["product_tmpl_id"], limit=500)
        templates = offers.product_tmpl_id
        wanted = min(PRODUCTS_WANTED, len(templates)) or PRODUCTS_WANTED
        ready = templates.filtered(lambda template: template.sale_ok and template.list_price > 0)
        if self._sells_on_website():
            ready = ready.filtered("is_published")
        if len(ready) >= wanted:
            return False
        return self.env._("%(ready)s of %(wanted)s products are for sale.", ready=len(ready), wanted=wanted)

    def _carriers(self):
        return self._mine("delivery.carrier").filtered("is_published")

    def _missing_charges(self):
        if not self._sells_on_website():
            return False
        # The method core brings along is free and goes everywhere: nobody decided that.
        default = self.env.ref("delivery.free_delivery_carrier", raise_if_not_found=False)
        decided = self._carriers().filtered(
            lambda carrier: carrier != default or carrier.fixed_price or carrier.delivery_type != "fixed"
        )
        if decided:
            return False
        return self.env._("Shipping is free for everybody, everywhere.")

    def _missing_payment(self):
        if not self._sells_on_website():
            return False
        providers = self.env["payment.provider"].search(
            [("company_id", "=", self.company_id.id), ("state", "!=", "disabled"), ("is_published", "=", True)]
        )
        on_delivery = providers.filtered(lambda provider: provider.custom_mode == "cash_on_delivery")
        if providers - on_delivery:
            return False
        if on_delivery and any(self._carriers().mapped("allow_cash_on_delivery")):
            return False
        return self.env._("Customers cannot pay yet.")

    def _missing_test_order(self):
        bought = self.env["dropship.allocation"].search_count(
            [("company_id", "=", self.company_id.id), ("purchase_id", "!=", False)], limit=1
        )
        if bought or self.test_bought_on:
            return False
        return self.env._("No sale has bought itself yet.")

    def _shipped_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("picking_type_id.code", "=", "dropship"),
            ("state", "=", "done"),
            ("carrier_tracking_ref", "!=", False),
        ]

    def _missing_phone(self):
        if self.test_shipped_on or self.env["stock.picking"].search_count(self._shipped_domain(), limit=1):
            return False
        return self.env._("No supplier has entered a tracking number yet.")

    def _go_live_policy(self):
        """The first policy that counts for any order of the company."""
        conditions = ("channel_ids", "country_ids", "country_group_ids", "partner_tag_ids", "categ_ids")
        policies = self._mine("dropship.routing.policy").filtered(
            lambda policy: not any(policy[name] for name in (*conditions, "min_value", "max_value"))
        )
        return policies[:1]

    def _missing_go_live(self):
        policy = self._go_live_policy()
        if policy.automation == "buy":
            return False
        return self.env._("Every order waits for your click before it is bought.")

    def _remember_test(self, bought, shipped):
        """Keep the days of a test order that is about to leave without a trace."""
        today = fields.Date.context_today(self)
        if bought and not self.test_bought_on:
            self.sudo().test_bought_on = today  # follows from the removal, whoever may press that button
        if shipped and not self.test_shipped_on:
            self.sudo().test_shipped_on = today
