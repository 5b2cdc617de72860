"""Suppliers introduce themselves, without a login: by a link that opens one application, or where the shop lets them.

What is written here is kept apart; nothing of it counts before a person has looked at it.
"""

from odoo import http
from odoo.http import request

from ..joining.form import CLOSURES, LONG, RATES, mail, plain
from .supplier_desk import COOKIE, HEADERS

SAID = ("saved", "submitted", "already", "changed", "sent", "removed")
OPTIONS = {
    "type": "http",
    "auth": "public",
    "website": True,
    "multilang": False,
    "sitemap": False,
    "csrf": True,
    "max_content_length": 32 * 1024 * 1024,
}


class DropshipSupplierJoin(http.Controller):
    # ------------------------------------------------------------------
    # Who is there
    # ------------------------------------------------------------------

    def _join_speak(self, application_sudo=None):
        """His language: as he chose here, else as we know it."""
        langs = [code for code, _name in request.env["res.lang"].get_installed()]
        chosen = request.params.get("speak") or request.httprequest.cookies.get(COOKIE)
        lang = chosen if chosen in langs else (application_sudo.lang if application_sudo else None)
        if lang in langs:
            request.update_context(lang=lang)

    def _join_application(self, token):
        """The application of a link; suppliers have no rights on our records, the link opens this one only."""
        application_sudo = request.env["dropship.supplier.application"].sudo()._by_token(token)
        self._join_speak(application_sudo)
        if application_sudo:
            company = application_sudo.company_id
            application_sudo = application_sudo.with_company(company).with_context(
                lang=request.env.context.get("lang"), allowed_company_ids=company.ids
            )
        return application_sudo

    def _join_page(self, template, status=200, **values):
        langs = request.env["res.lang"].get_installed()
        said = request.params.get("said")
        values = {
            "spoken": langs if len(langs) > 1 else [],
            "speaks": request.env.context.get("lang"),
            "here": request.httprequest.path,
            "said": said if said in SAID else "",
            "no_header": True,
            "no_footer": True,
            "errors": {},
            **values,
        }
        response = request.render(template, values, status=status)
        response.headers.update(HEADERS)
        if request.params.get("speak") == values["speaks"]:
            response.set_cookie(COOKIE, values["speaks"], max_age=365 * 86400, httponly=True, samesite="Lax")
        return response

    def _join_gone(self):
        self._join_speak()
        return self._join_page("dropship_flow.supplier_join_gone", status=404)

    # ------------------------------------------------------------------
    # The open door, where the shop has one
    # ------------------------------------------------------------------

    @http.route("/supplier-join", methods=["GET", "POST"], **OPTIONS)
    def supplier_join_open(self, email="", company_name="", homepage="", **_other):
        company_sudo = request.website.sudo().company_id
        if not company_sudo.dropship_join_open:
            return self._join_gone()
        self._join_speak()
        if request.httprequest.method == "GET":
            return self._join_page("dropship_flow.supplier_join_open", company=company_sudo)
        address = mail(email)
        if not address:
            return self._join_page(
                "dropship_flow.supplier_join_open", 422, company=company_sudo, errors={"email": "mail"}, typed=email
            )
        # The same answer whoever asks and whatever is known of him; a machine that fills in everything gets it too.
        if not homepage and self._join_allowed(company_sudo, address):
            self._join_start(company_sudo, address, plain(company_name, 120))
        return request.redirect("/supplier-join?said=sent", code=303)

    def _join_allowed(self, company_sudo, address):
        tries = request.env["dropship.track.try"]
        here = tries._allow(company_sudo, "join_address", request.httprequest.remote_addr)
        return here and tries._allow(company_sudo, "join_mail", address)

    def _join_start(self, company_sudo, address, name):
        """The link goes to the mail address, so only who reads it goes on."""
        applications_sudo = request.env["dropship.supplier.application"].sudo()
        application_sudo = applications_sudo.search(
            [("company_id", "=", company_sudo.id), ("email", "=", address), ("state", "=", "started"),
             ("origin", "=", "open")], limit=1,
        )  # fmt: skip
        if application_sudo:
            url = application_sudo._new_link()
        else:
            application_sudo, url = applications_sudo._start(
                company_sudo, address, "open", lang=request.env.context.get("lang")
            )
            application_sudo.name = name
        application_sudo._mail("invite", url)

    # ------------------------------------------------------------------
    # One application
    # ------------------------------------------------------------------

    @http.route("/supplier-join/<string:token>", methods=["GET"], **OPTIONS)
    def supplier_join(self, token, **_other):
        application_sudo = self._join_application(token)
        if not application_sudo:
            return self._join_gone()
        return self._join_form(application_sudo, token)

    @http.route("/supplier-join/<string:token>/save", methods=["POST"], **OPTIONS)
    def supplier_join_save(self, token, stamp="", **data):
        application_sudo = self._join_application(token)
        if not application_sudo:
            return self._join_gone()
        tries = request.env["dropship.track.try"]
        if not tries._allow(application_sudo.company_id, "join_save", application_sudo.id):
            return self._join_form(application_sudo, token, 429, errors={"": "often"}, typed=data)
        files = [
            (one.filename, one.read())
            for one in request.httprequest.files.getlist("documents")[:10]
            if one.filename
        ]
        said, wrong = application_sudo._save(data, files, stamp)
        if said == "changed":
            application_sudo.invalidate_recordset()
            return self._join_form(application_sudo, token, 409, said="changed", typed=data)
        if wrong:
            return self._join_form(application_sudo, token, 422, errors=dict(wrong), typed=data)
        return request.redirect(f"/supplier-join/{token}?said={said}", code=303)

    @http.route("/supplier-join/<string:token>/remove/<int:document_id>", methods=["POST"], **OPTIONS)
    def supplier_join_remove(self, token, document_id, **_other):
        application_sudo = self._join_application(token)
        if not application_sudo:
            return self._join_gone()
        application_sudo._remove_document(document_id)
        return request.redirect(f"/supplier-join/{token}?said=removed", code=303)

    def _join_form(self, application_sudo, token, status=200, typed=None, **values):
        env = application_sudo.env
        return self._join_page(
            "dropship_flow.supplier_join_form",
            status,
            application=application_sudo,
            company=application_sudo.company_id,
            base=f"/supplier-join/{token}",
            shown=self._join_shown(application_sudo, typed),
            writable=application_sudo.state in ("started", "asked"),  # "editable" is the website editor's word
            countries=env["res.country"].search([]),
            states=env["res.country.state"].search([("country_id.code", "in", ("CN", "US"))]),
            currencies=env["res.currency"].search([]),
            zones=env["dropship.supplier.warehouse"]._fields["tz"]._description_selection(env),
            rates=range(RATES),
            closures=range(CLOSURES),
            **values,
        )

    def _join_shown(self, application_sudo, typed):
        """{name of a field: its text}: what was typed just now, else what is kept."""
        if typed is not None:
            return {name: text for name, text in typed.items() if isinstance(text, str) and name != "bank_account"}
        shown = {}
        for name, field in application_sudo._fields.items():
            if field.type in ("char", "text", "selection", "many2one", "float") and field.store and not field.groups:
                value = application_sudo[name]
                value = value.id if field.type == "many2one" else value
                shown[name] = "" if value in (False, None) else plain(str(value), 1000, name in LONG)
        hours = application_sudo.cut_off
        shown["cut_off"] = f"{int(hours):02d}:{round(hours % 1 * 60):02d}" if hours else ""
        shown["handling_days"] = f"{application_sudo.handling_days:g}"
        names = {"country": "country_id", "price": "first_price", "first": "first_weight", "step": "step_weight",
                 "more": "step_price", "days": "days_p50", "late": "days_p95"}  # fmt: skip
        for place, rate in enumerate(application_sudo.rate_ids[:RATES]):
            for name, field in names.items():
                value = rate[field]
                shown[f"rate_{name}_{place}"] = str(value.id) if name == "country" else f"{value:g}"
        for place, closure in enumerate(application_sudo.closure_ids[:CLOSURES]):
            shown |= {f"closed_name_{place}": closure.name or "", f"closed_from_{place}": str(closure.date_from),
                      f"closed_to_{place}": str(closure.date_to)}  # fmt: skip
        return shown
