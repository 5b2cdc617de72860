"""Where goods that come to us are taken in: a receipt of its own, a place to look at them, one for what is broken."""

from odoo import api, fields, models

from ..case.locked import locked


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_return_warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Returns Go To",
        check_company=True,
        help="Goods customers send to us are taken in here. Empty: the first warehouse.",
    )
    dropship_return_partner_id = fields.Many2one(
        "res.partner", string="Our Return Address", help="Empty: the address of the warehouse."
    )
    dropship_return_type_id = fields.Many2one("stock.picking.type", readonly=True, copy=False)
    dropship_returns_location_id = fields.Many2one("stock.location", readonly=True, copy=False)
    dropship_damaged_location_id = fields.Many2one("stock.location", readonly=True, copy=False)
    dropship_inspect_here = fields.Boolean(
        string="Look at Returns before They Are Sold Again",
        default=True,
        help="Off: what is counted lies on the shelf at once.",
    )

    def _dropship_back_warehouse(self):
        """The warehouse of ours that takes returns in."""
        self.ensure_one()
        company_sudo = self.sudo()  # whoever counts need not read the company's settings
        return company_sudo.dropship_return_warehouse_id or self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", self.id)], limit=1
        )

    def _dropship_back_places(self):
        """The receipt type for returns with its places, made when the first goods come.

        The places belong to no warehouse, so that nothing in them is sold; what lies there is our stock all the same.
        """
        self.ensure_one()
        company_sudo = self.sudo()
        if not company_sudo.dropship_return_type_id:
            locked(company_sudo, ["dropship_return_type_id"])
        if not company_sudo.dropship_return_type_id:
            company_sudo._dropship_make_places()
        return company_sudo

    def _dropship_make_places(self):
        warehouse = self._dropship_back_warehouse()
        locations = self.env["stock.location"].sudo()
        make = {"usage": "internal", "company_id": self.id}
        check = locations.create({"name": self.env._("Returns to Check"), **make})
        damaged = locations.create({"name": self.env._("Damaged Returns"), **make})
        kind = (
            self.env["stock.picking.type"]
            .sudo()
            .create(
                {
                    "name": self.env._("Customer Returns"),
                    "code": "incoming",
                    "sequence_code": "RMA",
                    "company_id": self.id,
                    "warehouse_id": warehouse.id,
                    "default_location_src_id": self.env.ref("stock.stock_location_customers").id,
                    "default_location_dest_id": check.id,
                }
            )
        )
        self.write(
            {
                "dropship_return_type_id": kind.id,
                "dropship_returns_location_id": check.id,
                "dropship_damaged_location_id": damaged.id,
            }
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_return_warehouse_id = fields.Many2one(related="company_id.dropship_return_warehouse_id", readonly=False)
    dropship_return_partner_id = fields.Many2one(related="company_id.dropship_return_partner_id", readonly=False)
    dropship_inspect_here = fields.Boolean(related="company_id.dropship_inspect_here", readonly=False)


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    @api.model
    def _prepare_picking_default_values_based_on(self, picking):
        """Override: what comes to us instead of the supplier is taken in by our own receipt."""
        vals = super()._prepare_picking_default_values_based_on(picking)
        company = self.env["res.company"].browse(self.env.context.get("dropship_back_to_us"))
        if company:
            kind = company._dropship_back_places().dropship_return_type_id
            vals |= {"picking_type_id": kind.id, "location_dest_id": kind.default_location_dest_id.id}
        return vals
