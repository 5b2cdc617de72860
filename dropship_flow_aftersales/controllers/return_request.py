"""Asking for something: choose → why → what you may get → photos → send. Every page works without a program on it."""

from odoo import http
from odoo.addons.dropship_flow.remedy import fresh
from odoo.exceptions import UserError
from odoo.http import request

from ..models.portal.photos import ACCEPTED
from .return_choose import DropshipReturnChoose
from .return_pages import OPTIONS

STEPS = ("items", "why", "get", "photos", "send")


class DropshipReturnRequest(DropshipReturnChoose):
    # ------------------------------------------------------------------
    # The first page
    # ------------------------------------------------------------------

    @http.route("/my/returns/new", methods=["GET", "HEAD", "POST"], **{**OPTIONS, "auth": "user"})
    def dropship_return_new(self, form="", order="", **post):
        partner = request.env.user.partner_id
        company = request.website.company_id
        if request.httprequest.method != "POST":
            only = self._track_number(order)
            return self._aftersales_items(fresh(), partner, only=only, **self._aftersales_searched(post))
        return self._aftersales_begin(form, partner, company, post)

    @http.route("/track/<string:token>/return", methods=["GET", "HEAD", "POST"], **OPTIONS)
    def dropship_return_guest(self, token, form="", parcel="", **post):
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        partner, company = order_sudo.partner_id, order_sudo.company_id
        if request.httprequest.method != "POST":
            return self._aftersales_items(
                fresh(), partner, orders=order_sudo, box=self._track_number(parcel), track=token
            )
        return self._aftersales_begin(form, partner, company, post, orders=order_sudo, track=token)

    def _aftersales_begin(self, form, partner, company, post, orders=None, track=""):
        if not self._aftersales_allowed(company, "return_form"):
            return self._aftersales_often()
        drafts_sudo = request.env["dropship.return.draft"].sudo()  # the customer's; he has no rights on models
        try:
            draft_sudo = drafts_sudo._begin(form, partner, company, orders, by="guest" if orders else "customer")
        except UserError:
            return self._aftersales_gone()
        return self._aftersales_take_items(draft_sudo, post, track)

    def _aftersales_searched(self, values):
        page = self._track_number(values.get("page")) or 1
        return {"words": str(values.get("words") or "")[:100], "page": min(page, 1000)}

    # ------------------------------------------------------------------
    # Pages of a request that was begun
    # ------------------------------------------------------------------

    @http.route("/return/new/<string:form>/<string:step>", methods=["GET", "HEAD", "POST"], **OPTIONS)
    def dropship_return_step(self, form, step, **post):
        draft_sudo = self._aftersales_draft(form)
        if not draft_sudo or step not in STEPS:
            return self._aftersales_gone()
        if draft_sudo.case_id:
            return self._aftersales_to_case(draft_sudo)
        if request.httprequest.method == "POST":
            if not self._aftersales_allowed(draft_sudo.company_id, "return_form"):
                return self._aftersales_often()
            return getattr(self, f"_aftersales_take_{step}")(draft_sudo, post)
        if step != "items" and not draft_sudo._picked():
            return self._aftersales_go(draft_sudo, "items")
        if step in ("get", "photos", "send") and not draft_sudo._is_explained():
            return self._aftersales_go(draft_sudo, "why")
        return getattr(self, f"_aftersales_show_{step}")(draft_sudo, **self._aftersales_searched(post))

    def _aftersales_draft(self, form):
        # Who has the form is who fills it in; of who has an account, the account is asked for as well.
        draft_sudo = request.env["dropship.return.draft"].sudo()._of_form(form)
        if draft_sudo.by == "customer" and not self._aftersales_mine(draft_sudo.partner_id):
            return draft_sudo.browse()
        return draft_sudo

    def _aftersales_go(self, draft_sudo, step):
        return request.redirect(f"/return/new/{draft_sudo.token}/{step}", code=303)

    def _aftersales_to_case(self, draft_sudo, said=""):
        case_sudo = draft_sudo.case_id
        mine = draft_sudo.by == "customer"
        return self._aftersales_redirect(f"/my/returns/{case_sudo.id}" if mine else f"/return/{case_sudo.token}", said)

    def _aftersales_often(self):
        return self._track_render("dropship_flow_aftersales.return_often", {}, status=429)

    def _aftersales_show(self, draft_sudo, step, errors="", **values):
        values |= {"draft": draft_sudo, "form": draft_sudo.token, "errors": errors, "place": STEPS.index(step) + 1,
                   "base": f"/return/new/{draft_sudo.token}",
                   "picked": self._aftersales_picked(draft_sudo)}  # fmt: skip
        return self._track_render(f"dropship_flow_aftersales.return_{step}", values)

    def _aftersales_picked(self, draft_sudo):
        lines_sudo = request.env["sale.order.line"].sudo().union(*(line for line, _row in draft_sudo._picked()))
        pieces = lines_sudo._dropship_pieces()
        rows = []
        for line_sudo, row in draft_sudo._picked():
            item = self._aftersales_item(line_sudo, pieces[line_sudo])
            rows.append(
                {**item, **row, "reason": draft_sudo._reason(row), "reasons": draft_sudo._reasons(pieces[line_sudo])}
            )
        return rows

    # --- why ---

    def _aftersales_show_why(self, draft_sudo, errors="", **_searched):
        return self._aftersales_show(draft_sudo, "why", errors)

    def _aftersales_take_why(self, draft_sudo, post):
        reasons, notes = {}, {}
        for line, _row in draft_sudo._picked():
            reasons[line.id] = self._track_number(post.get(f"reason_{line.id}"))
            notes[line.id] = str(post.get(f"note_{line.id}") or "")
        draft_sudo._explain(reasons, notes)
        try:
            draft_sudo._check_reasons()
        except UserError as error:
            return self._aftersales_show_why(draft_sudo, str(error))
        return self._aftersales_go(draft_sudo, "get")

    # --- what you may get ---

    def _aftersales_show_get(self, draft_sudo, errors="", **_searched):
        verdict, cards = draft_sudo._cards()
        can = [card for card in cards if card["verdict"] != "refuse"]
        cannot = [card for card in cards if card["verdict"] == "refuse"]
        return self._aftersales_show(draft_sudo, "get", errors, verdict=verdict, can=can, cannot=cannot)

    def _aftersales_take_get(self, draft_sudo, post):
        _verdict, cards = draft_sudo._cards()
        kinds = {card["kind"] for card in cards if card["verdict"] != "refuse"}
        wanted = post.get("wanted")
        if kinds and wanted not in (*kinds, ""):
            return self._aftersales_show_get(draft_sudo, request.env._("Choose what you would rather have."))
        draft_sudo.wanted = wanted if wanted in kinds else False
        card = next((card for card in cards if card["kind"] == draft_sudo.wanted), {})
        chosen = {
            choice["line"]: self._track_number(post.get(f"for_{wanted}_{choice['line']}"))
            for choice in card.get("choices", ())
        }
        try:
            draft_sudo._choose_instead(card, chosen)
        except UserError as error:
            return self._aftersales_show_get(draft_sudo, str(error))
        return self._aftersales_go(draft_sudo, "photos")

    # --- photos ---

    def _aftersales_needs(self, draft_sudo):
        """Codes of what has to be shown and was not yet."""
        needs = set().union(*(draft_sudo._reason(row)._evidence() for _line, row in draft_sudo._picked()))
        _verdict, cards = draft_sudo._cards()
        for card in cards:
            if card["kind"] == draft_sudo.wanted:
                needs |= set(card["evidence"])
        given = {"video" if kind.startswith("video/") else "photo" for kind in draft_sudo.photo_ids.mapped("mimetype")}
        return sorted(needs - given - ({"label"} if "photo" in given else set()))

    def _aftersales_show_photos(self, draft_sudo, errors="", may_skip=False, **_searched):
        return self._aftersales_show(
            draft_sudo, "photos", errors,
            needs=self._aftersales_needs(draft_sudo), accepted=ACCEPTED, may_skip=may_skip,
            photos=[{"id": photo.id, "name": photo.name, "video": photo.mimetype.startswith("video/"),
                     "shown": photo.mimetype != "image/heic"} for photo in draft_sudo.photo_ids],
        )  # fmt: skip

    def _aftersales_take_photos(self, draft_sudo, post):
        draft_sudo.note = str(post.get("note") or "").strip()[:2000]
        remove = self._track_number(post.get("remove"))
        if remove:
            draft_sudo.photo_ids.filtered(lambda photo: photo.id == remove).unlink()
            return self._aftersales_go(draft_sudo, "photos")
        try:
            files = self._aftersales_files()
            if files:
                kept = request.env["dropship.return.photos"].sudo()._keep(files, draft_sudo, draft_sudo.photo_ids)
                draft_sudo.photo_ids |= kept
        except UserError as error:
            return self._aftersales_show_photos(draft_sudo, str(error))
        if post.get("go") == "add":
            return self._aftersales_go(draft_sudo, "photos")
        if self._aftersales_needs(draft_sudo) and post.get("go") != "without":
            text = request.env._(
                "We need a photo or video of it to decide. You can also go on without: a person looks."
            )
            return self._aftersales_show_photos(draft_sudo, text, may_skip=True)
        return self._aftersales_go(draft_sudo, "send")

    @http.route("/return/new/<string:form>/photo/<int:photo>", methods=["GET", "HEAD"], **OPTIONS)
    def dropship_return_draft_photo(self, form, photo, **_kwargs):
        draft_sudo = self._aftersales_draft(form)
        photo_sudo = draft_sudo.photo_ids.filtered(lambda one: one.id == photo)
        return self._aftersales_photo(photo_sudo) if photo_sudo else self._aftersales_gone()

    # --- send ---

    def _aftersales_show_send(self, draft_sudo, errors="", **_searched):
        _verdict, cards = draft_sudo._cards()
        card = next((card for card in cards if card["kind"] == draft_sudo.wanted), None)
        return self._aftersales_show(draft_sudo, "send", errors, card=card, needs=self._aftersales_needs(draft_sudo))

    def _aftersales_take_send(self, draft_sudo, _post):
        if not draft_sudo._is_explained():
            return self._aftersales_go(draft_sudo, "why")
        if not self._aftersales_allowed(draft_sudo.company_id, "return_open", draft_sudo.partner_id.id):
            return self._aftersales_often()
        try:
            with request.env.cr.savepoint():
                draft_sudo._ask()
        except UserError as error:
            return self._aftersales_show_send(draft_sudo, str(error))
        return self._aftersales_to_case(draft_sudo, "asked")
