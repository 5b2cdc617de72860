import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from odoo import Command, fields
from odoo.tests import new_test_user

from ..connectors.answer import clean
from ..simulator import server as simulator
from .common_flow import FlowCase


class HealingCase(FlowCase):
    """Suppliers that answer by themselves, late, or never."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.write({"answer_mode": "manual", "answer_hours": 3})
        cls.rhein = cls.suppliers["Rhein"]
        cls.anna.email = "anna@example.com"

    @contextmanager
    def connected(self, temperament, supplier=None):
        """A simulated supplier behind a connection; yields (connection, ledger)."""
        with TemporaryDirectory() as folder:
            ledger = simulator.Ledger(Path(folder) / "ledger.jsonl")
            server = simulator.serve(simulator.Supplier(ledger, temperament, token="key", hang=0.2))
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            connection = self.env["dropship.connection"].create(
                {
                    "name": "Simulated",
                    "endpoint": f"http://127.0.0.1:{server.server_address[1]}",
                    "secret": "key",
                    "private_allowed": True,
                    "company_id": self.company.id,
                }
            )
            (supplier or self.rhein).connection_id = connection
            try:
                yield connection, ledger
            finally:
                server.shutdown()
                server.server_close()

    def clerk(self):
        """Somebody of the order desk who sells as well."""
        groups = "dropship_flow.group_dropship_user,sales_team.group_sale_salesman_all_leads"
        return new_test_user(
            self.env, "clerk", groups=groups, company_id=self.company.id, company_ids=[Command.set(self.company.ids)]
        )

    def relay(self, later=False):
        if later:
            self.env["dropship.exchange"].search([("next_try", "!=", False)]).write({"next_try": "2020-01-01"})
            self.env.flush_all()
        self.run_cron("cron_relay")

    def open_of(self, order):
        return order.dropship_purchase_ids.filtered(lambda purchase: purchase.state != "cancel")

    def time_out(self, purchase):
        """The clock of the answer runs out."""
        purchase.dropship_answer_by = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.run_cron("cron_silent")

    def give_up(self, purchase):
        """The clock of the cancellation runs out as well."""
        purchase.dropship_give_up_at = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.run_cron("cron_give_up")

    def says(self, purchase, status, **answer):
        """The supplier of `purchase` answers; the stored message."""
        message = self.env["dropship.exchange"]._put_in(
            clean({"ref": purchase.name, "status": status, **answer}),
            f"test {purchase.id}",
            purchase,
            purchase.dropship_warehouse_id.supplier_id,
            purchase.company_id,
        )
        message._process()
        return message

    def messages(self, purchase, kind=None):
        """[(kind, state)] of what goes to the supplier, oldest first."""
        found = purchase.dropship_exchange_ids.filtered(lambda row: row.direction == "out").sorted("id")
        return [(row.kind, row.state) for row in found if not kind or row.kind == kind]

    def assertBoughtOnce(self, order):
        """Never two open purchases for one unit."""
        for line in order.order_line:
            living = line.dropship_allocation_ids.filtered(lambda row: row.state != "released")
            self.assertLessEqual(sum(living.mapped("qty")), line.product_uom_qty)
            self.assertTrue(all(row.purchase_id.state != "cancel" for row in living))

    def mails_to(self, partner):
        return self.env["mail.mail"].sudo().search([("recipient_ids", "in", partner.ids)])
