"""Papers of a purchase: the examples, and files that pretend to be something else."""

import doctest
import importlib
import io
import pkgutil
import zipfile

import papers
import pytest
from papers import MOVES, is_masked, kind_of, may_move, missing, price_changes, safe_name, wallet_left


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(papers.__path__)])
def test_examples(name):
    module = importlib.import_module(f"papers.{name}")
    assert doctest.testmod(module).failed == 0


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return buffer.getvalue()


def test_a_workbook_is_told_from_other_archives():
    assert kind_of(archive("[Content_Types].xml", "xl/workbook.xml")) == "xlsx"
    assert kind_of(archive("[Content_Types].xml", "word/document.xml")) == ""
    assert kind_of(archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")) == ""
    assert kind_of(archive("a.jar")) == ""
    assert kind_of(b"PK\x03\x04 cut off") == ""


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
        b"<?xml version='1.0'?><?xml-stylesheet href='x'?><x/>",
        b"<?xml version='1.0'?><x><h:script xmlns:h='http://www.w3.org/1999/xhtml'/></x>",
        "<?xml version='1.0' encoding='utf-16'?><svg/>".encode("utf-16"),
        "<?xml version='1.0' encoding='utf-16'?><svg/>".encode("utf-16-le"),
        b"  <SVG xmlns='x'/>",
        b"GIF89a",
        b"{\\rtf1}",
        b"just text",
        b"\x00" * 100,
    ],
)
def test_what_a_browser_would_run_is_no_document(data):
    assert kind_of(data) == ""


def test_an_invoice_in_xml_is_one():
    assert (
        kind_of('\ufeff<?xml version="1.0"?>\n<rsm:CrossIndustryInvoice>灯</rsm:CrossIndustryInvoice>\n'.encode())
        == "xml"
    )


@pytest.mark.parametrize("name", ["", None, "..", "/", "\\\\host\\x", "🙂" * 500, "a\nb.pdf", "con:.pdf", "x" * 5000])
def test_a_name_is_never_a_path(name):
    found = safe_name(name, "pdf")
    assert found.endswith(".pdf") and not set('/\\:\n"') & set(found) and 4 < len(found) < 100


def test_paid_is_never_to_pay_again():
    assert not any(old == "paid" and new != "none" for old, new in MOVES)
    assert may_move("paid", "paid") and not may_move("paid", "paying")


def test_price_below_agreed_is_a_change_too():
    assert price_changes({"1": 5.0}, {"1": 4.0})
    assert price_changes({"1": 5.0}, {"1": 5.0}, asked=10.004, total=10.0) == []


def test_a_wallet_is_exact_with_many_small_amounts():
    assert str(wallet_left(1000.0, [0.1] * 9999)) == "0.10"
    assert str(wallet_left(1000.0, [333.0], 1.0)) in ("667", "667.0")


@pytest.mark.parametrize("address", [None, {}, {"name": None}, {"name": "O'Neil", "phone": "+49 30 1"}])
def test_nobody_is_hidden_without_a_star(address):
    assert not is_masked(address)


def test_complete_goods_lack_nothing():
    row = {
        "product": "L", "product_id": 1, "hs": "940521", "name_en": "L", "name_zh": "", "origin": "CN", "value": 1.0,
    }  # fmt: skip
    assert missing([row], "full", {}) == []
    assert missing([{**row, "zh_wanted": True}], "full", {})[0][1]["missing"] == "name_zh"
