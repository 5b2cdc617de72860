from odoo import api, models


class DropshipFirstHourStep(models.Model):
    """Who sells at marketplaces by file has customers' money already: his step is yesterday's order file."""

    _inherit = "dropship.first.hour.step"

    @api.model
    def _file_channels(self, company):
        return self.env["dropship.sales.channel"].search(
            [("kind", "=", "file"), ("company_id", "in", [company.id, False])]
        )

    def _open_payment(self):
        """Override: without a web shop of ours orders are uploaded instead."""
        channels = self._file_channels(self.company_id)
        if not channels or self.first_hour_id._sells_on_website():
            return super()._open_payment()
        wizard = self.env["dropship.order.upload"].create({"channel_id": channels[:1].id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload Yesterday's Orders"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }


class DropshipFirstHour(models.Model):
    _inherit = "dropship.first.hour"

    def _missing_payment(self):
        """Override: see _open_payment."""
        missing = super()._missing_payment()
        if missing or self._sells_on_website():
            return missing
        if not self.env["dropship.first.hour.step"]._file_channels(self.company_id):
            return False
        files = self.env["dropship.order.file"]
        if files.search_count([("company_id", "=", self.company_id.id), ("state", "!=", "refused")], limit=1):
            return False
        return self.env._("No order file was uploaded yet: drop yesterday's.")
