import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models import order_file
from .common_flow import FlowCase
from .common_order_file import AMAZON, PDD, OrderFileWorld, a_file


@tagged("post_install", "-at_install", "standard")
class TestOrderFile(OrderFileWorld, FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order_file_world()

    # ------------------------------------------------------------------
    # From upload to order
    # ------------------------------------------------------------------

    def test_check_then_enter(self):
        """Nothing is entered by looking; then the order is bought like one of the API."""
        file = self.upload(self.amazon, AMAZON)
        self.assertEqual((file.state, self.states(file)), ("checked", ["waiting"]))
        self.assertFalse(self.env["sale.order"].search([("dropship_channel_id", "=", self.amazon.id)]))
        file.action_import()
        order = file.row_ids.order_id
        self.assertEqual((file.state, self.states(file)), ("imported", ["imported"]))
        self.assertEqual((order.state, order.client_order_ref), ("sale", AMAZON["order-id"]))
        self.assertAlmostEqual(order.amount_total, 34.9)
        self.assertEqual(order.dropship_paid_state, "paid")
        self.assertEqual(order.order_line.dropship_channel_line, AMAZON["order-item-id"])
        self.assertEqual(order.partner_shipping_id.city, "Chieming")
        self.assertEqual(set(self.bought(order.with_env(self.env))), {"Dawn"})

    def test_the_deadline_counts_from_the_payment(self):
        self.amazon.ship_by_hours = 48
        file = self.upload(self.amazon, AMAZON)
        file.action_import()
        self.assertEqual(str(file.row_ids.order_id.dropship_ship_by), "2026-06-20 10:00:00")

    def test_rows_of_one_number_are_one_order(self):
        other = {**AMAZON, "order-item-id": "2", "sku": "CABLE", "quantity-to-ship": "3", "item-price": "20.00",
                 "item-promotion-discount": "-2.00", "shipping-price": "4.90"}  # fmt: skip
        file = self.upload(self.amazon, AMAZON, other, headings=[*AMAZON, "item-promotion-discount", "shipping-price"])
        file.action_import()
        order = file.row_ids.order_id
        self.assertEqual(len(order), 1)
        self.assertAlmostEqual(order.amount_total, 34.9 + 20 - 2 + 4.9)
        goods = order.order_line.filtered("dropship_channel_line")
        self.assertEqual(goods.mapped("product_uom_qty"), [1.0, 3.0])
        self.assertEqual(len(order.order_line.filtered("is_delivery")), 1)

    def test_chinese_address_in_gbk(self):
        self.pdd.order_currency_id = self.company.currency_id
        file = self.upload(self.pdd, {**PDD, "买家留言": "尽快"}, encoding="gbk")
        self.pdd._layout("in").currency = "EUR"
        file.action_check_again()
        self.assertEqual(self.states(file), ["waiting"], file.row_ids.reasons)
        file.action_import()
        partner = file.row_ids.order_id.partner_shipping_id
        self.assertEqual(
            (partner.name, partner.country_id.code, partner.dropship_district, partner.street),
            ("张三", "CN", "西湖区", "文三路 123 号"),
        )
        self.assertEqual(file.row_ids.order_id.dropship_buyer_message, "尽快")

    def test_what_the_platform_pays_is_paid(self):
        """Pinduoduo pays 6.00 of the price instead of the customer: the order is paid in full and bought."""
        self.env["dropship.hold.rule"].create({"name": "Unpaid", "kind": "unpaid", "company_id": self.company.id})
        self.pdd.order_currency_id = self.company.currency_id
        self.pdd._layout("in").currency = "EUR"
        for number, paid, kinds in (("260618-002", "28.90", []), ("260618-003", "20.00", ["unpaid"])):
            row = {**PDD, "订单号": number, "用户实付金额(元)": paid, "平台优惠折扣(元)": "6.00", "收货人": number,
                   "详细地址": f"文三路 {number[-1]} 号"}  # fmt: skip
            file = self.upload(self.pdd, row, name=f"{number}.csv")
            if kinds:  # the sums do not fit, and a person says that they are right
                file.row_ids.action_accept()
            file.action_import()
            order = file.row_ids.order_id.with_env(self.env)
            held = order.dropship_open_hold_ids.mapped("kind")
            self.assertEqual([kind for kind in held if kind == "unpaid"], kinds, file.row_ids.mapped("reasons"))

    def test_every_preset_reads_its_own_headings(self):
        """An order in the form of each marketplace, and a word whatever stands in the way of it."""
        samples = {
            "taobao": {"订单编号": "1930679858170647", "订单状态": "买家已付款，等待卖家发货", "宝贝标题": "LAMP",
            "商家编码": "LAMP",
                       "宝贝总数量": "1", "买家应付货款": "34.90", "收货人姓名": "马慧", "联系手机": "'18618486065",
                       "收货地址": "浙江省 杭州市 西湖区 文三路 123 号(310012)"},
            "pdd": PDD,
            "douyin": {"主订单编号": "6930000123", "子订单编号": "1", "订单状态": "待发货", "商家编码": "LAMP",
            "选购商品": "灯",
                       "商品数量": "1", "商品单价": "34.90", "收件人": "李四", "收件人手机号": "13900139000",
                       "省": "上海市",
                       "市": "上海市", "区": "徐汇区", "详细地址": "湖南路 1 号"},
            "jd": {"订单号": "29000001", "订单状态": "等待出库", "商家SKUID": "LAMP", "商品名称": "灯", "订购数量": "1",
                   "京东价": "34.90", "客户姓名": "王五", "联系电话": "13700137000",
                   "客户地址": "北京市朝阳区建国路 1 号"},
            "shopify": {"Name": "#1001", "Financial Status": "paid", "Currency": "EUR", "Lineitem quantity": "1",
                        "Lineitem name": "Lamp", "Lineitem price": "34.90", "Lineitem sku": "LAMP",
                        "Shipping Name": "Anna", "Shipping Address1": "Allee 1", "Shipping City": "Berlin",
                        "Shipping Zip": "10115", "Shipping Country": "DE", "Shipping": "4.90",
                        "Shipping Method": "Standard"},
            "woocommerce": {"Order Number": "2041", "Order Status": "Processing", "First Name (Shipping)": "Anna",
                            "Last Name (Shipping)": "Weber", "Address 1&2 (Shipping)": "Allee 1",
                            "City (Shipping)": "Berlin", "Postcode (Shipping)": "10115",
                            "Country Code (Shipping)": "DE", "SKU": "LAMP", "Item Name": "Lamp", "Quantity": "1",
                            "Item Cost": "34.90"},
            "amazon": AMAZON,
            "ebay": {"Order Number": "18-1-9", "Ship To Name": "Anna", "Ship To Address 1": "Allee 1",
                     "Ship To City": "Berlin", "Ship To Zip": "10115", "Ship To Country": "Germany",
                     "Item Title": "Lamp", "Custom Label": "LAMP", "Quantity": "1", "Sold For": "€34.90",
                     "Paid On Date": "Sep-27-26", "Transaction ID": "7"},
            "tiktok": {"Order ID": "576461413038785752", "Order Status": "To ship", "Seller SKU": "LAMP",
                       "Product Name": "Lamp", "Quantity": "1", "SKU Unit Original Price": "EUR 34.90",
                       "Recipient": "Ann", "Country": "Germany", "City": "Berlin", "Zipcode": "10115",
                       "Street Name": "Allee 1"},
        }  # fmt: skip
        self.env["dropship.order.layout"].search([]).currency = False
        for platform, row in samples.items():
            channel = self.make_file_channel(platform)
            encoding = "gb18030" if platform in ("taobao", "jd") else "utf-8-sig"
            file = self.upload(channel, row, encoding=encoding)
            self.assertEqual(self.states(file), ["waiting"], (platform, file.problem_text, file.row_ids.reasons))
            file.action_import()
            self.assertEqual(self.states(file), ["imported"], (platform, file.row_ids.reasons))
            order = file.row_ids.order_id
            self.assertIn(self.lamp, order.order_line.product_id, platform)
            self.assertTrue(order.partner_shipping_id.street and order.partner_shipping_id.city, platform)

    # ------------------------------------------------------------------
    # What is not for us, what is doubtful
    # ------------------------------------------------------------------

    def test_the_same_file_is_kept_once(self):
        first = self.upload(self.amazon, AMAZON)
        self.assertEqual(self.upload(self.amazon, AMAZON), first)
        other = self.make_file_channel("amazon", name="second")
        self.assertNotEqual(self.upload(other, AMAZON), first)

    def test_the_same_order_in_another_file(self):
        self.upload(self.amazon, AMAZON).action_import()
        again = self.upload(self.amazon, AMAZON, {**AMAZON, "order-id": "303-2"})
        self.assertEqual(self.states(again), ["duplicate", "waiting"])
        self.assertIn(again.row_ids[0].order_id.name, again.row_ids[0].reason_text)
        again.action_import()
        self.assertEqual(again.state, "imported")
        orders = self.env["sale.order"].search([("dropship_channel_id", "=", self.amazon.id)])
        self.assertEqual(len(orders), 2)

    def test_cancelled_and_later_cancelled(self):
        self.env["dropship.order.layout"].search([]).currency = False
        gone = {**PDD, "订单号": "9", "订单状态": "已取消"}
        file = self.upload(self.pdd, PDD, gone)
        self.assertEqual(self.states(file), ["waiting", "skipped"])
        file.action_import()
        later = self.upload(self.pdd, {**PDD, "订单状态": "已取消"})
        self.assertEqual((self.states(later), self.codes(later.row_ids)), (["problem"], ["cancelled_there"]))
        later.row_ids.action_accept()
        self.assertEqual(self.states(later), ["dropped"])

    def test_an_unknown_code_is_linked_once(self):
        """A person says what it is, packs included; every row with the code is tried again, and it is remembered."""
        self.stand.barcode = "4006381333948"
        rows = [{**AMAZON, "sku": "LAMP-2", "order-id": f"303-{number}", "item-price": "70.01"} for number in (1, 2)]
        file = self.upload(self.amazon, *rows, {**AMAZON, "order-id": "303-9"})
        self.assertEqual(self.states(file), ["problem", "problem", "waiting"])
        file.action_import()
        self.assertEqual(file.state, "partly")
        row = file.row_ids[0]
        self.assertTrue(row.needs_link)
        wizard = self.env["dropship.sku.link"].with_user(self.caller).browse(row.action_link()["res_id"])
        wizard.write({"product_id": self.lamp.id, "quantity": 2})
        wizard.action_apply()
        self.assertEqual((self.states(file), file.state), (["imported"] * 3, "imported"))
        order = row.order_id
        line = order.order_line.filtered("dropship_channel_pieces")
        self.assertEqual((line.product_id, line.product_uom_qty), (self.lamp, 2.0))
        self.assertAlmostEqual(order.amount_total, 70.01)
        more = self.upload(self.amazon, {**AMAZON, "sku": "lamp-2", "order-id": "303-77", "item-price": "70"})
        self.assertEqual(self.states(more), ["waiting"])

    def test_proposals_by_suppliers_code_and_title(self):
        self.offers["Dawn", self.lamp].sku = "DAWN-77"
        file = self.upload(
            self.amazon,
            {**AMAZON, "sku": "DAWN-77"},
            {**AMAZON, "order-id": "303-2", "sku": "??", "product-name": "Stand", "item-price": "9.90"},
        )
        self.assertEqual(file.row_ids.mapped("proposal_id"), self.lamp | self.stand)
        file.row_ids.action_take_proposals()
        self.assertEqual(self.states(file), ["waiting"] * 2)

    def test_prices_far_from_ours(self):
        file = self.upload(self.amazon, {**AMAZON, "item-price": "3.49"})
        self.assertEqual(self.codes(file.row_ids), ["price_far"])
        file.row_ids.action_accept()
        self.assertEqual(self.states(file), ["waiting"])
        self.amazon.price_alarm_percent = 0
        cheap = self.upload(self.amazon, {**AMAZON, "order-id": "8", "item-price": "1"})
        self.assertEqual(self.states(cheap), ["waiting"])

    def test_bad_cells(self):
        cases = {
            "quantity_zero": {"quantity-to-ship": "", "quantity-purchased": "0"},
            "not_a_number": {"quantity-to-ship": "many"},
            "price_negative": {"item-price": "-5"},
            "currency_other": {"currency": "USD"},
            "country": {"ship-country": "XX"},
            "no_name": {"recipient-name": ""},
            "quantity_part": {"quantity-to-ship": "1.5", "item-price": "52.35"},
        }
        for number, (code, changes) in enumerate(cases.items(), 1):
            row = {**AMAZON, "order-id": f"303-{number}", **changes}
            if code == "quantity_zero":
                headings = [*AMAZON, "quantity-purchased"]
            file = self.upload(self.amazon, row, headings=headings if code == "quantity_zero" else None)
            if code == "quantity_zero":  # a quantity of nothing to ship was shipped already
                self.assertEqual(self.codes(file.row_ids), ["shipped"])
                continue
            self.assertIn(code, self.codes(file.row_ids), changes)
            self.assertTrue(file.row_ids.reason_text)
            self.assertRaises(UserError, file.action_import)

    def test_one_bad_order_blocks_no_other(self):
        """An order that fails while it is entered is set aside; it is entered after the correction."""
        self.lamp.company_id = False
        file = self.upload(self.amazon, AMAZON, {**AMAZON, "order-id": "303-2", "sku": "CABLE", "item-price": "7.9"})
        self.cable.sale_ok = False
        file.action_import()
        self.assertEqual((self.states(file), file.state), (["imported", "problem"], "partly"))
        self.cable.sale_ok = True
        file.row_ids[1].action_replay()
        self.assertEqual((self.states(file), file.state), (["imported"] * 2, "imported"))

    def test_cells_are_corrected(self):
        file = self.upload(self.amazon, {**AMAZON, "ship-country": "Germoney"})
        row = file.row_ids
        wizard = self.env["dropship.order.fix"].with_user(self.caller).browse(row.action_correct()["res_id"])
        wizard.line_ids.filtered(lambda line: line.heading == "ship-country").text = "Germany"
        wizard.action_apply()
        self.assertEqual(self.states(file), ["waiting"])
        self.assertEqual(row.raw["ship-country"], "Germoney")
        self.assertIn("Germoney", row.cells)

    def test_files_that_are_none(self):
        cases = {b"%PDF-1.4": "no_table", b"a,b\n1,2": "column_missing", b"<html></html>": "web_page"}
        for content, code in cases.items():
            file = self.upload(self.amazon, content)
            self.assertEqual((file.state, file.problem[0]), ("refused", code))
            self.assertTrue(file.problem_text)

    def test_taobao_in_two_files(self):
        taobao = self.make_file_channel("taobao")
        self.env["dropship.order.layout"].search([]).currency = False
        first = a_file("taobao_in", {"订单编号": '="1930"', "订单状态": "买家已付款，等待卖家发货",
        "宝贝标题": "两样", "宝贝种类": "2",
                                     "宝贝总数量": "2", "收货人姓名": "马慧", "联系手机": "18618486065",
                                     "收货地址": "浙江省 杭州市 西湖区 文三路 1 号(310012)"},
                                     encoding="gbk")  # fmt: skip
        goods = [{"主订单编号": '="1930"', "子订单编号": str(place), "标题": sku, "价格": price, "购买数量": "1",
                  "商家编码": sku, "订单状态": "买家已付款，等待卖家发货"} for place, (sku, price) in
                 enumerate((("LAMP", "34.9"), ("CABLE", "7.9")), 1)]  # fmt: skip
        headings = ["主订单编号", "子订单编号", "标题", "价格", "购买数量", "商家编码", "订单状态"]
        second = a_file("taobao_in", *goods, headings=headings, encoding="gbk")
        file = self.upload(taobao, first, second=second)
        self.assertEqual(self.states(file), ["waiting"] * 3, file.row_ids.mapped("reasons"))
        file.action_import()
        self.assertEqual(self.states(file), ["imported"] * 3)
        order = file.row_ids.order_id
        self.assertEqual(order.order_line.product_id, self.lamp | self.cable)
        self.assertEqual(order.partner_shipping_id.dropship_district, "西湖区")

    # ------------------------------------------------------------------
    # Many, people, companies
    # ------------------------------------------------------------------

    def test_many_orders_go_in_the_background(self):
        rows = [{**AMAZON, "order-id": f"303-{number}"} for number in range(order_file.AT_ONCE + 5)]
        file = self.upload(self.amazon, *rows)
        file.action_import()
        self.assertEqual(file.state, "importing")
        self.run_cron("cron_order_files")
        self.assertEqual((file.state, file.imported_count), ("imported", len(rows)))
        self.assertIn("orders entered", "".join(file.sudo().message_ids.mapped("body")))

    def test_who_may(self):
        manager, buyer = self.make_login("manager"), self.make_login("buyer")
        buyer.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self.upload(self.amazon, AMAZON, user=buyer).state, "checked")
        desk = self.make_login("user", login="plain-desk")
        with self.assertRaises(AccessError):
            self.upload(self.amazon, {**AMAZON, "order-id": "2"}, user=desk)
        file = self.env["dropship.order.file"].search([("channel_id", "=", self.amazon.id)])
        self.assertTrue(file.with_user(desk).name)
        with self.assertRaises(AccessError):
            file.with_user(desk).row_ids.write({"fixed": {}})
        with self.assertRaises(AccessError):
            file.with_user(desk).action_import()
        self.assertTrue(manager)

    def test_other_companies_see_nothing(self):
        file = self.upload(self.amazon, AMAZON)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_login("manager", login="stranger", company=other)
        with self.assertRaises(AccessError):
            file.with_user(stranger).with_context(allowed_company_ids=other.ids).read(["name"])
        self.assertFalse(
            self.env["dropship.order.file.row"].with_user(stranger).with_context(allowed_company_ids=other.ids).search(
                [("file_id", "=", file.id)]
            )
        )

    def test_the_dialog(self):
        env = self.env(user=self.caller, context={"allowed_company_ids": self.company.ids})
        form = Form(env["dropship.order.upload"])
        form.channel_id = self.amazon.with_env(env)
        self.assertEqual(form.layout_id.platform, "amazon")
        form.content = base64.b64encode(a_file("amazon_in", AMAZON, separator="\t"))
        wizard = form.save()
        wizard.name = "orders.txt"
        action = wizard.action_apply()
        file = env["dropship.order.file"].browse(action["res_id"])
        self.assertEqual((file.name, file.state), ("orders.txt", "checked"))
        again = wizard.copy({"content": base64.b64encode(a_file("amazon_in", AMAZON, separator="\t"))})
        self.assertEqual(again.action_apply()["params"]["next"]["res_id"], file.id)

    def test_the_desk_sees_what_waits(self):
        self.upload(self.amazon, {**AMAZON, "sku": "NOBODY"})
        self.amazon.invalidate_recordset()
        channel = self.amazon.with_user(self.caller)
        self.assertEqual((channel.look_count, channel.wait_count, channel.unreported_count), (1, 1, 0))
        keys = {card["key"] for card in self.env["dropship.overview"].with_user(self.caller)._my_cards()}
        self.assertLessEqual({"order_rows", "order_files", "to_report"}, keys)
        action = channel.action_open_look()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 1)

    def test_old_files_go_by_the_retention(self):
        file = self.upload(self.amazon, AMAZON)
        file.action_import()
        order = file.row_ids.order_id
        self.env.cr.execute("UPDATE dropship_order_file SET create_date = '2020-01-01' WHERE id = %s", [file.id])
        self.env["dropship.retention"]._purge_order_file(self.company, "2021-01-01", 10)
        self.assertFalse(file.exists())
        self.assertTrue(order.exists())

    def test_presets_are_set_back(self):
        layout = self.env.ref("dropship_flow.order_layout_pdd_in")
        layout.take = "x"
        layout.column_ids[:5].unlink()
        layout.action_reset()
        self.assertIn("待发货", layout.take)
        self.assertIn("订单号", layout.column_ids.mapped("heading"))
        count = self.env["dropship.order.layout"].search_count([])
        self.env["dropship.order.layout"]._load_presets()
        self.assertEqual(self.env["dropship.order.layout"].search_count([]), count)
        with self.assertRaises(UserError):
            layout.copy().action_reset()
