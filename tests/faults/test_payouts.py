"""Payouts are entered and posted once, whoever does it at once."""

from harness import WORKERS, retried, rounds

FILE = "Payout,Payout Date,Order,Kind,Amount,Currency\n"


def books(env):
    """Accounts and a marketplace; (terms, currency name)."""
    company = env["res.company"].search([("name", "=", "Lumen & Leaf")])
    env = env(context={"allowed_company_ids": company.ids})
    accounts = env["account.account"].with_company(company)
    if not accounts.search([*accounts._check_company_domain(company), ("account_type", "=", "asset_receivable")]):
        owed = accounts.create(
            {"name": "Owed", "code": "120001", "account_type": "asset_receivable", "reconcile": True,
             "company_ids": [(6, 0, company.ids)]}
        )  # fmt: skip
        env["ir.default"].set("res.partner", "property_account_receivable_id", owed.id, company_id=company.id)
    channel = env["dropship.sales.channel"].search([("name", "=", "Races"), ("company_id", "=", company.id)])
    channel = channel or env["dropship.sales.channel"].create(
        {"name": "Races", "kind": "file", "company_id": company.id}
    )
    return env["dropship.payout.terms"]._terms_of(channel, env["payment.provider"], company)


def content(number):
    rows = "".join(f"R-{number},2026-05-04,,subscription,-{place}.00,EUR\n" for place in range(1, 4))
    return (FILE + rows).encode()


def enter(terms_id, number):
    def work(env):
        terms = env["dropship.payout.terms"].browse(terms_id)
        layout = env.ref("dropship_flow.order_layout_other_payout")
        env["dropship.payout"]._receive(terms, layout, "race.csv", content(number))
        return True

    return retried(work)


def post(payout_id):
    return retried(lambda env: env["dropship.payout"].browse(payout_id).action_post() and True)


def reverse(payout_id):
    return retried(lambda env: env["dropship.payout"].browse(payout_id).action_reverse() and True)


def test_the_same_file_from_many_people(shop):
    with shop.env() as env:
        terms_id = books(env).id
    for number in range(rounds(3)):
        shop.together(*[enter(terms_id, number)] * WORKERS)
        [(payouts, lines)] = shop.sql(
            "SELECT count(DISTINCT payout.id), count(line.id) FROM dropship_payout payout "
            "JOIN dropship_payout_line line ON line.payout_id = payout.id "
            "WHERE payout.terms_id = %s AND payout.name = %s",
            terms_id, f"R-{number}",
        )  # fmt: skip
        assert (payouts, lines) == (1, 3)


def test_many_post_the_same_payout(shop):
    """One entry, and as many facts as fees."""
    with shop.env() as env:
        terms_id = books(env).id
    for number in range(100, 100 + rounds(4)):
        shop.together(enter(terms_id, number))
        [(payout_id,)] = shop.sql("SELECT id FROM dropship_payout WHERE name = %s", f"R-{number}")
        shop.together(*[post(payout_id)] * WORKERS)
        entries = shop.sql("SELECT state, amount_total FROM account_move WHERE dropship_payout_id = %s", payout_id)
        assert [row[0] for row in entries] == ["posted"]
        [(facts,)] = shop.sql(
            "SELECT count(*) FROM dropship_payment_fee fee "
            "JOIN dropship_payout_line line ON line.id = fee.payout_line_id WHERE line.payout_id = %s",
            payout_id,
        )
        assert facts == 3
        shop.together(*[reverse(payout_id)] * WORKERS)
        [(left,)] = shop.sql(
            "SELECT COALESCE(SUM(line.balance), 0) FROM account_move_line line JOIN account_move move "
            "ON move.id = line.move_id JOIN account_account account ON account.id = line.account_id "
            "WHERE move.dropship_payout_id = %s AND account.account_type = 'expense'",
            payout_id,
        )
        assert left == 0
