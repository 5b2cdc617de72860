"""The clocks of silence, run by several workers while suppliers wake up: no unit has two open purchases."""

from harness import cron, retried, rounds
from invariants import assert_bought_once, purchases
from work import quotations


def silent(shop, count):
    """Ids of sales whose suppliers were asked to cancel and have not said a word; both clocks have run out."""
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "manual"
    ids = quotations(shop, count)
    with shop.env() as env:
        env["sale.order"].browse(ids).action_confirm()
    with shop.env() as env:
        waiting = env["sale.order"].browse(ids).dropship_purchase_ids.filtered(lambda order: order.state == "sent")
        waiting.dropship_answer_by = "2020-01-01"
    with shop.env() as env:
        env["purchase.order"]._cron_silent()
    with shop.env() as env:
        waiting = env["sale.order"].browse(ids).dropship_purchase_ids.filtered("dropship_give_up_at")
        waiting.dropship_give_up_at = "2020-01-01"
        assert waiting
        return ids, waiting.ids


def answered_automatically(shop):
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "auto"


def accept(purchase_id):
    """He accepts in the last moment, or too late."""

    def work(env):
        purchase = env["purchase.order"].browse(purchase_id)
        exchange = env["dropship.exchange"]
        answer = {"ref": purchase.name, "status": "accepted", "serial": 0, "remote_ref": "", "reason": "",
                  "reason_code": "", "currency": "", "lines": [], "parcels": []}  # fmt: skip
        supplier = purchase.dropship_warehouse_id.supplier_id
        message = exchange._put_in(answer, f"fault {purchase_id}", purchase, supplier, purchase.company_id)
        message._process()

    return work


def test_two_workers_on_the_clock(shop):
    """Each purchase is given up once, whoever takes it."""
    for _round in range(rounds(2, 20)):
        ids, given_up = silent(shop, 6)
        answered_automatically(shop)
        answers = shop.together(*[cron("dropship_flow.cron_give_up")] * 3)
        assert all(answer.fine for answer in answers), answers
        with shop.env() as env:  # what one of them could not have is left for the next run
            env["purchase.order"]._cron_give_up()
        states = dict(shop.sql("SELECT id, state FROM purchase_order WHERE id = ANY(%s)", given_up))
        assert set(states.values()) == {"cancel"}
        assert_bought_once(shop, ids)


def test_an_acceptance_meets_the_clock(shop):
    """Either he keeps it, or it is bought elsewhere and a person hears that goods may come twice."""
    seen = set()
    for _round in range(rounds(4, 40)):
        ids, given_up = silent(shop, 1)
        answered_automatically(shop)
        answers = shop.together(
            cron("dropship_flow.cron_give_up"), retried(accept(given_up[0])), cron("dropship_flow.cron_give_up")
        )
        assert all(answer.fine for answer in answers), answers
        with shop.env() as env:
            env["purchase.order"]._cron_give_up()
        ((state,),) = shop.sql("SELECT state FROM purchase_order WHERE id = %s", given_up[0])
        risky = shop.sql(
            "SELECT 1 FROM dropship_exception WHERE purchase_id = %s AND kind = 'duplicate_risk' AND state = 'open'",
            given_up[0],
        )
        assert state in ("purchase", "cancel")
        assert bool(risky) == (state == "cancel")
        assert_bought_once(shop, ids)
        assert purchases(shop, ids)
        seen.add(state)
    assert seen
