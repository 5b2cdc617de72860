"""How old what an offer says is. A file confirms what it does not change, without writing it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A feed that did not come for so many times its interval is not believed any more.
OVERDUE = 3


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    expect_hours = fields.Float(
        string="Expected Every (hours)",
        help="After three times as long without a file its offers count as too old. 0: never for this reason.",
    )

    def _expected_hours(self):
        """After how many hours the next file should be there; 0: nobody knows."""
        self.ensure_one()
        return self.expect_hours

    def _age_limit(self):
        """Hours after which what it said is too old: the supplier's limit, or the feed stays away; 0: never."""
        self.ensure_one()
        limits = [self.supplier_id.max_age_hours or 0.0, OVERDUE * self._expected_hours() if self.active else 0.0]
        return min(filter(None, limits), default=0.0)


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    told_at = fields.Datetime(
        string="True At", compute="_compute_told_at", help="When the supplier last said or confirmed these figures."
    )

    @api.model
    def _as_of_sql(self, alias="offer"):
        """When what an offer says was last said or confirmed, as SQL on the table alias."""
        return SQL(
            "GREATEST(%(offer)s.as_of, (SELECT fed.as_of FROM dropship_feed fed WHERE fed.id = %(offer)s.feed_id"
            " AND COALESCE(%(offer)s.missing_runs, 0) = 0 AND %(offer)s.unconfirmed IS NOT TRUE))",
            offer=SQL.identifier(alias),
        )

    @api.depends("as_of", "feed_id.as_of", "missing_runs", "unconfirmed")
    def _compute_told_at(self):
        for offer in self:
            # Whoever reads an offer need not read feeds.
            confirmed = offer.sudo().feed_id.as_of if not offer.missing_runs and not offer.unconfirmed else False
            offer.told_at = max(filter(None, (offer.as_of, confirmed)), default=False)

    def _age_limit(self):
        """Hours after which the figures are too old: the supplier's limit, or his feed stays away; 0: never."""
        self.ensure_one()
        feed_sudo = self.sudo().feed_id
        return feed_sudo._age_limit() if feed_sudo else self.supplier_id.max_age_hours or 0.0

    @api.model
    def _age_limit_sql(self, alias="offer", supplier="supplier"):
        """The same as SQL on the aliases of the offer and its supplier: hours; NULL: never."""
        return SQL(
            "LEAST(NULLIF(%(supplier)s.max_age_hours, 0)::float8, (SELECT NULLIF(%(overdue)s * fed.expect_hours, 0)"
            " FROM dropship_feed fed WHERE fed.id = %(offer)s.feed_id AND fed.active))",
            supplier=SQL.identifier(supplier),
            offer=SQL.identifier(alias),
            overdue=OVERDUE,
        )

    @api.depends("told_at", "supplier_id.max_age_hours", "feed_id.expect_hours", "feed_id.active")
    def _compute_stale(self):
        now = fields.Datetime.now()
        for offer in self:
            hours = offer._age_limit()
            offer.stale = bool(hours) and (not offer.told_at or offer.told_at < now - timedelta(hours=hours))

    def _search_stale(self, operator, value):
        """By suppliers and feeds, of which there are few."""
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        ages = self.env["dropship.supplier"].with_context(active_test=False)
        feeds_sudo = self.env["dropship.feed"].sudo().with_context(active_test=False).search([("as_of", "!=", False)])
        stale = [
            Domain("supplier_id.max_age_hours", "=", hours)
            & self._older_than(now - timedelta(hours=hours), feeds_sudo)
            for [hours] in ages._read_group([("max_age_hours", ">", 0)], ["max_age_hours"])
        ]
        for feed in feeds_sudo.filtered("active"):
            limit = now - timedelta(hours=OVERDUE * feed._expected_hours())
            if limit < now and feed.as_of < limit:
                stale.append(Domain("feed_id", "=", feed.id) & self._older_than(limit, feeds_sudo))
        found = Domain.OR(stale)
        return Domain.OR([found if wanted else ~found for wanted in value])

    @api.model
    def _older_than(self, moment, feeds):
        """Domain of offers nobody said or confirmed anything about since."""
        older = Domain("as_of", "=", False) | Domain("as_of", "<", moment)
        fresh = feeds.filtered(lambda feed: feed.as_of >= moment)
        if not fresh:
            return older
        confirmed = Domain("feed_id", "in", fresh.ids) & Domain("missing_runs", "in", (0, False))
        return older & ~(confirmed & Domain("unconfirmed", "!=", True))
