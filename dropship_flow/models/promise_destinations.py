from odoo import fields, models

from .arrival_reader import Reader
from .arrival_shop import GOOD_FOR, KEPT, UNKNOWN

MOST_PLACES = 12


class Website(models.Model):
    _inherit = "website"

    def _dropship_destinations(self):
        """How long parcels take to the places the shop mainly sells to, from what was learned.

        :return: [{"place": name, "within": days promised or 0, "from": days, "to": days}]; half of the parcels of the
            fastest warehouse are there after `from` days, four of five of the slowest after `to`
        """
        self.ensure_one()
        key = (self.env.cr.dbname, "destinations", self.id, self.env.lang or "")
        known = KEPT.get(key)
        if known is UNKNOWN:
            # Sudo: visitors are told days, never whose.
            known = self.sudo().with_company(self.company_id)._dropship_find_destinations()
            KEPT.put(key, known, GOOD_FOR)
        return known

    def _dropship_find_destinations(self):
        channel = self.dropship_channel_ids[:1]
        countries = channel.destination_ids.country_id or self.company_id.country_id
        places = {(country.id, False, "", ""): country for country in countries[:MOST_PLACES]}
        warehouses = self._dropship_sending_warehouses()
        now = fields.Datetime.now()
        rates = self.env["dropship.shipping.rate"]._match_many(dict.fromkeys(places, warehouses.ids), now.date())
        reader = Reader(self.env, self.company_id, warehouses, now)
        result = []
        for place, country in places.items():
            found = [
                self._dropship_days(reader, warehouse_id, place, offered)
                for (key, warehouse_id), offered in rates.items()
                if key == place and offered
            ]
            if channel.promise_days and found:
                result.append({"place": country.name, "within": channel.promise_days, "from": 0, "to": 0})
            elif found:
                first, last = min(days[0] for days in found), max(days[1] for days in found)
                result.append({"place": country.name, "within": 0, "from": max(first, 1), "to": max(last, first, 1)})
        return result

    def _dropship_sending_warehouses(self):
        """The warehouses the shop's goods come from."""
        return self.env["dropship.supplier.warehouse"].search(
            [
                ("company_id", "in", [False, self.company_id.id]),
                ("supplier_id.state", "in", ("trial", "approved")),
                ("supplier_id.blocked", "=", False),
                ("country_id", "!=", False),
            ]
        )

    def _dropship_days(self, reader, warehouse_id, place, rates):
        """(P50, P80) in whole days of the fastest service from a warehouse."""
        rate = min(rates, key=lambda rate: rate.days_p50)
        p50, p80 = rate.days_p50, rate.days_p80 or rate.days_p50
        table = (p50, p80, rate.days_p95 or p80)
        chain = reader.chain(warehouse_id, place[0], None, "", rate.service_id.id)
        days, _parcels = reader.transit(chain, table)
        handling, _parcels = reader.handling(warehouse_id)
        both = days.plus(handling)
        return tuple(max(int(both.quantile(share) + 0.5), 0) for share in (0.5, 0.8))
