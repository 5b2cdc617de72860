import base64

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_flow import FlowCase
from .records_papers import PDF


@tagged("post_install", "-at_install", "standard")
class TestLabel(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]

    def rule(self, maker="us", **vals):
        return self.env["dropship.label.rule"].create({"company_id": self.company.id, "maker": maker, **vals})

    def buy(self, partner=None):
        order = self.make_sale(self.lamp, partner=partner)
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        return order.dropship_purchase_ids

    def label(self, **vals):
        values = {"kind": "label", "file": base64.b64encode(PDF), "name": "label.pdf", "number": "00340434"}
        return self.env["dropship.supplier.document"].create({**values, **vals})

    def test_without_a_rule_the_supplier_makes_it(self):
        self.assertEqual(self.buy().state, "purchase")

    def test_the_first_rule_that_fits_decides(self):
        self.rule("supplier", sequence=1, supplier_id=self.suppliers["Dawn"].id)
        self.rule("supplier", sequence=2, channel_id=self.channel.id, supplier_id=self.rhein.id)
        self.rule("us", sequence=3)
        self.assertEqual(self.buy().state, "purchase")

    def test_the_purchase_waits_for_its_label_and_goes_by_itself(self):
        self.rule("us")
        purchase = self.buy()
        self.assertEqual(purchase.state, "draft")
        hold = purchase.dropship_sale_id.dropship_open_hold_ids
        self.assertEqual((hold.kind, hold.purchase_id), ("label_missing", purchase))
        self.assertIn("a label of ours", hold.reason)
        self.label(purchase_id=purchase.id)
        self.run_cron("cron_submit")
        self.assertEqual((purchase.state, hold.state), ("purchase", "solved"))

    def test_a_label_that_is_not_usable_is_none(self):
        self.rule("us")
        purchase = self.buy()
        self.label(purchase_id=purchase.id).action_reject()
        self.run_cron("cron_submit")
        self.assertEqual(purchase.state, "draft")

    def test_a_label_of_the_sale_counts_while_it_is_one_parcel(self):
        self.rule("platform")
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        self.label(order_id=order.id)
        order.action_confirm()
        self.assertEqual(order.dropship_purchase_ids.state, "purchase")
        self.assertEqual(order.dropship_purchase_ids._dropship_label_attachments().raw, PDF)

    def test_a_hidden_recipient_ships_by_label_only(self):
        hidden = self.make_partner("王**", "DE", is_company=False, phone="138****0000")
        purchase = self.buy(partner=hidden)
        self.assertEqual(purchase.state, "draft")
        self.assertTrue(purchase.dropship_masked)
        hold = purchase.dropship_sale_id.dropship_open_hold_ids.filtered(lambda hold: hold.kind == "label_missing")
        with self.assertRaisesRegex(UserError, "hidden"):
            hold.action_release()
        with self.assertRaisesRegex(UserError, "hidden"):
            purchase.write({"state": "sent"})
        self.label(purchase_id=purchase.id)
        self.run_cron("cron_submit")
        self.assertEqual(purchase.state, "purchase")

    def test_a_buyer_lets_it_go_without_approving_a_limit(self):
        self.rule("us")
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 1
        purchase = self.buy()
        hold = purchase.dropship_sale_id.dropship_open_hold_ids
        with self.assertRaisesRegex(UserError, "Buyer"):
            hold.with_user(self.make_login("user")).action_release()
        hold.with_user(self.make_login("buyer")).action_release()
        self.assertEqual(purchase.state, "to approve")
        self.assertEqual(purchase.dropship_sale_id.dropship_open_hold_ids.kind, "approval")

    def test_the_label_travels_with_the_order(self):
        self.rule("us")
        purchase = self.buy()
        label = self.label(purchase_id=purchase.id, carrier="DHL")
        self.run_cron("cron_submit")
        connection = self.env["dropship.connection"].create(
            {"name": "API", "endpoint": "https://rhein.example", "company_id": self.company.id}
        )
        self.rhein.connection_id = connection
        message = self.env["dropship.exchange"]._enqueue(purchase, "order")
        job = self.env["dropship.connector"]._prepare(message)
        [sent] = job["payload"]["labels"]
        self.assertEqual((sent["number"], sent["carrier"], sent["sha256"]), ("00340434", "DHL", label.checksum))
        self.assertNotIn("content", sent)
        self.assertEqual(job["files"][label.checksum], PDF)

    def test_a_hidden_recipient_needs_somebody_who_makes_the_label(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.rule("supplier", masked=True)

    def test_a_test_order_needs_no_label(self):
        self.rule("us")
        order = self.make_sale(self.lamp, dropship_is_test=True, confirm=True)
        self.assertTrue(all(purchase.state == "purchase" for purchase in order.dropship_purchase_ids))
