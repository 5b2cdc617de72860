"""What a supplier does on his page becomes an answer like any other: stored, then acted on, once."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..connectors import answer as answers
from ..supplier_desk import form
from ..supplier_desk.errors import Typed

DONE, KNOWN, CHANGED, PARKED = "done", "known", "changed", "parked"
VERBS = ("accept", "refuse", "change", "ship")


class StalePage(Exception):
    """The page shows what is no longer so."""


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    link_id = fields.Many2one(
        "dropship.supplier.link", string="By Link", readonly=True, ondelete="set null", index="btree_not_null"
    )


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_desk_do(self, verb, data, link=None):
        """What a form of the order's page asks for.

        :param str verb: one of VERBS
        :param dict data: the fields of the form, with the stamp of what the page showed
        :return: DONE, KNOWN (it was done already) or CHANGED (somebody was faster: nothing was done)
        :raise UserError: in words what is to be corrected
        """
        self.ensure_one()
        if verb == "accept" and data.get("stamp") == self._dropship_desk_stamp() and self.state == "purchase":
            return KNOWN
        try:
            raw = self._dropship_desk_raw(verb, data)
        except Typed as error:
            raise UserError(self.env["dropship.supplier"]._desk_words(error)) from None
        return self._dropship_desk_put(raw, str(data.get("stamp") or ""), link)

    def _dropship_desk_raw(self, verb, data):
        lines = self._dropship_desk_lines()
        if verb == "accept":
            return form.accept()
        if verb == "refuse":
            return form.refuse(data)
        if verb == "change":
            return form.changed(data, lines)
        if verb == "ship":
            numbers = self._dropship_numbers(data.get("numbers"))
            lines = [{**line, "qty": self._dropship_desk_open(line)} for line in lines]
            return form.shipped(numbers, data.get("carrier"), data, lines)
        raise UserError(self.env._("Choose what you want to do."))

    def _dropship_desk_put(self, raw, stamp, link=None):
        """Store an answer and act on it, in one step that the same click cannot take twice.

        :param str stamp: of the page or file the answer was given to
        """
        self.ensure_one()
        try:
            answer = answers.clean({**raw, "ref": self.name})
        except ValueError as error:
            raise UserError(self.env._("This cannot be read: %s", error)) from None
        try:
            with self.env.cr.savepoint():
                return self._dropship_desk_take(answer, stamp, link)
        except StalePage:
            self.env.invalidate_all(flush=False)
            return CHANGED

    def _dropship_desk_take(self, answer, stamp, link):
        fresh = stamp == self._dropship_desk_stamp()
        supplier = self.dropship_warehouse_id.supplier_id
        message = self.env["dropship.exchange"]._put_in(
            answer, f"desk {self.id} {stamp}", self, supplier, self.company_id, link_id=link.id if link else False
        )
        if not message:
            return KNOWN
        if not fresh:
            raise StalePage
        self._dropship_desk_next_turn()
        message._process()
        if message.state == "parked":  # kept; a person of ours looks at it
            return PARKED
        return DONE

    def _dropship_desk_next_turn(self):
        """Lock and write: of two who act at the same moment one is tried again and then sees what the other did."""
        self.env.cr.execute(
            SQL(
                "UPDATE purchase_order SET dropship_desk_turn = COALESCE(dropship_desk_turn, 0) + 1 WHERE id = %s",
                self.id,
            )
        )
        self.invalidate_recordset(["dropship_desk_turn"], flush=False)

    def _dropship_desk_change(self, change, verdict, note, stamp):
        """His answer to what he was asked to change."""
        self.ensure_one()
        if verdict not in ("yes", "no", "too_late"):
            raise UserError(self.env._("Choose what you want to do."))
        if change.state == verdict:
            return KNOWN
        if change.state != "asked" or stamp != self._dropship_desk_stamp():
            return CHANGED
        with self.env.cr.savepoint():
            self._dropship_desk_next_turn()
            change._answer(verdict, note)
        return DONE


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_words(self, error):
        """What is wrong with what somebody typed, in his language."""
        words, figures = self.env._, error.figures
        texts = {
            "number": words('%(sku)s: "%(text)s" is no number.', sku=figures.get("sku"), text=figures.get("text")),
            "day": words(
                '%(sku)s: "%(text)s" is no date. Write it like 2026-12-24.',
                sku=figures.get("sku"),
                text=figures.get("text"),
            ),
            "too_many": words(
                "%(sku)s: only %(qty)s are ordered. Correct the quantities.",
                sku=figures.get("sku"),
                qty=figures.get("qty"),
            ),
            "later_day": words("%(sku)s: enter the day on which the rest leaves.", sku=figures.get("sku")),
            "reason": words("Choose why you refuse the order."),
            "too_many_numbers": words("More than %s numbers for one order. Please ask us.", figures.get("limit")),
            "one_parcel": words(
                "Quantities belong to one parcel: enter one tracking number with its quantities, then the next one."
            ),
        }
        return texts.get(error.code, error.code)
