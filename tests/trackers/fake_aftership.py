"""AfterShip as its pages describe it: registrations one by one, lists by cursor."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from fakes import Fake, samples
from trackers.said import Watched

SECRET = "asat_CANARY_77c1"
PUSH_SECRET = "hook-CANARY-91aa"
OTHER_PUSH_SECRET = "hook-OTHER-55"
CASE_MATTERS = True
SAMPLES = samples("aftership")
PARCEL = Watched("tag-1", "00340434292135100186", carrier="dhl", country="DE")


class Server(Fake):
    """`page` items a page; `moving` takes the last item to the front after each page; `stuck` repeats one cursor."""

    def __init__(self):
        super().__init__()
        self.keys = {SECRET}
        self.list = []  # newest first
        self.rejects = {}
        self.page = 100
        self.moving = self.stuck = False
        self.old = set()  # numbers registered two months ago

    def answer(self, method, path, headers, body):
        if headers.get("as-api-key") not in self.keys:
            return 401, self.said(401, message=f"bad key {headers.get('as-api-key')}")
        parts = urlsplit(path)
        if method == "POST" and parts.path == "/trackings":
            return self.create(json.loads(body))
        if method == "GET" and parts.path == "/trackings":
            return self.listed({name: values[0] for name, values in parse_qs(parts.query).items()})
        return 404, self.said(404, message="no such thing")

    def said(self, code, data=None, message=""):
        return {"meta": {"code": code, "message": message}, "data": data or {}}

    def create(self, wanted):
        number, slug = wanted["tracking_number"], wanted.get("slug", "dhl")
        if number in self.rejects:
            code = self.rejects[number]
            return 400, self.said(code, message=f"refused {code} {SECRET}")
        if any((row["tracking_number"], row["slug"]) == (number, slug) for row in self.list):
            return 400, self.said(4003, {"tracking_number": number}, "Tracking already exists.")
        self.ledger[number, slug] += 1
        row = {
            "id": f"id{len(self.list):04d}", "tracking_number": number, "slug": slug, "active": True, "tag": "Pending",
            "updated_at": f"2026-03-01T00:00:{len(self.list) % 60:02d}+00:00", "checkpoints": [],
            "custom_fields": wanted.get("custom_fields"),
        }  # fmt: skip
        self.list.insert(0, row)
        return 201, self.said(201, row)

    def listed(self, query):
        since = query.get("created_at_min")
        since = datetime.fromisoformat(since) if since else datetime.now(timezone.utc) - timedelta(days=30)
        month = datetime.now(timezone.utc) - timedelta(days=60)
        numbers = query["tracking_numbers"].split(",") if "tracking_numbers" in query else None
        fitting = [
            row
            for row in self.list
            if (not numbers or row["tracking_number"] in numbers)
            and (row["tracking_number"] not in self.old or since < month)
        ]
        start = 0 if self.stuck else int(query.get("cursor", "0"))
        shown = fitting[start : start + self.page]
        more = self.stuck or start + self.page < len(fitting)
        if self.moving and more:
            self.list.insert(0, self.list.pop(self.list.index(fitting[-1])))
        pages = {"total": len(fitting), "has_next_page": more, "next_cursor": str(start + self.page) if more else ""}
        return 200, self.said(200, {"pagination": pages, "trackings": shown})

    def put(self, number, slug, sample="delivered"):
        row = next(row for row in self.list if (row["tracking_number"], row["slug"]) == (number, slug))
        row.update({
            name: value
            for name, value in SAMPLES[sample]["msg"].items()
            if name not in ("id", "tracking_number", "slug", "custom_fields")
        })  # fmt: skip

    def cost(self, parcel):
        return sum(count for (number, _slug), count in self.ledger.items() if number == parcel.number)


def push(content, secret=PUSH_SECRET):
    body = json.dumps(content).encode()
    return body, {"Content-Type": "application/json", "Aftership-Hmac-Sha256": signature(body, secret)}, {}


def signature(body, secret):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def signature_of(pushed):
    return pushed[1]["Aftership-Hmac-Sha256"]


def with_signature(pushed, text):
    body, headers, form = pushed
    headers = {name: value for name, value in headers.items() if name != "Aftership-Hmac-Sha256"}
    return body, headers if text is None else {**headers, "Aftership-Hmac-Sha256": text}, form


def reserialised(pushed):
    body, headers, form = pushed
    return json.dumps(json.loads(body), indent=1).encode(), headers, form
