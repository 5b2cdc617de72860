from odoo import models


class ResCountry(models.Model):
    _inherit = "res.country"

    def _dropship_customs_area(self):
        """Countries between which goods move without a customs border.

        :return: the ISO codes of the territory this country belongs to; at least its own. Empty without a country.
        """
        if not self:
            return set()
        self.ensure_one()
        union_sudo = self.env.ref("base.europe", raise_if_not_found=False)
        members = union_sudo.sudo().country_ids if union_sudo else self.browse()
        return set(members.mapped("code")) if self in members else {self.code}
