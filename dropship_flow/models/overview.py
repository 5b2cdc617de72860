from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .hold import SELF_SOLVING

# Whose screen it is: the first role that fits, by a right the reader has.
ROLES = (
    ("owner", "dropship_flow.group_dropship_manager"),
    ("buyer", "dropship_flow.group_dropship_buyer"),
    ("accountant", "account.group_account_invoice"),
    ("desk", "dropship_flow.group_dropship_user"),
)


class DropshipOverview(models.Model):
    """Everyone's home: what needs a person, in the order of the flow, and how the day goes.

    One row per company, made on the fly: nothing is stored. Figures count what the reader may
    read in the companies chosen, and each opens exactly the records it counted.
    """

    _name = "dropship.overview"
    _description = "Overview"
    _auto = False

    company_id = fields.Many2one("res.company", readonly=True)
    card_ids = fields.One2many("dropship.overview.card", "overview_id", string="Cards")
    need_ids = fields.One2many(
        "dropship.overview.card", "overview_id", string="Needs You", domain=[("part", "=", "needs")]
    )
    flow_ids = fields.One2many(
        "dropship.overview.card", "overview_id", string="Under Way", domain=[("part", "=", "flow")]
    )
    headline = fields.Char(compute="_compute_headline")
    is_quiet = fields.Boolean(compute="_compute_headline")

    @property
    def _table_query(self):
        return SQL("SELECT id, id AS company_id FROM res_company")

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        for overview in self:
            overview.display_name = self.env._("Overview")

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_headline(self):
        for overview in self:
            waiting = sum(card.count for card in overview.need_ids)
            overview.is_quiet = not waiting
            if waiting == 1:
                overview.headline = self.env._("1 thing needs you.")
            elif waiting:
                overview.headline = self.env._("%s things need you.", waiting)
            else:
                overview.headline = self.env._("Nothing to do: everything runs by itself.")

    @api.model
    def action_home(self):
        """Open the overview of the company the reader works in."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_overview_form")
        return {**action, "res_id": self.env.company.id}

    @api.model
    def _role(self):
        """Whose screen the reader gets; addons with roles of their own extend it."""
        return next((role for role, group in ROLES if self.env.user.has_group(group)), "desk")

    @api.model
    def _my_cards(self):
        """The cards the reader may open: his role's first, then the others, each in the order of the flow."""
        role = self._role()
        cards = [
            {**card, "domain": Domain(card["domain"]) & self._real(card["model"])}
            for card in self._cards()
            if (not card.get("groups") or self.env.user.has_groups(card["groups"]))
            and self.env[card["model"]].has_access("read")
        ]
        return sorted(
            cards, key=lambda card: (not card.get("needs"), role not in card.get("roles", ()), card["sequence"])
        )

    @api.model
    def _cards(self):
        """Every card of the overview. Other addons extend the list.

        :return: dicts with `key`, `title`, `model`, `domain`, `sequence` (place in the flow), `roles` (whom it comes
            first for), and where wanted `needs` (it waits for a person), `action` (xmlid of a window action whose views
            are used), `groups` (who sees it at all), `hint` (a method of this model: domain → a few words)
        """
        return [*self._desk_cards(), *self._buyer_cards(), *self._flow_cards(), *self._money_cards()]

    def _real(self, model):
        """Test orders need nobody."""
        return Domain("dropship_is_test", "!=", True) if "dropship_is_test" in self.env[model]._fields else Domain.TRUE

    def _desk_cards(self):
        orders = {"model": "sale.order", "action": "dropship_flow.action_order_desk"}
        hold = Domain("state", "=", "open")
        again = hold & Domain("kind", "in", SELF_SOLVING)
        others = hold & Domain("kind", "not in", [*SELF_SOLVING, "unpaid"])
        now = fields.Date.context_today(self)
        late = Domain("state", "=", "accepted") & Domain("promised_date", "<", now)
        return [
            {**orders, "key": "to_route", "title": self.env._("To route"), "sequence": 10, "needs": True,
             "domain": Domain("dropship_hold_ids", "any", again), "roles": ("desk", "buyer"), "hint": "_hint_holds"},
            {**orders, "key": "on_hold", "title": self.env._("On hold"), "sequence": 20, "needs": True,
             "domain": Domain("dropship_hold_ids", "any", others), "roles": ("desk", "owner"), "hint": "_hint_holds"},
            {**orders, "key": "messages", "title": self.env._("Buyer's message unread"), "sequence": 25, "needs": True,
             "domain": Domain("dropship_message_unread", "=", True), "roles": ("desk",)},
            {**orders, "key": "late", "title": self.env._("Late to ship"), "sequence": 60, "needs": True,
             "domain": Domain("dropship_allocation_ids", "any", late), "roles": ("desk", "agent")},
            {**orders, "key": "after_sales", "title": self.env._("After-sales"), "sequence": 80, "needs": True,
             "domain": Domain("dropship_stage", "=", "after_sales"), "roles": ("agent",)},
        ]  # fmt: skip

    def _buyer_cards(self):
        purchases = {"model": "purchase.order", "action": "dropship_flow.action_dropship_purchases"}
        exceptions = {"model": "dropship.exception", "action": "dropship_flow.action_dropship_exception"}
        ours = Domain("dropship_warehouse_id", "!=", False)
        unsent = ours & Domain("state", "=", "draft") & Domain("dropship_send_at", "=", False)
        silent = Domain("state", "=", "open") & Domain("kind", "=", "silent")
        asked = Domain("state", "=", "open") & Domain("kind", "!=", "silent")
        return [
            {**purchases, "key": "to_approve", "title": self.env._("Purchases to approve"), "sequence": 30,
             "needs": True, "domain": ours & Domain("state", "=", "to approve"), "roles": ("owner",),
             "groups": "purchase.group_purchase_manager"},
            {**purchases, "key": "to_send", "title": self.env._("Purchases to send"), "sequence": 35,
             "needs": True, "domain": unsent, "roles": ("buyer",), "groups": "dropship_flow.group_dropship_buyer"},
            {**exceptions, "key": "silent", "title": self.env._("Supplier silent"), "sequence": 40, "needs": True,
             "domain": silent, "roles": ("buyer",)},
            {**exceptions, "key": "exceptions", "title": self.env._("Ask the supplier"), "sequence": 50, "needs": True,
             "domain": asked, "roles": ("buyer",)},
            {"key": "changes", "title": self.env._("Changes asked"), "model": "dropship.change.request", "sequence": 52,
             "action": "dropship_flow.action_dropship_change_request", "needs": True,
             "domain": Domain("state", "=", "asked"), "roles": ("buyer", "desk")},
            {"key": "undelivered", "title": self.env._("Messages not delivered"), "model": "dropship.exchange",
             "action": "dropship_flow.action_dropship_exchange", "sequence": 53, "needs": True,
             "domain": Domain("state", "in", ("parked", "rejected")), "roles": ("buyer",)},
            {"key": "stale", "title": self.env._("Offers too old"), "model": "dropship.offer", "sequence": 55,
             "action": "dropship_flow.action_dropship_offer", "needs": True, "domain": Domain("stale", "=", True),
             "roles": ("buyer",), "groups": "dropship_flow.group_dropship_buyer"},
        ]  # fmt: skip

    def _flow_cards(self):
        """How many orders stand where: nothing to do, only to know."""
        labels = dict(self.env["sale.order"]._fields["dropship_stage"]._description_selection(self.env))
        stages = (("unpaid", 110), ("at_supplier", 120), ("to_ship", 130), ("on_the_way", 140), ("delivered", 150))
        return [
            {"key": stage, "title": labels[stage], "model": "sale.order", "sequence": sequence,
             "action": "dropship_flow.action_order_desk", "domain": Domain("dropship_stage", "=", stage),
             "roles": ("desk", "agent", "buyer", "owner")}
            for stage, sequence in stages
        ]  # fmt: skip

    def _money_cards(self):
        start, end = self._days(-1, 0)
        yesterday = (
            Domain("dropship_stage", "!=", False) & Domain("date_order", ">=", start) & Domain("date_order", "<", end)
        )
        week, _end = self._days(-7, 0)
        loss = Domain("dropship_decision_id", "any", Domain("profit", "<", 0) & Domain("create_date", ">=", week))
        invoiceable = Domain("dropship_stage", "!=", False) & Domain("invoice_status", "=", "to invoice")
        billable = Domain("dropship_warehouse_id", "!=", False) & Domain("invoice_status", "=", "to invoice")
        orders = {"model": "sale.order", "action": "dropship_flow.action_order_desk"}
        manager, accounts = "dropship_flow.group_dropship_manager", "account.group_account_invoice"
        return [
            {**orders, "key": "loss", "title": self.env._("Orders at a loss"), "sequence": 5, "needs": True,
             "domain": loss, "roles": ("owner",), "groups": manager},
            {**orders, "key": "to_invoice", "title": self.env._("To invoice"), "sequence": 70, "needs": True,
             "domain": invoiceable, "roles": ("accountant",), "groups": accounts},
            {"key": "to_bill", "title": self.env._("Bills expected"), "model": "purchase.order", "sequence": 160,
             "action": "dropship_flow.action_dropship_purchases", "domain": billable, "roles": ("accountant",),
             "groups": accounts},
            {**orders, "key": "yesterday", "title": self.env._("Orders of yesterday"), "sequence": 105,
             "domain": yesterday, "roles": ("owner",), "groups": manager, "hint": "_hint_profit"},
        ]  # fmt: skip

    def _hint_holds(self, domain):
        """Why they wait: the kinds of the open holds, most frequent first."""
        condition = next(part for part in domain.iter_conditions() if part.field_expr == "dropship_hold_ids")
        holds = self.env["dropship.hold"]._read_group(condition.value, ["kind"], ["__count"])
        kinds = dict(self.env["dropship.hold"]._hold_kinds())
        ranked = sorted(holds, key=lambda row: (-row[1], row[0]))
        return " · ".join(f"{count} {kinds.get(kind, kind)}" for kind, count in ranked[:4])

    def _hint_profit(self, domain):
        """The profit the decisions behind the orders expect, per currency."""
        decisions = self.env["sale.order"]._search(domain).subselect("dropship_decision_id")
        domain = [("id", "in", decisions)]
        sums = self.env["dropship.routing.decision"]._read_group(domain, ["company_id"], ["profit:sum"])
        totals = {}
        for company, profit in sums:
            totals[company.currency_id] = totals.get(company.currency_id, 0.0) + profit
        amounts = " · ".join(currency.format(amount) for currency, amount in totals.items())
        return self.env._("expected profit %s", amounts) if amounts else ""
