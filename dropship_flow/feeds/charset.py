"""Which encoding a file is in, and its text line by line. A line in another one stays recognisable as wrong.

Bytes that the encoding of the file does not explain become lone surrogates (`surrogateescape`); a value with one in it
is refused as `encoding`, the row is set aside, the others are read.
"""

import codecs
import io
import re
from itertools import islice

from .errors import FeedError
from .sniff import UTF16, _is_utf8, _looks_chinese, _one_line

SAMPLE_LINES = 3_000
PIECE = 100_000
BAD = re.compile("[\ud800-\udfff]")
UTF16_NAMES = ("utf-16-le", "utf-16-be")


class Charset:
    """:param name: codec; :param mark: bytes of a byte order mark to skip; :param mixed: lines of another one exist"""

    def __init__(self, name, mark=0, mixed=False):
        self.name, self.mark, self.mixed = name, mark, mixed

    def lines(self, source, free=0):
        """Lines with their end as "\\n", whatever it was.

        :param free: so many lines, those above the goods, may be in any encoding
        """
        stream = source.open(lines=True)
        stream.read(self.mark)
        if self.mixed:
            return _mixed_lines(stream, self.name, free)
        return io.TextIOWrapper(stream, self.name, errors=self._errors, newline=None)

    def head(self, source, count=60):
        """The first lines; of a very long one pieces."""
        stream = source.open()
        stream.read(self.mark)
        if not self.mixed:
            with io.TextIOWrapper(stream, self.name, errors=self._errors, newline=None) as text:
                return list(islice(iter(lambda: text.readline(PIECE), ""), count))
        with stream:
            pieces = islice(iter(lambda: stream.readline(PIECE), b""), count)
            return [_one_line(piece).replace("\r\n", "\n") for piece in pieces]

    @property
    def _errors(self):
        return "replace" if self.name in UTF16_NAMES else "surrogateescape"

    def text(self, source):
        """The text as one stream, for formats that are no lines."""
        stream = source.open()
        stream.read(self.mark)
        return io.TextIOWrapper(stream, self.name, errors=self._errors, newline="")


def find_charset(source, wanted=""):
    """By its mark, by the feed's setting, by what explains all of it."""
    head = source.head(1 << 16)
    if head[:3] == b"\xef\xbb\xbf":
        return _mixed_or(source, Charset("utf-8", 3))
    for mark, name in UTF16:
        if head[:2] == mark:
            return Charset(name, 2)
    if wanted and wanted.lower().replace("_", "-") not in ("utf-16", "utf-8-sig"):
        try:
            return Charset(codecs.lookup(wanted).name)
        except LookupError as error:
            raise FeedError("encoding_unknown", text=wanted[:40]) from error
    # UTF-16 without a mark: every other byte of western text and of digits is zero.
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) > 3 and head[offset:4000:2].count(0) > len(head[:4000]) / 5:
            return Charset(name)
    return _mixed_or(source, Charset("utf-8"))


def _mixed_or(source, charset):
    """UTF-8 if all of it is; else what most of its lines are."""
    if _all_utf8(source):
        return charset
    utf8, other = _lines_beyond_ascii(source)
    if len(utf8) >= len(other):
        return Charset("utf-8", charset.mark, mixed=True)
    name = _name_of(b"\n".join(other))
    return Charset(name, charset.mark, mixed=bool(utf8))


def _all_utf8(source):
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as stream:
        try:
            while piece := stream.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _lines_beyond_ascii(source):
    utf8, other = [], []
    with source.open() as stream:
        for line in iter(lambda: stream.readline(PIECE), b""):
            if not line.isascii():
                (utf8 if _is_utf8(line) else other).append(line[:4000] if len(line) > 4000 else line)
                if len(utf8) + len(other) >= SAMPLE_LINES and other:
                    break
                if len(utf8) >= 50 * SAMPLE_LINES:
                    break
    return utf8, other


def _name_of(content):
    """What bytes that are no UTF-8 are.

    >>> _name_of("名称,价格".encode("gbk")), _name_of("Größe".encode("cp1252")), _name_of("Лампа".encode("cp1251"))
    ('gb18030', 'cp1252', 'cp1251')
    """
    text = content.decode("gb18030", "ignore")
    if _looks_chinese(text):
        return "gb18030"
    western = content.decode("cp1252", "replace")
    letters = re.findall("[\u00c0-\u00ff]", western)
    words = re.findall("[\u00c0-\u00ff]{3,}", western)
    # Western words hold one or two marked letters side by side; Cyrillic ones are nothing else.
    return "cp1251" if sum(map(len, words)) > 0.7 * len(letters) else "cp1252"


def _mixed_lines(stream, name, free):
    with stream:
        for number, line in enumerate(stream):
            if line.isascii():
                text = line.decode()
            elif number < free:
                text = _one_line(line)
            elif name != "utf-8" and _is_utf8(line):
                text = line.decode("ascii", "surrogateescape")
            else:
                text = line.decode(name, "surrogateescape")
            yield text[:-2] + "\n" if text.endswith("\r\n") else text


def shown(text):
    """A text as JSON and a database can hold it; bytes nobody could read are shown as what they are most likely.

    >>> shown("Gr\\udcf6\\udcdfe"), shown("a\\x00b")
    ('Größe', 'ab')
    """
    if BAD.search(text):
        try:
            text = _one_line(text.encode("utf-8", "surrogateescape"))
        except UnicodeEncodeError:
            text = BAD.sub("\ufffd", text)
    return text.replace("\x00", "")
