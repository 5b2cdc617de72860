"""One way out to the web, with guards: where to, how big, how long, and what is known when it fails.

The caller has to know one thing above all after a failure: can the other side have acted? `NotSent` says no, so the
message may simply be sent again. `Unknown` says perhaps: ask the other side by our reference, or let a person decide.
"""

import contextlib
import json
import socket
import ssl
import threading
import time
import zlib
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.util import Timeout

from .addresses import resolve

HIDDEN = "***"
REDIRECTS = (301, 302, 303, 307, 308)


class CallError(Exception):
    """A call that brought no answer. The text never contains a secret of the call."""


class Refused(CallError):
    """Our own guard said no; nothing left this machine. Trying again is of no use."""


class NotSent(CallError):
    """The other side was not reached; it cannot have acted."""


class Unknown(CallError):
    """The message went out, and no whole answer came back: the other side may have acted."""


class TooBig(Unknown):
    """The answer is larger than allowed; the rest was not read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one call may take: seconds to connect, seconds in all, bytes of the answer, steps of redirection."""

    connect: float = 5.0
    total: float = 30.0
    size: int = 10 * 2**20
    redirects: int = 3


@dataclass(slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: dict
    body: bytes
    url: str
    seconds: float = 0.0

    @property
    def ok(self):
        return 200 <= self.status < 300

    def json(self):
        """The body as data.

        :raise ValueError: it is no JSON, or holds NaN or Infinity
        """

        def refuse(word):
            raise ValueError(f"{word} is no number")

        return json.loads(self.body.decode("utf-8-sig"), parse_constant=refuse)

    def retry_after(self, now=None, most=3600.0):
        """Seconds the other side asks us to wait, between one and `most`; None when it does not say or says nonsense.

        >>> Answer(429, {"retry-after": "120"}, b"", "").retry_after()
        120.0
        >>> Answer(429, {"retry-after": "999999"}, b"", "").retry_after()
        3600.0
        >>> Answer(429, {"retry-after": "soon"}, b"", "").retry_after() is None
        True
        >>> Answer(503, {"retry-after": "Thu, 01 Jan 1970 00:02:00 GMT"}, b"", "").retry_after(now=60.0)
        60.0
        """
        text = self.headers.get("retry-after", "").strip()
        if not text:
            return None
        if text.isascii() and text.isdigit():
            wait = float(text[:9])
        else:
            try:
                wait = parsedate_to_datetime(text).timestamp() - (time.time() if now is None else now)
            except (TypeError, ValueError, IndexError, OverflowError):
                return None
        return min(max(wait, 1.0), most)


@dataclass(slots=True)
class Client:
    """Calls one foreign system.

    :param allowed: networks that may be called although they are private, e.g. ("127.0.0.0/8",) for a simulator
    :param plain: whether http:// is allowed; secrets then travel in the open
    :param secrets: texts that must never appear in an error
    """

    limits: Limits = field(default_factory=Limits)
    allowed: tuple = ()
    plain: bool = False
    secrets: tuple = ()
    lookup: object = socket.getaddrinfo

    def request(self, method, url, headers=None, body=b"", data=None, into=None):
        """Send one request and read the whole answer.

        :param data: sent as JSON in place of `body`
        :param into: a binary file the body of a 200 is written to while it comes; it is not kept in the answer. After
            an error the file holds part of it and is of no use.
        :return: Answer, also for 4xx and 5xx
        :raise Refused, NotSent, Unknown, TooBig: see there
        """
        headers = {"Accept-Encoding": "gzip, deflate", "User-Agent": "DropshipFlow/19", **(headers or {})}
        if data is not None:
            body = json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        for name, value in headers.items():
            if any(ord(sign) < 32 or ord(sign) == 127 for sign in f"{name}{value}") or not str(value).isascii():
                raise Refused(self._clean(f"The header {name} has signs a header cannot have."))
        start = time.monotonic()
        end = start + self.limits.total
        first, _port = self._checked(url)
        for _step in range(self.limits.redirects + 1):
            answer = self._once(method, url, headers, body, end, into)
            target = answer.headers.get("location")
            if answer.status not in REDIRECTS or not target:
                answer.seconds = time.monotonic() - start
                return answer
            url = urljoin(url, target)
            if method not in ("GET", "HEAD"):
                # Following would repeat an order at an address nobody typed in.
                raise Unknown(self._clean(f"The server sends a {method} on to {url}: enter that address instead."))
            headers = self._without_secrets(headers, first, urlsplit(url))
        raise Unknown(self._clean(f"More than {self.limits.redirects} redirections, the last to {url}."))

    def _without_secrets(self, headers, first, target):
        """What is only for the first server does not travel to another one."""
        if (first.scheme, first.hostname, first.port) == (target.scheme, target.hostname, target.port):
            return headers
        kept = {"accept", "accept-encoding", "user-agent", "content-type"}
        return {name: value for name, value in headers.items() if name.lower() in kept}

    def _once(self, method, url, headers, body, end, into=None):
        parts, port = self._checked(url)
        try:
            addresses = resolve(parts.hostname, port, self.allowed, self.lookup)
        except PermissionError as error:
            raise Refused(self._clean(f"{parts.hostname} leads to {error}, which is not on the internet.")) from None
        except (OSError, UnicodeError) as error:
            raise NotSent(self._clean(f"{parts.hostname} is not known: {error}")) from None
        problem = None
        for address in addresses[:3]:
            with self._pool(parts, address, port, end) as pool:
                try:
                    connection = self._connected(pool)
                except (urllib3.exceptions.HTTPError, OSError, ssl.SSLError) as error:
                    problem = error
                    continue
                with contextlib.closing(connection), _Watch(connection, end - time.monotonic()) as watch:
                    return self._talk(connection, method, parts, url, headers, body, watch, into)
        raise NotSent(self._clean(f"{parts.hostname} cannot be reached: {problem}")) from None

    def _checked(self, url):
        """The parts of an address and its port, or a refusal."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
        except ValueError as error:
            raise Refused(self._clean(f"{url} is no web address: {error}")) from None
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise Refused(self._clean(f"{url} is no web address: it begins with https://"))
        if parts.scheme == "http" and not self.plain:
            raise Refused(self._clean(f"{url} is not encrypted: use https://"))
        if parts.username or parts.password:
            raise Refused("A password belongs in the connection's own fields, not in its address.")
        if any(ord(sign) < 33 or ord(sign) == 127 for sign in url):
            raise Refused(self._clean(f"{url!r} contains signs an address cannot have."))
        return parts, port

    def _pool(self, parts, address, port, end):
        """One connection to a checked address: the name is not asked again, so it cannot change in between."""
        left = max(0.1, end - time.monotonic())
        timeout = Timeout(connect=min(self.limits.connect, left), read=left)
        if parts.scheme == "http":
            return urllib3.HTTPConnectionPool(address, port, timeout=timeout, retries=False, maxsize=1)
        return urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            retries=False,
            maxsize=1,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )

    def _connected(self, pool):
        connection = pool._new_conn()
        connection.timeout = pool.timeout.connect_timeout
        connection.connect()
        connection.sock.settimeout(pool.timeout.read_timeout)
        return connection

    def _talk(self, connection, method, parts, url, headers, body, watch, into=None):
        """Send, and read with the guards on. From here on nobody knows what the other side did until it answers."""
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
            default = {"https": 443, "http": 80}[parts.scheme]
            host = host if parts.port in (None, default) else f"{host}:{parts.port}"
            connection.request(
                method, target, body=body or None, headers={"Host": host, **headers}, preload_content=False
            )
            response = connection.getresponse()
            if response._original_response.msg.defects:
                raise HTTPException("the answer breaks off in its headers")
            found = {name.lower(): value for name, value in response.headers.items()}
            content = self._read(response, found, into if response.status == 200 else None)
        except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError, zlib.error) as error:
            reason = f"no answer within {self.limits.total:g} seconds" if watch.fired else error
            raise Unknown(self._clean(f"{parts.hostname}: {reason}")) from None
        if watch.fired:
            raise Unknown(self._clean(f"{parts.hostname}: no answer within {self.limits.total:g} seconds"))
        return Answer(response.status, found, content, url)

    def _read(self, response, headers, into=None):
        """The unpacked body, at most `limits.size` bytes, packed or not."""
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self.limits.size:
            raise TooBig(f"The answer has {announced} bytes, {self.limits.size} are allowed.")
        content, size = bytearray(), 0
        for part in response.stream(2**16, decode_content=True):
            size += len(part)
            if size > self.limits.size:
                raise TooBig(f"The answer has more than {self.limits.size} bytes.")
            if into:
                into.write(part)
            else:
                content += part
        return bytes(content)

    def _clean(self, text):
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, HIDDEN)
        return text


class _Watch:
    """Ends a connection when its time is over, however slowly the other side keeps talking."""

    def __init__(self, connection, seconds):
        self.connection = connection
        self.fired = False
        self.timer = threading.Timer(max(0.05, seconds), self._end)
        self.timer.daemon = True

    def _end(self):
        self.fired = True
        with contextlib.suppress(OSError, AttributeError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        self.timer.start()
        return self

    def __exit__(self, *_exc):
        self.timer.cancel()
