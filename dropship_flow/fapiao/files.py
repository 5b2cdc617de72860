"""Files an invoice comes as: PDF, OFD (the bureau's own), picture, XML."""

import io
import zipfile

try:
    from ..papers.sniff import MAX_BYTES, TYPES, kind_of, safe_name
except ImportError:  # the package by itself, without the addon around it
    from papers.sniff import MAX_BYTES, TYPES, kind_of, safe_name

OFD = "application/ofd"
MAX_ENTRIES = 500


def taken(data, filename, default="fapiao"):
    """(file name, mimetype) of an invoice's file; None for anything we do not take.

    >>> taken(b"%PDF-1.7", "a/发票.exe")
    ('发票.pdf', 'application/pdf')
    >>> taken(b"<html>", "a.pdf"), taken(b"", "a.pdf")
    (None, None)
    """
    if len(data) > MAX_BYTES:
        return None
    if is_ofd(data):
        return safe_name(filename, "pdf", default)[: -len(".pdf")] + ".ofd", OFD
    kind = kind_of(data)
    if kind in ("pdf", "png", "jpeg", "xml"):
        return safe_name(filename, kind, default), TYPES[kind][0]
    return None


def is_ofd(data):
    """Whether it is a packed document that begins with OFD.xml; nothing is unpacked.

    >>> stream = io.BytesIO()
    >>> with zipfile.ZipFile(stream, "w") as archive:
    ...     archive.writestr("OFD.xml", "<ofd:OFD/>")
    >>> is_ofd(stream.getvalue()), is_ofd(b"PK")
    (True, False)
    """
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    size = sum(info.file_size for info in infos)
    return len(infos) <= MAX_ENTRIES and size <= 10 * MAX_BYTES and any(info.filename == "OFD.xml" for info in infos)
