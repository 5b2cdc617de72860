from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from . import records_goods
from .common_goods import GoodsCase

MODELS = ("dropship.return.parcel", "dropship.return.parcel.line", "dropship.freight.insurance")


@tagged("post_install", "-at_install", "standard")
class TestGoodsAccess(GoodsCase):
    """Who reads parcels back: the desk of their company, nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        records_goods.make(cls, cls.make_sale(cls.lamp), cls.rhein)

    def test_the_desk_of_the_company_reads_them(self):
        user = self.login("user")
        for model in MODELS:
            self.assertTrue(self.env[model].with_user(user).search([]), model)

    def test_another_company_does_not(self):
        other = self.env["res.company"].create({"name": "Other", "logo": False})
        user = new_test_user(
            self.env,
            "goods-other",
            "dropship_flow_aftersales.group_aftersales_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in MODELS:
            records = self.env[model].with_user(user).with_context(allowed_company_ids=other.ids)
            self.assertFalse(records.search([]), model)

    def test_customers_and_suppliers_have_pages_of_their_own(self):
        for name, groups in (("goods-portal", "base.group_portal"), ("goods-employee", "base.group_user")):
            user = new_test_user(self.env, name, groups)
            for model in MODELS:
                with self.subTest(user=name, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_nobody_writes_what_events_say(self):
        user = self.login("user")
        user.group_ids |= self.env.ref("dropship_flow_aftersales.group_aftersales_manager")
        line = self.env["dropship.return.parcel.line"].with_user(user).search([], limit=1)
        with self.assertRaises(AccessError):
            line.qty_received = 5.0
        with self.assertRaises(AccessError):
            line.parcel_id.copy()
        with self.assertRaises(AccessError):
            line.parcel_id.state = "inspected"
