"""The customer looks for his parcels on a phone, in both languages: finds them, says that he has them, rates."""

import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

import pytest
from stories import fits, keep, row

pytestmark = pytest.mark.browser

ORDERS = """
from datetime import timedelta
from odoo import fields
from odoo.addons.dropship_flow.trackers.said import Said
# One customer orders the same again and again here; that he is asked about is another story.
env["dropship.hold.rule"].search([("kind", "=", "duplicate")]).active = False
now = fields.Datetime.now()
customer = env.ref("dropship_flow.customer_mehmet")
customer.write({"email": "mehmet@example.com", "phone": "+49 30 901820"})
(env.ref("base.lang_en") | env.ref("base.lang_zh_CN")).active = True
found = []
for number in range(3):
    order = env["sale.order"].create({
        "partner_id": customer.id,
        "website_id": env.ref("website.default_website").id,
        "pricelist_id": env.ref("dropship_flow.pricelist_shop").id,
        "order_line": [
            (0, 0, {"product_id": env.ref(f"dropship_flow.product_{name}").id, "product_uom_qty": qty})
            for name, qty in (("lamp", 1), ("stand", 2), ("cable", 1))
        ],
    })
    order.action_confirm()
    parcels = [{"number": f"TRACK10{order.id}", "carrier": "DHL"}]
    purchases = order.dropship_purchase_ids
    purchases[0]._dropship_take_parcels(parcels)
    box = order.dropship_shipment_ids
    steps = (("picked_up", 60), ("in_transit", 52), ("in_transit", 30), ("customs", 26), ("in_transit", 8),
             ("out_for_delivery", 2))
    box._add_events([Said(now - timedelta(hours=ago), code, raw_status=f"{code}{ago}") for code, ago in steps])
    found.append([order.id, order.name, order._dropship_track_token(), box.id])
print("ROW", found)
"""
DELIVERED = """
from datetime import timedelta
from odoo import fields
from odoo.addons.dropship_flow.trackers.said import Said
for box in env["dropship.shipment"].browse(%s):
    box._add_events([Said(fields.Datetime.now() - timedelta(minutes=20), "delivered", detail="neighbour")])
print("ROW", 1)
"""


@pytest.fixture(scope="module")
def orders(world):
    return row(world, ORDERS)


def press_space_on(browser, selector):
    """Choose with the keyboard."""
    browser.run(f"document.querySelector({selector!r}).focus()")
    for kind in ("rawKeyDown", "char", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key=" ", code="Space", windowsVirtualKeyCode=32, text=" ")


@pytest.mark.parametrize(("place", "prefix"), [(0, ""), (1, "/zh_CN")])
def test_from_the_number_to_the_stars(world, phone, orders, place, prefix):
    order_id, name, token, box_id = orders[place]
    tag = "zh" if prefix else "en"
    # Found again by number and phone; a wrong one says so.
    phone.go(f"{world.url}{prefix}/track", "#dropship_lookup form")
    fits(phone)
    phone.fill("#dropship_reference", name)
    phone.fill("#dropship_contact", "nobody@example.com")
    phone.click("#dropship_lookup form button[type=submit]")
    phone.wait("#dropship_problem")
    fits(phone)
    phone.shot(f"track_lookup_{tag}", full=True)
    phone.fill("#dropship_reference", name.lower())
    phone.fill("#dropship_contact", "030 901820")
    phone.click("#dropship_lookup form button[type=submit]")
    phone.wait("#dropship_track[data-code=out_for_delivery]")
    assert f"{prefix}/track/{token}" in phone.run("location.href")
    fits(phone)
    keep(phone, f"track_{tag}", full=True)
    # Delivered, and one click with the keyboard.
    row(world, DELIVERED % [box_id])
    phone.go(f"{world.url}{prefix}/track/{token}", "#dropship_track[data-code=delivered]")
    fits(phone)
    phone.shot(f"track_delivered_{tag}", full=True)
    phone.click("#dropship_help summary")
    phone.wait("#dropship_report_text")
    fits(phone)
    phone.shot(f"track_help_{tag}", full=True)
    phone.click("#dropship_have button[type=submit]")
    phone.wait("#dropship_said[data-said=received]")
    phone.wait("#dropship_rate form")
    press_space_on(phone, "#dropship_star_4")
    assert phone.run("document.querySelector('#dropship_star_4').checked")
    phone.fill("#dropship_comment", "Very nice <b>lamp</b>")
    phone.shot(f"track_rate_{tag}", full=True)
    phone.click("#dropship_rate button[type=submit]")
    phone.wait("#dropship_said[data-said=rated]")
    assert "<b>lamp</b>" in phone.text("#dropship_rate")
    fits(phone)
    phone.shot(f"track_done_{tag}", full=True)
    code = f"""
order = env["sale.order"].browse({order_id})
print("ROW", [order.dropship_received_how, order.dropship_stage, order.rating_last_value])
"""
    assert row(world, code)[0::2] == ["customer", 4.0]


def test_ten_clicks_at_the_same_moment(world, orders):
    """In ten tabs: the parcel is received once, and one of the ratings counts."""
    order_id, _name, token, box_id = orders[2]
    row(world, DELIVERED % [box_id])
    url = f"{world.url}/track/{token}"

    def browser(number):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = opener.open(url, timeout=60).read().decode()
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return opener, urllib.parse.urlencode({"csrf_token": csrf, "stars": 1 + number % 5}).encode()

    def send(pair):
        opener, data = pair
        return opener.open(f"{url}/received", data, timeout=120).url

    with ThreadPoolExecutor(10) as pool:
        ends = list(pool.map(send, pool.map(browser, range(10))))
    code = f"""
order = env["sale.order"].browse({order_id})
notes = order.message_ids.filtered(lambda message: "The customer has it" in (message.body or ""))
bad = env["dropship.exception"].search_count([("order_id", "=", order.id), ("kind", "=", "bad_rating")])
ratings = order.rating_ids.filtered("consumed").mapped("rating")
print("ROW", [len(ratings), len(notes), bad == (ratings[0] <= 2), order.dropship_received_how])
"""
    assert row(world, code) == [1, 1, True, "customer"]
    assert sum("said=rated" in end for end in ends) == 1


def test_on_a_desktop(world, chrome, orders):
    _order_id, _name, token, _box_id = orders[0]
    chrome.go(f"{world.url}/track/{token}", "#dropship_track")
    chrome.shot("track_desktop_en", full=True)
    forged = f"{token[:-5]}{'b' if token[-5] == 'a' else 'a'}{token[-4:]}"
    for text in (forged, "%00", "x" * 500):
        chrome.go(f"{world.url}/track/{text}", "#dropship_track_gone")
    chrome.shot("track_gone_en")
    chrome.login(world.url, "desk")
    chrome.go(f"{world.url}/odoo/action-dropship_flow.action_dropship_rating", ".o_kanban_view")
    chrome.shot("track_ratings_en")
