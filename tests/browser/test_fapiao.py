"""A customer in China says on a phone which fapiao he wants; the accountant issues it."""

import pytest
from stories import fits, keep, row, speak

pytestmark = pytest.mark.browser

# The shop of Hangzhou, with a cart that has an address, and the page of an order of the same customer.
READY = """
company = env.ref("dropship_flow.company_hangzhou")
website = env.ref("website.default_website")
website.company_id = company
website.language_ids = env.ref("base.lang_en") | env.ref("base.lang_zh_CN")
order = env["sale.order"].create({
    "partner_id": env.ref("dropship_flow.customer_westlake").id, "company_id": company.id,
    "pricelist_id": env.ref("dropship_flow.pricelist_douyin").id,
    "order_line": [(0, 0, {"product_id": env.ref("dropship_flow.product_thermos").id, "product_uom_qty": 2})],
})
order.action_confirm()
env.cr.commit()
print("ROW", {"order": order.get_portal_url(), "id": order.id, "company": company.id})
"""
KEPT = """
order = env["sale.order"].browse(%s)
print("ROW", [order.dropship_fapiao_kind, order.dropship_fapiao_title_id.tax_number])
"""
SPECIAL = {
    "name": "杭州西湖茶社有限公司", "tax_number": "91350200776049653A", "address": "龙井路 1 号",
    "phone": "0571-85550001", "bank": "工商银行", "account": "1202020209900012345",
    "email": "fapiao@westlake.example.com",
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(world):
    return row(world, READY)


@pytest.mark.parametrize("prefix", ["", "/zh_CN"])
def test_the_customer_says_it_on_a_phone(world, phone, shop, prefix):
    tag = "zh" if prefix else "en"
    phone.go(f"{world.url}{prefix}{shop['order']}", ".o_dropship_fapiao")
    phone.click("label[for=fapiao_special]")
    for name, text in {**SPECIAL, "tax_number": "91350200776049653B"}.items():
        phone.fill(f"#fapiao_{name}", text)
    phone.click(".o_fapiao_save")
    phone.wait(".o_fapiao_state.text-danger", text="税号" if prefix else "mistyped")
    keep(phone, f"fapiao_wrong_{tag}")
    phone.fill("#fapiao_tax_number", SPECIAL["tax_number"])
    phone.click(".o_fapiao_save")
    phone.wait(".o_fapiao_state.text-success")
    fits(phone)
    keep(phone, f"fapiao_form_{tag}", full=True)
    assert row(world, KEPT % shop["id"]) == ["special", SPECIAL["tax_number"]]


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_accountant_issues_and_sees_who_owes(world, chrome, shop, lang):
    tag = lang[:2]
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.run(f"document.cookie = 'cids={shop['company']}; path=/'")
    for name in ("todo", "owed", "received"):
        chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_fapiao_{name}", ".o_list_view")
        chrome.wait(".o_data_row, .o_group_header")
        keep(chrome, f"fapiao_{name}_{tag}")
