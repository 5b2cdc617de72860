"""The cash of the next thirteen weeks: reckoned nightly from the documents, kept, and held against what came."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...forecasting import Scenario, forecast
from .facts import decimal

READERS = ("dropship_flow_reports.group_reports_reader", "dropship_flow.group_dropship_manager",
           "account.group_account_invoice", "account.group_account_readonly")  # fmt: skip
# Old runs: one of each week is kept for so long.
KEPT_DAYS = 400


class DropshipCashForecast(models.Model):
    """One reckoning of one company, as it is or under a scenario. What it said stays; only the newest of each scenario
    keeps the documents behind it."""

    _name = "dropship.cash.forecast"
    _description = "Cash Forecast"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "made_at desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    scenario_id = fields.Many2one("dropship.cash.scenario", readonly=True, ondelete="cascade", index="btree_not_null")
    scenario_text = fields.Char(string="Changes", compute="_compute_scenario_text")
    values = fields.Json(readonly=True, help="What the scenario changed, as it was then.")
    made_at = fields.Datetime(string="Reckoned On", required=True, readonly=True)
    date = fields.Date(string="First Day", required=True, readonly=True)
    is_current = fields.Boolean(string="Newest", readonly=True, index=True)
    opening = fields.Monetary(readonly=True, help="What accounts that hold money have, as booked.")
    lowest = fields.Monetary(readonly=True)
    lowest_on = fields.Date(readonly=True)
    closing = fields.Monetary(readonly=True, help="After thirteen weeks.")
    held = fields.Monetary(string="Held by Providers", readonly=True,
                           help="Part of the opening that providers pay out later.")  # fmt: skip
    week_ids = fields.One2many("dropship.cash.forecast.week", "forecast_id", string="Weeks", readonly=True)
    line_ids = fields.One2many(
        "dropship.cash.forecast.line", "forecast_id", domain=[("left", "=", False)], readonly=True
    )
    left_ids = fields.One2many(
        "dropship.cash.forecast.line", "forecast_id", string="Not Counted", domain=[("left", "=", True)], readonly=True
    )
    is_low = fields.Boolean(string="Money Runs Short", readonly=True)
    accuracy = fields.Float(
        string="Missed By (%)", readonly=True, aggregator="avg",
        help="What the closings of its weeks that are over missed on average, of the money that was there.",
    )  # fmt: skip
    measured = fields.Integer(string="Weeks Measured", readonly=True)

    _newest = models.UniqueIndex(
        "(company_id, COALESCE(scenario_id, 0)) WHERE is_current", "There is a newest forecast already."
    )

    @api.depends("scenario_id.name", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            name = run.scenario_id.name or self.env._("As It Is")
            run.display_name = f"{name} · {fields.Date.to_string(run.date)}"

    @api.depends("values")
    @api.depends_context("lang")
    def _compute_scenario_text(self):
        for run in self:
            run.scenario_text = self.env["dropship.cash.scenario"]._said(run.values or {})

    # --- reckoning ---

    @api.model
    def _reckon(self, company, values=None, now=None):
        """The forecast of a company, not stored.

        :param dict values: of a scenario, see `dropship.cash.scenario._values`; amounts in percent and days
        :return: (Facts, forecasting.Forecast)
        :raise UserError: for a scenario that cannot be reckoned
        """
        values = values or {}
        wish = {"ads": values.get("ads"), "prepaid": values.get("prepaid")}
        facts = self.env["dropship.cash.facts"]._gather(company, wish, now)
        percents = {name: decimal(values.get(name) or 0) for name in ("sales", "growth", "returns", "costs")}
        days = {name: int(values.get(name) or 0) for name in ("supplier_days", "payout_days")}
        result = forecast(facts.plan(), Scenario(**percents, **days))
        if result.refused:
            code, figures = result.refused[0]
            raise UserError(self.env._("The scenario cannot be reckoned: %(code)s %(figures)s", code=code,
                                       figures=figures))  # fmt: skip
        return facts, result

    @api.model
    def _make(self, company, scenario=None, now=None):
        """Reckon and keep; the one before becomes an old one.

        :return: the run
        """
        self = self.sudo()  # nobody writes forecasts by hand
        scenario = scenario or self.env["dropship.cash.scenario"]
        values = scenario._values() if scenario else {}
        facts, result = self._reckon(company, values, now)
        before = self.search(
            [("company_id", "=", company.id), ("scenario_id", "=", scenario.id), ("is_current", "=", True)]
        )
        before._retire()
        low = result.lowest
        run = self.create(
            {
                "company_id": company.id, "currency_id": company.currency_id.id, "scenario_id": scenario.id,
                "values": values or False, "made_at": facts.now, "date": facts.today, "is_current": True,
                "opening": float(result.opening), "closing": float(result.weeks[-1].closing),
                "lowest": float(low.balance), "lowest_on": low.day, "held": float(sum(facts.held.values())),
            }
        )  # fmt: skip
        weeks = self.env["dropship.cash.forecast.week"]._keep(run, facts, result)
        self.env["dropship.cash.forecast.line"]._keep(run, weeks, facts, result)
        run._watch(before)
        return run

    def _retire(self):
        """What is replaced keeps its weeks, not the documents behind them; of several of a week the first is kept."""
        self.env["dropship.cash.forecast.line"].search([("forecast_id", "in", self.ids)]).unlink()
        self.write({"is_current": False})
        self.flush_recordset(["is_current"])

    @api.model
    def _make_all(self, company, now=None):
        """As it is, and under every scenario of the company."""
        run = self._make(company, now=now)
        for scenario in self.env["dropship.cash.scenario"].sudo().search([("company_id", "=", company.id)]):
            self._make(company, scenario, now)
        return run

    @api.model
    def _cron_forecast(self):
        """Nightly, company by company: measure, reckon, throw old ones away."""
        for company in self.env["res.company"].sudo().search([]):
            self._measure(company)
            self._make_all(company)
            self._thin_out(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _thin_out(self, company):
        """Of old runs one a week stays, for a year."""
        old = self.sudo().search([("company_id", "=", company.id), ("is_current", "=", False)], order="date, id")
        seen, gone = set(), self.browse()
        limit = fields.Date.today() - timedelta(days=KEPT_DAYS)
        for run in old:
            week = (run.scenario_id.id, run.date - timedelta(days=run.date.weekday()))
            if week in seen or run.date < limit:
                gone |= run
            seen.add(week)
        gone.unlink()

    # --- money runs short ---

    def _watch(self, before):
        """Tell the person responsible when the forecast as it is falls below the company's limit, once a run."""
        self.ensure_one()
        company = self.company_id
        lowest = min([self.lowest, *self.week_ids.mapped("available")])
        self.is_low = company.currency_id.compare_amounts(lowest, company.dropship_cash_limit) < 0
        if self.scenario_id:
            return
        before.activity_unlink(["dropship_flow_reports.activity_cash_low"])
        if not self.is_low:
            return
        person = company.dropship_cash_user_id or self.env.ref("base.user_admin", raise_if_not_found=False)
        person = person or self.env.ref("base.user_root")
        first = self.week_ids.filtered(
            lambda week: company.currency_id.compare_amounts(week.available, company.dropship_cash_limit) < 0
        )[:1]
        speaking = self.with_context(lang=person.lang)
        self.activity_schedule(
            "dropship_flow_reports.activity_cash_low",
            date_deadline=self.date,
            note=speaking.env._(
                "The money of %(company)s falls to %(lowest)s, less than %(limit)s, from %(day)s on: collect what is "
                "open, pay later, or buy less.",
                company=company.name, lowest=self.currency_id.format(lowest),
                limit=self.currency_id.format(company.dropship_cash_limit),
                day=format_date(speaking.env, min(first.first or self.lowest_on, self.lowest_on)),
            ),
            user_id=person.id,
        )  # fmt: skip

    # --- what others read ---

    @api.model
    def _read(self, company, scenario=None):
        """The thirteen weeks in the company's currency; the kept run of today, else reckoned now.

        :param scenario: a `dropship.cash.scenario`, or {field of it: value}; None: as it is
        :return: {weeks: [{start, opening, in, out, closing, by_kind: {kind: amount}}], currency: its code,
            lowest: {balance, day}, left: number of facts that are not counted}
        """
        self._check_right()
        if isinstance(scenario, dict):
            facts, result = self._reckon(company, scenario)
            lowest = {"balance": float(result.lowest.balance), "day": result.lowest.day}
            return {"weeks": _plain(result), "currency": facts.home.name, "lowest": lowest,
                    "left": len(result.left_out) + len(facts.left)}  # fmt: skip
        run = self._today(company, scenario)
        weeks = [
            {"start": week.first, "opening": week.opening, "in": week.inflow, "out": week.outflow,
             "closing": week.closing, "by_kind": dict(week.by_kind or {})}
            for week in run.week_ids
        ]  # fmt: skip
        lowest = {"balance": run.lowest, "day": run.lowest_on}
        return {"weeks": weeks, "currency": run.currency_id.name, "lowest": lowest, "left": len(run.left_ids)}

    @api.model
    def _today(self, company, scenario=None):
        """The run of today, made now where there is none."""
        run = self.sudo().search(
            [("company_id", "=", company.id), ("scenario_id", "=", scenario.id if scenario else False),
             ("is_current", "=", True)], limit=1,
        )  # fmt: skip
        today = self.env["dropship.cash.facts"]._today_of(company)
        return run if run.date == today else self._make(company, scenario)

    @api.model
    def _check_right(self):
        if not self.env.su and not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("Only managers and accountants see the money of the company."))

    # --- buttons ---

    @api.model
    def action_open_newest(self):
        """The forecast as it is, of today."""
        self._check_right()
        return self._today(self.env.company)._window()

    def action_reckon(self):
        """Reckon again, with all scenarios."""
        self.ensure_one()
        self._check_right()
        self.check_access("read")
        return self._make_all(self.company_id)._window()

    def _window(self):
        return {
            "type": "ir.actions.act_window", "name": self.env._("13-Week Forecast"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form", "views": [(False, "form")], "target": "current",
        }  # fmt: skip

    def action_open_lines(self):
        """The documents behind it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Expected Money"),
            "res_model": "dropship.cash.forecast.line", "view_mode": "list,pivot,graph",
            "domain": [("forecast_id", "=", self.id), ("left", "=", False)],
            "context": {"search_default_by_week": 1, "search_default_by_kind": 1},
        }  # fmt: skip

    def action_compare(self):
        """The newest of all scenarios side by side."""
        return self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_reports.action_dropship_cash_compare")


def _plain(result):
    return [
        {
            "start": week.first, "opening": float(week.opening), "in": float(week.inflow), "out": float(week.outflow),
            "closing": float(week.closing),
            "by_kind": {one.kind: float(one.inflow - one.outflow) for one in week.figures},
        }
        for week in result.weeks
    ]  # fmt: skip
