"""Files of suppliers are kept for a while, the figures of their runs for longer."""

from odoo import api, models
from odoo.tools import SQL

from .feed_receive import OPEN_STATES


class DropshipRetention(models.Model):
    _inherit = "dropship.retention"

    @api.model
    def _kept(self):
        """Override to add files of feeds and what came of them."""
        return [
            *super()._kept(),
            ("feed_file", self.env._("Files of suppliers' feeds")),
            ("feed_run", self.env._("Runs of suppliers' feeds")),
        ]

    @api.model
    def _purge_feed_file(self, company, before, limit):
        """The file goes, its fingerprint stays: the same file is known again. What still waits keeps its file."""
        domain = [
            ("company_id", "in", self._companies_of(company)),
            ("create_date", "<", before),
            ("state", "not in", OPEN_STATES),
        ]
        # Of most old runs the files are gone already: the database looks for those that are left.
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ir_attachment WHERE res_model = 'dropship.feed.run'"
                " AND res_field IN ('content', 'reject_file') AND res_id IN %s ORDER BY id LIMIT %s",
                self.env["dropship.feed.run"]._search(domain).subselect(),
                limit,
            )
        )
        files = self.env["ir.attachment"].browse(row[0] for row in rows)
        files.unlink()
        return len(files)

    @api.model
    def _purge_feed_run(self, company, before, limit):
        domain = [
            ("company_id", "in", self._companies_of(company)),
            ("create_date", "<", before),
            ("state", "in", ("same", "cancel", "refused", "done")),
        ]
        return self._delete("dropship.feed.run", domain, limit)

    @api.model
    def _companies_of(self, company):
        """Feeds of shared suppliers are looked after with the first company."""
        first = self.env["res.company"].search([], order="id", limit=1)
        return [company.id, False] if company == first else [company.id]
