"""A bank account is kept sealed until somebody decides: who reads the table, a backup of it or a log learns nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


def _box(secret):
    key = hashlib.sha256(b"dropship.supplier.application:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret, text):
    """The text, sealed with a secret.

    >>> opened("s", seal("s", "DE89")), seal("s", ""), opened("other", seal("s", "DE89"))
    ('DE89', '', '')
    """
    return _box(secret).encrypt(text.encode()).decode() if text else ""


def opened(secret, sealed):
    """The text again; "" when it was sealed with another secret or is none."""
    try:
        return _box(secret).decrypt(sealed.encode()).decode() if sealed else ""
    except (InvalidToken, ValueError):
        return ""
