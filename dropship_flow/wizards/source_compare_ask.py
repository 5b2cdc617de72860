from odoo import models
from odoo.exceptions import UserError


class DropshipSourceCompare(models.TransientModel):
    _inherit = "dropship.source.compare"

    def action_ask(self):
        """Ask every source of the product for stock, price and day."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        if self.qty <= 0:
            raise UserError(self.env._("Enter a quantity above 0."))
        inquiries_sudo = self.env["dropship.inquiry"].sudo()  # made by this button only
        inquiry_sudo = inquiries_sudo._ask(
            self.company_id, {self.product_id: self.qty}, country=self.country_id, zip_code=self.zip
        )
        if not inquiry_sudo:
            raise UserError(
                self.env._("Nobody offers %s. Add an offer of a supplier first.", self.product_id.display_name)
            )
        return inquiry_sudo.sudo(False)._open()
