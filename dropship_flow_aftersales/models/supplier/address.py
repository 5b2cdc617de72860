"""The supplier's own word about where goods go counts more than what we know of his warehouse."""

from odoo import models
from odoo.addons.dropship_flow.address import ship_to


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _address_of(self, warehouse):
        """Override: the lines of the address he gave when he agreed, without any that names him.

        :return: [text, …]; the first is our number of the case
        """
        said = self._supplier_address().get(warehouse.supplier_id)
        if not said:
            return super()._address_of(warehouse)
        names = {warehouse.supplier_id.name, warehouse.supplier_id.partner_id.name}
        names = {name.casefold() for name in names if name}
        known = {name: said.get(name) or "" for name in ("street", "street2", "city", "zip", "country")}
        country = self.env["res.country"].search([("code", "=", known["country"].upper())], limit=1)
        frozen = ship_to.freeze(**known, state_name=said.get("state") or "", country_name=country.name or "")
        lines = ship_to.lines({**frozen, "name": "", "company": ""})
        lines = [line for line in lines if not any(name in line.casefold() for name in names)]
        return [self.name, *lines, *filter(None, [said.get("phone")])]
