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


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _page_send(self, may):
        """Where to send it and what to write on it; None while nothing is to be sent."""
        if self.stage not in ("send", "on_the_way", "partly") or "send" not in may:
            return None
        return {
            "address": self._page_address(),
            "number": self.name,
            "label": bool(self._page_label()),
            "until": self._when(self.due_at) if self.due_what == "send" and self.due_at else "",
            "items": [self._page_item(line) for line in self.line_ids if line.qty_back > line.qty_received],
        }

    def _page_address(self):
        """Lines of the address; none where nobody has said yet where it goes."""
        read = getattr(self, "_return_address", None)
        address = read() if read else ""
        if isinstance(address, models.BaseModel):
            return [
                line for line in (address._display_address(without_company=True) or "").splitlines() if line.strip()
            ]
        if isinstance(address, dict):
            address = address.get("text") or address.get("lines") or ""
        lines = address.splitlines() if isinstance(address, str) else address or []
        return [line for line in lines if line.strip()]

    def _page_label(self):
        """The label to print: an attachment; none where the customer sends it himself."""
        read = getattr(self, "_return_label", None)
        return read() if read else self.env["ir.attachment"]

    def _page_parcels(self, folded):
        """[{number, carrier, link, word}] of what is on its way back or was."""
        rows = []
        for parcel in folded.parcels:
            state = "lost" if parcel.lost else "checked" if parcel.inspected else "there" if parcel.there else ""
            state = state or ("sent" if parcel.sent else "")
            rows.append({"number": parcel.key, "word": self.env._(PARCELS[state]), "at": parcel.there or parcel.sent})
        for row in rows:
            row["when"] = self._when(row["at"]) if row["at"] else ""
            row |= self._page_parcel_more(row["number"])
        return rows

    def _page_parcel_more(self, number):
        """{carrier, link} of a parcel, where the book of parcels knows them."""
        more = {"carrier": "", "link": ""}
        if "dropship.return.parcel" not in self.env:
            return more
        parcels = self.env["dropship.return.parcel"]
        parcel = parcels.search([("return_id", "=", self.id), ("number", "=", number)], limit=1)
        for name, known in (("carrier", ("carrier_title", "carrier_name", "carrier")), ("link", ("tracking_url",))):
            more[name] = next((parcel[field] for field in known if field in parcels._fields and parcel[field]), "")
        return more

    def _page_money(self):
        """[{amount, way, when, done}] of what went back to the customer, or is on its way."""
        rows = []
        for refund in self._page_refunds():
            rows.append(
                {
                    "amount": self._page_amount(refund.amount),
                    "way": self._page_way(refund),
                    "when": self._when(refund.create_date),
                    "done": refund.state == "done",
                }
            )
        return rows

    def _page_refunds(self):
        """The refunds of the case, where the refund book is there."""
        if "dropship.refund" not in self.env:
            return self.browse()
        refunds = self.env["dropship.refund"]
        link = "return_id" if "return_id" in refunds._fields else "resolution_id.return_id"
        return refunds.search([(link, "=", self.id), ("state", "!=", "cancelled")], order="id")

    def _page_way(self, refund):
        """By which way the money goes, in the customer's words."""
        read = getattr(refund, "_way_text", None)
        return read() if read else self.env._("The way you paid")

    def _page_orders(self):
        """[{name, url}] of the orders that replace what came back."""
        resolutions = self.resolution_ids
        names = [name for name in ("order_id", "sale_order_id", "new_order_id") if name in resolutions._fields]
        orders = self.env["sale.order"].union(
            *(resolutions[name] for name in names if resolutions._fields[name].comodel_name == "sale.order")
        )
        return [
            {"name": order.name, "url": order._dropship_track_url(lang=self.env.lang)}
            for order in orders - self.line_ids.order_id
        ]

    def _still_to_send(self):
        """[(line, quantity)] the customer is to send and has not."""
        rows = []
        for state in self._fold().lines:
            rest = state.back - max(state.sent, state.received) - state.lost
            if rest > ZERO:
                rows.append((self.line_ids.browse(state.key), rest))
        return rows
