from decimal import Decimal

from odoo import api, models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _dropship_worths(self, company, day):
        """What every active currency is worth on a day, read at once.

        Without any exchange rate two currencies would silently count 1:1: such a currency has no key.

        :return: {currency id: Decimal, units of the company's currency for one of it}; the company's own is 1
        """
        self, home = self.sudo(), company.currency_id  # exchange rates are no secret
        others = self.search([("active", "=", True)]) - home
        worths = {home.id: Decimal(1)}
        if not others:
            return worths
        rates = (others | home)._get_rates(company, day)
        groups = self.env["res.currency.rate"]._read_group(
            [
                ("currency_id", "in", (others | home).ids),
                ("company_id", "in", [False, company.root_id.id]),
                ("name", "<=", day),
            ],
            ["currency_id"],
        )
        dated = {currency for [currency] in groups}
        for currency in others:
            if currency in dated or home in dated:
                worth = 1.0 / ((rates.get(currency.id) or 1.0) / (rates.get(home.id) or 1.0))
                worths[currency.id] = Decimal(repr(worth))
        return worths
