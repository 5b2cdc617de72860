"""Costs of rules and advertising beside what documents say."""

from odoo import api, models
from odoo.tools import SQL

STATEMENT = """
    SELECT kind.code, share.kind_group, SUM(share.amount), share.document, MIN(share.book_date), MIN(share.id)
      FROM dropship_cost_share share JOIN dropship_profit_kind kind ON kind.id = share.kind_id
     WHERE share.order_id = %s AND share.amount <> 0
     GROUP BY kind.code, share.kind_group, share.document
    HAVING SUM(share.amount) <> 0
"""


class DropshipProfitLine(models.Model):
    _inherit = "dropship.profit.line"

    @property
    def _table_query(self):
        """Override: with the shares of costs; their numbers are below zero, as the others are above."""
        return SQL(
            """
            %s
         UNION ALL
            SELECT -id::bigint, company_id, date, order_id, order_line_id, product_id, supplier_id, channel_id,
                   customer_id, country_id, campaign_id, kind_id, kind_group, amount, currency_id,
                   'dropship.cost.share', id, document, 'estimated',
                   CASE WHEN order_id IS NOT NULL THEN 'attributed' WHEN kind_group = 'overhead' THEN 'overhead'
                        ELSE 'unattributed' END, 0
              FROM dropship_cost_share WHERE amount <> 0
            """,
            super()._table_query,
        )

    def action_open_document(self):
        """Override: behind a share stands its cost."""
        self.ensure_one()
        if self.res_model == "dropship.cost.share":
            share = self.env["dropship.cost.share"].browse(self.res_id)
            return share.action_open_document()
        return super().action_open_document()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends_context("uid")
    def _compute_dropship_profit(self):  # pylint: disable=missing-return
        """Override: with its shares of costs."""
        super()._compute_dropship_profit()
        rows = (
            self.env["dropship.cost.share"].sudo()._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["amount:sum"]
            )
        )  # fmt: skip
        amounts = {order.id: amount for order, amount in rows}
        for order in self:
            order.dropship_profit += amounts.get(order.id, 0.0)

    def _dropship_profit_statement(self):
        """Override: with its shares of costs, in the order of the kinds."""
        rows = super()._dropship_profit_statement()
        found = self.env.execute_query(SQL(STATEMENT, self.id))
        if not found:
            return rows
        kinds = self.env["dropship.profit.kind"].search([])
        places = {kind.code: place for place, kind in enumerate(kinds)}
        names = {kind.code: kind.name for kind in kinds}
        for code, group, amount, document, day, share in found:
            amount = self.company_id.currency_id.round(float(amount))
            rows.append(
                {"kind": code, "name": names[code], "group": group, "stage": "estimated", "amount": amount, "tax": 0.0,
                 "document": document, "res_model": "dropship.cost.share", "res_id": share, "date": day}
            )  # fmt: skip
        return sorted(rows, key=lambda row: places[row["kind"]])


class DropshipProfitReconcile(models.TransientModel):
    _inherit = "dropship.profit.reconcile"

    @api.model
    def _twice(self, company, month):
        """Override: a bill of costs is divided between the orders and what nobody bears: each part is on one side."""
        found = super()._twice(company, month)
        query = SQL(
            "SELECT DISTINCT line_ref FROM dropship_cost_bill WHERE company_id = %s AND line_ref = ANY(%s)",
            company.id,
            found,
        )
        divided = {row[0] for row in self.env.execute_query(query)} if found else set()
        return [line for line in found if line not in divided]
