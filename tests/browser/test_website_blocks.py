"""Every block of ours is put into a page by its owner; the promised day answers for another place."""

import pytest
from stories import keep, row, speak

pytestmark = pytest.mark.browser

READY = """
(env.ref("base.lang_en") | env.ref("base.lang_zh_CN")).active = True
website = env.ref("website.default_website")
website.language_ids = env.ref("base.lang_en") | env.ref("base.lang_zh_CN")
print("ROW", {"lamp": env.ref("dropship_flow.product_lamp").product_tmpl_id.website_url})
"""
FRAME = "document.querySelector('.o_iframe_container iframe:not(.o_ignore_in_tour)')"
BLOCKS = {
    "contact_and_forms": ["s_dropship_track"],
    "content": ["s_dropship_delivery", "s_dropship_trust"],
}


@pytest.fixture(scope="module")
def urls(world):
    return row(world, READY)


def drop(browser, group):
    """Drag a group of blocks into the page as the mouse does: the dialog with its blocks opens."""
    panel = f".o_block_tab [data-snippet-group='{group}'] .o_snippet_thumbnail_area"
    browser.wait(panel, seconds=60)
    start = browser.run(f"(() => {{ const r = document.querySelector(`{panel}`).getBoundingClientRect();"
                        " return [r.x + r.width / 2, r.y + r.height / 2]; })()")  # fmt: skip
    place = browser.run(
        f"(() => {{ const outer = {FRAME}.getBoundingClientRect();"
        f" const r = {FRAME}.contentDocument.querySelector('#wrap').getBoundingClientRect();"
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
    chrome.login(world.url, "owner")
    speak(chrome, lang)
    chrome.go(f"{world.url}/odoo/action-website.website_preview?path=/contactus&enable_editor=1", "iframe")
    for group, snippets in BLOCKS.items():
        for snippet in snippets:
            for _try in range(4):  # the editor shows its blocks before they can be dragged
                drop(chrome, group)
                try:
                    chrome._until(lambda: chrome.run("!!document.querySelector('.o_add_snippet_dialog')"), 5, group)
                    break
                except AssertionError:
                    continue
            chosen = (
                "document.querySelector('.o_add_snippet_dialog iframe')?.contentDocument"
                f"?.querySelector('.{snippet}')?.closest('.o_snippet_preview_wrap')"
            )
            chrome._until(lambda found=chosen: chrome.run(f"!!({found})"), 90, f"{snippet} is not offered")
            chrome.run(f"({chosen}).click()")
            inside = f"!!{FRAME}.contentDocument.querySelector('#wrap .{snippet}')"
            chrome._until(lambda found=inside: chrome.run(found), 90, f"{snippet} was not dropped")
            chrome._until(lambda: chrome.run("!document.querySelector('.o_add_snippet_dialog')"), 90, "still asking")
    keep(chrome, f"blocks_editor_{lang[:2]}")


def test_the_promised_day_for_another_place(world, chrome, urls):
    chrome.go(f"{world.url}{urls['lamp']}", ".o_dropship_promise")
    chrome.wait(".o_dropship_promise_text > div")
    opened = "document.querySelector('.o_dropship_promise_country').options.length"
    for _click in range(3):  # pictures that load may move the words away under the mouse
        chrome.click(".o_dropship_promise summary")
        try:
            chrome._until(lambda: chrome.run(opened), 10, "closed")
            break
        except AssertionError:
            continue
    chrome.fill("#o_dropship_promise_zip", "10115")
    chrome.click(".o_dropship_promise_show")
    chrome.wait(".o_dropship_promise_text", text="10115")
    assert "/shop/" in chrome.run("location.pathname"), "Nothing was put into the cart"
    keep(chrome, "promise_place_en")
