"""A customer in China says on a phone which fapiao he wants; the accountant issues it, he reads its number."""

import pytest
from stories import closed, fits, keep, row, speak

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
NUMBER = "25337000000012345678"
SPECIAL = {
    "name": "杭州西湖茶社有限公司", "tax_number": "91350200776049653A", "address": "龙井路 1 号",
    "phone": "0571-85550001", "bank": "工商银行", "account": "1202020209900012345",
    "email": "fapiao@westlake.example.com",
}  # fmt: skip
# What was sold is billed with the title of the customer's choice.
BILLED = """
order = env["sale.order"].browse(%s)
order.order_line.qty_delivered = 2
order._create_invoices().action_post()
fapiao = env["dropship.fapiao"].search([("move_ids", "in", order.invoice_ids.ids)])
env.cr.commit()
print("ROW", [fapiao.id, fapiao.title, fapiao.state])
"""
ISSUED = """
fapiao = env["dropship.fapiao"].browse(%s)
print("ROW", [fapiao.state, fapiao.number])
"""


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


def test_the_number_comes_back_to_the_customer(world, chrome, phone, shop):
    """After the customer chose a title: billed, issued with 20 digits – 8 are refused – and shown on his page."""
    fapiao, title, state = row(world, BILLED % shop["id"])
    assert (title, state) == (SPECIAL["name"], "wanted")
    chrome.login(world.url, "accountant")
    speak(chrome, "zh_CN")
    chrome.run(f"document.cookie = 'cids={shop['company']}; path=/'")
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_fapiao_todo/{fapiao}", ".o_form_view")
    chrome.fill(".o_field_widget[name=number] input", "12345678")
    chrome.click("button[name=action_issue]")
    chrome.wait(".o_notification, .modal-body", text="20")
    keep(chrome, "fapiao_short_number_zh")
    chrome.run("document.querySelector('.modal .btn-close, .modal .btn-primary')?.click()")
    closed(chrome)
    chrome.fill(".o_field_widget[name=number] input", NUMBER)
    chrome.click("button[name=action_issue]")
    chrome.wait(".o_field_widget[name=number]", text=NUMBER)
    keep(chrome, "fapiao_issued_zh")
    assert row(world, ISSUED % fapiao) == ["issued", NUMBER]
    phone.go(f"{world.url}/zh_CN{shop['order']}", "#dropship_fapiao .alert-success")
    assert NUMBER in phone.text("#dropship_fapiao .alert-success")
    fits(phone)
    keep(phone, "fapiao_page_issued_zh", full=True)
