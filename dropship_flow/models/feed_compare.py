"""What a file says against what is known: new, changed, unchanged, missing."""

from odoo import models
from odoo.tools import SQL

from ..feeds.canon import FIELDS

# What of an offer a field of the file is, and how: columns of dropship_offer and expressions on `stage` (what was
# read), `diff` (what was found out about it) and `offer` (what is known; of a new offer all NULL).
WRITES = {
    "name": {"name": "stage.name"},
    "barcode": {"barcode": "NULLIF(stage.barcode, '')"},
    "brand": {"brand": "NULLIF(stage.brand, '')"},
    "category": {"category": "NULLIF(stage.category, '')"},
    "group_code": {"group_code": "NULLIF(stage.group_code, '')"},
    "attributes": {"attributes": "stage.attributes"},
    "description": {"description": "NULLIF(stage.description, '')"},
    "image_urls": {"image_urls": "NULLIF(stage.image_urls, '')"},
    "price": {"price": "COALESCE(stage.price, offer.price, 0)", "currency_id": "diff.currency_id"},
    "currency": {"currency_id": "diff.currency_id"},
    "retail_price": {"retail_price": "COALESCE(stage.retail_price, 0)"},
    "map_price": {"map_price": "COALESCE(stage.map_price, 0)"},
    "stock": {
        "stock": "COALESCE(stage.stock, CASE WHEN stage.stock_mode = 'unlimited' THEN 0 ELSE offer.stock END, 0)",
        "stock_mode": "COALESCE(NULLIF(stage.stock_mode, ''), 'limited')",
    },
    "stock_mode": {"stock_mode": "COALESCE(NULLIF(stage.stock_mode, ''), offer.stock_mode, 'limited')"},
    "next_arrival": {"next_arrival": "stage.next_arrival"},
    "discontinued": {"discontinued": "COALESCE(stage.discontinued, FALSE)"},
    "lead_days": {"lead_days": "COALESCE(stage.lead_days, 0)"},
    "moq": {"moq": "COALESCE(stage.moq, 0)"},
    "pack": {"pack": "COALESCE(stage.pack, 0)"},
    "factor": {"factor": "COALESCE(stage.factor, offer.factor, 1)"},
    "weight": {"weight": "COALESCE(stage.weight, 0)"},
    "hs_code": {"hs_code": "NULLIF(stage.hs_code, '')"},
    "origin": {"origin_id": "(SELECT id FROM res_country WHERE code = upper(stage.origin) LIMIT 1)"},
    "date_from": {"date_from": "stage.date_from"},
    "date_to": {"date_to": "stage.date_to"},
}
# What a doubtful price leaves as it is.
PRICED = frozenset({"price", "currency", "tiers", "factor", "date_from", "date_to"})


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    def _compare(self, trusted=False):
        """Make the table of rows that are not as they were.

        :param trusted: a person looked at these very rows: no doubts about prices, codes and names
        """
        self.ensure_one()
        # A file's few changed rows are found by index, and their pages are in memory after the first look: PostgreSQL
        # would read all offers again for each question, believing that every page comes from a disk.
        self.env.cr.execute("SET LOCAL random_page_cost = 1.1")
        for model in ("dropship.offer", "dropship.offer.tier", "dropship.feed", "res.currency", "product.product"):
            self.env[model].flush_model()
        self.env["product.template"].flush_model()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", self._diff))
        self.env.cr.execute(self._diff_query(trusted))
        self.env.cr.execute(SQL("ANALYZE %s", self._diff))
        if self._kinds().get("new"):
            self._link_products()
        if not trusted:
            self._mark_conflicts()
            self._mark_doubts()

    def _diff_query(self, trusted):
        feed = self.feed_id
        return SQL(
            """
            CREATE UNLOGGED TABLE %(diff)s AS
            SELECT stage.n, stage.line, offer.id AS offer_id, place.id AS warehouse_id,
                   COALESCE(currency.id, offer.currency_id, %(currency)s) AS currency_id,
                   CASE WHEN offer.id IS NULL THEN 'new' ELSE 'changed' END::text AS kind,
                   COALESCE(offer.missing_runs, 0) > 0 AS back,
                   NULL::int AS product_id, NULL::jsonb AS reasons
              FROM %(stage)s stage
              JOIN %(places)s AS place(code, id) ON place.code = lower(trim(COALESCE(stage.warehouse, '')))
         LEFT JOIN dropship_offer offer ON offer.warehouse_id = place.id AND offer.sku = stage.sku
         LEFT JOIN res_currency currency ON currency.name = upper(trim(stage.currency)) AND currency.active
             WHERE stage.bad IS NULL
               AND (offer.id IS NULL OR %(trusted)s
                    OR (offer.row_key = stage.key AND offer.feed_id = %(feed)s AND COALESCE(offer.missing_runs, 0) = 0
                        AND offer.unconfirmed IS NOT TRUE
                        AND (offer.as_of IS NULL OR offer.as_of <= %(known)s)) IS NOT TRUE
                   AND (offer.as_of IS NULL OR offer.as_of <= %(as_of)s))
            """,
            diff=self._diff,
            stage=self._stage,
            places=self._places(),
            currency=feed.currency_id.id or self.env.company.currency_id.id,
            trusted=trusted,
            feed=feed.id,
            known=feed.as_of or None,
            as_of=self.as_of or None,
        )

    def _kinds(self):
        """{kind: rows} of the table of differences."""
        return dict(self.env.execute_query(SQL("SELECT kind, count(*) FROM %s GROUP BY 1", self._diff)))

    def _missing_query(self, columns):
        """Offers of the feed the file does not have; rows that cannot be taken are there."""
        return SQL(
            """
            SELECT %(columns)s FROM dropship_offer offer
             WHERE offer.feed_id = %(feed)s AND NOT EXISTS (
                   SELECT FROM %(stage)s stage
                     JOIN %(places)s AS place(code, id) ON place.code = lower(trim(COALESCE(stage.warehouse, '')))
                    WHERE stage.sku = offer.sku AND (place.id = offer.warehouse_id OR stage.bad IS NOT NULL))
            """,
            columns=columns,
            feed=self.feed_id.id,
            stage=self._stage,
            places=self._places(),
        )

    def _missing_count(self):
        if not self.full:
            return 0
        return self.env.execute_query(self._missing_query(SQL("count(*)")))[0][0]

    # --- which product a new offer is ---

    def _link_products(self):
        """New offers of goods we have already: by GTIN, else by a code only one product has."""
        company = self.company_id.id or None
        self.env.cr.execute(
            SQL(
                """
                WITH goods AS (
                    SELECT product.id, product.barcode, product.default_code
                      FROM product_product product
                      JOIN product_template template ON template.id = product.product_tmpl_id
                     WHERE template.type = 'consu'
                       AND (template.company_id IS NULL OR template.company_id = %(company)s)
                ), by_gtin AS (
                    SELECT lpad(barcode, 14, '0') AS gtin, min(id) AS id, count(*) AS many
                      FROM goods WHERE barcode ~ '^[0-9]{8,14}$' GROUP BY 1
                ), by_code AS (
                    SELECT default_code AS code, min(id) AS id, max(barcode) AS barcode, count(*) AS many
                      FROM goods WHERE default_code != '' GROUP BY 1
                )
                UPDATE %(diff)s diff
                   SET product_id = CASE WHEN by_gtin.many > 1 THEN NULL ELSE COALESCE(by_gtin.id, by_code.id) END,
                       kind = CASE WHEN by_gtin.many > 1 THEN 'conflict' ELSE 'new' END,
                       reasons = CASE WHEN by_gtin.many > 1 THEN jsonb_build_array(jsonb_build_array(
                           'gtin_two_products', jsonb_build_object('gtin', by_gtin.gtin, 'count', by_gtin.many))) END
                  FROM %(stage)s stage
             LEFT JOIN by_gtin ON by_gtin.gtin = lpad(NULLIF(stage.barcode, ''), 14, '0')
             LEFT JOIN by_code ON by_code.code = stage.sku AND by_code.many = 1
                   AND (by_code.barcode IS NULL OR NULLIF(stage.barcode, '') IS NULL
                        OR lpad(by_code.barcode, 14, '0') = lpad(stage.barcode, 14, '0'))
                 WHERE stage.n = diff.n AND diff.kind = 'new' AND COALESCE(by_gtin.id, by_code.id) IS NOT NULL
                """,
                company=company,
                diff=self._diff,
                stage=self._stage,
            )
        )

    # --- what changes, to look at ---

    def _preview(self, limit=100, kind=None):
        """What the file would change, or changed, row by row.

        :param kind: new, changed, missing, quarantine, conflict; None: all, in this order of interest
        :return: [{sku, name, line, kind, offer_id, reasons, old: {field: value}, new: {field: value}}]; `old` and `new`
            have only fields that differ. Empty once the run is over: its table is gone.
        """
        self.ensure_one()
        self.check_access("read")
        if not self._has_table("diff") or not self._has_table("stage"):
            return []
        found = []
        for one in [kind] if kind else ["conflict", "quarantine", "changed", "new", "missing"]:
            room = limit - len(found)
            if room > 0:
                found += self._preview_missing(room) if one == "missing" else self._preview_kind(one, room)
        return found

    def _preview_kind(self, kind, limit):
        targets = [name for name in self._targets() if name in WRITES or name == "tiers"]
        names = {name: column for target in targets for name, column in [(target, self._known_column(target))]}
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT stage.line, stage.sku, COALESCE(stage.name, offer.name) AS name, diff.kind, diff.offer_id,
                       diff.reasons, jsonb_build_object(%(old)s) AS old, jsonb_build_object(%(new)s) AS new
                  FROM %(diff)s diff JOIN %(stage)s stage ON stage.n = diff.n
             LEFT JOIN dropship_offer offer ON offer.id = diff.offer_id
                 WHERE diff.kind = %(kind)s ORDER BY diff.n LIMIT %(limit)s
                """,
                old=_object((name, column) for name, column in names.items()),
                new=_object((name, self._told_column(name)) for name in names),
                diff=self._diff,
                stage=self._stage,
                kind=kind,
                limit=limit,
            )
        )
        for row in rows:
            differing = [name for name in names if row["old"].get(name) != row["new"].get(name)]
            row["old"] = {name: row["old"].get(name) for name in differing} if row["offer_id"] else {}
            row["new"] = {name: row["new"].get(name) for name in differing}
        return rows

    def _preview_missing(self, limit):
        if not self.full:
            return []
        columns = SQL("offer.id, offer.sku, offer.name, offer.stock, COALESCE(offer.missing_runs, 0)")
        query = SQL("%s ORDER BY offer.id LIMIT %s", self._missing_query(columns), limit)
        return [
            {
                "line": 0, "sku": sku, "name": name, "kind": "missing", "offer_id": offer_id, "reasons": None,
                "old": {"stock": float(stock or 0)}, "new": {"stock": 0.0 if runs else float(stock or 0)},
            }
            for offer_id, sku, name, stock, runs in self.env.execute_query(query)
        ]  # fmt: skip

    def _known_column(self, name):
        if name == "tiers":
            return SQL(
                "(SELECT jsonb_agg(jsonb_build_array(trim_scale(tier.min_qty), trim_scale(tier.price))"
                " ORDER BY tier.min_qty) FROM dropship_offer_tier tier WHERE tier.offer_id = offer.id)"
            )
        if name == "currency":
            return SQL("(SELECT code.name FROM res_currency code WHERE code.id = offer.currency_id)")
        if name == "origin":
            return SQL("(SELECT code.code FROM res_country code WHERE code.id = offer.origin_id)")
        return self._plain(name, SQL("offer.%s", SQL.identifier(name)))

    def _told_column(self, name):
        if name == "tiers":
            return SQL(
                "(SELECT jsonb_agg(jsonb_build_array(trim_scale((tier->>0)::numeric), trim_scale((tier->>1)::numeric))"
                " ORDER BY (tier->>0)::numeric) FROM jsonb_array_elements(stage.tiers) tier)"
            )
        if name == "currency":
            return SQL("(SELECT code.name FROM res_currency code WHERE code.id = diff.currency_id)")
        if name == "origin":
            return SQL("upper(stage.origin)")
        expression = next(iter(WRITES[name].values()))
        return self._plain(name, SQL(expression))

    def _plain(self, name, expression):
        """Numbers without the zeros behind them, so that the same is the same."""
        if FIELDS[name][0] == "numeric":
            return SQL("trim_scale((%s)::numeric)", expression)
        return expression


def _object(pairs):
    return SQL(", ").join(SQL("%s, %s", name, expression) for name, expression in pairs)
