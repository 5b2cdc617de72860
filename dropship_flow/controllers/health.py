import json

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from ..models.health_watch import TOKEN


class DropshipHealth(http.Controller):
    @http.route(
        "/dropship/health",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
        readonly=True,
    )
    def health(self, token="", **_other):
        """200 when all is well, 503 when something needs a person. States only; the token is asked for."""
        header = request.httprequest.headers.get("Authorization", "")
        given = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else token
        # The setting is the administrator's; who knows it may know the states, which are made of all records.
        known = request.env["ir.config_parameter"].sudo().get_param(TOKEN)
        if not known or not given or not consteq(known.encode(), given[:200].encode()):
            return request.make_json_response({"error": "not found"}, status=404)
        states = request.env["dropship.health.check"].sudo()._states()
        bad = "bad" in states.values()
        body = {"status": "bad" if bad else "warn" if "warn" in states.values() else "good", "checks": states}
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        return request.make_response(json.dumps(body), headers, status=503 if bad else 200)
