from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Core forgets visitors after sixty days; what is older cannot be counted any more.
REACH = 59
# Days counted anew each night: an order of yesterday may be confirmed today.
AGAIN = 7


class DropshipListingTraffic(models.Model):
    """What happened to a listing on one day. Kept when core has forgotten its visitors."""

    _name = "dropship.listing.traffic"
    _description = "Traffic of a Listing"
    _order = "day desc, id desc"
    _log_access = False

    listing_id = fields.Many2one("dropship.listing", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    channel_id = fields.Many2one(
        related="listing_id.channel_id", store=True, index=True, string="Channel", precompute=True
    )
    product_tmpl_id = fields.Many2one(related="listing_id.product_tmpl_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, index=True)
    visits = fields.Integer(help="Views of the product's page.")
    visitors = fields.Integer()
    carts = fields.Integer(help="Orders it was put into that day, bought or not.")
    orders = fields.Integer(help="Orders confirmed that day.")
    quantity = fields.Float(digits="Product Unit")
    revenue = fields.Monetary(help="Net of tax, company currency.")

    _listing_day_uniq = models.Constraint("UNIQUE (listing_id, day)", "This day is counted already.")

    @api.model
    def _cron_count(self):
        """Every night: count the last days, or all core still knows when nothing is kept yet."""
        self._count(fields.Date.today() - timedelta(days=AGAIN if self.search_count([], limit=1) else REACH))

    @api.model
    def _count(self, since, until=None):
        """Count the days from `since` to yesterday (or before `until`). Counting again never takes anything away.

        A day is one of the company's own time zone.
        """
        until = until or fields.Date.today()
        for name in ("sale.order", "sale.order.line", "website.track", "dropship.listing", "product.product"):
            self.env[name].flush_model()
        for company in self.env["res.company"].sudo().search([]):
            self.env.cr.execute(self._count_query(company, since, until))
        self.env["dropship.listing.traffic"].invalidate_model(flush=False)

    @api.model
    def _count_query(self, company, since, until):
        zone = company.partner_id.tz or "UTC"
        return SQL(
            """
            WITH mine AS (
                SELECT listing.id, listing.product_tmpl_id, listing.channel_id, channel.website_id
                  FROM dropship_listing listing
                  JOIN dropship_sales_channel channel ON channel.id = listing.channel_id
                 WHERE listing.company_id = %(company)s
            ), seen AS (
                SELECT mine.id, local.day, COUNT(*) AS visits, COUNT(DISTINCT track.visitor_id) AS visitors
                  FROM mine
                  JOIN product_product product ON product.product_tmpl_id = mine.product_tmpl_id
                  JOIN website_track track ON track.product_id = product.id
                  JOIN website_visitor visitor ON visitor.id = track.visitor_id
                   AND (visitor.website_id = mine.website_id OR visitor.website_id IS NULL)
                 CROSS JOIN LATERAL (SELECT %(track_day)s AS day) local
                 WHERE mine.website_id IS NOT NULL
                   AND track.visit_datetime >= %(since)s::date - 1 AND track.visit_datetime < %(until)s::date + 1
                 GROUP BY mine.id, local.day
            ), line AS (
                SELECT mine.id, orders.id AS order_id, orders.state, %(cart_day)s AS cart_day,
                       %(order_day)s AS order_day,
                       line.product_uom_qty * COALESCE(unit.factor, 1) / NULLIF(COALESCE(own.factor, 1), 0) AS quantity,
                       line.price_subtotal / COALESCE(NULLIF(orders.currency_rate, 0), 1) AS revenue,
                       orders.website_id IS NOT NULL AS web
                  FROM mine
                  JOIN product_product product ON product.product_tmpl_id = mine.product_tmpl_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN sale_order_line line ON line.product_id = product.id AND line.product_uom_qty > 0
                  JOIN sale_order orders ON orders.id = line.order_id AND orders.company_id = %(company)s
                   AND orders.state <> 'cancel' AND orders.dropship_is_test IS NOT TRUE
                   AND COALESCE(orders.dropship_channel_id = mine.channel_id,
                                orders.website_id = mine.website_id, FALSE)
                  LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
                  LEFT JOIN uom_uom own ON own.id = template.uom_id
                 WHERE GREATEST(line.create_date, orders.date_order) >= %(since)s::date - 1
            ), put AS (
                SELECT id, cart_day AS day, COUNT(DISTINCT order_id) AS carts
                  FROM line WHERE web GROUP BY id, cart_day
            ), sold AS (
                SELECT id, order_day AS day, COUNT(DISTINCT order_id) AS orders, SUM(quantity) AS quantity,
                       SUM(revenue) AS revenue
                  FROM line WHERE state = 'sale' GROUP BY id, order_day
            ), days AS (
                SELECT id, day FROM seen UNION SELECT id, day FROM put UNION SELECT id, day FROM sold
            )
            INSERT INTO dropship_listing_traffic AS known (listing_id, company_id, channel_id, product_tmpl_id, day,
                                                           visits, visitors, carts, orders, quantity, revenue)
            SELECT mine.id, %(company)s, mine.channel_id, mine.product_tmpl_id, days.day,
                   COALESCE(seen.visits, 0), COALESCE(seen.visitors, 0), COALESCE(put.carts, 0),
                   COALESCE(sold.orders, 0), COALESCE(sold.quantity, 0), COALESCE(sold.revenue, 0)
              FROM days
              JOIN mine ON mine.id = days.id
              LEFT JOIN seen ON seen.id = days.id AND seen.day = days.day
              LEFT JOIN put ON put.id = days.id AND put.day = days.day
              LEFT JOIN sold ON sold.id = days.id AND sold.day = days.day
             WHERE days.day >= %(since)s AND days.day < %(until)s
             ORDER BY mine.id, days.day
                ON CONFLICT (listing_id, day) DO UPDATE
               SET visits = GREATEST(known.visits, EXCLUDED.visits),
                   visitors = GREATEST(known.visitors, EXCLUDED.visitors),
                   carts = GREATEST(known.carts, EXCLUDED.carts), orders = EXCLUDED.orders,
                   quantity = EXCLUDED.quantity, revenue = EXCLUDED.revenue
             WHERE (GREATEST(known.visits, EXCLUDED.visits), GREATEST(known.visitors, EXCLUDED.visitors),
                    GREATEST(known.carts, EXCLUDED.carts), EXCLUDED.orders, EXCLUDED.quantity, EXCLUDED.revenue)
                   IS DISTINCT FROM
                   (known.visits, known.visitors, known.carts, known.orders, known.quantity, known.revenue)
            """,
            company=company.id,
            since=since,
            until=until,
            track_day=self._local_day(SQL("track.visit_datetime"), zone),
            cart_day=self._local_day(SQL("line.create_date"), zone),
            order_day=self._local_day(SQL("orders.date_order"), zone),
        )

    @api.model
    def _local_day(self, column, zone):
        return SQL("(%s AT TIME ZONE 'utc' AT TIME ZONE %s)::date", column, zone)


class DropshipListing(models.Model):
    _inherit = "dropship.listing"

    traffic_ids = fields.One2many("dropship.listing.traffic", "listing_id", readonly=True)
    visits_30 = fields.Integer(string="Views (30 days)", compute="_compute_traffic")
    orders_30 = fields.Integer(string="Orders (30 days)", compute="_compute_traffic")
    conversion_30 = fields.Float(
        string="Conversion (%)", compute="_compute_traffic", digits=(16, 1), help="Orders of 100 visitors."
    )

    def _compute_traffic(self):
        since = fields.Date.today() - timedelta(days=30)
        rows = self.env["dropship.listing.traffic"]._read_group(
            [("listing_id", "in", self.ids), ("day", ">=", since)],
            ["listing_id"],
            ["visits:sum", "visitors:sum", "orders:sum"],
        )
        sums = {listing.id: figures for listing, *figures in rows}
        for listing in self:
            visits, visitors, orders = sums.get(listing._origin.id, (0, 0, 0))
            listing.visits_30, listing.orders_30 = visits, orders
            listing.conversion_30 = 100.0 * orders / visitors if visitors else 0.0

    def action_open_traffic(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_listing_traffic"),
            "domain": [("listing_id", "in", self.ids)],
        }
