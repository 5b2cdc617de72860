"""What a file really is, whatever it is called."""

# Brands of the ISO base media format: still pictures of telephones, and films.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
_FILM = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5", b"3gp6",
         b"MSNV", b"dash"}  # fmt: skip


def kind_of(data):
    """The media type by content; empty for whatever is no photo and no video we take.

    >>> kind_of(b"\\xff\\xd8\\xff\\xe0" + bytes(20)), kind_of(b"<svg onload='alert(1)'>"), kind_of(b"GIF89a")
    ('image/jpeg', '', '')
    >>> kind_of(bytes(4) + b"ftypheic" + bytes(8)), kind_of(bytes(4) + b"ftypqt  " + bytes(8))
    ('image/heic', 'video/quicktime')
    >>> kind_of(b"RIFF" + bytes(4) + b"WEBPVP8 "), kind_of(b"")
    ('image/webp', '')
    """
    if data[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:64]:
        return "video/webm"
    if data[4:8] != b"ftyp":
        return ""
    brand = data[8:12]
    if brand in _HEIC:
        return "image/heic"
    if brand == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if brand in _FILM else ""
