"""What a supplier's reply says about a return or a claim, in the few words the mail itself explains.

    APPROVE                         it may come back
    ADDRESS Yard 4, 322000 Yiwu     where to; without it: the address we know
    REFUSE it was used              it may not · the claim is not granted
    RECEIVED SKU 2                  so many came
    CHECKED SKU 2 damaged           so many, in this condition
    ACCEPT                          (claims) all of it
    PART 20.50                      (claims) so much of it

One command a line, before anything else but a greeting. Whatever is said beyond that is for a person.
"""

import re
import unicodedata

from odoo.addons.dropship_flow.connectors.email_reply import CLOSING, GREETING, Reply, number

from .replies import CONDITIONS

RETURN_WORDS = {
    "approve": ("approve", "approved", "ok", "yes", "同意", "同意退货", "可以退"),
    "address": ("address", "地址", "退货地址"),
    "refuse": ("refuse", "refused", "reject", "rejected", "拒绝", "不同意"),
    "count": ("received", "收到", "已收到"),
    "check": ("checked", "inspected", "验货", "已验"),
}
CLAIM_WORDS = {
    "accept": ("accept", "accepted", "ok", "yes", "同意", "同意赔付", "接受"),
    "part": ("part", "partly", "部分", "部分赔付"),
    "refuse": ("refuse", "refused", "reject", "rejected", "拒绝", "不同意"),
}
CONDITION_WORDS = {
    "as_new": ("new", "as_new", "全新", "完好"),
    "opened": ("opened", "拆封", "已拆封"),
    "used": ("used", "使用过", "用过"),
    "damaged": ("damaged", "broken", "defective", "破损", "损坏", "质量问题"),
    "missing_parts": ("incomplete", "missing_parts", "缺件", "配件缺失"),
    "wrong_item": ("wrong", "wrong_item", "错货"),
    "not_ours": ("not_ours", "不是我们的"),
}
_CONDITIONS = {word: code for code, words in CONDITION_WORDS.items() for word in words}


class _Unclear(Exception):
    """(code, detail)"""


def parse_return(text, lines):
    """The answer to a return.

    :param str text: what is new in the mail
    :param list lines: of the return as he knows it: [{"line", "sku", "qty"}]
    :return: Reply; the answer lacks `ref`

    >>> parse_return("APPROVE\\nADDRESS Yard 4, Yiwu", []).answer["address"]
    {'street': 'Yard 4, Yiwu'}
    >>> parse_return("CHECKED A 2 damaged", [{"line": "1", "sku": "A", "qty": 2}]).answer["lines"][0]["condition"]
    'damaged'
    >>> parse_return("同意", []).answer["answer"], parse_return("We will see", []).why
    ('approved', 'no_words')
    """
    return _reply(text, RETURN_WORDS, lambda found: _return_of(found, lines))


def parse_claim(text):
    """The answer to a claim: Reply, the answer lacks `ref`.

    >>> parse_claim("PART 20.50 EUR").answer["amount"], parse_claim("拒绝 不是我们的问题").answer["answer"]
    (20.5, 'refused')
    >>> parse_claim("ACCEPT\\nPART 3").why
    'contradiction'
    """
    return _reply(text, CLAIM_WORDS, _claim_of)


def _reply(text, verbs, read):
    words = {word: verb for verb, names in verbs.items() for word in names}
    try:
        commands, remark = _commands(text, words)
        if not commands:
            return Reply(None, "no_words")
        answer = read(commands)
    except _Unclear as error:
        return Reply(None, *error.args)
    return Reply(answer, "remark", remark) if remark else Reply(answer)


def _commands(text, words):
    """([(verb, rest of the line)], what else is said)"""
    commands, remark, over = [], "", False
    for raw in text.split("\n"):
        line = unicodedata.normalize("NFKC", raw).strip().strip("*•·").strip()
        if not line:
            continue
        verb, rest = _verb(line, words)
        if verb and over:
            raise _Unclear("after_end", line[:80])
        if verb:
            commands.append((verb, rest))
        elif CLOSING.match(line):
            over = True
        elif not over and not (GREETING.match(line) and not commands) and not remark:
            remark = line[:200]
    if len(commands) > 200:
        raise _Unclear("too_long", "")
    return commands, remark


def _verb(line, words):
    first, _blank, rest = line.partition(" ")
    name = first.lower().rstrip(":,.!。")
    if name in words:
        return words[name], rest.strip(" :,")
    for word in sorted(words, key=len, reverse=True):  # Chinese needs no space after a word
        if not word.isascii() and line.startswith(word):
            return words[word], line[len(word) :].strip(" :,。")
    return "", ""


def _return_of(commands, lines):
    verbs = [verb for verb, _rest in commands]
    answer = {"about": "return", "lines": [], "address": {}, "reason": ""}
    for verb, rest in commands:
        if verb in ("count", "check"):
            answer["lines"].append(_goods(verb, rest, lines))
        elif verb == "address":
            if not rest:
                raise _Unclear("not_understood", verb)
            answer["address"] = {"street": rest[:200]}
        else:
            answer["reason"] = rest
    kinds = {verb for verb in verbs if verb != "address"}
    if len(kinds) != 1 or (kinds & {"approve", "refuse"} and len(verbs) - verbs.count("address") > 1):
        raise _Unclear("contradiction", "")
    (kind,) = kinds
    if kind == "refuse" and not answer["reason"]:
        raise _Unclear("not_understood", "REFUSE")
    if kind == "approve" and answer["reason"]:
        answer["note"], answer["reason"] = answer["reason"], ""
    words = {"approve": "approved", "refuse": "refused", "count": "counted", "check": "inspected"}
    return {**answer, "answer": words[kind]}


def _goods(verb, rest, lines):
    words = [word for word in re.split(r"[\s,;]+", rest) if word]
    condition = ""
    if verb == "check":
        condition = _CONDITIONS.get(words.pop().lower() if words else "", "")
        if condition not in CONDITIONS:
            raise _Unclear("not_understood", rest[:80])
    quantity = number(words.pop()) if words else None
    if quantity is None:
        raise _Unclear("no_number", rest[:80])
    said = " ".join(words).casefold()
    for line in lines:
        if " ".join(line["sku"].split()).casefold() == said or (not said and len(lines) == 1):
            return {"line": line["line"], "sku": line["sku"], "qty": quantity, "condition": condition}
    raise _Unclear("no_sku", rest[:80])


def _claim_of(commands):
    if len(commands) > 1:
        raise _Unclear("contradiction", "")
    ((verb, rest),) = commands
    if verb == "part":
        amount, currency = _money(rest)
        return {"about": "claim", "answer": "partly", "amount": amount, "currency": currency}
    if verb == "refuse":
        if not rest:
            raise _Unclear("not_understood", "REFUSE")
        return {"about": "claim", "answer": "refused", "reason": rest}
    if rest:  # an amount after "accept" may be another than ours
        amount, currency = _money(rest)
        return {"about": "claim", "answer": "accepted", "amount": amount, "currency": currency}
    return {"about": "claim", "answer": "accepted"}


def _money(rest):
    words = rest.split()
    currency = next((word.upper() for word in words if re.fullmatch(r"[A-Za-z]{3}", word)), "")
    figures = [number(word) for word in words if word.upper() != currency or not currency]
    if len(figures) != 1 or figures[0] is None:
        raise _Unclear("no_number", rest[:80])
    return figures[0], currency
