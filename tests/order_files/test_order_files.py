"""Order files without Odoo: the presets read files with the headings marketplaces write."""

import csv
import io
from decimal import Decimal as D

import pytest
from feeds.errors import FeedError
from order_files import orders, presets, ship, table
from order_files.values import parse_moment, parse_money


def a_file(code, *rows, encoding="utf-8-sig", separator=",", headings=None):
    """Bytes of a CSV file with the headings of a preset; rows as {heading: text}."""
    headings = headings or list(dict.fromkeys(column["heading"] for column in presets.layout_of(code)["columns"]))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, headings, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def drafts(code, *rows, **how):
    layout = presets.layout_of(code)
    return orders.orders_of(layout, table.read(layout, a_file(code, *rows, **how)))


PDD = {"订单号": "260618-001", "订单状态": "待发货", "商家编码-规格维度": "A-1", "商品": "保温杯", "商品规格": "红",
       "商品数量(件)": "2", "商品总价(元)": "40.00", "店铺优惠折扣(元)": "4.00", "平台优惠折扣(元)": "6.00",
       "邮费(元)": "5.00", "用户实付金额(元)": "35.00", "支付时间": "2026-06-18 10:00:00", "收货人": "张三",
       "手机": "13800138000", "省": "浙江省", "市": "杭州市", "区": "西湖区", "详细地址": "文三路 123 号"}  # fmt: skip


def test_pinduoduo():
    (draft,) = drafts("pdd_in", PDD)
    assert not draft.problems and not draft.skipped
    (line,) = draft.lines
    assert (line.sku, line.quantity, line.price) == ("A-1", 2, D("20.00"))
    told = draft.told
    assert (told["discount"], told["subsidy"], told["shipping"]["charge"]) == (4.0, 6.0, 5.0)
    assert told["address"]["district"] == "西湖区" and told["address"]["country"] == "CN"
    assert told["payment"] == {"state": "paid", "amount": 35.0}


def test_the_sum_that_does_not_fit_is_told():
    (draft,) = drafts("pdd_in", {**PDD, "用户实付金额(元)": "20"})
    assert draft.problems[0][0][0] == "sum_differs"


def test_an_order_of_many_rows_and_a_cancelled_one():
    row = {"主订单编号": "69300001", "订单状态": "待发货", "商家编码": "A", "选购商品": "灯", "商品数量": "1",
           "商品单价": "30", "运费": "3", "订单应付金额": "33", "收件人": "李四", "收件人手机号": "13900139000",
           "省": "上海市", "市": "上海市", "区": "徐汇区", "街道": "湖南路街道", "详细地址": "1 号", "旗帜颜色": "红色",
           "承诺发货时间": "2026-06-20 10:00:00"}  # fmt: skip
    (draft,) = drafts(
        "douyin_in",
        {**row, "子订单编号": "1"},
        {**row, "子订单编号": "2", "商家编码": "B", "商家优惠": "2"},
        {**row, "子订单编号": "3", "订单状态": "已关闭"},
        {**row, "子订单编号": "4", "售后状态": "退款成功"},
    )
    assert [line.line_id for line in draft.lines] == ["1", "2"]
    assert {index: reason[0] for index, reason in draft.skipped.items()} == {2: "cancelled", 3: "refunded"}
    assert draft.told["payment"]["amount"] == 66.0 and draft.told["shipping"]["charge"] == 6.0
    assert draft.told["discount"] == 2.0 and draft.told["messages"]["flag"] == "red"
    assert draft.told["promise"]["ship_by"] == "2026-06-20T02:00:00Z"


def test_taobao_in_two_files_and_gbk():
    layout = presets.layout_of("taobao_in")
    first = a_file("taobao_in", {
        "订单编号": '="1930679858170647"', "订单状态": "买家已付款，等待卖家发货", "宝贝标题": "灯,杯", "宝贝种类": "2",
        "宝贝总数量": "3", "买家应付邮费": "0", "买家实际支付金额": "90", "收货人姓名": "马慧",
        "联系手机": "'18618486065",
        "收货地址": "吉林省 通化市 柳河县 柳河镇紫御府 七号楼 201室(135300)"}, encoding="gbk")  # fmt: skip
    headings = ["子订单编号", "主订单编号", "标题", "价格", "购买数量", "外部系统编号", "订单状态", "退款状态"]
    rows = [
        {"子订单编号": "1", "主订单编号": '="1930679858170647"', "标题": "灯", "价格": "50", "购买数量": "1",
         "外部系统编号": "LAMP", "订单状态": "买家已付款，等待卖家发货"},
        {"子订单编号": "2", "主订单编号": '="1930679858170647"', "标题": "杯", "价格": "20", "购买数量": "2",
         "外部系统编号": "CUP", "订单状态": "买家已付款，等待卖家发货"},
    ]  # fmt: skip
    (alone,) = orders.orders_of(layout, table.read(layout, first))
    assert alone.problems[0][0][0] == "several_goods"
    both = table.read(layout, first) + table.read(layout, a_file("taobao_in", *rows, headings=headings, encoding="gbk"),
                                                  part=2)  # fmt: skip
    (draft,) = orders.orders_of(layout, both)
    assert not draft.problems, draft.problems
    assert [(line.sku, line.quantity) for line in draft.lines] == [("LAMP", 1), ("CUP", 2)]
    assert draft.told["address"]["text"].endswith("201室") and draft.told["customer"]["phone"] == "18618486065"


def test_jingdong():
    (draft,) = drafts("jd_in", {"订单号": "29000001", "订单状态": "等待出库", "商家SKUID": "A", "商品名称": "灯",
                               "订购数量": "1", "京东价": "59.00", "客户姓名": "王五", "联系电话": "13700137000",
                               "客户地址": "北京朝阳区三环到四环之间 1 号", "支付方式": "货到付款"},
                               encoding="gb18030")  # fmt: skip
    assert draft.told["payment"]["state"] == "cash_on_delivery" and not draft.problems


def test_shopify_says_the_order_once():
    first = {"Name": "#1001", "Email": "anna@example.com", "Financial Status": "paid", "Currency": "EUR",
             "Shipping": "4.90", "Total": "54.70", "Lineitem quantity": "1", "Lineitem name": "Lamp",
             "Lineitem price": "34.90", "Lineitem sku": "LAMP", "Shipping Name": "Anna Weber",
             "Shipping Address1": "Lindenallee 1", "Shipping City": "Berlin", "Shipping Zip": "'10115",
             "Shipping Country": "DE", "Lineitem fulfillment status": "pending"}  # fmt: skip
    more = {"Name": "#1001", "Lineitem quantity": "2", "Lineitem name": "Cable", "Lineitem price": "7.45",
            "Lineitem sku": "CABLE", "Lineitem fulfillment status": "pending"}  # fmt: skip
    done = {**more, "Lineitem sku": "OLD", "Lineitem fulfillment status": "fulfilled"}
    void = {**first, "Name": "#1002", "Cancelled at": "2026-06-18 09:00:00 +0200"}
    draft, gone = drafts("shopify_in", first, more, done, void)
    assert [line.sku for line in draft.lines] == ["LAMP", "CABLE"] and draft.skipped[2][0] == "shipped"
    assert draft.told["address"] == {"country": "DE", "city": "Berlin", "street": "Lindenallee 1", "zip": "10115"}
    assert gone.told is None and gone.skipped[3][0] == "cancelled"


def test_woocommerce():
    (draft,) = drafts("woocommerce_in", {
        "Order Number": "2041", "Order Status": "Processing", "First Name (Shipping)": "Anna",
        "Last Name (Shipping)": "Weber", "Address 1&2 (Shipping)": "Lindenallee 1", "City (Shipping)": "Berlin",
        "Postcode (Shipping)": "10115", "Country Code (Shipping)": "DE", "Item Name": "Lamp", "SKU": "LAMP",
        "Quantity": "1", "Item Cost": "34.90"})  # fmt: skip
    assert draft.told["customer"]["name"] == "Anna Weber" and not draft.problems


def test_amazon_by_tabs():
    row = {"order-id": "303-0056805-7143549", "order-item-id": "41483244219702", "sku": "LAMP", "product-name": "Lamp",
           "quantity-to-ship": "3", "item-price": "100.00", "currency": "EUR", "recipient-name": "Gerlinde Wess",
           "ship-address-1": "Pfaffing 3", "ship-city": "Chieming", "ship-postal-code": "83339", "ship-country": "DE",
           "payments-date": "2018-07-24T23:36:18+00:00"}  # fmt: skip
    draft, done = drafts("amazon_in", row, {**row, "order-id": "303-1", "quantity-to-ship": "0"}, separator="\t")
    assert (draft.lines[0].price, draft.told["discount"]) == (D("33.34"), 0.02)
    assert done.skipped[1][0] == "shipped"


def test_ebay_with_a_head_row_and_a_footer():
    head = {"Order Number": "18-1-9", "Ship To Name": "Anna", "Ship To Address 1": "1 Main St", "Ship To City": "Reno",
            "Ship To Zip": "89501", "Ship To State": "NV", "Ship To Country": "United States", "Quantity": "2",
            "Total Price": "$30.00", "Paid On Date": "Sep-27-26", "Shipping And Handling": "$5.00"}  # fmt: skip
    item = {"Order Number": "18-1-9", "Item Title": "Lamp", "Custom Label": "LAMP", "Quantity": "1",
            "Sold For": "$12.50", "Transaction ID": "1"}  # fmt: skip
    unpaid = {**head, **item, "Order Number": "18-1-10", "Paid On Date": ""}
    footer = {"Buyer Note": "3 record(s) downloaded"}
    draft, later, rest = drafts("ebay_in", head, item, {**item, "Transaction ID": "2"}, unpaid, footer)
    assert [line.line_id for line in draft.lines] == ["1", "2"] and not draft.problems
    assert draft.told["currency"] == "USD" and draft.told["address"]["country"] == "US"
    assert later.skipped[3][0] == "unpaid" and rest.skipped[4][0] == "no_order"


def test_tiktok_explains_its_columns_first():
    words = {"Order ID": "Platform unique order ID.", "Product Name": "Product name.", "Quantity": "SKU sold quantity."}
    row = {"Order ID": "576461413038785752\t", "Order Status": "To ship", "Seller SKU": "LAMP", "Product Name": "Lamp",
           "Quantity": "1", "SKU Unit Original Price": "USD 20.00", "SKU Platform Discount": "USD 2.00",
           "Recipient": "Ann Lee", "Country": "United States", "City": "Reno", "Zipcode": "89501",
           "Address Line 1": "1 Main St", "Order Amount": "USD 18.00",
           "Paid Time": "06/18/2026 1:05:00 PM"}  # fmt: skip
    draft, rest = drafts("tiktok_in", words, row)
    assert draft.number == "576461413038785752" and draft.told["currency"] == "USD" and not draft.problems
    assert draft.totals["paid_at"] == "2026-06-18T13:05:00Z" and rest.skipped[0][0] == "no_order"


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"商品数量(件)": "0"}, "quantity_zero"),
        ({"商品数量(件)": "-1"}, "quantity_negative"),
        ({"商品数量(件)": "two"}, "not_a_number"),
        ({"商品总价(元)": "-40"}, "price_negative"),
        ({"商品总价(元)": "=1+1"}, "not_a_number"),
        ({"手机": "138****8000"}, "masked"),
        ({"收货人": ""}, "no_name"),
        ({"详细地址": "", "街道": ""}, "no_address"),
        ({"支付时间": "yesterday"}, "not_a_date"),
        ({"订单号": "2.60618E+14"}, "harmed"),
    ],
)
def test_bad_cells_are_told(changes, code):
    (draft,) = drafts("pdd_in", {**PDD, **changes})
    assert code in {reason[0] for reasons in draft.problems.values() for reason in reasons}


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", "名称,价格\n灯,5\n".encode(), b"%PDF-1.4", b"<html>login</html>"]
)
def test_files_that_are_none_of_it(content):
    with pytest.raises(FeedError):
        table.read(presets.layout_of("pdd_in"), content)


def test_money_and_moments():
    assert parse_money("1.025,50 €", ",") == (D("1025.50"), "EUR")
    assert parse_moment("2026-06-18 23:59:59", zone="Asia/Shanghai") == "2026-06-18T15:59:59Z"


def test_what_goes_back_is_the_same_each_time():
    for code, (_platform, _name, settings, columns) in presets.OUT.items():
        layout = {
            "format": settings["file_format"], "separator": settings.get("separator", "comma"),
            "encoding": settings.get("encoding", "utf-8-sig"), "preamble": settings.get("preamble", ""),
            "columns": [{**presets.column_of(told), "fixed": presets.column_of(told)["argument"]} for told in columns],
        }  # fmt: skip
        rows = [{"number": "303-1", "line_id": "7", "qty": 2, "carrier": "SF Express",
        "tracking": "0012345678901234567",
                 "ship_date": "2026-06-18", "sku": "=LAMP"}]  # fmt: skip
        first = ship.write(layout, rows)
        if layout["format"] == "csv":
            assert first == ship.write(layout, rows) and b"0012345678901234567" in first, code
            assert b",=LAMP" not in first and b"\t=LAMP" not in first


def test_every_preset_names_known_fields():
    for _platform, _name, _settings, columns in presets.IN.values():
        assert {told[0] for told in columns} <= set(table.FIELDS)
    for _platform, _name, _settings, columns in presets.OUT.values():
        assert {told[0] for told in columns} <= set(ship.FIELDS)
