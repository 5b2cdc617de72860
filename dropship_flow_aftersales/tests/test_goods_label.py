from unittest.mock import patch

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
        self.order = self.delivered((self.lamp, 3))

    def coming(self, to="us"):
        return self.agreed(self.order, 2, to=to)

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
        self.assertEqual(len(self.todos(case)), 1)
        self.assertFalse(case.parcel_ids)
        self.assertIn(" retry ", case.verbs)
        case.action_retry()
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
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 1.0)
        self.env["dropship.return"]._cron_labels()
        self.assertEqual(case.label_state, "done")

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
