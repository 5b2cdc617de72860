"""A chair sold at 100.00 without tax, bought at 40.00 with 3.90 freight, and its statement."""

import io

from openpyxl import load_workbook

from .common_profit import ProfitCase


class StatementCase(ProfitCase):
    def sold(self, qty=1.0, ship=True):
        """(order, purchase); without `ship` the goods are still with the supplier."""
        purchase = self.sell(self.chair, qty)
        if ship:
            self.dispatch(purchase)
        return purchase.dropship_allocation_ids.order_id, purchase

    def steps(self, order):
        """{code of the figure: amount}"""
        return {step["code"]: step["total"] for step in order._dropship_profit_page()["steps"]}

    def lines(self, order):
        """[(kind, stage, amount)] as they are shown."""
        page = order._dropship_profit_page()
        return [(row["kind"], row["stage"], row["amount"]) for step in page["steps"] for row in step["rows"]]

    @staticmethod
    def cells(content):
        """All rows of a workbook's only sheet."""
        return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))

    @staticmethod
    def cell_types(content):
        return {cell.data_type for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row}
