from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DropshipFirstCharges(models.TransientModel):
    """One way to ship and what customers pay for it, beside where the suppliers' freight tables reach."""

    _name = "dropship.first.charges"
    _description = "First Hour: Shipping Charges"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(default=lambda self: self.env._("Delivery"), required=True)
    price = fields.Monetary(default=5.0, help="0: free for the customer.")
    free_over = fields.Boolean(string="Free Above")
    free_amount = fields.Monetary(string="Order Value")
    country_ids = fields.Many2many(
        "res.country", string="Delivered To", compute="_compute_country_ids", store=True, readonly=False
    )
    reach = fields.Text(compute="_compute_reach")
    problem = fields.Text(compute="_compute_reach")
    cash_on_delivery = fields.Boolean(string="Cash on Delivery Possible")

    def _served(self):
        """(countries the freight tables name, whether one of them goes anywhere)."""
        rates = self.env["dropship.shipping.rate"]
        rates = rates.search(rates._usable_domain(self.company_id))
        anywhere = any(not rate.country_ids and not rate.country_group_ids for rate in rates)
        return rates.country_ids | rates.country_group_ids.country_ids, anywhere

    @api.depends("company_id")
    def _compute_country_ids(self):
        for wizard in self:
            wizard.country_ids = wizard._served()[0]

    @api.depends("company_id", "country_ids")
    def _compute_reach(self):
        for wizard in self:
            served, anywhere = wizard._served()
            beyond = self.env["res.country"] if anywhere else wizard.country_ids - served
            names = ", ".join(served[:8].mapped("name")) + (" …" if len(served) > 8 else "")
            if anywhere:
                wizard.reach = self.env._("Your freight tables reach every country.")
            elif served:
                wizard.reach = self.env._("Your freight tables reach: %s.", names)
            else:
                wizard.reach = self.env._("There is no freight table yet.")
            wizard.problem = False
            if beyond:
                wizard.problem = self.env._(
                    "No supplier delivers to %s: such orders would wait for a person.", ", ".join(beyond.mapped("name"))
                )

    def action_apply(self):
        """A method with a flat price, however many parcels; the free one core brings along is taken from the shop."""
        self.ensure_one()
        if self.price < 0 or self.free_amount < 0:
            raise UserError(self.env._("Charges cannot be negative."))
        if not self.name.strip():
            raise UserError(self.env._("Say what customers read, for instance: Delivery."))
        product = self.env["product.product"].create(
            {
                "name": self.name,
                "type": "service",
                "sale_ok": False,
                "purchase_ok": False,
                "list_price": self.price,
                "company_id": self.company_id.id,
                "categ_id": self.env.ref("delivery.product_category_deliveries").id,
                "invoice_policy": "order",
            }
        )
        self.env["delivery.carrier"].create(
            {
                "name": self.name,
                "delivery_type": "dropship",
                "product_id": product.id,
                "dropship_charge": "flat",
                "dropship_flat": self.price,
                "free_over": self.free_over,
                "amount": self.free_amount,
                "country_ids": [Command.set(self.country_ids.ids)],
                "allow_cash_on_delivery": self.cash_on_delivery,
                "is_published": True,
            }
        )
        self._hide_core_default()
        return {"type": "ir.actions.act_window_close"}

    def _hide_core_default(self):
        """Beside a charge nobody would choose it. It belongs to all companies: with several, each decides."""
        default = self.env.ref("delivery.free_delivery_carrier", raise_if_not_found=False)
        alone = self.env["res.company"].sudo().search_count([]) == 1  # counted, never shown
        if default and default.is_published and not default.fixed_price and (default.company_id or alone):
            default.is_published = False

    def action_more(self):
        """The list of methods, for zones, weights and carriers."""
        return self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_delivery_methods")


class DropshipFirstPayment(models.TransientModel):
    _name = "dropship.first.payment"
    _description = "First Hour: Payment"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    transfer = fields.Boolean(string="Bank Transfer", default=True)
    instructions = fields.Char(
        string="Account to Pay To", help="Shown to the customer after the order, with the number to write on it."
    )
    cash_on_delivery = fields.Boolean(
        help="Paid to the carrier at the door. Offered with delivery methods that allow it.",
    )

    def action_apply(self):
        self.ensure_one()
        if not (self.transfer or self.cash_on_delivery):
            raise UserError(self.env._("Tick one, or open the list of providers."))
        if self.transfer:
            if not (self.instructions or "").strip():
                raise UserError(self.env._("Where shall customers transfer to? Enter the account."))
            provider = self._provider("wire_transfer", "payment.payment_provider_transfer")
            provider.pending_msg = self.instructions
        if self.cash_on_delivery:
            self._provider("cash_on_delivery", "delivery.payment_provider_cod")
            carriers = self.env["delivery.carrier"].search([("company_id", "in", [self.company_id.id, False])])
            published = carriers.filtered("is_published")
            if not any(published.mapped("allow_cash_on_delivery")):
                published[:1].allow_cash_on_delivery = True
        return {"type": "ir.actions.act_window_close"}

    def _provider(self, mode, xmlid):
        """The company's provider of a kind, switched on; another company's serves as the pattern."""
        provider = self.env["payment.provider"].search(
            [("company_id", "=", self.company_id.id), ("custom_mode", "=", mode)], limit=1
        )
        if not provider:
            pattern = self.env.ref(xmlid, raise_if_not_found=False)
            if not pattern:
                raise UserError(self.env._("This way to pay is not installed. Open the list of providers."))
            provider = pattern.copy({"company_id": self.company_id.id, "name": pattern.name})
        provider.write({"state": "enabled", "is_published": True})
        return provider

    def action_providers(self):
        """Core's list of providers."""
        return self.env["ir.actions.act_window"]._for_xml_id("payment.action_payment_provider")


class DropshipFirstGoLive(models.TransientModel):
    """How far the suite may go alone, in one sentence with two numbers."""

    _name = "dropship.first.go.live"
    _description = "First Hour: Go Live"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    limit = fields.Monetary(string="Buy Alone Up To", default=200.0, help="Cost of an order. 0: no limit.")
    margin = fields.Float(string="And Above a Margin Of (%)", default=15.0, help="0: no limit.")
    delay = fields.Integer(
        string="Send After (minutes)", default=10, help="Time for second thoughts before suppliers are told."
    )
    test_count = fields.Integer(compute="_compute_test_count")

    @api.depends("company_id")
    def _compute_test_count(self):
        for wizard in self:
            wizard.test_count = self.env["sale.order"].search_count(
                [("company_id", "=", wizard.company_id.id), ("dropship_is_test", "=", True)]
            )

    def action_apply(self):
        """Change the policy that counts for any order of the company, or put one in front of the shared one."""
        self.ensure_one()
        if self.limit < 0 or not 0 <= self.margin < 100 or self.delay < 0:
            raise UserError(self.env._("Limits and minutes are not negative, and a margin is below 100 %."))
        vals = {
            "automation": "buy",
            "auto_limit": self.limit,
            "auto_margin_percent": self.margin,
            "send_delay": self.delay,
        }
        policy = self.env["dropship.first.hour"]._of(self.company_id)._go_live_policy()
        if policy.company_id:
            policy.write(vals)
        else:
            policies = self.env["dropship.routing.policy"]
            sequence = policy.sequence - 1 if policy else 10
            policies.create(
                {"name": self.env._("Go live"), "company_id": self.company_id.id, "sequence": sequence, **vals}
            )
        return {"type": "ir.actions.act_window_close"}
