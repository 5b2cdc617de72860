"""Figures of the books, and a purse for advertising."""

from odoo import fields

from .common_profit import ProfitCase


class AnalysisCase(ProfitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["dropship.profit.report"]
        cls.today = fields.Date.today()
        cls.month = cls.today.replace(day=1)

    def sold(self, qty=1.0, product=None, partner=None, **vals):
        """A chair sold and shipped: (order, purchase)."""
        purchase = self.buy((product or self.chair, qty), accept=True, partner=partner)
        order = purchase.dropship_allocation_ids.order_id
        order.write(vals)
        self.dispatch(purchase)
        return order, purchase

    def figures(self, by=None, first=None, last=None, company=None, **kwargs):
        company = company or self.company
        return self.report._figures(company, first or self.month, last or self.today, by=by, **kwargs)

    def assertFigures(self, found, **told):
        self.assertEqual({name: found[name] for name in told}, told)

    def row(self, order):
        return self.env["dropship.profit.order"].search([("order_id", "=", order.id)])

    def drift(self, order):
        """{kind: (expected, booked, still, drift)}"""
        rows = self.env["dropship.profit.drift"].search([("order_id", "=", order.id)])
        return {row.kind_id.code: (row.expected, row.actual, row.still, row.drift) for row in rows}

    def advertise(self, amount):
        """A bill for advertising, typed in."""
        account = self.make_account("Advertising", "620000", "expense")
        self.collect()
        row = self.env["dropship.profit.account"].search([("account_id", "=", account.id)])
        row.kind_id = self.env.ref("dropship_flow_reports.profit_kind_ads")
        return self.typed(account, -amount)
