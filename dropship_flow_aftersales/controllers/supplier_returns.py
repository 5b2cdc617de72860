"""Returns and claims on the supplier's own pages: look, approve, refuse, count, answer.

Looking changes nothing. Every change is a POST that says what its page showed.
"""

from odoo import http
from odoo.addons.dropship_flow.controllers.supplier_desk import HEADERS, PER_PAGE, both
from odoo.addons.dropship_flow.controllers.supplier_desk_fapiao import DropshipSupplierFapiao
from odoo.addons.dropship_flow.models.desk_answer import CHANGED
from odoo.addons.dropship_flow.remedy import same
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..connectors.replies import CLAIM_REASONS, CONDITIONS
from ..models.supplier.desk import TABS
from ..models.supplier.desk_form import CLAIM_VERBS, MAX_BYTES, MAX_PHOTOS, RETURN_VERBS

LIST = "dropship_flow.supplier_desk_list"


class DropshipSupplierReturns(DropshipSupplierFapiao):
    # ------------------------------------------------------------------
    # What there is
    # ------------------------------------------------------------------

    def _desk_page(self, template, desk, status=200, **values):
        """Override: what waits of returns and claims stands on top of the list of orders."""
        if template == LIST and not desk.one_order:
            values["returns_counts"] = desk.suppliers_sudo._desk_returns_counts(self._reach(desk))
        return super()._desk_page(template, desk, status=status, **values)

    def _prepare_home_portal_values(self, counters):
        """Override: returns and claims wait as orders do."""
        values = super()._prepare_home_portal_values(counters)
        if "dropship_count" in counters:
            desk = self._whole_desk()
            waiting = desk.suppliers_sudo._desk_returns_counts(self._reach(desk)) if desk else {}
            values["dropship_count"] += sum(waiting.values())
        return values

    def _reach(self, desk):
        """The company a link opens."""
        return Domain("company_id", "=", desk.link_sudo.company_id.id) if desk.link_sudo else Domain.TRUE

    def _sides(self, desk, domain):
        sides = desk.suppliers_sudo.env["dropship.return.side"]
        return sides.search(desk.suppliers_sudo._desk_returns_domain("") & self._reach(desk) & domain)

    def _claims(self, desk, domain):
        claims = desk.suppliers_sudo.env["dropship.claim"]
        return claims.search(desk.suppliers_sudo._desk_claims_domain() & self._reach(desk) & domain)

    def _one(self, token, what, record_id):
        """(desk, the return or claim); nothing where there is none for him."""
        desk = self._whole_desk(token)
        if not desk:
            return None, None
        return desk, (self._sides if what == "returns" else self._claims)(desk, Domain("id", "=", record_id))

    @both("/returns", methods=["GET"])
    def supplier_desk_returns(self, token=None, tab="", page="1", **_other):
        desk = self._whole_desk(token)
        if not desk:
            return self._desk_gone(token)
        suppliers_sudo, reach = desk.suppliers_sudo, self._reach(desk)
        counts = suppliers_sudo._desk_returns_counts(reach)
        if tab not in TABS:
            tab = next((name for name in TABS if counts.get(name)), TABS[0])
        sides = suppliers_sudo.env["dropship.return.side"]
        claims = suppliers_sudo.env["dropship.claim"]
        if tab != "claims":
            sides = sides.search(suppliers_sudo._desk_returns_domain(tab) & reach, order="id desc")
        if tab in ("claims", "done"):
            claims = claims.search(suppliers_sudo._desk_claims_domain(tab) & reach, order="id desc")
        number, pages = self._desk_place(page, max(len(sides), len(claims)))
        part = slice((number - 1) * PER_PAGE, number * PER_PAGE)
        return self._desk_page(
            "dropship_flow_aftersales.supplier_desk_returns",
            desk,
            here=f"{desk.base}/returns",
            tab=tab,
            counts={**counts, "done": ""},
            rows=sides[part]._desk_rows(),
            claims=claims[part]._desk_claim_rows(),
            number=number,
            pages=pages,
        )

    # ------------------------------------------------------------------
    # One return
    # ------------------------------------------------------------------

    @both("/returns/<int:side_id>", methods=["GET"])
    def supplier_desk_return(self, side_id, token=None, **_other):
        desk, side_sudo = self._one(token, "returns", side_id)
        return self._desk_return_page(desk, side_sudo) if side_sudo else self._desk_gone(token)

    def _desk_return_page(self, desk, side_sudo, status=200, **values):
        words = {
            "as_new": request.env._("As New"),
            "opened": request.env._("Opened Pack"),
            "used": request.env._("Used"),
            "damaged": request.env._("Damaged"),
            "missing_parts": request.env._("Parts Missing"),
            "wrong_item": request.env._("Wrong Item"),
            "not_ours": request.env._("Not Ours"),
        }
        return self._desk_page(
            "dropship_flow_aftersales.supplier_desk_return",
            desk,
            status=status,
            here=f"{desk.base}/returns/{side_sudo.id}",
            facts=side_sudo._desk_facts(),
            conditions=[(code, words[code]) for code in CONDITIONS],
            **values,
        )

    @both("/returns/<int:side_id>/answer", methods=["POST"], max_content_length=64 * 1024 * 1024)
    def supplier_desk_return_answer(self, side_id, token=None, verb="", stamp="", **data):
        desk, side_sudo = self._one(token, "returns", side_id)
        if not side_sudo:
            return self._desk_gone(token)
        here = f"{desk.base}/returns/{side_id}"
        if verb not in RETURN_VERBS:
            return request.redirect(here)
        try:
            with request.env.cr.savepoint():
                files = side_sudo._desk_files(*self._uploads())
                said = side_sudo._desk_answer(side_sudo._desk_raw(verb, data), stamp, files, desk.link_sudo)
        except UserError as error:
            side_sudo.invalidate_recordset()
            return self._desk_return_page(desk, side_sudo, status=422, error=str(error), typed={**data, "verb": verb})
        if said == CHANGED:
            return self._desk_return_page(desk, side_sudo, status=409, said=CHANGED)
        return request.redirect(f"{here}?said={said}", code=303)

    def _uploads(self):
        """([bytes of each photo], bytes of the label): one byte more than allowed tells a file that is too large."""
        files = request.httprequest.files
        photos = [file.read(MAX_BYTES + 1) for file in files.getlist("photos")[: MAX_PHOTOS + 1] if file.filename]
        label = files.get("label")
        return photos, label.read(MAX_BYTES + 1) if label and label.filename else b""

    # ------------------------------------------------------------------
    # One claim
    # ------------------------------------------------------------------

    @both("/claims/<int:claim_id>", methods=["GET"])
    def supplier_desk_claim(self, claim_id, token=None, **_other):
        desk, claim_sudo = self._one(token, "claims", claim_id)
        return self._claim_page(desk, claim_sudo) if claim_sudo else self._desk_gone(token)

    def _claim_page(self, desk, claim_sudo, status=200, **values):
        words = {
            "not_ours": request.env._("Not our fault"),
            "too_late": request.env._("Claimed too late"),
            "no_evidence": request.env._("Nothing shows it"),
            "not_returned": request.env._("The goods did not come back"),
            "amount": request.env._("The amount is wrong"),
            "carrier": request.env._("The carrier is to blame"),
            "other": request.env._("Another reason"),
        }
        return self._desk_page(
            "dropship_flow_aftersales.supplier_desk_claim",
            desk,
            status=status,
            here=f"{desk.base}/claims/{claim_sudo.id}",
            facts=claim_sudo._desk_facts(),
            reasons=[(code, words[code]) for code in CLAIM_REASONS],
            **values,
        )

    @both("/claims/<int:claim_id>/answer", methods=["POST"])
    def supplier_desk_claim_answer(self, claim_id, token=None, verb="", stamp="", **data):
        desk, claim_sudo = self._one(token, "claims", claim_id)
        if not claim_sudo:
            return self._desk_gone(token)
        here = f"{desk.base}/claims/{claim_id}"
        if verb not in CLAIM_VERBS:
            return request.redirect(here)
        try:
            with request.env.cr.savepoint():
                said = claim_sudo._desk_answer(claim_sudo._desk_raw(verb, data), stamp, link=desk.link_sudo)
        except UserError as error:
            claim_sudo.invalidate_recordset()
            return self._claim_page(desk, claim_sudo, status=422, error=str(error), typed={**data, "verb": verb})
        if said == CHANGED:
            return self._claim_page(desk, claim_sudo, status=409, said=CHANGED)
        return request.redirect(f"{here}?said={said}", code=303)


class DropshipReturnPhotos(http.Controller):
    """Photos for whoever was given their address: it is signed, opens one photo, and says nothing of the customer."""

    @http.route(
        "/dropship/<any('return','claim'):what>/<int:record_id>/photo/<int:file_id>/<string:sign>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def photo(self, what, record_id, file_id, sign, **_other):
        model = "dropship.return.side" if what == "return" else "dropship.claim"
        record_sudo = request.env[model].sudo().browse(record_id).exists()  # the signature is the right to look
        file_sudo = request.env["ir.attachment"].sudo().browse(file_id).exists()
        if not record_sudo or not file_sudo or not same(record_sudo._sign_of(file_sudo), sign):
            return request.not_found()
        content, mimetype = record_sudo._shown_file(file_sudo)
        if not content:
            return request.not_found()
        headers = [
            ("Content-Type", mimetype),
            ("Content-Length", len(content)),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; sandbox"),
            *HEADERS.items(),
        ]
        return request.make_response(content, headers)
