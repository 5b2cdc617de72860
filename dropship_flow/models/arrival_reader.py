"""What was learned about delivery times, for one company, read once: answers from memory."""

from functools import cached_property

from odoo import models

from ..arrival import Calendar, Distribution, Lane, Seen, learn
from ..arrival.lanes import zip_region

EMPTY = Seen()


class Reader:
    """Delivery times of some warehouses of a company as known at `now`."""

    def __init__(self, env, company, warehouses, now, learned=True):
        self.now, self.company = now, company
        self.places = {place.id: place for place in warehouses.sudo()}
        self.warehouses = warehouses.sudo()
        self.seen, self._known, self._chains, self._leaving = {}, {}, {}, {}
        if learned:
            self._read(env)

    @cached_property
    def calendars(self):
        """{warehouse id: arrival.Calendar}; read when the first one is needed."""
        return self.warehouses._arrival_calendars(self.now)

    def _read(self, env):
        figures = env["dropship.arrival.figure"].sudo()
        origins = {place.country_id.id for place in self.places.values()}
        domain = [
            ("company_id", "=", self.company.id),
            "|",
            ("warehouse_id", "in", list(self.places)),
            "&",
            ("warehouse_id", "=", False),
            ("from_country_id", "in", [False, *origins]),
        ]
        for figure in figures.search(domain, order="id"):
            self.seen[figure._key()] = figure
        if self.seen:
            self.seen = {key: figure._seen(self.now) for key, figure in self.seen.items()}

    # --- transit ---

    def chain(self, warehouse_id, country_id, state_id, code, service_id=None):
        """Keys of what is known of a lane, from coarse to fine."""
        place = self.places[warehouse_id]
        key = (warehouse_id, country_id, state_id, zip_region(code), service_id)
        if key not in self._chains:
            lane = Lane(warehouse_id, place.country_id.id, place.state_id.id, *key[1:])
            levels = [("transit", *level, None) for level in lane.levels()]
            self._chains[key] = tuple(level for level in levels if level in self.seen)
        return self._chains[key]

    def transit(self, chain, table):
        """(days from leaving to arriving, behind how many parcels it stands).

        :param chain: as `chain` gives it
        :param table: P50, P80, P95 of the freight table; zeros: it says nothing
        """
        key = chain, table
        if key not in self._known:
            belief = Distribution.from_quantiles(*table) if any(table) or not chain else None
            seen = [self.seen[level] for level in chain]
            found = learn(belief, seen) or Distribution.from_quantiles(*table)
            self._known[key] = found, max((one.count for one in seen), default=0)
        return self._known[key]

    # --- handling ---

    def handling(self, warehouse_id):
        """(working days until a parcel leaves, behind how many parcels it stands)."""
        place = self.places[warehouse_id]
        keys = [
            ("handling", "company", *[None] * 7, None),
            ("handling", "supplier", *[None] * 7, place.supplier_id.id),
            ("handling", "warehouse", warehouse_id, *[None] * 6, None),
        ]
        own = self.seen.get(keys[-1], EMPTY)
        # Only what a warehouse or its supplier did itself speaks against what was agreed with him.
        seen = [self.seen.get(key, EMPTY) for key in keys[1:]]
        return learn(Distribution.at(place.handling_days or 0.0), seen), own.count

    def leaving(self, warehouse_id, sent=None):
        """Days from `now` until a parcel leaves whose order is sent now, or was sent before and has not left yet."""
        key = warehouse_id, sent
        if key not in self._leaving:
            days, _count = self.handling(warehouse_id)
            calendar = self.calendars[warehouse_id]
            start = sent or self.now
            if sent:
                passed = calendar.took(sent, self.now)
                if passed:
                    days = days.after(passed - 1)
            self._leaving[key] = days.map(
                lambda count: max((calendar.leaves(start, count) - self.now).total_seconds() / 86400, 0.0)
            )
        return self._leaving[key]


class DropshipSupplierWarehouse(models.Model):
    _inherit = "dropship.supplier.warehouse"

    def _arrival_calendars(self, since):
        """{warehouse id: arrival.Calendar} with the closures from `since` on."""
        closures = self._closed_ranges(since.date())
        return {
            place.id: Calendar(
                place.tz or "UTC",
                place.resource_calendar_id._dropship_works_on if place.resource_calendar_id else None,
                tuple(closures[place.id]),
                place.cut_off,
            )
            for place in self
        }
