"""Withdrawing from the contract, in two steps and without login: the statement, and its confirmation."""

from odoo import http
from odoo.addons.dropship_flow.remedy import fresh
from odoo.http import request
from odoo.tools import email_normalize

from .return_pages import OPTIONS, DropshipReturnPages

FIELDS = ("name", "reference", "email", "text")


class DropshipReturnWithdraw(DropshipReturnPages):
    @http.route("/withdraw", methods=["GET", "HEAD", "POST"], **{**OPTIONS, "sitemap": True})
    def dropship_withdraw(self, form="", **post):
        typed = self._withdrawal_typed(post)
        if request.httprequest.method != "POST":
            typed = {**dict.fromkeys(FIELDS, ""), "reference": typed["reference"]}
            return self._withdrawal_page(typed, fresh())
        if errors := self._withdrawal_errors(typed):
            return self._withdrawal_page(typed, form, errors)
        order_sudo = self._withdrawal_order(typed)
        lines_sudo = order_sudo._dropship_ask_lines() if order_sudo else []
        values = {
            "typed": typed,
            "form": form or fresh(),
            "items": [self._withdrawal_item(line_sudo) for line_sudo in lines_sudo],
        }
        return self._track_render("dropship_flow_aftersales.withdraw_confirm", values)

    @http.route("/withdraw/confirm", methods=["POST"], **OPTIONS)
    def dropship_withdraw_confirm(self, form="", back="", **post):
        typed = self._withdrawal_typed(post)
        errors = self._withdrawal_errors(typed)
        if errors or back:
            return self._withdrawal_page(typed, form, errors)
        company = request.website.company_id
        statements_sudo = request.env["dropship.return.withdrawal"].sudo()  # a statement of whoever makes it
        allowed = self._aftersales_allowed(company, "withdrawal")
        allowed = allowed and self._aftersales_allowed(company, "withdrawal_mail", typed["email"].casefold())
        if not allowed and not statements_sudo.search_count([("key", "=", form)], limit=1):
            text = request.env._("You have sent this several times already. Please wait an hour, or write us a mail.")
            return self._withdrawal_page(typed, form, text)
        order_sudo = self._withdrawal_order(typed)
        vals = {**typed, "company_id": company.id, "website_id": request.website.id}
        statement_sudo = statements_sudo._state_it(form, vals, order_sudo, self._withdrawal_lines(order_sudo, post))
        return self._track_render("dropship_flow_aftersales.withdraw_done", {"statement": statement_sudo})

    def _withdrawal_typed(self, post):
        return {name: str(post.get(name) or "").strip()[: 2000 if name == "text" else 100] for name in FIELDS}

    def _withdrawal_errors(self, typed):
        if not typed["name"] or not typed["reference"]:
            return request.env._("Please write your name and the number of your order.")
        if not email_normalize(typed["email"]):
            return request.env._("Please write the e-mail address at which you want the receipt.")
        return ""

    def _withdrawal_order(self, typed):
        """The order of these facts; who tries too many finds none, and his statement is a person's."""
        none_sudo = request.env["sale.order"].sudo()
        if self._track_limits(typed["reference"]):
            return none_sudo
        website = request.website
        # Who knows both is the customer.
        return none_sudo._dropship_lookup(website.company_id, website, typed["reference"], typed["email"])

    def _withdrawal_item(self, line_sudo):
        product_sudo = line_sudo.product_id.with_context(display_default_code=False)
        return {
            "id": line_sudo.id,
            "name": product_sudo.display_name,
            "qty": f"{line_sudo.product_uom_qty:g}",
            "image": product_sudo.image_128,
        }

    def _withdrawal_lines(self, order_sudo, post):
        """The lines that were ticked; none where all were, or none was."""
        lines_sudo = order_sudo._dropship_ask_lines()
        ticked_sudo = lines_sudo.filtered(lambda line: post.get(f"line_{line.id}"))
        return ticked_sudo if ticked_sudo != lines_sudo else ticked_sudo.browse()

    def _withdrawal_page(self, typed, form, errors=""):
        values = {"typed": typed, "form": form or fresh(), "errors": errors}
        return self._track_render("dropship_flow_aftersales.withdraw_state", values)
