"""When a supplier has to have shipped, and what is noted about him at each step of an allocation."""

from collections import defaultdict

import pytz
from odoo import api, fields, models

from ..scoring import open_hours

# What a release says about the supplier: {reason: kind of fact}. Everything else is our own doing.
FACT_OF_RELEASE = {
    "refused": "refused",
    "short": "short",
    "price": "price_raised",
    "date": "refused",
    "silent": "silent",
}


class DropshipSupplierWarehouse(models.Model):
    _inherit = "dropship.supplier.warehouse"

    def _open_hours(self, start, end):
        """Hours between two UTC moments, days left out on which the warehouse does not work. `ensure_one`."""
        self.ensure_one()
        zone = pytz.timezone(self.tz or "UTC")
        local = [pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None) for moment in (start, end)]
        closed = self._closed_ranges(local[0].date())[self.id]
        calendar = self.resource_calendar_id

        def works_on(day):
            if any(first <= day <= last for first, last in closed):
                return False
            return not calendar or calendar._dropship_works_on(day)

        return open_hours(*local, works_on)


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    submitted_at = fields.Datetime(string="Sent At", copy=False, readonly=True)
    ship_by = fields.Datetime(
        copy=False,
        readonly=True,
        help="When the goods have to have left: the warehouse's handling time in its calendar, from the acceptance.",
    )

    # "What should have left by now" looks at open rows only.
    _ship_by_open = models.Index("(ship_by) WHERE state = 'accepted'")

    def _set_state(self, target, **vals):
        """Override: note what the step says about the supplier."""
        before = {row: (row.state, row.submitted_at, row.ship_by) for row in self if row.state != target}
        if target == "submitted":
            vals.setdefault("submitted_at", fields.Datetime.now())
        moved = super()._set_state(target, **vals)
        if moved:
            rows_sudo = moved.sudo()  # the person who moves an order need not be one who may judge suppliers
            if target == "accepted":
                rows_sudo._promise()
            rows_sudo._note_step(target, {row.id: before[row] for row in moved if row in before}, vals)
        return moved

    def _promise(self):
        """Compute until when the goods have to leave, one look at each warehouse."""
        for at, rows in self.filtered("warehouse_id").grouped(lambda row: row.accepted_at).items():
            days = rows.warehouse_id._handling_days(at)
            for warehouse, own in rows.grouped("warehouse_id").items():
                own.write({"ship_by": fields.Datetime.add(at, seconds=round(days[warehouse.id] * 86400))})

    def _note_step(self, target, before, vals):
        facts = self.env["dropship.supplier.fact"]
        rows = self.filtered(lambda row: row.supplier_id and row.id in before)
        if target == "accepted":
            false = rows.filtered(lambda row: before[row.id][0] == "shipped")
            facts._note(false, "false_dispatch")
            facts._note(rows - false, "accepted", hours=(rows - false)._hours_to_answer(before))
        elif target == "shipped":
            now = vals.get("shipped_at") or fields.Datetime.now()
            late = {
                row.id: row.warehouse_id._open_hours(before[row.id][2], now)
                for row in rows
                if before[row.id][2] and before[row.id][2] < now
            }
            late = {row_id: hours for row_id, hours in late.items() if hours > 0}
            facts._note(rows.filtered(lambda row: row.id in late), "shipped_late", hours=late)
            facts._note(rows.filtered(lambda row: row.id not in late), "shipped_on_time")
        elif target == "released":
            self._note_release(rows, before, vals.get("release_reason"))

    def _note_release(self, rows, before, reason):
        """Who gave it back, and whose doing it was. What was never sent says nothing."""
        facts = self.env["dropship.supplier.fact"]
        sent = rows.filtered(lambda row: before[row.id][0] in ("submitted", "accepted"))
        # Whoever reads the supplier's reason may say that it is none of his doing (the address, the customer).
        fault = self.env.context.get("dropship_fault", True)
        if reason not in FACT_OF_RELEASE:
            facts._note(sent, "cancelled", fault=False)
            return
        accepted = sent.filtered(lambda row: before[row.id][0] == "accepted")
        facts._note(accepted, "cancelled", fault=fault)
        waiting = sent - accepted
        hours = None if reason == "silent" else waiting._hours_to_answer(before)
        facts._note(waiting, FACT_OF_RELEASE[reason], fault=fault, hours=hours)

    def _hours_to_answer(self, before):
        """{row id: hours from sending to now, closed days left out}; rows sent together are looked at once."""
        now = fields.Datetime.now()
        groups = defaultdict(self.browse)
        for row in self:
            sent = before[row.id][1]
            if sent and row.warehouse_id and row.supplier_id.answer_mode != "auto":
                groups[row.warehouse_id, sent] |= row
        return {
            row.id: hours
            for (warehouse, sent), rows in groups.items()
            for hours in [warehouse._open_hours(sent, now)]
            for row in rows
        }


class DropshipSupplierClosure(models.Model):
    _inherit = "dropship.supplier.closure"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a closure announced in time moves the day the goods have to leave; afterwards it is too late."""
        closures = super().create(vals_list)
        closures._move_promises()
        return closures

    def write(self, vals):
        result = super().write(vals)
        if {"date_from", "date_to", "last_ship_date", "warehouse_id", "supplier_id"} & vals.keys():
            self._move_promises()
        return result

    def _move_promises(self):
        # Whoever announces a closure – the supplier on his page – has no right to the sourcing itself.
        allocation_sudo = self.env["dropship.allocation"].sudo()
        allocation_sudo.search(
            [
                ("state", "=", "accepted"),
                ("supplier_id", "in", self.supplier_id.ids),
                ("ship_by", ">=", fields.Datetime.now()),
                ("accepted_at", "!=", False),
            ]
        )._promise()
