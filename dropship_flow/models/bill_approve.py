"""Approving bills: the clean ones are posted, the others say why not. And nobody pays what is held."""

from odoo import models
from odoo.exceptions import LockError, UserError

from .reason_text import reasons_text
from .state_mixin import lock_written

# What must not be booked either, as long as nobody took it on himself; the rest is only not paid.
NOT_BOOKED = ("bill_duplicate", "bill_twice", "bill_company")


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dropship_approve(self):
        """Post the clean ones of the selected bills and say which are held."""
        self._dropship_check_accountant()
        bills = self.filtered(lambda move: move.dropship_is_bill)
        posted = bills.filtered(lambda move: move.state == "posted")
        if bills and posted == bills:
            raise UserError(
                self.env._("%s: posted already, perhaps by a colleague just now.", ", ".join(posted.mapped("name")))
            )
        held = bills._dropship_approve()
        if not held:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": held._dropship_said(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _dropship_approve(self):
        """Post the drafts nothing stands against, under lock: each once, whoever presses at the same time.

        :return: those that are held
        :raise UserError: when somebody else approves one of them in this moment
        """
        bills = self.filtered(lambda move: move.dropship_is_bill and move.state == "draft")
        bills._dropship_lock_to_post()
        bills = bills.filtered(lambda move: move.state == "draft")
        self.env["dropship.bill.match"]._refresh(bills._dropship_purchases(), bills)
        blockers = bills._dropship_all_blockers()
        held = bills.filtered(lambda move: blockers[move])
        (bills - held)._post(soft=False)
        self.env["dropship.bill.match"]._refresh(bills._dropship_purchases(), bills)
        return held

    def _dropship_lock_to_post(self):
        """Lock and write: under REPEATABLE READ a lock alone would let the second read the old state."""
        self.env.flush_all()
        try:
            lock_written(self, ["state", "payment_state"])
        except LockError as error:
            raise UserError(
                self.env._("A colleague is approving one of these bills in this moment. Look again in a minute.")
            ) from error

    def _dropship_said(self, blockers=None):
        """Why these bills are held, for people.

        :param dict blockers: what `_dropship_all_blockers` found, where it was asked already
        """
        blockers = self._dropship_all_blockers() if blockers is None else blockers
        return "\n".join(f"{bill.display_name}: {reasons_text(self.env, blockers[bill])}" for bill in self)

    def action_post(self):
        """Override: what was billed twice, or belongs elsewhere, is not booked by mistake. Other bills: as in core."""
        self._dropship_check_booking()
        return super().action_post()

    def _dropship_check_booking(self):
        bills = self.sudo().filtered(lambda move: move.dropship_is_bill and move.state == "draft")
        if not bills:
            return
        self.env["dropship.bill.match"]._refresh(bills._dropship_purchases(), bills)
        for bill, reasons in bills._dropship_all_blockers().items():
            own = bill._dropship_valuation_blockers()
            wrong = [reason for reason in reasons if reason[0] in NOT_BOOKED or reason in own]
            if wrong:
                raise UserError(
                    self.env._(
                        "%(bill)s is not posted:\n%(why)s\nCorrect it, or press Release and say why it is right.",
                        bill=bill.display_name,
                        why=reasons_text(self.env, wrong),
                    )
                )


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payments(self):
        """Override: what is held is not paid."""
        self.line_ids.move_id._dropship_check_payable()
        return super()._create_payments()


class AccountMovePayable(models.Model):
    _inherit = "account.move"

    def _dropship_check_payable(self):
        """Refuse to pay bills something stands against.

        :raise UserError: in words
        """
        bills = self.sudo().filtered(lambda move: move.dropship_is_bill and move.move_type == "in_invoice")
        if not bills:
            return
        self.env["dropship.bill.match"]._refresh(bills._dropship_purchases(), bills)
        blockers = bills._dropship_all_blockers()
        held = bills.filtered(lambda move: blockers[move])
        if held:
            raise UserError(
                self.env._(
                    "Not paid:\n%s\nSolve it, or press Release on the bill and say why it may be paid.",
                    held._dropship_said(blockers),
                )
            )
