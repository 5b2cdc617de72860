"""Every installed kind of connection passes the same tests for returns and claims, as it does for orders.

A kind brings its connection and counterpart by `common_connector_<kind>` (see the suite for orders). What it has to say
about returns comes from here or, of a kind in another addon, from its module: `RETURN_VALUES`, values its connection
needs to carry them.
"""

import importlib
import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.dropship_flow.connectors.outcome import PARKED, SENT
from odoo.addons.dropship_flow.tests.test_connector_contract import CANARIES, fixtures
from odoo.tests import tagged

from ..connectors.json_returns import PATHS
from .common_supplier import SupplierCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierContract(SupplierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        connection = cls.env["dropship.connection"]
        services = connection._tracking_kinds()
        cls.kinds = [kind for kind, _label in connection._connection_kinds() if kind not in services]
        cls.connector = cls.env["dropship.connector"]

    @contextmanager
    def world(self, kind):
        """(fixtures, {kind of message: message}, counterpart): a return and a claim, all said of them."""
        module = fixtures(kind)
        self.anna.email = CANARIES["email"]
        self.rhein.connection_id = False
        order = self.delivered((self.lamp, 3, 87654.32))
        order.write({"client_order_ref": CANARIES["customer's reference"]})
        with getattr(module, f"connector_fixtures_{kind}")(self) as (connection, counterpart):
            self.carry_returns(connection)
            self.rhein.connection_id = connection
            case = self.agreed((order.order_line[:1], 2, "damaged", {"note": CANARIES["memo"]}))
            self.case_of, self.claim_of = case, self.claim(40.0, order=order)
            case.side_ids._send("return_parcel", {"ref": case.name, "number": "SF100", "carrier": "SF"}, "SF100")
            case.side_ids._send("return_cancel", {"ref": case.name})
            self.claim_of._tell_objection("The photo shows it")
            messages = self.told(case) | self.told(self.claim_of)
            yield module, {message.kind: message for message in messages}, counterpart
            self.rhein.connection_id = False

    def carry_returns(self, connection):
        """What a connection needs to carry returns and claims."""
        if connection.kind == "file":
            connection.file_out_layout_id = self.env.ref("dropship_flow_aftersales.file_layout_returns")

    def job_of(self, message):
        kind = message.connection_id.kind
        own = getattr(fixtures(kind), f"connector_job_{kind}", None)
        return own(self, message) if own else (self.connector._prepare(message), None)

    def call(self, message):
        job, outcome = self.job_of(message)
        if outcome:
            return job, outcome
        self.env.flush_all()

        def refuse(*_args, **_kwargs):
            raise AssertionError("a call uses the database")

        with patch.object(type(self.env.cr), "execute", refuse):
            return job, self.connector._call(message.connection_id.kind, job)

    def test_every_kind_carries_returns_and_claims(self):
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                self.assertEqual(set(messages), set(PATHS))
                for name, message in messages.items():
                    with self.subTest(message=name):
                        _job, outcome = self.call(message)
                        self.assertEqual(outcome.state, SENT, outcome)

    def test_he_learns_what_a_return_needs_and_nothing_more(self):
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                for message in messages.values():
                    job, outcome = self.call(message)
                    told = json.dumps(job["payload"], default=str, ensure_ascii=False) + str(outcome)
                    words = [*CANARIES.values(), "Anna", self.case_of.line_ids.order_id.name, "10115"]
                    for word in words:
                        self.assertNotIn(word, told, message.kind)
                    self.assertIn(message.content["ref"], told, message.kind)

    def test_the_secret_stays_in_the_connection(self):
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (module, messages, _counterpart):
                for message in messages.values():
                    job, outcome = self.call(message)
                    message.payload = job["payload"]
                    self.assertNotIn(module.SECRET, str(message.read()) + str(outcome))

    def test_the_same_message_again_under_the_same_key(self):
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                for message in messages.values():
                    first, _outcome = self.call(message)
                    again, _outcome = self.call(message)
                    self.assertEqual(first["payload"], again["payload"])
                    self.assertEqual(first.get("key"), again.get("key"))

    def test_each_message_has_a_key_of_its_own(self):
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                self.assertEqual(len({message.key for message in messages.values()}), len(PATHS))

    def test_a_silent_supplier_is_asked_again(self):
        """Every kind sends the same question once more, under a key of its own, and never while one is on its way."""
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                first, case = messages["return"], self.case_of
                case.side_ids._set_state("asked")
                case.action_ask_again()
                self.assertEqual(self.told(case, "return"), first, "it has not left yet")
                self.told(case)._set_state("sending")
                self.told(case)._set_state("sent")
                case.action_ask_again()
                case.action_ask_again()
                again = self.told(case, "return") - first
                self.assertEqual(len(again), 1)
                self.assertNotEqual(again.key, first.key)
                self.assertEqual(again.content["lines"], first.content["lines"])
                job, outcome = self.call(again)
                self.assertEqual(outcome.state, SENT, outcome)
                self.assertNotEqual(job["payload"], {})
                self.assertFalse(case.activity_ids.filtered(lambda todo: "Ask" in (todo.summary or "")))

    def test_a_message_nobody_knows_is_parked(self):
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                job, _outcome = self.job_of(messages["return"])
                outcome = self.connector._call(kind, {**job, "kind": "return_by_balloon"})
                self.assertEqual(outcome.state, PARKED)

    def test_an_answer_is_taken_once_whatever_the_kind(self):
        """What every way in ends with: the agreed form, stored, acted on, and the same once more is nothing new."""
        for kind in self.kinds:
            with self.subTest(kind), self.world(kind) as (_module, messages, _counterpart):
                side = self.case_of.side_ids
                for message, reply in (
                    (messages["return"], {"about": "return", "ref": self.case_of.name, "answer": "approved"}),
                    (messages["claim"], {"about": "claim", "ref": self.claim_of._supplier_ref(), "answer": "accepted"}),
                ):
                    reader = importlib.import_module("odoo.addons.dropship_flow_aftersales.connectors.replies").READERS
                    said = reader[reply["about"]](reply)
                    found = message._receive(message.connection_id, said)
                    self.assertFalse(message._receive(message.connection_id, said))
                    found._act_now()
                    self.assertEqual(found.state, "processed", found.error)
                self.assertEqual((side.state, self.case_of.approval), ("approved", "given"))
                self.assertEqual(self.claim_of.state, "accepted")
