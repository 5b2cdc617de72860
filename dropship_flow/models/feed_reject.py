"""Rows a person decides about: corrected and taken, taken as they are, or left out."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..feeds.again import good_of
from ..feeds.canon import FIELDS, POSITION, Good
from .feed_reasons import reasons_text
from .feed_worker import hold_supplier


class DropshipFeedReject(models.Model):
    _inherit = "dropship.feed.reject"

    reason = fields.Char(compute="_compute_reason")

    _left_out_idx = models.Index("(feed_id, sku) WHERE state = 'dismissed'")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = reasons_text(self.env, row.reasons)

    @api.depends("sku", "line")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.sku or self.env._("Line %s", row.line)

    def action_replay(self):
        """Take these rows: read their cells again as a person corrected them, and write them. A row in doubt or in
        conflict is taken as it is. Rows that still cannot be read stay, with the reasons they have now.

        :return: the run that took them, or an empty one
        """
        self.check_access("write")
        runs = self.env["dropship.feed.run"]
        rows = self.filtered(lambda row: row.state in ("open", "dismissed"))
        for run, mine in rows.grouped("run_id").items():
            runs |= mine._replay(run)
        return runs

    def action_accept(self):
        """Take the rows as they are: the new price counts, the code means these goods now."""
        return self.action_replay()

    def action_dismiss(self):
        """Leave these rows out: what is known stays, and the same doubt is not raised again by the next file."""
        self.check_access("write")
        rows = self.filtered(lambda row: row.state == "open")
        rows.write({"state": "dismissed"})
        doubtful = rows.filtered(lambda row: row.kind == "quarantine").offer_id
        doubtful.write({"quarantined": False, "held_price": 0.0, "held_currency_id": False})
        return True

    def _replay(self, run):
        feed = run.feed_id
        if feed.as_of and run.as_of and run.as_of < feed.as_of:
            raise UserError(
                self.env._(
                    "A newer file of %(feed)s was taken. Look at the rows of that one: %(file)s is out of date.",
                    feed=feed.name,
                    file=run.file_name or run.display_name,
                )
            )
        goods, taken = [], self.browse()
        for row, read in zip(self, self._read_again(feed), strict=True):
            if isinstance(read, Good):
                goods.append(read)
                taken |= row
            else:
                row.reasons = [[code, dict(figures)] for code, figures in read.reasons]
        if not goods:
            return self.env["dropship.feed.run"]
        return taken._take(run, goods)

    def _read_again(self, feed):
        """Good or Reject for each row, in their order."""
        understood = self.filtered("understood")
        found = {row: good_of(row.line, row.cells or {}) for row in understood}
        raw = self - understood
        if raw:
            found |= zip(raw, feed._read_cells([row.cells or {} for row in raw]), strict=True)
        for row, read in found.items():
            if isinstance(read, Good) and not row.understood:
                found[row] = Good(row.line, read.values, read.key)
        return [found[row] for row in self]

    def _take(self, run, goods):
        """A run of its own for these rows."""
        feed = run.feed_id
        spoken = set(feed._plan().targets)
        spoken |= {name for name in FIELDS if any(good.values[POSITION[name]] is not None for good in goods)}
        replay = self.env["dropship.feed.run"].create(
            {
                "feed_id": feed.id,
                "file_name": self.env._("Corrected rows of %s", run.file_name or run.id),
                "origin": "replay",
                "full": False,
                "as_of": feed.as_of or run.as_of or fields.Datetime.now(),
                "spoken": [name for name in FIELDS if name in spoken],
            }
        )
        replay._process_rows(goods)
        bad = set(replay.reject_ids.mapped("sku"))
        done = self.filtered(lambda row: (row.sku or "") not in bad or len(goods) > len(bad))
        done.write({"state": "replayed"})
        return replay


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    def _read_cells(self, cells_list):
        """Good or Reject for each {column: text}, read as the feed's files are.

        A file with one column per source is made of the cells, so that corrected rows pass through the same reading.
        """
        from ..feeds.corrected import read_cells  # noqa: PLC0415 - brings libraries only who reads a feed needs

        return read_cells(cells_list, self._plan())


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    def _process_rows(self, goods):
        """Take these rows through the same steps as a file, without doubts: a person looked at them."""
        if not hold_supplier(self.env.cr, self.supplier_id.id) or self._others_run():
            raise UserError(self.env._("Another file of this supplier is being worked on. Try again when it is done."))
        self._begin()
        rows = self._stage_rows(iter(goods), self._targets(), None)
        bad = self._mark_impossible() + self._mark_twice()
        self.write({"rows_in": rows, "rows_rejected": bad, "staged": True, "good_rows": rows - bad})
        self._decide()

    def action_accept_all(self):
        """Take all prices in doubt of these files."""
        return self._open_rows("quarantine").action_replay()

    def action_keep_all(self):
        """Keep all old prices that are in doubt."""
        return self._open_rows("quarantine").action_dismiss()

    def _open_rows(self, kind):
        return self.env["dropship.feed.reject"].search(
            [("run_id", "in", self.ids), ("kind", "=", kind), ("state", "=", "open")]
        )


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def action_dropship_accept_price(self):
        """Take the prices in doubt."""
        return self._doubtful_rows().action_replay()

    def action_dropship_keep_price(self):
        """Keep the old prices."""
        return self._doubtful_rows().action_dismiss()

    def _doubtful_rows(self):
        self.check_access("write")
        return self.env["dropship.feed.reject"].search(
            [("offer_id", "in", self.ids), ("kind", "=", "quarantine"), ("state", "=", "open")]
        )
