import logging
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..remedy import spread

_logger = logging.getLogger(__name__)


class DropshipCustomerRefund(models.Model):
    """Money that goes back for an answer: once per question, line and payment, never above what was paid.

    The request to the payment service is made outside the transaction of the answer. Whatever is not known for sure –
    the process ended between asking the service and hearing from it – is left to a person and never sent again.
    """

    _name = "dropship.customer.refund"
    _description = "Money Back to a Customer"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    _transitions = frozenset(
        {
            ("planned", "sending"),
            ("planned", "person"),
            ("sending", "sent"),
            ("sending", "person"),
            ("person", "done"),
        }
    )

    question_id = fields.Many2one("dropship.customer.question", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("sale.order.line", string="Order Line", ondelete="set null", index="btree_not_null")
    line_key = fields.Integer(required=True, help="The line once and for all; 0: the whole order.")
    split = fields.Integer(default=0, required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)
    way = fields.Selection(
        [("refund", "By the payment service"), ("void", "Release the authorisation"), ("person", "By a person")],
        required=True,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("person", "A person pays"),
            ("done", "Paid"),
        ],
        default="planned",
        required=True,
        index=True,
    )
    transaction_id = fields.Many2one("payment.transaction", string="Payment", ondelete="restrict")
    refund_transaction_id = fields.Many2one("payment.transaction", string="Refund", ondelete="restrict")
    note = fields.Char(help="Why a person has to pay.")

    _once = models.Constraint("UNIQUE (question_id, line_key, split)", "This money goes back already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "Money back is more than nothing.")

    @api.model
    def _owe(self, question, amounts, everything=False):
        """Plan the money back of an answer.

        :param dict amounts: {line id as text, or '' for the whole order: amount}
        :param bool everything: nothing of the order stays, so authorisations are released
        """
        order = question.order_id
        sources, authorised = self._sources(order), self._authorised(order)
        vals_list = []
        for key, amount in amounts.items():
            left = Decimal(str(amount))
            if everything:
                for transaction in authorised:
                    left -= Decimal(str(transaction.amount))
                    vals_list.append(self._vals(question, key, transaction.amount, "void", transaction))
            parts, rest = spread(left, [(tx, Decimal(str(free)), whole) for tx, (free, whole) in sources.items()])
            for transaction, part in parts:
                free, whole = sources[transaction]
                sources[transaction] = (free - float(part), whole)
                vals_list.append(self._vals(question, key, part, "refund", transaction))
            if rest > 0:
                vals_list.append(self._vals(question, key, rest, "person"))
        return self._plan(vals_list)

    @api.model
    def _plan(self, vals_list):
        """Write down the parts of one sum; what no payment service can give back is a person's."""
        for number, vals in enumerate(vals_list):
            vals["split"] = number
        with self._first_come():
            rows = self.create(vals_list)
        rows.filtered(lambda row: row.way == "person")._leave_to_person(
            self.env._("No payment service can give it back.")
        )
        if rows.filtered(lambda row: row.state == "planned"):
            self.env.ref("dropship_flow.cron_customer_refunds")._trigger()
        return rows

    @api.model
    def _vals(self, question, key, amount, way, transaction=None):
        return {
            "question_id": question.id,
            "order_id": question.order_id.id,
            "line_id": int(key) if key else False,
            "line_key": int(key) if key else 0,
            "company_id": question.company_id.id,
            "currency_id": question.currency_id.id,
            "amount": float(amount),
            "way": way,
            "transaction_id": transaction.id if transaction else False,
        }

    @api.model
    def _sources(self, order):
        """The payments that can give money back: {payment.transaction: (available, all or nothing)}."""
        planned = self.search([("order_id", "=", order.id), ("state", "in", ("planned", "sending"))])
        result = {}
        for transaction in order.transaction_ids.filtered(lambda tx: tx.state == "done" and tx.amount > 0):
            method = transaction.payment_method_id
            support = {
                transaction.provider_id.support_refund or "none",
                (method.primary_payment_method_id or method).support_refund or "none",
            }
            if "none" in support or transaction.provider_id.state == "disabled":
                continue
            if transaction.currency_id != order.currency_id or len(transaction.sale_order_ids) != 1:
                continue  # a payment of several orders is taken apart by a person
            mine = planned.filtered(lambda row, tx=transaction: row.transaction_id == tx)
            result[transaction] = (
                transaction._dropship_available() - sum(mine.mapped("amount")),
                "full_only" in support,
            )
        return result

    @api.model
    def _authorised(self, order):
        return order.transaction_ids.filtered(lambda tx: tx.state == "authorized" and len(tx.sale_order_ids) == 1)

    # --- sending ---

    @api.model
    def _cron_send(self, limit=50):
        """Ask the payment services, one row at a time. Each row is claimed and committed before its request."""
        rows = self.search([("state", "=", "planned")], order="id", limit=limit)
        for row in rows:
            if row._claim():
                self.env["ir.cron"]._commit_progress()
                row._send()
                self.env["ir.cron"]._commit_progress(1)
        an_hour_ago = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        lost = self.search([("state", "=", "sending"), ("write_date", "<", an_hour_ago)])
        lost._leave_to_person(
            self.env._("Sending was interrupted. Before paying, look at the payment service whether it went back.")
        )

    def _claim(self):
        """Whether this process may send the row: nobody else has it, and the payment still holds the money."""
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "planned":
            return False
        free = self.transaction_id.amount if self.way == "void" else self.transaction_id._dropship_available()
        if self.transaction_id.currency_id.compare_amounts(self._amount_asked(), free) > 0:
            self._leave_to_person(self.env._("The payment was given back by somebody else meanwhile."))
            return False
        self._set_state("sending")
        return True

    def _amount_asked(self):
        """The amount in the currency of the payment."""
        return self.amount

    def _send(self):
        """Ask the payment service. An unclear end is never repeated."""
        self.ensure_one()
        transaction_sudo = self.transaction_id.sudo().with_context(payment_backend_action=True)
        try:
            with self.env.cr.savepoint():
                if self.way == "void":
                    answer = transaction_sudo._void() or transaction_sudo
                else:
                    answer = transaction_sudo._refund(amount_to_refund=self._amount_asked())
            note = ""
            if answer.state == "error":
                note = answer.state_message or self.env._("The payment service refused.")
            self.refund_transaction_id = answer if answer != self.transaction_id else False
        except Exception as error:  # whatever the service says, other customers get their money
            _logger.exception("Refund %s failed", self.id)
            note = f"{type(error).__name__}: {error}"
        if note:
            self._leave_to_person(note)
        else:
            self._set_state("sent")

    def _leave_to_person(self, note):
        """The accountant gets an activity with the amount."""
        for row in self:
            row._set_state("person", note=note)
            row.order_id._dropship_call_accountant(
                self.env._("Pay back %s", row.currency_id.format(row.amount)),
                self.env._(
                    "The customer gets %(amount)s back for %(order)s. %(note)s",
                    amount=row.currency_id.format(row.amount),
                    order=row.line_id.product_id.display_name or row.order_id.name,
                    note=note or "",
                ),
            )

    def action_paid(self):
        """A person paid it back."""
        self.env["dropship.customer.question"]._check_desk()
        self.check_access("read")
        rows_sudo = self.sudo()
        if rows_sudo.filtered(lambda row: row.state not in ("person", "done")):
            raise UserError(self.env._("The payment service gives this money back; nobody has to pay it."))
        rows_sudo._set_state("done")
        return True


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _dropship_available(self):
        """What of a payment was not given back yet; refunds under way count as given."""
        self.ensure_one()
        refunds = self.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state not in ("cancel", "error")
        )
        return self.amount + sum(refunds.mapped("amount"))


class DropshipCustomerQuestion(models.Model):
    _inherit = "dropship.customer.question"

    def _pay_back(self, amounts, everything=False):
        """Plan the money back of the answer; amounts of nothing are left out."""
        self.ensure_one()
        amounts = {key: amount for key, amount in amounts.items() if amount > 0}
        if amounts:
            self.env["dropship.customer.refund"]._owe(self, amounts, everything)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_deduct(self, factor):
        """Discounts and coupons shrink with the goods. Billed ones are corrected by a line of their own.

        :return: the lines added
        """
        added = self.browse()
        for line in self.order_id._dropship_deductions():
            if line.currency_id.is_zero(line.price_unit * (1 - factor)):
                continue
            if line.qty_invoiced:
                added |= self.create(
                    {
                        **line.copy_data()[0],
                        "order_id": line.order_id.id,
                        "price_unit": -line.price_unit * (1 - factor),
                        "product_uom_qty": line.product_uom_qty,
                        "name": self.env._("%s: share of the goods taken off", line.name),
                    }
                )
            else:
                line.price_unit *= factor
        return added


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_can_stop(self):
        """Whether the whole order can still be cancelled: no supplier has a part of it, nothing has left."""
        self.ensure_one()
        rows = self.dropship_allocation_ids
        bought = rows.filtered(lambda row: row.offer_id and row.state in ("submitted", "accepted", "shipped"))
        core = (self.order_line.purchase_line_ids - rows.purchase_line_id).order_id
        return not (
            bought
            or any(row.qty_shipped for row in rows)
            or any(line.qty_delivered for line in self._dropship_goods())
            or core.filtered(lambda purchase: purchase.state in ("sent", "purchase"))
        )

    def _dropship_stop(self, question):
        """Cancel the order as the desk does, with a reason where reasons are kept."""
        self.ensure_one()
        if hasattr(self, "_dropship_cancel"):
            domain = [("company_id", "in", (False, self.company_id.id)), ("code", "in", ("no_source", "out_of_stock"))]
            reason = self.env["dropship.cancel.reason"].search(domain, limit=1)
            if reason:
                self._dropship_cancel(reason, note=question.display_name)
                return
        self._action_cancel()

    def _dropship_credit(self, lowered, added):
        """A draft credit note for what was billed and is not delivered; the accountant looks at it.

        :param lowered: lines whose quantity went down
        :param added: lines that came instead; they belong on the same paper
        """
        self.ensure_one()
        over = lowered.filtered(
            lambda line: line.qty_invoiced > line.product_uom_qty
            and "posted" in line.invoice_lines.move_id.mapped("state")
        )
        if not over:
            return
        vals = self._prepare_invoice()
        lines = [line._prepare_invoice_line(quantity=line.qty_invoiced - line.product_uom_qty) for line in over]
        lines += [line._prepare_invoice_line(quantity=-line.product_uom_qty) for line in added]
        vals |= {"move_type": "out_refund", "invoice_line_ids": [Command.create(line) for line in lines]}
        self._dropship_review(self.env["account.move"].with_company(self.company_id).create(vals))

    def _dropship_credit_all(self):
        """Draft credit notes for every bill of the order."""
        self.ensure_one()
        bills = self.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        open_bills = bills.filtered(lambda move: not move.reversal_move_ids)
        if open_bills:
            self._dropship_review(
                open_bills.with_company(self.company_id)._reverse_moves(
                    [{"ref": self.name, "invoice_origin": self.name} for _bill in open_bills]
                )
            )

    def _dropship_review(self, credit_notes):
        self._dropship_call_accountant(
            self.env._("Check a credit note"),
            self.env._(
                "A draft credit note of %(amount)s was made for goods nobody can deliver. Check and post it.",
                amount=self.currency_id.format(sum(credit_notes.mapped("amount_total"))),
            ),
        )

    def _dropship_call_accountant(self, summary, note):
        """An activity on the order for somebody who handles money in the order's company."""
        self.ensure_one()
        users = self.env.ref("account.group_account_invoice").all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share and user.active
        )
        # Accountants first; owners and administrators have the right as well.
        user = users.sorted(lambda user: (user.has_group("dropship_flow.group_dropship_user"), user.id))[:1]
        user = user or self.user_id or self.env.ref("base.user_admin")
        self.activity_schedule("dropship_flow.activity_pay_back", summary=summary, note=note, user_id=user.id)
