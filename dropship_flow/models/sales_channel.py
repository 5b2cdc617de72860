from odoo import api, fields, models


class DropshipSalesChannel(models.Model):
    """Where orders come from, and what selling there costs and promises."""

    _name = "dropship.sales.channel"
    _description = "Sales Channel"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    website_id = fields.Many2one(
        "website", index="btree_not_null", help="Orders of this website belong to the channel."
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        index="btree_not_null",
        help="Orders of this team belong to the channel.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    payment_percent = fields.Float(
        string="Payment Fee (%)", digits=(16, 4), help="What the payment service keeps of the amount the customer pays."
    )
    payment_fixed = fields.Monetary(string="Payment Fee per Order", help="Fixed part of the payment fee.")
    commission_percent = fields.Float(
        string="Commission (%)", digits=(16, 4), help="What the platform keeps of the amount the customer pays."
    )
    promise_days = fields.Integer(
        string="Promised Delivery (days)",
        help="Promised to customers of this channel, counted from the order. 0: nothing is promised.",
    )
    ship_by_hours = fields.Integer(string="Ship Within (hours)", help="The platform's deadline. 0: none.")
    late_penalty = fields.Monetary(string="Penalty per Late Parcel")

    _website_uniq = models.UniqueIndex(
        "(website_id) WHERE website_id IS NOT NULL AND active", "Another sales channel already takes this website."
    )
    _fees_positive = models.Constraint(
        "CHECK (LEAST(payment_percent, commission_percent) >= 0"
        " AND GREATEST(payment_percent, commission_percent) < 100)",
        "Fees are between 0 and 100 %.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for channel in self:
            channel.currency_id = (channel.company_id or self.env.company).currency_id

    @api.model
    def _channel_of(self, orders):
        """Find the channel of each order: its website, then its sales team, then the company's first general one.

        :return: {sale.order: dropship.sales.channel}; an empty record where nothing is configured
        """
        channels = self.sudo().search_fetch([("company_id", "in", [False, *orders.company_id.ids])])
        return {order: channels._first_for(order) for order in orders}

    def _first_for(self, order):
        mine = self.filtered(lambda channel: channel.company_id.id in (False, order.company_id.id))
        for condition in (
            lambda channel: channel.website_id and channel.website_id == order.website_id,
            lambda channel: channel.team_id and not channel.website_id and channel.team_id == order.team_id,
            lambda channel: not channel.website_id and not channel.team_id,
        ):
            found = mine.filtered(condition)[:1]
            if found:
                return found
        return self.browse()
