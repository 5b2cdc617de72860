import functools
import hashlib
import hmac
import logging

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..address.ship_to import lines as ship_to_lines
from ..connectors import email_smtp
from ..connectors.email_read import MARK
from ..connectors.outcome import PARKED, SENT, Outcome
from .exchange import _lines

_logger = logging.getLogger(__name__)

# What a mail can say; of other messages nobody wrote how.
KINDS = ("order", "cancel", "change", "pay", "ask")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    mail_id = fields.Char(
        string="Message-ID", readonly=True, copy=False, index="btree_not_null", help="Answers refer to it."
    )
    mail_token = fields.Char(readonly=True, copy=False, index="btree_not_null", groups="base.group_system")

    def _end_of(self, outcome):
        """Override: who cannot be asked is not asked again and again."""
        state, values = super()._end_of(outcome)
        if state == "sent" and not self.env["dropship.connector"]._can_ask(self.connection_id):
            values["next_try"] = False
        return state, values

    def _mail_name(self):
        """What the mail is about, the same words every time: a copy is recognised by them."""
        self.ensure_one()
        if self.purchase_id:
            return f"PO {self.purchase_id.name} rev {self.revision}"
        return str((self.content or {}).get("ref") or self.display_name)

    def _mail_identity(self, domain):
        """Give the message its Message-ID and the secret of its reply address, once and for ever."""
        self.ensure_one()
        if not self.mail_id:
            secret = self.env["ir.config_parameter"].sudo().get_param("database.secret") or ""
            token = hmac.new(secret.encode(), f"dropship mail {self.key}".encode(), hashlib.sha256).hexdigest()[:24]
            self.write({"mail_id": f"<{self.key[:32]}.{self.revision}@{domain}>", "mail_token": token})
        return self.mail_id, self.sudo().mail_token

    def _mail_thread(self):
        """The Message-IDs of our mails about the same purchase before this one, oldest first."""
        self.ensure_one()
        if not self.purchase_id:
            return []
        earlier = self.search(
            [
                ("purchase_id", "=", self.purchase_id.id),
                ("direction", "=", "out"),
                ("id", "<", self.id),
                ("mail_id", "!=", False),
            ],
            order="id",
        )
        return earlier.mapped("mail_id")


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _prepare_email(self, message):
        """The whole mail, and how to open the session; the call needs no record.

        :raise UserError: an address or the mail server is missing
        """
        connection, company = message.connection_id, message.company_id
        recipients = connection._mail_recipients(message.supplier_id)
        name, address = connection._mail_sender(company)
        session, allowed, allowed_filter = connection._mail_session(address)
        allowed = tools.email_normalize(allowed) or address
        mail_id, token = message._mail_identity(address.rpartition("@")[2])
        reply_to = connection._mail_reply_address(company, token)
        servers = self.env["ir.mail_server"]
        envelope = reply_to if servers._match_from_filter(reply_to, allowed_filter) else allowed
        if not all(map(str.isascii, [*recipients, allowed, envelope])):
            raise UserError(self.env._("E-mail addresses of orders consist of plain letters: correct them."))
        payload = self._mail_payload(message)
        thread = message._mail_thread()
        subject = message._mail_name()
        mail = servers._build_email__(
            connection._format(name, allowed),
            recipients,
            f"Re: {subject}" if thread else subject,
            self._mail_body(message, payload),
            reply_to=connection._format(name, reply_to),
            attachments=self._mail_attachments(message),
            message_id=mail_id,
            references=" ".join(thread),
            subtype="html",
            headers={"In-Reply-To": thread[-1]} if thread else {},
        )
        return {
            "kind": message.kind,
            "session": session,
            "sender": envelope,
            "recipients": recipients,
            "data": mail.as_bytes(),
            "payload": {**payload, "mail": {"to": ", ".join(recipients), "subject": mail["Subject"]}},
        }

    @api.model
    def _call_email(self, job):
        if job["kind"] not in self._mail_kinds():
            return Outcome(PARKED, error=f"E-mail knows no message {job['kind']!r}.")
        session = job["session"]
        if session.get("off"):  # Odoo sends no mail in tests and while it is installed
            return Outcome(SENT)
        if "server_id" in session:
            opening = functools.partial(self._open_by_odoo, session)
        else:
            opening = functools.partial(email_smtp.session, **session)
        return email_smtp.send(opening, job["sender"], job["recipients"], job["data"])

    @api.model
    def _mail_kinds(self):
        """What a mail can say. Other addons extend the list."""
        return KINDS

    @api.model
    def _open_by_odoo(self, session):
        """A session of a server that signs in by certificate or token: Odoo knows how. What it read ends with it."""
        smtp = (
            self.env["ir.mail_server"]
            .sudo()
            ._connect__(mail_server_id=session["server_id"], smtp_from=session["smtp_from"])
        )
        self.env["dropship.exchange"]._commit_step()
        return smtp

    # --- what the mail says ---

    @api.model
    def _mail_payload(self, message):
        payload = {**(message.content or {})}
        if message.purchase_id:
            payload = {"ref": message.purchase_id.name, "revision": message.revision, **payload}
        if message.kind == "order":
            payload |= self._order_payload(message.purchase_id)
        return payload

    @api.model
    def _mail_lang(self, supplier):
        lang = supplier.partner_id.lang
        return lang if lang in dict(self.env["res.lang"].get_installed()) else "en_US"

    @api.model
    def _mail_body(self, message, payload):
        lang = self._mail_lang(message.supplier_id)
        values = {
            "mark": MARK,
            "message": message.with_context(lang=lang),
            "kind": message.kind,
            "payload": payload,
            "company": message.company_id.name,
            "purchase": message.purchase_id.with_context(lang=lang),
            "particulars": "\n".join(_lines(message.content or {})),
            "address": self._mail_address(payload),
            "sender": ", ".join(str(value) for value in (payload.get("sender") or {}).values() if value),
        }
        return str(
            self.env["ir.qweb"].with_context(lang=lang)._render("dropship_flow.supplier_mail", values, lang=lang)
        )

    @api.model
    def _mail_address(self, payload):
        """The label's lines, with the phone the carrier needs."""
        ship_to = payload.get("ship_to") or {}
        return [*ship_to_lines(ship_to), *filter(None, [ship_to.get("phone")])]

    @api.model
    def _mail_attachments(self, message):
        """The order as PDF and as a sheet that can be filled in and sent back."""
        purchase = message.purchase_id
        if message.kind != "order":
            return []
        lang = self._mail_lang(message.supplier_id)
        found = []
        try:
            report = self.env["ir.actions.report"].with_context(lang=lang)
            content, kind = report._render_qweb_pdf("purchase.action_report_purchase_order", purchase.ids)
            if kind == "pdf":
                found.append((f"{purchase.name.replace('/', '-')}.pdf", content, "application/pdf"))
        except UserError:  # no PDF program on this server: the mail says all of it in words too
            _logger.warning("Purchase order %s goes out without its PDF", purchase.id)
        sheet = getattr(purchase, "_dropship_order_sheet", None)
        if sheet:
            name, content = sheet(lang)
            found.append((name, content, XLSX))
        return found
