import base64
import io
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from PIL import Image

from ..connectors.http import Client, Limits
from ..models import listing_image
from .common_listing import ListingCase


def picture(colour="green", size=(400, 300), kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


class Server(ThreadingHTTPServer):
    """A supplier's picture server: pages are (status, headers, body) by path; every path asked is noted."""

    daemon_threads = True

    def __init__(self):
        self.pages, self.asked = {}, []
        super().__init__(("127.0.0.1", 0), Handler)

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        page = self.server.pages.get(self.path, (404, {}, b"gone"))
        status, headers, body = page.pop(0) if isinstance(page, list) else page
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """The test's output is not its log."""


@tagged("post_install", "-at_install", "standard")
class TestListingImages(ListingCase):
    """Pictures fetched in the background: real ones get in, everything else is refused with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server()
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        jpeg = {"Content-Type": "image/jpeg"}
        cls.server.pages.update(
            {
                "/a.jpg": (200, jpeg, picture("green")),
                "/b.jpg": (200, jpeg, picture("blue")),
                "/copy-of-a.jpg": (200, jpeg, picture("green")),
                "/page.jpg": (200, jpeg, b"<!DOCTYPE html><html>Log in</html>"),
                "/drawing.svg": (200, jpeg, b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
                "/text.jpg": (200, jpeg, b"not a picture at all"),
                "/cut.jpg": (200, jpeg, picture()[:-500]),
                "/huge.jpg": (200, {**jpeg, "Content-Length": str(99 * 2**20)}, b"x"),
                "/inside.jpg": (302, {"Location": "http://10.0.0.1/secret"}, b""),
                "/metadata.jpg": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""),
                "/file.jpg": (302, {"Location": "file:///etc/passwd"}, b""),
                "/webp.jpg": (200, jpeg, picture("red", kind="WEBP")),
            }
        )

    def setUp(self):
        super().setUp()
        client = Client(limits=Limits(total=5, size=listing_image.SIZE), plain=True, allowed=("127.0.0.0/8",))
        self.startPatcher(patch.object(type(self.env["dropship.listing.image"]), "_client", lambda _self: client))
        self.images = self.env["dropship.listing.image"]

    @contextmanager
    def as_it_is(self):
        """The real client, which knows no private network."""
        with patch.object(type(self.images), "_client", lambda _self: Client(limits=Limits(total=5), plain=True)):
            yield

    def fetch(self, *paths, product=None):
        template = (product or self.lamp).product_tmpl_id
        self.images._ask([(template.id, None, self.company.id, [self.server.url(path) for path in paths])])
        self.run_cron("cron_listing_images")
        found = self.images.search([("product_tmpl_id", "=", template.id)])
        return {row.url.rpartition("/")[2]: row for row in found}

    def refusal(self, path):
        row = self.fetch(path)[path.lstrip("/")]
        self.assertEqual(row.state, "parked", row.reasons)
        self.assertFalse(self.lamp_page.image_1920)
        self.assertTrue(row.reason_text)
        return row.reasons[0][0]

    def test_the_first_is_the_main_picture_the_others_further_ones(self):
        listing = self.list_it(self.lamp)
        before = listing.quality
        rows = self.fetch("/a.jpg", "/b.jpg", "/copy-of-a.jpg")
        self.assertEqual([row.state for row in rows.values()], ["done", "done", "same"])
        self.assertEqual(base64.b64decode(self.lamp_page.image_1920), picture("green"))
        self.assertEqual(len(self.lamp_page.product_template_image_ids), 1, "the same picture twice is one")
        self.assertTrue(rows["a.jpg"].is_main)
        self.assertEqual((rows["a.jpg"].width, rows["a.jpg"].height), (400, 300))
        self.assertGreater(listing.quality, before)
        self.assertEqual(listing.picture_side, 300)

    def test_asked_again_nothing_is_fetched_again(self):
        self.fetch("/a.jpg")
        self.server.asked.clear()
        self.fetch("/a.jpg")
        self.assertEqual(self.server.asked, [])

    def test_lies_are_refused_by_what_they_are(self):
        self.assertEqual(self.refusal("/page.jpg"), "page")
        self.assertEqual(self.refusal("/drawing.svg"), "svg")
        self.assertEqual(self.refusal("/text.jpg"), "not_a_picture")
        self.assertEqual(self.refusal("/cut.jpg"), "broken")
        self.assertEqual(self.refusal("/huge.jpg"), "too_big")
        self.assertEqual(self.refusal("/gone.jpg"), "status")

    def test_nobody_is_led_into_our_own_network(self):
        for path in ("/inside.jpg", "/metadata.jpg", "/file.jpg"):
            with self.subTest(path):
                self.assertEqual(self.refusal(path), "refused")
        with self.as_it_is():
            self.server.asked.clear()
            self.assertEqual(self.refusal("/b.jpg"), "refused")
            self.assertEqual(self.server.asked, [], "not even asked")

    def test_addresses_that_are_none_are_not_queued(self):
        self.images._ask(
            [(self.lamp_page.id, None, self.company.id, ["", "ftp://x/y.jpg", "javascript:1", "x" * 30, None,
                                                         "https://p.example/" + "x" * 3000])]
        )  # fmt: skip
        self.assertFalse(self.images.search([("product_tmpl_id", "=", self.lamp_page.id)]))

    def test_a_bad_moment_is_tried_again_and_ends(self):
        self.server.pages["/later.jpg"] = [(503, {}, b""), (200, {}, picture("red"))]
        row = self.fetch("/later.jpg")["later.jpg"]
        self.assertEqual((row.state, row.attempts), ("ready", 1))
        self.assertTrue(row.next_try)
        row.next_try = False
        self.run_cron("cron_listing_images")
        self.assertEqual(row.state, "done")
        self.server.pages["/never.jpg"] = (500, {}, b"")
        row = self.fetch("/never.jpg")["never.jpg"]
        for _time in range(6):
            if row.state == "ready":
                row.next_try = False
                self.run_cron("cron_listing_images")
        self.assertEqual((row.state, row.reasons[0][0]), ("parked", "status"))

    def test_a_worker_that_died_is_taken_over(self):
        self.images._ask([(self.lamp_page.id, None, self.company.id, [self.server.url("/a.jpg")])])
        images = self.images.search([("product_tmpl_id", "=", self.lamp_page.id)])
        images.write({"state": "sending", "lease_token": "theirs", "lease_until": "2199-01-01"})
        self.run_cron("cron_listing_images")
        self.assertEqual(images.state, "sending", "somebody has it")
        images.lease_until = "2020-01-01"
        self.run_cron("cron_listing_images")
        self.assertEqual(images.state, "done")

    def test_what_stopped_workers_is_taken_alone_and_last(self):
        urls = [self.server.url(path) for path in ("/a.jpg", "/b.jpg", "/copy-of-a.jpg")]
        self.images._ask([(self.lamp_page.id, None, self.company.id, urls)])
        images = self.images.search([("product_tmpl_id", "=", self.lamp_page.id)], order="sequence")
        images[0].stops = 2
        with patch.object(type(self.images), "_commit_step", lambda _self: None):
            first, _token = self.images._claim_safely(1000, 60)
            self.assertEqual(first & images, images[1:])
            alone, _token = self.images._claim_safely(1000, 60)
        self.assertEqual(alone, images[0])

    def test_out_of_time_the_rest_is_given_back(self):
        """It was in nobody's hands when the worker stopped: the next one takes it at once, and nothing is counted."""
        urls = [self.server.url(path) for path in ("/a.jpg", "/b.jpg")]
        self.images._ask([(self.lamp_page.id, None, self.company.id, urls)])
        images = self.images.search([("product_tmpl_id", "=", self.lamp_page.id)], order="sequence")
        self.images.search([("state", "=", "ready")]).filtered(lambda row: row not in images).state = "parked"
        told = []

        def commit(_cron, processed=0, *, remaining=None, **_more):
            if processed:
                told.append(remaining)
            return 0.0 if processed else 1.0

        with patch("odoo.addons.base.models.ir_cron.IrCron._commit_progress", commit):
            self.images._cron_fetch()
        self.assertEqual(images.mapped("state"), ["done", "ready"])
        self.assertEqual((images[1].attempts, images[1].lease_until), (0, False))
        self.assertEqual(told, [1])

    def test_a_late_first_picture_takes_its_place(self):
        self.server.pages["/first.jpg"] = [(503, {}, b""), (200, {}, picture("red"))]
        rows = self.fetch("/first.jpg", "/b.jpg")
        self.assertTrue(rows["b.jpg"].is_main)
        rows["first.jpg"].next_try = False
        self.run_cron("cron_listing_images")
        self.assertEqual(base64.b64decode(self.lamp_page.image_1920), picture("red"))
        self.assertEqual((rows["first.jpg"].is_main, rows["b.jpg"].is_main), (True, False))
        self.assertEqual(len(self.lamp_page.product_template_image_ids), 1)

    def test_a_persons_picture_is_never_replaced(self):
        self.lamp_page.image_1920 = base64.b64encode(picture("yellow"))
        self.fetch("/a.jpg")
        self.assertEqual(base64.b64decode(self.lamp_page.image_1920), picture("yellow"))
        self.assertEqual(len(self.lamp_page.product_template_image_ids), 1)

    def test_other_formats_become_what_every_browser_shows(self):
        self.fetch("/webp.jpg")
        self.assertEqual(Image.open(io.BytesIO(base64.b64decode(self.lamp_page.image_1920))).format, "JPEG")

    def test_fetched_again_by_a_person(self):
        self.server.pages["/mended.jpg"] = (200, {}, b"<html>later</html>")
        row = self.fetch("/mended.jpg")["mended.jpg"]
        self.server.pages["/mended.jpg"] = (200, {}, picture("pink"))
        with self.assertRaises(AccessError):
            row.with_user(self.make_login("user")).action_retry()
        row.with_user(self.make_login("buyer")).action_retry()
        self.run_cron("cron_listing_images")
        self.assertEqual(row.state, "done")
        with self.assertRaises(UserError):
            row.action_retry()
