import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from ..billing.due import CHARGE, DISCOUNT, GOODS, PREPAID, Row, plan
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

FLOW_REASONS.update({"not_invoiced": _lt("%(order)s could not be invoiced: %(error)s")})
WHEN = [("manual", "By hand, as usual"), ("dispatch", "When it leaves"), ("delivery", "When it arrives")]
BATCH = 40
UNITS = "dropship_invoice_units"


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_invoice_when = fields.Selection(
        WHEN, string="Invoice Customers", default="manual", required=True, groups="base.group_user"
    )
    dropship_invoice_send = fields.Boolean(string="Send Invoices by E-mail", default=True, groups="base.group_user")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_invoice_when = fields.Selection(related="company_id.dropship_invoice_when", readonly=False)
    dropship_invoice_send = fields.Boolean(related="company_id.dropship_invoice_send", readonly=False)


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    invoice_when = fields.Selection(
        WHEN, string="Invoice Customers", help="Empty: as the company does. Platforms often invoice by themselves."
    )


class SaleOrder(models.Model):
    """Invoices follow the goods: what left (or arrived) is invoiced, posted and sent without hands, each unit once."""

    _inherit = "sale.order"

    dropship_invoice_check = fields.Datetime(
        string="Look Whether to Invoice",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Since when something left or arrived that may have to be invoiced.",
    )

    _dropship_to_invoice = models.Index("(dropship_invoice_check) WHERE dropship_invoice_check IS NOT NULL")

    def _dropship_invoice_when(self):
        """{order: 'manual', 'dispatch' or 'delivery'}"""
        channels = self.env["dropship.sales.channel"]._channel_of(self)
        return {
            order: channels[order].sudo().invoice_when or order.company_id.sudo().dropship_invoice_when
            for order in self
        }

    def _dropship_may_invoice(self):
        """Something left or arrived: look at these orders soon. Costs nothing where invoices are made by hand."""
        orders_sudo = self.sudo().filtered(lambda order: order.dropship_stage and order.invoice_status != "invoiced")
        if not orders_sudo:
            return
        when = orders_sudo._dropship_invoice_when()
        due = orders_sudo.filtered(lambda order: when[order] != "manual" and not order.dropship_invoice_check)
        if due:
            due.dropship_invoice_check = fields.Datetime.now()
            due.env.ref("dropship_flow.cron_invoice")._trigger()

    def write(self, vals):
        """Override: an order that is recorded as delivered may have to be invoiced."""
        result = super().write(vals)
        if vals.get("dropship_delivered_at"):
            self._dropship_may_invoice()
        return result

    @api.model
    def _cron_invoice(self, limit=2000):
        """Invoice what is due, in batches; an order that fails is a person's and stops no other."""
        seen = []
        while len(seen) < limit:
            due = [("dropship_invoice_check", "!=", False), ("id", "not in", seen)]
            orders = self.search(due, limit=BATCH, order="dropship_invoice_check, id")
            if not orders:
                break
            seen += orders.ids
            for _company, same in orders.grouped("company_id").items():
                same._dropship_invoice_batch()
            self._dropship_invoice_commit(len(orders))

    @api.model
    def _dropship_invoice_commit(self, done):
        self.env["ir.cron"]._commit_progress(done)

    def _dropship_invoice_batch(self):
        """Together if all goes well, else one by one."""
        try:
            with self.env.cr.savepoint():
                self._dropship_invoice_now()
            return
        except (OperationalError, ConcurrencyError):
            raise
        except Exception:
            _logger.info("Orders %s are invoiced one by one", self.ids, exc_info=True)
            self.env.invalidate_all()
        for order in self:
            try:
                with self.env.cr.savepoint():
                    order._dropship_invoice_now()
            except (OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                self.env.invalidate_all()
                if not isinstance(error, UserError):
                    _logger.exception("Order %s cannot be invoiced", order.id)
                order._dropship_not_invoiced(error)

    def _dropship_not_invoiced(self, error):
        self.ensure_one()
        self.dropship_invoice_check = False
        row = self.dropship_allocation_ids[:1]
        params = {"order": self.name, "error": str(error) or type(error).__name__}
        self.env["dropship.exception"].sudo()._raise(row, "not_invoiced", [["not_invoiced", params]])

    def _dropship_invoice_now(self):
        """Invoice what left or arrived, post it, and queue its mail.

        :return: the invoices
        """
        free = self.try_lock_for_update(allow_referencing=True)  # others: somebody is at them, the next round looks
        free.dropship_invoice_check = False  # written: of two that invoice at once the second is turned away
        orders = free.filtered(
            lambda order: order.state == "sale" and not order._dropship_is_played()
        )
        when = orders._dropship_invoice_when()
        units, final, due = {}, self.browse(), self.browse()
        for order in orders.filtered(lambda order: when[order] != "manual"):
            wanted, whole = plan(order._dropship_invoice_rows(when[order]))
            if wanted:
                units |= wanted
                due |= order
                final |= order if whole else self.browse()
        invoices = self.env["account.move"]
        for part, is_final in ((due - final, False), (final, True)):
            if part:
                # The shop's own rule invoices; nobody has to be there.
                invoicing = part.sudo().with_context(**{UNITS: units}, raise_if_nothing_to_invoice=False)
                invoices |= invoicing._create_invoices(grouped=True, final=is_final)
        if invoices:
            invoices = invoices.with_context(**{UNITS: None})
            invoices.action_post()
            invoices._dropship_queue_mail()
            orders._dropship_exceptions_solved("not_invoiced")
        return invoices

    def _dropship_exceptions_solved(self, kind):
        domain = [("order_id", "in", self.ids), ("kind", "=", kind), ("state", "=", "open")]
        solved = self.env["dropship.exception"].sudo().search(domain)
        solved._set_state("solved", solution=self.env._("Invoiced"))

    def _dropship_invoice_rows(self, when):
        """The order's lines as `billing.due.Row`."""
        self.ensure_one()
        arrived = when == "dispatch" or self in self._dropship_is_delivered()
        rows = []
        for line in self.order_line.filtered(lambda line: not line.display_type and line.product_id.type != "combo"):
            if line.is_downpayment:
                kind = PREPAID
            elif line.price_subtotal < 0:
                kind = DISCOUNT
            else:
                kind = GOODS if line.product_id.type == "consu" else CHARGE
            reached = 0.0
            if kind == GOODS:
                reached = line.qty_delivered if arrived else line._dropship_arrived()
            rows.append(
                Row(
                    line.id,
                    kind,
                    line.product_uom_qty,
                    reached,
                    line.qty_invoiced,
                    line.qty_to_invoice,
                    line.price_subtotal,
                )
            )
        return rows

    def _get_invoiceable_lines(self, final=False):
        """Override: only what left or arrived, and the headings above it."""
        lines = super()._get_invoiceable_lines(final)
        units = self.env.context.get(UNITS)
        if units is None:
            return lines
        kept = [line for line in lines if line.display_type or line.id in units]
        result = []
        for place, line in enumerate(kept):
            following = next((later for later in kept[place + 1 :] if not later.display_type), None)
            heading = line.display_type in ("line_section", "line_subsection")
            if not heading or following:
                result.append(line.id)
        return self.env["sale.order.line"].browse(result)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """Override: as much as left or arrived."""
        values = super()._prepare_invoice_line(**optional_values)
        units = self.env.context.get(UNITS)
        if units and self.id in units and not self.is_downpayment and not self.display_type:
            values["quantity"] = units[self.id]
        return values

    def _dropship_arrived(self):
        """How much of what was delivered is in boxes that reached the customer, in the line's unit.

        Of a kit only what is there whole; what travels in several boxes is there with the last.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done" and move.location_dest_id.usage == "customer" and not move.origin_returned_move_id
            )
        )
        share = 1.0 if moves else 0.0
        for _product, same in moves.grouped("product_id").items():
            there = same.filtered(lambda move: move.sudo()._dropship_is_there())
            sent = sum(same.mapped("quantity"))
            share = min(share, sum(there.mapped("quantity")) / sent if sent else 1.0)
        arrived = self.qty_delivered * share
        return self.product_uom_id.round(arrived, rounding_method="DOWN") if share < 1 else arrived


class StockMove(models.Model):
    _inherit = "stock.move"

    def _dropship_is_there(self):
        """Whether every box that holds a part of it reached the customer."""
        self.ensure_one()
        boxes = self.dropship_shipment_line_ids.shipment_id.filtered(lambda box: box.state == "dispatched")
        return bool(boxes) and all(box.status == "delivered" or box.received_at for box in boxes)

    def _action_done(self, cancel_backorder=False):
        """Override: what left may have to be invoiced."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        gone_sudo = moves.sudo().filtered(lambda move: move.location_dest_id.usage == "customer")  # whoever packed it
        gone_sudo.sale_line_id.order_id._dropship_may_invoice()
        return moves


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _after_fold(self, changes):
        """Override: what arrived may have to be invoiced."""
        result = super()._after_fold(changes)
        arrived = self.browse(shipment.id for shipment, change in changes.items() if change.new == "delivered")
        arrived.order_ids._dropship_may_invoice()
        return result

    def _receive(self, how, moment):
        """Override: what the customer says he has arrived."""
        new = super()._receive(how, moment)
        new.order_ids._dropship_may_invoice()
        return new


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_queue_mail(self):
        """The customer gets his invoice by Odoo's own queue, where the company wants it."""
        going = self.filtered(
            lambda move: move.company_id.dropship_invoice_send and move.partner_id.email and not move.is_move_sent
        )
        if going:
            bot = self.env.ref("base.user_root")
            going.sending_data = {"author_user_id": bot.id, "author_partner_id": bot.partner_id.id}
            self.env.ref("account.ir_cron_account_move_send")._trigger()


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: an invoice the shop's rule could not make."""
        return [*super()._exception_kinds(), ("not_invoiced", self.env._("Cannot be invoiced"))]

    @api.model
    def _verbs(self):
        """Override: once the reason is gone, it is tried again."""
        return {**super()._verbs(), "not_invoiced": ["action_invoice_again", "action_done"]}

    @api.model
    def _verb_titles(self):
        """Override: see _verbs."""
        return {**super()._verb_titles(), "action_invoice_again": self.env._("Invoice Again")}

    def action_invoice_again(self):
        """Look at the order again with the next round."""
        self.check_access("write")
        for exception in self.filtered(lambda exception: exception.state == "open"):
            exception.order_id.sudo()._dropship_may_invoice()
            exception._set_state("solved", solution=self.env._("Tried again"))
        return True
