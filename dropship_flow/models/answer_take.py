from odoo import fields, models

from ..answers import Problem, read
from ..answers.model import Line
from .exact import trimmed


class PurchaseOrder(models.Model):
    """What an answer of the supplier means for his purchase. Everybody who has one calls `_dropship_take_answer`."""

    _inherit = "purchase.order"

    dropship_answer_serial = fields.Integer(copy=False, readonly=True, groups="base.group_user")
    dropship_answered_at = fields.Datetime(
        string="Answered On", copy=False, readonly=True, groups="base.group_user", help="The supplier's last answer."
    )

    def _dropship_take_answer(self, answer, message):
        """Do what the answer says, once; a repeated one changes nothing.

        Every answer is read as a whole first. One that cannot be about this purchase – unknown line, more than
        ordered, another currency, a price beyond reason – changes nothing: its message is parked with words, and an
        exception calls the buyer. Callers see that by `message.state == "parked"` and read why in `message.error`.

        Otherwise each named line is settled at once: accepted rows become `accepted`, refused parts are released and
        bought elsewhere, changed prices and days are judged. The purchase stays `sent` until no line waits for an
        answer, so that the rest is still asked for; the accepted lines do not wait for it, for a ship notice confirms
        the purchase too. An answer with the status accepted is about all lines: those not named are as ordered.

        :param dict answer: as `connectors.answer.clean` gives it
        :param message: the stored `dropship.exchange` it came in
        :raise UserError: when it cannot be taken; the message then needs a person
        """
        self.ensure_one()
        status = answer["status"]
        if answer.get("remote_ref") and not self.partner_ref:
            self.partner_ref = answer["remote_ref"]
        if status == "received":
            return
        old = self._dropship_is_old_answer(answer)
        if self.state == "cancel":
            if not old:
                self._dropship_take_late(answer, message)
            return
        if self.state not in ("sent", "purchase"):
            self._dropship_mismatch([Problem("ack_not_sent", {})], message)
            return
        if not old:
            # Two answers at once: the second waits here and is tried again on what the first left.
            self.dropship_answered_at = fields.Datetime.now()
            self.dropship_answer_serial = max(self.dropship_answer_serial, answer.get("serial") or 0)
            self.flush_recordset(["dropship_answered_at", "dropship_answer_serial"])
            if not self._dropship_take_lines(answer, message):
                return
        if status == "shipped":
            self._dropship_take_shipped(answer)

    def _dropship_is_old_answer(self, answer):
        """Whether he said something newer already; his parcels count all the same."""
        serial = answer.get("serial") or 0
        return 0 < serial < self.dropship_answer_serial

    def _dropship_take_lines(self, answer, message):
        """:return: whether the answer is about this purchase"""
        if answer["status"] == "cancelled" and not answer.get("lines") and self._dropship_cancel_questions():
            self._dropship_cancel_questions().action_supplier_agreed()
            return True
        lines = self._dropship_answer_lines()
        if answer["status"] in ("rejected", "cancelled") and not any(line.open - line.shipped for line in lines):
            self._dropship_mismatch([Problem("ack_all_shipped", {})], message)
            return False
        said, problems = read(lines, answer, self.currency_id.name)
        problems = problems or self._dropship_price_problems(said) + self._dropship_own_line_problems(said, answer)
        if problems:
            self._dropship_mismatch(problems, message)
            return False
        self._dropship_settle(said, answer, message)
        return True

    def _dropship_cancel_questions(self):
        """We asked him to stop it; these wait for his word."""
        return self.dropship_allocation_ids._open_exceptions().filtered(
            lambda exception: exception.kind == "cancel_asked"
        )

    def _dropship_answer_lines(self):
        """[answers.Line] of the purchase, in units of the supplier's SKU."""
        result = []
        for line in self.order_line:
            rows = line.dropship_allocation_ids
            if not rows and not line.display_type and line.product_qty:  # a person added it
                ordered = trimmed(line.product_uom_qty)
                result.append(Line(str(line.id), line.product_id.default_code or "", ordered, ordered))
            if not rows:
                continue
            factor = trimmed(rows.offer_id[:1].factor or 1.0)
            parts = [row._answer_row() for row in rows]
            result.append(
                Line(
                    str(line.id),
                    rows.offer_id[:1].sku or line.product_id.default_code or "",
                    self._dropship_in_skus(sum(trimmed(row.buy_qty) for row in rows), factor),
                    self._dropship_in_skus(sum(part.buy for part in parts), factor),
                    self._dropship_in_skus(sum(part.shipped for part in parts), factor),
                )
            )
        return result

    def _dropship_own_line_problems(self, said, answer):
        """Lines a person added belong to no sale: what he changes of them is settled by people."""
        problems = []
        for line in self.order_line.filtered(lambda line: not line.dropship_allocation_ids):
            told = said.get(str(line.id))
            if told and answer.get("lines") and (told.backordered or told.rejected or told.substituted or told.price):
                problems.append(Problem("ack_by_hand", {"product": line.product_id.display_name}))
        return problems

    def _dropship_in_skus(self, units, factor):
        quantity = round(units / factor, 6)
        return quantity.normalize() if quantity else quantity

    def _dropship_take_shipped(self, answer):
        """His parcels. Who ships has accepted; the numbers are checked by whoever validates the transfer."""
        self._dropship_accept()
        if answer.get("parcels"):
            self._dropship_take_parcels(answer["parcels"])

    def _dropship_take_late(self, answer, message):
        """An answer about what is bought elsewhere by now, or not wanted any more: kept, never done."""
        rows = self.dropship_allocation_ids
        reason = {"reason_code": answer.get("reason_code") or False, "reason": answer.get("reason") or False}
        new = rows.filtered(lambda row: not message or message not in row.ack_ids.message_id)
        self.env["dropship.acknowledgement"]._record(new, "late", message, decision="kept", **reason)
        if answer["status"] not in ("accepted", "changed", "shipped"):
            return
        if answer["status"] != "shipped" and self.dropship_warehouse_id.supplier_id.connection_id:
            # He may have refused before, and was not asked to stop then.
            self.env["dropship.exchange"]._enqueue(self, "cancel")
        self._dropship_duplicate_risk(message)
