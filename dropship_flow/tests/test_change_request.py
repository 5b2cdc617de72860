from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestChangeRequest(FlowCase):
    """After the supplier has the order, changes are asked for and answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.anna.write({"street": "Hauptstr. 5", "email": "anna@example.com"})
        cls.ben = cls.make_partner("Ben Kurz", "DE", city="Hamburg", street="Elbe 1", zip="20095")

    def sent(self):
        order = self.make_sale(self.lamp, confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual((len(purchase), purchase.state), (1, "sent"))
        return order, purchase

    def asked(self):
        order, purchase = self.sent()
        order.partner_shipping_id = self.ben
        return order, purchase, order.dropship_change_ids

    def as_role(self, role, company=None):
        company = company or self.company
        user = new_test_user(
            self.env,
            f"change-{role}-{company.id}",
            groups=role,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        return self.env(user=user, context={"allowed_company_ids": company.ids})

    # --- asking ---

    def test_the_supplier_is_asked_and_nothing_changes_yet(self):
        order, purchase, request = self.asked()
        self.assertEqual((request.kind, request.state, request.purchase_id), ("address", "asked", purchase))
        self.assertEqual(request.new_values["name"], "Ben Kurz")
        self.assertEqual(request.old_values["name"], "Anna Weber")
        self.assertIn("20095 Hamburg", request.description)
        self.assertEqual(purchase.dest_address_id, self.anna)
        self.assertEqual(order.dropship_allocation_ids.ship_to["name"], "Anna Weber")
        self.assertEqual(order.dropship_change_count, 1)

    def test_the_clock_is_configured_and_ends_before_the_goods_move(self):
        parameters = self.env["ir.config_parameter"].sudo()
        _order, purchase = self.sent()
        requests = self.env["dropship.change.request"]
        now = fields.Datetime.now()
        purchase.date_planned = now + timedelta(days=9)
        self.assertAlmostEqual(requests._deadline(purchase), now + timedelta(hours=24), delta=timedelta(minutes=1))
        parameters.set_param("dropship_flow.change_answer_hours", "2")
        self.assertAlmostEqual(requests._deadline(purchase), now + timedelta(hours=2), delta=timedelta(minutes=1))
        purchase.date_planned = now + timedelta(hours=1)
        self.assertEqual(requests._deadline(purchase), purchase.date_planned)
        parameters.set_param("dropship_flow.change_answer_hours", "soon")
        self.assertTrue(requests._deadline(purchase))

    def test_another_wish_replaces_the_one_before(self):
        order, _purchase, request = self.asked()
        third = self.make_partner("Cora", "DE", city="Kiel", street="Hafen 3", zip="24103")
        order.partner_shipping_id = third
        self.assertEqual(order.dropship_change_ids, request)
        self.assertEqual(request.new_values["name"], "Cora")

    def test_back_to_what_he_has_withdraws_the_question(self):
        order, _purchase, request = self.asked()
        order.partner_shipping_id = self.anna
        self.assertEqual(request.state, "withdrawn")
        order.partner_shipping_id = self.ben
        self.assertEqual(order.dropship_change_ids.mapped("state").count("asked"), 1)

    def test_one_question_for_each_supplier(self):
        order = self.make_sale(self.lamp, confirm=False)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Dawn"], "pin", "test")
        order.order_line = [Command.create({"product_id": self.stand.id})]
        self.env["dropship.line.choice"]._choose(order.order_line[1], self.suppliers["Ningbo"], "pin", "test")
        order.action_confirm()
        self.assertEqual(len(order.dropship_purchase_ids), 2)
        order.partner_shipping_id = self.ben
        self.assertEqual(len(order.dropship_change_ids), 2)
        self.assertEqual(order.dropship_change_ids.purchase_id, order.dropship_purchase_ids)

    # --- answers ---

    def test_yes_freezes_the_new_address_everywhere(self):
        order, purchase, request = self.asked()
        purchase._dropship_accept()
        request.action_yes()
        self.assertEqual(request.state, "yes")
        self.assertTrue(request.answered_at)
        self.assertEqual(order.dropship_allocation_ids.ship_to["name"], "Ben Kurz")
        self.assertEqual(purchase.dest_address_id, self.ben)
        self.assertEqual(purchase.order_line.move_ids.partner_id, self.ben)
        self.assertFalse(order.dropship_exception_ids)
        request.action_yes()
        with self.assertRaises(UserError):
            request.action_no()

    def test_yes_before_he_accepted_counts_for_the_transfer(self):
        _order, purchase, request = self.asked()
        request.action_yes()
        purchase._dropship_accept()
        self.assertEqual(purchase.order_line.move_ids.partner_id, self.ben)

    def test_no_is_an_exception_and_he_may_be_talked_round(self):
        order, purchase, request = self.asked()
        request.action_no()
        self.assertEqual(order.dropship_exception_ids.kind, "change_refused")
        self.assertIn(purchase.name, order.dropship_exception_ids.description)
        self.assertEqual(order.dropship_allocation_ids.ship_to["name"], "Anna Weber")
        order.dropship_exception_ids.action_supplier_agreed()
        self.assertEqual(request.state, "yes")
        self.assertEqual(purchase.dest_address_id, self.ben)
        self.assertEqual(purchase.state, "sent", "nothing is cancelled")

    def test_shipped_is_too_late(self):
        order, purchase, request = self.asked()
        purchase._dropship_accept()
        order.dropship_allocation_ids._set_state("shipped")
        self.assertEqual(request.state, "too_late")
        self.assertEqual(order.dropship_exception_ids.kind, "change_refused")
        order.partner_shipping_id = self.make_partner("Cora", "DE", city="Kiel", street="Hafen 3", zip="24103")
        self.assertEqual(set(order.dropship_change_ids.mapped("state")), {"too_late"})

    def test_editing_a_contact_later_leaves_delivered_orders_alone(self):
        order, purchase = self.sent()
        purchase._dropship_accept()
        order.dropship_allocation_ids._set_state("shipped")
        self.anna.street = "Neue Str. 1"
        self.assertFalse(order.dropship_change_ids)

    def test_a_cancelled_purchase_needs_no_answer(self):
        order, purchase, request = self.asked()
        purchase._dropship_refuse("out of stock")
        self.assertEqual(request.state, "withdrawn")
        new = order.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        self.assertEqual({row.ship_to["name"] for row in new}, {"Ben Kurz"})

    def test_silence_becomes_a_persons_business_once(self):
        order, _purchase, request = self.asked()
        request.deadline = fields.Datetime.now() - timedelta(hours=1)
        self.run_cron("cron_change_overdue")
        self.run_cron("cron_change_overdue")
        self.assertEqual(order.dropship_exception_ids.mapped("kind"), ["change_unanswered"])
        request.action_yes()
        self.assertFalse(order.dropship_exception_ids.filtered(lambda row: row.state == "open"))

    # --- other kinds ---

    def test_a_cancelled_sale_asks_in_the_same_place(self):
        order, purchase = self.sent()
        order._action_cancel()
        request = order.dropship_change_ids
        self.assertEqual((request.kind, request.state), ("cancel", "asked"))
        request._answer("yes")
        self.assertEqual(purchase.state, "cancel")
        self.assertFalse(order.dropship_exception_ids.filtered(lambda row: row.state == "open"))

    def test_the_buyers_answer_to_the_exception_answers_the_question(self):
        order, purchase = self.sent()
        order._action_cancel()
        order.dropship_exception_ids.action_too_late()
        self.assertEqual(order.dropship_change_ids.state, "too_late")
        self.assertEqual(purchase.state, "sent")

    def test_a_lowered_quantity_says_how_many(self):
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.order_line.product_uom_qty = 2
        request = order.dropship_change_ids
        self.assertEqual((request.kind, request.new_values["qty"]), ("quantity", "2"))
        request._answer("yes")
        self.assertEqual(order.dropship_purchase_ids.order_line.product_qty, 2)
        self.assertEqual(request.state, "yes")

    def test_hurry(self):
        _order, purchase = self.sent()
        wizard = self.env["dropship.change.ask"].create({"purchase_id": purchase.id, "note": "before Friday"})
        wizard.action_ask()
        request = purchase.dropship_change_ids
        self.assertEqual((request.kind, request.description), ("expedite", "before Friday"))
        with self.assertRaises(UserError):
            wizard.action_ask()
        request.action_yes()
        self.assertEqual(purchase.state, "sent")

    def test_asking_not_to_ship(self):
        order, purchase = self.sent()
        self.env["dropship.change.ask"].create({"purchase_id": purchase.id, "kind": "cancel"}).action_ask()
        purchase.dropship_change_ids.action_yes()
        self.assertEqual(purchase.state, "cancel")
        self.assertEqual(order.dropship_allocation_ids.state, "released")

    # --- who may ---

    def test_roles(self):
        order, _purchase, request = self.asked()
        desk = self.as_role("dropship_flow.group_dropship_user")
        self.assertTrue(request.with_env(desk).read(["state"]))
        for role in ("dropship_flow.group_dropship_user", "base.group_user", "base.group_portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                request.with_env(desk if role.endswith("ship_user") else self.as_role(role)).action_yes()
        buyer = self.as_role("dropship_flow.group_dropship_buyer")
        request.with_env(buyer).action_yes()
        self.assertEqual(order.dropship_allocation_ids.ship_to["name"], "Ben Kurz")

    def test_another_company_neither_sees_nor_answers(self):
        _order, _purchase, request = self.asked()
        other = self.env["res.company"].create({"name": "Other GmbH"})
        theirs = self.as_role("dropship_flow.group_dropship_manager", other)
        self.assertNotIn(request.id, theirs["dropship.change.request"].search([]).ids)
        with self.assertRaises(AccessError):
            request.with_env(theirs).action_yes()

    def test_states_change_by_buttons_only(self):
        _order, _purchase, request = self.asked()
        buyer = self.as_role("dropship_flow.group_dropship_buyer")
        with self.assertRaises(UserError):
            request.with_env(buyer).write({"state": "draft"})
