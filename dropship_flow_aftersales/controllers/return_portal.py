"""My returns: the list of who has an account."""

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.http import request

ON_A_PAGE = 20


class DropshipReturnPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Override: how many requests he has."""
        values = super()._prepare_home_portal_values(counters)
        if "dropship_return_count" in counters:
            values["dropship_return_count"] = self._dropship_my_returns_count()
        return values

    def _dropship_my_returns(self):
        # His own, found by his account; he has no rights on the model.
        mine = request.env.user.partner_id.commercial_partner_id
        return request.env["dropship.return"].sudo(), [("partner_id", "child_of", mine.id)]

    def _dropship_my_returns_count(self):
        cases_sudo, domain = self._dropship_my_returns()
        return cases_sudo.search_count(domain)

    @http.route(["/my/returns", "/my/returns/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"])
    def dropship_my_returns(self, page=1, **_kwargs):
        cases_sudo, domain = self._dropship_my_returns()
        count = cases_sudo.search_count(domain)
        pages = pager(url="/my/returns", total=count, page=page, step=ON_A_PAGE)
        found_sudo = cases_sudo.search(domain, order="id desc", limit=ON_A_PAGE, offset=pages["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "dropship_returns",
            "cases": [
                {
                    "id": case.id,
                    "name": case.name,
                    "opened": case.opened_at,
                    "items": [case._page_item(line) for line in case.line_ids],
                    **case._headline(),
                }
                for case in found_sudo
            ],
            "pager": pages,
            "default_url": "/my/returns",
        }
        return request.render("dropship_flow_aftersales.portal_my_returns", values)
