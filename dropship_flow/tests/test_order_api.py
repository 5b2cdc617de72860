import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_api import ApiWorld
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestOrderApi(ApiWorld, FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_api_world()

    def codes(self, result):
        return [(error["path"], error["code"]) for error in result["errors"]]

    def refused(self, *orders):
        """The only error of a call whose only order is refused."""
        answer = self.enter(*orders)
        self.assertEqual((answer["http_status"], answer["done"]), (422, 0), answer)
        ((path, code),) = self.codes(answer["results"][0])
        return path, code

    # --- entering ---

    def test_an_order_is_entered_confirmed_and_bought(self):
        answer = self.enter(self.told())
        self.assertEqual((answer["http_status"], answer["done"], answer["refused"]), (200, 1, 0), answer)
        result = answer["results"][0]
        order = self.order_of(result)
        self.assertEqual((order.client_order_ref, order.dropship_channel_id), ("A-1", self.channel))
        self.assertEqual((order.state, order.amount_total, order.dropship_paid_state), ("sale", 34.9, "paid"))
        self.assertEqual(
            (order.partner_id.name, order.partner_shipping_id.street, order.partner_id.email),
            ("Anna Weber", "Lindenallee 1", "anna@example.com"),
        )
        self.assertEqual(result["stage"], "to_ship")
        self.assertTrue(self.bought(order))
        self.assertEqual(order.create_uid, self.caller)

    def test_a_quotation_stays_one(self):
        order = self.order_of(self.enter(self.told(confirm=False))["results"][0])
        self.assertEqual((order.state, order.dropship_allocation_ids.ids), ("draft", []))

    def test_a_known_customer_is_used_again_and_never_changed(self):
        first = self.order_of(self.enter(self.told())["results"][0])
        other = {"street": "Seeweg 9", "city": "Kiel", "zip": "24103", "country": "DE"}
        answer = self.enter(self.told("A-2"), self.told("A-3", address=other), self.told("A-4", address=other))
        orders = [self.order_of(result) for result in answer["results"]]
        self.assertEqual({order.partner_id for order in orders}, {first.partner_id})
        self.assertEqual(orders[0].partner_shipping_id, first.partner_id)
        self.assertEqual(orders[1].partner_shipping_id, orders[2].partner_shipping_id)
        self.assertEqual(orders[1].partner_shipping_id.city, "Kiel")
        self.assertEqual(first.partner_id.city, "Berlin")

    def test_customers_without_mail_and_telephone_are_not_mixed_with_known_ones(self):
        customer = {"name": "Anna Weber"}
        order = self.order_of(self.enter(self.told(customer=customer))["results"][0])
        self.assertNotEqual(order.partner_id, self.anna)

    def test_prices_with_and_without_tax(self):
        """The shop's tax is included in prices; the same order told without tax costs the same."""
        net = self.told("N-1", prices_include_tax=False, lines=[{"sku": "LAMP", "quantity": 2, "price": 29.327731}])
        gross = self.told("N-2", lines=[{"barcode": "4006381333931", "quantity": 2, "price": 34.9}])
        orders = [self.order_of(result) for result in self.enter(net, gross)["results"]]
        self.assertEqual([order.amount_total for order in orders], [69.8, 69.8])
        self.tax.price_include_override = "tax_excluded"
        told = self.told("N-3", lines=[{"sku": "LAMP", "quantity": 1, "price": 119.0}])
        order = self.order_of(self.enter(told)["results"][0])
        self.assertEqual((order.amount_untaxed, order.amount_total), (100.0, 119.0))
        self.company.tax_calculation_rounding_method = "round_per_line"
        told = self.told("N-4", lines=[{"sku": "LAMP", "quantity": 500, "price": 0.99}])
        order = self.order_of(self.enter(told)["results"][0])
        self.assertEqual((order.amount_untaxed, order.amount_total), (415.97, 495.0))

    def test_without_a_price_the_price_list_says_it(self):
        order = self.order_of(self.enter(self.told(lines=[{"sku": "CABLE", "quantity": 1}]))["results"][0])
        self.assertEqual(order.amount_total, 7.9)

    def test_shipping_charge_and_service(self):
        carrier = self.env["delivery.carrier"].create(
            {"name": "Express", "product_id": self.env.ref("delivery.product_product_delivery").id}
        )
        told = self.told(shipping={"service": "Express", "charge": 4.9})
        order = self.order_of(self.enter(told)["results"][0])
        self.assertEqual(order.carrier_id, carrier)
        self.assertEqual(order.order_line.filtered("is_delivery").mapped("price_unit"), [4.9])

    def test_another_currency_needs_a_price_list_and_a_rate(self):
        told = self.told(currency="USD")
        self.env["res.currency"].with_context(active_test=False).search([("name", "=", "USD")]).active = True
        self.env["res.currency.rate"].search([("currency_id.name", "=", "USD")]).unlink()
        self.assertEqual(self.refused(told), ("orders[0].currency", "rate"))
        usd = self.currency("USD", 1.25)
        self.env["product.pricelist"].search([("currency_id", "=", usd.id)]).active = False
        self.assertEqual(self.refused(told), ("orders[0].currency", "pricelist"))
        self.env["product.pricelist"].create({"name": "USD", "currency_id": usd.id, "company_id": self.company.id})
        order = self.order_of(self.enter(told)["results"][0])
        self.assertEqual((order.currency_id, order.amount_total), (usd, 34.9))

    def test_messages_come_with_the_order(self):
        messages = {
            "buyer": "请快点 💡",
            "gift_note": "Happy birthday",
            "carrier_wish": "Neighbour",
            "memo": "VIP",
            "flag": "red",
        }
        line = {"sku": "LAMP", "quantity": 1, "personalisation": "Anna"}
        order = self.order_of(self.enter(self.told(messages=messages, lines=[line]))["results"][0])
        self.assertEqual(
            (order.dropship_buyer_message, order.dropship_gift_note, order.dropship_carrier_wish),
            ("请快点 💡", "Happy birthday", "Neighbour"),
        )
        self.assertEqual((order.dropship_memo, order.dropship_flag), ("VIP", "red"))
        self.assertTrue(order.dropship_message_unread)
        self.assertEqual(order.order_line.dropship_personalisation, "Anna")

    def test_an_address_as_one_text(self):
        told = self.told(address={"text": "浙江省杭州市西湖区\n文三路 1 号", "country": "CN"})
        address = self.order_of(self.enter(told)["results"][0]).partner_shipping_id
        self.assertEqual(address.country_id.code, "CN")
        self.assertIn("文三路 1 号", " ".join(filter(None, [address.street, address.street2])))

    # --- refusing ---

    def test_each_is_accepted_or_refused_on_its_own(self):
        answer = self.enter(
            self.told("B-1"),
            self.told("B-2", lines=[{"sku": "NOTHING", "quantity": 1}, {"sku": "LAMP", "quantity": 0.0001}]),
            self.told("B-3"),
            self.told("B-1"),
            self.told("B-5", channel="nobody"),
            self.told("B-6", address={"street": "x"}),
            self.told("B-7", address={"text": "x", "country": "XX"}),
        )
        self.assertEqual((answer["http_status"], answer["done"], answer["refused"]), (200, 2, 5))
        found = {result["number"]: self.codes(result) for result in answer["results"] if result["status"] == "refused"}
        self.assertEqual(
            found,
            {
                "B-2": [("orders[1].lines[0].sku", "product"), ("orders[1].lines[1].quantity", "rounding")],
                "B-1": [("orders[3].number", "same_call")],
                "B-5": [("orders[4].channel", "channel")],
                "B-6": [("orders[5].address.country", "no_country")],
                "B-7": [("orders[6].address.country", "country")],
            },
        )
        row = self.env["dropship.api.request"].search([], limit=1)
        self.assertEqual((row.state, row.indexes), ("partly", [1, 3, 4, 5, 6]))
        self.assertEqual(len(json.loads(row.body)["orders"]), 5)

    def test_a_number_is_entered_once_per_channel(self):
        self.enter(self.told())
        self.assertEqual(self.refused(self.told()), ("orders[0].number", "exists"))
        self.env["dropship.sales.channel"].create({"name": "Two", "company_id": self.company.id, "code": "two"})
        self.assertEqual(self.enter(self.told(channel="two"))["done"], 1)

    @mute_logger("odoo.addons.dropship_flow.models.api_create")
    def test_one_that_core_refuses_leaves_nothing_behind(self):
        """Together they fail, one by one the good ones are entered."""
        self.patch(
            self.registry["sale.order"],
            "action_confirm",
            lambda orders: self.refuse_one(orders),
        )
        before = self.env["sale.order"].search_count([])
        answer = self.enter(self.told("C-1"), self.told("C-2"), self.told("C-3"))
        self.assertEqual([result["status"] for result in answer["results"]], ["created", "refused", "created"])
        self.assertEqual(answer["results"][1]["errors"][0]["message"], "Not today.")
        self.assertEqual(self.env["sale.order"].search_count([]), before + 2)

    def refuse_one(self, orders):
        if "C-2" in orders.mapped("client_order_ref"):
            raise UserError(self.env._("Not today."))
        return True

    def test_a_body_that_is_wrong_is_kept_and_changes_nothing(self):
        answer = self.enter(self.told(secret="x"), {**self.told(), "number": 7})
        self.assertEqual(answer["http_status"], 422)
        self.assertEqual(
            [(error["path"], error["code"]) for error in answer["errors"]],
            [("orders[0].secret", "unknown"), ("orders[1].number", "type")],
        )
        row = self.env["dropship.api.request"].search([], limit=1)
        self.assertEqual((row.state, row.user_id, row.company_id), ("rejected", self.caller, self.company))
        self.assertIn("orders[0].secret", row.errors)
        self.enter(self.told(secret="x"), {**self.told(), "number": 7})
        self.assertEqual(row.times, 2)

    # --- the same call twice ---

    def test_the_same_key_and_body_give_the_stored_answer(self):
        first = self.enter(self.told(), idempotency_key="k-1")
        again = self.enter(self.told(), idempotency_key="k-1")
        self.assertEqual(first, again)
        self.assertEqual(self.env["sale.order"].search_count([("client_order_ref", "=", "A-1")]), 1)

    def test_the_same_key_with_another_body_is_refused(self):
        self.enter(self.told(), idempotency_key="k-1")
        answer = self.enter(self.told("A-2"), idempotency_key="k-1")
        self.assertEqual((answer["http_status"], answer["errors"][0]["code"]), (422, "key_reused"))
        self.assertFalse(self.env["sale.order"].search_count([("client_order_ref", "=", "A-2")]))
        other = self.api().api_cancel_orders(orders=[{"number": "S1"}], idempotency_key="k-1")
        self.assertEqual(other["errors"][0]["code"], "key_reused")

    def test_keys_belong_to_a_user(self):
        self.enter(self.told(), idempotency_key="k-1")
        colleague = self.make_login("user", login="colleague")
        colleague.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        answer = self.api(colleague).api_create_orders(orders=[self.told("A-2")], idempotency_key="k-1")
        self.assertEqual(answer["done"], 1)

    def test_a_key_that_is_none_is_refused(self):
        for key in ("", "a b", "x" * 129, 5):
            with self.subTest(key):
                answer = self.enter(self.told(), idempotency_key=key)
                self.assertEqual((answer["http_status"], answer["errors"][0]["path"]), (422, "idempotency_key"))

    # --- correcting what was refused ---

    def test_a_refused_order_is_corrected_and_repeated(self):
        wrong = self.told("D-2", lines=[{"sku": "LAMPP", "quantity": 1}])
        self.enter(self.told("D-1"), wrong, idempotency_key="k-1")
        manager = self.make_login("manager", login="boss")
        manager.group_ids |= self.env.ref("sales_team.group_sale_manager")
        row = self.env["dropship.api.request"].search([], limit=1).with_user(manager)
        row = row.with_context(allowed_company_ids=self.company.ids)
        row.body = row.body.replace("LAMPP", "LAMPX")
        row.action_repeat()
        self.assertEqual(row.state, "partly")
        row.body = row.body.replace("LAMPX", "LAMP")
        row.action_repeat()
        self.assertEqual((row.state, row.body), ("repeated", False))
        with self.assertRaises(UserError):
            row.action_repeat()
        answer = self.enter(self.told("D-1"), wrong, idempotency_key="k-1")
        self.assertEqual([result["status"] for result in answer["results"]], ["created", "created"])
        self.assertEqual([result["index"] for result in answer["results"]], [0, 1])

    def test_a_correction_that_is_wrong_says_why(self):
        self.enter(self.told(secret="x"))
        row = self.env["dropship.api.request"].search([], limit=1)
        with self.assertRaisesRegex(UserError, r"orders\[0\]\.secret"):
            row.action_repeat()
        for body in ("{", "[]", '{"orders": 1, "orders": 2}', ""):
            row.body = body
            with self.subTest(body), self.assertRaises(UserError):
                row.action_repeat()

    def test_who_sees_what_was_refused(self):
        self.enter(self.told(secret="x"))
        row = self.env["dropship.api.request"].search([], limit=1)
        for user in (self.caller, self.make_login("employee"), self.make_login("portal")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).read(["body"])

    def test_old_rows_go(self):
        self.enter(self.told(secret="x"))
        row = self.env["dropship.api.request"].search([], limit=1)
        row._gc_old()
        self.assertTrue(row.exists())
        self.env.cr.execute(
            "UPDATE dropship_api_request SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=91), row.id],
        )
        self.env.invalidate_all()
        row._gc_old()
        self.assertFalse(row.exists())

    # --- who may call ---

    def test_without_the_right_nothing_is_told(self):
        self.enter(self.told())
        for role in ("employee", "portal"):
            user = self.make_login(role)
            for method, body in (
                ("api_create_orders", {"orders": [self.told("A-2")]}),
                ("api_read_orders", {}),
                ("api_hold_orders", {"orders": [{"number": "A-1"}], "reason": "x"}),
            ):
                with self.subTest(role, method=method), self.assertRaises(AccessError):
                    getattr(self.api(user), method)(**body)

    def test_the_desk_without_sales_rights_cannot_enter_orders(self):
        with self.assertRaises(AccessError):
            self.api(self.make_login("user", login="desk-only")).api_create_orders(orders=[self.told()])

    def test_two_companies_know_nothing_of_each_other(self):
        order = self.order_of(self.enter(self.told())["results"][0])
        other = self.make_company("Other")
        stranger = self.make_login("user", company=other, login="stranger")
        stranger.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        api = self.api(stranger)
        answer = api.api_create_orders(orders=[self.told("A-2")])
        self.assertEqual(self.codes(answer["results"][0]), [("orders[0].channel", "channel")])
        self.assertFalse(api.api_read_orders(numbers=[{"number": order.name}])["orders"])
        answer = api.api_cancel_orders(orders=[{"number": order.name}])
        self.assertEqual(self.codes(answer["results"][0]), [("orders[0].number", "no_order")])
        self.assertEqual(order.state, "sale")

    def test_the_context_of_the_caller_changes_nothing(self):
        api = self.api().with_context(skip_procurement=True, dropship_internal=True, default_client_order_ref="x")
        order = self.order_of(api.api_create_orders(orders=[self.told()])["results"][0])
        self.assertTrue(order.dropship_allocation_ids)

    # --- reading ---

    def test_reading_by_number_stage_and_page(self):
        self.env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False
        self.enter(*[self.told(f"R-{number}") for number in range(5)])
        api = self.api()
        (order,) = api.api_read_orders(numbers=[{"channel": "shop", "number": "R-3"}])["orders"]
        self.assertEqual((order["number"], order["stage"], order["payment"]), ("R-3", "to_ship", "paid"))
        self.assertEqual(order["lines"][0]["sku"], "LAMP")
        self.assertTrue(order["purchases"][0]["supplier"])
        self.assertNotIn("cost", json.dumps(order))
        self.assertFalse(api.api_read_orders(channel="shop", stages=["held"])["orders"])
        seen, cursor = [], {}
        for _page in range(3):
            page = api.api_read_orders(channel="shop", limit=2, **cursor)
            seen += [order["number"] for order in page["orders"]]
            cursor = {"cursor": page.get("cursor")}
        self.assertEqual(sorted(seen), [f"R-{number}" for number in range(5)])
        self.assertFalse(cursor["cursor"])
        self.assertFalse(api.api_read_orders(changed_since="2999-01-01T00:00:00Z")["orders"])
        page = api.api_read_orders(changed_since="2000-01-01T00:00:00+08:00", channel="shop")
        self.assertEqual(len(page["orders"]), 5)

    def test_reading_refuses_what_it_does_not_know(self):
        api = self.api()
        for body, code in (
            ({"cursor": "nonsense"}, "cursor"),
            ({"cursor": "💡"}, "cursor"),
            ({"channel": "nobody"}, "channel"),
            ({"stages": ["lost"]}, "enum"),
            ({"limit": 1000}, "maximum"),
            ({"page": 2}, "unknown"),
        ):
            with self.subTest(body):
                answer = api.api_read_orders(**body)
                self.assertEqual((answer["http_status"], answer["errors"][0]["code"]), (422, code))

    def test_reading_costs_the_same_for_one_and_for_many(self):
        self.enter(*[self.told(f"R-{number}") for number in range(12)])
        counts = []
        for limit in (2, 12):
            api = self.api()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(api.api_read_orders(channel="shop", limit=limit)["orders"]), limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 5, counts)

    def test_entering_costs_few_queries_beyond_core(self):
        self.enter(*[self.told(f"W-{number}") for number in range(2)])
        counts = []
        for prefix, size in (("X", 2), ("Y", 12)):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            told = [self.told(f"{prefix}-{number}", confirm=False) for number in range(size)]
            self.assertEqual(self.enter(*told)["done"], size)
            counts.append(self.env.cr.sql_log_count - before)
        plain = []
        for size in (2, 12):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            for _number in range(size):
                self.make_sale(self.lamp)
            self.env.flush_all()
            plain.append(self.env.cr.sql_log_count - before)
        extra = (counts[1] - counts[0]) / 10 - (plain[1] - plain[0]) / 10
        self.assertLess(extra, 15, (counts, plain))

    # --- holding, releasing, cancelling ---

    def test_hold_release_cancel(self):
        order = self.order_of(self.enter(self.told(confirm=False))["results"][0])
        api, numbers = self.api(), [{"channel": "shop", "number": "A-1"}, {"number": "NOBODY"}]
        answer = api.api_hold_orders(orders=numbers, reason="Customer <b>calls</b> 100 %")
        self.assertEqual([result["status"] for result in answer["results"]], ["held", "refused"])
        hold = order.dropship_open_hold_ids
        self.assertEqual((hold.kind, hold.until), ("manual", False))
        self.assertIn("Customer <b>calls</b> 100 %", hold.reason)
        api.api_hold_orders(orders=numbers[:1], reason="Still", until="2999-01-01")
        self.assertEqual(order.dropship_open_hold_ids, hold)
        self.assertEqual(str(hold.until), "2999-01-01")
        answer = api.api_release_orders(orders=numbers[:1])
        self.assertEqual((answer["results"][0]["status"], hold.state), ("released", "released"))
        answer = api.api_cancel_orders(orders=numbers[:1], reason="Customer's wish")
        self.assertEqual((answer["results"][0]["status"], order.state), ("cancelled", "cancel"))
        self.assertEqual(api.api_cancel_orders(orders=numbers[:1])["done"], 1)
        answer = api.api_hold_orders(orders=numbers[:1], reason="late")
        self.assertEqual(self.codes(answer["results"][0]), [("orders[0]", "refused")])

    def test_a_day_that_is_over_is_refused(self):
        self.enter(self.told())
        answer = self.api().api_hold_orders(
            orders=[{"channel": "shop", "number": "A-1"}], reason="x", until="2001-01-01"
        )
        self.assertEqual(self.codes(answer["results"][0]), [("until", "over")])

    def test_what_is_shipped_is_not_cancelled(self):
        order = self.order_of(self.enter(self.told())["results"][0])
        order.dropship_allocation_ids.state = "shipped"
        answer = self.api().api_cancel_orders(orders=[{"number": order.name}])
        self.assertEqual(self.codes(answer["results"][0]), [("orders[0]", "shipped")])
        self.assertEqual(order.state, "sale")

    def test_approvals_need_a_buyer_by_api_too(self):
        self.policy.automation = "ask"
        order = self.order_of(self.enter(self.told())["results"][0])
        self.assertEqual(order.dropship_open_hold_ids.kind, "approval")
        answer = self.api().api_release_orders(orders=[{"number": order.name}])
        self.assertEqual(self.codes(answer["results"][0]), [("orders[0]", "refused")])
        self.assertEqual(order.dropship_open_hold_ids.state, "open")

    def test_held_by_hand_in_the_backend_until_a_day(self):
        order = self.make_sale(self.lamp)
        wizard = self.env["dropship.manual.hold"].with_user(self.caller).create(
            {"order_ids": order.ids, "reason": "Asks for blue", "until": fields.Date.today()}
        )
        wizard.action_hold()
        hold = order.dropship_open_hold_ids
        self.assertEqual((hold.kind, order.dropship_stage), ("manual", "held"))
        self.run_cron("cron_release_due")
        self.assertEqual(hold.state, "released")
        with self.assertRaises(UserError):
            order.with_user(self.make_login("employee"))._dropship_hold_by_hand("x")
