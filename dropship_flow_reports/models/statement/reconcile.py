"""The reconciliation as a screen: sums in words, a way to what is behind each cell, other months, what was typed in."""

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL, babel_locale_parse, get_lang

SIDES = {"attributed": "attributed", "unattributed": "unattributed", "overhead": "overhead", "out_of_scope": "out"}
SHOWN = 80  # items typed by hand that are listed; all of them are behind the button
# Items of no order that stand on an entry nobody's document made. Entries of one item are taken together.
BY_HAND = """
    SELECT MIN(entry.id), SUM(entry.amount)
      FROM dropship_profit_entry entry
      JOIN account_move move ON move.id = entry.res_id AND move.move_type = 'entry'
     WHERE entry.generation_id = %(generation)s AND entry.date >= %(first)s AND entry.date < %(next)s
       AND entry.side = 'unattributed' AND entry.source = 'books' AND entry.res_model = 'account.move'
     GROUP BY entry.line_ref HAVING SUM(entry.amount) <> 0 ORDER BY MIN(entry.id)
"""
# Posted items of an account that the ledger does not have, or has with another amount.
UNEXPLAINED = """
    SELECT item.id
      FROM account_move_line item
     WHERE item.company_id = %(company)s AND item.account_id = %(account)s AND item.parent_state = 'posted'
       AND item.date >= %(first)s AND item.date < %(next)s
       AND item.balance <> -COALESCE((SELECT SUM(entry.amount) FROM dropship_profit_entry entry
                                       WHERE entry.generation_id = %(generation)s AND entry.res_id = item.move_id
                                         AND entry.line_ref = item.id), 0)
"""


class DropshipProfitReconcile(models.TransientModel):
    _inherit = "dropship.profit.reconcile"
    _rec_name = "title"

    title = fields.Char(compute="_compute_title")
    attributed = fields.Monetary(string="Of Orders", compute="_compute_sums")
    unattributed = fields.Monetary(string="Of No Order", compute="_compute_sums")
    overhead = fields.Monetary(compute="_compute_sums")
    out_of_scope = fields.Monetary(string="Out of Scope", compute="_compute_sums")
    ledger = fields.Monetary(string="General Ledger", compute="_compute_sums")
    summary = fields.Char(compute="_compute_sums")
    by_hand_ids = fields.Many2many("dropship.profit.entry", string="Typed by Hand", compute="_compute_by_hand")
    by_hand_text = fields.Char(compute="_compute_by_hand")
    changed = fields.Boolean(compute="_compute_changed", help="Accounts were given another place since.")

    @api.depends("month", "company_id")
    @api.depends_context("lang")
    def _compute_title(self):
        locale = babel_locale_parse(get_lang(self.env).code)
        for wizard in self:
            month = format_skeleton("yMMMM", wizard.month, locale=locale) if wizard.month else ""
            wizard.title = f"{month} · {wizard.company_id.name}"

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_sums(self):
        for wizard in self:
            round_, money = wizard.currency_id.round, wizard.currency_id.format
            for name in (*SIDES, "ledger"):
                wizard[name] = round_(sum(wizard.line_ids.mapped(name)))
            wizard.summary = self.env._(
                "Of orders %(orders)s + of no order %(none)s + overhead %(overhead)s + out of scope %(out)s "
                "+ unexplained %(rest)s = general ledger %(ledger)s",
                orders=money(wizard.attributed), none=money(wizard.unattributed), overhead=money(wizard.overhead),
                out=money(wizard.out_of_scope), ledger=money(wizard.ledger),
                rest=money(round_(sum(wizard.line_ids.mapped("unexplained")))),
            )  # fmt: skip

    @api.depends("done")
    @api.depends_context("lang")
    def _compute_by_hand(self):
        for wizard in self:
            rows = wizard._by_hand() if wizard.done else []
            wizard.by_hand_ids = [row[0] for row in rows[:SHOWN]]
            wizard.by_hand_text = (
                self.env._(
                    "%(count)s journal items of no order were typed in by hand: %(amount)s in all.",
                    count=len(rows), amount=wizard.currency_id.format(float(sum(row[1] for row in rows))),
                )
                if rows
                else self.env._("No journal item of this month was typed in by hand without an order.")
            )  # fmt: skip

    def _by_hand(self):
        return self.env.execute_query(SQL(BY_HAND, **self._facts(self.company_id, self.month)))

    @api.depends("done_at", "company_id")
    def _compute_changed(self):
        for wizard in self:
            since = wizard.done and wizard.done_at and wizard.done_at + relativedelta(seconds=1)
            domain = [("company_id", "=", wizard.company_id.id), ("write_date", ">=", since)]
            wizard.changed = bool(since and self.env["dropship.profit.account"].search_count(domain, limit=1))

    # --- other months ---

    def action_previous(self):
        return self._other_month(-1)

    def action_next(self):
        return self._other_month(1)

    def _other_month(self, months):
        self.ensure_one()
        self.month = self.month.replace(day=1) + relativedelta(months=months)
        return self.action_reconcile()

    # --- what is behind ---

    def action_open_attributed(self):
        return self._open_side("attributed")

    def action_open_unattributed(self):
        return self._open_side("unattributed")

    def action_open_overhead(self):
        return self._open_side("overhead")

    def action_open_out_of_scope(self):
        return self._open_side("out_of_scope")

    def action_open_ledger(self):
        return self._open_items(self._words("ledger"), [("account_id", "in", self.line_ids.account_id.ids)])

    def action_open_by_hand(self):
        return self._open_entries(self._words("by_hand_ids"), [("id", "in", [row[0] for row in self._by_hand()])])

    def action_open_twice(self):
        items = self._twice(self.company_id, self.month)
        return self._open_entries(self._words("twice"), [("line_ref", "in", items)])

    def _words(self, name):
        """The label of a field in the reader's language."""
        return self._fields[name]._description_string(self.env)

    def _open_side(self, column, account=None):
        """The month's entries of a column, of one account or all."""
        name = self._words(column)
        domain = [("side", "=", SIDES[column])]
        if account:
            name, domain = f"{account.display_name} · {name}", [*domain, ("account_id", "=", account.id)]
        return {**self._open_entries(name, domain), "context": {}}

    def _open_items(self, name, domain):
        """The month's posted journal items, for who may read them; for others what the ledger made of them."""
        if not self.env["account.move.line"].has_access("read"):
            return self._open_entries(name, [part for part in domain if part[0] == "account_id"])
        first = self.month.replace(day=1)
        return {
            "type": "ir.actions.act_window", "name": name, "res_model": "account.move.line", "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id), ("parent_state", "=", "posted"), *domain,
                ("date", ">=", first), ("date", "<", first + relativedelta(months=1)),
            ],
        }  # fmt: skip

    def action_accounts(self):
        """Where each account of the company belongs."""
        action = self.env["ir.actions.actions"]._for_xml_id("dropship_flow_reports.action_dropship_profit_account")
        return {**action, "domain": [("company_id", "=", self.company_id.id)]}

    # --- on paper ---

    def action_print(self):
        self.ensure_one()
        return self.env.ref("dropship_flow_reports.action_report_profit_reconcile").report_action(self, config=False)

    def action_xlsx(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/dropship/reconcile/{self.id}.xlsx", "target": "download"}


class DropshipProfitReconcileLine(models.TransientModel):
    _inherit = "dropship.profit.reconcile.line"

    map_id = fields.Many2one("dropship.profit.account", compute="_compute_map")
    scope = fields.Selection(related="map_id.scope")

    @api.depends("account_id")
    def _compute_map(self):
        for line in self:
            domain = [("account_id", "=", line.account_id.id), ("company_id", "=", line.reconcile_id.company_id.id)]
            line.map_id = self.env["dropship.profit.account"].search(domain)

    def action_open_cell(self, column):
        """What is behind one amount of the row.

        :param str column: name of the field
        """
        self.ensure_one()
        wizard, account = self.reconcile_id, self.account_id
        if column in SIDES:
            return wizard._open_side(column, account)
        domain = [("account_id", "=", account.id)]
        if column == "unexplained":
            facts = wizard._facts(wizard.company_id, wizard.month)
            items = self.env.execute_query(SQL(UNEXPLAINED, account=account.id, **facts))
            domain.append(("id", "in", [item[0] for item in items]))
        return wizard._open_items(account.display_name, domain)

    def action_map(self):
        """Say where the account belongs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.account_id.display_name, "target": "new",
            "res_model": "dropship.profit.account", "res_id": self.map_id.id, "view_mode": "form",
        }  # fmt: skip
