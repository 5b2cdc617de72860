"""Bills: drafted once, approved once, whoever does it at the same moment, and whoever is killed."""

import os
import signal

import pytest
from harness import WORKERS, environment, retried, rounds
from work import quotations


@pytest.fixture(scope="module")
def books(shop):
    """An accountant's minimum, and suppliers who write no bills."""
    with shop.world() as world:
        env, company = world.env, world.company
        of_company = {"company_ids": [(6, 0, company.ids)]}
        accounts = env["account.account"].with_company(company)
        expense = accounts.create({"name": "Goods", "code": "600000", "account_type": "expense", **of_company})
        owed = accounts.create(
            {"name": "Owed", "code": "330000", "account_type": "liability_payable", "reconcile": True, **of_company}
        )
        env["account.journal"].create(
            {"name": "Bills", "code": "BIL", "type": "purchase", "default_account_id": expense.id,
             "company_id": company.id}
        )  # fmt: skip
        for supplier in env["dropship.supplier"].search([("company_id", "=", company.id)]):
            supplier.partner_id.with_company(company).property_account_payable_id = owed
            env["dropship.supplier.term"].create({"supplier_id": supplier.id, "bills_by": "us"})


def shipped(shop, count):
    """Ids of purchases that left."""
    ids = quotations(shop, count)
    with shop.env() as env:
        orders = env["sale.order"].browse(ids)
        orders.action_confirm()
        purchases = orders.dropship_purchase_ids.filtered(lambda order: order.state == "purchase")
        for purchase in purchases:
            purchase._dropship_take_parcels([{"number": f"DE{purchase.id:09}", "carrier": "", "lines": []}])
        return purchases.ids


def draft(purchase_ids):
    return retried(lambda env: len(env["purchase.order"].browse(purchase_ids)._dropship_draft_bills()))


def billed(shop, ids):
    """{purchase line: (left, on bills)}"""
    rows = shop.sql(
        """
        SELECT bought.id, bought.qty_received, COALESCE(SUM(line.quantity), 0)
          FROM purchase_order_line bought
     LEFT JOIN account_move_line line ON line.purchase_line_id = bought.id AND line.parent_state <> 'cancel'
         WHERE bought.order_id = ANY(%s) GROUP BY bought.id
        """,
        ids,
    )
    return {line_id: (float(left), float(on_bills)) for line_id, left, on_bills in rows}


def test_many_draft_the_same_bills_at_once(shop, books):
    for _round in range(rounds(2)):
        ids = shipped(shop, 2)
        shop.together(*[draft(ids)] * WORKERS)
        shop.together(draft(ids))
        assert ids
        assert all(left == on_bills > 0 for left, on_bills in billed(shop, ids).values())


def test_killed_while_drafting(shop, books):
    """Whatever was cut off is drafted by the next, once."""
    ids = shipped(shop, 2)

    def killed(cr):
        environment(cr, 1)["purchase.order"].browse(ids)._dropship_draft_bills()
        os.kill(os.getpid(), signal.SIGKILL)

    shop.together(killed)
    assert all(not on_bills for _left, on_bills in billed(shop, ids).values())
    shop.together(draft(ids), draft(ids))
    shop.together(draft(ids))
    assert all(left == on_bills for left, on_bills in billed(shop, ids).values())


def test_two_accountants_approve_at_once(shop, books):
    """Each bill is posted once; who comes second posts nothing."""
    ids = shipped(shop, 2)
    shop.together(draft(ids))
    moves = [row[0] for row in shop.sql(
        "SELECT DISTINCT move_id FROM account_move_line WHERE dropship_purchase_id = ANY(%s)", ids
    )]  # fmt: skip
    approve = retried(lambda env: len(env["account.move"].browse(moves)._dropship_approve()))
    answers = shop.together(approve, approve)
    assert any(answer.fine for answer in answers)
    assert {row[0] for row in shop.sql("SELECT state FROM account_move WHERE id = ANY(%s)", moves)} == {"posted"}
    names = [row[0] for row in shop.sql("SELECT name FROM account_move WHERE id = ANY(%s)", moves)]
    assert len(set(names)) == len(moves)
