"""What rules and limits ask about products, read set by set."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from .router_facts import ONE


class DropshipPricing(models.AbstractModel):
    _inherit = "dropship.pricing"

    @api.model
    def _facts_of(self, product_ids, terms):
        """What rules and limits ask about products, read at once. MAP and MSRP in company currency.

        Each table is read by itself and put together here: joined in one statement, the database trusts figures of
        tables that were filled a moment ago and compares every product with every price.
        """
        self.env.flush_all()
        product_ids = list(product_ids)
        ours = self._our_items(product_ids, terms)
        history = self._history_facts(product_ids, terms)
        pinned = self._pinned(product_ids, terms)
        rows = self._goods_rows(product_ids, terms)
        own = self._own_priced({row[0]: row[1] for row in rows}, terms)
        result = {}
        for product_id, _template_id, category, publics, tags, map_price, retail, pieces in rows:
            price, cost = ours.get(product_id, (None, None))
            reference, refused = history.get(product_id, (None, None))
            money = {"map": map_price, "retail": retail, "price": price, "cost": cost, "reference": reference,
                     "refused": refused}  # fmt: skip
            result[product_id] = {
                "category": category, "publics": publics, "tags": tags, "own": product_id in own,
                "pinned": product_id in pinned, "pieces": pieces,
                **{name: None if text is None else Decimal(text) for name, text in money.items()},
            }  # fmt: skip
        return result

    @api.model
    def _goods_rows(self, product_ids, terms):
        """[(product id, template id, category, shop categories, tags, MAP, MSRP, pieces)]

        `pieces` tells whether some source sends no single piece.
        """
        worth = [(terms.company.currency_id.id, ONE)]
        worth += self.env["dropship.landed"]._facts(terms.company).currency_rates.items()
        query = SQL(
            """
            WITH worth AS (SELECT * FROM UNNEST(%(currencies)s::int[], %(worths)s::numeric[]) AS w (id, worth)),
                 said AS (SELECT offer.product_id,
                                 MAX(NULLIF(offer.map_price, 0) * worth.worth / offer.factor) AS map,
                                 MIN(NULLIF(offer.retail_price, 0) * worth.worth / offer.factor) AS retail,
                                 BOOL_OR(GREATEST(offer.moq, offer.pack, 1) * offer.factor <> 1) AS pieces
                            FROM dropship_offer offer
                            JOIN dropship_supplier supplier ON supplier.id = offer.supplier_id AND supplier.active
                             AND supplier.state IN ('trial', 'approved') AND supplier.blocked IS NOT TRUE
                            JOIN worth ON worth.id = offer.currency_id
                           WHERE offer.active AND offer.product_id = ANY(%(ids)s)
                             AND (offer.company_id IS NULL OR offer.company_id = %(company)s)
                           GROUP BY offer.product_id)
            SELECT product.id, product.product_tmpl_id, template.categ_id,
                   ARRAY(SELECT product_public_category_id FROM product_public_category_product_template_rel
                          WHERE product_template_id = product.product_tmpl_id),
                   ARRAY(SELECT product_tag_id FROM product_tag_product_template_rel
                          WHERE product_template_id = product.product_tmpl_id
                          UNION SELECT product_tag_id FROM product_tag_product_product_rel
                          WHERE product_product_id = product.id),
                   said.map::text, said.retail::text, COALESCE(said.pieces, FALSE)
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN said ON said.product_id = product.id
             WHERE product.id = ANY(%(ids)s)
            """,
            ids=product_ids,
            currencies=[row[0] for row in worth],
            worths=[row[1] for row in worth],
            company=terms.company.id,
        )
        return self.env.execute_query(query)

    @api.model
    def _our_items(self, product_ids, terms):
        """{product id: (price by the rules, cost it was made of)}"""
        query = SQL(
            "SELECT product_id, fixed_price::text, dropship_cost::numeric::text FROM product_pricelist_item"
            " WHERE pricelist_id = %s AND dropship_ours AND product_id = ANY(%s)",
            terms.pricelist.id or 0,
            product_ids,
        )
        return {product_id: money for product_id, *money in self.env.execute_query(query)}

    @api.model
    def _own_priced(self, templates, terms):
        """Products of {product id: template id} the merchant gave a price of his own in the pricelist."""
        now = fields.Datetime.now()
        query = SQL(
            """
            SELECT item.product_id, CASE WHEN item.applied_on = '1_product' THEN item.product_tmpl_id END
              FROM product_pricelist_item item
             WHERE item.pricelist_id = %(pricelist)s AND item.dropship_ours IS NOT TRUE
               AND item.min_quantity <= 1 AND (item.date_end IS NULL OR item.date_end >= %(now)s)
               AND (item.product_id = ANY(%(ids)s) AND (item.date_start IS NULL OR item.date_start <= %(now)s)
                    OR item.product_tmpl_id = ANY(%(templates)s) AND item.applied_on = '1_product')
            """,
            pricelist=terms.pricelist.id or 0,
            now=now,
            ids=list(templates),
            templates=list(set(templates.values())),
        )
        rows = self.env.execute_query(query)
        products, whole = {row[0] for row in rows}, {row[1] for row in rows} - {None}
        return {key for key, template_id in templates.items() if key in products or template_id in whole}

    @api.model
    def _pinned(self, product_ids, terms):
        query = SQL(
            "SELECT product_id FROM dropship_price_pin"
            " WHERE channel_id = %s AND product_id = ANY(%s) AND (until IS NULL OR until >= %s)",
            terms.channel.id,
            product_ids,
            fields.Date.today(),
        )
        return {row[0] for row in self.env.execute_query(query)}

    @api.model
    def _history_facts(self, product_ids, terms):
        """{product id: (price a day ago unless a person agreed since, the last price a person refused)}"""
        query = SQL(
            """
            WITH told AS (SELECT *, MAX(id) FILTER (WHERE state = 'applied' AND decided_at IS NOT NULL)
                                    OVER (PARTITION BY product_id) AS agreed
                            FROM dropship_price_change
                           WHERE channel_id = %(channel)s AND product_id = ANY(%(ids)s)
                             AND state IN ('applied', 'refused'))
            SELECT product_id,
                   (ARRAY_AGG(old_entered ORDER BY id) FILTER (
                        WHERE state = 'applied' AND decided_at IS NULL AND old_entered > 0
                          AND create_date > %(now)s - interval '24 hours' AND id > COALESCE(agreed, 0)
                   ))[1]::numeric::text,
                   (ARRAY_AGG(entered_price ORDER BY id DESC) FILTER (WHERE state = 'refused'))[1]::numeric::text
              FROM told GROUP BY product_id
            """,
            channel=terms.channel.id,
            ids=product_ids,
            now=fields.Datetime.now(),
        )
        return {product_id: money for product_id, *money in self.env.execute_query(query)}
