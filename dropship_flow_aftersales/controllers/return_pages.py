"""What the pages of returns share: who is at the door, how much he may try, and answers nobody keeps."""

from odoo import http
from odoo.addons.dropship_flow.controllers.track import DropshipTrack
from odoo.addons.dropship_flow.models.track_lookup import LIMITS
from odoo.http import request

from ..models.portal.photos import MOST_BYTES, MOST_PHOTOS, MOST_VIDEOS, VIDEO_BYTES

OPTIONS = {"type": "http", "auth": "public", "website": True, "sitemap": False, "max_content_length": MOST_BYTES}
# (tries, minutes): what is sent from one address, and about one case.
LIMITS.update(
    {
        "return_form": (120, 60),
        "return_open": (20, 60),
        "return_say": (40, 60),
        "return_rate": (20, 60),
        "withdrawal": (20, 60),
        "withdrawal_mail": (6, 60),
    }
)
SAID = {"asked", "done", "already", "empty", "often", "nothing", "late", "sent", "written", "cancelled", "proposed"}


class DropshipReturnPages(DropshipTrack):
    def _aftersales_case(self, token="", case_id=0):
        """(the case with all rights, who reads it, the address of its page); an empty case for whoever may not."""
        cases_sudo = request.env["dropship.return"].sudo()
        if token:
            # Who has the link is the customer of its case; what he is shown is made for him.
            case_sudo, who, base = cases_sudo._by_token(token), "guest", f"/return/{token}"
        else:
            case_sudo = cases_sudo.browse(case_id).exists()
            who, base = "customer", f"/my/returns/{case_id}"
            if not self._aftersales_mine(case_sudo.partner_id):
                case_sudo = cases_sudo
        website = case_sudo.website_id or case_sudo.company_id.website_id
        if token and website and website != request.website:  # the shop he bought at
            request.update_context(website_id=website.id)
            request.website = website.with_context(**request.env.context)
        return case_sudo.with_context(**request.env.context), who, base

    def _aftersales_mine(self, partner_sudo):
        """Whether something of this customer is of who is logged in."""
        user = request.env.user
        mine = user.partner_id.commercial_partner_id.id
        return bool(partner_sudo) and not user._is_public() and partner_sudo.commercial_partner_id.id == mine

    def _aftersales_allowed(self, company, kind, value=""):
        value = value or request.httprequest.remote_addr
        return request.env["dropship.track.try"]._allow(company, kind, value)

    def _aftersales_files(self):
        """[(name, bytes)] of what was sent along; each at most one byte longer than what is taken."""
        files = [file for file in request.httprequest.files.getlist("photos") if file.filename]
        return [(file.filename, file.read(VIDEO_BYTES + 1)) for file in files[: MOST_PHOTOS + MOST_VIDEOS + 1]]

    def _aftersales_gone(self):
        return self._track_render("dropship_flow_aftersales.return_gone", {"reference": "", "problem": ""}, status=404)

    def _aftersales_redirect(self, base, said="", place=""):
        query = f"?said={said}" if said in SAID else ""
        return request.redirect(f"{base}{query}{f'#{place}' if place else ''}", code=303)

    def _aftersales_photo(self, photo_sudo):
        """A file of a customer, as what it was found to be."""
        stream = request.env["ir.binary"].sudo()._get_stream_from(photo_sudo)
        response = stream.get_response(as_attachment=False, immutable=False)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @http.route("/return/none", methods=["GET", "HEAD", "POST"], csrf=False, **OPTIONS)
    def dropship_return_none(self, **_kwargs):
        """Where links lead that are none."""
        return self._aftersales_gone()
