"""Cases worked on by many at once: a piece is asked for once, agreed once, paid once and moved once."""

from datetime import datetime, timedelta

import pytest
from harness import WORKERS, retried, rounds

PRICE = 50.0


@pytest.fixture(scope="module")
def reason_id(shop):
    with shop.env() as env:
        return env["dropship.return.reason"].create({"name": "Dislike", "code": "f_dislike", "liable": "customer"}).id


def delivered(shop, qty=2.0):
    """(order id, line id) of a paid order over lamps that arrived yesterday."""
    from odoo.addons.dropship_flow.trackers.said import Said  # noqa: PLC0415 - Odoo is loaded by the shop

    with shop.world() as world:
        env = world.env
        order = world.make_sale((world.lamp, qty, PRICE), confirm=True)
        provider = env["payment.provider"].create(
            {"name": "Pay", "code": "none", "company_id": world.company.id, "state": "test"}
        )
        method = env["payment.method"].create(
            {"name": "Card", "code": f"m{provider.id}", "support_refund": "partial", "provider_ids": provider.ids}
        )
        env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"pay-{order.id}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [(6, 0, order.ids)],
                "operation": "online_redirect",
                "state": "done",
                "is_post_processed": True,
            }
        )
        (purchase,) = order.dropship_purchase_ids
        number = f"0034{order.id:016d}"
        purchase._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
        box = env["dropship.shipment"].search([("number", "=", number)])
        at = datetime.utcnow().replace(microsecond=0) - timedelta(days=1)
        box._add_events([Said(at, "delivered")], source="service")
        assert order.order_line.qty_delivered == qty
        return order.id, order.order_line.id


def opening(line_id, reason_id, qty, key=None):
    """A worker that asks for pieces of a line."""

    def work(env):
        line = env["sale.order.line"].browse(line_id)
        row = {"order_line": line, "qty": qty, "reason": env["dropship.return.reason"].browse(reason_id)}
        return env["dropship.return"]._open(line.order_id, [row], "agent", key=key).id

    return retried(work)


def opened(shop, reason_id, qty=2.0):
    """(case id, order id)"""
    order_id, line_id = delivered(shop, qty)
    answer = shop.alone(opening(line_id, reason_id, qty))
    assert answer.fine, answer
    return answer.value, order_id


def given_back(shop, order_id):
    """What each refund of an order gave back, in percent of what was paid."""
    rows = shop.sql(
        """SELECT refund.money * 100 / sale.amount_total FROM dropship_refund refund
             JOIN sale_order sale ON sale.id = refund.order_id WHERE refund.order_id = %s""",
        order_id,
    )
    return [float(percent) for (percent,) in rows]


def offer_of(env, case, kind, **more):
    from odoo.addons.dropship_flow_aftersales.casework import Offer  # noqa: PLC0415

    return Offer(kind, tuple((line.id, line._decimal()) for line in case.line_ids), **more)


def test_one_piece_is_asked_for_once(shop, reason_id):
    for _round in range(rounds(2)):
        order_id, line_id = delivered(shop)
        answers = shop.together(*[opening(line_id, reason_id, 2.0)] * WORKERS)
        assert sorted(answer.error for answer in answers) == ["", *["UserError"] * (WORKERS - 1)], answers
        assert shop.sql("SELECT qty FROM dropship_return_line WHERE order_id = %s", order_id) == [(2,)]


def test_two_pieces_go_to_two_who_ask_for_one_each(shop, reason_id):
    order_id, line_id = delivered(shop)
    answers = shop.together(*[opening(line_id, reason_id, 1.0)] * WORKERS)
    assert sum(answer.fine for answer in answers) == 2, answers
    assert shop.sql("SELECT sum(qty) FROM dropship_return_line WHERE order_id = %s", order_id) == [(2,)]


def test_the_same_request_is_one_case(shop, reason_id):
    _order_id, line_id = delivered(shop)
    answers = shop.together(*[opening(line_id, reason_id, 2.0, key=f"request {line_id}")] * WORKERS)
    assert all(answer.fine for answer in answers), answers
    assert len({answer.value for answer in answers}) == 1


def test_an_offer_is_accepted_and_paid_once(shop, reason_id):
    """The customer presses the button on eight workers."""
    for _round in range(rounds(2)):
        case_id, order_id = opened(shop, reason_id)

        def propose(env, case_id=case_id):
            case = env["dropship.return"].browse(case_id)
            keep = offer_of(env, case, "keep", conditions=(("keep", {"percent": "20"}),))
            return case._record("offer", "agent", offer=keep).id

        offer_id = shop.alone(retried(propose)).value

        def take(env, case_id=case_id, offer_id=offer_id):
            about = env["dropship.return.event"].browse(offer_id)
            env["dropship.return"].browse(case_id)._record("take", "customer", about=about)

        answers = shop.together(*[retried(take)] * WORKERS)
        assert sorted(answer.error for answer in answers) == ["", *["UserError"] * (WORKERS - 1)], answers
        assert shop.sql("SELECT count(*) FROM dropship_resolution WHERE return_id = %s", case_id) == [(1,)]
        assert given_back(shop, order_id) == [20]


def test_a_parcel_is_counted_and_paid_once(shop, reason_id):
    """Eight people open the box: the goods move once, and the money goes once."""
    for _round in range(rounds(2)):
        case_id, order_id = opened(shop, reason_id)

        def send(env, case_id=case_id):
            case = env["dropship.return"].browse(case_id)
            if case.acceptance != "accepted":
                case._record("accept", "agent", offer=offer_of(env, case, "return", to="us", after="received"))
            return case._send_back(f"BACK{case_id:08d}", by="agent").id

        parcel_id = shop.alone(retried(send)).value

        def count(env, case_id=case_id, parcel_id=parcel_id):
            case = env["dropship.return"].browse(case_id)
            case._receive(env["dropship.return.parcel"].browse(parcel_id), {case.line_ids: 2.0}, "agent")

        answers = shop.together(*[retried(count)] * WORKERS, timeout=240)
        assert all(answer.fine for answer in answers), answers
        moved = shop.sql(
            """
            SELECT sum(move.quantity) FROM stock_move move
              JOIN dropship_return_parcel_line line ON line.id = move.dropship_return_line_id
              JOIN stock_location source ON source.id = move.location_id
             WHERE line.parcel_id = %s AND move.state = 'done' AND source.usage = 'customer'""",
            parcel_id,
        )
        assert moved == [(2,)]
        assert given_back(shop, order_id) == [100]
        assert shop.sql("SELECT qty_received FROM dropship_return_line WHERE return_id = %s", case_id) == [(2,)]
