from odoo import api, fields, models

OFFENCES = [
    ("leaflet", "Supplier's leaflet in the parcel"),
    ("prices", "Prices in the parcel"),
    ("sender", "Supplier named as the sender"),
    ("contact", "Supplier wrote to the customer"),
    ("packing", "Wrong packing"),
    ("other", "Other breach"),
]


class DropshipOffence(models.Model):
    """A breach of what was agreed on how parcels look: named, dated, and kept for the talk with the supplier."""

    _name = "dropship.offence"
    _description = "Offence of a Supplier"
    _order = "date desc, id desc"
    _check_company_auto = True

    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade", index=True, check_company=True)
    supplier_id = fields.Many2one(
        related="purchase_id.dropship_warehouse_id.supplier_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="purchase_id.company_id", store=True, index=True)
    kind = fields.Selection(OFFENCES, required=True, default="leaflet", index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text(help="What was found, and who said so.")
    user_id = fields.Many2one("res.users", string="Recorded By", default=lambda self: self.env.user, readonly=True)

    _once = models.UniqueIndex(
        "(purchase_id, kind)", "This offence is recorded for the purchase already. Add to its note instead."
    )

    @api.depends("kind", "purchase_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for offence in self:
            offence.display_name = f"{offence.sudo().purchase_id.name}: {kinds.get(offence.kind, '')}"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the supplier's record knows of it as well."""
        offences = super().create(vals_list)
        for offence in offences:
            rows_sudo = offence.sudo().purchase_id.dropship_allocation_ids[:1]  # facts are the system's
            if rows_sudo:
                self.env["dropship.supplier.fact"].sudo()._note(rows_sudo, "leaflet")
        for offence in offences:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            # Whoever may record an offence may say so on the purchase.
            offence.sudo().purchase_id.message_post(
                body=self.env._("Offence recorded: %s", kinds[offence.kind]), subtype_xmlid="mail.mt_note"
            )
        return offences


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_dropship_offence(self):
        """Record a breach of what was agreed on the parcel."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Offence"),
            "res_model": "dropship.offence",
            "view_mode": "form",
            "target": "new",
            "context": {"default_purchase_id": self.id},
        }


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    offence_ids = fields.One2many("dropship.offence", "supplier_id", string="Offences")
