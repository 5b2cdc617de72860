from datetime import timedelta
from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..profit.kind import GROUPS, SIDES, STAGES
from . import sources
from .day import FACETS, MONTH

# {figure: groups whose amounts are in it}
STEPS = {
    "net_revenue": ("revenue",),
    "contribution_1": ("revenue", "1"),
    "contribution_2": ("revenue", "1", "2"),
    "contribution_3": ("revenue", "1", "2", "3"),
    "contribution_4": ("revenue", "1", "2", "3", "4"),
}
# {figure: (above, below)}: one sum divided by another; nothing where there is nothing to divide by.
RATIOS = {
    "margin": ("SUM({net_profit})", "SUM({net_revenue})"),
    "roas": ("SUM({net_revenue})", "SUM({ad_spend})"),
    "cac": ("NULLIF(SUM({ad_spend}), 0)", "COUNT(DISTINCT {new_customer_id})"),
}
IN_DAYS = {"company_id", "currency_id", "date", "kind_id", "kind_group", "stage", "side", "amount", "tax", "ad_spend",
           "net_profit", "margin", "roas", "entries", *STEPS}  # fmt: skip
# Days are told apart by none of these, so sums of months will do.
MONTH_PARTS = ("month", "quarter", "year", "month_number", "quarter_number", "year_number")
WHOLE_MONTHS = {f"date:{part}" for part in MONTH_PARTS}
ROWS = """
    SELECT {columns}, {steps}, amount AS net_profit, CASE WHEN kind_id = %(ads)s THEN -amount ELSE 0 END AS ad_spend,
           CASE WHEN kind_id = %(sales)s THEN (
                SELECT sold.order_id FROM dropship_profit_order sold
                 WHERE sold.order_id = line.order_id AND sold.confirmed) END AS sale_id,
           CASE WHEN kind_id = %(sales)s THEN (
                SELECT sold.customer_id FROM dropship_profit_order sold
                 WHERE sold.order_id = line.order_id AND sold.confirmed AND NOT EXISTS (
                       SELECT FROM dropship_profit_order earlier
                        WHERE earlier.customer_id = sold.customer_id AND earlier.company_id = sold.company_id
                          AND earlier.confirmed AND (earlier.date, earlier.order_id) < (sold.date, sold.order_id))
                ) END AS new_customer_id,
           NULL::numeric AS margin, NULL::numeric AS roas, NULL::numeric AS cac
      FROM (%(rows)s) line ({columns})
"""
ROWS = ROWS.format(
    columns=sources.COLUMNS, rows="", steps=", ".join(
        f"CASE WHEN kind_group IN ({', '.join(repr(group) for group in groups)}) THEN amount ELSE 0 END AS {name}"
        for name, groups in STEPS.items()
    ),
)  # fmt: skip


class DropshipProfitReport(models.Model):
    """Everything that counts as profit, for pivots, graphs and lists: booked, still expected, and shared costs.

    Sums by day or month, kind, stage and at most one facet are read from `dropship.profit.day`, all else from the
    entries.
    What is out of scope is not in it.
    """

    _name = "dropship.profit.report"
    _description = "Profit Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document"
    _depends = {
        "account.move.line": ["quantity"],
        "sale.order": ["name"],
        "sale.order.line": ["product_uom_qty"],
        "stock.move": ["state", "quantity", "location_id", "location_dest_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    supplier_id = fields.Many2one("dropship.supplier", readonly=True)
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    kind_id = fields.Many2one("dropship.profit.kind", readonly=True)
    kind_group = fields.Selection(GROUPS, string="Step", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    side = fields.Selection(SIDES[:3], readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    res_model = fields.Char(string="Kind of Document", readonly=True)
    res_id = fields.Many2oneReference(string="Number of the Document", model_field="res_model", readonly=True,
                                      aggregator=None)  # fmt: skip
    document = fields.Char(readonly=True)
    entries = fields.Integer(string="Number of Entries", readonly=True)
    amount = fields.Monetary(readonly=True, help="Income above nothing, costs below.")
    tax = fields.Monetary(string="Tax on It", readonly=True, help="Beside the amount, not in it.")
    net_revenue = fields.Monetary(readonly=True, help="Sales, discounts, shipping charged, refunds; without tax.")
    contribution_1 = fields.Monetary(readonly=True, help="Net revenue less what suppliers and customs cost.")
    contribution_2 = fields.Monetary(readonly=True, help="Contribution 1 less what selling and paying cost.")
    contribution_3 = fields.Monetary(readonly=True, help="Contribution 2 less ads, affiliates and loyalty.")
    contribution_4 = fields.Monetary(readonly=True, help="Contribution 3 less what after-sales costs.")
    net_profit = fields.Monetary(readonly=True, help="Contribution 4 less overhead.")
    ad_spend = fields.Monetary(readonly=True, help="Spent on ads, above nothing.")
    sale_id = fields.Many2one(
        "sale.order", string="Orders", readonly=True, help="Confirmed orders whose sales count here, each once."
    )
    new_customer_id = fields.Many2one(
        "res.partner", string="New Customers", readonly=True,
        help="Customers whose first confirmed order in this company has its sales here, each once.",
    )  # fmt: skip
    units = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Quantity ordered, by the share of the line's sales that counts here.",
    )
    margin = fields.Float(string="Profit Margin", readonly=True, aggregator="avg", help="Net profit / net revenue.")
    roas = fields.Float(string="ROAS", readonly=True, aggregator="avg", help="Net revenue / ad spend.")
    cac = fields.Monetary(string="CAC", readonly=True, aggregator="avg", help="Ad spend / new customers.")

    # --- where it is read from ---

    @property
    def _table_query(self):
        facts = self._facts()
        rows = sources.rows(facts, self.env.context.get("profit_facet"), FACETS, "dropship.cost.share" in self.env)
        return SQL(ROWS, rows=rows, ads=facts["ads"], sales=facts["sales"])

    @api.model
    def _facts(self):
        """What the SQL is told: {editions, ids of kinds, companies with refunds `by_order`, companies whose returned
        cost is `moved`}"""
        kinds = self.env["dropship.profit.kind"]._by_code()
        companies = self.env["res.company"].sudo().search([])
        return {
            "editions": tuple(self._editions().ids) or (0,),
            "ads": kinds["ads"], "sales": kinds["sales"], "refund": kinds["refund"],
            "pieces": (kinds["sales"], kinds["refund"]), "goods": (kinds["goods"], kinds["own_stock"]),
            "by_order": [one.id for one in companies if self._wants(one, "refund_day", "refund") == "order"],
            "moved": [one.id for one in companies if not self._wants(one, "returned_cost", True)],
        }  # fmt: skip

    @api.model
    def _wants(self, company, name, otherwise=False):
        """How a company wants its figures, where it may choose."""
        field = f"dropship_profit_{name}"
        return company.sudo()[field] if field in company._fields else otherwise

    @api.model
    def _editions(self):
        """The editions in use of the companies one works in."""
        domain = [("state", "=", "live")]
        if not self.env.su:
            domain.append(("company_id", "in", self.env.companies.ids))
        return self.env["dropship.profit.generation"].sudo().search(domain)

    @api.model
    def _facet(self, domain, specs):
        """The facet of the sums by day that knows all that is asked for, or nothing."""
        names = {spec.partition(":")[0].partition(".")[0] for spec in specs if spec != "__count"}
        names |= {condition.field_expr.partition(".")[0] for condition in Domain(domain).iter_conditions()}
        others = names - IN_DAYS
        facets = [name for name, column in FACETS.items() if column in others]
        if len(others) > len(facets) or len(facets) > 1 or not all(self._editions().mapped("has_sums")):
            return None
        facet = facets[0] if facets else "all"
        return facet + MONTH if self._by_months(domain, specs) else facet

    @api.model
    def _by_months(self, domain, specs):
        """Whether what is asked for is the same for all days of a month."""
        if any(spec.partition(":")[0] == "date" and spec not in WHOLE_MONTHS for spec in specs):
            return False
        dated = [cond for cond in Domain(domain).iter_conditions() if cond.field_expr.partition(".")[0] == "date"]
        return all(cond.field_expr == "date" and self._on_edge(cond.operator, cond.value) for cond in dated)

    @api.model
    def _on_edge(self, operator, value):
        """Whether a bound lies between two months."""
        try:
            day = fields.Date.to_date(value)
        except ValueError:  # "today", "-1m" and the like
            return False
        if not day or operator not in ("<", ">=", ">", "<="):
            return False
        first = day if operator in ("<", ">=") else day + timedelta(days=1)
        return first.day == 1

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        having_names = [condition.field_expr for condition in Domain(having).iter_conditions()]
        facet = self._facet(domain, [*groupby, *aggregates, *having_names])
        reader = self.with_context(profit_facet=facet)
        return super(DropshipProfitReport, reader)._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )  # fmt: skip

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        specs = [spec for groupby in grouping_sets for spec in groupby]
        reader = self.with_context(profit_facet=self._facet(domain, [*specs, *aggregates]))
        return super(DropshipProfitReport, reader)._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "__count":
            return SQL("COALESCE(SUM(%s), 0)::bigint", self._field_to_sql(self._table, "entries", query))
        name, _dot, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        above, below = RATIOS[name]
        used = ("net_profit", "net_revenue", "ad_spend", "new_customer_id")
        if name != "cac":
            used = used[:3]
        columns = {field: "%(" + field + ")s" for field in used}
        ratio = f"{above.format(**columns)} / NULLIF({below.format(**columns)}, 0)"
        return SQL(ratio, **{field: self._field_to_sql(self._table, field, query) for field in used})

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        """Word each value once: thousands of cells of a pivot are of a few months and suppliers."""
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)

        @cache
        def worded(value):
            shown, domain = formatter(value)
            return shown, Domain(domain)

        return worded

    # --- what a person does with a row ---

    def action_open_document(self):
        """Open the document it stands for."""
        self.ensure_one()
        if self.res_model == "dropship.cost.share":
            return self.env[self.res_model].browse(self.res_id).action_open_document()
        return {
            "type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip
