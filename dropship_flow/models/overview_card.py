from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval


class DropshipOverviewCard(models.Model):
    """One figure of the overview: what it counts, and the records behind it. Made on the fly for each reader."""

    _name = "dropship.overview.card"
    _description = "Overview: Card"
    _auto = False
    _order = "sequence"

    overview_id = fields.Many2one("dropship.overview", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    key = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True)
    part = fields.Selection([("needs", "Needs You"), ("flow", "Under Way")], readonly=True)
    title = fields.Char(compute="_compute_figure")
    count = fields.Integer(compute="_compute_figure")
    hint = fields.Char(compute="_compute_figure", help="A few words about the records.")

    @property
    def _table_query(self):
        overview = self.env["dropship.overview"]
        places = {card["key"]: place for place, card in enumerate(overview._cards())}
        cards = overview._my_cards()
        if self.env.su:  # the rules ask about rows the reader has no right to
            cards += [card for card in overview._cards() if card["key"] not in {mine["key"] for mine in cards}]
        rows = [
            SQL(
                "(%s::integer, %s::integer, %s::varchar, %s::varchar)",
                places[card["key"]], order, card["key"], "needs" if card.get("needs") else "flow",
            )
            for order, card in enumerate(cards)
        ]  # fmt: skip
        return SQL(
            """
            SELECT company.id * 1000 + card.place AS id, company.id AS overview_id, company.id AS company_id,
                   card.sequence, card.key, card.part
              FROM res_company company CROSS JOIN (VALUES %s) AS card (place, sequence, key, part)
             WHERE card.key <> ''
            """,
            SQL(", ").join([*rows, SQL("(0, 0, '', '')")]),
        )

    def _card(self):
        """The description of each card: {card: dict}."""
        known = {card["key"]: card for card in self.env["dropship.overview"]._my_cards()}
        return {card: known[card.key] for card in self if card.key in known}

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_figure(self):
        described = self._card()
        counts = self._counts(described)
        for card in self:
            data = described.get(card)
            card.title = data["title"] if data else False
            card.count = counts.get(card, 0)
            hint = data and card.count and data.get("hint")
            card.hint = getattr(self.env["dropship.overview"], hint)(data["domain"]) if hint else False

    def _counts(self, described):
        """{card: number of records}. What is a plain stage is counted in one query for all."""
        found, stages = {}, {}
        for card, data in described.items():
            condition = next(data["domain"].iter_conditions(), None)
            if condition == data["domain"] and condition.field_expr == "dropship_stage":
                stages[card] = data["domain"]
            else:
                found[card] = self.env[data["model"]].search_count(data["domain"])
        if stages:
            rows = dict(
                self.env["sale.order"]._read_group(Domain.OR(stages.values()), ["dropship_stage"], ["__count"])
            )
            for card, domain in stages.items():
                wanted = next(domain.iter_conditions()).value
                wanted = [wanted] if isinstance(wanted, str) else wanted
                found[card] = sum(rows.get(stage, 0) for stage in wanted)
        return found

    def action_open(self):
        """Open exactly the records the card counted."""
        self.ensure_one()
        data = self._card()[self]
        return self.env["dropship.overview"]._window(data["title"], data["model"], data["domain"], data.get("action"))


class DropshipOverview(models.Model):
    _inherit = "dropship.overview"

    @api.model
    def _window(self, title, model, domain, action=None):
        """A window on the records of a domain, in the views of a known action, without its filters."""
        window = {"type": "ir.actions.act_window", "res_model": model, "view_mode": "list,form"}
        context = {}
        if action:
            window = self.env["ir.actions.act_window"]._for_xml_id(action)
            for name in ("id", "xml_id", "path"):  # reloading the page must not fall back to the action's own domain
                window.pop(name, None)
            raw = window.get("context") or "{}"
            context = raw if isinstance(raw, dict) else safe_eval(raw, {"uid": self.env.uid})
        context = {name: value for name, value in context.items() if not name.startswith("search_default_")}
        return {**window, "name": title, "display_name": title, "domain": list(Domain(domain)), "context": context}
