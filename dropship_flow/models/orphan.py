from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..trackers.said import Found, Said

# So long a message waits for its parcel.
KEEP_DAYS = 30
PLAIN = "UPPER(REGEXP_REPLACE({}, '[^[:alnum:]]+', '', 'g'))"


def plain(number):
    """A number as it is compared: no blanks, no marks, capital letters.

    >>> plain(" sf-12 34 ")
    'SF1234'
    """
    return "".join(sign for sign in number or "" if sign.isalnum()).upper()


def packed(found):
    """A Found as data that can be kept."""
    values = found._asdict()
    values["expected"] = found.expected.isoformat() if found.expected else None
    values["events"] = [{**event._asdict(), "at": event.at.isoformat()} for event in found.events]
    return values


def unpacked(values):
    """The other way round."""
    events = [Said(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in values["events"]]
    expected = fields.Date.to_date(values["expected"]) if values["expected"] else None
    return Found(**{**values, "events": tuple(events), "expected": expected})


class DropshipOrphan(models.Model):
    """News of a parcel nobody here knows (yet): kept for a month, taken when the parcel appears."""

    _name = "dropship.orphan"
    _description = "News of an Unknown Parcel"
    _order = "id desc"
    _rec_name = "number"

    connection_id = fields.Many2one("dropship.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: the account is shared.")
    number = fields.Char(string="Tracking Number", required=True, readonly=True)
    plain_number = fields.Char(required=True, readonly=True, index=True)
    carrier_code = fields.Char(string="Carrier", readonly=True)
    payload = fields.Json(readonly=True)
    received_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    shipment_id = fields.Many2one(
        "dropship.shipment", string="Parcel", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    reason = fields.Selection(
        [("unknown", "No parcel has this number"), ("carrier", "The parcels with this number have other carriers")],
        readonly=True,
        default="unknown",
    )

    @api.model
    def _keep(self, connection, founds):
        """:param founds: list of (Found, why it has no parcel)"""
        self.create(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "number": found.number,
                    "plain_number": plain(found.number),
                    "carrier_code": found.carrier or False,
                    "payload": packed(found),
                    "reason": why,
                }
                for found, why in founds
                if plain(found.number)
            ]
        )

    @api.model
    def _adopt_all(self, limit=500):
        """News that waited for parcels which are there by now: also when both came at the same moment."""
        self.env.flush_all()
        query = SQL(
            """
            SELECT DISTINCT shipment.id
              FROM dropship_orphan orphan
              JOIN dropship_shipment shipment
                ON %s = orphan.plain_number AND shipment.current
               AND (orphan.company_id IS NULL OR orphan.company_id = shipment.company_id)
               AND (orphan.carrier_code IS NULL OR shipment.carrier_code IS NULL
                    OR orphan.carrier_code = shipment.carrier_code)
             WHERE orphan.shipment_id IS NULL AND orphan.received_at > %s
             LIMIT %s
            """,
            SQL(PLAIN.format("shipment.number")),  # pylint: disable=sql-injection
            fields.Datetime.now() - timedelta(days=KEEP_DAYS),
            limit,
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        return self.env["dropship.shipment"].browse(ids)._adopt_orphans()


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    _number_plain = models.Index(f"({PLAIN.format('number')})")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: news that came before the parcel is taken now."""
        shipments = super().create(vals_list)
        shipments._adopt_orphans()
        return shipments

    def write(self, vals):
        """Override: a corrected number may be one there is news of."""
        result = super().write(vals)
        if vals.get("number") or vals.get("carrier_code") or vals.get("current"):
            self._adopt_orphans()
        return result

    def _adopt_orphans(self):
        """Take the news that waited for these parcels.

        :return int: how many messages found their parcel
        """
        numbers = {plain(shipment.number) for shipment in self if shipment.current} - {""}
        if not numbers:
            return 0
        # News is the service's, not the reader's; the person who enters a parcel need not see accounts.
        orphans_sudo = self.env["dropship.orphan"].sudo()
        waiting = orphans_sudo.search(
            [
                ("plain_number", "in", list(numbers)),
                ("shipment_id", "=", False),
                ("received_at", ">", fields.Datetime.now() - timedelta(days=KEEP_DAYS)),
            ]
        )
        adopted = 0
        for connection, orphans in waiting.grouped("connection_id").items():
            founds = [unpacked(orphan.payload) for orphan in orphans]
            matched = self.sudo()._match_found(connection, founds)
            said = {}
            for orphan, found, (shipments, _why) in zip(orphans, founds, matched, strict=True):
                mine = shipments & self.sudo()
                if mine:
                    orphan.shipment_id = mine[:1]
                    adopted += 1
                    for shipment in mine:
                        said.setdefault(shipment, []).append(found)
            self.sudo()._take_matched(connection, said)
        return adopted
