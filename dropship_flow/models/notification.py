import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import html2plaintext
from odoo.tools.mail import formataddr
from psycopg2 import OperationalError

from ..tracking.telling import FACTS as STATE_FACTS
from ..tracking.telling import facts_now
from .lease_mixin import failpoint
from .notification_rule import FACTS
from .retention import KEEP_DAYS
from .sale_order import READERS

_logger = logging.getLogger(__name__)
SKIPPED = [
    ("passed", "It was passed already"),
    ("old", "It is too long ago"),
    ("covered", "Another message says it"),
    ("test", "Test order"),
    ("invented", "Invented order"),
    ("cancelled", "The order was cancelled"),
    ("void", "The parcel never left, or its number is another's"),
    ("no_address", "There is no address for this way"),
]
WAYS = [("email", "E-mail"), ("sms", "SMS"), ("list", "Marketplace chat")]
LAYOUT = "dropship_flow.mail_news_layout"
KEEP_DAYS["notification"] = 365


class DropshipNotification(models.Model):
    """Somebody is told something about a parcel or an order: once, whatever happens to the programs that tell it."""

    _name = "dropship.notification"
    _description = "Notification"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "subject"

    _transitions = frozenset(
        {
            ("due", "sent"),
            ("due", "listed"),
            ("due", "skipped"),
            ("due", "failed"),
            ("listed", "sent"),  # a person said it in the marketplace's chat
            ("listed", "skipped"),
            ("sent", "failed"),  # it came back
            ("failed", "due"),
            ("skipped", "due"),  # true again, or a person wants it told
        }
    )

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    fact = fields.Selection(FACTS, string="News", required=True)
    key = fields.Char(required=True, default="-", help="Tells news of one kind apart, e.g. one new day from another.")
    audience = fields.Selection(
        [("customer", "Customer"), ("receiver", "Receiver"), ("extra", "Others"), ("desk", "Responsible")],
        string="Who",
        required=True,
    )
    partner_id = fields.Many2one("res.partner", string="To", ondelete="set null", index="btree_not_null")
    channel = fields.Selection(WAYS, string="Way", required=True)
    address = fields.Char(help="E-mail address or phone number.")
    lang = fields.Char()
    rule_id = fields.Many2one("dropship.notification.rule", ondelete="set null")
    automatic = fields.Boolean(help="Decided from the parcel's state: it is left out when it is not true any more.")
    said = fields.Json(help="Figures of the message.")

    state = fields.Selection(
        [
            ("due", "Waits"),
            ("sent", "Told"),
            ("listed", "To tell by chat"),
            ("skipped", "Not told"),
            ("failed", "Failed"),
        ],
        required=True,
        default="due",
        index=True,
    )
    reason = fields.Selection(SKIPPED, string="Why Not")
    error = fields.Text()
    happened_at = fields.Datetime(string="Since")
    due_at = fields.Datetime(string="Not Before", help="After the quiet hours of who is told.")
    told_at = fields.Datetime(string="Told On", help="E-mails and SMS: when they were handed to the queue.")
    told_by_id = fields.Many2one("res.users", ondelete="set null")
    subject = fields.Char()
    text = fields.Text(string="Message")
    with_id = fields.Many2one(
        "dropship.notification", string="Told With", ondelete="set null", help="News of several parcels in one message."
    )
    mail_id = fields.Many2one("mail.mail", ondelete="set null", index="btree_not_null", groups="base.group_system")
    sms_id = fields.Many2one("sms.sms", ondelete="set null", index="btree_not_null", groups="base.group_system")

    number = fields.Char(related="shipment_id.number", string="Tracking Number")
    carrier_title = fields.Char(related="shipment_id.carrier_title", string="Carrier")
    buyer_reference = fields.Char(related="order_id.client_order_ref", string="Buyer's Reference")

    # One message for a fact; of several further receivers each has his own.
    _once = models.UniqueIndex(
        "(order_id, COALESCE(shipment_id, 0), fact, key, audience, channel,"
        " (CASE WHEN audience = 'extra' THEN COALESCE(partner_id, 0) ELSE 0 END))",
        "This was told already.",
    )
    _due = models.Index("(due_at, order_id) WHERE state = 'due'")
    _listed = models.Index("(company_id, id) WHERE state = 'listed'")

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _deliver(self):
        """Tell what is due, of one order: mails and SMS into their queues, the rest into the list. The rows must be
        taken. What cannot be written fails by itself and is kept with its error."""
        waiting = self.filtered(lambda row: row.state == "due")
        for row in waiting:
            reason = row._not_any_more()
            if reason:
                row._set_state("skipped", reason=reason)
        for rows in waiting.filtered(lambda row: row.state == "due")._bundles():
            try:
                with self.env.cr.savepoint():
                    rows._tell()
            except (OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                # Templates are written by people; one that breaks stops neither the parcel nor other messages.
                _logger.warning("Message %s of order %s cannot be written: %s", rows.ids, rows.order_id.name, error)
                rows._set_state("failed", error=f"{type(error).__name__}: {error}"[:500])
        failpoint("before_told")

    def _not_any_more(self):
        """Why a message that waited is not told any more; '' when it is."""
        self.ensure_one()
        shipment = self.shipment_id
        if self.order_id.state == "cancel":
            return "cancelled"
        if self.automatic and shipment and (shipment.state == "reverted" or not shipment.current):
            return "void"
        if self.automatic and shipment and self.fact in {*STATE_FACTS.values(), "shipped"}:
            now = facts_now(shipment.status, shipment.detail, shipment.status_at, shipment.state == "dispatched")
            if self.fact not in {fact.name for fact in now}:
                return "passed"
        return ""

    def _bundles(self):
        """What is told together: news of several parcels to one person on one way are one message."""
        bundles, single = {}, []
        for row in self.sorted("id"):
            if row.shipment_id and row.audience != "desk":
                bundles.setdefault((row.partner_id, row.address or "", row.channel), []).append(row.id)
            else:
                single.append(row)
        return [*(self.browse(ids) for ids in bundles.values()), *single]

    def _tell(self):
        """One message for these rows: of one person, on one way."""
        first = self[:1]
        mail_template, sms_template = self._templates()
        vals = {"told_at": fields.Datetime.now(), "reason": False, "error": False}
        if first.channel == "email":
            vals |= self._tell_by_mail(mail_template)
        elif first.channel == "sms":
            vals |= self._tell_by_sms(sms_template)
        else:
            vals |= {"text": self._short_text(sms_template), "told_at": False}
        state = "listed" if first.channel == "list" else "sent"
        first._set_state(state, **vals)
        rest = self - first
        if rest:
            rest._set_state("sent", **{**vals, "told_at": fields.Datetime.now(), "with_id": first.id})

    def _templates(self):
        """The mail and the short text: of the rule, or of the digest where several parcels are told about."""
        rule = self[:1].rule_id
        if len(self.shipment_id) > 1:
            mail = self.env.ref("dropship_flow.mail_news_digest", raise_if_not_found=False)
            text = self.env.ref("dropship_flow.sms_news_digest", raise_if_not_found=False)
            return mail or rule.mail_template_id, text or rule.sms_template_id
        return rule.mail_template_id, rule.sms_template_id

    def _in_words(self, template):
        """The template with all it needs to know, in the reader's language."""
        said = self[:1].said or {}
        return template.sudo().with_context(
            lang=self[:1].lang,
            dropship_news=self.ids,
            dropship_new_date=fields.Date.to_date(said.get("date")) if said.get("date") else False,
            dropship_reason=said.get("reason") or "",
        )

    def _tell_by_mail(self, template):
        first = self[:1]
        if not template:
            raise UserError(self.env._("The rule has no mail any more. Choose one."))
        own = first.partner_id.email_normalized == first.address
        values = {
            "recipient_ids": [(6, 0, first.partner_id.ids if own else [])],
            "email_to": False if own else formataddr((first.partner_id.name or "", first.address)),
            "email_cc": False,
            "is_notification": True,  # the message stays when the mail is cleaned up: answers find their order
            "auto_delete": True,
        }
        mail_id = self._in_words(template).send_mail(
            first.order_id.id, force_send=False, email_values=values, email_layout_xmlid=LAYOUT
        )
        mail = self.env["mail.mail"].sudo().browse(mail_id)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return {"mail_id": mail_id, "subject": mail.subject, "text": html2plaintext(mail.body_html or "").strip()}

    def _tell_by_sms(self, template):
        first = self[:1]
        text = self._short_text(template)
        message = self.env["mail.message"].sudo().create(
            {
                "model": "sale.order",
                "res_id": first.order_id.id,
                "record_company_id": first.company_id.id,  # whose account pays for it
                "message_type": "sms",
                "body": text,
            }
        )
        sms = self.env["sms.sms"].sudo().create(
            {
                "number": first.address,
                "body": text,
                "partner_id": first.partner_id.id,
                "mail_message_id": message.id,
            }
        )
        return {"sms_id": sms.id, "text": text}

    def _short_text(self, template):
        order = self[:1].order_id
        if not template:
            raise UserError(self.env._("The rule has no short text any more. Choose one."))
        text = self._in_words(template)._render_field("body", order.ids)[order.id]
        return "\n".join(line.strip() for line in str(text).strip().splitlines() if line.strip())

    def _came_back(self, why):
        """The queue could not deliver these messages."""
        for row in self.filtered(lambda row: row.state == "sent"):
            row._set_state("failed", error=(why or "")[:500])

    # ------------------------------------------------------------------
    # What people do with them
    # ------------------------------------------------------------------

    def _check_desk(self):
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Telling customers needs the right Dropshipping / User."))
        self.check_access("read")

    def action_tell_now(self):
        """Tell what waits, failed or was left out, at once and whatever the hour."""
        self._check_desk()
        # Messages are written by the flow, on behalf of who may read their orders.
        for rows_sudo in self.sudo().grouped("order_id").values():
            rows_sudo._tell_now()
        return True

    def _tell_now(self):
        now = fields.Datetime.now()
        again = self.filtered(lambda row: row.state in ("failed", "skipped"))
        again._set_state("due", reason=False, error=False)
        rows = self.filtered(lambda row: row.state == "due")
        rows.write({"due_at": now, "automatic": False})
        for row in rows.filtered(lambda row: row.channel != "list" and not row.address):
            row._set_state("failed", error=self.env._("There is no address. Enter it at the contact and try again."))
        rows.filtered(lambda row: row.state == "due")._deliver()

    def action_told(self):
        """It was said in the marketplace's chat."""
        self._check_desk()
        rows_sudo = self.sudo().filtered(lambda row: row.state == "listed")  # as above
        rows_sudo._set_state("sent", told_at=fields.Datetime.now(), told_by_id=self.env.uid)
        return True

    def action_leave_out(self):
        """Nobody needs to hear it."""
        self._check_desk()
        self.sudo().filtered(lambda row: row.state in ("due", "listed"))._set_state("skipped", reason="passed")
        return True

    def action_export_status(self):
        """Numbers and states of these parcels as a workbook, for a marketplace's page."""
        self._check_desk()
        return self.shipment_id._status_file_action("xlsx")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_notification_ids = fields.One2many(
        "dropship.notification", "order_id", string="Notifications", groups=READERS, copy=False
    )
    dropship_notification_count = fields.Integer(
        string="Notification Count", compute="_compute_dropship_notification_count", groups=READERS
    )

    @api.depends("dropship_notification_ids")
    def _compute_dropship_notification_count(self):
        counts = dict(
            self.env["dropship.notification"]._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.dropship_notification_count = counts.get(order, 0)

    def action_dropship_notifications(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_notification")
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override: news that no mail server takes are seen by the desk."""
        if failure_type:
            rows_sudo = self.env["dropship.notification"].sudo().search([("mail_id", "in", self.ids)])
            rows_sudo._came_back(str(failure_reason or failure_type))
        return super()._postprocess_sent_message(success_pids, success_emails, failure_reason, failure_type)


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _handle_call_result_hook(self, results):
        """Override: news that could not be sent are seen by the desk."""
        failed = self.filtered(lambda sms: sms.state == "error")
        if failed:
            labels = dict(self._fields["failure_type"]._description_selection(self.env))
            for sms in failed:
                rows_sudo = self.env["dropship.notification"].sudo().search([("sms_id", "=", sms.id)])
                rows_sudo._came_back(labels.get(sms.failure_type) or sms.failure_type)
        return super()._handle_call_result_hook(results)


class DropshipRetention(models.Model):
    _inherit = "dropship.retention"

    @api.model
    def _kept(self):
        """Override: what customers were told is kept for a while, too."""
        return [*super()._kept(), ("notification", self.env._("What customers were told"))]

    @api.model
    def _purge_notification(self, company, before, limit):
        domain = [("company_id", "=", company.id), ("create_date", "<", before), ("state", "not in", ("due", "listed"))]
        return self._delete("dropship.notification", domain, limit)
