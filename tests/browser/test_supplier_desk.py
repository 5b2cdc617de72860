"""The supplier's own pages by a link without a login, on a phone and on a desk, in both languages; and two at once."""

import re
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

import pytest
from stories import fits, keep, row

pytestmark = pytest.mark.browser

BUY = """
supplier = env["dropship.supplier"].search([("name", "=", "Rheinlager GmbH")])
supplier.answer_mode = "manual"
owner = env["res.users"].search([("login", "=", "owner")])
customer = env.ref("dropship_flow.customer_mehmet")
env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False
names = []
for number in range(2):
    order = env.ref("dropship_flow.order_hero").with_user(owner).copy(
        dict.fromkeys(("partner_id", "partner_shipping_id", "partner_invoice_id"), customer.id)
    )
    order.sudo().dropship_gift_note = "Alles Gute zum Geburtstag!"
    order.action_confirm()
    purchase = order.dropship_purchase_ids.filtered(lambda p: p.state == "sent")
    names.append([purchase.id, purchase.name])
link, url = env["dropship.supplier.link"]._make(supplier, order.company_id)
print("ROW", [names, "/supplier/" + url.rpartition("/")[2]])
"""


def state(world, purchase_id):
    code = f"""
purchase = env["purchase.order"].browse({purchase_id})
answers = purchase.dropship_exchange_ids.filtered(lambda message: message.direction == "in")
print("ROW", [purchase.state, len(answers), purchase.picking_ids.mapped("state"),
              purchase.picking_ids.mapped("carrier_tracking_ref")])
"""
    return row(world, code)


WORDS = {
    "en": {"accept": "Accept the order", "shipped": "Shipped", "check": "Check", "enter": "Enter these numbers"},
    "zh": {"accept": "接单", "shipped": "已发货", "check": "核对", "enter": "录入这些单号"},
}


@pytest.mark.parametrize("tag", ["en", "zh"])
def test_on_a_phone(world, phone, tag):
    orders, base = row(world, BUY)
    (first, first_name), (_second, second_name) = orders
    url, words = world.url + base, WORDS[tag]
    phone.go(f"{url}?speak={'zh_CN' if tag == 'zh' else 'en_US'}", "#desk_orders a")
    fits(phone)
    keep(phone, f"supplier_list_{tag}", full=True)
    phone.go(f"{url}/order/{first}", "#desk_order")
    fits(phone)
    phone.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    fits(phone)
    phone.shot(f"supplier_order_open_{tag}", full=True)
    phone.go(f"{url}/order/{first}", "#desk_order")
    keep(phone, f"supplier_order_{tag}", full=True)
    phone.click("button[value=accept]", words["accept"])
    phone.wait("#desk_done")
    phone.fill("#desk_numbers", "SF1234567890")
    fits(phone)
    keep(phone, f"supplier_ship_{tag}", full=True)
    phone.click("button[value=ship]", words["shipped"])
    phone.wait("#desk_order[data-state=shipped]")
    phone.shot(f"supplier_shipped_{tag}", full=True)
    assert state(world, first) == ["purchase", 2, ["done"], ["SF1234567890"]]
    phone.go(f"{url}/numbers", "#desk_paste")
    phone.run(f"document.querySelector('#desk_paste').value = '{second_name}\\tSF999888777\\t顺丰\\nPX 12 SF1'")
    phone.click("form button", words["check"])
    phone.wait("#desk_preview")
    fits(phone)
    keep(phone, f"supplier_numbers_{tag}", full=True)
    phone.click("form button", words["enter"])
    phone.wait("#desk_results")
    assert second_name in phone.text("#desk_results") and first_name not in phone.text("#desk_results")
    phone.shot(f"supplier_results_{tag}", full=True)
    for page in ("closed", "score", "share", "upload"):
        phone.go(f"{url}/{page}", "nav")
        fits(phone)
        phone.shot(f"supplier_{page}_{tag}", full=True)


def test_at_a_desk(world, chrome):
    orders, base = row(world, BUY)
    chrome.go(f"{world.url}{base}?speak=en_US", "#desk_orders a")
    chrome.shot("supplier_desk_list_en", full=True)
    chrome.go(f"{world.url}{base}/order/{orders[0][0]}", "#desk_order")
    chrome.shot("supplier_desk_order_en", full=True)
    chrome.click("summary", "Copy the order")
    chrome.click(".o_dropship_copy_button", "Copy")
    chrome.wait(".o_dropship_copy_after", text="Copied")
    for token in ("0" * 52, "%00", "%2F%2F%00", "x" * 900):
        chrome.go(f"{world.url}/supplier/{token}", "#supplier_desk_gone")
    chrome.shot("supplier_gone_en")


def test_the_buyer_shares(world, chrome):
    orders, _base = row(world, BUY)
    chrome.login(world.url, "buyer")
    supplier = row(world, 'print("ROW", env["dropship.supplier"].search([("name", "=", "Rheinlager GmbH")]).id)')
    chrome.go(f"{world.url}/odoo/dropship.supplier/{supplier}", ".o_form_view .o_field_widget")
    chrome.click("button[name=action_make_link]")
    chrome.wait(".modal .o_field_CopyClipboardChar", text="/supplier/")
    chrome.shot("supplier_link_en")
    chrome.click(".modal footer button")
    chrome.go(f"{world.url}/odoo/purchase/{orders[0][0]}", ".o_form_view .o_field_widget")
    chrome.click("button[name=action_dropship_share]")
    chrome.wait(".modal .o_field_widget[name=text]")
    chrome.shot("supplier_text_en")


def test_two_at_the_same_moment(world):
    """Ten clicks of two colleagues, half accept and half refuse: one counts, and everybody sees which."""
    orders, base = row(world, BUY)
    order_id = orders[0][0]
    url = f"{world.url}{base}/order/{order_id}"

    def browser(number):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = opener.open(url, timeout=60).read().decode()
        form = dict(re.findall(r'<input type="hidden" name="(csrf_token|stamp)" value="([^"]*)"', page))
        form |= {"verb": "refuse", "reason_code": "out_of_stock"} if number % 2 else {"verb": "accept"}
        return opener, urllib.parse.urlencode(form).encode()

    def send(pair):
        opener, data = pair
        try:
            answer = opener.open(f"{url}/answer", data, timeout=120)
            return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    with ThreadPoolExecutor(10) as pool:
        shown = list(pool.map(browser, range(10)))  # everybody looks before anybody acts
        pages = list(pool.map(send, shown))
    found, answers, _pickings, _numbers = state(world, order_id)
    assert found in ("purchase", "cancel") and answers == 1
    # The same answer again is no surprise, the other one is told that somebody was faster.
    assert sorted(status for status, _page in pages) == [200] * 5 + [409] * 5
    assert all("desk_changed" in page for status, page in pages if status == 409)
