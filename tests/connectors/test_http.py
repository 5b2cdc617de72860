"""The way out to the web against servers that misbehave in every way a server can."""

import gzip
import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from connectors.http import Client, Limits, NotSent, Refused, TooBig, Unknown

LOCAL = ("127.0.0.0/8",)


@contextmanager
def server(*replies):
    """A server that answers each connection with the next of `replies`: bytes, or what a function does with it.

    Yields (address, requests received as bytes).
    """
    listener = socket.create_server(("127.0.0.1", 0))
    received = []

    def serve():
        for reply in replies:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                received.append(read_request(connection))
                try:
                    if callable(reply):
                        reply(connection)
                    else:
                        connection.sendall(reply)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
    finally:
        listener.close()
        thread.join(5)


def read_request(connection):
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, body = data.split(b"\r\n\r\n", 1)
        length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        wanted = int(length[0].split(b":")[1]) if length else 0
        while len(body) < wanted:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body
    except OSError:
        return data


def reply(body=b"{}", status="200 OK", *headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def client(**limits):
    return Client(limits=Limits(**{"connect": 2, "total": 3, **limits}), allowed=LOCAL, plain=True)


def test_an_order_is_sent_and_answered():
    with server(reply('{"id": "台灯-1"}'.encode(), "201 Created")) as (url, received):
        answer = client().request("POST", f"{url}/orders?shop=1", {"Authorization": "Bearer k"}, data={"name": "张三"})
    assert (answer.status, answer.ok, answer.json()) == (201, True, {"id": "台灯-1"})
    head, body = received[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /orders?shop=1 HTTP/1.1") and b"Bearer k" in head
    assert json.loads(body) == {"name": "张三"}


def test_an_error_status_is_an_answer():
    with server(reply(b"busy", "429 Too Many Requests", "Retry-After: 7")) as (url, _):
        answer = client().request("GET", url)
    assert (answer.status, answer.ok, answer.retry_after()) == (429, False, 7.0)


@pytest.mark.parametrize("body", [b"<html>log in</html>", b'{"price": NaN}', b"\xff\xfe", b"", b'{"a": 1'])
def test_what_is_no_json_is_said_so(body):
    with server(reply(body)) as (url, _):
        answer = client().request("GET", url)
    with pytest.raises(ValueError):
        answer.json()


def test_a_packed_answer_is_unpacked():
    with server(reply(gzip.compress(b"[1]"), "200 OK", "Content-Encoding: gzip")) as (url, _):
        assert client().request("GET", url).json() == [1]


def test_a_bomb_is_not_unpacked():
    bomb = gzip.compress(b"0" * 50_000_000)
    with server(reply(bomb, "200 OK", "Content-Encoding: gzip")) as (url, _), pytest.raises(TooBig):
        client(size=1_000_000).request("GET", url)


def test_a_flood_is_not_read():
    def flood(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(2000):
            connection.sendall(b"x" * 65536)

    with server(flood) as (url, _), pytest.raises(TooBig):
        client(size=1_000_000).request("GET", url)
    with server(reply(b"x" * 2000)) as (url, _), pytest.raises(TooBig):
        client(size=1000).request("GET", url)


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"])
def test_a_slow_drip_ends_with_the_time(drip):
    def slowly(connection):
        connection.sendall(drip)
        for _ in range(100):
            time.sleep(0.1)
            connection.sendall(b"x")

    start = time.monotonic()
    with server(slowly) as (url, _), pytest.raises(Unknown, match="within 1 seconds"):
        client(total=1).request("POST", url, body=b"order")
    assert time.monotonic() - start < 5


def test_silence_after_accepting_is_unknown():
    with server(lambda connection: time.sleep(2)) as (url, received), pytest.raises(Unknown):
        client(total=0.5).request("POST", url, body=b"order")
    assert received


@pytest.mark.parametrize(
    "noise", [b"", b"\x00\x01garbage\r\n\r\n", b"HTTP/1.1 two hundred\r\n\r\n", b"HTTP/1.1 200 OK\r\nConte"]
)
def test_garbage_and_broken_lines_are_unknown(noise):
    with server(noise) as (url, _), pytest.raises(Unknown):
        client().request("POST", url, body=b"order")


def test_half_an_answer_is_unknown():
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") as (url, _), pytest.raises(Unknown):
        client().request("GET", url)


def test_nobody_there_is_not_sent():
    probe = socket.create_server(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    with pytest.raises(NotSent):
        client().request("POST", f"http://127.0.0.1:{port}", body=b"order")
    unknown = Client(lookup=lambda *a, **k: (_ for _ in ()).throw(socket.gaierror("no such name")))
    with pytest.raises(NotSent, match="no such name"):
        unknown.request("GET", "https://supplier.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://supplier.example", "ftp://supplier.example", "file:///etc/passwd", "https://", "//supplier.example", "",
        "https://user:pass@supplier.example", "https://supplier.example/a b", "https://supplier.example/\r\nX: 1",
        "https://supplier.example:99999", "https://[::1", "gopher://127.0.0.1:6379/_x",
    ],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused(url):
    with pytest.raises(Refused):
        Client().request("GET", url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0", "64:ff9b::a00:1",
     "2002:a00:1::", "::ffff:127.0.0.1", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_our_own_network_is_refused(address):
    """Also when the name answers with a good address first."""
    answers = [(None, None, None, None, (ip, 443)) for ip in ("93.184.216.34", address)]
    with pytest.raises(Refused, match="not on the internet"):
        Client(lookup=lambda *a, **k: answers).request("GET", "https://supplier.example")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_disguised_numbers_are_refused(host):
    with pytest.raises((Refused, NotSent)):
        Client(limits=Limits(connect=1, total=1)).request("GET", f"https://{host}")


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def greet(connection):
        with context.wrap_socket(connection, server_side=True) as safe:
            safe.sendall(reply())

    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _peer = listener.accept()
        with connection, suppress(OSError):
            greet(connection)

    threading.Thread(target=serve, daemon=True).start()
    with listener, pytest.raises(NotSent, match="certificate"):
        client().request("POST", f"https://localhost:{listener.getsockname()[1]}/", body=b"order")


def self_signed(folder):
    """A certificate for localhost that no authority has signed."""
    from cryptography import x509  # noqa: PLC0415 - only this test needs it
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime(2026, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_redirections_are_followed_and_checked():
    with server(reply(b'"here"')) as (there, _), server(reply(b"", "302 Found", f"Location: {there}/x")) as (url, _):
        assert client().request("GET", url).json() == "here"
    with server(reply(b"", "302 Found", "Location: http://10.0.0.1/admin")) as (url, _), pytest.raises(Refused):
        client().request("GET", url)
    with (
        server(*[reply(b"", "302 Found", "Location: /again")] * 9) as (url, _),
        pytest.raises(Unknown, match="More than"),
    ):
        client().request("GET", url)


def test_an_order_is_never_sent_on():
    moved = reply(b"", "307 Temporary Redirect", "Location: /v2")
    with server(moved) as (url, received), pytest.raises(Unknown, match="enter that address"):
        client().request("POST", url, body=b"order")
    assert len(received) == 1


def test_another_server_never_gets_the_key():
    with server(reply()) as (there, received), server(reply(b"", "302 Found", f"Location: {there}/x")) as (url, _):
        client().request("GET", url, {"Authorization": "Bearer secret", "X-Key": "secret", "Accept": "text/csv"})
    assert b"secret" not in received[0] and b"text/csv" in received[0]


def test_errors_keep_secrets():
    careful = Client(limits=Limits(connect=1, total=1), allowed=LOCAL, plain=True, secrets=("s3cret",))
    for url in ("http://127.0.0.1:1/?key=s3cret", "nonsense://s3cret", "https://s3cret.invalid/"):
        with pytest.raises((Refused, NotSent)) as caught:
            careful.request("GET", url)
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("value", ["a\r\nX: 1", "a\x00", "张三"])
def test_headers_cannot_be_split(value):
    with pytest.raises(Refused, match="header"):
        client().request("GET", "http://127.0.0.1:1", {"X-Name": value})
