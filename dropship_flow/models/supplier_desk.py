"""What a supplier sees of us: his orders by what is to be done, and of each what shipping needs."""

import hashlib
import json
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..address import ship_to as frozen
from ..supplier_desk.text import order_text

TABS = ("answer", "ship", "changes", "shipped", "cancelled")
# Finished orders are shown for so many days.
LATELY = 60


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_domain(self, tab="", since=None):
        """The purchases of these suppliers that they know of.

        :param str tab: one of TABS; "" for all
        """
        warehouses = self.with_context(active_test=False).warehouse_ids
        domain = Domain("dropship_warehouse_id", "in", warehouses.ids) & Domain(
            "state", "in", ("sent", "purchase", "cancel")
        )
        # What was cancelled before it was sent is none of his business.
        domain &= Domain("state", "!=", "cancel") | Domain("dropship_told_at", "!=", False)
        since = since or fields.Datetime.now() - timedelta(days=LATELY)
        parts = {
            "": Domain.TRUE,
            "answer": Domain("state", "=", "sent"),
            "ship": Domain("state", "=", "purchase") & Domain("dropship_stage", "=", "to_ship"),
            "changes": Domain("dropship_change_ids", "any", [("state", "=", "asked")])
            & Domain("state", "in", ("sent", "purchase")),
            "shipped": Domain("state", "=", "purchase")
            & Domain("dropship_stage", "!=", "to_ship")
            & Domain("date_approve", ">=", since),
            "cancelled": Domain("state", "=", "cancel") & Domain("write_date", ">=", since),
        }
        return domain & parts[tab]

    @api.model
    def _desk_search(self, text):
        """By number of the order or his own, recipient, place or SKU."""
        text = (text or "").strip()[:100]
        if not text:
            return Domain.TRUE
        found = [
            Domain(name, "ilike", text)
            for name in ("name", "partner_ref", "dest_address_id.name", "dest_address_id.city")
        ]
        found.append(Domain("order_line.dropship_allocation_ids.offer_id.sku", "ilike", text))
        found.append(Domain("picking_ids.carrier_tracking_ref", "ilike", text))
        return Domain.OR(found)

    def _desk_counts(self, limit=Domain.TRUE):
        """{tab: how many orders}."""
        purchases = self.env["purchase.order"]
        return {tab: purchases.search_count(self._desk_domain(tab) & limit) for tab in TABS}


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_told_at = fields.Datetime(
        string="Sent to Supplier On", copy=False, readonly=True, groups="base.group_user"
    )
    dropship_leaves_by = fields.Datetime(
        string="To Be Shipped By",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="By the supplier's handling time and working days, counted from when he got the order.",
    )
    dropship_desk_turn = fields.Integer(
        copy=False, readonly=True, groups="base.group_user", help="Counts what the supplier did on his page."
    )

    def write(self, vals):
        """Override: when the supplier heard of a purchase, and when it has to leave."""
        told = self.browse()
        if vals.get("state") == "sent":
            told = self.filtered(lambda order: order.state != "sent" and order.sudo().dropship_warehouse_id)
        result = super().write(vals)
        if told:
            now = fields.Datetime.now()
            for warehouse, orders in told.sudo().grouped("dropship_warehouse_id").items():
                days = warehouse._handling_days(now)[warehouse.id]
                vals = {"dropship_told_at": now, "dropship_leaves_by": now + timedelta(days=days)}
                super(PurchaseOrder, orders).write(vals)
        return result

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------

    def _dropship_desk_rows(self):
        """What the list shows of each order: [{purchase, state, who, place, goods, pieces, due}]."""
        zones = {order: order.dropship_warehouse_id.tz or "UTC" for order in self}
        rows = []
        for order in self:
            state = order._dropship_desk_state()
            ship_to = order._dropship_ship_to() or {}
            goods = [
                (line.dropship_allocation_ids.offer_id[:1].sku or line.product_id.default_code or "", line.product_qty)
                for line in order.order_line
                if line.product_qty
            ]
            due = {"answer": order.dropship_answer_by, "ship": order.dropship_leaves_by}.get(state)
            told = order._dropship_desk_day(due, zones[order]) if state == "ship" else None
            rows.append(
                {
                    "id": order.id,
                    "name": order.name,
                    "state": state,
                    "test": order.dropship_is_test,
                    "who": ship_to.get("name", "") if state != "cancelled" else "",
                    "place": ship_to.get("city", "") if state != "cancelled" else "",
                    "goods": [(sku, f"{qty:g}") for sku, qty in goods[:3]],
                    "more": max(len(goods) - 3, 0),
                    "due": told or (format_datetime(self.env, due, tz=zones[order], dt_format="short") if due else ""),
                    "late": bool(due) and due < fields.Datetime.now(),
                    "changes": len(order._dropship_asked_changes()),
                }
            )
        return rows

    def _dropship_desk_day(self, moment, zone):
        """The day of a deadline where the supplier is; midnight is the end of the day before."""
        if not moment:
            return ""
        local = pytz.utc.localize(moment - timedelta(seconds=1)).astimezone(pytz.timezone(zone))
        return format_date(self.env, local.date())

    def _dropship_desk_state(self):
        """answer, ship, shipped or cancelled."""
        self.ensure_one()
        if self.state == "cancel":
            return "cancelled"
        if self.state == "sent":
            return "answer"
        return "ship" if self.dropship_stage == "to_ship" else "shipped"

    # ------------------------------------------------------------------
    # One order
    # ------------------------------------------------------------------

    def _dropship_desk_facts(self):
        """All the page of an order shows, what shipping needs and no more, and how far it is."""
        self.ensure_one()
        state = self._dropship_desk_state()
        zone = self.dropship_warehouse_id.tz or "UTC"
        gone = state == "cancelled"
        ship_to = {} if gone else self._dropship_ship_to() or self.dest_address_id._dropship_ship_to() or {}
        pickings = self.picking_ids.filtered(lambda picking: picking.picking_type_id.code == "dropship")
        pickings = pickings.filtered(lambda picking: not picking.return_id)

        def moment(value):
            return format_datetime(self.env, value, tz=zone, dt_format="short") if value else ""

        return {
            "id": self.id,
            "ref": self.name,
            "their_ref": self.partner_ref or "",
            "state": state,
            "test": self.dropship_is_test,
            "currency": self.currency_id,
            "ship_to": frozen.lines(ship_to) if ship_to else [],
            "phone": ship_to.get("phone", ""),
            "sender": self._dropship_sender() or {"name": self.company_id.name},
            "message": "" if gone else self.dropship_buyer_message or "",
            "gift_note": "" if gone else self.dropship_gift_note or "",
            "carrier_wish": self.dropship_carrier_wish or "",
            "lines": [{**line, "open": self._dropship_desk_open(line)} for line in self._dropship_desk_lines()],
            "total": self.amount_untaxed,
            "answer_by": moment(self.dropship_answer_by) if state == "answer" else "",
            "ship_by": self._dropship_desk_day(self.dropship_leaves_by, zone) if state in ("answer", "ship") else "",
            "sent": format_date(self.env, self.dropship_told_at) if self.dropship_told_at else "",
            "numbers": [
                (picking.carrier_tracking_ref, format_date(self.env, picking.date_done))
                for picking in pickings
                if picking.carrier_tracking_ref
            ],
            "changes": self._dropship_asked_changes() if not gone else [],
            "zone": zone,
            "stamp": self._dropship_desk_stamp(),
        }

    def _dropship_desk_lines(self):
        """The lines as the supplier knows them, per unit of his SKU."""
        connector = self.env["dropship.connector"]
        return [connector._line_payload(line) for line in self.order_line if line.product_qty]

    def _dropship_desk_open(self, line):
        """How many of a line, per unit of his SKU, have not left."""
        record = self.order_line.filtered(lambda row: str(row.id) == line["line"])
        if not record.product_qty:
            return 0.0
        return round(line["qty"] * max(record.product_qty - record.qty_received, 0.0) / record.product_qty, 6)

    def _dropship_desk_text(self):
        """The order as one message."""
        self.ensure_one()
        words = {
            "order": self.env._("Order"),
            "ship_by": self.env._("Ship by"),
            "ship_to": self.env._("Ship to"),
            "phone": self.env._("Phone"),
            "goods": self.env._("Goods to ship"),
            "personalisation": self.env._("Personalisation"),
            "message": self.env._("Message of the customer"),
            "gift_note": self.env._("Gift note"),
            "carrier_wish": self.env._("Wished carrier"),
            "sender": self.env._("Sender on the label"),
        }
        return order_text(self._dropship_desk_facts(), words)

    def _dropship_desk_revision(self):
        """Which version of the order was told to the supplier last."""
        self.ensure_one()
        last_sudo = (
            self.env["dropship.exchange"]
            .sudo()  # only its number is read
            .search([("purchase_id", "=", self.id), ("direction", "=", "out")], order="revision desc", limit=1)
        )
        return last_sudo.revision or 1

    def _dropship_desk_stamp(self):
        """What the page showed, in short: an answer to something else is not taken."""
        self.ensure_one()
        facts = [
            self.state,
            [
                (line.id, line.product_qty, line.qty_received, line.price_unit, str(line.date_planned))
                for line in self.order_line.sorted("id")
            ],
            [(row.id, row.state, row.ship_to_hash) for row in self.dropship_allocation_ids.sorted("id")],
            [(change.id, change.new_values) for change in self._dropship_asked_changes().sorted("id")],
        ]
        text = json.dumps(facts, sort_keys=True, default=str)
        return f"{self.dropship_desk_turn}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

