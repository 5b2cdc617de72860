from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..holding import Rule, Signal
from ..holding.words import split_words

KINDS = [
    ("unpaid", "Unpaid"),
    ("address", "Address incomplete"),
    ("duplicate", "Ordered twice"),
    ("value", "High value"),
    ("destination", "Destination"),
    ("first_order", "First order"),
    ("words", "Marked words"),
    ("lines", "Several lines"),
    ("message", "Message unread"),
    ("staff", "Staff flag"),
    ("risk", "Risk"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_hold_mode = fields.Selection(
        [("all", "All rules"), ("first", "First match")],
        string="Hold Rules",
        default="all",
        required=True,
        groups="base.group_user",
        help="All rules: an order waits for every reason that is found. First match: the first rule that fits decides "
        "alone, also when it lets go.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_hold_mode = fields.Selection(related="company_id.dropship_hold_mode", readonly=False, required=True)


class DropshipHoldRule(models.Model):
    """Which orders wait before money is spent. An empty condition matches anything."""

    _name = "dropship.hold.rule"
    _description = "Hold Rule"
    _inherit = ["dropship.money.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")
    kind = fields.Selection(KINDS, required=True, default="value")
    verdict = fields.Selection(
        [("hold", "Hold"), ("warn", "Only note it"), ("pass", "Let go")],
        default="hold",
        required=True,
        help="Let go: later rules of this kind are not asked any more.",
    )

    # Which orders
    origin = fields.Selection(
        [("any", "Any order"), ("web", "Web shop and interfaces"), ("staff", "Entered by staff")],
        string="Orders",
        default="any",
        required=True,
        help="A quotation a colleague entered and confirmed has been looked at already.",
    )
    channel_ids = fields.Many2many(
        "dropship.sales.channel", "dropship_hold_rule_channel_rel", string="Sales Channels", check_company=True
    )
    country_ids = fields.Many2many("res.country", "dropship_hold_rule_country_rel", string="Destinations")
    state_ids = fields.Many2many("res.country.state", "dropship_hold_rule_state_rel", string="States")
    zip_prefixes = fields.Char(string="Postal Codes", help="Beginnings of postal codes, separated by commas.")
    partner_tag_ids = fields.Many2many("res.partner.category", "dropship_hold_rule_tag_rel", string="Customer Tags")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    min_value = fields.Monetary(string="Order Value From")
    max_value = fields.Monetary(string="Order Value Up To", help="0: no limit.")

    # What is asked
    amount = fields.Monetary(string="Above", help="Orders worth more wait.")
    hours = fields.Float(string="Within (hours)", default=24.0)
    count = fields.Integer(string="From Lines", default=2)
    points = fields.Integer(string="From Points", default=50)
    words = fields.Text(
        string="Marked Words",
        help="One a line, or separated by commas. Searched in the buyer's message and in notes.",
    )
    paid_percent = fields.Float(string="Paid Before (%)", default=100.0, help="Share that has to be paid.")
    accept_authorised = fields.Boolean(string="Authorised Is Enough", default=True)
    accept_cash_on_delivery = fields.Boolean(string="Cash on Delivery Is Enough", default=True)
    accept_trusted = fields.Boolean(string="Trust Good Debtors", default=True)
    accept_credit = fields.Boolean(
        string="Accept Payment Terms", default=True, help="Terms that let the customer pay after the order."
    )
    without_attempt = fields.Boolean(
        string="Also When Nobody Tried to Pay",
        help="An order without any payment was confirmed by a colleague, who had a reason to.",
    )
    need_phone = fields.Boolean(
        string="Phone Needed Everywhere", help="Otherwise only where carriers call before they deliver."
    )
    same_phone = fields.Boolean(default=True)
    same_address = fields.Boolean(default=True)
    signal_ids = fields.Many2many(
        "dropship.risk.signal",
        "dropship_hold_rule_signal_rel",
        string="Signs",
        check_company=True,
        help="Empty: all active signs of risk.",
    )

    _figures_positive = models.Constraint(
        "CHECK (LEAST(min_value, max_value, amount, hours, count, points, paid_percent) >= 0 AND paid_percent <= 100)",
        "Amounts, hours and counts cannot be negative, and nobody pays more than 100 % before.",
    )
    _value_range = models.Constraint(
        "CHECK (COALESCE(max_value, 0) = 0 OR max_value >= COALESCE(min_value, 0))",
        "The order value's upper limit is below the lower one.",
    )

    @api.constrains("kind", "country_ids", "state_ids", "zip_prefixes", "words", "same_phone", "same_address")
    def _check_asks_something(self):
        """A rule that would hold every order, or none, is a slip of the hand."""
        for rule in self:
            if rule.kind == "destination" and not (rule.country_ids or rule.state_ids or rule._zips()):
                raise ValidationError(self.env._('Rule "%s": choose destinations, states or postal codes.', rule.name))
            if rule.kind == "words" and not split_words(rule.words):
                raise ValidationError(self.env._('Rule "%s": enter the marked words.', rule.name))
            if rule.kind == "duplicate" and not (rule.same_phone or rule.same_address):
                raise ValidationError(self.env._('Rule "%s": choose same phone, same address or both.', rule.name))

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._changed()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._changed()
        return result

    def unlink(self):
        self._changed()
        return super().unlink()

    def _changed(self):
        """Orders that wait are looked at again in the background."""
        self.env.registry.clear_cache()
        self.env["dropship.hold"].sudo()._check_all_soon()  # whoever may change rules changes what waits

    def _zips(self):
        prefixes = (self.zip_prefixes or "").replace("，", ",").split(",")
        return tuple(filter(None, ("".join(prefix.split()).upper() for prefix in prefixes)))

    @api.model
    def _rules_for(self, company):
        """The active rules of a company in their sequence, amounts in its currency.

        :return: [holding.Rule]
        """
        return self.sudo()._company_rules(company.id, fields.Date.today())

    @api.model
    @ormcache("company_id", "today")
    def _company_rules(self, company_id, today):
        company = self.env["res.company"].browse(company_id)
        self = self.with_context(active_test=True)
        rules = self.search_fetch([("company_id", "in", (False, company_id))], order="sequence, id")
        signals = self.env["dropship.risk.signal"].search([("company_id", "in", (False, company_id))])
        return [rule._as_rule(company, today, signals) for rule in rules]

    def _as_rule(self, company, today, all_signals):
        def money(record, amount):
            return record.currency_id._convert(amount, company.currency_id, company, today) if amount else 0.0

        signals = self.signal_ids.filtered("active") if self.signal_ids else all_signals
        return Rule(
            kind=self.kind,
            id=self.id,
            verdict=self.verdict,
            company=self.company_id.id or None,
            origin=self.origin,
            channels=frozenset(self.channel_ids.ids),
            countries=frozenset(self.country_ids.ids),
            states=frozenset(self.state_ids.ids),
            zips=self._zips(),
            tags=frozenset(self.partner_tag_ids.ids),
            min_value=money(self, self.min_value),
            max_value=money(self, self.max_value),
            amount=money(self, self.amount),
            hours=self.hours,
            count=self.points if self.kind == "risk" else self.count,
            words=split_words(self.words),
            percent=self.paid_percent,
            accept_authorised=self.accept_authorised,
            accept_cash_on_delivery=self.accept_cash_on_delivery,
            accept_trusted=self.accept_trusted,
            accept_credit=self.accept_credit,
            without_attempt=self.without_attempt,
            need_phone=self.need_phone,
            same_phone=self.same_phone,
            same_address=self.same_address,
            signals=tuple(
                Signal(row.id, row.code, row.points, money(row, row.amount), row.count, row.hours) for row in signals
            )
            if self.kind == "risk"
            else (),
        )
