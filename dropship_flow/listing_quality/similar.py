"""Names that probably mean the same goods."""

import math
import re
import unicodedata
from collections import Counter, defaultdict

_WORD = re.compile(r"[^\W_]+")


def tokens(name):
    """Words, and pairs of signs where a language writes without spaces.

    >>> sorted(tokens("Desk-Lamp 2.0, DESK"))
    ['0', '2', 'desk', 'lamp']
    >>> sorted(tokens("绿台灯"))
    ['台灯', '绿台']
    """
    found = set()
    for word in _WORD.findall(unicodedata.normalize("NFKC", name or "").casefold()):
        wide = [sign for sign in word if unicodedata.east_asian_width(sign) in "WF"]
        if len(wide) * 2 > len(word):
            found |= {word[place : place + 2] for place in range(max(len(word) - 1, 1))}
        else:
            found.add(word)
    return frozenset(found)


def similarity(one, other):
    """0 to 1: the share of words two names have in common.

    >>> similarity("Leaf desk lamp", "Desk lamp leaf"), similarity("Lamp", "Chair")
    (1.0, 0.0)
    """
    ours, theirs = tokens(one), tokens(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


class NameIndex:
    """Many names, asked for those like another one. Rare words count more than common ones.

    >>> index = NameIndex([(1, "Leaf desk lamp"), (2, "Desk organiser"), (3, "Yoga mat")])
    >>> [key for _score, key in index.find("desk lamp, leaf")]
    [1]
    >>> index.find("Umbrella")
    []
    """

    def __init__(self, names):
        self.words = {key: tokens(name) for key, name in names}
        self.by_word = defaultdict(list)
        for key, words in self.words.items():
            for word in words:
                self.by_word[word].append(key)
        count = max(len(self.words), 1)
        self.weight = {word: 1.0 + math.log(count / len(keys)) for word, keys in self.by_word.items()}
        self.unseen = 1.0 + math.log(count)

    def _sum(self, words):
        return sum(self.weight.get(word, self.unseen) for word in words)

    def find(self, name, at_least=0.6, most=3):
        """[(likeness, key)], the best first."""
        words = tokens(name)
        shared = Counter()
        for word in words:
            keys = self.by_word.get(word, ())
            if len(keys) <= max(1000, len(self.words) // 20):  # a word of every name says nothing
                for key in keys:
                    shared[key] += self.weight[word]
        mine = self._sum(words)
        found = [(2 * have / (mine + self._sum(self.words[key])), key) for key, have in shared.items()]
        return sorted((row for row in found if row[0] >= at_least), key=lambda row: (-row[0], row[1]))[:most]
