"""Suppliers' statements: agreed once, booked once, paid once, whoever presses at the same moment."""

import pytest
from harness import WORKERS, retried, rounds

BOOKS = (
    ("liability_payable", "2191", True),
    ("expense", "6091", False),
    ("asset_cash", "1091", False),
    ("asset_current", "1092", True),
)


@pytest.fixture(scope="module")
def books(shop):
    """A supplier with accounts, journals and a bank."""
    with shop.world() as world:
        env, company = world.env, world.env.company
        accounts = {
            kind: env["account.account"].create(
                {"name": kind, "code": code, "account_type": kind, "reconcile": reconcile,
                 "company_ids": [(6, 0, company.ids)]}
            )
            for kind, code, reconcile in BOOKS
        }  # fmt: skip
        supplier = world.make_supplier("Statements")
        supplier.partner_id.property_account_payable_id = accounts["liability_payable"]
        category = env.ref("dropship_flow.category_supplier_charges")
        category.property_account_expense_categ_id = accounts["expense"]
        journals = env["account.journal"]
        base = {"company_id": company.id}
        bills = journals.create({**base, "name": "Bills", "code": "SBILL", "type": "purchase",
                                 "default_account_id": accounts["expense"].id})  # fmt: skip
        bank = journals.create({**base, "name": "Bank", "code": "SBNK", "type": "bank",
                                "default_account_id": accounts["asset_cash"].id})  # fmt: skip
        bank.outbound_payment_method_line_ids.payment_account_id = accounts["asset_current"]
        return {"supplier": supplier.id, "company": company.id, "bills": bills.id, "bank": bank.id}


def statement(shop, books, number):
    """Id of a draft statement with a bill of 100 and a penalty of 10."""
    with shop.env() as env:
        env = env(context=dict(env.context, allowed_company_ids=[books["company"]]))
        supplier = env["dropship.supplier"].browse(books["supplier"])
        day = f"2025-{number:02d}-10"
        bill = env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": supplier.partner_id.id, "company_id": books["company"],
             "journal_id": books["bills"], "invoice_date": day, "date": day, "ref": f"R{number}",
             "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": 100, "tax_ids": [(5,)],
                                          "dropship_charge": "other"})]}
        )  # fmt: skip
        bill.action_post()
        settlement = env["dropship.settlement"].create(
            {"supplier_id": supplier.id, "company_id": books["company"], "date_to": f"2025-{number:02d}-28"}
        )
        settlement.adjustment_ids = [(0, 0, {"kind": "penalty", "name": "Late", "value": 10})]
        return settlement.id


def approve(books, settlement_id):
    def work(env):
        env = env(context=dict(env.context, allowed_company_ids=[books["company"]]))
        return env["dropship.settlement"].browse(settlement_id).action_approve()

    return retried(work)


def pay(books, settlement_id):
    def work(env):
        env = env(context=dict(env.context, allowed_company_ids=[books["company"]]))
        bank = env["account.journal"].browse(books["bank"])
        settlement = env["dropship.settlement"].browse(settlement_id)
        return bool(settlement._pay(bank, "2025-12-31"))

    return retried(work)


def test_many_approve_and_pay_at_once(shop, books):
    """One credit note for the penalty, one approval of the bill, one payment of 90."""
    for number in range(1, rounds(2, 12) + 1):
        settlement_id = statement(shop, books, number)
        shop.together(*[approve(books, settlement_id)] * WORKERS)
        documents = shop.sql("SELECT count(*) FROM account_move WHERE dropship_settlement_id = %s", settlement_id)
        approved = shop.sql(
            "SELECT count(*) FROM dropship_settlement_line WHERE settlement_id = %s AND verdict = 'approved'",
            settlement_id,
        )
        assert (documents, approved) == ([(1,)], [(2,)])
        shop.together(*[pay(books, settlement_id)] * WORKERS)
        paid = shop.sql(
            "SELECT count(*), sum(amount) FROM account_payment WHERE dropship_settlement_id = %s", settlement_id
        )
        assert [(int(count), float(amount)) for count, amount in paid] == [(1, 90.0)]
        [(state,)] = shop.sql("SELECT state FROM dropship_settlement WHERE id = %s", settlement_id)
        assert state == "paid"
