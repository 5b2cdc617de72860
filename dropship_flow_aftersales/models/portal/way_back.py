"""The way back, the money and what comes instead, as the page of a case shows them. Other parts keep the books; what is
not there yet is not shown."""

from odoo import models
from odoo.addons.dropship_flow.models.reason_text import _lt

from ...casework.facts import ZERO

PARCELS = {
    "lost": _lt("Lost on the way"),
    "checked": _lt("Looked at"),
    "there": _lt("Arrived"),
    "sent": _lt("On its way back"),
    "": _lt("To be sent"),
}
WAYS = {
    "payment": _lt("The way you paid"),
    "person": _lt("By bank transfer"),
    "credit": _lt("Store credit"),
}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _page_send(self, may):
        """Where to send it and what to write on it; None while nothing is to be sent."""
        rest = self._still_to_send() if "send" in may else []
        if self.stage not in ("send", "on_the_way", "partly") or not rest:
            return None
        return {
            "address": [] if self._label_coming() else self._page_address(),
            "number": self.name,
            "label_coming": self._label_coming(),
            "label": bool(self._page_label()),
            "tracking": self.parcel_ids.filtered(lambda one: one.state == "expected" and one.label_id)[:1].number or "",
            "until": self._when(self.due_at) if self.due_what == "send" and self.due_at else "",
            "items": [self._page_item(line) for line, _qty in rest],
        }

    def _page_address(self):
        """Lines of the address; none where nobody has said yet where it goes."""
        return [line for line in self._return_address() or () if line.strip()]

    def _page_label(self):
        """The label to print: an attachment; none where the customer sends it himself."""
        return self.parcel_ids.filtered(lambda parcel: parcel.state == "expected").label_id[:1]

    # ------------------------------------------------------------------
    # Parcels
    # ------------------------------------------------------------------

    def _page_book(self, key):
        """The parcel of a key in the book of parcels; None where there is none."""
        return self.parcel_ids.filtered(lambda parcel: parcel.key == key)[:1] or None

    def _page_number(self, key):
        """The carrier's number of a parcel, as the customer typed it."""
        parcel = self._page_book(key)
        return (parcel.number or "") if parcel else key

    def _page_parcels(self, folded):
        """[{number, carrier, word, when}] of what is on its way back or was."""
        return [self._page_parcel(parcel) for parcel in folded.parcels]

    def _page_parcel(self, parcel):
        state = "lost" if parcel.lost else "checked" if parcel.inspected else "there" if parcel.there else ""
        state = state or ("sent" if parcel.sent else "")
        book, moment, word = self._page_book(parcel.key), parcel.there or parcel.sent, PARCELS[state]
        return {
            "number": self._page_number(parcel.key),
            "carrier": (book.carrier_name or "") if book else "",
            "word": self.env._(word),
            "when": self._when(moment) if moment else "",
        }

    def _still_to_send(self):
        """[(line, quantity)] the customer is to send and has not."""
        if self.origin == "parcel":  # it comes back by itself
            return []
        rows = []
        for state in self._fold().lines:
            rest = state.back - max(state.sent, state.received) - state.lost
            if rest > ZERO:
                rows.append((self.line_ids.browse(state.key), rest))
        return rows

    # ------------------------------------------------------------------
    # Money and what comes instead
    # ------------------------------------------------------------------

    def _page_money(self):
        """[{amount, way, when, done}] of what went back to the customer, or is on its way."""
        rows = []
        for refund in self.refund_ids.filtered(lambda refund: refund.state != "cancelled").sorted("id"):
            rows += self._page_refund(refund)
        for resolution in self.resolution_ids:
            if resolution.card_points:
                moment = resolution.done_at or resolution.write_date
                rows.append(self._page_money_row(resolution.card_points, WAYS["credit"], moment, True))
        return rows

    def _page_refund(self, refund):
        """The payments of a refund; what a person still has to pay is one of them."""
        rows = []
        for money in refund.money_ids.sorted("id"):
            way = WAYS["person" if money.way == "person" or money.state == "person" else "payment"]
            rows.append(self._page_money_row(money.amount, way, money.write_date, money.state in ("sent", "done")))
        return rows

    def _page_money_row(self, amount, way, moment, done):
        return {
            "amount": self._page_amount(amount),
            "way": self.env._(way),
            "when": self._when(moment),
            "done": done,
        }

    def _page_orders(self):
        """[{name, url}] of the orders that replace what came back."""
        orders = self.resolution_ids.sale_order_ids.filtered(lambda order: order.state in ("sale", "cancel"))
        return [{"name": order.name, "url": order._dropship_track_url(lang=self.env.lang)} for order in orders]
