from datetime import timedelta

import pytz
from odoo import fields, models
from odoo.exceptions import UserError

from ..supplier_desk.errors import Typed
from ..supplier_desk.values import day, plain


class DropshipSupplierClosure(models.Model):
    _inherit = "dropship.supplier.closure"

    announced = fields.Boolean(
        string="Announced by the Supplier", readonly=True, help="He entered it on his own page."
    )

    def _closure_words(self):
        self.ensure_one()
        return self.env._(
            "%(supplier)s announced: closed from %(first)s to %(last)s (%(reason)s).",
            supplier=self.supplier_id.name,
            first=self.date_from,
            last=self.date_to,
            reason=self.name,
        )


class DropshipSupplierWarehouse(models.Model):
    _inherit = "dropship.supplier.warehouse"

    def _closed_for_orders(self, now):
        """Warehouses that take no order `now`, by their own clock, because their supplier said so.

        Only his own word counts: days we entered ourselves delay parcels, they forbid nothing.

        :param datetime now: naive UTC
        :return: {warehouse id: the last such day}
        """
        closures = self.env["dropship.supplier.closure"].search(
            [
                ("supplier_id", "in", self.supplier_id.ids),
                ("announced", "=", True),
                ("orders_meanwhile", "=", False),
                # Somewhere on earth it is this day already or still.
                ("date_from", "<=", now.date() + timedelta(days=1)),
                ("date_to", ">=", now.date() - timedelta(days=1)),
            ]
        )
        by_supplier = closures.grouped("supplier_id")
        found = {}
        for warehouse in self.filtered(lambda place: place.supplier_id in by_supplier):
            today = pytz.utc.localize(now).astimezone(pytz.timezone(warehouse.tz or "UTC")).date()
            for closure in by_supplier[warehouse.supplier_id]:
                here = closure.warehouse_id in (warehouse, self.browse())
                if here and closure.date_from <= today <= closure.date_to:
                    found[warehouse.id] = max(closure.date_to, found.get(warehouse.id, closure.date_to))
        return found


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_announce(self, data):
        """A closure as the supplier enters it on his page; his buyer is told.

        :return: the new closures, one for each of these suppliers; those known already are not repeated
        :raise UserError: in words what is to be corrected
        """
        try:
            first, last_ship, again = (day(data.get(name)) for name in ("first", "last_ship", "again"))
        except Typed as error:
            raise UserError(
                self.env._('"%s" is no date. Write it like 2026-12-24.', error.figures.get("text"))
            ) from None
        if not first or not again:
            raise UserError(self.env._("Enter the first day closed and the first day you ship again."))
        if again <= first:
            raise UserError(self.env._("You ship again only after the first day closed. Correct the dates."))
        if last_ship and last_ship > first:
            raise UserError(self.env._("The last shipping day must not be after the first day closed."))
        back = fields.Date.to_date(again)
        if back < fields.Date.today():
            raise UserError(self.env._("These days are over already."))
        values = {
            "name": plain(data.get("name"), 100) or self.env._("Holiday"),
            "date_from": first,
            "date_to": fields.Date.subtract(back, days=1),
            "last_ship_date": last_ship or False,
            "orders_meanwhile": data.get("meanwhile") != "no",
            "announced": True,
        }
        return self._desk_keep_closure(values)

    def _desk_keep_closure(self, values):
        closures = self.env["dropship.supplier.closure"]
        for supplier in self:
            supplier.lock_for_update(allow_referencing=True)
            same = [(name, "=", values[name]) for name in ("date_from", "date_to")]
            same += [("supplier_id", "=", supplier.id), ("warehouse_id", "=", False)]
            if closures.search_count(same, limit=1):
                continue
            closure = closures.create({**values, "supplier_id": supplier.id})
            closures |= closure
            supplier.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Supplier announced closed days"),
                note=closure._closure_words(),
                user_id=(supplier.user_id or self.env.ref("base.user_admin")).id,
            )
        return closures
