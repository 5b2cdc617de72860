"""The desk drops a marketplace's order file, sees what would become of it, links a code and enters the rest."""

import base64

import pytest
from stories import ACTION, keep, row, speak

pytestmark = pytest.mark.browser
HEAD = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,商品单价,订单应付金额,收件人,"
    "收件人手机号,省,市,区,详细地址,订单状态\r\n"
)
WORDS = {
    "en_US": {"look": "Nobody said yet what", "enter": "Enter Orders", "shop": "Channels"},
    "zh_CN": {"look": "还没有人说过", "enter": "录入订单", "shop": "渠道"},
}


def a_file(tag):
    def line(number, code, price):
        who = f"周敏,13805710021,浙江省,杭州市,西湖区,文一西路 {number} 号"
        return f"{number},{number}-1,保温杯,白色,1,{code},{price},{price},{who},待发货\r\n"

    start = {"en": 7100, "zh": 7200}[tag]
    rows = line(start + 1, "LL-THERMOS", 89) + line(start + 2, f"CUP-{tag}", 89)
    return base64.b64encode((HEAD + rows).encode("gb18030")).decode()


def upload(world, lang):
    """The file of the desk, as its dialog makes it."""
    code = f"""
desk = env["res.users"].search([("login", "=", "desk")])
company = env.ref("dropship_flow.company_hangzhou")
desk.write({{"company_ids": [(4, company.id)]}})
env = env(user=desk.id, context={{"allowed_company_ids": [company.id], "lang": "{lang}"}})
wizard = env["dropship.order.upload"].create({{
    "channel_id": env.ref("dropship_flow.channel_douyin").id, "name": "orders-{lang}.csv",
    "content": "{a_file(lang[:2])}"}})
print("ROW", wizard.action_apply()["res_id"])
env.cr.commit()
"""
    return row(world, code)


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_a_morning_with_an_order_file(world, chrome, lang):
    tag, words = lang[:2], WORDS[lang]
    file_id = upload(world, lang)
    chrome.login(world.url, "desk")
    speak(chrome, lang)
    chrome.run("document.cookie = 'cids=1-2; path=/'")
    chrome.go(f"{world.url}{ACTION}sales_channel", ".o_kanban_view .o_kanban_record")
    chrome.wait(".o_kanban_record", text="抖店")
    keep(chrome, f"channels_{tag}")
    chrome.go(f"{world.url}{ACTION}order_file/{file_id}", ".o_form_view .o_field_widget[name=look_ids] tr.o_data_row")
    chrome.wait(".o_field_widget[name=look_ids]", text=words["look"])
    keep(chrome, f"order_file_checked_{tag}", full=True)
    chrome.click(".o_field_widget[name=look_ids] button[name=action_link]")
    chrome.wait(".modal .o_field_widget[name=product_id] input")
    keep(chrome, f"order_file_link_{tag}")
    chrome.click(".modal .btn-close")
    chrome.click("button[name=action_import]")
    chrome.wait("button[name=action_open_orders]")
    keep(chrome, f"order_file_entered_{tag}", full=True)
    found = row(
        world,
        f'file = env["dropship.order.file"].browse({file_id}); '
        'print("ROW", [file.state, file.imported_count, file.problem_count])',
    )
    assert found == ["partly", 1, 1]
    chrome.go(f"{world.url}{ACTION}ship_file", ".o_list_view")
    keep(chrome, f"ship_files_{tag}")
