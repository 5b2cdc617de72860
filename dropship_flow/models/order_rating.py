"""One to five stars for an order, asked for once, answered on the tracking page; few stars are somebody's work."""

from odoo import api, fields, models

from .reason_text import FLOW_REASONS, _lt

BAD = 2
MOST_LETTERS = 2000
FLOW_REASONS.update(
    {
        "bad_rating": _lt("The customer gave %(stars)s of 5 stars."),
        "bad_rating_why": _lt("The customer gave %(stars)s of 5 stars and writes: %(text)s"),
    }
)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["rating.mixin", "sale.order"]

    # What others think of his order is not for the customer to read from records.
    rating_count = fields.Integer(groups="base.group_user")
    rating_percentage_satisfaction = fields.Float(groups="base.group_user")
    dropship_rating_asked_at = fields.Datetime(
        string="Asked for a Rating On", copy=False, readonly=True, groups="base.group_user"
    )

    def _dropship_rating(self):
        """What the customer gave; an empty rating when he gave none."""
        self.ensure_one()
        return self.sudo().rating_ids.filtered("consumed")[:1]

    def _dropship_may_rate(self):
        """Whether the order is one to rate: real, and something of it is with the customer."""
        self.ensure_one()
        if self.state != "sale" or self._dropship_is_played():
            return False
        boxes = self._dropship_boxes_by_order()[self]
        return bool(self.dropship_received_at) or any(box.received_at for box in boxes)

    def _dropship_ask_rating(self):
        """Ask by mail, once in the order's life. Who stands on the page already is not asked again."""
        for order in self.filtered(lambda order: not order.dropship_rating_asked_at and order._dropship_may_rate()):
            order.dropship_rating_asked_at = fields.Datetime.now()
            if order.dropship_received_how == "customer" or order._dropship_rating():
                continue
            order._dropship_tell("receipt_ask")

    def _dropship_rate(self, stars, comment=""):
        """Keep what the customer thinks; the first answer counts, whoever clicks how often.

        :return: done, already, long or nothing
        """
        self.ensure_one()
        if stars not in (1, 2, 3, 4, 5):
            return "nothing"
        comment = comment.strip()
        if len(comment) > MOST_LETTERS:
            return "long"
        self._dropship_lock()
        if self._dropship_rating():
            return "already"
        if not self._dropship_may_rate():
            return "nothing"
        token = self._rating_get_access_token()
        rating = self.rating_ids.filtered(lambda rating: rating.access_token == token)
        self.rating_apply(stars, rating=rating, feedback=comment, subtype_xmlid="mail.mt_note")
        if stars <= BAD:
            code = "bad_rating_why" if comment else "bad_rating"
            self.env["dropship.exception"]._raise_order(self, "bad_rating", [[code, {"stars": stars, "text": comment}]])
        return "done"

    def _rating_apply_get_default_subtype_id(self):
        """Override: what the customer writes is for us; nobody is mailed about it."""
        return self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")


class RatingRating(models.Model):
    _inherit = "rating.rating"

    dropship_company_id = fields.Many2one(
        "res.company", compute="_compute_dropship_company_id", store=True, index="btree_not_null", string="Company"
    )

    @api.depends("res_model", "res_id")
    def _compute_dropship_company_id(self):
        orders = self.filtered(lambda rating: rating.res_model == "sale.order")
        companies = {
            order.id: order.company_id.id for order in self.env["sale.order"].sudo().browse(orders.mapped("res_id"))
        }
        for rating in self:
            rating.dropship_company_id = companies.get(rating.res_id) if rating in orders else False
