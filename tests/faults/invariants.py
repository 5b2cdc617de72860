"""What must hold after every race and every crash, asked of the tables themselves."""

# Per line of ours: ordered, held by living allocations, and on living purchases, in the product's reference unit.
LINES = """
    SELECT line.id,
           round((line.product_uom_qty * unit.factor / reference.factor)::numeric, 4) AS ordered,
           COALESCE((SELECT round(sum(row.qty)::numeric, 4)
                       FROM dropship_allocation row
                      WHERE row.line_id = line.id AND row.state <> 'released'), 0) AS allocated,
           COALESCE((SELECT round(sum(bought.product_qty * bought_unit.factor / reference.factor)::numeric, 4)
                       FROM purchase_order_line bought
                       JOIN purchase_order purchase ON purchase.id = bought.order_id
                       JOIN uom_uom bought_unit ON bought_unit.id = bought.product_uom_id
                      WHERE bought.sale_line_id = line.id AND purchase.state <> 'cancel'), 0) AS bought,
           EXISTS (SELECT 1 FROM dropship_hold hold
                    WHERE hold.order_id = line.order_id AND hold.state = 'open') AS held,
           sale.state
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN uom_uom unit ON unit.id = line.product_uom_id
      JOIN uom_uom reference ON reference.id = template.uom_id
     WHERE line.order_id = ANY(%s) AND template.type = 'consu' AND line.product_uom_qty > 0
     ORDER BY line.id
"""

# (what is wrong, rows that show it)
BROKEN = {
    "an allocation that lives without its purchase line": """
        SELECT row.id, row.state FROM dropship_allocation row
          LEFT JOIN purchase_order_line bought ON bought.id = row.purchase_line_id
          LEFT JOIN purchase_order purchase ON purchase.id = bought.order_id
         WHERE row.order_id = ANY(%s) AND row.state <> 'released' AND row.offer_id IS NOT NULL
           AND (bought.id IS NULL OR purchase.state = 'cancel'
                -- one line is several rows once its supplier answered in parts
                OR round(bought.product_qty::numeric, 4) <> (
                    SELECT round(sum(CASE WHEN part.state <> 'released' THEN part.buy_qty
                                          ELSE COALESCE(part.qty_shipped, 0) END)::numeric, 4)
                      FROM dropship_allocation part WHERE part.purchase_line_id = bought.id)
                OR bought.sale_line_id IS DISTINCT FROM row.line_id)""",
    "a purchase line that lives without an allocation": """
        SELECT bought.id, bought.product_qty FROM purchase_order_line bought
          JOIN purchase_order purchase ON purchase.id = bought.order_id
         WHERE purchase.dropship_sale_id = ANY(%s) AND purchase.state <> 'cancel' AND bought.product_qty > 0
           AND (SELECT count(*) FROM dropship_allocation row
                 WHERE row.purchase_line_id = bought.id
                   AND (row.state <> 'released' OR row.qty_shipped > 0)) = 0""",
    "one part of a line allocated twice": """
        SELECT row.line_id, count(*) FROM dropship_allocation row
         WHERE row.order_id = ANY(%s) AND row.state <> 'released'
         GROUP BY row.line_id, row.product_id, row.component, row.attempt, row.split HAVING count(*) > 1""",
    "a purchase state that contradicts its allocations": """
        SELECT purchase.id, purchase.state, row.state FROM purchase_order purchase
          JOIN dropship_allocation row ON row.purchase_id = purchase.id
         WHERE purchase.dropship_sale_id = ANY(%s)
           AND (purchase.state, row.state) NOT IN (
               ('draft', 'planned'), ('to approve', 'planned'), ('sent', 'submitted'),
               ('purchase', 'accepted'), ('purchase', 'shipped'), ('done', 'shipped'),
               ('sent', 'accepted'))  -- its other lines wait for their answer
           AND NOT (purchase.state = 'purchase' AND row.state = 'submitted' AND row.ack_state = 'asked')
           AND row.state <> 'released'""",
    "a total that is not the sum of its lines": """
        SELECT purchase.id, purchase.amount_untaxed, sum(bought.price_subtotal) FROM purchase_order purchase
          JOIN purchase_order_line bought ON bought.order_id = purchase.id
         WHERE purchase.dropship_sale_id = ANY(%s)
         GROUP BY purchase.id HAVING abs(purchase.amount_untaxed - sum(bought.price_subtotal)) > 0.005""",
    "an accepted purchase without a transfer over its quantity": """
        SELECT bought.id FROM purchase_order_line bought
          JOIN purchase_order purchase ON purchase.id = bought.order_id
         WHERE purchase.dropship_sale_id = ANY(%s) AND purchase.state = 'purchase'
           AND round(bought.product_qty::numeric, 4) <> COALESCE((
               SELECT round(sum(move.product_qty)::numeric, 4) FROM stock_move move
                WHERE move.purchase_line_id = bought.id AND move.state <> 'cancel'), 0)""",
    "a transfer of a purchase nobody accepted": """
        SELECT move.id, purchase.state FROM stock_move move
          JOIN purchase_order_line bought ON bought.id = move.purchase_line_id
          JOIN purchase_order purchase ON purchase.id = bought.order_id
         WHERE purchase.dropship_sale_id = ANY(%s) AND purchase.state NOT IN ('purchase', 'done')
           AND move.state <> 'cancel'""",
    "a hold of kind error": """
        SELECT hold.id, hold.reasons::text FROM dropship_hold hold
         WHERE hold.order_id = ANY(%s) AND hold.kind = 'error' AND hold.state = 'open'""",
    "two open holds for one reason": """
        SELECT hold.order_id, hold.kind FROM dropship_hold hold
         WHERE hold.order_id = ANY(%s) AND hold.state = 'open'
         GROUP BY hold.order_id, hold.kind, hold.purchase_id, hold.line_id HAVING count(*) > 1""",
}


def broken(shop, order_ids, allowed=()):
    """[what is wrong] with the books of these orders, whatever state they are in."""
    found = []
    for what, query in BROKEN.items():
        if what not in allowed:
            rows = shop.sql(query, list(order_ids))
            if rows:
                found.append(f"{what}: {rows[:5]}")
    return found


def lines(shop, order_ids):
    """[(line id, ordered, allocated, bought, held, state of the sale)]"""
    return shop.sql(LINES, list(order_ids))


def assert_bought_once(shop, order_ids):
    """I1: every line is allocated and bought to the last unit, nothing twice, nothing waits."""
    assert not broken(shop, order_ids)
    for line_id, ordered, allocated, bought, held, state in lines(shop, order_ids):
        assert (ordered, ordered) == (allocated, bought), (
            f"line {line_id}: {ordered} {allocated} {bought}; {holds(shop, order_ids)[:3]}"
        )
        assert not held and state == "sale", f"line {line_id}: held {held}, sale {state}"


def assert_bought_or_held(shop, order_ids):
    """Every line is bought to the last unit, or not at all and the order says why it waits."""
    assert not broken(shop, order_ids)
    for line_id, ordered, allocated, bought, held, state in lines(shop, order_ids):
        if state == "sale":
            expected = 0 if held else ordered
            assert (allocated, bought) == (expected, expected), f"line {line_id}: {ordered} {allocated} {bought} {held}"
        else:
            assert (allocated, bought) == (0, 0), f"line {line_id} of a {state} sale: {allocated} {bought}"


def purchases(shop, order_ids):
    """{sale: [(supplier, state)]} of all purchases."""
    result = {}
    query = """
        SELECT purchase.dropship_sale_id, partner.name, purchase.state FROM purchase_order purchase
          JOIN res_partner partner ON partner.id = purchase.partner_id
         WHERE purchase.dropship_sale_id = ANY(%s) ORDER BY purchase.id"""
    for sale_id, supplier, state in shop.sql(query, list(order_ids)):
        result.setdefault(sale_id, []).append((supplier, state))
    return result


def holds(shop, order_ids):
    """[(sale, kind, reasons)] of the open holds."""
    query = "SELECT order_id, kind, reasons FROM dropship_hold WHERE order_id = ANY(%s) AND state = 'open' ORDER BY id"
    return shop.sql(query, list(order_ids))
