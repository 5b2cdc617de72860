from odoo import api, fields, models

from .kinds import CHOSEN


class DropshipCashAccount(models.Model):
    """What money is for that is booked against an account, where no document says it: a person's word."""

    _name = "dropship.cash.account"
    _description = "What Money on an Account Is For"
    _order = "company_id, account_id"
    _rec_name = "account_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "account.account", required=True, index=True, ondelete="cascade", check_company=True,
        help="The account on the other side of the money, e.g. of wages that are to be paid.",
    )  # fmt: skip
    kind = fields.Selection(CHOSEN, string="Money For", required=True, default="cost")

    _once = models.UniqueIndex("(company_id, account_id)", "What is booked on this account is said already.")

    @api.model
    def _money_accounts(self):
        """SQL selecting ids of accounts that hold money: bank, cash, cards, what is on the way or with providers."""
        return """
            SELECT id FROM account_account WHERE account_type IN ('asset_cash', 'liability_credit_card')
             UNION
            SELECT account.id
              FROM account_account account
             WHERE account.account_type IN ('asset_current', 'liability_current')
               AND (account.id IN (SELECT payment_account_id FROM account_payment_method_line
                                    UNION SELECT transfer_account_id FROM res_company
                                    UNION SELECT transfer_account_id FROM dropship_payout_terms
                                    UNION SELECT clearing_account_id FROM dropship_payout_terms)
                    OR EXISTS (SELECT FROM account_payment payment WHERE payment.outstanding_account_id = account.id))
        """
