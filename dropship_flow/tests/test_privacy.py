import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common_flow import FlowFactories
from .test_exceptions_desk import ExceptionCase

SECRETS = ("Anna", "Weber", "Hauptstr", "901820", "10115")


class PrivacyCase:
    def prepare(self):
        self.anna.write({"street": "Hauptstr. 5", "phone": "+49 30 901820"})
        self.connection = self.env["dropship.connection"].create(
            {"name": "Rheinlager", "endpoint": "https://rhein.example", "company_id": self.company.id}
        )
        self.suppliers["Rhein"].write({"connection_id": self.connection.id, "answer_mode": "manual"})

    def exchanged(self, state="sent"):
        """An order the supplier has, with messages that say who the customer is: (order, purchase, messages)."""
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        (message,) = purchase.dropship_exchange_ids
        payload = {"ref": purchase.name, **self.env["dropship.connector"]._order_payload(purchase)}
        message.write({"payload": payload, "error": "no Anna Weber at +49 30/90 18 20"})
        self.env.cr.execute("UPDATE dropship_exchange SET state = %s WHERE id = %s", [state, message.id])
        self.env.invalidate_all()
        answer = {"ref": purchase.name, "status": "received", "reason": "Weber, Hauptstr. 5: bell broken"}
        said = self.env["dropship.exchange"]._receive(self.connection, answer)
        said._set_state("processed")
        return order, purchase, message | said

    def said(self, messages):
        parts = [message[name] for message in messages for name in ("payload", "content", "error")]
        return json.dumps(parts, ensure_ascii=False)

    def arrived(self, order, purchase, days):
        purchase.action_dropship_accept()
        for move in purchase.picking_ids.move_ids:
            move.picked = True
        purchase.picking_ids.button_validate()
        order.action_dropship_delivered()
        order.dropship_delivered_at = fields.Datetime.now() - timedelta(days=days)


@tagged("post_install", "-at_install", "standard")
class TestPrivacy(PrivacyCase, ExceptionCase):
    """Suppliers know a customer only as long as they need to, and each look is noted."""

    def setUp(self):
        super().setUp()
        self.prepare()

    # --- forgotten after the end ---

    def test_some_days_after_the_end_nobody_at_the_supplier_knows_who_it_was(self):
        order, purchase, messages = self.exchanged()
        keys = messages.mapped("key")
        self.arrived(order, purchase, days=20)
        self.run_cron("cron_purge")
        self.assertFalse(purchase.dropship_redacted_at, "thirty days are not over")
        self.assertIn("Weber", self.said(messages))
        order.dropship_delivered_at = fields.Datetime.now() - timedelta(days=31)
        self.run_cron("cron_purge")
        self.assertTrue(purchase.dropship_redacted_at)
        shown = [
            self.said(messages),
            "\n".join(purchase._dropship_ship_to_lines()),
            json.dumps(purchase.dropship_allocation_ids.mapped("ship_to"), ensure_ascii=False),
            json.dumps(self.env["dropship.connector"]._order_payload(purchase), ensure_ascii=False),
        ]
        for text in shown:
            for secret in SECRETS:
                self.assertNotIn(secret, text)
            self.assertNotIn("90 18 20", text)
        self.assertIn("A. W.", shown[1])
        self.assertIn("Berlin", shown[1])
        self.assertEqual(messages.mapped("key"), keys)
        self.assertEqual(order.partner_shipping_id.street, "Hauptstr. 5", "our own order keeps it")

    def test_a_purchase_under_way_keeps_its_address_and_a_cancelled_one_does_not(self):
        _order, open_one, _messages = self.exchanged()
        open_one.action_dropship_accept()
        _order, cancelled, messages = self.exchanged()
        cancelled.button_cancel()
        self.env["dropship.exchange"].search([("purchase_id", "=", cancelled.id), ("state", "=", "ready")])._set_state(
            "cancelled"
        )
        self.assertTrue(cancelled.dropship_closed_at)
        long_ago = fields.Datetime.now() - timedelta(days=40)
        cancelled.dropship_closed_at = long_ago
        self.run_cron("cron_purge")
        self.assertFalse(open_one.dropship_redacted_at)
        self.assertIn("Anna Weber", "\n".join(open_one._dropship_ship_to_lines()))
        self.assertTrue(cancelled.dropship_redacted_at)
        self.assertNotIn("Weber", self.said(messages))

    def test_days_are_each_companys_own(self):
        order, purchase, _messages = self.exchanged()
        self.arrived(order, purchase, days=10)
        self.company.dropship_redact_days = 7
        self.run_cron("cron_purge")
        self.assertTrue(purchase.dropship_redacted_at)

    def test_a_message_that_waits_for_a_person_is_scrubbed_when_it_is_settled(self):
        order, purchase, messages = self.exchanged(state="parked")
        self.arrived(order, purchase, days=40)
        self.run_cron("cron_purge")
        parked = messages.filtered(lambda message: message.state == "parked")
        self.assertIn("Weber", self.said(parked))
        parked.action_drop()
        self.run_cron("cron_purge")
        self.assertNotIn("Weber", self.said(parked))

    # --- kept long enough ---

    def age(self, messages, days=100):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dropship_exchange SET create_date = %s WHERE id = ANY(%s)",
            [fields.Datetime.now() - timedelta(days=days), messages.ids],
        )
        self.env.invalidate_all()

    def test_contents_go_and_nothing_is_sent_twice(self):
        order, purchase, messages = self.exchanged()
        self.arrived(order, purchase, days=1)
        self.age(messages)
        self.run_cron("cron_purge")
        self.assertFalse(any(message.payload or message.error for message in messages))
        again = self.env["dropship.exchange"]._enqueue(purchase, "order")
        self.assertIn(again, messages, "the key is known: the same message")
        answer = {"ref": purchase.name, "status": "received", "reason": "Weber, Hauptstr. 5: bell broken"}
        self.assertFalse(self.env["dropship.exchange"]._receive(self.connection, answer))

    def test_what_is_still_to_be_done_is_kept(self):
        _order, waiting, open_messages = self.exchanged()
        order, purchase, parked = self.exchanged(state="parked")
        self.arrived(order, purchase, days=1)
        self.age(open_messages | parked)
        self.run_cron("cron_purge")
        self.assertEqual(waiting.state, "sent")
        self.assertTrue(all(message.payload for message in open_messages))
        self.assertTrue(parked.filtered(lambda message: message.state == "parked").payload)

    def test_days_of_a_company_win(self):
        retention = self.env["dropship.retention"]
        self.assertEqual(retention._days_of("exchange", self.company), 90)
        retention.create({"what": "exchange", "days": 400, "company_id": self.company.id})
        self.assertEqual(retention._days_of("exchange", self.company), 400)
        order, purchase, messages = self.exchanged()
        self.arrived(order, purchase, days=1)
        self.age(messages)
        self.run_cron("cron_purge")
        self.assertTrue(all(message.payload for message in messages))

    def test_views_facts_and_solved_exceptions_go_by_age(self):
        _order, purchase, _messages = self.exchanged()
        purchase._dropship_log_view("page", "a link")
        views = self.env["dropship.address.view"].search([("purchase_id", "=", purchase.id)])
        fact = self.env["dropship.supplier.fact"].create(
            {"supplier_id": self.suppliers["Rhein"].id, "kind": "leaflet", "at": "2020-01-01"}
        )
        exception = self.exceptions._raise(purchase.dropship_allocation_ids[0], "late_ship", [])
        exception._set_state("solved")
        exception.solved_at = "2020-01-01"
        still_open = self.exceptions._raise(purchase.dropship_allocation_ids[0], "silent", [])
        self.env.flush_all()
        self.env.cr.execute("UPDATE dropship_address_view SET at = '2020-01-01' WHERE id = ANY(%s)", [views.ids[:1]])
        self.env.invalidate_all()
        self.run_cron("cron_purge")
        self.assertEqual(views.exists(), views[1:])
        self.assertFalse(fact.exists() or exception.exists())
        self.assertTrue(still_open.exists())

    # --- who looked ---

    def test_a_look_is_noted_once_a_day_and_viewer(self):
        purchases = self.hero(confirm=True).dropship_purchase_ids | self.hero(confirm=True).dropship_purchase_ids
        views = self.env["dropship.address.view"]
        for viewer in ("the link of the mail", "the link of the mail", self.buyer):
            purchases._dropship_log_view("desk", viewer)
        self.assertEqual(views.search_count([("purchase_id", "in", purchases.ids)]), 4)
        found = views.search([("purchase_id", "=", purchases[0].id)])
        self.assertEqual((found.supplier_id, found.company_id), (self.suppliers["Rhein"], self.company))
        self.assertIn(self.buyer.name, " ".join(found.mapped("viewer")))
        with self.assertRaises(UserError):
            found[0].write({"viewer": "nobody"})
        with self.assertRaises(UserError):
            found.unlink()
        self.assertTrue(found.with_user(self.manager).read(["viewer"]))
        for user in (self.buyer, self.desk):
            with self.assertRaises(AccessError):
                found.with_user(user).read(["viewer"])

    def test_a_forgotten_customer_cannot_be_seen(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        purchase.dropship_redacted_at = fields.Datetime.now()
        purchase._dropship_log_view("desk", "a link")
        self.assertFalse(self.env["dropship.address.view"].search([("purchase_id", "=", purchase.id)]))

    # --- a customer wants to be forgotten ---

    def wizard(self, partner, user=None):
        wizards = self.env["dropship.customer.erase"].with_user(user or self.manager)
        return wizards.with_context(allowed_company_ids=self.company.ids).create({"partner_id": partner.id})

    def test_erasing_says_who_has_to_be_told(self):
        order, purchase, messages = self.exchanged()
        with self.assertRaises(UserError) as caught:
            self.wizard(self.anna).action_erase()
        self.assertIn(purchase.name, str(caught.exception))
        self.assertIn("Weber", self.said(messages))
        self.arrived(order, purchase, days=0)
        wizard = self.wizard(self.anna)
        self.assertRegex(wizard.supplier_text, rf"Rhein.*: {purchase.name}")
        wizard.action_erase()
        self.assertTrue(purchase.dropship_redacted_at)
        self.assertNotIn("Weber", self.said(messages))
        self.assertIn("Rhein", self.anna.message_ids[0].body)

    def test_only_managers_erase_and_only_what_is_theirs(self):
        with self.assertRaises(AccessError):
            self.wizard(self.anna, self.buyer)
        with self.assertRaises(UserError):
            self.wizard(self.make_partner("Nobody", "DE")).action_erase()
        self.exchanged()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_login("manager", company=other)
        wizard = self.env["dropship.customer.erase"].with_user(stranger).with_context(allowed_company_ids=other.ids)
        partner = self.anna.sudo()
        partner.company_id = False
        self.assertFalse(wizard.create({"partner_id": partner.id}).purchase_ids)


@tagged("post_install", "-at_install", "standard")
class TestPrivacyPages(PrivacyCase, FlowFactories, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.make_policy("buy")
        cls.suppliers["Rhein"].answer_mode = "manual"

    def test_the_page_of_a_purchase_notes_who_looks_and_shows_nobody_afterwards(self):
        self.anna.write({"street": "Hauptstr. 5", "phone": "+49 30 901820"})
        purchase = self.hero(confirm=True).dropship_purchase_ids
        url = purchase.get_portal_url()
        page = self.url_open(url)
        self.assertIn("Hauptstr. 5", page.text)
        (view,) = self.env["dropship.address.view"].search([("purchase_id", "=", purchase.id)])
        self.assertEqual(view.via, "page")
        self.url_open(url)
        self.assertEqual(self.env["dropship.address.view"].search_count([("purchase_id", "=", purchase.id)]), 1)
        purchase._dropship_forget()
        self.env.flush_all()
        page = self.url_open(url)
        for secret in ("Anna Weber", "Hauptstr", "901820"):
            self.assertNotIn(secret, page.text)
        self.assertIn("A. W.", page.text)
