"""A system that pushes in our own form."""

import hashlib
import hmac
import json
import time

PUSH_SECRET = "webhook-CANARY-c4"
OTHER_PUSH_SECRET = "webhook-OTHER-9e"
CASE_MATTERS = True
HEADER = "x-dropship-signature"
SAMPLES = {
    "delivered": {
        "number": "JD0012345678",
        "carrier": "jd",
        "events": [
            {"time": "2026-03-05T17:12:30+08:00", "code": "picked_up", "text": "已揽收", "place": "深圳"},
            {"time": "2026-03-08T11:02:00+08:00", "code": "delivered", "detail": "signed", "place": "杭州"},
        ],
        "weight": 0.4,
        "expected": "2026-03-09",
    },
    "several": {
        "parcels": [
            {"number": "A1", "events": [{"time": "2026-03-05 10:00", "code": "in_transit"}]},
            {"number": "A2", "new_carrier": "gls", "stopped": True, "events": []},
        ]
    },
}


def push(content, secret=PUSH_SECRET):
    body = json.dumps(content).encode()
    return body, {"content-type": "application/json", HEADER: signature(body, secret)}, {}


def signature(body, secret):
    at = int(time.time())
    return f"t={at},v1={hmac.new(secret.encode(), b'%d.' % at + body, hashlib.sha256).hexdigest()}"


def signature_of(pushed):
    return pushed[1][HEADER]


def with_signature(pushed, text):
    body, headers, form = pushed
    headers = {name: value for name, value in headers.items() if name != HEADER}
    return body, headers if text is None else {**headers, HEADER: text}, form


def reserialised(pushed):
    body, headers, form = pushed
    return json.dumps(json.loads(body), indent=1).encode(), headers, form
