"""Finding marked words in what people write, in any script."""

import re
import unicodedata


def plain(text):
    """One spelling for comparing: compatibility forms folded, no case, single blanks.

    >>> plain("ＵＲＧＥＮＴ   Straße")
    'urgent strasse'
    """
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def split_words(text):
    """Words and phrases as entered: one a line, or parted by comma, semicolon or 、.

    >>> split_words("Invoice, do not ship\\n发票、急；🙂")
    ('invoice', 'do not ship', '发票', '急', '🙂')
    """
    return tuple(filter(None, (plain(part) for part in re.split(r"[\n,;，；、]", text or ""))))


def found_words(words, texts):
    """The marked words that occur, in the order of the list.

    Words of letters that are parted by blanks are found whole; others anywhere, as Chinese has no blanks.

    >>> found_words(("art", "发票", "do not ship"), ["Please do  not SHIP to the party", "要发票"])
    ['发票', 'do not ship']
    """
    whole = plain("\n".join(text or "" for text in texts))
    return [word for word in words if _occurs(word, whole)]


def _occurs(word, text):
    if not word.isascii():
        return word in text
    start = r"(?<!\w)" if word[0].isalnum() else ""
    end = r"(?!\w)" if word[-1].isalnum() else ""
    return bool(re.search(start + re.escape(word) + end, text, re.ASCII))
