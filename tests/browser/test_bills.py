"""The accountant and the suppliers' bills: what differs, what is held, what becomes of it."""

import pytest
from stories import closed, keep, row, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow.action_dropship_"
WORDS = {"en_US": "agreed was", "zh_CN": "约定单价"}


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_a_dearer_bill_is_explained(world, chrome, lang):
    tag = lang[:2]
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}bill_match", ".o_list_view tr.o_data_row")
    chrome.wait(".o_list_view", text=WORDS[lang])
    keep(chrome, f"bill_match_{tag}")
    chrome.go(f"{world.url}{ACTION}bills", ".o_list_view tr.o_data_row")
    keep(chrome, f"bills_{tag}")
    bill = row(
        world, 'print("ROW", env.ref("dropship_flow.order_parcel_today").sudo().dropship_purchase_ids.invoice_ids.id)'
    )
    chrome.go(f"{world.url}{ACTION}bills/{bill}", ".o_form_view .alert .o_field_widget[name=dropship_hold_text]")
    keep(chrome, f"bill_held_{tag}")


def test_the_difference_is_accepted(world, chrome):
    match = row(
        world,
        'print("ROW", env["dropship.bill.match"].search([("purchase_id", "in", '
        'env.ref("dropship_flow.order_parcel_today").dropship_purchase_ids.ids), ("kind", "=", "goods")]).id)',
    )
    chrome.login(world.url, "accountant")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}{ACTION}bill_match/{match}", ".o_form_view button[name=action_accept]")
    chrome.click("button[name=action_accept]")
    chrome.wait(".modal .o_field_widget[name=note] input")
    chrome.fill(".modal .o_field_widget[name=note] input", "agreed by telephone")
    chrome.click(".modal button[name=action_decide]")
    closed(chrome)
    chrome.wait(".o_form_view button[name=action_take_back]")
    keep(chrome, "bill_accepted_en")
