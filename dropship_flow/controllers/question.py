from odoo import http
from odoo.http import request

# A link is a secret: it is neither kept, nor told to the pages it leads to, nor found by search engines.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
MESSAGES = {"already", "expired", "changed"}


class DropshipQuestion(http.Controller):
    """The customer's page when no source is left. Looking never acts; acting is a POST behind a page that says what."""

    @http.route(
        ["/shop/question", "/shop/question/<string:token>"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "HEAD", "POST"],
        csrf=True,
    )
    def question(self, token="", choice="", said="", stamp="", **post):
        # Who has the link is the customer of its question, so he sees it and acts on it with all rights.
        question_sudo = request.env["dropship.customer.question"].sudo()._by_token(token)
        if not question_sudo:
            return self._gone()
        if request.httprequest.method == "POST":
            return self._answer(question_sudo, choice, stamp, post)
        return self._show(question_sudo, choice, said)

    def _show(self, question_sudo, choice, said):
        shown = question_sudo._shown()
        chosen = next((row for row in shown if row[0] == choice), None)
        values = {
            "question": question_sudo,
            "order": question_sudo.order_id,
            "token": question_sudo.token,
            "shown": shown,
            "chosen": chosen if question_sudo._can_be_answered() else None,
            "said": said if said in MESSAGES else "",
            "products": question_sudo._offered_products(),
        }
        return self._page("dropship_flow.question_page", values)

    def _answer(self, question_sudo, choice, stamp, post):
        picks = {}
        for name, value in post.items():
            kind, _, line = name.partition("_")
            if kind == "pick" and line.isdecimal() and value.isdecimal() and len(line + value) < 20:
                picks[int(line)] = int(value)
        # A form that does not say what its reader saw is not ours.
        said = question_sudo._answer(choice, picks, stamp, by=request.env.user) if stamp else "changed"
        query = f"?said={said}" if said in MESSAGES else ""
        return request.redirect(f"/shop/question/{question_sudo.token}{query}", code=303)

    def _page(self, template, values, status=200):
        response = request.render(template, values, status=status)
        response.headers.update(HEADERS)
        return response

    def _gone(self):
        """Our own page for every link that is none: the website's search for a page cannot read each of them."""
        return self._page("dropship_flow.question_gone", {}, status=404)
