from odoo.addons.dropship_flow.remedy import fresh, key_of


def make(cls, order, supplier):
    """A request being filled in, a statement of withdrawal, and a fact its customer was told."""
    token = fresh()
    cls.env["dropship.return.draft"].create(
        {
            "token": token,
            "token_key": key_of(token),
            "by": "guest",
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
        }
    )
    cls.env["dropship.return.withdrawal"].create(
        {"name": "Anna", "reference": order.name, "email": "anna@example.com", "company_id": order.company_id.id}
    )
    reason = cls.env.ref("dropship_flow_aftersales.reason_withdrawal")
    case = cls.env["dropship.return"].create(
        {
            "name": "RMA portal",
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "line_ids": [(0, 0, {"order_line_id": order.order_line[:1].id, "qty": 1, "reason_id": reason.id})],
        }
    )
    cls.env["dropship.return.news"].create({"return_id": case.id, "fact": "offer"})
