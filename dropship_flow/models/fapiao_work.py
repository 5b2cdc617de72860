"""What happens with invoices to issue: issued, put together, sent."""

from odoo import fields, models
from odoo.exceptions import UserError


class DropshipFapiao(models.Model):
    _inherit = "dropship.fapiao"

    def _lock(self):
        """Of two who issue or export at once the second is turned away."""
        self.lock_for_update()

    def _issue(self, number=None, date=None):
        """Write down that it was issued; send it where the file is there; what was credited since then comes back.

        :return: what moved; what is issued already with the same number is left alone
        """
        self._lock()
        moved = self.browse()
        for fapiao in self:
            vals = {"number": number or fapiao.number, "date": date or fapiao.date or fields.Date.context_today(self)}
            moved |= fapiao._set_state("red_issued" if fapiao.is_red else "issued", **vals)
        moved.filtered(lambda row: row.file and row.send_to)._send_fapiao()
        return moved

    def _merge(self):
        """Put the lines of several on the first.

        :raise UserError: when they are not for the same, or too much for one
        """
        if len(self) < 2 or any(fapiao.state != "wanted" for fapiao in self):
            raise UserError(self.env._("Choose two or more that are still to issue."))
        self._lock()
        key = ("company_id", "currency_id", "partner_id", "kind", "title", "tax_number")
        first, *others = self.sorted("id")
        for other in others:
            if any(first[name] != other[name] for name in key):
                names = {"one": first.serial, "other": other.serial}
                raise UserError(self.env._("%(one)s and %(other)s are for different titles.", **names))
        limit = first.company_id.dropship_fapiao_limit
        total = sum(self.mapped("amount_untaxed"))
        if limit and first.currency_id.compare_amounts(total, limit) > 0:
            shown = first.currency_id.format(limit)
            raise UserError(self.env._("Together they are above the limit of %s for one fapiao.", shown))
        rest = self - first
        rest.line_ids.write({"fapiao_id": first.id})
        first.move_ids = self.move_ids
        rest.move_ids = False
        rest.unlink()
        return first

    def _send_fapiao(self):
        """Queue the mail with the file."""
        template = self.env.ref("dropship_flow.mail_template_fapiao", raise_if_not_found=False)
        if not template:
            return
        for fapiao in self:
            attachment = (
                self.env["ir.attachment"]
                .sudo()
                .search(
                    [("res_model", "=", self._name), ("res_id", "=", fapiao.id), ("res_field", "=", "file")], limit=1
                )
            )
            name = fapiao.file_name or "fapiao"
            copy = attachment.copy({"res_field": False, "name": name, "res_id": 0, "res_model": "mail.message"})
            template.sudo().send_mail(fapiao.id, email_values={"attachment_ids": copy.ids})
            fapiao.sent_at = fields.Datetime.now()
