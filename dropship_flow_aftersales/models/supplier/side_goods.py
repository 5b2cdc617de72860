"""What a supplier found in parcels: his words about SKUs become quantities of the case's lines."""

from decimal import Decimal

from odoo import models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.exceptions import UserError


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _factor(self, line):
        """How many units of the line are one of his SKU."""
        offer = line.allocation_ids.offer_id.filtered(lambda offer: offer.supplier_id == self.supplier_id)[:1]
        return (offer.factor or 1.0) if offer.product_id == line.product_id else 1.0

    def _sku(self, line):
        offer = line.allocation_ids.offer_id.filtered(lambda offer: offer.supplier_id == self.supplier_id)[:1]
        own = offer.product_id == line.product_id and offer.sku
        return own or line.product_id.default_code or offer.sku or ""

    def _line_of(self, said):
        """The line of the case he means, by our key or by his SKU.

        :raise UserError: none, or more than one
        """
        lines = self._lines()
        if said["line"]:
            found = lines.filtered(lambda line: str(line.id) == said["line"])
        else:
            wanted = " ".join(said["sku"].split()).casefold()
            found = lines.filtered(lambda line: " ".join(self._sku(line).split()).casefold() == wanted)
        if not found:
            raise UserError(
                self.env._(
                    "%(what)s is not in %(ref)s. In it are: %(known)s.",
                    what=said["sku"] or said["line"],
                    ref=self.ref,
                    known=", ".join(self._sku(line) for line in lines),
                )
            )
        if len(found) > 1:
            raise UserError(
                self.env._("%(what)s is in several lines of %(ref)s: give the key of the line.",
                           what=said["sku"], ref=self.ref)
            )  # fmt: skip
        return found

    def _rows(self, lines, code):
        """Rows of an event: [[line id, quantity]] of a count, [[line id, condition, quantity]] of an inspection.

        :raise UserError: a line that is not his, the same twice, or more than was asked back
        """
        rows, total = {}, {}
        for said in lines:
            line = self._line_of(said)
            qty = trimmed(said["qty"] * self._factor(line))
            name = (line, said["condition"]) if code == "inspect" else (line,)
            if name in rows:
                raise UserError(self.env._("%s is there twice: add it up.", self._sku(line)))
            rows[name] = qty
            total[line] = total.get(line, Decimal(0)) + qty
        for line, qty in total.items():
            if qty > line._decimal():
                raise UserError(
                    self.env._(
                        "%(sku)s: only %(asked)g were to come back, not %(said)g.",
                        sku=self._sku(line),
                        asked=line.qty / self._factor(line),
                        said=float(qty) / self._factor(line),
                    )
                )
        if code == "inspect":
            return [[line.id, condition, str(qty)] for (line, condition), qty in rows.items() if qty]
        return [[line.id, str(qty)] for (line,), qty in rows.items()]

    def _parcel_of(self, said):
        """The parcel he speaks of: the one he names, else the only one there is."""
        keys = {row["number"]: row.get("key") or row["number"] for row in self.parcels or []}
        numbers = list(keys)
        if said and numbers and said not in numbers:
            raise UserError(
                self.env._("No parcel %(number)s is known of %(ref)s. Known: %(known)s.",
                           number=said, ref=self.ref, known=", ".join(numbers))
            )  # fmt: skip
        if not said and len(numbers) > 1:
            raise UserError(self.env._("Say which parcel you opened: %s.", ", ".join(numbers)))
        number = said or (numbers[0] if numbers else "")
        return keys.get(number, number)

    def _back_parcel(self, key):
        """The parcel of an event; an empty one where there is none."""
        domain = [("return_id", "=", self.return_id.id), ("key", "=", key)]
        return self.env["dropship.return.parcel"].search(domain, limit=1)

    def _goods_fact(self, code, key_of_parcel, rows, key, photos=None):
        """Write down for the case what he counted or inspected in a parcel."""
        if not rows:  # he inspected and found nothing: that is a count of nothing
            code, rows = "receive", [[line.id, "0"] for line in self._lines()]
        case, lines = self.return_id, self.env["dropship.return.line"]
        parcel = self._back_parcel(key_of_parcel)
        if code == "receive":
            case._receive(parcel, {lines.browse(line): qty for line, qty in rows}, by="supplier", key=key)
        else:
            found = [
                {"line": lines.browse(line), "condition": condition, "qty": Decimal(qty)}
                for line, condition, qty in rows
            ]
            found[0]["photos"] = photos
            case._inspect(parcel, found, by="supplier", key=key)
