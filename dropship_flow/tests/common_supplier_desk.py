"""A supplier at his desk: the portal world with an order that waits, and a client that fills in forms."""

import re

from .common_portal import PortalWorld


class DeskWorld(PortalWorld):
    """Mixin for HTTP test classes."""

    @classmethod
    def make_desk_world(cls):
        cls.make_portal_world()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        cls.open_order = cls.hero(name="SALESECRET-2", client_order_ref="CLIENTREF-2", confirm=True)
        cls.waiting = cls.open_order.dropship_purchase_ids
        cls.link, cls.url = cls.env["dropship.supplier.link"]._make(cls.rhein, cls.company)
        cls.base = "/supplier/" + cls.url.rpartition("/")[2]
        cls.env.flush_all()

    def opened(self, path="", status=200, base=None):
        response = self.url_open(f"{base or self.base}{path}", allow_redirects=False)
        self.assertEqual(response.status_code, status, path)
        return response.text

    def hidden(self, text):
        """The secret of the session and what the page showed."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
        return {name: value for name, value in found if name in ("csrf_token", "stamp", "answers")}

    def send(self, path, page, base=None, **data):
        """Fill in a form of a page."""
        data = {**self.hidden(page), **data}
        response = self.url_open(f"{base or self.base}{path}", data=data, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def answers(self, purchase=None):
        purchase = purchase or self.waiting
        return purchase.dropship_exchange_ids.filtered(lambda message: message.direction == "in")
