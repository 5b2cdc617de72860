"""Where people see feeds: the supplier, the Overview, the Health page."""

from odoo import api, fields, models
from odoo.fields import Domain

TO_DECIDE = ("review", "compared")


def concerns(companies, prefix=""):
    """Domain of what the people of some companies look after; a shared supplier's feeds are those of who is
    responsible.

    :param str prefix: path to the feed, with its dot
    """
    own = Domain(f"{prefix}company_id", "in", companies.ids)
    responsible = Domain(f"{prefix}user_id", "=", False) | Domain(f"{prefix}user_id.company_ids", "in", companies.ids)
    return own | (Domain(f"{prefix}company_id", "=", False) & responsible)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    feed_ids = fields.One2many("dropship.feed", "supplier_id", string="Feeds")
    feed_count = fields.Integer(compute="_compute_feed_state")
    feed_state = fields.Selection(
        [("none", "None"), ("good", "Fine"), ("look", "To Look At"), ("still", "Stands Still")],
        compute="_compute_feed_state",
    )

    @api.depends("feed_ids.failures", "feed_ids.run_ids.state")
    def _compute_feed_state(self):
        feeds = self.env["dropship.feed"].search([("supplier_id", "in", self.ids)])
        still = feeds._still().supplier_id
        look = feeds.filtered(
            lambda feed: feed.last_state in (*TO_DECIDE, "refused") or (feed.draft_name and not feed.confirmed_at)
        ).supplier_id
        counts = feeds.grouped("supplier_id")
        for supplier in self:
            supplier.feed_count = len(counts.get(supplier, ()))
            if not supplier.feed_count:
                supplier.feed_state = "none"
            elif supplier in still:
                supplier.feed_state = "still"
            else:
                supplier.feed_state = "look" if supplier in look else "good"

    def action_open_feeds(self):
        """The supplier's feeds; without one, where a file is dropped."""
        self.ensure_one()
        name = "action_dropship_feed" if self.feed_count else "action_dropship_feed_drop"
        action = self.env["ir.actions.act_window"]._for_xml_id(f"dropship_flow.{name}")
        if self.feed_count:
            action["domain"] = [("supplier_id", "=", self.id)]
        action["context"] = {"default_supplier_id": self.id, "default_warehouse_id": self.warehouse_ids[:1].id}
        return action


class DropshipOverview(models.Model):
    """Feeds: for who buys. Each card opens where its buttons are."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: feeds that stand still, runs a person decides about, rows nobody could take."""
        return [*super()._cards(), *self._feed_cards()]

    @api.model
    def _feed_cards(self):
        buyer = {"needs": True, "roles": ("buyer",), "groups": "dropship_flow.group_dropship_buyer"}
        mine, of_mine = concerns(self.env.companies), concerns(self.env.companies, "feed_id.")
        rows = of_mine & Domain("state", "=", "open") & Domain("feed_id.active", "=", True)
        return [
            {**buyer, "key": "feeds_still", "title": self.env._("Feeds that stand still"), "model": "dropship.feed",
             "action": "dropship_flow.action_dropship_feed", "sequence": 46,
             "domain": mine & Domain("stands_still", "=", True)},
            {**buyer, "key": "feeds_columns", "title": self.env._("Feeds to be looked at"), "model": "dropship.feed",
             "action": "dropship_flow.action_dropship_feed", "sequence": 47,
             "domain": mine & Domain("confirmed_at", "=", False) & Domain("draft_name", "!=", False)},
            {**buyer, "key": "feeds_guard", "title": self.env._("Price lists waiting for your word"),
             "model": "dropship.feed.run", "action": "dropship_flow.action_dropship_feed_run", "sequence": 48,
             "domain": of_mine & Domain("state", "in", TO_DECIDE), "hint": "_hint_feed_runs"},
            {**buyer, "key": "feeds_rows", "title": self.env._("Rows of feeds to look at"),
             "model": "dropship.feed.reject", "action": "dropship_flow.action_dropship_feed_reject", "sequence": 49,
             "domain": rows, "hint": "_hint_feed_rows"},
        ]  # fmt: skip

    def _hint_feed_runs(self, domain):
        """Whose they are."""
        found = self.env["dropship.feed.run"]._read_group(domain, ["feed_id"], ["__count"], limit=4)
        return " · ".join(feed.display_name for feed, _count in found)

    def _hint_feed_rows(self, domain):
        """What is wrong with them, most first."""
        kinds = dict(self.env["dropship.feed.reject"]._fields["kind"]._description_selection(self.env))
        found = self.env["dropship.feed.reject"]._read_group(domain, ["kind"], ["__count"])
        ranked = sorted(found, key=lambda row: (-row[1], row[0]))
        return " · ".join(f"{count} {kinds[kind]}" for kind, count in ranked)


class DropshipHealthCheck(models.AbstractModel):
    """Feeds: files that wait to be read, addresses that bring nothing."""

    _inherit = "dropship.health.check"

    @api.model
    def _queue_rows(self, company):
        yield from super()._queue_rows(company)
        mine = concerns(company)
        feeds_sudo = self.env["dropship.feed"].sudo()
        if not feeds_sudo.search_count(mine, limit=1):  # where nobody has feeds there is nothing to say
            return
        now = fields.Datetime.now()
        waiting = concerns(company, "feed_id.") & Domain("state", "in", ("new", "reading", "applying"))
        runs_sudo = self.env["dropship.feed.run"].sudo()
        ((count, oldest),) = runs_sudo._read_group(waiting, [], ["__count", "write_date:min"])
        state, text = "good", ""
        if oldest and oldest < fields.Datetime.subtract(now, minutes=30):
            state, text = "bad", self.env._("Nothing moves: look whether the scheduled action below runs.")
        if count:
            yield {
                "part": "queue", "id": 51, "state": state, "title": self.env._("Feeds being read"), "count": count,
                "since": oldest or None, "text": text, "model": "dropship.feed.run", "domain": list(waiting),
            }  # fmt: skip
        still_sudo = feeds_sudo.search(mine & Domain("address", "!=", False))._still()
        if still_sudo:
            yield {
                "part": "queue", "id": 52, "state": "warn", "title": self.env._("Feeds that stand still"),
                "count": len(still_sudo), "since": None,
                "text": self.env._("Open them: each says what its last look found."),
                "model": "dropship.feed", "domain": [("id", "in", still_sudo.ids)],
            }  # fmt: skip
