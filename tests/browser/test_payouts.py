"""The accountant uploads a payout, looks at it, says what an unknown row is, and posts it."""

import base64

import pytest
from stories import keep, row, speak

pytestmark = pytest.mark.browser
ACTION = "/odoo/action-dropship_flow.action_dropship_"
WORDS = {
    "en_US": {"held": "rows have to be looked at", "posted": "posted", "why": "No order has the number"},
    "zh_CN": {"held": "需要查看", "posted": "已入账", "why": "没有编号为"},
}


def a_file(tag, name, total):
    head = "Payout,Payout Date,Transferred,Order,Kind,Amount,Currency\n"
    rows = (
        f"{tag}-1,2026-05-04,{total - 8:.2f},{name},sale,{total:.2f},EUR\n"
        f"{tag}-1,2026-05-04,,{name},commission,-8.00,EUR\n{tag}-1,2026-05-04,,X-{tag},refund,-10.00,EUR\n"
        f"{tag}-1,2026-05-04,,X-{tag},adjustment,10.00,EUR\n"
    )
    return base64.b64encode((head + rows).encode()).decode()


def enter(world, lang):
    """The payout of a file for an order of the demo world, as the wizard enters it."""
    name, total = row(
        world, 'order = env.ref("dropship_flow.order_parcel_today"); print("ROW", [order.name, order.amount_total])'
    )
    code = f"""
user = env["res.users"].search([("login", "=", "accountant")])
env = env(user=user.id, context={{"allowed_company_ids": env.ref("base.main_company").ids, "lang": "{lang}"}})
wizard = env["dropship.payout.upload"].create({{
    "channel_id": env.ref("dropship_flow.channel_amazon").id, "name": "payout-{lang}.csv",
    "layout_id": env.ref("dropship_flow.order_layout_other_payout").id,
    "content": "{a_file(lang[:2], name, total)}"}})
wizard.action_look()
print("ROW", wizard.action_enter()["res_id"])
env.cr.commit()
"""
    return row(world, code)


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_a_payout_from_file_to_entry(world, chrome, lang):
    tag, words = lang[:2], WORDS[lang]
    payout_id = enter(world, lang)
    chrome.login(world.url, "accountant")
    speak(chrome, lang)
    chrome.go(f"{world.url}{ACTION}payout", ".o_list_view")
    keep(chrome, f"payouts_{tag}")
    chrome.go(f"{world.url}{ACTION}payout/{payout_id}", ".o_form_view .o_field_widget[name=look_ids] tr.o_data_row")
    chrome.wait(".o_form_view h3", text=words["held"])
    chrome.wait(".o_field_widget[name=look_ids]", text=words["why"])
    keep(chrome, f"payout_differs_{tag}", full=True)
    chrome.click(".o_field_widget[name=look_ids] button[name=action_decide]")
    chrome.wait(".modal .o_field_widget[name=order_id] input")
    keep(chrome, f"payout_decide_{tag}")
    chrome.click(".modal .btn-close")
    chrome.click("button[name=action_post_apart]")
    chrome.click(".modal .btn-primary")
    chrome.wait("button[name=action_reverse]")
    keep(chrome, f"payout_posted_{tag}", full=True)
    found = row(
        world,
        f'payout = env["dropship.payout"].browse({payout_id}); '
        'print("ROW", [payout.state, len(payout.move_ids), payout.open_count])',
    )
    assert found == ["posted", 1, 1]
    chrome.go(f"{world.url}{ACTION}payout_overdue", ".o_list_view")
    keep(chrome, f"payouts_by_order_{tag}")
