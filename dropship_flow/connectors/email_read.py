"""An incoming mail as facts: who wrote, what it answers, what is new in it, and whether a machine wrote it.

Nothing here decides; whatever cannot be read is empty. Bodies and sheets are bounded before anybody looks at them.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from email.utils import getaddresses
from html.parser import HTMLParser

MAX_TEXT = 20_000
MAX_REFERENCES = 50
MAX_SHEET = 5_000_000  # bytes as sent
MAX_UNPACKED = 30_000_000
MAX_RATIO = 200
MAX_PARTS = 500
# Our own mails carry this line; what stands below it is ours.
MARK = "--- Please reply above this line / 请在此线以上回复 ---"

MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
TOKEN = re.compile(r"\+([0-9a-f]{24})@")
QUOTE_BEGINS = re.compile(
    r"""^\s*(?:
        -{2,}.{0,3}\s*Please\ reply\ above\ this\ line | .*请在此线以上回复
      | (?:On|Am|Le|El)\s.{5,200}(?:wrote|schrieb|écrit|escribió).{0,100}:\s*$
      | .{0,200}(?:写道|寫道)\s*[:：]\s*$
      | -{2,}\s*(?:Original\ Message|Original|Ursprüngliche\ Nachricht)\s*-*
      | -{2,}\s*(?:原始邮件|原郵件|回复的原邮件|转发邮件信息)\s*-*
      | _{10,}\s*$
      | (?:From|Von|发件人|寄件者)\s*[:：]\s*\S+.*@
    )""",
    re.VERBOSE | re.IGNORECASE,
)
AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?reply|out of (?:the )?office|abwesen|automatische antwort"
    r"|自动回复|自動回覆)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Bounce:
    """A post office's word about a mail of ours."""

    failed: bool
    original: str = ""  # Message-ID of our mail
    recipients: tuple = ()
    text: str = ""


@dataclass(slots=True)
class Mail:
    message_id: str = ""
    senders: tuple = ()
    recipients: tuple = ()
    references: tuple = ()
    tokens: tuple = ()
    subject: str = ""
    text: str = ""  # what is new, without the mail it answers
    automatic: str = ""  # the header that says a machine wrote it
    bounce: Bounce | None = None
    sheets: list = field(default_factory=list)  # [(name, content)]
    bad_sheets: list = field(default_factory=list)  # [(name, why)]
    authentication: tuple = ()


def recipients_of(message):
    """Whom a mail is for, lower case: its headers alone, before anything else of it is read."""
    return _addresses(message, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def read(message):
    """The facts of a mail.

    :param email.message.EmailMessage message: as the gateway parsed it
    :return: Mail
    """
    mail = Mail(
        message_id=(MESSAGE_ID.findall(_header(message, "Message-Id")) or [""])[0],
        senders=_addresses(message, "From"),
        recipients=recipients_of(message),
        subject=" ".join(_header(message, "Subject").split())[:500],
        automatic=_automatic(message),
        authentication=tuple(" ".join(str(value).split()) for value in message.get_all("Authentication-Results", [])),
    )
    found = MESSAGE_ID.findall(f"{_header(message, 'References')} {_header(message, 'In-Reply-To')}")
    mail.references = tuple(dict.fromkeys(found[-MAX_REFERENCES:]))
    mail.tokens = tuple(dict.fromkeys(token for to in mail.recipients for token in TOKEN.findall(to)))
    mail.bounce = _bounce(message)
    mail.text = fresh(_body(message))
    for name, content in _attachments(message):
        why = sheet_problem(name, content)
        if why:
            mail.bad_sheets.append((name, why))
        else:
            mail.sheets.append((name, content))
    return mail


def authenticated(mail, server):
    """Whether our own mail server vouches for the sender's domain: DMARC, aligned DKIM or aligned SPF passed.

    :param str server: the name our mail server signs its verdict with; only the topmost verdict of that name counts,
        as anybody may send headers of his own further down

    >>> verdict = "mx.shop.example; spf=pass smtp.mailfrom=a@dawn.example; dkim=fail header.d=dawn.example"
    >>> authenticated(Mail(senders=("a@dawn.example",), authentication=(verdict,)), "mx.shop.example")
    True
    >>> authenticated(Mail(senders=("a@other.example",), authentication=(verdict,)), "mx.shop.example")
    False
    >>> authenticated(Mail(senders=("a@dawn.example",), authentication=(verdict,)), "mx.evil.example")
    False
    """
    if len(mail.senders) != 1 or not mail.authentication:
        return False
    domain = mail.senders[0].rpartition("@")[2]
    head, *verdicts = mail.authentication[0].lower().split(";")
    if head.split()[:1] != [server.strip().lower()]:
        return False
    for verdict in verdicts:
        words = re.sub(r"\([^()]*\)", " ", verdict).split()
        facts = dict(word.split("=", 1) for word in words if "=" in word)
        if facts.get("dmarc") == "pass" and facts.get("header.from", domain) == domain:
            return True
        signer = facts.get("header.d") or facts.get("header.i", "").rpartition("@")[2]
        if facts.get("dkim") == "pass" and _aligned(domain, signer):
            return True
        if facts.get("spf") == "pass" and _aligned(domain, facts.get("smtp.mailfrom", "").rpartition("@")[2]):
            return True
    return False


def _aligned(domain, vouched):
    return bool(vouched) and (domain == vouched or domain.endswith("." + vouched) and vouched.count(".") >= 1)


def fresh(text):
    """What the sender wrote, without the mail he answers.

    >>> fresh("ACCEPT\\n\\nOn Mon, 2 Nov 2026, Shop <a@b.example> wrote:\\n> ACCEPT: you ship all")
    'ACCEPT'
    >>> fresh("接单\\n------------------ 原始邮件 ------------------\\n拒单")
    '接单'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")[:MAX_TEXT].split("\n")
    kept = []
    for number, line in enumerate(lines):
        # "On … wrote:" is often broken over two lines.
        joined = f"{line} {lines[number + 1]}" if number + 1 < len(lines) else line
        if QUOTE_BEGINS.match(line) or (line.startswith(("On ", "Am ", "Le ")) and QUOTE_BEGINS.match(joined)):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.replace("\u00a0", " ").replace("\u200b", "").rstrip())
    return "\n".join(kept).strip()


def sheet_problem(name, content):
    """Why an attached sheet is not opened; empty when it may be.

    >>> sheet_problem("a.csv", b"ref,status")
    ''
    >>> sheet_problem("a.xlsx", b"no zip")
    'it is no spreadsheet'
    """
    if len(content) > MAX_SHEET:
        return "it is too large"
    if name.lower().endswith(".csv"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "it is no spreadsheet"
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or (unpacked > 1_000_000 and unpacked / packed > MAX_RATIO):
        return "it unpacks to far more than a spreadsheet has"
    return ""


def _header(message, name):
    try:
        return str(message.get(name) or "")
    except Exception:  # the standard library raises many things over broken headers; a broken header says nothing
        return ""


def _addresses(message, *names):
    texts = []
    for name in names:
        try:
            texts += [str(value) for value in message.get_all(name, [])]
        except Exception:  # as above
            continue
    found = (address.strip().lower() for _name, address in getaddresses(texts))
    return tuple(dict.fromkeys(address for address in found if "@" in address))[:100]


def _automatic(message):
    """The sign that a machine wrote it."""
    if _header(message, "Auto-Submitted").split(";")[0].strip().lower() not in ("", "no"):
        return "Auto-Submitted"
    if _header(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
        return "Precedence"
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id", "X-Failed-Recipients"):
        if _header(message, name):
            return name
    return "Subject" if AUTOMATIC_SUBJECT.match(_header(message, "Subject")) else ""


def _bounce(message):
    """The delivery report in it, if it is one. Reports of a successful delivery are none."""
    sender = (_addresses(message, "From") or ("",))[0]
    report = message.get_content_type() == "multipart/report" and "delivery-status" in _header(message, "Content-Type")
    if not report and sender.split("@")[0] not in ("mailer-daemon", "postmaster"):
        return None
    actions, recipients, original, text = set(), [], "", ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if isinstance(part.get_payload(), list) else []:
                actions.add(_header(block, "Action").strip().lower())
                address = _header(block, "Final-Recipient") or _header(block, "Original-Recipient")
                recipients += [address.rpartition(";")[2].strip().lower()] if address else []
                text = text or _header(block, "Diagnostic-Code")
        elif kind in ("message/rfc822", "text/rfc822-headers") and part is not message:
            inner = part.get_payload()
            inner = inner[0] if isinstance(inner, list) and inner else part
            head = _header(inner, "Message-Id") or _text_of(part)
            original = original or (MESSAGE_ID.findall(head) or [""])[0]
    if not report:
        return Bounce(True, original, (), _header(message, "Subject")[:300])
    return Bounce("failed" in actions, original, tuple(dict.fromkeys(recipients)), text[:300])


def _body(message):
    """The text of a mail; made from its HTML where it has nothing else."""
    try:
        part = message.get_body(preferencelist=("plain", "html"))
    except Exception:  # broken structure
        part = None
    if part is None:
        return ""
    text = _text_of(part)
    return html_text(text) if part.get_content_type() == "text/html" else text


def _text_of(part):
    try:
        return str(part.get_content())[: MAX_TEXT * 10]
    except Exception:  # unknown charset, broken encoding
        content = part.get_payload(decode=True) or b""
        return content[: MAX_TEXT * 10].decode("utf-8", "replace")


def _attachments(message):
    for part in message.walk():
        try:
            name = part.get_filename() or ""
        except Exception:  # broken header
            continue
        if name.lower().endswith((".xlsx", ".xlsm", ".csv")):
            yield name[-120:], part.get_payload(decode=True) or b""


class _Text(HTMLParser):
    """Visible text, without what is quoted or hidden."""

    VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base"})
    BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol", "hr"})

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.hidden = [], []

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag in self.BLOCKS:
            self.parts.append("\n")
        if tag in self.VOID:
            return
        style = attrs.get("style", "").replace(" ", "").lower()
        quoted = "gmail_quote" in attrs.get("class", "") or attrs.get("id", "") in ("divRplyFwdMsg", "isReplyContent")
        if self.hidden:
            if tag == self.hidden[0]:
                self.hidden.append(tag)
        elif (
            tag in ("blockquote", "script", "style", "head", "title")
            or quoted
            or "display:none" in style
            or "visibility:hidden" in style
            or "font-size:0" in style
        ):
            self.hidden = [tag]

    def handle_endtag(self, tag):
        if self.hidden and tag == self.hidden[0]:
            self.hidden.pop()
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def html_text(html):
    """The visible text of a mail's HTML, one line per block.

    >>> html_text("<div>ACCEPT</div><div style='display: none'>REFUSE</div><blockquote>old</blockquote>")
    'ACCEPT'
    """
    parser = _Text()
    parser.feed(html[: MAX_TEXT * 10])
    parser.close()
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)
