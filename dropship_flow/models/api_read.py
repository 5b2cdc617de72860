"""Reading orders by the API: a page at a time, a constant number of queries whatever its size."""

import base64
import binascii
import json
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.fields import Domain

from ..api.validate import Problem

PAGE = 50


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _read_orders(self, body):
        """(a page, what is wrong with the question)."""
        domain = Domain("company_id", "in", self.env.companies.ids)
        if "numbers" in body:
            found = self.env["sale.order"].union(*self._find_orders(body["numbers"]))
            domain &= Domain("id", "in", found.ids)
        if "channel" in body:
            channel = self._lookup_channels({body["channel"]}).get(body["channel"])
            if not channel:
                return None, Problem("channel", "channel", {"name": body["channel"]})
            domain &= Domain("dropship_channel_id", "=", channel.id)
        if "stages" in body:
            domain &= Domain("dropship_stage", "in", body["stages"])
        if "changed_since" in body:
            domain &= Domain("write_date", ">=", as_utc(body["changed_since"]))
        if "cursor" in body:
            place = cursor_place(body["cursor"])
            if not place:
                return None, Problem("cursor", "cursor", {})
            date, record_id = place
            domain &= Domain("write_date", ">", date) | (Domain("write_date", "=", date) & Domain("id", ">", record_id))
        limit = body.get("limit", PAGE)
        orders = self.env["sale.order"].search(domain, order="write_date, id", limit=limit + 1)
        page = {"orders": [self._order_as_read(order) for order in orders[:limit]]}
        if len(orders) > limit:
            page["cursor"] = cursor_text(orders[limit - 1])
        return page, None

    @api.model
    def _order_as_read(self, order):
        order_sudo = order.sudo()  # parcels and purchases by number only: the caller is internal, costs are not told
        return {
            "order": order.name,
            "number": order.client_order_ref or "",
            "channel": order.dropship_channel_id.code or "",
            "state": order.state,
            "stage": order.dropship_stage or "",
            "waiting": order.dropship_waiting or "",
            "currency": order.currency_id.name,
            "total": order.amount_total,
            "payment": order.dropship_paid_state or "",
            "changed": order.write_date.isoformat(timespec="microseconds") + "Z",
            "lines": [
                {
                    "sku": line.product_id.default_code or "",
                    "name": line.name,
                    "quantity": line.product_uom_qty,
                    "delivered": line.qty_delivered,
                }
                for line in order.order_line
                if not line.display_type
            ],
            "holds": [
                {"kind": hold.kind, "reason": hold.reason or "", "since": as_text(hold.create_date)}
                for hold in order_sudo.dropship_hold_ids
                if hold.state == "open"
            ],
            "purchases": [
                {
                    "order": row.purchase_id.name or "",
                    "supplier": row._source_name(),
                    "state": row.state,
                    "expected": fields.Date.to_string(row.promised_date) or "",
                }
                for row in order_sudo.dropship_allocation_ids
                if row.state != "released"
            ],
            "parcels": [
                {
                    "tracking": picking.carrier_tracking_ref,
                    "carrier": picking.carrier_id.name or "",
                    "state": picking.state,
                }
                for picking in order_sudo.picking_ids
                if picking.carrier_tracking_ref
            ],
        }


def as_utc(text):
    """A moment without its zone in UTC, as the database keeps it."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment


def as_text(moment):
    return moment.isoformat(timespec="seconds") + "Z"


def cursor_text(order):
    """Where a page ended, for programs to give back."""
    place = json.dumps([order.write_date.isoformat(), order.id])
    return base64.urlsafe_b64encode(place.encode()).decode()


def cursor_place(text):
    """(moment, id) of a cursor, or None."""
    try:
        date, record_id = json.loads(base64.urlsafe_b64decode(text.encode()))
        moment = datetime.fromisoformat(date)
    except (ValueError, TypeError, binascii.Error):
        return None
    return (moment, record_id) if isinstance(record_id, int) and 0 < record_id < 2**31 else None
