"""What is known of a customer: orders, what came back, and whether somebody put him on the list."""

from odoo import api, models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.tools import SQL

from ...verdict import History

FREE = ("refund_only",)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _history_of(self, orders, case=None):
        """The customer of the orders so far, without the case: `verdict.History`."""
        order = orders[:1]
        person = order.partner_id.commercial_partner_id
        row = self.env.execute_query(self._history_query(person.id, order.company_id.id, case.id if case else 0))[0]
        bought, delivered, returns, back, free = (value or 0 for value in row)
        return History(
            orders=int(bought),
            returns=int(returns),
            free_refunds=int(free),
            rate=trimmed(100.0 * float(back) / float(delivered)) if delivered else trimmed(0.0),
            blocked=self._is_blocked(order),
        )

    @api.model
    def _history_query(self, partner_id, company_id, case_id):
        return SQL(
            """
            WITH people AS (SELECT id FROM res_partner WHERE commercial_partner_id = %(person)s),
                 sold AS (
                SELECT id FROM sale_order
                 WHERE partner_id IN (SELECT id FROM people) AND company_id = %(company)s AND state = 'sale'),
                 cases AS (
                SELECT id FROM dropship_return
                 WHERE partner_id IN (SELECT id FROM people) AND company_id = %(company)s AND id != %(case)s
                   AND acceptance NOT IN ('refused', 'cancelled'))
            SELECT (SELECT COUNT(*) FROM sold),
                   (SELECT SUM(line.qty_delivered) FROM sale_order_line line
                     WHERE line.order_id IN (SELECT id FROM sold) AND line.display_type IS NULL),
                   (SELECT COUNT(*) FROM cases),
                   (SELECT SUM(line.qty_accepted) FROM dropship_return_line line
                     WHERE line.return_id IN (SELECT id FROM cases) AND line.qty_back > 0),
                   (SELECT COUNT(*) FROM dropship_resolution
                     WHERE return_id IN (SELECT id FROM cases) AND kind = ANY(%(free)s) AND state = 'done')
            """,
            person=partner_id,
            company=company_id,
            case=case_id,
            free=list(FREE),
        )

    @api.model
    def _is_blocked(self, order):
        """Whether the blocklist knows the customer."""
        blocklist_sudo = self.env["dropship.blocklist"].sudo()  # whoever asks for a verdict need not read the list
        if not blocklist_sudo._is_used(order.company_id.id):
            return False
        keys = self.env["dropship.hold.rule"].sudo()._keys_of(order)
        return bool(blocklist_sudo._blocks_of({order: keys}, order.company_id).get(order))
