"""A record of each model of payouts, for the contract of access rights."""

OF_NO_COMPANY = {}


def make(cls, order, supplier):
    env = cls.env
    company = order.company_id
    channel = env["dropship.sales.channel"].create({"name": "Pays out", "kind": "file", "company_id": company.id})
    terms = env["dropship.payout.terms"].create({"channel_id": channel.id, "company_id": company.id})
    account = env["account.account"].create(
        {"name": "Fees", "code": f"62{company.id:04}", "account_type": "expense", "company_ids": [(6, 0, company.ids)]}
    )
    env["dropship.payout.fee.account"].create({"terms_id": terms.id, "kind": "other", "account_id": account.id})
    layout = env["dropship.order.layout"].create(
        {
            "name": "Own payouts",
            "direction": "payout",
            "company_id": company.id,
            "column_ids": [(0, 0, {"heading": "Amount", "field": "amount", "payout_kind": "sale"})],
            "word_ids": [(0, 0, {"said": "fee", "kind": "fee", "fee_kind": "other"})],
        }
    )
    payout = env["dropship.payout"].create(
        {
            "name": "P", "terms_id": terms.id, "company_id": company.id, "currency_id": company.currency_id.id,
            "date": "2026-05-04", "layout_id": layout.id, "sha256": "0" * 64,
        }
    )  # fmt: skip
    line = env["dropship.payout.line"].create(
        {
            "payout_id": payout.id, "terms_id": terms.id, "company_id": company.id, "channel_id": channel.id,
            "currency_id": company.currency_id.id, "kind": "sale", "amount": 1.0,
        }
    )  # fmt: skip
    env["dropship.payment.fee"].create(
        {
            "order_id": order.id, "company_id": company.id, "kind": "payment", "amount": 1.0,
            "currency_id": company.currency_id.id, "date": "2026-05-04", "document": "P", "key": f"test-{order.id}",
        }
    )  # fmt: skip
    env["dropship.payout.upload"].create({"channel_id": channel.id, "line_ids": [(0, 0, {"what": "Sale"})]})
    env["dropship.payout.decide"].create({"line_ids": [(6, 0, line.ids)]})
    env["dropship.payout.told"].create({"payout_id": payout.id, "amount": 1.0})
