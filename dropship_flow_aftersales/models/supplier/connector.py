"""How messages about returns and claims become calls and mails, by the kind of the connection."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.connectors.email_read import MARK
from odoo.addons.dropship_flow.connectors.outcome import SENT, Outcome

from ...connectors import json_returns
from .exchange import KINDS


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _can_ask_returns(self, connection):
        """Whether the other side can be asked what it says to returns and claims."""
        return hasattr(self, f"_ask_returns_{connection.kind}")

    # --- the open JSON API ---

    @api.model
    def _call_json_api(self, job):
        """Override: returns and claims have addresses of their own."""
        if job["kind"] not in KINDS:
            return super()._call_json_api(job)
        return json_returns.send(
            job["client"], job["endpoint"], job["headers"], job["kind"], job["payload"], job["key"]
        )

    @api.model
    def _ask_returns_json_api(self, connection, what, refs):
        """:return: ({ref: reply}, Outcome)"""
        client, headers = connection._client()
        return json_returns.look_up(client, connection.endpoint.rstrip("/"), headers, what, refs)

    # --- e-mail ---

    @api.model
    def _mail_kinds(self):
        return (*super()._mail_kinds(), *KINDS)

    @api.model
    def _mail_body(self, message, payload):
        """Override: what he can answer, and his page for whoever prefers it."""
        if not message._about_return():
            return super()._mail_body(message, payload)
        lang = self._mail_lang(message.supplier_id)
        values = {
            "mark": MARK,
            "kind": message.kind,
            "payload": payload,
            "company": message.company_id.name,
            "url": message._desk_url(),
        }
        template = "dropship_flow_aftersales.supplier_return_mail"
        return str(self.env["ir.qweb"].with_context(lang=lang)._render(template, values, lang=lang))

    # --- the supplier's page ---

    @api.model
    def _prepare_desk(self, message):
        """Override: one mail for each return or claim; what it is about stands on the page."""
        if not message._about_return():
            return super()._prepare_desk(message)
        if not message.mailed_at:
            self._desk_return_mail(message, self._desk_contact(message.supplier_id))
        payload = {"ref": (message.content or {}).get("ref"), "revision": message.revision}
        return {"kind": message.kind, "payload": payload, "key": message.key}

    @api.model
    def _call_desk(self, job):
        return Outcome(SENT) if job["kind"] in KINDS else super()._call_desk(job)

    @api.model
    def _desk_return_mail(self, message, contact):
        """Tell him that something waits on his page; the mail queue sends it."""
        supplier, company = message.supplier_id, message.company_id
        lang = contact.lang or supplier.partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        values = {
            "mark": "",
            "kind": message.kind,
            "payload": message.content or {},
            "company": company.dropship_sender_name or company.name,
            "url": message.with_env(env)._desk_url(),
        }
        subjects = {
            "return": env._("Return %s", values["payload"].get("ref")),
            "return_parcel": env._("Return %s is on its way to you", values["payload"].get("ref")),
            "return_cancel": env._("Return %s was called off", values["payload"].get("ref")),
            "claim": env._("Claim %s", values["payload"].get("ref")),
            "claim_objection": env._("Our objection in claim %s", values["payload"].get("ref")),
        }
        body = env["ir.qweb"]._render("dropship_flow_aftersales.supplier_return_mail", values, lang=lang)
        mail_sudo = self.env["mail.mail"].sudo()  # the relay writes it, nobody needs the right to
        mail = mail_sudo.create(
            {
                "subject": subjects[message.kind],
                "body_html": body,
                "email_to": contact.email_formatted,
                "email_from": company.email_formatted or False,
                "auto_delete": True,
            }
        )
        message.mailed_at = fields.Datetime.now()
        return mail


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    def _desk_url(self):
        """A link that opens his page at what the message is about. It is kept nowhere but in the mail."""
        self.ensure_one()
        _link, url = self.env["dropship.supplier.link"]._make(self.supplier_id, self.company_id)
        if self.side_id:
            return f"{url}/returns/{self.side_id.id}"
        return f"{url}/claims/{self.claim_id.id}" if self.claim_id else f"{url}/returns"
