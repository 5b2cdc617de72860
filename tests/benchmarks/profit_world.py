"""Orders with their documents, multiplied in the database: what the profit ledger is read from.

One order over two products with a discount is sold, shipped, invoiced and billed with freight through Odoo. Its rows
are copied, spread over three years, suppliers, channels, countries, campaigns and customers. One in fifty has no
documents yet.
"""

import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))

DAYS = 1095
SUPPLIERS = 50
OPEN = 50  # one order in so many is not invoiced and not billed

# {table: {column: table its value points to}}: what a copy has of its own.
POINTS = {
    "sale_order": {},
    "purchase_order": {"dropship_sale_id": "sale_order"},
    "sale_order_line": {"order_id": "sale_order"},
    "purchase_order_line": {"order_id": "purchase_order", "sale_line_id": "sale_order_line"},
    "dropship_allocation": {
        "line_id": "sale_order_line", "order_id": "sale_order", "purchase_line_id": "purchase_order_line",
        "purchase_id": "purchase_order",
    },
    "account_move": {},
    "account_move_line": {
        "move_id": "account_move", "purchase_line_id": "purchase_order_line", "dropship_purchase_id": "purchase_order",
    },
    "account_partial_reconcile": {"debit_move_id": "account_move_line", "credit_move_id": "account_move_line"},
}  # fmt: skip
DOCUMENTS = ("account_move", "account_move_line", "account_partial_reconcile")
# {table: its column of the item, its other column, table that points to}: what items of documents are linked to.
LINKS = {
    "sale_order_line_invoice_rel": ("invoice_line_id", "order_line_id", "sale_order_line"),
    "account_move_line_account_tax_rel": ("account_move_line_id", "account_tax_id", None),
}
DAY = f"(date '2024-01-01' + (b.n::bigint * 7919 % {DAYS})::integer)"


def template(env):
    """One order and its documents: {table: records}, and what they are spread over."""
    from odoo.addons.dropship_flow.tests.common_books import BooksCase  # noqa: PLC0415 - Odoo runs only now
    from odoo.tests import TransactionCase  # noqa: PLC0415

    World = type("World", (BooksCase,), {"env": env(context=dict(env.context, tracking_disable=True))})
    with ExitStack() as stack:
        stack.enter_context(patch.object(TransactionCase, "setUpClass", classmethod(lambda cls: None)))
        # else Odoo installs the accounts of the company's country
        stack.enter_context(patch.object(env.registry["res.company"], "install_l10n_modules", lambda company: False))
        World.setUpClass()
    world = World()
    chair = world.make_chair(storable=False)
    lamp = world.make_chair(storable=False, list_price=59.5)
    purchase = world.buy((chair, 2), (lamp, 1), accept=True)
    order = purchase.dropship_allocation_ids.order_id
    order.order_line.discount = 10
    world.dispatch(purchase)
    invoice = world.invoice(order)
    bill = world.bill(purchase, post=False)
    bill.invoice_line_ids[0].quantity = 2
    charge = world.env["account.move.line"]._dropship_charge_product("freight")
    bill.invoice_line_ids = [
        (0, 0, {"product_id": charge.id, "quantity": 1, "price_unit": 4.1, "dropship_charge": "freight",
                "dropship_purchase_id": purchase.id, "account_id": world.accounts["Cost of goods"].id,
                "tax_ids": [(5, 0, 0)]})
    ]  # fmt: skip
    bill.action_post()
    env.flush_all()
    moves = invoice | bill
    rows = {
        "sale_order": order, "sale_order_line": order.order_line, "purchase_order": purchase,
        "purchase_order_line": purchase.order_line, "dropship_allocation": purchase.dropship_allocation_ids,
        "account_move": moves, "account_move_line": moves.line_ids,
    }  # fmt: skip
    suppliers = [world.make_supplier(f"Bench {number}", "DE").id for number in range(SUPPLIERS)]
    channels = world.env["dropship.sales.channel"].create(
        [{"name": f"Channel {number}", "company_id": world.company.id} for number in range(5)]
    )
    countries = env["res.country"].search([], limit=30)
    campaigns = env["utm.campaign"].create([{"name": f"Campaign {number}"} for number in range(12)])
    customers = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(5000)])
    user = env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Reader", "login": "bench profit reader", "company_id": world.company.id,
            "company_ids": [(6, 0, world.company.ids)],
            "group_ids": [(4, env.ref("dropship_flow_reports.group_reports_reader").id)],
        }
    )  # fmt: skip
    env.flush_all()
    return {
        "rows": {table: records.ids for table, records in rows.items()}, "company": world.company.id, "user": user.id,
        "suppliers": suppliers, "channels": channels.ids, "countries": countries.ids, "campaigns": campaigns.ids,
        "customers": customers.ids, "invoice": invoice.id, "done": 0,
    }  # fmt: skip


@contextmanager
def unhindered(cr, tables):
    """Many rows are written at once: what is checked and looked up by row is made again afterwards, in one go."""
    cr.execute("SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
               " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique", [tables])  # fmt: skip
    indexes = cr.fetchall()
    cr.execute("SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
               " WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'", [tables])  # fmt: skip
    keys = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    for table, name, _definition in keys:
        cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for _name, definition in indexes:
        cr.execute(definition)
    for table, name, definition in keys:
        cr.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")


def multiply(env, world, count):
    """`count` more orders like the template."""
    with unhindered(env.cr, list(POINTS)):
        _multiply(env, world, count)


def _multiply(env, world, count):
    cr = env.cr
    first = world["done"] + 1
    cr.execute("DROP TABLE IF EXISTS bench")
    cr.execute("CREATE TEMP TABLE bench AS SELECT generate_series(%s, %s) AS n", [first, first + count - 1])
    new = {}
    for table, ids in world["rows"].items():
        cr.execute(f"SELECT last_value FROM {table}_id_seq")
        top = cr.fetchone()[0]
        # each order takes as many numbers as the template has rows
        new[table] = {
            id_: f"({top} + (b.n - {first}) * {len(ids)} + {place})" for place, id_ in enumerate(ids, 1)
        }  # fmt: skip
        cr.execute(f"SELECT setval('{table}_id_seq', {top + count * len(ids)})")
    for table in POINTS:
        for id_ in world["rows"].get(table, ()):
            copy(env, world, table, id_, new)
    for table, (item, other, target) in LINKS.items():
        if target and target not in new:
            continue
        cr.execute(f"SELECT {item}, {other} FROM {table} WHERE {item} = ANY(%s)", [world["rows"]["account_move_line"]])
        for item_id, other_id in cr.fetchall():
            its_other = new[target][other_id] if target else other_id
            cr.execute(
                f"INSERT INTO {table} ({item}, {other}) SELECT {new['account_move_line'][item_id]}, {its_other}"
                f" FROM bench b WHERE b.n % {OPEN} <> 0"
            )
    world["done"] += count


def copy(env, world, table, id_, new):
    """One copy of a row for each order of the table `bench`."""
    env.cr.execute("SELECT column_name::text FROM information_schema.columns WHERE table_name = %s", [table])
    names = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(f"SELECT * FROM {table} WHERE id = %s", [id_])
    row = dict(zip([column.name for column in env.cr.description], env.cr.fetchone(), strict=True))
    changes = {"id": new[table][id_], **own(world, table, row)}
    for column, target in POINTS[table].items():
        if row[column] and target in new:
            changes[column] = new[target][row[column]]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changes.get(name, f't."{name}"') for name in names)
    documents = f"b.n % {OPEN} <> 0" if table in DOCUMENTS else "TRUE"
    env.cr.execute(
        f'INSERT INTO "{table}" ({quoted}) SELECT {values} FROM bench b, "{table}" t WHERE t.id = {id_} AND {documents}'
    )


def own(world, table, row):
    """What differs from order to order."""
    changes = {"write_date": "now() AT TIME ZONE 'UTC'"} if "write_date" in row else {}
    spread = {
        "sale_order": {
            "name": "'B' || b.n", "date_order": DAY, "access_token": "NULL", "client_order_ref": "NULL",
            "partner_id": one_of(world["customers"], 13), "dropship_channel_id": one_of(world["channels"], 3),
            "campaign_id": one_of(world["campaigns"], 5), "dropship_country_id": one_of(world["countries"], 7),
        },
        "purchase_order": {"name": "'BP' || b.n", "date_order": DAY, "access_token": "NULL"},
        "dropship_allocation": {"supplier_id": one_of(world["suppliers"], 1)},
        "account_move": {
            "name": f"'B{row['id']}/' || b.n", "date": DAY, "invoice_date": DAY, "access_token": "NULL",
            "payment_reference": "NULL",
        },
        "account_move_line": {"date": DAY}, "account_partial_reconcile": {"max_date": DAY},
    }.get(table, {})  # fmt: skip
    return {**changes, **{name: value for name, value in spread.items() if name in row}}


def one_of(ids, step):
    return f"(ARRAY[{', '.join(map(str, ids))}])[1 + (b.n / {step}) % {len(ids)}]"


def touch(env, first, last):
    """Orders change hands between channels: all that is known of them is to be restated."""
    env.cr.execute(
        """
        UPDATE sale_order
           SET dropship_channel_id = (SELECT MIN(id) FROM dropship_sales_channel channel
                                       WHERE company_id = sale_order.company_id
                                         AND id <> sale_order.dropship_channel_id),
               write_date = now() AT TIME ZONE 'UTC'
         WHERE name IN (SELECT 'B' || n FROM generate_series(%s, %s) n)
        """,
        [first, last],
    )
    return env.cr.rowcount


def swell(env, world, generation, wanted, kept):
    """Copies of the entries until there are `wanted`; of the first `kept` orders there are none, they change later."""
    env.cr.execute("SELECT COUNT(*) FROM dropship_profit_entry WHERE generation_id = %s", [generation])
    there = env.cr.fetchone()[0]
    if there >= wanted:
        return there
    env.cr.execute(
        "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'dropship_profit_entry'"
    )
    names = [name for (name,) in env.cr.fetchall() if name != "id"]
    changes = {
        "key": "'copy' || %(number)s || key",
        "res_id": "-res_id",
        "date": "date - (%(number)s * 37 + id % 11)::integer",
    }
    values = ", ".join(changes.get(name, f'"{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    with unhindered(env.cr, ["dropship_profit_entry"]):
        return _swell(env, generation, there, wanted, kept, quoted, values)


def _swell(env, generation, there, wanted, kept, quoted, values):
    number = 0
    env.cr.execute("CREATE TEMP TABLE kept AS SELECT id FROM sale_order"
                   " WHERE name IN (SELECT 'B' || n FROM generate_series(1, %s) n)", [kept])  # fmt: skip
    originals = there
    while there < wanted:
        number += 1
        env.cr.execute(
            f"INSERT INTO dropship_profit_entry ({quoted}) SELECT {values} FROM dropship_profit_entry"
            " WHERE generation_id = %(generation)s AND res_id > 0 AND NOT EXISTS"
            " (SELECT FROM kept WHERE kept.id = order_id) LIMIT %(limit)s".replace("% 11", "%% 11"),
            {"number": number, "generation": generation, "limit": min(originals, wanted - there)},
        )
        there += env.cr.rowcount
    return there
