"""Which pieces of sold lines are in other cases, or were settled by them."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...verdict.rows import UNDELIVERED

# What a resolution leaves nobody to ask for again: the piece is back, or its worth is.
SETTLED = ("return", "exchange", "credit", "replacement", "refund_only")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _busy(self, lines, but=None):
        """What open cases are about, by where it was when they were opened: {line id: {back, cancel, intercept}}.

        :param but: a case that does not count
        """
        found = defaultdict(lambda: dict.fromkeys(("back", "cancel", "intercept"), 0.0))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.order_line_id, line.qty, line.offers, ARRAY(
                           SELECT kind FROM dropship_resolution WHERE return_id = owner.id AND state = 'done')
                  FROM dropship_return_line line
                  JOIN dropship_return owner ON owner.id = line.return_id
                 WHERE line.order_line_id = ANY(%s) AND owner.state = 'open' AND owner.id != %s
                   AND owner.acceptance NOT IN ('refused', 'cancelled')
                """,
                lines.ids,
                but.id if but else 0,
            )
        )
        for line, qty, offers, done in rows:
            for offer in offers or ():
                if offer["kind"] in UNDELIVERED:
                    qty -= float(offer["qty"])
                    if offer["kind"] not in done:  # what was cancelled is not waiting any more
                        found[line][offer["kind"]] += float(offer["qty"])
            found[line]["back"] += max(qty, 0.0)
        return found

    @api.model
    def _settled(self, lines, but=None):
        """How many pieces closed cases and refunds leave nobody to ask for: {line id: quantity}.

        :param but: a case that does not count
        """
        found = defaultdict(float)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.order_line_id, SUM((pair ->> 1)::numeric)
                  FROM dropship_return_line line
                  JOIN dropship_return owner ON owner.id = line.return_id AND owner.state = 'closed'
                  JOIN dropship_resolution resolution ON resolution.return_id = owner.id
                  JOIN dropship_return_event event ON event.id = resolution.event_id
            CROSS JOIN LATERAL jsonb_array_elements(event.offer -> 'lines') pair
                 WHERE line.order_line_id = ANY(%s) AND (pair ->> 0)::int = line.id
                   AND resolution.kind = ANY(%s) AND resolution.state != 'cancelled' AND owner.id != %s
              GROUP BY 1
                """,
                lines.ids,
                list(SETTLED),
                but.id if but else 0,
            )
        )
        for line, qty in rows:
            found[line] = float(qty)
        for line, qty in self._settled_elsewhere(lines).items():
            found[line.id] += qty
        return found

    @api.model
    def _settled_elsewhere(self, lines):
        """Hook: pieces that were refunded without a case: {sale.order.line: quantity}."""
        return {}
