import base64

# A rule without a company counts for every one.
OF_NO_COMPANY = {}


def make(cls, order, supplier):
    """A rule, what is collected for the order, a remittance with a row, a capture."""
    env, company = cls.env, order.company_id
    currency = order.currency_id
    env["dropship.cod.rule"].create({"name": "Everywhere", "company_id": company.id})
    env["dropship.collection"].create(
        {"order_id": order.id, "company_id": company.id, "currency_id": currency.id, "amount": 10.0}
    )
    journal = env["account.journal"].create(
        {"name": "Money", "code": "CODT", "type": "bank", "company_id": company.id}
    )
    remittance = env["dropship.remittance"].create(
        {
            "name": "cod.csv", "company_id": company.id, "currency_id": currency.id, "journal_id": journal.id,
            "content": base64.b64encode(b"x"), "sha256": f"access {order.id}",
        }
    )  # fmt: skip
    env["dropship.remittance.line"].create({"remittance_id": remittance.id, "number": "ACCESS", "amount": 10.0})
    provider = env["payment.provider"].create(
        {"name": "Card", "code": "none", "company_id": company.id, "state": "test"}
    )
    method = env["payment.method"].search([], limit=1)
    transaction = env["payment.transaction"].create(
        {
            "provider_id": provider.id, "payment_method_id": method.id, "reference": f"access-{order.id}",
            "amount": 10.0, "currency_id": currency.id, "partner_id": order.partner_id.id, "operation": "online_direct",
        }
    )  # fmt: skip
    env["dropship.capture"].create(
        {
            "order_id": order.id, "company_id": company.id, "currency_id": currency.id, "kind": "capture",
            "key": "whole", "transaction_id": transaction.id, "amount": 10.0,
        }
    )  # fmt: skip
