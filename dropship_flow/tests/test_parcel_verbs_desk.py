from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_shipment import ShipmentCase


@tagged("post_install", "-at_install", "standard")
class TestParcelVerbsDesk(ShipmentCase):
    """The order desk reads no purchases, and does with parcels all the same what is its work."""

    def setUp(self):
        super().setUp()
        self.desk = self.login("user")
        self.purchase = self.buy(self.lamp, accept=True)
        self.parcel = self.told(self.purchase, "DESK0001", carrier="DHL")

    def act(self, verb, **vals):
        action = getattr(self.parcel.with_user(self.desk), f"action_{verb}")()
        act = self.env[action["res_model"]].with_user(self.desk).browse(action["res_id"])
        act.write(vals)
        return act.action_apply()

    def test_it_reads_no_purchases(self):
        with self.assertRaises(AccessError):
            self.purchase.with_user(self.desk).order_line.mapped("price_unit")

    def test_chasing(self):
        self.env["dropship.exception"]._raise_parcel(self.parcel, "parcel_movement", [])
        self.act("chase")
        self.assertEqual(self.parcel.chased, 1)
        self.assertTrue(self.parcel._open_parcel_exceptions(("parcel_movement",)).is_snoozed)
        self.assertIn("DESK0001", self.purchase.message_ids[0].body)

    def test_stopping(self):
        self.act("intercept", what="back", send_mail=False)
        self.assertEqual(self.parcel.intercept, "asked")
        self.assertEqual(self.parcels_wrong(self.parcel), ["parcel_stop"])

    def test_claiming(self):
        self.scan(self.parcel, "lost", 1)
        action = self.parcel.with_user(self.desk).action_claim_loss()
        claim = self.env["dropship.claim"].with_user(self.desk).browse(action["res_id"])
        self.assertEqual((claim.party, claim.state), ("carrier", "draft"))
        self.assertEqual(claim.amount, self.purchase.order_line.price_subtotal)

    def test_the_way_back(self):
        action = self.parcel.with_user(self.desk).action_open_backs()
        back = self.env["dropship.parcel.back"].with_user(self.desk).browse(action["res_id"])
        self.assertEqual(back.state, "expected")

    def test_a_false_one(self):
        self.parcel.with_user(self.desk).action_false_dispatch()
        self.assertEqual(self.parcel.state, "reverted")

    def test_telling_the_customer(self):
        self.parcel.with_user(self.desk).action_tell_customer()
        self.assertTrue(self.purchase.dropship_sale_id.dropship_notification_ids)
