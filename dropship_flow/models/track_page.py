"""What stands on the tracking page of an order: plain words and figures, so that no template can show more."""

from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from ..tracking.carrier_pages import page_of
from ..tracking.fold import RECYCLED, SKEW
from ..tracking.headline import Box, headline
from ..tracking.status import STATUSES
from .track_words import HEADLINES, HEADLINES_WITH_DAY, ICONS

MOST_EVENTS = 60
# The driver has it, the customer has it, or it never comes in this parcel: no day is worked out any more.
NO_DAY = {"out_for_delivery", "delivered", "returning", "returned", "lost", "cancelled", "available_for_pickup"}


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_carrier_links = fields.Boolean(
        string="Link to Carriers' Pages",
        default=True,
        groups="base.group_user",
        help="Off: customers see tracking numbers without a link. Carriers' own pages may name where a parcel started.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------

    def _dropship_boxes_by_order(self):
        """{order: its parcels, those of several orders included}; without what never left."""
        shipments_sudo = self.env["dropship.shipment"].sudo()  # the customer has no rights on parcels
        domain = Domain("order_id", "in", self.ids) | Domain("line_ids.sale_line_id.order_id", "in", self.ids)
        found = shipments_sudo.search(domain & Domain("state", "!=", "reverted"), order="announced_at, id")
        found.line_ids.sale_line_id.fetch(["order_id"])
        return {order: found.filtered(lambda box, order=order: order.sudo() <= box.order_ids) for order in self}

    def _dropship_track_zone(self):
        """Where who waits for the parcel looks at his clock."""
        self.ensure_one()
        user, partner = self.env.user, self.sudo().partner_shipping_id
        zone = "" if user._is_public() else user.tz
        country = partner.country_id.code
        at_home = pytz.country_timezones.get(country, []) if country else []
        # A country of one zone is sure; of several, what the customer's record says comes first.
        guesses = [zone, at_home[0] if len(at_home) == 1 else "", self.sudo().partner_id.tz, *at_home[:1]]
        return next((name for name in guesses if name in pytz.all_timezones_set), "UTC")

    def _dropship_track_waiting(self, boxes):
        """[(product, quantity, sale line, expected day)] of what is in no parcel yet."""
        self.ensure_one()
        if self.state != "sale":
            return []
        packed = {}
        for line in boxes.filtered(lambda box: box.state == "announced").line_ids.filtered(lambda row: not row.is_part):
            packed[line.purchase_line_id] = packed.get(line.purchase_line_id, 0.0) + line.qty
        rows = self.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        result = []
        for row in rows.filtered(lambda row: row.state != "shipped"):
            rest = row.qty - row.qty_shipped
            taken = min(packed.get(row.purchase_line_id, 0.0), rest) if row.purchase_line_id else 0.0
            if taken:
                packed[row.purchase_line_id] -= taken
            result.append((row.product_id, rest - taken, row.line_id, row.promised_date))
        for line in self._dropship_goods().filtered(lambda line: line.product_id.type == "consu"):
            if line not in rows.line_id:
                rest = line.product_uom_qty - line.qty_delivered
                rest = line.product_uom_id._compute_quantity(rest, line.product_id.uom_id, round=False)
                result.append((line.product_id, rest, line, None))
        return [one for one in result if float_compare(one[1], 0, precision_rounding=one[0].uom_id.rounding) > 0]

    def _dropship_track_days(self):
        """{order: "expected until", the next day; "" where none is known}, for many orders at once."""
        days = {}
        for order, boxes in self._dropship_boxes_by_order().items():
            found = [box._track_expected()[1] for box in boxes if box.status not in NO_DAY]
            if not found:
                order_sudo = order.sudo()  # the day only, for who may read the order
                rows = order_sudo.dropship_allocation_ids.filtered(lambda row: row.state not in ("released", "shipped"))
                found = rows.mapped("promised_date") if order.state == "sale" else []
            today = order.with_context(tz=order._dropship_track_zone())._dropship_track_today()
            ahead = [day for day in found if day and day >= today]
            days[order] = boxes._track_until(min(ahead), today) if ahead else ""
        return days

    def _dropship_track_today(self):
        return fields.Date.context_today(self)

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def _dropship_track(self):
        """All the tracking page shows of an order, for who has its link or may read it; None for quotations."""
        self.ensure_one()
        if self.state not in ("sale", "cancel"):
            return None
        order = self.sudo()  # asked for by a page that checked the link or the reader's rights
        order = order.with_context(tz=order.sudo(False)._dropship_track_zone(), display_default_code=False)
        boxes = order._dropship_boxes_by_order()[order].with_context(**order.env.context)
        today = order._dropship_track_today()
        parcels = [box._track_parcel(order, today) for box in boxes]
        waiting = order._dropship_track_waiting(boxes)
        code, figures = headline(
            [Box(box.status, parcel["day"]) for box, parcel in zip(boxes, parcels, strict=True)],
            waiting=bool(waiting),
            cancelled=order.state == "cancel",
            received=bool(order.dropship_received_at),
        )
        return {
            "order": order.name,
            "code": code,
            "title": order._dropship_track_title(code, figures, today),
            "icon": ICONS[code],
            "word": order._dropship_customer_word() if code == "preparing" else "",
            "done": order._dropship_track_done(figures),
            "count": figures["count"],
            "parcels": parcels,
            "first": any(parcel["delivered"] for parcel in parcels) or not parcels,
            "waiting": [order._dropship_track_item(*one, today) for one in waiting],
            "zone": order.env.context["tz"].replace("_", " ") if boxes.event_ids else "",
            **order._dropship_receipt_facts(boxes, bool(waiting), today),
        }

    def _dropship_track_title(self, code, figures, today):
        day = figures["day"]
        if day and (day >= today or code == "delivered") and code in HEADLINES_WITH_DAY:
            return self.env._(HEADLINES_WITH_DAY[code], day=self.env["dropship.shipment"]._track_day(day, today))
        return self.env._(HEADLINES[code])

    def _dropship_track_done(self, figures):
        if not 0 < figures["done"] < figures["count"]:
            return ""
        return self.env._("%(done)s of %(count)s parcels delivered", done=figures["done"], count=figures["count"])

    def _dropship_track_item(self, product, qty, line, day, today):
        shipment = self.env["dropship.shipment"]
        return {
            **shipment._track_item(product, qty, line),
            "expected": shipment._track_until(day, today) if day and day >= today else "",
        }


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _track_expected(self):
        """(earliest, latest) day to expect it; None where nobody knows. The latest is met by four of five parcels."""
        self.ensure_one()
        if self.expected_p80:
            return self.expected_p50 or None, self.expected_p80
        rows = self.line_ids.purchase_line_id.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        return None, max(filter(None, rows.mapped("promised_date")), default=None)

    def _track_parcel(self, order, today):
        """One parcel as the page of `order` shows it: of the contents only what belongs to this order."""
        self.ensure_one()
        early, late = (None, None) if self.status in NO_DAY else self._track_expected()
        since = self.delivered_at if self.status == "delivered" else self.status_at
        if since and self.status in ("delivered", "out_for_delivery"):
            late = fields.Datetime.context_timestamp(self, since).date()
        link = page_of(self.carrier_code, self.number) if order.company_id.dropship_carrier_links else ""
        contents = self.line_ids.filtered(
            lambda line: line.sale_line_id.order_id == order or (not line.sale_line_id and self.order_ids == order)
        )
        events = self._track_events()
        return {
            "id": self.id,
            "number": self.number,
            "carrier": self.carrier_title or "",
            "link": link,
            "status": self.status,
            "text": self._track_status_text(),
            "next": self._track_next_text(),
            "day": late,
            "window": "" if self.status in NO_DAY else self._track_window(early, late, today),
            "sure": "" if self.status in NO_DAY else self._track_sure(late, today),
            "pickup": self._track_pickup(),
            "items": [self._track_item(row.product_id, row.qty, row.sale_line_id, row.is_part) for row in contents],
            "events": events[:3],
            "more": events[3:],
            "received": self._track_received() if self.received_how == "customer" else "",
            "open": not self.received_at and self.state == "dispatched" and self.status not in ("lost", "returned"),
            "delivered": self.status == "delivered",
        }

    def _track_received(self):
        return self.env._("You have it since %(moment)s", moment=self._track_moment(self.received_at))

    def _track_window(self, early, late, today):
        """When to expect it, in words."""
        if not late:
            return ""
        if late < today:
            return self.env._("It takes longer than usual. We keep an eye on it.")
        if early and today <= early < late:
            return self.env._(
                "Expected %(early)s – %(late)s",
                early=self._track_day(early, today),
                late=self._track_day(late, today),
            )
        return self._track_until(late, today)

    @api.model
    def _track_until(self, day, today):
        return self.env._("Expected until %(day)s", day=self._track_day(day, today))

    def _track_sure(self, late, today):
        if not late or late < today:
            return ""
        return self.env._("8 of 10 parcels on this way arrive by %(day)s.", day=self._track_day(late, today))

    def _track_pickup(self):
        """Where it waits and until when, as far as the carrier says so."""
        if self.status != "available_for_pickup":
            return []
        texts = []
        event = self.event_ids.filtered(lambda event: event.code == "available_for_pickup")[:1]
        texts.append(self._customer_place(event))
        if self.pickup_until:
            day = self._track_day(self.pickup_until, fields.Date.context_today(self))
            texts.append(self.env._("Waits until %(day)s", day=day))
        elif self.status_at:
            texts.append(self.env._("Waits since %(day)s", day=self._track_moment(self.status_at)))
        return [text for text in texts if text]

    def _track_events(self):
        """[{when, text}], the newest first; what repeats what stands above it is left out."""
        self.ensure_one()
        now = fields.Datetime.now()
        oldest = self.announced_at - RECYCLED - timedelta(days=1)
        result, before = [], None
        for event in self.event_ids.sorted(lambda event: (event.occurred_at, event.id), reverse=True):
            unseen = event.code in ("pending", "expired") or event.code not in STATUSES
            if unseen or not oldest <= event.occurred_at <= now + SKEW:
                continue
            text = self._track_event_text(event)
            day = fields.Datetime.context_timestamp(self, event.occurred_at).date()
            if (text, day) != before:
                result.append({"when": self._track_moment(event.occurred_at), "text": text, "code": event.code})
            before = (text, day)
            if len(result) == MOST_EVENTS:
                break
        return result

    @api.model
    def _track_item(self, product, qty, line, part=False):
        """A product as the customer knows it. A part of a kit says of which."""
        product = product.with_context(display_default_code=False, lang=self.env.lang)
        sold = line.product_id.with_context(**product.env.context)
        return {
            "name": product.display_name,
            "of": self.env._("Part of %(product)s", product=sold.display_name) if sold and sold != product else "",
            "qty": f"{qty:g}",
            "unit": product.uom_id.name if product.uom_id != self.env.ref("uom.product_uom_unit") else "",
            "image": product.image_128,
            "part": part,
        }
