"""The tracking page, without login. Looking changes nothing; what the customer says is a POST."""

import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.track_report import MOST_BYTES, MOST_PHOTOS, PROBLEMS
from .address import FIELDS, DropshipAddress

# A link is a secret: it is neither kept, nor told to the pages it leads to, nor found by search engines.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
SAID = {
    "received", "already", "rated", "reported", "long", "photo", "empty", "choose", "often", "nothing",
    "address_now", "address_ask", "address_same", "late",
}  # fmt: skip
OPTIONS = {
    "type": "http",
    "auth": "public",
    "website": True,
    "sitemap": False,
    "max_content_length": (MOST_PHOTOS + 1) * MOST_BYTES,
}


class DropshipTrack(DropshipAddress):
    # ------------------------------------------------------------------
    # Finding it
    # ------------------------------------------------------------------

    # Nothing is done for who is logged in, and snippets of the website builder are kept without a session's token.
    @http.route("/track", methods=["GET", "HEAD", "POST"], csrf=False, **{**OPTIONS, "sitemap": True})
    def dropship_track_lookup(self, reference="", contact="", **_post):
        if request.httprequest.method != "POST":
            return self._track_render("dropship_flow.track_lookup", {"reference": "", "problem": ""}, cache=True)
        problem = self._track_captcha() or self._track_limits(reference)
        if not problem:
            website = request.website
            # Who knows both is the customer.
            order_sudo = request.env["sale.order"].sudo()._dropship_lookup(
                website.company_id, website, reference, contact
            )
            if order_sudo:
                return self._track_redirect(order_sudo)
            problem = "unknown"
        values = {"reference": str(reference)[:100], "problem": problem}
        return self._track_render("dropship_flow.track_lookup", values, status=429 if problem == "often" else 200)

    def _track_captcha(self):
        try:
            request.env["ir.http"]._verify_request_recaptcha_token("dropship_track")
        except UserError:
            return "captcha"
        return ""

    def _track_limits(self, reference):
        tries = request.env["dropship.track.try"]
        company = request.website.company_id
        typed = request.env["sale.order"]._dropship_track_reference(reference).casefold()
        allowed = tries._allow(company, "address", request.httprequest.remote_addr)
        return "" if allowed and tries._allow(company, "order", typed) else "often"

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    @http.route("/track/<string:token>", methods=["GET", "HEAD", "POST"], **OPTIONS)
    def dropship_track_page(self, token, said="", report="", **_kwargs):
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        track = order_sudo._dropship_track()
        values = {
            "order": order_sudo,
            "track": track,
            "token": token,
            "said": said if said in SAID else "",
            "report": report if report in PROBLEMS else "",
            "problems": self._track_problems(track),
            "may_change_address": order_sudo._dropship_may_change_address(),
        }
        return self._track_render("dropship_flow.track_page", values)

    def _track_problems(self, track):
        """What can be wrong now: nothing is damaged before it is there, nothing is redirected when it is."""
        parcels = (track or {}).get("parcels", [])
        wrong = {code: request.env._(text) for code, text in PROBLEMS.items()}
        if not parcels:
            wrong = {code: text for code, text in wrong.items() if code == "other"}
        if not any(parcel["open"] and not parcel["delivered"] for parcel in parcels):
            wrong.pop("redirect", None)
        return wrong

    def _track_order(self, token):
        # Who has the link is the customer of its order; what he is shown is made for him.
        order_sudo = request.env["sale.order"].sudo()._dropship_by_track_token(token)
        website = order_sudo.website_id or order_sudo.company_id.website_id
        if website and website != request.website:  # the shop he bought at, not the one whose address he used
            request.update_context(website_id=website.id)
            request.website = website.with_context(**request.env.context)
        return order_sudo.with_context(**request.env.context)

    @http.route("/track/<string:token>/received", methods=["POST"], **OPTIONS)
    def dropship_track_received(self, token, parcel="", stars="", comment="", **_post):
        """"I have it", with or without stars in the same click."""
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        box_id = self._track_number(parcel)
        said = "nothing" if parcel and not box_id else order_sudo._dropship_customer_has_it(box_id)
        if stars:
            rated = order_sudo._dropship_rate(self._track_number(stars), str(comment))
            if rated in ("done", "long"):
                return self._track_redirect(order_sudo, "rated" if rated == "done" else "long", "dropship_rate")
        return self._track_redirect(order_sudo, "received" if said == "done" else said)

    @http.route("/track/<string:token>/rate", methods=["POST"], **OPTIONS)
    def dropship_track_rate(self, token, stars="", comment="", **_post):
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        said = order_sudo._dropship_rate(self._track_number(stars), str(comment))
        return self._track_redirect(order_sudo, "rated" if said == "done" else said, "dropship_rate")

    @http.route("/track/<string:token>/report", methods=["POST"], **OPTIONS)
    def dropship_track_report(self, token, problem="", parcel="", text="", **_post):
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        files = [file for file in request.httprequest.files.getlist("photos") if file.filename]
        tries = request.env["dropship.track.try"]
        if not tries._allow(order_sudo.company_id, "report", order_sudo.id):
            return self._track_redirect(order_sudo, "often", "dropship_help")
        box_id = self._track_number(parcel)
        if parcel and not box_id:
            return self._track_redirect(order_sudo, "nothing", "dropship_help")
        photos = [(file.filename, file.read(MOST_BYTES + 1)) for file in files[: MOST_PHOTOS + 1]]
        said = order_sudo._dropship_report(str(problem), str(text), box_id or None, photos)
        return self._track_redirect(order_sudo, "reported" if said == "done" else said, "dropship_help")

    # ------------------------------------------------------------------
    # Another address
    # ------------------------------------------------------------------

    @http.route("/track/<string:token>/address", methods=["GET", "HEAD"], **OPTIONS)
    def dropship_track_address(self, token, **_kwargs):
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        partner_sudo = order_sudo.partner_shipping_id
        values = {name: partner_sudo[name].id if name == "state_id" else partner_sudo[name] or "" for name in FIELDS}
        # A link may be passed on to who takes the parcel: what he knows already he is shown, the phone he is not.
        return self._track_address_page(order_sudo, token, {**values, "phone": ""})

    @http.route("/track/<string:token>/address", methods=["POST"], **OPTIONS)
    def dropship_track_address_submit(self, token, **form):
        order_sudo = self._track_order(token)
        if not order_sudo:
            return self._track_gone()
        if not order_sudo._dropship_may_change_address():
            return self._track_redirect(order_sudo, "late")
        if not request.env["dropship.track.try"]._allow(order_sudo.company_id, "report", f"address {order_sudo.id}"):
            return self._track_redirect(order_sudo, "often")
        values = {name: str(form.get(name) or "").strip() for name in FIELDS}
        values["phone"] = values["phone"] or order_sudo.partner_shipping_id.phone or ""
        country_sudo = order_sudo.partner_shipping_id.country_id
        state_id = self._track_number(values["state_id"]) or 0
        values["state_id"] = country_sudo.state_ids.filtered(lambda state: state.id == state_id).id
        if errors := self._dropship_address_errors(values, country_sudo):
            return self._track_address_page(order_sudo, token, {**values, "phone": form.get("phone") or ""}, errors)
        order_sudo._dropship_lock()
        outcome = self._dropship_change_address(order_sudo, values)
        return self._track_redirect(order_sudo, f"address_{outcome}")

    def _track_address_page(self, order_sudo, token, values, errors=""):
        values = {
            "order": order_sudo,
            "token": token,
            "values": values,
            "country": order_sudo.partner_shipping_id.country_id,
            "may": order_sudo._dropship_may_change_address(),
            "errors": errors,
        }
        return self._track_render("dropship_flow.track_address", values)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _track_number(self, text):
        """A record's id, or a count of stars; None for anything else."""
        return int(text) if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]{0,8}", text) else None

    def _track_redirect(self, order_sudo, said="", place=""):
        query = f"?said={said}" if said in SAID else ""
        place = f"#{place}" if place else ""
        return request.redirect(f"/track/{order_sudo._dropship_track_token()}{query}{place}", code=303)

    def _track_render(self, template, values, status=200, cache=False):
        response = request.render(template, values, status=status)
        if not cache:
            response.headers.update(HEADERS)
        return response

    def _track_gone(self):
        return self._track_render("dropship_flow.track_gone", {"reference": "", "problem": ""}, status=404)
