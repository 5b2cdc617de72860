"""A morning at the order desk: what needs a person, found, understood and settled, in both languages."""

import pytest
from stories import closed, keep, look_for, row, rows, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow.action_"


def demo(world, name):
    return row(world, f'print("ROW", env.ref("dropship_flow.{name}").id)')


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_overview_opens_exactly_what_it_counts(world, chrome, lang):
    tag = lang[:2]
    chrome.login(world.url, "desk")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}dropship_overview", ".o_form_view .o_kanban_record")
    keep(chrome, f"overview_{tag}")
    card = ".o_kanban_record:has(.text-danger)"
    counted = int(chrome.run(f"document.querySelectorAll('{card} .text-danger')[1].innerText"))
    chrome.run(f"document.querySelectorAll('{card}')[1].querySelector('a').click()")
    chrome.wait(".o_list_view tr.o_data_row")
    assert counted and rows(chrome) == counted
    keep(chrome, f"needs_person_{tag}")


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_one_box_finds_an_order_by_anything(world, chrome, lang):
    tag = lang[:2]
    order_id = demo(world, "order_twice_first")
    name, purchase = row(
        world,
        f'order = env["sale.order"].browse({order_id})\n'
        'print("ROW", [order.name, order.dropship_purchase_ids[:1].name])',
    )
    chrome.login(world.url, "desk")
    speak(chrome, lang)
    for text in (name, purchase, "+49 40 5550160", "Brandt"):
        chrome.go(f"{world.url}{ACTION}order_desk", ".o_list_view tr.o_data_row")
        look_for(chrome, text)
        chrome._until(lambda: rows(chrome) in (1, 2, 3, 4), 20, f"{text} does not find its few orders")
        chrome.wait(".o_list_view tr.o_data_row", text=name)
    chrome.go(f"{world.url}{ACTION}order_desk", ".o_list_view tr.o_data_row")
    keep(chrome, f"desk_{tag}")


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_ordered_twice_is_looked_at_side_by_side(world, chrome, lang):
    tag = lang[:2]
    order_id = demo(world, "order_twice_second")
    chrome.login(world.url, "desk")
    speak(chrome, lang)
    chrome.go(f"{world.url}/odoo/sales/{order_id}", ".o_form_view div[name=dropship_gated]")
    keep(chrome, f"held_twice_{tag}")
    chrome.click("button[name=action_compare]")
    chrome.wait(".modal button[name=action_keep_both]")
    keep(chrome, f"side_by_side_{tag}")
    if lang == "zh_CN":
        chrome.click(".modal button[name=action_keep_both]")
        chrome.wait("div[name=dropship_waiting]")
        state = row(world, f'print("ROW", [env["sale.order"].browse({order_id}).dropship_stage])')
        assert state != ["held"]


def test_a_pasted_address_lets_the_order_go(world, chrome):
    order_id = demo(world, "order_no_street")
    chrome.login(world.url, "desk")
    chrome.go(f"{world.url}/odoo/sales/{order_id}", ".o_form_view div[name=dropship_gated]")
    chrome.click("button[name=action_dropship_paste]")
    chrome.fill(".modal .o_field_widget[name=text] textarea", "Elif Aydın\nRheinische Str. 12\n44137 Dortmund")
    chrome.click(".modal .modal-title")
    chrome.wait(".modal .o_field_widget[name=city] input", text="Dortmund")
    keep(chrome, "paste_en")
    chrome.click(".modal button[name=action_create]")
    closed(chrome)
    chrome.wait("div[name=dropship_waiting]")
    keep(chrome, "pasted_en")
    code = f"""
order = env["sale.order"].browse({order_id})
print("ROW", [order.dropship_stage, order.partner_shipping_id.street])
"""
    stage, street = row(world, code)
    assert street == "Rheinische Str. 12" and stage in ("at_supplier", "to_ship"), stage


def test_several_are_settled_at_once(world, chrome):
    """All held orders ticked, one button: what can be bought is bought, the others say why not."""
    chrome.login(world.url, "owner")
    speak(chrome, "zh_CN")
    chrome.go(f"{world.url}{ACTION}dropship_hold", ".o_list_view tr.o_data_row")
    keep(chrome, "holds_zh")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}{ACTION}dropship_hold", ".o_list_view tr.o_data_row")
    keep(chrome, "holds_en")
    before = rows(chrome)
    chrome.click(".o_list_view thead .o_list_record_selector input")
    chrome.click("button[name=action_release_selected]")
    chrome._until(lambda: 0 < rows(chrome) < before, 60, "nothing was released")
    keep(chrome, "released_en")
    kinds = row(
        world,
        'print("ROW", sorted(set(env["dropship.hold"].search([("state", "=", "open")]).mapped("kind"))))',
    )
    assert kinds == ["no_source"]
