"""What of a channel and a company makes other prices, and the place prices are made for."""

from odoo import api, models
from odoo.tools import SQL

# Destinations and fees reprice by their own rows.
IN_PRICES = {"pricelist_id", "payment_percent", "payment_fixed", "commission_percent"}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _dropship_reprice_soon(self):
        """Every product these companies can buy is looked at again, a batch at a time."""
        if self:
            self.env["dropship.supply"].sudo()._moved_by(
                SQL(
                    "SELECT DISTINCT product_id FROM dropship_offer WHERE product_id IS NOT NULL AND active"
                    " AND (company_id IS NULL OR company_id = ANY(%s))",
                    self.ids,
                )
            )


    def _dropship_place(self):
        """The company's own country, as `dropship.landed` asks for a place."""
        return {"country_id": self.country_id.id, "state_id": False, "zip": ""}


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    def write(self, vals):
        """Override: fees, destination and pricelist are part of every price."""
        result = super().write(vals)
        if IN_PRICES & vals.keys():
            self._dropship_reprice_soon()
        return result

    def _dropship_reprice_soon(self):
        """Prices of these channels are made again, where rules make prices."""
        companies = self.env["res.company"].union(*(channel._dropship_company() for channel in self))
        self.env["dropship.pricing.rule"].sudo().search([("company_id", "in", companies.ids)])._reprice_soon()

    def _dropship_company(self):
        """The company that sells on the channel. Note: `self.ensure_one()`."""
        self.ensure_one()
        return self.company_id or self.pricelist_id.company_id or self.env.company

    def _dropship_reference_place(self):
        """Where prices and margins are made for: the first main destination, else the company's own country."""
        self.ensure_one()
        return self.destination_ids[:1]._place() or self._dropship_company()._dropship_place()


class DropshipChannelPriced(models.AbstractModel):
    """Rows of a channel that are part of every price on it."""

    _name = "dropship.channel.priced.mixin"
    _description = "Part of the Prices of a Channel"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.channel_id._dropship_reprice_soon()
        return rows

    def write(self, vals):
        channels = self.channel_id
        result = super().write(vals)
        (channels | self.channel_id)._dropship_reprice_soon()
        return result

    def unlink(self):
        channels = self.channel_id
        result = super().unlink()
        channels.exists()._dropship_reprice_soon()
        return result


class DropshipChannelDestination(models.Model):
    _name = "dropship.channel.destination"
    _inherit = ["dropship.channel.destination", "dropship.channel.priced.mixin"]

    def _place(self):
        """As `dropship.landed` asks for it; None for an empty record."""
        if not self:
            return None
        return {"country_id": self.country_id.id, "state_id": self.state_id.id, "zip": self.zip or ""}


class DropshipChannelFee(models.Model):
    _name = "dropship.channel.fee"
    _inherit = ["dropship.channel.fee", "dropship.channel.priced.mixin"]
