"""The owner finds what a supplier offers, sees what each would leave, lists it and puts it on sale; prices follow."""

import pytest
from stories import ACTION, choose, keep, press, row, rows, speak

pytestmark = pytest.mark.browser
WORDS = {
    "en_US": {"word": "tray", "name": "Name", "stock": "In Stock", "new": "A new product", "draft": "Keep as drafts"},
    "zh_CN": {"word": "果盘", "name": "名称", "stock": "现货", "new": "新产品", "draft": "保留为草稿"},
}

NAMES = {
    "en": ["Bamboo serving tray", "Breakfast tray", "Walnut tea tray", "Folding tray table", "Bed tray of beech"],
    "zh": ["竹制果盘", "早餐果盘", "胡桃木果盘", "折叠果盘架", "榉木双层果盘"],
}
GOODS = """
tag, names = "{tag}", {names}
env["dropship.offer"].create([{{
    "warehouse_id": env.ref("dropship_flow.supply_szv").id, "currency_id": env.ref("base.EUR").id,
    "sku": f"TRAY-{{tag}}-{{number}}", "name": names[number], "price": price, "stock": stock, "weight": 0.4,
    "brand": "Zhulin", "category": "家居 > 餐厨",
}} for number, (price, stock) in enumerate([(4.2, 140), (6.8, 60), (9.5, 35), (14.9, 0), (11.0, 25)])])
# What one of them is called, a product of the shop is called already.
product = env["product.template"].create({{"name": names[-1], "type": "consu", "list_price": 39}})
print("ROW", product.id)
"""


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_from_an_offer_to_the_shop(world, chrome, lang):
    tag, words = lang[:2], WORDS[lang]
    names, word = NAMES[tag], words["word"]
    row(world, GOODS.format(tag=tag, names=names))
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}offer_browse", ".o_list_view tr.o_data_row")
    keep(chrome, f"browse_{tag}")
    search(chrome, words["name"], word)
    chrome.click(".o_searchview_dropdown_toggler")
    chrome.click(".o_filter_menu .o_menu_item", text=words["stock"])
    chrome.click(".o_searchview_dropdown_toggler")
    chrome._until(lambda: rows(chrome) == 4, 20, "the four trays in stock")
    chrome.click("thead .o_list_record_selector input")
    chrome.wait("button[name=action_browse_list]")
    keep(chrome, f"browse_chosen_{tag}")
    chrome.click("button[name=action_browse_list]")
    lines = ".o_field_widget[name=line_ids] tr.o_data_row"
    chrome.wait(lines, text=word)
    keep(chrome, f"list_table_{tag}")
    chrome.wait(".alert-warning")
    decide(chrome, f"{lines}.text-warning td[name=decision]", words["new"])
    keep(chrome, f"list_decided_{tag}")
    choose(chrome, ".o_field_widget[name=wanted]", words["draft"])
    chrome.click("button[name=action_apply]")
    chrome.click("button[name=action_open_listings]", seconds=60)
    chrome.wait(".o_list_view .o_data_row", text=word)
    keep(chrome, f"listings_made_{tag}")
    chrome.click("thead .o_list_record_selector input")
    chrome.click(".o_control_panel button[name=action_publish]")
    chrome.wait(".o_data_row .text-bg-success")
    keep(chrome, f"listings_published_{tag}")
    found = row(
        world,
        f'listings = env["dropship.listing"].search([("product_tmpl_id.name", "ilike", "{word}")])\n'
        'print("ROW", [listings.mapped("state"), all(one.product_tmpl_id.is_published == (one.state == "published")'
        " for one in listings)])",
    )
    assert found == [["published"] * 4, True], found
    chrome.click(".o_data_row td[name=product_tmpl_id]", text=names[0])
    chrome.wait(".o_form_view .o_field_widget[name=quality]")
    keep(chrome, f"listing_{tag}", full=True)


def search(chrome, field, text):
    """Type into the search box and say what it is, as its list of suggestions offers."""
    chrome.fill(".o_searchview_input", text)
    chrome.click(".o_searchview_autocomplete .o-dropdown-item", text=field)
    chrome.wait(".o_searchview_facet")


def decide(chrome, cell, word):
    chrome.click(cell)
    choose(chrome, cell, word)
    chrome.click(".o_form_sheet", seconds=5)


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_rules_and_a_price_that_is_refused(world, chrome, lang):
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}pricing_rule", ".o_list_view .o_data_row")
    keep(chrome, f"price_rules_{lang[:2]}")
    chrome.go(f"{world.url}{ACTION}price_change", ".o_list_view")
    change = 'env.ref("dropship_flow.price_change_thermos")'
    if row(world, f'print("ROW", [{change}.state])') == ["waiting"]:
        press(chrome, "13.40", "button[name=action_refuse]")
        chrome._until(lambda: row(world, f'print("ROW", [{change}.state])') == ["refused"], 20, "it is not refused")
    assert not chrome.run("!!document.querySelector('.o_list_view')?.innerText.includes('13.40')")
