"""The goods are with the customer: the carrier says so and nobody objects, he says so himself, or all is quiet."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tracking.receipt import counts_at
from .reason_text import FLOW_REASONS, _lt

HOW = [("carrier", "Carrier, nobody objected"), ("customer", "Customer"), ("quiet", "Nobody said anything any more")]
AGAIN = timedelta(days=1)
FLOW_REASONS.update(
    {
        "receipt_exception": _lt("An exception about it is open: %(kind)s."),
        "receipt_not_coming": _lt("The parcel is not on its way to the customer: %(status)s."),
    }
)


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    received_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    received_how = fields.Selection(HOW, string="Received According To", readonly=True, copy=False)
    receipt_at = fields.Datetime(
        string="Counts as Received On",
        readonly=True,
        copy=False,
        help="Unless somebody objects, or an exception is open.",
    )
    exception_ids = fields.One2many("dropship.exception", "shipment_id", string="Exceptions")

    _receipt_due = models.Index("(receipt_at) WHERE received_at IS NULL AND receipt_at IS NOT NULL")

    def _after_fold(self, changes):
        """Override: news of a parcel moves the day on which it counts as received."""
        result = super()._after_fold(changes)
        changed = self.browse([shipment.id for shipment in changes if not shipment.received_at])
        for shipment, (moment, _how) in changed._receipt_counts().items():
            if shipment.receipt_at != (moment or False):
                shipment.receipt_at = moment
        return result

    def _after_revert(self):
        """Override: what never left was received by nobody."""
        result = super()._after_revert()
        self.filtered(lambda shipment: shipment.received_at or shipment.receipt_at).write(
            {"received_at": False, "received_how": False, "receipt_at": False}
        )
        orders = self.order_ids.filtered("dropship_received_at")
        orders.write(
            {
                "dropship_received_at": False,
                "dropship_received_how": False,
                "dropship_return_until": False,
                "dropship_delivered_at": False,
            }
        )
        return result

    def _receipt_counts(self):
        """{parcel: (moment, how)} at which each counts as received without a word of the customer."""
        channels = self.env["dropship.sales.channel"]._channel_of(self.order_id)
        result = {}
        for shipment in self:
            company, channel = shipment.company_id, channels.get(shipment.order_id)
            start = shipment.warehouse_id.country_id
            abroad = start and start != shipment.partner_id.country_id
            days = (channel and channel.receipt_days) or (
                company.dropship_receipt_days_abroad if abroad else company.dropship_receipt_days
            )
            result[shipment] = counts_at(
                shipment.status, shipment.delivered_at, shipment.moved_at, days, company.dropship_quiet_days
            )
        return result

    def _receipt_blockers(self):
        """Why silence does not count as receipt: [[code, figures]]; empty when it does.

        Addons that keep cases, returns or claims extend the list. What the customer himself says counts always.
        """
        self.ensure_one()
        reasons = []
        if self.status in ("returning", "returned", "lost"):
            words = dict(self._fields["status"]._description_selection(self.env))
            reasons.append(["receipt_not_coming", {"status": words[self.status]}])
        about = self.exception_ids | self.order_ids.dropship_exception_ids.filtered(
            lambda exception: not exception.shipment_id and exception.kind == "customer_reports"
        )
        kinds = dict(self.env["dropship.exception"]._exception_kinds())
        for exception in about.filtered(lambda exception: exception.state == "open"):
            reasons.append(["receipt_exception", {"kind": kinds.get(exception.kind, exception.kind)}])
        return reasons

    def _receive(self, how, moment):
        """These parcels are with the customer. Those known to be are left alone; the rows must be taken.

        :param str how: carrier, customer or quiet
        :return: the parcels that are received by this
        """
        new = self.filtered(lambda shipment: not shipment.received_at)
        new.write({"received_at": moment, "received_how": how, "receipt_at": False})
        new.order_ids._dropship_check_receipt()
        return new

    @api.model
    def _cron_receipt(self, limit=200):
        """Parcels whose days are over count as received, unless something speaks against it."""
        now = fields.Datetime.now()
        domain = [("receipt_at", "<=", now), ("received_at", "=", False), ("state", "=", "dispatched")]
        for shipment in self.search(domain, limit=limit, order="receipt_at, id"):
            mine = shipment.try_lock_for_update().filtered_domain(domain)
            if mine:
                mine._take_rows()
                moment, how = mine._receipt_counts()[mine]
                if not moment or moment > now:
                    mine.receipt_at = moment or False
                elif mine._receipt_blockers():
                    mine.receipt_at = now + AGAIN
                else:
                    mine._receive(how, moment)
            self.env["ir.cron"]._commit_progress(1)
        self.env["sale.order"]._dropship_cron_receipt(limit)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_received_at = fields.Datetime(
        string="Received On", copy=False, readonly=True, index="btree_not_null", groups="base.group_user"
    )
    dropship_received_how = fields.Selection(
        HOW, string="Received According To", copy=False, readonly=True, groups="base.group_user"
    )
    dropship_return_until = fields.Date(
        string="May Be Returned Until",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Empty: not received yet, the return window has not started.",
    )

    # Orders of no parcels that somebody recorded as delivered: they count as received later.
    _dropship_receipt_due = models.Index(
        "(dropship_delivered_at) WHERE dropship_delivered_at IS NOT NULL AND dropship_received_at IS NULL"
    )

    def _dropship_is_delivered(self):
        """Override: what is received is delivered, whoever says so."""
        result = super()._dropship_is_delivered()
        return result | (self - result).filtered(
            lambda order: (
                order.dropship_received_at
                and not any(
                    row.shipped_at and row.shipped_at > order.dropship_received_at
                    for row in order.dropship_allocation_ids
                )
            )
        )

    def _dropship_stage_depends(self):
        """Override: receipt moves the stage."""
        return [*super()._dropship_stage_depends(), "dropship_received_at"]

    def _dropship_check_receipt(self):
        """Orders whose every parcel is received, and that wait for nothing else, are received."""
        open_orders = self.sudo().filtered(lambda order: order.state == "sale" and not order.dropship_received_at)
        for order, boxes in open_orders._dropship_boxes_by_order().items():
            boxes = boxes.filtered(lambda box: box.status != "cancelled")
            if boxes and all(box.received_at for box in boxes) and not order._dropship_track_waiting(boxes):
                last = boxes.sorted("received_at")[-1:]
                order._dropship_receive(last.received_how, last.received_at)

    def _dropship_receive(self, how, moment):
        """The whole order is with the customer: the return window starts, and he is asked how it was."""
        self.ensure_one()
        zone = self.with_context(tz=self._dropship_track_zone())
        day = fields.Datetime.context_timestamp(zone, moment).date()
        channel = self.env["dropship.sales.channel"]._channel_of(self)[self]
        days = channel.return_days or self.company_id.dropship_return_days
        vals = {
            "dropship_received_at": moment,
            "dropship_received_how": how,
            "dropship_return_until": day + timedelta(days=days),
        }
        if how != "quiet" and not self.dropship_delivered_at:
            # Silence ends the waiting; that somebody has the goods it does not say.
            vals["dropship_delivered_at"] = moment
        self.write(vals)
        self._dropship_ask_rating()

    @api.model
    def _dropship_cron_receipt(self, limit=200):
        """Orders that go without parcels, delivered says somebody: after their days they count as received."""
        now = fields.Datetime.now()
        domain = Domain("dropship_delivered_at", "<=", now - timedelta(days=1))
        domain &= Domain("dropship_received_at", "=", False) & Domain("dropship_shipment_ids", "=", False)
        domain &= Domain("state", "=", "sale")
        for order in self.search(domain, limit=limit, order="dropship_delivered_at, id"):
            mine = order.try_lock_for_update().filtered_domain(domain)
            channel = self.env["dropship.sales.channel"]._channel_of(mine).get(mine)
            days = (channel and channel.receipt_days) or mine.company_id.dropship_receipt_days
            due = mine.dropship_delivered_at and mine.dropship_delivered_at + timedelta(days=days)
            open_reports = mine.dropship_exception_ids.filtered(
                lambda exception: exception.state == "open" and exception.kind == "customer_reports"
            )
            if due and due <= now and not open_reports:
                mine._dropship_receive("carrier", due)
            self.env["ir.cron"]._commit_progress(1)

    # ------------------------------------------------------------------
    # The customer says so
    # ------------------------------------------------------------------

    def _dropship_lock(self):
        """One word of the customer at a time: who looks at an older picture of the order is turned away."""
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE sale_order SET write_date = write_date WHERE id = %s", self.id), log_exceptions=False
        )
        self.invalidate_recordset()

    def _dropship_may_receive(self, boxes, waiting):
        """Whether the customer can say that he has everything."""
        self.ensure_one()
        if self.state != "sale" or self.dropship_received_at or waiting:
            return False
        if boxes:
            return any(not box.received_at and box.state == "dispatched" for box in boxes)
        return self.dropship_stage in ("on_the_way", "delivered")

    def _dropship_customer_has_it(self, box_id=None):
        """The customer says that he has a parcel, or all. Asked twice it changes nothing.

        :param int box_id: one parcel; all without
        :return: done, already or nothing
        """
        self.ensure_one()
        self._dropship_lock()
        if self.dropship_received_at:
            return "already"
        boxes = self._dropship_boxes_by_order()[self]
        waiting = self._dropship_track_waiting(boxes)
        mine = boxes.filtered(lambda box: box.state == "dispatched" and box_id in (None, box.id))
        now = fields.Datetime.now()
        if not boxes and box_id is None and self._dropship_may_receive(boxes, waiting):
            self._dropship_receive("customer", now)
        elif not mine:
            return "nothing"
        elif all(box.received_at for box in mine):
            return "already"
        else:
            mine._take_rows()
            new = mine._receive("customer", now)
            self._dropship_note(
                self.env._("The customer has it: parcel %(numbers)s.", numbers=", ".join(new.mapped("number")))
            )
            new._solve_not_received()
        return "done"

    def _dropship_receipt_facts(self, boxes, waiting, today):
        """What the tracking page says about receipt and rating."""
        self.ensure_one()
        shipment = self.env["dropship.shipment"]
        rating = self._dropship_rating()
        until = self.dropship_return_until
        return {
            "may_receive": self._dropship_may_receive(boxes, waiting),
            "received": self._dropship_received_text(),
            "return_until": (
                self.env._("You can return it until %(day)s.", day=shipment._track_day(until, today))
                if until and until >= today
                else ""
            ),
            "may_rate": self._dropship_may_rate() and not rating,
            "stars": int(rating.rating) if rating else 0,
            "comment": rating.feedback or "" if rating else "",
        }

    def _dropship_received_text(self):
        if not self.dropship_received_at:
            return ""
        moment = self.env["dropship.shipment"]._track_moment(self.dropship_received_at)
        return self.env._("Received: %(moment)s.", moment=moment)
