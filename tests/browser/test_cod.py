"""The accountant sees what carriers owe and what came in; the supplier reads how much to have collected."""

import pytest
from stories import keep, row, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow.action_dropship_"
WORDS = {
    "en_US": {"short": "168.00 instead of 178.00", "unknown": "EB600318999CN"},
    "zh_CN": {"short": "178.00", "unknown": "EB600318999CN"},
}


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_what_carriers_owe_and_hand_over(world, chrome, lang):
    tag, words = lang[:2], WORDS[lang]
    remittance = row(
        world,
        """
company = env.ref("dropship_flow.company_hangzhou")
env["res.users"].search([("login", "=", "accountant")]).company_ids |= company
found = env["dropship.remittance"].search([("company_id", "=", company.id)], order="id", limit=1)
print("ROW", found.id)
env.cr.commit()
""",
    )
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.run("document.cookie = 'cids=1-2; path=/'")
    chrome.go(f"{world.url}{ACTION}collection", ".o_list_view .o_group_header")
    keep(chrome, f"cod_owed_{tag}")
    chrome.go(f"{world.url}{ACTION}remittance/{remittance}", ".o_field_widget[name=look_ids] tr.o_data_row")
    chrome.wait(".o_field_widget[name=look_ids]", text=words["short"])
    chrome.wait(".o_field_widget[name=look_ids]", text=words["unknown"])
    keep(chrome, f"cod_remittance_{tag}", full=True)
    chrome.go(f"{world.url}{ACTION}to_receive", ".o_list_view tr.o_data_row")
    keep(chrome, f"to_receive_{tag}")


def test_the_order_as_a_small_statement(world, chrome):
    order = row(world, 'print("ROW", env.ref("dropship_flow.order_cod_signed").id)')
    chrome.login(world.url, "owner")
    chrome.run("document.cookie = 'cids=1-2; path=/'")
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_order_desk/{order}", ".o_form_view")
    chrome.click(".o_notebook a[name=dropship_money]")
    chrome.wait(".o_field_widget[name=dropship_payout_received]", text="87.22")
    keep(chrome, "order_money_en", full=True)
