"""A push any system can send: our own form, signed over time and body. Described in docs/tracking_push.md.

    X-Dropship-Signature: t=1772355900,v1=HEX       HEX = HMAC-SHA256(secret, "1772355900." + body)

The time is part of what is signed, so that a push somebody caught cannot be sent again later.
"""

import hashlib
import hmac
import time

from . import form as forms

KIND = "webhook"
BATCH = 1
PAUSE = 0
LIVES = False
HEADER = "x-dropship-signature"
PAST, FUTURE = 300, 60  # seconds the sender's clock may differ


def sign(body, secret, at=None):
    """The value of the header for a body.

    >>> sign(b"{}", "key", 1772355900)[:16]
    't=1772355900,v1='
    """
    at = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def verify(body, headers, form, secrets, now=None):
    """Whether one of the secrets made this signature, and lately."""
    text = headers.get(HEADER, "")
    if not secrets or not isinstance(text, str) or len(text) > 1000:
        return False
    pairs = [part.strip().partition("=")[::2] for part in text.split(",")]
    times = [value for name, value in pairs if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):
        return False
    at, now = int(times[0]), time.time() if now is None else now
    given = [value.encode("utf-8", "replace") for name, value in pairs if name == "v1"][:4]
    genuine = False
    for secret in filter(None, secrets):
        digest = hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest().encode()
        for value in given:
            genuine |= hmac.compare_digest(digest, value)
    return genuine and at - FUTURE <= now <= at + PAST


def read(body, headers, form):
    return forms.parcels(forms.loads(body))
