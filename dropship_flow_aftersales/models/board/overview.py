from odoo import api, models
from odoo.fields import Domain


class DropshipOverview(models.Model):
    """Cases, on the home of agents and the owner: each card opens exactly what it counts."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        return [*super()._cards(), *self._case_cards()]

    @api.model
    def _case_cards(self):
        action = "dropship_flow_aftersales.action_dropship_return"
        cases = {"model": "dropship.return", "action": action, "needs": True, "roles": ("agent", "owner")}
        is_open = Domain("state", "=", "open")
        stuck = Domain("person_since", "!=", False) | Domain("resolution_ids.state", "=", "person")
        return [
            {**cases, "key": "cases_judge", "title": self.env._("Returns to judge"), "sequence": 80.1,
             "domain": is_open & Domain("board_column", "=", "judge"), "hint": "_hint_cases"},
            {**cases, "key": "cases_offers", "title": self.env._("Offers waiting for us"), "sequence": 80.2,
             "domain": is_open & Domain("stage", "=", "our_turn"), "hint": "_hint_cases"},
            {**cases, "key": "cases_messages", "title": self.env._("Customers' messages"), "sequence": 80.3,
             "domain": is_open & Domain("message_at", "!=", False), "hint": "_hint_cases"},
            {**cases, "key": "cases_inspect", "title": self.env._("Goods to inspect"), "sequence": 80.4,
             "domain": is_open & Domain("board_column", "=", "inspect"), "hint": "_hint_cases"},
            {**cases, "key": "cases_person", "title": self.env._("Cases that need a person"), "sequence": 80.5,
             "domain": is_open & stuck, "hint": "_hint_cases"},
            {**cases, "key": "cases_overdue", "title": self.env._("Cases overdue"), "sequence": 80.6,
             "domain": Domain("is_overdue", "=", True), "hint": "_hint_cases"},
        ]  # fmt: skip

    def _hint_cases(self, domain):
        """How many are the reader's own, and what they are worth."""
        cases = self.env["dropship.return"]
        mine = cases.search_count(domain & Domain("user_id", "=", self.env.uid))
        values = cases._read_group(domain, ["currency_id"], ["amount_asked:sum"])
        amounts = [currency.format(amount) for currency, amount in values]
        return " · ".join([*([self.env._("%s mine", mine)] if mine else []), *amounts])
