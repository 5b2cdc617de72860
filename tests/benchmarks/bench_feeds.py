#!/usr/bin/env python3
"""Time suppliers' files from received to applied; print markdown tables.

(a) `--rows` goods, every one a product with a vendor price, of which 10 % changed: rows/s of a feed, against rows/s of
    core's `product.supplierinfo.load()` on `--loaded` of the same rows (a tenth of them changed as well).
(b) `--many` goods: the first file, a file of which 2 % changed, the identical file. Seconds, peak of this process'
    memory, rows written and sequence numbers used up by the identical file.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

FASTER = 100
SECONDS = 60
MEGABYTES = 300
COLUMNS = {"code": "sku", "title": "name", "brand": "brand", "ean": "barcode", "cost": "price", "qty": "stock"}
SEQUENCES = ("dropship_offer", "dropship_offer_tier", "product_supplierinfo", "dropship_feed_reject")


def write_file(path, rows, prefix, every=0):
    """A file of goods; with `every`, each so many-th row has another price and stock."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number in range(rows):
            more = 1 if every and number % every == 0 else 0
            price = 5 + number % 4007 / 100 + more / 4
            file.write(
                f"{prefix}{number},Article number {number},Brand {number % 50},,{price:.2f},{number % 211 + more}\n"
            )


def make_feed(base, name):
    def work(env):
        country = env.ref("base.de").id
        partner = env["res.partner"].create(
            {"name": name, "is_company": True, "country_id": country, "street": "Kai 1", "city": "Duisburg"}
        )
        supplier = env["dropship.supplier"].create(
            {"partner_id": partner.id, "company_id": env.company.id, "state": "approved", "answer_mode": "auto",
             "currency_id": env.company.currency_id.id}
        )  # fmt: skip
        place = env["dropship.supplier.warehouse"].create(
            {"supplier_id": supplier.id, "name": "Main", "country_id": country}
        )
        columns = [(0, 0, {"source": source, "target": target}) for source, target in COLUMNS.items()]
        feed = env["dropship.feed"].create({"name": name, "warehouse_id": place.id, "column_ids": columns})
        return feed.id, partner.id

    return base.run(work)[0]


def make_products(base, rows, prefix):
    """Products by copying one in SQL: making them is not what is measured."""

    def work(env):
        model = env["product.product"].create({"name": "Model", "type": "consu", "is_storable": False})
        env.flush_all()
        cr = env.cr
        for name, own in (("product_template", {"name": "jsonb_build_object('en_US', 'Article ' || number)"}),
                          ("product_product", {"product_tmpl_id": "first.id + number",
                                               "default_code": "%(prefix)s || number"})):  # fmt: skip
            cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [name])
            columns = [row[0] for row in cr.fetchall() if row[0] != "id"]
            values = ", ".join(own.get(column, f"model.{column}") for column in columns)
            source = model.product_tmpl_id.id if name == "product_template" else model.id
            if name == "product_template":
                cr.execute("SELECT nextval('product_template_id_seq')")
                first = cr.fetchone()[0] + 1
            cr.execute(
                f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM {name} model,"
                " generate_series(0, %(rows)s - 1) number, (SELECT %(first)s AS id) first WHERE model.id = %(source)s",
                {"rows": rows, "first": first, "source": source, "prefix": prefix},
            )

        cr.execute("ANALYZE product_template, product_product")

    base.run(work)
    base.forget()


def take(base, feed_id, path, hour):
    """A file from received to done: (seconds, figures of the run, peak MB)."""
    as_of = datetime(2026, 1, 1) + timedelta(hours=hour)
    Path("/proc/self/clear_refs").write_text("5")  # begin the peak anew
    start = time.perf_counter()

    def receive(env):
        return env["dropship.feed"].browse(feed_id)._receive("list.csv", str(path), as_of=as_of).id

    run_id = base.run(receive)[0]
    base.run(lambda env: env["dropship.feed.run"]._cron_work(seconds=1e6))
    seconds = time.perf_counter() - start

    def figures(env):
        run = env["dropship.feed.run"].browse(run_id)
        assert run.state in ("done", "same"), (run.state, run.problem, run.guards)
        return {name: run[f"rows_{name}"] for name in ("in", "applied", "unchanged", "rejected", "quarantined")}

    return seconds, base.run(figures)[0], peak()


def peak():
    """Highest resident memory in MB since it was begun anew."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def counters(base):
    """Where sequences stand, and rows PostgreSQL counted as written in offers and vendor prices."""

    def work(env):
        found = {}
        for name in SEQUENCES:
            env.cr.execute(f"SELECT last_value FROM {name}_id_seq")
            found[name] = env.cr.fetchone()[0]
        env.cr.execute(
            "SELECT max(GREATEST(xmin::text::bigint)) FROM (SELECT xmin FROM dropship_offer UNION ALL"
            " SELECT xmin FROM product_supplierinfo) written"
        )
        found["newest write"] = env.cr.fetchone()[0]
        return found

    return base.run(work)[0]


def load_rows(base, partner_id, count, prefix):
    """Rows per second of core's import of vendor prices of which a tenth changed."""

    def make(env):
        env.cr.execute(
            "SELECT id, product_tmpl_id, default_code FROM product_product"
            " WHERE default_code LIKE %s ORDER BY id LIMIT %s",
            [f"{prefix}%", count],
        )
        goods = env.cr.fetchall()
        lines = env["product.supplierinfo"].create(
            [{"partner_id": partner_id, "product_id": product, "product_tmpl_id": template, "price": 5.0, "min_qty": 0,
              "product_code": code} for product, template, code in goods]
        )  # fmt: skip
        return list(zip(lines.ids, goods, strict=True))

    rows = base.run(make)[0]
    base.forget()
    fields = [".id", "partner_id/.id", "product_tmpl_id/.id", "product_id/.id", "product_code", "price"]
    data = [
        [str(line), str(partner_id), str(template), str(product), code, "6.5" if number % 10 == 0 else "5.0"]
        for number, (line, (product, template, code)) in enumerate(rows)
    ]

    def load(env):
        result = env["product.supplierinfo"].load(fields, data)
        assert result["ids"], result["messages"][:3]

    return count / base.run(load)[1]


def against_load(base, folder, rows, loaded):
    feed_id, _partner = make_feed(base, "Feed of a hundred thousand")
    make_products(base, rows, "P-")
    path = folder / "a.csv"
    write_file(path, rows, "P-")
    take(base, feed_id, path, 0)
    write_file(path, rows, "P-", every=10)
    seconds, figures, memory = take(base, feed_id, path, 1)
    assert (figures["in"], figures["applied"]) == (rows, -(-rows // 10)), figures
    _other, partner_id = make_feed(base, "Loaded by core")
    core = load_rows(base, partner_id, loaded, "P-")
    ours = rows / seconds
    return {
        "rows": rows, "changed": figures["applied"], "seconds": round(seconds, 2), "rows/s": round(ours),
        "core load() rows/s": round(core), "times": round(ours / core, 1), "peak MB": round(memory),
        "held": ours / core >= FASTER,
    }  # fmt: skip


def many(base, folder, rows):
    feed_id, _partner = make_feed(base, "Feed of a million")
    path = folder / "b.csv"
    found = []
    for number, (what, every) in enumerate((("first", 0), ("2 % changed", 50), ("identical", 50))):
        write_file(path, rows, "M-", every)
        before = counters(base) if what == "identical" else None
        seconds, figures, memory = take(base, feed_id, path, number)
        row = {"file": what, "rows": rows, "seconds": round(seconds, 1), "peak MB": round(memory), **figures}
        row["written and used up"] = "" if before is None else "none" if counters(base) == before else "some"
        row["held"] = seconds <= SECONDS * max(rows / 1e6, 0.02) and memory <= MEGABYTES
        row["held"] = row["held"] and row["written and used up"] != "some"
        found.append(row)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the file compared with core; 0: none")
    parser.add_argument("--loaded", type=int, default=2000, help="rows core loads")
    parser.add_argument("--many", type=int, default=1_000_000, help="rows of the large file; 0: leave it out")
    parser.add_argument("--ours", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    found = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        base = Base(stack.enter_context(fresh("bare", args.ours)))
        if args.many:
            found["many"] = many(base, folder, args.many)
            print(table(found["many"]), "\n")
        if args.rows:
            found["load"] = [against_load(base, folder, args.rows, args.loaded)]
            print(table(found["load"]))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))
    return 0 if all(row["held"] for rows in found.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
