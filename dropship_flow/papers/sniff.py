"""What a file is by what is in it, whatever its name or the sender says."""

import base64
import binascii
import io
import re
import unicodedata
import zipfile

MAX_BYTES = 10 * 1024 * 1024
# kind of content: (mimetype, ending)
TYPES = {
    "pdf": ("application/pdf", ".pdf"),
    "png": ("image/png", ".png"),
    "jpeg": ("image/jpeg", ".jpg"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "xml": ("application/xml", ".xml"),
}
LABELS = ("pdf", "png")
# What a browser would run, or what makes a reader fetch or unfold other things.
_ACTIVE = re.compile(
    rb"<\s*(?:\w+:)?(html|svg|script|body|iframe|xsl:|stylesheet)|<!DOCTYPE|<!ENTITY|xml-stylesheet", re.I
)
_ROOT = re.compile(rb"^\s*<\?xml\b|^\s*<[A-Za-z_]")


def decoded(text):
    """The bytes of a file as forms hand it in, base64; b"" where there is none.

    >>> decoded(b"aGk="), decoded(None), decoded("a")
    (b'hi', b'', b'')
    """
    try:
        return base64.b64decode(text or b"", validate=False)
    except (binascii.Error, ValueError, TypeError):
        return b""


def kind_of(data):
    """One of `TYPES`, or "" for anything we do not take.

    >>> kind_of(b"%PDF-1.7\\n..."), kind_of(b"\\x89PNG\\r\\n\\x1a\\n..."), kind_of(b"\\xff\\xd8\\xff\\xe0..")
    ('pdf', 'png', 'jpeg')
    >>> kind_of(b'<?xml version="1.0"?><Invoice/>'), kind_of(b'<?xml version="1.0"?><svg onload="x"/>')
    ('xml', '')
    >>> kind_of(b"<html>"), kind_of(b"<!DOCTYPE x>"), kind_of(b"MZ"), kind_of(b""), kind_of(b"<a>cut")
    ('', '', '', '', '')
    """
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"PK\x03\x04"):
        return "xlsx" if _is_workbook(data) else ""
    return "xml" if _is_plain_xml(data) else ""


def _is_workbook(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    macros = any("vbaproject" in name.lower() for name in names)
    return "[Content_Types].xml" in names and "xl/workbook.xml" in names and not macros and size <= 20 * MAX_BYTES


def _is_plain_xml(data):
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                data = data.decode(encoding).encode()
            except UnicodeDecodeError:
                return False
            break
    return bool(_ROOT.match(data)) and not _ACTIVE.search(data) and data.rstrip().endswith(b">") and b"\x00" not in data


def safe_name(name, kind, default="document"):
    """A file name without a path or control characters, with the ending of what the file is.

    >>> safe_name("../../etc/面单 1.exe", "pdf"), safe_name("", "png"), safe_name("a" * 300 + ".pdf", "pdf")[-5:]
    ('面单 1.pdf', 'document.png', 'a.pdf')
    >>> safe_name("bill\\u202efdp.exe", "xml"), safe_name("COM1/.", "pdf")
    ('billfdp.xml', 'document.pdf')
    """
    base = re.split(r"[\\/]", name or "")[-1]
    base = "".join(character for character in base if unicodedata.category(character)[0] != "C")
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = re.sub(r'[<>:"|?*]+', " ", stem).strip(" .")[:80] or default
    return stem + TYPES[kind][1]
