"""The order desk follows its parcels, in both languages: from the overview to the carrier who lost one."""

import pytest
from stories import ACTION, closed, keep, row, speak

pytestmark = pytest.mark.browser


def record(world, name):
    return row(world, f'print("ROW", env.ref("dropship_flow.order_parcel_{name}").dropship_shipment_ids[:1].id)')


def card(chrome, title):
    """The figure of a card of the overview, and a click on it."""
    chrome.wait(".o_kanban_record .fs-5", text=title)
    code = """
    (() => {
        const card = [...document.querySelectorAll('.o_kanban_record')].find((one) => one.innerText.includes('TITLE'));
        const count = parseInt(card.querySelector('.fs-2').innerText);
        card.querySelector('a').click();
        return count;
    })()
    """
    return chrome.run(code.replace("TITLE", title))


def both_companies(chrome):
    """The companies the desk works in, as its switcher has them."""
    chrome.run("document.cookie = 'cids=1-2; path=/'")


WORDS = {
    "en_US": {"open": "Parcels on their way", "lost": "Lost parcels"},
    "zh_CN": {"open": "在途包裹", "lost": "丢失的包裹"},
}


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_a_morning_with_the_parcels(world, chrome, lang):
    tag, words = lang[:2], WORDS[lang]
    chrome.login(world.url, "desk")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}overview", ".o_form_view .o_kanban_record")
    keep(chrome, f"parcels_overview_{tag}", full=True)
    count = card(chrome, words["open"])
    chrome.wait(".o_list_view tr.o_data_row")
    assert count and chrome.run("document.querySelectorAll('.o_list_view tr.o_data_row').length") == count
    keep(chrome, f"parcels_list_{tag}")
    if lang == "zh_CN":
        chrome.click(".o_switch_view.o_kanban")
        chrome.wait(".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)")
        keep(chrome, f"parcels_kanban_{tag}")
    # One parcel: where it was, and what the order says about it
    box = record(world, "far")
    chrome.go(f"{world.url}{ACTION}shipment/{box}", ".o_form_view .o_field_widget[name=event_ids] tr.o_data_row")
    chrome.wait(".o_field_widget[name=event_ids]", text="Leipzig")
    keep(chrome, f"parcel_{tag}")
    if lang == "zh_CN":
        return
    order = row(world, 'print("ROW", env.ref("dropship_flow.order_parcel_far").id)')
    chrome.go(f"{world.url}/odoo/sales/{order}", "div[name=dropship_waiting]")
    chrome.wait("div[name=dropship_waiting]", text="Leipzig")
    keep(chrome, f"parcel_order_{tag}")


def test_the_supplier_is_chased_from_the_board(world, chrome):
    """One button on the exception asks where the parcel is; it sleeps until there can be an answer."""
    chrome.login(world.url, "buyer")
    speak(chrome, "zh_CN")
    chrome.go(f"{world.url}{ACTION}overview", ".o_form_view .o_kanban_record")
    assert card(chrome, "滞留海关的包裹") == 1
    chrome.wait(".o_kanban_view .o_kanban_record button[name=action_chase]")
    keep(chrome, "parcel_board_zh")
    chrome.click(".o_kanban_record button[name=action_chase]")
    chrome.wait(".modal .o_field_widget[name=text] textarea")
    keep(chrome, "parcel_chase_zh")
    chrome.click(".modal button[name=action_apply]")
    closed(chrome)
    found = row(
        world,
        'box = env.ref("dropship_flow.order_parcel_customs").dropship_shipment_ids\n'
        'one = box._open_parcel_exceptions(("parcel_customs",))\n'
        'print("ROW", [box.chased, bool(one.is_snoozed)])',
    )
    assert found == [1, True]


def test_the_desk_claims_the_lost_one(world, chrome):
    chrome.login(world.url, "desk")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}{ACTION}shipment/{record(world, 'lost')}", ".o_form_view button[name=action_claim_loss]")
    chrome.click("button[name=action_claim_loss]")
    chrome.wait(".o_form_view .o_field_widget[name=amount]")
    keep(chrome, "parcel_claim_en")
    both_companies(chrome)
    chrome.go(f"{world.url}{ACTION}parcel_back", ".o_list_view tr.o_data_row")
    keep(chrome, "parcels_back_en")
    chrome.click(".o_data_row td[name=shipment_id]")
    chrome.wait(".o_form_view .o_field_widget[name=freight_back]")
    keep(chrome, "parcel_back_en")
    speak(chrome, "zh_CN")
    for name in ("claim", "parcel_sla"):
        chrome.go(f"{world.url}{ACTION}{name}", ".o_list_view tr.o_data_row")
        keep(chrome, f"parcels_{name}_zh")
