"""A record of each model of the order API, for the contract of access rights."""


def make(cls, order, supplier):
    cls.env["dropship.api.request"].create(
        {
            "company_id": order.company_id.id,
            "user_id": cls.env.uid,
            "method": "api_create_orders",
            "state": "rejected",
            "body": "{}",
        }
    )
