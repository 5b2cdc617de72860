"""A whole feed by one call of a supplier's program: kept, looked at, queued; reading comes after the answer."""

import hashlib
import logging
import re
import tempfile
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request
from psycopg2 import OperationalError

from ..api.validate import Problem
from .api_texts import SENTENCES
from .feed_text import _lt

_logger = logging.getLogger(__name__)
SENTENCES.update(
    {
        "no_feed": _lt('You have no feed "%(name)s" that takes calls. Ask us for its name.'),
        "which_feed": _lt("You have several feeds: put the name of one of them into the address."),
        "feed_type": _lt("Send the file itself as the body, with the Content-Type text/csv, application/x-ndjson, "
                         "application/json, application/xml or application/octet-stream."),
        "feed_empty": _lt("The body is empty."),
        "feed_short": _lt("Only %(have)s of %(wanted)s bytes came. Send it again."),
        "feed_sum": _lt("The body is not the one of Content-SHA256: it was changed on the way. Send it again."),
        "feed_page": _lt("This is a web page, not a feed."),
        "feed_big": _lt("The body has more than %(limit)s MB."),
        "feed_number": _lt("sequence is a whole number above 0."),
        "no_run": _lt("There is no such run."),
    }
)  # fmt: skip
TYPES = (
    "text/csv", "text/plain", "text/tab-separated-values", "application/x-ndjson", "application/jsonl",
    "application/json", "application/xml", "text/xml", "application/octet-stream", "application/gzip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
NAMES = {
    "application/x-ndjson": "feed.ndjson", "application/jsonl": "feed.ndjson", "application/json": "feed.json",
    "application/xml": "feed.xml", "text/xml": "feed.xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "feed.xlsx",
}  # fmt: skip
SHOWN_REJECTS = 100


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    api_name = fields.Char(
        string="Name for Programs",
        copy=False,
        tracking=True,
        help="The supplier's program sends the file to …/feeds/this name, with a key of the supplier. Empty: no calls.",
    )

    _api_name_uniq = models.UniqueIndex(
        "(supplier_id, lower(api_name)) WHERE api_name IS NOT NULL", "Another feed of the supplier has this name."
    )
    _api_name_form = models.Constraint(
        "CHECK (api_name ~ '^[A-Za-z0-9_.-]{1,60}$')", "Use letters, digits, dots, - and _ only."
    )


class DropshipSupplierApi(models.AbstractModel):
    _inherit = "dropship.supplier.api"

    @api.model
    def _enter_feed(self, name, run_id=None, args=None):
        """Take a feed, or tell what became of one.

        :param str name: of the feed; empty: the only one the supplier has
        :param run_id: asked about, in place of a file
        :return: a response
        """
        key_sudo, refusal = self._check_key("stock")
        if refusal:
            return refusal
        self = self._for_key(key_sudo)
        try:
            with self.env.cr.savepoint():
                feed, problem = self._feed_called(name)
                if problem:
                    return self._refuse(404, [problem])
                if run_id is not None:
                    return self._tell_run(feed, run_id)
                return self._take_feed(feed, args or {})
        except (OperationalError, ConcurrencyError):  # Odoo repeats the whole call
            raise
        except UserError as error:
            return self._refuse(422, [Problem("", "refused", {"text": str(error)})])
        except Exception:
            _logger.exception("A feed of a supplier's program failed: %s", name)
            return self._refuse(500, [Problem("", "failed_here", {})])

    @api.model
    def _feed_called(self, name):
        """(the feed, None) or (none, what is wrong)."""
        key = self._key
        domain = [
            ("supplier_id", "=", key.supplier_id.id),
            ("company_id", "in", [key.company_id.id, False]),
            ("api_name", "!=", False),
        ]
        feeds = self.env["dropship.feed"].search(domain)
        if name:
            found = feeds.filtered(lambda feed: feed.api_name.lower() == name.lower())
            return (found, None) if found else (found, Problem("feed", "no_feed", {"name": name[:60]}))
        if len(feeds) > 1:
            return feeds, Problem("feed", "which_feed", {})
        return (feeds, None) if feeds else (feeds, Problem("feed", "no_feed", {"name": ""}))

    @api.model
    def _take_feed(self, feed, args):
        call = request.httprequest
        kind = (call.mimetype or "").lower()
        problems = [] if kind in TYPES else [Problem("", "feed_type", {})]
        as_of, sequence, more = self._feed_times(args)
        problems += more
        if call.content_length and call.content_length > feed.max_mb * 2**20:
            return self._refuse(413, [Problem("", "feed_big", {"limit": feed.max_mb})])
        if problems:
            return self._refuse(422, problems)
        file, problem = self._body_file(call, feed.max_mb * 2**20)
        if problem:
            return self._refuse(413 if problem.code == "feed_big" else 422, [problem])
        known = NAMES.get(kind, "feed.csv" if kind.startswith("text/") else "feed")
        name = (args.get("name") or known).replace("/", "_")[:120]
        if not feed.confirmed_at:
            feed._take_first(name, file.name)
            return self._reply(202, {"feed": feed.api_name, "state": "to_map"})
        run = feed._receive(name, file.name, as_of=as_of, sequence=sequence, origin="api")
        return self._reply(202, {"feed": feed.api_name, "run": run.id, "state": run.state, "checksum": run.checksum})

    @api.model
    def _feed_times(self, args):
        """(as of, sequence, what is wrong with them)."""
        now, problems, as_of, sequence = fields.Datetime.now(), [], None, None
        if args.get("as_of"):
            try:
                # In an address a + is a space.
                as_of = datetime.fromisoformat(re.sub(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$", r"\1+\2", args["as_of"]))
                as_of = as_of.astimezone(timezone.utc).replace(tzinfo=None) if as_of.tzinfo else as_of
                as_of = as_of.replace(microsecond=0)
            except (ValueError, OverflowError):
                problems.append(Problem("as_of", "moment", {}))
            if as_of and as_of > fields.Datetime.add(now, minutes=5):
                problems.append(Problem("as_of", "in_future", {}))
        if args.get("sequence"):
            text = args["sequence"]
            if text.isascii() and text.isdigit() and 0 < int(text[:12]) < 2**31:
                sequence = int(text[:12])
            else:
                problems.append(Problem("sequence", "feed_number", {}))
        return as_of or now, sequence, problems

    @api.model
    def _body_file(self, call, most):
        """(the body as a temporary file, what is wrong with it or None). A body can be read once; when Odoo repeats the
        call after a conflict, the file of the first time is there. It goes with the request.
        """
        if not hasattr(request, "dropship_feed"):
            file = tempfile.NamedTemporaryFile(prefix="dropship_feed_")  # noqa: SIM115
            request.dropship_feed = file, self._read_body(call, file, most)
            file.flush()
        return request.dropship_feed

    @api.model
    def _read_body(self, call, file, most):
        """Write the body into a file, with its length and checksum looked at; the problem or None."""
        # Odoo offers a body only as a whole; a feed may be larger than memory.
        stream = call._HTTPRequest__wrapped.stream
        size, digest, beginning = 0, hashlib.sha256(), b""
        while part := stream.read(2**16):
            size += len(part)
            if size > most:
                return Problem("", "feed_big", {"limit": most // 2**20})
            beginning = (beginning + part)[:200] if len(beginning) < 200 else beginning
            digest.update(part)
            file.write(part)
        if not beginning.strip(b"\xef\xbb\xbf \r\n\t") and size < 200:
            return Problem("", "feed_empty", {})
        if call.content_length and size != call.content_length:
            return Problem("", "feed_short", {"have": size, "wanted": call.content_length})
        told = call.headers.get("Content-SHA256", "").strip().lower()
        if told and told != digest.hexdigest():
            return Problem("Content-SHA256", "feed_sum", {})
        if beginning.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html")):
            return Problem("", "feed_page", {})
        return None

    @api.model
    def _tell_run(self, feed, run_id):
        """What became of a file: counts, and the first rows that could not be read. What we doubt is our own affair."""
        known = run_id < 2**31  # the column holds no larger one
        run = self.env["dropship.feed.run"].search([("id", "=", run_id if known else 0), ("feed_id", "=", feed.id)])
        if not run:
            return self._refuse(404, [Problem("run", "no_run", {})])
        rejects = self.env["dropship.feed.reject"].search(
            [("run_id", "=", run.id), ("kind", "=", "reject")], limit=SHOWN_REJECTS
        )
        rows = [{"line": row.line, "sku": row.sku or "", "reason": row.reason or ""} for row in rejects]
        names = ("rows_in", "rows_applied", "rows_unchanged", "rows_rejected", "rows_quarantined")
        counts = {name.removeprefix("rows_"): run[name] for name in names}
        return self._reply(200, {"feed": feed.api_name, "run": run.id, "state": run.state, **counts, "rejects": rows})
