"""Orders to try the whole way with: real records, told to nobody outside, counted nowhere, gone with one button."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Marks the customers made for test orders, so that removal knows them.
TEST_CUSTOMER = "dropship-test-order"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_is_test = fields.Boolean(
        string="Test Order",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Bought like any other, but no supplier is told and no report counts it.",
    )

    def write(self, vals):
        """Override: whether an order is a test is decided before it is confirmed, and stays."""
        if "dropship_is_test" in vals:
            changed = self.filtered(lambda order: order.dropship_is_test != bool(vals["dropship_is_test"]))
            if any(order.state not in ("draft", "sent") for order in changed):
                raise UserError(
                    self.env._("A confirmed order cannot become a test order, or stop being one. Create a new one.")
                )
        return super().write(vals)

    def _send_order_notification_mail(self, mail_template, *args, **kwargs):
        """Override: a test order writes to whoever made it, never to a real customer."""
        tests = self.filtered(lambda order: order.sudo().dropship_is_test and order.partner_id.ref != TEST_CUSTOMER)
        return super(SaleOrder, self - tests)._send_order_notification_mail(mail_template, *args, **kwargs)

    def action_dropship_remove(self):
        """Remove a test order with all that came of it."""
        self._dropship_remove()
        return {
            "type": "ir.actions.act_url",
            "url": "/odoo/action-dropship_flow.action_dropship_first_hour",
            "target": "self",
        }

    def _dropship_remove(self):
        """Cancel and delete test orders with their purchases, transfers, sourcing, decisions and holds.

        :raise UserError: when one is no test order, or something of it was posted in accounting
        """
        self.check_access("write")
        if not self.env.user.has_group("dropship_flow.group_dropship_buyer"):
            raise AccessError(self.env._("Removing a test order needs the right Dropshipping / Buyer. Ask a buyer."))
        self.lock_for_update()
        # What came of the order belongs to several departments; it goes as a whole or not at all.
        for order_sudo in self.sudo():
            order_sudo._dropship_check_removable()
            order_sudo._dropship_remove_one()

    def _dropship_check_removable(self):
        self.ensure_one()
        if not self.dropship_is_test:
            raise UserError(self.env._("%s is a real order. Cancel it instead.", self.name))
        purchases = self.dropship_purchase_ids
        posted = (self.invoice_ids | purchases.invoice_ids).filtered(lambda move: move.state == "posted")
        posted |= purchases.picking_ids.move_ids.account_move_id.filtered(lambda move: move.state == "posted")
        if posted:
            raise UserError(
                self.env._(
                    "%(order)s has the posted document %(invoice)s. Reset it to draft and delete it, or reverse it; "
                    "then remove the test order.",
                    order=self.name,
                    invoice=", ".join(posted.mapped("name")),
                )
            )

    def _dropship_remove_one(self):
        self.ensure_one()
        purchases = self.dropship_purchase_ids.with_context(dropship_internal=True, tracking_disable=True)
        pickings = purchases.picking_ids | self.picking_ids
        customer = self.partner_id
        panel = self.env["dropship.first.hour"]._of(self.company_id).sudo()
        panel._remember_test(
            bought=bool(purchases),
            shipped=any(picking.state == "done" and picking.carrier_tracking_ref for picking in pickings),
        )
        (self.invoice_ids | purchases.invoice_ids).with_context(force_delete=True).unlink()
        pickings._dropship_remove_test()
        self._dropship_remove_sourcing()
        purchases._dropship_cancel_quietly()
        purchases.unlink()
        references = self.stock_reference_ids
        quiet = self.with_context(disable_cancel_warning=True, tracking_disable=True)
        if quiet.locked:
            quiet.action_unlock()
        quiet._action_cancel()
        quiet.unlink()
        references.filtered(lambda reference: not reference.sale_ids and not reference.move_ids).unlink()
        self._dropship_remove_customer(customer)

    def _dropship_remove_sourcing(self):
        """The rows of the flow, from the last to the first."""
        domain = [("order_id", "=", self.id)]
        for model in ("dropship.exception", "dropship.hold", "dropship.line.choice", "dropship.allocation"):
            self.env[model].with_context(active_test=False).search(domain).unlink()
        self.dropship_decision_id = False
        self.env["dropship.routing.decision"].search(domain).unlink()

    @api.model
    def _dropship_remove_customer(self, customer):
        """The customer made for the test, unless something else uses him meanwhile."""
        if customer.ref != TEST_CUSTOMER or customer.user_ids:
            return
        others = Domain("partner_id", "=", customer.id) | Domain("partner_shipping_id", "=", customer.id)
        if not self.search_count(others, limit=1):
            customer.unlink()


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_is_test = fields.Boolean(
        string="Test Purchase",
        compute="_compute_dropship_is_test",
        store=True,
        groups="base.group_user",
        help="Of a test order: never sent to the supplier.",
    )

    @api.depends("dropship_sale_id.dropship_is_test")
    def _compute_dropship_is_test(self):
        for purchase in self:
            purchase.dropship_is_test = purchase.dropship_sale_id.dropship_is_test

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Override: what is written on a test purchase reaches people of the company only."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if self and any(purchase.sudo().dropship_is_test for purchase in self):
            return [recipient for recipient in recipients if not recipient.get("share", True)]
        return recipients

    def _send_reminder_mail(self, send_single=False):
        """Override: nobody is reminded of a test."""
        tests = self.filtered(lambda purchase: purchase.sudo().dropship_is_test)
        return super(PurchaseOrder, self - tests)._send_reminder_mail(send_single=send_single)


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: mails written past the thread of a test purchase (mass mailing, templates) go to nobody outside."""
        mails = super().create(vals_list)
        of_purchases = mails.filtered(lambda mail: mail.model == "purchase.order" and mail.res_id)
        if of_purchases:
            purchases_sudo = self.env["purchase.order"].sudo().browse(of_purchases.mapped("res_id")).exists()
            tests = set(purchases_sudo.filtered("dropship_is_test").ids)
            for mail in of_purchases.filtered(lambda mail: mail.res_id in tests):
                inside = mail.recipient_ids.filtered(lambda partner: not partner.partner_share)
                mail.write({"email_to": False, "email_cc": False, "recipient_ids": [(6, 0, inside.ids)]})
                if not inside:
                    mail.state = "cancel"
        return mails


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _dropship_remove_test(self):
        """Take back and delete the transfers of test orders, also those that were done: the goods never moved."""
        for picking in self:
            for line in picking.move_line_ids.filtered(lambda line: line.state == "done"):
                package = line.result_package_id
                line._synchronize_quant(-line.quantity_product_uom, line.location_dest_id, package=package)
                line._synchronize_quant(line.quantity_product_uom, line.location_id)
            done = picking.move_ids.filtered(lambda move: move.state == "done")
            # Core lets nobody delete what is done; for a test there is nothing to keep.
            done.with_context(tracking_disable=True).write({"state": "cancel"})
            (picking.move_ids - done)._action_cancel()
            moves = picking.move_ids
            moves.move_line_ids.with_context(dropship_removing=True).unlink()
            moves.write({"state": "draft", "move_orig_ids": [(5, 0)], "move_dest_ids": [(5, 0)]})
            moves.unlink()
        self.exists().unlink()
        self.env["stock.quant"]._unlink_zero_quants()


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done_or_cancel(self):
        """Override: lines of a test order's transfers go with it."""
        if self.env.context.get("dropship_removing"):
            return None
        return super()._unlink_except_done_or_cancel()


class SaleReport(models.Model):
    _inherit = "sale.report"

    def _where_sale(self):
        """Override: test orders are no sales."""
        return f"{super()._where_sale()} AND s.dropship_is_test IS NOT TRUE"


class PurchaseReport(models.Model):
    _inherit = "purchase.report"

    def _where(self):
        """Override: test purchases are no purchases."""
        return SQL("%s AND po.dropship_is_test IS NOT TRUE", super()._where())
