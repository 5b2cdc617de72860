"""Store credit instead of money: the refund is booked, no money goes out, and the card is what is owed."""

from decimal import Decimal

from odoo import Command, fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.exceptions import UserError

from ..refund.words import sentences

ZERO = Decimal(0)


def bonus_of(offer):
    """Percent on top. Condition read: ("bonus", {"percent": text})."""
    figures = dict(offer.conditions).get("bonus") or {}
    return Decimal(str(figures.get("percent") or 0))


def as_money(offer):
    """The same agreement as money back, to be reckoned alike."""
    return offer._replace(kind="return" if offer.to else "refund_only")


class DropshipRefund(models.Model):
    _inherit = "dropship.refund"

    def _give_money(self):
        """Override: store credit is a way of its own. No payment service is asked, and no person pays."""
        if self.resolution_id.kind != "credit":
            return super()._give_money()
        amount = self._credited_to_store()
        rows = self.env["dropship.customer.refund"]
        if amount > ZERO:
            done = {"state": "done", "split": 0, "note": self.env._("As store credit.")}
            rows.create({**self._money_vals(amount, "person"), **done})
        if self.reimbursed:
            laid_out = rows._plan([{**self._money_vals(self.reimbursed, "person"), "reimburses": True}])
            rows |= laid_out
        return None

    def _credited_to_store(self):
        """What of the money is given as store credit; what was paid by gift card goes back to that card."""
        self.ensure_one()
        paid = sum((Decimal(amount) for key, amount, _own in self.backs or () if not key.startswith("card ")), ZERO)
        return paid + decimal(self.by_person)


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    card_id = fields.Many2one(
        "loyalty.card", string="Store Credit", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    card_points = fields.Monetary(string="Store Credit Given", readonly=True, help="The bonus included.")
    credit_move_ids = fields.Many2many(
        "account.move",
        string="Store Credit Entries",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def _do_credit(self):
        """Store credit for what the customer would get back, and a bonus. Nothing of it is ever paid out."""
        self.ensure_one()
        resolution = self.sudo()  # who may agree need not write accounts and cards
        if resolution.card_id:
            return
        case, offer = resolution.return_id, resolution._offer()
        bonus = bonus_of(offer)
        case._check_credit_set_up(bonus)
        wishes = case._wishes(as_money(offer), came=offer.after in ("received", "inspected"))
        given, card = ZERO, self.env["loyalty.card"]
        for order, wish in wishes.items():
            refund = self.env["dropship.refund"]._make(
                order, wish, resolution=resolution, key=f"resolution {self.id} order {order.id}",
                user_id=self.event_id.user_id.id,
            )  # fmt: skip
            amount = refund._credited_to_store()
            if amount <= ZERO:
                continue
            more = decimal(order.currency_id.round(float(amount * bonus / 100)))
            resolution._book_credit(refund, float(amount), float(more))
            card = card or self.env["loyalty.program"].sudo()._dropship_credit_of(
                order.company_id, order.currency_id
            )._dropship_card_of(order)
            resolution._charge_card(card, order, float(amount + more))
            given += amount + more
        if not card:
            raise UserError(self.env._("The customer paid nothing that could become store credit."))
        resolution.write({"card_id": card.id, "card_points": float(given)})
        resolution._send_card()

    def _charge_card(self, card, order, points):
        card.points += points
        self.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": self.env._("Store credit for %s", self.return_id.name),
                "issued": points,
                "order_model": "sale.order",
                "order_id": order.id,
            }
        )

    def _book_credit(self, refund, amount, bonus):
        """The credit note is settled by what the customer now has as store credit; the bonus is our cost."""
        order, company = refund.order_id, refund.company_id
        journal = company.dropship_credit_journal_id or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        if not journal:
            return  # a company that keeps its books elsewhere
        note = refund.credit_note_id
        if note.state == "draft":  # what was given cannot wait
            note._post(soft=False)
        owed = note.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        partner = order.partner_invoice_id.commercial_partner_id.with_company(company)
        account = owed.account_id[:1] or partner.property_account_receivable_id
        today, currency = fields.Date.context_today(self), refund.currency_id
        worths = [currency._convert(one, company.currency_id, company, today) for one in (amount, bonus)]
        # Each is rounded by itself; what is owed is both, so that the entry is balanced.
        rows = [
            (account, amount, worths[0]),
            (company.dropship_credit_account_id, -amount - bonus, -sum(worths)),
        ]
        if bonus:
            rows.append((company.dropship_credit_bonus_account_id, bonus, worths[1]))
        move = self.env["account.move"].with_company(company).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "ref": self.env._("Store credit for %s", self.return_id.name),
                "line_ids": [
                    Command.create(self._credit_item(order, refund, partner, *row)) for row in rows
                ],
            }
        )  # fmt: skip
        move._post(soft=False)
        self.credit_move_ids |= move
        mine = move.line_ids.filtered(lambda item: item.account_id == account)
        if account.reconcile:
            (owed.filtered(lambda item: item.account_id == account and not item.reconciled) | mine).reconcile()

    def _credit_item(self, order, refund, partner, account, amount, balance):
        return {
            "account_id": account.id,
            "partner_id": partner.id,
            "currency_id": refund.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
            "name": f"{self.return_id.name}, {order.name}",
        }

    def _send_card(self):
        """The customer gets the code, in his language."""
        template = self.env.ref("dropship_flow_aftersales.mail_store_credit", raise_if_not_found=False)
        if template:
            template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")

    def action_card(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.card",
            "res_id": self.card_id.id,
            "view_mode": "form",
        }


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _why_no_credit(self, offer):
        """Why no store credit can be given."""
        try:
            self._check_credit_set_up(bonus_of(offer))
        except UserError as error:
            return str(error)
        for order, wish in self._wishes(as_money(offer)).items():
            result = self.env["dropship.refund"]._propose(order, wish)
            if result.refused:
                return " ".join(sentences(self.env, result.refused, order))
            if result.money <= ZERO:
                return self.env._("The customer paid nothing that could become store credit.")
        return ""
