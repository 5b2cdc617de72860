import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import float_round
from psycopg2 import OperationalError

from ..papers import may_move, price_changes
from .reason_text import FLOW_REASONS, _lt
from .state_mixin import lock_written

_logger = logging.getLogger(__name__)

SAFE = (OperationalError, ConcurrencyError)
PAYMENT_WAYS = [("account", "On account"), ("pay_to_ship", "Paid before it ships"), ("wallet", "Prepaid balance")]
PAY_STATES = [
    ("none", "Nothing to pay now"),
    ("to_pay", "To pay"),
    ("paying", "Being paid"),
    ("paid", "Paid"),
    ("expired", "Payment overdue"),
]
WAITING = ("to_pay", "expired")

FLOW_REASONS.update(
    {
        "pay_price": _lt(
            "%(supplier)s asks %(now)s for %(what)s of %(purchase)s, agreed was %(agreed)s: pay the new price, or "
            "refuse the purchase and it is bought elsewhere."
        ),
        "pay_expired": _lt(
            "%(purchase)s was not paid until %(pay_by)s, %(supplier)s may have cancelled it: ask him. Pay it if it "
            "still stands; otherwise enter the refusal and it is bought elsewhere."
        ),
    }
)


class DropshipSupplierTerm(models.Model):
    _inherit = "dropship.supplier.term"

    payment_way = fields.Selection(
        PAYMENT_WAYS,
        string="Payment",
        default="account",
        required=True,
        help="On account: bills are paid later.\n"
        "Paid before it ships: the order is placed, then paid, then it leaves.\n"
        "Prepaid balance: every order is taken from money the supplier holds already.",
    )
    pay_within_hours = fields.Float(
        string="Pay Within (hours)", help="The supplier cancels what is not paid by then. 0: he waits."
    )

    _pay_within_positive = models.Constraint(
        "CHECK (pay_within_hours >= 0 AND pay_within_hours <= 8760)",
        "The hours to pay are between 0 and 8760 (a year).",
    )


class PurchaseOrder(models.Model):
    """Paying for a purchase before it ships: placing and paying are two steps, and the second happens once.

    This is what the supplier needs to let the goods go; it posts nothing. Bills and payments in accounting are matched
    with it there.
    """

    _inherit = "purchase.order"

    dropship_pay_state = fields.Selection(
        PAY_STATES,
        string="Supplier's Payment",
        default="none",
        required=True,
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    dropship_pay_by = fields.Datetime(
        string="Pay By",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The supplier cancels the order when it is not paid by then.",
    )
    dropship_pay_total = fields.Monetary(
        string="Amount to Pay",
        compute="_compute_dropship_pay_total",
        store=True,
        copy=False,
        groups="base.group_user",
        help="Goods and taxes of the purchase, with the freight and fees that are expected.",
    )
    dropship_pay_asked = fields.Monetary(
        string="Supplier Asks",
        copy=False,
        groups="base.group_user",
        help="What the supplier's system shows as the amount to pay. 0: not looked up.",
    )
    dropship_pay_agreed = fields.Json(copy=False, readonly=True, groups="base.group_user")
    dropship_paid_on = fields.Datetime(string="Paid On", copy=False, readonly=True, groups="base.group_user")
    dropship_paid_ref = fields.Char(string="Payment Reference", copy=False, groups="base.group_user")

    # What is to be paid is looked for every few minutes, however long the history.
    _dropship_to_pay = models.Index("(dropship_pay_state, dropship_pay_by) WHERE dropship_pay_state <> 'none'")

    @api.depends(
        "amount_total",
        "dropship_pay_state",
        "dropship_allocation_ids.freight",
        "dropship_allocation_ids.fees",
        "dropship_allocation_ids.state",
    )
    def _compute_dropship_pay_total(self):
        for order in self.sudo():  # whoever changes a purchase need not read its sourcing
            if order.dropship_pay_state in ("paid", "paying"):
                order.dropship_pay_total = order.dropship_pay_total
            elif not order.dropship_warehouse_id:
                order.dropship_pay_total = 0.0
            else:
                order.dropship_pay_total = order._dropship_amount_due()

    def _dropship_amount_due(self):
        """What the supplier gets in all, in the purchase's currency."""
        self.ensure_one()
        return self.currency_id.round(self.amount_total + self.dropship_freight + self.dropship_fees)

    def _dropship_is_played(self):
        """Whether no customer waits for it: nobody is paid or asked for papers then."""
        self.ensure_one()
        return self.sudo().dropship_sale_id._dropship_is_played()  # whoever handles a purchase need not read the sale

    def _dropship_payment_way(self):
        self.ensure_one()
        if not self.dropship_warehouse_id or self._dropship_is_played():
            return "account"
        term = self.dropship_warehouse_id.supplier_id._terms_for(self.company_id)
        return term.payment_way or "account"

    def _dropship_set_pay_state(self, state, **vals):
        """Move the payment, as far as it is allowed.

        :return: the purchases that moved
        :raise UserError: when one may not go there
        """
        labels = dict(self._fields["dropship_pay_state"]._description_selection(self.env))
        moved = self.filtered(lambda order: order.dropship_pay_state != state)
        for order in moved:
            if not may_move(order.dropship_pay_state, state):
                raise UserError(
                    self.env._(
                        "The payment of %(purchase)s is: %(current)s. It cannot become: %(target)s.",
                        purchase=order.name,
                        current=labels[order.dropship_pay_state],
                        target=labels[state],
                    )
                )
        if moved:
            moved.write({"dropship_pay_state": state, **vals})
        return moved

    # ------------------------------------------------------------------
    # When it becomes due
    # ------------------------------------------------------------------

    def _dropship_accept(self):
        """Override: who ships after payment is paid now that he has accepted."""
        waiting = self.filtered(lambda order: order.state == "sent")
        result = super()._dropship_accept()
        waiting.filtered(lambda order: order.state == "purchase")._dropship_pay_due()
        return result

    def _dropship_pay_due(self):
        """The purchase is accepted: put it on the list of what is to be paid, with the supplier's clock."""
        for order in self:
            if order._dropship_payment_way() != "pay_to_ship" or order.dropship_pay_state != "none":
                continue
            hours = order.dropship_warehouse_id.supplier_id._terms_for(order.company_id).pay_within_hours
            order._dropship_set_pay_state(
                "to_pay",
                dropship_pay_by=hours and fields.Datetime.now() + timedelta(hours=hours),
                dropship_pay_agreed=order._dropship_unit_prices(),
            )

    def _dropship_unit_prices(self):
        """{line: net price per unit} of what is bought; what a payment is held against."""
        self.ensure_one()
        return {
            str(line.id): float_round(line.price_subtotal / line.product_qty, precision_digits=6)
            for line in self.order_line
            if line.product_qty and not line.display_type
        }

    def _dropship_price_agreed(self):
        """The prices as they are now are agreed: called when a new price was accepted."""
        for order in self.filtered("dropship_pay_agreed"):
            order.dropship_pay_agreed = order._dropship_unit_prices()

    def button_cancel(self):
        """Override: what was cancelled before it was paid is not paid."""
        result = super().button_cancel()
        over = self.sudo().filtered(lambda order: order.state == "cancel" and order.dropship_pay_state in WAITING)
        over._dropship_set_pay_state("none", dropship_pay_by=False)
        return result

    # ------------------------------------------------------------------
    # Paying
    # ------------------------------------------------------------------

    def action_dropship_pay(self):
        """Pay what is selected: by the supplier's system where it can be done, else say that a person has to."""
        self.check_access("write")
        orders_sudo = self.sudo()._dropship_lock_to_pay()
        by_hand = orders_sudo.filtered(lambda order: not order._dropship_pays_itself())
        if by_hand:
            raise UserError(
                self.env._(
                    "%s: nothing can be paid there by itself. Pay it with the supplier, then press Mark Paid.",
                    ", ".join(by_hand.mapped("name")),
                )
            )
        return orders_sudo._dropship_pay()

    def action_dropship_mark_paid(self):
        """A person paid with the supplier and says so."""
        self.check_access("write")
        orders_sudo = self.sudo()._dropship_lock_to_pay(also=("paying",))
        orders_sudo._dropship_stop_pay_messages()
        good = orders_sudo - orders_sudo._dropship_price_differs()
        for order_sudo in good:
            order_sudo.dropship_pay_total = order_sudo._dropship_pay_amount()
        good._dropship_paid()
        return good._dropship_pay_result(orders_sudo)

    def action_dropship_pay_price(self):
        """The buyer agrees to the price as it is now: what is to be paid is held against it from now on."""
        self.check_access("write")
        for order_sudo in self.sudo():
            order_sudo.dropship_pay_agreed = order_sudo._dropship_unit_prices()
            if order_sudo.dropship_pay_asked:
                # The difference is somewhere in the supplier's sum; it is what will be paid.
                order_sudo.dropship_pay_agreed = {
                    **order_sudo.dropship_pay_agreed, "total": order_sudo.dropship_pay_asked,
                }  # fmt: skip
            order_sudo._dropship_pay_questions("pay_price")._set_state(
                "solved", solution=self.env._("The new price is agreed")
            )
        return True

    def _dropship_lock_to_pay(self, also=()):
        """The purchases that wait for their payment, locked and written: who comes second sees what the first did."""
        self.env.flush_all()
        lock_written(self)
        wrong = self.filtered(lambda order: order.state != "purchase" and order.dropship_pay_state in WAITING)
        if wrong:
            raise UserError(
                self.env._("%s is not accepted (any more): there is nothing to pay.", ", ".join(wrong.mapped("name")))
            )
        return self.filtered(lambda order: order.dropship_pay_state in (*WAITING, *also))

    def _dropship_pays_itself(self):
        self.ensure_one()
        connection = self.dropship_warehouse_id.supplier_id.connection_id
        return bool(connection) and self.env["dropship.connector"]._can_pay(connection)

    def _dropship_price_differs(self):
        """Ask the buyer where the price is not what was agreed.

        :return: these purchases; they are not paid
        """
        differing = self.browse()
        for order in self:
            agreed = dict(order.dropship_pay_agreed or {})
            total = agreed.pop("total", order._dropship_amount_due())
            found = price_changes(
                agreed,
                order._dropship_unit_prices(),
                order.dropship_pay_asked,
                total,
                order.currency_id.rounding,
            )
            if found:
                differing |= order
                order._dropship_raise_price(found)
        return differing

    def _dropship_pay_amount(self):
        """What is paid: the sum that was agreed on its own, else what the purchase comes to."""
        self.ensure_one()
        return (self.dropship_pay_agreed or {}).get("total") or self._dropship_amount_due()

    def _dropship_raise_price(self, found):
        self.ensure_one()
        lines = {str(line.id): line.product_id.display_name for line in self.order_line}
        reasons = []
        for key, agreed, now in found:
            reasons.append(
                [
                    "pay_price",
                    {
                        "supplier": self.partner_id.name,
                        "purchase": self.name,
                        "what": lines.get(key) or self.env._("the whole order"),
                        "agreed": self.currency_id.format(agreed),
                        "now": self.currency_id.format(now),
                    },
                ]
            )
        self._dropship_ask_about_payment("pay_price", reasons)

    def _dropship_ask_about_payment(self, kind, reasons):
        """Open an exception on the first row of the purchase that is not given back."""
        self.ensure_one()
        rows = self.dropship_allocation_ids
        row = rows.filtered(lambda row: row.state != "released")[:1] or rows[:1]
        return self.env["dropship.exception"].sudo()._raise(row, kind, reasons) if row else None

    def _dropship_pay_questions(self, *kinds):
        """The open exceptions about the payment."""
        return (
            self.env["dropship.exception"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("kind", "in", kinds), ("state", "=", "open")])
        )

    def _dropship_pay_result(self, asked):
        """What the person sees: nothing when all went, else which ones wait."""
        left = asked - self
        if not left:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "%s: the price differs from what was agreed. Look at the exceptions.",
                    ", ".join(left.mapped("name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _dropship_paid(self):
        """The supplier has his money."""
        moved = self._dropship_set_pay_state("paid", dropship_paid_on=fields.Datetime.now())
        moved._dropship_pay_questions("pay_price", "pay_expired", "pay_failed")._set_state(
            "solved", solution=self.env._("Paid")
        )
        return moved

    # ------------------------------------------------------------------
    # The supplier's clock
    # ------------------------------------------------------------------

    def _dropship_pay_expire(self):
        """The clock ran out. Whether the supplier cancelled is for him to say: nothing is bought a second time."""
        for order in self.filtered(lambda order: order.dropship_pay_state == "to_pay" and order.dropship_pay_by):
            params = {
                "purchase": order.name,
                "supplier": order.partner_id.name,
                "pay_by": fields.Datetime.to_string(order.dropship_pay_by),
            }
            order._dropship_set_pay_state("expired")
            order._dropship_ask_about_payment("pay_expired", [["pay_expired", params]])

    @api.model
    def _cron_pay_expired(self, limit=500):
        """Ask the buyers about purchases that were not paid in the supplier's time."""
        domain = [("dropship_pay_state", "=", "to_pay"), ("dropship_pay_by", "<=", fields.Datetime.now())]
        for order in self.search(domain, limit=limit, order="dropship_pay_by, id"):
            try:
                order.try_lock_for_update().filtered_domain(domain)._dropship_pay_expire()
                self.env["ir.cron"]._commit_progress(1)
            except SAFE:  # somebody pays it this very moment
                self.env.cr.rollback()
            except Exception:  # one purchase must not stop the others
                _logger.exception("Purchase order %s: the overdue payment could not be recorded", order.id)
                self.env.cr.rollback()
