"""What a person sees and clicks, role by role, in the demo world, in English and in Chinese.

Pictures of every step are kept under `.odoo/shots`; `DOCS=1` also renews those the README shows.
"""

import pytest
from stories import keep, row, speak

pytestmark = pytest.mark.browser


def quotation(world):
    """A new hero basket, not confirmed: its id."""
    code = """
customer = env.ref("dropship_flow.customer_mehmet")
owner = env["res.users"].search([("login", "=", "owner")])
order = env.ref("dropship_flow.order_hero").with_user(owner).copy(
    dict.fromkeys(("partner_id", "partner_shipping_id", "partner_invoice_id"), customer.id)
)
print("ID", order.id)
"""
    return int(world.shell(code).split("ID")[1].split()[0])


def state_of(world, order_id):
    code = f"""
order = env["sale.order"].browse({order_id})
names = sorted(order.dropship_purchase_ids.filtered(lambda p: p.state != "cancel").mapped("partner_id.name"))
print("ROW", [order.state, order.dropship_stage, *names])
"""
    return row(world, code)


WORDS = {
    "en_US": {"candidates": "Who Else", "confirm": "Confirm Order", "duty": "Without Duty"},
    "zh_CN": {"candidates": "其他考虑", "confirm": "确认订单", "duty": "不计关税"},
}


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_owner_previews_and_confirms(world, chrome, lang):
    """Preview before confirming: plan, costs, profit, arrival, who lost and why; then it buys itself."""
    words, tag = WORDS[lang], lang[:2]
    order_id = quotation(world)
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}/odoo/sales/{order_id}", ".o_form_view .o_field_widget")
    chrome.click("button[name=action_dropship_preview]")
    chrome.wait(".modal .o_list_renderer", text="Rheinlager")
    assert "26.30" in chrome.text(".modal") and "16.95" in chrome.text(".modal")
    keep(chrome, f"preview_{tag}")
    chrome.click(".modal .nav-link", words["candidates"])
    chrome.wait(".modal .tab-pane.active td", text="Dawn")
    keep(chrome, f"candidates_{tag}")
    chrome.click(".modal button[name=action_toggle_duty]")
    chrome.wait(".modal .o_field_widget[name=landed]", text="20.90")
    keep(chrome, f"without_duty_{tag}")
    chrome.click(".modal button[name=action_toggle_duty]")
    chrome.wait(".modal .o_field_widget[name=landed]", text="26.30")
    chrome.click(".modal button[name=action_confirm]", words["confirm"])
    chrome.wait("div[name=dropship_waiting]", text="Rheinlager")
    keep(chrome, f"bought_{tag}")
    assert state_of(world, order_id)[0::2] == ["sale", "Rheinlager GmbH"]


def test_desk_pins_a_supplier_with_a_reason(world, chrome):
    order_id = quotation(world)
    chrome.login(world.url, "desk")
    chrome.go(f"{world.url}/odoo/sales/{order_id}", ".o_form_view .o_field_widget")
    chrome.click("button[name=action_dropship_preview]")
    chrome.click(".modal .nav-link", WORDS["en_US"]["candidates"])
    row = ".modal .tab-pane.active tr.o_data_row"
    chrome.wait(row, text="Yiwu")
    chrome.run(
        f"[...document.querySelectorAll('{row}')].find(r => r.innerText.includes('Yiwu'))"
        ".querySelector('button[name=action_pin]').click()"
    )
    chrome.wait(".modal .o_field_widget[name=reason] input")
    chrome.fill(".modal .o_field_widget[name=reason] input", "Customer liked the sample")
    keep(chrome, "pin_en")
    chrome.click(".modal button[name=action_apply]")
    chrome.wait(".modal .o_field_widget[name=landed]", text="29.90")
    keep(chrome, "pinned_en")


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_an_order_says_what_it_waits_for(world, chrome, lang):
    tag = lang[:2]
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    asked = '[("state", "=", "open"), ("kind", "=", "approval")]'
    held = row(world, f'print("ROW", env["sale.order"].search([("dropship_hold_ids", "any", {asked})], limit=1).id)')
    chrome.go(f"{world.url}/odoo/sales/{held}", "div[name=dropship_held]")
    keep(chrome, f"held_{tag}")
    for name in ("hold", "orders", "supplier", "offer", "routing_policy", "shipping_rate", "allocation"):
        chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_{name}", ".o_list_view, .o_kanban_view")
        keep(chrome, f"list_{name}_{tag}")
    product = world.shell('print("ID", env.ref("dropship_flow.order_hero").order_line[0].product_template_id.id)')
    chrome.go(f"{world.url}/odoo/product.template/{int(product.split('ID')[1].split()[0])}", ".o_form_view")
    chrome.click(".o_cp_action_menus button")
    chrome.click(".o-dropdown--menu .o_menu_item", {"en_US": "Compare Sources", "zh_CN": "货源比较"}[lang])
    chrome.wait(".o_field_widget[name=line_ids] td", text="Rheinlager")
    keep(chrome, f"compare_{tag}")


def test_buyer_answers_for_a_supplier(world, chrome):
    """The supplier refuses on the phone: two clicks, and the goods come from elsewhere."""
    code = """
customer = env.ref("dropship_flow.customer_mehmet")
owner = env["res.users"].search([("login", "=", "owner")])
order = env.ref("dropship_flow.order_hero").with_user(owner).copy(
    dict.fromkeys(("partner_id", "partner_shipping_id", "partner_invoice_id"), customer.id)
)
supplier = env["dropship.supplier"].search([("name", "=", "Rheinlager GmbH")])
supplier.answer_mode = "manual"
order.action_confirm()
print("IDS", order.id, order.dropship_purchase_ids.id)
"""
    order_id, purchase_id = map(int, world.shell(code).split("IDS")[1].split()[:2])
    chrome.login(world.url, "buyer")
    chrome.go(f"{world.url}/odoo/purchase/{purchase_id}", ".o_form_view .o_field_widget")
    keep(chrome, "purchase_sent_en")
    chrome.click("button[name=action_dropship_refuse]")
    chrome.wait(".modal .o_field_widget[name=note] input")
    chrome.fill(".modal .o_field_widget[name=note] input", "Sold out since Monday")
    keep(chrome, "refuse_en")
    chrome.click(".modal button[name=action_refuse]")
    chrome.wait(".o_statusbar_status", text="Cancelled")
    assert "Rheinlager GmbH" not in state_of(world, order_id)
    assert len(state_of(world, order_id)) > 2


def test_customer_buys_in_the_shop(world, chrome):
    """Cart, address, payment on delivery: the order is bought, and no page names a supplier."""
    chrome.login(world.url, "customer")
    for name in ("Leaf desk lamp", "Birch phone stand", "Braided USB-C cable"):
        chrome.go(f"{world.url}/shop", "#o_wsale_container")
        chrome.click("#o_wsale_container a", name)
        chrome.click("#add_to_cart")
        chrome.wait(".my_cart_quantity, .o_wsale_my_cart")
        chrome._until(
            lambda: chrome.run("fetch('/shop/cart').then(r => r.text())").count("o_cart_product") or True, 5, "cart"
        )
    keep(chrome, "shop_en")
    chrome.go(f"{world.url}/shop/cart", "#shop_cart, #cart_products")
    keep(chrome, "cart_en")
    chrome.go(f"{world.url}/shop/checkout", "a[name=website_sale_main_button]")
    chrome.click("a[name=website_sale_main_button]")
    chrome.wait("input[name=o_payment_radio], #payment_method")
    chrome.click("label", "Cash on Delivery")
    keep(chrome, "payment_en")
    chrome.click("button[name=o_payment_submit_button]")
    chrome.wait("#order_name, .o_wsale_confirmation, h3", seconds=60, text="S0")
    keep(chrome, "confirmation_en")
    pages = chrome.text()
    chrome.go(f"{world.url}/my/orders", "body")
    pages += chrome.text()
    for supplier in ("Rheinlager", "Yiwu", "Ningbo", "Dawn"):
        assert supplier not in pages
    code = """
partner = env["res.users"].search([("login", "=", "customer")]).partner_id
mine = [("partner_id", "=", partner.id), ("website_id", "!=", False)]
order = env["sale.order"].search(mine, limit=1, order="date_order desc")
bought = order.dropship_purchase_ids.mapped("partner_id.name")
print("ROW", [order.state, order.amount_total, order.dropship_stage, *bought])
"""
    bought = row(world, code)
    assert bought[0] == "sale" and bought[3:] == ["Rheinlager GmbH"], bought


def test_supplier_sees_his_purchase_only(world, chrome):
    chrome.login(world.url, "supplier")
    chrome.go(f"{world.url}/my/purchase", "body")
    keep(chrome, "supplier_portal_en")
    page = chrome.text()
    assert "S0000" not in page
