from odoo import Command
from odoo.tests import tagged

from .test_availability import AvailabilityCase


@tagged("post_install", "-at_install", "standard")
class TestKitAvailability(AvailabilityCase):
    """A kit of one lamp and two cables: there when its parts are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.make_product("Kit", list_price=60.0, taxes_id=False)
        cls.bom = cls.make_bom(cls.kit, (cls.lamp, 1), (cls.cable, 2))
        for offer in cls.offers.values():
            if offer.warehouse_id != cls.warehouses["Rhein"]:
                offer.active = False

    @classmethod
    def make_bom(cls, product, *parts):
        lines = [Command.create({"product_id": part.id, "product_qty": qty}) for part, qty in parts]
        values = {"product_tmpl_id": product.product_tmpl_id.id, "type": "phantom", "product_qty": 1.0}
        return cls.env["mrp.bom"].create({**values, "bom_line_ids": lines})

    def test_the_scarcest_part_counts(self):
        stock = self.tell(self.kit)
        self.assertEqual((stock.state, stock.quantity), ("in_stock", 50))
        self.offers["Rhein", self.cable].stock = 7
        stock = self.tell(self.kit)
        self.assertEqual((stock.state, stock.quantity), ("few", 3), "Seven cables are three kits")

    def test_a_part_that_moves_moves_the_kit(self):
        self.tell(self.kit)
        self.offers["Rhein", self.lamp].stock = 0
        self.assertEqual(self.tell(self.kit).state, "none")

    def test_the_latest_part_gives_the_day(self):
        self.offers["Rhein", self.lamp].lead_days = 9
        stock = self.tell(self.kit)
        self.assertEqual((stock.state, stock.ship_days, stock.quantity), ("later", 9, 50))
        self.close(self.suppliers["Rhein"], -1, 20)
        self.assertEqual(self.tell(self.kit).state, "closed")

    def test_a_kit_in_a_kit(self):
        big = self.make_product("Big Kit", list_price=99.0, taxes_id=False)
        self.make_bom(big, (self.kit, 2), (self.stand, 1))
        self.assertEqual(self.tell(big).quantity, 25)
        self.offers["Rhein", self.cable].stock = 8
        self.assertEqual(self.tell(big).quantity, 2)

    def test_a_part_from_our_own_shelf(self):
        own = self.make_product("Own Part", route_ids=False, is_storable=True, taxes_id=False)
        place = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(own, place, 4.0)
        mixed = self.make_product("Mixed", taxes_id=False)
        self.make_bom(mixed, (self.lamp, 1), (own, 1))
        self.env["dropship.supply"]._moved(mixed.ids)
        self.assertEqual(self.tell(mixed).quantity, 4)

    def test_a_kit_nobody_offers_anything_of(self):
        first, second = (self.make_product(name) for name in ("First", "Second"))
        alone = self.make_product("Alone")
        self.make_bom(alone, (first, 1), (second, 1))
        self.env["dropship.supply"]._moved(alone.ids)
        self.assertIsNone(self.tell(alone))

    def test_rebuilt_the_same(self):
        self.tell(self.kit)
        before = self.rows(self.kit | self.lamp)
        self.env["dropship.availability"].search([("product_id", "in", (self.kit | self.lamp).ids)]).unlink()
        self.run_cron("cron_availability")
        self.assertEqual(self.rows(self.kit | self.lamp), before)
