"""A file of a supplier comes in: kept as received, and put in the queue."""

import hashlib
import os
import shutil
import tempfile

from odoo import api, fields, models
from odoo.tools import SQL

from ..feeds.errors import FeedError

OPEN_STATES = ("new", "reading", "compared", "review", "applying")
CHUNK = 1 << 20


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    def _plan_key(self):
        """Changes when the same file would be read in another way."""
        return hashlib.sha256(repr(self._plan()).encode()).hexdigest()

    def _receive(self, name, content_path_or_bytes, as_of=None, sequence=None, origin="upload", full=None):
        """Keep a file and put it in the queue. Whatever comes, nothing is lost and nothing is read here.

        :param content_path_or_bytes: bytes, or the path of a file, which may be large and is copied
        :param as_of: when the figures were true (UTC), now if not told
        :param sequence: number of a file of changes
        :param full: whether the file has all goods; None: what kind of feed it is
        :return: the run: `new`, or `same` as what was taken last, or `refused` since a newer file was taken. A file
            that waits already is not queued twice.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        as_of = min(fields.Datetime.to_datetime(as_of) or now, now)
        checksum, size = _fingerprint(content_path_or_bytes)
        plan_key = self._plan_key()
        vals = {
            "feed_id": self.id,
            "file_name": name or "",
            "as_of": as_of,
            "sequence": sequence or 0,
            "origin": origin,
            "full": self.kind == "full" if full is None else full,
            "checksum": checksum,
            "plan_key": plan_key,
        }
        runs = self.env["dropship.feed.run"]
        waiting = runs.search(
            [("feed_id", "=", self.id), ("state", "in", OPEN_STATES), ("checksum", "=", checksum)],
            order="id desc",
        ).filtered(lambda run: run.plan_key == plan_key and run.sequence == vals["sequence"])
        if waiting:
            return waiting[0]
        problem = self._late_problem(vals)
        if problem:
            run = runs.create({**vals, "state": "refused", "problem": [problem], "ended_at": now})
        elif self._is_same(vals) and not self._touched():
            run = runs.create({**vals, "state": "same", "ended_at": now})
            self._still_true(as_of)
            run._replace_older(("compared", "review"))
            return run
        else:
            run = runs.create(vals)
        run._keep(content_path_or_bytes, size)
        if run.state == "new":
            self.env.ref("dropship_flow.cron_feed").sudo()._trigger()
        return run

    def _late_problem(self, vals):
        """Why a file comes too late, or None."""
        if self.as_of and vals["as_of"] < self.as_of:
            return ["older", {"as_of": _moment(vals["as_of"]), "known": _moment(self.as_of)}]
        if not vals["full"] and vals["sequence"] and vals["sequence"] <= self.last_sequence:
            return ["sequence_old", {"have": vals["sequence"], "known": self.last_sequence}]
        return None

    def _is_same(self, vals):
        return vals["full"] and vals["checksum"] == self.checksum and vals["plan_key"] == self.plan_key

    def _touched(self):
        """Whether somebody else changed offers of the feed since: then the same file is news."""
        self.env["dropship.offer"].flush_model(["feed_id", "as_of", "unconfirmed"])
        query = SQL(
            "SELECT EXISTS (SELECT FROM dropship_offer WHERE feed_id = %s AND as_of > %s)", self.id, self.as_of
        )
        return self.env.execute_query(query)[0][0]

    def _still_true(self, as_of=None):
        """The supplier has nothing new: what was taken last is true as of now. No offer is written, unless goods were
        missing in that file: they are missing for the second time now.
        """
        self.ensure_one()
        as_of = as_of or fields.Datetime.now()
        if not self.as_of or as_of <= self.as_of:
            return
        if self.kind == "full":
            self._drop_missing(as_of)
        self.as_of = as_of


class DropshipFeedRun(models.Model):
    _inherit = "dropship.feed.run"

    def _keep(self, content, size):
        """Keep the file as received. A path is copied piece by piece: it may be larger than memory."""
        self.ensure_one()
        attachments_sudo = self.env["ir.attachment"].sudo()  # whoever sends files need not manage attachments
        vals = {
            "name": "content",
            "res_model": self._name,
            "res_id": self.id,
            "res_field": "content",
            "type": "binary",
            "mimetype": "application/octet-stream",
            "company_id": self.company_id.id,
        }
        if isinstance(content, bytes) or attachments_sudo._storage() == "db":
            if not isinstance(content, bytes):
                with open(content, "rb") as file:
                    content = file.read()
            attachments_sudo.create({**vals, "raw": content})
            self.invalidate_recordset(["content"], flush=False)
            return
        checksum = _digest(content, hashlib.sha1(usedforsecurity=False))
        store_name = f"{checksum[:2]}/{checksum}"
        target = attachments_sudo._full_path(store_name)
        if not os.path.exists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            handle, part = tempfile.mkstemp(dir=os.path.dirname(target))
            os.close(handle)
            shutil.copyfile(content, part)
            os.replace(part, target)
            attachments_sudo._mark_for_gc(store_name)
        attachment = attachments_sudo.create(vals)
        attachment.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, file_size = %s, checksum = %s WHERE id = %s",
                store_name,
                size,
                checksum,
                attachment.id,
            )
        )
        attachment.invalidate_recordset(flush=False)
        self.invalidate_recordset(["content"], flush=False)

    def _attachment(self):
        """The kept file, as ir.attachment in sudo: its record is this run, whose rights were checked."""
        self.ensure_one()
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", "content")]
        return self.env["ir.attachment"].sudo().search(domain, limit=1)

    def _source(self):
        """Where the reader finds the file: a path, or bytes where the database keeps them.

        :raise FeedError: when the file is no longer kept
        """
        attachment = self._attachment()
        if not attachment:
            raise FeedError("no_file")
        if attachment.store_fname:
            return attachment._full_path(attachment.store_fname)
        return attachment.raw or b""

    @api.model
    def _moment(self, value):
        return _moment(value)


def _moment(value):
    return fields.Datetime.to_string(value)


def _digest(path, digest):
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _fingerprint(content):
    """(sha256, size)"""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content)
    return _digest(content, hashlib.sha256()), os.path.getsize(content)
