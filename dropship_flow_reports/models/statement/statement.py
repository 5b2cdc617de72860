"""An order's profit as a page: lines by step with subtotals, what is open in words, whose documents they are."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date, format_datetime, formatLang

from ..analysis import sources
from ..profit.sale_order import READ

# The steps and the figure each ends with: {group of kinds: code of the figure}.
STEPS = {
    "revenue": "net_revenue",
    "1": "contribution_1",
    "2": "contribution_2",
    "3": "contribution_3",
    "4": "contribution_4",
    "overhead": "net_profit",
}
OPEN = ("estimated", "committed")
# What the goods of the order that came back had cost: as the analysis says it.
RETURNED = f"""
    SELECT SUM(amount) FROM ({sources.RETURNED}) line ({sources.COLUMNS})
     WHERE order_id = %(order)s AND kind_group = '4'
"""


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_profit_statement = fields.Html(
        string="Statement of Profit", compute="_compute_dropship_profit_statement", sanitize=False, groups=READ
    )
    dropship_profit_revenue = fields.Monetary(
        string="Net Revenue", compute="_compute_dropship_profit_revenue", currency_field="dropship_profit_currency_id",
        groups=READ,
    )  # fmt: skip
    dropship_profit_margin = fields.Float(
        string="Profit Margin", compute="_compute_dropship_profit_revenue", groups=READ, aggregator=None,
        help="Net profit by net revenue.",
    )  # fmt: skip

    @api.depends_context("uid", "lang", "tz")
    def _compute_dropship_profit_statement(self):
        for order in self:
            order.dropship_profit_statement = order._dropship_profit_html() if order.ids else False

    @api.depends_context("uid")
    def _compute_dropship_profit_revenue(self):
        lines_sudo = self.env["dropship.profit.line"].sudo()  # as the profit beside it
        domain = [("order_id", "in", self.ids), ("kind_group", "=", "revenue"), ("side", "=", "attributed")]
        revenues = {order.id: amount for order, amount in lines_sudo._read_group(domain, ["order_id"], ["amount:sum"])}
        for order in self:
            revenue = revenues.get(order.id, 0.0)
            order.dropship_profit_revenue = revenue
            order.dropship_profit_margin = order.dropship_profit / revenue if revenue > 0 else 0.0

    # --- the page ---

    def _dropship_profit_page(self):
        """The statement as it is read: on the screen, on paper, in a workbook.

        :return: {order, title, steps: [{code, name, rows, total, share}], profit, revenue, margin, tax, open, notes,
            collected, currency, other, rate}; rows as `_dropship_profit_statement`, each with `stage_name` and `url`
            (None: the reader may not open it); share and margin in percent of net revenue (None: there is no revenue);
            open and notes are sentences; other is the order's currency where it is another one, rate what one of ours
            is of it
        :raise AccessError: for who may not read the order or its profit
        """
        self.ensure_one()
        rows = self._dropship_profit_statement()
        company = self.company_id.sudo()  # its settings
        currency, other = company.currency_id, self.currency_id
        self._dropship_profit_dress(rows, company)
        revenue = currency.round(sum(row["amount"] for row in rows if row["group"] == "revenue"))
        steps = self._dropship_profit_steps(rows + self._dropship_profit_moved(company), currency, revenue)
        profit = currency.round(sum(row["amount"] for row in rows))
        return {
            "order": self,
            "title": self.env._("Profit of %s", self.name),
            "steps": steps,
            "profit": profit,
            "revenue": revenue,
            "margin": 100 * profit / revenue if revenue > 0 else None,
            "tax": currency.round(sum(row["tax"] for row in rows)) if company.dropship_profit_with_tax else None,
            "open": self._dropship_profit_open(rows),
            "notes": self._dropship_profit_notes(company),
            "collected": self._dropship_profit_collected(),
            "currency": currency,
            "other": other if other != currency else None,
            "rate": self.currency_rate or 1.0,
        }

    @api.model
    def _dropship_profit_percent(self, share):
        """In words; a dash where there is nothing to share in."""
        return "–" if share is None else f"{formatLang(self.env, share, digits=1)} %"

    def _dropship_profit_dress(self, rows, company):
        """Words, links and the day that the company's settings say."""
        stages = dict(self.env["dropship.profit.line"]._fields["stage"]._description_selection(self.env))
        zone = company.partner_id.tz or "UTC"
        day = fields.Datetime.context_timestamp(self.with_context(tz=zone), self.date_order).date()
        urls = self._dropship_profit_urls(rows)
        for row in rows:
            row["stage_name"] = stages[row["stage"]]
            row["url"] = urls.get((row["res_model"], row["res_id"]))
            if row["kind"] == "refund" and company.dropship_profit_refund_day == "order":
                row["date"] = day

    def _dropship_profit_urls(self, rows):
        """{(model, id): address} of documents that exist and the reader may open."""
        wanted = {}
        for row in rows:
            if row["res_model"] in self.env and row["res_id"]:
                wanted.setdefault(row["res_model"], set()).add(row["res_id"])
        return {
            (model, record.id): f"/odoo/{model}/{record.id}"
            for model, ids in wanted.items()
            for record in self.env[model].browse(ids).exists()._filtered_access("read")
        }

    @api.model
    def _dropship_profit_steps(self, rows, currency, revenue):
        """Steps in which something happened, and the first and last always."""
        names = dict(self.env["dropship.profit.kind"]._fields["group"]._description_selection(self.env))
        steps, total = [], 0.0
        for group, code in STEPS.items():
            mine = [row for row in rows if row["group"] == group]
            total = currency.round(total + sum(row["amount"] for row in mine))
            if mine or group in ("revenue", "overhead"):
                share = 100 * total / revenue if revenue > 0 else None
                steps.append({"code": code, "name": names[group], "rows": mine, "total": total, "share": share})
        return steps

    def _dropship_profit_moved(self, company):
        """The cost of goods that came back: out of Contribution 1 and into Contribution 4, if the settings say so."""
        if company.dropship_profit_returned_cost:
            return []
        kinds = self.env["dropship.profit.kind"]._by_code()
        live = self.env["dropship.profit.generation"].sudo()._live(company).id
        goods = (kinds["goods"], kinds["own_stock"])
        query = SQL(RETURNED, order=self.id, moved=[company.id], goods=goods, editions=(live or 0,))
        cost = self.env.execute_query(query)[0][0]
        amount = company.currency_id.round(float(cost or 0.0))
        if not amount:
            return []
        common = {"kind": "goods", "stage": False, "stage_name": False, "tax": 0.0, "document": False,
                  "res_model": False, "res_id": False, "date": False, "url": None}  # fmt: skip
        return [
            {**common, "group": "1", "name": self.env._("Cost of Returned Goods, below"), "amount": -amount},
            {**common, "group": "4", "name": self.env._("Cost of Returned Goods"), "amount": amount},
        ]

    # --- in words ---

    def _dropship_profit_open(self, rows):
        """What is still to come, in sentences."""
        still = [row for row in rows if row["stage"] in OPEN]
        sales = [row for row in still if row["group"] == "revenue"]
        bills = [row for row in still if row["group"] != "revenue" and row["res_model"] == "purchase.order"]
        rest = [row for row in still if row not in sales and row not in bills]
        said = []
        if sales:
            said.append(self.env._("Still to be invoiced: %s.", self._dropship_profit_money(sales)))
        if bills:
            count, amount = len({row["res_id"] for row in bills}), self._dropship_profit_money(bills, -1)
            said.append(
                self.env._("1 bill is still to come: %s expected.", amount)
                if count == 1
                else self.env._("%(count)s bills are still to come: %(amount)s expected.", count=count, amount=amount)
            )
        if rest:
            kinds = dict.fromkeys(row["name"] for row in rest)
            parts = [
                f"{name} {self._dropship_profit_money([r for r in rest if r['name'] == name], -1)}" for name in kinds
            ]
            said.append(self.env._("Also expected: %s.", ", ".join(parts)))
        if not said and rows:
            said.append(self.env._("Nothing is open any more: all of it is booked."))
        return said

    def _dropship_profit_money(self, rows, sign=1):
        return self.company_id.currency_id.format(sign * sum(row["amount"] for row in rows) or 0.0)

    def _dropship_profit_notes(self, company):
        """What the reader has to know about these figures."""
        notes = []
        if self.state == "cancel":
            notes.append(self.env._("The order is cancelled: nothing more is expected, what was booked stays."))
        if company.dropship_profit_refund_day == "order":
            notes.append(self.env._("Refunds count on the day of the order."))
        if not company.dropship_profit_returned_cost:
            notes.append(self.env._("The cost of returned goods counts in Contribution 4."))
        if self.currency_id != company.currency_id:
            notes.append(
                self.env._(
                    "Amounts in %(currency)s are converted at the order's rate of %(day)s.",
                    currency=self.currency_id.name,
                    day=format_date(self.env, self.date_order),
                )
            )
        return notes

    def _dropship_profit_collected(self):
        """When the ledger was brought up to date last, in the reader's words; False: never."""
        domain = [("company_id", "=", self.company_id.id), ("source", "=", "books")]
        mark = self.env["dropship.profit.watermark"].search(domain)
        return format_datetime(self.env, mark.collected_at, dt_format="short") if mark.collected_at else False

    def _dropship_profit_html(self):
        try:
            page = self._dropship_profit_page()
        except AccessError:  # a field is read together with others: it does not stop them
            return False
        return self.env["ir.qweb"]._render("dropship_flow_reports.statement_table", {"page": page, "paper": False})

    # --- what is done with it ---

    def action_dropship_profit_statement(self):
        """The order's profit as a page."""
        self.ensure_one()
        self.check_access("read")
        self.env["dropship.profit.line"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("dropship_flow_reports.action_dropship_profit_orders")
        views = [(view, kind) for view, kind in action["views"] if kind == "form"]
        return {**action, "name": self.env._("Profit of %s", self.name), "res_id": self.id, "views": views,
                "view_mode": "form"}  # fmt: skip

    def action_dropship_profit_collect(self):
        """Read the ledger of the order's company now."""
        self.ensure_one()
        self.check_access("read")
        return self.env["dropship.profit.reconcile"].create({"company_id": self.company_id.id}).action_collect()

    def action_dropship_profit_order(self):
        """The order itself."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "sale.order", "res_id": self.id, "view_mode": "form",
                "views": [(self.env.ref("sale.view_order_form").id, "form")]}  # fmt: skip

    def action_dropship_profit_print(self):
        self.ensure_one()
        return self.env.ref("dropship_flow_reports.action_report_profit_statement").report_action(self, config=False)

    def action_dropship_profit_xlsx(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/dropship/profit/{self.id}.xlsx", "target": "download"}
