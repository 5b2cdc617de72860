from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .reason_text import FLOW_REASONS, _lt, reasons_line
from .retention import KEEP_DAYS

KEEP_DAYS["price_change"] = 730
FLOW_REASONS.update(
    {
        "first_price": _lt("First price by the rules."),
        "cost_moved": _lt("Cost %(old)s → %(new)s."),
        "rule_moved": _lt("The rules, fees or taxes changed."),
        "floor": _lt("Raised to the lowest price of %(limit)s that leaves the margin."),
        "map": _lt("Raised to the minimum advertised price of %(limit)s."),
        "ceiling": _lt("Kept at the highest price of %(limit)s."),
        "retail": _lt("Kept at the suggested retail price of %(limit)s."),
        "limits_cross": _lt("The lowest price allowed, %(low)s, is above the highest, %(high)s: a person decides."),
        "change_limit": _lt("A change of %(percent)s %% within a day, asked about above %(limit)s %%."),
        "fees_too_high": _lt("Margin and selling fees together leave nothing for the goods: lower the margin."),
        "own_price": _lt("The pricelist has a price of your own for it, which is never touched."),
        "price_pinned": _lt("The price is frozen."),
        "no_price_rule": _lt("No price rule fits."),
        "price_left": _lt("A rule leaves the price alone."),
        "no_cost": _lt("No source can deliver it to the main destination."),
    }
)


class DropshipPriceChange(models.Model):
    """A price that changed, or wants to: what it was, what it is, what it costs, and why."""

    _name = "dropship.price.change"
    _description = "Price Change"
    _order = "id desc"
    _check_company_auto = True

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    product_tmpl_id = fields.Many2one(related="product_id.product_tmpl_id", string="Product Template")
    channel_id = fields.Many2one("dropship.sales.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    rule_id = fields.Many2one("dropship.pricing.rule", ondelete="set null", index="btree_not_null")
    state = fields.Selection(
        [("waiting", "Waiting"), ("applied", "Applied"), ("refused", "Refused"), ("dropped", "No Longer Needed")],
        required=True,
        index=True,
        readonly=True,
    )
    old_price = fields.Monetary(help="0: there was none by the rules.")
    new_price = fields.Monetary()
    old_entered = fields.Float(digits=(16, 6), help="As it stood in the pricelist.")
    entered_price = fields.Float(digits=(16, 6), help="As it is written into the pricelist.")
    old_cost = fields.Monetary(currency_field="company_currency_id")
    new_cost = fields.Monetary(string="Cost", currency_field="company_currency_id", help="Landed at the destination.")
    change_percent = fields.Float(string="Change (%)", aggregator="avg")
    margin_percent = fields.Float(string="Margin (%)", aggregator="avg", help="Of the net price, after selling fees.")
    reasons = fields.Json(help="[[code, figures], …]")
    reason = fields.Char(compute="_compute_reason")
    offer_id = fields.Many2one("dropship.offer", string="Source", ondelete="set null", index="btree_not_null")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)

    _waits_once = models.UniqueIndex(
        "(product_id, channel_id) WHERE state = 'waiting'", "A change of this price waits already."
    )
    _history_idx = models.Index("(channel_id, product_id, id)")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for change in self:
            change.reason = reasons_line(self.env, change.reasons or [])

    @api.depends("product_id", "channel_id")
    def _compute_display_name(self):
        for change in self:
            change.display_name = f"{change.product_id.display_name} – {change.channel_id.name}"

    def action_accept(self):
        """Take the new prices."""
        self._check_waiting()
        self._accept()

    def action_refuse(self):
        """Keep the old prices; the same proposal does not come again while it stays the same."""
        self._check_waiting()
        self._decide("refused")

    def action_freeze(self):
        """Keep these prices, whatever costs do, until somebody lets them go."""
        self.check_access("write")
        self.env["dropship.price.pin"]._pin([(change.product_id, change.channel_id) for change in self])
        self.filtered(lambda change: change.state == "waiting")._decide("refused")

    def _check_waiting(self):
        self.check_access("write")
        done = self.filtered(lambda change: change.state != "waiting")
        if done:
            raise UserError(
                self.env._(
                    "The price of %s was decided already. Reload the list and choose among those that wait.",
                    done[0].product_id.display_name,
                )
            )

    def _accept(self):
        # Buyers decide about prices; the pricelist itself belongs to the sales manager.
        prices_sudo = self.env["dropship.pricing"].sudo()
        for channel, changes in self.grouped("channel_id").items():
            prices_sudo._write_items(
                channel,
                [(row.product_id.id, row.entered_price, row.rule_id.id or None, row.new_cost) for row in changes],
            )
        self._decide("applied")

    def _decide(self, state):
        self.sudo().write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})


class DropshipPricePin(models.Model):
    """A price nobody changes by himself for a while."""

    _name = "dropship.price.pin"
    _description = "Frozen Price"
    _order = "channel_id, product_id"
    _check_company_auto = True

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    channel_id = fields.Many2one(
        "dropship.sales.channel", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, required=True, index=True
    )
    until = fields.Date(help="The last day. Empty: until somebody deletes this.")
    note = fields.Char()

    _once = models.Constraint(
        "UNIQUE (product_id, channel_id)", "This price is frozen already. Change the date instead."
    )

    @api.depends("channel_id")
    def _compute_company_id(self):
        for pin in self:
            pin.company_id = pin.channel_id._dropship_company() if pin.channel_id else self.env.company

    @api.model
    def _pin(self, pairs):
        known = {(pin.product_id.id, pin.channel_id.id) for pin in self.search(
            [("product_id", "in", [product.id for product, _channel in pairs])]
        )}  # fmt: skip
        wanted = {(product.id, channel.id) for product, channel in pairs} - known
        return self.create([{"product_id": product, "channel_id": channel} for product, channel in sorted(wanted)])

    def unlink(self):
        products = self.product_id.ids
        result = super().unlink()
        self.env["dropship.supply"].sudo()._moved(products)
        return result


class ProductPricelistItem(models.Model):
    """Which prices are ours. One of the merchant's own wins, whichever was entered first."""

    _inherit = "product.pricelist.item"

    dropship_ours = fields.Boolean(
        string="By Price Rules", default=False, copy=False, readonly=True, groups="base.group_user"
    )
    dropship_rule_id = fields.Many2one(
        "dropship.pricing.rule",
        string="Price Rule",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="dropship_flow.group_dropship_user",
    )
    dropship_cost = fields.Float(
        string="Cost Then", copy=False, readonly=True, groups="dropship_flow.group_dropship_user"
    )

    _dropship_item_uniq = models.UniqueIndex(
        "(pricelist_id, product_id) WHERE dropship_ours", "The prices of this list were made twice at the same time."
    )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._dropship_own_changed()
        return items

    def write(self, vals):
        """Override: a price that a person writes is the person's from then on."""
        if {"fixed_price", "compute_price", "pricelist_id", "product_id", "applied_on"} & vals.keys():
            self.sudo().filtered("dropship_ours").write({"dropship_ours": False, "dropship_rule_id": False})
        result = super().write(vals)
        self._dropship_own_changed()
        return result

    def unlink(self):
        templates = self._dropship_priced_templates()
        result = super().unlink()
        self.env["dropship.supply"].sudo()._moved(templates.product_variant_ids.ids)
        return result

    def _dropship_priced_templates(self):
        """Products of these items in pricelists our rules write into."""
        rules_sudo = self.env["dropship.sales.channel"].sudo()
        lists = rules_sudo.search([("pricelist_id", "in", self.pricelist_id.ids)]).pricelist_id
        items = self.filtered(lambda item: item.pricelist_id in lists)
        return items.product_tmpl_id | items.product_id.product_tmpl_id

    def _dropship_own_changed(self):
        templates = self._dropship_priced_templates()
        if templates:
            self.env["dropship.supply"].sudo()._moved(templates.product_variant_ids.ids)


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        """Override: of two prices of a variant from the same quantity on, the merchant's own comes before ours."""
        rules = super()._get_applicable_rules(products, date, **kwargs)
        # Whose price it is decides for every customer, who may not read it.
        ours = set(rules.sudo().filtered("dropship_ours").ids)
        if not ours:
            return rules
        variants = rules.filtered(lambda rule: rule.applied_on == "0_product_variant")
        return variants.sorted(lambda rule: (-rule.min_quantity, rule.id in ours)) + (rules - variants)


class DropshipRetention(models.Model):
    _inherit = "dropship.retention"

    @api.model
    def _kept(self):
        return [*super()._kept(), ("price_change", self.env._("History of prices"))]

    @api.model
    def _purge_price_change(self, company, before, limit):
        domain = Domain("company_id", "=", company.id) & Domain("state", "!=", "waiting")
        return self._delete("dropship.price.change", domain & Domain("create_date", "<", before), limit)
