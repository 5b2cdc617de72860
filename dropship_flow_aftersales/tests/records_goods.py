OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A parcel back with its contents, and an insured freight."""
    env = cls.env
    reason = env["dropship.return.reason"].create({"name": "Goods", "code": f"goods {order.id}"})
    line = {"order_line_id": order.order_line[:1].id, "qty": 1, "reason_id": reason.id}
    case = env["dropship.return"].create(
        {
            "name": f"GOODS {order.id}",
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "line_ids": [(0, 0, line)],
        }
    )
    case._make_parcel(list(case.line_ids))
    env["dropship.freight.insurance"].create({"name": f"GOODS {order.id}", "order_id": order.id, "premium": 1.0})
