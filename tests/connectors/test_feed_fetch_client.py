"""A feed's file from its address: whole, new, and from the internet – or a word why not."""

import gzip
import io
import socket
import threading
import time

import pytest
from connectors.feed_fetch import fetch
from connectors.http import Client, Limits
from test_http import client, reply, server

CSV = b"sku,price\nA-1,9.90\n"


def look(url, made=None, **known):
    """(what came of it, what was written)"""
    into = io.BytesIO()
    return fetch(made or client(), url, {}, into, **known), into.getvalue()


def test_a_new_file_is_written_with_what_tells_it_apart():
    headers = ('ETag: "v1"', "Last-Modified: Thu, 01 Jan 2026 08:00:00 GMT")
    with server(reply(CSV, "200 OK", *headers)) as (url, received):
        found, written = look(url)
    assert (found.code, found.etag, str(found.dated), written) == ("new", '"v1"', "2026-01-01 08:00:00", CSV)
    assert b"If-None-Match" not in received[0]


def test_what_is_known_is_asked_for_and_not_sent_again():
    with server(b"HTTP/1.1 304 Not Modified\r\n\r\n") as (url, received):
        found, written = look(url, etag='"v1"', changed="Thu, 01 Jan 2026 08:00:00 GMT")
    assert (found.code, found.etag, written) == ("same", '"v1"', b"")
    assert b'If-None-Match: "v1"' in received[0] and b"If-Modified-Since: Thu" in received[0]


def test_packed_on_the_way_is_unpacked_and_counted_unpacked():
    packed = gzip.compress(CSV)
    with server(reply(packed, "200 OK", "Content-Encoding: gzip")) as (url, _received):
        assert look(url)[1] == CSV
    bomb = gzip.compress(b"\0" * 40_000_000)
    with server(reply(bomb, "200 OK", "Content-Encoding: gzip")) as (url, _received):
        found, written = look(url, client(size=2**20))
    assert found.code == "too_big" and len(written) <= 2**20 + 2**18


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(b"<!DOCTYPE html><title>Login</title>"), "page"),
        (reply(b"\xef\xbb\xbf\n <html><body>"), "page"),
        (reply(b""), "nothing"),
        (reply(b"\xef\xbb\xbf \n"), "nothing"),
        (reply(b"no", "401 Unauthorized"), "no_access"),
        (reply(b"no", "403 Forbidden"), "no_access"),
        (reply(b"no", "404 Not Found"), "not_there"),
        (reply(b"no", "500 Oops"), "status"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nsku,price\nA-1", "broken_off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nsku,price\r\n", "broken_off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "too_big"),
        (b"", "broken_off"),
    ],
)
def test_what_is_no_whole_file_says_so(answer, code):
    with server(answer) as (url, _received):
        found, _written = look(url)
    assert (found.code, found.failed) == (code, True)


def test_a_server_that_drips_is_left_at_the_deadline():
    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _step in range(40):
            connection.sendall(b"a")
            time.sleep(0.1)

    start = time.monotonic()
    with server(drip) as (url, _received):
        found, _written = look(url, client(total=1))
    assert found.code == "broken_off" and time.monotonic() - start < 3.5


INSIDE = (
    "http://127.0.0.1:5432/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://169.254.169.254/latest",
    "http://[64:ff9b::7f00:1]/", "http://10.1.2.3/", "file:///etc/passwd",
)  # fmt: skip


@pytest.mark.parametrize("inside", INSIDE)
def test_a_redirection_into_our_own_network_is_not_followed(inside):
    """127.0.0.2 stands for the supplier's server on the internet; nothing of what is inside is told."""
    listener = socket.create_server(("127.0.0.2", 0))

    def send_away():
        connection, _peer = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {inside}\r\nContent-Length: 0\r\n\r\n".encode())

    thread = threading.Thread(target=send_away, daemon=True)
    thread.start()
    made = Client(limits=Limits(connect=1, total=2), allowed=("127.0.0.2/32",), plain=True)
    with listener:
        found, written = look(f"http://127.0.0.2:{listener.getsockname()[1]}/stock.csv", made)
        thread.join(5)
    assert (found.code, found.healthy, written) == ("not_allowed", True, b"")
    assert not any(word in str(found.params) for word in ("refused", "open", "postgres", "root:"))


def test_a_name_that_turns_private_is_not_called():
    answers = [[(2, 1, 6, "", ("10.0.0.5", 443))]]
    made = Client(limits=Limits(total=2), lookup=lambda *_args, **_more: answers[0])
    found, written = look("https://feeds.supplier.example/stock.csv", made)
    assert (found.code, found.healthy, written) == ("not_allowed", True, b"")


def test_without_encryption_nothing_is_asked():
    found, _written = look("http://feeds.supplier.example/stock.csv", Client())
    assert found.code == "not_allowed"
