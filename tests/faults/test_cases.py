"""Odd orders, rules changed meanwhile, several companies: a right purchase, a reason to wait, or a clear refusal."""

import pytest
from harness import WORKERS, retried, rounds, rpc
from invariants import assert_bought_once, broken, holds, purchases
from work import unrouted


@pytest.fixture
def by_hand(shop):
    """Suppliers are answered for by the buyer, during the test."""
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "manual"
    yield
    with shop.world() as world:
        world.env["dropship.supplier"].search([]).answer_mode = "auto"


# ----------------------------------------------------------------------
# Scenario 8: refused
# ----------------------------------------------------------------------


def test_refused_by_one_after_the_other(shop, by_hand):
    """Each source is asked once, never again after it refused; in the end a person is called."""
    with shop.world() as world:
        order_id = world.make_sale(world.lamp, confirm=True).id
    buyer, asked = shop.user("buyer"), []
    for _hop in range(10):
        sent = shop.sql(
            """
            SELECT purchase.id, partner.name FROM purchase_order purchase
              JOIN res_partner partner ON partner.id = purchase.partner_id
             WHERE purchase.dropship_sale_id = %s AND purchase.state = 'sent'""",
            order_id,
        )
        if not sent:
            break
        ((purchase_id, supplier),) = sent
        asked.append(supplier)
        answer = shop.alone(
            retried(
                lambda env, purchase_id=purchase_id: (
                    env["dropship.purchase.refuse"]
                    .create({"purchase_id": purchase_id, "reason": "stock"})
                    .action_refuse()
                ),
                buyer,
            )
        )
        assert answer.fine, answer
    assert sorted(asked) == ["Dawn", "Rhein", "Yiwu"], asked
    assert [kind for _order, kind, _reasons in holds(shop, [order_id])] == ["no_source"]
    activities = shop.sql(
        "SELECT count(*) FROM mail_activity WHERE res_model = 'sale.order' AND res_id = %s AND active", order_id
    )
    assert activities[0][0] >= 1
    assert not broken(shop, [order_id])
    # Trying again changes nothing: nobody is asked a second time.
    assert shop.alone(rpc(buyer, "sale.order", "action_dropship_release", [order_id])).fine
    assert len(purchases(shop, [order_id])[order_id]) == 3


# ----------------------------------------------------------------------
# Scenario 9: rules changed meanwhile
# ----------------------------------------------------------------------


def test_policy_edited_while_orders_are_routed(shop):
    """Every decision says by which version of the policy it was made, and that version was the valid one."""
    with shop.world() as world:
        order_ids = [world.hero(partner=world.make_partner(f"Buyer {number}")).id for number in range(WORKERS - 1)]
        policy_id, before = world.policy.id, world.policy.version
    edits = rounds(5, 30)

    def edit(cr):
        for number in range(edits):
            vals = {"auto_limit": 100000 + number}
            retried(lambda env, vals=vals: env["dropship.routing.policy"].browse(policy_id).write(vals))(cr)

    user_id = shop.user("user")
    answers = shop.together(edit, *[rpc(user_id, "sale.order", "action_confirm", [order_id]) for order_id in order_ids])
    assert all(answer.fine for answer in answers), answers
    assert_bought_once(shop, order_ids)
    found = shop.sql(
        "SELECT DISTINCT policy_id, policy_version FROM dropship_routing_decision WHERE order_id = ANY(%s)", order_ids
    )
    assert {policy for policy, _version in found} == {policy_id}
    assert {version for _policy, version in found} <= set(range(before, before + edits + 1))
    assert shop.sql("SELECT version FROM dropship_routing_policy WHERE id = %s", policy_id) == [(before + edits,)]
    with shop.world() as world:
        world.policy.auto_limit = 0.0


def test_archived_is_never_chosen(shop):
    """Archived offers, warehouses and suppliers are out, and the order says why when nobody is left."""
    archived = ("Rhein", "Yiwu", "Dawn")
    for count, name in enumerate(archived, start=1):
        with shop.world() as world:
            supplier = world.suppliers[name]
            record = (world.offers[name, world.lamp], supplier.warehouse_ids, supplier)[count - 1]
            record.active = False
            if count == 2:
                assert supplier.active
            order_id = world.make_sale(world.lamp, confirm=True).id
        bought = {supplier for supplier, _state in purchases(shop, [order_id]).get(order_id, [])}
        assert not bought & set(archived[:count]), bought
        assert not broken(shop, [order_id])
        if count < 3:
            assert_bought_once(shop, [order_id])
        else:
            assert [kind for _order, kind, _reasons in holds(shop, [order_id])] == ["no_source"]
    with shop.world() as world:
        everything = world.env["dropship.supplier"].with_context(active_test=False).search([])
        everything.active = True
        everything.with_context(active_test=False).warehouse_ids.active = True
        world.env["dropship.offer"].with_context(active_test=False).search([]).active = True


# ----------------------------------------------------------------------
# Scenario 11: odd orders
# ----------------------------------------------------------------------


def odd_lines(world):
    """{name: (lines of an order, which of them are bought)}; a line is the values of a sale order line."""
    env = world.env
    lamp = {"product_id": world.lamp.id, "product_uom_qty": 2.0}
    service = env["product.product"].create(
        {"name": "Fitting", "type": "service", "list_price": 20.0, "taxes_id": False}
    )
    combo_choice = env["product.combo"].create(
        {"name": "Light", "combo_item_ids": [(0, 0, {"product_id": world.lamp.id})]}
    )
    combo = env["product.product"].create(
        {"name": "Set", "type": "combo", "list_price": 30.0, "combo_ids": [(6, 0, combo_choice.ids)], "taxes_id": False}
    )
    third = env["uom.uom"].create(
        {"name": "Third", "relative_factor": 0.333, "relative_uom_id": env.ref("uom.product_uom_unit").id}
    )
    dozen = env.ref("uom.product_uom_dozen")
    return {
        "service beside goods": ([lamp, {"product_id": service.id}], [2.0, 0]),
        "service alone": ([{"product_id": service.id}], [0]),
        "combo": ([{"product_id": combo.id}, lamp], [0, 2.0]),
        "quantity zero": ([{**lamp, "product_uom_qty": 0.0}, lamp], [0, 2.0]),
        "negative line": ([{**lamp, "product_uom_qty": -1.0}, lamp], [0, 2.0]),
        "dozen": ([{**lamp, "product_uom_qty": 1.0, "product_uom_id": dozen.id}], [12.0]),
        "a third of a unit": ([{**lamp, "product_uom_qty": 3.0, "product_uom_id": third.id}], [0.999]),
        "the same product twice": ([lamp, {**lamp, "product_uom_qty": 3.0}], [2.0, 3.0]),
        "free of charge": ([{**lamp, "price_unit": 0.0}], [2.0]),
        "a note and a section": (
            [{"display_type": "line_section", "name": "Lights"}, lamp, {"display_type": "line_note", "name": "Thanks"}],
            [0, 2.0, 0],
        ),
    }


NAMES = (
    "service beside goods", "service alone", "combo", "quantity zero", "negative line", "dozen", "a third of a unit",
    "the same product twice", "free of charge", "a note and a section",
)  # fmt: skip


@pytest.fixture(scope="module")
def odd_orders(shop):
    """{name: (order id, what each line shall be bought)}, each confirmed by a process of its own."""
    with shop.world() as world:
        table = odd_lines(world)
        assert set(table) == set(NAMES)
        orders = {}
        for name, (values, expected) in table.items():
            order = world.make_sale()
            order.write({"order_line": [(0, 0, vals) for vals in values]})
            orders[name] = (order.id, expected)
    user_id = shop.user("user")
    jobs = [rpc(user_id, "sale.order", "action_confirm", [order_id]) for order_id, _expected in orders.values()]
    answers = dict(zip(orders, shop.together(*jobs), strict=True))
    return {name: (*orders[name], answers[name]) for name in orders}


@pytest.mark.parametrize("name", NAMES)
def test_odd_order(shop, odd_orders, name):
    """Each line is bought to the last unit, or plainly none of our business; nothing is rounded away."""
    order_id, expected, answer = odd_orders[name]
    assert answer.fine, answer
    rows = shop.sql(
        """
        SELECT COALESCE((SELECT round(sum(row.qty)::numeric, 4) FROM dropship_allocation row
                          WHERE row.line_id = line.id AND row.state <> 'released'), 0)
          FROM sale_order_line line WHERE line.order_id = %s ORDER BY line.sequence, line.id""",
        order_id,
    )
    assert [pytest.approx(float(quantity), abs=0.006) for (quantity,) in rows] == expected
    assert not broken(shop, [order_id])


# ----------------------------------------------------------------------
# Scenario 12: several companies
# ----------------------------------------------------------------------


def test_companies_buy_for_themselves(shop):
    """A supplier of another company is never asked; a shared one is bought from by whoever sells."""
    with shop.world() as world:
        product = world.make_product("Shared Lamp", taxes_id=False)
        own = world.make_supplier("Only Ours")
        warehouse = world.make_warehouse(own)
        world.make_rate(warehouse, 3.0, countries="DE")
        world.make_offer(warehouse, product, 9.0)
        shared = world.make_supplier("Everybody's", company_id=False)
        shared_warehouse = world.make_warehouse(shared)
        world.make_rate(shared_warehouse, 3.0, countries="DE")
        world.make_offer(shared_warehouse, product, 12.0)
        first = world.make_sale(product).id
        world.company = world.euro_company("Second Shop")
        world.make_policy("buy")
        second = world.make_sale(product, partner=world.make_partner("Second Customer")).id
        lonely = world.make_product("Lonely Lamp", taxes_id=False)
        world.make_offer(warehouse, lonely, 9.0)
        third = world.make_sale((lonely, 1), (product, 1), partner=world.make_partner("Third Customer")).id
        stranger = world.make_login("user", company=world.company, login="stranger")
        stranger.group_ids |= world.env.ref("sales_team.group_sale_salesman_all_leads")
    users = (shop.user("user"), shop.user("stranger"), shop.user("stranger"))
    answers = shop.together(
        *[
            rpc(user_id, "sale.order", "action_confirm", [order_id])
            for user_id, order_id in zip(users, (first, second, third), strict=True)
        ]
    )
    assert all(answer.fine for answer in answers[:2]), answers
    bought = purchases(shop, [first, second, third])
    assert {supplier for supplier, _state in bought[first]} == {"Only Ours"}
    assert {supplier for supplier, _state in bought[second]} == {"Everybody's"}
    assert not any(supplier == "Only Ours" for supplier, _state in bought.get(third, []))
    assert not shop.sql(
        """
        SELECT purchase.id FROM purchase_order purchase JOIN sale_order sale ON sale.id = purchase.dropship_sale_id
         WHERE purchase.company_id <> sale.company_id"""
    )
    assert not broken(shop, [first, second, third])
    # Somebody of the second company has no business with the first one's order.
    (held,) = unrouted(shop, 1)
    for method in ("action_dropship_release", "action_dropship_preview", "action_cancel"):
        answer = shop.alone(rpc(shop.user("stranger"), "sale.order", method, [held]))
        assert answer.error == "AccessError", (method, answer)
    assert [kind for _order, kind, _reasons in holds(shop, [held])] == ["no_source"]
