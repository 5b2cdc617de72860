"""Listings judged without Odoo: points, texts, what belongs together, pictures, papers."""

import doctest
import importlib
import io
import pkgutil
import zlib

import listing_quality
import pytest
from listing_quality import (
    POINTS,
    BadPicture,
    Facts,
    NameIndex,
    Offered,
    assess,
    clean_text,
    fill,
    group_offers,
    inspect,
)
from PIL import Image

BEST = Facts(
    title="Leaf desk lamp with a green shade",
    description="Warm light in three steps. " * 8,
    pictures=3,
    side=1200,
    category=True,
    attributes=1,
    gtin=True,
    weight=0.8,
    brand="Lumen",
    seo_title="Leaf desk lamp with a green shade",
    seo_description="Swivelling LED desk lamp with a leaf-green shade and warm light in three steps.",
    price=34.9,
    promise=True,
)


def test_examples_in_the_code_hold():
    for module in pkgutil.iter_modules(listing_quality.__path__):
        found = doctest.testmod(importlib.import_module(f"listing_quality.{module.name}"))
        assert not found.failed, module.name


def test_points_are_a_hundred_and_a_perfect_listing_has_them():
    assert sum(points for points, _check in POINTS) == 100
    assert assess(BEST) == (100, [])


def test_every_missing_point_has_a_reason_with_its_points():
    score, missing = assess(Facts())
    assert score + sum(figures["points"] for _code, figures in missing) == 100
    assert [figures["points"] for _code, figures in missing] == sorted(
        (figures["points"] for _code, figures in missing), reverse=True
    )
    codes = {code for code, _figures in missing}
    assert {"picture_missing", "description_missing", "gtin_missing", "seo_title_missing"} <= codes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "Lamp"}, "title_short"),
        ({"title": "lamp " * 40}, "title_long"),
        ({"title": "LED DESK LAMP BEST QUALITY"}, "title_loud"),
        ({"description": "Nice."}, "description_short"),
        ({"pictures": 1}, "pictures_few"),
        ({"side": 300}, "picture_small"),
        ({"weight": 0.0}, "weight_missing"),
        ({"price": 0.0}, "price_zero"),
        ({"seo_description": "x" * 300}, "seo_description_long"),
    ],
)
def test_one_fault_costs_its_points(change, code):
    values = {name: getattr(BEST, name) for name in Facts.__dataclass_fields__}
    score, missing = assess(Facts(**{**values, **change}))
    assert [reason[0] for reason in missing] == [code]
    assert score == 100 - missing[0][1]["points"]


def test_a_chinese_title_is_measured_in_its_own_width():
    assert not [code for code, _f in assess(Facts(title="绿色叶子护眼台灯"))[1] if code.startswith("title_")]


def test_templates_drop_what_is_empty_and_never_show_braces():
    assert fill("{name}[ – {brand}] | {shop}", {"name": "Lamp", "shop": "Shop"}) == "Lamp | Shop"
    assert "{" not in fill("{name} {unheard} {0}", {"name": "Lamp"})
    assert len(fill("{description}", {"description": "word " * 100}, 160)) <= 160


def test_a_suppliers_text_tells_no_customer_where_he_is():
    text = clean_text("<div>Solid oak</div><div>微信 dawn88</div><div>Tel 0755-1234 5678</div><p>www.dawn.cn</p>")
    assert text == "Solid oak"
    assert clean_text("<p onclick=x>Size 20 x 30 cm, 4000 K</p>") == "Size 20 x 30 cm, 4000 K"


def test_variants_without_a_difference_are_told_by_their_codes():
    offers = [Offered(n, f"C{n}", 1, "G", attributes=(("Size", "M"),)) for n in (1, 2)]
    (group,) = group_offers(offers)
    assert group.grid == {"Variant": ["M (C1)", "M (C2)"]}


def test_two_warehouses_with_the_same_variant_are_one_variant():
    offers = [
        Offered(1, "T-M", 1, "T", attributes=(("Size", "M"),)),
        Offered(2, "T-M", 1, "T", attributes=(("Size", "M"),)),
        Offered(3, "T-L", 1, "T", attributes=(("Size", "L"),)),
    ]
    (group,) = group_offers(offers)
    assert [[offer.key for offer in variant.offers] for variant in group.variants] == [[1, 2], [3]]


def test_a_sparse_grid_becomes_one_list():
    offers = [Offered(n, f"S{n}", 1, "G", attributes=(("A", str(n)), ("B", str(n)))) for n in range(20)]
    (group,) = group_offers(offers)
    assert list(group.grid) == ["Variant"]
    assert len(group.variants) == 20


def test_one_code_in_several_warehouses_is_one_product():
    east, west = Offered(1, "BELT", 1, barcode="04006381333931"), Offered(2, "BELT", 1)
    (group,) = group_offers([east, west])
    assert [[offer.key for offer in variant.offers] for variant in group.variants] == [[1, 2]]
    assert len(group_offers([Offered(1, "BELT", 1), Offered(2, "BELT", 2)])) == 2, "another supplier's code"
    other = Offered(3, "BELT", 1, barcode="04002051694098")
    assert len(group_offers([east, other])) == 2, "one of the barcodes is wrong: a person looks"


def test_the_same_group_code_of_two_suppliers_is_two_products():
    assert len(group_offers([Offered(1, "A", 1, "G"), Offered(2, "A", 2, "G")])) == 2


def test_likeness_of_many_names_is_quick_and_names_the_best_first():
    names = [(n, f"Product number {n} red") for n in range(5000)] + [(9999, "Bamboo toothbrush holder")]
    found = NameIndex(names).find("Toothbrush holder bamboo")
    assert found[0][1] == 9999
    assert found[0][0] > 0.99


def picture(size=(400, 300), kind="JPEG", mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size, "green" if mode == "RGB" else 1).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_are_taken(kind):
    found = inspect(picture(kind=kind))
    assert (found.width, found.height) == (400, 300)
    assert Image.open(io.BytesIO(found.data)).format in ("JPEG", "PNG")


def bomb():
    """A PNG that says it has 100,000 x 100,000 pixels."""
    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    size = (100_000).to_bytes(4, "big")
    header = chunk(b"IHDR", size + size + bytes([1, 0, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"<!DOCTYPE html><title>Login</title>", "page"),
        (b"\xef\xbb\xbf<html><body>404</body>", "page"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "svg"),
        (b"<!-- x --><svg/>", "svg"),
        (b"%PDF-1.4 whatever", "not_a_picture"),
        (b"\xff\xd8\xff\xe0 this is no jpeg", "not_a_picture"),
        (picture()[:-600], "broken"),
        (picture((20, 20)), "too_small"),
        (bomb(), "too_many_pixels"),
    ],
)
def test_what_is_no_picture_is_refused_by_what_it_is(data, code):
    with pytest.raises(BadPicture) as error:
        inspect(data)
    assert error.value.code == code
