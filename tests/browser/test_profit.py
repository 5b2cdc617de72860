"""Owner and accountant read what an order brought, tie the month to the books, look up what the figures mean."""

import pytest
from stories import fits, keep, row, rows, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow_reports.action_dropship_profit_"
# What the Chinese half may ask for by name; the rest of it looks at what is on the page.
REVENUE = {"en_US": "Net Revenue", "zh_CN": "净收入"}


@pytest.fixture(scope="module")
def order(world):
    """The order that brought most, in a ledger that was collected."""
    return row(
        world,
        'company = env.ref("base.main_company")\n'
        'env["dropship.profit.collector"]._collect(company)\n'
        "env.cr.commit()\n"
        'sums = env["dropship.profit.entry"]._read_group([("order_id", "!=", False), '
        '("company_id", "=", company.id)], ["order_id"], ["amount:sum"])\n'
        'print("ROW", max(sums, key=lambda one: one[1])[0].id)',
    )


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_owner_reads_what_an_order_brought(world, chrome, order, lang):
    tag = lang[:2]
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}orders/{order}", ".o_dropship_profit_statement")
    chrome.wait(".o_dropship_profit_statement", text=REVENUE[lang])
    assert chrome.run("document.querySelectorAll('.o_dropship_profit_statement .badge').length") > 0
    assert chrome.run("[...document.querySelectorAll('.o_dropship_profit_statement a')].every("
                      "a => a.getAttribute('href').startsWith('/odoo/'))")  # fmt: skip
    keep(chrome, f"profit_order_{tag}")
    chrome.click("button[name=action_dropship_profit_collect]")
    chrome.wait(".o_notification")
    # While the form is read again its buttons are not to be pressed, and a click on them says nothing.
    chrome.click("button[name=action_dropship_profit]:not([disabled])")
    chrome.wait(".o_list_view tr.o_group_header, .o_list_view tr.o_data_row")
    chrome.go(f"{world.url}{ACTION}orders", ".o_list_view tr.o_data_row")
    keep(chrome, f"profit_orders_{tag}")


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_accountant_ties_the_month_to_the_books(world, chrome, order, lang):
    tag = lang[:2]
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}reconcile", "button[name=action_reconcile]")
    chrome.click("button[name=action_reconcile]")
    chrome.wait(".alert-success", text="0.00")
    chrome.wait(".o_data_row [name=unexplained]", text="0.00")
    keep(chrome, f"profit_reconcile_{tag}")
    chrome.click(".o_data_row [name=attributed] button")
    chrome.wait(".o_list_view tr.o_data_row [name=document]")
    chrome.run("history.back()")
    chrome.click(".o_notebook .nav-item:nth-child(2) .nav-link")
    chrome.wait(".o_field_widget[name=by_hand_text]")
    chrome.click("button[name=action_previous]")
    chrome.wait(".o_form_view .alert-success")


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_what_the_figures_mean(world, chrome, lang):
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}definition", ".o_list_view tr.o_data_row")
    chrome.wait(".o_list_view tr.o_data_row", text="广告回报率" if lang == "zh_CN" else "ROAS")
    assert rows(chrome) > 40
    keep(chrome, f"profit_definitions_{lang[:2]}")


def test_the_statement_on_a_telephone(world, phone, order):
    phone.login(world.url, "owner")
    speak(phone, "en_US")
    phone.go(f"{world.url}{ACTION}orders/{order}", ".o_dropship_profit_statement")
    fits(phone)
    keep(phone, "profit_order_phone_en", full=True)
