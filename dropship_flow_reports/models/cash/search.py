"""Which days a search can be about, so that the books of all years are not read for the first page of a list."""

from collections.abc import Sequence, Set

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .line import PLACES

# How many items are looked at for each amount that is wanted: each has one at least, but a filter may leave most out.
LOOKS = (1, 40)


class DropshipCashLine(models.Model):
    _inherit = "dropship.cash.line"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain)
        if limit and (not order or order.startswith("date desc")):
            for look in LOOKS:
                day = self._day_of_newest((offset + limit) * look)
                if not day:
                    break
                newest = super()._search(domain & Domain("date", ">=", day), offset, limit, order, **options)
                if not order:
                    newest.get_result_ids()  # who only counts does it once
                if len(newest) == limit:
                    return newest
        days = self._days_of(domain)
        if days is not None:
            domain &= Domain("date", "in", days)
        return super()._search(domain, offset, limit, order, **options)

    @api.model
    def _days_of(self, domain):
        """The days of the rows a domain asks for by their numbers alone, as Odoo does when it reads them; else None."""
        conditions = list(domain.iter_conditions())
        if len(conditions) != 1 or domain != conditions[0] or (domain.field_expr, domain.operator) != ("id", "in"):
            return None
        if not isinstance(domain.value, (Sequence, Set)):
            return None
        items = [number // PLACES for number in domain.value]
        query = SQL("SELECT DISTINCT date FROM account_move_line WHERE id = ANY(%s)", items)
        return [day for (day,) in self.env.execute_query(query)]

    @api.model
    def _day_of_newest(self, count):
        """The day of the newest item of money but `count`; nothing where there are not so many."""
        self.env["account.move.line"].flush_model()
        query = SQL(
            """
            SELECT date FROM account_move_line
             WHERE account_id IN (%s) AND parent_state = 'posted' AND balance <> 0 AND %s
             ORDER BY date DESC OFFSET %s LIMIT 1
            """,
            SQL(self.env["dropship.cash.account"]._money_accounts()),
            SQL("TRUE") if self.env.su else SQL("company_id IN %s", tuple(self.env.companies.ids)),
            count,
        )  # fmt: skip
        found = self.env.execute_query(query)
        return found and found[0][0]
