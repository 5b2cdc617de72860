"""Those who answer returns: agent, supplier and owner, on the cases of the demo world, in both languages."""

import pytest
from stories import closed, fits, keep, row, rows, speak
from test_returns import PHOTO

pytestmark = pytest.mark.browser

BOARD = "/odoo/action-dropship_flow_aftersales.action_dropship_return"
LANGS = pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
CASES = """
found = {}
for name in %s:
    order = env.ref(f"dropship_flow_aftersales.order_case_{name}")
    found[name] = env["dropship.return"].search([("line_ids.order_id", "=", order.id)]).id
print("ROW", found)
"""
CAME_TO_US = """
case = env["dropship.return"].browse(%s)
line = case.line_ids
if case.approval == "refused":
    case._record("redirect", "agent")
case._send_back("BACKTOUS%s")
case._record("arrive", "system", parcel=case.parcel_ids.key)
print("ROW", case.parcel_ids.id)
"""


@pytest.fixture(scope="module")
def cases(world):
    """{name in the demo: id}"""
    names = ["lamp", "stand", "clock", "mat", "cushion", "mug", "candle", "tote", "pot", "umbrella", "power", "phones"]
    return row(world, CASES % names)


@LANGS
def test_the_agent_sees_all_of_a_case(world, chrome, cases, lang):
    tag = lang[:2]
    chrome.login(world.url, "agent")
    speak(chrome, lang)
    chrome.go(f"{world.url}{BOARD}", ".o_kanban_view .o_kanban_record")
    keep(chrome, f"case_board_{tag}")
    for name in ("cushion", "mat", "lamp", "pot", "phones"):
        chrome.go(f"{world.url}{BOARD}/{cases[name]}", ".o_form_view .o_notebook")
        keep(chrome, f"case_form_{tag}" if name == "mat" else f"case_form_{name}_{tag}", full=name == "mat")


@LANGS
def test_an_offer_shows_its_calculation(world, chrome, cases, lang):
    tag = lang[:2]
    chrome.login(world.url, "agent")
    speak(chrome, lang)
    chrome.go(f"{world.url}{BOARD}/{cases['cushion']}", ".o_form_view .o_notebook")
    chrome.click("button[name=action_offer]")
    chrome.wait(".modal button[name=action_send]")
    keep(chrome, f"case_offer_{tag}")
    chrome.fill(".modal .o_field_widget[name=message] textarea", "We are sorry. Would this do?")
    if lang == "zh_CN":
        chrome.click(".modal button[name=action_send]")
        closed(chrome)
        stage = row(world, f'print("ROW", repr(env["dropship.return"].browse({cases["cushion"]}).stage))')
        assert stage == "your_turn"


def test_goods_that_came_to_us_are_inspected(world, chrome, cases):
    parcel = row(world, CAME_TO_US % (cases["pot"], cases["pot"]))
    chrome.login(world.url, "agent")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}/odoo/action-dropship_flow_aftersales.action_return_parcel/{parcel}", ".o_form_view")
    keep(chrome, "case_parcel_en")
    chrome.click("button[name=action_count]")
    chrome.wait(".modal button[name=action_apply]")
    keep(chrome, "case_inspect_en")
    chrome.click(".modal button[name=action_apply]")
    closed(chrome)
    state = row(world, f'print("ROW", repr(env["dropship.return.parcel"].browse({parcel}).state))')
    assert state in ("inspected", "counted")
    keep(chrome, "case_inspected_en")


def test_many_are_refused_at_once(world, chrome, cases):
    chrome.login(world.url, "agent")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}{BOARD}?view_type=list", ".o_view_controller")
    chrome.click("button.o_switch_view.o_list")
    chrome.wait(".o_list_view tr.o_data_row")
    keep(chrome, "case_list_en")
    found = rows(chrome)
    assert found > 8
    for name in ("Felix", "Anna"):
        chrome.run(
            f"[...document.querySelectorAll('tr.o_data_row')].find((one) => one.innerText.includes('{name}'))"
            ".querySelector('.o_list_record_selector input').click()"
        )
    chrome.click("button[name=action_decide]")
    chrome.wait(".modal button[name=action_apply]")
    chrome.click(".modal .o_field_widget[name=verb] input[data-value=refuse], .modal [name=verb] label", text="Refuse")
    chrome.fill(".modal .o_field_widget[name=message] textarea", "We cannot give more than the offer you have.")
    keep(chrome, "case_refuse_many_en")
    chrome.click(".modal button[name=action_apply]")
    chrome.wait(
        ".modal .o_data_row .text-bg-success, .modal .o_data_row .text-success, .modal .o_data_row .text-danger"
    )
    keep(chrome, "case_refused_many_en")


@LANGS
def test_the_supplier_at_his_desk(world, phone, cases, lang):
    tag, prefix = lang[:2], "/zh_CN" if lang == "zh_CN" else ""
    phone.login(world.url, "supplier")
    base = f"{world.url}{prefix}/my/dropship"
    phone.go(base, "#desk_returns")
    fits(phone)
    keep(phone, f"supplier_desk_returns_{tag}", full=True)
    for tab in ("approve", "confirm", "claims"):
        phone.go(f"{base}/returns?tab={tab}", "#desk_returns_list, nav")
        fits(phone)
        keep(phone, f"supplier_returns_{tab}_{tag}", full=True)
    side, counted, claim = row(world, SIDES % (cases["umbrella"], cases["power"], cases["mug"]))
    phone.go(f"{base}/returns/{side}", "#desk_return")
    phone.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    fits(phone)
    keep(phone, f"supplier_return_{tag}", full=True)
    phone.go(f"{base}/returns/{counted}", "#desk_count")
    fits(phone)
    keep(phone, f"supplier_count_{tag}", full=True)
    phone.go(f"{base}/claims/{claim}", "#desk_claim")
    fits(phone)
    keep(phone, f"claim_{tag}", full=True)
    if lang == "en_US":
        return
    phone.go(f"{base}/returns/{side}", "#desk_approve")
    phone.click("button[name=verb][value=approve]")
    phone.wait("#desk_done")
    phone.go(f"{base}/returns/{counted}", "#desk_count")
    phone.run(
        "(() => { document.querySelector('[id^=came_]').value = '1';"
        " const one = document.querySelector('[id^=condition_]'); one.value = one.options[1].value; })()"
    )
    node = phone.send("DOM.querySelector", nodeId=phone.send("DOM.getDocument")["root"]["nodeId"],
                      selector="#desk_own_photos")  # fmt: skip
    phone.send("DOM.setFileInputFiles", files=[str(PHOTO)], nodeId=node["nodeId"])
    phone.click("button[name=verb][value=count]")
    phone.wait("#desk_done")
    phone.go(f"{base}/claims/{claim}", "#desk_claim")
    phone.click("button[name=verb][value=accept]")
    phone.wait("#desk_done")
    keep(phone, f"claim_answered_{tag}", full=True)
    code = f"""
sides = env["dropship.return.side"].browse([{side}, {counted}])
print("ROW", [sides.mapped("state"), len(sides[1].photo_ids), env["dropship.claim"].browse({claim}).state])
"""
    assert row(world, code) == [["approved", "counted"], 1, "accepted"]


SIDES = """
cases = env["dropship.return"].browse([%s, %s, %s])
print("ROW", [cases[0].side_ids.id, cases[1].side_ids.id, cases[2].case_claim_ids.id])
"""


@LANGS
def test_the_owner_sees_what_is_urgent(world, chrome, lang):
    tag = lang[:2]
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_overview", ".o_form_view .o_kanban_record")
    keep(chrome, f"overview_returns_{tag}", full=True)
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_claim", ".o_view_controller")
    keep(chrome, f"claims_list_{tag}")
