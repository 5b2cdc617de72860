"""Money that goes to suppliers before goods leave: paid once, taken from a balance once, whoever pays at once."""

import json

import pytest
from harness import WORKERS, retried, rounds
from work import quotations

WAY = "pay_to_ship"


def terms(shop, way):
    with shop.env() as env:
        env["dropship.supplier.term"].search([]).unlink()
        for supplier in env["dropship.supplier"].search([]):
            env["dropship.supplier.term"].create({"supplier_id": supplier.id, "payment_way": way})


def bought(shop, count):
    """Ids of the accepted purchases of new sales."""
    ids = quotations(shop, count)
    with shop.env() as env:
        orders = env["sale.order"].browse(ids)
        orders.action_confirm()
        return orders.dropship_purchase_ids.ids


@pytest.fixture(scope="module")
def connected(shop):
    """Every supplier has a system that can be paid; nobody carries the messages there."""
    with shop.env() as env:
        connection = env["dropship.connection"].create(
            {"name": "pays", "endpoint": "http://127.0.0.1:9", "private_allowed": True, "company_id": False}
        )
        env["dropship.supplier"].search([]).connection_id = connection
    terms(shop, WAY)


def pay(purchase_ids):
    return retried(lambda env: env["purchase.order"].browse(purchase_ids).action_dropship_pay() and True)


def mark(purchase_ids):
    return retried(lambda env: env["purchase.order"].browse(purchase_ids).action_dropship_mark_paid() and True)


def test_many_pay_the_same_purchases_at_once(shop, connected):
    """One message for each purchase, however many press Pay in the same moment."""
    for _round in range(rounds(3)):
        ids = bought(shop, 4)
        assert len(ids) >= 4
        shop.together(*[pay(ids)] * WORKERS)
        rows = shop.sql(
            "SELECT purchase_id, count(*) FROM dropship_exchange "
            "WHERE kind = 'pay' AND purchase_id = ANY(%s) GROUP BY 1",
            ids,
        )
        assert dict(rows) == dict.fromkeys(ids, 1)


def test_one_pays_by_hand_while_another_lets_it_pay(shop, connected):
    """Either the message goes, or a person paid; never both."""
    for _round in range(rounds(6)):
        ids = bought(shop, 1)[:1]
        shop.together(pay(ids), mark(ids), pay(ids), mark(ids))
        [(state,)] = shop.sql("SELECT dropship_pay_state FROM purchase_order WHERE id = %s", ids[0])
        messages = shop.sql("SELECT state FROM dropship_exchange WHERE kind = 'pay' AND purchase_id = %s", ids[0])
        assert state in ("paying", "paid")
        assert [row[0] for row in messages] in ([], ["ready"], ["cancelled"])
        assert (state == "paid") == (messages in ([], [("cancelled",)])), json.dumps([state, messages])


def test_orders_share_a_balance(shop):
    """The balance is the sum of its moves, never below zero, and each purchase is in it once."""
    terms(shop, "wallet")
    with shop.env() as env:
        company = env["res.company"].search([("name", "=", "Lumen & Leaf")])
        for supplier in env["dropship.supplier"].search([("company_id", "=", company.id)]):
            supplier.connection_id = False
            wallet = env["dropship.wallet"].create(
                {"supplier_id": supplier.id, "company_id": company.id, "currency_id": company.currency_id.id}
            )
            wallet._move("top_up", 90.0)
    for _round in range(rounds(2, 10)):
        ids = quotations(shop, WORKERS)
        jobs = [retried(lambda env, one=one: env["sale.order"].browse(one).action_confirm() and True) for one in ids]
        shop.together(*jobs)
    wrong = shop.sql(
        """
        SELECT wallet.id, wallet.balance, SUM(move.amount) FROM dropship_wallet wallet
          JOIN dropship_wallet_move move ON move.wallet_id = wallet.id
         GROUP BY wallet.id HAVING wallet.balance <> SUM(move.amount) OR wallet.balance < 0
        """
    )
    assert wrong == []
    assert shop.sql("SELECT count(*) FROM dropship_wallet_move WHERE kind = 'order'")[0][0] >= 3
    twice = shop.sql(
        "SELECT purchase_id FROM dropship_wallet_move WHERE kind = 'order' GROUP BY purchase_id HAVING count(*) > 1"
    )
    assert twice == []
    unpaid = shop.sql(
        """
        SELECT purchase.name FROM purchase_order purchase
          JOIN dropship_wallet_move move ON move.purchase_id = purchase.id AND move.kind = 'order'
         WHERE purchase.state NOT IN ('sent', 'purchase')
        """
    )
    assert unpaid == []
