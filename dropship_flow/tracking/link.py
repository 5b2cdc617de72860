"""The link to the tracking page of one order: short enough for a text message, signed, and of no other use.

    <order, base 36>-<26 letters of its signature>

Nothing is stored for it: the signature covers the order and a serial, and another serial ends every link made before.
"""

import base64
import hashlib
import hmac
import re

SHAPE = re.compile(r"([0-9a-z]{1,12})-([a-z2-7]{26})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def make(secret, order_id, serial):
    """The token of an order.

    >>> make("secret", 1234, 0)
    'ya-kvajidpqe5wiot4qk6fby7mawf'
    >>> make("secret", 1234, 0) == make("secret", 1234, 1), make("secret", 1234, 0) == make("other", 1234, 0)
    (False, False)
    """
    return f"{_base36(order_id)}-{_sign(secret, order_id, serial)}"


def order_of(token):
    """The order a token claims to be of; None for whatever cannot be a token.

    >>> order_of(make("secret", 1234, 0))
    1234
    >>> [order_of(text) for text in (None, "", "ya", "ya-", "YA-" + "a" * 26, "ya-" + "a" * 27, "ya-" + "١" * 26)]
    [None, None, None, None, None, None, None]
    >>> order_of("zzzzzzzzzzzz-" + "a" * 26)  # no database has so many

    """
    found = SHAPE.fullmatch(token) if isinstance(token, str) else None
    number = int(found[1], 36) if found else 0
    return number if 0 < number < 2**31 else None


def genuine(token, secret, order_id, serial):
    """Whether we made the token for this order, and did not take it back since.

    >>> genuine(make("secret", 7, 0), "secret", 7, 0), genuine(make("secret", 7, 0), "secret", 7, 1)
    (True, False)
    >>> genuine("07" + make("secret", 7, 0)[1:], "secret", 7, 0)
    False
    """
    return hmac.compare_digest(token.encode(), make(secret, order_id, serial).encode())


def _sign(secret, order_id, serial):
    text = repr(("dropship.track", order_id, serial)).encode()
    digest = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:26]


def _base36(number):
    letters = ""
    while number:
        number, rest = divmod(number, 36)
        letters = _DIGITS[rest] + letters
    return letters or "0"
