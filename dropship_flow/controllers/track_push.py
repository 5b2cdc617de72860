from odoo import SUPERUSER_ID, http
from odoo.http import request

MAX_BYTES = 2**20


class DropshipTrackPush(http.Controller):
    @http.route(
        "/dropship/track/push/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        sitemap=False,
        max_content_length=MAX_BYTES,
    )
    def push(self, token, **_fields):
        """A tracking service tells news. The address says whose account it is, the signature that it is genuine."""
        # Who pushes has no user of ours.
        return request.env(user=SUPERUSER_ID, context={})["dropship.inbox"]._push(token)
