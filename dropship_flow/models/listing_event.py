from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .listing import LISTING_STATES
from .listing_text import listing_reasons_text

KEPT_DAYS = 365
KEPT_PER_LISTING = 100


class DropshipListingEvent(models.Model):
    """A listing came on its channel, went on hold or left: when, and why."""

    _name = "dropship.listing.event"
    _description = "History of a Listing"
    _order = "date desc, id desc"
    _log_access = False

    listing_id = fields.Many2one("dropship.listing", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    state_from = fields.Selection(LISTING_STATES, string="From")
    state_to = fields.Selection(LISTING_STATES, string="To", required=True)
    reasons = fields.Json()
    reason_text = fields.Text(string="Why", compute="_compute_reason_text")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for event in self:
            event.reason_text = listing_reasons_text(self.env, event.reasons or [])

    @api.autovacuum
    def _gc_events(self):
        """A year, and at most a hundred moves of one listing."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dropship_listing_event WHERE id IN (
                    SELECT id FROM (
                        SELECT id, date, row_number() OVER (PARTITION BY listing_id ORDER BY id DESC) AS place
                          FROM dropship_listing_event) ranked
                     WHERE place > %s OR date < %s)
                """,
                KEPT_PER_LISTING,
                fields.Datetime.now() - timedelta(days=KEPT_DAYS),
            )
        )
