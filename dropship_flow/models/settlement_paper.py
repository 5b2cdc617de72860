"""The statement on paper, as a workbook and by mail, in the supplier's language."""

from odoo import models
from odoo.tools import format_date

from ..papers import TYPES
from ..settling.workbook import statement_workbook

# Of a longer statement the PDF has the differences and the sums; the workbook has every line.
MOST_ROWS = 2000


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    def _in_supplier_language(self):
        lang = self.supplier_id.sudo().partner_id.lang  # whoever sends it need not read the contact
        return self.with_context(lang=lang) if lang else self

    def _paper_facts(self):
        """[(words, amount)]: the sums of the statement, as they stand one below the other."""
        self.ensure_one()
        rows = [
            (self.env._("Opening balance"), self.opening, True),
            (self.env._("Later entries"), self.later, False),
            (self.env._("+ Bills"), self.billed, True),
            (self.env._("− Credit notes"), -self.credited, True),
            (self.env._("− Payments"), -self.paid, True),
            (self.env._("± Adjustments"), self.adjusted, False),
            (self.env._("= Closing balance"), self.closing, True),
        ]
        return [(words, amount) for words, amount, always in rows if always or amount]

    def _paper_period(self):
        until = format_date(self.env, self.date_to)
        return f"{format_date(self.env, self.date_from)} – {until}" if self.date_from else self.env._("Until %s", until)

    def _paper_rows(self):
        """(rows of the PDF, how many were left out)"""
        rows = self._statement_rows()
        if len(rows) <= MOST_ROWS:
            return rows, 0
        wanted = [row for row in rows if row["type"] != "line" or row["difference"]][:MOST_ROWS]
        return wanted, len(rows) - len(wanted)

    def _paper_name(self, suffix):
        name = self.name.replace("/", "-")
        return f"{self.env._('Statement %s', name)}.{suffix}"

    def _pdf(self):
        """The statement as PDF, for who has been found to have the right to it."""
        self.ensure_one()
        speaking = self._in_supplier_language()
        reports_sudo = self.env["ir.actions.report"].sudo().with_context(lang=speaking.env.lang)
        content, _kind = reports_sudo._render_qweb_pdf("dropship_flow.action_report_settlement", self.ids)
        return content

    def _xlsx(self):
        """The statement as a workbook, all its lines."""
        self.ensure_one()
        env = self.env
        facts = [
            (env._("Supplier"), self.supplier_id.name),
            (env._("Company"), self.company_id.name),
            (env._("Period"), self._paper_period()),
            (env._("Currency"), self.currency_id.name),
            *self._paper_facts(),
        ]
        if self.state == "sent" and self.objection_until:
            facts.append((env._("Objections until"), self.objection_until))
        headings = (
            env._("Date"), env._("Document"), env._("Reference"), env._("Less owed"), env._("More owed"),
            env._("Balance"), env._("Due"), env._("State"), env._("Difference"),
        )  # fmt: skip
        title = env._("Statement %s", self.name)
        return statement_workbook(title, facts, headings, self._statement_rows(), self.currency_id.decimal_places)

    def action_print(self):
        return self.env.ref("dropship_flow.action_report_settlement").report_action(self)

    def action_xlsx(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/dropship/statement/{self.id}.xlsx", "target": "download"}

    # ------------------------------------------------------------------
    # By mail
    # ------------------------------------------------------------------

    def _send_statement(self):
        """A mail with both papers and the way to the supplier's desk; it leaves with the mail queue."""
        template_sudo = self.env.ref("dropship_flow.mail_settlement").sudo()
        for settlement in self:
            partner_sudo = settlement.supplier_id.sudo().partner_id
            if not partner_sudo.email:
                settlement.message_post(
                    body=self.env._(
                        "%s has no mail address: hand the statement over as PDF, or send the link of the supplier's "
                        "desk.",
                        settlement.supplier_id.name,
                    )
                )
                continue
            attachments = settlement.sudo()._mail_papers()
            # The way to his desk is a secret: it is in the mail and nowhere on our record.
            template_sudo.with_context(dropship_desk=settlement._desk_address()).send_mail(
                settlement.id,
                email_values={"attachment_ids": [(6, 0, attachments.ids)], "model": False, "res_id": False},
                email_layout_xmlid="mail.mail_notification_light",
            )
            settlement.message_post(
                body=self.env._("Sent to %s.", partner_sudo.email_formatted), attachment_ids=attachments.ids
            )

    def _mail_papers(self):
        speaking = self._in_supplier_language()
        papers = (("pdf", self._pdf(), TYPES["pdf"][0]), ("xlsx", speaking._xlsx(), TYPES["xlsx"][0]))
        return self.env["ir.attachment"].create(
            [
                {"name": speaking._paper_name(suffix), "raw": content, "mimetype": mimetype, "res_model": self._name,
                 "res_id": self.id}
                for suffix, content, mimetype in papers
            ]
        )  # fmt: skip

    def _desk_address(self):
        """Where the supplier finds the statement."""
        self.ensure_one()
        links_sudo = self.env["dropship.supplier.link"].sudo()  # who may send it, may send the way to it
        _link, url = links_sudo._make(self.supplier_id, self.company_id)
        return f"{url}/statements/{self.id}"

    def _mail_day(self):
        return format_date(self.env, self.objection_until) if self.objection_until else ""

    def _mail_amount(self):
        return self.currency_id.format(self.closing)
