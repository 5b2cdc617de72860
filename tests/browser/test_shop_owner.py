"""The shop's owner: looks at what suppliers offer, lists some of it, sees what is on hold, decides about a price."""

import pytest
from stories import ACTION, keep, look_for, press, row, speak

pytestmark = pytest.mark.browser
WORDS = {
    "en_US": {"listed": "Listed", "held": "Discontinued by everybody", "margin": "Margin that is left"},
    "zh_CN": {"listed": "已上架", "held": "停产", "margin": "利润"},
}
CODES = {"en_US": "SZX-BULB", "zh_CN": "SZX-NIGHT"}


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_from_what_suppliers_offer_to_the_shop(world, chrome, lang):
    tag, code = lang[:2], CODES[lang]
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}offer_browse", ".o_list_view tr.o_data_row")
    chrome.wait(".o_list_view", text=code)
    keep(chrome, f"offers_new_{tag}")
    look_for(chrome, "DUI-")
    chrome.wait(".o_list_view td[name=browse_landed]", text="€")
    keep(chrome, f"offers_{tag}")
    chrome.click(".o_searchview .o_facet_remove")
    chrome.wait(".o_list_view", text=code)
    press(chrome, code, ".o_list_record_selector input")
    chrome.click("button[name=action_browse_list]")
    chrome.wait(".o_form_view .o_field_widget[name=line_ids] tr.o_data_row")
    keep(chrome, f"offers_to_list_{tag}")
    decide(chrome)
    chrome.click("button[name=action_apply]")
    chrome.wait(".o_form_view button[name=action_open_listings]")
    found = row(
        world,
        f'offer = env["dropship.offer"].search([("sku", "=", "{code}")], limit=1)\n'
        "listings = offer.product_id.product_tmpl_id.dropship_listing_ids\n"
        'print("ROW", [bool(offer.product_id), listings.mapped("wanted")])',
    )
    assert found == [True, ["published"]]


def decide(chrome):
    """A product that may be there already is a new one."""
    cell = ".o_field_widget[name=line_ids] tr.o_data_row.text-warning td[name=decision]"
    if chrome.run(f"!!document.querySelector('{cell}')"):
        chrome.click(cell)
        chrome.click(f"{cell} input, {cell} .o_select_menu_toggler")
        chrome.click(".o_select_menu_item:first-child")
        chrome.click(".o_form_sheet")


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_list_says_what_stands_against_each(world, chrome, lang):
    tag, words = lang[:2], WORDS[lang]
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}listing", ".o_list_view tr.o_data_row")
    chrome.wait(".o_list_view td[name=reason_text]", text=words["held"])
    keep(chrome, f"listings_{tag}")
    chrome.go(f"{world.url}{ACTION}pricing_rule", ".o_list_view tr.o_data_row")
    rule = row(world, 'print("ROW", env.ref("dropship_flow.price_rule_shop").id)')
    chrome.go(f"{world.url}{ACTION}pricing_rule/{rule}", ".o_form_view .o_field_widget[name=example] td")
    chrome.run("document.querySelector('.o_field_widget[name=example]').scrollIntoView({block: 'end'})")
    keep(chrome, f"price_rule_{tag}")


def test_a_large_change_of_a_price_waits_for_the_owner(world, chrome):
    chrome.login(world.url, "owner")
    for lang in ("en_US", "zh_CN"):
        speak(chrome, lang)
        chrome.go(f"{world.url}{ACTION}price_change", ".o_list_view tr.o_data_row")
        chrome.wait(".o_list_view td[name=reason]", text="13.40")
        keep(chrome, f"price_changes_{lang[:2]}")
    change = 'env.ref("dropship_flow.price_change_thermos")'
    press(chrome, "13.40", "button[name=action_accept]")
    chrome._until(
        lambda: not chrome.run("document.querySelector('.o_list_view')?.innerText.includes('13.40')"),
        20,
        "the price still waits",
    )
    found = row(
        world,
        f"change = {change}\nitem = change.channel_id.pricelist_id.item_ids.filtered(lambda item: "
        "item.dropship_ours and item.product_id == change.product_id)\n"
        'print("ROW", [change.state, item.fixed_price])',
    )
    assert found == ["applied", 31.9]
