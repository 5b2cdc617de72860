from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DropshipReportRecipient(models.Model):
    """Who gets the monthly pack by mail, in which language, from which day of the next month on."""

    _name = "dropship.report.recipient"
    _description = "Recipient of the Monthly Pack"
    _order = "company_id, partner_id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Recipient", required=True, index=True, ondelete="cascade")
    email = fields.Char(related="partner_id.email", string="Mail Address")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language", required=True,
        compute="_compute_lang", store=True, readonly=False, precompute=True,
    )  # fmt: skip
    day = fields.Integer(
        string="Day of the Month", required=True, default=5,
        help="On this day the pack of the month before is made and sent; late bills should be in by then. 1 to 28.",
    )  # fmt: skip
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex("(company_id, partner_id)", "This person is on the list.")

    @api.depends("partner_id")
    def _compute_lang(self):
        for recipient in self:
            recipient.lang = recipient.partner_id.lang or recipient.lang or self.env.lang or "en_US"

    @api.constrains("day")
    def _check_day(self):
        if any(not 1 <= recipient.day <= 28 for recipient in self):
            raise ValidationError(self.env._("Choose a day from 1 to 28: every month has those."))

    @api.constrains("partner_id")
    def _check_email(self):
        for recipient in self:
            if not recipient.partner_id.sudo().email:
                raise ValidationError(
                    self.env._("%s has no mail address: enter it on the contact first.", recipient.partner_id.name)
                )


class DropshipReportDelivery(models.Model):
    """That a pack went to somebody. Written once; who has it does not get it again."""

    _name = "dropship.report.delivery"
    _description = "Mailed Monthly Pack"
    _order = "id desc"
    _rec_name = "partner_id"

    pack_id = fields.Many2one("dropship.report.pack", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pack_id.company_id", store=True, index=True)
    month = fields.Date(related="pack_id.month", store=True)
    partner_id = fields.Many2one("res.partner", string="Recipient", required=True, readonly=True, ondelete="restrict")
    email = fields.Char(string="Mail Address", readonly=True)
    sent_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(pack_id, partner_id)", "This person has this pack.")
