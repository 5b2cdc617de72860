"""What a case says first, in one line and one sentence, by its stage. No supplier, no carrier, no inner word."""

from odoo import models
from odoo.addons.dropship_flow.models.reason_text import _lt

HEADLINES = {
    "asked": _lt("We are looking at it"),
    "your_turn": _lt("We have an offer for you"),
    "our_turn": _lt("We are thinking about your proposal"),
    "preparing": _lt("Agreed – we are preparing the way back"),
    "send": _lt("Please send it back"),
    "on_the_way": _lt("Your parcel is on its way back"),
    "partly": _lt("A part of it has arrived"),
    "arrived": _lt("Your parcel has arrived"),
    "checked": _lt("We have looked at what you sent"),
    "in_work": _lt("Agreed – we are taking care of it"),
    "not_sent": _lt("Nothing was sent back"),
    "unasked": _lt("Something came that was not agreed"),
    "refused": _lt("We could not agree to it"),
    "cancelled": _lt("You called it off"),
    "done": _lt("All done"),
}
NEXT = {
    "asked": _lt("Somebody looks at what you wrote and answers you here and by e-mail."),
    "your_turn": _lt("Accept it, decline it, or tell us what you would rather have."),
    "our_turn": _lt("You get our answer here and by e-mail."),
    "preparing": _lt("You get the address and all you need here and by e-mail. Please do not send anything yet."),
    "send": _lt("Below you find how, and what to write on it."),
    "on_the_way": _lt("You need not do anything. We write to you when it is there."),
    "partly": _lt("We wait for the rest and write to you when it is there."),
    "arrived": _lt("It is being opened and looked at now."),
    "checked": _lt("What was agreed is carried out now."),
    "in_work": _lt("You need not do anything. We write to you when it is done."),
    "not_sent": _lt("Nothing arrived in time, so nothing follows. If that is not right, write to us below."),
    "unasked": _lt("We look at it and write to you."),
    "refused": _lt("Below you read why. If you see it differently, write to us."),
    "cancelled": _lt("Nothing follows. You can ask again at any time."),
    "done": _lt("What was agreed has been carried out."),
}
ICONS = {
    "asked": "fa-search", "your_turn": "fa-handshake-o", "our_turn": "fa-hourglass-half", "preparing": "fa-cogs",
    "send": "fa-paper-plane", "on_the_way": "fa-truck", "partly": "fa-cubes", "arrived": "fa-cube",
    "checked": "fa-check-square-o", "in_work": "fa-cogs", "not_sent": "fa-clock-o", "unasked": "fa-question-circle",
    "refused": "fa-times-circle", "cancelled": "fa-ban", "done": "fa-check-circle",
}  # fmt: skip
# Colours of the badge in lists.
TONES = {
    "your_turn": "warning", "send": "warning", "done": "success", "refused": "secondary", "cancelled": "secondary",
    "not_sent": "secondary",
}  # fmt: skip


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _headline(self):
        """{title, next, icon, tone} of the stage, in the language of the environment."""
        self.ensure_one()
        stage = self.stage
        by_itself = self.origin == "parcel" and stage in ("send", "on_the_way")
        return {
            "title": self.env._(HEADLINES["on_the_way" if by_itself else stage]),
            "next": self._return_instructions()[0] if by_itself else self.env._(NEXT[stage]),
            "icon": ICONS[stage],
            "tone": TONES.get(stage, "primary"),
        }
