"""What stands on the page of a case: plain words and figures, so that no template can show more."""

from odoo import models
from odoo.tools import formatLang

from ...casework.facts import PARTY
from ..remedies.choice import CHOSEN
from .cards import ICONS, TITLES
from .photos import SHOWN_INLINE


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _page(self, who):
        """All the page shows, for who has its link or is the customer. Runs as the system.

        :param str who: customer or guest
        """
        self.ensure_one()
        case = self.with_context(tz=self._zone(), display_default_code=False)
        folded = case._fold()
        may = case._verbs(who, folded)
        return {
            "name": case.name,
            "stage": case.stage,
            **case._headline(),
            "items": [case._page_item(line) for line in case.line_ids],
            "refusal": case._page_refusal() if case.stage == "refused" else "",
            "offer": case._page_offer(folded),
            "proposal": case._page_proposal(folded),
            "agreed": [case._page_agreed(bound) for bound in folded.bound],
            "may": may,
            "wishes": case._page_wishes() if "offer" in may else [],
            "choices": case._page_wish_choices() if "offer" in may else [],
            "send": case._page_send(may),
            "parcels": case._page_parcels(folded),
            "money": case._page_money(),
            "orders": case._page_orders(),
            "timeline": case._timeline(),
            "photos": [case._page_photo(photo) for photo in case._page_photos()],
            "may_write": not case.closed_at or case.state == "open" or "score" in may,
            "score": case.score,
            "zone": case.env.context["tz"].replace("_", " "),
            "due": case._when(case.due_at) if case.due_by == "us" and case.due_at and case.stage == "asked" else "",
        }

    def _page_item(self, line):
        return {
            "name": line.product_id.with_context(display_default_code=False).display_name,
            "image": line.product_id.image_128,
            "qty": f"{line.qty:g}",
            "unit": "" if line.uom_id == self.env.ref("uom.product_uom_unit") else line.uom_id.name,
            "reason": line.reason_id.name,
            "order": line.order_id.name,
            "note": line.note or "",
        }

    def _page_refusal(self):
        event = self.event_ids.filtered(lambda event: event.code == "refuse" and not event.ignored).sorted("id")[-1:]
        return event.text or ""

    def _page_offer(self, folded):
        """The offer that waits for the customer."""
        if not folded.offer or folded.offer.answers != "customer":
            return None
        return self._page_open(folded)

    def _page_proposal(self, folded):
        """The customer's own proposal that waits for us."""
        if not folded.offer or folded.offer.answers != "us":
            return None
        return self._page_open(folded)

    def _page_open(self, folded):
        offer = folded.offer.offer
        event = self.event_ids.browse(folded.offer.key)
        card = self._page_bargain(offer)
        card["id"], card["words"] = event.id, event.text or ""
        card["until"] = self._when(offer.until) if offer.until else ""
        card["silence"] = offer.silence if PARTY[event.by] == "us" else ""
        return card

    def _page_bargain(self, offer):
        lines = {line.id: line for line in self.line_ids}
        parts = [
            f"{qty.normalize():f} × {self._page_item(lines[key])['name']}" for key, qty in offer.lines if key in lines
        ]
        quote = self._page_quote(offer)
        return {
            "kind": offer.kind,
            "title": self._outcome_title(offer.kind),
            "icon": ICONS.get(offer.kind, "fa-circle-o"),
            "amount": quote["amount"],
            "credit": quote["credit"],
            "parts": parts if len(self.line_ids) > 1 or any(line.qty != 1 for line in self.line_ids) else [],
            "back": bool(offer.to in ("supplier", "us")),
            "after": offer.after,
        }

    def _page_quote(self, offer):
        """What the customer gets of an offer in money and credit: as agreed, or as calculated."""
        amount = offer.amount or 0
        if offer.amount is None:
            # Store credit is what would go back as money.
            quote = self._quote(offer._replace(kind="return") if offer.kind == "credit" else offer)
            amount = quote["money"]
        text = self._page_amount(amount)
        return {"amount": "", "credit": text} if offer.kind == "credit" else {"amount": text, "credit": ""}

    def _page_amount(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id) if amount else ""

    def _page_agreed(self, bound):
        return {**self._page_bargain(bound.offer), "done": bool(bound.resolved), "law": bound.how == "law"}

    def _page_wishes(self):
        """What the customer can ask for instead: [(kind, title)]."""
        known = [offer["kind"] for offer in self._policy_offers() if offer.get("verdict") != "refuse"]
        absent = all(line.reason_id.absent for line in self.line_ids)
        usual = ["replacement", "refund_only"] if absent else ["return", "exchange", "repair", "keep", "replacement"]
        kinds = dict.fromkeys(kind for kind in (*known, *usual) if kind in TITLES and kind != "nothing")
        return [(kind, self._outcome_title(kind)) for kind in kinds]

    def _page_wish_choices(self):
        """What the customer chooses among where he proposes an exchange or a part.

        :return: [{"kind", "title", "line": id of the case's line, "name", "options": [(id, name)]}]
        """
        kinds = [kind for kind, _title in self._page_wishes() if kind in CHOSEN]
        rows = []
        for kind in kinds:
            for line in self.line_ids:
                choices = line._instead_choices(kind)
                if len(choices) > 1:
                    options = [(product.id, product.display_name) for product in choices]
                    item, title = self._page_item(line)["name"], self._outcome_title(kind)
                    rows.append({"kind": kind, "title": title, "line": line.id, "name": item, "options": options})
        return rows

    def _page_photos(self):
        """What the customer may look at again: his own files, those he wrote to us, and those we wrote to him."""
        return self.line_ids.photo_ids | self._public_messages().attachment_ids

    def _page_photo(self, photo):
        return {
            "id": photo.id,
            "name": photo.name,
            "shown": photo.mimetype in SHOWN_INLINE,
            "video": (photo.mimetype or "").startswith("video/"),
        }
