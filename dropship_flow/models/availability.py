from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from .availability_stock import STATES, Stock

RANK = {name: rank for rank, (name, _label) in enumerate(STATES)}
FACTS = ("quantity", "unlimited", "state", "ship_days", "ready_on", "closed_until")
PRODUCTS_AT_ONCE = 20_000


class DropshipAvailability(models.Model):
    """What can be promised of a product over all its sources, as customers are told; renewed when supply moves."""

    _name = "dropship.availability"
    _description = "Availability of a Product"
    _order = "product_id, id"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    quantity = fields.Float(help="Units of the product that can be promised.")
    unlimited = fields.Boolean()
    state = fields.Selection(STATES, required=True, default="none")
    ship_days = fields.Integer(help="Days until it leaves.")
    ready_on = fields.Date(string="In Stock Again", help="The day goods come in, when nothing can leave before.")
    closed_until = fields.Date()
    turn_at = fields.Datetime(index="btree_not_null", help="When the answer may change although nobody does anything.")

    _product_company_uniq = models.Constraint(
        "UNIQUE (product_id, company_id)", "A product has one availability per company."
    )

    # === READING === #

    @api.model
    def _of(self, products, company, channel=None):
        """What can be promised: {product id: Stock}; products nobody offers to the company have no key.

        :param channel: dropship.sales.channel that keeps something back for itself
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT product_id, %s FROM dropship_availability WHERE company_id = %s AND product_id = ANY(%s)",
                SQL(", ").join(SQL.identifier(name) for name in FACTS),
                company.id,
                list(products.ids),
            )
        )
        today, kept = fields.Date.today(), channel and (channel.buffer_units, channel.buffer_percent)
        stocks = {row[0]: self._stock(row[1:], today) for row in rows}
        return {product_id: stock.less(*kept) for product_id, stock in stocks.items()} if kept else stocks

    @api.model
    def _of_templates(self, templates, company):
        """{template id: Stock} of the variant that is to be had first; what is left of equal ones is added up."""
        self.flush_model()
        self.env["product.product"].flush_model(["active", "product_tmpl_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.product_tmpl_id, %s
                  FROM product_product product
                  JOIN dropship_availability told ON told.product_id = product.id AND told.company_id = %s
                 WHERE product.product_tmpl_id = ANY(%s) AND product.active
                """,
                SQL(", ").join(SQL.identifier("told", name) for name in FACTS),
                company.id,
                list(templates.ids),
            )
        )
        found, today, result = defaultdict(list), fields.Date.today(), {}
        for row in rows:
            found[row[0]].append(self._stock(row[1:], today))
        for template_id, stocks in found.items():
            first = min(stocks, key=lambda stock: (not stock.orderable, RANK[stock.state], stock.ship_days))
            if len(stocks) > 1:
                same = [stock for stock in stocks if stock.state == first.state]
                quantity = sum(stock.quantity for stock in same)
                first = replace(first, quantity=quantity, unlimited=any(stock.unlimited for stock in same))
            result[template_id] = first
        return result

    @api.model
    def _stock(self, row, today):
        quantity, unlimited, state, days, ready_on, closed_until = row
        wait = days or 0
        if state == "closed" and closed_until:
            wait += max((closed_until - today).days + 1, 0)
        elif ready_on:
            wait = max(wait, (ready_on - today).days)
        return Stock(quantity or 0.0, bool(unlimited), state, wait, ready_on, closed_until)

    # === WRITING === #

    @api.model
    def _renew(self, products):
        """Write what can be promised of these products, and of the kits they are in; only rows that change.

        :return: ids of the products whose words changed
        """
        self._flush_sources()
        kits = self._kits_around(products)
        asked = sorted({*products.ids, *kits.products})
        now, changed = fields.Datetime.now(), set()
        for company in self.env["res.company"].sudo().search([]):
            changed |= self._renew_of(company, asked, kits.of(company), now)
        self.invalidate_model(flush=False)
        for model in ("product.product", "product.template"):
            self.env[model].invalidate_model(["dropship_stock"], flush=False)
        return changed

    @api.model
    def _flush_sources(self):
        for model in (
            "dropship.availability", "dropship.offer", "dropship.supplier", "dropship.supplier.warehouse",
            "dropship.supplier.closure", "dropship.allocation", "product.product", "product.template",
            "product.supplierinfo", "res.company", "res.partner", "stock.quant", "dropship.feed",
        ):  # fmt: skip
            self.env[model].flush_model()

    @api.model
    def _renew_of(self, company, product_ids, kits, now):
        plain = [product_id for product_id in product_ids if product_id not in kits]
        changed = {row[0] for row in self.env.execute_query(self._write_query(company, plain, now))}
        if kits:
            rows = self._kit_rows(company, kits, now)
            changed |= {row[0] for row in self.env.execute_query(self._write_kits_query(company, list(kits), rows))}
        return changed

    @api.model
    def _write_query(self, company, product_ids, now):
        return self._store_query(company, product_ids, self._facts_query(company, product_ids, now))

    @api.model
    def _store_query(self, company, product_ids, facts):
        """Make the rows of these products those of `facts`; returns the products of which a word changed."""
        names = [SQL.identifier(name) for name in FACTS]
        return SQL(
            """
            WITH wanted AS (%(facts)s),
            gone AS (
                DELETE FROM dropship_availability old
                 WHERE old.company_id = %(company)s AND old.product_id = ANY(%(ids)s)
                   AND NOT EXISTS (SELECT FROM wanted WHERE wanted.product_id = old.product_id)
                RETURNING old.product_id
            ),
            changed AS (
                UPDATE dropship_availability old
                   SET (%(names)s, turn_at) = (%(wanted)s, wanted.turn_at)
                  FROM wanted
                 WHERE old.product_id = wanted.product_id AND old.company_id = %(company)s
                   AND ((%(old)s) IS DISTINCT FROM (%(wanted)s)
                        OR old.turn_at > wanted.turn_at OR (old.turn_at IS NULL AND wanted.turn_at IS NOT NULL)
                        OR old.turn_at <= now() AT TIME ZONE 'UTC')
                RETURNING old.product_id
            ),
            new AS (
                INSERT INTO dropship_availability (product_id, company_id, %(names)s, turn_at)
                SELECT wanted.product_id, %(company)s, %(wanted)s, wanted.turn_at FROM wanted
                 WHERE NOT EXISTS (SELECT FROM dropship_availability old
                        WHERE old.product_id = wanted.product_id AND old.company_id = %(company)s)
                 ORDER BY wanted.product_id
                RETURNING product_id
            )
            SELECT product_id FROM gone UNION ALL SELECT product_id FROM changed UNION ALL SELECT product_id FROM new
            """,
            facts=facts,
            company=company.id,
            ids=product_ids,
            names=SQL(", ").join(names),
            wanted=SQL(", ").join(SQL("wanted.%s", name) for name in names),
            old=SQL(", ").join(SQL("old.%s", name) for name in names),
        )

    @api.model
    def _facts_query(self, company, product_ids, now):
        """What to say of each product the company may buy, from what its sources can give.

        A supply is a quantity that leaves on a day: what a source has left, what it takes as a backorder, our own
        stock. The supply that leaves first gives the words, all together the quantity.
        """
        return SQL(
            """
            WITH sources AS MATERIALIZED (%(sources)s),
            asked AS (
                SELECT product.id AS product_id, template.is_storable
                  FROM product_product product JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE product.id = ANY(%(ids)s)
                   AND (template.company_id IS NULL OR template.company_id = %(company)s)
                   AND EXISTS (SELECT FROM dropship_offer offer
                        WHERE offer.product_id = product.id
                          AND (offer.active OR NOT COALESCE(template.is_storable, FALSE))
                          AND (offer.company_id IS NULL OR offer.company_id = %(company)s))
            ),
            supplies AS (
                SELECT product_id, rest AS quantity, rest IS NULL AS unlimited, TRUE AS orderable,
                       CASE WHEN closed_until IS NOT NULL THEN 'closed' WHEN days > %(soon)s THEN 'later'
                            ELSE 'in_stock' END AS state, days, NULL::date AS ready_on, closed_until
                  FROM sources WHERE barred IS NULL AND (rest IS NULL OR rest > 0)
                UNION ALL
                SELECT product_id, 0, TRUE, TRUE, CASE WHEN closed_until IS NULL THEN 'later' ELSE 'closed' END,
                       days + CEIL(backorder_days)::int, next_arrival, closed_until
                  FROM sources WHERE barred IS NULL AND backorder
                UNION ALL
                SELECT product_id, 0, FALSE, FALSE, 'later', days, next_arrival, NULL
                  FROM sources WHERE barred IS NULL AND rest = 0 AND NOT backorder AND next_arrival IS NOT NULL
                UNION ALL
                SELECT product_id, 0, FALSE, FALSE, 'closed', days, NULL, closed_until
                  FROM sources WHERE barred = 'closed_for_orders' AND (rest IS NULL OR rest > 0)
                UNION ALL
                SELECT quant.product_id, SUM(quant.quantity - quant.reserved_quantity)::float8, FALSE, TRUE, 'in_stock',
                       0, NULL, NULL
                  FROM stock_quant quant
                  JOIN stock_location location ON location.id = quant.location_id AND location.usage = 'internal'
                  JOIN asked ON asked.product_id = quant.product_id AND asked.is_storable
                 WHERE quant.company_id = %(company)s
                 GROUP BY quant.product_id HAVING SUM(quant.quantity - quant.reserved_quantity) > 0
            ),
            first AS (
                SELECT DISTINCT ON (product_id) * FROM supplies
                 ORDER BY product_id, orderable DESC, GREATEST(ready_on - %(today)s,
                          days + COALESCE(closed_until - %(today)s + 1, 0)), state, ready_on, closed_until
            ),
            total AS (
                SELECT product_id, ROUND(COALESCE(SUM(quantity), 0)::numeric, 6)::float8 AS quantity,
                       BOOL_OR(unlimited) AS unlimited
                  FROM supplies GROUP BY product_id
            )
            SELECT asked.product_id, COALESCE(total.quantity, 0) AS quantity,
                   COALESCE(total.unlimited, FALSE) AS unlimited,
                   CASE WHEN first.state = 'in_stock' AND NOT total.unlimited AND total.quantity <= %(few)s THEN 'few'
                        ELSE COALESCE(first.state, 'none') END AS state,
                   COALESCE(first.days, 0) AS ship_days, first.ready_on, first.closed_until,
                   (SELECT MIN(turn) FROM sources WHERE sources.product_id = asked.product_id AND turn > %(now)s)
                   AS turn_at
              FROM asked
              LEFT JOIN first ON first.product_id = asked.product_id
              LEFT JOIN total ON total.product_id = asked.product_id
            """,
            sources=self._sources_query(company, SQL("offer.product_id = ANY(%s)", product_ids), now),
            ids=product_ids,
            company=company.id,
            soon=company.dropship_soon_days,
            few=company.dropship_few or 0.0,
            today=now.date(),
            now=now,
        )

    # === BY ITSELF === #

    @api.model
    def _moved_offers(self, domain):
        """The products of all offers of a domain have to be looked at again."""
        offers = self.env["dropship.offer"].sudo().with_context(active_test=False)
        query = offers._search([("product_id", "!=", False), *domain])
        self.env["dropship.supply"].sudo()._moved_by(query.subselect(SQL.identifier(query.table, "product_id")))

    @api.model
    def _cron_time(self):
        """What changes by time alone: closures begin and end, figures grow old, goods come in, prices start."""
        self.env["dropship.supply"]._moved_by(
            SQL("SELECT product_id FROM dropship_availability WHERE turn_at <= %s", fields.Datetime.now())
        )

    @api.model
    def _cron(self):
        """Every night: everything from the beginning, a batch per transaction, as if nobody had told what moved."""
        supply = self.env["dropship.supply"]
        supply._walk(
            "availability",
            self._next_products,
            self._count_products(),
            lambda products: supply._availability_changed(self._renew(products)),
        )

    @api.model
    def _next_products(self, last):
        """The next products somebody offers or that have a row, after an id."""
        self.env["dropship.offer"].flush_model(["product_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM product_product product
                 WHERE id > %s AND (EXISTS (SELECT FROM dropship_offer WHERE product_id = product.id)
                                    OR EXISTS (SELECT FROM dropship_availability WHERE product_id = product.id))
                 ORDER BY id LIMIT %s
                """,
                last,
                PRODUCTS_AT_ONCE,
            )
        )
        return self.env["product.product"].browse(row[0] for row in rows)

    @api.model
    def _count_products(self):
        """How many there are for `_next_products`."""
        self.env["dropship.offer"].flush_model(["product_id"])
        return self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM (SELECT product_id FROM dropship_offer WHERE product_id IS NOT NULL"
                " UNION SELECT product_id FROM dropship_availability) AS looked_at"
            )
        )[0][0]


class DropshipSupply(models.AbstractModel):
    _inherit = "dropship.supply"

    @api.model
    def _follow_availability(self, products):
        """Override: customers are told what can be promised now."""
        result = super()._follow_availability(products)
        self._availability_changed(self.env["dropship.availability"]._renew(products))
        return result

    @api.model
    def _availability_changed(self, product_ids):
        """Customers of these products are told something else than before."""
