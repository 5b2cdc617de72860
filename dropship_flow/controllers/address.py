"""Addresses on the website: the paste box, the customer's change of address, the supplier's answer."""

from odoo import http
from odoo.addons.sale.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..address import complete, ship_to
from ..address.parse import LONGEST, TooLong

FIELDS = ("name", "phone", "street", "street2", "dropship_district", "city", "zip", "state_id")
LONGEST_FIELD = 250


class DropshipAddress(CustomerPortal):
    @http.route("/dropship/address/parse", type="jsonrpc", auth="public", website=True, readonly=True)
    def dropship_address_parse(self, text="", country_id=None, **_kwargs):
        """Split a pasted address into the fields of a form. Nothing is kept, and nothing but the text is read."""
        if not isinstance(text, str) or len(text) > LONGEST:
            return {
                "error": request.env._("This is longer than an address: paste at most %s characters.", LONGEST),
            }
        # Names and codes of countries and states are public; public users may not search them all.
        country_sudo = request.env["res.country"].sudo()
        if isinstance(country_id, int) and not isinstance(country_id, bool):
            country_sudo = country_sudo.browse(country_id).exists()
        try:
            vals, found = request.env["res.partner"].sudo()._dropship_read_address(text, country_sudo)
        except TooLong:
            return {"error": request.env._("This is longer than an address: paste at most %s characters.", LONGEST)}
        return {"values": vals, "confidence": found.confidence, "unknown": found.unknown}

    # ------------------------------------------------------------------
    # Customer
    # ------------------------------------------------------------------

    @http.route("/my/orders/<int:order_id>/address", type="http", auth="public", website=True, methods=["GET"])
    def dropship_order_address(self, order_id, access_token=None, **_kwargs):
        """The form to change the delivery address of an order that was not shipped yet."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        partner_sudo = order_sudo.partner_shipping_id
        values = {name: partner_sudo[name].id if name == "state_id" else partner_sudo[name] or "" for name in FIELDS}
        return self._dropship_address_page(order_sudo, access_token, values)

    @http.route("/my/orders/<int:order_id>/address", type="http", auth="public", website=True, methods=["POST"])
    def dropship_order_address_submit(self, order_id, access_token=None, **form):
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = {name: str(form.get(name) or "").strip() for name in FIELDS}
        country_sudo = order_sudo.partner_shipping_id.country_id
        state_id = int(values["state_id"]) if values["state_id"].isascii() and values["state_id"].isdigit() else 0
        values["state_id"] = country_sudo.state_ids.filtered(lambda state: state.id == state_id).id
        if not order_sudo._dropship_may_change_address():
            return self._dropship_address_page(order_sudo, access_token, values)
        if errors := self._dropship_address_errors(values, country_sudo):
            return self._dropship_address_page(order_sudo, access_token, values, errors=errors)
        outcome = self._dropship_change_address(order_sudo, values)
        return self._dropship_address_page(order_sudo, access_token, values, outcome=outcome)

    def _dropship_address_page(self, order_sudo, access_token, values, errors="", outcome=""):
        return request.render(
            "dropship_flow.portal_order_address",
            {
                "order": order_sudo,
                "access_token": access_token,
                "values": values,
                "country": order_sudo.partner_shipping_id.country_id,
                "may": order_sudo._dropship_may_change_address(),
                "errors": errors,
                "outcome": outcome,
                "waiting": order_sudo.dropship_change_count,
                "page_name": "order",
                "sale_order": order_sudo,
            },
        )

    def _dropship_address_errors(self, values, country_sudo):
        """What keeps a parcel from arriving there, one sentence a line; "" when nothing does."""
        if any(isinstance(value, str) and len(value) > LONGEST_FIELD for value in values.values()):
            return request.env._("One of the lines is too long: use at most %s characters.", LONGEST_FIELD)
        state = request.env["res.country.state"].sudo().browse(values["state_id"] or [])
        address = {
            **{name: values[name] for name in ("name", "phone", "street", "street2", "city", "zip")},
            "district": values["dropship_district"],
            "state": state.code or "",
            "country": country_sudo.code or "",
        }
        if complete.is_deliverable(address):
            return ""
        return request.env["res.partner"]._dropship_problems_text(address)

    def _dropship_change_address(self, order_sudo, values):
        """Deliver the order to the new address as far as it still goes; returns what to tell: same, now or ask."""
        current_sudo = order_sudo.partner_shipping_id
        customer_sudo = order_sudo.partner_id
        vals = {name: value or False for name, value in values.items()}
        vals |= {"country_id": current_sudo.country_id.id, "type": "delivery"}
        vals["parent_id"] = customer_sudo.commercial_partner_id.id
        vals = request.env["res.partner"].sudo()._dropship_with_city(vals)
        before = current_sudo._dropship_ship_to()
        # Written as the system: the customer was let in by his login or token for this order alone.
        address_sudo = (
            request.env["res.partner"]
            .sudo()
            .with_context(tracking_disable=True, dropship_internal=True)
            .create({**vals, "email": customer_sudo.email, "company_id": customer_sudo.company_id.id})
        )
        after = address_sudo._dropship_ship_to()
        known_sudo = customer_sudo.commercial_partner_id.child_ids.filtered(
            lambda child: child != address_sudo and child._dropship_ship_to() == after
        )[:1]
        if ship_to.fingerprint(before) == ship_to.fingerprint(after) or known_sudo:
            address_sudo.unlink()
        if ship_to.fingerprint(before) == ship_to.fingerprint(after):
            return "same"
        order_sudo.with_context(dropship_by_customer=True).partner_shipping_id = known_sudo or address_sudo
        order_sudo._dropship_note(request.env._("The customer changed the delivery address on the website."))
        return "ask" if order_sudo.dropship_change_count else "now"

    # ------------------------------------------------------------------
    # Supplier
    # ------------------------------------------------------------------

    @http.route(
        "/my/purchase/<int:order_id>/change/<int:change_id>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def dropship_change_answer(self, order_id, change_id, access_token=None, answer="", note="", **_kwargs):
        """The supplier answers what he was asked about his purchase."""
        try:
            purchase_sudo = self._document_check_access("purchase.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        change_sudo = purchase_sudo.dropship_change_ids.filtered(lambda change: change.id == change_id)
        if change_sudo.state == "asked" and answer in ("yes", "no"):
            try:
                change_sudo._answer(answer, str(note)[:LONGEST_FIELD].strip())
            except UserError:  # it was settled another way meanwhile: the page shows how things are
                request.env.cr.rollback()
        return request.redirect(purchase_sudo.get_portal_url() if access_token else f"/my/purchase/{order_id}")
