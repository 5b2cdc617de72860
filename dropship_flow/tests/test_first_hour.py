from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.first_hour import STEPS
from .common_first_hour import FirstHourCase


@tagged("post_install", "-at_install", "standard")
class TestFirstHour(FirstHourCase):
    """From an empty company to the limits of going live: every tick comes from records."""

    def test_an_empty_shop_has_everything_before_it(self):
        self.assertEqual(self.panel.step_ids.mapped("code"), list(STEPS))
        self.assertEqual(self.panel.next_step_id.code, "company")
        self.assertEqual(self.step("company").missing, "The company has no country.")
        self.assertFalse(self.panel.is_over)
        self.assertEqual(self.env["dropship.first.hour"]._of(self.company), self.panel, "one panel per company")

    def test_the_whole_path_is_ticked_by_facts(self):
        self.describe_company()
        self.assertEqual(self.state("company"), "done")
        self.wizard("sender").action_apply()
        self.assertEqual(self.state("sender"), "done")
        self.add_supplier()
        self.assertEqual(self.state("supplier"), "done")
        self.read_prices().action_apply()
        self.assertEqual(self.state("price_list"), "done")
        self.wizard("freight").action_apply()
        self.assertEqual(self.state("freight"), "done")
        self.wizard("products").action_apply()
        self.assertEqual(self.state("products"), "done")
        charges = self.wizard("charges")
        self.assertIn("China", charges.reach)
        charges.action_apply()
        self.assertEqual(self.state("charges"), "done")
        payment = self.wizard("payment")
        payment.instructions = "IBAN 1"
        payment.action_apply()
        self.assertEqual(self.state("payment"), "done")
        order = self.buy_test()
        self.assertEqual(self.state("test_order"), "done")
        order.dropship_purchase_ids._dropship_answer("ship", "SF1234567890")
        self.assertEqual(self.state("phone"), "done")
        self.wizard("go_live").action_apply()
        self.assertEqual(self.state("go_live"), "done")
        self.step("languages").action_skip()
        self.env.invalidate_all()
        self.assertEqual((self.panel.done_count, self.panel.is_over), (12, True))
        self.assertEqual(self.panel.progress, "12 of 12")

    def test_ticks_go_when_the_facts_go(self):
        supplier = self.sell()
        self.assertEqual(self.state("supplier"), "done")
        supplier.action_pause()
        self.assertNotEqual(self.state("supplier"), "done")
        self.assertEqual(self.step("supplier").missing, "There is no supplier to buy from.")

    def test_only_one_step_is_next(self):
        states = self.panel.step_ids.mapped("state")
        self.assertEqual(states.count("next"), 1)

    def test_not_needed_here(self):
        step = self.step("sender")
        step.action_skip()
        self.assertEqual(self.state("sender"), "skipped")
        self.step("sender").action_unskip()
        self.assertNotEqual(self.state("sender"), "skipped")
        with self.assertRaises(UserError):
            self.step("supplier").action_skip()

    def test_the_panel_ends_at_twelve_only(self):
        with self.assertRaises(UserError):
            self.panel.action_finish()
        menu = self.env.ref("dropship_flow.menu_first_hour")
        menu.active = True
        others = self.env["dropship.first.hour"].sudo().search([("id", "!=", self.panel.id)])
        others.unlink()
        self.test_the_whole_path_is_ticked_by_facts()
        self.panel.action_finish()
        self.assertFalse(menu.active)

    def test_every_step_opens_something(self):
        for step in self.panel.step_ids:
            with self.subTest(step.code):
                self.assertTrue(step.action_open_step()["res_model"])
                self.assertTrue(step.title and step.why and step.button)

    def test_a_seller_of_files_needs_no_shop(self):
        self.describe_company("file")
        channel = self.env["dropship.sales.channel"].search([("company_id", "=", self.company.id)])
        self.assertEqual((len(channel), channel.website_id.id), (1, False))
        self.assertEqual((channel.kind, self.state("charges")), ("file", "done"))
        self.assertNotEqual(self.state("payment"), "done", "yesterday's orders come first")
        step = self.panel.step_ids.filtered(lambda step: step.code == "payment")
        self.assertEqual(step.action_open_step()["res_model"], "dropship.order.upload")
        channel.platform = "amazon"
        head = b"order-id\tsku\tproduct-name\tquantity-to-ship\n"
        self.env["dropship.order.file"]._receive(channel, channel._layout("in"), "orders.txt", head + b"1\tX\tX\t1\n")
        self.assertEqual(self.state("payment"), "done")

    def test_describing_the_company_twice_makes_no_second_channel(self):
        self.describe_company("both")
        self.describe_company("both")
        channels = self.env["dropship.sales.channel"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(channels), 2)

    def test_a_supplier_in_six_fields_can_be_bought_from(self):
        supplier = self.add_supplier(channel_type="factory", cut_off=15.5)
        self.assertEqual((supplier.state, supplier.channel_type), ("approved", "factory"))
        self.assertEqual((supplier.answer_mode, supplier.order_way), ("manual", "sheet"))
        warehouse = supplier.warehouse_ids
        self.assertEqual((warehouse.cut_off, warehouse.country_id, warehouse.tz), (15.5, self.china, "Asia/Shanghai"))

    def test_a_supplier_without_its_facts_is_refused(self):
        for vals in ({"name": " "}, {"city": False}, {"country_id": False}, {"cut_off": 25.0}):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                self.add_supplier(**vals)

    def test_freight_tables_become_rates(self):
        self.describe_company()
        supplier = self.add_supplier()
        wizard = self.wizard("freight")
        self.assertEqual(wizard.template, "national")
        self.assertEqual(len(wizard.line_ids), 3)
        wizard.line_ids[0].first_price = 4.2
        wizard.action_apply()
        self.env.invalidate_all()
        rates = supplier.rate_ids.sorted("sequence")
        self.assertEqual(rates.mapped("first_price"), [4.2, 5.0, 12.0])
        self.assertEqual(set(rates[0].state_ids.mapped("code")), {"沪", "苏", "浙"})
        self.assertFalse(self.env["dropship.tax.rule"].search([("company_id", "=", self.company.id)]))

    def test_goods_across_a_border_get_a_tax_position(self):
        self.describe_company()
        self.company.country_id = self.country("DE")
        self.company.account_fiscal_country_id = self.country("DE")
        self.add_supplier()
        wizard = self.wizard("freight")
        self.assertEqual((wizard.template, wizard.tax_position), ("cn_eu", "ioss"))
        wizard.action_apply()
        rule = self.env["dropship.tax.rule"].search([("company_id", "=", self.company.id)])
        self.assertEqual((rule.position, rule.ship_from_ids), ("ioss", self.china))

    def test_wrong_freight_is_refused_in_words(self):
        self.describe_company()
        self.add_supplier()
        for vals in ({"first_price": -1}, {"step_weight": 0}, {"days_p50": 9, "days_p80": 3}):
            wizard = self.wizard("freight")
            wizard.line_ids[0].write(vals)
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                wizard.action_apply()

    def test_products_get_a_price_with_the_margin_asked_for(self):
        self.describe_company()
        self.add_supplier()
        self.read_prices().action_apply()
        self.wizard("freight").action_apply()
        wizard = self.wizard("products")
        self.assertEqual(len(wizard.line_ids), 5)
        self.assertTrue(all(wizard.line_ids.mapped("ticked")))
        lamp = wizard.line_ids.filtered(lambda line: line.product_id.default_code == "K-1")
        self.assertEqual(lamp.landed, 16.0)
        self.assertGreater(lamp.other_landed, lamp.landed)
        self.assertGreaterEqual(min(lamp.margin, lamp.other_margin), 30.0)
        wizard.margin = 50
        wizard.action_recompute()
        self.assertGreaterEqual(lamp.other_margin, 50.0)
        (wizard.line_ids - lamp).ticked = False
        wizard.action_apply()
        self.assertTrue(lamp.product_id.is_published)
        self.assertEqual(lamp.product_id.lst_price, lamp.price)
        self.assertEqual(self.step("products").missing, "1 of 5 products are for sale.")

    def test_charges_warn_where_nobody_delivers(self):
        self.sell()
        wizard = self.wizard("charges")
        self.assertFalse(wizard.problem)
        wizard.country_ids |= self.country("FR")
        self.assertIn("France", wizard.problem)

    def test_going_live_puts_the_companys_own_policy_first(self):
        wizard = self.wizard("go_live")
        wizard.write({"limit": 150, "margin": 12})
        wizard.action_apply()
        policy = self.panel._go_live_policy()
        self.assertEqual(policy.company_id, self.company)
        self.assertEqual((policy.automation, policy.auto_limit, policy.auto_margin_percent), ("buy", 150, 12))
        self.wizard("go_live").action_apply()
        self.assertEqual(self.panel._go_live_policy(), policy, "changed, not doubled")

    def test_who_may_walk_the_path(self):
        self.panel.step_ids.mapped("state")
        desk, employee = self.make_login("user"), self.make_login("employee")
        self.assertTrue(self.panel.with_user(desk).progress)
        with self.assertRaises(AccessError):
            self.step("charges").with_user(desk).action_skip()
        with self.assertRaises(AccessError):
            self.step("supplier").with_user(desk).action_open_step()
        with self.assertRaises(AccessError):
            self.panel.with_user(employee).read(["progress"])

    def test_another_company_walks_its_own_path(self):
        self.describe_company()
        other = self.make_company("Other")
        self.env.user.company_ids |= other
        panel = self.env["dropship.first.hour"]._of(other)
        self.assertNotEqual(panel, self.panel)
        self.assertEqual(panel.sudo().step_ids[0].state, "next")
        login = self.make_login("manager", other)
        theirs = self.panel.with_user(login).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.has_access("read"))

    def test_the_sender_is_the_channels_then_the_companys(self):
        self.sell()
        self.wizard("sender").action_apply()
        order = self.buy_test()
        self.assertEqual(order._dropship_sender()[order]["name"], "新店")
        channel = self.env["dropship.sales.channel"]._channel_of(order)[order]
        if not channel:
            channel = channel.create({"name": "x", "company_id": self.company.id})
        channel.write({"sender_name": "Lumen", "sender_phone": "400"})
        self.assertEqual(order._dropship_sender()[order], {"name": "Lumen", "phone": "400", "address": ""})
        self.assertEqual(order.dropship_purchase_ids._dropship_sender()["name"], "Lumen")
