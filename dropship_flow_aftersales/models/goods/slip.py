"""The slip a customer puts into his parcel: our number of the case, what is in it, and where it goes."""

from odoo import models


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _slip_lang(self):
        """The customer's language, where it is installed."""
        self.ensure_one()
        wanted = self.partner_id.lang
        return wanted if wanted and self.env["res.lang"].sudo()._lang_get(wanted) else (self.env.lang or "en_US")

    def _slip_pages(self):
        """One page for each place the goods go to; plain data, no supplier's name in it.

        :return: [{"number", "sender", "address": [text, …], "lines": [{"name", "qty", "unit"}, …]}, …]
        """
        self.ensure_one()
        case_sudo = self.sudo().with_context(lang=self._slip_lang(), display_default_code=False)
        wanted = case_sudo.line_ids.filtered(lambda line: line.qty_back) or case_sudo.line_ids
        groups = wanted.grouped("warehouse_id") if case_sudo.destination == "supplier" else {None: wanted}
        return [
            {
                "number": case_sudo.name,
                "sender": case_sudo.partner_id.name or "",
                "address": case_sudo._return_address(warehouse),
                "lines": [
                    {
                        "name": line.product_id.display_name,
                        "qty": line.qty_back or line.qty,
                        "unit": line.uom_id.name,
                    }
                    for line in lines
                ],
            }
            for warehouse, lines in groups.items()
        ]
