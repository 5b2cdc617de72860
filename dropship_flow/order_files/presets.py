"""The forms marketplaces' files have, as rows a user may change afterwards. docs/channels.md says which are checked.

A column is (field, heading), with a transform and its argument, or "sum" behind it where rows of an order are added up.
"""

CHINA = {"zone": "Asia/Shanghai", "country": "CN", "currency": "CNY", "date_order": "ymd", "paid": "paid",
         "cash": "货到付款"}  # fmt: skip

# code: (platform, name, settings, columns)
IN = {
    "taobao_in": (
        "taobao", "淘宝 / 天猫", {
            **CHINA, "encoding": "gb18030",
            "take": "买家已付款,等待卖家发货\n等待卖家发货\n待发货",
            "cancelled": "交易关闭\n已关闭\n已取消",
            "refunded": "退款成功\n退款中\n买家已经申请退款,等待卖家同意\n卖家已经同意退款,等待买家退货",
            "line_done": "卖家已发货,等待买家确认\n交易成功",
        }, (
            ("number", "订单编号"), ("number", "主订单编号"), ("line_id", "子订单编号"),
            ("status", "订单状态"), ("refund_status", "退款状态"),
            ("sku", "商家编码"), ("sku", "外部系统编号"), ("title", "标题"), ("title", "宝贝标题"),
            ("variant", "商品属性"), ("kinds", "宝贝种类"), ("qty", "购买数量"), ("qty", "宝贝总数量"),
            ("price", "价格"), ("line_total", "买家应付货款"), ("shipping_fee", "买家应付邮费"),
            ("paid_amount", "买家实际支付金额"), ("payment_reference", "支付单号"),
            ("ordered_at", "订单创建时间"), ("paid_at", "订单付款时间"),
            ("name", "收货人姓名"), ("address", "收货地址", "no_brackets", ""), ("zip", "收货地址", "in_brackets", ""),
            ("address", "修改后的收货地址", "no_brackets", ""), ("phone", "联系手机"), ("phone", "联系电话"),
            ("message", "买家留言"), ("memo", "订单备注"),
        )),
    "pdd_in": (
        "pdd", "拼多多", {
            **CHINA, "take": "待发货\n已付款,待发货\n待发货,已成团\n已成团,待发货",
            "cancelled": "已取消\n未发货,退款成功\n交易已取消", "refunded": "退款成功\n退款中\n售后处理中,退款成功",
            "line_done": "已发货,待签收\n已签收", "check_sum": True,
        }, (
            ("number", "订单号"), ("status", "订单状态"), ("refund_status", "售后状态"),
            ("sku", "商家编码-规格维度"), ("sku", "商家编码-商品维度"), ("title", "商品"), ("title", "商品名称"),
            ("variant", "商品规格"), ("qty", "商品数量(件)"), ("line_total", "商品总价(元)"),
            ("discount", "店铺优惠折扣(元)"), ("subsidy", "平台优惠折扣(元)"), ("subsidy", "多多支付立减金额(元)"),
            ("shipping_fee", "邮费(元)"), ("paid_amount", "用户实付金额(元)"), ("fee", "平台技术服务费(元)"),
            ("paid_at", "支付时间"), ("ordered_at", "订单成交时间"), ("ship_by", "承诺发货时间"),
            ("name", "收货人"), ("phone", "手机"), ("state", "省"), ("city", "市"), ("district", "区"),
            ("street", "街道"), ("street", "详细地址"), ("address", "收货地址"),
            ("message", "买家留言"), ("memo", "商家备注"),
        )),
    "douyin_in": (
        "douyin", "抖店", {
            **CHINA, "take": "待发货\n备货中\n已支付",
            "cancelled": "已关闭\n已取消", "refunded": "退款成功\n已退款\n退款中\n待商家处理\n同意退款,退款成功",
            "line_done": "已发货\n已完成\n部分发货",
        }, (
            ("number", "主订单编号"), ("line_id", "子订单编号"), ("status", "订单状态"), ("refund_status", "售后状态"),
            ("sku", "商家编码"), ("sku", "货号"), ("title", "选购商品"), ("variant", "商品规格"),
            ("qty", "商品数量"), ("price", "商品单价"), ("price", "商品金额"),
            ("line_discount", "商家优惠"), ("line_discount", "商家改价"), ("subsidy", "平台优惠", "", "", "sum"),
            ("shipping_fee", "运费", "", "", "sum"), ("paid_amount", "订单应付金额", "", "", "sum"),
            ("fee", "手续费", "", "", "sum"), ("payment_method", "支付方式"),
            ("ordered_at", "订单提交时间"), ("paid_at", "支付完成时间"), ("ship_by", "承诺发货时间"),
            ("name", "收件人"), ("phone", "收件人手机号"), ("state", "省"), ("city", "市"), ("district", "区"),
            ("street", "街道"), ("street", "详细地址"),
            ("message", "买家留言"), ("memo", "商家备注"), ("flag", "旗帜颜色"),
        )),
    "jd_in": (
        "jd", "京东", {
            **CHINA, "encoding": "gb18030", "take": "等待出库\n等待发货\n待出库",
            "cancelled": "(删除)等待出库\n(锁定)等待出库\n已取消\n锁定\n删除", "line_done": "等待确认收货\n完成",
        }, (
            ("number", "订单号"), ("number", "订单编号"), ("status", "订单状态"), ("sku", "商家SKUID"), ("sku", "货号"),
            ("title", "商品名称"), ("qty", "订购数量"), ("qty", "商品数量"), ("price", "京东价"),
            ("paid_amount", "应付金额"), ("shipping_fee", "运费金额"), ("payment_method", "支付方式"),
            ("ordered_at", "下单时间"), ("paid_at", "付款确认时间"), ("name", "客户姓名"), ("address", "客户地址"),
            ("phone", "联系电话"), ("message", "订单备注"), ("memo", "商家备注"),
        )),
    "shopify_in": (
        "shopify", "Shopify", {
            "zone": "UTC", "take": "paid\npartially_refunded\nauthorized\npending", "cancelled": "voided\nexpired",
            "refunded": "refunded", "line_done": "fulfilled\nrestocked", "authorised": "authorized\npending",
            "cash": "cash on delivery", "paid": "paid",
        }, (
            ("number", "Name"), ("email", "Email"), ("status", "Financial Status"), ("paid_at", "Paid at"),
            ("cancelled_at", "Cancelled at"), ("line_status", "Lineitem fulfillment status"), ("currency", "Currency"),
            ("shipping_fee", "Shipping"), ("paid_amount", "Total"), ("discount", "Discount Amount"),
            ("service", "Shipping Method"), ("ordered_at", "Created at"), ("qty", "Lineitem quantity"),
            ("title", "Lineitem name"), ("price", "Lineitem price"), ("sku", "Lineitem sku"),
            ("name", "Shipping Name"), ("street", "Shipping Address1"), ("street2", "Shipping Address2"),
            ("street2", "Shipping Company"), ("city", "Shipping City"), ("zip", "Shipping Zip"),
            ("state", "Shipping Province"), ("country", "Shipping Country"), ("phone", "Shipping Phone"),
            ("phone", "Phone"), ("message", "Notes"), ("payment_method", "Payment Method"),
            ("payment_reference", "Payment Reference"), ("memo", "Tags"),
        )),
    "woocommerce_in": (
        "woocommerce", "WooCommerce (Advanced Order Export)", {
            "zone": "UTC", "take": "processing\nwc-processing", "cancelled": "cancelled\nfailed\nwc-cancelled",
            "refunded": "refunded\nwc-refunded", "cash": "cash on delivery\nnachnahme", "paid": "paid",
        }, (
            ("number", "Order Number"), ("status", "Order Status"), ("ordered_at", "Order Date"),
            ("message", "Customer Note"), ("name", "First Name (Shipping)"), ("name", "Last Name (Shipping)"),
            ("name", "Full Name (Shipping)"), ("street", "Address 1&2 (Shipping)"), ("city", "City (Shipping)"),
            ("state", "State Code (Shipping)"), ("zip", "Postcode (Shipping)"), ("country", "Country Code (Shipping)"),
            ("email", "Email (Billing)"), ("phone", "Phone (Shipping)"), ("phone", "Phone (Billing)"),
            ("payment_method", "Payment Method Title"), ("discount", "Cart Discount Amount"),
            ("service", "Shipping Method Title"), ("shipping_fee", "Order Shipping Amount"),
            ("paid_amount", "Order Total Amount"), ("line_id", "Item #"), ("sku", "SKU"), ("title", "Item Name"),
            ("title", "Name"), ("variant", "Product Variation"), ("qty", "Quantity (- Refund)"), ("qty", "Quantity"),
            ("price", "Item Cost"),
        )),
    "amazon_in": (
        "amazon", "Amazon", {"zone": "UTC", "paid": "paid", "separator": "tab", "zero_is_done": True}, (
            ("number", "order-id"), ("line_id", "order-item-id"), ("ordered_at", "purchase-date"),
            ("paid_at", "payments-date"), ("ship_by", "promise-date"), ("email", "buyer-email"),
            ("sku", "sku"), ("title", "product-name"), ("qty", "quantity-to-ship"), ("qty", "quantity-purchased"),
            ("currency", "currency"), ("line_total", "item-price"), ("shipping_fee", "shipping-price", "", "", "sum"),
            ("line_discount", "item-promotion-discount"), ("line_discount", "ship-promotion-discount"),
            ("name", "recipient-name"), ("street", "ship-address-1"), ("street2", "ship-address-2"),
            ("street2", "ship-address-3"), ("city", "ship-city"), ("state", "ship-state"), ("zip", "ship-postal-code"),
            ("country", "ship-country"), ("phone", "ship-phone-number"), ("phone", "buyer-phone-number"),
            ("message", "delivery-Instructions"),
        )),
    "ebay_in": (
        "ebay", "eBay", {"zone": "UTC", "date_order": "mdy", "paid": "paid", "needs_paid": True}, (
            ("number", "Order Number"), ("line_id", "Transaction ID"), ("message", "Buyer Note"),
            ("name", "Ship To Name"), ("phone", "Ship To Phone"), ("street", "Ship To Address 1"),
            ("street2", "Ship To Address 2"), ("city", "Ship To City"), ("state", "Ship To State"),
            ("zip", "Ship To Zip"), ("country", "Ship To Country"), ("email", "Buyer Email"), ("sku", "Custom Label"),
            ("title", "Item Title"), ("variant", "Variation Details"), ("qty", "Quantity"), ("price", "Sold For"),
            ("shipping_fee", "Shipping And Handling"), ("paid_amount", "Total Price"), ("ordered_at", "Sale Date"),
            ("paid_at", "Paid On Date"), ("ship_by", "Ship By Date"), ("shipped_at", "Shipped On Date"),
            ("payment_method", "Payment Method"), ("payment_reference", "PayPal Transaction ID"),
            ("memo", "My Item Note"),
        )),
    "tiktok_in": (
        "tiktok", "TikTok Shop", {
            "zone": "UTC", "date_order": "mdy", "take": "to ship\nawaiting shipment\nawaiting collection",
            "cancelled": "canceled\ncancelled", "refunded": "cancel\nreturn/refund", "line_done": "shipped\ncompleted",
            "cash": "cash on delivery", "paid": "paid",
        }, (
            ("number", "Order ID"), ("status", "Order Status"), ("refund_status", "Cancelation/Return Type"),
            ("line_id", "SKU ID"), ("sku", "Seller SKU"), ("title", "Product Name"), ("variant", "Variation"),
            ("qty", "Quantity"), ("price", "SKU Unit Original Price"), ("line_discount", "SKU Seller Discount"),
            ("subsidy", "SKU Platform Discount", "", "", "sum"), ("shipping_fee", "Shipping Fee After Discount"),
            ("paid_amount", "Order Amount"), ("ordered_at", "Created Time"), ("paid_at", "Paid Time"),
            ("message", "Buyer Message"), ("name", "Recipient"), ("phone", "Phone #"), ("email", "Email"),
            ("country", "Country"), ("state", "Province"), ("state", "State"), ("city", "City"), ("city",
            "Municipality"),
            ("district", "District"), ("zip", "Zipcode"), ("street", "Address Line 1"), ("street", "Detail Address"),
            ("street", "Street Name"), ("street", "House Name or Number"), ("street2", "Address Line 2"),
            ("street2", "Additional address information"), ("payment_method", "Payment Method"),
            ("memo", "Seller Note"),
        )),
}  # fmt: skip

# code: (platform, name, settings, columns)
OUT = {
    "taobao_out": ("taobao", "淘宝 / 天猫", {"file_format": "xlsx"}, (
        ("number", "订单编号"), ("carrier", "物流公司"), ("tracking", "物流单号"))),
    "pdd_out": ("pdd", "拼多多", {"file_format": "xlsx", "corrections": True}, (
        ("number", "订单号"), ("carrier", "快递公司"), ("tracking", "快递单号"))),
    "douyin_out": ("douyin", "抖店", {"file_format": "xlsx", "corrections": True}, (
        ("number", "主订单编号"), ("line_id", "子订单编号"), ("carrier", "物流公司"), ("tracking", "物流单号"))),
    "jd_out": ("jd", "京东", {"file_format": "xlsx"}, (
        ("number", "订单号"), ("carrier", "物流公司"), ("tracking", "运单号"))),
    "shopify_out": ("shopify", "Shopify (apps)", {"file_format": "csv", "encoding": "utf-8", "corrections": True}, (
        ("number", "Name"), ("sku", "Lineitem sku"), ("qty", "Lineitem quantity"), ("tracking", "Tracking Number"),
        ("carrier", "Tracking Company"))),
    "woocommerce_out": ("woocommerce", "WooCommerce (Advanced Shipment Tracking)", {
        "file_format": "csv", "encoding": "utf-8", "corrections": True, "date_written": "%d-%m-%Y"}, (
        ("number", "order_id"), ("carrier", "tracking_provider"), ("tracking", "tracking_number"),
        ("ship_date", "date_shipped"), ("fixed", "status_shipped", "", "1"), ("sku", "sku"), ("qty", "qty"))),
    "amazon_out": ("amazon", "Amazon", {
        "file_format": "csv", "separator": "tab", "encoding": "utf-8", "corrections": True, "other_carrier": "Other",
        "date_written": "%Y-%m-%d"}, (
        ("number", "order-id"), ("line_id", "order-item-id"), ("qty", "quantity"), ("ship_date", "ship-date"),
        ("carrier", "carrier-code"), ("carrier_name", "carrier-name"), ("tracking", "tracking-number"),
        ("fixed", "ship-method", "", ""))),
    "ebay_out": ("ebay", "eBay", {"file_format": "csv", "encoding": "utf-8", "corrections": True,
    "preamble": "#INFO"}, (
        ("fixed", "Shipping Status", "", "1"), ("number", "Order Number"), ("fixed", "Item Number", "", ""),
        ("title", "Item Title"), ("sku", "Custom Label"), ("line_id", "Transaction ID"),
        ("carrier", "Shipping Carrier Used"), ("tracking", "Tracking Number"))),
    "tiktok_out": ("tiktok", "TikTok Shop", {"file_format": "xlsx", "corrections": True}, (
        ("number", "Order ID"), ("carrier", "Shipping Provider Name"), ("tracking", "Tracking ID"))),
}  # fmt: skip

CHINESE = ("taobao", "pdd", "douyin", "jd")
# {platform: {carrier code: its word there}}, where it is not the name everybody uses.
CARRIER_WORDS = {
    "pdd": {"sf": "顺丰快递", "yto": "圆通快递", "zto": "中通快递", "sto": "申通快递", "yunda": "韵达快递",
    "jt": "极兔速递",
            "jd": "京东快递", "ems": "EMS", "chinapost": "邮政快递包裹"},
    "taobao": {"sf": "顺丰速运", "yto": "圆通速递", "yunda": "韵达快递", "chinapost": "邮政快递包裹"},
    "douyin": {"sf": "顺丰速运", "yto": "圆通快递", "chinapost": "邮政快递包裹", "jd": "京东物流"},
    "amazon": {"sf": "SF Express", "yto": "YTO Express", "chinapost": "China Post", "4px": "4PX", "yanwen": "Yanwen",
               "yunexpress": "Yun Express", "dhl": "DHL", "ups": "UPS", "usps": "USPS", "fedex": "FedEx", "dpd": "DPD",
               "gls": "GLS", "royalmail": "Royal Mail", "hermes": "Hermes", "postnl": "PostNL", "correos": "Correos",
               "laposte": "La Poste", "poste": "Poste Italiane"},
    "ebay": {"chinapost": "China Post", "sf": "SF Express", "yanwen": "Yanwen", "4px": "4PX", "dhl": "DHL",
    "ups": "UPS",
             "usps": "USPS", "fedex": "FedEx", "royalmail": "Royal Mail", "dpd": "DPD", "hermes": "Hermes"},
}  # fmt: skip

DEFAULTS = {"transform": "", "argument": "", "several": "first"}


def column_of(told):
    """A column of the tables above as a dictionary.

    >>> column_of(("number", "Name"))["several"], column_of(("fixed", "status", "", "1"))["argument"]
    ('first', '1')
    """
    names = ("field", "heading", "transform", "argument", "several")
    return {**DEFAULTS, **dict(zip(names, told, strict=False))}


def layout_of(code):
    """A preset as `table.read` and `orders_of` take it.

    >>> layout_of("pdd_in")["take"][0], layout_of("amazon_in")["zero_is_done"]
    ('待发货', True)
    """
    _platform, _name, settings, columns = (IN | OUT)[code]
    words = ("take", "cancelled", "refunded", "line_done", "cash", "authorised")
    plain = {name: value.split("\n") if name in words else value for name, value in settings.items()}
    return {**plain, "columns": [column_of(told) for told in columns]}
