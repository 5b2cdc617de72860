from contextlib import suppress
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from odoo.addons.dropship_flow.trackers.said import Said
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_goods import GoodsCase

FETCH = (
    "odoo.addons.dropship_flow_aftersales.models.goods.label_carrier.DeliveryCarrier.dropship_labels_get_return_label"
)


@tagged("post_install", "-at_install", "standard")
class TestGoodsLabel(GoodsCase):
    """A carrier makes the label of what comes to us, once; where he cannot, a person is asked and the case goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Labels",
                "delivery_type": "dropship_labels",
                "product_id": cls.env["product.product"].create({"name": "Label", "type": "service"}).id,
            }
        )
        cls.env.company.dropship_return_carrier_id = cls.carrier

    def setUp(self):
        super().setUp()
        self.anna.email = "anna@example.com"
        # cases of the demo wait for labels too
        self.env["dropship.return"].search([("label_state", "in", ("wanted", "asking"))])._set_label_state("off")
        self.order = self.delivered((self.lamp, 3))
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 1.0)

    def coming(self, to="us"):
        return self.agreed(self.order, 2, to=to)

    def work(self):
        self.env["dropship.return"]._cron_labels()

    def todos(self, case):
        return case.activity_ids.filtered(lambda todo: "label" in (todo.summary or ""))

    def labels(self, case):
        return self.env["ir.attachment"].search([("res_model", "=", "dropship.return.parcel"),
                                                 ("res_id", "in", case.parcel_ids.ids)])  # fmt: skip

    def test_the_label_comes_with_its_number_and_the_customer_sees_it(self):
        case = self.coming()
        self.assertEqual(case.label_state, "wanted")
        self.assertFalse(case.parcel_ids, "nothing waits for the carrier")
        case._fetch_label()
        parcel = case.parcel_ids
        self.assertEqual((case.label_state, len(parcel), parcel.state), ("done", 1, "expected"))
        self.assertEqual(parcel.label_id.raw[:5], b"%PDF-")
        self.assertTrue(parcel.number.startswith("SIM"))
        self.assertEqual(parcel.payer, "us")
        page = case._page_send(case._verbs("customer"))
        self.assertEqual((page["label"], page["tracking"]), (True, parcel.number))
        news = case.news_ids.filtered(lambda row: row.fact == "label")
        self.assertEqual((len(news), news.error), (1, False))
        mail = self.env["mail.mail"].search([("model", "=", case._name), ("res_id", "=", case.id)], order="id desc")[:1]
        self.assertIn(case._page_url("/label"), mail.body_html)
        self.assertFalse(self.env["stock.picking"].search([("origin", "=", case.name)]), "the draft is thrown away")
        case._send_back(parcel.number)
        self.assertEqual((case.parcel_ids, parcel.state, parcel.carrier_name), (parcel, "on_the_way", "Labels"))

    def test_fetched_once(self):
        case = self.coming()
        with patch(FETCH, autospec=True, side_effect=self.carrier.__class__.dropship_labels_get_return_label) as fetch:
            case._fetch_label()
            case._fetch_label()
            case._want_label()
            case._fetch_label()
        self.assertEqual((fetch.call_count, len(self.labels(case))), (1, 1))

    def test_a_carrier_that_fails_leaves_a_to_do_and_can_be_tried_again(self):
        case = self.coming()
        with patch(FETCH, autospec=True, side_effect=RuntimeError("401 wrong key")):
            case._fetch_label()
            case._fetch_label()
        self.assertEqual((case.label_state, case.label_error, case.stage), ("failed", "401 wrong key", "send"))
        case._calm()
        self.assertEqual(len(self.todos(case)), 1)
        self.assertFalse(case.parcel_ids)
        self.assertIn(" retry ", case.verbs)
        self.assertTrue(case._page_send(case._verbs("customer"))["address"], "he may send it by himself meanwhile")
        case.action_retry()
        case.action_retry()
        self.assertEqual((case.label_state, case.label_error), ("wanted", False))
        self.work()
        self.assertEqual((case.label_state, len(self.labels(case))), ("done", 1))
        self.assertFalse(self.todos(case))
        self.assertNotIn(" retry ", case.verbs)

    def test_a_carrier_without_words_or_label_fails_as_well(self):
        case = self.coming()
        with patch(FETCH, autospec=True, return_value=None):
            case._fetch_label()
        self.assertEqual(case.label_state, "failed")
        self.assertIn("sent no label", case.label_error)

    def test_a_number_in_the_name_of_the_file_is_taken(self):
        def fetch(carrier, pickings, *_args):
            carrier.env["ir.attachment"].create(
                {"name": f"{carrier.get_return_label_prefix()}-00340434161094021668-1.pdf", "raw": b"%PDF-1.4",
                 "res_model": pickings._name, "res_id": pickings.id}
            )  # fmt: skip

        case = self.coming()
        with patch(FETCH, autospec=True, side_effect=fetch):
            case._fetch_label()
        self.assertEqual(case.parcel_ids.number, "00340434161094021668")

    def test_the_transfer_the_carrier_reads_is_a_return_to_us(self):
        seen = {}

        def fetch(_carrier, picking, *_args):
            seen.update(back=picking.is_return_picking, who=picking.partner_id, what=picking.move_line_ids.product_id,
                        qty=sum(picking.move_line_ids.mapped("quantity")), state=picking.state)  # fmt: skip

        case = self.coming()
        with patch(FETCH, autospec=True, side_effect=fetch):
            case._fetch_label()
        self.assertEqual(seen["who"], self.order.partner_shipping_id)
        self.assertEqual((seen["back"], seen["what"], seen["qty"]), (True, self.lamp, 2))
        self.assertEqual(self.order.order_line[:1].qty_delivered, 3)

    def test_the_cron_fetches_what_is_wanted(self):
        case = self.coming()
        self.work()
        self.assertEqual(case.label_state, "done")

    def test_the_customer_waits_for_it_and_gets_it_by_mail(self):
        case = self.coming()
        send = case._page_send(case._verbs("customer"))
        self.assertEqual((send["label_coming"], send["label"], send["address"]), (True, False, []))
        self.work()
        send = case._page_send(case._verbs("customer"))
        self.assertEqual((send["label_coming"], send["label"]), (False, True))
        mail = self.env["mail.mail"].search([("model", "=", case._name), ("res_id", "=", case.id)], order="id desc")[:1]
        self.assertEqual(mail.attachment_ids, case.parcel_ids.label_id)

    def test_who_was_stopped_while_he_asked_asks_nobody_twice(self):
        """That the carrier is asked is committed before; the case is free meanwhile."""
        for made in (True, False):
            with self.subTest(made), patch(FETCH, autospec=True, side_effect=self.make) as fetch:
                case, steps = self.agreed(self.order, 1, to="us"), []
                stop = partial(self.stop, case, fetch, steps, 1 + made)
                with suppress(SystemExit):  # assertRaises would undo it
                    case._fetch_label(stop)
                self.assertEqual(steps, [("asking", 0), ("asking", 1)][: 1 + made])
                self.work()
                self.assertEqual(case.label_state, "done" if made else "asking")
                case.label_asked_at = self.now() - timedelta(hours=2)
                self.work()
                self.assertEqual(case.label_state, "done" if made else "failed")
                self.assertEqual(fetch.call_count, int(made))

    def stop(self, case, fetch, steps, last):
        """The program is stopped after its `last` step."""
        steps.append((case.label_state, fetch.call_count))
        if len(steps) == last:
            raise SystemExit

    def make(self, carrier, picking, *_args):
        """As carriers of Odoo do: the label is in a message, its number in the file's name, nothing is said."""
        name = f"{carrier.get_return_label_prefix()}-{self.number('L')}-0.PDF"
        picking.message_post(body="Label", attachments=[(name, b"%PDF-1.4")])

    def test_a_number_another_parcel_has_is_not_taken(self):
        case, other = self.coming(), self.order.dropship_shipment_ids.number
        told = [{"tracking_number": other, "exact_price": 4.5}]
        with patch(FETCH, autospec=True, side_effect=lambda *given: self.make(*given) or told):
            case._fetch_label()
        parcel = case.parcel_ids
        self.assertEqual((case.label_state, parcel.number, parcel.freight), ("done", False, 4.5))

    def test_a_label_that_is_no_paper(self):
        case = self.coming()
        with patch.object(type(self.carrier), "_dropship_label_page", lambda *_args: b"<script>"):
            case._fetch_label()
        self.assertEqual(case.label_state, "failed")
        self.assertIn("PDF or a picture", case.label_error)

    def test_what_nobody_sends_needs_no_label(self):
        case = self.coming()
        case._record("not_coming", "agent")
        self.assertEqual((case.label_state, case._label_coming()), ("off", False))

    def test_a_label_by_hand_ends_the_to_do(self):
        case = self.coming()
        with patch(FETCH, autospec=True, return_value=None):
            case._fetch_label()
        self.assertTrue(self.todos(case))
        case._add_label("own.pdf", b"%PDF-1.4 own")
        self.assertEqual((case.label_state, len(self.todos(case))), ("off", 0))

    def test_what_was_agreed_says_who_pays(self):
        case = self.open_case((self.order.order_line, 1, "dislike"))
        offer = self.offer(case, "nothing", to="us", after="inspected", conditions=(("payer", {"payer": "customer"}),))
        case._record("accept", "agent", offer=offer)
        case._fetch_label()
        self.assertEqual(case.parcel_ids.payer, "customer")

    def test_sent_another_way(self):
        case = self.coming()
        case._fetch_label()
        label = case.parcel_ids.number
        parcel = self.sent(case)
        self.assertEqual((case.parcel_ids, parcel.state), (parcel, "on_the_way"))
        self.assertNotEqual(parcel.number, label)

    def test_the_carriers_scan_says_it_for_him(self):
        case = self.coming()
        case._fetch_label()
        events = [self.said("info_received", 3), self.said("picked_up", 2), self.said("in_transit", 1)]
        case.parcel_ids._hear(events[:1])
        self.assertEqual(case.parcel_ids.state, "expected", "only printed")
        case.parcel_ids._hear(events)
        case.parcel_ids._hear(events)
        self.assertEqual(self.history(case), ["accept", "send", "move"])
        self.assertEqual((case.parcel_ids.state, case.line_ids.qty_sent), ("on_the_way", 2))

    def said(self, code, hours):
        return Said(self.now() - timedelta(hours=hours), code)

    def test_suppliers_send_their_own_labels(self):
        self.assertFalse(self.coming(to="supplier").label_state)

    def test_without_a_carrier_and_with_a_label_by_hand_nobody_is_asked(self):
        self.env.company.dropship_return_carrier_id = False
        case = self.coming()
        self.assertFalse(case.label_state)
        case._add_label("own.pdf", b"%PDF-1.4 own")
        self.env.company.dropship_return_carrier_id = self.carrier
        case._want_label()
        self.assertFalse(case.label_state)

    def test_only_a_carrier_that_makes_labels_can_be_chosen(self):
        other = self.carrier.copy({"delivery_type": "fixed"})
        with self.assertRaisesRegex(ValidationError, "makes no return labels"):
            self.env.company.dropship_return_carrier_id = other
