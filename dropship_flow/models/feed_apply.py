"""What a file changes, written set by set in one transaction: whoever reads sees all of it or nothing.

A routing decision is one transaction at REPEATABLE READ, so it never sees half a file. New offers lock nobody out;
changed ones make a buyer who wants the last units of one wait until the file is written.
"""

from odoo import fields, models
from odoo.tools import SQL

from ..feeds.canon import FIELDS
from .feed_compare import PRICED, WRITES
from .lease_mixin import failpoint

# Projected into vendor prices: fields of a file by which that is needed.
PROJECTED = frozenset({"name", "price", "currency", "tiers", "lead_days", "factor", "date_from", "date_to"})
STEPS_OF_MISSING = 2
# So many rows at once change what PostgreSQL knows about a table.
MANY = 5_000


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    def _drop_missing(self, as_of):
        """Goods that were missing in the last file are missing again: they are sold out now. Nothing is deleted.

        :return int: how many had stock
        """
        self.ensure_one()
        self.env["dropship.offer"].flush_model()
        dropped = self.env.execute_query(
            SQL(
                """
                UPDATE dropship_offer SET missing_runs = %(steps)s, as_of = %(as_of)s, write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'utc', stock = %(stock)s, stock_mode = %(mode)s
                 WHERE feed_id = %(feed)s AND missing_runs = 1
             RETURNING product_id, id
                """,
                steps=STEPS_OF_MISSING,
                as_of=as_of,
                uid=self.env.uid,
                stock=SQL("0") if self._tells_stock() else SQL("stock"),
                mode=SQL("'limited'") if self._tells_stock() else SQL("stock_mode"),
                feed=self.id,
            )
        )
        self.env["dropship.offer"].browse(row[1] for row in dropped).invalidate_recordset(flush=False)
        self.env["dropship.supply"].sudo()._moved([row[0] for row in dropped if row[0]])
        return len(dropped)

    def _tells_stock(self):
        """Whether the feed speaks of stock; only then it may say that there is none, and that there is some again."""
        return bool({"stock", "stock_mode"} & set(self._plan().targets))


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    def _apply(self):
        """Write the differences and end the run. Same rows, same table, however often it was begun."""
        self.ensure_one()
        self.env.flush_all()
        kinds = self._kinds()
        vals = {"rows_zeroed": self._zeroed_count(), "rows_restored": self._restored_count()}
        changed = self._write_changed()
        self._write_held()
        failpoint("feed.mid_apply")
        created = self._write_new()
        if "tiers" in self._targets():
            self._write_tiers()
        self._write_unconfirmed()
        missing = zeroed = 0
        if self.full:
            missing, zeroed = self._write_missing()
        self.env["dropship.offer"].invalidate_model(flush=False)
        self.env["dropship.offer.tier"].invalidate_model(flush=False)
        if PROJECTED & set(self._targets()):
            self._project()
        if kinds.get("quarantine") or kinds.get("conflict"):
            self._list_doubts()
        self._supersede_rows()
        self._tell_moved()
        if created or "category" in self._targets():
            # Counting takes longer than many a file: others need not wait for it.
            self.env.ref("dropship_flow.cron_supplier_category").sudo()._trigger()
        vals["rows_zeroed"] += zeroed
        self._accept(
            **vals,
            rows_new=created,
            rows_changed=changed,
            rows_missing=missing,
            rows_applied=created + changed,
            rows_quarantined=kinds.get("quarantine", 0) + kinds.get("conflict", 0),
            rows_unchanged=self.good_rows - sum(kinds.values()),
        )

    def _accept(self, **vals):
        """The file counts from now on: the feed's generation goes up last."""
        self._set_state("done", ended_at=fields.Datetime.now(), **vals)
        feed = self.feed_id
        accepted = {"generation": feed.generation + 1}
        if self.origin != "replay":
            accepted |= {"as_of": self.as_of, "checksum": self.checksum if self.full else False}
            accepted["plan_key"] = self.plan_key
            if self.full:
                accepted["last_rows"] = self.rows_in
            if self.sequence or self.full:
                accepted["last_sequence"] = self.sequence
            self._replace_older(("new", "compared", "review", "refused"))
        feed.write(accepted)
        self._answered()
        self._drop_tables()

    def _restored_count(self):
        query = SQL("SELECT count(*) FROM %s WHERE back AND kind IN ('changed', 'quarantine')", self._diff)
        return self.env.execute_query(query)[0][0]

    # --- offers ---

    def _columns(self, without=frozenset()):
        """{column of the offer: SQL} for what the file speaks of."""
        found = {}
        for target in self._targets():
            if target in WRITES and target not in without:
                found |= WRITES[target]
        return {name: SQL(expression) for name, expression in found.items()}

    def _update(self, columns, condition):
        """UPDATE of the offers of rows of the difference.

        :return int: how many
        """
        names = [SQL.identifier(name) for name in columns]
        self.env.cr.execute(
            SQL(
                """
                UPDATE dropship_offer offer SET (%(names)s, write_uid, write_date)
                       = ROW(%(values)s, %(uid)s, now() AT TIME ZONE 'utc')
                  FROM %(diff)s diff JOIN %(stage)s stage ON stage.n = diff.n
                 WHERE offer.id = diff.offer_id AND %(condition)s
                """,
                names=SQL(", ").join(names),
                values=SQL(", ").join(columns.values()),
                uid=self.env.uid,
                diff=self._diff,
                stage=self._stage,
                condition=condition,
            )
        )
        return self.env.cr.rowcount

    def _seen(self):
        """What is written on every offer the file has."""
        return {
            "as_of": SQL("GREATEST(offer.as_of, %s)", self.as_of),
            "feed_id": SQL("%s::int", self.feed_id.id),
            "missing_runs": SQL("0"),
            "unconfirmed": SQL("FALSE"),
        }

    def _write_changed(self):
        settled = {
            "row_key": SQL("stage.key"),
            "quarantined": SQL("FALSE"),
            "held_price": SQL("NULL::numeric"),
            "held_currency_id": SQL("NULL::int"),
        }
        return self._update({**self._columns(), **self._seen(), **settled}, SQL("diff.kind = 'changed'"))

    def _write_held(self):
        """Rows whose price is in doubt: all but the price is taken. What a person left out before stays left out."""
        held = {
            "quarantined": SQL("NOT %s", self._left_out_before()),
            "held_price": SQL("stage.price"),
            "held_currency_id": SQL("diff.currency_id"),
            "row_key": SQL("NULL::varchar"),
        }
        columns = {**self._columns(without=PRICED), **self._seen(), **held}
        return self._update(columns, SQL("diff.kind = 'quarantine'"))

    def _left_out_before(self):
        return SQL(
            "EXISTS (SELECT FROM dropship_feed_reject known WHERE known.feed_id = %s AND known.sku = stage.sku"
            " AND known.kind = 'quarantine' AND known.state = 'dismissed' AND known.reasons::jsonb = diff.reasons)",
            self.feed_id.id,
        )

    def _write_new(self):
        warehouse = self.feed_id.warehouse_id
        nothing = "(SELECT NULL::numeric AS price, NULL::numeric AS stock, NULL::text AS stock_mode, 1 AS factor)"
        columns = {
            "price": SQL("0"),
            "stock": SQL("0"),
            "factor": SQL("1"),
            "stock_mode": SQL("'limited'"),
            **self._columns(),
            "currency_id": SQL("diff.currency_id"),
            "sku": SQL("stage.sku"),
            "warehouse_id": SQL("diff.warehouse_id"),
            "supplier_id": SQL("%s::int", self.supplier_id.id),
            "company_id": SQL("%s::int", warehouse.company_id.id or None),
            "active": SQL("TRUE"),
            "sequence": SQL("10"),
            "product_id": SQL("diff.product_id"),
            "product_tmpl_id": SQL("product.product_tmpl_id"),
            "as_of": SQL("%s::timestamp", self.as_of),
            "feed_id": SQL("%s::int", self.feed_id.id),
            "missing_runs": SQL("0"),
            "row_key": SQL("stage.key"),
            # Known from the start, or the first change of a row would have to touch every index.
            "quarantined": SQL("FALSE"),
            "unconfirmed": SQL("FALSE"),
            # The feed made it, not a person; looking up the same user for each row would cost a tenth of a first load.
            "create_date": SQL("now() AT TIME ZONE 'utc'"),
            "write_date": SQL("now() AT TIME ZONE 'utc'"),
        }
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_offer (%(names)s)
                SELECT %(values)s
                  FROM %(diff)s diff
                  JOIN %(stage)s stage ON stage.n = diff.n
             LEFT JOIN product_product product ON product.id = diff.product_id
            CROSS JOIN %(nothing)s offer
                 WHERE diff.kind = 'new'
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in columns),
                values=SQL(", ").join(columns.values()),
                diff=self._diff,
                stage=self._stage,
                nothing=SQL(nothing),
            )
        )
        created = self.env.cr.rowcount
        if created > MANY:
            # Plans made for the small table there was would join the large one row by row.
            self.env.cr.execute("ANALYZE dropship_offer (warehouse_id, sku, feed_id, product_id, missing_runs)")
        if created:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(diff)s diff SET offer_id = offer.id
                      FROM %(stage)s stage, dropship_offer offer
                     WHERE stage.n = diff.n AND diff.kind = 'new' AND diff.offer_id IS NULL
                       AND offer.warehouse_id = diff.warehouse_id AND offer.sku = stage.sku
                       %(only)s
                    """,
                    diff=self._diff,
                    stage=self._stage,
                    only=SQL("") if "tiers" in self._targets() else SQL("AND diff.product_id IS NOT NULL"),
                )
            )
        return created

    def _write_tiers(self):
        """Prices from a quantity on become what the file says: only what differs is written."""
        told = SQL(
            """
            SELECT diff.offer_id, (tier.pair->>0)::numeric AS min_qty, min((tier.pair->>1)::numeric) AS price
              FROM %(diff)s diff
              JOIN %(stage)s stage ON stage.n = diff.n AND jsonb_typeof(stage.tiers) = 'array'
             CROSS JOIN LATERAL jsonb_array_elements(stage.tiers) AS tier(pair)
             WHERE diff.kind IN ('new', 'changed') AND diff.offer_id IS NOT NULL
               AND (tier.pair->>0)::numeric > 0 AND (tier.pair->>1)::numeric >= 0
             GROUP BY 1, 2
            """,
            diff=self._diff,
            stage=self._stage,
        )
        self.env.cr.execute(
            SQL(
                """
                WITH told AS MATERIALIZED (%(told)s),
                gone AS (
                    DELETE FROM dropship_offer_tier tier USING %(diff)s diff
                     WHERE tier.offer_id = diff.offer_id AND diff.kind = 'changed' AND NOT EXISTS (
                           SELECT FROM told WHERE told.offer_id = tier.offer_id
                              AND told.min_qty = tier.min_qty::numeric)
                ),
                changed AS (
                    UPDATE dropship_offer_tier tier SET price = told.price, write_uid = %(uid)s,
                           write_date = now() AT TIME ZONE 'utc'
                      FROM told
                     WHERE tier.offer_id = told.offer_id AND tier.min_qty::numeric = told.min_qty
                       AND tier.price::numeric != told.price
                )
                INSERT INTO dropship_offer_tier
                       (offer_id, company_id, min_qty, price, create_uid, write_uid, create_date, write_date)
                SELECT told.offer_id, %(company)s, told.min_qty, told.price, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
                  FROM told
                 WHERE NOT EXISTS (SELECT FROM dropship_offer_tier tier
                                    WHERE tier.offer_id = told.offer_id AND tier.min_qty::numeric = told.min_qty)
                """,
                told=told,
                diff=self._diff,
                uid=self.env.uid,
                company=self.company_id.id or None,
            )
        )

    def _write_unconfirmed(self):
        """Offers whose rows were there and could not be taken: nobody knows whether their figures are still true."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE dropship_offer offer SET unconfirmed = TRUE
                  FROM (SELECT offer_id AS id FROM %(diff)s WHERE kind = 'conflict' AND offer_id IS NOT NULL
                         UNION
                        SELECT bad.id FROM %(stage)s stage
                          JOIN dropship_offer bad ON bad.sku = stage.sku AND bad.feed_id = %(feed)s
                         WHERE stage.bad IS NOT NULL) doubtful
                 WHERE offer.id = doubtful.id AND offer.unconfirmed IS NOT TRUE
                """,
                diff=self._diff,
                stage=self._stage,
                feed=self.feed_id.id,
            )
        )

    def _write_missing(self):
        """Goods the file does not have: counted the first time, sold out the second time, never deleted.

        :return: (missing, of them sold out now)
        """
        tells = self.feed_id._tells_stock()
        second = SQL("COALESCE(offer.missing_runs, 0) >= 1")
        query = SQL(
            """
            WITH missing AS (%(missing)s),
            counted AS (
                UPDATE dropship_offer offer
                   SET missing_runs = COALESCE(offer.missing_runs, 0) + 1,
                       stock = CASE WHEN %(zero)s THEN 0 ELSE offer.stock END,
                       stock_mode = CASE WHEN %(zero)s THEN 'limited' ELSE offer.stock_mode END,
                       as_of = CASE WHEN %(zero)s THEN GREATEST(offer.as_of, %(as_of)s) ELSE offer.as_of END,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'utc'
                  FROM missing
                 WHERE offer.id = missing.id AND COALESCE(missing.runs, 0) < %(steps)s
             RETURNING offer.id, offer.product_id, missing.runs >= 1 AND %(tells)s
                       AND (missing.stock > 0 OR missing.stock_mode = 'unlimited') AS emptied
            ), moved AS (
                INSERT INTO %(diff)s (offer_id, product_id, kind)
                SELECT id, product_id, 'missing' FROM counted WHERE emptied AND product_id IS NOT NULL
            )
            SELECT (SELECT count(*) FROM missing), (SELECT count(*) FROM counted WHERE emptied)
            """,
            missing=self._missing_query(
                SQL("offer.id, offer.stock, offer.stock_mode, COALESCE(offer.missing_runs, 0) AS runs")
            ),
            zero=SQL("%s AND %s", second, tells),
            as_of=self.as_of,
            uid=self.env.uid,
            steps=STEPS_OF_MISSING,
            tells=tells,
            diff=self._diff,
        )
        return self.env.execute_query(query)[0]

    # --- what follows from it ---

    def _project(self):
        """Vendor prices of linked offers, in batches."""
        offers = self.env["dropship.offer"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT diff.offer_id FROM %(diff)s diff
                  JOIN dropship_offer offer ON offer.id = diff.offer_id
                 WHERE diff.kind IN ('new', 'changed') AND offer.product_id IS NOT NULL
                 ORDER BY 1
                """,
                diff=self._diff,
            )
        )
        ids = [row[0] for row in rows]
        offers.browse(ids)._project_many()

    def _tell_moved(self):
        """Who follows supply looks at the products of changed offers; stock counts as well as prices."""
        self.env["dropship.supply"].sudo()._moved_by(
            SQL(
                """
                SELECT DISTINCT offer.product_id FROM %(diff)s diff
                  JOIN dropship_offer offer ON offer.id = diff.offer_id
                 WHERE diff.kind IN ('new', 'changed', 'quarantine', 'missing') AND offer.product_id IS NOT NULL
                """,
                diff=self._diff,
            )
        )

    def _list_doubts(self):
        """Rows that wait for a person."""
        for kind in ("quarantine", "conflict"):
            self._list_rows(
                SQL("diff.kind = %s", kind),
                kind,
                source=SQL("%s diff JOIN %s stage ON stage.n = diff.n", self._diff, self._stage),
                reasons=SQL("diff.reasons"),
                offer=SQL("diff.offer_id"),
            )

    def _supersede_rows(self):
        """What earlier files left open is decided by this one."""
        rejects = self.env["dropship.feed.reject"]
        rejects.flush_model()
        only = SQL("TRUE")
        if not self.full:
            only = SQL("sku IN (SELECT stage.sku FROM %s stage)", self._stage)
        self.env.cr.execute(
            SQL(
                """
                UPDATE dropship_feed_reject SET state = 'superseded'
                 WHERE feed_id = %s AND run_id < %s AND state = 'open' AND %s
                """,
                self.feed_id.id,
                self.id,
                only,
            )
        )
        rejects.invalidate_model(flush=False)


assert set(WRITES) | {"sku", "warehouse", "tiers"} == set(FIELDS), "every field of a file is written somewhere"
