"""The shop says what is in stock, on a phone and a desktop; every block of ours is put into a page by its owner."""

import pytest
from stories import fits, keep, row

pytestmark = pytest.mark.browser

READY = """
(env.ref("base.lang_en") | env.ref("base.lang_zh_CN")).active = True
website = env.ref("website.default_website")
website.language_ids = env.ref("base.lang_en") | env.ref("base.lang_zh_CN")
env["dropship.availability"]._renew(env["dropship.availability"]._next_products(0))
print("ROW", {name: env.ref(f"dropship_flow.product_{name}").product_tmpl_id.website_url
    for name in ("lamp", "chopping_board", "candle", "desk_organiser")})
"""
INSIDE = "document.querySelector('.o_website_preview iframe, iframe.o_iframe').contentDocument"
BLOCKS = {
    "contact_and_forms": ["s_dropship_track"],
    "content": ["s_dropship_delivery", "s_dropship_trust"],
}


@pytest.fixture(scope="module")
def urls(world):
    return row(world, READY)


@pytest.mark.parametrize("prefix", ["", "/zh_CN"])
def test_a_customer_reads_what_is_in_stock(world, phone, chrome, urls, prefix):
    tag = "zh" if prefix else "en"
    words = {
        "lamp": ("In stock", "有货"),
        "chopping_board": ("Only 3 left", "仅剩"),
        "candle": ("Ships in 5 days", "5 天后发货"),
        "desk_organiser": ("Not available at the moment", "暂时无货"),
    }
    for browser, device in ((phone, "phone"), (chrome, "desktop")):
        for name, said in words.items():
            browser.go(f"{world.url}{prefix}{urls[name]}", ".o_dropship_stock")
            browser.wait(".o_dropship_stock", text=said[bool(prefix)])
            fits(browser)
            keep(browser, f"stock_{name}_{device}_{tag}")
        button = "getComputedStyle(document.querySelector('#o_wsale_cta_wrapper')).display"
        assert browser.run(button) == "none", "What is not to be had has no button"
        browser.go(f"{world.url}{prefix}/shop", ".o_dropship_stock_badge")
        fits(browser)
        keep(browser, f"stock_shop_{device}_{tag}")


def drop(browser, snippet, selector, group=""):
    """Put a block into the page as the mouse does: from the panel of blocks onto a place for it."""
    panel = f".o_block_tab [data-snippet-group='{group}'] .o_snippet_thumbnail_area" if group else (
        f".o_block_tab [data-snippet='{snippet}'] .o_snippet_thumbnail_area, "
        f".o_block_tab .o_snippet[name] [data-oe-snippet-key='{snippet}']"
    )
    browser.wait(panel)
    start = browser.run(f"(() => {{ const r = document.querySelector(`{panel}`).getBoundingClientRect();"
                        " return [r.x + r.width / 2, r.y + r.height / 2]; })()")  # fmt: skip
    place = browser.run(
        f"(() => {{ const outer = document.querySelector('.o_website_preview iframe, iframe.o_iframe')"
        f".getBoundingClientRect(); const r = {INSIDE}.querySelector(`{selector}`).getBoundingClientRect();"
        " return [outer.x + r.x + r.width / 2, outer.y + Math.max(r.y, 0) + 30]; })()"
    )
    mouse = "Input.dispatchMouseEvent"
    browser.send(mouse, type="mousePressed", x=start[0], y=start[1], button="left", clickCount=1)
    for step in range(1, 11):
        x, y = (a + (b - a) * step / 10 for a, b in zip(start, place, strict=True))
        browser.send(mouse, type="mouseMoved", x=x, y=y, button="left", buttons=1)
    browser.send(mouse, type="mouseReleased", x=place[0], y=place[1], button="left", clickCount=1)


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_the_owner_drags_every_block_into_a_page(world, chrome, urls, lang):
    chrome.login(world.url, "owner", lang=lang)
    chrome.go(f"{world.url}/odoo/action-website.website_preview?path=/contactus&enable_editor=1", "iframe")
    for group, snippets in BLOCKS.items():
        for snippet in snippets:
            drop(chrome, snippet, "#wrap", group)
            chrome.wait(".o_add_snippet_dialog iframe")
            chosen = (
                "document.querySelector('.o_add_snippet_dialog iframe')?.contentDocument"
                f".querySelector('.{snippet}')?.closest('.o_snippet_preview_wrap')"
            )
            chrome._until(lambda found=chosen: chrome.run(f"!!({found})"), 30, f"{snippet} is not offered")
            chrome.run(f"({chosen}).click()")
            chrome._until(lambda s=snippet: chrome.run(f"!!{INSIDE}.querySelector('#wrap .{s}')"), 30, snippet)
    keep(chrome, f"blocks_editor_{lang[:2]}")
    chrome.click("button[data-action=save]")
    chrome.wait(".o_edit_website_container, .o_menu_systray .o_edit_website_container", seconds=60)
    chrome.go(f"{world.url}/contactus", ".s_dropship_trust")
    for snippet in [name for names in BLOCKS.values() for name in names]:
        assert chrome.run(f"!!document.querySelector('.{snippet}')"), snippet
    keep(chrome, f"blocks_page_{lang[:2]}", full=True)


def test_the_promise_block_answers_a_click(world, chrome, urls):
    chrome.go(f"{world.url}{urls['lamp']}", ".o_dropship_promise")
    chrome.wait(".o_dropship_promise_text > div")
    chrome.click(".o_dropship_promise summary")
    chrome.wait(".o_dropship_promise_country option")
    chrome.fill("#o_dropship_promise_zip", "10115")
    chrome.click(".o_dropship_promise_place button[type=submit]")
    chrome.wait(".o_dropship_promise_text", text="10115")
