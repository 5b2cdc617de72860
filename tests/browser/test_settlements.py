"""A supplier's statement as the accountant sees it: balance, differences, approval and payment, in both languages."""

import pytest
from stories import keep, row, speak

pytestmark = pytest.mark.browser
READY = """
settlement = env.ref("dropship_flow.demo_settlement")
print("ROW", {"settlement": settlement.id, "name": settlement.name})
"""


@pytest.fixture(scope="module")
def records(world):
    return row(world, READY)


def test_the_accountant_reads_approves_and_pays(world, records, chrome):
    chrome.login(world.url, "accountant")
    form = f"{world.url}/odoo/action-dropship_flow.action_dropship_settlement/{records['settlement']}"
    for lang in ("zh_CN", "en_US"):
        speak(chrome, lang)
        chrome.go(form, ".o_form_view div[name=tie_text], .o_form_view .o_field_widget[name=tie_text]")
        keep(chrome, f"statement_{lang[:2]}")
        assert not chrome.run("!!document.querySelector('.o_error_dialog')")
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
