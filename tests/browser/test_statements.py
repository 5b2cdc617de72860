"""A supplier's statement, from the draft to the payment.

The accountant looks at it and sends it; the supplier reads it on his phone, objects and reads the answer; then it is
approved and paid. The stories share one statement and are told in this order.
"""

import subprocess

import pytest
from stories import SHOTS, fits, keep, row, speak

pytestmark = pytest.mark.browser

FORM = "/odoo/action-dropship_flow.action_dropship_settlement/"
KNOWN = """
statement = env.ref("dropship_flow.demo_settlement")
print("ROW", [statement.id, statement.name, statement.state])
"""
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
def test_the_accountant_looks_at_it_and_at_its_paper(world, chrome, lang):
    statement, name, _state = row(world, KNOWN)
    tag = lang[:2]
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.go(f"{world.url}{FORM}{statement}", ".o_form_view .o_field_widget[name=tie_text]")
    chrome.wait(".o_form_view .o_field_widget[name=closing]")
    keep(chrome, f"statement_{tag}")
    keep(chrome, f"settlement_{tag}", full=True)
    assert not chrome.run("!!document.querySelector('.o_error_dialog')")
    chrome.go(f"{world.url}/report/html/dropship_flow.report_settlement/{statement}", ".page")
    assert name in chrome.text()
    keep(chrome, f"settlement_paper_{tag}", full=True)


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


def test_the_accountant_approves_and_pays(world, chrome):
    statement, *_rest = row(world, SEND)
    form = f"{world.url}{FORM}{statement}"
    chrome.login(world.url, "accountant")
    speak(chrome, "en_US")
    chrome.go(form, ".o_form_view button[name=action_approve]")
    chrome.click("button[name=action_approve]")
    chrome.wait(".modal .btn-primary")
    chrome.click(".modal .btn-primary")
    chrome.wait(".o_form_view button[name=action_pay]")
    keep(chrome, "statement_agreed_en")
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_settlement_due", ".o_list_view tr.o_data_row")
    keep(chrome, "statement_due_en")
    chrome.go(form, ".o_form_view button[name=action_pay]")
    chrome.click("button[name=action_pay]")
    chrome.wait(".modal .o_field_widget[name=line_ids] tr.o_data_row")
    keep(chrome, "statement_pay_en")
    chrome.click(".modal footer button[name=action_pay]")
    chrome.wait(".modal .o_field_widget[name=payment_ids] tr.o_data_row")
    keep(chrome, "statement_paid_en")
    assert row(world, KNOWN)[2] == "paid"
