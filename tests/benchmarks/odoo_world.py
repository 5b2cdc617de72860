"""Odoo in this process for a measurement, and the shop the measurements sell in.

`Base(database)` opens a database; `fresh(layer)` makes one from the tools' templates and drops it afterwards. `fill`
puts the same company, customers, products and vendor prices into a database with or without our addons.
"""

import gc
import os
import random
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from flow import databases, postgres  # noqa: E402 - the path is known only now
from flow.paths import CONF  # noqa: E402

SUPPLIERS = 10
FAMILIES = 20
CUSTOMERS = 300


@contextmanager
def fresh(layer, name=None):
    """Name of a database made from a template; a name given by hand is used as it is and kept."""
    start_server()
    made = name or f"bench_{os.getpid()}_{layer}"
    if not name:
        databases.new(made, layer)
    try:
        yield made
    finally:
        if not name:
            close(made)
            databases.drop(made)


def start_server():
    postgres.start()
    os.environ.update(postgres.environment())


def close(database):
    """Give back the connections of a database."""
    if "odoo.sql_db" in sys.modules:
        sys.modules["odoo.sql_db"].close_db(database)


class Base:
    """A database opened in this process. Every `run` is one transaction with empty record caches, as a request is."""

    def __init__(self, database):
        self.database = database
        self.user_id = 1
        from odoo.tools import config  # noqa: PLC0415 - Odoo is imported when its settings are known

        arguments = ["-c", str(CONF), "-d", database, "--no-http", "--max-cron-threads=0", "--log-level=error"]
        config.parse_config(arguments, setup_logging=True)
        from odoo.modules.registry import Registry  # noqa: PLC0415

        self.registry = Registry(database)

    def run(self, work, user_id=None):
        """`work(env)` in one committed transaction: (what it returned, seconds, queries)."""
        import odoo.api  # noqa: PLC0415

        gc.collect()
        with self.registry.cursor() as cr:
            env = odoo.api.Environment(cr, user_id or self.user_id, {"lang": "en_US", "tz": "Europe/Berlin"})
            before, start = cr.sql_log_count, time.perf_counter()
            result = work(env)
            env.flush_all()
            cr.commit()
            return result, time.perf_counter() - start, cr.sql_log_count - before

    def forget(self):
        """Drop the caches that live longer than a request, so that the next one starts like a new worker."""
        self.registry.clear_all_caches()


def prices(seed=19):
    """[[vendor price of each supplier] for each product]: the best beats the others by more than any freight.

    So plain Odoo, which takes the cheapest vendor per product, and the router, which counts freight, buy at the same
    suppliers. Products 3n, 3n+1 and 3n+2 are a family; `cheapest` says where each is bought.
    """
    rng = random.Random(seed)
    table = []
    for product in range(3 * FAMILIES):
        base = rng.randint(1000, 2500) / 100
        row = [round(base + 7 + rng.randint(0, 900) / 100, 2) for _ in range(SUPPLIERS)]
        row[cheapest(product)] = base
        table.append(row)
    return table


def cheapest(product):
    """Column of the cheapest supplier of a product."""
    family, place = divmod(product, 3)
    return (family + 3 * place) % SUPPLIERS


def basket(rng, purchases):
    """Three products whose cheapest suppliers are `purchases` different ones."""
    columns = rng.sample(range(SUPPLIERS), purchases)
    columns += [columns[0]] * (3 - purchases)
    found = []
    for column in columns:
        choice = [product for product in range(3 * FAMILIES) if cheapest(product) == column and product not in found]
        found.append(rng.choice(choice))
    return found


def fill(env):
    """The shop of `docs/benchmarks.md`, unless it is there; returns {customers, products, user} as ids."""
    user = env["res.users"].search([("login", "=", "desk")])
    if user:
        customers = env["res.partner"].search([("email", "=like", "customer%@example.com")], order="id")
        products = env["product.product"].search([("name", "=like", "Product %")], order="id")
        return {"customers": customers.ids, "products": products.ids, "user": user.id}
    company = env.company
    germany = env.ref("base.de")
    company.country_id = germany
    company.account_fiscal_country_id = germany
    sale_tax, purchase_tax = taxes(env, company, germany)
    partners = env["res.partner"].create([
        {"name": f"Supplier {number}", "is_company": True, "country_id": germany.id, "street": "Kai 1",
         "city": "Duisburg", "zip": "47119"}
        for number in range(SUPPLIERS)
    ])  # fmt: skip
    customers = env["res.partner"].create([
        {"name": f"Customer {number}", "country_id": germany.id, "city": f"Town {number}",
         "zip": f"{10115 + number * 37}", "email": f"customer{number}@example.com"}
        for number in range(CUSTOMERS)
    ])  # fmt: skip
    route = env.ref("stock_dropshipping.route_drop_shipping")
    table = prices()
    products = env["product.product"].create([
        {"name": f"Product {number}", "type": "consu", "is_storable": False, "weight": 0.4, "list_price": 99.0,
         "route_ids": [(6, 0, route.ids)], "taxes_id": [(6, 0, sale_tax.ids)],
         "supplier_taxes_id": [(6, 0, purchase_tax.ids)]}
        for number in range(len(table))
    ])  # fmt: skip
    # Somebody of the order desk: no accountant, no buyer.
    groups = ["base.group_user", "sales_team.group_sale_salesman_all_leads"]
    if "dropship.offer" in env:
        groups.append("dropship_flow.group_dropship_user")
        fill_offers(env, partners, products, table)
    else:
        fill_vendor_prices(env, partners, products, table)
    user = env["res.users"].create({
        "name": "Order Desk", "login": "desk", "email": "desk@example.com", "company_id": company.id,
        "company_ids": [(6, 0, company.ids)], "group_ids": [(6, 0, [env.ref(name).id for name in groups])],
    })  # fmt: skip
    return {"customers": customers.ids, "products": products.ids, "user": user.id}


def taxes(env, company, country):
    group = env["account.tax.group"].create({"name": "VAT", "company_id": company.id, "country_id": country.id})
    values = {"name": "19 %", "amount": 19.0, "company_id": company.id, "country_id": country.id}
    values["tax_group_id"] = group.id
    included = {"type_tax_use": "sale", "price_include_override": "tax_included"}
    return env["account.tax"].create([{**values, **included}, {**values, "type_tax_use": "purchase"}])


def fill_vendor_prices(env, partners, products, table):
    env["product.supplierinfo"].create([
        {"partner_id": partner.id, "product_id": product.id, "product_tmpl_id": product.product_tmpl_id.id,
         "price": price, "min_qty": 0.0, "delay": 0}
        for product, row in zip(products, table, strict=True) for partner, price in zip(partners, row, strict=True)
    ])  # fmt: skip


def fill_offers(env, partners, products, table):
    """The same prices as offers of suppliers with a freight per parcel, bought into drafts as plain Odoo does."""
    germany = env.ref("base.de")
    suppliers = env["dropship.supplier"].create([
        {"partner_id": partner.id, "company_id": env.company.id, "state": "approved", "answer_mode": "auto",
         "currency_id": env.company.currency_id.id}
        for partner in partners
    ])  # fmt: skip
    warehouses = env["dropship.supplier.warehouse"].create(
        [{"supplier_id": supplier.id, "name": "Main", "country_id": germany.id} for supplier in suppliers]
    )
    env["dropship.shipping.rate"].create([
        {"warehouse_id": warehouse.id, "country_ids": [(6, 0, germany.ids)], "first_weight": 1.0,
         "first_price": 3.0 + number / 5, "step_weight": 1.0, "step_price": 0.5,
         "days_p50": 1.0, "days_p80": 2.0, "days_p95": 3.0}
        for number, warehouse in enumerate(warehouses)
    ])  # fmt: skip
    env["dropship.offer"].create([
        {"warehouse_id": warehouse.id, "product_id": product.id, "sku": f"S{product.id}", "price": price, "stock": 1e6}
        for product, row in zip(products, table, strict=True) for warehouse, price in zip(warehouses, row, strict=True)
    ])  # fmt: skip
    env["dropship.routing.policy"].create({"name": "Bench", "sequence": 1, "automation": "draft", "send_delay": 0})


def quotations(env, world, count, rng, purchases):
    """Ids of new quotations over three lines each."""
    values = []
    for _ in range(count):
        lines = [(0, 0, {"product_id": world["products"][number], "product_uom_qty": rng.randint(1, 3)})
                 for number in basket(rng, purchases)]  # fmt: skip
        values.append({"partner_id": rng.choice(world["customers"]), "order_line": lines})
    return env["sale.order"].create(values).ids


def purchases_of(env, order_ids):
    """How many purchases the orders have, and their lines' total: what both arms must agree on."""
    env.cr.execute(
        """
        SELECT count(DISTINCT purchase.order_id), round(sum(purchase.price_unit * purchase.product_qty), 2)
          FROM purchase_order_line purchase
          JOIN sale_order_line sale ON sale.id = purchase.sale_line_id
         WHERE sale.order_id = ANY(%s)
        """,
        [order_ids],
    )
    return env.cr.fetchone()


def table(rows):
    """Measured rows, dicts with the same names, as a Markdown table."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(row[name]) for name in names) + " |" for row in rows]
    return "\n".join(lines)
