"""A run as a funnel: how many rows came in and what became of them, each figure opening exactly those rows."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

BUSY = ("new", "reading", "applying")


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    rejects_file = fields.Binary(compute="_compute_rejects_file", string="Rows Not Taken (file)")
    rejects_name = fields.Char(compute="_compute_rejects_file")
    open_count = fields.Integer(string="Rows to Look At", compute="_compute_open_count")
    is_busy = fields.Boolean(compute="_compute_is_busy")
    progress = fields.Float(compute="_compute_is_busy", help="How far it is read, by the rows of the last file.")
    balance = fields.Char("Where Rows Went", compute="_compute_balance", help="Every row that came in is one of these.")

    @api.depends("state", "rows_seen", "rows_in")
    def _compute_is_busy(self):
        for run in self:
            run.is_busy = run.state in BUSY
            if run.state == "reading":
                expected = max(run.rows_in, run.feed_id.last_rows, run.rows_seen * 1.25, 1)
                run.progress = 85.0 * min(run.rows_seen / expected, 1.0)
            else:
                run.progress = {"new": 0.0, "applying": 90.0}.get(run.state, 100.0)

    @api.depends("rows_in", "rows_applied", "rows_unchanged", "rows_rejected", "rows_quarantined", "state")
    @api.depends_context("lang")
    def _compute_balance(self):
        for run in self:
            run.balance = self.env._(
                "%(total)s = %(applied)s applied + %(unchanged)s unchanged + %(rejected)s rejected + "
                "%(quarantined)s quarantined",
                total=run.rows_in,
                applied=run.rows_applied or run.rows_new + run.rows_changed,
                unchanged=run.rows_unchanged,
                rejected=run.rows_rejected,
                quarantined=run.rows_quarantined,
            )

    @api.depends("reject_ids.state")
    def _compute_open_count(self):
        counts = dict(
            self.env["dropship.feed.reject"]._read_group(
                [("run_id", "in", self.ids), ("state", "=", "open")], ["run_id"], ["__count"]
            )
        )
        for run in self:
            run.open_count = counts.get(run, 0)

    @api.depends("reject_ids")
    def _compute_rejects_file(self):
        for run in self:
            run.rejects_name = self.env._("rows_not_taken.csv")
            run.rejects_file = bool(run.reject_ids) and base64.b64encode(
                self.env["dropship.feed.reject"]._csv(run.reject_ids)
            )

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def _open_run(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.feed.run",
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_refresh(self):
        """Show the figures of this moment."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_feed(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.feed",
            "res_id": self.feed_id.id,
            "view_mode": "form",
        }

    def _open_rejects(self, kind):
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_feed_reject")
        domain = [("run_id", "=", self.id), ("kind", "in", kind)]
        return {**action, "domain": domain, "context": {"create": False}}

    def action_open_rejected(self):
        self.ensure_one()
        return self._open_rejects(["reject"])

    def action_open_quarantined(self):
        """Rows a person decides about; before the file is applied they are only shown."""
        self.ensure_one()
        if self.state != "done":
            action = self._open_changes(self.env._("Quarantined"))
            return {**action, "domain": [("run_id", "=", self.id), ("kind", "in", ("quarantine", "conflict"))]}
        return self._open_rejects(["quarantine", "conflict"])

    def action_look(self):
        """Look at this file again with the columns of the feed: they may have to be corrected."""
        self.ensure_one()
        self.feed_id.check_access("write")
        content = self._attachment().raw
        if not content:
            raise UserError(self.env._("The file is no longer kept. Receive it again."))
        self.feed_id.write({"draft": base64.b64encode(content), "draft_name": self.file_name})
        self.feed_id.action_look()
        return self.action_open_feed()

    def action_download_rejects(self):
        """All rows that were not taken, as a file for the supplier."""
        self.ensure_one()
        field = "reject_file" if self.reject_file else "rejects_file"
        name = self.reject_file_name if self.reject_file else self.rejects_name
        url = f"/web/content/dropship.feed.run/{self.id}/{field}/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    run_count = fields.Integer(compute="_compute_counts")
    open_count = fields.Integer(string="Rows to Look At", compute="_compute_counts")
    offer_count = fields.Integer(compute="_compute_counts")
    last_state = fields.Selection(
        selection=lambda self: self.env["dropship.feed.run"]._fields["state"]._description_selection(self.env),
        string="Last Run",
        compute="_compute_last_state",
    )

    def _compute_counts(self):
        runs = dict(self.env["dropship.feed.run"]._read_group([("feed_id", "in", self.ids)], ["feed_id"], ["__count"]))
        rows = dict(
            self.env["dropship.feed.reject"]._read_group(
                [("feed_id", "in", self.ids), ("state", "=", "open")], ["feed_id"], ["__count"]
            )
        )
        offers = dict(self.env["dropship.offer"]._read_group([("feed_id", "in", self.ids)], ["feed_id"], ["__count"]))
        for feed in self:
            feed.run_count, feed.open_count = runs.get(feed, 0), rows.get(feed, 0)
            feed.offer_count = offers.get(feed, 0)

    @api.depends("run_ids.state")
    def _compute_last_state(self):
        last = dict(
            self.env["dropship.feed.run"]._read_group([("feed_id", "in", self.ids)], ["feed_id"], ["id:max"])
        )
        states = {run.id: run.state for run in self.env["dropship.feed.run"].browse(last.values())}
        for feed in self:
            feed.last_state = states.get(last.get(feed), False)

    def action_open_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_feed_run")
        return {**action, "domain": [("feed_id", "=", self.id)], "context": {}}

    def action_open_rows(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_feed_reject")
        return {**action, "domain": [("feed_id", "=", self.id)], "context": {"search_default_open": 1}}

    def action_open_offers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_offer")
        return {**action, "domain": [("feed_id", "=", self.id)], "context": {}}
