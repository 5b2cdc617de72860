"""What the stories share: pictures, languages, a look into the database."""

import os
from pathlib import Path

from PIL import Image

ACTION = "/odoo/action-dropship_flow.action_dropship_"
ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".odoo" / "shots"
DOCS = ROOT / "docs" / "img"
SHOWN = {
    "preview_en", "preview_zh", "candidates_en", "held_zh", "compare_zh", "list_orders_en", "shop_en",
    "purchase_sent_en", "overview_en", "overview_zh", "desk_en", "side_by_side_zh", "question_en", "question_zh",
    "first_hour_en", "supplier_list_en", "supplier_order_zh", "parcels_list_en", "parcel_zh",
    "feed_run_en", "feed_stopped_zh", "offers_en", "listings_en", "price_rule_en", "price_changes_en",
    "stock_chopping_board_desktop_en", "order_file_checked_zh", "statement_en", "statement_phone_zh",
    "returns_choose_phone_en", "case_board_en", "case_form_zh", "supplier_return_en",
    "claim_en", "profit_order_en", "profit_reconcile_zh", "forecast_en", "dashboard_profit_en",
}  # fmt: skip


def keep(browser, name, full=False):
    """A picture; with DOCS=1 also for the README."""
    path = browser.shot(name, full=full)
    if os.environ.get("DOCS") and name in SHOWN:
        DOCS.mkdir(parents=True, exist_ok=True)
        # Screens have few colours: a palette makes the file a third.
        Image.open(path).convert("RGB").quantize(256).save(DOCS / path.name, optimize=True)


def speak(browser, lang):
    """Set the language of who is logged in, as his preferences do."""
    browser.run(
        """
        (async () => {
            const call = async (url, params) => (await (await fetch(url, {
                method: 'POST', headers: {'Content-Type': 'application/json'},
                body: JSON.stringify({jsonrpc: '2.0', method: 'call', params}),
            })).json()).result;
            const info = await call('/web/session/get_session_info', {});
            return call('/web/dataset/call_kw/res.users/write', {
                model: 'res.users', method: 'write', args: [[info.uid], {lang: 'LANG'}], kwargs: {},
            });
        })()
        """.replace("LANG", lang)
    )


def row(world, code):
    """What `code`, run in Odoo's shell, printed after the word ROW."""
    return eval(world.shell(code).split("ROW")[1].splitlines()[0])  # noqa: S307 - our own print


def look_for(browser, text):
    """Type into the search box and press Enter, as everybody does."""
    browser.fill(".o_searchview_input", text)
    browser.wait(".o_searchview_autocomplete .o-dropdown-item, .o_searchview_autocomplete li")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13)
    browser.wait(".o_searchview_facet")


def closed(browser):
    """Wait until the window that was open is gone."""
    browser._until(lambda: browser.run("!document.querySelector('.modal')"), 60, "the form stays open")


def rows(browser):
    """How many rows a list shows."""
    return browser.run("document.querySelectorAll('.o_list_view tr.o_data_row').length")


def press(browser, text, selector):
    """Click something in the row of a list that has a text."""
    browser.wait("tr.o_data_row", text=text)
    browser.run(
        f"[...document.querySelectorAll('tr.o_data_row')].find((one) => one.innerText.includes('{text}'))"
        f".querySelector('{selector}').click()"
    )


def choose(browser, field, word):
    """One of a field's list of choices."""
    browser.click(f"{field} input, {field} .o_select_menu_toggler")
    browser.click(".o_select_menu_item", text=word)


def fits(browser):
    """Nothing of the page has to be scrolled sideways."""
    assert browser.run("document.documentElement.scrollWidth <= window.innerWidth + 1"), browser.run(
        "[...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join('\\n')"
    )
