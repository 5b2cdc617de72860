from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Source(NamedTuple):
    """A source of facts. Its methods are named by `code`; `title` is for people."""

    code: str
    title: str


class DropshipProfitSource(models.AbstractModel):
    """Where the profit ledger learns whose a journal item is. Other addons add sources by extending this model.

    Every booked fact is a journal item of an account of the list (see `dropship.profit.account`), so the ledger ties to
    the general ledger whatever sources say: a source does not bring amounts, it claims items – or weighted shares of
    them – for orders. What nobody claims stays in the ledger as of no order.

    A source `x` of `_sources()` has two methods:

    `_changed_x(company, since)`
        SQL selecting ids of `account.move` whose claims may have changed since that moment (naive UTC; None: ever).
        Too many do no harm, moves and items written since then need not be named.
    `_claims_x(company)`
        a list of SQL, each selecting (line_id, order_id, order_line_id, supplier_id, channel_id, kind, stage, weight)
        from the temporary table `profit_line` of items that are looked at (its columns: `collector.LINES`). Items an
        earlier statement claimed are left out by the collector. An item is divided by weight, to the cent; weights may
        be negative (a discount in a price) or all nothing (then all count alike). order_id may be NULL: of no order,
        but of that kind, supplier or channel.

    An estimate `x` of `_estimates()` has `_expected_x(company)`: a list of SQL selecting (order_id, order_line_id,
    supplier_id, kind, stage, date, expected, amount, res_model, res_id, document) for orders of the temporary table
    `profit_order` (id, root_id: the order it stands for, mostly itself, zone: the company's), in its currency, signed
    as entries; `amount` is the part still to come.
    """

    _name = "dropship.profit.source"
    _description = "Source of Profit Facts"

    @api.model
    def _sources(self):
        """The sources, those first whose word counts most."""
        return [
            Source("invoices", self.env._("Customers' invoices and credit notes")),
            Source("bills", self.env._("Suppliers' bills and credit notes")),
            Source("payouts", self.env._("Fees of payouts and carriers")),
            Source("stock", self.env._("Cost of own stock")),
            Source("exchange", self.env._("Exchange differences, and what payments leave open")),
        ]

    @api.model
    def _estimates(self):
        return [
            Source("sales", self.env._("Confirmed orders")),
            Source("allocations", self.env._("Purchases and planned sourcing")),
        ]

    @api.model
    def _changed_moves(self, company, since):
        """{source: ids of account.move it wants looked at again}; since: {source: moment}."""
        found = {}
        for source in self._sources():
            query = getattr(self, f"_changed_{source.code}")(company, since.get(source.code))
            found[source.code] = [row[0] for row in self.env.execute_query(query)]
        return found

    @api.model
    def _claims(self, company):
        """[(source, SQL)] in the order in which they are asked."""
        return [
            (source.code, query)
            for source in self._sources()
            for query in getattr(self, f"_claims_{source.code}")(company)
        ]

    @api.model
    def _expected(self, company):
        return [
            query for source in self._estimates() for query in getattr(self, f"_expected_{source.code}")(company)
        ]  # fmt: skip

    @api.model
    def _changed_orders(self, company, since):
        """[SQL of ids of orders whose estimates may have changed since that moment, besides those of new documents]"""
        return [SQL("SELECT NULL::integer WHERE FALSE")]

    # --- what changed ---

    @api.model
    def _moves_of_orders(self, orders):
        """SQL of invoices and bills of the orders that `orders` (SQL of ids) selects."""
        return SQL(
            """
            SELECT item.move_id
              FROM sale_order_line sold
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
              JOIN account_move_line item ON item.id = rel.invoice_line_id
             WHERE sold.order_id IN (%(orders)s)
         UNION SELECT item.move_id
              FROM dropship_allocation part JOIN account_move_line item ON item.dropship_purchase_id = part.purchase_id
             WHERE part.order_id IN (%(orders)s)
         UNION SELECT entry.res_id FROM dropship_profit_entry entry
              JOIN dropship_profit_generation generation ON generation.id = entry.generation_id
             WHERE entry.order_id IN (%(orders)s) AND generation.state = 'live'
            """,
            orders=orders,
        )

    @api.model
    def _since_then(self, table, company, since):
        """SQL condition: rows of the table written since then."""
        name = SQL.identifier(table)
        if since is None:
            return SQL("%s.company_id = %s", name, company.id)
        return SQL("%(name)s.company_id = %(company)s AND %(name)s.write_date >= %(since)s",
                   name=name, company=company.id, since=since)  # fmt: skip

    @api.model
    def _changed_invoices(self, company, since):
        """Orders whose channel, campaign or place changed take their documents along."""
        orders = SQL("SELECT id FROM sale_order WHERE %s", self._since_then("sale_order", company, since))
        return self._moves_of_orders(orders)

    @api.model
    def _changed_bills(self, company, since):
        orders = SQL("SELECT order_id FROM dropship_allocation WHERE %s",
                     self._since_then("dropship_allocation", company, since))  # fmt: skip
        return self._moves_of_orders(orders)

    @api.model
    def _changed_payouts(self, company, since):
        """Entries of payouts of which a row changed: what it is, or whose order."""
        return SQL(
            """
            SELECT move.id
              FROM (SELECT payout_id FROM dropship_payout_line WHERE %(row)s
                     UNION SELECT row.payout_id FROM dropship_payment_fee
                             JOIN dropship_payout_line row ON row.id = dropship_payment_fee.payout_line_id
                            WHERE %(fee)s) changed
              JOIN account_move move ON move.dropship_payout_id = changed.payout_id
            """,
            row=self._since_then("dropship_payout_line", company, since),
            fee=self._since_then("dropship_payment_fee", company, since),
        )

    @api.model
    def _changed_stock(self, company, since):
        return SQL("SELECT NULL::integer WHERE FALSE")

    @api.model
    def _changed_exchange(self, company, since):
        """Entries that were reconciled since then. Those of documents that changed the collector finds itself."""
        when = SQL("TRUE") if since is None else SQL("partial.create_date >= %s", since)
        return SQL(
            """
            SELECT item.move_id FROM account_partial_reconcile partial
              JOIN account_move_line item ON item.id IN (partial.debit_move_id, partial.credit_move_id)
              JOIN account_move move ON move.id = item.move_id AND move.move_type = 'entry'
             WHERE partial.company_id = %s AND %s
            """,
            company.id,
            when,
        )
