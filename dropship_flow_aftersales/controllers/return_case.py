"""The page of a case: a conversation with offers as cards. Looking changes nothing; what customers do is a POST."""

from odoo import http
from odoo.addons.dropship_flow.remedy import fresh, key_of
from odoo.exceptions import UserError
from odoo.http import request

from ..models.portal.photos import ACCEPTED
from .return_pages import OPTIONS, SAID, DropshipReturnPages

VERBS = ("take", "decline", "propose", "sent", "cancel", "write")


class DropshipReturnCase(DropshipReturnPages):
    @http.route(["/my/returns/<int:case_id>", "/return/<string:token>"], methods=["GET", "HEAD"], **OPTIONS)
    def dropship_return_case(self, token="", case_id=0, said="", **_kwargs):
        if case_id and request.env.user._is_public():
            return request.redirect(f"/web/login?redirect=/my/returns/{case_id}", code=303)
        case_sudo, who, base = self._aftersales_case(token, case_id)
        if not case_sudo:
            return self._aftersales_gone()
        return self._aftersales_page(case_sudo, who, base, said=said if said in SAID else "")

    def _aftersales_page(self, case_sudo, who, base, said="", errors="", typed=None):
        values = {
            "page": case_sudo._page(who),
            "base": base,
            "who": who,
            "said": said,
            "errors": errors,
            "typed": typed or {},
            "form": fresh(),
            "accepted": ACCEPTED,
        }
        return self._track_render("dropship_flow_aftersales.return_case", values)

    @http.route(
        ["/my/returns/<int:case_id>/<string:verb>", "/return/<string:token>/<string:verb>"], methods=["POST"], **OPTIONS
    )
    def dropship_return_do(self, verb, token="", case_id=0, **post):
        case_sudo, who, base = self._aftersales_case(token, case_id)
        if not case_sudo or verb not in VERBS:
            return self._aftersales_gone()
        if not self._aftersales_allowed(case_sudo.company_id, "return_say", f"case {case_sudo.id}"):
            return self._aftersales_redirect(base, "often")
        typed = {name: str(value)[:2000] for name, value in post.items() if isinstance(value, str)}
        try:
            with request.env.cr.savepoint():
                said, place = getattr(self, f"_aftersales_do_{verb}")(case_sudo, who, typed)
        except UserError as error:
            return self._aftersales_page(case_sudo, who, base, errors=str(error), typed={**typed, "verb": verb})
        return self._aftersales_redirect(base, said, place)

    def _aftersales_do_take(self, case_sudo, who, typed):
        return case_sudo._say_take(who, self._track_number(typed.get("about"))), ""

    def _aftersales_do_decline(self, case_sudo, who, typed):
        return case_sudo._say_decline(who, self._track_number(typed.get("about")), typed.get("text", "")), ""

    def _aftersales_do_propose(self, case_sudo, who, typed):
        key = f"form {typed['form']}" if key_of(typed.get("form")) else None
        kind = typed.get("kind", "")
        chosen = {line.id: self._track_number(typed.get(f"for_{kind}_{line.id}")) for line in case_sudo.line_ids}
        case_sudo._say_propose(who, kind, typed.get("amount", ""), typed.get("text", ""), key, chosen)
        return "proposed", ""

    def _aftersales_do_sent(self, case_sudo, who, typed):
        said = case_sudo._say_sent(who, typed.get("number", ""), typed.get("carrier", ""))
        return ("sent" if said == "done" else said), ""

    def _aftersales_do_cancel(self, case_sudo, who, _typed):
        said = case_sudo._say_cancel(who)
        return ("cancelled" if said == "done" else said), ""

    def _aftersales_do_write(self, case_sudo, _who, typed):
        said = case_sudo._say_message(typed.get("text", ""), self._aftersales_files())
        return ("written" if said == "done" else said), "dropship_talk"

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    @http.route(
        ["/my/returns/<int:case_id>/photo/<int:photo>", "/return/<string:token>/photo/<int:photo>"],
        methods=["GET", "HEAD"], **OPTIONS,
    )  # fmt: skip
    def dropship_return_case_photo(self, photo, token="", case_id=0, **_kwargs):
        case_sudo, _who, _base = self._aftersales_case(token, case_id)
        photo_sudo = case_sudo._page_photos().filtered(lambda one: one.id == photo) if case_sudo else None
        return self._aftersales_photo(photo_sudo) if photo_sudo else self._aftersales_gone()

    @http.route(["/my/returns/<int:case_id>/label", "/return/<string:token>/label"], methods=["GET", "HEAD"], **OPTIONS)
    def dropship_return_label(self, token="", case_id=0, **_kwargs):
        case_sudo, who, _base = self._aftersales_case(token, case_id)
        label_sudo = case_sudo._page_label() if case_sudo and "send" in case_sudo._verbs(who) else None
        if not label_sudo:
            return self._aftersales_gone()
        parcel_sudo = case_sudo.parcel_ids.filtered(lambda parcel: parcel.label_id == label_sudo)[:1]
        stream = request.env["ir.binary"].sudo()._get_stream_from(label_sudo)
        stream.download_name = parcel_sudo._label_name()
        return stream.get_response(as_attachment=True, immutable=False)

    # ------------------------------------------------------------------
    # Stars
    # ------------------------------------------------------------------

    @http.route(
        ["/my/returns/<int:case_id>/rate", "/return/<string:token>/rate"], methods=["GET", "HEAD", "POST"], **OPTIONS
    )
    def dropship_return_rate(self, token="", case_id=0, stars="", comment="", form="", **_kwargs):
        """The stars of the mail lead here: looking gives none."""
        case_sudo, who, base = self._aftersales_case(token, case_id)
        if not case_sudo:
            return self._aftersales_gone()
        chosen, said = self._track_number(stars), ""
        if request.httprequest.method == "POST":
            said = "often"
            if self._aftersales_allowed(case_sudo.company_id, "return_rate", f"case {case_sudo.id}"):
                key = f"form {form}" if key_of(form) else None
                said = case_sudo._say_score(who, chosen, str(comment), key)
        values = {
            "case": case_sudo,
            "base": base,
            "said": said,
            "stars": chosen if chosen in (1, 2, 3, 4, 5) else 0,
            "comment": str(comment)[:2000],
            "form": fresh(),
            "may": "score" in case_sudo._verbs(who),
            "reopened": case_sudo.state == "open",
        }
        return self._track_render("dropship_flow_aftersales.return_rate", values)
