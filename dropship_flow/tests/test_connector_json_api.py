from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_connector_json_api import connector_fixtures_json_api
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestJsonApi(FlowCase):
    """What goes to a supplier's system beyond orders, and what becomes of his replies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        cls.exchange = cls.env["dropship.exchange"]

    def connected(self, temperament="honest", **options):
        return connector_fixtures_json_api(self, temperament, **options)

    def buy(self, connection):
        self.rhein.connection_id = connection
        return self.hero(confirm=True).dropship_purchase_ids

    def relay(self, later=False):
        if later:
            self.exchange.search([]).filtered("next_try").write({"next_try": "2020-01-01"})
            self.env.flush_all()
        self.run_cron("cron_relay")

    def test_one_call_several_numbers_and_all_are_cancelled(self):
        with self.connected("splits") as (connection, ledger):
            purchase = self.buy(connection)
            self.relay()
            order = purchase.dropship_exchange_ids.filtered(lambda message: message.kind == "order")
            self.assertEqual(order.remote_ids, ["SIM-1-1", "SIM-1-2", "SIM-1-3"])
            purchase.button_cancel()
            self.relay()
        cancel = purchase.dropship_exchange_ids.filtered(lambda message: message.kind == "cancel")
        self.assertEqual((cancel.state, cancel.payload["ids"]), ("sent", order.remote_ids))
        self.assertEqual(ledger.orders[purchase.name][0]["status"], "cancelled")

    def test_an_inquiry_refreshes_the_offers(self):
        with self.connected() as (connection, _ledger):
            self.buy(connection)
            self.relay()
            lamp = self.offers["Rhein", self.lamp]
            lamp.write({"stock": 0, "as_of": "2026-01-01"})
            ship_to = {"country": "DE", "zip": "10115"}
            content = {"ref": "Q1", "lines": [{"sku": lamp.sku, "qty": 1}], "ship_to": ship_to}
            question = self.exchange._put_out(self.rhein, self.company, "ask", ["ask", "Q1"], content=content)
            self.relay()
        self.assertEqual((question.state, question.payload["lines"][0]["sku"]), ("sent", lamp.sku))
        reply = self.exchange.search([("reply_to_id", "=", question.id)])
        self.assertEqual((reply.state, reply.supplier_id), ("processed", self.rhein))
        self.assertGreaterEqual(lamp.stock, 10)
        self.assertEqual(lamp.price, 15.9)
        self.assertGreater(lamp.as_of, fields.Datetime.to_datetime("2026-01-02"))

    def test_a_payment_is_made_once_and_another_sum_is_a_persons(self):
        with self.connected() as (connection, ledger):
            purchase = self.buy(connection)
            self.relay()
            asked = self.exchange._enqueue(purchase, "pay", content={"amount": 22.4, "currency": "EUR"})
            self.relay()
        self.assertEqual(asked.state, "sent")
        self.assertEqual(len(ledger.payments[purchase.name]), 1)
        reply = self.exchange.search([("reply_to_id", "=", asked.id)])
        self.assertEqual(reply.purchase_id, purchase)
        self.assertEqual(reply.state, "processed", "the message is sent: it is paid")
        other = {**reply.payload, "amount": 20.0}
        differs = asked._receive(connection, other)
        self.assertFalse(asked._receive(connection, other), "the same words again")
        self.relay()
        self.assertEqual(differs.state, "parked")
        self.assertIn("20.0", differs.error)

    def unknown(self, purchase, kind, content):
        """A message of which nobody knows whether it arrived."""
        message = self.exchange._enqueue(purchase, kind, content=content)
        self.lose(message)
        return message

    def lose(self, message):
        """As if the line had broken while it was sent."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE dropship_exchange SET state = 'unknown' WHERE id = %s", [message.id])
        self.env.invalidate_all()

    def test_an_unknown_change_goes_again_under_its_key(self):
        with self.connected() as (connection, ledger):
            purchase = self.buy(connection)
            self.relay()
            change = self.unknown(purchase, "change", {"change": "7", "kind": "expedite"})
            self.relay()
            self.relay(later=True)
        self.assertEqual((change.state, list(ledger.changes)), ("sent", [change.key]))

    def test_money_is_not_asked_to_move_twice(self):
        with self.connected() as (connection, ledger):
            purchase = self.buy(connection)
            self.relay()
            payment = self.unknown(purchase, "pay", {"amount": 22.4, "currency": "EUR"})
            self.relay()
            self.assertEqual((payment.state, ledger.payments), ("parked", {}))
            ledger.note({"fact": "pay", "ref": purchase.name, "key": payment.key, "payload": {}})
            self.lose(payment)
            self.relay(later=True)
        self.assertEqual((payment.state, len(ledger.payments[purchase.name])), ("sent", 1))

    def test_one_account_serves_many_sellers(self):
        with self.connected() as (connection, ledger):
            self.rhein.connection_code = "seller-42"
            purchase = self.buy(connection)
            self.relay()
            payload = ledger.orders[purchase.name][0]["payload"]
            self.assertEqual((payload["seller"], payload["schema"]), ("seller-42", 1))
            yiwu = self.suppliers["Yiwu"]
            yiwu.connection_id = connection
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                yiwu.connection_code = "seller-42"
                self.env.flush_all()

    def test_an_answer_of_another_version_waits(self):
        with self.connected("silent") as (connection, _ledger):
            purchase = self.buy(connection)
            self.relay()
            answer = {"ref": purchase.name, "status": "accepted", "serial": 1, "remote_ref": "X", "reason": ""}
            message = self.exchange._receive(connection, answer)
            message.schema = 2
            self.relay()
            self.assertEqual((message.state, purchase.state), ("parked", "sent"))
            message.schema = 1
            message.action_retry()
            self.relay()
        self.assertEqual((message.state, purchase.state), ("processed", "purchase"))

    def test_closures_are_announced_changed_and_withdrawn(self):
        with self.connected("announces_holidays") as (connection, _ledger):
            self.rhein.connection_id = connection
            connection.ask_closures = True
            own = self.env["dropship.supplier.closure"].create(
                {"name": "Ours", "supplier_id": self.rhein.id, "date_from": "2099-01-01", "date_to": "2099-01-02"}
            )
            for _ in range(2):
                self.run_cron("cron_closures")
            closure = self.rhein.closure_ids - own
            self.assertEqual((len(closure), closure.announced), (1, True))
            self.assertEqual((closure.date_from - fields.Date.today()).days, 9)
            self.assertIn("春节", closure.name)
            self.assertEqual(connection.health, "good")
        connection._take_closures([])
        self.assertEqual(self.rhein.closure_ids, own)

    def test_closures_of_another_seller_are_not_ours(self):
        with self.connected() as (connection, _ledger):
            self.rhein.write({"connection_id": connection.id, "connection_code": "A"})
            day = fields.Date.to_string(fields.Date.add(fields.Date.today(), days=3))
            row = {"name": "x", "date_from": day, "date_to": day, "last_ship_date": None, "orders_meanwhile": False}
            connection._take_closures([{**row, "seller": "B"}])
            self.assertFalse(self.rhein.closure_ids)
            connection._take_closures([{**row, "seller": "A"}])
            self.assertEqual(len(self.rhein.closure_ids), 1)

    def test_accepted_orders_are_asked_for_their_parcels(self):
        with self.connected("ships", ship_after=0.0) as (connection, ledger):
            connection.parcel_minutes = 30
            purchase = self.buy(connection)
            self.relay()
            self.assertEqual(purchase.state, "purchase")
            order = purchase.dropship_exchange_ids.filtered(lambda message: message.kind == "order")
            self.relay(later=True)
            told = purchase.dropship_exchange_ids.filtered(lambda message: message.direction == "in")
        self.assertIn("shipped", [message.payload["status"] for message in told])
        self.assertGreater(order.next_try, fields.Datetime.now())
        self.assertEqual(len(ledger.parcels[purchase.name]), 1)
