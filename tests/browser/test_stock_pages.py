"""The shop says what is in stock, on a phone and a desktop."""

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


@pytest.fixture(scope="module")
def urls(world):
    return row(world, READY)


@pytest.mark.parametrize("prefix", ["", "/zh_CN"])
def test_a_customer_reads_what_is_in_stock(world, phone, chrome, urls, prefix):
    tag = "zh" if prefix else "en"
    words = {
        "lamp": ("In stock", "现货"),
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
