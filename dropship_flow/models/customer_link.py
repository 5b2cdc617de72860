from odoo import models
from odoo.http import request

from ..remedy import key_of

PAGE = "/shop/question"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        """Override: a link of ours that cannot be one is the bare page, which says so.

        What people and programs put after the address – zero bytes, line ends, dots and slashes – breaks the redirects,
        the page search and the layout of the website before any page of ours could answer.
        """
        lang, sep, token = path.partition(f"{PAGE}/")
        if sep and lang.count("/") == bool(lang) and not key_of(token):
            path = f"{lang}{PAGE}"
            request.reroute(path)
        return super()._match(path)
