"""The supplier works on his page: what he has to know of goes there, and a mail says so."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..connectors.outcome import PARKED, SENT, Outcome

KINDS = ("order", "cancel", "change")
# So many orders are named in a mail; the rest is counted.
NAMED = 20


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    @api.model
    def _connection_kinds(self):
        return [*super()._connection_kinds(), ("desk", self.env._("Supplier desk"))]


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    order_contact_id = fields.Many2one(
        "res.partner",
        string="Orders Go To",
        domain="[('id', 'child_of', partner_id)]",
        ondelete="set null",
        index="btree_not_null",
        help="Who is told by mail of new orders. Empty: the supplier's own address.",
    )


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    mailed_at = fields.Datetime(readonly=True, copy=False, help="When the mail that tells of it was written.")


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _prepare_desk(self, message):
        """One mail for all that waits for this supplier. A message that is in a mail is never in another one."""
        supplier = message.supplier_id
        if message.kind in KINDS and not message.mailed_at:
            self._desk_mail(self._desk_waiting(message), self._desk_contact(supplier))
        refs = message.purchase_id.name or ""
        return {"kind": message.kind, "payload": {"ref": refs, "revision": message.revision}, "key": message.key}

    @api.model
    def _desk_contact(self, supplier):
        """Who is told by mail what waits on the supplier's page.

        :raise UserError: nobody can be
        """
        contact = supplier.order_contact_id or supplier.partner_id
        if not contact.email_normalized:
            raise UserError(
                self.env._("Enter the e-mail address of %s: he is told there of his orders.", contact.display_name)
            )
        return contact

    @api.model
    def _call_desk(self, job):
        if job["kind"] not in KINDS:
            return Outcome(PARKED, error=f"This connection knows no message {job['kind']!r}.")
        return Outcome(SENT)

    @api.model
    def _desk_waiting(self, message):
        """This message and all others to the supplier that nobody else is just sending."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM dropship_exchange
                    WHERE (id = %(id)s OR (connection_id = %(connection)s AND supplier_id = %(supplier)s
                           AND company_id = %(company)s AND direction = 'out' AND kind IN %(kinds)s
                           AND mailed_at IS NULL AND state IN ('ready', 'sending')))
                    ORDER BY id LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED""",
                id=message.id,
                connection=message.connection_id.id,
                supplier=message.supplier_id.id,
                company=message.company_id.id,
                kinds=KINDS,
            )
        )
        return message | message.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _desk_mail(self, messages, contact):
        """Write the mail; the mail queue sends it. Of the customers it names no more than the city."""
        first = messages[:1]
        supplier, company = first.supplier_id, first.company_id
        lang = contact.lang or supplier.partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        supplier = supplier.with_env(env)
        links = env["dropship.supplier.link"]
        if len(messages) == 1 and first.kind != "cancel":
            _link, url = links._make(supplier, company, purchase=first.purchase_id, revision=first.revision)
        else:
            _link, url = links._make(supplier, company)
        mine = fields.Domain("company_id", "=", company.id)
        purchases = env["purchase.order"]
        values = {
            "supplier": supplier,
            "company": company,
            "sender": company.dropship_sender_name or company.name,
            "rows": [self._desk_mail_row(message.with_env(env)) for message in messages[:NAMED]],
            "more": max(len(messages) - NAMED, 0),
            "open": purchases.search_count(
                (supplier._desk_domain("answer") | supplier._desk_domain("ship")) & mine
            ),
            "url": url,
        }
        body = env["ir.qweb"]._render("dropship_flow.supplier_desk_mail", values, lang=lang)
        new = messages.filtered(lambda message: message.kind == "order")
        if len(messages) == 1:
            subject = {
                "order": env._("New order %s", first.purchase_id.name),
                "cancel": env._("Please do not ship %s", first.purchase_id.name),
            }.get(first.kind, env._("Please look at %s", first.purchase_id.name))
        else:
            figures = {"count": len(messages), "new": len(new)}
            subject = env._("%(count)s messages about your orders, %(new)s of them new", **figures)
        mail = (
            self.env["mail.mail"]
            .sudo()  # the relay writes it, nobody needs the right to
            .create(
                {
                    "subject": subject,
                    "body_html": body,
                    "email_to": contact.email_formatted,
                    "email_from": company.email_formatted or False,
                    "auto_delete": True,
                }
            )
        )
        messages.write({"mailed_at": fields.Datetime.now()})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return mail

    @api.model
    def _desk_mail_row(self, message):
        purchase = message.purchase_id
        ship_to = purchase._dropship_ship_to() or {}
        return {
            "kind": message.kind,
            "name": purchase.name,
            "city": ship_to.get("city", "") if message.kind != "cancel" else "",
        }
