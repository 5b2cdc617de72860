"""What each role does about suppliers who answer, or do not: seen and clicked in both languages."""

import pytest
from stories import closed, keep, row, speak

pytestmark = pytest.mark.browser
LANGUAGES = ("en_US", "zh_CN")

NAMES = (
    "supplier_dawn", "supplier_guangzhou", "wallet_ningbo", "order_hero", "file_layout_orders",
)  # fmt: skip
# One shell for all stories: the records they visit, a message that waits to be sent, and today's scores.
READY = """
env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False
supplier = env.ref("dropship_flow.supplier_rhein")
supplier.connection_id = env.ref("dropship_flow.connection_rhein")
supplier.connection_id.active = True
order = env.ref("dropship_flow.order_hero").with_user(env.ref("dropship_flow.user_owner"))
customer = env.ref("dropship_flow.customer_mehmet")
order = order.copy(dict.fromkeys(("partner_id", "partner_shipping_id", "partner_invoice_id"), customer.id))
order.action_confirm()
message = order.sudo().dropship_purchase_ids.dropship_exchange_ids
supplier.connection_id = False
env["dropship.supplier"].search([]).action_refresh_score()
purchases = {
    name: env.ref("dropship_flow." + name).dropship_purchase_ids.read(["name"])[0]
    for name in ("order_price_raised", "order_to_pay", "order_late")
}
found = {name: env.ref("dropship_flow." + name).id for name in NAMES}
own = [("state", "=", "open"), ("company_id", "=", env.ref("dropship_flow.order_late").company_id.id)]
open_count = env["dropship.exception"].search_count(own)
print("ROW", {**found, **purchases, "waiting": message.id, "open_count": open_count})
"""


@pytest.fixture(scope="module")
def records(world):
    """{name: id} of what is visited; of orders their purchase as {id, name}."""
    return row(world, f"NAMES = {NAMES}\n{READY}")


@pytest.fixture
def visit(world, chrome):
    """Log in once, then open pages in a language; every page is kept as a picture and shows no error."""

    class Visit:
        lang = None

        def login(self, login):
            chrome.login(world.url, login)
            self.speak("en_US")

        def speak(self, lang):
            self.lang = lang
            speak(chrome, lang)

        def open(self, path, selector, name):
            chrome.go(f"{world.url}/odoo/{path}", selector)
            self.keep(name)

        def keep(self, name):
            keep(chrome, f"{name}_{self.lang[:2]}")
            assert not chrome.run("!!document.querySelector('.o_error_dialog')"), chrome.text(".o_error_dialog")

    return Visit()


def action(name):
    return f"action-dropship_flow.action_{name}"


def value(chrome, model, record_id, field):
    """A field, as who is logged in reads it."""
    script = """
    (async () => {
        const body = JSON.stringify({jsonrpc: '2.0', method: 'call', params: {
            model: 'MODEL', method: 'read', args: [[ID], ['FIELD']], kwargs: {},
        }});
        const headers = {'Content-Type': 'application/json'};
        const answer = await fetch('/web/dataset/call_kw', {method: 'POST', headers, body});
        return (await answer.json()).result[0]['FIELD'];
    })()
    """
    return chrome.run(script.replace("MODEL", model).replace("ID", str(record_id)).replace("FIELD", field))


CARD = ".o_kanban_record:not(.o_kanban_ghost)"


def test_the_buyer_settles_what_went_off_the_road(world, records, chrome, visit):
    visit.login("buyer")
    for lang in reversed(LANGUAGES):
        visit.speak(lang)
        visit.open(action("dropship_exception"), CARD, "exceptions")
        assert chrome.run(f"document.querySelectorAll('{CARD}').length") == records["open_count"] >= 4
        visit.open(action("dropship_exception") + "?view_type=list", ".o_list_view tr.o_data_row", "exceptions_list")
        chrome.click(".o_list_view td[name=description]")
        chrome.wait(".o_form_view .o_statusbar_buttons button")
        visit.keep("exception")
    chrome.go(f"{world.url}/odoo/{action('dropship_exception')}", CARD)
    chrome.click(f"{CARD} button[name=action_accept_price]", "Accept the Price")
    left = records["open_count"] - 1
    chrome._until(lambda: chrome.run(f"document.querySelectorAll('{CARD}').length") == left, 20, "the card stays")
    visit.keep("exceptions_settled")
    assert value(chrome, "purchase.order", records["order_price_raised"]["id"], "state") == "purchase"


def test_the_desk_reads_why_a_message_stays_and_sends_it_again(world, records, chrome, visit):
    waiting = records["waiting"]
    visit.login("desk")
    for lang in LANGUAGES:
        visit.speak(lang)
        visit.open(action("dropship_exchange"), ".o_list_view tr.o_data_row", "messages")
        chrome.click(".o_list_view tr.text-danger td[name=kind]")
        chrome.wait(".o_form_view .alert-warning")
        assert "YIW-UMBRELLA" in chrome.text(".alert-warning")
        visit.keep("message")
    visit.speak("en_US")
    chrome.go(f"{world.url}/odoo/{action('dropship_exchange')}/{waiting}", ".o_form_view button[name=action_park]")
    chrome.click("button[name=action_park]")
    chrome.wait(".o_form_view .alert-warning", text="Held back by Deniz")
    visit.keep("message_held_back")
    chrome.click("button[name=action_retry]")
    chrome.wait(".o_form_view button[name=action_park]")
    assert value(chrome, "dropship.exchange", waiting, "state") == "ready"


def test_the_accountant_pays_what_waits_and_the_buyer_tops_up(world, records, chrome, visit):
    wallet_id = records["wallet_ningbo"]
    visit.login("accountant")
    for lang in reversed(LANGUAGES):
        visit.speak(lang)
        visit.open(action("dropship_overview"), ".o_form_view .o_kanban_record", "overview_accountant")
        assert "Dawn Lighting" in chrome.text(CARD)
        visit.open(action("dropship_to_pay"), ".o_list_view tr.o_data_row", "to_pay")
    chrome.click(".o_list_view thead .o_list_record_selector input")
    chrome.click("button[name=action_dropship_mark_paid]")
    chrome.wait(".o_view_nocontent", text="Nothing is to be paid")
    assert value(chrome, "purchase.order", records["order_to_pay"]["id"], "dropship_pay_state") == "paid"
    visit.login("buyer")
    for lang in reversed(LANGUAGES):
        visit.speak(lang)
        visit.open(action("dropship_wallet"), ".o_list_view tr.o_data_row", "wallets")
        visit.open(f"{action('dropship_wallet')}/{wallet_id}", ".o_form_view .alert-warning", "wallet")
    chrome.click("button[name=action_top_up]")
    chrome.fill(".modal .o_field_widget[name=amount] input", "250")
    chrome.fill(".modal .o_field_widget[name=note] input", "2026-0201")
    visit.keep("top_up")
    chrome.click(".modal .o_form_button_save")
    chrome._until(lambda: not chrome.run("!!document.querySelector('.modal, .alert-warning')"), 60, "still low")
    assert value(chrome, "dropship.wallet", wallet_id, "is_low") is False


def test_suppliers_are_asked_before_anything_is_bought(world, records, chrome, visit):
    visit.login("desk")
    chrome.go(f"{world.url}/odoo/sales/{records['order_hero']}", ".o_form_view button[name=action_dropship_ask]")
    chrome.click("button[name=action_dropship_ask]")
    chrome.wait(".o_form_view .o_field_widget[name=line_ids] tr.o_data_row")
    visit.keep("inquiry_asked")
    address = chrome.run("location.pathname").removeprefix("/odoo/").split("/", 2)[-1]
    visit.login("buyer")
    chrome.go(f"{world.url}/odoo/{address}", ".o_form_view tr.o_data_row")
    chrome.click("tr.o_data_row button[name=action_enter]")
    chrome.fill(".modal .o_field_widget[name=stock] input", "40")
    chrome.fill(".modal .o_field_widget[name=price] input", "8.80")
    visit.keep("inquiry_enter")
    chrome.click(".modal button[name=action_save]")
    closed(chrome)
    chrome.wait("tr.o_data_row", text="8.80")
    for lang in reversed(LANGUAGES):
        visit.speak(lang)
        visit.open(address, ".o_form_view tr.o_data_row", "inquiry")
        visit.open(action("dropship_inquiry"), ".o_list_view tr.o_data_row", "inquiries")


def test_the_administrator_gives_a_key_and_looks_at_the_layout_and_the_health(world, records, chrome, visit):
    supplier_id, layout_id = records["supplier_dawn"], records["file_layout_orders"]
    visit.login("owner")
    chrome.go(f"{world.url}/odoo/dropship.supplier/{supplier_id}", ".o_form_view .o_notebook")
    chrome.click(".o_notebook .nav-link", "API Keys")
    chrome.click("button", "New API Key")
    chrome.fill(".modal .o_field_widget[name=name] input", "Dawn's order system")
    visit.keep("key_make")
    chrome.click(".modal button[name=action_make]")
    chrome.wait(".modal .o_field_CopyClipboardChar")
    visit.keep("key_shown_once")
    chrome.click(".modal footer button")
    for lang in LANGUAGES:
        visit.speak(lang)
        visit.open(action("supplier_key"), ".o_list_view tr.o_data_row", "keys")
        visit.open(f"{action('dropship_file_layout')}/{layout_id}", ".o_form_view tr.o_data_row", "layout")
        chrome.click("button[name=action_preview]")
        chrome.wait(".modal table tr")
        assert len(chrome.text(".modal table tr").splitlines()) > 1
        visit.keep("layout_preview")
        visit.open(action("dropship_health"), ".o_form_view tr.o_data_row", "health")
        keep(chrome, f"health_{lang[:2]}", full=True)


def test_a_file_with_a_wrong_row_and_the_score_of_a_supplier(world, records, chrome, visit, tmp_path):
    supplier_id, purchase = records["supplier_guangzhou"], records["order_late"]["name"]
    sheet = tmp_path / "numbers.csv"
    sheet.write_text(f"采购单号,快递公司,快递单号\n{purchase},顺丰,SF1234567890123\nP99999,顺丰,SF1234567890124\n")
    visit.login("buyer")
    chrome.go(f"{world.url}/odoo/{action('dropship_file_upload')}", ".modal .o_field_widget[name=supplier_id] input")
    chrome.fill(".modal .o_field_widget[name=supplier_id] input", "Guangzhou")
    chrome.click(".o-autocomplete--dropdown-item", "Guangzhou")
    page = chrome.send("DOM.getDocument")["root"]["nodeId"]
    node = chrome.send("DOM.querySelector", nodeId=page, selector=".modal input[type=file]")["nodeId"]
    chrome.send("DOM.setFileInputFiles", nodeId=node, files=[str(sheet)])
    chrome.wait(".modal .o_field_binary", text="")
    visit.keep("file_upload")
    chrome.click(".modal button[name=action_bring_in]")
    chrome.wait(".o_form_view", text="P99999")
    address = chrome.run("location.pathname").removeprefix("/odoo/")
    for lang in LANGUAGES:
        visit.speak(lang)
        visit.open(address, ".o_form_view .o_field_widget", "file")
        visit.open(action("dropship_file"), ".o_list_view tr.o_data_row", "files")
        visit.open(f"dropship.supplier/{supplier_id}", ".o_form_view .o_notebook", "supplier_score")
