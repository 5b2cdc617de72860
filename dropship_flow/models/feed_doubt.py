"""A price in doubt keeps an offer from being bought unseen where the new price would eat the margin."""

from odoo import fields, models

from .exact import decimal


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    margin_percent = fields.Float(
        string="Margin at Least (%)",
        help="Goods with a doubtful price that leaves less of the sale price are not bought without a person.",
    )


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def _doubt_reasons(self, facts):
        """Why an offer whose price is in doubt is not bought: the new price would be above what the sale allows.

        :return: [(code, {figures})]
        """
        self.ensure_one()
        if not self.quarantined:
            return []
        worth = facts.worth(self.held_currency_id.id or self.currency_id.id)
        if worth is None:
            return [("no_rate_currency", {"currency": self.held_currency_id.name})]
        new = decimal(self.held_price) / decimal(self.factor or 1.0) * worth
        floor = self.sudo().feed_id.margin_percent  # the router's user need not read feeds
        most = decimal(self.product_id.lst_price) * (1 - decimal(floor) / 100)
        if new <= most:
            return []
        old = decimal(self.price) / decimal(self.factor or 1.0) * (facts.worth(self.currency_id.id) or 1)
        return [("price_in_doubt", {"old": round(old, 2), "new": round(new, 2)})]
