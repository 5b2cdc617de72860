from odoo import api, fields, models

from ...forecasting import RULES


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_cash_limit = fields.Monetary(
        string="Cash Not Below", groups="base.group_user",
        help="When the forecast falls below, the person responsible gets an activity.",
    )  # fmt: skip
    dropship_cash_user_id = fields.Many2one("res.users", string="Responsible for Cash", groups="base.group_user")
    dropship_cash_tax_rule = fields.Selection(
        selection="_dropship_cash_tax_rules", string="Tax Is Due", groups="base.group_user",
        help="By which days the forecast pays value added tax, where the company keeps no calendar of tax.",
    )  # fmt: skip

    @api.model
    def _dropship_cash_tax_rules(self):
        """Every rule the engine knows: country, then how often."""
        every = {1: self.env._("monthly"), 3: self.env._("quarterly"), 12: self.env._("yearly")}
        found = []
        for key, rule in RULES.items():
            place, *rest = key.split("_")
            extra = [word for word in rest if word not in ("month", "quarter")]
            words = [place.upper(), every.get(rule.months, ""), *extra]
            if extra and extra[0].isdigit():
                words[-1] = self.env._("from month %s", extra[0])
            elif "extended" in extra:
                words[-1] = self.env._("one month more")
            elif "large" in extra:
                words[-1] = self.env._("large companies")
            found.append((key, " · ".join(filter(None, words))))
        return found


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_cash_limit = fields.Monetary(
        related="company_id.dropship_cash_limit", readonly=False, currency_field="company_currency_id"
    )
    dropship_cash_user_id = fields.Many2one(related="company_id.dropship_cash_user_id", readonly=False)
    dropship_cash_tax_rule = fields.Selection(related="company_id.dropship_cash_tax_rule", readonly=False)


class DropshipPayoutTerms(models.Model):
    _inherit = "dropship.payout.terms"

    reserve_days = fields.Integer(
        string="Reserve Released After (days)", help="Counted from the payout it was kept back of. 0: nobody knows."
    )

    _reserve_days = models.Constraint(
        "CHECK (reserve_days >= 0 AND reserve_days <= 1000)", "A reserve is kept between 0 and 1000 days."
    )
