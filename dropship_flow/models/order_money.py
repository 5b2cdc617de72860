"""What of an order's money is where: invoiced, paid, refunded, open, and what carriers and channels still hand over."""

from decimal import Decimal

from odoo import api, fields, models

from ..collecting import Money, word_of
from .collection import MONEY
from .exact import decimal
from .reason_text import _lt

PAYMENT_STATES = [
    ("open", "Not Paid"),
    ("on_delivery", "On delivery"),
    ("authorised", "Authorised"),
    ("part", "Partly paid"),
    ("paid", "Paid"),
    ("partly_refunded", "Partly refunded"),
    ("refunded", "Refunded"),
]
CUSTOMER_PAYMENT = {
    "open": _lt("To be paid"),
    "on_delivery": _lt("Paid on delivery"),
    "authorised": _lt("Payment reserved"),
    "part": _lt("Partly paid"),
    "paid": _lt("Paid"),
    "partly_refunded": _lt("Partly refunded"),
    "refunded": _lt("Refunded"),
}
RECEIVABLE = "asset_receivable"
ZERO = Decimal(0)


def total(amounts):
    return sum((decimal(amount) for amount in amounts), ZERO)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_payment_state = fields.Selection(
        PAYMENT_STATES, string="Payment", compute="_compute_dropship_payment_state", store=True, copy=False,
        groups="base.group_user",
    )  # fmt: skip
    dropship_refund_ids = fields.One2many(
        "dropship.customer.refund", "order_id", string="Money Back", groups="dropship_flow.group_dropship_user"
    )
    dropship_money_invoiced = fields.Monetary(string="Invoiced", compute="_compute_dropship_money", groups=MONEY)
    dropship_money_paid = fields.Monetary(string="Paid", compute="_compute_dropship_money", groups=MONEY)
    dropship_money_authorised = fields.Monetary(string="Authorised", compute="_compute_dropship_money", groups=MONEY)
    dropship_money_refunded = fields.Monetary(string="Refunded", compute="_compute_dropship_money", groups=MONEY)
    dropship_money_open = fields.Monetary(
        string="Still Open", compute="_compute_dropship_money", groups=MONEY,
        help="What the customer still has to pay; below 0: what he has paid too much.",
    )  # fmt: skip
    dropship_payout_expected = fields.Monetary(
        string="Payout Expected", compute="_compute_dropship_money", groups=MONEY,
        help="What carriers and channels still hand over, less their fees.",
    )  # fmt: skip
    dropship_payout_received = fields.Monetary(
        string="Payout Received", compute="_compute_dropship_money", groups=MONEY
    )
    dropship_payment_fees = fields.Monetary(
        string="Payment Fees", compute="_compute_dropship_money", groups=MONEY,
        help="What carriers, payment services and channels kept.",
    )  # fmt: skip

    @api.depends(
        "state", "amount_total", "dropship_paid_state", "dropship_paid_amount", "dropship_collect",
        "dropship_collection_ids.state", "dropship_collection_ids.amount", "transaction_ids.state",
        "transaction_ids.amount", "transaction_ids.child_transaction_ids.state",
        "order_line.invoice_lines.move_id.state", "order_line.invoice_lines.move_id.amount_residual",
        "dropship_refund_ids.state", "dropship_refund_ids.way", "dropship_refund_ids.amount",
    )  # fmt: skip
    def _compute_dropship_payment_state(self):
        for order_sudo, money in self.sudo()._dropship_money().items():  # the word is the same for everybody
            known = order_sudo.state not in ("draft", "cancel") or money.paid
            word = word_of(money, decimal(order_sudo.currency_id.rounding or 0.01)) if known else ""
            order_sudo.dropship_payment_state = word or False

    def _compute_dropship_money(self):
        # Whoever may read the order's money need not read payments, payouts and journals one by one.
        orders_sudo = self.sudo()
        payouts = orders_sudo._dropship_payout_facts()
        for order_sudo, money in orders_sudo._dropship_money().items():
            order = order_sudo.with_env(self.env)
            expected, received, fees = payouts.get(order_sudo.id, (ZERO, ZERO, ZERO))
            order.dropship_money_invoiced = float(money.invoiced)
            order.dropship_money_paid = float(money.paid)
            order.dropship_money_authorised = float(money.authorised)
            order.dropship_money_refunded = float(money.refunded)
            order.dropship_money_open = float(money.open)
            order.dropship_payout_expected = float(expected)
            order.dropship_payout_received = float(received)
            order.dropship_payment_fees = float(fees)

    def _dropship_money(self):
        """{order: collecting.Money} from the documents; reads each kind of them once for all orders."""
        return {order: order._dropship_money_of() for order in self}

    def _dropship_money_of(self):
        self.ensure_one()
        invoiced, money_in, money_out, credited = self._dropship_invoice_money()
        captured, authorised = self._dropship_transaction_money()
        rows = self.dropship_collection_ids
        collected = total(row.received for row in rows if row.state == "remitted")
        collected += total(row.amount for row in rows if row.state == "delivered")
        refused = total(row.amount for row in rows if row.state == "refused")
        told = ZERO
        if self.dropship_paid_state == "paid" and not captured:
            told = decimal(self.dropship_paid_amount) or decimal(self.amount_total)
        whole, gross = decimal(self.amount_total), invoiced + credited
        owed = min(whole - refused, invoiced + max(whole - gross, ZERO)) if self.state != "cancel" else invoiced
        return Money(
            total=whole,
            owed=max(owed, ZERO),
            invoiced=invoiced,
            paid=max(captured + collected + told, money_in),
            authorised=authorised,
            refunded=max(self._dropship_refund_money(), money_out),
            collects=bool(self.dropship_collect),
        )

    def _dropship_invoice_money(self):
        """(invoiced less credited, paid on invoices, paid back on credit notes, credited), Decimal, order's currency.

        An invoice of several orders counts for each with its part of it.
        """
        invoiced = money_in = money_out = credited = ZERO
        for move, lines in self.order_line.invoice_lines.grouped("move_id").items():
            if move.state != "posted" or not move.amount_total:
                continue
            mine = sum(line.price_total for line in lines if line.sale_line_ids.order_id == self)
            part = mine / move.amount_total
            settled = move.amount_total - move.amount_residual
            netted = move._dropship_netted() if settled else 0.0
            amount = decimal(self._dropship_here(mine, move))
            paid = decimal(self.currency_id.round(self._dropship_here((settled - netted) * part, move)))
            if move.move_type == "out_invoice":
                invoiced, money_in = invoiced + amount, money_in + paid
            elif move.move_type == "out_refund":
                invoiced, money_out, credited = invoiced - amount, money_out + paid, credited + amount
        return invoiced, money_in, money_out, credited

    def _dropship_here(self, amount, document):
        """An amount of a document in the order's currency."""
        if document.currency_id == self.currency_id:
            return amount
        day = document.invoice_date or self.date_order or fields.Date.today()
        return document.currency_id._convert(amount, self.currency_id, self.company_id, day)

    def _dropship_transaction_money(self):
        """(captured, only authorised) of payments by card and the like; of one for several orders this one's part."""
        captured = authorised = ZERO
        for row in self.transaction_ids:
            if row.operation in ("refund", "validation") or row.provider_id.custom_mode == "cash_on_delivery":
                continue
            if row.source_transaction_id:
                continue  # counted with its source
            orders = row.sale_order_ids
            part = 1.0
            if len(orders) > 1 and sum(orders.mapped("amount_total")):
                part = self.amount_total / sum(orders.mapped("amount_total"))
            parts = row.child_transaction_ids.filtered(lambda child, row=row: child.operation == row.operation)
            done = sum(child.amount for child in parts if child.state == "done")
            gone = sum(child.amount for child in parts if child.state == "cancel")
            if row.state == "done":
                captured += self._dropship_part(row, (row.amount - gone) * part)
            elif row.state == "authorized":
                captured += self._dropship_part(row, done * part)
                authorised += self._dropship_part(row, (row.amount - done - gone) * part)
        return captured, authorised

    def _dropship_part(self, transaction, amount):
        if transaction.currency_id != self.currency_id:
            amount = transaction.currency_id._convert(
                amount, self.currency_id, self.company_id, transaction.create_date or fields.Date.today()
            )
        return decimal(self.currency_id.round(amount))

    def _dropship_refund_money(self):
        """What went back by payment services and by people."""
        rows = self.dropship_refund_ids
        backed = self.transaction_ids.child_transaction_ids.filtered(
            lambda row: row.operation == "refund" and row.state == "done"
        )
        by_rows = rows.filtered(lambda row: row.way != "void" and row.state in ("sent", "done"))
        others = backed - rows.refund_transaction_id
        return total(by_rows.mapped("amount")) + total(-row.amount for row in others)

    def _dropship_payout_facts(self):
        """What carriers and channels hand over: {order id: (still expected, received, fees)}, order's currency.

        Here: cash on delivery, and what channels say they were paid, less the fees they told or their schedule. The
        part that reads payouts extends it: what it knows of an order replaces what was only expected.
        """
        result = {}
        for order in self:
            rows = order.dropship_collection_ids
            expected = total(rows.mapped("expected")) + total(row.amount for row in rows if row.state == "planned")
            came = rows.filtered(lambda row: row.state == "remitted")
            fees = total(came.mapped("fee"))
            received = total(came.mapped("received")) - fees
            if order.dropship_paid_state == "paid" and order.dropship_channel_id and order.state == "sale":
                paid = decimal(order.dropship_paid_amount) or decimal(order.amount_total)
                kept = order._dropship_channel_keeps()
                expected, fees = expected + paid + decimal(order.dropship_subsidy) - kept, fees + kept
            if expected or received or fees:
                result[order.id] = (expected, received, fees)
        return result

    def _dropship_channel_keeps(self):
        """The fees of the order's channel: as told, else by its schedule."""
        percent, fixed = self.dropship_channel_id._fee_terms(self)
        paid = decimal(self.dropship_paid_amount) or decimal(self.amount_total)
        kept = paid * percent / 100 + fixed * decimal(self.currency_rate or 1.0)
        return decimal(self.currency_id.round(float(kept)))

    def _dropship_payment_word(self):
        """The payment in the customer's words; empty where there is nothing to say."""
        self.ensure_one()
        word = CUSTOMER_PAYMENT.get(self.sudo().dropship_payment_state)  # the customer's own order, his word only
        return self.env._(word) if word else ""

    # --- the documents behind the figures ---

    def action_dropship_money_invoices(self):
        return self.action_view_invoice()

    def action_dropship_money_payments(self):
        """The payments of the order: by payment services, and those posted on its invoices."""
        self.ensure_one()
        self.check_access("read")
        if self.env["payment.transaction"].has_access("read") and self.transaction_ids:
            rows = self.transaction_ids | self.transaction_ids.child_transaction_ids
            return self._dropship_list("payment.transaction", rows, self.env._("Payments"))
        payments = self.invoice_ids.matched_payment_ids | self.dropship_collection_ids.payment_id
        return self._dropship_list("account.payment", payments, self.env._("Payments"))

    def action_dropship_money_refunds(self):
        self.ensure_one()
        notes = self.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        return self._dropship_list("account.move", notes, self.env._("Refunds"))

    def action_dropship_money_collections(self):
        self.ensure_one()
        return self._dropship_list("dropship.collection", self.dropship_collection_ids, self.env._("Cash on Delivery"))

    def _dropship_list(self, model, records, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_netted(self):
        """How much of a customer document was settled against an opposite one of his: no money moved there."""
        self.ensure_one()
        other = {"out_invoice": "out_refund", "out_refund": "out_invoice"}.get(self.move_type)
        netted = 0.0
        for line in self.line_ids.filtered(lambda line: line.account_id.account_type == RECEIVABLE):
            for partial in line.matched_credit_ids:
                if partial.credit_move_id.move_id.move_type == other:
                    netted += partial.debit_amount_currency
            for partial in line.matched_debit_ids:
                if partial.debit_move_id.move_id.move_type == other:
                    netted += partial.credit_amount_currency
        return netted
