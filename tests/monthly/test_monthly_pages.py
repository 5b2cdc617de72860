"""Charts that draw what they are told, and pages with a line above them."""

import io
import xml.etree.ElementTree as tree

import pytest
from monthly.charts import draw
from monthly.stamp import pages_of, stamp
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

SVG = "{http://www.w3.org/2000/svg}"


def drawn(kind, values, labels=None, **more):
    labels = labels or [f"L{number}" for number in range(len(values))]
    chart = {"kind": kind, "title": "Cash & <more>", "labels": labels, "values": values, **more}
    return draw(chart, lambda amount: f"{amount:.0f}")


@pytest.mark.parametrize("kind", ["bars", "columns", "line"])
@pytest.mark.parametrize("values", [[5.0], [-5.0, 0.0, 12.0], [0.004, 0.001], [1e9, -1e9]])
def test_every_chart_is_a_picture_of_its_own(kind, values):
    text = drawn(kind, values)
    picture = tree.fromstring(text)
    assert picture.tag == f"{SVG}svg"
    assert "href" not in text and "<script" not in text and "url(" not in text
    for box in picture.iter(f"{SVG}rect"):
        assert float(box.get("width")) > 0 and float(box.get("height")) > 0
        assert -1 <= float(box.get("x")) <= 681


def test_bars_are_as_long_as_their_values():
    boxes = list(tree.fromstring(drawn("bars", [100.0, 50.0])).iter(f"{SVG}rect"))
    assert float(boxes[0].get("width")) == pytest.approx(2 * float(boxes[1].get("width")), abs=0.2)


def test_losses_are_red_and_on_the_other_side():
    boxes = list(tree.fromstring(drawn("bars", [100.0, -50.0])).iter(f"{SVG}rect"))
    assert boxes[0].get("fill") != boxes[1].get("fill")
    assert float(boxes[1].get("x")) + float(boxes[1].get("width")) == pytest.approx(float(boxes[0].get("x")), abs=0.2)


def test_names_are_no_tags():
    texts = [node.text for node in tree.fromstring(drawn("bars", [1.0], ["<script>&"])).iter(f"{SVG}text")]
    assert "<script>&" in texts


def test_nothing_to_draw():
    assert drawn("bars", []) == "" and drawn("line", [0.0, 0.0]) == ""


def pdf(*texts):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for text in texts:
        canvas.drawString(100, 700, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_a_line_on_every_page():
    content = stamp(pdf("one", "two"), pdf("Page 1 of 2", "Page 2 of 2"))
    assert pages_of(content) == 2
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert all(word in text for text, words in zip(texts, [("one", "1 of 2"), ("two", "2 of 2")], strict=True)
               for word in words)  # fmt: skip


def test_not_as_many_lines_as_pages():
    with pytest.raises(ValueError, match="1 pages over 2"):
        stamp(pdf("one", "two"), pdf("Page 1 of 1"))


def test_what_is_stamped_opens_again():
    reader = PdfReader(io.BytesIO(stamp(pdf("one"), pdf("Page 1 of 1"))))
    writer = PdfWriter(clone_from=reader)
    assert len(writer.pages) == 1
