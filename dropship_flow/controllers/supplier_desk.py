"""The supplier's own pages: with a login under /my/dropship, or by a link under /supplier/<token>.

Looking never changes an order. Every change is a POST that says what its page showed.
"""

from dataclasses import dataclass

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..connectors.answer import REASONS
from ..models.desk_answer import CHANGED, DONE, KNOWN, PARKED, VERBS
from ..models.supplier_desk import TABS

# A link is a secret: it is neither kept, nor told to the pages it leads to, nor found by search engines.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
COOKIE = "supplier_lang"
PER_PAGE = 20
# Suggestions only: any other name is taken as well.
CARRIERS = ("顺丰速运", "中通快递", "圆通速递", "申通快递", "韵达快递", "EMS", "云途物流", "DHL", "UPS", "DPD")
SAID = (DONE, KNOWN, CHANGED, PARKED, "announced")
OPTIONS = {
    "type": "http",
    "auth": "public",
    "website": True,
    "multilang": False,
    "sitemap": False,
    "csrf": True,
    "max_content_length": 12 * 1024 * 1024,
}


def both(path="", **options):
    """A page of the desk, with a login and by link; `options` come on top of (or instead of) those of all pages."""
    return http.route([f"/my/dropship{path}", f"/supplier/<string:token>{path}"], **{**OPTIONS, **options})


@dataclass
class Desk:
    """Whose pages these are, and how far they reach."""

    # Suppliers have no rights on our records: who has the login or the link sees his own orders, by these domains.
    suppliers_sudo: object
    link_sudo: object
    base: str

    def domain(self, tab=""):
        domain = self.suppliers_sudo._desk_domain(tab)
        return domain & self.reach()

    def reach(self):
        """What of the supplier's orders the link opens."""
        if not self.link_sudo:
            return Domain.TRUE
        reach = Domain("company_id", "=", self.link_sudo.company_id.id)
        if self.link_sudo.purpose == "order":
            reach &= Domain("id", "=", self.link_sudo.purchase_id.id)
        return reach

    @property
    def one_order(self):
        return bool(self.link_sudo) and self.link_sudo.purpose == "order"

    def purchases(self):
        return self.suppliers_sudo.env["purchase.order"]

    def order(self, order_id):
        return self.purchases().search(self.domain() & Domain("id", "=", order_id), limit=1)


class DropshipSupplierDesk(CustomerPortal):
    # ------------------------------------------------------------------
    # Who is there, in which language
    # ------------------------------------------------------------------

    def _desk(self, token=None):
        """The desk of who asks; None when there is none for him."""
        if token is None:
            partner = request.env.user.partner_id.commercial_partner_id
            domain = [("partner_id", "=", partner.id)]
            suppliers_sudo = request.env["dropship.supplier"].sudo().search(domain)
            if request.env.user._is_public() or not suppliers_sudo:
                return None
            desk = Desk(suppliers_sudo, None, "/my/dropship")
        else:
            link_sudo = request.env["dropship.supplier.link"].sudo()._by_token(token)
            if not link_sudo:
                return None
            link_sudo._used()
            desk = Desk(link_sudo.supplier_id, link_sudo, f"/supplier/{token}")
        self._desk_speak(desk)
        return desk

    def _whole_desk(self, token=None):
        """The desk, when it reaches further than one order; None for a link to one alone."""
        desk = self._desk(token)
        return None if not desk or desk.one_order else desk

    def _who(self, desk):
        """Whose deed it is: the name of the link or of who has logged in."""
        return desk.link_sudo.display_name if desk.link_sudo else request.env.user.name

    def _desk_speak(self, desk):
        """His language: as he chose here, else as we know it."""
        langs = [code for code, _name in request.env["res.lang"].get_installed()]
        chosen = request.params.get("speak") or request.httprequest.cookies.get(COOKIE)
        lang = chosen if chosen in langs else desk.suppliers_sudo[:1].partner_id.lang
        if lang in langs:
            request.update_context(lang=lang)
        companies = desk.link_sudo.company_id if desk.link_sudo else desk.suppliers_sudo.company_id
        context = {"allowed_company_ids": (companies or request.env.company).ids}
        desk.suppliers_sudo = desk.suppliers_sudo.with_context(lang=request.env.context.get("lang"), **context)

    def _desk_page(self, template, desk, status=200, **values):
        langs = request.env["res.lang"].get_installed()
        said = request.params.get("said")
        values = {
            "desk": desk,
            "base": desk.base,
            "here": request.httprequest.path,
            "supplier": desk.suppliers_sudo[:1],
            "spoken": langs if len(langs) > 1 else [],
            "speaks": request.env.context.get("lang"),
            "said": said if said in SAID else "",
            "no_header": True,
            "no_footer": True,
            **values,
        }
        response = request.render(template, values, status=status)
        response.headers.update(HEADERS)
        if request.params.get("speak") == values["speaks"]:
            response.set_cookie(COOKIE, values["speaks"], max_age=365 * 86400, httponly=True, samesite="Lax")
        return response

    def _desk_place(self, page, total):
        """(number of the page asked for, how many there are) of a list of so many rows."""
        pages = max(-(-total // PER_PAGE), 1)
        return min(max(int(page) if str(page).isdecimal() and len(str(page)) < 9 else 1, 1), pages), pages

    def _desk_file(self, content, name, mimetype):
        """A file to download, kept nowhere on the way."""
        headers = [
            ("Content-Type", mimetype),
            ("Content-Length", len(content)),
            ("Content-Disposition", http.content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            *HEADERS.items(),
        ]
        return request.make_response(content, headers)

    def _desk_seen(self, desk, orders_sudo, via):
        """A supplier saw the addresses of these orders."""
        viewer = desk.link_sudo.display_name if desk.link_sudo else request.env.user
        orders_sudo._dropship_log_view(via, viewer)

    def _desk_gone(self, token=None):
        """Our own page for every link that is none."""
        if token is None and request.env.user._is_public():
            return request.redirect("/web/login?redirect=/my/dropship")
        values = {"no_header": True, "no_footer": True}
        response = request.render("dropship_flow.supplier_desk_gone", values, status=404)
        response.headers.update(HEADERS)
        return response

    def _prepare_home_portal_values(self, counters):
        """Override: how many orders wait for this supplier."""
        values = super()._prepare_home_portal_values(counters)
        if "dropship_count" in counters:
            desk = self._desk()
            values["dropship_count"] = (
                desk.purchases().search_count(desk.domain("answer") | desk.domain("ship")) if desk else 0
            )
        return values

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------

    @both(methods=["GET"])
    def supplier_desk(self, token=None, tab="", q="", page="1", **_other):
        desk = self._desk(token)
        if not desk:
            return self._desk_gone(token)
        if desk.one_order:
            return self._order_page(desk, desk.link_sudo.purchase_id.with_env(desk.suppliers_sudo.env))
        counts = desk.suppliers_sudo._desk_counts(desk.reach())
        if tab not in TABS:
            tab = next((name for name in TABS if counts[name]), TABS[0])
        q = q.strip()[:100]
        domain = (desk.domain() & desk.suppliers_sudo._desk_search(q)) if q else desk.domain(tab)
        purchases = desk.purchases()
        total = purchases.search_count(domain) if q else counts[tab]
        number, pages = self._desk_place(page, total)
        order = "id desc" if q or tab in ("shipped", "cancelled") else "dropship_leaves_by, id"
        found = purchases.search(domain, order=order, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
        return self._desk_page(
            "dropship_flow.supplier_desk_list",
            desk,
            tab="" if q else tab,
            q=q,
            counts=counts,
            total=total,
            number=number,
            pages=pages,
            rows=found._dropship_desk_rows(),
        )

    # ------------------------------------------------------------------
    # One order
    # ------------------------------------------------------------------

    @both("/order/<int:order_id>", methods=["GET"])
    def supplier_desk_order(self, order_id, token=None, **_other):
        desk = self._desk(token)
        order_sudo = desk and desk.order(order_id)
        if not order_sudo:
            return self._desk_gone(token)
        return self._order_page(desk, order_sudo)

    def _order_page(self, desk, order_sudo, status=200, **values):
        self._desk_seen(desk, order_sudo, "desk")
        newer = desk.one_order and order_sudo._dropship_desk_revision() > desk.link_sudo.revision
        return self._desk_page(
            "dropship_flow.supplier_desk_order",
            desk,
            status=status,
            here=f"{desk.base}/order/{order_sudo.id}",
            order=order_sudo,
            facts=order_sudo._dropship_desk_facts(),
            text=order_sudo._dropship_desk_text(),
            reasons=self._reasons(),
            carriers=CARRIERS,
            newer=newer,
            **values,
        )

    def _reasons(self):
        words = {
            "out_of_stock": request.env._("Out of stock"),
            "not_enough": request.env._("Not enough in stock"),
            "discontinued": request.env._("No longer made"),
            "price": request.env._("Price no longer valid"),
            "address": request.env._("The address is incomplete"),
            "cannot_ship": request.env._("We do not ship there"),
            "closed": request.env._("We are closed"),
            "customer": request.env._("Something is wrong with the customer"),
            "other": request.env._("Another reason"),
        }
        return [(code, words[code]) for code in REASONS]

    @both("/order/<int:order_id>/answer", methods=["POST"])
    def supplier_desk_answer(self, order_id, token=None, verb="", **data):
        desk = self._desk(token)
        order_sudo = desk and desk.order(order_id)
        if not order_sudo:
            return self._desk_gone(token)
        if verb not in VERBS:
            return request.redirect(f"{desk.base}/order/{order_id}")
        try:
            with request.env.cr.savepoint():
                said = order_sudo._dropship_desk_do(verb, data, desk.link_sudo)
        except UserError as error:
            return self._order_page(desk, order_sudo, status=422, error=str(error), typed={**data, "verb": verb})
        return self._said(desk, order_sudo, said)

    @both("/order/<int:order_id>/change/<int:change_id>", methods=["POST"])
    def supplier_desk_change(self, order_id, change_id, token=None, answer="", note="", stamp="", **_other):
        desk = self._desk(token)
        order_sudo = desk and desk.order(order_id)
        change_sudo = order_sudo and order_sudo.dropship_change_ids.filtered(lambda change: change.id == change_id)
        if not change_sudo or change_sudo.state == "draft":
            return self._desk_gone(token)
        try:
            with request.env.cr.savepoint():
                said = order_sudo._dropship_desk_change(change_sudo, answer, note.strip()[:250], stamp)
        except UserError as error:
            return self._order_page(desk, order_sudo, status=422, error=str(error))
        return self._said(desk, order_sudo, said)

    def _said(self, desk, order_sudo, said):
        """Show what is so now. A page that was behind is answered at once, with the reason on top."""
        if said == CHANGED:
            order_sudo.invalidate_recordset()
            return self._order_page(desk, order_sudo, status=409, said=CHANGED)
        return request.redirect(f"{desk.base}/order/{order_sudo.id}?said={said}", code=303)

    # ------------------------------------------------------------------
    # Closed days, the score, sharing
    # ------------------------------------------------------------------

    @both("/closed", methods=["GET", "POST"])
    def supplier_desk_closed(self, token=None, **data):
        desk = self._whole_desk(token)
        if not desk:
            return self._desk_gone(token)
        values = {}
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    desk.suppliers_sudo._desk_announce(data)
                return request.redirect(f"{desk.base}/closed?said=announced", code=303)
            except UserError as error:
                values = {"status": 422, "error": str(error), "typed": data}
        closures = desk.suppliers_sudo.closure_ids.sorted("date_from", reverse=True)[:20]
        return self._desk_page("dropship_flow.supplier_desk_closed", desk, closures=closures, **values)

    @both("/score", methods=["GET"])
    def supplier_desk_score(self, token=None, **_other):
        desk = self._whole_desk(token)
        if not desk:
            return self._desk_gone(token)
        company = desk.link_sudo.company_id if desk.link_sudo else None
        scores = [
            (supplier, supplier._desk_score(company), supplier._dropship_score()) for supplier in desk.suppliers_sudo
        ]
        return self._desk_page("dropship_flow.supplier_desk_score", desk, scores=scores)

    @both("/share", methods=["GET"])
    def supplier_desk_share(self, token=None, **_other):
        """The QR code of this very link, for a colleague's phone."""
        desk = self._desk(token)
        if not desk or not desk.link_sudo:
            return self._desk_gone(token)
        url = f"{desk.suppliers_sudo.get_base_url()}{desk.base}"
        qr = desk.suppliers_sudo.env["dropship.supplier.share"]._qr(url)
        return self._desk_page("dropship_flow.supplier_desk_share", desk, url=url, qr=qr)
