"""The weeks of a forecast, what they are made of, and what came instead."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.reason_text import reasons_line

# As a report lists them.
KINDS = [
    ("customer", "Customers"),
    ("payout", "Payouts of Channels"),
    ("reserve", "Reserves Released"),
    ("cod", "Cash on Delivery"),
    ("supplier", "Bills of Suppliers"),
    ("purchase", "Purchases Not Billed"),
    ("refund", "Agreed Refunds"),
    ("expected_refund", "Expected Refunds"),
    ("wallet", "Top-Ups of Prepaid Balances"),
    ("recurring", "Recurring Costs"),
    ("ads", "Advertising"),
    ("tax", "Tax"),
    ("other", "Other"),
    ("new_sales", "Sales to Come"),
    ("new_reserve", "Reserves of Sales to Come"),
    ("new_fees", "Fees of Sales to Come"),
    ("new_purchases", "Purchases to Come"),
    ("new_refunds", "Refunds of Sales to Come"),
    ("new_tax", "Tax of Sales to Come"),
    ("account", "Account"),
]


class DropshipCashForecastWeek(models.Model):
    _name = "dropship.cash.forecast.week"
    _description = "Week of a Cash Forecast"
    _order = "forecast_id desc, number"
    _rec_name = "number"
    _log_access = False

    forecast_id = fields.Many2one(
        "dropship.cash.forecast", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    scenario_id = fields.Many2one(related="forecast_id.scenario_id", store=True)
    is_current = fields.Boolean(related="forecast_id.is_current", store=True, string="Newest")
    number = fields.Integer(string="Week", required=True, readonly=True, aggregator=None)
    first = fields.Date(string="From", required=True, readonly=True)
    last = fields.Date(string="Until", required=True, readonly=True)
    opening = fields.Monetary(readonly=True, aggregator=None)
    inflow = fields.Monetary(string="Comes In", readonly=True)
    outflow = fields.Monetary(string="Goes Out", readonly=True)
    closing = fields.Monetary(readonly=True, aggregator="max")
    held = fields.Monetary(string="Held by Providers", readonly=True, aggregator=None)
    available = fields.Monetary(readonly=True, aggregator="max", help="The closing without what providers hold.")
    by_kind = fields.Json(readonly=True, help="{kind: amount, signed}")
    is_over = fields.Boolean(string="Measured", readonly=True)
    actual_inflow = fields.Monetary(string="Came In", readonly=True)
    actual_outflow = fields.Monetary(string="Went Out", readonly=True)
    actual_closing = fields.Monetary(string="Closing in the Books", readonly=True, aggregator="max")
    missed = fields.Monetary(string="Missed By", readonly=True, help="The closing in the books less the forecast's.")

    _once = models.UniqueIndex("(forecast_id, number)", "This week is there already.")

    @api.depends("number", "first")
    def _compute_display_name(self):
        for week in self:
            week.display_name = f"{week.number} · {fields.Date.to_string(week.first)}"

    @api.model
    def _keep(self, run, facts, result):
        """Write down the weeks of a run: {number: week}."""
        rows = []
        for week in result.weeks:
            held = sum((amount for day, amount in facts.held.items() if day > week.last), Decimal(0))
            rows.append(
                {
                    "forecast_id": run.id, "company_id": run.company_id.id, "currency_id": run.currency_id.id,
                    "number": week.number, "first": week.first, "last": week.last, "opening": float(week.opening),
                    "inflow": float(week.inflow), "outflow": float(week.outflow), "closing": float(week.closing),
                    "held": float(held), "available": float(week.closing - held),
                    "by_kind": {one.kind: float(one.inflow - one.outflow) for one in week.figures},
                }
            )  # fmt: skip
        return {week.number: week for week in self.create(rows)}

    def action_open_lines(self):
        """The documents behind the week; of an old run what is left of them."""
        self.ensure_one()
        return {
            **self.forecast_id.action_open_lines(),
            "domain": [("week_id", "=", self.id)],
            "context": {"search_default_by_kind": 1},
        }


class DropshipCashForecastLine(models.Model):
    """What one document brings to one week of the newest forecast, and why; or why it is not counted."""

    _name = "dropship.cash.forecast.line"
    _description = "Expected Money"
    _order = "forecast_id desc, date, kind, id"
    _rec_name = "document"
    _log_access = False

    forecast_id = fields.Many2one(
        "dropship.cash.forecast", required=True, readonly=True, ondelete="cascade", index=True
    )
    week_id = fields.Many2one("dropship.cash.forecast.week", readonly=True, ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    scenario_id = fields.Many2one(related="forecast_id.scenario_id", store=True)
    date = fields.Date(string="Week From", readonly=True)
    kind = fields.Selection(KINDS, string="Money For", required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="What comes; less than nothing goes.")
    overdue = fields.Boolean(readonly=True, help="It was due before today.")
    left = fields.Boolean(string="Not Counted", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    res_model = fields.Char(string="Kind of Document", readonly=True)
    res_id = fields.Many2oneReference(
        string="Number of the Document", model_field="res_model", readonly=True, aggregator=None
    )
    document = fields.Char(readonly=True)
    reasons = fields.Json(string="Why Codes", readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for line in self:
            line.reason_text = reasons_line(self.env, line.reasons or [])

    @api.model
    def _keep(self, run, weeks, facts, result):
        """Write down each piece of a run with its document, and what is left out."""
        common = {"forecast_id": run.id, "company_id": run.company_id.id, "currency_id": run.currency_id.id}
        rows = []
        for week in result.weeks:
            place = {"week_id": weeks[week.number].id, "date": week.first}
            for figure in week.figures:
                for piece in figure.pieces:
                    told = facts.told_of(figure.kind, piece.key)
                    rows.append({**common, **place, **told, "kind": figure.kind, "amount": float(piece.amount),
                                 "overdue": piece.overdue})  # fmt: skip
        left = [(one.kind, one.key, one.code, one.figures) for one in result.left_out]
        for kind, key, code, figures in [*facts.left, *left]:
            said = {
                name: facts.shown(value) if name == "amount" and isinstance(value, Decimal) else str(value)
                for name, value in figures.items()
            }
            told = {**facts.told_of(kind, key), "reasons": [[code, said]]}
            rows.append({**common, **told, "kind": kind, "left": True})
        return self.create(rows)

    def action_open_document(self):
        """Open the document it stands for; without one, the run."""
        self.ensure_one()
        model, res_id = self.res_model, self.res_id
        if not model or model not in self.env or not self.env[model].browse(res_id).exists():
            model, res_id = "dropship.cash.forecast", self.forecast_id.id
        return {
            "type": "ir.actions.act_window", "res_model": model, "res_id": res_id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip


class DropshipCashForecast(models.Model):
    _inherit = "dropship.cash.forecast"

    @api.model
    def _measure(self, company):
        """Hold weeks that are over against the books; those of the last five weeks again, as bookings come late."""
        today = self.env["dropship.cash.facts"]._today_of(company)
        lines = self.env["dropship.cash.line"].sudo()
        weeks = self.env["dropship.cash.forecast.week"].sudo().search(
            [("company_id", "=", company.id), ("last", "<", today),
             "|", ("is_over", "=", False), ("last", ">=", today - timedelta(days=35))]
        )  # fmt: skip
        for (first, last), mine in weeks.grouped(lambda week: (week.first, week.last)).items():
            domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last),
                      ("kind", "!=", "transfer")]  # fmt: skip
            [(inflow, outflow)] = lines._read_group(domain, [], ["inflow:sum", "outflow:sum"])
            closing = lines._balance(company, last)
            for week in mine:
                week.write(
                    {"is_over": True, "actual_inflow": inflow, "actual_outflow": outflow, "actual_closing": closing,
                     "missed": company.currency_id.round(closing - week.closing)}
                )  # fmt: skip
        for run in weeks.forecast_id:
            over = run.week_ids.filtered("is_over")
            there = sum(abs(week.actual_closing) for week in over)
            missed = sum(abs(week.missed) for week in over)
            run.write({"measured": len(over), "accuracy": 100 * missed / there if there else 0.0})
