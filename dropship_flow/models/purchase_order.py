import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


class PurchaseOrder(models.Model):
    """A purchase of ours lives draft → sent → purchase: allocated, with the supplier, accepted."""

    _inherit = "purchase.order"

    dropship_sale_id = fields.Many2one(
        "sale.order",
        string="Dropshipped Sale",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    dropship_warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse",
        string="Ships From",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    dropship_allocation_ids = fields.One2many(
        "dropship.allocation", "purchase_id", groups="dropship_flow.group_dropship_user"
    )
    dropship_freight = fields.Monetary(
        string="Expected Freight",
        compute="_compute_dropship_costs",
        currency_field="currency_id",
        groups="base.group_user",
    )
    dropship_fees = fields.Monetary(
        string="Expected Fees",
        compute="_compute_dropship_costs",
        currency_field="currency_id",
        groups="base.group_user",
    )
    dropship_duty = fields.Monetary(
        string="Expected Duty",
        compute="_compute_dropship_costs",
        currency_field="company_currency_id",
        groups="base.group_user",
    )
    dropship_landed = fields.Monetary(
        string="Landed Cost",
        compute="_compute_dropship_costs",
        currency_field="company_currency_id",
        groups="base.group_user",
    )
    dropship_send_at = fields.Datetime(string="Sent Not Before", copy=False, groups="base.group_user")
    dropship_approved = fields.Boolean(copy=False, readonly=True, groups="base.group_user")
    dropship_can_answer = fields.Boolean(compute="_compute_dropship_can_answer", groups="base.group_user")

    @api.depends("dropship_allocation_ids.landed", "dropship_allocation_ids.state", "currency_id", "date_order")
    def _compute_dropship_costs(self):
        """What the decision expects beyond the lines. Freight and fees in the purchase's currency, as billed."""
        for order in self:
            rows = order.sudo().dropship_allocation_ids.filtered(lambda row: row.state != "released")
            company = order.company_id or self.env.company
            date = order.date_order or fields.Datetime.now()
            for name in ("freight", "fees"):
                amount = company.currency_id._convert(sum(rows.mapped(name)), order.currency_id, company, date)
                order[f"dropship_{name}"] = amount
            order.dropship_duty = sum(rows.mapped("duty"))
            order.dropship_landed = sum(rows.mapped("landed"))

    @api.depends("state", "dropship_warehouse_id")
    def _compute_dropship_can_answer(self):
        for order in self:
            order.dropship_can_answer = bool(order.dropship_warehouse_id) and order.state == "sent"

    @api.depends("order_line.sale_order_id.partner_shipping_id")
    def _compute_dest_address_id(self):
        """Override: once the supplier has the order, a changed sale address must not silently change the purchase."""
        fixed = self.filtered(
            lambda order: (
                order.sudo().dropship_warehouse_id and order.state not in ("draft", False) and order.dest_address_id
            )
        )
        for order in fixed:
            order.dest_address_id = order.dest_address_id
        return super(PurchaseOrder, self - fixed)._compute_dest_address_id()

    # ------------------------------------------------------------------
    # Submitting
    # ------------------------------------------------------------------

    def _dropship_start(self):
        """New or grown purchases: send them now, later, or not at all – as the policy says."""
        for order in self.filtered(lambda order: order.state == "draft"):
            rows = order.dropship_allocation_ids.filtered(lambda row: row.state == "planned")
            policy = rows.decision_id.policy_id[:1]
            if policy.automation == "draft":
                continue
            delay = order._dropship_send_after()
            delay = max(filter(None, [order._dropship_collect_until(delay), delay]), default=False)
            if delay:
                order.dropship_send_at = delay
            else:
                order._dropship_submit()

    def _dropship_collect_until(self, delay=False):
        """The supplier's next cut-off while the purchase is below the minimum the terms say to collect for.

        Once the minimum is reached all that were collected go, together with this one: now, or after its `delay`.
        """
        self.ensure_one()
        supplier = self.dropship_warehouse_id.supplier_id
        term = supplier._terms_for(self.company_id)
        if not term or term.below_minimum != "collect":
            return False
        waiting = self.search(
            [
                ("dropship_warehouse_id", "=", self.dropship_warehouse_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "draft"),
            ]
        )
        goods = sum(
            order.currency_id._convert(order.amount_untaxed, term.currency_id, order.company_id, fields.Date.today())
            for order in waiting
        )
        units = sum(waiting.order_line.mapped("product_qty"))
        if goods >= term.order_minimum and units >= term.minimum_units:
            collected = (waiting - self).filtered("dropship_send_at")
            if delay:
                for order in collected:
                    order.dropship_send_at = max(order.dropship_send_at, delay)
            else:
                now = fields.Datetime.now()
                second_thoughts = collected.filtered(lambda order: order._dropship_thinks_until() > now)
                (collected - second_thoughts)._dropship_submit()
            return False
        days = self.dropship_warehouse_id._handling_days(fields.Datetime.now())[self.dropship_warehouse_id.id]
        handling = self.dropship_warehouse_id.handling_days
        return fields.Datetime.now() + timedelta(days=max(days - handling, 0.0))

    def _dropship_thinks_until(self):
        """Until when the policy leaves time for second thoughts."""
        self.ensure_one()
        delays = self.dropship_allocation_ids.decision_id.policy_id.mapped("send_delay")
        return self.create_date + timedelta(minutes=max(delays, default=0))

    def _dropship_submit(self, approved=False):
        """Hand the purchase to the supplier, after the approval limit of the company had its say.

        :param bool approved: a person with the right to approve released it
        """
        for order in self.filtered(lambda order: order.state in ("draft", "to approve")):
            if not order.order_line:
                continue
            if approved:
                order.dropship_approved = True
            if not order.dropship_approved and not order._dropship_within_limit():
                order._dropship_ask_approval()
                continue
            quiet = order.with_context(tracking_disable=True, dropship_internal=True)
            quiet.write({"state": "sent", "dropship_send_at": False})
            rows = order.dropship_allocation_ids.filtered(lambda row: row.state == "planned")
            rows._set_state("submitted")
            order._dropship_hand_over()
            if order.dropship_warehouse_id.supplier_id.answer_mode == "auto":
                order._dropship_accept()

    def _dropship_hand_over(self):
        """What makes a submitted purchase known to its supplier. Here: nothing, a person passes it on."""

    def write(self, vals):
        """Override: a purchase of ours sent by mail or printed is with the supplier, under the same limit."""
        by_hand = self.browse()
        if vals.get("state") == "sent" and not self.env.context.get("dropship_internal"):
            by_hand = self._ours().filtered(lambda order: order.state == "draft")
        for order in by_hand.sudo():
            if not order.dropship_approved and not order._dropship_within_limit():
                raise UserError(
                    self.env._(
                        "%s is above the approval limit. Press Send to Supplier: it asks for the approval.", order.name
                    )
                )
        result = super().write(vals)
        by_hand.sudo().dropship_allocation_ids.filtered(lambda row: row.state == "planned")._set_state("submitted")
        return result

    def _dropship_within_limit(self):
        """Whether the purchase may go without a purchase manager. The automation has no rights of its own here:
        core would let the system user pass."""
        self.ensure_one()
        company = self.company_id
        if company.po_double_validation != "two_step":
            return True
        limit = company.currency_id._convert(
            company.po_double_validation_amount, self.currency_id, company, self.date_order or fields.Date.today()
        )
        return self.amount_total < limit

    def _dropship_reroute_lost(self):
        """Unsent purchases of suppliers that were blocked or let go meanwhile, or that take no orders today, end; their
        goods are bought elsewhere.

        :return: the others
        """
        closed = self.dropship_warehouse_id._closed_for_orders(fields.Datetime.now())
        lost = self.filtered(
            lambda order: (
                (supplier := order.dropship_warehouse_id.supplier_id)
                and (not supplier._may_be_asked() or order.dropship_warehouse_id.id in closed)
            )
        )
        for order in lost:
            rows = order.dropship_allocation_ids
            order._dropship_cancel_quietly()
            rows._release("rerouted")
            rows.line_id._dropship_source()
        return self - lost

    def _dropship_ask_approval(self):
        self.ensure_one()
        self.write({"state": "to approve"})
        params = {"purchase": self.name, "amount": self.currency_id.format(self.amount_total)}
        self.env["dropship.hold"]._raise(
            self.dropship_sale_id, "approval", [["approval_limit", params]], purchase=self, landed=self.dropship_landed
        )

    def _dropship_accept(self):
        """The supplier accepts: only now the transfer to the customer is born."""
        for order in self.filtered(lambda order: order.state == "sent"):
            order._dropship_confirm()
            rows = order.dropship_allocation_ids.filtered(lambda row: row.state == "submitted")
            rows._set_state("accepted", ack_state="accepted")

    def _dropship_confirm(self):
        self.ensure_one()
        # The limit was checked before sending; the answer comes from the supplier, not from a person with rights.
        self.with_user(SUPERUSER_ID).with_context(tracking_disable=True, dropship_internal=True).button_confirm()

    def _dropship_refuse(self, note):
        """The supplier says no: the purchase ends, its quantities are routed again without this source."""
        for order in self.filtered(lambda order: order.dropship_warehouse_id and order.state in ("sent", "purchase")):
            rows = order.dropship_allocation_ids
            order._dropship_cancel_quietly()
            rows._release("refused", note)
            supplier = order.dropship_warehouse_id.supplier_id.name
            order.dropship_sale_id._dropship_note(
                self.env._(
                    "%(supplier)s refused %(purchase)s: %(note)s", supplier=supplier, purchase=order.name, note=note
                )
            )
            rows.line_id._dropship_source()

    def _dropship_take_back(self, allocation, quantity, kind):
        """The supplier agreed to stop or lower what was sent already."""
        for order in self:
            if kind == "quantity_lowered" and quantity < allocation.qty:
                left = allocation.qty - quantity
                vals = allocation._scale(left / allocation.qty)
                allocation.write({**vals, "qty": left, "buy_qty": left + allocation.buy_qty - allocation.qty})
                allocation.purchase_line_id._dropship_fit()
                continue
            rows = order.dropship_allocation_ids.filtered(lambda row: row._is_open())
            if rows - allocation:
                allocation.purchase_line_id._dropship_fit(without=allocation)
            else:
                order._dropship_cancel_quietly()
            allocation._release("order_cancelled" if kind == "cancel_asked" else "reduced")

    def _dropship_cancel_quietly(self):
        """Cancel without core's question marks on the sale: the caller says there what happens next."""
        orders = self.filtered(lambda order: order.state != "cancel").with_context(dropship_internal=True)
        orders.filtered("locked").button_unlock()
        orders.button_cancel()

    def _dropship_given_back(self, allocations):
        """A person cancelled a purchase (or a line): ask before buying elsewhere."""
        for order, rows in allocations.grouped("order_id").items():
            if order.state != "sale":
                continue
            names = ", ".join(rows.purchase_id.mapped("name")) or ", ".join(self.mapped("name"))
            self.env["dropship.hold"].sudo()._raise(order, "approval", [["purchase_cancelled", {"purchase": names}]])

    @api.model
    def _cron_submit(self, limit=200):
        """Send the purchases whose delay is over."""
        domain = [("state", "=", "draft"), ("dropship_send_at", "<=", fields.Datetime.now())]
        for order in self.search(domain, limit=limit, order="dropship_send_at, id"):
            try:
                order.try_lock_for_update().filtered_domain(domain)._dropship_reroute_lost()._dropship_submit()
                self.env["ir.cron"]._commit_progress(1)
            except (OperationalError, ConcurrencyError):  # somebody else works on it; the others must not wait
                self.env.cr.rollback()
            except Exception:  # one purchase that cannot be sent must not stop the others
                _logger.exception("Purchase order %s could not be sent", order.id)
                self.env.cr.rollback()
