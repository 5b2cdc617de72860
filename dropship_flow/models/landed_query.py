from odoo import api, models
from odoo.tools import SQL

from ..fapiao.price import STEPS_SQL
from .supplierinfo import BUYABLE_STATES

# Small tables of the program that go over as arrays: a statement stays short however many rows they have.
COLUMNS = {
    "sources": "warehouse_id int, country text, crosses bool, handling float8, hazard_rates bool, has_rates bool,"
    " reasons text, order_minimum numeric, minimum_units numeric, below_minimum text, small_order_fee numeric,"
    " free_above numeric, fees numeric",
    "rates": "warehouse_id int, number int, hazard bool, first_weight numeric, first_price numeric,"
    " step_weight numeric, step_price numeric, surcharge numeric, divisor numeric, max_weight numeric,"
    " free_allowed bool, days float8",
    "duties": "kind text, amount numeric, ship_from text, prefix text, min_value numeric, max_value numeric,"
    " basis text",
    "worth": "currency_id int, worth numeric",
    "net": "product_id int, net numeric",
}


def table(name, rows):
    """Rows of the program as `SELECT * FROM UNNEST(…)` with the columns of COLUMNS."""
    columns = [column.split() for column in COLUMNS[name].split(", ")]
    arrays = [SQL("%s::%s[]", [row[at] for row in rows], SQL(kind)) for at, (_name, kind) in enumerate(columns)]
    names = SQL(", ").join(SQL.identifier(column) for column, _kind in columns)
    return SQL("(SELECT * FROM UNNEST(%s) AS cells (%s))", SQL(", ").join(arrays), names)


class DropshipLanded(models.AbstractModel):
    _inherit = "dropship.landed"

    @api.model
    def _query(self, chosen, place, facts, qty, tables, overbuy, best):
        """The statement; its columns are those of `Landed` without the currency."""
        order = SQL("id")
        if best:
            order = SQL(
                """
                product_id, total.landed IS NULL OR EXISTS (
                    SELECT FROM jsonb_array_elements(reasons) reason WHERE reason ->> 0 <> 'no_stock'),
                reasons IS NOT NULL, total.landed NULLS LAST, id
                """
            )
        return SQL(
            """
            WITH sources AS MATERIALIZED %(sources)s, rates AS MATERIALIZED %(rates)s,
                 duties AS MATERIALIZED %(duties)s, worth AS MATERIALIZED %(worth)s, net AS MATERIALIZED %(net)s,
                 asked AS MATERIALIZED (%(asked)s), buyers AS MATERIALIZED (%(buyers)s),
                 priced AS MATERIALIZED (%(priced)s),
                 shipped AS MATERIALIZED (%(shipped)s), charged AS (%(charged)s),
                 total AS (SELECT charged.*, (goods + freight + fees + duty) / per AS landed FROM charged)
            SELECT %(once)s id, product_id, landed::text, (goods / per)::text, (freight / per)::text,
                   (fees / per)::text, (duty / per)::text, buy::text, days, GREATEST(handling, lead_days), reasons
              FROM total
             ORDER BY %(order)s
            """,
            **{name: table(name, rows) for name, rows in tables.items()},
            buyers=self.env["dropship.supplier"]._fapiao_buyers(SQL("SELECT supplier_id FROM asked")),
            asked=self._asked_query(chosen, place, facts, qty),
            priced=self._priced_query(facts),
            shipped=self._shipped_query(facts),
            charged=self._charged_query(place, facts, SQL("%s::numeric", qty), overbuy),
            once=SQL("DISTINCT ON (product_id)") if best else SQL(),
            order=order,
        )

    @api.model
    def _as_of_query(self):
        """When what an offer says was true."""
        return SQL("COALESCE(%s, offer.create_date)", self.env["dropship.offer"]._as_of_sql("offer"))

    @api.model
    def _asked_query(self, chosen, place, facts, qty):
        """The offers with what they and their products say, quantities in units of the product."""
        return SQL(
            """
            SELECT offer.id, offer.product_id, offer.product_tmpl_id, offer.warehouse_id, offer.currency_id,
                   supplier.partner_id, offer.factor, offer.price, offer.active, offer.price_tax_included,
                   offer.tax_percent, offer.fapiao_issues, offer.fapiao_point, supplier.id AS supplier_id,
                   offer.date_from, offer.date_to, COALESCE(offer.lead_days, 0) AS lead_days,
                   offer.retail_price, template.uom_id,
                   supplier.active AND warehouse.active AND partner.active AND supplier.state = ANY(%(states)s)
                       AND supplier.blocked IS NOT TRUE AS in_use,
                   CASE WHEN offer.stock_mode = 'limited' AND offer.backorder IS NOT TRUE
                        THEN GREATEST(offer.stock * offer.factor - COALESCE(promised.qty, 0), 0) END AS stock,
                   COALESCE(offer.moq, 0) * offer.factor AS moq, pack.size AS pack,
                   CASE WHEN pack.size > 0 THEN CEIL(least_qty.qty / pack.size) * pack.size
                        ELSE least_qty.qty END AS buy,
                   CASE WHEN offer.product_id IS NULL THEN NULLIF(offer.weight, 0) / offer.factor
                        ELSE COALESCE(NULLIF(product.weight, 0), (
                             SELECT MAX(other.weight / other.factor) FROM dropship_offer other
                              WHERE other.product_id = product.id AND other.active AND other.weight > 0
                                AND (other.company_id IS NULL OR other.company_id = %(company)s))) END AS weight,
                   ROUND((COALESCE(product.volume, 0) * 1000000)::numeric, 10) AS volume,
                   LEFT(regexp_replace(CASE WHEN offer.product_id IS NULL THEN offer.hs_code ELSE template.hs_code END,
                        '\\D', '', 'g'), 6) AS heading,
                   COALESCE(template.dropship_hazard, 'none') AS hazard,
                   %(reasons)s AS reasons
              FROM dropship_offer offer
              JOIN dropship_supplier_warehouse warehouse ON warehouse.id = offer.warehouse_id
              JOIN dropship_supplier supplier ON supplier.id = warehouse.supplier_id
              JOIN res_partner partner ON partner.id = supplier.partner_id
         LEFT JOIN product_product product ON product.id = offer.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN (%(promised)s) promised ON promised.offer_id = offer.id
             CROSS JOIN LATERAL (SELECT CASE WHEN COALESCE(offer.pack, 0) > 0 THEN offer.pack * offer.factor
                                             WHEN offer.factor <> 1 THEN offer.factor ELSE 0 END AS size) pack
             CROSS JOIN LATERAL (SELECT GREATEST(%(qty)s, COALESCE(offer.moq, 0) * offer.factor) AS qty) least_qty
             WHERE (offer.company_id IS NULL OR offer.company_id = %(company)s) AND %(chosen)s
            """,
            states=list(BUYABLE_STATES),
            company=facts.company.id,
            chosen=chosen,
            qty=qty,
            promised=self._promised_query(chosen),
            reasons=self._reasons_query(place, facts),
        )

    @api.model
    def _promised_query(self, chosen):
        """What is promised of each offer since its stock figure was taken, as `_promised_since` counts it."""
        return SQL(
            """
            SELECT allocation.offer_id, SUM(allocation.buy_qty)::numeric AS qty
              FROM dropship_allocation allocation
              JOIN dropship_offer offer ON offer.id = allocation.offer_id
             WHERE allocation.state IN ('planned', 'submitted', 'accepted', 'shipped') AND %(chosen)s
               AND (offer.as_of IS NULL OR allocation.create_date >= %(as_of)s)
             GROUP BY allocation.offer_id
            """,
            chosen=chosen,
            as_of=self._as_of_query(),
        )

    @api.model
    def _reasons_query(self, place, facts):
        """Reasons of the offer and its product, as a JSON list with NULL for each that does not hold."""
        tags = SQL(
            """
            (SELECT product_tag_id FROM product_tag_product_template_rel WHERE product_template_id = template.id
             UNION
             SELECT product_tag_id FROM product_tag_product_product_rel WHERE product_product_id = product.id)
            """
        )
        return SQL(
            """
            jsonb_build_array(
                CASE WHEN NOT offer.active THEN '["inactive", {}]'::jsonb END,
                CASE WHEN %(as_of)s < %(now)s - %(age_limit)s * interval '1 hour'
                     THEN jsonb_build_array('stale', jsonb_build_object(
                          'hours', FLOOR(EXTRACT(epoch FROM %(now)s - %(as_of)s) / 3600),
                          'limit', %(age_limit)s)) END,
                CASE WHEN template.dropship_blocked THEN '["blocked_product", {}]'::jsonb END,
                CASE WHEN offer.product_id IS NOT NULL THEN (
                     SELECT jsonb_build_array('blocked_tag', jsonb_build_object('tag', tag.name ->> 'en_US'))
                       FROM product_tag tag
                       JOIN %(blocked)s blocked ON blocked.%(blocked_tag)s = tag.id
                        AND blocked.%(blocked_supplier)s = supplier.id
                      WHERE tag.id IN %(tags)s ORDER BY tag.sequence, tag.id LIMIT 1) END,
                CASE WHEN offer.product_id IS NOT NULL THEN (
                     SELECT jsonb_build_array('restricted_country', jsonb_build_object(
                            'tag', tag.name ->> 'en_US', 'country', %(country)s::text))
                       FROM product_tag tag
                       JOIN %(restricted)s rel ON rel.%(restricted_tag)s = tag.id
                        AND rel.%(restricted_country)s = %(country_id)s
                      WHERE tag.id IN %(tags)s ORDER BY tag.sequence, tag.id LIMIT 1) END
            )
            """,
            as_of=self._as_of_query(),
            age_limit=self.env["dropship.offer"]._age_limit_sql(),
            now=facts.now,
            tags=tags,
            country=place.country.name or "",
            country_id=place.country.id or 0,
            **self._relation("blocked", "dropship.supplier", "blocked_product_tag_ids", "supplier", "tag"),
            **self._relation("restricted", "product.tag", "dropship_restricted_country_ids", "tag", "country"),
        )

    @api.model
    def _relation(self, name, model, field, mine, other):
        field = self.env[model]._fields[field]
        return {
            name: SQL.identifier(field.relation),
            f"{name}_{mine}": SQL.identifier(field.column1),
            f"{name}_{other}": SQL.identifier(field.column2),
        }

    @api.model
    def _priced_query(self, facts):
        """What the quantity costs: the agreement that is valid, else what is quoted; the cheapest that holds.

        The same as `_tiers_for` says, for one quantity. Offers core keeps no vendor price for – not linked, or of a
        supplier not in use – are taken by their own words.
        """
        valid = SQL(
            """
                line.price > 0 AND (line.company_id IS NULL OR line.company_id = %(company)s)
            AND (line.date_start IS NULL OR line.date_start <= %(date)s)
            AND (line.date_end IS NULL OR line.date_end >= %(date)s)
            """,
            company=facts.company.id,
            date=facts.now.date(),
        )
        return SQL(
            """
            SELECT asked.*, ROUND(COALESCE(agreed.price, quoted.price, own.price) * buy / %(step)s) * %(step)s AS goods,
                   retail.worth * asked.retail_price / asked.factor AS retail, retail.worth IS NOT NULL AS has_worth
              FROM asked
         LEFT JOIN worth retail ON retail.currency_id = asked.currency_id
         LEFT JOIN (SELECT asked.id, MIN(line.price * (1 - COALESCE(line.discount, 0) / 100) * units.ratio
                                         * worth.worth) AS price
                      FROM asked
                      JOIN product_supplierinfo line
                        ON line.product_tmpl_id = asked.product_tmpl_id AND line.partner_id = asked.partner_id
                       AND line.dropship_offer_id IS NULL
                       AND (line.product_id IS NULL OR line.product_id = asked.product_id)
                      JOIN worth ON worth.currency_id = line.currency_id
                      JOIN uom_uom mine ON mine.id = asked.uom_id
                      JOIN uom_uom theirs ON theirs.id = line.product_uom_id
                     CROSS JOIN LATERAL (SELECT CASE WHEN mine.id = theirs.id THEN 1
                                                     ELSE (mine.factor / theirs.factor)::numeric END AS ratio) units
                     WHERE asked.in_use AND asked.active AND %(valid)s AND line.min_qty <= asked.buy * units.ratio
                     GROUP BY asked.id) agreed ON agreed.id = asked.id
         LEFT JOIN (SELECT asked.id, MIN(line.price * worth.worth) AS price
                      FROM asked
                      JOIN product_supplierinfo line ON line.dropship_offer_id = asked.id
                      JOIN worth ON worth.currency_id = line.currency_id
                     WHERE asked.in_use AND asked.active AND %(valid)s AND line.min_qty <= asked.buy
                     GROUP BY asked.id) quoted ON quoted.id = asked.id
         LEFT JOIN LATERAL (
                    SELECT retail.worth * MIN(ROUND(
                               (said.price / asked.factor * steps.times / steps.divide)::numeric, 8)) AS price
                      FROM (SELECT 0 AS min_qty, asked.price
                             UNION ALL
                            SELECT min_qty, price FROM dropship_offer_tier WHERE offer_id = asked.id) said
                     CROSS JOIN (SELECT asked.price_tax_included, asked.tax_percent, asked.fapiao_issues,
                                        asked.fapiao_point) offer
                      LEFT JOIN buyers buyer ON buyer.supplier_id = asked.supplier_id
                       AND buyer.company_id = %(company)s
                     CROSS JOIN LATERAL (%(steps)s) steps
                     WHERE said.price > 0 AND said.min_qty * asked.factor <= asked.buy
                       AND (asked.date_from IS NULL OR asked.date_from <= %(date)s)
                       AND (asked.date_to IS NULL OR asked.date_to >= %(date)s)
                   ) own ON asked.product_id IS NULL OR NOT asked.in_use OR NOT asked.active
            """,
            step=self._step(facts),
            valid=valid,
            date=facts.now.date(),
            company=facts.company.id,
            steps=SQL(STEPS_SQL),
        )

    @api.model
    def _step(self, facts):
        return SQL("%s::numeric", str(facts.company.currency_id.rounding))

    @api.model
    def _parcel_price(self, weight):
        return SQL(
            """
            (rates.first_price + rates.surcharge
             + CASE WHEN %(weight)s > rates.first_weight AND rates.step_weight > 0
                    THEN CEIL((%(weight)s - rates.first_weight) / rates.step_weight) * rates.step_price ELSE 0 END)
            """,
            weight=weight,
        )

    @api.model
    def _shipped_query(self, facts):
        """The cheapest freight row that takes it, as the engine's `choose_rate`."""
        return SQL(
            """
            SELECT DISTINCT ON (priced.id) priced.*, sources.crosses, sources.country, sources.handling,
                   sources.reasons AS source_reasons, sources.hazard_rates, sources.has_rates,
                   sources.order_minimum, sources.minimum_units, sources.below_minimum, sources.small_order_fee,
                   sources.fees AS order_fees, rates.days,
                   CASE WHEN rates.warehouse_id IS NULL THEN NULL
                        WHEN rates.free_allowed AND priced.goods >= sources.free_above THEN 0
                        ELSE ROUND((%(rest)s + load.full_parcels * %(full)s) / %(step)s) * %(step)s END AS freight
              FROM priced
              JOIN sources ON sources.warehouse_id = priced.warehouse_id
         LEFT JOIN rates ON rates.warehouse_id = priced.warehouse_id AND priced.weight IS NOT NULL
               AND (priced.hazard = 'none' OR rates.hazard OR NOT sources.hazard_rates)
               AND (rates.max_weight = 0 OR GREATEST(priced.weight,
                    CASE WHEN rates.divisor > 0 THEN priced.volume / rates.divisor END) <= rates.max_weight)
         LEFT JOIN LATERAL (
                   SELECT split.full_parcels, split.weight - split.full_parcels * rates.max_weight AS rest
                     FROM (SELECT whole.weight, CASE WHEN rates.max_weight > 0 AND whole.weight > rates.max_weight
                                  THEN CEIL(whole.weight / rates.max_weight) - 1 ELSE 0 END AS full_parcels
                             FROM (SELECT GREATEST(priced.weight * priced.buy, CASE WHEN rates.divisor > 0
                                          THEN priced.volume * priced.buy / rates.divisor END) AS weight) whole
                          ) split) load ON TRUE
             ORDER BY priced.id, freight NULLS LAST, rates.days, rates.number
            """,
            rest=self._parcel_price(SQL("load.rest")),
            full=self._parcel_price(SQL("rates.max_weight")),
            step=self._step(facts),
        )

    @api.model
    def _charged_query(self, place, facts, qty, overbuy):
        """Fees, duty and every reason. What is bought beyond the quantity is paid by it, where that is allowed."""
        return SQL(
            """
            SELECT shipped.id, shipped.product_id, shipped.goods, shipped.freight, shipped.days, shipped.handling,
                   shipped.lead_days, shipped.buy,
                   ROUND((shipped.order_fees + CASE
                        WHEN shipped.goods >= shipped.order_minimum AND shipped.buy >= shipped.minimum_units THEN 0
                        WHEN shipped.below_minimum = 'fee' THEN shipped.small_order_fee ELSE 0 END) / %(step)s
                   ) * %(step)s AS fees,
                   ROUND(COALESCE(border.amount, 0) / %(step)s) * %(step)s AS duty,
                   CASE WHEN %(overbuy)s THEN %(qty)s ELSE shipped.buy END AS per,
                   NULLIF(jsonb_path_query_array(COALESCE(shipped.source_reasons::jsonb, '[]') || shipped.reasons
                          || %(late)s, 'strict $[*] ? (@.type() != "null")'), '[]') AS reasons
              FROM shipped
         LEFT JOIN net ON net.product_id = shipped.product_id
             CROSS JOIN LATERAL (SELECT COALESCE(net.net, shipped.retail, shipped.goods / shipped.buy)
                                        * CASE WHEN %(overbuy)s THEN %(qty)s ELSE shipped.buy END AS revenue) sold
         LEFT JOIN LATERAL (
                   SELECT SUM(CASE WHEN duties.kind <> 'percent' THEN duties.amount
                                   ELSE duties.amount * worth.value / 100 END) AS amount
                     FROM duties
                    CROSS JOIN LATERAL (SELECT CASE duties.basis WHEN 'goods' THEN shipped.goods
                                                                 ELSE sold.revenue END AS value) worth
                    WHERE (duties.ship_from = '' OR POSITION(',' || shipped.country || ',' IN duties.ship_from) > 0)
                      AND worth.value >= duties.min_value
                      AND (duties.max_value IS NULL OR worth.value <= duties.max_value)
                      AND starts_with(COALESCE(shipped.heading, ''), duties.prefix)
                   ) border ON shipped.crosses
            """,
            step=self._step(facts),
            qty=qty,
            overbuy=overbuy,
            late=self._late_reasons(place, qty, overbuy),
        )

    @api.model
    def _late_reasons(self, place, qty, overbuy):
        """Reasons of quantity, price, freight and terms, as a JSON list with NULL for each that does not hold."""
        return SQL(
            """
            jsonb_build_array(
                CASE WHEN NOT has_worth THEN jsonb_build_array('no_rate_currency', jsonb_build_object(
                     'currency', (SELECT name FROM res_currency WHERE id = shipped.currency_id))) END,
                CASE WHEN hazard <> 'none' AND has_rates AND NOT hazard_rates
                     THEN jsonb_build_array('hazard', jsonb_build_object('kind', hazard)) END,
                CASE WHEN NOT %(overbuy)s AND moq > %(qty)s THEN jsonb_build_array('moq', jsonb_build_object(
                     'have', trim_scale(%(qty)s)::text, 'need', trim_scale(moq)::text)) END,
                CASE WHEN NOT %(overbuy)s AND pack > 0 AND MOD(%(qty)s, NULLIF(pack, 0)) <> 0
                     THEN jsonb_build_array('pack', jsonb_build_object(
                          'have', trim_scale(%(qty)s)::text, 'pack', trim_scale(pack)::text)) END,
                CASE WHEN stock < %(need)s THEN jsonb_build_array('no_stock', jsonb_build_object(
                     'have', trim_scale(stock)::text, 'need', trim_scale(%(need)s)::text)) END,
                CASE WHEN goods IS NULL THEN '["no_price", {}]'::jsonb END,
                CASE WHEN NOT has_rates AND %(known)s THEN '["no_rate", {}]'::jsonb
                     WHEN has_rates AND weight IS NULL THEN '["no_weight", {}]'::jsonb
                     WHEN has_rates AND goods IS NOT NULL AND freight IS NULL THEN jsonb_build_array('too_heavy',
                          jsonb_build_object('have', trim_scale(ROUND(weight, 3))::text, 'limit', (
                              SELECT trim_scale(MAX(rates.max_weight))::text FROM rates
                               WHERE rates.warehouse_id = shipped.warehouse_id))) END,
                CASE WHEN below_minimum <> 'refuse' THEN NULL
                     WHEN goods < order_minimum THEN jsonb_build_array('terms_refused', jsonb_build_object(
                          'have', trim_scale(ROUND(goods, 2))::text, 'need', trim_scale(ROUND(order_minimum, 2))::text))
                     WHEN buy < minimum_units THEN jsonb_build_array('terms_refused', jsonb_build_object(
                          'have', trim_scale(buy)::text, 'need', trim_scale(minimum_units)::text)) END
            )
            """,
            overbuy=overbuy,
            qty=qty,
            need=SQL("shipped.buy") if overbuy else qty,
            known=bool(place.country),
        )
