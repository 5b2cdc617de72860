from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..trackers.said import Said


class SaleOrder(models.Model):
    """What became of parcels some days ago, played with real records and the real machinery."""

    _inherit = "sale.order"

    def _dropship_play_parcels(self, days, parcels):
        """The order was placed some days ago, and this is what its carriers said since.

        :param float days: how long ago it was ordered
        :param list parcels: {"number", "carrier", "left": days ago, "events": [(days ago, code, detail, place, text)],
            "goods": our codes of what is in the box; all that waits when nothing is said,
            "moves": whether the simulated carrier goes on with it; the others stand where their story left them}
        """
        self.ensure_one()
        order_sudo = self.sudo()
        order_sudo._dropship_play_past(days)
        for parcel in parcels:
            order_sudo._dropship_play_box(parcel)
        return True

    def _dropship_play_past(self, days):
        """Move what was bought today into the past."""
        back = timedelta(days=days)
        rows = self.dropship_allocation_ids
        purchases = rows.purchase_id
        self.date_order -= back
        for name in ("dropship_told_date", "dropship_first_date"):
            if self[name]:
                self[name] -= back
        for row in rows:
            dates = ("submitted_at", "accepted_at", "promised_date")
            row.write({name: row[name] - back for name in dates if row[name]})
        for purchase in purchases:
            dates = ("date_order", "date_approve", "date_planned")
            purchase.write({name: purchase[name] - back for name in dates if purchase[name]})
        self.env.flush_all()
        for records in (self, purchases, rows, rows.decision_id):
            if records:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET create_date = create_date - %s WHERE id IN %s",
                        SQL.identifier(records._table), back, tuple(records.ids),
                    )
                )  # fmt: skip
        self.env.invalidate_all()

    def _dropship_play_box(self, parcel):
        """The supplier says that the box left, then its carrier speaks."""
        now = fields.Datetime.now()
        left = now - timedelta(days=parcel["left"])
        told = {"number": parcel["number"], "carrier": parcel["carrier"]}
        purchases = self.dropship_allocation_ids.purchase_id
        if parcel.get("goods"):
            lines = purchases.order_line.filtered(lambda line: line.product_id.default_code in parcel["goods"])
            told["lines"] = [{"line": str(line.id), "sku": "", "qty": 0} for line in lines]
            purchases = lines.order_id
        pickings = purchases[:1].with_context(dropship_left_at=left)._dropship_take_parcels([told])
        pickings.date_done = left
        domain = [("number", "=", parcel["number"]), ("order_id", "=", self.id), ("current", "=", True)]
        box = self.env["dropship.shipment"].search(domain, limit=1)
        box.announced_at = left
        self.dropship_allocation_ids.filtered("shipped_at").shipped_at = left
        said = [
            Said(now - timedelta(days=ago), code, detail=detail, place=place, text=text)
            for ago, code, detail, place, text in parcel.get("events", ())
        ]
        if said:
            box._add_events(said, source="carrier")
        if not parcel.get("moves") and not box.is_final:
            self.env["dropship.watch"].create(
                {
                    "shipment_id": box.id,
                    "connection_id": self.env.ref("dropship_flow.connection_carrier").id,
                    "state": "stopped",
                }
            )

    def _dropship_play_clocks(self):
        """Clocks that ran out meanwhile are somebody's now, and customers are told what still concerns them."""
        boxes_sudo = self.sudo().dropship_shipment_ids
        now = fields.Datetime.now()
        for box in boxes_sudo.filtered(lambda box: box.clock_due and box.clock_due <= now and not box.clock_told):
            box._clock_ran_out()
        boxes_sudo.notify_at = False
        notifications = self.env["dropship.notification"].sudo()
        for company, own in boxes_sudo.grouped("company_id").items():
            notifications.with_company(company)._decide(own)
        return True

    def _dropship_play_back(self, freight):
        """What the way back of refused parcels costs."""
        backs = self.sudo().dropship_shipment_ids.back_ids
        backs.write({"freight_back": freight, "freight_back_payer": "us"})
        return True
