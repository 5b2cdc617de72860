from bisect import bisect_right
from decimal import Decimal

from odoo import api, models

from ...allocating import Currencies


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _dropship_currencies(self, company):
        """Steps and rates of all active currencies for the company, as the engine of costs reads them.

        A currency without any rate up to a day has no value on that day, where core would count it 1:1.

        :rtype: Currencies
        """
        self, home = self.sudo(), company.currency_id  # exchange rates are no secret
        active = self.search([("active", "=", True)]) | home
        dated = {currency: self._dropship_rates(currency, company) for currency in active}
        rates = {}
        for currency in active - home:
            if not dated[currency] and all(rate == 1 for _day, rate in dated[home]):
                continue  # neither says what it is worth
            days = sorted({day for day, _rate in dated[currency] + dated[home]})
            rates[currency.name] = {
                day: _at(dated[home], day) / _at(dated[currency], day)
                for day in days
                if _at(dated[currency], day) and _at(dated[home], day)
            }
        steps = {currency.name: Decimal(repr(currency.rounding)).normalize() for currency in active}
        return Currencies(home.name, steps, rates)

    @api.model
    def _dropship_rates(self, currency, company):
        """[(day, units for one of the base)], by day: rates of the company count before those of all."""
        rows = self.env["res.currency.rate"].search(
            [("currency_id", "=", currency.id), ("company_id", "in", [False, company.root_id.id])], order="name"
        )
        own = [(row.name, Decimal(repr(row.rate))) for row in rows if row.company_id and row.rate > 0]
        of_all = [(row.name, Decimal(repr(row.rate))) for row in rows if not row.company_id and row.rate > 0]
        return [pair for pair in of_all if not own or pair[0] < own[0][0]] + own


def _at(dated, day):
    """The rate of a day; a currency without rates at all is the base, one whose rates begin later had the first."""
    found = bisect_right(dated, day, key=lambda pair: pair[0])
    return dated[found - 1][1] if found else (dated[0][1] if dated else Decimal(1))
