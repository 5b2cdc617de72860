"""Makes the files of test_unsafe_files, each on disk, without needing much memory itself."""

import gzip
import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

HEAD = "sku,price\nA,1\n"
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def make(name, path):
    content = MAKERS[name](path)
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def zipped(*files, **options):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in files:
            archive.writestr(entry, content, **options)
    return stream.getvalue()


def zip_four_gigabytes(path):
    """42 KB that say they are 4 GB, and are."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w", force_zip64=True) as one,
    ):
        piece = b"0," * (1 << 19)
        for _part in range(300):
            one.write(piece)


def lying(_path):
    """Unpacks to 200 MB and says 1,000 bytes."""
    content = bytearray(zipped(("a.csv", b"sku,price\n" + b"A,1\n" * (50 << 20 >> 2))))
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(content)


def link(_path):
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = 0o120777 << 16
    return zipped((info, "/etc/passwd"))


def password(_path):
    content = bytearray(zipped(("a.csv", HEAD)))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + offset] |= 1
    return bytes(content)


def gzip_half_gigabyte(path):
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(HEAD.encode())
        piece = b"A,1\n" * (1 << 18)
        for _part in range(512):
            file.write(piece)


def wrong_sum(_path):
    content = bytearray(gzip.compress(HEAD.encode() * 50))
    content[-8] ^= 0xFF
    return bytes(content)


def xml_without_end(path):
    with path.open("w") as file:
        file.write("<r><item><sku>A</sku><price>1</price></item><item>")
        for _part in range(60):
            file.write("<a>1</a>" * (1 << 17))


def json_without_end(path):
    with path.open("w") as file:
        file.write('[{"sku": "A", "price": 1, "more": [1')
        for _part in range(60):
            file.write(",1\n" * (1 << 18))


def endless_line(path):
    with path.open("w") as file:
        file.write("sku,price\n")
        for _part in range(200):
            file.write("x" * (1 << 20))


def workbook(styles="", sheet="<sheetData/>", before=""):
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    head = '<?xml version="1.0"?>'
    return zipped(
        (
            "[Content_Types].xml",
            f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        ),
        (
            "_rels/.rels",
            f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{of}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{of}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{of}/styles" Target="styles.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'{head}<workbook {space} xmlns:r="{of}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        ),
        (
            "xl/styles.xml",
            f"{head}<styleSheet {space}><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>"
            "<borders><border><left/></border></borders>"
            f"<cellStyleXfs><xf/></cellStyleXfs><cellXfs>{styles or '<xf/>'}</cellXfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", f"{head}{before}<worksheet {space}>{sheet}</worksheet>"),
    )


def xlsx_bomb(_path):
    return workbook(sheet="<sheetData>" + " " * (450 << 20) + "</sheetData>")


def doctype(entities, use="&x;"):
    return f"<!DOCTYPE r [{entities}]><r><item><sku>{use}</sku><price>1</price></item></r>"


MAKERS = {
    "zip_four_gigabytes": zip_four_gigabytes,
    "zip_that_lies_about_its_size": lying,
    "zip_in_zip": lambda _path: zipped(("a.csv", zipped(("a.csv", HEAD)))),
    "zip_in_zip_by_name": lambda _path: zipped(("a.zip", HEAD)),
    "gzip_in_gzip": lambda _path: gzip.compress(gzip.compress(HEAD.encode())),
    "zip_of_two": lambda _path: zipped(("a.csv", HEAD), ("b.csv", HEAD)),
    "zip_out_of_folder": lambda _path: zipped(("../../escaped.csv", HEAD)),
    "zip_from_root": lambda _path: zipped(("/tmp/escaped.csv", HEAD)),
    "zip_with_link": link,
    "zip_with_password": password,
    "zip_of_nothing": lambda _path: zipped(("folder/", "")),
    "zip_cut": lambda _path: zipped(("a.csv", HEAD * 1000))[:-40],
    "gzip_half_gigabyte": gzip_half_gigabyte,
    "gzip_cut": lambda _path: gzip.compress(b"".join(b"A%d,1\n" % number for number in range(9999)))[:-500],
    "gzip_wrong_sum": wrong_sum,
    "xml_bomb": lambda _path: doctype(f'<!ENTITY l0 "lol">{ENTITIES}', "&l9;"),
    "xml_bomb_in_utf16": lambda _path: doctype(f'<!ENTITY l0 "lol">{ENTITIES}', "&l9;").encode("utf-16"),
    "xml_of_a_file": lambda _path: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
    "xml_of_an_address": lambda _path: doctype('<!ENTITY x SYSTEM "http://169.254.169.254/latest/meta-data/">'),
    "xml_parameter_entity": lambda _path: doctype('<!ENTITY % x SYSTEM "http://169.254.169.254/x.dtd"> %x;', "A"),
    "xml_without_end": xml_without_end,
    "xml_deep": lambda _path: "<r>" + "<a>" * 100_000,
    "json_deep": lambda _path: "[" * 200_000,
    "json_deep_below": lambda _path: '[{"sku": "A", "price": ' + "[" * 200_000,
    "json_without_end": json_without_end,
    "one_endless_line": endless_line,
    "xlsx_a_million_styles": lambda _path: workbook("<xf/>" * 1_000_000),
    "xlsx_styles_below_the_limit": lambda _path: workbook("<xf/>" * 65_000),
    "xlsx_styles_in_a_small_part": lambda _path: workbook("<xf/>" * 100_000),
    "xlsx_bomb": xlsx_bomb,
    "xlsx_with_entities": lambda _path: workbook(before='<!DOCTYPE a [<!ENTITY x "y">]>'),
    "xlsx_broken": lambda _path: zipped(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook>")),
    "old_excel": lambda _path: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "picture": lambda _path: b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(100)),
    "rar": lambda _path: b"Rar!\x1a\x07\x00" + bytes(100),
}

if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]))
