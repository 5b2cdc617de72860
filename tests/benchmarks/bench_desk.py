#!/usr/bin/env python3
"""Time the order desk over many orders and print a markdown table.

Orders, customers, purchases, transfers, allocations, holds and exceptions are inserted by SQL, in the shape the
automation leaves them: most are closed, some are under way, a few need a person. Then what a person does in the morning
is timed as the order desk: the list, its search panel, groupings, the Overview, and the search box with every kind of
key. Every measurement is a transaction of its own with empty record caches.
"""

import argparse
import json
import platform
import random
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh, quotations

LIST_MS, SEARCH_MS = 500, 200
# Share of the orders per stage, in percent; the rest is closed.
STAGES = {"unpaid": 0.2, "held": 0.3, "at_supplier": 1.0, "to_ship": 2.0, "on_the_way": 6.0, "delivered": 4.0}
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
COLUMNS = (
    "name", "date_order", "partner_id", "dropship_destination", "dropship_stage", "dropship_waiting",
    "dropship_hold_kind", "dropship_promised_date", "amount_total", "currency_id", "dropship_company_currency_id",
)  # fmt: skip

# One row per order to come: the ids of its records, its stage and its customer's name, half of them Chinese.
PLAN = """
CREATE TEMP TABLE bench AS
SELECT n, {ids}, stage, CASE WHEN n % 2 = 0
       THEN (%(first)s::varchar[])[1 + n % 40] || ' ' || (%(last)s::varchar[])[1 + (n / 40) % 50] || n
       ELSE substr(%(family)s, 1 + n % 20, 1) || substr(%(given)s, 1 + (n / 20) % 24, 1)
            || substr(%(given)s, 1 + (n / 480) % 24, 1) END AS person
  FROM generate_series(1, %(count)s) n CROSS JOIN LATERAL (SELECT CASE {stages} ELSE 'closed' END AS stage) stage_of
"""


def insert(env, count, seed=19):
    """The orders. One real order is confirmed by the automation, its rows are copied."""
    rng = random.Random(seed)
    if env["sale.order"].search_count([("client_order_ref", "=", "bench template")]):
        return
    order = template(env)
    row = order.dropship_allocation_ids[0]
    purchase, picking = row.purchase_id, row.purchase_id.picking_ids
    env.flush_all()
    plan(env, count, rng)
    state = "CASE b.stage WHEN 'at_supplier' THEN 'submitted' WHEN 'to_ship' THEN 'accepted' ELSE 'shipped' END"
    age = "(now() at time zone 'utc' - make_interval(days => b.n % 400, mins => b.n % 1440))"
    tables = (
        ("res_partner", order.partner_id.id, {
            "id": "b.partner_id", "commercial_partner_id": "b.partner_id", "name": "b.person",
            "complete_name": "b.person", "email": "'buyer' || b.n || '@mail' || (b.n % 40) || '.example'",
            "email_normalized": "'buyer' || b.n || '@mail' || (b.n % 40) || '.example'",
            "phone": "'+49 ' || (150 + b.n % 30) || ' ' || lpad(((b.n::bigint * 7919) % 10000000)::varchar, 7, '0')",
            "city": "'Town ' || (b.n % 900)", "zip": "(10000 + b.n % 89999)::varchar"}),
        ("sale_order", order.id, {
            "id": "b.order_id", "name": "'S' || lpad((b.n + 100000)::varchar, 7, '0')", "partner_id": "b.partner_id",
            "partner_invoice_id": "b.partner_id", "partner_shipping_id": "b.partner_id",
            "client_order_ref": "'AMZ-' || lpad(((b.n::bigint * 104729) % 10000000)::varchar, 7, '0')",
            "dropship_stage": "b.stage", "date_order": age, "access_token": "NULL", "write_date": "now()",
            "invoice_status": "CASE WHEN b.stage = 'closed' THEN 'invoiced' ELSE 'no' END",
            "dropship_delivered_at": f"CASE WHEN b.stage IN ('delivered', 'closed') THEN {age} END",
        }),
        ("sale_order_line", order.order_line[0].id, {
            "id": "b.line_id", "order_id": "b.order_id", "order_partner_id": "b.partner_id"}),
        ("purchase_order", purchase.id, {
            "id": "b.purchase_id", "name": "'P' || lpad((b.n + 100000)::varchar, 7, '0')", "access_token": "NULL",
            "partner_ref": "'1688-' || lpad(((b.n::bigint * 15485863) % 100000000)::varchar, 8, '0')",
            "dropship_sale_id": "b.order_id", "dropship_stage": "b.stage", "dest_address_id": "b.partner_id",
            "state": "CASE WHEN b.stage = 'at_supplier' THEN 'sent' ELSE 'purchase' END",
            "invoice_status": "CASE WHEN b.stage = 'closed' THEN 'invoiced' ELSE 'no' END",
            "dropship_answer_by": "CASE WHEN b.stage = 'at_supplier' THEN now() + interval '3 h' END",
        }),
        ("purchase_order_line", row.purchase_line_id.id, {
            "id": "b.purchase_line_id", "sale_line_id": "b.line_id",
            "order_id": "b.purchase_id"}),
        ("stock_picking", picking.id, {
            "id": "b.picking_id", "name": "'DS/' || b.n", "sale_id": "b.order_id", "partner_id": "b.partner_id",
            "origin": "NULL",
            "carrier_tracking_ref":
                "'RR' || lpad(((b.n::bigint * 32452843) % 1000000000)::varchar, 9, '0') || 'CN'",
            "state": "CASE WHEN b.stage IN ('at_supplier', 'to_ship') THEN 'assigned' ELSE 'done' END"}),
        ("dropship_allocation", row.id, {
            "line_id": "b.line_id", "order_id": "b.order_id", "state": state, "purchase_line_id": "b.purchase_line_id",
            "purchase_id": "b.purchase_id", "create_date": age, "accepted_at": age, "shipped_at": age,
            "qty_shipped": f"CASE WHEN {state} = 'shipped' THEN t.qty ELSE 0 END",
            "promised_date": f"({age} + interval '9 days')::date"}),
        ("dropship_routing_decision", row.decision_id.id, {"order_id": "b.order_id", "create_date": age}),
    )  # fmt: skip
    for table, template_id, changes in tables:
        clone(env, table, template_id, changes, "TRUE" if table != "dropship_allocation" else "b.stage <> 'unpaid'")
    env.cr.execute(
        "UPDATE sale_order o SET dropship_decision_id = d.id"
        " FROM dropship_routing_decision d JOIN bench b ON b.order_id = d.order_id WHERE o.id = d.order_id"
    )
    hold = env["dropship.hold"].with_context(tracking_disable=True)._raise(order, "guard", [["error", {"text": "x"}]])
    env.flush_all()
    clone(env, "dropship_hold", hold.id, {
        "order_id": "b.order_id", "kind": "(ARRAY['guard', 'no_source', 'approval', 'tax'])[1 + b.n % 4]"
    }, "b.stage = 'held'")  # fmt: skip
    clone(env, "dropship_hold", hold.id, {
        "order_id": "b.order_id", "kind": "'guard'", "state": "'released'"}, "b.stage = 'closed' AND b.n % 20 = 0")
    hold._close("solved")
    for table in [name for name, *_rest in tables] + ["dropship_hold"]:
        env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def plan(env, count, rng):
    """The temporary table all copies are made from."""
    tables = {
        "partner_id": "res_partner", "order_id": "sale_order", "line_id": "sale_order_line",
        "purchase_id": "purchase_order", "purchase_line_id": "purchase_order_line", "picking_id": "stock_picking",
    }  # fmt: skip
    ids = ", ".join(f"{top(env, table)} + n AS {column}" for column, table in tables.items())
    heads, tails = ("Web", "Schm", "Fisch", "Mull", "Beck", "Kra"), ("er", "idt", "ert", "auer", "hof")
    ends = ("nna", "ert", "ilo", "ora", "ina")
    first = [f"{rng.choice('ABCDEFGHJKLMNPRSTVW')}{rng.choice(ends)}{n}" for n in range(40)]
    last = [f"{rng.choice(heads)}{rng.choice(tails)}" for _ in range(50)]
    query = PLAN.format(ids=ids, stages=stage_cases()).replace("%", "%%").replace("%%(", "%(")
    env.cr.execute(query, {"first": first, "last": last, "family": FAMILY, "given": GIVEN, "count": count})


def stage_cases():
    """CASE branches that give each stage its share, spread over all ages."""
    branches, start = [], 0
    for stage, percent in STAGES.items():
        branches.append(f"WHEN (n * 7919) % 1000 < {start + percent * 10:.0f} THEN '{stage}'")
        start += percent * 10
    return " ".join(branches)


def top(env, table):
    env.cr.execute(f"SELECT max(id) FROM {table}")
    return env.cr.fetchone()[0]


def clone(env, table, template_id, changes, condition):
    """One copy of the template row per order that fulfils the condition."""
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    names = [name for (name,) in env.cr.fetchall() if name != "id" or "id" in changes]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changes.get(name, f't."{name}"') for name in names)
    env.cr.execute(
        f'INSERT INTO "{table}" ({quoted}) SELECT {values} FROM bench b, "{table}" t'
        f" WHERE t.id = {template_id} AND {condition}"
    )


def template(env):
    """One order bought, sent and accepted by the automation."""
    world = fill(env)
    env["dropship.routing.policy"].search([("name", "=", "Bench")]).automation = "buy"
    order = env["sale.order"].browse(quotations(env, world, 1, random.Random(1), 1))
    order.client_order_ref = "bench template"
    order.action_confirm()
    return order


def keys(env, count):
    """[(kind of key, [texts])] of orders that exist."""
    env.cr.execute(
        """
        SELECT o.name, o.client_order_ref, c.complete_name, c.email, c.phone, p.name, p.partner_ref,
               k.carrier_tracking_ref
          FROM sale_order o JOIN res_partner c ON c.id = o.partner_id JOIN purchase_order p ON p.dropship_sale_id = o.id
          JOIN stock_picking k ON k.sale_id = o.id
         WHERE o.id %% 997 = 3 ORDER BY o.id LIMIT %s
        """,
        [count * 2],
    )
    rows = env.cr.fetchall()
    chinese = [row[2] for row in rows if ord(row[2][0]) > 127]
    latin = [row[2] for row in rows if ord(row[2][0]) < 128]

    def column(place):
        return [row[place] for row in rows][:count]

    phones = column(4)
    return [
        ("order number", column(0)), ("reference", column(1)), ("name", latin[:count]),
        ("part of a name", [name.split()[0] for name in latin][:count]), ("Chinese name", chinese[:count]),
        ("two Chinese characters", [name[1:] for name in chinese][:count]), ("e-mail", column(3)), ("phone", phones),
        ("phone, other writing", ["0" + phone[4:].replace(" ", "-") for phone in phones]),
        ("last digits of a phone", [phone[-7:] for phone in phones]), ("purchase", column(5)),
        ("supplier's number", column(6)), ("tracking number", column(7)), ("nothing found", ["zzqqxx", "99999999999"]),
        ("two letters", ["xq", "qz"]),
    ]  # fmt: skip


def fetch(env, domain, limit=80):
    """What the list asks for."""
    spec = {name: {"fields": {"display_name": {}}} if name == "partner_id" else {} for name in COLUMNS}
    return len(env["sale.order"].web_search_read(domain, spec, limit=limit, count_limit=10001)["records"])


def overview(env):
    """The Overview as the client reads it."""
    home = env["dropship.overview"].browse(env["dropship.overview"].action_home()["res_id"])
    card = {"fields": {name: {} for name in ("key", "part", "title", "count", "hint")}}
    steps = ("in", "bought", "accepted", "shipped", "delivered", "touched")
    spec = {"headline": {}, "touchless": {}, "need_ids": card, "flow_ids": card}
    spec |= {f"today_{step}": {} for step in steps}
    return home.web_read(spec)


def panel(env):
    """The stages with their counts."""
    ours = [("dropship_stage", "!=", False)]
    return env["sale.order"].search_panel_select_range("dropship_stage", enable_counters=True, search_domain=ours)


def group(env, field):
    """A grouping of the list."""
    return env["sale.order"].formatted_read_group([("dropship_stage", "!=", False)], [field], ["__count"])


def screens():
    """[(title, what to time)]."""
    ours = [("dropship_stage", "!=", False)]
    return [
        ("list, all orders", lambda env: fetch(env, ours)),
        ("list, needs a person", lambda env: fetch(env, [*ours, ("dropship_needs_person", "=", True)])),
        ("list, at the supplier", lambda env: fetch(env, [("dropship_stage", "=", "at_supplier")])),
        ("list, 40 orders", lambda env: fetch(env, ours, 40)),
        ("search panel with counts", panel),
        ("grouped by stage", lambda env: group(env, "dropship_stage")),
        ("grouped by supplier", lambda env: group(env, "dropship_supplier_id")),
        ("grouped by country", lambda env: group(env, "dropship_country_id")),
        ("Overview", overview),
    ]


def measure(base, user, work, rounds):
    """(median ms, worst ms, most queries)."""
    times, queries = [], []
    for number in range(rounds + 1):
        _result, seconds, count = base.run(lambda env, number=number: work(env, number), user)
        if number:  # the first fills the caches of the worker
            times.append(seconds * 1000)
            queries.append(count)
    return round(statistics.median(times), 1), round(max(times), 1), max(queries)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it keeps the orders")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        user = base.run(fill)[0]["user"]
        base.run(lambda env: insert(env, args.orders))
        with base.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("VACUUM ANALYZE")
        texts = base.run(lambda env: keys(env, args.rounds + 1))[0]
        rows = []
        for title, work in screens():
            rows.append((title, LIST_MS, *measure(base, user, lambda env, _n, work=work: work(env), args.rounds)))
        for title, found in texts:
            def find(env, number, found=found):
                return fetch(env, [("dropship_search", "ilike", found[number % len(found)])])

            rows.append((f"find by {title}", SEARCH_MS, *measure(base, user, find, args.rounds)))
    print(f"\n{args.orders} orders, Python {platform.python_version()}\n")
    print("| what | median ms | worst ms | queries | limit ms | held |\n|---|---|---|---|---|---|")
    for title, limit, median, worst, queries in rows:
        print(f"| {title} | {median} | {worst} | {queries} | {limit} | {'yes' if median < limit else 'NO'} |")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    return 0 if all(row[2] < row[1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
