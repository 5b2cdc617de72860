"""Store credit as a program of Odoo: one for each company and currency, made when it is first needed."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..case.locked import locked

CREDIT_KINDS = [("gift_card", "A code anybody can use"), ("ewallet", "On the customer's account")]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_credit_kind = fields.Selection(
        CREDIT_KINDS,
        string="Store Credit Is Given As",
        default="gift_card",
        required=True,
        help="A code works without an account in the shop as well.",
    )
    dropship_credit_account_id = fields.Many2one(
        "account.account",
        string="Store Credit Account",
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        check_company=True,
        help="What customers have not used yet: a liability.",
    )
    dropship_credit_bonus_account_id = fields.Many2one(
        "account.account",
        string="Bonus Account",
        domain="[('internal_group', '=', 'expense')]",
        check_company=True,
        help="What customers get on top for taking store credit instead of money.",
    )
    dropship_credit_journal_id = fields.Many2one(
        "account.journal",
        string="Store Credit Journal",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Empty: the first journal for miscellaneous entries.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_credit_kind = fields.Selection(related="company_id.dropship_credit_kind", readonly=False)
    dropship_credit_account_id = fields.Many2one(related="company_id.dropship_credit_account_id", readonly=False)
    dropship_credit_bonus_account_id = fields.Many2one(
        related="company_id.dropship_credit_bonus_account_id", readonly=False
    )
    dropship_credit_journal_id = fields.Many2one(related="company_id.dropship_credit_journal_id", readonly=False)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    dropship_credit = fields.Boolean(
        string="Store Credit of Cases",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="What customers take instead of money.",
    )

    _dropship_credit_once = models.UniqueIndex(
        "(company_id, currency_id, program_type) WHERE dropship_credit AND active",
        "This company has a program for store credit in this currency already.",
    )

    @api.model
    def _dropship_credit_of(self, company, currency):
        """The program for store credit; made where there is none. Runs as the system."""
        kind = company.dropship_credit_kind
        domain = [
            ("dropship_credit", "=", True),
            ("company_id", "=", company.id),
            ("currency_id", "=", currency.id),
            ("program_type", "=", kind),
        ]
        return self.search(domain, limit=1) or self._dropship_make_credit(company, currency, kind)

    @api.model
    def _dropship_make_credit(self, company, currency, kind):
        product = self.env.ref("dropship_flow_aftersales.product_store_credit")
        rule = {
            "reward_point_amount": 1,
            "reward_point_mode": "money",
            "minimum_qty": 0,
            "product_ids": [Command.set(product.ids)],  # it is not sold: points come from cases only
        }
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_point",
            "discount": 1,
            "discount_applicability": "order",
            "required_points": 1,
            "description": self.env._("Store Credit"),
        }
        with self.env["dropship.allocation"]._first_come():
            program = self.with_company(company).create(
                {
                    "name": self.env._("Store Credit (%s)", currency.name),
                    "program_type": kind,
                    "applies_on": "future",
                    "trigger": "auto",
                    "dropship_credit": True,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "portal_point_name": currency.symbol,
                    "portal_visible": True,
                    "rule_ids": [Command.clear(), Command.create(rule)],
                    "reward_ids": [Command.clear(), Command.create(reward)],
                    "communication_plan_ids": [Command.clear()],  # the case writes to the customer
                }
            )
        used = program.reward_ids.discount_line_product_id.with_company(company)
        used.write(
            {
                "property_account_income_id": company.dropship_credit_account_id.id,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        return program

    def _dropship_card_of(self, order):
        """The customer's card of the program: his wallet, or a new code."""
        self.ensure_one()
        cards = self.env["loyalty.card"].with_context(loyalty_no_mail=True)
        if self.program_type == "ewallet":
            known = cards.search([("program_id", "=", self.id), ("partner_id", "=", order.partner_id.id)], limit=1)
            if known:
                locked(known)
                return known
        return cards.create(
            {
                "program_id": self.id,
                "partner_id": order.partner_id.id if self.program_type == "ewallet" else False,
                "order_id": order.id,
            }
        )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _check_credit_set_up(self, bonus):
        """:raise UserError: the accounts of store credit are not chosen"""
        company_sudo = self.company_id.sudo()  # agents need not read accounts
        if not company_sudo.dropship_credit_account_id:
            raise UserError(
                self.env._("Store credit is not set up: choose its account in the settings of dropshipping.")
            )
        if bonus and not company_sudo.dropship_credit_bonus_account_id:
            raise UserError(
                self.env._("Nobody said where the bonus is booked: choose its account in the settings of dropshipping.")
            )
