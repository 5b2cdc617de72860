"""The supplier's bills by a link without a login: handed in, told why not, objected to; and the accountant's side."""

import base64

import pytest
from stories import fits, keep, row, speak

pytestmark = pytest.mark.browser

SHIPPED = """
supplier = env["dropship.supplier"].search([("name", "=", "Rheinlager GmbH")])
supplier.answer_mode = "auto"
env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False
owner = env["res.users"].search([("login", "=", "owner")])
customer = env.ref("dropship_flow.customer_mehmet")
order = env.ref("dropship_flow.order_hero").with_user(owner).copy(
    dict.fromkeys(("partner_id", "partner_shipping_id", "partner_invoice_id"), customer.id)
)
order.action_confirm()
purchase = order.sudo().dropship_purchase_ids.filtered(lambda p: p.dropship_warehouse_id.supplier_id == supplier)
purchase._dropship_take_parcels([{"number": f"DHL{purchase.id:08}", "carrier": "DHL", "lines": []}])
link, url = env["dropship.supplier.link"]._make(supplier, order.company_id)
rows = env["dropship.bill.upload"].sudo().new({})._bought(purchase)
goods = [(row.sku, float(row.ordered), float(row.price)) for row in rows]
print("ROW", [purchase.name, "/supplier/" + url.rpartition("/")[2], goods])
"""


def table(number, name, rows, more=0.0):
    lines = ["Bill no.,Bill date,Order,SKU,Quantity,Unit price"]
    lines += [f"{number},2026-05-04,{name},{sku},{qty:g},{price + more:.2f}" for sku, qty, price in rows]
    return "\n".join(lines) + "\n"


def choose(browser, selector, name, text):
    """Put a file into a field, as a person who picks it."""
    data = base64.b64encode(text.encode()).decode()
    browser.run(
        f"""(() => {{
            const bytes = Uint8Array.from(atob('{data}'), c => c.charCodeAt(0));
            const box = new DataTransfer();
            box.items.add(new File([bytes], '{name}'));
            document.querySelector('{selector}').files = box.files;
        }})()"""
    )


WORDS = {
    "en": {"hand_in": "Hand in", "tell": "Tell us", "speak": "en_US"},
    "zh": {"hand_in": "提交", "tell": "通知我们", "speak": "zh_CN"},
}


def story(world, browser, tag, size):
    name, base, rows = row(world, SHIPPED)
    url, words = world.url + base, WORDS[tag]
    browser.go(f"{url}?speak={words['speak']}", "#desk_orders")
    browser.go(f"{url}/bills", "#bill_form")
    fits(browser)
    keep(browser, f"supplier_bills_{size}_{tag}", full=True)
    number = f"{size}-{tag}-1"
    choose(browser, "#bill_file", "bill.csv", table(number, name, rows, more=0.5))
    browser.click("#bill_form button", words["hand_in"])
    browser.wait("#desk_bill")
    fits(browser)
    keep(browser, f"supplier_bill_differs_{size}_{tag}", full=True)
    browser.run("document.querySelector('#bill_lines details').open = true")
    browser.fill("#bill_lines textarea", "Agreed by telephone")
    browser.click("#bill_lines form button", words["tell"])
    browser.wait("#desk_done")
    assert "Agreed by telephone" in browser.text("#bill_lines")
    browser.go(f"{url}/bills", "#bill_form")
    choose(browser, "#bill_file", "bill.pdf", "%PDF-1.4\n")
    browser.click("#bill_form button", words["hand_in"])
    browser.wait("#bill_correct")
    fits(browser)
    keep(browser, f"supplier_bill_held_{size}_{tag}", full=True)
    browser.go(f"{url}/bills", "#desk_bills a")
    browser.shot(f"supplier_bills_more_{size}_{tag}", full=True)
    return number


@pytest.mark.parametrize("tag", ["en", "zh"])
def test_on_a_phone(world, phone, tag):
    story(world, phone, tag, "phone")


@pytest.mark.parametrize("tag", ["en", "zh"])
def test_at_a_desk(world, chrome, tag):
    number = story(world, chrome, tag, "desk")
    upload = row(world, f'print("ROW", env["dropship.bill.upload"].search([("number", "=", "{number}")]).id)')
    chrome.login(world.url, "accountant")
    speak(chrome, WORDS[tag]["speak"])
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_bill_upload", ".o_list_view .o_data_row")
    chrome.shot(f"bills_handed_in_{tag}")
    chrome.go(f"{world.url}/odoo/dropship.bill.upload/{upload}", ".o_form_view .o_field_widget")
    keep(chrome, f"bill_handed_in_{tag}")
    chrome.click("button[name=action_enter]")
    chrome.wait("button[name=action_open_bill]")
