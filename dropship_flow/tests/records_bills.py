"""A bill handed in, its line and the screens of a moment, for the contract of access rights."""

import base64

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    env = cls.env
    purchase = order.dropship_purchase_ids[:1]
    content = f"Order,SKU,Quantity,Price\n{purchase.name},X-{order.id},1,5\n".encode()
    upload, _new = env["dropship.bill.upload"]._receive(supplier, order.company_id, "bill.csv", content)
    env["dropship.bill.hand.in"].create(
        {"supplier_id": supplier.id, "company_id": order.company_id.id, "content": base64.b64encode(content)}
    )
    env["dropship.bill.fix"].create({"line_id": upload.line_ids[:1].id, "purchase_line_id": purchase.order_line[:1].id})
    env["dropship.bill.say"].create({"upload_id": upload.id, "what": "reject", "text": "No"})
