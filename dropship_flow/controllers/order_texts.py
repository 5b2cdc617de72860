from odoo import http
from odoo.http import request

from ..models.messages import TEXT_LIMIT

CART_TEXTS = {
    "buyer_message": "dropship_buyer_message",
    "gift_note": "dropship_gift_note",
    "carrier_wish": "dropship_carrier_wish",
}


class OrderTexts(http.Controller):
    """The box of the cart where the customer writes to us, to the supplier and to the carrier."""

    @http.route("/shop/order_texts", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False)
    def order_texts(self, texts=None, lines=None, **_unknown):
        """Keep what the customer wrote on his own cart.

        :param dict texts: {name of CART_TEXTS: text}
        :param dict lines: {id of a line: personalisation}; lines of other carts are not touched
        :return: {"saved": True} or {"error": a sentence}
        """
        order_sudo = request.cart  # the visitor's own cart; he has no rights on orders himself
        if not order_sudo:
            return {"error": request.env._("Your cart is empty.")}
        vals = {CART_TEXTS[name]: clean(text) for name, text in as_dict(texts).items() if name in CART_TEXTS}
        wanted = {key: clean(text) for key, text in as_dict(lines).items()}
        longest = max((len(text) for text in (*vals.values(), *wanted.values())), default=0)
        if longest > TEXT_LIMIT:
            message = request.env._("Please write at most %(limit)s characters; it is %(count)s now.")
            return {"error": message % {"limit": TEXT_LIMIT, "count": longest}}
        if changed := {name: text for name, text in vals.items() if (order_sudo[name] or "") != text}:
            order_sudo.write(changed)
        for line_sudo in order_sudo.order_line:
            text = wanted.get(str(line_sudo.id))
            if text is not None and (line_sudo.dropship_personalisation or "") != text:
                line_sudo.dropship_personalisation = text
        return {"saved": True}


def as_dict(value):
    return value if isinstance(value, dict) else {}


def clean(text):
    """Plain text without what PostgreSQL cannot keep."""
    text = text if isinstance(text, str) else ""
    return text.replace("\x00", "").encode(errors="ignore").decode().strip()
