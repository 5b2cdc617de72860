from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BUYABLE_STATES = ("trial", "approved")
# So many offers at once; of more than a few the database learns how they lie before the next batch.
PROJECT_BATCH, MANY = 20_000, 5_000
OWNED_FIELDS = frozenset(
    {
        "partner_id", "product_id", "product_tmpl_id", "product_uom_id", "min_qty", "price", "discount", "currency_id",
        "company_id", "delay", "date_start", "date_end", "product_code", "product_name", "dropship_offer_id",
    }
)  # fmt: skip


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    dropship_offer_id = fields.Many2one(
        "dropship.offer",
        ondelete="cascade",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="This price comes from an offer of the supplier. Empty: an agreed price, which wins while it is valid.",
    )

    _dropship_tier_uniq = models.UniqueIndex(
        "(dropship_offer_id, min_qty, COALESCE(company_id, 0)) WHERE dropship_offer_id IS NOT NULL",
        "The prices of an offer were updated twice at the same time. Try again.",
    )

    def write(self, vals):
        """Override: what an offer says is changed on the offer; only the order of vendors is free."""
        projected = self.filtered("dropship_offer_id")
        if projected and OWNED_FIELDS & vals.keys():
            raise UserError(projected[0]._offer_refusal())
        result = super().write(vals)
        if projected and "sequence" in vals:
            # Sorting vendors is a right of the product's editor, who need not be a buyer.
            projected.dropship_offer_id.sudo().write({"sequence": vals["sequence"]})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_projected(self):
        projected = self.filtered("dropship_offer_id")
        if projected:
            raise UserError(projected[0]._offer_refusal())

    def _offer_refusal(self):
        return self.env._(
            "The price of %(vendor)s for %(product)s comes from its offer %(sku)s. Change or archive the offer, or add "
            "an own line with the agreed price: it wins while it is valid.",
            vendor=self.partner_id.display_name,
            product=(self.product_id or self.product_tmpl_id).display_name,
            # Whoever edits a vendor list need not see offers.
            sku=self.dropship_offer_id.sudo().sku,
        )


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def _project(self):
        """Bring core's vendor prices in line with these offers: one line for the base price and one per tier.

        Offers that cannot be bought (archived, not linked, without price, supplier or warehouse not in use) have none.
        A shared offer has lines for every company where it costs them different prices for the sake of invoices.
        Set-based and idempotent: unchanged lines are not touched, so a feed may call it for everything it has seen.
        """
        self._project_many()
        self.invalidate_recordset(["supplierinfo_ids"], flush=False)

    def _project_many(self, batch=PROJECT_BATCH):
        """`_project` for any number of offers, in batches, without telling who follows supply."""
        if not self:
            return
        for model in ("dropship.offer", "dropship.offer.tier", "dropship.supplier.warehouse", "dropship.supplier",
                      "product.supplierinfo", "product.product", "product.template"):  # fmt: skip
            self.env[model].flush_model()
        for start in range(0, len(self), batch):
            self.env.cr.execute(self[start : start + batch]._projection_query())
            if not start and len(self) > MANY:
                self.env.cr.execute("ANALYZE product_supplierinfo (dropship_offer_id, min_qty)")
        self.env["product.supplierinfo"].invalidate_model(flush=False)
        self.env["product.template"].invalidate_model(["seller_ids", "variant_seller_ids"], flush=False)
        self.env["product.product"].invalidate_model(["seller_ids", "variant_seller_ids"], flush=False)

    def _projection_query(self):
        columns = [
            "partner_id", "company_id", "product_id", "product_tmpl_id", "product_uom_id", "currency_id",
            "product_code", "product_name", "sequence", "delay", "date_start", "date_end", "price",
        ]  # fmt: skip
        names = [SQL.identifier(column) for column in columns]
        return SQL(
            """
            WITH buyers AS MATERIALIZED (%(buyers)s), wanted AS (%(wanted)s),
            gone AS (
                DELETE FROM product_supplierinfo line
                 WHERE line.dropship_offer_id = ANY(%(ids)s)
                   AND NOT EXISTS (
                       SELECT FROM wanted
                        WHERE wanted.offer_id = line.dropship_offer_id AND wanted.min_qty = line.min_qty
                          AND wanted.company_id IS NOT DISTINCT FROM line.company_id)
            ),
            changed AS (
                UPDATE product_supplierinfo line
                   SET (%(columns)s, discount, write_uid, write_date)
                       = (%(wanted_columns)s, 0, %(uid)s, now() AT TIME ZONE 'UTC')
                  FROM wanted
                 WHERE wanted.offer_id = line.dropship_offer_id AND wanted.min_qty = line.min_qty
                   AND wanted.company_id IS NOT DISTINCT FROM line.company_id
                   AND (%(line_columns)s) IS DISTINCT FROM (%(wanted_columns)s)
            )
            INSERT INTO product_supplierinfo
                   (dropship_offer_id, min_qty, %(columns)s, discount, create_uid, write_uid, create_date, write_date)
            SELECT wanted.offer_id, wanted.min_qty, %(wanted_columns)s, 0, %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM wanted
             WHERE NOT EXISTS (
                   SELECT FROM product_supplierinfo line
                    WHERE line.dropship_offer_id = wanted.offer_id AND line.min_qty = wanted.min_qty
                      AND line.company_id IS NOT DISTINCT FROM wanted.company_id)
             ORDER BY wanted.offer_id, wanted.min_qty, wanted.company_id
            """,
            buyers=self.env["dropship.supplier"]._fapiao_buyers(
                SQL(
                    "SELECT warehouse.supplier_id FROM dropship_offer offer JOIN dropship_supplier_warehouse warehouse"
                    " ON warehouse.id = offer.warehouse_id WHERE offer.id = ANY(%s)",
                    list(self.ids),
                )
            ),
            wanted=self._projection_rows(),
            ids=list(self.ids),
            uid=self.env.uid,
            columns=SQL(", ").join(names),
            line_columns=SQL(", ").join(SQL("line.%s", name) for name in names),
            wanted_columns=SQL(", ").join(SQL("wanted.%s", name) for name in names),
        )

    def _projection_rows(self):
        """The lines these offers should have. Of two prices from the same quantity on, the lower counts."""
        return SQL(
            """
            SELECT DISTINCT ON (offer.id, whose.company_id, tier.min_qty)
                   offer.id AS offer_id, tier.min_qty, supplier.partner_id, whose.company_id, product.id AS product_id,
                   product.product_tmpl_id, template.uom_id AS product_uom_id, offer.currency_id,
                   offer.sku AS product_code, offer.name AS product_name, offer.sequence,
                   CEIL(COALESCE(offer.lead_days, 0))::int AS delay,
                   offer.date_from AS date_start, offer.date_to AS date_end, tier.price
              FROM dropship_offer offer
              JOIN dropship_supplier_warehouse warehouse ON warehouse.id = offer.warehouse_id AND warehouse.active
              JOIN dropship_supplier supplier
                ON supplier.id = warehouse.supplier_id AND supplier.active
               AND supplier.state = ANY(%(states)s) AND supplier.blocked IS NOT TRUE
              JOIN product_product product ON product.id = offer.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             CROSS JOIN LATERAL (%(whose)s) whose
             CROSS JOIN LATERAL (
                   SELECT ROUND((quoted.min_qty * offer.factor)::numeric, %(digits)s) AS min_qty,
                          ROUND((quoted.price / offer.factor * whose.times / whose.divide)::numeric, 8)::float8 AS price
                     FROM (SELECT 0 AS min_qty, offer.price
                           UNION ALL
                           SELECT min_qty, price FROM dropship_offer_tier WHERE offer_id = offer.id) quoted
                    WHERE quoted.price > 0
             ) tier
             WHERE offer.id = ANY(%(ids)s) AND offer.active AND tier.price > 0
             ORDER BY offer.id, whose.company_id, tier.min_qty, tier.price
            """,
            whose=self._fapiao_whose(),
            ids=list(self.ids),
            states=list(BUYABLE_STATES),
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )

    def _tiers_for(self, company, date):
        """What the company pays for each offer on a day, read from the same vendor prices as core's `_select_seller`.

        From the quantity on from which an agreement is valid, the agreement counts and not what the supplier quotes.

        :return: {offer id: [(from quantity, price, currency id)]} ascending, per unit of the product, tax excluded;
            prices only fall. Offers that cannot be bought have no key.
        """
        quoted, agreed = {}, {}
        for offer_id, is_agreed, min_qty, price, currency_id in self._tier_rows(company, date):
            rows = (agreed if is_agreed else quoted).setdefault(offer_id, [])
            rows.append((Decimal(str(min_qty)), Decimal(str(price)), currency_id))
        return {
            offer_id: self._merge_tiers(quoted.get(offer_id, []), agreed.get(offer_id, []), company, date)
            for offer_id in {**quoted, **agreed}
        }

    def _tier_rows(self, company, date):
        if not self:
            return
        for model in ("dropship.offer", "dropship.supplier", "product.supplierinfo", "product.product", "res.partner"):
            self.env[model].flush_model()
        units = self.env["uom.uom"]
        # Prices of vendors are no secret inside the company, but who confirms a sale need not be a purchaser.
        rows = self.env.execute_query(self._tier_query(company, date))
        for offer_id, is_agreed, min_qty, price, currency_id, unit_id, product_unit_id in rows:
            if unit_id != product_unit_id:
                unit, product_unit = units.browse(unit_id), units.browse(product_unit_id)
                min_qty = unit._compute_quantity(min_qty, product_unit, round=False)
                price = unit._compute_price(price, product_unit)
            yield offer_id, is_agreed, min_qty, price, currency_id

    def _tier_query(self, company, date):
        valid = SQL(
            """
                line.price > 0
            AND (line.company_id IS NULL OR line.company_id = %(company)s)
            AND (line.date_start IS NULL OR line.date_start <= %(date)s)
            AND (line.date_end IS NULL OR line.date_end >= %(date)s)
            """,
            company=company.id,
            date=date,
        )
        return SQL(
            """
            WITH offers AS (
                SELECT offer.id, offer.product_id, offer.product_tmpl_id, supplier.partner_id, template.uom_id
                  FROM dropship_offer offer
                  JOIN dropship_supplier_warehouse warehouse ON warehouse.id = offer.warehouse_id AND warehouse.active
                  JOIN dropship_supplier supplier ON supplier.id = offer.supplier_id AND supplier.active
                  JOIN res_partner partner ON partner.id = supplier.partner_id AND partner.active
                  JOIN product_template template ON template.id = offer.product_tmpl_id
                 WHERE offer.id = ANY(%(ids)s) AND offer.active
                   AND supplier.state = ANY(%(states)s) AND supplier.blocked IS NOT TRUE
            )
            SELECT offers.id, FALSE, line.min_qty, line.price, line.currency_id, line.product_uom_id, offers.uom_id
              FROM offers
              JOIN product_supplierinfo line ON line.dropship_offer_id = offers.id
             WHERE %(valid)s
             UNION ALL
            SELECT offers.id, TRUE, line.min_qty, line.price * (1 - COALESCE(line.discount, 0) / 100),
                   line.currency_id, line.product_uom_id, offers.uom_id
              FROM offers
              JOIN product_supplierinfo line
                ON line.product_tmpl_id = offers.product_tmpl_id AND line.partner_id = offers.partner_id
               AND line.dropship_offer_id IS NULL
               AND (line.product_id IS NULL OR line.product_id = offers.product_id)
             WHERE %(valid)s
            """,
            ids=list(self.ids),
            states=list(BUYABLE_STATES),
            valid=valid,
        )

    @api.model
    def _merge_tiers(self, quoted, agreed, company, date):
        start = min((min_qty for min_qty, _price, _currency in agreed), default=None)
        before = [row for row in quoted if start is None or row[0] < start]
        return self._falling(before, company, date) + self._falling(agreed, company, date)

    @api.model
    def _falling(self, rows, company, date):
        """Leave out prices no cheaper than one for a smaller quantity, as core takes the cheapest that holds."""
        if len(rows) < 2:
            return rows
        currencies = {currency_id for _min_qty, _price, currency_id in rows}
        rates = {currency_id: Decimal(1) for currency_id in currencies}
        if len(currencies) > 1:
            for currency in self.env["res.currency"].browse(currencies):
                rate = currency._get_conversion_rate(currency, company.currency_id, company, date)
                rates[currency.id] = Decimal(str(rate))
        kept, cheapest = [], None
        for row in sorted(rows, key=lambda row: (row[0], row[1] * rates[row[2]])):
            value = row[1] * rates[row[2]]
            if cheapest is None or value < cheapest:
                kept.append(row)
                cheapest = value
        return kept


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _add_supplier_to_product(self):
        """Override of `purchase`: the price of one purchase is not an agreement that beats every later offer."""
        # Whoever confirms a purchase need not see suppliers.
        suppliers_sudo = self.env["dropship.supplier"].sudo().with_context(active_test=False)
        if suppliers_sudo.search_count([("partner_id", "=", self.partner_id.commercial_partner_id.id)], limit=1):
            return
        super()._add_supplier_to_product()
