"""Many orders that are with a supplier, made from one by SQL: a crowd to measure with, in seconds instead of hours.

`copy_purchases(run, purchase_ids, times)` copies the sales, purchases, allocations and waiting messages behind the
purchases, every stored column and every link between them, under new numbers.
"""

TABLES = (
    "sale_order",
    "sale_order_line",
    "purchase_order",
    "purchase_order_line",
    "dropship_allocation",
    "dropship_exchange",
)
# What has to differ between two copies of a row.
OWN = {
    ("sale_order", "name"): "t.name || '-' || m.copy",
    ("sale_order", "access_token"): "NULL",
    ("purchase_order", "name"): "t.name || '-' || m.copy",
    ("purchase_order", "access_token"): "NULL",
    ("dropship_exchange", "key"): "md5(t.key || m.copy)",
}


def copy_purchases(run, purchase_ids, times):
    """Copy everything behind the purchases `times` times.

    :param run: run(query, *params) -> rows, all in one session (temporary tables)
    :return: ids of the new purchases
    """
    serial = run("SELECT nextval('purchase_order_id_seq')")[0][0]
    sources = {
        "sale_order": "SELECT dropship_sale_id FROM purchase_order WHERE id = ANY(%s)",
        "sale_order_line": "SELECT sale_line_id FROM purchase_order_line WHERE order_id = ANY(%s)",
        "purchase_order": "SELECT id FROM purchase_order WHERE id = ANY(%s)",
        "purchase_order_line": "SELECT id FROM purchase_order_line WHERE order_id = ANY(%s)",
        "dropship_allocation": "SELECT id FROM dropship_allocation WHERE purchase_id = ANY(%s)",
        "dropship_exchange": "SELECT id FROM dropship_exchange WHERE purchase_id = ANY(%s) AND kind = 'order'",
    }
    for table in TABLES:
        run(f"DROP TABLE IF EXISTS map_{table}")
        run(
            f"""CREATE TEMP TABLE map_{table} AS
                SELECT t.id AS old, %s + k AS copy, nextval('{table}_id_seq')::integer AS new
                  FROM generate_series(1, %s) k CROSS JOIN {table} t
                 WHERE t.id IN ({sources[table]}) ORDER BY k, t.id""",
            serial * 1_000_000,
            times,
            list(purchase_ids),
        )
        run(f"CREATE INDEX ON map_{table} (old, copy)")
    for table in TABLES:
        columns, values = ["id"], ["m.new"]
        links = _links(run, table)
        for name in _columns(run, table):
            columns.append(name)
            if (table, name) in OWN:
                values.append(OWN[table, name])
            elif links.get(name) in TABLES:
                values.append(
                    f"COALESCE((SELECT l.new FROM map_{links[name]} l WHERE l.old = t.{name} AND l.copy = m.copy), "
                    f"t.{name})"
                )
            else:
                values.append(f't."{name}"')
        quoted = ", ".join(f'"{name}"' for name in columns)
        chosen = ", ".join(values)
        run(f"INSERT INTO {table} ({quoted}) SELECT {chosen} FROM {table} t JOIN map_{table} m ON m.old = t.id")
        _copy_tags(run, table)
    return [row[0] for row in run("SELECT new FROM map_purchase_order ORDER BY new")]


def _columns(run, table):
    rows = run(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id' "
        "AND table_schema = 'public' AND is_generated = 'NEVER'",
        table,
    )
    return [name for (name,) in rows]


def _links(run, table):
    """{column: the table it points to}"""
    rows = run(
        """SELECT a.attname, c.confrelid::regclass::text
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.conrelid = %s::regclass""",
        table,
    )
    return dict(rows)


def _copy_tags(run, table):
    """Rows of the tables of two columns that tie a copied row to something that is not copied, as taxes are."""
    rows = run(
        """SELECT c.conrelid::regclass::text, a.attname, o.attname
             FROM pg_constraint c
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             JOIN pg_attribute o ON o.attrelid = c.conrelid AND o.attnum > 0 AND o.attnum <> a.attnum
            WHERE c.contype = 'f' AND c.confrelid = %s::regclass
              AND (SELECT count(*) FROM pg_attribute x WHERE x.attrelid = c.conrelid AND x.attnum > 0) = 2""",
        table,
    )
    for relation, mine, other in rows:
        run(
            f'INSERT INTO {relation} ("{mine}", "{other}") SELECT m.new, r."{other}" FROM {relation} r '
            f'JOIN map_{table} m ON m.old = r."{mine}" ON CONFLICT DO NOTHING'
        )
