"""Texts made from templates: placeholders in braces, parts in brackets that fall away when something is empty."""

import hashlib
import html
import re

PLACEHOLDERS = ("name", "brand", "category", "attributes", "description", "price", "shop", "delivery")
_NAME = re.compile(r"\{(\w*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<\s*(?:/\s*(?:p|div|li|tr|h\d|ul|ol|table)|br\s*/?)\s*>", re.I)
_DEAD = re.compile(r"<\s*(script|style|iframe|object|head)\b.*?(?:<\s*/\s*\1\s*>|$)", re.I | re.S)
# Ways to reach whoever wrote the text. A customer buys from the shop, and must not learn where the shop buys.
_CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]+@[\w-]+\.\w|微信|薇信|QQ|旺旺|WeChat|WhatsApp|Telegram|Skype|批发|代发|代理加盟"
    r"|(?:\+?\d[\s\-()]?){9,}",
    re.I,
)


def unknown_placeholders(template):
    """Placeholders nobody fills, in the order they stand.

    >>> unknown_placeholders("{name} by {maker}")
    ['maker']
    """
    return [name for name in _NAME.findall(template or "") if name not in PLACEHOLDERS]


def fill(template, values, limit=0):
    """The text of a template; at most `limit` signs, cut between words.

    >>> fill("{name}[ – {brand}][ | {shop}]", {"name": "Lamp", "brand": "", "shop": "Lumen & Leaf"})
    'Lamp | Lumen & Leaf'
    >>> fill("{name} {nobody}", {"name": "A long name of a lamp"}, 14)
    'A long name of'
    >>> fill("", {"name": "Lamp"})
    ''
    """
    values = {name: _SPACE.sub(" ", str(value or "")).strip() for name, value in values.items()}

    def put(part):
        return _NAME.sub(lambda found: values.get(found[1], ""), part)

    def optional(found):
        return put(found[1]) if all(values.get(name) for name in _NAME.findall(found[1])) else ""

    text = _SPACE.sub(" ", put(_OPTIONAL.sub(optional, template or ""))).strip()
    return cut(text, limit) if limit else text


def cut(text, limit):
    """At most `limit` signs, whole words where there are words.

    >>> cut("green desk lamp", 12), cut("绿色台灯带叶子", 4), cut("short", 10)
    ('green desk', '绿色台灯', 'short')
    """
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    place = head.rfind(" ")
    return (head[:place] if place > limit // 2 else text[:limit]).rstrip(" ,;:–-|·")


def fingerprint(text):
    """What tells whether a person has changed a text since.

    >>> fingerprint("a") == fingerprint("a"), fingerprint("a") == fingerprint("b"), fingerprint("")
    (True, False, '')
    """
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def clean_text(text):
    """A supplier's description as plain paragraphs, without markup and without lines that say how to reach him.

    >>> clean_text("<p>Green <b>lamp</b></p><script>x()</script><p>WeChat: dawn88</p>3 &lt; 4")
    'Green lamp\\n3 < 4'
    >>> clean_text("Order at https://dawn.example or +86 755 1234 5678")
    ''
    >>> clean_text(None)
    ''
    """
    text = _DEAD.sub(" ", text or "")
    text = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text)))
    lines = (_SPACE.sub(" ", _TAG.sub(" ", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not _CONTACT.search(line))
