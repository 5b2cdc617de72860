from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tracking.telling import first_matches

FACTS = [
    ("shipped", "Said to have left"),
    ("moving", "Really moves"),
    ("out_for_delivery", "Out for delivery"),
    ("pickup", "Waits to be picked up"),
    ("attempt_failed", "Delivery failed"),
    ("customs", "In customs"),
    ("problem", "Problem on the way"),
    ("delivered", "Delivered"),
    ("all_delivered", "Everything delivered"),
    ("returning", "Comes back"),
    ("lost", "Lost"),
    ("late", "Promised day moves"),
    ("replaced", "Sent again"),
    ("receipt_ask", "Asked whether it arrived"),
]
RULE_AUDIENCES = [
    ("everyone", "Customer and receivers"),
    ("customer", "Customer only"),
    ("receiver", "Receivers only"),
    ("desk", "Responsible of the order"),
]
# Which of a rule's audiences each person belongs to.
AUDIENCES_OF = {
    "customer": ("everyone", "customer"),
    "receiver": ("everyone", "receiver"),
    "extra": ("everyone", "receiver"),
    "desk": ("desk",),
}
RULE_CHANNELS = [
    ("auto", "E-mail, else SMS, else list"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("list", "List for marketplace chat"),
]


class DropshipNotificationRule(models.Model):
    """Who is told what about parcels, in which words and on which way. An empty condition matches anything; for each
    person and way the first rule that matches counts."""

    _name = "dropship.notification.rule"
    _description = "Notification Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fact = fields.Selection(FACTS, string="When", required=True, index=True)
    audience = fields.Selection(RULE_AUDIENCES, string="Who Is Told", required=True, default="everyone")
    channel = fields.Selection(RULE_CHANNELS, string="How", required=True, default="auto")
    only_when_acts = fields.Boolean(
        string="Only When the Customer Must Act", help="E.g. customs wants papers, or the address was not found."
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    sales_channel_id = fields.Many2one(
        "dropship.sales.channel", check_company=True, help="Empty: orders of every channel."
    )
    country_ids = fields.Many2many(
        "res.country", "dropship_notification_rule_country_rel", string="Ship To", help="Empty: every country."
    )
    mail_template_id = fields.Many2one(
        "mail.template", string="Mail", domain=[("model", "=", "sale.order")], ondelete="restrict"
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="Short Text",
        domain=[("model", "=", "sale.order")],
        ondelete="restrict",
        help="For SMS and for marketplace chat.",
    )
    goes_on = fields.Boolean(string="Go On", help="Rules below that match count as well.")

    @api.depends("fact", "audience")
    @api.depends_context("lang")
    def _compute_name(self):
        facts = dict(self._fields["fact"]._description_selection(self.env))
        audiences = dict(self._fields["audience"]._description_selection(self.env))
        for rule in self:
            rule.name = f"{facts.get(rule.fact, '')} → {audiences.get(rule.audience, '')}"

    @api.constrains("channel", "mail_template_id", "sms_template_id", "active")
    def _check_templates(self):
        for rule in self.filtered("active"):
            mail = rule.channel in ("auto", "email") and not rule.mail_template_id
            text = rule.channel in ("auto", "sms", "list") and not rule.sms_template_id
            if mail or text:
                raise ValidationError(
                    self.env._(
                        'The rule "%(rule)s" has no words: '
                        "choose a mail for e-mails and a short text for SMS and chat.",
                        rule=rule.name,
                    )
                )
            for template in (rule.mail_template_id, rule.sms_template_id):
                if template and template.model != "sale.order":
                    raise ValidationError(
                        self.env._('"%s" is not made for sales orders: choose another one.', template.display_name)
                    )

    @api.model
    def _for_company(self, company):
        return self.search([("company_id", "in", (company.id, False))])

    def _that_count(self, fact, audience, order, sales_channel, acts):
        """The rules for a person: the first for each way.

        :param str audience: customer, receiver, extra or desk
        :param bool acts: whether the customer has to do something
        """
        country = order.partner_shipping_id.country_id or order.partner_id.country_id

        def wanted(rule):
            return (
                rule.fact == fact
                and rule.audience in AUDIENCES_OF[audience]
                and (acts or not rule.only_when_acts)
                and rule.company_id in (order.company_id, self.env["res.company"])
                and (not rule.sales_channel_id or rule.sales_channel_id == sales_channel)
                and (not rule.country_ids or country in rule.country_ids)
            )

        return self.browse().union(*first_matches(self, wanted))

    def action_preview(self):
        """See the finished message for an order, and send it to oneself."""
        self.ensure_one()
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Looking at messages needs the right Dropshipping / User."))
        box = self.env["dropship.shipment"].search([("order_id", "!=", False)], limit=1)
        preview = self.env["dropship.notification.preview"].create(
            {"rule_id": self.id, "order_id": box.order_id.id, "shipment_id": box.id}
        )
        return preview.action_show()
