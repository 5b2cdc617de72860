"""Phone, mail, labels and other marked pieces are cut out of a pasted text before the address itself is read."""

import re
import unicodedata

LABELS = {
    "name": "收货人姓名|收件人姓名|收货人|收件人|联系人|客户姓名|姓名|full name|recipient|contact name|name|attn|to|"
    "empfänger|nom|nombre|nome",
    "phone": "收货人电话|联系电话|联系方式|手机号码|电话号码|手机号|手机|电话|mobile phone|phone number|mobile|phone|"
    "telephone|telefon|téléphone|teléfono|telefono|handy|tel|mob|cell",
    "email": "电子邮箱|电子邮件|邮箱|e-mail|email|mail",
    "zip": "邮政编码|邮编|postal code|postcode|zip code|zip|plz|code postal|cap",
    "country": "国家|country|land|pays|país",
    "state": "省份|省|state|province|region",
    "city": "城市|市|city|town|ort|stadt|ville|ciudad",
    "district": "区县|区|县|district",
    "area": "所在地区|所在区域|地区|省市区",
    "street": "详细地址|街道地址|收货地址|收件地址|家庭地址|街道|地址|shipping address|delivery address|address line 1|"
    "address|street|straße|strasse|adresse|rue|dirección|indirizzo",
    "street2": "门牌号|address line 2|apartment|apt|suite",
    "company": "公司名称|公司|company|firma|société|empresa",
}  # fmt: skip
_WORD_TO_FIELD = {word: field for field, words in LABELS.items() for word in words.split("|")}
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[\s,;，；。|]))("
    + "|".join(re.escape(word) for word in sorted(_WORD_TO_FIELD, key=len, reverse=True))
    + r")\.?\s*[:=]\s*",
    re.IGNORECASE | re.MULTILINE,
)
# Bounded: a public page reads what anybody pastes, and unbounded repeats make nonsense slow.
_MAIL = re.compile(r"[^\s<>,;:\"'()，；：@]{1,64}@[^\s<>,;:\"'()，；：@]{1,200}\.[A-Za-z]{2,24}")
_EXT = r"(?:\s*(?:-|转|轉|ext\.?|x|#)\s*\d{2,6}(?!\d))?"
_PHONES = (
    re.compile(r"(?<!\d)(?:\(?\+?\s?(?:00)?86\)?[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)" + _EXT, re.IGNORECASE),
    re.compile(r"(?<![\w+])(?:\+|00)[1-9][\d ()./-]{6,20}\d(?!\d)" + _EXT, re.IGNORECASE),
    re.compile(r"(?<![\d-])\(?0\d{2,3}\)?[ -]\d{7,8}(?!\d)" + _EXT, re.IGNORECASE),
    re.compile(r"(?<!\S)\(\d{3}\)\s?\d{3}[ .-]\d{4}(?!\d)" + _EXT, re.IGNORECASE),
    re.compile(r"(?<![\w-])\d{3}[.-]\d{3}[.-]\d{4}(?![\d-])" + _EXT, re.IGNORECASE),
)
_PHONE_LINE = re.compile(r"^\W*\(?0[\d ()./-]{6,22}$|^\W*\d{2,4}[ /-]\d{3,4}[ /-]?\d{3,4}\W*$")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")


def clean(text):
    """Compatibility forms (full-width letters, digits and punctuation) as plain ones; invisible characters gone.

    >>> clean("收货人：张三\\u200b，电话：１３８")
    '收货人:张三,电话:138'
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")))
    text = text.replace("、", ",").replace("。", ",").replace("\t", "  ").replace("\u3000", " ")
    return "\n".join(line.strip() for line in text.split("\n"))


def take_labelled(text):
    """Pieces somebody named ("Phone: …"): ({field: text}, what is left, one piece a line).

    >>> take_labelled("收货人:张三 手机:13812345678 地址:杭州")
    ({'name': '张三', 'phone': '13812345678', 'street': '杭州'}, '')
    """
    found = list(_LABEL.finditer(text))
    values, rest, last = {}, [], 0
    for number, label in enumerate(found):
        rest.append(text[last : label.start()])
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        field = _WORD_TO_FIELD[label.group(1).lower()]
        value = text[label.end() : end]
        newline = value.find("\n")
        if newline >= 0 and field not in ("street", "area"):
            value, end = value[:newline], label.end() + newline
        elif newline >= 0 and number + 1 == len(found):
            # An address may go on below its label.
            value = value.rstrip()
        value = value.strip(" ,;\n|")
        if value:
            if field in values:
                rest.append(value)
            else:
                values[field] = value
        last = end
    rest.append(text[last:])
    return values, "\n".join(part.strip(" ,;|") for part in rest if part.strip(" ,;|\n")).strip()


def take_mail(text):
    """The first e-mail address: (it, the text without it)."""
    found = _MAIL.search(text)
    if not found:
        return "", text
    return found.group().strip(".<>"), _without(text, found)


def take_phones(text):
    """Every phone number in the order found: (list, the text without them).

    >>> take_phones("张三13812345678浙江"), take_phones("Berlin\\n+49 (0)30 901820")
    ((['13812345678'], '张三\\n浙江'), (['+49 (0)30 901820'], 'Berlin'))
    """
    numbers = []
    for pattern in _PHONES:
        while found := pattern.search(text):
            numbers.append(found.group().strip())
            text = _without(text, found)
    kept = []
    for line in text.split("\n"):
        if _PHONE_LINE.match(line) and 7 <= len(re.sub(r"\D", "", line)) <= 15:
            numbers.append(line.strip(" ,;"))
        else:
            kept.append(line)
    return numbers, "\n".join(kept).strip()


def _without(text, found):
    """Cut a piece out; what stood on both sides of it stays apart."""
    before, after = text[: found.start()].rstrip(" ,;|(<"), text[found.end() :].lstrip(" ,;|)>")
    return f"{before}\n{after}".strip("\n")
