"""A real mail server on this machine that takes, refuses, drops and drips; a mail is sent at most once."""

import functools
import time

import pytest
from connectors import email_smtp
from mail_server import MailServer

DATA = b"From: a@shop.example\r\nTo: b@dawn.example\r\nSubject: PO P1\r\n\r\nHello\r\n.dot\r\n"


def deliver(server, *to, **options):
    session = functools.partial(email_smtp.session, "127.0.0.1", server.port, timeout=options.pop("timeout", 5))
    return email_smtp.send(session, "a@shop.example", to or ("b@dawn.example",), DATA, **options)


def test_a_mail_arrives_as_it_was_written():
    with MailServer() as server:
        outcome = deliver(server)
    assert (outcome.state, outcome.error) == ("sent", "")
    assert [(mail.sender, mail.recipients) for mail in server.mails] == [("a@shop.example", ["b@dawn.example"])]
    assert server.mails[0].data == DATA


@pytest.mark.parametrize(
    ("faults", "state", "arrived"),
    [
        ({"data_end": "drop"}, "unknown", 1),  # it has the mail and says nothing
        ({"data_end": "hang"}, "unknown", 1),
        ({"data_end": "250 fine"}, "sent", 1),
        ({"data_end": "451 later"}, "again", 0),
        ({"data_end": "554 spam"}, "rejected", 0),
        ({"data": "drop"}, "again", 0),
        ({"data": "451 later"}, "again", 0),
        ({"data": "554 no"}, "rejected", 0),
        ({"mail": "drop"}, "again", 0),
        ({"mail": "550 not you"}, "rejected", 0),
        ({"rcpt": "550 no such user"}, "rejected", 0),
        ({"rcpt": "450 greylisted"}, "again", 0),
        ({"rcpt": "drop"}, "again", 0),
        ({"greeting": "drop"}, "again", 0),
        ({"greeting": "554 go away"}, "again", 0),
        ({"quit": "drop"}, "sent", 1),
    ],
    ids=str,
)
def test_what_each_fault_means(faults, state, arrived):
    with MailServer(**faults) as server:
        outcome = deliver(server, timeout=0.5)
    assert (outcome.state, len(server.mails)) == (state, arrived)
    assert outcome.error or state == "sent"


def test_one_of_two_addresses_is_refused():
    with MailServer(refused=["c@dawn.example"]) as server:
        outcome = deliver(server, "b@dawn.example", "c@dawn.example")
    assert outcome.state == "sent"
    assert outcome.error == "Not delivered to c@dawn.example."


def test_nobody_there():
    with MailServer() as server:
        pass
    assert deliver(server).state == "again"


def test_a_wrong_password_needs_a_person_and_is_not_told():
    with MailServer(auth="535 wrong") as server:
        session = functools.partial(email_smtp.session, "127.0.0.1", server.port, user="me", password="s3cret")
        outcome = email_smtp.send(session, "a@shop.example", ("b@dawn.example",), DATA)
    assert outcome.state == "parked"
    assert "s3cret" not in outcome.error


def test_a_dripping_server_ends_with_the_deadline():
    begun = time.monotonic()
    with MailServer(data_end="drip") as server:
        outcome = deliver(server, total=0.5)
    assert outcome.state == "unknown"
    assert time.monotonic() - begun < 4
