"""The lines of a payout's entry, and what each is reconciled with."""

from odoo import api, models
from odoo.tools import SQL

from .payout_post import ACCOUNTS

OPEN_INVOICES = """
    SELECT DISTINCT line.order_id, term.id
      FROM sale_order_line line
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
      JOIN account_move_line invoiced ON invoiced.id = rel.invoice_line_id
      JOIN account_move_line term ON term.move_id = invoiced.move_id AND term.display_type = 'payment_term'
       AND term.reconciled IS NOT TRUE AND term.parent_state = 'posted'
      JOIN account_move move ON move.id = term.move_id AND move.move_type IN ('out_invoice', 'out_refund')
     WHERE line.order_id = ANY(%s)
     ORDER BY 1, 2
"""
# What was captured in parts or given back stands in transactions of their own below the one of the order.
OPEN_PAYMENTS = """
    SELECT DISTINCT rel.sale_order_id, money.id
      FROM sale_order_transaction_rel rel
      JOIN payment_transaction paid ON paid.id = rel.transaction_id OR paid.source_transaction_id = rel.transaction_id
      JOIN account_payment payment ON payment.id = paid.payment_id
      JOIN account_move_line money ON money.move_id = payment.move_id
       AND money.account_id = payment.outstanding_account_id
       AND money.reconciled IS NOT TRUE AND money.parent_state = 'posted'
      JOIN account_account account ON account.id = money.account_id AND account.reconcile
     WHERE rel.sale_order_id = ANY(%s)
     ORDER BY 1, 2
"""


class DropshipPayoutBooking(models.AbstractModel):
    """Turns the sums of a payout into journal items. A plain helper: `_of(payout)` gives it, nothing is stored."""

    _name = "dropship.payout.booking"
    _description = "Entry of a Payout"

    @api.model
    def _of(self, payout):
        return Booking(payout)

    @api.model
    def _open_invoices(self, order_ids):
        """{order id: receivable lines of its posted invoices and credit notes that are not paid}"""
        return self._lines_by_order(OPEN_INVOICES, order_ids)

    @api.model
    def _open_payments(self, order_ids):
        """{order id: money of its online payments that no bank has seen}"""
        return self._lines_by_order(OPEN_PAYMENTS, order_ids)

    def _lines_by_order(self, query, order_ids):
        self.env.flush_all()
        found, rows = {}, self.env.execute_query(SQL(query, list(order_ids)))
        lines = self.env["account.move.line"]
        lines.browse([line_id for _order, line_id in rows]).fetch(
            ["account_id", "partner_id", "currency_id", "balance", "amount_residual", "amount_residual_currency",
             "move_id"]
        )  # fmt: skip
        for order_id, line_id in rows:
            found[order_id] = found.get(order_id, lines) | lines.browse(line_id)
        return found


class Booking:
    """
    :ivar lines: values of the journal items
    """

    def __init__(self, payout):
        self.payout, self.env = payout, payout.env
        self.terms = payout.terms_id._ready()
        self.company, self.currency = payout.company_id, payout.currency_id
        self.home = self.company.currency_id
        self.rate = 1.0
        if self.currency != self.home:
            self.rate = self.env["res.currency"]._get_conversion_rate(
                self.currency, self.home, self.company, payout.date
            )
        self.lines, self.rates, self.taken = [], {}, {}

    def add(self, sums):
        """Journal items for [(bucket, kind of fee, order id, amount)]; together they are nothing."""
        orders = self.env["sale.order"].browse({order_id for _bucket, _fee, order_id, _amount in sums if order_id})
        orders.fetch(["name", "partner_invoice_id", "currency_id", "amount_total"])
        helper = self.env["dropship.payout.booking"]
        self.invoices = helper._open_invoices(orders.ids)
        self.payments = helper._open_payments(orders.ids)
        kinds = dict(self.env["dropship.payout.line"]._fields["kind"]._description_selection(self.env))
        fees = dict(self.env["dropship.payout.line"]._fields["fee_kind"]._description_selection(self.env))
        for bucket, fee, order_id, amount in sums:
            if order_id:
                self._customer(bucket, self.env["sale.order"].browse(order_id), amount, kinds)
            else:
                self._plain(bucket, fee, amount, kinds, fees)
        self._say_rates()
        self._close()

    def _plain(self, bucket, fee, amount, kinds, fees):
        if bucket == "fee":
            account, name = self.terms._fee_account(fee or "other"), fees[fee or "other"]
        else:
            account = self.terms[ACCOUNTS[bucket]]
            name = self._names().get(bucket) or kinds[bucket]
        self._line(bucket, account, f"{self.payout.name} · {name}", amount)

    def _names(self):
        return {
            "apart": self.env._("Rows without order"),
            "reserve": self.env._("Reserve"),
            "rest": self.env._("Stays in the account there"),
            "transfer": self.env._("Transferred to the bank"),
        }

    def _line(self, bucket, account, name, amount, **vals):
        """An item for an amount as the seller sees it: what he gets is credited on the other side."""
        self.lines.append(
            {
                "name": name,
                "account_id": account.id,
                "currency_id": self.currency.id,
                "amount_currency": -amount,
                "balance": -self.home.round(amount * self.rate),
                "dropship_payout_bucket": bucket,
                **vals,
            }
        )

    def _customer(self, bucket, order, amount, kinds):
        """What an order's customer paid or got back, on the account its invoices or its online payment stand on."""
        paid = self.taken[bucket, order.id] = self._money_of(order, bucket, amount)
        mine = self._terms_of(order, bucket, amount)
        partner = order.partner_invoice_id.commercial_partner_id.with_company(self.company)
        account = paid.account_id or mine.account_id[:1] or partner.property_account_receivable_id
        vals = {
            "partner_id": (paid or mine)[:1].partner_id.id or partner.id,
            "dropship_payout_order_id": order.id,
        }
        vals |= self._in_order_currency(order, mine, bucket, amount, paid)
        self._line(bucket, account, f"{self.payout.name} · {order.name} · {kinds[bucket]}", amount, **vals)

    def _terms_of(self, order, bucket, amount):
        """Open receivable lines on the other side of the amount."""
        found = self.invoices.get(order.id, self.env["account.move.line"])
        return found.filtered(lambda line: (line.balance > 0) == (amount > 0))

    def _money_of(self, order, bucket, amount):
        """The open money of online payments of exactly this amount: of one, or of all together."""
        found = self.payments.get(order.id, self.env["account.move.line"]).filtered(
            lambda line: (
                bucket in ("sale", "refund")
                and line.currency_id == self.currency
                and (line.amount_residual_currency > 0) == (amount > 0)
            )
        )
        same = [line for line in found if not self._differs(line, amount)]
        if same:
            return same[0]
        one_account = len(found.account_id) == 1
        return found if one_account and not self._differs(found, amount) else found.browse()

    def _differs(self, lines, amount):
        return self.currency.compare_amounts(sum(lines.mapped("amount_residual_currency")), amount)

    def _in_order_currency(self, order, mine, bucket, amount, paid):
        """What an order in another currency counts as paid: all of it, when what arrived is near it at our rate."""
        theirs = mine.currency_id[:1] or order.currency_id
        if theirs == self.currency or paid:
            return {}
        value = self.home.round(amount * self.rate)
        there = self.currency._convert(amount, theirs, self.company, self.payout.date)
        whole = sum(mine.mapped("amount_residual_currency")) if mine else order.amount_total
        if bucket != "sale" and not mine:
            whole = there
        near = whole and abs(there - whole) <= abs(whole) * self.terms.rate_tolerance / 100
        if near:
            self._note_rate(order, theirs, whole - there, amount)
            there = whole
        if theirs == self.home:
            # The invoice is in our own currency: what the channel's rate made of it is an exchange difference.
            value = there if near else value
            there = value
        return {"currency_id": theirs.id, "amount_currency": -there, "balance": -value}

    def _note_rate(self, order, currency, difference, amount):
        """Keep for `_say_rates` that the channel's rate of an order is not ours."""
        if not currency.is_zero(difference):
            figures = {"order": order.name, "amount": self.currency.format(amount),
                       "difference": currency.format(difference)}  # fmt: skip
            self.rates[order.id] = [["payout_rate", figures]]

    def _say_rates(self):
        """Say on the first sale of each order whose rate is not ours that it is so."""
        if not self.rates:
            return
        lines = self.env["dropship.payout.line"].search_fetch(
            [("payout_id", "=", self.payout.id), ("order_id", "in", list(self.rates)), ("kind", "=", "sale"),
             ("reasons", "=", False)],
            ["order_id"], order="line, id",
        )  # fmt: skip
        for order, mine in lines.grouped("order_id").items():
            mine[:1].reasons = self.rates[order.id]

    def _close(self):
        """What rates and rounding leave is an exchange difference, on the accounts of core's own."""
        left = -self.home.round(sum(line["balance"] for line in self.lines))
        if not left:
            return
        company = self.company
        account = (
            company.expense_currency_exchange_account_id if left > 0 else company.income_currency_exchange_account_id
        ) or self.terms.adjustment_account_id
        self.lines.append(
            {
                "name": f"{self.payout.name} · {self.env._('Exchange difference')}",
                "account_id": account.id,
                "currency_id": self.home.id,
                "amount_currency": left,
                "balance": left,
                "dropship_payout_bucket": "exchange",
            }
        )

    def reconcile(self, move):
        """Payments with the invoices and online payments they are for."""
        rows = move.line_ids.filtered("dropship_payout_order_id")
        paid = [(row, self.taken[row.dropship_payout_bucket, row.dropship_payout_order_id.id]) for row in rows]
        plan = [row | lines for row, lines in paid if lines]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
        rows.dropship_payout_order_id._dropship_reconcile_payouts()
