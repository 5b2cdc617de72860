from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

from ..address.keys import address_key, phone_key
from .reason_text import FLOW_REASONS, _lt
from .sale_order import READERS

FLOW_REASONS.update(
    {
        "together_wait": _lt(
            "Waits %(hours)s hours for further orders of the same customer: release it to buy at once."
        ),
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_together_hours = fields.Integer(
        string="Suggest Shipping Together Within (hours)",
        default=0,
        groups="base.group_user",
        help="A second order of the same customer to the same address within this time is shown for shipping "
        "together while nothing is sent. 0: never.",
    )
    dropship_together_wait = fields.Boolean(
        string="Wait for More",
        groups="base.group_user",
        help="Every order waits this long for further ones of the same customer before it is bought.",
    )

    _dropship_together_positive = models.Constraint(
        "CHECK (dropship_together_hours >= 0 AND dropship_together_hours <= 720)",
        "The time for shipping together is between 0 and 720 hours.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_together_hours = fields.Integer(related="company_id.dropship_together_hours", readonly=False)
    dropship_together_wait = fields.Boolean(related="company_id.dropship_together_wait", readonly=False)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _dropship_door(self):
        """The address in a form two spellings of it share; empty when there is too little of it."""
        self.ensure_one()
        fields_ = {name: self[name] or "" for name in ("street", "street2", "city", "zip")}
        return address_key({**fields_, "state": self.state_id.name or "", "country": self.country_id.code or ""})

    def _dropship_phones(self):
        """The phone numbers as international digits, of those that have digits."""
        return {phone_key(partner.phone, partner.country_id.code or "") for partner in self} - {""}


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    @api.model
    def _hold_kinds(self):
        return [*super()._hold_kinds(), ("together", self.env._("Waits for more orders"))]

    @api.model
    def _cron_together(self, limit=200):
        """Let the orders go whose time for further ones is over."""
        for hold in self.search([("kind", "=", "together"), ("state", "=", "open")], order="id", limit=limit):
            hours = hold.company_id.dropship_together_wait and hold.company_id.dropship_together_hours
            if hold.create_date + timedelta(hours=hours or 0) > fields.Datetime.now():
                continue
            try:
                hold.try_lock_for_update().filtered(lambda hold: hold.state == "open")._dropship_waited()
                self.env["ir.cron"]._commit_progress(1)
            except (OperationalError, ConcurrencyError):  # somebody releases it right now
                self.env.cr.rollback()

    def _dropship_waited(self):
        """Buy the order, together with those of the same customer that waited with it."""
        for hold in self:
            order = hold.order_id
            others = order._dropship_find_together()
            others = others.filtered(lambda other: "together" in other.dropship_open_hold_ids.mapped("kind"))
            if others:
                (order | others)._dropship_ship_together()
            else:
                hold._close("solved")
                order.order_line._dropship_source()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_together_ids = fields.Many2many(
        "sale.order",
        string="May Ship Together With",
        compute="_compute_dropship_together_ids",
        groups=READERS,
        help="Orders of the same customer to the same address that are not sent yet.",
    )

    @api.depends("state", "partner_id", "partner_shipping_id", "dropship_group_id")
    def _compute_dropship_together_ids(self):
        for order in self:
            order.dropship_together_ids = order.sudo()._dropship_find_together().sudo(order.env.su)

    def _dropship_find_together(self):
        """Unsent orders within the company's window that could travel with this one; none when it is sent itself."""
        self.ensure_one()
        hours = self.company_id.dropship_together_hours
        if not hours or not isinstance(self.id, int) or self.state != "sale" or not self._dropship_unsent():
            return self.browse()
        shipping = self.partner_shipping_id
        since = min(self.date_order, fields.Datetime.now()) - timedelta(hours=hours)
        domain = [
            ("id", "!=", self.id),
            ("company_id", "=", self.company_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("state", "=", "sale"),
            ("date_order", ">=", since),
            ("dropship_stage", "in", ("unpaid", "held", "at_supplier")),
            ("partner_shipping_id.country_id", "=", shipping.country_id.id),
            ("partner_shipping_id.zip", "=", shipping.zip),
        ]
        found = self.search(domain, limit=50, order="id desc")
        if self.dropship_group_id:
            found = found.filtered(lambda other: other.dropship_group_id != self.dropship_group_id)
        return found._dropship_unsent().filtered(lambda other: not (self | other)._dropship_together_refusal())

    def _dropship_same_door(self, other):
        """Whether both orders go to the same customer (contact or phone) at the same address."""
        mine, theirs = self.partner_shipping_id, other.partner_shipping_id
        if mine != theirs and not (mine._dropship_door() and mine._dropship_door() == theirs._dropship_door()):
            return False
        if self.partner_id.commercial_partner_id == other.partner_id.commercial_partner_id:
            return True
        phones = (mine | self.partner_id)._dropship_phones()
        return bool(phones & (theirs | other.partner_id)._dropship_phones())

    def _dropship_suggest_together(self):
        """Tell whoever sells that this order may join another one; one activity for each order."""
        for order in self.sudo().filtered("company_id.dropship_together_hours"):
            others = order._dropship_find_together()
            if not others or order.activity_search(["dropship_flow.activity_together"]):
                continue
            responsible = order.user_id.filtered(lambda user: user.active and not user.share)
            responsible = responsible or self.env.user.filtered(lambda user: not user.share)
            order.activity_schedule(
                "dropship_flow.activity_together",
                note=self.env._(
                    "%s go to the same customer and are not sent yet. Press Ship Together on the order.",
                    ", ".join(others.mapped("name")),
                ),
                user_id=(responsible or self.env["res.users"].browse(SUPERUSER_ID)).id,
            )

    def _dropship_wait_for_more(self):
        """Hold fresh orders of companies that wait for more; once for each order."""
        for order in self.sudo().filtered(lambda order: order.company_id.dropship_together_wait):
            hours = order.company_id.dropship_together_hours
            if hours and not order.dropship_allocation_ids and "together" not in order.dropship_hold_ids.mapped("kind"):
                self.env["dropship.hold"].sudo()._raise(order, "together", [["together_wait", {"hours": hours}]])

    def action_dropship_join(self):
        """One button: this order and those found for it become one basket."""
        self.ensure_one()
        return (self | self.dropship_together_ids).action_dropship_ship_together()

    def action_confirm(self):
        """Override: an order that may join another one says so."""
        result = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._dropship_suggest_together()
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_route(self):
        """Override: orders that wait for further ones of the customer are not bought yet."""
        self.order_id._dropship_wait_for_more()
        waiting = self.filtered(
            lambda line: any(
                hold.kind == "together" and hold.state == "open" for hold in line.order_id.sudo().dropship_hold_ids
            )
        )
        return super(SaleOrderLine, self - waiting)._dropship_route()
