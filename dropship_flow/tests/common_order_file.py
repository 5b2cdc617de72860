"""A shop that sells at marketplaces by file."""

import csv
import io

from ..order_files import presets
from .common_api import ApiWorld

PDD = {
    "订单号": "260618-001", "订单状态": "待发货", "商家编码-规格维度": "LAMP", "商品": "台灯", "商品数量(件)": "1",
    "商品总价(元)": "34.90", "邮费(元)": "0", "用户实付金额(元)": "34.90", "支付时间": "2026-06-18 10:00:00",
    "收货人": "张三", "手机": "13800138000", "省": "浙江省", "市": "杭州市", "区": "西湖区",
    "详细地址": "文三路 123 号",
}  # fmt: skip
AMAZON = {
    "order-id": "303-0056805-7143549", "order-item-id": "41483244219702", "sku": "LAMP", "product-name": "Lamp",
    "quantity-to-ship": "1", "item-price": "34.90", "currency": "EUR", "recipient-name": "Gerlinde Wess",
    "ship-address-1": "Pfaffing 3", "ship-city": "Chieming", "ship-postal-code": "83339", "ship-country": "DE",
    "ship-phone-number": "+49 8664 928107", "payments-date": "2026-06-18T10:00:00+00:00",
}  # fmt: skip


def a_file(code, *rows, encoding="utf-8-sig", separator=",", headings=None):
    """Bytes of a file as a marketplace writes it."""
    headings = headings or list(dict.fromkeys(column["heading"] for column in presets.layout_of(code)["columns"]))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, headings, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


class OrderFileWorld(ApiWorld):
    @classmethod
    def make_order_file_world(cls):
        """The world of the order API, and a channel of Amazon and one of Pinduoduo by file."""
        cls.make_api_world()
        cls.amazon = cls.make_file_channel("amazon")
        cls.pdd = cls.make_file_channel("pdd")

    @classmethod
    def make_file_channel(cls, platform, **vals):
        return cls.env["dropship.sales.channel"].create(
            {"name": platform, "kind": "file", "platform": platform, "company_id": cls.company.id, **vals}
        )

    def upload(self, channel, *rows, user=None, name="orders.csv", second=None, **how):
        """Upload a file as the order desk does."""
        env = self.env(user=user or self.caller, context={"allowed_company_ids": channel.company_id.ids})
        mine = channel.with_env(env)
        code = f"{channel.platform}_in"
        if channel.platform == "amazon":
            how.setdefault("separator", "\t")
        content = rows[0] if rows and isinstance(rows[0], bytes) else a_file(code, *rows, **how)
        file, _new = env["dropship.order.file"]._receive(mine, mine._layout("in"), name, content, "second.csv", second)
        return file

    def states(self, file):
        return file.row_ids.sorted("id").mapped("state")

    def codes(self, row):
        return [reason[0] for reason in row.reasons or ()]
