"""The order desk follows its parcels, in both languages: from the overview to the carrier who lost one."""

import pytest
from stories import keep, row, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow.action_dropship_"


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


WORDS = {
    "en_US": {"open": "Parcels on their way", "lost": "Lost parcels", "chase": "Chase", "seen": "Leipzig"},
    "zh_CN": {"open": "在途包裹", "lost": "丢失的包裹", "chase": "催件", "seen": "Leipzig"},
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
    chrome.click(".o_switch_view.o_kanban")
    chrome.wait(".o_kanban_view .o_kanban_record")
    keep(chrome, f"parcels_kanban_{tag}")
    # One parcel: where it was, and what the order says about it
    box = record(world, "far")
    chrome.go(f"{world.url}/odoo/dropship.shipment/{box}", ".o_form_view .o_field_widget[name=event_ids] tr.o_data_row")
    chrome.wait(".o_field_widget[name=event_ids]", text=words["seen"])
    keep(chrome, f"parcel_{tag}")
    order = row(world, 'print("ROW", env.ref("dropship_flow.order_parcel_far").id)')
    chrome.go(f"{world.url}/odoo/sales/{order}", "div[name=dropship_waiting]")
    chrome.wait("div[name=dropship_waiting]", text=words["seen"])
    keep(chrome, f"parcel_order_{tag}")
    # What needs somebody
    chrome.go(f"{world.url}{ACTION}overview", ".o_form_view .o_kanban_record")
    assert card(chrome, words["lost"]) == 1
    chrome.wait(".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)")
    keep(chrome, f"parcel_lost_{tag}")
    for name in ("claim", "parcel_back", "parcel_sla"):
        chrome.go(f"{world.url}{ACTION}{name}", ".o_list_view, .o_kanban_view")
        keep(chrome, f"parcels_{name}_{tag}")


def test_the_carrier_is_chased(world, chrome):
    """A parcel stands still: one button asks where it is, and the exception sleeps until there can be an answer."""
    box = record(world, "customs")
    chrome.login(world.url, "desk")
    speak(chrome, "zh_CN")
    chrome.go(f"{world.url}{ACTION}exception", ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)")
    keep(chrome, "parcel_board_zh")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}/odoo/dropship.shipment/{box}", ".o_form_view button[name=action_chase]")
    chrome.click("button[name=action_chase]")
    chrome.wait(".modal .o_field_widget[name=text] textarea")
    keep(chrome, "parcel_chase_en")
    chrome.click(".modal button[name=action_apply]")
    chrome._until(lambda: chrome.run("!document.querySelector('.modal')"), 20, "the form stays open")
    chased, snoozed = row(
        world,
        f'box = env["dropship.shipment"].browse({box})\n'
        'one = box._open_parcel_exceptions(("parcel_customs",))\n'
        'print("ROW", [box.chased, bool(one.is_snoozed)])',
    )
    assert (chased, snoozed) == (1, True)


def test_the_lost_one_is_claimed(world, chrome):
    box = record(world, "lost")
    chrome.login(world.url, "desk")
    chrome.go(f"{world.url}/odoo/dropship.shipment/{box}", ".o_form_view button[name=action_claim_loss]")
    keep(chrome, "parcel_lost_form_en")
    chrome.click("button[name=action_claim_loss]")
    chrome.wait(".o_form_view .o_field_widget[name=amount]")
    keep(chrome, "parcel_claim_en")
    back = row(
        world,
        'print("ROW", env.ref("dropship_flow.order_parcel_refused").dropship_shipment_ids.back_ids.id)',
    )
    chrome.go(f"{world.url}/odoo/dropship.parcel.back/{back}", ".o_form_view .o_field_widget[name=freight_back]")
    keep(chrome, "parcel_back_en")
