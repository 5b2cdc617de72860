"""What the shop spends and earns, month by month: advertising and rules, losses, cash ahead, tax, dashboards, packs.

The Chinese half sees the same screens; only words that the demo itself brings are compared there.
"""

import pytest
from stories import fits, keep, row, rows, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow_reports.action_"
LANGS = pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
MONEY = "document.querySelector('.o_dropship_cash')"
ACCOUNTING = """
env = env(user=env.ref("dropship_flow.user_accountant").id)
shown = env["ir.ui.menu"].load_menus(False)
parents = [env.ref(f"dropship_flow_reports.menu_accounting_profit{name}").id for name in ("", "_money")]
actions = {shown[child]["action_model"] + "," + str(shown[child]["action_id"])
           for parent in parents for child in shown[parent]["children"]}
names = ("dropship_profit_orders", "dropship_profit_report", "dropship_profit_lost", "dropship_profit_reconcile",
         "dropship_report_pack", "dashboard_profit", "dashboard_money", "dropship_cash_newest",
         "dropship_cash_statement", "tax_summary_read", "tax_return_open", "tax_due_generate")
print("ROW", [name for name in names
              if "%s,%s" % ((one := env.ref(f"dropship_flow_reports.action_{name}").sudo()).type, one.id)
              not in actions])
"""


def enter(browser, world, who, lang):
    browser.login(world.url, who)
    speak(browser, lang)


def open_(browser, world, action, selector):
    browser.go(f"{world.url}{ACTION}{action}", selector)
    assert not browser.run("!!document.querySelector('.o_error_dialog')")


@LANGS
def test_the_owner_enters_advertising_and_a_cost(world, chrome, lang):
    tag = lang[:2]
    enter(chrome, world, "owner", lang)
    open_(chrome, world, "dropship_ad_spend", ".o_list_view tr.o_data_row")
    chrome.click(".o_list_button_add")
    chrome.click(".o_selected_row [name=campaign_id] input")
    chrome.wait(".o-autocomplete--dropdown-item")
    chrome.fill(".o_selected_row [name=campaign_id] input", "Kitchen Week")
    chrome.click(".o-autocomplete--dropdown-item", text="Kitchen Week")
    chrome.click(".o_selected_row [name=source_id] input")
    chrome.wait(".o-autocomplete--dropdown-item")
    source = "Facebook" if lang == "en_US" else "LinkedIn"  # a day of a campaign at a source is entered once
    chrome.fill(".o_selected_row [name=source_id] input", source)
    chrome.click(".o-autocomplete--dropdown-item", text=source)
    chrome.fill(".o_selected_row [name=amount] input", "12.34" if lang == "en_US" else "23.45")
    chrome.click(".o_list_button_save")
    chrome.wait("tr.o_data_row:not(.o_selected_row)", text="12.34" if lang == "en_US" else "23.45")
    keep(chrome, f"profit_ads_{tag}")
    open_(chrome, world, "dropship_cost_rule/new", ".o_form_view [name=name] input")
    chrome.fill("[name=name] input", f"Insurance {tag}")
    chrome.fill("[name=amount] input", "31")
    chrome.click(".o_form_button_save")
    chrome.wait(".o_form_status_indicator_buttons.invisible")  # saved: before, a press on the button says nothing
    chrome.click("button[name=action_renew]:not([disabled])")
    chrome.wait(".o_form_view [name=month_ids] tr.o_data_row")
    keep(chrome, f"profit_rule_{tag}")
    open_(chrome, world, "dropship_cost_month", ".o_list_view tr.o_group_header")
    open_(chrome, world, "dropship_profit_campaign", ".o_pivot tbody tr")
    chrome.wait(".o_pivot th", text="Kitchen Week")
    keep(chrome, f"profit_campaigns_{tag}")


@LANGS
def test_the_owner_asks_where_the_profit_comes_from(world, chrome, lang):
    tag = lang[:2]
    enter(chrome, world, "owner", lang)
    open_(chrome, world, "dropship_profit_report", ".o_pivot tbody tr")
    chrome.wait(".o_pivot th", text="Rheinlager")
    keep(chrome, f"profit_analysis_{tag}")
    open_(chrome, world, "dropship_profit_lost", ".o_list_view tr.o_data_row")
    assert chrome.run("[...document.querySelectorAll('tr.o_data_row [name=profit]')].every("
                      "one => one.innerText.includes('-'))")  # fmt: skip
    assert chrome.run("[...document.querySelectorAll('tr.o_data_row button')].every("
                      "one => one.getBoundingClientRect().right <= innerWidth)"), "buttons are cut"  # fmt: skip
    keep(chrome, f"profit_lost_{tag}")
    chrome.click("tr.o_data_row button[name=action_statement]")
    chrome.wait(".o_dropship_profit_statement, .o_list_view")


@LANGS
def test_cash_that_came_and_cash_to_come(world, chrome, lang):
    tag = lang[:2]
    enter(chrome, world, "owner", lang)
    open_(chrome, world, "dropship_cash_statement", ".o_form_view [name=line_ids] tr.o_data_row")
    assert "0.00" in chrome.text("[name=unexplained]")
    keep(chrome, f"profit_cash_{tag}")
    open_(chrome, world, "dropship_cash_newest", ".o_dropship_cash svg")
    before = chrome.run("location.href")
    chrome.click("button[name=action_reckon]")
    chrome._until(lambda: chrome.run("location.href") != before, 60, "nothing was reckoned")
    chrome.wait(".o_dropship_cash table")
    assert chrome.run(f"{MONEY}.querySelectorAll('svg circle').length") == 13
    assert chrome.run(f"{MONEY}.querySelectorAll('table')[1].querySelectorAll('tbody tr').length") == 4, "scenarios"
    keep(chrome, f"forecast_{tag}")
    chrome.click("button[name=action_compare]")
    chrome.wait(".o_graph_view canvas, .o_graph_renderer canvas")
    keep(chrome, f"forecast_scenarios_{tag}")


@LANGS
def test_tax_by_country_and_when_it_is_due(world, chrome, lang):
    tag = lang[:2]
    enter(chrome, world, "owner", lang)
    open_(chrome, world, "tax_summary_read", ".o_pivot tbody tr")
    chrome.wait(".o_pivot th", text="19 %")
    keep(chrome, f"profit_tax_{tag}")
    open_(chrome, world, "tax_due_generate", ".o_calendar_view .fc-event")
    keep(chrome, f"profit_tax_due_{tag}")
    chrome.click(".o_switch_view.o_list")
    chrome.wait(".o_list_view tr.o_data_row")
    assert rows(chrome) > 3


@LANGS
@pytest.mark.parametrize("name", ["profit", "money"])
def test_a_dashboard(world, chrome, lang, name):
    enter(chrome, world, "owner", lang)
    open_(chrome, world, f"dashboard_{name}", ".o-grid .o-figure")
    figures = "document.querySelectorAll('.o-figure').length"
    chrome._until(lambda: chrome.run(figures) >= 6, 60, "figures are missing")
    chrome.run("new Promise(done => setTimeout(done, 4000))")  # the figures are asked for one by one
    keep(chrome, f"dashboard_{name}_{lang[:2]}")


@LANGS
def test_the_month_on_a_few_pages(world, chrome, lang):
    enter(chrome, world, "owner", lang)
    pack = row(
        world,
        'import datetime\n'
        'pack = env["dropship.report.pack"].with_user(env.ref("dropship_flow.user_owner")).create('
        f'{{"month": datetime.date.today().replace(day=1), "lang": "{lang}"}})\n'
        'env.cr.commit()\nprint("ROW", pack.id)',
    )  # fmt: skip
    open_(chrome, world, f"dropship_report_pack/{pack}", "button[name=action_make]")
    chrome.click("button[name=action_make]")
    chrome.wait("button[name=action_send]")
    chrome.wait(".o_field_widget[name=pdf_file] .o_download_file_button, .o_field_widget[name=pdf_file] a")
    chrome.wait(".o_field_widget[name=preview] table, .o_field_widget[name=preview] iframe")
    keep(chrome, f"profit_pack_{lang[:2]}")


@LANGS
def test_the_accountant_has_it_in_his_own_app(world, chrome, lang):
    assert row(world, ACCOUNTING) == []
    enter(chrome, world, "accountant", lang)
    chrome.go(f"{world.url}/odoo", ".o_navbar_apps_menu button")
    chrome.click(".o_navbar_apps_menu button")
    chrome.click("[data-menu-xmlid='account.menu_finance']")
    chrome.click("[data-menu-xmlid='account.menu_finance_reports']")
    menu = "[data-menu-xmlid='dropship_flow_reports.menu_accounting_{}']"
    chrome.wait(menu.format("profit_reconcile"))
    keep(chrome, f"profit_accounting_{lang[:2]}")
    chrome.click(menu.format("cash_forecast"))
    chrome.wait(".o_dropship_cash svg")
    open_(chrome, world, "dropship_profit_lost", ".o_list_view tr.o_data_row")


def test_the_forecast_on_a_telephone(world, phone):
    enter(phone, world, "owner", "en_US")
    open_(phone, world, "dropship_cash_newest", ".o_dropship_cash svg")
    fits(phone)
    keep(phone, "forecast_phone_en", full=True)
