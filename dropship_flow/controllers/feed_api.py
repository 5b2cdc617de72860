from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..api.supplier_openapi import BASE
from ..models.feed_fetch import MOST_MB

OPTIONS = {
    "type": "http",
    "auth": "public",
    "csrf": False,
    "save_session": False,
    "sitemap": False,
    # The feed's own limit is below it; above that we answer for ourselves.
    "max_content_length": (MOST_MB + 1) * 2**20,
}


class FeedApi(http.Controller):
    """Where a supplier's program sends a whole feed. The key says who it is; no session, no user of Odoo."""

    @http.route([f"{BASE}/feeds", f"{BASE}/feeds/<string:feed>"], methods=["POST"], **OPTIONS)
    def take(self, feed="", **args):
        return self._enter(feed, args=args)

    @http.route(f"{BASE}/feeds/<string:feed>/runs/<int:run_id>", methods=["GET"], **OPTIONS)
    def tell(self, feed, run_id, **_args):
        return self._enter(feed, run_id)

    def _enter(self, feed, run_id=None, args=None):
        # The key decides what is allowed; the caller has no user of his own here.
        return request.env(user=SUPERUSER_ID, context={})["dropship.supplier.api"]._enter_feed(feed, run_id, args)


class FeedRows(http.Controller):
    """Rows not taken, as a file for the supplier."""

    @http.route("/dropship/feeds/rows.csv", type="http", auth="user", methods=["GET"], sitemap=False)
    def rows(self, ids="", **_args):
        rows = request.env["dropship.feed.reject"]
        found = rows.browse(int(part) for part in ids.split(",")[:1000] if part.isascii() and part.isdigit()).exists()
        found.check_access("read")
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", http.content_disposition("rows_not_taken.csv")),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(rows._csv(found), headers=headers)
