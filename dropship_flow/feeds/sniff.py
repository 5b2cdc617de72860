"""From bytes to a table of text: encoding, delimiter, header row; workbooks within limits."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

from .columns import header_score
from .errors import FeedError
from .workbook import read_workbook

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
# A longer cell is a mistake of the export; it is cut, and its row is shown as not usable.
MAX_CELL = 2_000
HEADER_WITHIN = 20

UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Table:
    """The filled rows of a file as text, each with its line number in the file."""

    encoding: str
    delimiter: str
    header: tuple  # texts of the header row; empty when the file has none
    rows: tuple  # ((line number, (cell, …)), …) below the header
    preamble: tuple = field(default=())  # rows above the header

    @property
    def width(self):
        return max((len(cells) for _line, cells in (*self.rows, (0, self.header))), default=0)


def read_table(name, content):
    """Read a CSV or XLSX file whatever it calls itself.

    :param str name: file name, only used to say what was expected
    :param bytes content: the file as received
    :raise FeedError: when it is no table, or larger than a price list is
    """
    if not content or not content.strip(b"\x00\r\n\t "):
        raise FeedError("empty")
    if len(content) > MAX_BYTES:
        raise FeedError("too_large", limit=MAX_BYTES // 1024 // 1024)
    if content[:4] == b"PK\x03\x04":
        lines, encoding, delimiter = read_workbook(content, MAX_ROWS + HEADER_WITHIN, MAX_COLUMNS), "xlsx", ""
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FeedError("old_excel")
    elif content[:4] == b"%PDF" or content[:3] in (b"\xff\xd8\xff", b"GIF", b"\x89PN", b"\x1f\x8b\x08", b"Rar"):
        raise FeedError("no_table")
    else:
        text, encoding = decode(content)
        if re.match(r"\s*<(!doctype|html|\?xml|head|body)", text[:500], re.IGNORECASE):
            raise FeedError("web_page")
        delimiter = find_delimiter(text)
        lines = csv_lines(text, delimiter)
    return _as_table(lines, encoding, delimiter)


def decode(content):
    """Bytes as text, and the name of the encoding that explained them.

    >>> decode("名称,价格".encode("gbk"))
    ('名称,价格', 'gb18030')
    >>> decode("Größe;5".encode("cp1252"))
    ('Größe;5', 'cp1252')
    >>> decode("Name\\tPrice".encode("utf-16"))[0]
    'Name\\tPrice'
    >>> decode(b"\\xef\\xbb\\xbfsku")
    ('sku', 'utf-8')
    """
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    for mark, encoding in UTF16:
        if content[:2] == mark:
            return content[2:].decode(encoding, "replace"), encoding
    # UTF-16 without a mark: every other byte of western text and of digits is zero.
    sample = content[:2000]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) > 3 and sample[offset::2].count(0) > len(sample) / 5:
            return content.decode(encoding, "replace"), encoding
    content = content.replace(b"\x00", b"")
    if _is_utf8(content):
        return content.decode("utf-8"), "utf-8"
    whole = _one_encoding(content)
    if whole:
        return whole
    # Rows from different systems in one file: each is read as what it is.
    return "\n".join(_one_line(line) for line in content.splitlines()), "mixed"


def _one_encoding(content):
    if _has_utf8(content):
        return None
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and _looks_chinese(text):
        return text, "gb18030"
    return content.decode("cp1252", "replace"), "cp1252"


def _has_utf8(content):
    """Whether some lines beyond ASCII are valid UTF-8 although the whole is not."""
    return any(not line.isascii() and _is_utf8(line) for line in content.splitlines())


def _is_utf8(line):
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _one_line(line):
    for encoding in ("utf-8", "gb18030"):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _looks_chinese(text):
            return text
    return line.decode("cp1252", "replace")


def _looks_chinese(text):
    """GBK explains almost any bytes; what it gives is Chinese only when common characters stand beside each other."""
    foreign = [character for character in text if ord(character) > 127]
    # Level-1 characters of GB2312 fill B0A1 to D7F9: the 3,755 everybody uses. Umlauts read as GBK seldom fall there.
    common = sum(1 for character in foreign if _is_common(character))
    return bool(foreign) and common >= 0.6 * len(foreign) and bool(re.search(r"[\u4e00-\u9fff]{2}", text))


def _is_common(character):
    if character in "，。、；：（）《》“”￥¥％－　×Ф℃Φ":
        return True
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return b"\xb0\xa1" <= code <= b"\xd7\xf9"


def find_delimiter(text):
    """The character that cuts most lines into the same number of cells.

    >>> find_delimiter("sku;price\\nA;1,50\\nB;2,75")
    ';'
    >>> find_delimiter("one column only")
    ','
    """
    best = (0.0, ",")
    head = "\n".join(text.splitlines()[:60])
    for delimiter in DELIMITERS:
        widths = [len(cells) for _line, cells in csv_lines(head, delimiter) if any(cells)]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        common = max(set(wide), key=wide.count)
        score = wide.count(common) / len(widths) * (1 + min(common, 12) / 100)
        if score > best[0]:
            best = (score, delimiter)
    return best[1]


def csv_lines(text, delimiter, most=MAX_ROWS):
    """[(line number, cells)]; quotes that never close do not swallow the rest of the file."""
    # A cell may hold a line break; a lone quote inside a word is just a character.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    csv.field_size_limit(MAX_BYTES)
    lines, reader = [], csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if before - line > 20:  # an open quote ran away with the rest
                return _plain_lines(text, delimiter, most)
            lines.append((line, cells))
            if len(lines) > most + HEADER_WITHIN:
                raise FeedError("too_many_rows", limit=most)
    except csv.Error:
        return _plain_lines(text, delimiter, most)
    return lines


def _plain_lines(text, delimiter, most=MAX_ROWS):
    lines = text.split("\n")
    if len(lines) > most + HEADER_WITHIN:
        raise FeedError("too_many_rows", limit=most)
    return [(number, [cell.strip('"') for cell in line.split(delimiter)]) for number, line in enumerate(lines, 1)]


def clean(cell, limit=MAX_CELL):
    """A cell without the spaces nobody sees, and not longer than anything real.

    >>> clean("\\u00a0 AB\\u200b-1\\ufeff ")
    'AB-1'
    """
    text = unicodedata.normalize("NFC", cell[: limit + 1])
    text = UNSEEN.sub("", text)
    return text.replace("\u00a0", " ").replace("\u3000", " ").strip()


def _as_table(lines, encoding, delimiter):
    filled = []
    for line, cells in lines:
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise FeedError("too_many_columns", limit=MAX_COLUMNS)
        row = tuple(clean(cell) for cell in cells[:MAX_COLUMNS])
        if any(row):
            filled.append((line, row))
    if not filled:
        raise FeedError("empty")
    scores = [header_score(cells) for _line, cells in filled[:HEADER_WITHIN]]
    best = max(range(len(scores)), key=lambda index: (scores[index], -index))
    if scores[best] < 2:
        return Table(encoding, delimiter, (), tuple(filled))
    rows = tuple(row for row in filled[best + 1 :] if row[1] != filled[best][1])
    if len(rows) > MAX_ROWS:
        raise FeedError("too_many_rows", limit=MAX_ROWS)
    return Table(encoding, delimiter, filled[best][1], rows, tuple(filled[:best]))
