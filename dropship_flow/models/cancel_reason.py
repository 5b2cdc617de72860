from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import UserError

from .sale_order import READERS


class DropshipCancelReason(models.Model):
    """Why an order is cancelled, for our statistics, and what the customer is told."""

    _name = "dropship.cancel.reason"
    _description = "Reason of a Cancellation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable name for the API and for reports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    customer_text = fields.Text(
        string="Text for the Customer", translate=True, help="Sent in the customer's language when you tell him."
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")

    _code_once = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE active", "There is a reason with this code already."
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_cancel_reason_id = fields.Many2one(
        "dropship.cancel.reason",
        string="Cancelled Because",
        copy=False,
        readonly=True,
        tracking=True,
        ondelete="restrict",
        groups=READERS,
    )

    def _dropship_cancel(self, reason, note="", tell=False):
        """Cancel with a reason. What is with a supplier already becomes a question to him.

        Locked orders are cancelled by managers only, and stay locked. Cancelled ones keep their reason.

        :param reason: dropship.cancel.reason
        :param str note: for colleagues
        :param bool tell: send the reason's text to the customer
        :raise UserError: when goods have left, or the order is locked and the user may not unlock it
        """
        orders = self.filtered(lambda order: order.state != "cancel")
        orders.check_access("write")
        if not reason:
            raise UserError(self.env._("Choose the reason of the cancellation."))
        for order, refusal in orders._dropship_cancel_refusals(reason).items():
            raise UserError(self.env._("%(order)s: %(why)s", order=order.name, why=refusal))
        locked = orders.filtered("locked")
        locked.action_unlock()
        orders._action_cancel()
        orders.sudo().dropship_cancel_reason_id = reason
        locked.action_lock()
        for order in orders:
            text = self.env._("Cancelled: %s", ": ".join(filter(None, [reason.name, (note or "").strip()])))
            order._dropship_note(text)
        if tell:
            orders._dropship_tell_cancelled(reason)
        return orders

    def _dropship_cancel_refusals(self, reason=None):
        """Which of the orders cannot be cancelled.

        :return: {sale.order: why}
        """
        may_unlock = (
            self.env.su
            or self.env.user.has_group("dropship_flow.group_dropship_manager")
            or self.env.user.has_group("sales_team.group_sale_manager")
        )
        result = {}
        for order in self:
            shipped = any(row.qty_shipped or row.state == "shipped" for row in order.sudo().dropship_allocation_ids)
            if order.state == "cancel":
                result[order] = self.env._("It is cancelled already.")
            elif shipped:
                result[order] = self.env._("Goods have shipped: agree on a return with the customer instead.")
            elif order.locked and not may_unlock:
                result[order] = self.env._("It is locked: a sales or dropshipping manager has to cancel it.")
            elif reason and reason.company_id and reason.company_id != order.company_id:
                result[order] = self.env._('The reason "%s" belongs to another company.', reason.name)
        return result

    def _dropship_tell_cancelled(self, reason):
        for order in self:
            lang = order.partner_id.lang or self.env.lang
            text = reason.with_context(lang=lang).customer_text
            if not text:
                continue
            words = self.with_context(lang=lang).env
            lines = Markup("<br/>").join(text.splitlines())
            order._dropship_write_customer(
                words._("Your order %s was cancelled", order.name), Markup("<p>%s</p>") % lines
            )

    def _dropship_write_customer(self, subject, body):
        """Post a message the customer gets by mail; it waits in the queue of mails."""
        self.ensure_one()
        self.with_context(mail_notify_force_send=False, lang=self.partner_id.lang or self.env.lang).message_post(
            subject=subject,
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
        )
