"""Who works on profit: people with orders, collectors of the ledger, readers of reports."""

import time
from collections import Counter
from datetime import date
from decimal import Decimal

from harness import PRESSES, environment

CENT = Decimal("0.01")
ALWAYS = (date(2000, 1, 1), date(2100, 12, 31))
PATIENCE = 300  # seconds
BOOKS = """
    SELECT item.id, item.move_id, -item.balance
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
     WHERE item.company_id = %s AND item.parent_state = 'posted' AND item.balance <> 0
       AND (account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%')
"""
LEDGER = """
    SELECT entry.line_ref, SUM(entry.amount)
      FROM dropship_profit_entry entry
      JOIN dropship_profit_generation generation ON generation.id = entry.generation_id AND generation.state = 'live'
     WHERE entry.company_id = %s GROUP BY entry.line_ref
"""


def insist(cr, work):
    """`work(env)` until nobody else is in the way. What it returned."""
    from odoo.exceptions import ConcurrencyError  # noqa: PLC0415
    from odoo.service.model import retrying  # noqa: PLC0415
    from psycopg2 import OperationalError  # noqa: PLC0415

    for again in reversed(range(20 * PRESSES)):
        env = environment(cr)
        try:
            return retrying(lambda env=env: work(env), env)
        except (OperationalError, ConcurrencyError):
            cr.rollback()
            if not again:
                raise
    return None


def in_company(env, company):
    return env(context=dict(env.context, allowed_company_ids=[company], tracking_disable=True))


def writer(company, order_ids):
    """Confirms, ships, invoices, bills and gives back, each in a transaction of its own."""

    def job(cr):
        for order_id in order_ids:
            for step in (confirm, invoice, bill, give_back):
                insist(cr, lambda env, step=step, order_id=order_id: step(in_company(env, company), order_id))

    return job


def confirm(env, order_id):
    order = env["sale.order"].browse(order_id)
    order.action_confirm()
    for purchase in order.dropship_purchase_ids.filtered(lambda purchase: purchase.state == "purchase"):
        purchase._dropship_take_parcels([{"number": f"DE{purchase.id:09}", "carrier": "", "lines": []}])


def invoice(env, order_id):
    order = env["sale.order"].browse(order_id)
    order._force_lines_to_invoice_policy_order()
    order._create_invoices(final=True).action_post()


def bill(env, order_id):
    for purchase in env["sale.order"].browse(order_id).dropship_purchase_ids:
        lines = [
            (0, 0, {"product_id": line.product_id.id, "purchase_line_id": line.id, "quantity": line.product_qty,
                    "price_unit": line.price_unit, "tax_ids": [(5,)]})
            for line in purchase.order_line
        ]  # fmt: skip
        env["account.move"].create(
            {
                "move_type": "in_invoice", "partner_id": purchase.partner_id.id, "ref": f"R-{purchase.id}",
                "invoice_date": purchase.date_order.date(), "invoice_line_ids": lines,
                "currency_id": purchase.currency_id.id,
            }
        ).action_post()  # fmt: skip


def give_back(env, order_id):
    """Every other customer gets the money back."""
    if order_id % 2:
        return
    invoices = env["sale.order"].browse(order_id).invoice_ids
    wizard = env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoices.ids)
    reversal = wizard.create({"journal_id": invoices.journal_id.id})
    note = env["account.move"].browse(reversal.refund_moves()["res_id"])
    if note.state == "draft":
        note.action_post()


def collector(company, times):
    def job(cr):
        for _time in range(times):
            insist(cr, lambda env: collect(env, company))

    return job


def busy(cr, order_ids):
    """Whether orders wait for their bills still."""
    cr.rollback()
    cr.execute(
        """
        SELECT count(DISTINCT part.order_id) FROM dropship_allocation part
          JOIN account_move_line item ON item.purchase_line_id = part.purchase_line_id AND item.parent_state = 'posted'
         WHERE part.order_id = ANY(%s)
        """,
        [list(order_ids)],
    )
    return cr.fetchone()[0] < len(order_ids)


def steady_collector(company, order_ids, seconds=PATIENCE):
    """Collects as long as the orders are worked on."""

    def job(cr):
        until = time.monotonic() + seconds
        while busy(cr, order_ids) and time.monotonic() < until:
            insist(cr, lambda env: collect(env, company))
            time.sleep(0.2)

    return job


def collect(env, company):
    return env["dropship.profit.collector"]._collect(env["res.company"].browse(company))


def rebuilder(company, times=1):
    def job(cr):
        for _time in range(times):
            insist(cr, lambda env: env["dropship.profit.generation"]._rebuild(env["res.company"].browse(company)).id)

    return job


def reader(company, order_ids, seconds=PATIENCE):
    """Reports as long as the orders are worked on, each in one transaction; how many, and how many saw something new.

    Each is read twice with a pause between: what others do meanwhile must not show.
    """

    def job(cr):
        insist(cr, lambda env: env["dropship.profit.generation"]._live(env["res.company"].browse(company)).id)
        until, seen, count = time.monotonic() + seconds, set(), 0
        while busy(cr, order_ids) and time.monotonic() < until:
            cr.rollback()
            env = in_company(environment(cr), company)
            before = report(env, company)
            check(env, company, before)
            time.sleep(0.2)
            env.invalidate_all()
            assert report(env, company) == before, "the report changed while it was made"
            seen.add(before["total"])
            count += 1
        return [count, len(seen)]

    return job


def report(env, company):
    """Sums of what is booked and expected by several groupings, and the reconciliation of the month."""
    lines, domain = env["dropship.profit.line"], [("company_id", "=", company)]
    told = {
        by: {str(key): cents(amount) for key, amount in lines._read_group(domain, [by], ["amount:sum"])}
        for by in ("kind_id", "order_id", "date:month", "side", "stage")
    }
    [(total, count)] = lines._read_group(domain, [], ["amount:sum", "__count"])
    booked = [*domain, ("stage", "in", ("billed", "final"))]
    [(facts,)] = lines._read_group(booked, [], ["amount:sum"])
    day = env.cr.now().date()
    rows = env["dropship.profit.reconcile"]._compute(env["res.company"].browse(company), day)
    month = {row["account"].id: {name: cents(row[name]) for name in row if name != "account"} for row in rows}
    figures = env["dropship.profit.report"]._figures(env["res.company"].browse(company), *ALWAYS)
    return {
        "by": told, "total": cents(total), "count": count, "facts": cents(facts), "month": month, "figures": figures,
    }  # fmt: skip


def check(env, company, said):
    """A report balances in itself and is what its snapshot's documents say, each collected whole or not at all."""
    for by, amounts in said["by"].items():
        assert sum(amounts.values()) == said["total"], f"by {by} it is another total"
    env.cr.execute(BOOKS, [company])
    books = {line: (move, cents(amount)) for line, move, amount in env.cr.fetchall()}
    env.cr.execute(LEDGER, [company])
    ledger = {line: cents(amount) for line, amount in env.cr.fetchall()}
    assert all(ledger[line] == books[line][1] for line in ledger), "an item is not in the ledger as it is in the books"
    whole = Counter(move for move, _amount in books.values())
    collected = Counter(books[line][0] for line in ledger)
    assert all(whole[move] == count for move, count in collected.items()), "half a document is in the ledger"
    assert sum(ledger.values(), Decimal(0)) == said["facts"]
    missing = sum((amount for line, (_move, amount) in books.items() if line not in ledger), Decimal(0))
    assert sum(row["unexplained"] for row in said["month"].values()) == missing


def cents(amount):
    return Decimal(str(round(amount or 0.0, 2))).quantize(CENT)
