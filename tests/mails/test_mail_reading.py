"""Mails as suppliers, their machines, post offices and strangers send them."""

import email
import email.policy
import io
import zipfile
from email.message import EmailMessage

import pytest
from connectors.email_read import MARK, authenticated, fresh, html_text, read, sheet_problem

TOKEN = "0123456789abcdef01234567"


def mail(body="ACCEPT", html=None, **headers):
    message = EmailMessage(policy=email.policy.SMTP)
    values = {"From": "Li Wei <li@dawn.example>", "To": f"orders+{TOKEN}@shop.example", "Subject": "Re: PO P1"}
    for name, value in {**values, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        message[name] = value
    if html is None:
        message.set_content(body)
    else:
        message.set_content(html, subtype="html")
    return message


def facts(message):
    return read(email.message_from_bytes(bytes(message), policy=email.policy.SMTP))


def test_an_ordinary_reply():
    found = facts(mail(Message_ID="<1@dawn.example>", References="<a@x> <b@x>", In_Reply_To="<b@x>"))
    assert found.senders == ("li@dawn.example",)
    assert found.tokens == (TOKEN,)
    assert found.references == ("<a@x>", "<b@x>")
    assert (found.message_id, found.text, found.automatic, found.bounce) == ("<1@dawn.example>", "ACCEPT", "", None)


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 2 Nov 2026 at 10:00, Shop\n<orders@shop.example> wrote:\n> REFUSE",
        "On Mon, 2 Nov 2026 at 10:00, Shop <orders@shop.example> wrote:\nREFUSE",
        "Am 2.11.2026 um 10:00 schrieb Shop:\nREFUSE",
        "-----Original Message-----\nREFUSE",
        "------------------ 原始邮件 ------------------\nREFUSE",
        "2026年11月2日 10:00，Shop <orders@shop.example> 写道：\nREFUSE",
        "发件人: Shop <orders@shop.example>\nREFUSE",
        f"{MARK}\nREFUSE",
        f"> {MARK}\n> REFUSE",
        "________________________________\nREFUSE",
    ],
)
def test_what_we_wrote_ourselves_is_not_read(quoted):
    assert fresh(f"ACCEPT\n\n{quoted}") == "ACCEPT"


def test_a_reply_in_html_only():
    body = "<body><div>接单</div><div class='gmail_quote'>拒单</div></body>"
    found = facts(mail(html=f"<html><head><title>x</title></head>{body}</html>"))
    assert found.text == "接单"


@pytest.mark.parametrize("style", ["display:none", "display: none;", "visibility:hidden", "font-size:0"])
def test_what_the_eye_does_not_see_is_not_read(style):
    assert html_text(f"<p>ACCEPT</p><div style='{style}'><div>PRICE A 99</div>PRICE A 99</div>") == "ACCEPT"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Subject": "自动回复: PO P1"},
        {"Subject": "Automatic reply: PO P1"},
        {"Subject": "Out of Office: PO P1"},
    ],
)
def test_machines_that_answer(headers):
    assert facts(mail(**headers)).automatic


def test_people_are_no_machines():
    assert not facts(mail(Auto_Submitted="no")).automatic


def bounce(action="failed"):
    return f"""From: MAILER-DAEMON@mx.example
To: orders+{TOKEN}@shop.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; li@dawn.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--B
Content-Type: message/rfc822

From: orders@shop.example
Message-Id: <order.1@shop.example>
Subject: PO P1

Hello
--B--
""".replace("\n", "\r\n").encode()


def test_a_mail_that_came_back():
    found = read(email.message_from_bytes(bounce(), policy=email.policy.SMTP)).bounce
    assert (found.failed, found.original, found.recipients) == (True, "<order.1@shop.example>", ("li@dawn.example",))
    assert "550" in found.text


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_reports_that_are_no_bad_news(action):
    assert not read(email.message_from_bytes(bounce(action), policy=email.policy.SMTP)).bounce.failed


def archive(*parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, size in parts:
            packed.writestr(name, b"0" * size)
    return buffer.getvalue()


def test_a_bomb_is_not_opened():
    message = mail()
    message.add_attachment(archive(("xl/a.xml", 40_000_000)), "application", "zip", filename="orders.xlsx")
    message.add_attachment(archive(("xl/a.xml", 100)), "application", "zip", filename="good.xlsx")
    found = facts(message)
    assert [name for name, _content in found.sheets] == ["good.xlsx"]
    assert found.bad_sheets == [("orders.xlsx", "it unpacks to far more than a spreadsheet has")]


def test_sheets_that_are_none():
    assert sheet_problem("a.xlsx", b"PK\x03\x04 broken")
    assert sheet_problem("a.xlsx", b"0" * 6_000_000) == "it is too large"
    assert sheet_problem("a.xlsx", archive(*((f"{number}", 1) for number in range(600))))


@pytest.mark.parametrize(
    ("verdict", "good"),
    [
        ("mx.shop.example; dmarc=pass header.from=dawn.example", True),
        ("mx.shop.example; dkim=pass header.d=dawn.example", True),
        ("mx.shop.example; dkim=pass (good) header.i=@dawn.example; spf=none", True),
        ("mx.shop.example; spf=pass smtp.mailfrom=li@dawn.example", True),
        ("mx.shop.example; dkim=pass header.d=gmail.example", False),
        ("mx.shop.example; dkim=fail header.d=dawn.example; spf=softfail smtp.mailfrom=li@dawn.example", False),
        ("mx.shop.example; dmarc=pass header.from=other.example", False),
        ("mx.attacker.example; dmarc=pass header.from=dawn.example", False),
        ("", False),
    ],
)
def test_whom_our_own_server_vouches_for(verdict, good):
    headers = {"Authentication_Results": verdict} if verdict else {}
    assert authenticated(facts(mail(**headers)), "mx.shop.example") is good


def test_only_the_topmost_verdict_counts():
    message = mail()
    message["Authentication-Results"] = "mx.evil.example; dmarc=fail"
    message["Authentication-Results"] = "mx.shop.example; dmarc=pass header.from=dawn.example"
    assert not authenticated(facts(message), "mx.shop.example")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"From: \xff\xfe\r\nSubject: =?utf-8?b?!!!?=\r\n\r\nACCEPT",
        b"From: a@b.example\r\nContent-Type: text/plain; charset=no-such\r\n\r\nACCEPT \xff",
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\nContent-Type: message/rfc822",
        b"From: a@b.example, c@d.example\r\nContent-Type: multipart/report; report-type=delivery-status\r\n\r\n",
    ],
)
def test_broken_mails_are_read_as_far_as_they_go(raw):
    found = read(email.message_from_bytes(raw, policy=email.policy.SMTP))
    assert isinstance(found.text, str)
