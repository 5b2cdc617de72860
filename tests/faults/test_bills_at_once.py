"""Bills handed in in the same moment: a number is taken once, a file is kept once, goods are billed once."""

import pytest
from harness import WORKERS, retried, rounds
from work import quotations


@pytest.fixture(scope="module", autouse=True)
def books(shop):
    """Accounts and a journal: without them no bill could be entered."""
    from odoo.addons.dropship_flow.tests.common_bill_upload import BillFactories  # noqa: PLC0415 - needs the shop's path

    with shop.world() as world:
        BillFactories.open_purchase_books.__func__(world)


def shipped(shop):
    """(supplier id, company id, purchase name, [(sku, quantity, price)]) of a new order that left."""
    ids = quotations(shop, 1)
    with shop.env() as env:
        order = env["sale.order"].browse(ids)
        order.action_confirm()
        purchase = order.dropship_purchase_ids[:1]
        purchase._dropship_take_parcels([{"number": f"DHL{purchase.id:08}", "carrier": "DHL", "lines": []}])
        rows = env["dropship.bill.upload"].new({})._bought(purchase)
        supplier = purchase.dropship_warehouse_id.supplier_id
        goods = [(row.sku, float(row.ordered), float(row.price)) for row in rows]
        return supplier.id, purchase.company_id.id, purchase.name, goods


def hand_in(found, number, remark=""):
    supplier_id, company_id, name, goods = found
    lines = [f"{number},2026-05-04,{name},{sku},{qty:g},{price}" for sku, qty, price in goods]
    content = "\n".join([f"{remark}", "Bill no,Bill date,Order,SKU,Quantity,Unit price", *lines]).encode() + b"\n"

    def work(env):
        env["dropship.bill.upload"]._receive(
            env["dropship.supplier"].browse(supplier_id), env["res.company"].browse(company_id), "bill.csv", content
        )
        return True

    return retried(work)


def states(shop, found):
    return sorted(
        state for (state,) in shop.sql(
            "SELECT state FROM dropship_bill_upload u WHERE u.supplier_id = %s AND u.id IN "
            "(SELECT upload_id FROM dropship_bill_upload_line WHERE ref = %s)", found[0], found[2],
        )
    )  # fmt: skip


def test_two_bills_with_one_number(shop):
    for number in range(rounds(3)):
        found = shipped(shop)
        shop.together(*[hand_in(found, f"N-{found[2]}-{number}", f"file {worker}") for worker in range(WORKERS)])
        kept = states(shop, found)
        assert len(kept) == WORKERS
        assert len([state for state in kept if state != "held"]) == 1, kept


def test_the_same_file_many_times(shop):
    for number in range(rounds(3)):
        found = shipped(shop)
        shop.together(*[hand_in(found, f"F-{found[2]}-{number}")] * WORKERS)
        assert len(states(shop, found)) == 1


def test_goods_billed_under_two_numbers(shop):
    for _round in range(rounds(3)):
        found = shipped(shop)
        shop.together(*[hand_in(found, f"G-{found[2]}-{worker}") for worker in range(WORKERS)])
        billed = shop.sql(
            "SELECT line.purchase_line_id, sum(line.quantity), min(bought.product_qty) FROM account_move_line line "
            "JOIN purchase_order_line bought ON bought.id = line.purchase_line_id "
            "JOIN purchase_order purchase ON purchase.id = bought.order_id "
            "WHERE purchase.name = %s AND line.parent_state <> 'cancel' GROUP BY 1", found[2],
        )  # fmt: skip
        assert all(quantity <= ordered for _line, quantity, ordered in billed), billed
