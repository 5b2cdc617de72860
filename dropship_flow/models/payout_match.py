"""Whose orders the rows of payouts are about: looked for in a few statements for all rows at once."""

from odoo import api, models
from odoo.tools import SQL

from ..payout_files.kinds import CUSTOMER

# Where a number is looked for, the surest first. Each gives (row, order, rank).
WAYS = """
    SELECT line.id AS line_id, found.id AS order_id, 1 AS rank
      FROM wanted line JOIN sale_order found
        ON found.dropship_channel_id = line.channel_id AND found.client_order_ref = line.order_ref
       AND found.company_id = line.company_id
    UNION ALL
    SELECT line.id, found.id, 2 FROM wanted line JOIN sale_order found
        ON found.dropship_channel_id = line.channel_id AND found.client_order_ref = line.other_ref
       AND found.company_id = line.company_id
    UNION ALL
    SELECT line.id, found.id, 3 FROM wanted line JOIN sale_order found
        ON found.name = line.order_ref AND found.company_id = line.company_id
    UNION ALL
    SELECT line.id, found.id, 4 FROM wanted line
     CROSS JOIN LATERAL (VALUES (line.transaction_ref), (line.entry), (line.order_ref)) AS told (ref)
      JOIN payment_transaction paid ON paid.provider_reference = told.ref AND paid.company_id = line.company_id
      JOIN sale_order_transaction_rel rel ON rel.transaction_id IN (paid.id, paid.source_transaction_id)
      JOIN sale_order found ON found.id = rel.sale_order_id
    UNION ALL
    SELECT line.id, found.id, 5 FROM wanted line
     CROSS JOIN LATERAL (VALUES (line.order_ref), (line.transaction_ref)) AS told (ref)
      JOIN payment_transaction paid ON paid.reference = told.ref AND paid.company_id = line.company_id
      JOIN sale_order_transaction_rel rel ON rel.transaction_id IN (paid.id, paid.source_transaction_id)
      JOIN sale_order found ON found.id = rel.sale_order_id
    UNION ALL
    SELECT line.id, found.id, 6 FROM wanted line JOIN sale_order found
        ON found.dropship_channel_id = line.channel_id AND found.dropship_paid_reference = line.transaction_ref
       AND found.company_id = line.company_id
    UNION ALL
    SELECT line.id, other.order_id, 7 FROM wanted line JOIN dropship_payout_line other
        ON other.terms_id = line.terms_id AND other.entry = line.transaction_ref AND other.order_id IS NOT NULL
"""


class DropshipPayout(models.Model):
    _inherit = "dropship.payout"

    def _match(self, only_open=False):
        """Find the orders of rows that have none, say what is left, and settle the payouts.

        :param only_open: rows that have their order, or need none, stay as they are with what was said of them
        """
        if not self:
            return
        self._find_orders()
        self._find_orders()  # a refund may name only the payment another row was matched by
        changed = self._say_states(only_open)
        orders = changed if only_open else self.line_ids.order_id
        self._say_back_twice(orders)
        self._settle()
        for payout in self.filtered(lambda payout: payout.state == "posted"):
            self.env["dropship.payment.fee"]._take_payout(payout)  # a fee that found its order is a fact of it
        orders._dropship_payout_refresh()

    def _find_orders(self):
        lines = self.env["dropship.payout.line"]
        lines.flush_model()
        self.env["sale.order"].flush_model(["name", "client_order_ref", "dropship_channel_id", "company_id",
                                            "dropship_paid_reference"])  # fmt: skip
        self.env["payment.transaction"].flush_model(
            ["reference", "provider_reference", "company_id", "source_transaction_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, company_id, channel_id, terms_id, order_ref, transaction_ref, entry
                  FROM dropship_payout_line
                 WHERE payout_id = ANY(%s) AND order_id IS NULL AND state <> 'known' AND kind <> 'transfer'
                   AND COALESCE(order_ref, transaction_ref, entry) IS NOT NULL
                """,
                self.ids,
            )
        )
        if not rows:
            return
        # Given as arrays: the database knows how many there are, though the rows were written a moment ago. Without
        # that it goes through all orders once for each row.
        ids, companies, channels, terms, orders, transactions, entries = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                WITH wanted AS MATERIALIZED (
                    SELECT id, company_id, channel_id, terms_id, order_ref, transaction_ref, entry,
                           CASE WHEN left(order_ref, 1) = '#' THEN substr(order_ref, 2) ELSE '#' || order_ref END
                               AS other_ref
                      FROM unnest(%s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::varchar[],
                                  %s::varchar[], %s::varchar[])
                        AS told (id, company_id, channel_id, terms_id, order_ref, transaction_ref, entry)
                ), found AS (
                    SELECT DISTINCT ON (line_id) line_id, order_id FROM (%s) way ORDER BY line_id, rank, order_id
                )
                UPDATE dropship_payout_line line SET order_id = found.order_id FROM found WHERE found.line_id = line.id
                """,
                ids, companies, channels, terms, orders, transactions, entries,
                SQL(WAYS),  # pylint: disable=sql-injection
            )
        )  # fmt: skip
        lines.invalidate_model(["order_id"])

    def _say_states(self, only_open=False):
        """The state of each row by what is known of it. One statement: rows are many.

        :return: the orders of the rows that are something else now
        """
        lines = self.env["dropship.payout.line"]
        lines.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH said AS (
                SELECT id,
                    CASE
                        WHEN kind = 'unknown' THEN 'unknown'
                        WHEN problems IS NOT NULL AND accepted IS NOT TRUE THEN 'unknown'
                        WHEN order_id IS NOT NULL THEN 'matched'
                        WHEN kind = ANY(%(customer)s) THEN 'unknown'
                        WHEN order_ref IS NOT NULL AND kind IN ('fee', 'tax_withheld') AND accepted IS NOT TRUE
                            THEN 'unknown'
                        ELSE 'general' END AS state,
                    CASE
                        WHEN kind = 'unknown' OR (problems IS NOT NULL AND accepted IS NOT TRUE) THEN problems
                        WHEN order_id IS NOT NULL THEN NULL
                        WHEN kind = ANY(%(customer)s) AND order_ref IS NULL THEN '[["payout_no_order", {}]]'::jsonb
                        WHEN order_ref IS NOT NULL AND (kind = ANY(%(customer)s)
                             OR (kind IN ('fee', 'tax_withheld') AND accepted IS NOT TRUE))
                            THEN jsonb_build_array(jsonb_build_array('payout_order_unknown',
                                                                     jsonb_build_object('number', order_ref)))
                        ELSE NULL END AS reasons
                  FROM dropship_payout_line
                 WHERE payout_id = ANY(%(payouts)s)
                   AND CASE WHEN %(only_open)s THEN state IN ('open', 'unknown')
                                  OR state = 'general' AND order_id IS NOT NULL  -- found just now
                            ELSE state <> 'known' END
                )
                UPDATE dropship_payout_line line SET state = said.state, reasons = said.reasons
                  FROM said
                 WHERE said.id = line.id AND (line.state, line.reasons) IS DISTINCT FROM (said.state, said.reasons)
                RETURNING line.order_id
                """,
                customer=sorted(CUSTOMER),
                payouts=self.ids,
                only_open=only_open,
            )
        )
        changed = {order_id for (order_id,) in self.env.cr.fetchall() if order_id}
        lines.invalidate_model(["state", "reasons"])
        return self.env["sale.order"].browse(sorted(changed))

    def _say_back_twice(self, orders):
        """Chargebacks of these orders that were refunded as well: more went back than was paid."""
        lines = self.env["dropship.payout.line"].search(
            [("payout_id", "in", self.ids), ("kind", "=", "chargeback"), ("order_id", "in", orders.ids)]
        )
        orders = lines.order_id
        if not orders:
            return
        sums = {}
        groups = lines._read_group(
            [("order_id", "in", orders.ids), ("state", "!=", "known")], ["order_id", "currency_id", "kind"],
            ["amount:sum"]
        )  # fmt: skip
        for order, currency, kind, amount in groups:
            mine = sums.setdefault((order, currency), [0.0, 0.0, 0.0])
            place = {"refund": 1, "chargeback": 2, "chargeback_won": 2}.get(kind, 0 if kind in CUSTOMER else None)
            if place is not None:
                mine[place] += amount
        for (order, currency), (paid, refunded, called) in sums.items():
            back = -(refunded + called)
            if refunded < 0 and called < 0 and currency.compare_amounts(back, paid) > 0:
                figures = {"order": order.name, "back": currency.format(back), "paid": currency.format(paid)}
                lines.filtered(
                    lambda line, order=order: line.order_id == order and line.state != "unknown"
                ).reasons = [["payout_back_twice", figures]]  # fmt: skip


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    _dropship_provider_reference_idx = models.Index("(provider_reference) WHERE provider_reference IS NOT NULL")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self):
        """Override: rows of payouts that waited for these orders find them."""
        result = super().action_confirm()
        confirmed = self.filtered(lambda order: order.state == "sale")
        confirmed.sudo()._dropship_match_payouts()
        return result

    def _dropship_match_payouts(self):
        refs = {ref for order in self for ref in (order.client_order_ref, order.name) if ref}
        refs |= {ref.removeprefix("#") for ref in refs} | {f"#{ref}" for ref in refs}
        if not refs:
            return
        waiting = self.env["dropship.payout.line"].search(
            [("company_id", "in", self.company_id.ids), ("order_ref", "in", sorted(refs)), ("state", "=", "unknown")]
        )
        waiting.payout_id._match(only_open=True)

    @api.model
    def _dropship_payout_cron(self):
        """Every night: rows that wait are looked for again, and what was booked apart is booked over."""
        waiting = self.env["dropship.payout.line"].search([("state", "=", "unknown")]).payout_id
        waiting._match(only_open=True)
        late = self.env["dropship.payout.line"].search([("apart", "=", True), ("state", "=", "matched")]).payout_id
        late._book_late()
