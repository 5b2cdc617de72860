import re

from odoo import models
from odoo.http import request

from ..remedy import key_of

PREFIX = "/supplier/"
LANGUAGE = re.compile(r"(/[a-z]{2,3}(_[A-Za-z]{2,4})?)?")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        """Override: a link to the supplier's pages that cannot be one is our own page, which says so.

        What people and programs put after the address – zero bytes, line ends, dots and slashes – breaks the redirects
        and the page search of the website before any page of ours could answer.
        """
        lang, sep, rest = path.partition(PREFIX)
        if sep and LANGUAGE.fullmatch(lang) and not key_of(rest.partition("/")[0]):
            path = f"{PREFIX}none"
            request.reroute(path)
        return super()._match(path)
