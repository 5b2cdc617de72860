from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settling import last_end


class DropshipSettlementMake(models.TransientModel):
    """Make the statements of some suppliers for a period."""

    _name = "dropship.settlement.make"
    _description = "Make Statements"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    supplier_ids = fields.Many2many("dropship.supplier", string="Suppliers", help="Empty: all with something booked.")
    date_from = fields.Date(
        string="First Statements From",
        help="Only for a supplier's first one: what is older becomes its opening balance.",
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: last_end("month", fields.Date.context_today(self)),
    )

    @api.onchange("date_to")
    def _onchange_date_to(self):
        if self.date_to and not self.date_from:
            self.date_from = self.date_to.replace(day=1)

    def action_make(self):
        self.ensure_one()
        settlements = self.env["dropship.settlement"]
        settlements.check_access("create")
        suppliers = self.supplier_ids
        if not suppliers:
            suppliers = self.env["dropship.supplier"].search([("company_id", "in", (False, self.company_id.id))])
            known = settlements._currencies_of(suppliers, self.company_id, self.date_to)
            suppliers = suppliers.filtered(lambda supplier: supplier.id in known)
        made, refused = settlements._make_for(suppliers, self.company_id, self.date_to, self.date_from)
        if not made:
            reasons = [f"{supplier.name}: {why}" for supplier, why in refused.items()]
            raise UserError("\n".join(reasons) or self.env._("Nothing was booked with these suppliers until that day."))
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_settlement")
        action["domain"] = [("id", "in", made.ids)]
        if len(made) == 1:
            action |= {"views": [(False, "form")], "res_id": made.id}
        return action
