"""An agent's morning: the board, one case on one screen, an offer, and many answered at once, in both languages."""

import pytest
from stories import closed, keep, row, rows, speak

pytestmark = pytest.mark.browser
BOARD = "/odoo/action-dropship_flow_aftersales.action_dropship_return"
OPEN = """
env = env(context={**env.context, "tracking_disable": True})
reason = env["dropship.return.reason"].create({"name": "Arrived broken", "code": "story", "liable": "supplier"})
company = env.ref("base.main_company")
stages = ("delivered", "on_the_way")
orders = env["sale.order"].search([("dropship_stage", "in", stages), ("company_id", "=", company.id)])
cases = env["dropship.return"]
agent = env.ref("dropship_flow.user_agent")
for order in orders[:4]:
    line = order.order_line.filtered(lambda line: line._dropship_can_be_asked())[:1]
    asked = {"order_line": line, "qty": 1, "reason": reason, "wanted": "nothing", "note": "The glass is cracked"}
    cases |= cases._open(order, [asked], "customer", "portal", note="What can you do?", user_id=agent.id)
print("ROW", [case.id for case in cases if case.stage == "asked"])
"""


@pytest.fixture(scope="module")
def cases(world):
    """Ids of cases that wait for a person."""
    found = row(world, OPEN)
    assert len(found) > 2
    return found


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_board_and_a_case_on_one_screen(world, chrome, cases, lang):
    tag = lang[:2]
    chrome.login(world.url, "agent")
    speak(chrome, lang)
    chrome.go(f"{world.url}{BOARD}", ".o_kanban_view .o_kanban_record")
    keep(chrome, f"cases_board_{tag}")
    chrome.go(f"{world.url}{BOARD}/{cases[0]}", ".o_form_view .o_notebook")
    primary = "document.querySelectorAll('.o_statusbar_buttons .btn-primary').length"
    assert chrome.run(primary) == 1, "one next step"
    keep(chrome, f"case_{tag}")


def test_an_offer_is_made(world, chrome, cases):
    chrome.login(world.url, "agent")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}{BOARD}/{cases[0]}", ".o_form_view .o_notebook")
    chrome.click("button[name=action_offer]")
    chrome.wait(".modal button[name=action_send]")
    chrome.fill(".modal .o_field_widget[name=message] textarea", "We are sorry. Would this do?")
    keep(chrome, "case_offer_en")
    chrome.click(".modal button[name=action_send]")
    closed(chrome)
    chrome.wait(".o_field_widget[name=event_ids]", text="Would this do?")
    stage, by = row(
        world, f'case = env["dropship.return"].browse({cases[0]})\nprint("ROW", [case.stage, case.offer_id.by])'
    )
    assert (stage, by) == ("your_turn", "agent")


def test_many_are_answered_at_once(world, chrome, cases):
    chrome.login(world.url, "agent")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}{BOARD}?view_type=list", ".o_view_controller")
    chrome.click("button.o_switch_view.o_list")
    chrome.wait(".o_list_view tr.o_data_row")
    assert rows(chrome) >= len(cases)
    chrome.click(".o_list_view thead .o_list_record_selector input")
    chrome.click("button[name=action_decide]")
    chrome.wait(".modal button[name=action_apply]")
    chrome.click(".modal button[name=action_apply]")
    chrome.wait(".modal .o_data_row .text-bg-success, .modal .o_data_row .text-success")
    keep(chrome, "cases_decided_en")
    states = row(world, f'print("ROW", env["dropship.return"].browse({cases[1:]}).mapped("acceptance"))')
    assert set(states) == {"accepted"}, states
