from odoo import api, models

from .report import STEPS

# {figure: aggregate of the report}. The one definition of each; margin = net profit / net revenue, ROAS = net revenue /
# ad spend, CAC = ad spend / new customers: None without revenue, ad spend or new customers.
FIGURES = {
    **{name: f"{name}:sum" for name in STEPS},
    "net_profit": "net_profit:sum",
    "orders": "sale_id:count_distinct",
    "units": "units:sum",
    "ad_spend": "ad_spend:sum",
    "new_customers": "new_customer_id:count_distinct",
    "roas": "roas:avg",
    "cac": "cac:avg",
    "margin": "margin:avg",
}
BY = {
    "product": "product_id",
    "supplier": "supplier_id",
    "channel": "channel_id",
    "customer": "customer_id",
    "campaign": "campaign_id",
    "country": "country_id",
    "kind": "kind_id",
    "order": "order_id",
    "day": "date:day",
    "month": "date:month",
}


class DropshipProfitReport(models.Model):
    _inherit = "dropship.profit.report"

    @api.model
    def _figures(self, company, first, last, by=None, booked=False):
        """The figures of a company between two days, both included, in its currency.

        They are of orders, of no order and overhead; nothing is out that the books count, except accounts out of scope.
        Estimates are in them, unless only what is booked is asked for. Where the company shows tax, `tax` is what its
        sales carried and `revenue_with_tax` is net revenue with it: beside the others, which never have tax in them.

        :param str by: product, supplier, channel, customer, campaign, country, kind, order, day or month
        :raise AccessError: the reader may not see profit
        :return: {figure: amount}; with `by`: {id of the record or False, or the (first) day: {figure: amount}}
        """
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
        if booked:
            domain.append(("stage", "in", ("billed", "final")))
        aggregates = dict(FIGURES)
        with_tax = self._wants(company, "with_tax")
        if with_tax:
            aggregates["tax"] = "tax:sum"
        self.check_access("read")
        # who may read figures need not have chosen the company, nor may read its suppliers: it is in the domain
        report_sudo = self.sudo().with_context(lang=self.env.lang, profit_facet=None)
        groups = report_sudo._read_group(domain, [BY[by]] if by else [], list(aggregates.values()))
        found = {}
        for group in groups:
            key = group[0] if by else None
            if isinstance(key, models.BaseModel):
                key = key.id
            values = group[1:] if by else group
            found[key] = self._figures_of(company, dict(zip(aggregates, values, strict=True)), with_tax)
        return found if by else found[None]

    @api.model
    def _figures_of(self, company, values, with_tax):
        round_ = company.currency_id.round
        figures = {}
        for name, value in values.items():
            if name in ("orders", "new_customers"):
                figures[name] = value or 0
            elif name in ("roas", "margin"):
                figures[name] = None if value is None or value is False else round(float(value), 4)
            elif name == "cac":
                figures[name] = None if value is None or value is False else round_(float(value))
            elif name == "units":
                figures[name] = round(float(value or 0.0), 3)
            else:
                figures[name] = round_(float(value or 0.0))
        if with_tax:
            figures["revenue_with_tax"] = round_(figures["net_revenue"] + figures["tax"])
        return figures
