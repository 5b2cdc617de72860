"""What happened in a case, as its customer reads it: events in our words, and what was written."""

from odoo import fields, models
from odoo.addons.dropship_flow.models.reason_text import _lt
from odoo.tools import format_date, format_time, html2plaintext

from ...casework.facts import PARTY

# Event, or event:who. What stands here with nobody is said whoever did it; what does not stand here is not shown.
SENTENCES = {
    "offer:us": _lt("We offer: %(what)s"),
    "offer:customer": _lt("You proposed: %(what)s"),
    "take:customer": _lt("You accepted our offer"),
    "take:us": _lt("We accepted your proposal"),
    "decline:customer": _lt("You declined our offer"),
    "decline:us": _lt("We declined your proposal"),
    "accept:us": _lt("We agreed: %(what)s"),
    "refuse:us": _lt("We could not agree to it"),
    "cancel:customer": _lt("You called it off"),
    "cancel:us": _lt("Called off for you"),
    "withdraw": _lt("You withdrew from the contract"),
    "approve": _lt("You can send it back now"),
    "redirect": _lt("You can send it back now"),
    "resolve": _lt("Done: %(what)s"),
    "close": _lt("Closed"),
    "score": _lt("You gave %(score)s of 5 stars"),
    "send:customer": _lt("You sent it back %(number)s"),
    "send:us": _lt("It was sent back %(number)s"),
    "arrive": _lt("Your parcel arrived"),
    "lose": _lt("Your parcel was lost on the way back. We take care of it."),
    "inspect": _lt("We looked at what you sent"),
    "not_coming:customer": _lt("You told us that you keep it"),
    "not_coming:us": _lt("Nothing was sent back in time"),
}  # fmt: skip


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _zone(self):
        """Where the customer looks at his clock."""
        return self.line_ids.order_id[:1]._dropship_track_zone()

    def _when(self, moment):
        """A moment as people write it, in the zone of the environment."""
        here = self.with_context(tz=self.env.context.get("tz") or self._zone())
        day = fields.Datetime.context_timestamp(here, moment).date()
        time = format_time(here.env, moment, tz=here.env.context["tz"], time_format="short")
        return f"{format_date(self.env, day)}, {time}"

    def _timeline(self):
        """[{at, when, mine, text, words, photos}], oldest first. `words` are what somebody wrote with it."""
        self.ensure_one()
        rows = [self._timeline_start()]
        shown = self.event_ids.filtered(lambda event: not event.ignored).sorted("id")
        rows += filter(None, map(self._timeline_event, shown))
        rows += map(self._timeline_message, self._public_messages())
        for row in sorted(rows, key=lambda row: row["at"]):
            row["when"] = self._when(row["at"])
        return sorted(rows, key=lambda row: row["at"])

    def _timeline_start(self):
        return {
            "at": self.opened_at,
            "mine": self.origin in ("portal", "guest"),
            "text": self.env._("Request %s", self.name),
            "words": self.note or "",
            "photos": [],
        }

    def _timeline_event(self, event):
        party = PARTY[event.by]
        sentence = SENTENCES.get(f"{event.code}:{party}") or SENTENCES.get(event.code)
        if not sentence:
            return None
        figures = {
            "what": self._offer_text(event.offer or event.about_id.offer),
            "score": event.score,
            "number": self._page_number(event.parcel or ""),
        }
        # What the system wrote down of itself, and what the supplier said, is not for the customer.
        public = event.by != "supplier" and event.code in (
            "offer",
            "accept",
            "refuse",
            "decline",
            "take",
            "score",
            "cancel",
        )
        return {
            "at": event.at,
            "mine": party == "customer",
            "text": self.env._(sentence, **figures).strip(),
            "words": event.text or "" if public else "",
            "photos": [],
        }

    def _offer_text(self, data):
        """An offer in a few words, with its amount."""
        if not data:
            return ""
        title = self._outcome_title(data["kind"])
        amount = float(data.get("amount") or 0)
        return f"{title} – {self.currency_id.format(amount)}" if amount else title

    def _public_messages(self):
        """What the customer and we wrote to each other; notes among us are not."""
        return self.message_ids.filtered(
            lambda message: (
                message.message_type in ("comment", "email")
                and not message.is_internal
                and message.subtype_id == self.env.ref("mail.mt_comment")
            )
        )

    def _is_of_customer(self, message):
        return message.author_id.commercial_partner_id == self.partner_id.commercial_partner_id

    def _timeline_message(self, message):
        mine = self._is_of_customer(message)
        return {
            "at": message.date,
            "mine": mine,
            "text": self.env._("You wrote") if mine else self.env._("We wrote"),
            "words": html2plaintext(message.body, include_references=False).strip(),
            "photos": message.attachment_ids.ids,
        }
