"""A dropped file is looked at before anything follows from it: columns guessed, first rows as they will be read."""

import base64
import itertools
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..feeds.canon import FIELDS, POSITION, Good
from ..feeds.container import Source
from ..feeds.errors import FeedError
from ..feeds.layout import signature_of
from ..feeds.reader import Opened, guess, read
from .feed_reasons import reasons_text

SHOWN, LOOKED_AT = 20, 2000
OLD_ENCODINGS = ("gb18030", "gbk", "big5", "shift_jis", "euc_kr")
SHOWN_FIELDS = ("sku", "warehouse", "name", "barcode", "brand", "category", "price", "currency", "stock", "stock_mode")


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    draft = fields.Binary(
        string="File", attachment=True, copy=False, help="CSV, XLSX, XML or JSON, as the supplier sends it."
    )
    draft_name = fields.Char(copy=False)
    sample_ids = fields.One2many(
        "dropship.feed.sample", "feed_id", string="First Rows", domain=[("kind", "=", "good")], copy=False
    )
    bad_sample_ids = fields.One2many(
        "dropship.feed.sample", "feed_id", string="Rows That Cannot Be Read", domain=[("kind", "=", "bad")], copy=False
    )
    look_text = fields.Char(string="Read As", readonly=True, copy=False)
    looked = fields.Boolean(compute="_compute_looked")

    def _cells_in_order(self, cells):
        """(name, value) of a row's cells as the file has them: the database sorts their names."""
        places = {column.source: place for place, column in enumerate(self.column_ids)}
        return sorted((cells or {}).items(), key=lambda cell: places.get(cell[0], len(places)))

    @api.depends("sample_ids", "bad_sample_ids")
    def _compute_looked(self):
        for feed in self:
            feed.looked = bool(feed.sample_ids or feed.bad_sample_ids)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_look(self):
        """Show how the first rows will be read; the first time the columns are guessed."""
        self.ensure_one()
        self.check_access("write")
        self._need_draft()
        if not self.column_ids:
            self._guess()
        self._look()
        return False

    def action_guess_again(self):
        """Another kind of file: forget the columns and guess anew."""
        self.ensure_one()
        self.check_access("write")
        self._need_draft()
        self.column_ids.unlink()
        self._guess()
        self._look()
        return False

    def action_confirm_columns(self):
        """The columns are right: from now on files are taken by themselves, as long as their headings stay."""
        self.ensure_one()
        self.check_access("write")
        self._check_columns()
        if self.draft:
            self.header_signature = False
            with self._draft_path() as (path, name):
                self.header_signature = self._signature(path, name)
        self.confirmed_at = fields.Datetime.now()
        return False

    def _signature(self, path, name):
        """The headings of a file, as the reader remembers them.

        :raise UserError: when it cannot be read with the columns as they are
        """
        try:
            return signature_of(Opened(Source(path, name), self._plan()).labels)
        except FeedError as error:
            raise UserError(reasons_text(self.env, [[error.code, error.params]])) from error

    def action_take(self):
        """Take the dropped file with the columns as they are; the run says what comes of it."""
        self.ensure_one()
        self.check_access("write")
        self._need_draft()
        self.action_confirm_columns()
        with self._draft_path() as (path, name):
            run = self._receive(name, path, as_of=fields.Datetime.now(), origin="upload")
        self.write({"draft": False, "draft_name": False})
        self.env["dropship.feed.sample"].search([("feed_id", "=", self.id)]).unlink()
        return run._open_run()

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    def _need_draft(self):
        if not self.draft:
            raise UserError(self.env._("Drop the supplier's file first: CSV, XLSX, XML or JSON."))

    @contextmanager
    def _draft_path(self):
        """(path, name) of the dropped file."""
        with tempfile.TemporaryDirectory(prefix="dropship_feed_") as folder:
            path = Path(folder) / "file"
            path.write_bytes(base64.b64decode(self.draft))
            yield str(path), self.draft_name or "feed"

    def _guess(self):
        """Columns and settings as the file suggests them.

        :raise UserError: when it is no file of offers
        """
        with self._draft_path() as (path, name):
            try:
                found = guess(path, name, base=replace(self._plan(), columns=(), header_signature=""))
            except FeedError as error:
                raise UserError(reasons_text(self.env, [[error.code, error.params]])) from error
        plan = found.plan
        by_source = {}
        for column in plan.columns:
            by_source.setdefault(column.source, []).append(column)
        samples = self._first_values(found.sample)
        commands = []
        for source in found.header or by_source:
            for column in by_source.pop(source, [None]):
                commands.append(Command.create(self._column_vals(source, column, samples, len(commands))))
        for columns in by_source.values():
            for column in columns:
                commands.append(Command.create(self._column_vals(column.source, column, samples, len(commands))))
        self.write(
            {
                "column_ids": [Command.clear(), *commands],
                "file_format": plan.file_format or found.format or False,
                # An old encoding is kept: some of its texts happen to be good UTF-8 as well.
                "encoding": plan.encoding or (found.encoding if found.encoding in OLD_ENCODINGS else False),
                "decimal_mark": plan.decimal_mark or False,
                "date_order": plan.date_order or False,
                "item_path": plan.item_path or False,
                "header_signature": False,
                "confirmed_at": False,
            }
        )

    def _column_vals(self, source, column, samples, place):
        steps = column.transforms if column else ()
        return {
            "sequence": place,
            "source": source,
            "target": column.target if column else False,
            "param": column.param if column else False,
            "sample": samples.get(source),
            "step_ids": [
                Command.create({"sequence": number, "function": name, "argument": argument})
                for number, (name, argument) in enumerate(steps)
            ],
        }

    @api.model
    def _first_values(self, rows):
        """{source: a few values of it}."""
        values = {}
        for row in rows:
            for source, text in row.items():
                found = values.setdefault(source, [])
                text = " ".join(str(text).split())[:30]
                if text and text not in found and len(found) < 3:
                    found.append(text)
        return {source: " · ".join(found) for source, found in values.items()}

    def _look(self):
        """Read the first rows with the columns as they are, and keep how they came out."""
        self._check_columns()
        rows = self.env["dropship.feed.sample"]
        rows.search([("feed_id", "=", self.id)]).unlink()
        good, bad, problem = [], [], ""
        plan = self._plan()
        with self._draft_path() as (path, name):
            try:
                for row in itertools.islice(read(path, plan, name), LOOKED_AT):
                    (good if isinstance(row, Good) else bad).append(row)
                    if len(good) >= SHOWN and len(good) + len(bad) >= 10 * SHOWN:
                        break
            except FeedError as error:
                problem = reasons_text(self.env, [[error.code, error.params]])
        rows.create(
            [self._good_vals(row) for row in good[:SHOWN]] + [self._bad_vals(row) for row in bad[:SHOWN]]
        )
        self.look_text = problem or self.env._(
            "Of the first %(rows)s rows %(good)s can be read.", rows=len(good) + len(bad), good=len(good)
        )
        return not problem

    def _good_vals(self, row):
        vals = {name: row.values[POSITION[name]] for name in SHOWN_FIELDS}
        vals = {name: value for name, value in vals.items() if value is not None}
        vals["has_stock"] = "stock" in vals
        vals["has_price"] = "price" in vals
        for name in ("price", "stock"):
            if name in vals:
                vals[name] = float(vals[name])
        rest = {name: row.values[index] for index, name in enumerate(FIELDS) if name not in SHOWN_FIELDS}
        labels = dict(self.env["dropship.feed.column"]._targets())
        vals["rest"] = " · ".join(
            f"{labels[name]}: {str(value)[:40]}" for name, value in rest.items() if value not in (None, "", {}, [])
        )[:500]
        return {"feed_id": self.id, "kind": "good", "line": row.line, **vals}

    def _bad_vals(self, row):
        return {
            "feed_id": self.id,
            "kind": "bad",
            "line": row.line,
            "cells": row.cells,
            "reasons": [[code, params] for code, params in row.reasons],
        }

    def _receive_now(self, name, content, options=None):
        """Take a small file at once, with no scheduler in between.

        :param content: in Base64
        :param options: of `_receive`: as_of, sequence, origin, full
        :return: the run, as far as it goes without a person
        """
        self.ensure_one()
        run = self._receive(name, base64.b64decode(content), **(options or {}))
        if run.state == "new":
            run._process()
        return run

    def _take_first(self, name, content):
        """A file of a feed whose columns nobody confirmed: it waits on the form, with its columns guessed.

        :param content: bytes, or the path of a file
        """
        self.ensure_one()
        content = content if isinstance(content, bytes) else Path(content).read_bytes()
        self.write({"draft": base64.b64encode(content), "draft_name": name})
        if self.column_ids:
            return
        self._guess()
        feed, user = self._for_buyer()
        feed.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=feed.env._("Look how the feed %s is read, and confirm its columns", feed.name),
            user_id=user.id,
        )


class DropshipFeedSample(models.Model):
    """One of the first rows of a file, as it will be read – or why it cannot."""

    _name = "dropship.feed.sample"
    _description = "Feed: First Row"
    _order = "line, id"

    feed_id = fields.Many2one("dropship.feed", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="feed_id.company_id", store=True, index=True)
    kind = fields.Selection([("good", "Usable"), ("bad", "Not usable")], required=True)
    line = fields.Integer()
    sku = fields.Char(string="Supplier's Code")
    warehouse = fields.Char()
    name = fields.Char()
    barcode = fields.Char(string="GTIN")
    brand = fields.Char()
    category = fields.Char(string="Supplier's Category")
    price = fields.Float(min_display_digits="Product Price")
    currency = fields.Char()
    stock = fields.Float(digits="Product Unit")
    stock_mode = fields.Char()
    has_stock = fields.Boolean()
    has_price = fields.Boolean()
    rest = fields.Char(string="Also")
    cells = fields.Json()
    reasons = fields.Json()
    reason = fields.Char(compute="_compute_reason")
    text = fields.Char(string="Row", compute="_compute_reason")

    @api.depends("reasons", "cells")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = reasons_text(self.env, row.reasons)
            cells = row.feed_id._cells_in_order(row.cells)
            row.text = " | ".join(str(value) for _source, value in cells if value)[:300]
