"""The boxes of the ISO base media format (HEIC, MP4, MOV), as far as places and people are noted in them."""

_INSIDE = {b"moov", b"trak", b"mdia"}
_NOTES = {b"udta", b"meta", b"uuid"}


def boxes(data, start=0, end=None):
    """(type, where it begins, where its content begins, where it ends) of each box.

    >>> list(boxes(bytes([0, 0, 0, 8]) + b"free"))
    [(b'free', 0, 8, 8)]
    >>> list(boxes(b"no"))
    []
    """
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, content = int.from_bytes(data[start : start + 4], "big"), start + 8
        kind = bytes(data[start + 4 : start + 8])
        if size == 1:
            size, content = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop < content or stop > end:
            raise ValueError("not a box")
        yield kind, start, content, stop
        start = stop


def blank_film(data):
    """A film without what was noted about it: where it was taken, by which telephone.

    :param bytearray data: changed in place; nothing moves
    """
    _blank(data, 0, len(data))


def _blank(data, start, end):
    for kind, begin, content, stop in list(boxes(data, start, end)):
        if kind in _INSIDE:
            _blank(data, content, stop)
        elif kind in _NOTES:
            data[begin + 4 : begin + 8] = b"free"
            data[content:stop] = bytes(stop - content)


def blank_picture(data):
    """A HEIC picture without its Exif and XMP items.

    :param bytearray data: changed in place; nothing moves
    :raise ValueError: it does not say where they are
    """
    meta = next((box for box in boxes(data) if box[0] == b"meta"), None)
    if not meta:
        raise ValueError("no picture")
    inside = {kind: (content, stop) for kind, _begin, content, stop in boxes(data, meta[2] + 4, meta[3])}
    if b"iinf" not in inside or b"iloc" not in inside:
        raise ValueError("no picture")
    notes = _noting(data, *inside[b"iinf"])
    base = inside.get(b"idat", (0, 0))[0]
    for item, method, begin, length in _places(data, *inside[b"iloc"]):
        if item in notes:
            begin += base if method else 0
            if method > 1 or begin + length > len(data):
                raise ValueError("notes elsewhere")
            data[begin : begin + length] = bytes(length)


def _noting(data, content, stop):
    """Items that are notes, no pictures."""
    wide = data[content] > 0
    found = set()
    for kind, _begin, inside, _stop in boxes(data, content + (8 if wide else 6), stop):
        version = data[inside]
        if kind != b"infe" or version < 2:
            continue
        size = 2 if version == 2 else 4
        item = int.from_bytes(data[inside + 4 : inside + 4 + size], "big")
        sort = bytes(data[inside + 6 + size : inside + 10 + size])
        if sort in (b"Exif", b"mime"):
            found.add(item)
    return found


def _places(data, content, stop):
    """(item, how its place is counted, begin, length) of each piece of each item."""
    version, at = data[content], content + 4

    def number(size):
        nonlocal at
        at += size
        if at > stop:
            raise ValueError("cut off")
        return int.from_bytes(data[at - size : at], "big")

    sizes = number(2)
    offset, length, base, index = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15
    for _item in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version in (1, 2) else 0
        number(2)
        begin = number(base)
        for _piece in range(number(2)):
            if version in (1, 2):
                number(index)
            yield item, method, begin + number(offset), number(length)
