"""Statements and reconciliations as workbooks, for our own people, by their own rights."""

from odoo import http
from odoo.addons.dropship_flow.papers import TYPES
from odoo.exceptions import AccessError, MissingError
from odoo.http import request


class ProfitSheets(http.Controller):
    @http.route("/dropship/profit/<int:order_id>.xlsx", type="http", auth="user", methods=["GET"], sitemap=False)
    def profit_of_order(self, order_id, **_other):
        return self._sheet(request.env["sale.order"].browse(order_id), "_dropship_profit_file")

    @http.route("/dropship/reconcile/<int:wizard_id>.xlsx", type="http", auth="user", methods=["GET"], sitemap=False)
    def reconciliation(self, wizard_id, **_other):
        return self._sheet(request.env["dropship.profit.reconcile"].browse(wizard_id), "_file")

    def _sheet(self, record, method):
        try:
            record.check_access("read")
            name, content = getattr(record, method)()
        except (AccessError, MissingError):
            return request.not_found()
        headers = [
            ("Content-Type", TYPES["xlsx"][0]),
            ("Content-Length", len(content)),
            ("Content-Disposition", http.content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers)
