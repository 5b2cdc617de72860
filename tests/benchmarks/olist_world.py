"""The Olist shop in an Odoo database, and its orders priced at the true sellers."""

from olist_data import REGION_OF, REGIONS, place


def fill_olist(env, olist, key_until):
    """Company, products, suppliers with freight tables, offers, a policy and an API key; returns their ids."""
    brazil = env.ref("base.br")
    real = env.ref("base.BRL")
    real.active = True
    company = env.company
    company.write({"country_id": brazil.id, "currency_id": real.id})
    company.account_fiscal_country_id = brazil
    states = {state.code: state.id for state in brazil.state_ids}
    products = make_products(env, olist)
    warehouses = make_suppliers(env, olist, brazil, states)
    make_rates(env, olist, warehouses, brazil, states)
    env["dropship.offer"].create([
        {"warehouse_id": warehouses[seller].id, "product_id": products[product], "sku": product, "price": cost,
         "stock_mode": "unlimited"}
        for (product, seller), cost in olist.offers.items()
    ])  # fmt: skip
    env["dropship.routing.policy"].create({
        "name": "Replay", "sequence": 1, "automation": "buy", "send_delay": 0,
        "use_margin_floor": True, "margin_floor": 0.0,
    })  # fmt: skip
    freight = env["product.product"].create({"name": "Frete", "type": "service", "taxes_id": False})
    admin = env.ref("base.user_admin")
    admin.group_ids |= env.ref("dropship_flow.group_dropship_manager") | env.ref("purchase.group_purchase_manager")
    return {
        "country": brazil.id, "states": states, "products": products, "freight": freight.id,
        "suppliers": {seller: warehouse.supplier_id.id for seller, warehouse in warehouses.items()},
        "key": env(user=admin.id)["res.users.apikeys"].sudo()._generate("rpc", "replay", key_until),
        "counts": f"{len(warehouses)} suppliers, {len(products)} products, {len(olist.offers)} offers",
    }  # fmt: skip


def make_products(env, olist):
    route = env.ref("stock_dropshipping.route_drop_shipping")
    keys = sorted(olist.products)
    records = env["product.product"].create([
        {"name": f"{olist.products[key]['product_category'] or 'other'} {key[:6]}", "default_code": key,
         "type": "consu", "is_storable": False, "weight": olist.weight(key), "volume": olist.volume(key),
         "taxes_id": False, "supplier_taxes_id": False, "route_ids": [(6, 0, route.ids)]}
        for key in keys
    ])  # fmt: skip
    return dict(zip(keys, records.ids, strict=True))


def make_suppliers(env, olist, country, states):
    """{seller: warehouse}"""
    keys = sorted(olist.sellers)
    rows = [olist.sellers[key] for key in keys]
    partners = env["res.partner"].create([
        {"name": f"Vendedor {key[:8]}", "is_company": True, "street": "-", "city": row["seller_city"].title(),
         "zip": row["seller_zip_code_prefix"], "state_id": states[row["seller_state"]], "country_id": country.id}
        for key, row in zip(keys, rows, strict=True)
    ])  # fmt: skip
    suppliers = env["dropship.supplier"].create([
        {"partner_id": partner.id, "company_id": env.company.id, "state": "approved", "answer_mode": "auto",
         "currency_id": env.company.currency_id.id}
        for partner in partners
    ])  # fmt: skip
    warehouses = env["dropship.supplier.warehouse"].create([
        {"supplier_id": supplier.id, "name": row["seller_state"], "country_id": country.id,
         "state_id": states[row["seller_state"]], "zip": row["seller_zip_code_prefix"], "handling_days": 2}
        for supplier, row in zip(suppliers, rows, strict=True)
    ])  # fmt: skip
    return dict(zip(keys, warehouses, strict=True))


def make_rates(env, olist, warehouses, country, states):
    """A row per supplier for its own state and one per region, from the derived freight table."""
    values = []
    for seller, warehouse in warehouses.items():
        source = olist.sellers[seller]["seller_state"]
        for column in ("same", *REGIONS):
            targets = [code for code in REGION_OF if place(source, code) == column]
            if not targets:
                continue
            first, step, (p50, p80, p95) = olist.freight[source, column]
            values.append({
                "warehouse_id": warehouse.id, "country_ids": [(6, 0, country.ids)],
                "state_ids": [(6, 0, [states[code] for code in targets])],
                "first_weight": 1.0, "first_price": first, "step_weight": 1.0, "step_price": step,
                "days_p50": p50, "days_p80": p80, "days_p95": p95,
            })  # fmt: skip
    env["dropship.shipping.rate"].create(values)


def compare(env, suppliers):
    """(landed cost, number of orders) of plans that buy every line at its true seller; nothing is saved.

    :param dict suppliers: {sale.order id: supplier of each dropshipped line}
    """
    orders = env["sale.order"].browse(list(suppliers))
    choices = []
    for order in orders:
        lines = order.order_line.filtered(lambda line: line.product_id.type == "consu").sorted("id")
        for line, supplier_id in zip(lines, suppliers[order.id], strict=True):
            choices.append({"line_id": line.id, "supplier_id": supplier_id, "kind": "pin", "reason": "true seller"})
    env["dropship.line.choice"].create(choices)
    outcomes = env["dropship.router"]._simulate(orders)
    plans = [outcome.plan for outcome in outcomes.values() if outcome.plan]
    found = float(sum(plan.landed for plan in plans)), len(plans)
    env.cr.rollback()
    env.invalidate_all(flush=False)
    return found
