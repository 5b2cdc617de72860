"""A file as it is kept: the right way up, not larger than needed, without what the camera noted."""

import io

from PIL import Image, ImageOps

from .boxes import blank_film, blank_picture
from .kinds import kind_of

LARGEST = 1920
MOST_PIXELS = 60_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
    "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip


def cleaned(data):
    """
    :param bytes data: of a file somebody sent
    :return: (bytes to keep, media type)
    :raise ValueError: it is neither photo nor video, or it cannot be read
    """
    kind = kind_of(data)
    if not kind:
        raise ValueError("neither photo nor video")
    if kind in _FORMATS:
        return _picture(data, _FORMATS[kind]), kind
    copy = bytearray(data)
    try:
        if kind == "image/heic":
            blank_picture(copy)
        elif kind != "video/webm":
            blank_film(copy)
    except IndexError as error:
        raise ValueError("cut off") from error
    return bytes(copy), kind


def _picture(data, name):
    try:
        with Image.open(io.BytesIO(data), formats=[name]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            plain = ImageOps.exif_transpose(image)
            plain.thumbnail((LARGEST, LARGEST))
            if name == "JPEG" and plain.mode not in ("RGB", "L"):
                plain = plain.convert("RGB")
            fresh = Image.new(plain.mode, plain.size)  # pixels only: no note of any format comes along
            if plain.mode == "P":
                fresh = plain.convert("RGBA")
                fresh.info = {}
            else:
                fresh.paste(plain)
            kept = io.BytesIO()
            fresh.save(kept, name, **({} if name == "PNG" else {"quality": 88}))
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("cannot be read") from error
    return kept.getvalue()
