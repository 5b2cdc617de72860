import re

from odoo import models
from odoo.http import request

from ..tracking import link

LINK = re.compile(r"((?:/[a-z]{2}(?:_[A-Z]{2})?)?/track/)([^/]*)(.*)", re.DOTALL)
REST = {"", "/received", "/rate", "/report", "/address"}


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        """Override: a tracking link that cannot be one is our page that says so.

        What people and programs put after the address – zero bytes, line ends, dots and slashes – breaks redirects and
        the layout of the website before any page of ours could answer.
        """
        found = LINK.fullmatch(path)
        if found and (not link.order_of(found[2]) or found[3] not in REST):
            path = f"{found[1]}none"
            request.reroute(path)
        return super()._match(path)
