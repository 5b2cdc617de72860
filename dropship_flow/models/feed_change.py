"""What a file changes, row by row: to look at before it is applied, and to look up afterwards."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .feed_compare import WRITES
from .feed_plan_text import TARGETS
from .feed_reasons import reasons_text

# So many rows of each kind are listed; the figures of the run count all.
LISTED = 20_000
KEEP_DAYS = 90


class DropshipFeedChange(models.Model):
    """One row of a file that is not as it was: the figures before and after."""

    _name = "dropship.feed.change"
    _description = "What a Feed Changes"
    _order = "id"
    _log_access = False
    _rec_name = "sku"

    run_id = fields.Many2one("dropship.feed.run", required=True, ondelete="cascade", readonly=True)
    feed_id = fields.Many2one("dropship.feed", required=True, ondelete="cascade", readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    line = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("changed", "Changed"),
            ("new", "New"),
            ("missing", "Not in the File"),
            ("quarantine", "Doubtful"),
            ("conflict", "Conflict"),
        ],
        required=True,
        readonly=True,
    )
    reasons = fields.Json(readonly=True, help="[[code, figures], …] of what is not taken without a person's word.")
    reason = fields.Char(compute="_compute_reason")
    offer_id = fields.Many2one("dropship.offer", ondelete="cascade", readonly=True, index="btree_not_null")
    warehouse_id = fields.Many2one("dropship.supplier.warehouse", readonly=True)
    sku = fields.Char(string="Supplier's Code", readonly=True)
    name = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    old_price = fields.Float(string="Price Before", min_display_digits="Product Price", readonly=True)
    new_price = fields.Float(string="Price", min_display_digits="Product Price", readonly=True)
    percent = fields.Float(string="Price %", digits=(16, 1), readonly=True, help="By how much the price changes.")
    old_stock = fields.Float(string="Stock Before", digits="Product Unit", readonly=True)
    new_stock = fields.Float(string="Stock", digits="Product Unit", readonly=True)
    unlimited = fields.Boolean(string="Always in Stock", readonly=True)
    price_moves = fields.Boolean(readonly=True)
    stock_moves = fields.Boolean(readonly=True)
    sells_out = fields.Boolean(string="Sold Out", readonly=True)
    others = fields.Char(readonly=True, help="Names of the other facts that change.")
    also = fields.Char(string="Also Changes", compute="_compute_also")

    _run_idx = models.Index("(run_id, kind)")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for change in self:
            change.reason = reasons_text(self.env, change.reasons)

    @api.depends("others")
    @api.depends_context("lang")
    def _compute_also(self):
        for change in self:
            names = (change.others or "").split(",")
            change.also = ", ".join(self.env._(TARGETS[name]) for name in names if name in TARGETS)

    def action_open_offer(self):
        """The offer as it is now."""
        self.ensure_one()
        offer = self.offer_id or self.env["dropship.offer"].search(
            [("feed_id", "=", self.feed_id.id), ("sku", "=", self.sku)], limit=1
        )
        action = {"type": "ir.actions.act_window", "res_model": "dropship.offer", "name": self.sku}
        if offer:
            return {**action, "res_id": offer.id, "view_mode": "form"}
        return {**action, "view_mode": "list,form", "domain": [("sku", "=", self.sku)]}

    @api.autovacuum
    def _gc_changes(self):
        """Forget what old runs changed."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.env.cr.execute(
            SQL(
                """DELETE FROM dropship_feed_change WHERE id IN (
                       SELECT change.id FROM dropship_feed_change change
                         JOIN dropship_feed_run run ON run.id = change.run_id
                        WHERE run.create_date < %s LIMIT 100000)""",
                before,
            )
        )
        return self.env.cr.rowcount, self.env.cr.rowcount == 100_000


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    change_ids = fields.One2many("dropship.feed.change", "run_id", string="What Changes", readonly=True)

    def _compare(self, trusted=False):
        """Override: what is found is listed, before any of it is written."""
        result = super()._compare(trusted=trusted)
        self._list_changes()
        return result

    def _list_changes(self):
        """The first rows of every kind as records, set by set; done again it gives the same."""
        self.ensure_one()
        self.env.cr.execute(SQL("DELETE FROM dropship_feed_change WHERE run_id = %s", self.id))
        for kind in ("changed", "new", "quarantine", "conflict"):
            self.env.cr.execute(self._changes_query(kind))
        if self.full:
            self.env.cr.execute(self._missing_changes_query())
        self.env["dropship.feed.change"].invalidate_model(flush=False)
        self.invalidate_recordset(["change_ids"], flush=False)

    def _changes_query(self, kind):
        targets = set(self._targets())
        old_stock, old_price = SQL("offer.stock"), SQL("offer.price")
        new_price = SQL(WRITES["price"]["price"]) if "price" in targets else old_price
        new_stock = SQL(WRITES["stock"]["stock"]) if "stock" in targets else old_stock
        told = WRITES["stock"]["stock_mode"] if "stock" in targets else "offer.stock_mode"
        names = [name for name in targets if (name in WRITES or name == "tiers") and name not in ("price", "stock")]
        differing = [
            SQL("CASE WHEN %s IS DISTINCT FROM %s THEN %s END", self._known_column(name), self._told_column(name), name)
            for name in sorted(names)
            if name not in ("sku", "warehouse", "stock_mode")
        ]
        return SQL(
            """
            INSERT INTO dropship_feed_change
                   (run_id, feed_id, company_id, line, kind, offer_id, warehouse_id, sku, name, currency_id,
                    old_price, new_price, percent, old_stock, new_stock, unlimited, price_moves, stock_moves,
                    sells_out, others, reasons)
            SELECT %(run)s, %(feed)s, %(company)s, found.line, %(kind)s, found.offer_id, found.warehouse_id, found.sku,
                   found.name, found.currency_id, found.old_price, found.new_price,
                   CASE WHEN found.old_price > 0 THEN (found.new_price / found.old_price - 1) * 100 END,
                   found.old_stock, found.new_stock, found.unlimited,
                   found.old_price IS DISTINCT FROM found.new_price, found.old_stock IS DISTINCT FROM found.new_stock,
                   NOT found.unlimited AND found.old_stock > 0 AND COALESCE(found.new_stock, 0) <= 0, found.others,
                   found.reasons
              FROM (
                SELECT stage.line, diff.offer_id, diff.warehouse_id, stage.sku, diff.reasons,
                       COALESCE(stage.name, offer.name) AS name, diff.currency_id,
                       %(old_price)s::float AS old_price, (%(new_price)s)::float AS new_price,
                       %(old_stock)s::float AS old_stock, (%(new_stock)s)::float AS new_stock,
                       COALESCE((%(mode)s) = 'unlimited', FALSE) AS unlimited,
                       NULLIF(concat_ws(',', %(others)s), '') AS others
                  FROM %(diff)s diff JOIN %(stage)s stage ON stage.n = diff.n
             LEFT JOIN dropship_offer offer ON offer.id = diff.offer_id
                 WHERE diff.kind = %(kind)s ORDER BY diff.n LIMIT %(limit)s) found
            """,
            run=self.id,
            feed=self.feed_id.id,
            company=self.company_id.id or None,
            kind=kind,
            old_price=old_price,
            new_price=new_price,
            old_stock=old_stock,
            new_stock=new_stock,
            mode=SQL(told),
            others=SQL(", ").join(differing) if differing and kind != "new" else SQL("NULL"),
            diff=self._diff,
            stage=self._stage,
            limit=LISTED,
        )

    def _missing_changes_query(self):
        columns = SQL(
            """offer.id, offer.warehouse_id, offer.sku, offer.name, offer.currency_id, offer.price, offer.stock,
               CASE WHEN COALESCE(offer.missing_runs, 0) > 0 THEN 0 ELSE offer.stock END AS left_stock"""
        )
        return SQL(
            """
            INSERT INTO dropship_feed_change
                   (run_id, feed_id, company_id, line, kind, offer_id, warehouse_id, sku, name, currency_id,
                    old_price, new_price, old_stock, new_stock, unlimited, price_moves, stock_moves, sells_out)
            SELECT %(run)s, %(feed)s, %(company)s, 0, 'missing', gone.id, gone.warehouse_id, gone.sku,
                   gone.name, gone.currency_id, gone.price, gone.price, gone.stock, gone.left_stock, FALSE, FALSE,
                   gone.stock > gone.left_stock, gone.stock > 0 AND gone.left_stock = 0
              FROM (%(missing)s ORDER BY offer.id LIMIT %(limit)s) gone
            """,
            run=self.id,
            feed=self.feed_id.id,
            company=self.company_id.id or None,
            missing=self._missing_query(columns),
            limit=LISTED,
        )

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def _open_changes(self, title, kind=None):
        self.ensure_one()
        self._link_new()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_feed_change")
        domain = [("run_id", "=", self.id)] + ([("kind", "=", kind)] if kind else [])
        return {**action, "name": title, "display_name": title, "domain": domain}

    def _link_new(self):
        """New rows of a run that was applied are offers by now."""
        self.check_access("read")
        if self.state != "done":
            return
        self.env["dropship.offer"].flush_model(["sku", "warehouse_id"])
        self.env.cr.execute(
            SQL(
                """UPDATE dropship_feed_change change SET offer_id = offer.id FROM dropship_offer offer
                    WHERE change.run_id = %s AND change.kind = 'new' AND change.offer_id IS NULL
                      AND offer.warehouse_id = change.warehouse_id AND offer.sku = change.sku""",
                self.id,
            )
        )
        self.env["dropship.feed.change"].invalidate_model(["offer_id"], flush=False)

    def action_open_changed(self):
        return self._open_changes(self.env._("Changed"), "changed")

    def action_open_new(self):
        return self._open_changes(self.env._("New"), "new")

    def action_open_missing(self):
        return self._open_changes(self.env._("Not in the File"), "missing")

    def action_open_changes(self):
        return self._open_changes(self.env._("What Changes"))

    def action_open_unchanged(self):
        """The offers of the feed this file said nothing new about."""
        self.ensure_one()
        self._link_new()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_offer")
        domain = [
            ("feed_id", "=", self.feed_id.id),
            ("missing_runs", "=", 0),
            ("feed_change_ids", "not any", [("run_id", "=", self.id)]),
            ("sku", "not in", self.reject_ids.mapped("sku")),
        ]
        return {**action, "name": self.env._("Unchanged"), "domain": domain, "context": {}}


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    feed_change_ids = fields.One2many("dropship.feed.change", "offer_id", readonly=True)
