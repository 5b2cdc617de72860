"""The statement of an order as a workbook."""

from odoo import models

from .sheet import workbook


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_profit_file(self):
        """(file name, XLSX)

        :raise AccessError: for who may not read the order or its profit
        """
        self.ensure_one()
        env, page = self.env, self._dropship_profit_page()
        currency, other = page["currency"], page["other"]
        headings = [env._("Line"), env._("Stage"), env._("Document"), env._("Date"), currency.name]
        if other:
            headings.append(other.name)
        if page["tax"] is not None:
            headings.append(env._("Tax Collected"))
        rows = []
        for step in page["steps"]:
            rows += [(self._dropship_profit_cells(page, row), False) for row in step["rows"]]
            total = [step["name"], None, None, None, step["total"]]
            rows.append((total + ([other.round(step["total"] * page["rate"])] if other else []), True))
        facts = [
            (env._("Order"), self.name),
            (env._("Customer"), self.partner_id.display_name),
            (env._("Company"), self.company_id.name),
            (env._("Last Collected"), page["collected"]),
            (env._("Profit Margin"), self._dropship_profit_percent(page["margin"])),
            *((sentence, None) for sentence in (*page["open"], *page["notes"])),
        ]
        title = env._("Profit of %s", self.name)
        return f"{title.replace('/', '-')}.xlsx", workbook(title, facts, headings, rows, currency.decimal_places)

    def _dropship_profit_cells(self, page, row):
        cells = [row["name"], row["stage_name"], row["document"], row["date"], row["amount"]]
        if page["other"]:
            cells.append(page["other"].round(row["amount"] * page["rate"]))
        return cells + ([row["tax"]] if page["tax"] is not None else [])
