import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..models.notification import LAYOUT
from ..models.notification_export import as_csv, as_xlsx


class DropshipNotificationPreview(models.TransientModel):
    """How a message looks for an order, before anybody gets it."""

    _name = "dropship.notification.preview"
    _description = "Preview of a Message"

    rule_id = fields.Many2one("dropship.notification.rule", required=True, ondelete="cascade")
    order_id = fields.Many2one(
        "sale.order", string="For Order", domain=[("dropship_shipment_ids", "!=", False)], ondelete="cascade"
    )
    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", ondelete="cascade")
    lang = fields.Selection(selection="_langs", string="Language", help="Empty: the customer's.")
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False)
    short_text = fields.Text(readonly=True)

    @api.model
    def _langs(self):
        return self.env["res.lang"].get_installed()

    def action_show(self):
        """Show it with what was chosen."""
        self.ensure_one()
        self.write(self._rendered())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Show This Message"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _rendered(self):
        """Subject, body and short text, made with a message that is never kept."""
        empty = {"subject": False, "body": False, "short_text": False}
        order, rule = self.order_id, self.rule_id
        if not order:
            return empty
        order.check_access("read")
        result = dict(empty)
        try:
            with self.env.cr.savepoint() as kept:
                row_sudo = self._sample(order, rule)
                order_lang = order.sudo().with_context(lang=row_sudo.lang)
                if rule.mail_template_id:
                    template = row_sudo._in_words(rule.mail_template_id)
                    made = template._generate_template(order.ids, ("subject", "body_html"))[order.id]
                    result["subject"] = made["subject"]
                    result["body"] = template._render_encapsulate(
                        LAYOUT,
                        made["body_html"],
                        add_context={
                            "company": order.sudo().company_id,
                            "model_description": self.env["ir.model"].with_context(lang=row_sudo.lang)._get(
                                "sale.order"
                            ).display_name,
                        },
                        context_record=order_lang,
                    )
                if rule.sms_template_id:
                    result["short_text"] = row_sudo._short_text(rule.sms_template_id)
                self.env.flush_all()
                kept.rollback()
                self.env.invalidate_all(flush=False)
        except UserError as error:
            result["short_text"] = str(error)
        return result

    def _box(self):
        """The chosen parcel, where it is one of the order; else the order's first."""
        boxes = self.env["dropship.shipment"].search([("order_id", "=", self.order_id.id)])
        return self.shipment_id & boxes or boxes[:1]

    def _sample(self, order, rule):
        """The message as the customer would get it."""
        today = fields.Date.to_string(fields.Date.today())
        rows_sudo = self.env["dropship.notification"].sudo()  # rolled back at once
        lang = self.lang or order.sudo().partner_id.lang or self.env.lang
        return rows_sudo.create(
            {
                "order_id": order.id,
                "shipment_id": self._box().id,
                "fact": rule.fact,
                "key": "preview",
                "audience": "customer",
                "partner_id": order.sudo().partner_id.id,
                "channel": "email",
                "lang": lang,
                "rule_id": rule.id,
                "said": {"date": today, "reason": self.env._("(the reason)")},
            }
        )

    def action_send_to_me(self):
        """Send the mail to oneself."""
        self.ensure_one()
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Looking at messages needs the right Dropshipping / User."))
        address = email_normalize(self.env.user.email or "")
        made = self._rendered()
        if not address:
            raise UserError(self.env._("You have no e-mail address. Enter one in your preferences."))
        if not made["body"]:
            raise UserError(self.env._("There is no mail to send: choose an order, and a rule with a mail."))
        # Desk people may not write mails of the system; this one goes to themselves only.
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._("[Test] %s", made["subject"] or ""),
                "body_html": made["body"],
                "email_to": address,
                "email_from": self.order_id.company_id.sudo().email_formatted or self.env.user.email_formatted,
                "auto_delete": True,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("On its way to %s.", address),
                       "next": {"type": "ir.actions.act_window_close"}},
        }  # fmt: skip


class DropshipStatusFile(models.TransientModel):
    """A file of parcels' numbers and states to download."""

    _name = "dropship.status.file"
    _description = "Status Export"

    kind = fields.Selection([("xlsx", "Excel"), ("csv", "CSV")], required=True, default="xlsx")
    shipment_ids = fields.Many2many("dropship.shipment", "dropship_status_file_shipment_rel")
    channel_id = fields.Many2one("dropship.sales.channel", help="Then the file is of its orders, not of parcels.")
    content = fields.Binary(compute="_compute_content", attachment=False)
    filename = fields.Char(compute="_compute_content")

    @api.depends("kind", "shipment_ids", "channel_id")
    def _compute_content(self):
        for file in self:
            rows = file.channel_id._status_rows() if file.channel_id else file.shipment_ids._status_rows()
            file.content = base64.b64encode(as_csv(rows) if file.kind == "csv" else as_xlsx(rows))
            file.filename = f"{'orders' if file.channel_id else 'parcels'}.{file.kind}"
