"""Refunds of one line by many at once: never more than was paid, never twice, whatever dies where."""

from collections import Counter
from decimal import Decimal

import payment_service
import pytest
from harness import WORKERS, cron, die, die_at, environment, rounds

FEW = rounds(30, 100)  # orders raced for in one go, with each of two services


@pytest.fixture(scope="module", params=["honours keys", "books whatever it is asked"])
def service(request, shop, tmp_path_factory):
    """A payment service behind every payment of the shop: the file of its ledger."""
    ledger = tmp_path_factory.mktemp("service") / "ledger"
    with shop.env() as env:
        transactions, providers = env.registry["payment.transaction"], env.registry["payment.provider"]

    def support(rows):
        rows.update({"support_refund": "partial", "support_tokenization": None})
        rows.update({"support_express_checkout": None, "support_manual_capture": "full_only"})

    with payment_service.running(ledger, request.param == "honours keys") as address:

        def send(transaction):
            payment_service.ask(address, transaction)
            transaction._set_done()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(providers, "_compute_feature_support_fields", support)
            patch.setattr(transactions, "_send_refund_request", send)
            yield ledger


def paid_orders(shop, count, price=100.0):
    """Ids of confirmed, delivered, paid orders of one piece."""
    with shop.world() as world:
        env = world.env
        fitting = env["product.product"].create(
            {"name": "Fitting", "type": "service", "list_price": price, "taxes_id": False}
        )
        provider = env["payment.provider"].create(
            {"name": "Pay", "code": "none", "company_id": world.company.id, "state": "test"}
        )
        method = env["payment.method"].create(
            {"name": "Card", "code": f"m{provider.id}", "support_refund": "partial", "provider_ids": provider.ids}
        )
        partner = world.make_partner("Racer")
        orders = env["sale.order"].union(*(world.make_sale(fitting, partner=partner) for _number in range(count)))
        orders.action_confirm()
        orders.order_line.qty_delivered = 1.0
        env["payment.transaction"].create(
            [
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"pay-{order.id}",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": partner.id,
                    "sale_order_ids": [(6, 0, order.ids)],
                    "operation": "online_redirect",
                    "state": "done",
                    "is_post_processed": True,
                }
                for order in orders
            ]
        )
        return orders.ids


def insist(cr, work):
    """`work(env)` until it is done or refused in words: how it ended."""
    from odoo.exceptions import ConcurrencyError, UserError  # noqa: PLC0415 - Odoo is loaded by the shop
    from odoo.service.model import retrying  # noqa: PLC0415
    from psycopg2 import OperationalError  # noqa: PLC0415

    for _try in range(200):
        env = environment(cr)
        try:
            return retrying(lambda env=env: work(env), env)
        except (OperationalError, ConcurrencyError):
            cr.rollback()
        except UserError as error:
            cr.rollback()
            return f"refused: {error}"
    return "never"


def wish(order, kind="return", amount=None):
    from odoo.addons.dropship_flow_aftersales.refunding import Ask, Wish  # noqa: PLC0415

    if amount is not None:
        return Wish((Ask("goodwill", amount=amount),))
    return Wish((Ask(kind, order.order_line.id, Decimal(1)),))


def giver(order_ids, who):
    """A worker that refunds the one piece of each order. Each `who` has a key of his own, as three ways in have."""
    kind = {"webhook": "refused_parcel", "agent": "refund_only"}.get(who, "return")

    def job(cr):
        ends = Counter()
        for order_id in order_ids:

            def work(env, order_id=order_id):
                order = env["sale.order"].browse(order_id)
                env["dropship.refund"]._make(order, wish(order, kind), key=f"{who} {order_id}")
                return "made"

            ends[insist(cr, work).split(":")[0]] += 1
        return dict(ends)

    return job


def refunds_of(shop, order_ids):
    """{order id: (how many, money in cents, credited in cents)}."""
    rows = shop.sql(
        "SELECT order_id, count(*), sum(money) * 100, sum(credit) * 100 FROM dropship_refund "
        "WHERE order_id = ANY(%s) GROUP BY 1", order_ids,
    )  # fmt: skip
    return {order: (number, int(money), int(credit)) for order, number, money, credit in rows}


def send_all(shop):
    """The scheduler, until nothing waits."""
    for _round in range(2000):
        ((left,),) = shop.sql("SELECT count(*) FROM dropship_customer_refund WHERE state = 'planned'")
        if not left:
            return
        shop.alone(cron("dropship_flow.cron_customer_refunds"), timeout=300)
    raise AssertionError("Money is left")


def ledger_of(shop, ledger, order_ids):
    """Cents the service paid back by order, and how often it was asked."""
    sources = dict(
        shop.sql(
            "SELECT transaction_id, sale_order_id FROM sale_order_transaction_rel WHERE sale_order_id = ANY(%s)",
            order_ids,
        )
    )
    sums, times = Counter(), Counter()
    for row in payment_service.booked(ledger):
        if row["source"] in sources:
            sums[sources[row["source"]]] += row["amount"]
            times[sources[row["source"]]] += 1
    return sums, times


def test_customer_agent_and_webhook_refund_the_same_piece(shop, service):
    """One refund of each order, in our book and in the service's, whoever of eight comes first."""
    for _round in range(rounds(1, 50)):
        order_ids = paid_orders(shop, FEW)
        names = [("customer", "agent", "webhook")[number % 3] for number in range(WORKERS)]
        answers = shop.together(*[giver(order_ids, name) for name in names], timeout=900)
        assert all(answer.fine for answer in answers), answers
        assert not any("never" in answer.value for answer in answers), answers
        book = refunds_of(shop, order_ids)
        assert set(book) == set(order_ids)
        assert set(book.values()) == {(1, 10000, 10000)}
        send_all(shop)
        ends = shop.sql(
            "SELECT state, note, count(*) FROM dropship_customer_refund WHERE order_id = ANY(%s) GROUP BY 1, 2",
            order_ids,
        )
        assert [row[0] for row in ends] == ["sent"], ends
        sums, times = ledger_of(shop, service, order_ids)
        assert set(times.values()) == {1} and set(sums.values()) == {10000} and set(sums) == set(order_ids)


def test_the_same_request_many_times(shop, service):
    """A double click on eight workers is one refund."""
    order_ids = paid_orders(shop, 20)
    answers = shop.together(*[giver(order_ids, "customer")] * WORKERS)
    assert [answer.value for answer in answers] == [{"made": 20}] * WORKERS, "the second finds what the first made"
    assert set(refunds_of(shop, order_ids).values()) == {(1, 10000, 10000)}
    send_all(shop)
    assert set(ledger_of(shop, service, order_ids)[1].values()) == {1}


def parts(order_id, amounts):
    """A worker that gives back these parts: {number: amount}."""

    def job(cr):
        ends = Counter()
        for number, amount in amounts.items():

            def work(env, number=number, amount=amount):
                order = env["sale.order"].browse(order_id)
                env["dropship.refund"]._make(order, wish(order, amount=Decimal(amount)), key=f"part {number}")
                return "made"

            ends[insist(cr, work).split(":")[0]] += 1
        return dict(ends)

    return job


def test_thirty_parts_race_to_a_hundred(shop, service):
    """Exactly 100.00, while the first of them are already on their way; the thirty-first is refused."""
    for _round in range(rounds(1, 40)):
        (order_id,) = paid_orders(shop, 1)
        amounts = dict.fromkeys(range(29), "3.33") | {29: "3.43"}
        jobs = [
            parts(order_id, {number: amounts[number] for number in range(worker, 30, WORKERS - 1)})
            for worker in range(WORKERS - 1)
        ]
        answers = shop.together(*jobs, cron("dropship_flow.cron_customer_refunds"), timeout=300)
        made = sum((Counter(answer.value) for answer in answers[:-1]), Counter())
        assert made == {"made": 30}, answers
        assert refunds_of(shop, [order_id]) == {order_id: (30, 10000, 10000)}
        late = shop.alone(parts(order_id, {30: "0.01"}))
        assert late.value == {"refused": 1}, late
        send_all(shop)
        sums, times = ledger_of(shop, service, [order_id])
        assert (sums[order_id], times[order_id]) == (10000, 30)
        states = shop.sql("SELECT DISTINCT state FROM dropship_customer_refund WHERE order_id = %s", order_id)
        assert states == [("sent",)]


def test_more_than_all_races_for_what_there_is(shop, service):
    """Forty parts of 3.33 want 133.20: thirty get theirs."""
    for _round in range(rounds(1, 20)):
        (order_id,) = paid_orders(shop, 1)
        jobs = [
            parts(order_id, {f"more {number}": "3.33" for number in range(worker, 40, WORKERS)})
            for worker in range(WORKERS)
        ]
        answers = shop.together(*jobs, timeout=300)
        made = sum((Counter(answer.value) for answer in answers), Counter())
        assert made == {"made": 30, "refused": 10}, answers
        assert refunds_of(shop, [order_id])[order_id][1] == 9990


def test_killed_after_the_service_paid(shop, service):
    """The money went once; nobody sends it again; a person looks."""
    send_all(shop)  # what other tests left
    for _round in range(rounds(3, 20)):
        (order_id,) = paid_orders(shop, 1)
        assert shop.alone(giver([order_id], "customer")).value == {"made": 1}

        def setup(_number):
            real = payment_service.ask

            def ask(address, transaction):
                real(address, transaction)
                die()

            payment_service.ask = ask

        assert shop.alone(cron("dropship_flow.cron_customer_refunds"), setup=setup).killed
        assert shop.sql("SELECT state FROM dropship_customer_refund WHERE order_id = %s", order_id) == [("sending",)]
        assert shop.sql("SELECT state FROM dropship_refund WHERE order_id = %s", order_id) == [("planned",)]
        for _time in range(3):  # while it is not clear, nothing is sent
            shop.alone(cron("dropship_flow.cron_customer_refunds"))
        shop.sql(
            "UPDATE dropship_customer_refund SET write_date = write_date - interval '2 hours' WHERE order_id = %s",
            order_id,
        )
        for _time in range(3):
            shop.alone(cron("dropship_flow.cron_customer_refunds"))
        _sums, times = ledger_of(shop, service, [order_id])
        assert times == {order_id: 1}
        ((state, note),) = shop.sql("SELECT state, note FROM dropship_customer_refund WHERE order_id = %s", order_id)
        assert state == "person" and "interrupted" in note
        assert shop.sql("SELECT state FROM dropship_refund WHERE order_id = %s", order_id) == [("person",)]
        again = shop.alone(giver([order_id], "agent"))
        assert again.value == {"refused": 1}, "what waits for a person is not refunded by another way"


def test_killed_anywhere_while_a_refund_is_made(shop, service):
    """Either all of it is there or nothing: after a second try exactly one."""
    for number in range(5, rounds(300, 600), rounds(25, 5)):
        (order_id,) = paid_orders(shop, 1)
        shop.alone(giver([order_id], "customer"), setup=die_at(number))
        rows = refunds_of(shop, [order_id])
        lanes = shop.sql("SELECT count(*) FROM dropship_customer_refund WHERE order_id = %s", order_id)[0][0]
        assert lanes == len(rows)
        assert shop.alone(giver([order_id], "customer")).value == {"made": 1}
        assert refunds_of(shop, [order_id]) == {order_id: (1, 10000, 10000)}
