from odoo.exceptions import UserError
from odoo.tests import tagged

from ..connectors.replies import change as clean
from .common_healing import HealingCase


@tagged("post_install", "-at_install", "standard")
class TestChangeExchange(HealingCase):
    """Changes reach the supplier as his orders do, in their order, and are done together or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dawn = cls.suppliers["Dawn"]
        cls.ben = cls.make_partner("Ben Kurz", "DE", city="Hamburg", street="Elbe 1", zip="20095")

    def sent(self, qty=1):
        """An order the supplier has in his books."""
        order = self.make_sale((self.lamp, qty), confirm=True)
        self.relay()
        return order, order.dropship_purchase_ids

    def paid(self, order, amount=None):
        """The customer paid the order by a service that gives money back."""
        provider = self.env["payment.provider"].search([("code", "=", "none")], limit=1) or self.env[
            "payment.provider"
        ].create({"name": "Pay", "code": "none", "company_id": self.company.id})
        method = self.env["payment.method"].search([("support_refund", "!=", "none")], limit=1)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id or self.env["payment.method"].search([], limit=1).id,
                "reference": f"PAY-{order.name}",
                "amount": amount or order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": order.ids,
                "operation": "online_direct",
                "state": "done",
                "is_post_processed": True,
            }
        )

    def test_an_address_travels_and_his_yes_comes_back(self):
        with self.connected("honest", self.dawn) as (_connection, ledger):
            order, purchase = self.sent()
            order.partner_shipping_id = self.ben
            self.assertEqual(self.messages(purchase), [("order", "sent"), ("change", "ready")])
            self.assertEqual(purchase.dest_address_id, self.anna)
            self.relay()
        (change,) = list(ledger.changes.values())
        self.assertEqual((change["payload"]["kind"], change["payload"]["ship_to"]["name"]), ("address", "Ben Kurz"))
        for secret in (order.name, "34.9", "anna@example.com"):
            self.assertNotIn(secret, str(list(ledger.changes.values())))
        self.assertEqual(order.dropship_change_ids.state, "yes")
        self.assertEqual(purchase.dest_address_id, self.ben)
        self.assertEqual(purchase.picking_ids.move_ids.partner_id, self.ben)
        self.assertEqual(purchase.dropship_revision, 2)

    def test_he_refuses_and_nothing_changes(self):
        with self.connected("stubborn", self.dawn):
            order, purchase = self.sent()
            order.partner_shipping_id = self.ben
            self.relay()
        self.assertEqual(order.dropship_change_ids.state, "no")
        self.assertEqual((purchase.dest_address_id, purchase.dropship_revision), (self.anna, 1))
        self.assertIn("change_refused", order.dropship_exception_ids.mapped("kind"))

    def test_too_late(self):
        with self.connected("liar", self.dawn):
            order, _purchase = self.sent()
            order.partner_shipping_id = self.ben
            self.relay()
        self.assertEqual(order.dropship_change_ids.state, "too_late")

    def test_an_order_that_has_not_left_takes_the_change_along(self):
        """Scenario 6: what is sent is the current revision, never a mix."""
        with self.connected("honest", self.dawn) as (_connection, ledger):
            order = self.make_sale((self.lamp, 3), confirm=True)
            purchase = order.dropship_purchase_ids
            order.partner_shipping_id = self.ben
            order.order_line.product_uom_qty = 2
            self.assertEqual(set(order.dropship_change_ids.mapped("state")), {"yes"})
            self.assertEqual(purchase.order_line.product_qty, 2)
            self.relay()
        (sent,) = ledger.orders[purchase.name]
        self.assertEqual(sent["payload"]["ship_to"]["name"], "Ben Kurz")
        self.assertEqual(sent["payload"]["lines"][0]["qty"], 2)
        self.assertEqual(sent["payload"]["revision"], purchase.dropship_revision)
        self.assertFalse(list(ledger.changes.values()))

    def test_a_change_while_the_order_is_on_its_way_follows_it(self):
        """Scenarios 6 and 27: a second message, after the first."""
        with self.connected("honest", self.dawn) as (_connection, ledger):
            order = self.make_sale((self.lamp, 3), confirm=True)
            purchase = order.dropship_purchase_ids
            message = purchase.dropship_exchange_ids
            message._write({"state": "sending"})
            self.env.invalidate_all()
            order.order_line.product_uom_qty = 2
            self.assertEqual(purchase.order_line.product_qty, 3, "nothing changes before he agreed")
            self.relay()
            waiting = [("order", "sending"), ("change", "ready")]
            self.assertEqual(self.messages(purchase), waiting, "first in, first out")
            message._write({"state": "ready"})
            self.env.invalidate_all()
            self.relay()
            self.relay()
        (sent,) = ledger.orders[purchase.name]
        self.assertEqual((sent["payload"]["lines"][0]["qty"], sent["payload"]["revision"]), (3, 1))
        (change,) = list(ledger.changes.values())
        self.assertEqual((change["payload"]["kind"], change["payload"]["qty"]), ("quantity", 2))
        self.assertEqual((purchase.order_line.product_qty, purchase.dropship_revision), (2, 2))
        moves = purchase.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 2)

    def test_cancelled_while_the_order_is_on_its_way(self):
        """Scenario 27: the cancellation is a second message after the first."""
        with self.connected("honest", self.dawn) as (_connection, ledger):
            order = self.make_sale(self.lamp, confirm=True)
            purchase = order.dropship_purchase_ids
            message = purchase.dropship_exchange_ids
            message._write({"state": "sending"})
            self.env.invalidate_all()
            order._action_cancel()
            self.assertEqual(self.messages(purchase), [("order", "sending"), ("cancel", "ready")])
            self.relay()
            self.assertFalse(ledger.orders)
            message._write({"state": "ready"})
            self.env.invalidate_all()
            self.relay()
            self.relay()
        self.assertEqual([fact["status"] for fact in ledger.orders[purchase.name]], ["cancelled"])
        self.assertEqual(purchase.state, "cancel")
        self.assertEqual(order.dropship_change_ids.state, "yes")
        self.assertEqual(self.messages(purchase), [("order", "sent"), ("cancel", "sent")], "asked once")

    def test_shipped_already_refuses_the_cancellation(self):
        with self.connected("honest", self.dawn):
            order, purchase = self.sent()
            order._action_cancel()
            purchase._dropship_ship(["DW12345678"])
            self.relay()
        self.assertEqual(order.dropship_change_ids.state, "too_late")
        self.assertEqual(purchase.state, "purchase")

    def test_other_words_replace_a_question_that_has_not_left(self):
        with self.connected("honest", self.dawn) as (_connection, ledger):
            order, purchase = self.sent()
            order.partner_shipping_id = self.ben
            carl = self.make_partner("Carl Lang", "DE", city="Bremen", street="Weser 2", zip="28195")
            order.partner_shipping_id = carl
            self.assertEqual(self.messages(purchase, "change"), [("change", "cancelled"), ("change", "ready")])
            self.relay()
        names = [change["payload"]["ship_to"]["name"] for change in ledger.changes.values()]
        self.assertEqual(names, ["Carl Lang"])
        self.assertEqual(purchase.dest_address_id, carl)

    def test_an_answer_to_older_words_changes_nothing(self):
        with self.connected("silent", self.dawn) as (connection, _ledger):
            order, purchase = self.sent()
            order.partner_shipping_id = self.ben
            self.relay()
            request = order.dropship_change_ids
            order.partner_shipping_id = self.make_partner("Carl Lang", "DE", city="Bremen", zip="28195")
            for version, state in ((1, "asked"), (2, "yes")):
                answer = clean({"ref": purchase.name, "change": request.id, "answer": "yes", "version": version})
                question = purchase.dropship_exchange_ids.filtered(lambda message: message.kind == "change")[:1]
                question._receive(connection, answer)._process()
                self.assertEqual(request.state, state)
            with self.assertRaises(UserError):
                purchase._dropship_take_answer(clean({"ref": purchase.name, "change": 99999999, "answer": "no"}), None)

    def test_together_or_not_at_all(self):
        with self.connected("silent", self.dawn):
            order, purchase = self.sent()
            order.partner_shipping_id = self.ben
            request = order.dropship_change_ids

            def broken(_self):
                raise UserError(purchase.name)

            self.patch(type(purchase), "_dropship_new_revision", broken)
            with self.assertRaises(UserError):
                request._answer("yes")
        self.assertEqual((request.state, purchase.dest_address_id), ("asked", self.anna))

    # --- money ---

    def test_an_agreed_cancellation_pays_back_once(self):
        order, purchase = self.sent(2)
        self.paid(order)
        order._action_cancel()
        request = order.dropship_change_ids
        refunds = self.env["dropship.customer.refund"]
        self.assertFalse(refunds.search([("order_id", "=", order.id)]))
        request._answer("yes")
        (refund,) = refunds.search([("order_id", "=", order.id)])
        self.assertEqual((refund.amount, refund.cancel_key), (order.amount_total, f"order {order.id}"))
        request._answer("yes")
        request._release_money()
        self.assertEqual(refunds.search_count([("order_id", "=", order.id)]), 1)
        self.assertEqual(purchase.state, "cancel")

    def test_a_lowered_quantity_pays_back_its_share(self):
        order, _purchase = self.sent(3)
        self.paid(order)
        order.order_line.product_uom_qty = 2
        order.dropship_change_ids._answer("yes")
        (refund,) = self.env["dropship.customer.refund"].search([("order_id", "=", order.id)])
        self.assertEqual(refund.amount, 34.9)

    def test_nothing_paid_nothing_back(self):
        order, _purchase = self.sent()
        order._action_cancel()
        order.dropship_change_ids._answer("yes")
        self.assertFalse(self.env["dropship.customer.refund"].search([("order_id", "=", order.id)]))

    def test_what_comes_anyway_is_not_paid_back(self):
        order = self.make_sale(self.lamp, self.stand, confirm=True)
        self.paid(order)
        order._action_cancel()
        first, second = order.dropship_change_ids.sorted("id")
        first._answer("too_late")
        self.assertFalse(self.env["dropship.customer.refund"].search([("order_id", "=", order.id)]))
        second._answer("yes")
        (refund,) = self.env["dropship.customer.refund"].search([("order_id", "=", order.id)])
        line = second.allocation_id.line_id
        self.assertAlmostEqual(refund.amount, line.price_total, 2)
