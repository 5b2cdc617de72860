"""The page of a case: its address, and links to it that cannot be one."""

import re

from odoo import models
from odoo.addons.dropship_flow.models import track_match
from odoo.addons.dropship_flow.remedy import key_of
from odoo.http import request

# The request of a guest stands under the link of his order.
track_match.REST.add("/return")
LINK = re.compile(r"((?:/[a-z]{2}(?:_[A-Z]{2})?)?/return/(?:new/)?)([^/]*)(.*)", re.DOTALL)
REST = re.compile(r"(?:/[a-z]{2,12}|/photo/[1-9][0-9]{0,8})?")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        """Override: a link of a case that cannot be one is our page that says so, whatever was put after it."""
        found = LINK.fullmatch(path)
        if found and found[2] != "none" and (not key_of(found[2]) or not REST.fullmatch(found[3])):
            path = f"{found[1].removesuffix('new/')}none"
            request.reroute(path)
        return super()._match(path)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _page_url(self, rest=""):
        """The address of the case's page, on the website and in the language of the customer. Writes nothing."""
        self.ensure_one()
        case_sudo = self.sudo()  # whoever may write to the customer may send him his link
        path = f"/return/{case_sudo.token}{rest}"
        order = case_sudo.line_ids.order_id[:1]
        website = case_sudo.website_id or case_sudo.company_id.website_id
        lang = self.env["res.lang"]._get_data(code=case_sudo.partner_id.lang)
        if lang.code in website.language_ids.mapped("code") and lang.code != website.default_lang_id.code:
            path = f"/{lang.url_code}{path}"
        return f"{order.get_base_url()}{path}"

    def action_open_page(self):
        """The page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self._page_url(), "target": "new"}
