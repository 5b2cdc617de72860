"""Counting and looking at what came: by us, or by the supplier through the same doors."""

from decimal import Decimal, InvalidOperation

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..case.locked import locked
from .words import CONDITION_CODES, CONDITIONS, ELSE, plain


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _receive(self, parcel, counts, by="agent", **more):
        """Somebody opened the parcel and counted.

        :param parcel: dropship.return.parcel of this case; an empty one: nobody announced it
        :param dict counts: {dropship.return.line or text of something else: quantity}, all that is in the parcel; zero:
            it is not in it
        :param more: `at`, `key` (of the message), `text`
        :return: the event
        :raises UserError: the counts are none, or it is not the time
        """
        return self._count("receive", parcel, [(what, "", qty) for what, qty in counts.items()], by, **more)

    def _inspect(self, parcel, rows, by="agent", **more):
        """Somebody looked at what came.

        :param rows: [{"line": dropship.return.line, "condition": one of CONDITIONS, "qty", "note", "photos"}, …], of
            each line all of its pieces
        :param more: as of `_receive`
        :return: the event
        """
        found = [(row["line"], row.get("condition") or "", row["qty"]) for row in rows if row["qty"]]
        if not found:
            raise UserError(self.env._("Say how many pieces are in which condition."))
        event = self._count("inspect", parcel, found, by, **more)
        notes = [row["note"] for row in rows if row.get("note")]
        photos = self.env["ir.attachment"].union(*(row["photos"] for row in rows if row.get("photos")))
        parcel_sudo = self.sudo()._parcel_of(event.parcel or "")  # the door asked for the right to look
        if photos:
            photos.sudo().write({"res_model": parcel_sudo._name, "res_id": parcel_sudo.id})
            parcel_sudo.photo_ids = [Command.link(photo.id) for photo in photos]
        if notes:
            parcel_sudo.note = "\n".join(filter(None, [parcel_sudo.note, *notes]))
        return event

    def _count(self, code, parcel, rows, by, **more):
        self.ensure_one()
        if parcel and parcel.return_id != self:
            raise UserError(self.env._("%(parcel)s is not a parcel of %(case)s.", parcel=parcel.key, case=self.name))
        self._check_counter(parcel, by)
        lines = [self._counted_row(code, *row) for row in rows]
        keys = [tuple(row[:-1]) for row in lines]
        if len(set(keys)) < len(keys):
            raise UserError(self.env._("Something is named twice. Add it up in one line."))
        if not lines:
            raise UserError(self.env._("Say how many pieces came."))
        case_sudo = self.sudo()  # whoever may count was asked for; events are the system's
        locked(case_sudo)
        case_sudo._check_can(code, by)
        if not parcel:
            parcel = case_sudo._make_parcel([], place="us" if by == "agent" else None)
        return case_sudo._record(code, by, parcel=parcel.key, lines=lines, **more)

    def _check_counter(self, parcel, by):
        """A supplier counts what goes to him; an agent counts here, or writes down what a supplier said."""
        if by == "supplier" and (not parcel or parcel.place != "supplier"):
            raise UserError(self.env._("This parcel does not go to you."))

    @api.model
    def _counted_row(self, code, what, condition, qty):
        """A row of an event: [line id or text, (condition,) quantity as text]."""
        try:
            number = Decimal(str(qty))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0 or number > 10**6:
            raise UserError(self.env._('"%s" is not a number of pieces.', str(qty)[:20]))
        if isinstance(what, str):
            name = " ".join(what.split())[:80]
            if not name:
                raise UserError(self.env._("Say what else was in the parcel."))
        elif what in self.line_ids:
            name = what.id
        else:
            raise UserError(self.env._("That line is not one of %s.", self.name))
        if code == "receive":
            return [name, plain(number)]
        if condition not in CONDITION_CODES:
            raise UserError(self.env._("Say in which condition the pieces are."))
        return [name, condition, plain(number)]


class DropshipReturnParcel(models.Model):
    _inherit = "dropship.return.parcel"

    def _lock(self):
        """Take the case: what two people do with one parcel follows one after the other."""
        locked(self.sudo().return_id)
        self.invalidate_recordset()

    def _check_agent(self):
        self.ensure_one()
        self.return_id.check_access("write")

    def action_as_sent(self):
        """All that was sent is there, as sent: count it in one step."""
        self._check_agent()
        counts = {line.line_id: line.qty for line in self.line_ids if line.qty}
        if not counts:
            raise UserError(self.env._("Nobody said what is in %s. Count it.", self.display_name))
        self.return_id._receive(self, counts)
        return True

    def action_arrived(self):
        """It lies here; what is in it is counted later."""
        self._check_agent()
        self.return_id.sudo()._record("arrive", "agent", parcel=self.key)  # the right was asked for
        return True

    def action_lost(self):
        """The carrier lost it."""
        self._check_agent()
        self.return_id.sudo()._record("lose", "agent", parcel=self.key)  # the right was asked for
        return True

    def action_to_us(self):
        """It came to us instead of the supplier."""
        self._check_agent()
        parcel_sudo = self.sudo()  # parcels are the system's
        parcel_sudo._lock()
        if parcel_sudo.counted_at:
            raise UserError(self.env._("%s was counted already: its goods were moved.", self.display_name))
        parcel_sudo.write({"place": "us", "warehouse_id": False})
        return True

    def action_count(self):
        """Open the form to count and look."""
        self._check_agent()
        return self.env["dropship.return.count"]._window(self.return_id, self)


class DropshipReturnCount(models.TransientModel):
    """Count what came in a parcel, and say in which condition it is."""

    _name = "dropship.return.count"
    _description = "Count and Inspect a Return"

    return_id = fields.Many2one("dropship.return", string="Case", required=True)
    parcel_id = fields.Many2one("dropship.return.parcel", domain="[('return_id', '=', return_id)]")
    row_ids = fields.One2many("dropship.return.count.row", "count_id")
    only_count = fields.Boolean(string="Count Only", help="Somebody looks at the goods later.")
    other = fields.Char(string="What Else Was in It")
    other_qty = fields.Float(string="Pieces", digits="Product Unit", default=1.0)
    note = fields.Text()
    photo_ids = fields.Many2many("ir.attachment", string="Photos")

    @api.model
    def _open(self, case, parcel):
        lines = parcel.line_ids or case.line_ids
        rows = []
        for line in lines:
            mine = line if line._name == "dropship.return.line" else line.line_id
            expected = mine.qty if line is mine else (line.qty_received or line.qty)
            rows.append(Command.create({"line_id": mine.id, "qty": expected, "condition": "as_new"}))
        return self.create({"return_id": case.id, "parcel_id": parcel.id, "row_ids": rows})

    @api.model
    def _window(self, case, parcel):
        """The form to count and look, opened."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count and Inspect"),
            "res_model": self._name,
            "res_id": self._open(case, parcel).id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        """Write it down; stock follows at once."""
        self.ensure_one()
        case, parcel = self.return_id, self.parcel_id
        case.check_access("write")
        if self.other:
            event = case._receive(parcel, {**self._counts(), self.other: self.other_qty or 1.0}, text=self.note or "")
            parcel = case.sudo()._parcel_of(event.parcel)
        elif self.only_count:
            case._receive(parcel, self._counts(), text=self.note or "")
            return {"type": "ir.actions.act_window_close"}
        if not self.only_count:
            rows = [
                {"line": row.line_id, "condition": row.condition, "qty": row.qty, "note": row.note}
                for row in self.row_ids
            ]
            if any(row["qty"] for row in rows):
                if self.photo_ids:
                    rows[0]["photos"] = self.photo_ids
                case._inspect(parcel, rows, text=self.note or "")
            elif not self.other:
                case._receive(parcel, self._counts(), text=self.note or "")
        return {"type": "ir.actions.act_window_close"}

    def _counts(self):
        counts = {}
        for row in self.row_ids:
            counts[row.line_id] = counts.get(row.line_id, 0.0) + (0.0 if row.condition in ELSE else row.qty)
        return counts


class DropshipReturnCountRow(models.TransientModel):
    _name = "dropship.return.count.row"
    _description = "So Many Pieces in One Condition"

    count_id = fields.Many2one("dropship.return.count", required=True, ondelete="cascade")
    return_id = fields.Many2one(related="count_id.return_id")
    line_id = fields.Many2one(
        "dropship.return.line", string="Item", required=True, domain="[('return_id', '=', return_id)]"
    )
    qty = fields.Float(string="Quantity", digits="Product Unit")
    condition = fields.Selection(CONDITIONS, required=True, default="as_new")
    note = fields.Char()
