"""What the customer is told of his case by mail: one mail per fact, in his language, on the queue of mails."""

import logging
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...casework import stage
from ...casework.facts import PARTY

_logger = logging.getLogger(__name__)
FACTS = [
    ("received", "Request Received"),
    ("offer", "Offer Made"),
    ("remind", "Offer Ends Soon"),
    ("accepted", "Agreed"),
    ("send", "To Be Sent Back"),
    ("label", "Return Label Ready"),
    ("refused", "Refused"),
    ("arrived", "Parcel Arrived"),
    ("refunded", "Money Back"),
    ("replaced", "Replacement on Its Way"),
    ("closed", "Closed, Rating Asked For"),
]
GOODS = ("exchange", "replacement", "spare_part", "repair")
MONEY = ("return", "keep", "refund_only", "cancel", "intercept", "credit")
# Hours before an offer ends, for offers that last longer than twice that.
REMIND_HOURS = 24


class DropshipReturnNews(models.Model):
    """The customer was told of a fact. One row per fact and thing it is about: told twice is not possible."""

    _name = "dropship.return.news"
    _description = "News to the Customer of a Case"
    _order = "id desc"
    _rec_name = "fact"

    return_id = fields.Many2one("dropship.return", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    fact = fields.Selection(FACTS, required=True, readonly=True)
    about = fields.Char(required=True, default="-", readonly=True, help="Which offer or parcel of the case.")
    at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    email = fields.Char(readonly=True)
    error = fields.Char(readonly=True, help="Why it was not sent.")

    _once = models.UniqueIndex("(return_id, fact, about)", "The customer was told of it already.")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    news_ids = fields.One2many("dropship.return.news", "return_id", string="News to the Customer")

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _after_opening(self, by):
        """Override: who asked reads that it came in, before anything is decided."""
        if not self.withdrawal:
            self._tell("received")
        return super()._after_opening(by)

    def _after_event(self, event, before, after):
        """Override: what is news for the customer is told."""
        result = super()._after_event(event, before, after)
        if not event.ignored:
            self._tell_event(event, before, after)
        return result

    def _tell_event(self, event, before, after):
        if event.code == "offer" and PARTY[event.by] == "us":
            self._tell("offer", event.id)
        elif event.code == "refuse":
            self._tell("refused", event.id)
        elif event.code == "resolve":
            self._tell_resolved(event)
        elif event.code == "close" and after.acceptance != "cancelled":
            self._tell("closed", event.id)
        elif event.code in ("arrive", "receive") and before.reception not in ("received", "inspected"):
            self._tell("arrived", event.parcel or "-")
        self._tell_agreed(before, after)

    def _tell_agreed(self, before, after):
        """What was agreed since, and what is to be sent since."""
        known = {bound.key for bound in before.bound} if before else set()
        for bound in after.bound:
            if bound.key not in known and bound.how != "law":
                self._tell("accepted", bound.key)
        if before and stage(before) == "preparing" and stage(after) == "send":
            self._tell("send")

    def _tell_resolved(self, event):
        kind = (event.about_id.offer or {}).get("kind")
        if kind in GOODS:
            self._tell("replaced", event.about_id.id)
        elif kind in MONEY:
            self._tell("refunded", event.about_id.id)

    def _after_time(self, before_stage, after):
        """Override: silence that became an agreement is news, and so is an offer that ends soon."""
        result = super()._after_time(before_stage, after)
        for bound in after.bound:
            if bound.how == "silence":
                self._tell("accepted", bound.key)
        moment = self._remind_at(after)
        if moment and moment <= fields.Datetime.now():
            self._tell("remind", after.offer.key)
        return result

    @api.model
    def _remind_at(self, folded):
        """When the customer is reminded of the open offer; None: not at all."""
        if not folded.offer or folded.offer.answers != "customer" or not folded.offer.offer.until:
            return None
        until, hours = folded.offer.offer.until, timedelta(hours=REMIND_HOURS)
        return until - hours if until - folded.offer.at > 2 * hours else None

    @api.model
    def _wake_of(self, folded, due):
        """Override: the case is looked at when the customer is to be reminded, too."""
        wake, moment = super()._wake_of(folded, due), self._remind_at(folded)
        if moment and moment > fields.Datetime.now():
            return min(wake, moment) if wake else moment
        return wake

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _tell(self, fact, about="-"):
        """Queue the mail of a fact, once. What cannot be mailed is noted for us; it never stops what happened.

        :param about: which offer or parcel
        """
        if self.env.context.get("dropship_invented"):
            return self.env["dropship.return.news"]  # an invented day writes to nobody
        self.ensure_one()
        case_sudo = self.sudo()  # whoever did what is told of
        about = str(about)
        known = case_sudo.news_ids.filtered(lambda row: row.fact == fact and row.about == about)
        if known:
            return known
        with self.env["dropship.allocation"]._first_come():
            row = (
                self.env["dropship.return.news"]
                .sudo()
                .create(
                    {"return_id": self.id, "fact": fact, "about": about, "email": case_sudo.partner_id.email_normalized}
                )
            )
        if not row.email:
            row.error = self.env._("The customer has no valid e-mail address.")
            case_sudo._message_log(
                body=self.env._(
                    "The customer has no valid e-mail address. Send him the link yourself: %s", self._page_url()
                )
            )
            return row
        template_sudo = self.env.ref(f"dropship_flow_aftersales.mail_case_{fact}").sudo()
        try:
            with self.env.cr.savepoint():
                template_sudo.with_context(dropship_news=row.id).send_mail(
                    self.id,
                    force_send=False,
                    email_layout_xmlid="mail.mail_notification_light",
                    email_values=case_sudo._news_files(fact, about),
                )
        except (UserError, ValueError, TypeError, KeyError, AttributeError) as error:  # a template somebody has changed
            _logger.exception("Mail %s of case %s", fact, self.id)
            row.error = str(error)[:200]
        return row

    def _news_files(self, fact, about):
        """What goes with the mail, as values of it: the label of the parcel."""
        book = self._page_book(about) if fact == "label" else None
        return {"attachment_ids": [Command.link(book.label_id.id)]} if book and book.label_id else {}

    # ------------------------------------------------------------------
    # What templates can say
    # ------------------------------------------------------------------

    def _news_row(self):
        return self.env["dropship.return.news"].sudo().browse(self.env.context.get("dropship_news")).exists()

    def _news_lang(self):
        return self.sudo().partner_id.lang

    def _news_sender(self):
        company_sudo = self.company_id.sudo()
        return company_sudo.email_formatted or self.env.user.email_formatted

    def _news_title(self):
        """The headline of the page."""
        return self.sudo()._headline()["title"]

    def _news_next(self):
        return self.sudo()._headline()["next"]

    def _news_items(self):
        """What it is about, one text per line."""
        return [f"{item['qty']} × {item['name']}" for item in map(self.sudo()._page_item, self.sudo().line_ids)]

    def _news_offer(self):
        """The offer or agreement the mail is about, as a card; None without."""
        row = self._news_row()
        number = int(row.about) if row.about and row.about.isdecimal() else 0
        case_sudo = self.sudo()
        event = case_sudo.event_ids.filtered(lambda event: event.id == number and event.offer)
        if not event:
            return None
        return {
            **case_sudo._page_bargain(event._offer_of(event.offer)),
            "until": case_sudo._when(fields.Datetime.to_datetime(event.offer["until"]))
            if event.offer.get("until")
            else "",
            "words": event.text or "",
        }

    def _news_reason(self):
        """Why it was refused, as it was written to the customer."""
        return self.sudo()._page_refusal()

    def _news_send(self):
        """Where to send it; None while nothing is to be sent."""
        case_sudo = self.sudo()
        return case_sudo._page_send(case_sudo._verbs("customer"))

    def _news_money(self):
        return self.sudo()._page_money()

    def _news_orders(self):
        return self.sudo()._page_orders()

    def _news_link(self, rest=""):
        return self._page_url(rest)

    def _news_opened(self):
        return format_date(self.env, self.opened_at)
