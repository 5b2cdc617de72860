"""A top-up in the books: a payment on account to the supplier, made or named once; the balance follows it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .reason_text import reasons_line

# Payments that count in accounting.
ALIVE = ("in_process", "paid")


class DropshipWallet(models.Model):
    _inherit = "dropship.wallet"

    on_account = fields.Monetary(
        string="Open in Accounting",
        compute="_compute_books",
        help="What is left of the payments for top-ups: paid on account, not matched with bills yet.",
    )
    unbooked = fields.Monetary(
        string="Top-ups Not Booked", compute="_compute_books", help="Recorded here, but no payment in accounting yet."
    )

    @api.depends("move_ids.payment_id", "move_ids.amount", "balance")
    def _compute_books(self):
        for wallet in self:
            moves_sudo = wallet.sudo().move_ids  # sums; who reads the balance need not read payments
            payments = moves_sudo.payment_id.filtered(lambda payment: payment.state in ALIVE)
            wallet.on_account = sum(payments._dropship_advance_lines().mapped("amount_residual_currency"))
            wallet.unbooked = sum(moves_sudo._not_booked().mapped("amount"))

    def action_pay_top_up(self):
        """Choose bank and day, or a payment that was made already."""
        self.ensure_one()
        return self._ask_top_up(self.move_ids._not_booked()[-1:])

    def _ask_top_up(self, move):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay a Top-Up"),
            "res_model": "dropship.wallet.top.up",
            "view_mode": "form",
            "target": "new",
            "context": {"default_wallet_id": self.id, "default_recorded_id": move.id},
        }

    def _check_books(self):
        """:raise AccessError: for everybody but accountants of the company"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Payments are made by accountants. Ask one of them to book the top-up."))

    def _pay_top_up(self, journal, date, amount, memo):
        """A posted payment on account to the supplier, under the rights of whoever makes it."""
        self.ensure_one()
        if journal.company_id != self.company_id:
            raise UserError(self.env._("The bank is of another company than the prepaid balance."))
        if self.currency_id.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Enter how much is paid."))
        payment = self.env["account.payment"].with_company(self.company_id).create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.supplier_id.sudo().partner_id.id,
                "company_id": self.company_id.id,
                "journal_id": journal.id,
                "currency_id": self.currency_id.id,
                "amount": amount,
                "date": date,
                "memo": memo,
            }
        )  # fmt: skip
        bank = payment.partner_bank_id
        if bank and not bank.allow_out_payment:
            params = {"account": bank.acc_number, "supplier": self.supplier_id.name}
            raise UserError(reasons_line(self.env, [["settle_bank_unknown", params]]))
        payment.action_post()
        return payment

    def _book_top_up(self, payment, move=None, key=False):
        """Let a payment be a top-up, once.

        :param move: the top-up that was recorded for it; without one the balance grows now
        :return: the move
        :raise UserError: when the payment is no such top-up, or one already
        """
        self.ensure_one()
        wallet_sudo = self.sudo()._lock()  # the figure is the system's, not the accountant's
        if problem := payment.sudo()._dropship_no_top_up(wallet_sudo):
            raise UserError(problem)
        if not move:
            return wallet_sudo._move(
                "top_up", payment.amount, key, payment_id=payment.id, note=payment.memo or payment.name
            )
        move_sudo = move.sudo()
        move_sudo.invalidate_recordset(["payment_id"])
        if move_sudo.wallet_id != wallet_sudo or not move_sudo._not_booked():
            raise UserError(self.env._("This top-up is booked already."))
        if self.currency_id.compare_amounts(move_sudo.amount, payment.amount):
            raise UserError(
                self.env._(
                    "The payment is %(paid)s, the top-up %(recorded)s: correct the balance or choose another one.",
                    paid=self.currency_id.format(payment.amount), recorded=self.currency_id.format(move_sudo.amount),
                )
            )  # fmt: skip
        move_sudo.payment_id = payment
        return move


class DropshipWalletMove(models.Model):
    _inherit = "dropship.wallet.move"

    payment_id = fields.Many2one(
        "account.payment", ondelete="restrict", index="btree_not_null", readonly=True, copy=False, check_company=True
    )

    _payment_once = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL AND kind = 'top_up'", "This payment is a top-up already."
    )

    def _not_booked(self):
        """The top-ups no payment in accounting stands for."""
        return self.filtered(lambda move: move.kind == "top_up" and not move.payment_id)

    def action_book(self):
        """Book the payment of a top-up that was recorded."""
        self.ensure_one()
        return self.wallet_id._ask_top_up(self)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    dropship_wallet_move_ids = fields.One2many(
        "dropship.wallet.move", "payment_id", string="Moves of a Prepaid Balance", readonly=True,
        groups="dropship_flow.group_dropship_user",
    )  # fmt: skip

    def _dropship_advance_lines(self):
        """The payable journal items of payments: what the supplier owes us goods for."""
        return self.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "liability_payable")

    def _dropship_is_for(self, wallet):
        """Whether the supplier of the wallet gets it, from its company, in its currency."""
        partner = wallet.supplier_id.partner_id.commercial_partner_id
        return (
            (self.payment_type, self.partner_type) == ("outbound", "supplier")
            and self.partner_id.commercial_partner_id == partner
            and self.company_id == wallet.company_id
            and self.currency_id == wallet.currency_id
        )

    def _dropship_no_top_up(self, wallet):
        """Why a payment is no top-up of this wallet, in words; None when it is one."""
        self.ensure_one()
        if self.dropship_wallet_move_ids:
            return self.env._("%s is a top-up already. A payment counts once.", self.name)
        if not self._dropship_is_for(wallet):
            return self.env._(
                "%(payment)s is no payment to %(supplier)s in %(currency)s by %(company)s.",
                payment=self.name, supplier=wallet.supplier_id.name, currency=wallet.currency_id.name,
                company=wallet.company_id.name,
            )  # fmt: skip
        lines = self._dropship_advance_lines()
        if self.state not in ALIVE or not lines:
            return self.env._(
                "%s is not posted on what we owe the supplier. Give the bank an account for outstanding payments and "
                "post it.",
                self.name,
            )
        if self.currency_id.compare_amounts(sum(lines.mapped("amount_residual_currency")), self.amount):
            return self.env._("%s paid bills already: nothing of that is money in advance.", self.name)
        return None

    def write(self, vals):
        """Override: a top-up whose payment is taken back is taken from the balance, and comes again with it."""
        result = super().write(vals)
        if {"state", "amount", "partner_id", "currency_id"} & vals.keys():
            self._dropship_wallet_follows()
        return result

    def _dropship_wallet_follows(self):
        """Bring the balances in line with payments; a difference is a correction."""
        moves_sudo = self.sudo().dropship_wallet_move_ids  # who posts payments need not see balances
        for payment, moves in moves_sudo.grouped("payment_id").items():
            wallet = moves.wallet_id[:1]._lock()
            counts = payment.state in ALIVE and payment._dropship_is_for(wallet)
            difference = wallet.currency_id.round((payment.amount if counts else 0.0) - sum(moves.mapped("amount")))
            if difference:
                note = payment.memo or payment.name
                wallet._move("correction", difference, payment_id=payment.id, note=note)

    @api.ondelete(at_uninstall=False)
    def _unlink_no_top_up(self):
        if self.sudo().dropship_wallet_move_ids:
            raise UserError(self.env._("A payment that topped up a prepaid balance is not deleted. Cancel it."))
