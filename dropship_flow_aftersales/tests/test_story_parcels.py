from odoo import Command
from odoo.tests import tagged

from .common_story import StoryCase


class ParcelStory(StoryCase):
    """An order whose parcel has left; the way to the customer has been paid for."""

    def bought_by(self, qty=2, paid=True, collect=False, freight=0.0):
        order = self.make_sale((self.lamp, qty, 34.9))
        if freight:
            product = self.env["product.product"].create(
                {"name": "Parcel", "type": "service", "taxes_id": [Command.set(self.vat_out.ids)],
                 "invoice_policy": "order"}
            )  # fmt: skip
            carrier = self.env["delivery.carrier"].create(
                {"name": "Parcel", "product_id": product.id, "delivery_type": "fixed", "fixed_price": freight}
            )
            order.set_delivery_line(carrier, freight)
        order.dropship_collect = collect
        for line in order._dropship_goods():
            self.env["dropship.line.choice"]._choose(line, self.rhein, "pin", "test")
        order.action_confirm()
        order.dropship_purchase_ids._dropship_accept()
        if paid:
            self.pay(order)
        return order

    def left(self, number="00340000000000000011", **more):
        order = self.bought_by(**more)
        order.dropship_purchase_ids._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
        box = self.box(number)
        self.scan(box, "picked_up", hours=90)
        return order, box

    def lamp_line(self, order):
        return order.order_line.filtered(lambda line: line.product_id == self.lamp)

    def case_of(self, order):
        return self.lamp_line(order).dropship_return_line_ids.return_id

    def claims_of(self, order):
        return self.env["dropship.claim"].search([("order_id", "=", order.id)])


@tagged("post_install", "-at_install", "standard")
class TestStoryRefused(ParcelStory):
    """拒收: nobody took the parcel at the door."""

    def come_back(self, box):
        self.scan(box, "returning", hours=30, detail="refused")
        self.scan(box, "returned", hours=20)

    def confirm(self, box, condition="good"):
        """Whoever has it says so, with a photo."""
        back = box.back_ids
        back.write({"condition": condition, "photo_ids": [Command.set(self.photo().ids)]})
        back.action_arrived()
        return back

    def test_prepaid_the_money_waits_until_the_goods_are_counted(self):
        order, box = self.left()
        self.invoice(order)
        self.come_back(box)
        case = self.case_of(order)
        self.assertEqual((case.kind, case.origin, case.acceptance), ("refused_parcel", "parcel", "accepted"))
        self.assertEqual((case.destination, case.reception), ("supplier", "received"))
        self.assertFalse(case.resolution_ids)
        self.assertPaidBack(order)
        # Anna is not asked to send what she never had.
        page = case._page("customer")
        self.assertEqual((page["send"], case._still_to_send()), (None, []))
        mails = self.env["mail.mail"].sudo().search([("model", "=", "dropship.return"), ("res_id", "=", case.id)])
        self.assertNotIn("Please send it back", str(mails.mapped("body_html")))
        # The supplier counts at his desk: goods back by the books, then the money.
        line = str(case.line_ids.id)
        self.at_desk(case.side_ids, "inspected", lines=[{"line": line, "qty": 2, "condition": "as_new"}])
        self.assertEqual(self.books(order), (0.0, 0.0, 0.0))
        self.assertDone(case, "intercept")
        self.assertPaidBack(order, 69.8)
        self.confirm(box)
        self.assertPaidBack(order, 69.8)
        self.assertEnded(case)

    def test_the_carriers_word_and_silence_are_one_witness(self):
        """Nobody but the carrier spoke: however long the supplier is silent, no money moves before a person decides."""
        order, box = self.left()
        self.come_back(box)
        case = self.case_of(order)
        self.pass_hours(case, 24 * 40)
        case._wake()
        self.assertNotIn("deem", self.history(case))
        self.assertFalse(case.resolution_ids)
        self.assertEqual((case.due_what, case.due_by, case.due_level), ("inspect", "supplier", 3))
        # The agent asked the supplier, and takes it as sent: now two have said so.
        case._record("deem", "agent", parcel=case.parcel_ids.key)
        self.assertDone(case, "intercept")
        self.assertPaidBack(order, 69.8)

    def test_the_carriers_word_comes_as_often_as_it_likes(self):
        order, box = self.left()
        self.come_back(box)
        self.confirm(box)
        for hours in (10, 8):
            self.scan(box, "returned", hours=hours)
            box._expect_back("refused")
        self.pass_hours(self.case_of(order), 24 * 30)
        self.assertEqual(len(self.case_of(order)), 1)
        self.assertPaidBack(order, 69.8)

    def test_only_what_was_in_it_is_paid_back(self):
        order, box = self.left()
        self.come_back(box)
        case = self.case_of(order)
        self.at_desk(case.side_ids, "counted", lines=[{"line": str(case.line_ids.id), "qty": 1}])
        self.assertPaidBack(order, *([34.9] if case.resolution_ids else []))
        self.assertTrue([flag for flag in case.flags if flag[0] == "short"], "the other one is somebody's question")

    def test_cash_on_delivery_nothing_was_paid(self):
        order, box = self.left(paid=False, collect=True)
        self.come_back(box)
        case = self.case_of(order)
        self.assertEqual(case.acceptance, "accepted")
        self.assertEqual([bound.offer.kind for bound in case._fold().bound], ["nothing"])
        self.confirm(box)
        self.assertDone(case, "nothing")
        self.assertEqual(self.books(order)[:2], (0.0, 0.0))
        self.assertPaidBack(order)
        self.assertFalse(order.dropship_refund_ids)
        # The ways there and back are a loss; the customer caused it, so nobody is asked but by his terms.
        self.assertFalse(self.claims_of(order).filtered(lambda claim: claim.party in ("supplier", "carrier")))

    def test_cash_on_delivery_broken_on_the_way_back_is_claimed(self):
        order, box = self.left(paid=False, collect=True)
        self.scan(box, "exception", hours=40, detail="damaged")
        self.come_back(box)
        self.confirm(box, "damaged")
        claim = self.claims_of(order)
        self.assertEqual((claim.party, claim.kind, claim.amount), ("carrier", "damage", 31.8))
        self.assertPaidBack(order)


@tagged("post_install", "-at_install", "standard")
class TestStoryLost(ParcelStory):
    def test_lost_replaced_and_claimed_from_the_carrier(self):
        order, box = self.left()
        self.invoice(order)
        self.scan(box, "lost", hours=1)
        (claim,) = box.claim_ids
        self.assertEqual((claim.party, claim.kind, claim.amount, claim.state), ("carrier", "loss", 31.8, "draft"))
        case = self.ask((self.lamp_line(order), 2, "not_received", {"wanted": "replacement"}))
        self.assertEqual((case.acceptance, case.verdict), ("asked", "look"), "a person looks, once")
        case._record("accept", "agent", offer=case._offer_from("replacement"))
        self.assertDone(case, "replacement")
        new = case.resolution_ids.sale_order_ids
        self.assertEqual((new.amount_total, new.state), (0.0, "sale"))
        self.assertEqual(sum(new.order_line.mapped("product_uom_qty")), 2.0)
        # One claim for one parcel, for what it costs us now.
        self.assertEqual((self.claims_of(order), case.case_claim_ids), (claim, claim))
        self.assertGreaterEqual(claim.amount, 31.8)
        claimed = claim.amount
        self.hand_in(claim)
        claim.action_accept()
        claim.action_paid()
        self.assertEqual((claim.state, case.claim_granted), ("paid", claimed))
        # The same parcel is not replaced and refunded as well.
        with self.refused("left to ask for|are left"):
            self.ask((self.lamp_line(order), 1, "not_received", {"wanted": "refund_only"}))
        self.assertPaidBack(order)
        self.assertNotIn("Rhein", self.customer_reads(case))


@tagged("post_install", "-at_install", "standard")
class TestStoryNotShipped(ParcelStory):
    """未发货退款: the purchase is stopped first; goods and freight come back in one refund."""

    def asked(self, **more):
        order = self.bought_by(freight=5.9, **more)
        self.run_cron("cron_relay")  # the order is on his desk: only he can stop it
        case = self.ask((self.lamp_line(order), 2, "not_shipped", {"wanted": "cancel"}))
        self.assertEqual((case.acceptance, case.resolution_ids.state), ("accepted", "planned"))
        request = self.env["dropship.change.request"].search([("order_id", "=", order.id)])
        self.assertEqual((request.kind, request.state), ("cancel", "asked"))
        self.assertPaidBack(order)
        return order, case, request

    def test_stopped_and_paid_back_with_its_freight_at_once(self):
        order, case, request = self.asked()
        request._answer("yes")
        self.assertDone(case, "cancel")
        self.assertPaidBack(order, 75.7)
        self.assertFalse(self.bought(order))
        self.assertEqual(self.lamp_line(order).product_uom_qty, 0.0)
        self.assertEqual(order.dropship_money_open, 0.0)
        request._answer("yes")
        self.assertPaidBack(order, 75.7)
        self.assertEnded(case)

    def test_too_late_is_an_answer_and_the_parcel_may_be_refused(self):
        order, case, request = self.asked()
        request._answer("too_late")
        self.assertEqual(case.resolution_ids.state, "person")
        self.assertIn("cannot stop", case.resolution_ids.error)
        self.assertTrue(self.bought(order), "it is still bought")
        self.assertPaidBack(order)

    def test_stopped_before_he_heard_of_it(self):
        """What the supplier has not heard of yet is stopped on the spot."""
        order = self.bought_by(freight=5.9)
        self.invoice(order)
        case = self.ask((self.lamp_line(order), 2, "not_shipped", {"wanted": "cancel"}))
        self.assertDone(case, "cancel")
        self.assertPaidBack(order, 75.7)
        self.assertEqual(case.refund_ids.credit_note_id.amount_total, 75.7)
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0.0, 0.0])
