"""Many orders at once: pasted tracking numbers, and the order sheet filled in."""

import json
from urllib.parse import quote

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..models.desk_answer import CHANGED, KNOWN, PARKED
from ..papers import TYPES
from ..supplier_desk import paste
from .supplier_desk import DropshipSupplierDesk, both

MAX_FILE = 5 * 1024 * 1024
MAX_ANSWERS = 2000


class DropshipSupplierBulk(DropshipSupplierDesk):
    # ------------------------------------------------------------------
    # Pasted numbers
    # ------------------------------------------------------------------

    @both("/numbers", methods=["GET", "POST"])
    def supplier_desk_numbers(self, token=None, text="", step="", **data):
        desk = self._desk(token)
        if not desk:
            return self._desk_gone(token)
        text = text[:100_000]
        if request.httprequest.method != "POST" or not text.strip():
            return self._desk_page("dropship_flow.supplier_desk_numbers", desk, text=text)
        known = self._known(desk, paste.words(text))
        rows = paste.read(text, known)
        if step != "apply":
            return self._numbers_preview(desk, text, rows, known)
        results = []
        for ref, parcels in paste.orders(rows).items():
            raw = {
                "status": "shipped",
                "parcels": [{"number": number, "carrier": carrier, "lines": []} for number, carrier in parcels],
            }
            results.append(self._apply(desk, known[ref], raw, data.get(f"stamp_{known[ref].id}", "")))
        return self._desk_page("dropship_flow.supplier_desk_results", desk, results=results)

    def _numbers_preview(self, desk, text, rows, known):
        """What was understood, line by line; nothing is done yet."""
        words = self._paste_words()
        for row in rows:
            order_sudo = known.get(row["ref"])
            if not row["error"] and order_sudo and order_sudo._dropship_desk_state() == "cancelled":
                row["error"] = "cancelled"
            row["why"] = words.get(row["error"], "")
            row["who"] = (order_sudo._dropship_ship_to() or {}).get("name", "") if order_sudo else ""
        good = paste.orders(rows)
        stamps = {known[ref].id: known[ref]._dropship_desk_stamp() for ref in good}
        return self._desk_page(
            "dropship_flow.supplier_desk_numbers", desk, text=text, rows=rows, good=len(good), stamps=stamps
        )

    def _known(self, desk, words):
        """{number in capitals: order} of his own orders among the words."""
        orders_sudo = desk.purchases().search(desk.domain() & Domain("name", "in", list(words)), order="id")
        return {order.name.upper(): order for order in orders_sudo}

    def _paste_words(self):
        return {
            "no_order": request.env._("No number of an open order in this line"),
            "no_number": request.env._("No tracking number in this line"),
            "excel": request.env._("Excel has shortened this number: format the column as text and copy it again"),
            "too_many": request.env._("Too many numbers for one order"),
            "twice": request.env._("This number is in another line for another order"),
            "cancelled": request.env._("This order was cancelled. Please do not ship it."),
        }

    def _apply(self, desk, order_sudo, raw, stamp):
        """One answer of many; what cannot be done stops no other.

        :return dict: order, what was said, error
        """
        numbers = ", ".join(parcel["number"] for parcel in raw.get("parcels") or ())
        result = {"name": order_sudo.name, "id": order_sudo.id, "numbers": numbers, "error": ""}
        try:
            with request.env.cr.savepoint():
                said = order_sudo._dropship_desk_put(raw, stamp, desk.link_sudo)
        except UserError as error:
            return {**result, "error": str(error)}
        if said == CHANGED:
            result["error"] = request.env._("The order changed meanwhile. Please look at it once more.")
        if said == PARKED:
            result["error"] = request.env._("It does not fit the order. Somebody of us looks at it.")
        return {**result, "known": said == KNOWN}

    # ------------------------------------------------------------------
    # The order sheet
    # ------------------------------------------------------------------

    @both("/sheet", methods=["GET"])
    def supplier_desk_sheet(self, token=None, **_other):
        """Today's orders as a file."""
        desk = self._desk(token)
        orders_sudo = desk and desk.purchases().search(
            desk.domain("answer") | desk.domain("ship"), order="dropship_leaves_by, id", limit=MAX_ANSWERS
        )
        if not desk:
            return self._desk_gone(token)
        self._desk_seen(desk, orders_sudo, "sheet")
        name, content = orders_sudo._dropship_order_sheet(request.env.context.get("lang"))
        return self._desk_file(content, name, TYPES["xlsx"][0])

    @both("/upload", methods=["GET", "POST"])
    def supplier_desk_upload(self, token=None, file=None, answers="", **_other):
        """The filled file: first what each row means, then, confirmed, the answers."""
        desk = self._desk(token)
        if not desk:
            return self._desk_gone(token)
        if request.httprequest.method == "POST" and answers:
            return self._upload_apply(desk, answers)
        if request.httprequest.method == "POST" and file:
            return self._upload_preview(desk, file)
        return self._desk_page("dropship_flow.supplier_desk_upload", desk)

    def _upload_preview(self, desk, file):
        content = file.read(MAX_FILE + 1)
        if len(content) > MAX_FILE:
            error = request.env._("The file is larger than 5 MB. Send only the rows you filled in.")
            return self._desk_page("dropship_flow.supplier_desk_upload", desk, status=422, error=error)
        try:
            found, rejected = desk.purchases()._dropship_desk_read_sheet(content, file.filename or "")
        except (UserError, ValueError) as error:
            return self._desk_page("dropship_flow.supplier_desk_upload", desk, status=422, error=str(error))
        known = self._known(desk, {str(raw.get("ref", "")).upper() for raw in found})
        good, rows = [], []
        for raw in found[:MAX_ANSWERS]:
            order_sudo = known.get(str(raw.get("ref", "")).upper())
            if not order_sudo:
                rejected.append((raw.get("ref", ""), request.env._("No number of an open order in this line")))
                continue
            good.append({**raw, "stamp": order_sudo._dropship_desk_stamp()})
            rows.append({"name": order_sudo.name, "means": self._means(raw)})
        return self._desk_page(
            "dropship_flow.supplier_desk_upload",
            desk,
            rows=rows,
            rejected=rejected,
            rejected_csv=quote("\ufeff" + "\r\n".join(f"{_cell(place)},{_cell(why)}" for place, why in rejected)),
            answers=json.dumps(good) if good else "",
        )

    def _means(self, raw):
        """What a row of the file says, in words."""
        parcels = raw.get("parcels") or []
        if parcels:
            told = ", ".join(f"{parcel.get('number', '')} {parcel.get('carrier', '')}".strip() for parcel in parcels)
            return request.env._("Shipped: %s", told)
        words = {
            "accepted": request.env._("Accepted"),
            "changed": request.env._("Accepted with changes"),
            "rejected": request.env._("Refused"),
        }
        return words.get(raw.get("status"), raw.get("status"))

    def _upload_apply(self, desk, answers):
        try:
            found = json.loads(answers[:MAX_FILE])
            pairs = [(str(raw.pop("ref", "")).upper(), str(raw.pop("stamp", "")), raw) for raw in found[:MAX_ANSWERS]]
        except (TypeError, ValueError, AttributeError):
            error = request.env._("This file was not understood. Please upload it once more.")
            return self._desk_page("dropship_flow.supplier_desk_upload", desk, status=422, error=error)
        known = self._known(desk, {ref for ref, _stamp, _raw in pairs})
        results = [
            self._apply(desk, known[ref], raw, stamp)
            for ref, stamp, raw in sorted(pairs, key=lambda pair: pair[0])
            if ref in known
        ]
        return self._desk_page("dropship_flow.supplier_desk_results", desk, results=results)


def _cell(value):
    """A cell of a CSV file that no spreadsheet takes for a formula."""
    text = str(value).replace('"', '""')
    guard = "'" if text[:1] in tuple("=+-@") else ""
    return f'"{guard}{text}"'
