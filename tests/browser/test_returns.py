"""A customer sends something back on a phone, as a guest too, and withdraws from a contract, in both languages."""

import pytest
from stories import ROOT, fits, keep, row

pytestmark = pytest.mark.browser

LANGS = pytest.mark.parametrize(("tag", "prefix"), [("en", ""), ("zh", "/zh_CN")])
GO_ON = ".d-grid button.btn-primary"
PHOTO = ROOT / "dropship_flow_aftersales/static/demo/lamp_broken.jpg"
SOLD = """
env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False
order = env["sale.order"].create({
    "partner_id": env.ref("dropship_flow.customer_%s").id,
    "website_id": env.ref("website.default_website").id,
    "pricelist_id": env.ref("dropship_flow.pricelist_shop").id,
    "order_line": [
        (0, 0, {"product_id": env.ref(f"dropship_flow.product_{name}").id, "product_uom_qty": qty})
        for name, qty in (("lamp", 1), ("mug", 2))
    ],
})
order._dropship_play_delivered(3, f"RETURNS{order.id}", "DHL", env.ref("dropship_flow.supplier_rhein").id)
print("ROW", [order.name, order.order_line.ids, order.partner_id.email])
"""
OFFERED = """
case = env["dropship.return"].search([], order="id desc", limit=1)
offer = case._offer_from("return")._replace(to="us", after="received")
case._record("offer", "agent", text="We take it back at our cost.", offer=offer)
print("ROW", [case.id, case.stage])
"""
LOOKED_AT = """
case = env["dropship.return"].browse(%s)
parcel = case.parcel_ids
case._record("arrive", "system", parcel=parcel.key)
case._inspect(parcel, [{"line": case.line_ids, "condition": "damaged", "qty": 1}])
case._record("close", "agent")
print("ROW", [case.stage, case.resolution_ids.mapped("state")])
"""


@pytest.fixture(scope="module", autouse=True)
def chinese(world):
    row(world, 'env.ref("base.lang_zh_CN").active = True\nprint("ROW", 1)')


def choose_reason(browser, code):
    """The first line's reason, by its number in the list."""
    browser.run(
        f"(() => {{ const one = document.querySelector('select[id^=dropship_reason_]'); one.value = '{code}';"
        " one.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def add_photo(browser, selector="#dropship_photos"):
    node = browser.send(
        "DOM.querySelector", nodeId=browser.send("DOM.getDocument")["root"]["nodeId"], selector=selector
    )
    browser.send("DOM.setFileInputFiles", files=[str(PHOTO)], nodeId=node["nodeId"])


def ask_for_the_lamp(phone, world, line, tag, who=""):
    """From the choice of articles to the page of the case."""
    reason = row(world, 'print("ROW", env.ref("dropship_flow_aftersales.reason_defective").id)')
    phone.wait(f"#dropship_pick_{line}")
    fits(phone)
    phone.click(f"#dropship_pick_{line}")
    keep(phone, f"returns_choose{who}_phone_{tag}", full=True)
    phone.click(GO_ON)
    phone.wait("#dropship_return_why")
    choose_reason(phone, reason)
    fits(phone)
    keep(phone, f"returns_why{who}_phone_{tag}", full=True)
    phone.click(GO_ON)
    phone.wait("#dropship_return_get")
    fits(phone)
    phone.click("label[for=dropship_wanted_refund_only]")
    keep(phone, f"returns_offers{who}_phone_{tag}", full=True)
    phone.click(GO_ON)
    phone.wait("#dropship_return_photos #dropship_needs")
    add_photo(phone)
    phone.click("button[name=go][value=add]")
    phone.wait("#dropship_return_photos img")
    fits(phone)
    keep(phone, f"returns_photos{who}_phone_{tag}", full=True)
    phone.click(GO_ON)
    phone.wait("#dropship_return_send")
    fits(phone)
    keep(phone, f"returns_check{who}_phone_{tag}", full=True)
    phone.click(GO_ON)
    phone.wait("#dropship_talk")
    fits(phone)


@LANGS
def test_from_the_choice_to_the_stars(world, phone, tag, prefix):
    _name, lines, _mail = row(world, SOLD % "anna")
    phone.login(world.url, "customer")
    phone.go(f"{world.url}{prefix}/my/returns", "main")
    fits(phone)
    keep(phone, f"returns_mine_phone_{tag}", full=True)
    phone.go(f"{world.url}{prefix}/my/returns/new", "#dropship_return_items")
    ask_for_the_lamp(phone, world, lines[0], tag)
    keep(phone, f"returns_asked_phone_{tag}", full=True)
    case, stage = row(world, OFFERED)
    assert stage == "your_turn"
    phone.go(f"{world.url}{prefix}/my/returns/{case}", "#dropship_offer")
    fits(phone)
    keep(phone, f"returns_offer_phone_{tag}", full=True)
    phone.click("#dropship_offer form[action$=take] button")
    phone.wait("#dropship_send", text="label" if tag == "en" else "面单")
    fits(phone)
    keep(phone, f"returns_send_phone_{tag}", full=True)
    row(world, f'env["dropship.return"].browse({case})._fetch_label()\nprint("ROW", 1)')
    phone.go(f"{world.url}{prefix}/my/returns/{case}", "#dropship_send a[href$='/label']")
    fits(phone)
    keep(phone, f"returns_label_phone_{tag}", full=True)
    paper = "fetch(document.querySelector(\"#dropship_send a[href$='/label']\").href)"
    assert phone.run(f"{paper}.then(answer => answer.headers.get('content-type'))") == "application/pdf"
    phone.fill("#dropship_number", f"BACK{case}SHOP")
    phone.fill("#dropship_carrier", "DHL")
    phone.click("#dropship_send form button")
    phone.wait("#dropship_parcels")
    fits(phone)
    keep(phone, f"returns_on_the_way_phone_{tag}", full=True)
    assert row(world, LOOKED_AT % case) == ["done", ["done"]]
    phone.go(f"{world.url}{prefix}/my/returns/{case}", "#dropship_rate")
    fits(phone)
    phone.click("label[for=dropship_star_5]")
    keep(phone, f"returns_rate_phone_{tag}", full=True)
    phone.click("#dropship_rate .d-grid button")
    phone.wait("#dropship_headline[data-said=done]")
    fits(phone)
    assert row(world, f'print("ROW", env["dropship.return"].browse({case}).score)') == 5


@LANGS
def test_a_guest_by_number_and_mail(world, phone, tag, prefix):
    name, lines, mail = row(world, SOLD % "jonas")
    phone.go(f"{world.url}{prefix}/track", "#dropship_lookup form")
    phone.fill("#dropship_reference", name)
    phone.fill("#dropship_contact", mail)
    phone.click("#dropship_lookup form button[type=submit]")
    phone.click("details:has(a[href*='/return']) summary")
    phone.wait("a.btn-primary[href*='/return']")
    fits(phone)
    keep(phone, f"returns_track_phone_{tag}", full=True)
    phone.click("a.btn-primary[href*='/return']")
    phone.wait("#dropship_return_items")
    ask_for_the_lamp(phone, world, lines[0], tag, "_guest")
    assert "/return/" in phone.run("location.pathname"), "his page has no login"
    by = row(world, 'print("ROW", repr(env["dropship.return"].search([], order="id desc", limit=1).origin))')
    assert by == "guest"


@LANGS
def test_withdrawing_in_two_steps(world, phone, tag, prefix):
    name, _lines, mail = row(world, SOLD % "lea")
    phone.go(f"{world.url}{prefix}/withdraw", "#dropship_withdraw form")
    fits(phone)
    keep(phone, f"returns_withdraw_phone_{tag}", full=True)
    phone.fill("#dropship_name", "Lea Vogel")
    phone.fill("#dropship_reference", name)
    phone.fill("#dropship_email", mail)
    phone.click("#dropship_withdraw " + GO_ON)
    phone.wait("#dropship_withdraw_confirm")
    fits(phone)
    keep(phone, f"returns_withdraw_confirm_phone_{tag}", full=True)
    phone.click("#dropship_withdraw_confirm " + GO_ON)
    phone.wait("#dropship_withdraw_done")
    fits(phone)
    keep(phone, f"returns_withdraw_done_phone_{tag}", full=True)
    code = f"""
order = env["sale.order"].search([("name", "=", "{name}")])
statement = env["dropship.return.withdrawal"].search([("order_id", "=", order.id)])
print("ROW", [statement.state, statement.case_ids.mapped("stage"), statement.case_ids.mapped("withdrawal")])
"""
    state, stages, by_law = row(world, code)
    assert state == "done" and by_law == [True] and stages[0] in ("send", "preparing")
