"""Every installed kind of connection passes the same tests.

A kind brings a module `common_connector_<kind>` with `connector_fixtures_<kind>(case)`: a context manager that gives a
connection and its counterpart; `SECRET`, the secret put into the connection; and `CARRIES`, the messages it takes to
the other side. It may bring `TELLS`, what of the customer an order carries when that is not name and postcode, and
`connector_job_<kind>(case, message)`, how a job is made where the relay does not take `_prepare` alone.
"""

import importlib
import importlib.util
import json
import logging
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..connectors.outcome import AGAIN, PARKED, REJECTED, SENT, UNKNOWN, Outcome
from .common_flow import FlowCase

STATES = {SENT, REJECTED, AGAIN, UNKNOWN, PARKED}
CANARIES = {
    "email": "canary-anna@example.com",
    "sale number": "CANARY-SALE-77",
    "sale price": "87654.32",
    "customer's reference": "CANARY-REF-55",
    "memo": "CANARY-MEMO",
}
# What the messages beyond the order say, as their deciders write it.
CONTENT = {
    "change": {"change": "7", "kind": "expedite"},
    "pay": {"amount": 22.4, "currency": "EUR"},
    "ask": {"ref": "Q-1", "lines": [{"sku": "A", "qty": 1}], "ship_to": {"country": "DE", "zip": "10115"}},
}


def fixtures(kind):
    """The module of a kind, or None."""
    name = f"{__package__}.common_connector_{kind}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


@tagged("post_install", "-at_install", "standard")
class TestConnectorContract(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        connection = cls.env["dropship.connection"]
        services = connection._tracking_kinds()  # they have a contract of their own
        cls.kinds = [kind for kind, _label in connection._connection_kinds() if kind not in services]
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        cls.connector = cls.env["dropship.connector"]

    @contextmanager
    def connected(self, kind):
        """(fixtures, message of an order, counterpart): a purchase of Rhein's whose order waits at a connection."""
        module = fixtures(kind)
        self.anna.email = CANARIES["email"]
        with getattr(module, f"connector_fixtures_{kind}")(self) as (connection, counterpart):
            self.rhein.connection_id = connection
            order = self.make_sale(
                (self.lamp, 1, 87654.32),
                name=CANARIES["sale number"],
                client_order_ref=CANARIES["customer's reference"],
            )
            self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
            order.action_confirm()
            order._dropship_note(CANARIES["memo"])
            message = order.dropship_purchase_ids.dropship_exchange_ids.filtered(lambda row: row.kind == "order")
            self.assertEqual(message.connection_id, connection, order.dropship_purchase_ids)
            yield module, message, counterpart
            self.rhein.connection_id = False
            order._action_cancel()
            order.name = f"{order.id}"

    def messages(self, order_message):
        """A message of every kind that goes out, the order first."""
        exchange = self.env["dropship.exchange"]
        purchase = order_message.purchase_id
        found = [order_message]
        for kind in ("change", "pay", "cancel"):
            found.append(exchange._enqueue(purchase, kind, subject="t", content=CONTENT.get(kind)))
        parts = ["ask", purchase.id]
        return [*found, exchange._put_out(self.rhein, purchase.company_id, "ask", parts, content=CONTENT["ask"])]

    def call(self, message):
        """(job, outcome) of one attempt, the call made where no database is."""
        kind = message.connection_id.kind
        own = getattr(fixtures(kind), f"connector_job_{kind}", None)
        job, outcome = own(self, message) if own else (self.connector._prepare(message), None)
        if outcome:
            return job, outcome
        self.env.flush_all()

        def refuse(*_args, **_kwargs):
            raise AssertionError("a call uses the database")

        with patch.object(type(self.env.cr), "execute", refuse):
            outcome = self.connector._call(message.connection_id.kind, job)
        return job, outcome

    # --- the suite ---

    def test_every_kind_brings_its_fixture(self):
        self.assertTrue(self.kinds)
        for kind in self.kinds:
            with self.subTest(kind):
                module = fixtures(kind)
                self.assertTrue(module, f"tests/common_connector_{kind}.py is missing")
                for name in (f"connector_fixtures_{kind}", "SECRET", "CARRIES"):
                    self.assertTrue(hasattr(module, name), f"{name} is missing")
                for name in (f"_prepare_{kind}", f"_call_{kind}"):
                    self.assertTrue(hasattr(self.connector, name), f"{name} is missing on dropship.connector")

    @mute_logger("odoo.addons.dropship_flow.models.exchange_relay")
    def test_every_message_has_an_end_in_words(self):
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (module, order_message, _counterpart):
                for message in self.messages(order_message):
                    _job, outcome = self.call(message)
                    with self.subTest(message=message.kind):
                        self.assertIsInstance(outcome, Outcome)
                        self.assertIn(outcome.state, STATES)
                        if message.kind in module.CARRIES:
                            self.assertEqual(outcome.state, SENT, outcome)
                        else:
                            self.assertEqual(outcome.state, PARKED, outcome)
                        if outcome.state != SENT:
                            self.assertTrue(outcome.error.strip(), "nobody learns why")

    def test_a_message_nobody_knows_is_parked(self):
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (_module, message, _counterpart):
                job = self.connector._prepare(message)
                outcome = self.connector._call(kind, {**job, "kind": "teleport"})
                self.assertEqual(outcome.state, PARKED)
                self.assertIn("teleport", outcome.error)

    def test_the_supplier_learns_what_shipping_needs_and_nothing_more(self):
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (module, order_message, _counterpart):
                for message in self.messages(order_message):
                    job, outcome = self.call(message)
                    told = json.dumps(job["payload"], default=str, ensure_ascii=False) + str(outcome)
                    with self.subTest(message=message.kind):
                        for what, canary in CANARIES.items():
                            self.assertNotIn(canary, told, what)
                    if message.kind == "order":
                        for word in getattr(module, "TELLS", ("Anna Weber", "10115")):
                            self.assertIn(word, told)

    def test_the_secret_stays_in_the_connection(self):
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (module, order_message, _counterpart):
                with self.assertLogs("odoo", "DEBUG") as logs:
                    for message in self.messages(order_message):
                        job, outcome = self.call(message)
                        message.payload = job["payload"]
                        self.assertNotIn(module.SECRET, json.dumps(job["payload"], default=str))
                        self.assertNotIn(module.SECRET, str(outcome))
                        self.assertNotIn(module.SECRET, str(message.read()))
                    # A log that stays empty would fail for the wrong reason.
                    logging.getLogger("odoo.contract").debug("the end")
                self.assertNotIn(module.SECRET, "\n".join(logs.output))

    def test_who_can_be_asked_answers_by_our_references(self):
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (_module, message, _counterpart):
                if not self.connector._can_ask(message.connection_id):
                    continue
                self.call(message)
                ref = message.purchase_id.name
                known, outcome = self.connector._method("ask", message.connection_id)(
                    message.connection_id, [ref, "P-nobody-knows"]
                )
                self.assertEqual((outcome.state, set(known)), (SENT, {ref}))

    def test_the_same_message_again_under_the_same_key(self):
        """A message that goes twice says the same under the same key, so that the other side can tell."""
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (_module, message, _counterpart):
                first, _outcome = self.call(message)
                again, _outcome = self.call(message)
                self.assertEqual(first["payload"], again["payload"])
                self.assertEqual(first.get("key"), again.get("key"))

    def test_a_missing_capability_is_named(self):
        connection = self.env["dropship.connection"].new({"name": "x", "kind": "json_api"})
        for what in ("teleport", "beam"):
            with self.assertRaisesRegex(NotImplementedError, f"_{what}_json_api"):
                self.connector._method(what, connection)

    def test_what_another_version_stored_waits(self):
        for kind in self.kinds:
            with self.subTest(kind), self.connected(kind) as (_module, message, _counterpart):
                message.schema = 2
                self.run_cron("cron_relay")
                self.assertEqual(message.state, "parked")
                self.assertIn("2", message.error)
                message.schema = 1
                message.action_retry()
                self.assertEqual(message.state, "ready")
