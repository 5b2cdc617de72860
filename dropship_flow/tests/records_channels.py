"""A record of each model of channels and their files, for the contract of access rights."""

import base64

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    env = cls.env
    channel = env["dropship.sales.channel"].create(
        {
            "name": "By file",
            "kind": "file",
            "platform": "pdd",
            "company_id": order.company_id.id,
            "fee_ids": [(0, 0, {"kind": "commission", "percent": 5})],
            "penalty_ids": [(0, 0, {"kind": "late", "fixed": 5})],
        }
    )
    product = order.order_line.product_id[:1]
    env["dropship.channel.sku"].create({"channel_id": channel.id, "code": "X-1", "product_id": product.id})
    layout = env["dropship.order.layout"].create(
        {
            "name": "Own form",
            "direction": "in",
            "company_id": order.company_id.id,
            "column_ids": [(0, 0, {"heading": "No", "field": "number"}), (0, 0, {"heading": "SKU", "field": "sku"})],
        }
    )
    env["dropship.carrier.word"].create(
        {"platform": "other", "carrier_code": "sf", "word": "SF", "company_id": order.company_id.id}
    )
    file = env["dropship.order.file"].create(
        {
            "name": "orders.csv",
            "channel_id": channel.id,
            "company_id": order.company_id.id,
            "layout_id": layout.id,
            "content": base64.b64encode(b"No,SKU"),
            "sha256": "0" * 64,
            "row_ids": [(0, 0, {"number": "1", "raw": {"No": "1"}, "line": 2})],
        }
    )
    env["dropship.order.upload"].create({"channel_id": channel.id})
    env["dropship.sku.link"].create({"row_id": file.row_ids.id})
    env["dropship.order.fix"].create({"row_id": file.row_ids.id, "line_ids": [(0, 0, {"heading": "No"})]})
    box = env["dropship.shipment"].create(
        {"number": f"SHIP{order.id}00001", "company_id": order.company_id.id, "order_id": order.id}
    )
    env["dropship.ship.file"].create(
        {
            "name": "shipped.csv",
            "channel_id": channel.id,
            "company_id": order.company_id.id,
            "line_ids": [(0, 0, {"shipment_id": box.id, "order_id": order.id, "number": box.number})],
        }
    )
