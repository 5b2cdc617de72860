from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..profit.kind import GROUPS

ATS = [
    ("line", "An Order"),
    ("channel", "A Channel"),
    ("day", "All"),
    ("nowhere", "Nobody"),
    ("books", "In the Books, Not Divided Yet"),
]
WHYS = [
    ("no_revenue", "Nothing Sold"),
    ("no_orders", "No Order"),
    ("no_parcels", "No Parcel"),
    ("no_units", "No Unit"),
]
ENTERS = ("dropship_flow.group_dropship_manager", "account.group_account_invoice")


class DropshipCostShare(models.Model):
    """A part of a cost where it belongs: of advertising, or of a rule. Signed as entries: costs below nothing.

    `expected` is what rules and advertising say, `booked` what bills brought of it, `amount` what the books do not have
    yet: an estimate outside the tie. Rows of open months are replaced whenever something changes. Those of closed ones
    stay; what a late bill changes there is a row more, on the first open day.
    """

    _name = "dropship.cost.share"
    _description = "Share of a Cost"
    _order = "date desc, id desc"
    _rec_name = "document"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    date = fields.Date(required=True, readonly=True, help="The day it counts on.")
    book_date = fields.Date(
        string="Day of the Cost", required=True, readonly=True, help="Differs where a closed month was corrected later."
    )
    month = fields.Date(required=True, readonly=True, help="First day of the month of the cost.")
    kind_id = fields.Many2one("dropship.profit.kind", required=True, readonly=True, ondelete="restrict")
    kind_group = fields.Selection(GROUPS, string="Step", required=True, readonly=True)
    rule_id = fields.Many2one("dropship.cost.rule", readonly=True, ondelete="cascade", index="btree_not_null")
    source_id = fields.Many2one("utm.source", readonly=True, ondelete="cascade", index="btree_not_null")
    campaign_id = fields.Many2one("utm.campaign", readonly=True, ondelete="set null", index="btree_not_null")
    at = fields.Selection(ATS, string="Borne By", required=True, readonly=True)
    why = fields.Selection(WHYS, string="Because", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index="btree_not_null")
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade", index="btree_not_null")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    supplier_id = fields.Many2one("dropship.supplier", readonly=True, ondelete="cascade")
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, ondelete="set null")
    customer_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="set null")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    expected = fields.Monetary(string="Expected in All", readonly=True)
    booked = fields.Monetary(string="In the Books", readonly=True)
    amount = fields.Monetary(string="Still Expected", readonly=True)
    own = fields.Monetary(string="In Its Currency", readonly=True, currency_field="own_currency_id")
    own_currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    document = fields.Char(readonly=True)
    place = fields.Char(string="Key", required=True, readonly=True)

    _once = models.UniqueIndex("(company_id, month, place, date)", "This share is there already.")
    _by_pot = models.Index("(company_id, month, rule_id, source_id)")
    _by_day = models.Index("(company_id, date)")

    # ------------------------------------------------------------------
    # Days
    # ------------------------------------------------------------------

    @api.model
    def _zone_of(self, company):
        return company.sudo().partner_id.tz or "UTC"

    @api.model
    def _today(self, company):
        """The company's day."""
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self._zone_of(company))).date()

    @api.model
    def _closed_before(self, company):
        """The first day of the first month that is not closed to its last day."""
        return self.env["dropship.profit.collector"]._open_from(company).replace(day=1)

    @api.model
    def _months(self, first, last):
        """The first days of the months from one day to another."""
        found, month = [], first.replace(day=1)
        while month <= last:
            found.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        return found

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    @api.model
    def action_renew(self):
        """Bring costs and profit of the company up to date."""
        if not self.env.su and not any(self.env.user.has_group(group) for group in ENTERS):
            raise AccessError(self.env._("Only managers and accountants bring costs up to date."))
        self.env["dropship.profit.collector"].sudo()._collect(self.env.company)  # shares nobody writes by hand
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "message": self.env._("Costs and profit are up to date."), "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }  # fmt: skip

    def action_open_document(self):
        """The rule it comes from, or the advertising of the day."""
        self.ensure_one()
        if not self.rule_id:
            return {
                "type": "ir.actions.act_window", "name": self.document, "res_model": "dropship.ad.spend",
                "view_mode": "list,form",
                "domain": [("date", "=", self.book_date), ("campaign_id", "=", self.campaign_id.id),
                           ("source_id", "=", self.source_id.id), ("company_id", "=", self.company_id.id)],
            }  # fmt: skip
        return {
            "type": "ir.actions.act_window", "res_model": "dropship.cost.rule", "res_id": self.rule_id.id,
            "view_mode": "form", "views": [(False, "form")],
        }  # fmt: skip
