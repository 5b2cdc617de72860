"""A file as received, opened as often as needed, unpacked on the way within limits. Nothing is ever written by name.

What unpacks must stay in proportion: out of a small archive comes no half gigabyte, out of any no more than a feed is.
"""

import gzip
import io
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path

from .errors import FeedError

MAX_TOTAL = 4 * 1024**3  # ten million rows of a wide feed
MAX_RATIO = 100  # price lists shrink to a tenth, very dull ones to a thirtieth
FREE = 32 * 1024**2  # below this nobody asks for the proportion
MAX_LINE = 24 * 1024**2
MAX_WORKBOOK = 128 * 1024**2
MAX_ENTRIES = 1_000
PACKED = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz")
NO_TABLE = (b"%PDF", b"\xff\xd8\xff", b"GIF8", b"\x89PNG", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"{\\rtf")
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"


class Source:
    """The bytes of a feed, whatever they came in.

    :param path_or_file: a path, bytes, or a binary file object
    :raise FeedError: when it holds no text and no workbook, or more than one file
    """

    def __init__(self, path_or_file, name=""):
        self.name = name or str(getattr(path_or_file, "name", "") or "")
        self._given = path_or_file
        if hasattr(path_or_file, "read") and not path_or_file.seekable():
            self._given = _kept(path_or_file, MAX_TOTAL)
        elif not hasattr(path_or_file, "read") and not isinstance(path_or_file, (bytes, bytearray, memoryview)):
            self._given = Path(path_or_file)
            self.name = name or self._given.name
        self._unpack, self.is_workbook = self._outside, False
        self._look()

    def _outside(self):
        if isinstance(self._given, Path):
            return self._given.open("rb")
        if hasattr(self._given, "read"):
            self._given.seek(0)
            return _Lent(self._given)
        return io.BytesIO(self._given)

    def open(self, lines=False):
        """The content from its first byte, within limits; close it before opening again.

        :param lines: it will be read line by line: none may be longer than anything real
        """
        return io.BufferedReader(_Within(self._unpack(), self._allowed, MAX_LINE if lines else 0), 1 << 18)

    def open_workbook(self):
        """The workbook as a file one can jump in."""
        return self._unpack()

    def head(self, size=1 << 18):
        with self.open() as stream:
            return stream.read(size)

    def _look(self):
        """Find out how it is packed, one layer deep."""
        with self._outside() as stream:
            start = stream.read(8)
            size = stream.seek(0, io.SEEK_END)
        self._allowed = MAX_TOTAL
        if not size:
            raise FeedError("empty")
        if start.startswith(ZIP):
            self._look_into_zip()
        elif start.startswith(GZIP):
            self._allowed = min(MAX_TOTAL, max(FREE, MAX_RATIO * size))
            self._unpack = lambda: gzip.GzipFile(fileobj=_Owner(self._outside()))
            self._look_inside()
        elif size > MAX_TOTAL:
            raise FeedError("too_large", limit=MAX_TOTAL // 1024**2)
        else:
            _refuse_strange(start)

    def _look_into_zip(self):
        try:
            with self._outside() as stream, zipfile.ZipFile(stream) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise FeedError("broken_archive") from error
        names = {entry.filename for entry in entries}
        if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
            self.is_workbook = True
            return
        entry = _only_file(entries)
        self._unpack = lambda: _ZipEntry(self._outside(), entry)
        self._allowed = min(MAX_TOTAL, max(FREE, MAX_RATIO * entry.compress_size))
        self._look_inside()

    def _look_inside(self):
        start = self.head(8)
        if start.startswith(ZIP):  # a workbook in an archive is what people send; an archive in one is not
            with self.open() as stream:
                inner = Source(_kept(stream, MAX_WORKBOOK), self.name)
            if not inner.is_workbook:
                raise FeedError("zip_nested")
            self._unpack, self.is_workbook = inner._unpack, True
        elif start.startswith(GZIP):
            raise FeedError("zip_nested")
        else:
            _refuse_strange(start)


def _only_file(entries):
    """The one file of an archive, if it is one and harmless."""
    if len(entries) > MAX_ENTRIES:
        raise FeedError("zip_unsafe")
    files = []
    for entry in entries:
        name = entry.filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:3]:
            raise FeedError("zip_unsafe")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise FeedError("zip_unsafe")
        if not entry.is_dir() and not name.startswith("__MACOSX/") and not name.endswith((".DS_Store", "Thumbs.db")):
            files.append(entry)
    if not files:
        raise FeedError("empty")
    if len(files) > 1:
        raise FeedError("zip_many", count=len(files))
    entry = files[0]
    if entry.flag_bits & 1:
        raise FeedError("zip_password")
    if entry.filename.lower().endswith(PACKED):
        raise FeedError("zip_nested")
    if entry.file_size > max(FREE, MAX_RATIO * entry.compress_size) or entry.file_size > MAX_TOTAL:
        raise FeedError("zip_unsafe")
    return entry


def _refuse_strange(start):
    if start.startswith(OLD_EXCEL):
        raise FeedError("old_excel")
    if start.startswith(NO_TABLE):
        raise FeedError("no_table")


def _kept(stream, limit):
    """A stream one cannot jump in, as a file one can."""
    kept, total = tempfile.SpooledTemporaryFile(max_size=4 << 20), 0  # noqa: SIM115 - lives as long as the source
    while piece := stream.read(1 << 18):
        total += len(piece)
        if total > limit:
            raise FeedError("too_large", limit=limit // 1024**2)
        kept.write(piece)
    kept.seek(0)
    return kept


class _Lent(io.RawIOBase):
    """Somebody else's file: closing it is not ours to do."""

    def __init__(self, inner):
        self._inner = inner

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset, whence=0):
        return self._inner.seek(offset, whence)

    def tell(self):
        return self._inner.tell()


class _Owner(io.BufferedReader):
    """Closed with the unpacker that reads it, which does not close what it was given."""

    def __init__(self, raw):
        super().__init__(raw if isinstance(raw, io.RawIOBase) else _Lent(raw), 1 << 16)


class _ZipEntry(io.RawIOBase):
    """One file of an archive, with the archive closed behind it."""

    def __init__(self, stream, entry):
        self._stream = stream
        self._archive = zipfile.ZipFile(stream)
        self._entry = self._archive.open(entry)

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._entry.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self):
        if not self.closed:
            self._entry.close()
            self._archive.close()
            self._stream.close()
        return super().close()


class _Within(io.RawIOBase):
    """Counts what comes out and what stands in one line."""

    def __init__(self, inner, allowed, max_line):
        self._inner, self._allowed, self._max_line = inner, allowed, max_line
        self._total = self._line = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            data = self._inner.read(len(buffer))
        except EOFError as error:
            raise FeedError("truncated") from error
        except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise FeedError("broken_archive") from error
        size = len(data)
        self._total += size
        if self._total > self._allowed:
            raise FeedError("zip_unsafe" if self._allowed < MAX_TOTAL else "too_large", limit=MAX_TOTAL // 1024**2)
        if self._max_line:
            newline = max(data.rfind(b"\n"), data.rfind(b"\r"))
            self._line = self._line + size if newline < 0 else size - newline
            if self._line > self._max_line:
                raise FeedError("line_long", limit=self._max_line // 1024**2)
        buffer[:size] = data
        return size

    def close(self):
        self._inner.close()
        return super().close()
