"""Suppliers with feeds, and a server on this machine their files are fetched from."""

import base64
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .common_flow import FlowFactories

CSV = "sku,name,price,stock\nA-1,Desk lamp,9.90,10\nA-2,Wall clock,14.50,4\nA-3,Candle,2.20,70\n"


class Shelf(BaseHTTPRequestHandler):
    """Answers with what `server.says` makes of the request: (status, headers, body)."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.says(self)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304 and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Silent."""


class FeedWorld(FlowFactories):
    """The hero's shop; Yiwu has a feed whose columns were confirmed."""

    @classmethod
    def make_feed_world(cls):
        cls.make_hero()
        cls.supplier = cls.suppliers["Yiwu"]
        cls.warehouse = cls.warehouses["Yiwu"]
        cls.feed = cls.make_feed()

    @classmethod
    def make_feed(cls, columns=("sku", "name", "price", "stock"), confirmed=True, **vals):
        values = {
            "name": "Weekly list",
            "warehouse_id": cls.warehouse.id,
            "column_ids": [(0, 0, {"source": name, "target": name}) for name in columns],
        }
        feed = cls.env["dropship.feed"].create({**values, **vals})
        if confirmed:
            feed.action_confirm_columns()
        return feed

    @classmethod
    def drop(cls, feed, text=CSV, name="list.csv", encoding="utf-8"):
        """Take a dropped file as the button does, and work on it."""
        feed.write({"draft": base64.b64encode(text.encode(encoding)), "draft_name": name})
        run = cls.env["dropship.feed.run"].browse(feed.action_take()["res_id"])
        if run.state == "new":
            run._process()
        return run

    def taken(self, feed=None):
        """{code: (price, stock)} of a feed's offers."""
        found = self.env["dropship.offer"].search([("feed_id", "=", (feed or self.feed).id)])
        return {offer.sku: (offer.price, offer.stock) for offer in found}

    def last_run(self, feed=None):
        return self.env["dropship.feed.run"].search([("feed_id", "=", (feed or self.feed).id)], limit=1)

    @contextmanager
    def shelf(self, says):
        """A server; `says(request)` gives (status, headers, body). Yields it with the requests in `asked`."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
        server.says, server.asked = says, []
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)

    def account(self, server=None, **vals):
        """An account at the server, which is in our own network."""
        port = server.server_address[1] if server else 9
        values = {
            "name": "Price server",
            "endpoint": f"http://127.0.0.1:{port}/lists",
            "secret": "canary-key",
            "private_allowed": True,
            "rate": 1000,
            "company_id": self.env.company.id,
        }
        return self.env["dropship.connection"].create({**values, **vals})
