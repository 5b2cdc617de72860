from odoo import fields
from odoo.addons.dropship_flow.models.tracking_service import SERVICES
from odoo.addons.dropship_flow.tests.common_tracking import TrackingFactories
from odoo.addons.dropship_flow.tests.test_tracking_relay import Books
from odoo.tests import tagged

from .common_goods import GoodsCase


@tagged("post_install", "-at_install", "standard")
class TestGoodsAsk(TrackingFactories, GoodsCase):
    """The number of a parcel back is registered once and asked for, like any other."""

    def setUp(self):
        super().setUp()
        self.env["dropship.connection"].search([("is_tracking", "=", True)]).active = False
        self.service = self.make_service(rate=1000.0)
        self.books = Books()
        self.addCleanup(SERVICES.__setitem__, "webhook", SERVICES["webhook"])
        SERVICES["webhook"] = self.books
        self.anna.phone = "+49 151 2345 6789"
        self.order = self.delivered((self.lamp, 2))
        self.case = self.agreed(self.order, 2)
        self.parcel = self.case._send_back("BACK55555")
        self.env["dropship.return.parcel"].search([("id", "!=", self.parcel.id)]).write({"state": "inspected"})

    def ask(self):
        with self.as_worker() as env:
            env["dropship.return.parcel"]._cron_ask(5)

    def hours_later(self, hours):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dropship_return_parcel SET ask_after = ask_after - make_interval(hours => %s)", [hours]
        )
        self.env.invalidate_all()

    def test_registered_once_and_asked_again_in_hours(self):
        self.ask()
        self.ask()
        self.hours_later(5)
        self.ask()
        self.assertEqual(self.books.registered["BACK55555"], 1)
        self.assertEqual(self.books.asked["BACK55555"], 2)
        self.assertEqual(self.parcel.service_id, self.service)
        self.assertEqual(self.service.quota_used, 1)

    def test_what_it_says_reaches_the_case(self):
        self.books.events["BACK55555"] = [self.said("delivered", 0)]
        self.ask()
        self.assertEqual(self.parcel.state, "arrived")
        self.hours_later(5)
        self.ask()
        self.assertEqual(self.books.asked["BACK55555"], 1, "what has arrived is not asked for")

    def test_no_more_is_told_than_the_carrier_asks_for(self):
        self.ask()
        (told,) = self.books.told
        self.assertEqual((told.number, told.phone, told.origin), ("BACK55555", "", "DE"))
        self.assertNotIn(self.case.name, told.tag)

    def test_a_service_that_does_not_answer_is_asked_soon(self):
        self.books.lose_answer = 1
        self.ask()
        self.assertFalse(self.parcel.registered_at)
        self.assertTrue(self.parcel.ask_after < fields.Datetime.add(fields.Datetime.now(), hours=5))
        self.hours_later(5)
        self.ask()
        self.assertTrue(self.parcel.registered_at)

    def test_a_service_for_other_carriers_is_not_asked(self):
        self.service.carrier_codes = "sf,zto"
        self.ask()
        self.assertFalse(self.books.registered)
