from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_return_line_ids = fields.One2many(
        "dropship.return.line", "order_id", string="Lines in Cases", groups="dropship_flow.group_dropship_user"
    )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_return_line_ids = fields.One2many(
        "dropship.return.line", "order_line_id", string="Cases", groups="dropship_flow.group_dropship_user"
    )

    def _dropship_in_cases(self, but=None):
        """How many of each line are asked for in open cases: {line: quantity}.

        :param but: a case that does not count
        """
        rows_sudo = self.sudo().dropship_return_line_ids  # whoever asks for one thing need not see other cases
        rows_sudo = rows_sudo.filtered(lambda row: row.return_id.state == "open" and row.return_id != but)
        rows_sudo = rows_sudo.filtered(lambda row: row.return_id.acceptance not in ("refused", "cancelled"))
        found = dict.fromkeys(self, 0.0)
        for row in rows_sudo:
            found[row.order_line_id] += row.qty
        return found
