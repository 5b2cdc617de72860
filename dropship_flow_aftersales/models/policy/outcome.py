from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...verdict import Outcome
from ...verdict.rows import NEED_GOODS
from ..case.words import OUTCOMES, VERDICTS
from .words import AFTER, BOUNDS, ELSE_PLACES, OUTBOUND, PAYERS, PLACES


class DropshipReturnPolicyOutcome(models.Model):
    """What a row of the policy says about one thing a customer may get."""

    _name = "dropship.return.policy.outcome"
    _description = "Outcome of a Return Policy"
    _inherit = ["dropship.return.row.mixin", "dropship.return.window.mixin"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("dropship.return.policy", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10, help="In this order it is offered.")
    kind = fields.Selection(OUTCOMES, string="Outcome", required=True)
    verdict = fields.Selection(VERDICTS, required=True, default="accept")
    fee = fields.Float(string="Restocking Fee (%)", help="Percent of the price that is kept.")
    supplier_fee = fields.Boolean(
        string="Supplier's Fee Passed On", help="The customer bears the supplier's fee where it is higher."
    )
    payer = fields.Selection(PAYERS, string="Pays the Way Back", required=True, default="customer")
    to = fields.Selection(PLACES, string="Goods Go", required=True, default="supplier")
    else_to = fields.Selection(
        ELSE_PLACES, string="Else Go", required=True, default="us", help="Where the supplier does not take them."
    )
    bound = fields.Selection(
        BOUNDS, string="If the Supplier Does Not Take It", help="Empty: his terms do not bind the customer."
    )
    photo = fields.Boolean(string="Photo Needed")
    video = fields.Boolean(string="Video Needed")
    label = fields.Boolean(string="Photo of the Label Needed")
    maximum = fields.Monetary(
        string="By Itself Up To", help="A person looks at more, all lines of a request together. 0: any amount."
    )
    percent = fields.Float(string="Money Back (%)", help="Of the price, where the customer keeps it.")
    bonus = fields.Float(string="Bonus (%)", help="On top of store credit.")
    outbound = fields.Selection(OUTBOUND, string="Freight Given Back", required=True, default="none")
    after = fields.Selection(
        AFTER, string="Carried Out When", required=True, default="received",
        help="What comes first, where goods come back.",
    )  # fmt: skip

    @api.constrains("fee", "percent", "bonus", "maximum", "kind", "to", "policy_id")
    def _check_figures(self):
        self._check_window()  # its words are better than those of the row as a whole
        for outcome in self:
            if not all(0 <= percent <= 100 for percent in (outcome.fee, outcome.percent)):
                raise ValidationError(self.env._("A share of a price is between 0 and 100 %."))
            if min(outcome.bonus, outcome.maximum) < 0:
                raise ValidationError(self.env._("Bonus and amounts cannot be negative."))
            if outcome.kind == "keep" and not outcome.percent and outcome.verdict != "refuse":
                raise ValidationError(self.env._("Say how much of the price is given back to who keeps the goods."))
            if outcome.kind in NEED_GOODS - {"return"} and outcome.to not in ("supplier", "us"):
                raise ValidationError(
                    self.env._('"%s" needs the goods: send them to the supplier or to us.', outcome._kind_word())
                )
        self.policy_id._check_row()

    @api.depends("policy_id.name", "kind")
    def _compute_display_name(self):
        for outcome in self:
            outcome.display_name = f"{outcome.policy_id.name}: {outcome._kind_word()}"

    def _kind_word(self):
        return dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, "")

    def _as_outcome(self, money):
        """As `verdict.Outcome`. money: from an amount of the row's currency to the company's."""
        self.ensure_one()
        return Outcome(
            kind=self.kind,
            verdict=self.verdict,
            window=self._window(),
            fee=Decimal(str(self.fee)),
            supplier_fee=self.supplier_fee,
            payer=self.payer,
            to=self.to,
            else_to=self.else_to,
            bound=self.bound or "",
            evidence=frozenset(code for code in ("photo", "video", "label") if self[code]),
            maximum=money(self.maximum),
            percent=Decimal(str(self.percent)),
            bonus=Decimal(str(self.bonus)),
            outbound=self.outbound,
            refund=self._refund_term(),
        )
