"""What a downloaded file really is, if it is a picture at all."""

import io
import re
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from PIL import WebPImagePlugin as _webp  # noqa: F401 - Odoo registers only some formats; suppliers send this one

MOST_PIXELS = 50_000_000
SMALLEST = 100
# A picture may be followed by a little rubbish.
TAIL = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|title)\b", re.I | re.S)
_SVG = re.compile(rb"^\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*|<!doctype[^>]*>\s*)*<(?:\w+:)?svg\b", re.I | re.S)


class BadPicture(Exception):
    """Why a file is no picture we take: a code and figures."""

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    width: int
    height: int

    @property
    def side(self):
        return min(self.width, self.height)


def inspect(data):
    """The picture in these bytes, as JPEG or PNG; what is inside counts, not what a server calls it.

    :raise BadPicture: codes empty, page, svg, not_a_picture, too_many_pixels, too_small, broken
    """
    if not data.strip():
        raise BadPicture("empty")
    head = data[:4096].lstrip(b"\xef\xbb\xbf")
    if _SVG.match(head):
        raise BadPicture("svg")
    if _HTML.match(head):
        raise BadPicture("page")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise BadPicture("too_many_pixels", limit=MOST_PIXELS // 1_000_000) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            raise BadPicture("not_a_picture") from None
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise BadPicture("too_many_pixels", limit=MOST_PIXELS // 1_000_000)
        if min(width, height) < SMALLEST:
            raise BadPicture("too_small", width=width, height=height, need=SMALLEST)
        if not _whole(picture.format, data):
            raise BadPicture("broken")
        try:
            picture.load()  # the first frame, all of it
        except Exception:  # a decoder may fail in any way on bytes of a stranger
            raise BadPicture("broken") from None
    return Picture(_plain(picture, data), width, height)


def _whole(kind, data):
    """Whether a file has its end. Decoders may be told to draw half a picture, so they are not asked.

    >>> _whole("PNG", b"PNG...IEND"), _whole("JPEG", b"JFIF..."), _whole("GIF", b"GIF89a...;")
    (True, False, True)
    """
    if kind == "WEBP":
        return int.from_bytes(data[4:8], "little") + 8 <= len(data)
    mark = {"JPEG": b"\xff\xd9", "PNG": b"IEND", "GIF": b";"}[kind]
    return mark in data[-TAIL:]


def _plain(picture, data):
    if picture.format in ("JPEG", "PNG") and not getattr(picture, "is_animated", False):
        return data
    out = io.BytesIO()
    clear = picture.mode in ("RGBA", "LA", "P", "PA")
    picture.convert("RGBA" if clear else "RGB").save(out, "PNG" if clear else "JPEG", quality=90)
    return out.getvalue()
