"""A buyer's morning with a supplier's list: dropped as it came, looked at, a column corrected, taken, a row mended."""

import pytest
from stories import ACTION, choose, keep, row, speak

pytestmark = pytest.mark.browser
LIST = "货号,品名,出厂价,余量\n" + "".join(
    f"T-{number},毛巾 {number} 号,{number}.50,{number * 10}\n" for number in range(1, 31)
)
LIST += "T-31,大毛巾,面议,40\n"
WORDS = {
    "en": {"stock": "Stock"},
    "zh": {"stock": "库存"},
}
WAREHOUSE = 'env.ref("dropship_flow.supply_szv")'


def drop_file(chrome, path, field):
    node = chrome.send("DOM.getDocument", depth=-1)["root"]["nodeId"]
    selector = f"[name={field}] input[type=file]"
    found = chrome.send("DOM.querySelector", nodeId=node, selector=selector)["nodeId"]
    chrome.send("DOM.setFileInputFiles", nodeId=found, files=[str(path)])


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_a_list_is_dropped_looked_at_taken_and_mended(world, chrome, lang, tmp_path):
    tag = lang[:2]
    words = WORDS[tag]
    path = tmp_path / f"报价_{tag}.csv"
    path.write_bytes(LIST.replace("T-", f"T{tag.upper()}-").encode("gb18030"))
    feed = row(
        world,
        f'feed = env["dropship.feed"].create({{"name": "苏州毛巾 {tag}", "warehouse_id": {WAREHOUSE}.id}})\n'
        'feed.file_currency_id = env.ref("base.CNY")\nprint("ROW", feed.id)',
    )
    chrome.login(world.url, "buyer")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}feed/{feed}", ".o_form_view [name=draft] .o_select_file_button")
    drop_file(chrome, path, "draft")
    chrome.wait("[name=draft] .o_input")
    chrome.click("button[name=action_look]")
    chrome.wait(".o_field_widget[name=column_ids] td", text="出厂价")
    keep(chrome, f"feed_columns_{tag}", full=True)
    correct_the_stock(chrome, words)
    chrome.click("button[name=action_look]")
    chrome.click(".nav-link[name=rows]")
    chrome.wait(".tab-pane.active td", text="200.00")
    keep(chrome, f"feed_first_rows_{tag}", full=True)
    chrome.click(".nav-link[name=bad]")
    chrome.wait(".tab-pane.active td", text="面议")
    keep(chrome, f"feed_cannot_be_read_{tag}")
    chrome.click("button[name=action_take]")
    chrome.wait(".o_form_view .o_field_widget[name=feed_id]")
    world.shell(f'env["dropship.feed.run"].search([("feed_id", "=", {feed})], limit=1)._process()')
    chrome.click("button[name=action_refresh]")
    chrome.wait(".o_stat_value", text="30")
    keep(chrome, f"feed_run_{tag}", full=True)
    mend_the_row(chrome, tag)
    found = row(
        world,
        f'offers = env["dropship.offer"].search([("feed_id", "=", {feed})])\n'
        'print("ROW", [len(offers), sorted(offers.mapped("price"))[-1], max(offers.mapped("stock"))])',
    )
    assert found == [31, 66.0, 300.0], found


def correct_the_stock(chrome, words):
    """余量 was not recognised: a click on its row, and it is the stock."""
    cell = ".o_field_widget[name=column_ids] tr.o_data_row:nth-child(4) td[name=target]"
    if words["stock"] in chrome.text(cell):
        return
    chrome.click(cell)
    choose(chrome, cell, words["stock"])
    chrome.click(".oe_title h1")


def mend_the_row(chrome, tag):
    chrome.click("button[name=action_open_rejected]")
    chrome.wait(".o_list_view td", text="面议")
    chrome.click(".o_list_view td[name=text]")
    chrome.wait(".o_list_view td[name=text] textarea")
    value = chrome.run("document.querySelector('.o_list_view td[name=text] textarea').value").replace("面议", "66.00")
    chrome.fill(".o_list_view td[name=text] textarea", value)
    keep(chrome, f"feed_row_{tag}")
    chrome.click(".o_list_view button[name=action_replay]")
    chrome._until(
        lambda: not chrome.run("!!document.querySelector('.o_list_view button[name=action_replay]')"),
        20,
        "the row is not taken",
    )


def test_a_stopped_list_says_why(world, chrome):
    run = row(
        world,
        'runs = env["dropship.feed.run"].search([("state", "=", "review")], limit=1)\nprint("ROW", runs.id)',
    )
    chrome.login(world.url, "buyer")
    for lang in ("en_US", "zh_CN"):
        speak(chrome, lang)
        chrome.go(f"{world.url}{ACTION}feed_run/{run}", ".o_form_view .alert-warning .o_field_widget[name=guard_text]")
        assert "38 %" in chrome.text(".o_field_widget[name=guard_text]")
        keep(chrome, f"feed_stopped_{lang[:2]}", full=True)
        assert not chrome.run("!!document.querySelector('button[name=action_force]')"), "a manager's word"
