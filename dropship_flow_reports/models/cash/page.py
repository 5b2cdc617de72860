"""The forecast as people read it: a sentence, a picture, a table of weeks and kinds, and scenarios side by side."""

from odoo import api, fields, models
from odoo.tools import format_date

from .week import KINDS

WIDE, HIGH, EDGE = 960, 240, 8


class DropshipCashForecast(models.Model):
    _inherit = "dropship.cash.forecast"

    summary = fields.Char(compute="_compute_page")
    page = fields.Html(string="Weeks and Kinds", compute="_compute_page", sanitize=False)

    @api.depends("week_ids", "lowest", "lowest_on", "is_low")
    @api.depends_context("lang")
    def _compute_page(self):
        for run in self:
            weeks = run.week_ids.sorted("number")
            run.summary = run._summary(weeks)
            if not weeks:
                run.page = False
                continue
            run.page = self.env["ir.qweb"]._render(
                "dropship_flow_reports.cash_forecast_page",
                {"run": run, "weeks": weeks, "chart": run._chart(weeks), "rows": run._rows(weeks),
                 "others": run._others(), "shown": run._shown, "day": lambda day: format_date(self.env, day)},
            )  # fmt: skip

    def _shown(self, amount):
        """A figure of the table: whole money, nothing is a dash."""
        return "–" if not round(amount) else f"{amount:,.0f}"

    def _summary(self, weeks):
        self.ensure_one()
        if not weeks:
            return False
        if not any(week.inflow or week.outflow for week in weeks) and not self.opening:
            return self.env._(
                "Nothing is known yet: enter bank statements, confirm orders, or add planned money. Then reckon again."
            )
        figures = {"lowest": self.currency_id.format(self.lowest), "day": format_date(self.env, self.lowest_on),
                   "closing": self.currency_id.format(self.closing)}  # fmt: skip
        if self.is_low:
            limit = self.company_id.sudo().dropship_cash_limit
            return self.env._(
                "Money runs short: %(lowest)s on %(day)s is the lowest, the limit is %(limit)s. %(closing)s after "
                "thirteen weeks.",
                limit=self.currency_id.format(limit), **figures,
            )  # fmt: skip
        return self.env._("%(lowest)s on %(day)s is the lowest, %(closing)s after thirteen weeks.", **figures)

    def _chart(self, weeks):
        """Places of bars and points in a picture of WIDE × HIGH."""
        values = [0.0, *weeks.mapped("inflow"), *(-week.outflow for week in weeks), *weeks.mapped("closing")]
        top, bottom = max(values), min(values)
        scale = (HIGH - 2 * EDGE) / ((top - bottom) or 1.0)
        step = WIDE / len(weeks)

        def level(value):
            return round(EDGE + (top - value) * scale, 1)

        bars, points = [], []
        for number, week in enumerate(weeks):
            left = number * step
            bars.append({"week": week, "x": round(left + step * 0.2, 1), "width": round(step * 0.28, 1),
                         "x_out": round(left + step * 0.52, 1), "in_y": level(week.inflow),
                         "in_height": round(week.inflow * scale, 1), "out_y": level(0.0),
                         "out_height": round(week.outflow * scale, 1)})  # fmt: skip
            points.append((round(left + step / 2, 1), level(week.closing), week))
        limit = self.company_id.sudo().dropship_cash_limit
        return {
            "wide": WIDE, "high": HIGH, "bars": bars, "points": points, "zero": level(0.0),
            "line": " ".join(f"{x},{y}" for x, y, _week in points),
            "limit": level(limit) if limit and bottom <= limit <= top else None,
        }  # fmt: skip

    def _rows(self, weeks):
        """[(word of the kind, [amount of each week], sum)] of the kinds that are there, as a report lists them."""
        words = dict(self.env["dropship.cash.forecast.line"]._fields["kind"]._description_selection(self.env))
        rows = []
        for kind, _word in KINDS:
            amounts = [(week.by_kind or {}).get(kind, 0.0) for week in weeks]
            if any(amounts):
                rows.append((words[kind], amounts, sum(amounts)))
        return rows

    def _others(self):
        """The newest runs of the company's scenarios, this one first, where there are several."""
        self.ensure_one()
        if not self.is_current:
            return self.browse()
        runs = self.search([("company_id", "=", self.company_id.id), ("is_current", "=", True)])
        runs = runs.filtered("scenario_id").sorted(lambda run: (run.scenario_id.sequence, run.scenario_id.id))
        base = self.search(
            [("company_id", "=", self.company_id.id), ("is_current", "=", True), ("scenario_id", "=", False)]
        )
        return base + runs if runs else self.browse()
