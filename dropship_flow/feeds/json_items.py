"""Items of a JSON document one at a time, wherever its array stands; of NDJSON one per line.

The document is never held whole: a window of text moves over it, an item is decoded where it begins.
"""

import json
import re

from .errors import FeedError
from .exact import Exact
from .tables import broken

CHUNK = 1 << 18
LONGEST_WORD = 16  # -Infinity, or an escape in a string
MAX_ITEM = 1024**2
SPACE = re.compile(r"[ \t\r\n\ufeff]*")
TOKEN = re.compile(r'[ \t\r\n\ufeff]*(?:("(?:[^"\\]|\\.)*")|([\[\]{},:])|([^\s"\[\]{},:]+))', re.DOTALL)
DECODER = json.JSONDecoder(parse_float=Exact, parse_int=Exact, parse_constant=Exact)
GUESSED = 1 << 20
MAX_DEPTH = 64


class JsonItems:
    """
    :param open_text: function that opens the document as a stream of text
    :param item_path: keys joined by "."; "" is an array at the top; "products[].variants" gives one item per variant,
        with `../title` for what stands in the product
    """

    def __init__(self, open_text, item_path=None):
        self._open = open_text
        self.item_path = guess_path(open_text) if item_path is None or not item_path.strip() else item_path.strip()

    def items(self):
        """(number, item)"""
        outer, split, inner = self.item_path.partition("[]")
        with self._open() as stream:
            window = _Window(stream)
            for number, item in enumerate(window.array([part for part in outer.split(".") if part]), 1):
                if not split:
                    yield number, item
                    continue
                for variant in _values(item, [part for part in inner.split(".") if part]):
                    yield number, {**variant, PARENT: item} if isinstance(variant, dict) else variant


PARENT = "\x00parent"


class _Window:
    def __init__(self, stream):
        self._stream, self._text, self._at, self._ended = stream, "", 0, False

    def _more(self, size=CHUNK):
        """Let go of what was read, take more; False at the end."""
        piece = self._stream.read(size)
        if not piece:
            self._ended = True
            return False
        self._text, self._at = self._text[self._at :] + piece, 0
        return True

    def token(self):
        """The next string, mark or word; None at the end of the document."""
        while True:
            match = TOKEN.match(self._text, self._at)
            # A word at the very end of the window may go on.
            if match and (match.end() < len(self._text) or match[2] or self._ended):
                self._at = match.end()
                return match[0].strip(" \t\r\n\ufeff")
            if len(self._text) - self._at > MAX_ITEM:
                raise FeedError("item_large", path="")
            if not self._more():
                if SPACE.fullmatch(self._text, self._at):
                    return None
                if not match:
                    raise FeedError("truncated")

    def _needed(self):
        token = self.token()
        if token is None:
            raise FeedError("truncated")
        return token

    def _skip(self, token):
        depth = 0
        while True:
            depth += (token in ("{", "[")) - (token in ("}", "]"))
            if depth > MAX_DEPTH:
                raise FeedError("json_unsafe")
            if not depth:
                return
            token = self._needed()

    def array(self, path):
        """The elements of the array at a path of keys."""
        opened = 0
        for key in path:
            if self._needed() != "{":
                raise FeedError("no_items", path=".".join(path))
            opened += 1
            self._find(key, path)
        if self._needed() != "[":
            raise FeedError("no_items", path=".".join(path))
        yield from self._elements()
        self._close(opened)

    def _find(self, wanted, path):
        while True:
            token = self._needed()
            if token == ",":
                continue
            if token == "}":
                raise FeedError("no_items", path=".".join(path))
            key = _text_of(token)
            if self._needed() != ":":
                raise FeedError("broken_json")
            if key == wanted:
                return
            self._skip(self._needed())

    def _elements(self):
        first = True
        while True:
            self._at = SPACE.match(self._text, self._at).end()
            if self._at >= len(self._text):
                if not self._more():
                    raise FeedError("truncated")
                continue
            sign = self._text[self._at]
            if sign == "]":
                self._at += 1
                return
            if not first:
                if sign != ",":
                    raise FeedError("broken_json")
                self._at += 1
                self._fill_to_value()
            first = False
            yield self._value()

    def _fill_to_value(self):
        while True:
            self._at = SPACE.match(self._text, self._at).end()
            if self._at < len(self._text):
                return
            if not self._more():
                raise FeedError("truncated")

    def _value(self):
        size = CHUNK
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            except RecursionError as error:
                raise FeedError("json_unsafe") from error
            except ValueError as error:
                # Cut by the window, or wrong whatever follows.
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - LONGEST_WORD
                if not cut or self._ended:
                    raise FeedError("truncated" if cut else "broken_json")
                if len(self._text) - self._at > MAX_ITEM:
                    raise FeedError("item_large", path="")
            if not self._more(size):
                continue
            size *= 2

    def _close(self, opened):
        """Behind the array: the rest of the document must be whole."""
        while (token := self.token()) is not None:
            opened += (token in ("{", "[")) - (token in ("}", "]"))
            if opened < 0 or opened > MAX_DEPTH:
                raise FeedError("broken_json")
        if opened:
            raise FeedError("truncated")


def _text_of(token):
    try:
        text = json.loads(token)
    except ValueError as error:
        raise FeedError("broken_json") from error
    if not isinstance(text, str):
        raise FeedError("broken_json")
    return text


def lines(stream):
    """(line, item) of NDJSON; a line that is none is a damaged row, the last without an end was cut off."""
    for number, line in enumerate(stream, 1):
        if line.isspace():
            continue
        try:
            if len(line) > MAX_ITEM:
                raise ValueError
            item = DECODER.decode(line.strip(" \t\r\n\ufeff"))
        except (ValueError, RecursionError) as error:
            if not line.endswith("\n"):
                raise FeedError("truncated", line=number) from error
            item = broken([line[:2000].strip()], "line_broken")
        yield number, item


def pick(item, source):
    """Text of what stands at a path of an item; of an array one line each.

    >>> pick({"price": {"amount": "1.5"}, "tags": ["a", "b"]}, "price.amount")
    '1.5'
    >>> pick({"images": [{"src": "x"}, {"src": "y"}], "ok": True}, "images.src"), pick({"ok": True}, "ok")
    ('x\\ny', 'true')
    >>> pick({"a.b": "1"}, "a.b"), pick({}, "a.b"), pick({"a": None}, "a")
    ('1', '', '')
    """
    if source.startswith("../"):
        return pick(item.get(PARENT, {}), source[3:])
    value = item.get(source, PARENT)
    if value is PARENT:
        texts = [_scalar(value) for value in _values(item, source.split("."))]
        return "\n".join(filter(None, texts)) if len(texts) != 1 else texts[0]
    return value if isinstance(value, str) else _scalar(value)


def _values(item, path):
    found = [item]
    for step in path:
        found = [child[step] for child in _spread(found) if isinstance(child, dict) and step in child]
    return list(_spread(found))


def _spread(values):
    for value in values:
        if isinstance(value, list):
            yield from _spread(value)
        else:
            yield value


def _scalar(value):
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(filter(None, map(_scalar, value)))
    return str(value)


def paths_of(item, above="", depth=0):
    """{path: first text} of all that an item says."""
    found = {}
    for key, value in item.items():
        path = f"{above}{key}"
        first = next((one for one in _spread([value]) if one is not None), "")
        if isinstance(first, dict):
            if depth < 6:
                for inner, text in paths_of(first, f"{path}.", depth + 1).items():
                    found.setdefault(inner, text)
        elif key != PARENT:
            found[path] = _scalar(value)
    return found


def guess_path(open_text):
    """Keys to the first array of objects that say most, by the beginning of the document.

    :raise FeedError: no_items
    """
    with open_text() as stream:
        text = stream.read(GUESSED)
    if SPACE.sub("", text[:100])[:1] == "[":
        return ""
    best = (0, 0, None)
    stack, key, before = [], "", ""
    for match in TOKEN.finditer(text):
        token = match[0].strip(" \t\r\n\ufeff")
        if token in ("{", "["):
            path = [*(stack[-1][1] if stack else []), *([key] if key else [])]
            if token == "{" and stack and stack[-1][0] == "[" and not stack[-1][2]:
                stack[-1][2] = True
                size = _fields(text, match.end() - 1)
                if size >= 2 and (best[2] is None or (len(stack[-1][1]), -size) < best[:2]):
                    best = (len(stack[-1][1]), -size, ".".join(stack[-1][1]))
            stack.append([token, path, False])
            key = ""
        elif token in ("}", "]"):
            if stack:
                stack.pop()
            key = ""
        elif token == ":":
            key = _text_of(before) if before.startswith('"') else ""
        elif token == ",":
            key = ""
        before = token
        if len(stack) > MAX_DEPTH:
            raise FeedError("json_unsafe")
    if best[2] is None:
        raise FeedError("no_items", path="")
    return best[2]


def _fields(text, start):
    try:
        return len(DECODER.raw_decode(text, start)[0])
    except (ValueError, RecursionError):
        return text.count('":', start, start + 5_000)
