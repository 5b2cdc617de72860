from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_mail import MailCase


@tagged("post_install", "-at_install", "standard")
class TestInquiry(MailCase):
    """Suppliers are asked what they have; what they say refreshes their offers, and the order waits with a clock."""

    def asked_about(self, *lines, confirm=False):
        order = self.make_sale(*(lines or ((self.lamp, 3),)), confirm=confirm)
        order.action_dropship_ask()
        return order, order.dropship_inquiry_ids

    def line(self, inquiry, name, product=None):
        offer = self.offers[name, product or self.lamp]
        return inquiry.line_ids.filtered(lambda line: line.offer_id == offer)

    def answer(self, inquiry, name, product=None, **said):
        line = self.line(inquiry, name, product)
        inquiry._dropship_take_inquiry(self.suppliers[name], [{"sku": line.sku, **said}], "hand")
        return line

    def test_one_click_asks_every_source(self):
        order, inquiry = self.asked_about()
        self.assertEqual(set(inquiry.line_ids.supplier_id.mapped("name")), {"Dawn", "Yiwu", "Rhein"})
        self.assertEqual(set(inquiry.line_ids.mapped("quantity")), {3})
        (message,) = inquiry.exchange_ids
        self.assertEqual((message.kind, message.supplier_id, message.state), ("ask", self.rhein, "ready"))
        self.assertEqual(message.content["ship_to"], {"country": "DE", "zip": "10"})
        self.assertFalse(order.dropship_open_hold_ids, "a quotation waits for nothing")
        order.action_dropship_ask()
        self.assertEqual(order.dropship_inquiry_ids, inquiry, "a second click shows the first question")

    def test_the_question_names_no_customer(self):
        self.anna.email = "anna@example.com"
        with self.mail_server() as server:
            self.asked_about()
            self.relay()
        text = server.mails[0].data.decode()
        self.assertIn("RFQ", text)
        for secret in ("Anna", "Weber", "10115", "Berlin", "anna@example.com", "34.9"):
            self.assertNotIn(secret, text)

    def test_lines_are_asked_alone(self):
        order = self.make_sale(self.lamp, self.stand)
        order.order_line[1:].action_dropship_ask()
        self.assertEqual(order.dropship_inquiry_ids.line_ids.product_id, self.stand)

    def test_an_answer_refreshes_the_offer(self):
        _order, inquiry = self.asked_about()
        offer = self.offers["Dawn", self.lamp]
        offer.as_of = "2020-01-01"
        line = self.answer(inquiry, "Dawn", stock=7, price=8.5)
        self.assertEqual((offer.stock, offer.price, line.state), (7, 9.2, "answered"))
        self.assertGreater(offer.as_of, fields.Datetime.now() - timedelta(minutes=5))
        tiers = offer._tiers_for(self.company, fields.Date.today())[offer.id]
        self.assertEqual([(float(qty), float(price)) for qty, price, _currency in tiers], [(0, 9.2), (3, 8.5)])

    def test_an_answered_price_keeps_the_cheaper_tiers_above_it(self):
        offer = self.offers["Dawn", self.lamp]
        self.env["dropship.offer.tier"].create({"offer_id": offer.id, "min_qty": 50, "price": 6})
        _order, inquiry = self.asked_about()
        self.answer(inquiry, "Dawn", stock=100, price=8.5)
        tiers = offer._tiers_for(self.company, fields.Date.today())[offer.id]
        self.assertEqual([(float(qty), float(price)) for qty, price, _c in tiers], [(0, 9.2), (3, 8.5), (50, 6)])
        self.answer(inquiry, "Dawn", stock=100, price=8.0)
        tiers = offer._tiers_for(self.company, fields.Date.today())[offer.id]
        self.assertEqual([float(price) for _qty, price, _c in tiers], [9.2, 8.0, 6], "the later word counts")

    def test_an_answered_price_ends(self):
        _order, inquiry = self.asked_about()
        offer = self.offers["Dawn", self.lamp]
        until = fields.Date.today() + timedelta(days=2)
        self.answer(inquiry, "Dawn", price=8.5, valid_until=str(until))
        tiers = offer._tiers_for(self.company, until + timedelta(days=1))[offer.id]
        self.assertEqual([float(price) for _qty, price, _c in tiers], [9.2])

    def test_boxes_and_tax_are_counted_as_the_offer_counts(self):
        offer = self.offers["Dawn", self.lamp]
        offer.write({"factor": 2.0, "price": 20.0})
        _order, inquiry = self.asked_about((self.lamp, 3))
        self.assertEqual(self.line(inquiry, "Dawn").quantity, 2, "two boxes of two hold three pieces")
        line = self.answer(inquiry, "Dawn", stock=5, price=18.0)
        self.assertEqual(line.price_company, 9.0)
        tiers = offer._tiers_for(self.company, fields.Date.today())[offer.id]
        self.assertEqual([(float(qty), float(price)) for qty, price, _c in tiers], [(0, 10), (4, 9)])

    def test_two_offers_of_one_supplier_keep_their_own_prices(self):
        offer = self.offers["Dawn", self.lamp]
        other = self.make_offer(self.warehouses["Dawn"], self.lamp, 30.0, sku="BOX", factor=3.0)
        _order, inquiry = self.asked_about()
        self.answer(inquiry, "Dawn", price=8.5)
        self.assertEqual((offer.price, other.price), (8.5, 30.0))

    def test_not_now_but_on_a_day(self):
        _order, inquiry = self.asked_about()
        day = fields.Date.today() + timedelta(days=10)
        self.answer(inquiry, "Dawn", stock=0, date=str(day))
        offer = self.offers["Dawn", self.lamp]
        self.assertTrue(offer.backorder)
        self.assertAlmostEqual(offer.backorder_days, 10, delta=1)

    def test_the_best_answers_are_marked(self):
        _order, inquiry = self.asked_about()
        soon, late = (str(fields.Date.today() + timedelta(days=days)) for days in (1, 9))
        dawn = self.answer(inquiry, "Dawn", stock=10, price=8.0, date=late)
        rhein = self.answer(inquiry, "Rhein", stock=10, price=12.0, date=soon)
        yiwu = self.answer(inquiry, "Yiwu", stock=0, price=1.0)
        self.assertEqual((dawn.best, rhein.best, yiwu.best), ("Best price", "First to ship", ""))
        self.assertEqual((inquiry.state, inquiry.answered_count), ("done", 3))

    def test_other_currencies_are_compared_in_ours(self):
        cny = self.currency("CNY")
        self.env["res.currency.rate"].create({"currency_id": cny.id, "rate": 8.0, "company_id": self.company.id})
        _order, inquiry = self.asked_about()
        line = self.answer(inquiry, "Dawn", stock=10, price=80.0, currency="CNY")
        self.assertAlmostEqual(line.price_company, 10.0)
        with self.assertRaises(UserError):
            self.answer(inquiry, "Dawn", price=80.0, currency="XXX")

    def test_a_bad_answer_changes_nothing(self):
        _order, inquiry = self.asked_about()
        sku = self.line(inquiry, "Dawn").sku
        for answers in ([{"sku": "VASE", "stock": 1}], [{"sku": sku, "stock": -1}], [{"sku": sku}], "x"):
            with self.subTest(answers), self.assertRaises(UserError), self.env.cr.savepoint():
                inquiry._dropship_take_inquiry(self.suppliers["Dawn"], answers, "desk")
        self.assertEqual(set(inquiry.line_ids.mapped("state")), {"waiting"})

    # --- by mail ---

    def test_question_and_answer_by_mail(self):
        with self.mail_server():
            _order, inquiry = self.asked_about()
            self.relay()
            (asked,) = inquiry.exchange_ids
            sku = self.line(inquiry, "Rhein").sku
            message = self.deliver(self.letter(asked, f"STOCK {sku} 20 12.80 2030-12-01\n\nThanks"))
        self.assertEqual((message.kind, message.state, message.inquiry_id), ("quote", "processed", inquiry))
        line = self.line(inquiry, "Rhein")
        self.assertEqual((line.stock, line.price, line.way), (20, 12.8, "email"))

    def test_an_unclear_answer_by_mail_waits_for_a_person(self):
        with self.mail_server():
            _order, inquiry = self.asked_about()
            self.relay()
            message = self.deliver(self.letter(inquiry.exchange_ids, "We have plenty"))
        self.assertEqual((message.state, message.kind), ("parked", "mail"))
        self.assertEqual(self.line(inquiry, "Rhein").state, "waiting")

    def test_whom_the_question_does_not_reach_is_not_waited_for(self):
        with self.mail_server(rcpt="550 no such user"):
            _order, inquiry = self.asked_about()
            self.relay()
        self.assertEqual(self.line(inquiry, "Rhein").state, "unreachable")

    # --- the order waits ---

    def test_the_policy_asks_before_buying(self):
        self.policy.ask_first = "always"
        order = self.make_sale((self.lamp, 1), confirm=True)
        self.assertEqual(order.dropship_open_hold_ids.kind, "asking")
        self.assertIn("RFQ", order.dropship_open_hold_ids.reason)
        self.assertFalse(order.dropship_purchase_ids)
        inquiry = order.dropship_inquiry_ids
        self.assertTrue(inquiry.automatic)
        for name, price in (("Dawn", 9.0), ("Yiwu", 2.0), ("Rhein", 15.0)):
            self.assertFalse(order.dropship_purchase_ids)
            self.answer(inquiry, name, stock=50, price=price)
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertEqual(list(self.bought(order)), ["Yiwu"])
        self.assertEqual(self.bought(order)["Yiwu"][0][2], 2.0)

    def test_the_clock_ends_and_the_order_goes_on(self):
        self.policy.ask_first = "always"
        order = self.make_sale((self.lamp, 1), confirm=True)
        inquiry = order.dropship_inquiry_ids
        self.answer(inquiry, "Dawn", stock=0)
        inquiry.deadline = fields.Datetime.now() - timedelta(minutes=1)
        self.run_cron("cron_inquiry")
        self.assertEqual(inquiry.state, "expired")
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertTrue(self.bought(order))
        self.assertNotIn("Dawn", self.bought(order))

    def test_only_old_figures_are_asked_for(self):
        self.policy.write({"ask_first": "stale", "ask_age_hours": 24})
        self.assertTrue(self.make_sale(self.lamp, confirm=True).dropship_purchase_ids, "all figures are of today")
        self.offers["Rhein", self.lamp].as_of = "2020-01-01"
        order = self.make_sale(self.lamp, confirm=True)
        self.assertEqual(order.dropship_inquiry_ids.line_ids.supplier_id, self.rhein)

    def test_small_orders_and_other_products_are_not_asked_about(self):
        self.policy.write({"ask_first": "always", "ask_min_value": 1000.0})
        self.assertTrue(self.make_sale(self.lamp, confirm=True).dropship_purchase_ids)
        category = self.env["product.category"].create({"name": "Fragile"})
        self.policy.write({"ask_min_value": 0.0, "ask_categ_ids": category.ids})
        self.assertTrue(self.make_sale(self.lamp, confirm=True).dropship_purchase_ids)
        self.lamp.categ_id = category
        self.assertFalse(self.make_sale(self.lamp, confirm=True).dropship_purchase_ids)

    def test_a_person_need_not_wait(self):
        self.policy.ask_first = "always"
        order = self.make_sale((self.lamp, 1), confirm=True)
        order.dropship_open_hold_ids.with_user(self.make_login("buyer")).action_release()
        self.assertTrue(order.dropship_purchase_ids)
        self.assertEqual(len(order.dropship_inquiry_ids), 1)

    def test_a_question_about_a_quotation_holds_the_order(self):
        order, inquiry = self.asked_about((self.lamp, 1))
        order.action_confirm()
        self.assertEqual(order.dropship_open_hold_ids.kind, "asking")
        inquiry.with_user(self.make_login("buyer")).action_close()
        self.assertTrue(order.dropship_purchase_ids)

    def test_a_cancelled_order_asks_nobody(self):
        self.policy.ask_first = "always"
        order = self.make_sale((self.lamp, 1), confirm=True)
        order._action_cancel()
        self.assertEqual(order.dropship_inquiry_ids.state, "cancelled")
        with self.assertRaises(UserError):
            order.action_dropship_ask()

    def test_what_nobody_offers_cannot_be_asked_for(self):
        with self.assertRaises(UserError):
            self.make_sale(self.make_product("Vase")).action_dropship_ask()

    # --- who may ---

    def test_who_asks_and_who_enters_answers(self):
        desk, buyer = self.make_login("user"), self.make_login("buyer")
        desk.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self.make_sale((self.lamp, 1))
        with self.assertRaises(AccessError):
            order.with_user(self.make_login("employee")).action_dropship_ask()
        order.with_user(desk).action_dropship_ask()
        inquiry = order.dropship_inquiry_ids
        line = self.line(inquiry, "Dawn")
        for user in (desk,):
            with self.assertRaises(AccessError):
                line.with_user(user).action_enter()
            with self.assertRaises(AccessError):
                inquiry.with_user(user).action_close()
        screen = self.env["dropship.inquiry.enter"].with_user(buyer).with_context(default_line_id=line.id)
        screen.create({"stock": 4, "price": 9.0, "note": "WeChat"}).action_save()
        self.assertEqual((line.state, line.stock, line.way), ("answered", 4, "hand"))

    def test_the_suppliers_page(self):
        _order, inquiry = self.asked_about()
        dawn, line = self.suppliers["Dawn"], self.line(inquiry, "Dawn")
        self.assertEqual(dawn._dropship_open_inquiries(), line)
        foreign = self.line(inquiry, "Yiwu")
        form = {f"stock_{line.id}": "4", f"price_{line.id}": "9.5", f"stock_{foreign.id}": "1", "state": "done"}
        dawn._dropship_take_inquiry(dawn._dropship_inquiry_answers(form))
        self.assertEqual((line.stock, line.price, line.way), (4, 9.5, "desk"))
        self.assertEqual(foreign.state, "waiting", "of another supplier")
        for answers in ([], [{"line": str(foreign.id), "stock": 1}]):
            with self.assertRaises(UserError):
                dawn._dropship_take_inquiry(answers)

    def test_the_comparison_asks_too(self):
        compare = self.env["dropship.source.compare"].create(
            {"product_id": self.lamp.id, "qty": 2, "country_id": self.country("DE").id, "company_id": self.company.id}
        )
        inquiry = self.env["dropship.inquiry"].browse(compare.action_ask()["res_id"])
        self.assertEqual(set(inquiry.line_ids.mapped("quantity")), {2})

    def test_companies_are_kept_apart(self):
        _order, inquiry = self.asked_about()
        company = self.make_company()
        stranger = self.make_login("manager", company=company)
        env = self.env(user=stranger, context={"allowed_company_ids": company.ids})
        self.assertFalse(inquiry.with_env(env).has_access("read"))
        self.assertFalse(env["dropship.inquiry.line"].search([]))
