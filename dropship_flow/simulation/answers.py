"""What suppliers say to the purchases of the day."""

from random import Random

ANSWERS = (("accept", 58), ("part", 12), ("refuse", 12), ("silent", 18))
REFUSALS = ("Out of stock since this morning", "Price went up, please order again", "We do not deliver there", "已售罄")


def answer(seed, key, lines=1):
    """(word, reason) of one supplier to one purchase; the same every time.

    :param key: what makes the purchase unlike others, for instance its place in the day
    :param int lines: a purchase of one line is never taken in part

    >>> answer(1, "a") == answer(1, "a")
    True
    >>> sorted({answer(1, key, lines=2)[0] for key in range(60)})
    ['accept', 'part', 'refuse', 'silent']
    >>> "part" in {answer(1, key)[0] for key in range(60)}
    False
    """
    dice = Random(f"answer {seed} {key}")
    words, weights = zip(*ANSWERS, strict=True)
    word = dice.choices(words, weights)[0]
    if word == "part" and lines < 2:
        word = "accept"
    return word, dice.choice(REFUSALS) if word == "refuse" else ""
