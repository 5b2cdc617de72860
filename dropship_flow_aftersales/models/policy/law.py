from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...verdict import Floor
from ..case.words import LIABLE, OUTCOMES
from .words import FLOOR_PAYERS, FLOOR_VERDICTS, OUTBOUND


class DropshipReturnLaw(models.Model):
    """What the law gives a customer, whatever the policy says."""

    _name = "dropship.return.law"
    _description = "Legal Floor of Returns"
    _inherit = ["dropship.return.row.mixin", "dropship.return.window.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")
    article = fields.Char(help="Where it is written.")
    source = fields.Char(help="Address of the text.")
    note = fields.Text(string="What the Row Leaves to a Person", translate=True)
    grant_ids = fields.One2many("dropship.return.law.grant", "law_id", string="Gives", copy=True)
    country_ids = fields.Many2many("res.country", "dropship_return_law_country_rel", string="Countries")
    country_group_ids = fields.Many2many("res.country.group", "dropship_return_law_group_rel", string="Country Groups")
    channel_ids = fields.Many2many(
        "dropship.sales.channel", "dropship_return_law_channel_rel", string="Sales Channels", check_company=True
    )
    valid_from = fields.Date(string="Orders From")
    valid_to = fields.Date(string="Orders To")
    reason_ids = fields.Many2many(
        "dropship.return.reason", "dropship_return_law_reason_rel", string="Reasons", check_company=True,
        help="With all reasons below them. Empty: without any reason.",
    )  # fmt: skip
    liable = fields.Selection(LIABLE, string="Who Caused It")
    excluded_kind_ids = fields.Many2many(
        "dropship.goods.kind", "dropship_return_law_kind_rel", string="Not For", check_company=True
    )
    excluded_opened_kind_ids = fields.Many2many(
        "dropship.goods.kind", "dropship_return_law_opened_rel", string="Once Opened Not For", check_company=True
    )
    businesses = fields.Boolean(string="Businesses Too")
    verdict = fields.Selection(
        FLOOR_VERDICTS, string="At Most", required=True, default="accept",
        help="The strictest a policy may be: a person may look first, or not.",
    )  # fmt: skip
    limits_fee = fields.Boolean(string="Limits the Restocking Fee")
    fee = fields.Float(string="Highest Fee (%)")
    payer = fields.Selection(FLOOR_PAYERS, string="Pays the Way Back", help="Empty: the law says nothing.")
    evidence = fields.Boolean(string="Evidence May Be Asked", default=True)
    outbound = fields.Selection(OUTBOUND, string="Freight Given Back", required=True, default="none")
    untold_months = fields.Integer(
        string="Longer If Not Told (months)", help="For a customer who was not told of the right."
    )

    @api.constrains("valid_from", "valid_to", "fee", "untold_months", "grant_ids")
    def _check_law(self):
        self._check_window()
        for law in self:
            if law.valid_from and law.valid_to and law.valid_from > law.valid_to:
                raise ValidationError(self.env._('"%s" ends before it begins.', law.name))
            if not 0 <= law.fee <= 100:
                raise ValidationError(self.env._("A share of a price is between 0 and 100 %."))
            if law.untold_months < 0:
                raise ValidationError(self.env._("Days and months cannot be negative."))
            if not law.grant_ids:
                raise ValidationError(self.env._('Say what "%s" gives the customer.', law.name))
            self._try_rules(floors=[law._as_floor()])

    def _as_floor(self):
        """As `verdict.Floor`."""
        self.ensure_one()
        return Floor(
            key=self.id,
            grants=tuple(self.grant_ids.mapped("kind")),
            countries=frozenset((self.country_ids | self.country_group_ids.country_ids).mapped("code")),
            channels=frozenset(self.channel_ids.ids),
            valid_from=self.valid_from or None,
            valid_to=self.valid_to or None,
            reasons=frozenset(self.reason_ids.mapped("code")),
            liable=frozenset({self.liable} if self.liable else ()),
            excluded=self.excluded_kind_ids._excluded(self.excluded_opened_kind_ids),
            businesses=self.businesses,
            window=self._window(),
            verdict=self.verdict,
            fee=Decimal(str(self.fee)) if self.limits_fee else None,
            payer=self.payer or "",
            evidence=self.evidence,
            outbound=self.outbound,
            refund=self._refund_term(),
            untold_months=self.untold_months,
        )


class DropshipReturnLawGrant(models.Model):
    """One of the things a law gives."""

    _name = "dropship.return.law.grant"
    _description = "What a Law Gives"
    _inherit = ["dropship.return.row.mixin"]
    _order = "law_id, sequence, id"

    law_id = fields.Many2one("dropship.return.law", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="law_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(OUTCOMES, string="Outcome", required=True)

    _once = models.UniqueIndex("(law_id, kind)", "The law gives this already.")

    @api.depends("kind")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for grant in self:
            grant.display_name = words.get(grant.kind, "")
