"""A supplier's statement: the accountant sends it, the supplier reads it on his phone, objects and reads the answer."""

import subprocess

import pytest
from stories import SHOTS, fits, keep, row, speak

pytestmark = pytest.mark.browser

SEND = """
statement = env.ref("dropship_flow.demo_settlement")
if statement.state == "draft":
    statement.with_user(env.ref("dropship_flow.user_accountant")).action_send()
link, url = env["dropship.supplier.link"]._make(statement.supplier_id, statement.company_id)
line = statement.line_ids.filtered(lambda line: line.kind == "bill")[:1]
print("ROW", [statement.id, line.id, statement.name, "/supplier/" + url.rpartition("/")[2]])
"""


def words(lang):
    if lang == "zh_CN":
        return {"object": "提出异议", "agree": "同意", "text": "运费应为 140 欧元", "answer": "运费按合同"}
    return {"object": "Object", "agree": "I agree", "text": "Freight was 140", "answer": "Freight as agreed"}


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_supplier_reads_objects_and_hears_the_answer(world, phone, lang):
    statement, line, name, base = row(world, SEND)
    tag, said = lang[:2], words(lang)
    url = world.url + base
    phone.go(f"{url}/statements?speak={lang}", "#desk_statements a")
    fits(phone)
    keep(phone, f"statements_{tag}", full=True)
    phone.go(f"{url}/statements/{statement}", "#desk_statement")
    assert name in phone.text()
    fits(phone)
    keep(phone, f"statement_phone_{tag}", full=True)
    phone.run(f"document.querySelector('#line_{line} details').open = true")
    phone.fill(f"#line_{line} textarea", said["text"])
    fits(phone)
    phone.click(f"#line_{line} button", said["object"])
    phone.wait("#objections", text=said["text"])
    row(
        world,
        f"""
objection = env["dropship.settlement"].browse({statement}).objection_ids.filtered(lambda one: one.state == "open")
objection.answer = {said["answer"]!r}
objection.action_refuse()
env.cr.commit()
print("ROW", objection.state == "refused")
""",
    )
    phone.go(f"{url}/statements/{statement}", "#objections")
    assert said["answer"] in phone.text()
    fits(phone)
    keep(phone, f"statement_answered_{tag}", full=True)


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_accountant_looks_at_it_and_at_its_paper(world, chrome, lang):
    statement, _line, name, _base = row(world, SEND)
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.go(f"{world.url}/odoo/dropship.settlement/{statement}", ".o_form_view .o_field_widget[name=closing]")
    keep(chrome, f"settlement_{lang[:2]}", full=True)
    chrome.go(f"{world.url}/report/html/dropship_flow.report_settlement/{statement}", ".page")
    assert name in chrome.text()
    keep(chrome, f"settlement_paper_{lang[:2]}", full=True)


def test_the_pdf_as_it_is_printed(world):
    """The printed page, drawn by the program that prints it."""
    statement, *_rest = row(world, SEND)
    html = SHOTS / "settlement_paper.html"
    code = f"""
html = env["ir.actions.report"]._render_qweb_html("dropship_flow.report_settlement", [{statement}])[0]
open({str(html)!r}, "wb").write(html.replace(b"http://localhost:8069", {world.url.encode()!r}))
print("ROW", True)
"""
    assert row(world, code)
    picture = SHOTS / "settlement_pdf_en.png"
    subprocess.run(["wkhtmltoimage", "--quiet", "--width", "900", str(html), str(picture)], check=False)
    assert picture.stat().st_size > 10_000
