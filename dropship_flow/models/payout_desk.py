"""What payouts ask of an accountant on the overview."""

from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.fields import Domain

ACCOUNTS = "account.group_account_invoice,account.group_account_readonly"


# The order of a payout's summary: what customers paid, what was taken, what moved.
SHOWN = (
    "unknown", "sale", "shipping", "tax", "refund", "chargeback", "chargeback_won", "fee", "tax_withheld",
    "reserve_held", "reserve_released", "adjustment",
)  # fmt: skip


class DropshipPayout(models.Model):
    _inherit = "dropship.payout"

    look_ids = fields.One2many(
        "dropship.payout.line", "payout_id", string="To Look At", domain=[("state", "=", "unknown")]
    )
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    headline = fields.Char(compute="_compute_headline")
    late_count = fields.Integer(compute="_compute_late_count", string="To Book Over")

    @api.depends("line_ids.apart", "line_ids.state")
    def _compute_late_count(self):
        groups = dict(
            self.env["dropship.payout.line"]._read_group(
                [("payout_id", "in", self.ids), ("apart", "=", True), ("state", "in", ("matched", "general"))],
                ["payout_id"], ["__count"],
            )
        )  # fmt: skip
        for payout in self:
            payout.late_count = groups.get(payout, 0) if payout.state == "posted" else 0

    @api.depends("state", "open_count", "difference", "transferred")
    @api.depends_context("lang")
    def _compute_headline(self):
        for payout in self:
            amount = payout.currency_id.format(payout.transferred)
            if payout.state == "refused":
                payout.headline = self.env._("The file could not be read.")
            elif payout.state == "posted" and payout.open_count:
                payout.headline = self.env._(
                    "%(amount)s posted; %(count)s rows wait for their order.", amount=amount, count=payout.open_count
                )
            elif payout.state == "posted":
                payout.headline = self.env._("%s posted, every row with its order.", amount)
            elif not payout._adds_up():
                payout.headline = self.env._("It does not add up, and is held.")
            elif payout.open_count:
                payout.headline = self.env._("It adds up; %s rows have to be looked at.", payout.open_count)
            else:
                payout.headline = self.env._("It adds up, and every row is known: %s.", amount)

    @api.depends("line_ids.kind", "line_ids.state", "line_ids.amount", "row_total", "transferred", "difference")
    @api.depends_context("lang")
    def _compute_summary(self):
        lines = self.env["dropship.payout.line"]
        groups = lines._read_group(
            [("payout_id", "in", self.ids), ("state", "!=", "known")], ["payout_id", "kind", "fee_kind"],
            ["amount:sum", "__count", "order_id:count_distinct"],
        )  # fmt: skip
        found = {}
        for payout, *row in groups:
            found.setdefault(payout, []).append(row)
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        fees = dict(lines._fields["fee_kind"]._description_selection(self.env))
        for payout in self:
            rows = sorted(
                (row for row in found.get(payout, []) if row[0] in SHOWN),
                key=lambda row: (SHOWN.index(row[0]), row[1] or ""),
            )
            payout.summary = payout._summary_table(rows, kinds, fees) if rows else False

    def _summary_table(self, rows, kinds, fees):
        """The payout like a bank statement."""
        money = self.currency_id.format
        line = Markup(
            '<tr class="%s"><td>%s</td><td class="text-end text-muted">%s</td><td class="text-end">%s</td></tr>'
        )
        body = Markup("")
        for kind, fee, amount, count, orders in rows:
            name = f"{kinds[kind]} – {fees[fee]}" if fee and kind == "fee" else kinds[kind]
            if orders:
                told = self.env._("%(count)s rows, %(orders)s orders", count=count, orders=orders)
            else:
                told = self.env._("%s rows", count)
            body += line % ("text-warning" if kind == "unknown" else "", escape(name), told, money(amount))
        stays = 0.0
        if self.layout_id.payout_account:
            stays = self.currency_id.round(self.row_total - self.transferred)
        sums = [("fw-bold border-top", self.env._("Sum of the Rows"), self.row_total),
                ("", self.env._("To the Bank"), -self.transferred)]  # fmt: skip
        if stays:
            sums.append(("", self.env._("Stays in the account there"), -stays))
        if self.difference:
            sums.append(("fw-bold text-danger", self.env._("Difference"), self.difference))
        for style, name, amount in sums:
            body += line % (style, escape(name), "", money(amount))
        return Markup('<table class="table table-sm o_dropship_payout_summary">%s</table>') % body


class DropshipOverview(models.Model):
    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: rows without order, payouts to post, money that is late."""
        return [
            *super()._cards(),
            {"key": "payout_rows", "title": self.env._("Payout rows to look at"), "model": "dropship.payout.line",
             "action": "dropship_flow.action_dropship_payout_line", "sequence": 72, "needs": True,
             "domain": Domain("state", "=", "unknown"), "roles": ("accountant",), "groups": ACCOUNTS,
             "hint": "_hint_payout_rows"},
            {"key": "payouts_post", "title": self.env._("Payouts to post"), "model": "dropship.payout",
             "action": "dropship_flow.action_dropship_payout", "sequence": 73, "needs": True,
             "domain": Domain("state", "in", ("matched", "differs", "refused")), "roles": ("accountant",),
             "groups": ACCOUNTS, "hint": "_hint_payouts"},
            {"key": "payouts_overdue", "title": self.env._("Payouts overdue"), "model": "sale.order",
             "action": "dropship_flow.action_dropship_payout_overdue", "sequence": 74, "needs": True,
             "domain": self._payout_overdue(), "roles": ("accountant", "owner"), "groups": ACCOUNTS,
             "hint": "_hint_payout_overdue"},
        ]  # fmt: skip

    @api.model
    def _payout_overdue(self):
        today = fields.Date.context_today(self)
        return Domain("dropship_payout_state", "=", "expected") & Domain("dropship_payout_due", "<", today)

    def _hint_payout_rows(self, domain):
        """How much money, per channel's currency."""
        groups = self.env["dropship.payout.line"]._read_group(domain, ["currency_id"], ["amount:sum"])
        return " · ".join(currency.format(amount) for currency, amount in groups[:4])

    def _hint_payouts(self, domain):
        groups = self.env["dropship.payout"]._read_group(domain, ["currency_id"], ["transferred:sum"])
        return " · ".join(currency.format(amount) for currency, amount in groups[:4])

    def _hint_payout_overdue(self, domain):
        groups = self.env["sale.order"]._read_group(domain, ["currency_id"], ["amount_total:sum"])
        return " · ".join(currency.format(amount) for currency, amount in groups[:4])
