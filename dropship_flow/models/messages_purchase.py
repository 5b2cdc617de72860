"""What the supplier is told of the customer's words: alive while the purchase is a draft, fixed once it is sent."""

from odoo import api, fields, models

from .messages import ORDER_TEXTS

# Allocations whose goods the supplier can still change.
AT_SUPPLIER = ("submitted", "accepted")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_buyer_message = fields.Text(
        string="Buyer's Message", compute="_compute_dropship_texts", store=True, copy=False, groups="base.group_user"
    )
    dropship_gift_note = fields.Text(
        string="Gift Note", compute="_compute_dropship_texts", store=True, copy=False, groups="base.group_user"
    )
    dropship_carrier_wish = fields.Text(
        string="Carrier Wish", compute="_compute_dropship_texts", store=True, copy=False, groups="base.group_user"
    )
    dropship_texts_changed = fields.Boolean(
        string="Changed after Sending", compute="_compute_dropship_texts_changed", groups="base.group_user"
    )

    @api.depends(
        "dropship_sale_id.dropship_buyer_message",
        "dropship_sale_id.dropship_message_shared",
        "dropship_sale_id.dropship_gift_note",
        "dropship_sale_id.dropship_carrier_wish",
    )
    def _compute_dropship_texts(self):
        for order in self:
            texts = order._dropship_texts_told() if order._dropship_texts_fixed() else order._dropship_texts_now()
            order.update(texts)

    def _dropship_texts_fixed(self):
        """Whether the supplier has read the texts: from then on only the buyer changes them."""
        self.ensure_one()
        return self.state not in ("draft", "to approve", False)

    def _dropship_texts_told(self):
        """The texts the supplier was told."""
        return {name: self[name] for name in ORDER_TEXTS}

    def _dropship_texts_now(self):
        """The texts as the sale says them now."""
        sale_sudo = self.sudo().dropship_sale_id
        if not sale_sudo:
            return dict.fromkeys(ORDER_TEXTS, False)
        return {
            "dropship_buyer_message": sale_sudo._dropship_message_passed(),
            "dropship_gift_note": sale_sudo.dropship_gift_note,
            "dropship_carrier_wish": sale_sudo.dropship_carrier_wish,
        }

    @api.depends(
        "state",
        "dropship_sale_id.dropship_buyer_message",
        "dropship_sale_id.dropship_message_shared",
        "dropship_sale_id.dropship_gift_note",
        "dropship_sale_id.dropship_carrier_wish",
        "order_line.dropship_personalisation",
        "order_line.sale_line_id.dropship_personalisation",
        *ORDER_TEXTS,
    )
    def _compute_dropship_texts_changed(self):
        for order in self:
            order.dropship_texts_changed = order._dropship_texts_differ()

    def _dropship_texts_differ(self):
        """Whether the supplier works on texts that are not the sale's any more."""
        self.ensure_one()
        if not self.sudo().dropship_sale_id or not self._dropship_texts_fixed() or self.state == "cancel":
            return False
        told, now = self._dropship_texts_told(), self._dropship_texts_now()
        return any((told[name] or "") != (now[name] or "") for name in ORDER_TEXTS) or any(
            (line_sudo.dropship_personalisation or "") != (line_sudo.sale_line_id.dropship_personalisation or "")
            for line_sudo in self.sudo().order_line
            if line_sudo.sale_line_id and line_sudo.product_qty
        )

    def write(self, vals):
        """Override: what is sent is what the sale says at this moment, written down before the state fixes it."""
        if vals.get("state", "draft") not in ("draft", "to approve"):
            for order in self.sudo().filtered("dropship_sale_id"):
                order.mapped("dropship_gift_note")
                order.order_line.mapped("dropship_personalisation")
        return super().write(vals)

    def _dropship_ask_about_texts(self):
        """Open a question for the buyer where texts differ from what was sent; settle it where they agree again."""
        kept = self.env["dropship.exception"]
        for order in self.filtered(lambda order: order._dropship_texts_differ()):
            rows = order.dropship_allocation_ids.filtered(lambda row: row.state in AT_SUPPLIER)
            if rows:  # goods that left already cannot be changed
                params = {"purchase": order.name, "supplier": order.partner_id.name}
                kept |= kept._raise(rows[0], "message_changed", [["message_changed", params]])
        stale = self._dropship_text_questions() - kept
        stale._set_state("solved", solution=self.env._("The texts are as they were sent"))

    def _dropship_text_questions(self):
        """The open questions about changed texts."""
        return self.env["dropship.exception"].search(
            [("purchase_id", "in", self.ids), ("kind", "=", "message_changed"), ("state", "=", "open")]
        )

    def action_dropship_take_texts(self):
        """The buyer told the supplier: the purchase says what the sale says."""
        self.check_access("write")
        orders_sudo = self.sudo()
        for order_sudo in orders_sudo:
            order_sudo.write(order_sudo._dropship_texts_now())
            for line_sudo in order_sudo.order_line.filtered("sale_line_id"):
                line_sudo.dropship_personalisation = line_sudo.sale_line_id.dropship_personalisation
        orders_sudo._dropship_text_questions()._set_state("solved", solution=self.env._("Supplier was told"))
        return True

    def action_dropship_keep_texts(self):
        """The buyer leaves the purchase as it was sent."""
        self.check_access("write")
        self.sudo()._dropship_text_questions()._set_state("solved", solution=self.env._("Left as it was sent"))
        return True

    def _dropship_texts_for_supplier(self):
        """[(code, text)] of what the supplier's documents and pages show, in the order they are read."""
        self.ensure_one()
        order_sudo = self.sudo()  # the fields are for staff; these three are what the supplier may read of them
        texts = [
            ("gift_note", order_sudo.dropship_gift_note),
            ("carrier_wish", order_sudo.dropship_carrier_wish),
            ("buyer_message", order_sudo.dropship_buyer_message),
        ]
        return [(code, text) for code, text in texts if text]


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    dropship_personalisation = fields.Text(
        string="Personalisation",
        compute="_compute_dropship_personalisation",
        store=True,
        copy=False,
        groups="base.group_user",
    )

    @api.depends("sale_line_id.dropship_personalisation")
    def _compute_dropship_personalisation(self):
        for line in self:
            fixed = line.order_id._dropship_texts_fixed() if line.order_id else False
            sale_line_sudo = line.sudo().sale_line_id
            line.dropship_personalisation = (
                line.dropship_personalisation if fixed else sale_line_sudo.dropship_personalisation
            )


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    def _exception_kinds(self):
        return [*super()._exception_kinds(), ("message_changed", self.env._("Customer's texts changed after sending"))]

    def action_supplier_agreed(self):
        """Override: the supplier takes the new texts."""
        texts = self.filtered(lambda exception: exception.kind == "message_changed" and exception.state == "open")
        texts.purchase_id.action_dropship_take_texts()
        return super(DropshipException, self - texts).action_supplier_agreed()
