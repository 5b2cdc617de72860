"""17TRACK as its pages describe it."""

import hashlib
import json

from fakes import Fake, samples
from trackers.said import Watched

SECRET = "17-CANARY-5d2e8f"
PUSH_SECRET = SECRET
OTHER_PUSH_SECRET = "17-OTHER-a1b2c3"
CASE_MATTERS = True
SAMPLES = samples("17track")
PARCEL = Watched("tag-1", "YT9693083639795", carrier="yto", country="CN")


class Server(Fake):
    """`keys` are accepted (two while one is changed); `rejects` are numbers it does not take, with the reason."""

    def __init__(self):
        super().__init__()
        self.keys = {SECRET}
        self.known = {}  # (number, carrier): tag
        self.info = {}  # (number, carrier): track_info
        self.rejects = {}
        self.guessed = set()  # numbers whose carrier is a guess
        self.left = 1000
        self.stopped = set()

    def answer(self, method, path, headers, body):
        if method != "POST":
            return 404, {"code": -18010003, "data": {"errors": [{"code": -18010003, "message": "POST only"}]}}
        if headers.get("17token") not in self.keys:
            text = f"wrong token {headers.get('17token')}"
            return 401, {"code": -18010002, "data": {"errors": [{"code": -18010002, "message": text}]}}
        items = json.loads(body)
        if len(items) > 40:
            return 200, {"code": -18010014, "data": {"errors": [{"code": -18010014, "message": "40 at most"}]}}
        verb = path.rsplit("/", 1)[-1]
        if verb == "getquota":
            return 200, {"code": 0, "data": {"quota_total": 1000, "quota_remain": self.left}}
        data = {"accepted": [], "rejected": []}
        for item in items:
            getattr(self, f"do_{verb}")(item, data)
        return 200, {"code": 0, "data": data}

    def refuse(self, data, item, code, message=""):
        message = message or f"refused {code} for {SECRET}"
        data["rejected"].append({"number": item["number"], "error": {"code": code, "message": message}})

    def do_register(self, item, data):
        number, carrier = item["number"], item.get("carrier", 0)
        if number in self.rejects:
            return self.refuse(data, item, self.rejects[number])
        origin = 1 if carrier else 3 if number in self.guessed else 2
        carrier = carrier or 3011
        if (number, carrier) in self.known:
            return self.refuse(data, item, -18019901, "already registered")
        if not self.left:
            return self.refuse(data, item, -18019908)
        self.left -= 1
        self.ledger[number, carrier] += 1
        self.known[number, carrier] = item.get("tag")
        data["accepted"].append({"origin": origin, "number": number, "carrier": carrier, "tag": item.get("tag")})

    def found(self, item):
        number, carrier = item["number"], item.get("carrier", 0)
        return [key for key in self.known if key[0] == number and carrier in (0, key[1])]

    def do_gettrackinfo(self, item, data):
        keys = self.found(item)
        if not keys:
            return self.refuse(data, item, -18019902, "not registered")
        if keys[0] not in self.info:
            return self.refuse(data, item, -18019909, "no information yet")
        number, carrier = keys[0]
        row = {"number": number, "carrier": carrier, "tag": self.known[keys[0]], "track_info": self.info[keys[0]]}
        data["accepted"].append(row)

    def do_stoptrack(self, item, data):
        for key in self.found(item) or [self.refuse(data, item, -18019902)]:
            self.stopped.add(key)

    def put(self, number, carrier, sample="delivered"):
        self.info[number, carrier] = SAMPLES[sample]["data"]["track_info"]

    def cost(self, parcel):
        return sum(count for (number, _carrier), count in self.ledger.items() if number == parcel.number)


def push(content, secret=PUSH_SECRET):
    """
    :return: (body, headers, form) of a genuine push
    """
    body = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    return body, {"Content-Type": "application/json", "Sign": signature(body, secret)}, {}


def signature(body, secret):
    return hashlib.sha256(b"%s/%s" % (body, secret.encode())).hexdigest()


def signature_of(pushed):
    return pushed[1]["Sign"]


def with_signature(pushed, text):
    body, headers, form = pushed
    headers = {name: value for name, value in headers.items() if name != "Sign"}
    return body, headers if text is None else {**headers, "Sign": text}, form


def reserialised(pushed):
    body, headers, form = pushed
    return json.dumps(json.loads(body), indent=1).encode(), headers, form
