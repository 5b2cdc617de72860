from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

VERBS = ("accept", "ship")


class DropshipSupplierAnswer(CustomerPortal):
    def _purchase_of_supplier(self, order_id, access_token, writing=False):
        """The purchase, for whoever has its link or may read it.

        :raise AccessError: for everybody else
        """
        order_sudo = self._document_check_access("purchase.order", order_id, access_token=access_token)
        # An employee without the link acts for the supplier only if he may change purchases.
        if writing and not access_token and not request.env.user.share:
            order_sudo.sudo(False).check_access("write")
        return order_sudo

    @http.route(
        ["/my/purchase/<int:order_id>/answer"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        csrf=True,
        max_content_length=64 * 1024,
    )
    def portal_purchase_answer(self, order_id, access_token=None, verb=None, numbers="", **_other):
        """The supplier accepts, or says under which numbers the goods left. Only these two fields are read."""
        try:
            order_sudo = self._purchase_of_supplier(order_id, access_token, writing=True)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = {}
        if verb in VERBS:
            try:
                with request.env.cr.savepoint():
                    # The link is the supplier's right to answer; system records follow from the answer.
                    order_sudo._dropship_answer(verb, numbers)
            except UserError as error:
                values = {"answer_error": str(error), "answer_numbers": (numbers or "")[:2000]}
        if not values:
            return request.redirect(order_sudo.get_portal_url(anchor="dropship_answer"))
        page = self._answer_page(order_sudo, access_token)
        return request.render("purchase.portal_my_purchase_order", {**page, **values}, status=422)

    def _answer_page(self, order_sudo, access_token):
        values = {"order": order_sudo, "report_type": "html", "res_company": order_sudo.company_id}
        history = "my_rfqs_history" if order_sudo.state == "sent" else "my_purchases_history"
        return self._get_page_view_values(order_sudo, access_token, values, history, False)
