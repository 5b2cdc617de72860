from email.utils import formataddr

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.mail import email_split_tuples

REPLY_ALIAS = "supplier-orders"


class DropshipConnection(models.Model):
    """A connection that is a letter box: who writes, where answers go, and who may answer."""

    _inherit = "dropship.connection"

    mail_from = fields.Char("Sender", help="Whose name suppliers see. Empty: the company's e-mail.")
    mail_reply_to = fields.Char(
        string="Answers Go To",
        help="An address this system fetches mails of. Every order gets an address of its own made from it: "
        "orders@shop.example becomes orders+code@shop.example. Empty: supplier-orders at the company's mail domain.",
    )
    mail_to = fields.Char(
        "Orders Go To", help="Addresses separated by commas. Empty: each supplier's own order contact."
    )
    mail_server_id = fields.Many2one(
        "ir.mail_server", groups="base.group_system", help="Empty: the one that fits the sender."
    )
    mail_authserv = fields.Char(
        string="Our Mail Server Checks Senders",
        help="The name your incoming mail server writes into Authentication-Results, such as mx.shop.example. "
        "Answers then count only when it vouches for the sender's domain (DMARC, DKIM or SPF).",
    )

    @api.model
    def _connection_kinds(self):
        return [*super()._connection_kinds(), ("email", self.env._("E-mail"))]

    @api.constrains("mail_from", "mail_reply_to", "mail_to")
    def _check_mail_addresses(self):
        for connection in self:
            for text, many in (
                (connection.mail_from, False),
                (connection.mail_reply_to, False),
                (connection.mail_to, True),
            ):
                found = tools.email_split(text or "")
                if text and (not found or (len(found) > 1 and not many) or not all(map(str.isascii, found))):
                    raise ValidationError(
                        self.env._('"%s" is no e-mail address. Write it like orders@shop.example.', text)
                    )

    def write(self, vals):
        """Override: where orders go is an administrator's word, as the address of a system is."""
        leads = {"mail_to", "mail_authserv"} & set(vals)
        if leads and not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may change where a connection leads."))
        return super().write(vals)

    def _mail_recipients(self, supplier):
        """The addresses orders for a supplier go to.

        :raise UserError: nobody knows where to
        """
        self.ensure_one()
        found = tools.email_split(self.mail_to or "") or supplier._order_addresses()
        if not found:
            raise UserError(
                self.env._(
                    "%s has no e-mail address for orders: enter it on the supplier's contact and press Retry.",
                    supplier.name or self.name,
                )
            )
        return [address.lower() for address in found]

    def _mail_sender(self, company):
        """(name, address) orders are sent from.

        :raise UserError: there is none
        """
        self.ensure_one()
        text = self.mail_from or company.email or self.env["ir.mail_server"]._get_default_from_address() or ""
        found = email_split_tuples(text)
        if not found:
            raise UserError(
                self.env._("Enter the sender's address on the connection %s, or an e-mail of the company.", self.name)
            )
        name, address = found[0]
        return name or company.name, address

    def _mail_reply_address(self, company, token=""):
        """Where answers go; with the token of a message its own address."""
        self.ensure_one()
        found = tools.email_split(self.mail_reply_to or "")
        if found:
            address = found[0]
        elif company.alias_domain_id:
            address = f"{REPLY_ALIAS}@{company.alias_domain_id.name}"
        else:
            address = self._mail_sender(company)[1]
        local, _at, domain = address.lower().rpartition("@")
        return f"{local}+{token}@{domain}" if token else f"{local}@{domain}"

    def _mail_session(self, address):
        """How to open the session with the mail server, as plain figures, and the address it lets us send from.

        :return: (job part, from address, filter of addresses)
        :raise UserError: there is no mail server
        """
        self.ensure_one()
        servers = self.env["ir.mail_server"].sudo()  # whoever confirms a sale does not read mail servers
        if servers._disable_send():
            return {"off": True}, address, False
        server, allowed = self.sudo().mail_server_id, address
        if not server:
            server, allowed = servers._find_mail_server(address)
        if server and server.smtp_authentication == "login":
            session = {
                "host": server.smtp_host,
                "port": server.smtp_port,
                "encryption": server.smtp_encryption or "none",
                "user": server.smtp_user or "",
                "password": server.smtp_pass or "",
            }
            return session, allowed, server.from_filter
        if server and server.smtp_authentication != "cli":
            return {"server_id": server.id, "smtp_from": allowed}, allowed, server.from_filter
        host = tools.config.get("smtp_server")
        if not host or (not server and host == "localhost"):
            raise UserError(
                self.env._("There is no outgoing mail server: add one under Settings ▸ Technical, and press Retry.")
            )
        session = {
            "host": host,
            "port": tools.config.get("smtp_port") or 25,
            "encryption": "starttls" if tools.config.get("smtp_ssl") else "none",
            "user": tools.config.get("smtp_user") or "",
            "password": tools.config.get("smtp_password") or "",
        }
        return session, allowed, servers._get_default_from_filter()

    @api.model
    def _format(self, name, address):
        return formataddr((name, address))


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    order_contact_id = fields.Many2one(
        "res.partner",
        domain="[('id', 'child_of', partner_id), ('email', '!=', False)]",
        help="Gets the orders by e-mail. Empty: the supplier's own address.",
    )

    def _order_addresses(self):
        return tools.email_split(self.order_contact_id.email or self.partner_id.email or "")

    def _known_addresses(self):
        """The addresses of everybody who may speak for the supplier."""
        self.ensure_one()
        partners_sudo = self.partner_id.sudo().commercial_partner_id  # contacts may be private to a user
        contacts = self.env["res.partner"].sudo().search([("id", "child_of", partners_sudo.ids)])
        found = {address for contact in contacts for address in tools.email_split(contact.email or "")}
        found.update(tools.email_split(self.connection_id.mail_to or ""))
        return {address.lower() for address in found}
