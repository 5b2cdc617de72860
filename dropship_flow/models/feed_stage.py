"""The rows of a file on their way into the database: COPY into a table of the run's own."""

import base64
import csv
import json
import tempfile

from odoo import api, models
from odoo.tools import SQL
from psycopg2 import DataError

from ..feeds.canon import FIELDS, POSITION, Good
from ..feeds.copy_text import NULL, CopyStream
from ..feeds.errors import FeedError
from ..feeds.reasons import HARMLESS
from ..sheets.layout import harmless
from .feed_reasons import reasons_text
from .lease_mixin import failpoint

# What a value of another column may bring along: "12 USD" in a price, "in stock" in a stock.
ALWAYS = ("sku", "warehouse", "currency", "stock_mode")
# So many rows that were not taken are listed one by one; the others are in a file.
LISTED = 1000
RAW_BYTES = 4096
# Reasons of rows that can be read but not be meant, as conditions on the staging table.
IMPOSSIBLE = (
    ("code_missing", "sku IS NULL OR sku = ''"),
    ("price_negative", "LEAST(price, retail_price, map_price) < 0"),
    ("stock_negative", "stock < 0"),
    ("quantity_negative", "LEAST(moq, pack, lead_days, weight) < 0"),
    ("factor_wrong", "factor <= 0"),
    ("dates_reversed", "date_from > date_to"),
    ("not_a_number", "'NaN' IN (price, stock, retail_price, map_price, moq, pack, factor, weight, lead_days)"),
)


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    @property
    def _stage(self):
        """The table of the rows as read."""
        return SQL.identifier(f"dropship_feed_stage_{int(self.id)}")

    @property
    def _diff(self):
        """The table of the rows that are not as they were."""
        return SQL.identifier(f"dropship_feed_diff_{int(self.id)}")

    def _has_table(self, name):
        self.env.cr.execute("SELECT to_regclass(%s)", [f"dropship_feed_{name}_{int(self.id)}"])
        return self.env.cr.fetchone()[0] is not None

    def _drop_tables(self):
        for run in self:
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", run._stage))
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", run._diff))

    def _is_staged(self):
        """Whether all rows are there: a table that is not logged is empty after a crash of the server."""
        if not self.staged or not self._has_table("stage"):
            return False
        return self.env.execute_query(SQL("SELECT count(*) FROM %s WHERE bad IS NULL", self._stage))[0][0] == (
            self.good_rows
        )

    def _read(self, worker=None):
        """Read the file into the staging table.

        :return bool: False when the whole file was refused
        """
        self.ensure_one()
        plan = self.feed_id._plan()
        self.spoken = list(plan.targets)  # what the table will have, whatever becomes of the columns until then
        rejects = Rejects(self, plan)
        try:
            with self.env.cr.savepoint(flush=False):
                rows = self._stage_rows(self._goods(plan), plan.targets, rejects, worker)
        except FeedError as error:
            self._refuse([[error.code, error.params]])
            return False
        except DataError as error:
            self._refuse([["value_impossible", {"text": str(error).splitlines()[0][:200]}]])
            return False
        total = rows + rejects.count
        meant = total - rejects.harmless  # totals and notes are no goods
        if not meant:
            self._refuse([["no_rows", {}]])
            return False
        rejects.save()
        bad = rejects.count + self._mark_impossible() + self._mark_twice()
        wrong = bad - rejects.harmless
        percent = 100.0 * wrong / meant
        self.write({"rows_in": total, "rows_seen": total, "rows_rejected": bad})
        if percent > float(plan.max_bad_percent):
            figures = {"bad": wrong, "rows": meant, "percent": round(percent, 1), "limit": float(plan.max_bad_percent)}
            self._refuse([["too_many_bad", figures]])
            return False
        self.write({"staged": True, "good_rows": total - bad})
        if worker:
            worker.step(self.env)
        failpoint("feed.after_copy")
        return True

    def _goods(self, plan):
        """The rows of the kept file."""
        from ..feeds.reader import read  # noqa: PLC0415 - brings libraries only who reads a feed needs

        return read(self._source(), plan, name=self.file_name or "")

    def _stage_rows(self, rows, targets, rejects, worker=None):
        """COPY rows into a new staging table; rows that cannot be taken are there with their code only, so that the
        goods do not count as missing.

        :return int: rows that can be taken
        """
        self._drop_tables()
        columns = [SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, (kind, _note) in FIELDS.items()]
        self.env.cr.execute(
            SQL(
                "CREATE UNLOGGED TABLE %s (n int, line int, key text, bad text, reasons jsonb, %s)",
                self._stage,
                SQL(", ").join(columns),
            )
        )
        spoken = [name for name in FIELDS if name in targets or name in ALWAYS]
        positions = [POSITION[name] for name in spoken]
        blank = (None,) * (len(spoken) - 1)
        goods = 0

        def texts():
            nonlocal goods
            for number, row in enumerate(rows, 1):
                if type(row) is Good:
                    goods += 1
                    values = row.values
                    key = str(row.key) if row.key else None
                    yield (str(number), str(row.line), key, None, *[values[position] for position in positions])
                else:
                    sku = rejects.add(row)
                    if sku:
                        yield (str(number), str(row.line), None, "reject", sku, *blank)
                if worker and not number % 500:
                    worker.beat(self.id, number)

        stream = CopyStream(texts())
        self.env.cr.copy_expert(
            "COPY {} (n, line, key, bad, {}) FROM STDIN WITH (NULL '{}', ENCODING 'UTF8')".format(
                self._stage.code, ", ".join(spoken), NULL
            ),
            stream,
            1 << 16,
        )
        if stream.error:
            raise stream.error
        self.env.cr.execute(SQL("ANALYZE %s (sku, warehouse, key, bad)", self._stage))
        return goods

    # --- rows that can be read but not be taken ---

    def _places(self):
        """SQL: (code, id) of the warehouses a row may name; without a name it is the feed's."""
        warehouses = self.supplier_id.warehouse_ids
        rows = [("", self.feed_id.warehouse_id.id)]
        rows += [(place.code.strip().lower(), place.id) for place in warehouses if (place.code or "").strip()]
        rows = list(dict(reversed(rows)).items())
        return SQL("(VALUES %s)", SQL(", ").join(SQL("(%s, %s)", code, place_id) for code, place_id in rows))

    def _mark_impossible(self):
        """Set aside rows whose values no offer can have, or that name what we do not know."""
        cases = [SQL("WHEN %s THEN %s", SQL(condition), code) for code, condition in IMPOSSIBLE]
        cases.append(
            SQL(
                "WHEN COALESCE(warehouse, '') != '' AND lower(trim(warehouse)) NOT IN "
                "(SELECT place.code FROM %s AS place(code, id)) THEN 'warehouse_unknown'",
                self._places(),
            )
        )
        cases.append(
            SQL(
                "WHEN COALESCE(currency, '') != '' AND NOT EXISTS (SELECT FROM res_currency known "
                "WHERE known.name = upper(trim(currency)) AND known.active) THEN 'currency_unknown'"
            )
        )
        self.env["res.currency"].flush_model(["name", "active"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(stage)s stage SET bad = found.code,
                       reasons = jsonb_build_array(jsonb_build_array(found.code, jsonb_build_object('text',
                           CASE found.code WHEN 'warehouse_unknown' THEN stage.warehouse
                                           WHEN 'currency_unknown' THEN stage.currency ELSE stage.sku END)))
                  FROM (SELECT n, CASE %(cases)s END AS code FROM %(stage)s WHERE bad IS NULL) found
                 WHERE found.n = stage.n AND found.code IS NOT NULL
                """,
                stage=self._stage,
                cases=SQL(" ").join(cases),
            )
        )
        return self._set_aside(self.env.cr.rowcount, SQL("bad NOT IN ('reject', 'code_twice') AND bad IS NOT NULL"))

    def _mark_twice(self):
        """A code that is there twice names nothing: all its rows are set aside, none is picked."""
        self.env.cr.execute(
            SQL(
                """
                WITH twice AS (
                    SELECT sku, lower(trim(COALESCE(warehouse, ''))) AS place,
                           string_agg(line::text, ', ' ORDER BY line) AS lines
                      FROM %(stage)s WHERE bad IS NULL GROUP BY 1, 2 HAVING count(*) > 1
                )
                UPDATE %(stage)s stage SET bad = 'code_twice',
                       reasons = jsonb_build_array(jsonb_build_array('code_twice',
                           jsonb_build_object('text', stage.sku, 'lines', left(twice.lines, 200))))
                  FROM twice
                 WHERE stage.sku = twice.sku AND lower(trim(COALESCE(stage.warehouse, ''))) = twice.place
                   AND stage.bad IS NULL
                """,
                stage=self._stage,
            )
        )
        return self._set_aside(self.env.cr.rowcount, SQL("bad = 'code_twice'"))

    def _set_aside(self, count, condition):
        """List the first of the rows that meet the condition of the staging table."""
        if count:
            self._list_rows(condition, "reject", limit=LISTED)
        return count

    def _list_rows(self, condition, kind, limit=None, source=None, reasons=None, offer=None):
        """Rows of the staging table as records a person can decide about, set by set."""
        self.env["dropship.feed.reject"].flush_model()
        spoken = [name for name in FIELDS if name in self._targets() or name in ALWAYS]
        cells = SQL(
            "jsonb_strip_nulls(jsonb_build_object(%s))",
            SQL(", ").join(SQL("%s, left(stage.%s::text, 1000)", name, SQL.identifier(name)) for name in spoken),
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_feed_reject
                       (run_id, feed_id, company_id, line, kind, state, sku, offer_id, reasons, cells, understood,
                        create_uid, write_uid, create_date, write_date)
                SELECT %(run)s, %(feed)s, %(company)s, stage.line, %(kind)s,
                       CASE WHEN EXISTS (
                            SELECT FROM dropship_feed_reject known
                             WHERE known.feed_id = %(feed)s AND known.sku = stage.sku AND known.kind = %(kind)s
                               AND known.state = 'dismissed' AND known.reasons::jsonb = %(reasons)s::jsonb
                            ) AND %(kind)s != 'reject' THEN 'dismissed' ELSE 'open' END,
                       stage.sku, %(offer)s, %(reasons)s, %(cells)s, TRUE,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
                  FROM %(source)s
                 WHERE %(condition)s
                 ORDER BY stage.n
                 LIMIT %(limit)s
                """,
                run=self.id,
                feed=self.feed_id.id,
                company=self.company_id.id or None,
                kind=kind,
                reasons=reasons or SQL("stage.reasons"),
                offer=offer or SQL("NULL::int"),
                cells=cells,
                uid=self.env.uid,
                source=source or SQL("%s stage", self._stage),
                condition=condition,
                limit=limit,
            )
        )
        self.env["dropship.feed.reject"].invalidate_model(flush=False)
        self.invalidate_recordset(["reject_ids"], flush=False)

    def _targets(self):
        """Fields the file speaks of, as it was read."""
        return tuple(self.spoken or ()) or self.feed_id._plan().targets

    @api.model
    def _drop_left_overs(self):
        """Drop tables of runs that need them no more: a worker may have died between two steps."""
        tables = self.env.execute_query(
            SQL("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^dropship_feed_(stage|diff)_[0-9]+$'")
        )
        by_run = {}
        for (name,) in tables:
            by_run.setdefault(int(name.rsplit("_", 1)[1]), name)
        needed = self.search(
            [("id", "in", list(by_run)), ("state", "in", ("reading", "compared", "review", "applying"))]
        )
        self.browse(by_run.keys() - set(needed.ids))._drop_tables()


class Rejects:
    """Rows the reader could not take: the first are records, all of a long list are a file."""

    def __init__(self, run, plan):
        self.run = run
        self.sku_sources = [column.source for column in plan.columns if column.target == "sku"]
        self.sources = list(dict.fromkeys(column.source for column in plan.columns))
        self.count = self.harmless = 0
        self.first = []
        self.file = None

    def add(self, row):
        """:return: the code the row is about, where that much can be read"""
        self.count += 1
        self.harmless += bool(row.reasons) and all(code in HARMLESS for code, _figures in row.reasons)
        cells = row.cells if isinstance(row.cells, dict) else {}
        sku = next((str(cells[name]).strip() for name in self.sku_sources if cells.get(name)), "")[:200]
        if len(self.first) < LISTED:
            self.first.append((row, sku))
        else:
            self._write(row)
        return sku

    def _write(self, row):
        if not self.file:
            self.file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - open until all rows are read
            self.writer = csv.writer(self.file)
            self.writer.writerow([self.run.env._("Line"), self.run.env._("Reason"), *self.sources])
            for first, _sku in self.first:
                self._write_row(first)
        self._write_row(row)

    def _write_row(self, row):
        cells = row.cells if isinstance(row.cells, dict) else {}
        why = reasons_text(self.run.env, row.reasons)
        self.writer.writerow([row.line, why, *(harmless(str(cells.get(name, ""))) for name in self.sources)])

    def save(self):
        run = self.run
        vals_list = [
            {
                "run_id": run.id,
                "line": row.line,
                "kind": "reject",
                "sku": sku,
                "reasons": [[code, json.loads(json.dumps(figures, default=str))] for code, figures in row.reasons],
                "cells": _small(row.cells),
            }
            for row, sku in self.first
        ]
        run.env["dropship.feed.reject"].create(vals_list)
        if self.file:
            self.file.seek(0)
            run.write(
                {
                    "reject_file": base64.b64encode(b"\xef\xbb\xbf" + self.file.read().encode()),
                    "reject_file_name": run.env._("not_taken.csv"),
                }
            )
            self.file.close()


def _small(cells):
    """Cells as a record keeps them: what is longer than allowed is cut, the row stays recognisable."""
    cells = {str(name): str(text).replace("\x00", "") for name, text in (cells or {}).items() if text not in (None, "")}
    room = RAW_BYTES
    kept = {}
    for name, text in cells.items():
        if room <= 0:
            break
        kept[name] = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
        room -= len(kept[name].encode()) + len(name)
    return kept
