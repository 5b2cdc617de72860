"""What a customer does on the page of his case. Each verb says in a word what came of it; repeats are silent."""

from decimal import Decimal, InvalidOperation

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...verdict.rows import NEED_GOODS
from ..remedies.choice import CHOSEN
from .draft import LONGEST

MOST_NUMBER = 60


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _say_take(self, who, about):
        """Accept the offer that was shown.

        :param int about: id of the event with the offer
        :return: done or already
        :raises UserError: it cannot be accepted any more
        """
        event = self._shown_offer(about)
        if any(bound.key == event.id for bound in self._fold().bound):
            return "already"
        self._record("take", who, about=event)
        return "done"

    def _say_decline(self, who, about, text=""):
        event = self._shown_offer(about)
        answers = self.event_ids.filtered(
            lambda one: one.code == "decline" and one.about_id == event and not one.ignored
        )
        if answers:
            return "already"
        self._record("decline", who, text=text[:LONGEST], about=event)
        return "done"

    def _shown_offer(self, about):
        event = self.event_ids.filtered(lambda event: event.id == about and event.code == "offer")
        if not event:
            raise UserError(self.env._("There is no such offer."))
        return event

    def _say_propose(self, who, kind, amount="", text="", key=None, instead=None):
        """Ask for something else.

        :param str amount: money as typed; empty: as calculated
        :param str key: of the form
        :param dict instead: {id of a line: id of the product wanted for it}
        :raises UserError: that cannot be asked for
        """
        if kind not in dict(self._page_wishes()):
            raise UserError(self.env._("Choose what you would rather have."))
        offer = self._with_instead(self._wish(kind, self._typed_amount(amount)), instead or {})
        self._record("offer", who, text=text[:LONGEST], offer=offer, key=key)
        return "done"

    def _typed_amount(self, text):
        """An amount as a customer types it; None for none.

        :raises UserError: it is no amount, or more than was paid
        """
        text = text.strip().replace(" ", "").strip(self.currency_id.symbol or "")
        if not text:
            return None
        if "," in text and "." not in text:
            text = text.replace(",", ".")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal(-1)
        most = sum(
            line.qty * line.order_line_id.price_total / line.order_line_id.product_uom_qty for line in self.line_ids
        )
        if not amount.is_finite() or amount <= 0 or amount != round(amount, self.currency_id.decimal_places):
            raise UserError(self.env._("Please write the amount as a number, e.g. 12.50."))
        if self.currency_id.compare_amounts(float(amount), most) > 0:
            raise UserError(self.env._("That is more than you paid for it: %s.", self.currency_id.format(most)))
        return amount

    def _wish(self, kind, amount=None):
        """The customer's proposal: by the policy's conditions, or as it is usual."""
        back = kind in NEED_GOODS or kind == "credit"
        offer = self._offer_from(kind, amount=amount)
        return offer._replace(to="us", after="inspected") if back and not offer.to else offer

    def _with_instead(self, offer, instead):
        """The offer with what the customer chose for each line."""
        code = CHOSEN.get(offer.kind)
        if not code:
            return offer
        chosen = {}
        for line in self.line_ids.filtered(lambda line: instead.get(line.id)):
            if instead[line.id] not in line._instead_choices(offer.kind).ids:
                raise UserError(self.env._("Choose which one you want instead."))
            chosen[line.id] = instead[line.id]
        kept = [one for one in offer.conditions if one[0] != code or one[1].get("line") not in chosen]
        added = [(code, {"line": line, "product": product}) for line, product in chosen.items()]
        offer = offer._replace(conditions=(*kept, *added))
        said = {figures["line"] for one, figures in offer.conditions if one == code}
        open_lines = self.line_ids.filtered(lambda line: line.id in dict(offer.lines) and line.id not in said)
        if any(len(line._instead_choices(offer.kind)) > 1 for line in open_lines):
            raise UserError(self.env._("Choose which one you want instead."))
        return offer

    def _say_sent(self, who, number, carrier=""):
        """The customer has sent it back.

        :return: done or already
        :raises UserError: nothing is to be sent
        """
        number = "".join(number.split())[:MOST_NUMBER].upper()
        if not number:
            raise UserError(self.env._("Please write the tracking number: it is on the receipt."))
        if any(parcel["number"] == number for parcel in self._page_parcels(self._fold())):
            return "already"
        if not self._still_to_send():
            raise UserError(self.env._("Nothing is to be sent any more. Write to us if you sent something."))
        self._send_back(number, carrier.strip()[:MOST_NUMBER] or None, by=who)
        return "done"

    def _say_cancel(self, who):
        if self.acceptance == "cancelled":
            return "already"
        self._record("cancel", who)
        return "done"

    def _say_score(self, who, stars, text="", key=None):
        """:return: done, already, nothing or late"""
        if stars not in (1, 2, 3, 4, 5):
            return "nothing"
        last = self.event_ids.filtered(lambda event: event.code in ("close", "score") and not event.ignored)
        if self.state == "closed" and last.sorted("id")[-1:].code == "score":  # once for each end
            return "already"
        if "score" not in self._verbs(who):
            return "late"
        self._record("score", who, text=text.strip()[:LONGEST], score=stars, key=key)
        return "done"

    def _say_message(self, text="", files=()):
        """Write to us, with photos or without.

        :param files: [(name, bytes)]
        :return: done or empty
        :raises UserError: a file is none we take; nothing was sent then
        """
        text = text.strip()[:LONGEST]
        if not text and not files:
            return "empty"
        photos = self.env["dropship.return.photos"]._keep(files, self, self._page_photos())
        if photos and self.state == "open":  # they are evidence
            self.line_ids.write({"photo_ids": [Command.link(photo.id) for photo in photos]})
        self.message_post(
            body=plaintext2html(text) if text else self.env._("Photos of the customer"),
            author_id=self.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=photos.ids,
        )
        return "done"

    # ------------------------------------------------------------------
    # Who hears of it
    # ------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        """Override: what a customer writes, on his page or by mail, is somebody's work."""
        result = super()._message_post_after_hook(message, msg_vals)
        public = message.message_type in ("comment", "email") and not message.is_internal
        if public and self and self._is_of_customer(message):
            self._customer_wrote()
        return result

    def _customer_wrote(self):
        """One open to-do, whatever he writes before somebody looks."""
        summary = self.env._("Answer the customer")
        case_sudo = self.sudo()  # written by a visitor
        known = case_sudo.activity_ids.filtered(lambda todo: todo.automated and todo.summary == summary)
        if not known:
            case_sudo.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(self),
                summary=summary,
                user_id=case_sudo.user_id.id,
            )

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Override: the customer's button in our mails leads to his page."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if not self:
            return groups
        customer = self.sudo().partner_id  # whoever writes to him
        button = {"url": self._page_url(), "title": self.env._("Look at your request")}
        data = {"active": True, "has_button_access": True, "button_access": button}
        return [("dropship_customer", lambda person: person["id"] == customer.id, data), *groups]
