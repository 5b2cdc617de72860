"""How alike two names are, for whoever has to decide whether a code still means the same goods."""

import re
import unicodedata

WORDS = re.compile(r"\w+")


def trigrams(name):
    """Parts of three characters of each word, its beginning and end counted as PostgreSQL's pg_trgm does.

    Scripts that write without spaces are cut into pairs: three characters of Chinese are a sentence already.

    >>> sorted(trigrams("Cat"))
    ['  c', ' ca', 'at ', 'cat']
    >>> sorted(trigrams("台灯架"))
    ['台', '架', '灯']
    """
    found = set()
    for word in WORDS.findall(unicodedata.normalize("NFKC", name or "").lower()):
        if any(ord(sign) > 0x2E7F for sign in word):
            found.update(word)
        else:
            padded = f"  {word} "
            found.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return found


def similarity(one, other):
    """0 (nothing in common) to 1 (the same words).

    >>> similarity("Desk lamp, white", "DESK LAMP (white)")
    1.0
    >>> similarity("Desk lamp, white", "Garden hose 20 m") < 0.3
    True
    >>> similarity("白色台灯", "白色 LED 台灯") > 0.3
    True
    >>> similarity("", "")
    1.0
    """
    ours, theirs = trigrams(one), trigrams(other)
    if not ours and not theirs:
        return 1.0
    return len(ours & theirs) / len(ours | theirs)
