from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import fields, models

from ..answers import assign
from ..connectors.answer import FAULTS
from .exact import trimmed

KEPT = ("accepted", "backordered")


@dataclass
class Act:
    """One row and what he says of it."""

    row: Any
    status: str  # accepted, backordered, asked (a substitute), rejected
    said: Any
    verdict: str = ""
    vals: dict | None = None


class PurchaseOrder(models.Model):
    """Settles an answer that was read: refused first, then prices, then days, then what stays is accepted."""

    _inherit = "purchase.order"

    def _dropship_settle(self, said, answer, message):
        acts = self._dropship_acts(said)
        rows = self.dropship_allocation_ids.browse([act.row.id for act in acts])
        rows._answered()
        acts = self._dropship_take_refusals(acts, answer, message)
        if self.state == "cancel":
            return
        acts = self._dropship_take_substitutes(acts, message)
        late = self._dropship_take_terms(acts, message)
        self._dropship_confirm_answered()
        for order, flagged in late.grouped("order_id").items():
            order._dropship_promise_changed(flagged)

    def _dropship_acts(self, said):
        """Split the rows so that each gets one answer: [Act]. Rows that left are not touched."""
        acts = []
        for line in self.order_line:
            told = said.get(str(line.id))
            if not told:
                continue
            rows = line.dropship_allocation_ids.sorted("id")
            by_id = {row.id: row for row in rows}
            parts = [row._answer_row() for row in rows]
            for key, pieces in assign([part for part in parts if part.buy], self._dropship_wanted(told, rows, parts)):
                row = by_id[key]
                if row.state in ("shipped", "released"):
                    continue
                acts += [Act(part, piece.status, told) for part, piece in zip(row._split(pieces), pieces, strict=True)]
        return acts

    def _dropship_wanted(self, told, rows, parts):
        """What he says in reference units; the last quantity takes what the factor leaves over."""
        factor = trimmed(rows.offer_id[:1].factor or 1.0)
        named = {
            "accepted": told.accepted,
            "backordered": told.backordered,
            "asked": told.substituted,
            "rejected": told.rejected,
        }
        wanted = {status: quantity * factor for status, quantity in named.items() if quantity}
        if wanted:
            last = list(wanted)[-1]
            wanted[last] += sum(part.buy for part in parts) - sum(wanted.values())
        return wanted

    # --- refused ---

    def _dropship_take_refusals(self, acts, answer, message):
        """Give back what he does not have and buy it elsewhere. :return: the other acts"""
        refused = [act for act in acts if act.status == "rejected"]
        if not refused:
            return acts
        lines = self.env["sale.order.line"]
        going = self.dropship_allocation_ids.browse([act.row.id for act in refused])
        everything = going == self.dropship_allocation_ids.filtered(lambda row: row._is_open()) and not any(
            row.qty_shipped for row in self.dropship_allocation_ids
        )
        for act in refused:
            code = act.said.reason_code or answer.get("reason_code") or ""
            words = act.said.reason or answer.get("reason") or ""
            values = {"reason_code": code or False, "reason": words or False, "decision": "elsewhere"}
            values["fault"] = (code or "other") in FAULTS
            self.env["dropship.acknowledgement"]._record(act.row, "rejected", message, **values)
            act.vals = {"code": code, "words": words}
            lines |= act.row.line_id
        note = self._dropship_refusal_note(refused, answer)
        if everything:
            self.with_context(dropship_supplier_said_no=True)._dropship_refuse(note)
            return [act for act in acts if act not in refused]
        for act in refused:
            reason = "short" if act.vals["code"] == "not_enough" else "refused"
            text = self.env["dropship.acknowledgement"]._reason_text(act.vals["code"], act.vals["words"])
            act.row._release(reason, text)
        going.purchase_line_id._dropship_fit()
        supplier = self.dropship_warehouse_id.supplier_id.name
        self.dropship_sale_id._dropship_note(
            self.env._(
                "%(supplier)s refused a part of %(purchase)s: %(note)s",
                supplier=supplier,
                purchase=self.name,
                note=note,
            )
        )
        lines._dropship_source()
        return [act for act in acts if act not in refused]

    def _dropship_refusal_note(self, refused, answer):
        words = answer.get("reason") or refused[0].vals["words"]
        if not words and answer["status"] == "cancelled":
            return self.env._("Cancelled by the supplier")
        return self.env["dropship.acknowledgement"]._reason_text("" if words else refused[0].vals["code"], words)

    # --- substitutes ---

    def _dropship_take_substitutes(self, acts, message):
        """Something else is never taken by itself: a person decides. :return: the other acts"""
        offered = [act for act in acts if act.status == "asked"]
        for act in offered:
            row, sku = act.row, act.said.substitute
            if not sku:  # asked about before, and nothing new about it
                continue
            price = act.said.price and float(act.said.price / trimmed(row.offer_id.factor or 1.0))
            self.env["dropship.acknowledgement"]._record(
                row, "changed", message, substitute=sku, price=price or row.purchase_price, decision="asked"
            )
            row.ack_state = "asked"
            params = {
                "supplier": row.supplier_id.name,
                "purchase": self.name,
                "product": row.product_id.display_name,
                "sku": sku,
                "qty": f"{row.buy_qty:g}",
            }
            self.env["dropship.exception"]._raise(row, "substitute_offered", [["substitute_offered", params]])
        return [act for act in acts if act.status in KEPT]

    # --- what stays ---

    def _dropship_take_terms(self, acts, message):
        """Judge prices and days of what he ships, then accept it.

        :return: rows that arrive later than the customer was promised
        """
        late = self.env["dropship.allocation"]
        lines = self.order_line.browse(dict.fromkeys(act.row.purchase_line_id.id for act in acts))
        for line in lines:
            of_line = [act for act in acts if act.row.purchase_line_id == line]
            word, drifts = self._dropship_take_price(line, of_line, message)
            if word == "open":  # bought elsewhere, or a person is asked: nothing is accepted
                continue
            for act in of_line:
                late |= self._dropship_take_date(act, message, word == "changed", drifts.get(act.row, 0.0))
        return late

    def _dropship_take_date(self, act, message, changed, drift):
        """Accept one row on the day he names, or buy it elsewhere. :return: the row when it breaks the promise"""
        row, said = act.row, act.said
        day = fields.Date.to_date(said.date) if act.status == "backordered" or not said.backordered else None
        arrival = day and row._arrival(day)
        limit = row._promised_until()
        too_late = (act.status == "backordered" and not day) or bool(arrival and limit and arrival > limit)
        vals = {"date": day or False, "arrival_date": arrival or False, "drift": drift}
        vals["price"] = row.purchase_price
        if drift:
            vals["asked_price"] = act.vals["asked_price"]
        moved = bool(day and day != row.ships_on and act.status == "accepted")
        repeated = self._dropship_repeats(act, day, changed)
        if too_late and not repeated and self._dropship_elsewhere_in_time(row, limit):
            self.env["dropship.acknowledgement"]._record(
                row, "backordered" if act.status == "backordered" else "changed", message, **vals, decision="elsewhere"
            )
            return row.browse()
        if repeated:
            row._accepted_as(row.ack_state or "accepted")
            return row.browse()
        state = act.status if act.status == "backordered" else ("changed" if changed or moved else "accepted")
        self.env["dropship.acknowledgement"]._record(row, state, message, **vals)
        row._accepted_as(state, ships_on=day or row.ships_on, arrival=arrival)
        return row if too_late else row.browse()

    def _dropship_repeats(self, act, day, changed):
        """Whether the row has this very answer already."""
        row = act.row
        known = {"changed": "accepted"}.get(row.ack_state, row.ack_state)
        if row.state == "accepted" and not known:
            known = "accepted"
        return known == act.status and not changed and (not day or day == row.ships_on)

    def _dropship_confirm_answered(self):
        """The purchase is agreed once nothing of it waits for an answer; only now the transfer is born."""
        rows = self.dropship_allocation_ids
        waiting = rows.filtered(lambda row: row.state == "submitted" and row.ack_state != "asked")
        if self.state == "sent" and not waiting and rows.filtered(lambda row: row.state == "accepted"):
            self._dropship_confirm()


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _answered(self):
        """He spoke again: what a person was to decide about his earlier words is settled."""
        asked = self._open_exceptions().filtered(lambda row: row.kind in ("price_raised", "substitute_offered"))
        asked |= self.purchase_id.dropship_allocation_ids._open_exceptions().filtered(
            lambda row: row.kind == "ack_mismatch"
        )
        asked._set_state("solved", solution=self.env._("The supplier answered anew"))

    def _accepted_as(self, word, ships_on=False, arrival=None):
        """The row stays with the supplier, under these words."""
        for row in self:
            vals = {"ack_state": word}
            if ships_on:
                vals["ships_on"] = ships_on
            if arrival and (not row.promised_date or arrival > row.promised_date):
                vals["promised_date"] = arrival
            row.write(vals)
        self.filtered(lambda row: row.state == "submitted")._set_state("accepted")

    def _landed_at(self, price):
        """Landed cost of the rows if a unit cost this much (currency of the purchase)."""
        total = Decimal(0)
        for row in self:
            change = trimmed(price) / trimmed(row.purchase_price) if row.purchase_price else Decimal(1)
            total += trimmed(row.landed) + trimmed(row.goods) * (change - 1)
        return float(total)
