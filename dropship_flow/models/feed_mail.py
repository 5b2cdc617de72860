"""Feeds that come by mail: to an address of their own, or into the thread with the supplier."""

import fnmatch

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..connectors import email_read
from .feed_text import MAIL
from .reason_text import sentence_of

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xml", ".json", ".ndjson", ".jsonl", ".zip", ".gz")


class DropshipFeed(models.Model):
    """The address of its own is an alias; who may write to it is decided here, not by the alias."""

    _name = "dropship.feed"
    _inherit = ["dropship.feed", "mail.alias.mixin.optional"]

    by_mail = fields.Boolean(
        string="Comes by Mail", tracking=True, help="Files the supplier's contacts attach to their mails are taken."
    )
    mail_files = fields.Char(
        string="Files Named", help="Where several feeds come by mail: which attachments are this one's, e.g. stock*.csv"
    )
    mail_problem = fields.Json(readonly=True, copy=False)
    mail_text = fields.Char(string="Last Mail", compute="_compute_mail_text")

    @api.depends("mail_problem")
    @api.depends_context("lang")
    def _compute_mail_text(self):
        for feed in self:
            feed.mail_text = sentence_of(self.env, MAIL, *feed.mail_problem) if feed.mail_problem else False

    def _alias_get_creation_values(self):
        """Override: whatever comes to the address belongs to this feed."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("dropship.feed")
        if self.id:
            values["alias_force_thread_id"] = self.id
        return values

    @api.model
    def _take_mail(self, message, message_dict):
        """Take a mail that came to the address of a feed, or that answers in a supplier's thread with a file.

        :param message: the mail as `email` parsed it
        :param dict message_dict: the same as the mail gateway parsed it
        :return: whether it was ours
        """
        feeds_sudo = self.sudo()  # the gateway runs as whoever fetches mails
        recipients = email_read.recipients_of(message)
        addressed = feeds_sudo.search([("alias_email", "in", list(recipients)), ("by_mail", "=", True)])
        feeds = addressed or feeds_sudo._feeds_of_thread(message_dict)
        if not feeds or not (addressed or feeds._files_in(message_dict)):
            return False  # hardly any mail is one for a feed: only those are read as a whole
        mail = email_read.read(message)
        if mail.bounce or mail.automatic:
            return False
        feeds._read_mail(mail, message_dict)
        return bool(addressed)  # the thread keeps the mail itself

    @api.model
    def _feeds_of_thread(self, message_dict):
        """The feeds of the supplier whose thread a mail answers in."""
        parent = self.env["mail.message"].browse(message_dict.get("parent_id") or [])
        if parent.model != "dropship.supplier":
            return self.browse()
        return self.search([("supplier_id", "=", parent.res_id), ("by_mail", "=", True)])

    @api.model
    def _files_in(self, message_dict):
        """[(name, content)] of the attachments that could be a feed."""
        found = []
        for part in message_dict.get("attachments", []):
            name, content = part[0] or "", part[1]
            content = content.encode() if isinstance(content, str) else content
            if name.lower().endswith(ENDINGS) and content:
                found.append((name, content))
        return found

    def _read_mail(self, mail, message_dict):
        """Take every attached file for the feed it belongs to; what is not taken is kept with the mail, with its
        reason.

        :param self: the feeds it may belong to, of one supplier
        """
        notes = {feed: [] for feed in self}
        why = self._distrust_mail(mail)
        files = self._files_in(message_dict)
        if why or not files:
            for feed in self:
                notes[feed].append(why or ("no_file", {}))
        for name, content in [] if why else files:
            feed = self._feed_named(name)
            for each in feed or self:
                taken = each._take_attachment(name, content) if feed else ("which_feed", {"name": name})
                notes[each].append(taken)
        for feed, reasons in notes.items():
            if reasons:
                feed._note_mail(mail, message_dict, reasons)

    def _distrust_mail(self, mail):
        """Why nobody's word is taken for it: (code, figures) or None."""
        sender = {"sender": ", ".join(mail.senders)[:100]}
        if len(mail.senders) != 1 or any(mail.senders[0] not in feed.supplier_id._known_addresses() for feed in self):
            return "unknown_sender", sender
        servers = self.env["dropship.connection"].search(
            [
                ("kind", "=", "email"),
                ("mail_authserv", "!=", False),
                ("company_id", "in", [*self.company_id.ids, False]),
            ]
        )
        if servers and not any(email_read.authenticated(mail, server.mail_authserv) for server in servers):
            return "not_authenticated", sender
        return None

    def _feed_named(self, name):
        """The one feed a file belongs to; none when that is not clear."""
        found = self.filtered(
            lambda feed: feed.mail_files
            and any(fnmatch.fnmatch(name.lower(), pattern.strip().lower()) for pattern in feed.mail_files.split(","))
        )
        if not found:
            found = self.filtered(lambda feed: not feed.mail_files)
        return found if len(found) == 1 else self.browse()

    def _take_attachment(self, name, content):
        """Hand one file to the pipeline: (code, figures) of what became of it."""
        self.ensure_one()
        if len(content) > self.max_mb * 2**20:
            return "too_big", {"name": name, "limit": self.max_mb}
        try:
            with self.env.cr.savepoint():
                if self.confirmed_at:
                    self._receive(name, content, as_of=fields.Datetime.now(), origin="mail")
                else:
                    self._take_first(name, content)
        except UserError as error:
            return "not_taken", {"name": name, "text": str(error)}
        return "taken", {"name": name}

    def _note_mail(self, mail, message_dict, reasons):
        """The mail with what became of it, where the buyer looks; nobody outside is told."""
        bad = [(code, params) for code, params in reasons if code != "taken"]
        self.mail_problem = list(bad[0]) if bad else None
        feed, user = self._for_buyer()
        lines = [sentence_of(feed.env, MAIL, code, params) for code, params in reasons]
        mine = self.env["mail.message"].search_count([("message_id", "=", mail.message_id)], limit=1)
        feed.message_post(
            body=tools.plaintext2html("\n".join([*lines, "", mail.text[:2000]])),
            subject=mail.subject,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            author_id=self.env.ref("base.partner_root").id,
            message_id=None if mine else mail.message_id or None,
            attachments=self._files_in(message_dict)[:5] if bad else [],
        )
        if bad:
            feed.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=feed.env._("A mail for the feed %s was not taken", feed.name),
                note=sentence_of(feed.env, MAIL, *bad[0]),
                user_id=user.id,
            )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Override: files for feeds are taken out of the mails that bring them."""
        if self.env["dropship.feed"]._take_mail(message, message_dict):
            return []
        return super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
