"""The pack by mail: on a day of the month by itself, or when somebody says so; to each person once."""

import logging

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.state_mixin import lock_written
from odoo.exceptions import UserError

from ...monthly import TYPES

_logger = logging.getLogger(__name__)


class DropshipReportPack(models.Model):
    _inherit = "dropship.report.pack"

    def action_send(self):
        """Mail it to its recipients who do not have it yet."""
        self.check_access("write")
        for pack in self:
            people = pack._recipients()
            if not people:
                raise UserError(
                    self.env._("Nobody gets this pack: choose recipients here, or enter them in the settings.")
                )
            if pack.state == "draft":
                pack.action_make()
            sent = pack._send_to(people)
            if len(self) == 1:
                return self._sent_notice(sent)
        return True

    def _sent_notice(self, people):
        message = self.env._("Everybody has it already.")
        if people:
            message = self.env._("Sent to %s.", ", ".join(people.mapped("display_name")))
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"message": message, "type": "success" if people else "info",
                       "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }  # fmt: skip

    def _recipients(self):
        """Whom it is for: who is chosen on the pack, else who is on the list with its language."""
        self.ensure_one()
        if self.partner_ids:
            return self.partner_ids
        domain = [("company_id", "=", self.company_id.id), ("lang", "=", self.lang)]
        return self.env["dropship.report.recipient"].sudo().search(domain).partner_id

    def _send_to(self, people):
        """Queue a mail with both files to each who does not have this pack; audience: people of the company's choice.

        :return: those it goes to now
        :raise UserError: when one has no mail address; nothing is sent then
        """
        self.ensure_one()
        lock_written(self, ["state"])
        people -= self.delivery_ids.partner_id
        silent = people.sudo().filtered(lambda partner: not partner.email)
        if silent:
            names = ", ".join(silent.mapped("display_name"))
            raise UserError(self.env._("%s has no mail address: enter it on the contact first.", names))
        if not people:
            return people
        files = self._mail_files()
        template_sudo = self.env.ref("dropship_flow_reports.mail_report_pack").sudo()
        for partner_sudo in people.sudo():  # the contacts of recipients need not be readable
            template_sudo.with_context(dropship_reader=partner_sudo.name).send_mail(
                self.id,
                email_values={
                    "recipient_ids": [(6, 0, partner_sudo.ids)], "attachment_ids": [(6, 0, files.ids)],
                    "model": False, "res_id": False,
                },
                email_layout_xmlid="mail.mail_notification_light",
            )  # fmt: skip
        with self._first_come():
            deliveries_sudo = self.env["dropship.report.delivery"].sudo()
            deliveries_sudo.create(
                [
                    {"pack_id": self.id, "partner_id": partner_sudo.id, "email": partner_sudo.email,
                     "sent_at": fields.Datetime.now()}
                    for partner_sudo in people.sudo()
                ]
            ).flush_recordset()  # fmt: skip
        self.message_post(body=self.env._("Sent to %s.", ", ".join(people.sudo().mapped("email_formatted"))))
        self._set_state("sent")
        return people

    def _mail_amount(self, name):
        return self.currency_id.with_context(lang=self.lang).format(self[name])

    def _mail_files(self):
        """Both files as attachments of the pack; the same for everybody."""
        files = ((self.pdf_name, self.pdf_file, TYPES["pdf"]), (self.xlsx_name, self.xlsx_file, TYPES["xlsx"]))
        attachments_sudo = self.env["ir.attachment"].sudo()
        names = [name for name, _content, _type in files]
        known = attachments_sudo.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False), ("name", "in", names)]
        )
        if len(known) == len(files):
            return known
        return attachments_sudo.create(
            [
                {"name": name, "datas": content, "mimetype": kind, "res_model": self._name, "res_id": self.id}
                for name, content, kind in files
            ]
        )

    # --- by itself ---

    @api.model
    def _cron_send(self):
        """Make and send the packs of the month before to whom it is time for: one company and language at a time."""
        groups = self.env["dropship.report.recipient"].search([])._due()
        for done, ((company, lang, month), people) in enumerate(groups.items(), 1):
            try:
                with self.env.cr.savepoint():
                    self._scheduled(company, lang, month)._send_to(people)
            except UserError as error:  # one company's trouble is not the others'
                _logger.warning("The monthly pack of %s was not sent: %s", company.name, error)
            self.env["ir.cron"]._commit_progress(1, remaining=len(groups) - done)

    @api.model
    def _scheduled(self, company, lang, month):
        """The pack of that month in that language, made; the last version where there are several."""
        domain = [("company_id", "=", company.id), ("lang", "=", lang), ("month", "=", month)]
        pack = self.search(domain, order="version desc", limit=1)
        if not pack:
            with self._first_come():
                pack = self.create({"company_id": company.id, "lang": lang, "month": month})
                pack.flush_recordset()
        pack.action_make()
        return pack


class DropshipReportRecipient(models.Model):
    _inherit = "dropship.report.recipient"

    def _due(self):
        """{(company, language, month): people} whose day has come and who have nothing of that month yet."""
        groups = {}
        for recipient in self:
            company = recipient.company_id
            today = fields.Date.context_today(recipient.with_context(tz=company.partner_id.tz or self.env.user.tz))
            month = self.env["dropship.report.pack"]._month_before(today)
            if today.day < recipient.day or recipient._has(month):
                continue
            key = company, recipient.lang, month
            groups[key] = groups.get(key, self.env["res.partner"]) | recipient.partner_id
        return groups

    def _has(self, month):
        domain = [
            ("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id), ("month", "=", month)
        ]  # fmt: skip
        return bool(self.env["dropship.report.delivery"].sudo().search_count(domain, limit=1))
