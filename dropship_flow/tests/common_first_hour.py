"""An empty shop, as a newcomer finds it: a company, nothing else."""

import base64

from odoo.tests import TransactionCase

from .common_supply import SupplyFactories

PRICES = """货号,品名,供货价(元),库存,条码,重量(克)
K-1,台灯,¥12.50,100,4006381333931,400
K-2,手机支架,3.20,>100,,150
K-3,数据线,2.80,有货,,60
K-4,马克杯,5.00,40,,350
K-5,收纳盒,6.60,12,,500
K-6,赠品,0,12,,500
合计,,30.10,,,
"""


class FirstHourCase(SupplyFactories, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.china = cls.country("CN")
        cls.yuan = cls.currency("CNY")
        cls.company = cls.make_company("新店", currency_id=cls.yuan.id)
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        # Shared records of other tests' worlds are no part of an empty shop.
        shared = [("company_id", "=", False)]
        for model in ("dropship.sales.channel", "dropship.supplier"):
            cls.env[model].search(shared).active = False
        cls.panel = cls.env["dropship.first.hour"]._of(cls.company)

    @classmethod
    def wizard(cls, code):
        """The form a step opens."""
        action = cls.step(code).action_open_step()
        return cls.env[action["res_model"]].browse(action["res_id"])

    @classmethod
    def step(cls, code):
        cls.env.invalidate_all()
        return cls.panel.step_ids.filtered(lambda step: step.code == code)

    @classmethod
    def state(cls, code):
        return cls.step(code).state

    @classmethod
    def describe_company(cls, source="web"):
        wizard = cls.wizard("company")
        wizard.write({"country_id": cls.china.id, "currency_id": cls.yuan.id, "order_source": source})
        wizard.action_apply()

    @classmethod
    def add_supplier(cls, **vals):
        wizard = cls.wizard("supplier")
        values = {"name": "义乌晨星", "country_id": cls.china.id, "city": "义乌", "currency_id": cls.yuan.id}
        wizard.write({**values, **vals})
        wizard.action_apply()
        return cls.env["dropship.supplier"].search([("company_id", "=", cls.company.id)], limit=1, order="id desc")

    @classmethod
    def read_prices(cls, text=PRICES, encoding="gb18030", **vals):
        action = cls.step("price_list").action_open_step()
        values = {"file": base64.b64encode(text.encode(encoding)), "file_name": "报价.csv"}
        prices = cls.env["dropship.price.list"].with_context(**action["context"]).create({**values, **vals})
        prices.action_read()
        return prices

    @classmethod
    def sell(cls):
        """Everything up to five products for sale."""
        cls.describe_company()
        supplier = cls.add_supplier()
        cls.read_prices().action_apply()
        cls.wizard("freight").action_apply()
        cls.wizard("products").action_apply()
        return supplier

    @classmethod
    def buy_test(cls, **vals):
        wizard = cls.wizard("test_order")
        if vals:
            wizard.write(vals)
        order = cls.env["sale.order"].browse(wizard.action_buy()["res_id"])
        return order
