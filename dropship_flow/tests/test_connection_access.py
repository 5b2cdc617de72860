import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..simulator import server as simulator
from ..simulator.gate import Gate
from .common_flow import FlowCase

SECRET = "s3cret-of-the-account"


@tagged("post_install", "-at_install", "standard")
class TestConnectionAccess(FlowCase):
    """Access that runs out (OAuth 2.0): renewed by itself, shown to nobody, never asked for in a hurry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"

    @contextmanager
    def connected(self, refresh=False, **options):
        """(connection, gate, ledger) of a supplier whose access runs out."""
        with TemporaryDirectory() as folder:
            ledger = simulator.Ledger(Path(folder) / "ledger.jsonl")
            gate = Gate(ledger, account="shop", secret=SECRET, **options)
            server = simulator.serve(simulator.Supplier(ledger, "honest", gate=gate))
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            url = f"http://127.0.0.1:{server.server_address[1]}"
            connection = self.env["dropship.connection"].create(
                {
                    "name": "Renewed", "endpoint": url, "auth": "renewed", "access_address": f"{url}/token",
                    "access_account": "shop", "secret": SECRET, "private_allowed": True, "rate": 1000,
                    "company_id": self.company.id,
                }
            )  # fmt: skip
            try:
                yield connection, gate, ledger
            finally:
                server.shutdown()
                server.server_close()
                ledger.file.close()

    def buy(self, connection):
        self.rhein.connection_id = connection
        return self.hero(confirm=True).dropship_purchase_ids

    def relay(self, later=False):
        if later:
            self.env["dropship.exchange"].search([]).filtered("next_try").write({"next_try": "2020-01-01"})
            self.env.flush_all()
        self.run_cron("cron_relay")

    def orders(self, purchase):
        return purchase.dropship_exchange_ids.filtered(lambda message: message.kind == "order")

    def renewals(self, ledger):
        text = Path(ledger.path).read_text(encoding="utf-8")
        return text.count('"fact": "access"')

    def ago(self, **times):
        return fields.Datetime.subtract(fields.Datetime.now(), **times)

    def test_the_first_order_asks_for_access_and_the_next_one_uses_it(self):
        with self.connected() as (connection, gate, ledger):
            purchases = self.buy(connection) | self.buy(connection)
            self.relay()
            self.assertEqual(set(self.orders(purchases).mapped("state")), {"sent"})
            self.assertEqual(self.renewals(ledger), 1)
            self.assertEqual(connection.access_refresh, gate.refresh, "what gets the next access is kept")
            self.assertGreater(connection.access_until, fields.Datetime.now())

    def test_access_that_ended_is_renewed_with_what_was_given_last(self):
        with self.connected() as (connection, gate, ledger):
            self.buy(connection)
            self.relay()
            first = connection.access_refresh
            connection.sudo().access_until = self.ago(minutes=1)
            purchase = self.buy(connection)
            self.relay()
            self.assertEqual(self.orders(purchase).state, "sent")
            self.assertEqual((self.renewals(ledger), gate.used), (2, {first}))

    def test_the_other_side_forgot_our_access(self):
        """A 401 took nothing: the same order goes again with new access; soon after a renewal a person looks."""
        with self.connected() as (connection, gate, ledger):
            self.buy(connection)
            self.relay()
            gate.good.clear()
            connection.sudo().write({"access_at": self.ago(minutes=10)})
            purchase = self.buy(connection)
            self.relay()
            self.assertEqual(self.orders(purchase).state, "ready")
            self.relay(later=True)
            self.assertEqual((self.orders(purchase).state, self.renewals(ledger)), ("sent", 2))
            gate.good.clear()
            purchase = self.buy(connection)
            self.relay()
            self.assertEqual((self.orders(purchase).state, self.renewals(ledger)), ("parked", 2))

    def test_a_renewal_that_fails_is_not_repeated_in_a_hurry(self):
        with self.connected(fails=1) as (connection, _gate, ledger):
            purchase = self.buy(connection)
            self.relay()
            self.assertEqual((self.orders(purchase).state, self.orders(purchase).attempts), ("ready", 0))
            self.assertIn("500", connection.access_error)
            self.assertEqual(connection.failures, 1)
            self.relay(later=True)
            self.assertEqual(self.renewals(ledger), 1, "five minutes are left alone")
            connection.sudo().access_failed_at = self.ago(minutes=6)
            self.relay(later=True)
            self.assertEqual((self.orders(purchase).state, self.renewals(ledger)), ("sent", 2))
            self.assertFalse(connection.access_error)

    def test_a_person_tries_at_once(self):
        with self.connected(fails=1) as (connection, _gate, _ledger):
            purchase = self.buy(connection)
            self.relay()
            connection.action_try_now()
            self.relay(later=True)
            self.assertEqual(self.orders(purchase).state, "sent")

    def test_nothing_secret_is_written_anywhere(self):
        with self.connected() as (connection, gate, _ledger), self.assertLogs(level="DEBUG") as logs:
            gate.secret = "another"
            self.buy(connection)
            self.relay()
            self.assertIn("invalid_client", connection.access_error)
        self.assertNotIn(SECRET, connection.access_error + "".join(logs.output))
        buyer = self.make_login("buyer")
        for name in ("secret", "access_token", "access_refresh", "access_account"):
            with self.subTest(name), self.assertRaises(AccessError):
                connection.with_user(buyer).read([name])
        with self.assertRaises(AccessError):
            connection.with_user(buyer).write({"access_address": "https://evil.example"})

    def test_where_access_comes_from_is_an_address(self):
        for address in (False, "ftp://x.example", "https://key:secret@x.example"):
            with self.subTest(address), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["dropship.connection"].create(
                    {"name": "x", "endpoint": "https://x.example", "auth": "renewed", "access_address": address}
                )

    def test_other_secrets_begin_anew(self):
        with self.connected() as (connection, _gate, _ledger):
            self.buy(connection)
            self.relay()
            connection.secret = "new"
            self.assertFalse(connection.access_token or connection.access_until)
