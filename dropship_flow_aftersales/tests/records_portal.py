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
    case = cls.env["dropship.return"].search([("company_id", "=", order.company_id.id)], limit=1)
    if case:
        cls.env["dropship.return.news"].create({"return_id": case.id, "fact": "offer", "about": "records"})
