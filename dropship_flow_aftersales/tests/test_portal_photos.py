import doctest
import importlib
import io
import pkgutil

from odoo.tests import BaseCase, tagged
from PIL import Image

from .. import photos
from ..photos import cleaned
from .common_portal import picture


def box(kind, *content):
    data = b"".join(content)
    return (len(data) + 8).to_bytes(4, "big") + kind + data


def heic(secret):
    """The skeleton of a HEIC picture with an Exif item at the end."""
    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    entry = box(b"infe", bytes([2, 0, 0, 0]), (1).to_bytes(2, "big"), bytes(2), b"Exif", b"\0")
    info = box(b"iinf", bytes(4), (1).to_bytes(2, "big"), entry)

    def meta(begin):
        one = (1).to_bytes(2, "big")
        piece = begin.to_bytes(4, "big") + len(secret).to_bytes(4, "big")
        place = bytes(4) + bytes([0x44, 0]) + one + one + bytes(2) + one
        return box(b"meta", bytes(4), info, box(b"iloc", place, piece))

    begin = len(head) + len(meta(0)) + 8
    return head + meta(begin) + box(b"mdat", secret, b"PIXELS")


@tagged("post_install", "-at_install", "standard")
class TestPortalPhotos(BaseCase):
    """What is kept of a photo: what it shows, and nothing of where it was taken."""

    def test_examples(self):
        for info in pkgutil.iter_modules(photos.__path__):
            result = doctest.testmod(importlib.import_module(f"{photos.__name__}.{info.name}"))
            self.assertFalse(result.failed, info.name)

    def test_pictures_are_drawn_anew(self):
        exif = Image.Exif()
        exif[0x010F] = "MAKERSECRET"
        exif[0x0112] = 6  # lies on its side
        for name, more in (
            ("JPEG", {"exif": exif}),
            ("PNG", {"exif": exif}),
            ("WEBP", {"exif": exif, "xmp": b"<MAKERSECRET/>"}),
        ):
            data = picture(name, **more)
            self.assertIn(b"MAKERSECRET", data)
            kept, kind = cleaned(data)
            self.assertNotIn(b"MAKERSECRET", kept, name)
            self.assertEqual(kind, f"image/{name.lower()}")
            image = Image.open(io.BytesIO(kept))
            self.assertEqual((image.size, dict(image.getexif())), ((40, 60), {}), name)

    def test_large_ones_become_smaller(self):
        kept, _kind = cleaned(picture(size=(4000, 1000)))
        self.assertEqual(Image.open(io.BytesIO(kept)).size, (1920, 480))

    def test_other_kinds_of_pictures(self):
        for mode, name in (("P", "PNG"), ("RGBA", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG"), ("LA", "PNG"), ("1", "PNG")):
            data = io.BytesIO()
            Image.new(mode, (9, 9)).save(data, name)
            self.assertTrue(cleaned(data.getvalue())[0], (mode, name))

    def test_notes_of_telephones_are_blanked(self):
        kept, kind = cleaned(heic(b"Exif\0\0GPSSECRET"))
        self.assertEqual(kind, "image/heic")
        self.assertNotIn(b"GPSSECRET", kept)
        self.assertIn(b"PIXELS", kept)

    def test_notes_of_films_are_blanked(self):
        film = (
            box(b"ftyp", b"isom", bytes(4))
            + box(
                b"moov",
                box(b"udta", box(b"\xa9xyz", b"+52.5+13.4SECRET")),
                box(b"trak", box(b"meta", b"SECRET")),
                box(b"mvhd", b"KEPT"),
            )
            + box(b"mdat", b"FILM")
        )  # fmt: skip
        kept, kind = cleaned(film)
        self.assertEqual((kind, len(kept)), ("video/mp4", len(film)))
        self.assertNotIn(b"SECRET", kept)
        self.assertIn(b"KEPT", kept)
        self.assertIn(b"FILM", kept)

    def test_what_is_none_is_refused(self):
        bad = [b"", b"x", b"<script>", b"%PDF-1.7", b"MZ", b"PK\3\4", picture()[:100], heic(b"Exif")[:60],
               b"\x89PNG\r\n\x1a\n<?php", b"GIF89a" + bytes(50), bytes(4) + b"ftypevil" + bytes(50)]  # fmt: skip
        for data in bad:
            with self.subTest(data[:12]), self.assertRaises(ValueError):
                cleaned(data)
