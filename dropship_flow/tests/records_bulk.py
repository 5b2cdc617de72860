"""One record of each model of bulk jobs and of orders shipped together."""

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    env, company = cls.env, order.company_id
    env["dropship.bulk.job"].create(
        {
            "verb": "route",
            "company_id": company.id,
            "user_id": env.uid,
            "line_ids": [(0, 0, {"order_id": order.id, "state": "done"})],
            "state": "done",
        }
    )
    env["dropship.cancel.reason"].create({"name": "Test", "code": f"test-{company.id}", "company_id": company.id})
    order.dropship_group_id = env["dropship.ship.group"].create({"company_id": company.id})
