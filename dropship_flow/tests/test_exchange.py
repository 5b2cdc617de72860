import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..simulator import server as simulator
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestExchange(FlowCase):
    """Orders reach a supplier's system by themselves, and its answers come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"

    @contextmanager
    def supplier(self, temperament, token="key"):
        """A simulated supplier behind Rhein's connection; yields (connection, ledger)."""
        with TemporaryDirectory() as folder:
            ledger = simulator.Ledger(Path(folder) / "ledger.jsonl")
            server = simulator.serve(simulator.Supplier(ledger, temperament, token="key", hang=0.2))
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            connection = self.env["dropship.connection"].create(
                {
                    "name": "Rheinlager",
                    "endpoint": f"http://127.0.0.1:{server.server_address[1]}",
                    "secret": token,
                    "private_allowed": True,
                    "company_id": self.company.id,
                }
            )
            self.rhein.connection_id = connection
            try:
                yield connection, ledger
            finally:
                server.shutdown()
                server.server_close()

    def relay(self, later=False):
        if later:
            messages = self.env["dropship.exchange"].search([])
            messages.filtered("next_try").write({"next_try": "2020-01-01"})
            self.env.flush_all()
        self.run_cron("cron_relay")

    def test_an_order_is_sent_and_accepted(self):
        with self.supplier("honest") as (connection, ledger):
            order = self.hero(confirm=True)
            purchase = order.dropship_purchase_ids
            self.assertEqual(purchase.state, "sent")
            self.assertFalse(ledger.orders, "nothing is sent inside the customer's transaction")
            self.relay()
        self.assertEqual(list(ledger.orders), [purchase.name])
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(purchase.partner_ref, "SIM-1")
        self.assertEqual(connection.health, "good")
        out, back = purchase.dropship_exchange_ids.sorted("id")
        self.assertEqual((out.state, out.attempts, back.state, back.direction), ("sent", 1, "processed", "in"))

    def test_the_supplier_learns_what_shipping_needs_and_nothing_more(self):
        self.anna.email = "anna@example.com"
        with self.supplier("silent") as (_connection, ledger):
            order = self.hero(confirm=True)
            self.relay()
        text = str(ledger.orders)
        for word in ("Anna Weber", "10115", "Berlin", "15.9"):
            self.assertIn(word, text)
        for secret in ("anna@example.com", order.name, "34.9", "52.7"):
            self.assertNotIn(secret, text)

    def test_a_refusal_moves_the_order_to_the_next_source(self):
        with self.supplier("out_of_stock"):
            order = self.hero(confirm=True)
            first = order.dropship_purchase_ids
            self.relay()
        self.assertEqual(first.state, "cancel")
        self.assertNotIn("Rhein", self.bought(order))
        self.assertTrue(self.bought(order))
        self.assertEqual(len(first.dropship_exchange_ids), 2, "who refused is not asked to cancel")

    def test_an_unknown_outcome_is_asked_for(self):
        with self.supplier("breaks_late") as (_connection, ledger):
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            message = purchase.dropship_exchange_ids
            self.assertEqual(message.state, "unknown")
            with self.assertRaises(UserError):
                message.action_drop()
            self.relay(later=True)
        self.assertEqual(message.state, "sent")
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(len(ledger.orders[purchase.name]), 1)

    def test_what_did_not_arrive_is_sent_again_under_the_same_key(self):
        with self.supplier("breaks") as (_connection, ledger):
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            message = purchase.dropship_exchange_ids
            key = message.key
            self.assertFalse(ledger.orders)
            self.relay(later=True)
            self.relay(later=True)
        self.assertEqual(list(ledger.keys), [key])
        self.assertEqual(purchase.state, "purchase")

    def test_a_slow_supplier_is_asked_for_his_answer(self):
        with self.supplier("slow"):
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            self.assertEqual(purchase.state, "sent")
            self.relay(later=True)
            self.relay(later=True)
        self.assertEqual(purchase.state, "purchase")

    def test_retry_asks_for_an_answer_at_once(self):
        with self.supplier("slow"):
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            buyer = self.make_login("buyer")
            for _ in range(2):
                purchase.dropship_exchange_ids.filtered(lambda row: row.direction == "out").with_user(
                    buyer
                ).action_retry()
                self.relay()
        self.assertEqual(purchase.state, "purchase")

    def test_a_wrong_key_needs_a_person_who_mends_and_retries(self):
        with self.supplier("honest", token="wrong") as (connection, _ledger):
            order = self.hero(confirm=True)
            self.relay()
            message = order.dropship_purchase_ids.dropship_exchange_ids
            self.assertEqual(message.state, "parked")
            self.assertIn("401", message.error)
            self.assertNotIn("wrong", message.error)
            self.assertEqual(order.dropship_exception_ids.kind, "not_sent")
            connection.secret = "key"
            message.with_user(self.make_login("buyer")).action_retry()
            self.relay()
        self.assertEqual(message.state, "sent")

    def test_a_cancelled_purchase_is_never_sent(self):
        with self.supplier("honest") as (_connection, ledger):
            purchase = self.hero(confirm=True).dropship_purchase_ids
            purchase.button_cancel()
            self.relay()
        self.assertFalse(ledger.orders)
        self.assertEqual(purchase.dropship_exchange_ids.state, "cancelled")

    def test_an_acceptance_after_the_end_calls_the_buyer(self):
        with self.supplier("slow"):
            order = self.hero(confirm=True)
            purchase = order.dropship_purchase_ids
            self.relay()
            late = {"ref": purchase.name, "status": "accepted", "serial": 2, "remote_ref": "X", "reason": ""}
            purchase.button_cancel()
            self.env["dropship.exchange"]._receive(self.rhein.connection_id, late)
            self.relay()
        self.assertIn("answer_late", order.dropship_exception_ids.mapped("kind"))
        self.assertEqual(purchase.state, "cancel")

    def test_an_answer_to_nothing_is_kept(self):
        with self.supplier("honest") as (connection, _ledger):
            answer = {"ref": "P-unknown", "status": "accepted", "serial": 1, "remote_ref": "", "reason": ""}
            message = self.env["dropship.exchange"]._receive(connection, answer)
            self.assertFalse(self.env["dropship.exchange"]._receive(connection, answer), "the same answer again")
            self.relay()
        self.assertEqual(message.state, "parked")
        self.assertIn("P-unknown", message.error)

    def test_a_line_that_fails_rests(self):
        connection = self.env["dropship.connection"].create(
            {"name": "dead", "endpoint": "http://127.0.0.1:9", "private_allowed": True}
        )
        for _ in range(6):
            connection._contact(False, "nobody there")
        self.assertEqual(connection.health, "down")
        self.assertGreater(connection.paused_until, fields.Datetime.now())
        self.assertEqual(connection._admit(5), 0)
        connection.with_user(self.make_login("manager")).action_try_now()
        self.assertEqual((connection.health, connection._admit(5)), ("new", 5))

    def test_calls_are_rationed(self):
        connection = self.env["dropship.connection"].create(
            {"name": "strict", "endpoint": "https://supplier.example", "rate": 0.5}
        )
        self.assertEqual(connection._admit(20), 5)
        self.assertEqual(connection._admit(20), 0)

    def test_who_may_lead_a_connection_elsewhere(self):
        connection = self.env["dropship.connection"].create({"name": "x", "endpoint": "https://supplier.example"})
        manager = self.make_login("manager")
        connection.with_user(manager).name = "y"
        with self.assertRaises(AccessError):
            connection.with_user(manager).endpoint = "https://elsewhere.example"
        with self.assertRaises(AccessError):
            connection.with_user(manager).read(["secret"])
        connection.secret = "s3cret"
        self.assertTrue(connection.with_user(manager).secret_set)
        self.assertNotIn("s3cret", str(connection.with_user(manager).read()))

    def test_what_is_no_address_is_refused(self):
        for endpoint in (
            False,
            "supplier.example",
            "ftp://supplier.example",
            "https://u:p@supplier.example",
            "https://[",
        ):
            with self.subTest(endpoint), self.assertRaises(ValidationError):
                self.env["dropship.connection"].create({"name": "x", "endpoint": endpoint})
