"""The first hour of a newcomer: an empty installation, a stopwatch, and at the end a shop that buys by itself.

Every step is done with the mouse on what the panel offers. `.odoo/shots/first_hour.txt` keeps the seconds of each step
(machine time: reading and thinking come on top), pictures are beside it.
"""

import time
from contextlib import contextmanager

import pytest
from chrome import Chrome
from stories import SHOTS, keep

PRICES = """义乌晨星贸易有限公司 报价单

货号,品名,供货价(元),库存,条码,重量(克)
K-1,台灯,￥12.50,100,4006381333931,400
K-2,手机支架,3.20,>100,,150
K-3,数据线,2.80,有货,,60
K-4,马克杯,5.00,40,,350
K-5,收纳盒,6.60,12,,500
K-6,赠品,0,12,,500
合计,,30.10,,,
"""
PANEL = "/odoo/action-dropship_flow.action_dropship_first_hour"
pytestmark = pytest.mark.browser


class Newcomer:
    """Walks the panel, step by step, with a stopwatch."""

    def __init__(self, browser, url):
        self.browser, self.url, self.seconds = browser, url, {}

    @contextmanager
    def step(self, name, done):
        begin = time.monotonic()
        yield
        self.see(done)
        self.seconds[name] = time.monotonic() - begin
        self.browser.shot(f"first_hour_{len(self.seconds):02d}_{name}")

    def see(self, progress):
        """The panel with so many steps done."""
        self.browser.go(self.url + PANEL, ".o_form_view .o_field_widget[name=progress]")
        self.browser.wait(".o_field_widget[name=progress]", text=f"{progress} of 12")

    def begin(self, title):
        """Press the one primary button and wait for its form."""
        self.browser.wait(".o_field_widget[name=next_title]", text=title)
        self.browser.click("button[name=action_next]")

    def dialog(self, title, *words):
        self.begin(title)
        for word in words:
            self.browser.wait(".modal .o_form_view", text=word)

    def choose(self, field, text):
        self.browser.fill(f".modal .o_field_widget[name={field}] input", text)
        self.browser.click(".o-autocomplete--dropdown-item", text)

    def apply(self, seconds=60):
        self.browser.click(".modal footer button.btn-primary")
        self.browser._until(lambda: not self.browser.run("!!document.querySelector('.modal')"), seconds, "still open")

    def drop_file(self, path):
        node = self.browser.send("DOM.getDocument", depth=-1)["root"]["nodeId"]
        field = self.browser.send("DOM.querySelector", nodeId=node, selector="[name=file] input[type=file]")["nodeId"]
        self.browser.send("DOM.setFileInputFiles", nodeId=field, files=[str(path)])


def test_from_nothing_to_a_shop_that_buys(empty_shop, tmp_path):
    prices = tmp_path / "报价.csv"
    prices.write_bytes(PRICES.encode("gb18030"))
    begin = time.monotonic()
    with Chrome(SHOTS) as browser:
        browser.login(empty_shop.url, "admin")
        me = Newcomer(browser, empty_shop.url)
        me.see(0)
        keep(browser, "first_hour_en")
        describe(me)
        supply(me, prices)
        sell(me)
        link = try_order(me)
        answer_by_phone(link)
        with me.step("go_live", 12):
            me.see(11)
            me.dialog("Go live", "test order")
            browser.shot("first_hour_go_live_form")
            me.apply()
        browser.wait(".alert-success", text="You are in business")
        browser.shot("first_hour_12_over", full=True)
        browser.click("button[name=action_finish]")
        browser.wait(".o_form_view div[name=today]")
        assert not browser.errors, browser.errors
    total = time.monotonic() - begin
    lines = [f"{name:<12} {seconds:6.1f} s" for name, seconds in me.seconds.items()]
    (SHOTS / "first_hour.txt").write_text("\n".join([*lines, f"{'all':<12} {total:6.1f} s"]) + "\n")
    row = empty_shop.shell(
        'order = env["sale.order"].search([("dropship_is_test", "=", True)])\n'
        "picking = order.dropship_purchase_ids.picking_ids\n"
        'print("TAXES", order.currency_id.name, order.order_line.tax_ids.country_id.mapped("code"))\n'
        'print("ROW", order.state, order.dropship_stage, picking.carrier_tracking_ref)\n'
        "order._dropship_remove()\n"
        'print("LEFT", env["purchase.order"].search_count([]), env["stock.move"].search_count([]))'
    )
    assert "TAXES CNY ['CN']" in row, row
    assert "ROW sale on_the_way SF1234567890" in row, row
    assert "LEFT 0 0" in row, row


def describe(me):
    browser = me.browser
    with me.step("company", 1):
        me.dialog("Company and orders", "Orders Come From")
        me.choose("country_id", "China")
        browser.wait(".modal .o_field_widget[name=load_chart]")
        browser.shot("first_hour_company_form")
        me.apply(seconds=240)
    with me.step("sender", 2):
        me.dialog("Sender on labels", "Suppliers print this")
        browser.fill(".modal .o_field_widget[name=phone] input", "+86 400 800 1234")
        me.apply()
    with me.step("languages", 3):
        me.dialog("Languages", "In the Web Shop Too")
        me.apply(seconds=180)


def supply(me, prices):
    browser = me.browser
    with me.step("supplier", 4):
        me.dialog("First supplier", "Takes Orders By")
        browser.fill(".modal .o_field_widget[name=name] input", "义乌晨星贸易有限公司")
        browser.fill(".modal .o_field_widget[name=city] input", "义乌")
        browser.shot("first_hour_supplier_form")
        me.apply()
    with me.step("price_list", 5):
        me.begin("Price list")
        browser.wait(".o_form_view .o_field_widget[name=warehouse_id]")
        me.drop_file(prices)
        browser.wait(".o_field_widget[name=file]", text="")
        time.sleep(0.5)
        browser.click("button[name=action_read]")
        browser.wait(".o_field_widget[name=row_ids] td", text="台灯")
        browser.shot("first_hour_price_list_rows")
        browser.click(".nav-link", "Set Aside")
        browser.wait(".tab-pane.active td", text="The price is 0.")
        browser.shot("first_hour_price_list_aside")
        browser.click("button[name=action_apply]")
        browser.wait(".alert-success", text="5 offers written, 5 products created.")
    with me.step("freight", 6):
        me.dialog("Freight", "江浙沪")
        browser.shot("first_hour_freight_form")
        me.apply()


def sell(me):
    browser = me.browser
    with me.step("products", 7):
        me.dialog("Five products", "义乌晨星")
        browser.shot("first_hour_products_form")
        me.apply()
    with me.step("charges", 8):
        me.dialog("Shipping charges", "China")
        browser.shot("first_hour_charges_form")
        me.apply()
    with me.step("payment", 9):
        me.dialog("Payment", "Bank Transfer")
        browser.fill(".modal .o_field_widget[name=instructions] input", "工商银行 6222 0000 1111 2222")
        me.apply()


def try_order(me):
    """The link the code on the screen stands for."""
    browser = me.browser
    with me.step("test_order", 10):
        me.dialog("Test order", "margin")
        browser.shot("first_hour_test_preview")
        browser.click(".modal button[name=action_buy]")
        browser.wait("div[name=dropship_waiting]", text="义乌晨星")
        browser.shot("first_hour_test_bought")
    me.dialog("The supplier's view", "Scan with the phone")
    browser.wait(".modal .o_field_widget[name=code] img")
    browser.shot("first_hour_code")
    texts = "[...document.querySelectorAll('.modal .o_field_widget[name=url]')].map(field => field.innerText)"
    return next(text for text in browser.run(texts) if "http" in text).split()[0]


def answer_by_phone(link):
    """The supplier: no login, a small screen, accept, number, done."""
    with Chrome(SHOTS, width=500, height=844) as phone:
        phone.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        phone.go(link, "#dropship_answer")
        phone.shot("first_hour_phone_accept")
        assert phone.run("document.documentElement.scrollWidth") <= 390, "the page scrolls sideways"
        phone.click("button[value=accept]")
        phone.wait("#dropship_answer h4", text="The parcel left")
        phone.fill("#dropship_numbers", "soon")
        phone.click("button[value=ship]")
        phone.wait("#dropship_answer .alert-danger", text="no tracking number")
        phone.shot("first_hour_phone_wrong")
        phone.fill("#dropship_numbers", "SF1234567890")
        phone.click("button[value=ship]")
        phone.wait("#dropship_answer .alert-success", text="shipped")
        phone.shot("first_hour_phone_shipped")
