"""A bought order with a parcel that carriers speak of."""

from datetime import timedelta

from odoo import fields

from ..trackers.said import Said
from .common_flow import FlowCase


class NotificationCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.company.email = "shop@lumen.example"
        cls.anna.write({"email": "anna@example.com", "phone": "+49 30 901820", "lang": "en_US", "tz": False})
        cls.now = fields.Datetime.now()
        # Other tests' and the demo's parcels have nothing to say here.
        cls.env["dropship.shipment"].search([]).notify_at = False
        cls.env["dropship.notification"].search([("state", "=", "due")]).unlink()

    numbers = 0

    def parcel(self, *goods, order=None, number=None, **vals):
        """A parcel of a new order of Anna's, or of the order's first open purchase."""
        if not order:
            order = self.make_sale(*(goods or ((self.lamp, 1),)), **vals)
            order.action_confirm()
        NotificationCase.numbers += 1
        number = number or f"SF{NotificationCase.numbers:010}"
        purchase = order.dropship_purchase_ids[:1]
        purchase._dropship_take_parcels([{"number": number, "carrier": "顺丰"}])
        return self.env["dropship.shipment"].search([("number", "=", number)])

    def said(self, code, hours=1.0, **more):
        return Said(self.now - timedelta(hours=hours), code, **more)

    def hear(self, shipment, *events, settled=True):
        """The carrier says something; some minutes pass, and the pass is made."""
        shipment._add_events([event if isinstance(event, Said) else self.said(event) for event in events])
        if settled:
            self.settle()

    def settle(self):
        """The settle time is over; the scheduler comes by."""
        waiting = self.env["dropship.shipment"].search([("notify_at", "!=", False)])
        waiting.notify_at = self.now - timedelta(hours=1)
        self.env.flush_all()
        self.run_cron("cron_notify")

    def told(self, order, *states):
        """[(fact, channel, state)] of the order's messages, oldest first."""
        rows = order.dropship_notification_ids.sorted("id")
        return [(row.fact, row.channel, row.state) for row in rows if not states or row.state in states]

    def facts(self, order, state="sent"):
        return [row.fact for row in order.dropship_notification_ids.sorted("id") if row.state == state]

    def mails(self, order, partner=None):
        """Mails of the queue about an order."""
        domain = [("model", "=", "sale.order"), ("res_id", "=", order.id), ("subject", "like", f"Order {order.name}:")]
        mails = self.env["mail.mail"].sudo().search(domain, order="id")
        return mails.filtered(lambda mail: not partner or partner in mail.recipient_ids)

    def texts(self, number):
        return self.env["sms.sms"].sudo().search([("number", "=", number)], order="id")
