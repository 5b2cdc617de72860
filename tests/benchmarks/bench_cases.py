#!/usr/bin/env python3
"""Time the board of cases with many open cases and print a markdown table.

Orders are inserted as for the order desk, then one open case per order by SQL, spread over columns, reasons, suppliers,
verdicts and agents. A service agent opens the board, its search panel, the list and one case. Beside it, in the same
run and with the same number of records, Odoo's own list and board of sales orders: the peer. What is read is what the
views ask for. Every measurement is a transaction of its own with empty record caches.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_desk import clone, insert, measure, top
from lxml import etree
from odoo_world import Base, fill, fresh

BOARD_MS = 300
REASONS = 12
AGENTS = 8
# Stages a case is open in, and what is due in them.
STAGES = (
    ("asked", "decide", "us"), ("our_turn", "answer", "us"), ("your_turn", "answer", "customer"),
    ("send", "send", "customer"), ("on_the_way", "chase", "us"), ("arrived", "inspect", "us"),
    ("in_work", "resolve", "us"), ("preparing", "approve", "supplier"), ("unasked", "look", "us"),
)  # fmt: skip


def insert_cases(env, count):
    """One open case per order, copied from one that was opened by the automation."""
    cases = env["dropship.return"]
    if cases.search_count([], limit=count) >= count:
        return
    insert(env, count)
    order = env["sale.order"].search([("client_order_ref", "=", "bench template")], limit=1)
    reasons = env["dropship.return.reason"].create(
        [{"name": f"Bench reason {number}", "code": f"bench {number}"} for number in range(REASONS)]
    )
    agents = people(env)
    line = {"order_line": order.order_line[0], "qty": 1, "reason": reasons[0]}
    case = cases._open(order, [line], "agent", user_id=agents[0].id)
    env.flush_all()
    env.cr.execute("ALTER TABLE bench ADD case_id integer")
    env.cr.execute("UPDATE bench SET case_id = %s + n", [top(env, "dropship_return")])
    due = "(now() at time zone 'utc' + make_interval(mins => (b.n * 7919) % 20000 - 4000))"
    shared = {
        "create_date": "now()", "write_date": "now()",
        "product_id": one_of(env["product.product"].search([], limit=40)),
        "supplier_id": one_of(env["dropship.supplier"].search([], limit=20), 3), "reason_id": one_of(reasons, 7),
    }  # fmt: skip
    stage, what, party = (choice([row[place] for row in STAGES]) for place in range(3))
    clone(env, "dropship_return", case.id, {
        **shared, "id": "b.case_id", "name": "'RMA/2026/' || lpad((b.n + 90000)::varchar, 6, '0')",
        "partner_id": "b.partner_id", "user_id": one_of(agents, 11), "stage": stage, "due_what": what, "due_by": party,
        "due_at": due, "wake_at": due, "amount_asked": "5 + b.n % 300", "token": "NULL", "token_key": "NULL",
        "verdict": choice(["accept", "look", "refuse"]), "opened_at": "now() - make_interval(hours => b.n % 900)",
        "approval": f"CASE {stage} WHEN 'preparing' THEN 'waiting' END", "withdrawal": "b.n % 25 = 0",
    }, "TRUE")  # fmt: skip
    clone(
        env,
        "dropship_return_line",
        case.line_ids.id,
        {**shared, "return_id": "b.case_id", "order_id": "b.order_id", "order_line_id": "b.line_id"},
        "TRUE",
    )
    for table in ("dropship_return", "dropship_return_line"):
        env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    env.invalidate_all()
    inserted = cases.search([])
    inserted._compute_board_column()
    env.flush_all()


def people(env):
    """The agents; the first one looks at the board."""
    groups = [
        env.ref("dropship_flow_aftersales.group_aftersales_agent").id,
        env.ref("sales_team.group_sale_salesman_all_leads").id,
    ]
    return env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": f"Agent {number}", "login": f"bench agent {number}", "group_ids": [(4, id_) for id_ in groups],
                "company_id": env.company.id, "company_ids": [(6, 0, env.company.ids)],
            }
            for number in range(AGENTS)
        ]
    )  # fmt: skip


def choice(words):
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{quoted}])[1 + b.n % {len(words)}]"


def one_of(records, step=1):
    ids = ", ".join(map(str, records.ids))
    return f"(ARRAY[{ids}])[1 + (b.n / {step}) % {len(records)}]"


# ----------------------------------------------------------------------
# What the client asks for
# ----------------------------------------------------------------------


def view(env, model, kind, xmlid=None):
    """A view as the reader gets it."""
    view_id = env.ref(xmlid).id if xmlid else False
    return etree.fromstring(env[model].get_views([(view_id, kind)])["views"][kind]["arch"])


def specification(env, model, arch):
    """What the client reads for each record of a view."""
    spec = {}
    for node in arch.xpath("//field[@name][not(ancestor::field)]"):
        field = env[model]._fields[node.get("name")]
        spec[field.name] = {"fields": {"display_name": {}}} if field.type in ("many2one", "many2many") else {}
    return spec


def read_list(env, model, xmlid=None, domain=()):
    spec = specification(env, model, view(env, model, "list", xmlid))
    return env[model].web_search_read(list(domain), spec, limit=80, count_limit=10001)


def read_board(env, model, group, summed, xmlid=None, domain=()):
    """The columns with their first cards and sums, and the bars above them."""
    arch = view(env, model, "kanban", xmlid)
    found = env[model].with_context(read_group_expand=True).web_read_group(
        list(domain), [group], ["__count", f"{summed}:sum"], auto_unfold=True, unfold_read_default_limit=20,
        unfold_read_specification=specification(env, model, arch),
    )  # fmt: skip
    for bar in arch.xpath("//progressbar"):
        colors = json.loads(bar.get("colors"))
        env[model].read_progress_bar(list(domain), group, {"field": bar.get("field"), "colors": colors})
    return found


def read_panel(env, model):
    """Every part of the search panel, with its counts."""
    search = view(env, model, "search")
    domain = [("state", "=", "open")]
    for node in search.xpath("//searchpanel/field"):
        multi = node.get("select") == "multi"
        read = env[model].search_panel_select_multi_range if multi else env[model].search_panel_select_range
        read(node.get("name"), enable_counters=True, search_domain=domain, **({"group_by": False} if multi else {}))


def read_form(env, number):
    cases = env["dropship.return"]
    arch = view(env, "dropship.return", "form")
    return cases.search([], limit=1, offset=number * 97).web_read(specification(env, "dropship.return", arch))


def screens():
    """[(title, limit in ms or None, function)]."""
    cases, is_open = "dropship.return", [("state", "=", "open")]
    late = [*is_open, ("is_overdue", "=", True)]
    return [
        ("board, first page", BOARD_MS, lambda env, _n: read_board(
            env, cases, "board_column", "amount_asked", domain=is_open)),
        ("search panel", None, lambda env, _n: read_panel(env, cases)),
        ("list, first page", BOARD_MS, lambda env, _n: read_list(env, cases, domain=is_open)),
        ("list, overdue", BOARD_MS, lambda env, _n: read_list(env, cases, domain=late)),
        ("one case", None, read_form),
        ("peer: Odoo's board of sales orders", None, lambda env, _n: read_board(
            env, "sale.order", "state", "amount_total", "sale.view_sale_order_kanban")),
        ("peer: Odoo's list of sales orders", None, lambda env, _n: read_list(
            env, "sale.order", "sale.view_order_tree")),
    ]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it keeps the cases")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        base.run(fill)
        base.run(lambda env: insert_cases(env, args.cases))
        with base.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("VACUUM ANALYZE")
        agent = base.run(lambda env: env["res.users"].search([("login", "=", "bench agent 0")]).id)[0]
        rows = [(title, limit, *measure(base, agent, work, args.rounds)) for title, limit, work in screens()]
    medians = {row[0]: row[2] for row in rows}
    ratio = medians["board, first page"] / medians["peer: Odoo's board of sales orders"]
    print(f"\n{args.cases} open cases, Python {platform.python_version()}\n")
    print("| what | median ms | worst ms | queries | limit ms | held |\n|---|---|---|---|---|---|")
    for title, limit, median, worst, queries in rows:
        held = "" if limit is None else "yes" if median < limit else "NO"
        print(f"| {title} | {median} | {worst} | {queries} | {limit or ''} | {held} |")
    print(f"\nboard of cases : Odoo's board of sales orders = {ratio:.2f} : 1")
    if args.json:
        args.json.write_text(json.dumps({"rows": rows, "ratio": ratio}, indent=1, ensure_ascii=False))
    return 0 if all(limit is None or median < limit for _title, limit, median, *_rest in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
