"""Asking for an order: by a click, or by the policy before anything is bought. The order waits with a clock."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .inquiry import WAIT_HOURS
from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "asking": _lt("Waiting for suppliers' answers until %(answer_by)s: %(inquiry)s asks %(count)s of them."),
    }
)


class DropshipRoutingPolicy(models.Model):
    _inherit = "dropship.routing.policy"

    ask_first = fields.Selection(
        [("never", "Never"), ("stale", "When the stock is unknown or old"), ("always", "Always")],
        string="Ask Suppliers First",
        default="never",
        required=True,
        tracking=True,
        help="Suppliers are asked for stock, price and day before anything is bought; the order waits for them.",
    )
    ask_age_hours = fields.Integer(
        string="Old After (hours)", default=24, help="Stock figures older than this are asked for again."
    )
    ask_wait_hours = fields.Integer(
        string="Wait for Answers (hours)", default=WAIT_HOURS, help="Then the order goes on with what is known."
    )
    ask_min_value = fields.Monetary(string="Ask From Order Value", help="0: whatever it is worth.")
    ask_categ_ids = fields.Many2many(
        "product.category", "dropship_policy_ask_categ_rel", string="Ask for Categories", help="Empty: all products."
    )
    ask_supplier_ids = fields.Many2many(
        "dropship.supplier",
        "dropship_policy_ask_supplier_rel",
        string="Ask These Suppliers",
        check_company=True,
        help="Empty: all.",
    )

    _ask_hours_range = models.Constraint(
        "CHECK (ask_age_hours BETWEEN 1 AND 8760 AND ask_wait_hours BETWEEN 1 AND 720 AND ask_min_value >= 0)",
        "Figures get old after 1 to 8760 hours, answers are waited for 1 to 720 hours.",
    )

    def _asks_about(self, order, wanted):
        """The offers to ask before this order is bought.

        :param dict wanted: {product: quantity}
        """
        self.ensure_one()
        none = self.env["dropship.offer"]
        value = order.amount_untaxed / (order.currency_rate or 1.0)
        if self.ask_first == "never" or value < self.ask_min_value:
            return none
        products = none.product_id.union(*wanted)
        if self.ask_categ_ids:
            marked = {str(category_id) for category_id in self.ask_categ_ids.ids}
            products = products.filtered(lambda product: marked & set((product.categ_id.parent_path or "").split("/")))
        country = order.partner_shipping_id.country_id
        inquiries = self.env["dropship.inquiry"]
        offers = inquiries._offers_to_ask(order.company_id, products, country, self.ask_supplier_ids)
        if self.ask_first == "stale":
            limit = fields.Datetime.now() - timedelta(hours=self.ask_age_hours)
            offers = offers.filtered(lambda offer: not offer.told_at or offer.told_at < limit)
        return offers


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _gate(self, demands):
        """Override: orders whose suppliers are asked first wait for the answers."""
        going = super()._gate(demands)
        return self._ask_first(going) if going else going

    @api.model
    def _ask_first(self, demands):
        orders = self.env["sale.order"].browse([order.id for order in demands])
        policies = self.env["dropship.routing.policy"]._policy_for(
            orders, self.env["dropship.sales.channel"]._channel_of(orders)
        )
        asked = defaultdict(lambda: self.env["dropship.inquiry"])
        for inquiry in self.env["dropship.inquiry"].search([("order_id", "in", orders.ids)]):
            asked[inquiry.order_id] |= inquiry
        return {
            order: wanted
            for order, wanted in demands.items()
            if not self._has_to_wait(order, wanted, policies[order], asked[order])
        }

    @api.model
    def _has_to_wait(self, order, demands, policy, asked):
        """Whether answers are waited for; asks the suppliers where nobody did."""
        let_go = order.dropship_hold_ids.filtered(lambda hold: hold.kind == "asking" and hold.state == "released")
        if let_go:  # a person does not want to wait
            return False
        waiting = asked.filtered(lambda inquiry: inquiry.state == "asked")
        wanted = _wanted(demands)
        if not waiting and policy and policy.ask_first != "never" and wanted:
            offers = policy._asks_about(order, wanted) - asked.line_ids.offer_id
            waiting = order._dropship_ask(wanted, offers, policy.ask_wait_hours, automatic=True)
        for inquiry in waiting:
            inquiry._hold_order()
        return bool(waiting)


def _wanted(demands):
    """{product: quantity} of what somebody offers."""
    wanted = defaultdict(float)
    for demand in demands:
        if not demand.core:
            wanted[demand.product] += demand.qty
    return dict(wanted)


class DropshipInquiry(models.Model):
    _inherit = "dropship.inquiry"

    def _hold_order(self):
        """The order waits for the answers, and says until when."""
        self.ensure_one()
        params = {
            "answer_by": fields.Datetime.to_string(self.deadline),
            "inquiry": self.name,
            "count": len(self.line_ids.supplier_id),
        }
        self.env["dropship.hold"]._raise(self.order_id, "asking", [["asking", params]])


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    @api.model
    def _hold_kinds(self):
        return [*super()._hold_kinds(), ("asking", self.env._("Suppliers are asked"))]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_inquiry_ids = fields.One2many(
        "dropship.inquiry", "order_id", string="Inquiries", groups="dropship_flow.group_dropship_user"
    )
    dropship_inquiry_count = fields.Integer(
        compute="_compute_dropship_inquiry_count", groups="dropship_flow.group_dropship_user"
    )

    @api.depends("dropship_inquiry_ids")
    def _compute_dropship_inquiry_count(self):
        groups = self.env["dropship.inquiry"]._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.dropship_inquiry_count = counts.get(order.id, 0)

    def action_dropship_ask(self):
        """Ask all sources of the orders for stock, price and day."""
        return self.order_line.action_dropship_ask()

    def action_dropship_inquiries(self):
        self.ensure_one()
        return self.dropship_inquiry_ids._open()

    def _dropship_ask(self, wanted, offers=None, hours=0, automatic=False):
        """Ask about what the order needs. Who confirms the sale need not see offers.

        :return: the inquiry, as the caller; none when nobody can be asked
        """
        self.ensure_one()
        inquiries_sudo = self.env["dropship.inquiry"].sudo()
        address = self.partner_shipping_id
        return inquiries_sudo._ask(
            self.company_id,
            wanted,
            order=self,
            country=address.country_id,
            zip_code=address.zip,
            hours=hours,
            offers=offers,
            automatic=automatic,
        )

    def _action_cancel(self):
        """Override: nobody waits for answers about a cancelled order."""
        result = super()._action_cancel()
        inquiries_sudo = self.env["dropship.inquiry"].sudo()  # whoever cancels a sale need not see them
        cancelled = self.filtered(lambda order: order.state == "cancel")
        inquiries_sudo.search([("order_id", "in", cancelled.ids), ("state", "=", "asked")])._set_state("cancelled")
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def action_dropship_ask(self):
        """Ask all sources of these lines. A question that is open already is shown instead of asked again."""
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Asking suppliers needs the right Dropshipping / User."))
        self.check_access("read")
        found = self.env["dropship.inquiry"]
        for order, lines in self.grouped("order_id").items():
            found |= lines.with_company(order.company_id)._dropship_ask_once(order)
        return found.sudo(False)._open()

    def _dropship_ask_once(self, order):
        if order.state == "cancel":
            raise UserError(self.env._("%s is cancelled: there is nothing to ask.", order.name))
        open_sudo = order.sudo().dropship_inquiry_ids.filtered(lambda inquiry: inquiry.state == "asked")
        router = self.env["dropship.router"].sudo()  # quantities and offers are facts of the company
        demands, _surpluses = router._demands(self.sudo()._dropship_ours(), everything=True)
        wanted = _wanted(demands.get(order, []))
        if open_sudo and not set(wanted) - set(open_sudo.line_ids.product_id):
            return open_sudo
        inquiry_sudo = order.sudo()._dropship_ask(wanted) if wanted else None
        if not inquiry_sudo:
            raise UserError(self.env._("Nobody offers what %s needs: add an offer of a supplier first.", order.name))
        needed, _surpluses = router._demands(order.sudo().order_line._dropship_ours())
        if order.state == "sale" and needed:
            inquiry_sudo._hold_order()
        return inquiry_sudo
