import importlib
import importlib.util
import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..connectors import email_read, email_reply
from ..connectors.answer import clean
from ..connectors.inquiry import clean as clean_inquiry
from ..feeds.errors import FeedError
from .reason_text import _lt

MAX_KEPT = 5000
# Words that look like the number of an order; a reply that names another one is not clear.
NUMBERS = re.compile(r"[A-Za-z]{1,8}[/-]?(?:\d{2,4}[/-])?\d{3,10}")
YES = ("yes", "ok", "cancelled", "stopped", "同意", "已取消", "好的", "可以")

WHY = {
    "unknown_order": _lt(
        "The mail does not say which order it answers: it has neither the address nor the thread of one."
    ),
    "several_orders": _lt("The mail answers several orders at once."),
    "senders": _lt("The mail has no sender, or more than one."),
    "unknown_sender": _lt("%(sender)s is no contact of the supplier: add the address to his contacts if it is his."),
    "not_authenticated": _lt("Our mail server does not vouch for the sender %(sender)s."),
    "other_order": _lt("The mail also speaks of %(detail)s."),
    "bad_sheet": _lt("The attached sheet was not opened: %(detail)s."),
    "sheet_and_words": _lt("The mail and its sheet both say something."),
    "sheet_other": _lt("The attached sheet speaks of other orders: %(detail)s."),
    "sheet_unread": _lt("The attached sheet cannot be read: %(detail)s"),
    "no_words": _lt("None of the agreed words is in it."),
    "remark": _lt('It says more than the agreed words: "%(detail)s"'),
    "not_understood": _lt('"%(detail)s" is not understood.'),
    "no_sku": _lt('"%(detail)s" names no SKU of the order.'),
    "no_number": _lt("A number is missing: %(detail)s"),
    "no_date": _lt("It does not say when it comes: %(detail)s"),
    "no_tracking": _lt('There is not exactly one tracking number in "%(detail)s".'),
    "open": _lt("Nothing is said about %(detail)s."),
    "twice": _lt("The same is said twice: %(detail)s"),
    "sum": _lt("The quantities do not add up: %(detail)s"),
    "currencies": _lt("The prices are in several currencies."),
    "contradiction": _lt("It contradicts itself."),
    "after_end": _lt('Something is said after the closing words: "%(detail)s"'),
    "too_long": _lt("It is too long."),
    "sku_twice": _lt("Words cannot tell the lines of this order apart."),
    "no_form": _lt("It is not in the agreed form: %(detail)s"),
    "cannot_stop": _lt("The supplier writes that it is too late."),
    "own_words": _lt("He answers in his own words."),
}


class DropshipExchange(models.Model):
    """Mails of suppliers that no machine may act on wait for a person with what was understood."""

    _inherit = "dropship.exchange"

    mail_proposal = fields.Boolean(compute="_compute_mail_proposal")

    @api.model
    def _exchange_kinds(self):
        return [*super()._exchange_kinds(), ("mail", self.env._("E-mail"))]

    @api.depends("payload", "kind", "state")
    def _compute_mail_proposal(self):
        for message in self:
            proposed = message.kind == "mail" and message.state == "parked" and (message.payload or {}).get("answer")
            message.mail_proposal = bool(proposed)

    def _process(self):
        """Override: a mail nobody could make sense of stays a person's."""
        if self.kind == "mail":
            self._set_state("parked", error=self.error or self.env._("A person has to read this mail."))
            return
        super()._process()

    def action_take_mail(self):
        """A person read the mail: what was understood is the supplier's answer."""
        self.check_access("write")
        for message in self.sudo():
            if not message.mail_proposal:
                raise UserError(self.env._("Nothing in this mail was understood: enter the answer on the purchase."))
            answer = {**message.payload["answer"], "text": message.payload.get("text", "")}
            message._set_state("received", error=False)
            message.write({"kind": "answer", "payload": answer})
            message._process()
        return True


class DropshipMailGateway(models.AbstractModel):
    """What the mails of suppliers mean. Only an authenticated, unambiguous reply changes anything."""

    _name = "dropship.mail.gateway"
    _description = "Mails of Suppliers"

    @api.model
    def _take(self, message, message_dict):
        """Take a mail that answers one of ours or comes to the address for orders.

        :param message: the mail as `email` parsed it
        :param dict message_dict: the same as the mail gateway parsed it
        :return: whether it was ours
        """
        gateway = self.sudo()  # the gateway runs as whoever fetches mails
        mail = email_read.read(message)
        asked = gateway._asked(mail)
        if not asked and not gateway._comes_to_us(mail):
            return False
        if not gateway._is_known(mail):
            if mail.bounce:
                gateway._take_bounce(mail, asked)
            elif mail.automatic:
                gateway._keep(mail, asked, message_dict, "processed")
            else:
                gateway._take_reply(mail, asked, message_dict)
        return True

    @api.model
    def _asked(self, mail):
        """Our messages the mail answers: by the address it came to, else by the thread it belongs to."""
        exchange = self.env["dropship.exchange"]
        out = [("direction", "=", "out")]
        if mail.bounce and mail.bounce.original:
            found = exchange.search([*out, ("mail_id", "=", mail.bounce.original)])
            if found:
                return found
        found = exchange.search([*out, ("mail_token", "in", mail.tokens)]) if mail.tokens else exchange
        thread = exchange.search([*out, ("mail_id", "in", mail.references)]) if mail.references else exchange
        return found | thread

    @api.model
    def _comes_to_us(self, mail):
        """Whether it was sent to one of the addresses for orders."""
        connections = self.env["dropship.connection"].search([("kind", "=", "email")])
        companies = connections.company_id or self.env["res.company"].search([])
        ours = set()
        for connection in connections:
            for company in connection.company_id or companies:
                if connection.mail_reply_to or company.alias_domain_id:
                    ours.add(connection._mail_reply_address(company))
        return bool(ours & {re.sub(r"\+[^@]*@", "@", address) for address in mail.recipients})

    @api.model
    def _is_known(self, mail):
        """Whether the same mail was taken before."""
        if not mail.message_id:
            return False
        domain = [("direction", "=", "in"), ("mail_id", "=", mail.message_id)]
        return bool(self.env["dropship.exchange"].search_count(domain, limit=1))

    # --- replies ---

    @api.model
    def _take_reply(self, mail, asked, message_dict):
        """Act on a clear reply of the right sender; leave everything else to a person, saying why."""
        last = self._last_asked(mail, asked)
        why, detail, answers = self._distrust(mail, asked, last)
        if not why or why in ("unknown_sender", "not_authenticated", "other_order"):
            said, said_detail, answers = self._understand(mail, last)
            why, detail = (why, detail) if why else (said, said_detail)
        if why:
            self._keep(mail, asked, message_dict, "parked", why, detail, answers[0] if len(answers) == 1 else None)
            return
        for answer in answers:
            kind = "quote" if last.kind == "ask" else "answer"
            self._store(mail, last, {**answer, "text": mail.text[:MAX_KEPT]}, "received", kind=kind)
        self._post(mail, last, message_dict)
        self.env.ref("dropship_flow.cron_relay")._trigger()

    @api.model
    def _last_asked(self, mail, asked):
        """Which of our messages it answers: the one whose address it came to, else the last of its thread."""
        by_token = asked.filtered(lambda message: message.mail_token in mail.tokens)
        order = {reference: number for number, reference in enumerate(mail.references)}
        return (by_token or asked).sorted(lambda message: order.get(message.mail_id, -1))[-1:]

    @api.model
    def _distrust(self, mail, asked, last):
        """(why nobody but a person may act on it, particulars, [])"""
        if not asked:
            return "unknown_order", "", []
        if len({(message.purchase_id, self._inquiry(message), message.supplier_id) for message in asked}) > 1:
            return "several_orders", "", []
        if len(mail.senders) != 1:
            return "senders", "", []
        if mail.senders[0] not in last.supplier_id._known_addresses():
            return "unknown_sender", "", []
        server = last.connection_id.mail_authserv
        if server and not email_read.authenticated(mail, server):
            return "not_authenticated", "", []
        others = self._other_orders(mail, last)
        return ("other_order", ", ".join(others), []) if others else ("", "", [])

    @api.model
    def _inquiry(self, message):
        return message.inquiry_id if "inquiry_id" in message._fields else False

    @api.model
    def _other_orders(self, mail, last):
        """Numbers of other purchases in what was written."""
        words = set(NUMBERS.findall(f"{mail.subject}\n{mail.text}")[:50])
        domain = [("name", "in", sorted(words)), ("id", "!=", last.purchase_id.id)]
        return self.env["purchase.order"].search(domain, limit=3).mapped("name") if words else []

    @api.model
    def _understand(self, mail, last):
        """(why it is not clear, particulars, what was understood)"""
        if last.kind == "ask":
            reply = email_reply.parse_inquiry(mail.text, (last.content or {}).get("lines", []))
            return self._checked(reply, last, lambda answer: {**answer, "lines": clean_inquiry(answer["lines"])})
        if last.kind == "cancel":
            return self._understand_cancel(mail, last)
        if last.kind != "order":
            return "own_words", "", []
        if mail.bad_sheets:
            return "bad_sheet", ", ".join(" – ".join(pair) for pair in mail.bad_sheets)[:300], []
        lines = (last.payload or {}).get("lines") or []
        reply = email_reply.parse(mail.text, lines)
        if mail.sheets and self._sheet_reader():
            if reply.answer or reply.why not in ("no_words", ""):
                return "sheet_and_words", "", []
            return self._understand_sheets(mail, last)
        return self._checked(reply, last, clean)

    @api.model
    def _checked(self, reply, last, check):
        if not reply.answer:
            return reply.why, reply.detail, []
        ref = last.purchase_id.name or (last.content or {}).get("ref")
        try:
            return reply.why, reply.detail, [check({**reply.answer, "ref": ref})]
        except ValueError as error:
            return "no_form", str(error), []

    @api.model
    def _understand_cancel(self, mail, last):
        words = [line.strip(" .,!。！").lower() for line in mail.text.split("\n") if line.strip()]
        answer = clean({"ref": last.purchase_id.name, "status": "cancelled"})
        if words and words[0] in YES:
            return ("", "", [answer]) if len(words) == 1 else ("remark", " ".join(words[1:])[:200], [answer])
        return ("cannot_stop" if words and words[0] in ("no", "too late", "太晚", "已发货") else "own_words"), "", []

    @api.model
    def _sheet_reader(self):
        """Reads filled-in order sheets: (content, name) → answers."""
        name = f"{__package__.rpartition('.')[0]}.sheets.order_sheet"
        try:
            found = importlib.util.find_spec(name)
        except ModuleNotFoundError:
            found = None
        return importlib.import_module(name).read if found else None

    @api.model
    def _understand_sheets(self, mail, last):
        answers = []
        for name, content in mail.sheets:
            try:
                found = self._sheet_reader()(content, name)
                answers += [clean(answer) for answer in found]
            except (ValueError, UserError, FeedError) as error:
                return "sheet_unread", str(error)[:300], []
            if getattr(found, "rejected", None):
                return "sheet_unread", name, []
        others = sorted({answer["ref"] for answer in answers} - {last.purchase_id.name})
        if others:
            return "sheet_other", ", ".join(others[:5]), []
        return ("", "", answers) if answers else ("no_words", "", [])

    # --- what the post office says ---

    @api.model
    def _take_bounce(self, mail, asked):
        """A mail of ours came back: it did not arrive, and somebody has to know."""
        last = asked.sorted("id")[-1:]
        if not mail.bounce.failed or not last:
            self._keep(mail, last, {}, "processed")
            return
        text = self.env._("The mail came back: %s", mail.bounce.text or mail.subject)
        known = len(tools.email_split(((last.payload or {}).get("mail") or {}).get("to", "")))
        answered = last.kind == "order" and last.purchase_id.state not in ("sent", "draft", "to approve")
        self._store(mail, last, self._particulars(mail, last), "processed", kind="mail", error=text)
        self._note(last, text)
        if known > 1 or answered:  # somebody else has it
            return
        if last.state in ("sent", "unknown", "parked"):
            last._set_state("rejected", error=text)
            if last.kind == "order":
                last._call_buyer("not_sent", error=text)
            last._mail_came_back(text)

    # --- keeping ---

    @api.model
    def _keep(self, mail, asked, message_dict, state, why="", detail="", answer=None):
        """Keep a mail nothing follows from by itself."""
        last = self._last_asked(mail, asked) if asked else asked
        one = len(asked.purchase_id) <= 1
        if why:
            sentence = self.env._(WHY[why])
            error = sentence % {"detail": detail, "sender": ", ".join(mail.senders)[:100]}
        else:
            error = self.env._("A machine wrote this: it is no answer.") if mail.automatic else False
        values = {**self._particulars(mail, last), "answer": answer}
        self._store(mail, last if one else last.browse(), values, state, kind="mail", error=error, asked=last)
        if last and one:
            self._post(mail, last, message_dict, error)

    @api.model
    def _particulars(self, mail, last):
        ref = last.purchase_id.name or (last.content or {}).get("ref") or ""
        return {
            "ref": ref,
            "from": ", ".join(mail.senders)[:200],
            "subject": mail.subject,
            "text": mail.text[:MAX_KEPT],
        }

    @api.model
    def _store(self, mail, last, values, state, asked=None, **more):
        """Store what came, once per Message-ID."""
        about = last or (asked if asked is not None else last)
        company = about.company_id or self._company_of(mail) or self.env.company
        inquiry = {"inquiry_id": last.inquiry_id.id} if "inquiry_id" in last._fields else {}
        return self.env["dropship.exchange"]._put_in(
            values,
            f"mail {mail.message_id}",
            last.purchase_id,
            about.supplier_id,
            company,
            about.connection_id,
            **{"state": state, "mail_id": mail.message_id or False, **inquiry, **more},
        )

    @api.model
    def _company_of(self, mail):
        """Whose address for orders it came to."""
        bare = {re.sub(r"\+[^@]*@", "@", address) for address in mail.recipients}
        for connection in self.env["dropship.connection"].search([("kind", "=", "email")]):
            if connection.mail_reply_to and connection._mail_reply_address(connection.company_id) in bare:
                return connection.company_id
        domains = [address.rpartition("@")[2] for address in bare]
        return self.env["res.company"].search([("alias_domain_id.name", "in", domains)], limit=1)

    @api.model
    def _post(self, mail, last, message_dict, error=""):
        """Show the mail where the buyer looks: on the purchase. Nobody outside is told."""
        record = last.purchase_id or self._inquiry(last)
        if not record or not hasattr(record, "message_post"):
            return
        bad = {name for name, _why in mail.bad_sheets}
        text = f"{error}\n\n{mail.text}" if error else mail.text
        author = self.env["res.partner"].search(
            [("id", "child_of", last.supplier_id.partner_id.ids), ("email_normalized", "in", mail.senders)], limit=1
        )
        record.message_post(
            body=tools.plaintext2html(text[:MAX_KEPT]),
            subject=mail.subject,
            message_type="notification",
            subtype_xmlid="mail.mt_note",
            author_id=author.id or self.env.ref("base.partner_root").id,
            message_id=mail.message_id or None,
            attachments=[
                (part[0], part[1])
                for part in message_dict.get("attachments", [])
                if part[0] not in bad and len(part[1] or b"") <= email_read.MAX_SHEET
            ],
        )

    @api.model
    def _note(self, last, text):
        record = last.purchase_id
        if record:
            record.message_post(body=text, message_type="notification", subtype_xmlid="mail.mt_note")


class DropshipExchangeBounced(models.Model):
    _inherit = "dropship.exchange"

    def _mail_came_back(self, text):
        """Hook: a mail that was sent did not arrive."""


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Override: mails of suppliers about orders are taken before anything else looks at them."""
        if self.env["dropship.mail.gateway"]._take(message, message_dict):
            return []
        return super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
