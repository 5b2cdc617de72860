"""Rows nobody should take silently: a code that means other goods now, a price that is hard to believe."""

from odoo import fields, models
from odoo.tools import SQL

from ..feeds.similar import similarity

ALIKE = 0.3
# How near a price has to be to a power of ten of the old one to look like a lost decimal point.
NEAR = 0.02


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    cost_up_percent = fields.Float(
        string="Price Up (%)", default=30.0, help="A price that rises by more waits for a person."
    )
    cost_down_percent = fields.Float(
        string="Price Down (%)", default=50.0, help="A price that falls by more waits for a person."
    )


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    def _mark_conflicts(self):
        targets = self._targets()
        if "barcode" in targets:
            self._mark_gtin_changed()
            self._mark_gtin_twice()
            self._mark_gtin_elsewhere()
        if "name" in targets:
            self._mark_renamed()

    def _mark(self, kind, code, figures, source, condition):
        """Give rows of the difference another kind, with its reason."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(diff)s diff SET kind = %(kind)s,
                       reasons = jsonb_build_array(jsonb_build_array(%(code)s, jsonb_build_object(%(figures)s)))
                  FROM %(source)s
                 WHERE stage.n = diff.n AND diff.kind IN ('new', 'changed') AND %(condition)s
                """,
                diff=self._diff,
                kind=kind,
                code=code,
                figures=figures,
                source=source,
                condition=condition,
            )
        )

    def _mark_gtin_changed(self):
        self._mark(
            "conflict",
            "gtin_changed",
            SQL("'old', offer.barcode, 'new', stage.barcode"),
            SQL("%s stage, dropship_offer offer", self._stage),
            SQL(
                "offer.id = diff.offer_id AND offer.barcode != '' AND stage.barcode != ''"
                " AND lpad(offer.barcode, 14, '0') != lpad(stage.barcode, 14, '0')"
            ),
        )

    def _mark_gtin_twice(self):
        """One GTIN on different codes of the file: one of them is wrong, and only the supplier knows which."""
        self._mark(
            "conflict",
            "gtin_twice",
            SQL("'gtin', twice.barcode, 'codes', twice.codes"),
            SQL(
                """
                %(stage)s stage
                JOIN (SELECT barcode, left(string_agg(DISTINCT sku, ', '), 200) AS codes FROM %(stage)s
                       WHERE bad IS NULL AND barcode != '' GROUP BY 1 HAVING count(DISTINCT sku) > 1) twice
                  ON twice.barcode = stage.barcode
                """,
                stage=self._stage,
            ),
            SQL(
                "(diff.offer_id IS NULL OR EXISTS (SELECT FROM dropship_offer offer WHERE offer.id = diff.offer_id"
                " AND offer.barcode IS DISTINCT FROM stage.barcode))"
            ),
        )

    def _mark_gtin_elsewhere(self):
        """The GTIN is that of another product than the one the offer is linked to."""
        self._mark(
            "conflict",
            "gtin_other_product",
            SQL("'gtin', stage.barcode, 'product', COALESCE(other.default_code, other.barcode)"),
            SQL(
                """
                %(stage)s stage
                JOIN product_product other ON other.barcode IN (stage.barcode, ltrim(stage.barcode, '0'),
                     right(stage.barcode, 13), right(stage.barcode, 12), right(stage.barcode, 8))
                 AND lpad(other.barcode, 14, '0') = lpad(stage.barcode, 14, '0')
                JOIN product_template template ON template.id = other.product_tmpl_id
                 AND (template.company_id IS NULL OR template.company_id = %(company)s),
                dropship_offer offer
                """,
                stage=self._stage,
                company=self.company_id.id or None,
            ),
            SQL(
                "offer.id = diff.offer_id AND offer.product_id != other.id AND stage.barcode != ''"
                " AND NULLIF(offer.barcode, '') IS DISTINCT FROM stage.barcode"
            ),
        )

    def _mark_renamed(self):
        """Names that have hardly anything in common. PostgreSQL finds the suspects where it can, our own look decides:
        it also knows scripts without spaces.
        """
        has_trigrams = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')"))
        suspects = self.env.execute_query(
            SQL(
                """
                SELECT diff.n, offer.name, stage.name
                  FROM %(diff)s diff
                  JOIN %(stage)s stage ON stage.n = diff.n
                  JOIN dropship_offer offer ON offer.id = diff.offer_id
                 WHERE diff.kind = 'changed' AND offer.name != '' AND stage.name != '' AND offer.name != stage.name
                   AND %(unlike)s
                """,
                diff=self._diff,
                stage=self._stage,
                unlike=SQL("similarity(offer.name, stage.name) < %s", ALIKE) if has_trigrams[0][0] else SQL("TRUE"),
            )
        )
        reused = [number for number, old, new in suspects if similarity(old, new) < ALIKE]
        if reused:
            self._mark(
                "conflict",
                "sku_reused",
                SQL("'old', left(offer.name, 100), 'new', left(stage.name, 100)"),
                SQL("%s stage, dropship_offer offer", self._stage),
                SQL("offer.id = diff.offer_id AND diff.n = ANY(%s)", reused),
            )

    # --- prices ---

    def _mark_doubts(self):
        """Prices in doubt: the row waits, what is known of its price stays."""
        targets = self._targets()
        if not {"price", "tiers", "currency"} & set(targets):
            return
        source = SQL("%s stage, dropship_offer offer", self._stage)
        same = SQL("offer.id = diff.offer_id")
        self._mark(
            "quarantine",
            "other_currency",
            SQL(
                "'old', (SELECT name FROM res_currency WHERE id = offer.currency_id),"
                " 'new', (SELECT name FROM res_currency WHERE id = diff.currency_id)"
            ),
            source,
            SQL("%s AND offer.currency_id != diff.currency_id AND offer.price > 0", same),
        )
        if "price" in targets:
            figures = SQL("'old', trim_scale(offer.price::numeric), 'new', trim_scale(stage.price)")
            missing = SQL("COALESCE(stage.price, 0) = 0 AND stage.tiers IS NULL")
            self._mark(
                "quarantine", "price_zero", figures, source, SQL("%s AND offer.price > 0 AND %s", same, missing)
            )
            self._mark(
                "quarantine",
                "price_zero",
                SQL("'old', NULL::int, 'new', 0"),
                SQL("%s stage", self._stage),
                SQL("diff.offer_id IS NULL AND stage.price = 0 AND stage.tiers IS NULL"),
            )
            priced = SQL("%s AND offer.price > 0 AND stage.price > 0", same)
            ratio = SQL("(stage.price / offer.price::numeric)")
            self._mark(
                "quarantine",
                "price_factor",
                SQL("%s, 'factor', round(%s, 2)", figures, ratio),
                source,
                SQL(
                    "%s AND EXISTS (SELECT FROM (VALUES (10), (100), (0.1), (0.01)) AS power(ten)"
                    " WHERE abs(%s / power.ten - 1) <= %s)",
                    priced,
                    ratio,
                    NEAR,
                ),
            )
            percent = SQL("%s, 'percent', round((%s - 1) * 100, 1)", figures, ratio)
            up, down = self.feed_id.cost_up_percent, self.feed_id.cost_down_percent
            self._mark("quarantine", "price_up", percent, source, SQL("%s AND %s > 1 + %s / 100.0", priced, ratio, up))
            self._mark(
                "quarantine", "price_down", percent, source, SQL("%s AND %s < 1 - %s / 100.0", priced, ratio, down)
            )
        if "tiers" in targets:
            self._mark_tiers()

    def _mark_tiers(self):
        """The same for prices from a quantity on, tier by tier."""
        self._mark(
            "quarantine",
            "tier_jump",
            SQL("'quantity', far.quantity, 'old', far.old, 'new', far.new"),
            SQL(
                """
                %(stage)s stage JOIN (
                    SELECT DISTINCT ON (found.n) found.n, trim_scale(tier.min_qty::numeric) AS quantity,
                           trim_scale(tier.price::numeric) AS old, (told.pair->>1)::numeric AS new
                      FROM %(diff)s found
                      JOIN %(stage)s row ON row.n = found.n AND jsonb_typeof(row.tiers) = 'array'
                     CROSS JOIN LATERAL jsonb_array_elements(row.tiers) AS told(pair)
                      JOIN dropship_offer_tier tier ON tier.offer_id = found.offer_id AND tier.price > 0
                       AND tier.min_qty = (told.pair->>0)::numeric
                     WHERE (told.pair->>1)::numeric / tier.price::numeric > 1 + %(up)s / 100.0
                        OR (told.pair->>1)::numeric / tier.price::numeric < 1 - %(down)s / 100.0
                     ORDER BY found.n, tier.min_qty
                ) far ON far.n = stage.n
                """,
                stage=self._stage,
                diff=self._diff,
                up=self.feed_id.cost_up_percent,
                down=self.feed_id.cost_down_percent,
            ),
            SQL("TRUE"),
        )
