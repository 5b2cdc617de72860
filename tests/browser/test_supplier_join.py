"""A supplier introduces himself on a phone: asks for a link, fills in the form in two sittings, waits for a person."""

import pytest
from stories import fits, keep, row, speak

pytestmark = pytest.mark.browser

OPEN = """
website = env["website"].search([], limit=1, order="id")
website.company_id.dropship_join_open = True
buyer = env["res.users"].search([("login", "=", "buyer")])
application, url = env["dropship.supplier.application"]._start(
    website.company_id, "li@bright-{tag}.example", lang="{lang}", reviewer=buyer
)
print("ROW", [application.id, "/supplier-join/" + url.rpartition("/")[2]])
"""
COMPANY = {
    "en": {"name": "Bright Lamps Ltd.", "contact_name": "Li Lei", "phone": "+86 755 1234 5678",
           "street": "Bao'an Road 1", "city": "Shenzhen", "goods": "Lamps and shades"},
    "zh": {"name": "深圳市明亮灯饰有限公司", "contact_name": "李雷", "phone": "+86 755 1234 5678",
           "street": "宝安大道1号", "city": "深圳", "goods": "台灯、灯罩"},
}  # fmt: skip
WORDS = {
    "en": {"send": "Send me the link", "keep": "Keep for later", "kept": "Kept.", "submit": "Send to review",
           "wrong": "fields in red", "thanks": "Thank you, we have it"},
    "zh": {"send": "发送链接", "keep": "暂存", "kept": "已保存", "submit": "提交审核",
           "wrong": "红色", "thanks": "谢谢"},
}  # fmt: skip


def pick(browser, name, text):
    """One of a list of choices, by its words."""
    browser.run(
        f"(() => {{ const list = document.querySelector('#join_{name}');"
        f" list.value = [...list.options].find((one) => one.text.trim() === '{text}').value; }})()"
    )


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_a_supplier_introduces_himself_on_a_phone(world, phone, lang):
    tag = lang[:2]
    application, path = row(world, OPEN.format(tag=tag, lang=lang))
    words, url = WORDS[tag], world.url + path
    phone.go(f"{world.url}/supplier-join?speak={lang}", "#join_email")
    fits(phone)
    keep(phone, f"join_open_{tag}", full=True)
    phone.fill("#join_name", COMPANY[tag]["name"])
    phone.fill("#join_email", f"new-{tag}@bright.example")
    phone.click("form button", words["send"])
    phone.wait("#join_sent")
    phone.go(f"{url}?speak={lang}", "#join_form")
    fits(phone)
    keep(phone, f"join_form_{tag}", full=True)
    phone.fill("#join_name", COMPANY[tag]["name"])
    phone.click("button[value=save]", words["keep"])
    phone.wait(".alert-info", text=words["kept"])
    assert phone.run("document.querySelector('#join_name').value") == COMPANY[tag]["name"]
    phone.click("button[value=submit]", words["submit"])
    phone.wait("#join_wrong", text=words["wrong"])
    fits(phone)
    keep(phone, f"join_wrong_{tag}", full=True)
    for name, text in COMPANY[tag].items():
        phone.fill(f"#join_{name}", text)
    china, germany, euro = row(
        world, f'there = env(context={{"lang": "{lang}"}})\n'
        'print("ROW", [there.ref("base.cn").name, there.ref("base.de").name, there.ref("base.EUR").name])'
    )  # fmt: skip
    for name, text in (("country_id", china), ("wh_country_id", china), ("rate_country_0", germany),
                       ("currency_id", euro)):  # fmt: skip
        pick(phone, name, text)
    for name, text in (("rate_price_0", "6.20"), ("rate_days_0", "8"), ("rate_late_0", "14")):
        phone.fill(f"#join_{name}", text)
    fits(phone)
    phone.click("button[value=submit]", words["submit"])
    phone.wait("#join_submitted", text=words["thanks"])
    fits(phone)
    keep(phone, f"join_sent_{tag}", full=True)
    assert phone.run("document.querySelector('#join_name').disabled"), "nothing is changed while somebody looks at it"
    found = row(
        world,
        f'one = env["dropship.supplier.application"].browse({application})\n'
        'print("ROW", [one.state, one.name, one.country_id.code, one.rate_ids.mapped("first_price")])',
    )
    assert found == ["submitted", COMPANY[tag]["name"], "CN", [6.2]], found


def test_a_link_that_is_none_says_what_to_do(world, phone):
    phone.go(f"{world.url}/supplier-join/{'0' * 52}", "h1")
    fits(phone)
    assert "not available" in phone.text("h1")


def test_the_buyer_looks_at_it(world, chrome):
    """What came in waits on the buyer's list, marked as new; nothing of it is a supplier yet."""
    application, _path = row(world, OPEN.format(tag="desk", lang="en_US"))
    chrome.login(world.url, "buyer")
    speak(chrome, "en_US")
    chrome.go(f"{world.url}/odoo/dropship.supplier.application/{application}", ".o_form_view .o_field_widget")
    keep(chrome, "join_review_en", full=True)
    assert row(world, f'print("ROW", [env["dropship.supplier.application"].browse({application}).supplier_id.id])') == [
        False
    ]
