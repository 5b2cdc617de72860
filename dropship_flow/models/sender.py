from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_sender_name = fields.Char(
        string="Sender on Labels",
        groups="base.group_user",
        help="What parcels of suppliers say they come from. Empty: the name of the company.",
    )
    dropship_sender_phone = fields.Char(string="Sender's Phone", groups="base.group_user")
    dropship_sender_address = fields.Text(
        string="Sender's Address",
        groups="base.group_user",
        help="Printed as the sender. Use an address of yours, never a supplier's.",
    )


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    sender_name = fields.Char(string="Sender on Labels", help="Empty: the company's sender.")
    sender_phone = fields.Char(string="Sender's Phone")
    sender_address = fields.Text(string="Sender's Address")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_sender(self):
        """Who the customer's parcels say they come from: the channel, else the company; never the supplier.

        :return: {sale.order: {'name', 'phone', 'address'}}; empty texts where nothing is known
        """
        channels = self.env["dropship.sales.channel"]._channel_of(self)
        senders = {}
        for order in self:
            channel, company = channels[order], order.company_id.sudo()
            if channel.sender_name:
                source = (channel.sender_name, channel.sender_phone, channel.sender_address)
            else:
                name = company.dropship_sender_name or company.name
                source = (name, company.dropship_sender_phone, company.dropship_sender_address)
            senders[order] = dict(zip(("name", "phone", "address"), (text or "" for text in source), strict=True))
        return senders


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_sender(self):
        """The sender a supplier prints on the label of this purchase; None for purchases that go to us."""
        self.ensure_one()
        order_sudo = self.sudo().dropship_sale_id
        return order_sudo._dropship_sender()[order_sudo] if order_sudo else None
