from odoo import api, fields, models
from odoo.tools import SQL

READ = (
    "dropship_flow_reports.group_reports_reader,dropship_flow.group_dropship_manager,"
    "account.group_account_invoice,account.group_account_readonly"
)
STATEMENT = """
    SELECT kind.code, line.kind_group, CASE WHEN stand.stage = 'final' THEN 'final' ELSE line.stage END,
           SUM(line.amount), SUM(line.tax), line.document, line.res_model, line.res_id, MIN(line.date), MIN(kind.id)
      FROM (
        SELECT order_id, kind_id, kind_group, stage, amount, COALESCE(tax, 0) AS tax, document, res_model, res_id, date
          FROM dropship_profit_entry
         WHERE order_id = %(order)s AND side = 'attributed'
           AND generation_id IN (SELECT id FROM dropship_profit_generation WHERE state = 'live')
     UNION ALL
        SELECT order_id, kind_id, kind_group, stage, amount, 0, document, res_model, res_id, date
          FROM dropship_profit_estimate WHERE order_id = %(order)s AND amount <> 0
      ) line
      JOIN dropship_profit_kind kind ON kind.id = line.kind_id
 LEFT JOIN dropship_profit_stage stand ON stand.order_id = line.order_id
     GROUP BY kind.code, kind.sequence, line.kind_group, 3, line.document, line.res_model, line.res_id
    HAVING SUM(line.amount) <> 0
     ORDER BY kind.sequence, MIN(line.date), line.document, 3
"""


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_profit = fields.Monetary(
        string="Profit", compute="_compute_dropship_profit", currency_field="dropship_profit_currency_id", groups=READ,
        help="Booked and still expected, as last collected.",
    )  # fmt: skip
    dropship_profit_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Profit", groups=READ
    )

    @api.depends_context("uid")
    def _compute_dropship_profit(self):
        amounts = {}
        for model in ("dropship.profit.entry", "dropship.profit.estimate"):
            domain = [("order_id", "in", self.ids)]
            if model == "dropship.profit.entry":
                domain += [("side", "=", "attributed"), ("generation_id.state", "=", "live")]
            # whoever may see the figure need not read suppliers and journals
            for order, amount in self.env[model].sudo()._read_group(domain, ["order_id"], ["amount:sum"]):
                amounts[order.id] = amounts.get(order.id, 0.0) + amount
        for order in self:
            order.dropship_profit = amounts.get(order.id, 0.0)

    def _dropship_profit_statement(self):
        """The order as a short statement, in the company's currency.

        :return: [{kind (code), name, group, stage, amount (signed), tax, document, res_model, res_id, date}], in the
            order of the kinds; together they are the order's profit
        """
        self.ensure_one()
        self.check_access("read")
        self.env["dropship.profit.line"].check_access("read")
        self.env.flush_all()
        rows = self.env.execute_query(SQL(STATEMENT, order=self.id))
        kinds = self.env["dropship.profit.kind"].browse({row[-1] for row in rows})
        names = {kind.id: kind.name for kind in kinds}
        round_ = self.company_id.currency_id.round
        return [
            {"kind": code, "name": names[kind], "group": group, "stage": stage, "amount": round_(float(amount)),
             "tax": round_(float(tax)), "document": document, "res_model": model, "res_id": res_id, "date": date}
            for code, group, stage, amount, tax, document, model, res_id, date, kind in rows
        ]  # fmt: skip

    def action_dropship_profit(self):
        """The statement, line by line."""
        self.ensure_one()
        self.env["dropship.profit.line"].check_access("read")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Profit of %s", self.name),
            "res_model": "dropship.profit.line", "view_mode": "list,pivot,graph",
            "domain": [("order_id", "=", self.id)],
            "context": {"search_default_by_step": 1},
        }  # fmt: skip
