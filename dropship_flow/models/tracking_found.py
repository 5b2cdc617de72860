"""From what a service says of numbers to our parcels: which one is meant, and what it changes."""

import re

from odoo import api, fields, models
from odoo.tools import SQL

from ..sheets import carriers
from ..trackers.said import Said
from ..tracking.status import DETAILS, STATUSES
from .orphan import PLAIN, plain

SUMMARY = "summary"


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    told_expected = fields.Date(string="Carrier Expects It On", readonly=True)
    told_weight = fields.Float(string="Weight by the Carrier", readonly=True, help="In kg, as the carrier weighed it.")
    told_country = fields.Char(string="Goes To, by the Carrier", readonly=True, help="Country code, two letters.")
    told_carrier = fields.Char(readonly=True, help="Code of the carrier a service corrected ours to.")
    signed_by = fields.Char(readonly=True)

    @api.model
    def _take_found(self, connection, founds):
        """What a service knows of numbers: events are appended, the parcels' states made anew, the rest is kept.

        :param founds: list of `trackers.said.Found`
        :return: (parcels that were meant, [(Found, reason)] that have no parcel)
        """
        said, lost = {}, []
        for found, (shipments, why) in zip(founds, self._match_found(connection, founds), strict=True):
            for shipment in shipments:
                said.setdefault(shipment, []).append(found)
            if not shipments:
                lost.append((found, why))
        self._take_matched(connection, said)
        lost = self._take_elsewhere(connection, lost)
        if lost:
            self.env["dropship.orphan"]._keep(connection, [one for one in lost if one[0].events or one[0].status])
        return self.browse([shipment.id for shipment in said]), lost

    @api.model
    def _take_elsewhere(self, connection, lost):
        """Hook: numbers that are no parcel to a customer may be known otherwise.

        :param lost: [(Found, why it has no parcel)]
        :return: those nobody else knows either
        """
        return lost

    @api.model
    def _match_found(self, connection, founds):
        """[(parcels, why there is none)] for each Found: by our own name for it, else by number and carrier."""
        by_id, by_number = self._candidates(connection, founds)
        result = []
        for found in founds:
            number = plain(found.number)
            named = by_id.get(self._id_of_tag(found.tag))
            if named and plain(named.number) == number:
                result.append((named, ""))
                continue
            same = by_number.get(number, self.browse())
            fits = same.filtered(lambda one, found=found: one._is_carried_by(found, connection))
            # An account of all companies may follow one box for several of them; within a company one is meant.
            chosen = self.browse()
            for _company, boxes in fits.grouped("company_id").items():
                exact = boxes.filtered(lambda one, found=found: found.carrier and one.carrier_code == found.carrier)
                boxes = exact or boxes
                chosen |= boxes if len(boxes) == 1 else self.browse()
            result.append((chosen, "" if chosen else "carrier" if same else "unknown"))
        return result

    @api.model
    def _candidates(self, connection, founds):
        """({id: parcel}, {plain number: parcels in use}) that may be meant, by one query."""
        ids = [self._id_of_tag(found.tag) or 0 for found in founds]
        numbers = [plain(found.number) for found in founds]
        self.flush_model(["number", "current", "company_id"])
        query = SQL(
            "SELECT id FROM dropship_shipment WHERE (id = ANY(%s) OR (current AND %s = ANY(%s)))"
            " AND (%s IS NULL OR company_id = %s)",
            ids,
            SQL(PLAIN.format("number")),  # pylint: disable=sql-injection
            numbers,
            connection.company_id.id or None,
            connection.company_id.id or None,
        )
        found = self.browse(row[0] for row in self.env.execute_query(query))
        by_number = found.filtered(lambda one: one.current and plain(one.number)).grouped(lambda one: plain(one.number))
        return {one.id: one for one in found}, by_number

    @api.model
    def _id_of_tag(self, tag):
        """The id in one of our own tags, else None: numbers of other databases are not ours."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        match = re.fullmatch(rf"{re.escape(uuid[:8])}-(\d{{1,9}})", tag or "", re.ASCII)
        return int(match[1]) if match else None

    def _is_carried_by(self, found, connection):
        """Whether a service that speaks of this number and carrier can mean this parcel."""
        self.ensure_one()
        if not found.carrier or not self.carrier_code or found.carrier == self.carrier_code:
            return True
        return found.new_carrier == self.carrier_code or self._watches(connection)

    @api.model
    def _take_matched(self, connection, founds_by_shipment):
        """:param dict founds_by_shipment: {parcel: [Found]}"""
        if not founds_by_shipment:
            return
        shipments = self.browse([shipment.id for shipment in founds_by_shipment])
        eventless = shipments._without_events(founds_by_shipment)
        said = {}
        for shipment, founds in founds_by_shipment.items():
            events = [event for found in founds for event in found.events]
            events = [event if event.detail in DETAILS else event._replace(detail="") for event in events]
            summary = next((found.status for found in reversed(founds) if found.status), "")
            if not events and shipment in eventless and summary in STATUSES and summary != shipment.status:
                events = [Said(fields.Datetime.now(), summary, raw_status=SUMMARY)]
            if events:
                said[shipment] = sorted(events, key=lambda event: event.at, reverse=True)
        if said:
            self._add_all(said, connection)
        for shipment, founds in founds_by_shipment.items():
            for found in founds:
                shipment._take_facts(found)
                if found.new_carrier:
                    shipment._correct_carrier(found.new_carrier, connection)

    def _without_events(self, founds_by_shipment):
        """The parcels of which the service gave only its summary, and of which no event is known either."""
        bare = [
            shipment.id
            for shipment, founds in founds_by_shipment.items()
            if any(found.status for found in founds) and not any(found.events for found in founds)
        ]
        if not bare:
            return self.browse()
        domain = [("shipment_id", "in", bare), ("raw_status", "!=", SUMMARY)]
        groups = self.env["dropship.tracking.event"]._read_group(domain, ["shipment_id"])
        known = {shipment.id for (shipment,) in groups}
        return self.browse([id_ for id_ in bare if id_ not in known])

    def _take_facts(self, found):
        """What a service says beside events; what it does not say changes nothing."""
        self.ensure_one()
        vals = {
            "told_expected": found.expected,
            "told_weight": found.weight,
            "told_country": found.destination,
            "signed_by": found.signed_by,
        }
        vals = {name: value for name, value in vals.items() if value and self[name] != value}
        if vals:
            self.write(vals)

    def _correct_carrier(self, code, connection):
        """The service found out that somebody else carries it. The change is written where people see it."""
        self.ensure_one()
        if code in (self.carrier_code, self.told_carrier):
            return  # nothing new; what a person decided since stays
        before = self.carrier_title or self.carrier_code
        twin = self.search(
            [("company_id", "=", self.company_id.id), ("number", "=", self.number), ("carrier_code", "=", code),
             ("current", "=", True), ("id", "!=", self.id)],
            limit=1,
        )  # fmt: skip
        names = {
            "service": connection.name,
            "carrier": carriers.name_of(code, self.env.lang or "en_US") or code,
            "before": before or self.env._("nobody known"),
        }
        if twin:
            self.told_carrier = code
            text = self.env._(
                "%(service)s says that %(carrier)s carries it, but there is another parcel with this number there.",
                **names,
            )
        else:
            self.write({"carrier_code": code, "carrier_name": names["carrier"], "told_carrier": code})
            text = self.env._("%(service)s: it is carried by %(carrier)s, not by %(before)s.", **names)
        self.message_post(body=text)
