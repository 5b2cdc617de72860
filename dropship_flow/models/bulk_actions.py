import re

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty


class DropshipBulkVerbs(models.AbstractModel):
    """What can be done with many orders at once. A verb is a pair of methods: `_refuse_x` says which orders cannot and
    why, `_do_x` does it for all that can, in one set."""

    _name = "dropship.bulk.verbs"
    _description = "Verbs for Many Orders"

    verb = fields.Selection(selection="_verbs", required=True, default="route")
    policy_id = fields.Many2one("dropship.routing.policy", string="New Policy")
    supplier_id = fields.Many2one("dropship.supplier")
    cancel_reason_id = fields.Many2one("dropship.cancel.reason", string="Reason of the Cancellation")
    note = fields.Char(string="Note for Colleagues")
    tell_customer = fields.Boolean(string="Tell the Customer", default=True)
    template_id = fields.Many2one(
        "mail.template", domain="[('model', '=', 'sale.order')]", ondelete="set null"
    )
    subject = fields.Char()
    body = fields.Html(string="Message", sanitize=True)

    @api.model
    def _verbs(self):
        return [
            ("route", self.env._("Route again")),
            ("policy", self.env._("Change policy")),
            ("pin", self.env._("Pin a supplier")),
            ("release", self.env._("Release holds")),
            ("cancel", self.env._("Cancel with a reason")),
            ("message", self.env._("Write to customers")),
        ]

    def _check_verb(self):
        """Whether all the verb needs was said, and the user may do it at all."""
        self.ensure_one()
        group = "buyer" if self.verb == "policy" else "user"
        if not self.env.user.has_group(f"dropship_flow.group_dropship_{group}"):
            raise UserError(
                self.env._("This needs the right Dropshipping / Buyer. Ask a buyer to do it.")
                if group == "buyer"
                else self.env._("This needs the right Dropshipping / User. Ask the order desk.")
            )
        if self.verb == "pin" and not (self.supplier_id and (self.note or "").strip()):
            raise UserError(self.env._("Choose the supplier and say in a few words why."))
        if self.verb == "cancel" and not self.cancel_reason_id:
            raise UserError(self.env._("Choose the reason of the cancellation."))
        if self.verb == "message" and not self.template_id and (not self.subject or is_html_empty(self.body)):
            raise UserError(self.env._("Choose a template, or write a subject and a message."))
        if self.template_id and self.template_id.sudo().model != "sale.order":
            raise UserError(self.env._("The template is made for other records than orders."))

    def _refusals(self, orders):
        """Which orders the verb cannot be done for.

        :return: {sale.order: why}
        """
        return getattr(self, f"_refuse_{self.verb}")(orders)

    def _do(self, orders):
        """Do the verb for all orders at once; an error undoes it for all of them."""
        return getattr(self, f"_do_{self.verb}")(orders)

    # --- route again ---

    def _refuse_route(self, orders):
        return orders._dropship_route_refusals()

    def _do_route(self, orders):
        orders.check_access("read")
        orders._dropship_route_again()

    # --- change policy ---

    def _refuse_policy(self, orders):
        result = {order: self.env._("It is cancelled.") for order in orders if order.state == "cancel"}
        confirmed = orders.filtered(lambda order: order.state == "sale")
        result.update(confirmed._dropship_route_refusals())
        company = self.sudo().policy_id.company_id
        for order in orders if company else ():
            if order.company_id != company:
                result.setdefault(order, self.env._("The policy belongs to another company."))
        return result

    def _do_policy(self, orders):
        orders.check_access("write")
        orders.sudo().dropship_policy_id = self.policy_id
        for order in orders:
            name = self.sudo().policy_id.name
            text = self.env._("Policy of this order: %s", name) if name else self.env._("The rules choose the policy.")
            order._dropship_note(text)
        orders.filtered(lambda order: order.state == "sale")._dropship_route_again()

    # --- pin a supplier ---

    def _refuse_pin(self, orders):
        lines = self._pinnable(orders)
        confirmed = orders.filtered(lambda order: order.state == "sale")
        result = {order: self.env._("It is cancelled.") for order in orders if order.state == "cancel"}
        result.update(confirmed._dropship_route_refusals())
        for order in orders - lines.order_id if self.supplier_id else ():
            result.setdefault(order, self.env._("This supplier offers nothing of it."))
        return result

    def _pinnable(self, orders):
        """The lines with a product (or a part of a kit) the supplier offers to their company."""
        lines_sudo = orders.sudo().order_line.filtered(lambda line: line.product_id and not line.display_type)
        components = self.env["dropship.router"].sudo()._components(lines_sudo)
        products = self.env["product.product"].union(*(part[0] for parts in components.values() for part in parts))
        offers_sudo = (
            self.env["dropship.offer"]
            .sudo()
            .search([("product_id", "in", products.ids), ("supplier_id", "=", self.supplier_id.id)])
        )
        offered = {(offer.product_id.id, offer.company_id.id) for offer in offers_sudo}
        return lines_sudo.filtered(
            lambda line: any(
                (product.id, company) in offered
                for product, _qty, _component in components[line]
                for company in (False, line.company_id.id)
            )
        )

    def _do_pin(self, orders):
        orders.check_access("write")
        self.supplier_id.check_access("read")
        for line_sudo in self._pinnable(orders):
            self.env["dropship.line.choice"].sudo()._choose(line_sudo, self.supplier_id.sudo(), "pin", self.note)
        orders.filtered(lambda order: order.state == "sale")._dropship_route_again()

    # --- release ---

    def _bulk_holds(self, orders):
        """The holds to release: those that were chosen, else all of the orders."""
        chosen = self.hold_ids if "hold_ids" in self._fields else self.env["dropship.hold"]
        holds = chosen.filtered(lambda hold: hold.order_id in orders) or orders.sudo().dropship_hold_ids
        return holds.with_env(self.env).filtered(lambda hold: hold.state == "open")

    def _refuse_release(self, orders):
        held = self._bulk_holds(orders).order_id
        return {order: self.env._("Nothing holds it.") for order in orders - held}

    def _do_release(self, orders):
        self._bulk_holds(orders).action_release()

    # --- cancel ---

    def _refuse_cancel(self, orders):
        return orders._dropship_cancel_refusals(self.cancel_reason_id)

    def _do_cancel(self, orders):
        orders._dropship_cancel(self.cancel_reason_id, self.note or "", tell=self.tell_customer)

    # --- message ---

    def _refuse_message(self, orders):
        without = orders.filtered(lambda order: not order.partner_id.email)
        return {order: self.env._("The customer has no e-mail address.") for order in without}

    def _do_message(self, orders):
        orders.check_access("write")
        for order in orders:
            lang = order.partner_id.lang or self.env.lang
            if self.template_id:
                template_sudo = self.template_id.sudo().with_context(lang=lang)
                rendered = template_sudo._generate_template(order.ids, ["subject", "body_html"])[order.id]
                subject, body = rendered["subject"], Markup(rendered["body_html"])
            else:
                subject, body = self.subject, self.body
            self._check_discreet(order, subject, body)
            order._dropship_write_customer(subject, body)

    def _check_discreet(self, order, subject, body):
        """Customers never learn where we buy."""
        text = f"{subject or ''}\n{html2plaintext(body or '')}"
        order_sudo = order.sudo()
        purchases = order_sudo.dropship_purchase_ids
        names = {row.supplier_id.name for row in order_sudo.dropship_allocation_ids}
        names |= set(purchases.partner_id.mapped("name")) | set(purchases.mapped("name"))
        for name in filter(None, names | set(purchases.mapped("partner_ref"))):
            if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text, re.IGNORECASE):
                raise UserError(self.env._('The message names "%s": a customer must not learn where we buy.', name))
