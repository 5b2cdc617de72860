from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_remedies import RemedyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyGoods(RemedyCase):
    """Replacement, exchange and spare part: an order of its own, routed like any."""

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 3))
        self.line = self.order.order_line[:1]

    def test_a_replacement_is_bought_from_somebody_else(self):
        case = self.open_case((self.line, 2, "damaged"))
        resolution = self.agreed(case, "replacement")
        self.assertEqual(resolution.state, "done", resolution.error)
        order = resolution.sale_order_ids
        self.assertEqual((order.state, order.amount_total, order.origin), ("sale", 0.0, case.name))
        self.assertEqual(order.dropship_instead_of_id, self.order)
        self.assertEqual(order.partner_shipping_id, self.order.partner_shipping_id)
        bought = self.bought(order)
        self.assertNotIn("Rhein", bought)
        self.assertEqual([row[:2] for rows in bought.values() for row in rows], [("Lamp", 2.0)])
        self.assertEqual(order.order_line.dropship_case_line_id, case.line_ids)

    def test_what_is_sent_again_without_a_refund_is_a_loss_as_well(self):
        case = self.open_case((self.line, 1, "damaged"))
        self.agreed(case, "replacement")
        self.assertGreater(case.claim_loss, 15.9)

    def test_the_same_supplier_where_nobody_else_has_it(self):
        for name in ("Dawn", "Yiwu"):
            self.offers[name, self.lamp].active = False
        case = self.open_case((self.line, 1, "damaged"))
        resolution = self.agreed(case, "replacement")
        self.assertEqual(resolution.state, "done", resolution.error)
        self.assertEqual(list(self.bought(resolution.sale_order_ids)), ["Rhein"])

    def test_a_lost_parcel_is_replaced_once(self):
        case = self.open_case((self.line, 3, "lost"))
        resolution = self.agreed(case, "replacement")
        self.assertEqual(len(resolution.sale_order_ids), 1)
        resolution._carry_out()
        resolution._send_goods()
        self.assertEqual(len(resolution.sale_order_ids), 1)
        self.assertEqual(sum(resolution.sale_order_ids.order_line.mapped("product_uom_qty")), 3)

    def test_what_was_sent_again_without_a_case_is_not_sent_twice(self):
        case = self.open_case((self.line, 3, "lost"))
        box = self.env["dropship.shipment"].search([("order_id", "=", self.order.id)])
        order = self.order.copy({"order_line": []})
        order.dropship_replaces_id = box
        with self.assertRaisesRegex(UserError, "sent again already"):
            case._record("offer", "agent", offer=self.offer(case, "replacement"))

    def test_an_exchange_for_dearer_goods_waits_for_the_difference(self):
        case = self.open_case((self.line, 1, "listing"))
        chair = self.make_product("Chair", list_price=44.9, weight=1.0, taxes_id=[(6, 0, self.tax.ids)])
        self.make_offer(self.warehouses["Rhein"], chair, 20.0)
        resolution = self.agreed(case, "exchange", **self.exchange_for(case, chair))
        order = resolution.sale_order_ids
        self.assertEqual((resolution.state, order.state, order.amount_total), ("planned", "sent", 10.0))
        self.assertFalse(order.dropship_purchase_ids)
        order.action_confirm()
        self.assertEqual(resolution.state, "done")
        self.assertEqual(list(self.bought(order)), ["Rhein"])
        self.assertEqual(self.history(case).count("resolve"), 1)

    def test_an_exchange_for_cheaper_goods_gives_the_rest_back(self):
        case = self.open_case((self.line, 2, "listing"))
        with self.refunds() as asked:
            resolution = self.agreed(case, "exchange", **self.exchange_for(case, self.stand))
            self.assertEqual((resolution.state, resolution.error), ("done", False))
        order = resolution.sale_order_ids
        self.assertEqual((order.state, order.amount_total), ("sale", 0.0))
        [(refunded, asks, _key)] = asked
        self.assertEqual(refunded, self.order)
        self.assertEqual([(ask.kind, ask.line, ask.amount) for ask in asks], [
            ("price_difference", self.line.id, 50)
        ])  # fmt: skip

    def test_prices_without_taxes_differ_with_them(self):
        vat = [(6, 0, self.make_vat(19.0, price_include_override="tax_excluded").ids)]
        self.lamp.taxes_id = vat
        chair = self.make_product("Chair", list_price=44.9, weight=1.0, taxes_id=vat)
        self.make_offer(self.warehouses["Rhein"], chair, 20.0)
        order = self.delivered((self.lamp, 2))
        case = self.open_case((order.order_line[:1], 2, "listing"))
        resolution = self.agreed(case, "exchange", **self.exchange_for(case, chair))
        self.assertEqual(resolution.sale_order_ids.amount_total, 23.8)
        self.assertEqual(resolution.sale_order_ids.amount_untaxed, 20.0)

    def test_goods_of_another_unit_are_exchanged_piece_by_piece(self):
        metres = self.env.ref("uom.product_uom_meter")
        rope = self.make_product("Rope", list_price=39.9, uom_id=metres.id, taxes_id=[(6, 0, self.tax.ids)], weight=1.0)
        self.make_offer(self.warehouses["Rhein"], rope, 5.0)
        case = self.open_case((self.line, 2, "listing"))
        order = self.agreed(case, "exchange", **self.exchange_for(case, rope)).sale_order_ids
        self.assertEqual((order.order_line.product_uom_id, order.order_line.product_uom_qty), (metres, 2.0))
        self.assertEqual(order.amount_total, 10.0)

    def test_it_goes_where_the_first_goods_went(self):
        self.order.partner_shipping_id.street = "Somewhere Else 5"
        case = self.open_case((self.line, 1, "damaged"))
        order = self.agreed(case, "replacement").sale_order_ids
        self.assertIn("address was changed", " ".join(order.message_ids.mapped("body")))
        second = self.open_case((self.delivered((self.lamp, 1)).order_line[:1], 1, "damaged"))
        order = self.agreed(second, "replacement").sale_order_ids
        self.assertNotIn("address was changed", " ".join(order.message_ids.mapped("body")))

    def test_an_agreed_difference_counts(self):
        case = self.open_case((self.line, 1, "listing"))
        agreed = self.exchange_for(case, self.stand, conditions=(("difference", {"amount": "0"}),))
        with self.refunds() as asked:
            self.assertEqual(self.agreed(case, "exchange", **agreed).state, "done")
        self.assertFalse(asked)

    def test_an_exchange_nobody_can_supply_is_not_offered(self):
        case = self.open_case((self.line, 1, "damaged"))
        vase = self.make_product("Vase", list_price=20.0, is_storable=True, taxes_id=[(6, 0, self.tax.ids)])
        count = self.env["sale.order"].search_count([])
        with self.assertRaisesRegex(UserError, "Vase cannot be supplied now. Possible instead: .*Money Back"):
            case._record("offer", "agent", offer=self.offer(case, "exchange", **self.exchange_for(case, vase)))
        self.assertEqual(self.env["sale.order"].search_count([]), count)
        self.assertFalse(case.event_ids)

    def test_what_nobody_can_supply_any_more_needs_a_person(self):
        case = self.open_case((self.line, 1, "damaged"))
        offer = case._record("offer", "agent", offer=self.offer(case, "replacement"))
        for name in ("Dawn", "Yiwu", "Rhein"):
            self.offers[name, self.lamp].write({"stock_mode": "limited", "stock": 0, "backorder": False})
        case._record("take", "customer", about=offer)
        resolution = case.resolution_ids
        self.assertEqual(resolution.state, "person")
        self.assertRegex(resolution.error, "Lamp cannot be supplied now. Possible instead")
        self.assertFalse(resolution.sale_order_ids)
        self.offers["Yiwu", self.lamp].stock = 10
        resolution.action_retry()
        self.assertEqual(resolution.state, "done", resolution.error)

    def test_what_is_possible_is_known_before_it_is_offered(self):
        case = self.open_case((self.line, 1, "damaged"))
        possible = case._possible_remedies()
        self.assertTrue(possible["replacement"][0])
        self.assertTrue(possible["exchange"][0])
        for name in ("Dawn", "Yiwu", "Rhein"):
            self.offers[name, self.lamp].active = False
        possible = case._possible_remedies()
        self.assertEqual(possible["replacement"], (False, "Lamp cannot be supplied now."))

    def test_goods_taxed_otherwise_are_not_exchanged(self):
        case = self.open_case((self.line, 1, "damaged"))
        book = self.make_product(
            "Book", list_price=20.0, taxes_id=[(6, 0, self.make_vat(7.0, price_include_override="tax_included").ids)]
        )
        self.make_offer(self.warehouses["Rhein"], book, 5.0)
        with self.assertRaisesRegex(UserError, "taxed otherwise"):
            case._record("offer", "agent", offer=self.offer(case, "exchange", **self.exchange_for(case, book)))

    def test_a_cancelled_exchange_needs_a_person(self):
        case = self.open_case((self.line, 1, "listing"))
        agreed = self.exchange_for(case, self.stand, conditions=(("difference", {"amount": "5"}),))
        resolution = self.agreed(case, "exchange", **agreed)
        resolution.sale_order_ids._action_cancel()
        self.assertEqual(resolution.state, "person")
        resolution.action_retry()
        self.assertEqual(len(resolution._live_orders()), 1)

    def test_a_spare_part_is_sent_and_nothing_comes_back(self):
        case = self.open_case((self.line, 1, "damaged"))
        with self.assertRaisesRegex(UserError, "no spare part of Lamp"):
            case._record("offer", "agent", offer=self.offer(case, "spare_part"))
        self.lamp.dropship_spare_part_ids = self.cable
        resolution = self.agreed(case, "spare_part")
        self.assertEqual(resolution.state, "done", resolution.error)
        self.assertEqual(resolution.sale_order_ids.order_line.product_id, self.cable)
        self.assertEqual(case.reception, "none")
        strange = (("spare_part", {"product": self.stand.id}),)
        with self.assertRaisesRegex(UserError, "no spare part of"):
            case._check_possible(self.offer(case, "spare_part", conditions=strange))

    def test_a_deposit_is_taken_and_given_back_as_the_goods_arrive(self):
        self.order.company_id.dropship_exchange_deposit = "customer"
        case = self.open_case((self.line, 2, "dislike"))
        agreed = self.exchange_for(case, self.lamp)
        resolution = self.agreed(case, "exchange", to="us", **agreed)
        order = resolution.sale_order_ids
        self.assertEqual((order.state, order.amount_total), ("sent", 69.8))
        order.action_confirm()
        self.assertEqual(resolution.state, "done")
        case._record("send", "customer", parcel="P1")
        with self.refunds() as asked:
            case._record("receive", "agent", parcel="P1", lines=[[case.line_ids.id, "1"]])
            case._record("receive", "agent", parcel="P1", lines=[[case.line_ids.id, "2"]])
            case._record("inspect", "agent", parcel="P1", lines=[[case.line_ids.id, "good", "2"]])
        deposit = order.order_line.filtered("dropship_deposit")
        self.assertEqual([(row[0], row[1][0].line, row[1][0].qty) for row in asked], [(order, deposit.id, 1)] * 2)

    def test_a_deposit_not_paid_yet_is_dropped_when_the_goods_are_here(self):
        case = self.open_case((self.line, 1, "dislike"))
        resolution = self.agreed(case, "exchange", to="us", **self.exchange_for(case, self.lamp))
        self.assertEqual(resolution.sale_order_ids.state, "sent")
        case._record("send", "customer", parcel="P1")
        case._record("receive", "agent", parcel="P1", lines=[[case.line_ids.id, "1"]])
        self.assertEqual((resolution.state, resolution.sale_order_ids.state), ("done", "sale"))

    def test_after_reception_nothing_goes_out_before(self):
        case = self.open_case((self.line, 1, "damaged"))
        case._record("accept", "agent", offer=self.offer(case, "replacement", to="us", after="received"))
        self.assertFalse(case.resolution_ids)
        case._record("send", "customer", parcel="P1")
        case._record("receive", "agent", parcel="P1", lines=[[case.line_ids.id, "1"]])
        self.assertEqual(case.resolution_ids.state, "done", case.resolution_ids.error)
