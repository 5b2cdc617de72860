from odoo import api, models
from odoo.exceptions import UserError

from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "ack_unknown": _lt('The answer names "%(line)s", which is no line of this purchase.'),
        "ack_sku": _lt('The answer names the SKU "%(sku)s" for a line that orders "%(ordered)s".'),
        "ack_more": _lt("The answer speaks of %(told)s of %(sku)s, ordered were %(ordered)s."),
        "ack_more_than_open": _lt("The answer speaks of %(told)s of %(sku)s, only %(ordered)s are still ordered."),
        "ack_fraction": _lt("The answer speaks of a part of one piece of %(sku)s."),
        "ack_contradiction": _lt("The answer names two prices for %(sku)s."),
        "ack_currency": _lt("The answer has prices in %(told)s, the purchase is in %(currency)s."),
        "ack_price": _lt("The answer asks %(told)s %(currency)s for %(sku)s, not %(agreed)s: that cannot be meant."),
        "ack_by_hand": _lt("The answer changes %(product)s, which a person added to the purchase: settle it by hand."),
        "ack_shipped": _lt("The answer takes back %(sku)s, of which %(shipped)s have left already."),
        "ack_all_shipped": _lt("The answer refuses what has left already."),
        "ack_not_sent": _lt("The answer is about a purchase that was not sent yet."),
        "ack_mismatch": _lt("%(supplier)s answered %(purchase)s in a way that does not fit; nothing was changed:"),
        "price_raised": _lt(
            "%(supplier)s asks %(told)s instead of %(agreed)s for %(product)s in %(purchase)s, more than the policy "
            "takes, and nobody else is cheaper: accept the price, buy elsewhere, or refuse."
        ),
        "substitute_offered": _lt(
            '%(supplier)s would send "%(sku)s" instead of %(qty)s %(product)s in %(purchase)s: accept it if it is the '
            "same product, else refuse."
        ),
    }
)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_mismatch(self, problems, message):
        """The answer does not fit: nothing of it is done, it is kept, and the buyer is called."""
        reasons = [[problem.code, problem.params] for problem in problems]
        for row in self.dropship_allocation_ids[:1]:
            params = {"supplier": row.supplier_id.name, "purchase": self.name}
            self.env["dropship.exception"]._raise(row, "ack_mismatch", [["ack_mismatch", params], *reasons])
        if message:
            texts = [self.env._(FLOW_REASONS[code], **params) for code, params in reasons]
            message._set_state("parked", error=" ".join(texts))


class DropshipException(models.Model):
    """Answers a person has to decide about."""

    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: what suppliers answer that no rule may take."""
        return [
            *super()._exception_kinds(),
            ("ack_mismatch", self.env._("Answer does not fit the order")),
            ("price_raised", self.env._("Supplier raised the price")),
            ("substitute_offered", self.env._("Supplier offers something else")),
        ]

    @api.model
    def _verbs(self):
        """Which buttons solve which kind."""
        return {
            **super()._verbs(),
            "ack_mismatch": ["action_open_purchase", "action_answer_settled"],
            "price_raised": ["action_accept_price", "action_buy_elsewhere", "action_refuse_offer"],
            "substitute_offered": ["action_accept_substitute", "action_buy_elsewhere", "action_refuse_offer"],
        }

    @api.model
    def _verb_titles(self):
        return {
            **super()._verb_titles(),
            "action_accept_price": self.env._("Accept the Price"),
            "action_accept_substitute": self.env._("Accept the Substitute"),
            "action_refuse_offer": self.env._("Refuse"),
            "action_buy_elsewhere": self.env._("Buy Elsewhere"),
            "action_answer_settled": self.env._("Settled with Him"),
        }

    def _check_no_answer_question(self):
        if self.filtered(lambda row: row.kind in ("ack_mismatch", "price_raised", "substitute_offered")):
            raise UserError(
                self.env._("This is about a supplier's answer: accept it, buy elsewhere, or press Settled with Him.")
            )

    def action_supplier_agreed(self):
        """Override: here it is we who agree or not."""
        self._check_no_answer_question()
        return super().action_supplier_agreed()

    def action_too_late(self):
        """Override: here it is we who agree or not."""
        self._check_no_answer_question()
        return super().action_too_late()

    def action_answer_settled(self):
        """A person spoke with the supplier about an answer that did not fit."""
        self._of_kind("ack_mismatch")._set_state("solved", solution=self.env._("Settled with the supplier"))
        return True

    def action_accept_price(self):
        """Take the higher price: the purchase follows, the customer's price stays."""
        for exception in self._of_kind("price_raised"):
            rows_sudo, ack_sudo = exception._asked_about()
            purchase_sudo = exception.sudo().purchase_id
            exception._set_state("solved", solution=self.env._("Price accepted"))
            drifts = purchase_sudo._dropship_apply_price(rows_sudo.purchase_line_id, ack_sudo.price)
            self._decide(ack_sudo, rows_sudo, "agreed")
            ack_sudo.drift = sum(drifts.get(row, 0.0) for row in ack_sudo.allocation_id)
            rows_sudo._accepted_as("changed")
            purchase_sudo._dropship_confirm_answered()
        return True

    def action_accept_substitute(self):
        """Take what he sends instead, where it is another offer of his for the same product."""
        for exception in self._of_kind("substitute_offered"):
            rows_sudo, ack_sudo = exception._asked_about()
            offer_sudo = rows_sudo[:1]._substitute_offer(ack_sudo.substitute)
            if not offer_sudo:
                raise UserError(
                    self.env._(
                        "%(sku)s is no offer of %(supplier)s for %(product)s: what the customer bought is not replaced "
                        "by something else. Buy elsewhere, or add the offer first.",
                        sku=ack_sudo.substitute,
                        supplier=exception.allocation_id.supplier_id.name,
                        product=exception.allocation_id.product_id.display_name,
                    )
                )
            rows_sudo._check_substitute_price(ack_sudo.price)
            exception._set_state("solved", solution=self.env._("Substitute accepted"))
            self._decide(ack_sudo, rows_sudo, "agreed")
            if ack_sudo.price != rows_sudo[:1].purchase_price:
                exception.sudo().purchase_id._dropship_apply_price(rows_sudo.purchase_line_id, ack_sudo.price)
            rows_sudo.offer_id = offer_sudo
            rows_sudo._accepted_as("changed")
            exception.sudo().purchase_id._dropship_confirm_answered()
        return True

    def action_buy_elsewhere(self):
        """Do not take it: the quantity is bought at the next best source, whatever it costs within the guards."""
        for exception in self._of_kind("price_raised", "substitute_offered"):
            rows_sudo = exception._decline("price" if exception.kind == "price_raised" else "refused")
            rows_sudo.line_id._dropship_source()
        return True

    def action_refuse_offer(self):
        """Do not take it, and buy nothing yet: the quantity waits for a person."""
        for exception in self._of_kind("price_raised", "substitute_offered"):
            rows_sudo = exception._decline("price" if exception.kind == "price_raised" else "refused")
            exception.sudo().purchase_id._dropship_given_back(rows_sudo)
        return True

    def _of_kind(self, *kinds):
        """Those of a kind that are still open, after asking for the right to decide."""
        self.check_access("write")
        return self.filtered(lambda row: row.kind in kinds and row.state == "open")

    def _asked_about(self):
        """(rows, the answer) a person decides about. The rows are the purchase's business, hence sudo."""
        self.ensure_one()
        row_sudo = self.sudo().allocation_id
        rows_sudo = row_sudo.purchase_line_id.dropship_allocation_ids.filtered(
            lambda row: row.ack_state == "asked" and row.state != "released"
        )
        if self.kind == "substitute_offered":
            rows_sudo &= row_sudo
        ack_sudo = row_sudo.ack_ids.filtered(lambda ack: ack.decision == "asked").sorted("id")[-1:]
        if not rows_sudo or not ack_sudo:
            raise UserError(self.env._("There is nothing to decide any more: reload the page."))
        return rows_sudo, ack_sudo

    def _decide(self, ack_sudo, rows_sudo, decision):
        asked = rows_sudo.ack_ids.filtered(lambda ack: ack.decision == "asked") | ack_sudo
        asked.write({"decision": decision, "decided_by_id": self.env.user.id, "decided_at": self.env.cr.now()})

    def _decline(self, reason):
        """:return: the rows, released"""
        rows_sudo, ack_sudo = self._asked_about()
        purchase_sudo = self.sudo().purchase_id
        if rows_sudo.filtered("qty_shipped"):
            raise UserError(self.env._("A part has left already: accept the price, or settle it with the supplier."))
        self._set_state("solved", solution=self.env._("Not taken"))
        self._decide(ack_sudo, rows_sudo, "declined")
        purchase_sudo._dropship_let_go(rows_sudo, reason, self.env._("Not taken by %s", self.env.user.name))
        return rows_sudo


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _check_substitute_price(self, price):
        """A purchase line has one price."""
        others = self.purchase_line_id.dropship_allocation_ids.filtered(lambda row: row.state != "released") - self
        if others and any(price != row.purchase_price for row in others):
            raise UserError(
                self.env._("He asks another price for a part of the line. Agree on the old one, or buy elsewhere.")
            )

    def _substitute_offer(self, sku):
        """The offer of the same supplier's warehouse for the same product under this SKU, counted alike."""
        offers = self.env["dropship.offer"].search(
            [
                ("warehouse_id", "=", self.warehouse_id.id),
                ("product_id", "=", self.product_id.id),
                ("sku", "=", sku),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        return offers.filtered(lambda offer: (offer.factor or 1.0) == (self.offer_id.factor or 1.0))[:1]
