"""The form of a supplier's application: typed text becomes values, or a code that says what is wrong with it."""

import re
import unicodedata
from datetime import date

RATES, CLOSURES = 8, 4
DRAFT, FINAL = "save", "submit"
CHANNELS = ("supplier", "factory", "agent")
WAYS = ("sheet", "link", "platform")
# field: longest text
TEXTS = {
    "name": 120, "registration": 60, "contact_name": 80, "phone": 40, "website": 120, "street": 160, "street2": 160,
    "zip": 20, "city": 80, "goods": 1000, "payment_terms": 200, "order_note": 500, "wh_name": 80, "wh_street": 160,
    "wh_zip": 20, "wh_city": 80, "return_name": 80, "return_street": 160, "return_zip": 20, "return_city": 80,
    "return_phone": 40, "bank_holder": 120, "bank_name": 120,
}  # fmt: skip
REQUIRED = ("name", "contact_name", "phone", "street", "city", "country_id", "goods", "wh_country_id", "currency_id")
LONG = ("goods", "order_note")
MAIL = re.compile(r"[^@\s<>\"']{1,64}@[^@\s<>\"']{1,190}\.[^@\s<>\"'.]{2,}")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:：.]([0-5]\d)")
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,4})?")


class Wrong(ValueError):
    """A field that cannot be taken: (field, code)."""

    def __init__(self, field, code):
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def plain(text, longest=160, lines=False):
    """What was typed, without what nobody can see; no longer than fits.

    >>> plain("  A\\u200b\\u202e<b> \\n B ", 20), plain(None), plain("a\\nb", lines=True)
    ('A<b> B', '', 'a\\nb')
    """
    text = unicodedata.normalize("NFC", text) if isinstance(text, str) else ""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    kept = "".join(one for one in text if one == "\n" or unicodedata.category(one)[0] != "C")
    rows = [" ".join(row.split()) for row in kept.split("\n")]
    return ("\n" if lines else " ").join(row for row in rows if row)[:longest].strip()


def number(field, text, most=1_000_000.0):
    """A figure; None where nothing is typed.

    >>> number("x", " 3,5 "), number("x", "")
    (3.5, None)
    >>> number("x", "-1")
    Traceback (most recent call last):
    joining.form.Wrong: x: number
    """
    text = unicodedata.normalize("NFKC", plain(text, 20)).replace(" ", "")
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Wrong(field, "number")
    value = float(text.replace(",", "."))
    if value > most:
        raise Wrong(field, "number")
    return value


def clock(field, text):
    """A time of day in hours; 0 where nothing is typed.

    >>> clock("x", "17:30"), clock("x", "9：15"), clock("x", "")
    (17.5, 9.25, 0.0)
    """
    text = plain(text, 8)
    if not text:
        return 0.0
    found = CLOCK.fullmatch(text)
    if not found:
        raise Wrong(field, "clock")
    return int(found[1]) + int(found[2]) / 60


def day(field, text):
    """A date as browsers send it; None where nothing is typed.

    >>> day("x", "2027-02-05")
    datetime.date(2027, 2, 5)
    """
    text = plain(text, 10)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Wrong(field, "date") from error


def record(field, text):
    """The id of a choice; None where nothing is chosen."""
    text = plain(text, 12)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise Wrong(field, "choice")
    return int(text)


def mail(text):
    """A mail address in small letters, or "".

    >>> mail(" Li@Factory.example "), mail("li@x"), mail("a@b.cn\\nBcc: c@d.cn"), mail("<li@x.cn>")
    ('li@factory.example', '', '', '')
    """
    if not isinstance(text, str) or "\n" in text or "\r" in text:
        return ""
    text = plain(text, 254).lower()
    return text if MAIL.fullmatch(text) else ""


def account(text):
    """A bank account without blanks; an IBAN must add up.

    >>> account("DE89 3704 0044 0532 0130 00"), account("6222 0212 3456 7890 123"), account("")
    ('DE89370400440532013000', '6222021234567890123', '')
    >>> account("DE88 3704 0044 0532 0130 00")
    Traceback (most recent call last):
    joining.form.Wrong: bank_account: account
    """
    text = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", plain(text, 60))).upper()
    if not text:
        return ""
    if not re.fullmatch(r"[A-Z0-9]{5,34}", text):
        raise Wrong("bank_account", "account")
    if re.match(r"[A-Z]{2}\d{2}[A-Z0-9]{10}", text) and not _adds_up(text):
        raise Wrong("bank_account", "account")
    return text


def _adds_up(iban):
    digits = "".join(str(int(one, 36)) for one in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def masked(text):
    """What may be shown of an account.

    >>> masked("DE89370400440532013000"), masked("12345"), masked("")
    ('•••• 3000', '•••• 45', '')
    """
    return f"•••• {text[-4:] if len(text) > 8 else text[-2:]}" if text else ""


def bic(text):
    """A BIC, or "".

    >>> bic("cobadeffxxx"), bic("")
    ('COBADEFFXXX', '')
    """
    text = plain(text, 20).replace(" ", "").upper()
    if text and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", text):
        raise Wrong("bank_bic", "bic")
    return text


def read(data, final=False):
    """The values of the form.

    :param final: handed in, so nothing needed may be missing; kept for later otherwise
    :return: (values, rates, closures, bank account or "", [(field, code), …])
    """
    values, wrong = {}, []

    def take(name, reader, *arguments):
        try:
            values[name] = reader(*arguments)
        except Wrong as error:
            wrong.append((error.field, error.code))

    for name, longest in TEXTS.items():
        values[name] = plain(data.get(name), longest, name in LONG)
    for name in ("country_id", "state_id", "wh_country_id", "wh_state_id", "return_country_id", "currency_id"):
        take(name, record, name, data.get(name))
    take("cut_off", clock, "cut_off", data.get("cut_off"))
    take("handling_days", number, "handling_days", data.get("handling_days"), 60.0)
    take("bank_bic", bic, data.get("bank_bic"))
    take("bank_account", account, data.get("bank_account"))
    values["channel_type"] = data.get("channel_type") if data.get("channel_type") in CHANNELS else "supplier"
    values["order_way"] = data.get("order_way") if data.get("order_way") in WAYS else "sheet"
    values["tz"] = plain(data.get("tz"), 40)
    if values["website"] and not re.fullmatch(r"(https?://)?[^\s/:@<>\"']+\.[^\s@<>\"']+", values["website"]):
        wrong.append(("website", "website"))
    rates, bad = _rows(data, RATES, _rate)
    closures, more = _rows(data, CLOSURES, _closure)
    wrong += bad + more
    if final:
        wrong += [(name, "missing") for name in REQUIRED if not values.get(name) and name not in dict(wrong)]
    number_of_account = values.pop("bank_account", "") or ""
    return values, rates, closures, number_of_account, wrong


def _rows(data, most, reader):
    rows, wrong = [], []
    for place in range(most):
        try:
            row = reader(data, place)
        except Wrong as error:
            wrong.append((error.field, error.code))
        else:
            rows += [row] if row else []
    return rows, wrong


def _rate(data, place):
    """A row of freight; None where it is empty.

    >>> _rate({"rate_country_0": "57", "rate_price_0": "6.5", "rate_days_0": "8", "rate_late_0": "14"}, 0)["days_p95"]
    14.0
    >>> _rate({"rate_price_0": "6.5"}, 0)
    Traceback (most recent call last):
    joining.form.Wrong: rate_country_0: missing
    """
    names = {"country": f"rate_country_{place}", "price": f"rate_price_{place}", "first": f"rate_first_{place}",
             "step": f"rate_step_{place}", "more": f"rate_more_{place}", "days": f"rate_days_{place}",
             "late": f"rate_late_{place}"}  # fmt: skip
    country = record(names["country"], data.get(names["country"]))
    figures = {key: number(name, data.get(name)) for key, name in names.items() if key != "country"}
    if not country and not any(value is not None for value in figures.values()):
        return None
    if not country:
        raise Wrong(names["country"], "missing")
    if figures["price"] is None:
        raise Wrong(names["price"], "missing")
    if figures["more"] and not figures["step"]:
        raise Wrong(names["step"], "missing")
    soon = figures["days"] or 0.0
    late = soon if figures["late"] is None else figures["late"]
    if late < soon:
        raise Wrong(names["late"], "order")
    return {
        "country_id": country, "first_weight": figures["first"] or 0.0, "first_price": figures["price"],
        "step_weight": figures["step"] or 0.0, "step_price": figures["more"] or 0.0, "days_p50": soon,
        "days_p95": late,
    }  # fmt: skip


def _closure(data, place):
    """A row of closed days; None where it is empty.

    >>> _closure({"closed_from_0": "2027-02-05", "closed_to_0": "2027-02-20", "closed_name_0": "春节"}, 0)["name"]
    '春节'
    """
    first = day(f"closed_from_{place}", data.get(f"closed_from_{place}"))
    last = day(f"closed_to_{place}", data.get(f"closed_to_{place}"))
    name = plain(data.get(f"closed_name_{place}"), 60)
    if not first and not last:
        return None
    if not first or not last:
        raise Wrong(f"closed_from_{place}" if not first else f"closed_to_{place}", "missing")
    if last < first:
        raise Wrong(f"closed_to_{place}", "order")
    return {"name": name, "date_from": first, "date_to": last}
