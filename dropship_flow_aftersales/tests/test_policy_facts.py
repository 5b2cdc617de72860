from datetime import timedelta

from odoo.tests import tagged

from .common_policy import PolicyCase


@tagged("post_install", "-at_install", "standard")
class TestPolicyFacts(PolicyCase):
    """What is known of a request: where its pieces are, when they came, what was paid, who asks."""

    def request(self, *lines):
        rows = self.rows(*lines)
        orders = self.env["sale.order"].union(*(row["order_line"].order_id for row in rows))
        cases = self.env["dropship.return"]
        return cases._request_of(orders, cases._asked_of(rows))

    def sold(self, purchase):
        return purchase.dropship_allocation_ids.order_id.order_line[:1]

    def test_what_arrived_is_with_the_customer(self):
        line = self.delivered((self.lamp, 3), days=2).order_line[:1]
        request = self.request((line, 2, "changed_mind"))
        fact = request.lines[0]
        self.assertEqual((fact.delivered_qty, fact.returned, fact.open), (3, 0, 0))
        self.assertEqual((fact.waiting, fact.underway), (0, 0))
        self.assertEqual(fact.price, self.dec(34.9))  # the tax is in the price
        came = fact.delivered
        self.assertAlmostEqual((self.now() - came).total_seconds(), 48 * 3600, delta=120)
        self.assertEqual((fact.signed, fact.order.last_parcel), (came, came))
        self.assertTrue(fact.shipped < came)
        self.assertEqual((request.zone, request.consumer, fact.order.country), ("Europe/Berlin", True, "DE"))

    def test_taxes_on_top_are_part_of_what_was_paid(self):
        self.lamp.taxes_id = self.make_vat(19.0, name="19 % on top", price_include_override="tax_excluded")
        line = self.delivered((self.lamp, 1, 100.0)).order_line[:1]
        self.assertEqual(self.request((line, 1, "damaged")).lines[0].price, self.dec(119))

    def test_what_was_sent_instead_is_worth_what_it_stands_for(self):
        line = self.delivered((self.lamp, 2)).order_line[:1]
        case = self.open_case((line, 1, "damaged"))
        case._record("accept", "agent", offer=self.offer(case, "replacement"))
        again = case.resolution_ids.sale_order_ids.order_line[:1]
        self.assertEqual(again.price_total, 0)
        self.assertEqual(self.env["dropship.return"]._price_of(again), self.dec(34.9))
        chair = self.make_product("Chair", list_price=44.9, weight=1.0, taxes_id=[(6, 0, line.tax_ids.ids)])
        self.make_offer(self.warehouses["Rhein"], chair, 20.0)
        case = self.open_case((line, 1, "listing"))
        wish = [("exchange_for", {"line": case.line_ids.id, "product": chair.id})]
        case._record("accept", "agent", offer=self.offer(case, "exchange", conditions=tuple(wish)))
        other = case.resolution_ids.sale_order_ids.order_line[:1]
        self.assertEqual(other.price_total, 10)
        self.assertEqual(self.env["dropship.return"]._price_of(other), self.dec(44.9))

    def test_what_is_sent_again_for_a_lost_parcel_is_worth_the_same(self):
        purchase = self.buy((self.lamp, 1), accept=True)
        box = self.told(purchase, "0034055555", (purchase.order_line[:1], 1), carrier="DHL")
        self.scan(box, "lost")
        again = box._resend().order_line[:1]
        self.assertEqual(again.price_total, 0)
        self.assertEqual(self.env["dropship.return"]._price_of(again), self.dec(34.9))

    def test_a_row_by_price_fits_a_replacement(self):
        line = self.delivered((self.lamp, 1)).order_line[:1]
        case = self.open_case((line, 1, "damaged"))
        case._record("accept", "agent", offer=self.offer(case, "replacement"))
        again = case.resolution_ids.sale_order_ids.order_line[:1]
        self.assertEqual(self.request((again, 1, "damaged")).lines[0].price, self.dec(34.9))

    def test_what_did_not_leave_waits_and_what_left_is_underway(self):
        purchase = self.buy((self.lamp, 5), accept=True)
        line = self.sold(purchase)
        self.assertEqual(self.pieces(self.preview((line, 5, "not_shipped"))), (0, 5, 0, 0))
        box = self.told(purchase, "0034011111", (purchase.order_line[:1], 2), carrier="DHL")
        self.scan(box, "in_transit")
        self.assertEqual(self.pieces(self.preview((line, 5, "changed_mind"))), (0, 3, 2, 0))
        self.scan(box, "delivered")
        self.assertEqual(self.pieces(self.preview((line, 5, "changed_mind"))), (2, 3, 0, 0))
        facts = self.request((line, 1, "changed_mind")).lines[0]
        self.assertIsNone(facts.delivered, "A piece of the line is still missing.")
        self.assertIsNone(facts.order.last_parcel)

    def test_who_has_the_goods_knows_better_than_a_silent_carrier(self):
        purchase = self.buy((self.lamp, 1), accept=True)
        self.told(purchase, "0034022222", (purchase.order_line[:1], 1))
        line = self.sold(purchase)
        self.assertEqual(self.pieces(self.preview((line, 1, "damaged"))), (1, 0, 0, 0))
        self.assertEqual(self.pieces(self.preview((line, 1, "not_received"))), (0, 0, 1, 0))

    def test_a_lost_parcel_is_asked_for_as_if_it_had_been_delivered(self):
        purchase = self.buy((self.lamp, 1), accept=True)
        box = self.told(purchase, "0034033333", (purchase.order_line[:1], 1), carrier="DHL")
        self.scan(box, "in_transit", hours=5)
        self.scan(box, "lost")
        result = self.preview((self.sold(purchase), 1, "not_received"))
        self.assertEqual(self.pieces(result), (1, 0, 0, 0))
        self.assertEqual(self.kinds(result)["refund_only"], "look")
        self.assertNotIn("return", self.kinds(result))

    def test_other_units_count_in_the_unit_of_the_line(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_sale((self.lamp, 1))
        order.order_line.product_uom_id = dozen
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        purchase._dropship_accept()
        purchase._dropship_take_parcels([{"number": "0034044444", "carrier": "DHL"}])
        self.scan(self.box("0034044444"), "delivered")
        facts = self.request((order.order_line, 1, "changed_mind")).lines[0]
        self.assertEqual((facts.delivered_qty, facts.waiting, facts.underway), (1, 0, 0))

    def test_pieces_of_another_open_case_are_not_there_again(self):
        line = self.delivered((self.lamp, 3)).order_line[:1]
        self.ask((line, 2, "damaged"))
        facts = self.request((line, 1, "changed_mind")).lines[0]
        self.assertEqual((facts.delivered_qty, facts.open), (3, 2))
        result = self.preview((line, 2, "changed_mind"))
        self.assertEqual(self.pieces(result), (1, 0, 0, 1))
        self.assertIn("quantity_capped", self.codes(result.lines[0].reasons))

    def test_what_is_being_cancelled_does_not_block_what_arrived(self):
        purchase = self.buy((self.lamp, 5), accept=True)
        line = self.sold(purchase)
        self.scan(self.told(purchase, "0034066666", (purchase.order_line[:1], 2), carrier="DHL"), "delivered")
        self.row({"kind": "cancel", "verdict": "look"}, reason_ids=self.reason("not_shipped").ids)
        line.order_id.partner_shipping_id.country_id = self.env.ref("base.jp")  # no law gives it at once
        case = self.ask((line, 2, "not_shipped"))
        self.assertEqual((case.verdict, case.acceptance), ("look", "asked"))
        self.assertEqual(self.pieces(self.preview((line, 5, "changed_mind"))), (2, 1, 0, 2))

    def test_goods_that_moved_back_are_returned(self):
        order = self.delivered((self.lamp, 3))
        line = order.order_line[:1]
        picking = line.move_ids.picking_id
        wizard = self.env["stock.return.picking"].with_context(active_id=picking.id, active_ids=picking.ids,
                                                               active_model="stock.picking").create({})  # fmt: skip
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back.button_validate()
        self.env.flush_all()
        self.env.invalidate_all()
        facts = self.request((line, 1, "changed_mind")).lines[0]
        self.assertEqual((facts.delivered_qty, facts.returned, facts.waiting), (3, 1, 0))

    def test_groups_are_the_thing_and_all_above_it(self):
        home = self.env["product.category"].create({"name": "Home"})
        lights = self.env["product.category"].create({"name": "Lights", "parent_id": home.id})
        tag = self.env["product.tag"].create({"name": "Final"})
        self.lamp.product_tmpl_id.write(
            {
                "categ_id": lights.id,
                "product_tag_ids": tag.ids,
                "dropship_goods_kind_ids": self.env.ref("dropship_flow_aftersales.goods_kind_hygiene").ids,
            }
        )
        line = self.delivered((self.lamp, 1)).order_line[:1]
        fact = self.request((line, 1, "damaged", {"opened": True, "evidence": "photo, label"})).lines[0]
        self.assertEqual(fact.categories, {home.id, lights.id})
        self.assertEqual((fact.tags, fact.kinds), ({tag.id}, {"hygiene", "opened"}))
        self.assertEqual(fact.reason.codes, {"damaged", "not_as_sold"})
        self.assertEqual((fact.reason.liable, fact.reason.evidence), ("carrier", {"photo", "label"}))
        self.assertEqual(fact.evidence, {"photo", "label"})

    def test_the_supplier_s_terms_are_those_of_who_delivered(self):
        self.terms(fee=15, base="delivered", days=10, takes="reasons", reason_ids=self.reason("damaged").ids)
        self.terms(self.suppliers["Dawn"], takes="nothing")
        self.warehouses["Rhein"].tz = "Europe/Berlin"
        line = self.delivered((self.lamp, 1)).order_line[:1]
        terms = self.request((line, 1, "damaged")).lines[0].terms
        self.assertEqual((terms.fee, terms.window.days, terms.reasons), (self.dec(15), 10, {"damaged"}))
        self.assertEqual(terms.zone, "Europe/Berlin")

    def test_the_customer_so_far(self):
        order = self.delivered((self.lamp, 4))
        case = self.ask((order.order_line[:1], 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual(case.acceptance, "accepted")
        again = self.delivered((self.cable, 1))
        history = self.request((again.order_line[:1], 1, "damaged")).history
        self.assertEqual((history.orders, history.returns, history.free_refunds), (2, 1, 0))
        self.assertEqual((history.rate, history.blocked), (self.dec(20), False))
        own = case._verdict_request().history
        self.assertEqual((own.returns, own.rate), (0, 0), "A case is no history of its own.")

    def test_the_blocklist_is_known(self):
        self.anna.phone = "+49 30 5550100"
        line = self.delivered((self.lamp, 1)).order_line[:1]
        self.assertFalse(self.request((line, 1, "damaged")).history.blocked)
        self.env["dropship.blocklist"].create({"kind": "phone", "value": "+49 30 5550100", "reason": "Fraud"})
        self.assertTrue(self.request((line, 1, "damaged")).history.blocked)

    def test_a_channel_that_says_nothing_of_rights(self):
        self.channel.write({"tells_withdrawal": False, "tells_freight_back": False})
        line = self.long_ago(60, (self.lamp, 1)).order_line[:1]
        order = self.request((line, 1, "changed_mind")).lines[0].order
        self.assertEqual((order.informed, order.freight_told), (False, False))
        result = self.preview((line, 1, "changed_mind"))
        self.assertEqual(self.kinds(result)["return"], "accept")
        offer = next(offer for offer in result.lines[0].offers if offer.kind == "return")
        self.assertEqual(offer.payer, "us")
        self.assertIn("floor_freight_untold", self.codes(offer.reasons))

    def test_a_business_and_its_holidays(self):
        self.anna.is_company = True
        day = (self.now() + timedelta(days=3)).replace(hour=0, minute=0, second=0)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Feast", "date_from": day, "date_to": day.replace(hour=22),
                "calendar_id": self.env.company.resource_calendar_id.id,
            }
        )  # fmt: skip
        line = self.delivered((self.lamp, 1)).order_line[:1]
        request = self.request((line, 1, "damaged"))
        self.assertFalse(request.consumer)
        self.assertIn(day.date(), request.holidays)

    def test_facts_are_read_for_all_lines_at_once(self):
        """Ten lines or forty: the same number of questions to the database."""
        goods = [(self.make_product(f"P{number}", list_price=10.0), 1) for number in range(40)]
        for product, _qty in goods:
            self.make_offer(self.warehouses["Rhein"], product, 4)
        lines = self.delivered(*goods).order_line
        orders, counts = lines.order_id, []
        self.preview((lines[0], 1, "damaged"))  # what is kept for good is read once
        for number in (10, 40):
            self.env.flush_all()
            self.env.invalidate_all()
            reason = self.reason("damaged")
            asked = [{"order_line": line, "qty": 1, "reason": reason} for line in lines[:number]]
            before = self.env.cr.sql_log_count
            self.env["dropship.return"]._preview(orders, asked)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[0], 30)

    def test_a_line_of_two_reasons_shares_its_pieces(self):
        line = self.delivered((self.lamp, 2)).order_line[:1]
        result = self.preview((line, 1, "damaged"), (line, 2, "changed_mind"))
        self.assertEqual(self.pieces(result, 0), (1, 0, 0, 0))
        self.assertEqual(self.pieces(result, 1), (1, 0, 0, 1))

    def test_own_stock_counts_when_it_left(self):
        plain = self.make_product("Plain", list_price=5.0, is_storable=True, route_ids=False)
        shelf = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(plain, shelf, 5)
        order = self.make_sale((plain, 2))
        order.action_confirm()
        self.assertEqual(self.pieces(self.preview((order.order_line, 2, "by_mistake"))), (0, 2, 0, 0))
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        order.picking_ids.button_validate()
        self.assertEqual(self.pieces(self.preview((order.order_line, 2, "by_mistake"))), (2, 0, 0, 0))
