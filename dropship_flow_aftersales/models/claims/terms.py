"""What a supplier or carrier pays for which loss: the rows behind `claiming.Terms`."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal, trimmed
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...claiming import Penalty, Rule, Terms, Window
from .words import BASES, ENGINE_KIND, EVIDENCE, PAYS, SILENCE

PARTIES = [("supplier", "Supplier"), ("carrier", "Carrier"), ("customs", "Customs broker"), ("customer", "Customer")]
EXTRAS = ("replacement", "freight_out", "freight_back", "duties", "labour")
HORIZON = timedelta(days=400)


class DropshipClaimKind(models.Model):
    """A kind of loss or offence rules of terms name. The codes are those of `dropship.claim.kind`."""

    _name = "dropship.claim.kind"
    _description = "Kind of Loss"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    offence = fields.Boolean(readonly=True, help="A breach of what was agreed, whatever it cost.")

    _code_once = models.UniqueIndex("(code)", "This kind exists already.")


class DropshipClaimEvidenceMixin(models.AbstractModel):
    """What has to be shown."""

    _name = "dropship.claim.evidence.mixin"
    _description = "Evidence Asked For"

    need_photo = fields.Boolean(string="Photo")
    need_video = fields.Boolean(string="Video")
    need_label = fields.Boolean(string="Photo of the Label")
    need_tracking = fields.Boolean(string="Tracking History")
    need_messages = fields.Boolean(string="Messages With the Customer")

    def _needed_evidence(self):
        """Codes of evidence. Note: `self.ensure_one()`."""
        self.ensure_one()
        return frozenset(code for code in EVIDENCE if self[f"need_{code}"])


class DropshipClaimTerms(models.Model):
    """Terms for claims: of one supplier or carrier, or, where both are empty, of all of a kind.

    The most particular row counts: of the supplier or carrier before the general one, of the company before a shared
    one.
    """

    _name = "dropship.claim.terms"
    _description = "Claim Terms"
    _inherit = ["dropship.claim.evidence.mixin"]
    _order = "party, sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    party = fields.Selection(PARTIES, string="Against", required=True, default="supplier")
    supplier_id = fields.Many2one(
        "dropship.supplier", ondelete="cascade", index="btree_not_null", check_company=True, help="Empty: any."
    )
    carrier_code = fields.Char(help="As on parcels, such as dhl or sf. Empty: any.")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="Empty: all companies.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of limits and penalties.",
    )
    window_base = fields.Selection(BASES, string="Claimed Within, From", required=True, default="delivered")
    window_days = fields.Integer(string="Days to Claim", help="0 with 0 months: without end.")
    window_months = fields.Integer(string="Months to Claim")
    window_workday = fields.Boolean(string="Ends on a Working Day")
    excluded = fields.Char(
        string="Excluded From Payment",
        help="Product tags and kinds of loss, separated by commas. fragile+damaged: both together.",
    )
    per_parcel = fields.Monetary(string="Most per Parcel", help="0: no limit.")
    per_kg = fields.Monetary(string="Most per Kilogramme", help="0: no limit.")
    per_claim = fields.Monetary(string="Most per Claim", help="0: no limit.")
    per_month = fields.Monetary(string="Most per Month", help="0: no limit.")
    answer_days = fields.Integer(string="Days to Answer", help="0: as long as they like.")
    answer_workday = fields.Boolean(string="Answer by a Working Day")
    silence = fields.Selection(SILENCE, string="Silence Means", help="Empty: nothing, it stays open.")
    objection_days = fields.Integer(string="Days to Object", help="Ours, after an answer. 0: an answer is final.")
    netted = fields.Boolean(
        string="Taken Off the Statement", default=True, help="Otherwise they send a credit note or money."
    )
    rule_ids = fields.One2many("dropship.claim.rule", "terms_id", string="What They Pay", copy=True)
    note = fields.Text()

    _once = models.UniqueIndex(
        "(party, COALESCE(supplier_id, 0), COALESCE(carrier_code, ''), COALESCE(company_id, 0)) WHERE active",
        "There are terms for them already.",
    )
    _figures = models.Constraint(
        "CHECK (window_days >= 0 AND window_months >= 0 AND answer_days >= 0 AND objection_days >= 0 "
        "AND per_parcel >= 0 AND per_kg >= 0 AND per_claim >= 0 AND per_month >= 0)",
        "Days and limits of claim terms are not negative.",
    )

    @api.depends("party", "supplier_id.name", "carrier_code")
    def _compute_name(self):
        parties = dict(self._fields["party"]._description_selection(self.env))
        for terms in self:
            whose = terms.supplier_id.name or terms.carrier_code or ""
            terms.name = f"{parties.get(terms.party, '')}: {whose}" if whose else parties.get(terms.party, "")

    @api.depends("supplier_id")
    def _compute_company_id(self):
        for terms in self:
            terms.company_id = terms.supplier_id.company_id or terms.company_id

    @api.constrains("party", "supplier_id", "carrier_code")
    def _check_whose(self):
        for terms in self:
            if terms.supplier_id and terms.party != "supplier":
                raise ValidationError(self.env._("Only terms against suppliers name one."))
            if terms.carrier_code and terms.party != "carrier":
                raise ValidationError(self.env._("Only terms against carriers name one."))

    @api.model
    def _find(self, party, company, supplier=None, carrier_code=""):
        """The terms that count.

        :return: `dropship.claim.terms`, empty where there are none
        """
        domain = Domain("party", "=", party) & Domain("company_id", "in", (False, company.id))
        if party == "supplier":
            domain &= Domain("supplier_id", "in", (False, supplier.id if supplier else False))
        if party == "carrier":
            domain &= Domain("carrier_code", "in", (False, (carrier_code or "").lower()))
        found = self.sudo().search(domain)  # whoever raises a claim need not read terms
        return found.sorted(
            lambda terms: (not (terms.supplier_id or terms.carrier_code), not terms.company_id, terms.id)
        )[:1]

    def _pure(self, currency, company, warehouse=None):
        """The terms as `claiming` reads them, limits in `currency` at today's rate."""
        self.ensure_one()
        step = Decimal(1).scaleb(-currency.decimal_places)
        today = fields.Date.context_today(self)

        def money(amount):
            worth = self.currency_id._convert(amount, currency, company, today)
            return decimal(worth, currency.decimal_places).quantize(step) if amount else None

        days = self._days_off(warehouse)
        return Terms(
            tuple(rule._pure(money) for rule in self.rule_ids.sorted(lambda rule: (rule.sequence, rule.id))),
            currency=currency.name,
            window=self._window(self.window_base, self.window_days, self.window_months, self.window_workday),
            evidence=self._needed_evidence(),
            excluded=self._excluded(),
            per_parcel=money(self.per_parcel),
            per_kg=money(self.per_kg),
            per_claim=money(self.per_claim),
            per_month=money(self.per_month),
            answer=Window("noticed", self.answer_days, 0, self.answer_workday) if self.answer_days else None,
            silence=self.silence or "",
            objection=Window("noticed", self.objection_days) if self.objection_days else None,
            netted=self.netted,
            zone=(warehouse.tz if warehouse else "") or company.partner_id.tz or "UTC",
            holidays=days,
        )

    @api.model
    def _window(self, base, days, months, workday=False):
        return Window(base, days, months, workday) if days or months else None

    def _excluded(self):
        """Kinds as `claiming` names them."""
        words = [word.strip().lower() for word in (self.excluded or "").split(",")]
        parts = [[ENGINE_KIND.get(part.strip(), part.strip()) for part in word.split("+")] for word in words if word]
        return frozenset("+".join(word) for word in parts)

    def _days_off(self, warehouse):
        """Days the supplier is closed, a year around today."""
        if not warehouse:
            return frozenset()
        today = fields.Date.context_today(self)
        days = set()
        for first, last in warehouse._closed_ranges(today - HORIZON)[warehouse.id]:
            day, last = max(first, today - HORIZON), min(last, today + HORIZON)
            while day <= last:
                days.add(day)
                day += timedelta(days=1)
        return frozenset(days)


class DropshipClaimRule(models.Model):
    """What terms pay for some kinds of loss; the first row that fits counts."""

    _name = "dropship.claim.rule"
    _description = "Rule of Claim Terms"
    _inherit = ["dropship.claim.evidence.mixin"]
    _order = "terms_id, sequence, id"

    terms_id = fields.Many2one("dropship.claim.terms", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="terms_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="terms_id.currency_id")
    sequence = fields.Integer(default=10)
    kind_ids = fields.Many2many("dropship.claim.kind", string="For", help="Empty: any.")
    pays = fields.Selection(PAYS, required=True, default="cost")
    percent = fields.Float(string="Percent of It", default=100.0, digits=(5, 2))
    covers_replacement = fields.Boolean(string="The Replacement")
    covers_freight_out = fields.Boolean(string="Freight Out")
    covers_freight_back = fields.Boolean(string="Freight Back")
    covers_duties = fields.Boolean(string="Duties")
    covers_labour = fields.Boolean(string="Our Work")
    penalty_fixed = fields.Monetary(string="Penalty")
    penalty_percent = fields.Float(string="Penalty in Percent of the Cost", digits=(5, 2))
    penalty_low = fields.Monetary(string="Penalty at Least")
    penalty_high = fields.Monetary(string="Penalty at Most", help="0: no limit.")
    window_base = fields.Selection(BASES, string="Claimed Within, From", help="Empty: as the terms say.")
    window_days = fields.Integer(string="Days to Claim")

    _percents = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100 AND penalty_percent BETWEEN 0 AND 100)", "Enter a percentage from 0 to 100."
    )
    _penalties = models.Constraint(
        "CHECK (penalty_fixed >= 0 AND penalty_low >= 0 AND penalty_high >= 0 "
        "AND (penalty_high = 0 OR penalty_low <= penalty_high))",
        "A penalty is not negative, and its lowest amount is not above its highest.",
    )
    _days = models.Constraint("CHECK (window_days >= 0)", "The days to claim are not negative.")

    @api.depends("kind_ids.name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = ", ".join(rule.kind_ids.mapped("name")) or self.env._("Any loss")

    def _pure(self, money):
        """
        :param money: amount of the terms → Decimal of the claim or None
        """
        self.ensure_one()
        penalty = None
        if self.penalty_fixed or self.penalty_percent or self.penalty_low:
            penalty = Penalty(
                money(self.penalty_fixed) or Decimal(0),
                trimmed(self.penalty_percent),
                money(self.penalty_low),
                money(self.penalty_high),
            )
        return Rule(
            self.id,
            frozenset(ENGINE_KIND.get(kind.code, kind.code) for kind in self.kind_ids),
            self.pays,
            trimmed(self.percent),
            frozenset(extra for extra in EXTRAS if self[f"covers_{extra}"]),
            penalty,
            self._needed_evidence(),
            Window(self.window_base, self.window_days) if self.window_base and self.window_days else None,
        )
