"""Kuaidi100 as its pages describe it: forms with signed JSON, pushes with a salt, and a lock on hasty questions."""

import hashlib
import json
from urllib.parse import parse_qs, urlencode

from fakes import Fake, samples
from trackers.said import Watched

PUSH_SECRET = "salt-CANARY-e0"
OTHER_PUSH_SECRET = "salt-OTHER-b7"
SECRET = {
    "key": "kdkey-CANARY-41",
    "customer": "CUSTOMER-CANARY-8A",
    "salt": PUSH_SECRET,
    "push": "https://shop.example/dropship/track/push/TOKEN-CANARY-33",
}
CASE_MATTERS = False  # MD5 in hex; the service writes it in upper case here, in lower case there
SAMPLES = samples("kuaidi100")
PARCEL = Watched("tag-1", "YT9693083639795", carrier="yto", country="CN")


class Server(Fake):
    def __init__(self):
        super().__init__()
        self.keys = {SECRET["key"]}
        self.known = {}  # (number, com): parameters
        self.info = {}  # (number, com): lastResult
        self.rejects = {}
        self.phones = {}  # number: last four digits its carrier asks for
        self.asked = {}  # (number, com): when
        self.now = 0
        self.locked = set()

    def answer(self, method, path, headers, body):
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if method != "POST" or "param" not in form:
            return 200, self.no("400", "参数错误")
        return 200, (self.query if path == "/poll/query.do" else self.subscribe)(form, json.loads(form["param"]))

    def no(self, code, message):
        return {"result": False, "returnCode": code, "message": message}

    def subscribe(self, form, param):
        number, com, more = param["number"], param["company"], param["parameters"]
        if param["key"] not in self.keys:
            return self.no("600", f"您不是合法的订阅者 {param['key']}")
        if number in self.rejects:
            return self.no(self.rejects[number], f"拒绝 {param['key']} {more['salt']}")
        if com in ("shunfeng", "zhongtong") and len(more.get("phone", "")) < 4:
            return self.no("408", "验证码错误")
        if not com and more.get("autoCom") != "1":
            return self.no("700", "不支持")
        if (number, com) in self.known:
            return self.no("501", "POLL:重复订阅")
        self.ledger[number, com] += 1
        self.known[number, com] = more
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    def query(self, form, param):
        keys = [key for key in self.keys if self.signed(form["param"], key) == form.get("sign")]
        if not keys or form.get("customer") != SECRET["customer"]:
            return self.no("503", f"验证签名失败 {form.get('customer')}")
        name = param["num"], param["com"]
        if name in self.asked and self.now - self.asked[name] < 1800:
            self.locked.add(name)
        self.asked[name] = self.now
        if name in self.locked:
            return self.no("500", "查询过于频繁，已锁单")
        if param["num"] in self.rejects:
            return self.no(self.rejects[param["num"]], f"失败 {form['customer']}")
        if param.get("phone", "") != self.phones.get(param["num"], param.get("phone", "")):
            return self.no("408", "验证码错误")
        if name not in self.info:
            return self.no("500", "查询无结果，请隔段时间再查")
        return {"message": "ok", "status": "200", "ischeck": "0", **self.info[name], "nu": name[0], "com": name[1]}

    def signed(self, param, key):
        return hashlib.md5(f"{param}{key}{SECRET['customer']}".encode()).hexdigest().upper()

    def put(self, number, com, sample="delivered"):
        self.info[number, com] = SAMPLES[sample]["lastResult"]

    def cost(self, parcel):
        return sum(count for (number, _com), count in self.ledger.items() if number == parcel.number)


def push(content, secret=PUSH_SECRET):
    param = json.dumps(content)
    form = {"param": param, "sign": signature(param, secret)}
    body = urlencode(form).encode() if len(param) < 100_000 else b""  # who took the form apart has no use for it
    return body, {"Content-Type": "application/x-www-form-urlencoded"}, form


def signature(param, secret):
    return hashlib.md5(f"{param}{secret}".encode()).hexdigest().upper()


def signature_of(pushed):
    return pushed[2]["sign"]


def with_signature(pushed, text):
    _body, headers, form = pushed
    form = {name: value for name, value in form.items() if name != "sign"}
    form = form if text is None else {**form, "sign": text}
    return urlencode(form, errors="surrogatepass").encode(), headers, form


def reserialised(pushed):
    _body, headers, form = pushed
    form = {**form, "param": json.dumps(json.loads(form["param"]), indent=1)}
    return urlencode(form).encode(), headers, form
