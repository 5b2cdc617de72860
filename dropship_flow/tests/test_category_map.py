from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestCategoryMap(FlowCase):
    """Suppliers' categories and words become the shop's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lights = cls.env["product.category"].create({"name": "Lights"})
        cls.shelf = cls.env["product.public.category"].create({"name": "Lamps of the Shop"})
        cls.maps, cls.uses = cls.env["dropship.category.map"], cls.env["dropship.supplier.category.use"]

    def goods(self, sku, path, supplier="Rhein", **vals):
        return self.make_offer(self.warehouses[supplier], None, 5.0, sku=sku, category=path, **vals)

    def use(self, offer):
        self.env["dropship.supplier.category"]._refresh()
        return self.uses.search([("path", "=", offer.category), ("supplier_id", "=", offer.supplier_id.id)])

    def test_the_first_rule_that_fits_counts(self):
        lamp = self.goods("M1", "Haus > Licht > Lampen")
        exact = self.maps.create(
            {"path": "Haus > Licht > Lampen", "below": False, "categ_id": self.lights.id, "sequence": 5,
             "public_categ_ids": [Command.set(self.shelf.ids)]}
        )  # fmt: skip
        wide = self.maps.create({"path": " Haus>Licht ", "categ_id": self.env.ref("product.product_category_goods").id})
        self.assertEqual(wide.path, "Haus > Licht")
        below = self.goods("M2", "Haus > Licht > Kerzen")
        beside = self.goods("M3", "Haus > Lichterkette")
        found = self.maps._of(lamp | below | beside)
        self.assertEqual(found[lamp.id], (self.lights, self.shelf))
        self.assertEqual(found[below.id][0], wide.categ_id)
        self.assertNotIn(beside.id, found)
        exact.active = False
        self.assertEqual(self.maps._of(lamp)[lamp.id][0], wide.categ_id)

    def test_a_rule_of_a_supplier_is_not_for_others(self):
        self.maps.create(
            {"path": "Licht", "supplier_id": self.suppliers["Rhein"].id, "categ_id": self.lights.id}
        )
        mine, theirs = self.goods("M4", "Licht"), self.goods("M4", "Licht", "Dawn")
        self.assertEqual(list(self.maps._of(mine | theirs)), [mine.id])

    def test_unmapped_ones_are_mapped_in_bulk(self):
        first, second = self.goods("M5", "A > B"), self.goods("M6", "C")
        uses = self.use(first) | self.use(second)
        self.assertFalse(uses.map_id)
        buyer = self.make_login("buyer")
        action = uses.with_user(buyer).action_map()
        wizard = self.env["dropship.category.assign"].with_user(buyer).with_context(**action["context"]).create({})
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.categ_id = self.lights
        wizard.action_apply()
        uses.invalidate_recordset()
        self.assertEqual(uses.mapped("map_id.path"), ["A > B", "C"])
        self.assertEqual(self.maps._of(first | second)[second.id][0], self.lights)
        before = self.maps.search_count([])
        wizard.action_apply()
        self.assertEqual(self.maps.search_count([]), before)

    def test_empty_paths_and_order_desks_are_refused(self):
        with self.assertRaises(UserError):
            self.maps.create({"path": " > > "})
        with self.assertRaises(AccessError):
            self.maps.with_user(self.make_login("user")).create({"path": "X"})

    def test_words_of_three_languages_are_one_attribute(self):
        offers = [
            self.goods(f"W{place}", False, attributes=said)
            for place, said in enumerate(
                [{"颜色分类": "红色"}, {"Farbe": "ROT", "Größe": "Groß"}, {"colour": "red"}, {"Color": "Petrol"}, {},
                 {"": "x"}]  # fmt: skip
            )
        ]
        offers = self.env["dropship.offer"].union(*offers)
        found = self.env["dropship.attribute.map"]._of(offers)
        red = {
            (pair[0].name, pair[1].name)
            for offer in offers[:3]
            for pair in found[offer.id]
            if pair[0].name == "Colour" or pair[0].name == "Color"
        }
        self.assertEqual(len(red), 1)
        self.assertEqual(red.pop()[1], "Red")
        self.assertIn(("Size", "L"), [(pair[0].name, pair[1].name) for pair in found[offers[1].id]])
        self.assertEqual(found[offers[3].id][0][1].name, "Petrol")
        self.assertNotIn(offers[4].id, found)
        self.assertNotIn(offers[5].id, found)
        again = self.env["dropship.attribute.map"]._of(offers)
        self.assertEqual(again, found)

    def test_nothing_is_made_by_looking(self):
        offer = self.goods("W9", False, attributes={"Leuchtmittel": "E27"})
        maps = self.env["dropship.attribute.map"]
        self.assertEqual(maps._of(offer, create=False), {})
        self.assertFalse(self.env["product.attribute"].search([("name", "=", "Leuchtmittel")]))
        attribute, value = maps._of(offer)[offer.id][0]
        self.assertEqual((attribute.name, value.name), ("Leuchtmittel", "E27"))
        maps.create({"name": "Leuchtmittel", "ignore": True, "company_id": self.company.id})
        self.assertEqual(maps._of(offer), {})

    def test_a_value_belongs_to_its_attribute(self):
        colour = self.env["product.attribute"].create({"name": "Shade"})
        size = self.env["product.attribute"].create({"name": "Width"})
        value = self.env["product.attribute.value"].create({"name": "5", "attribute_id": size.id})
        with self.assertRaises(UserError):
            self.env["dropship.attribute.map"].create(
                {"name": "Shade", "attribute_id": colour.id,
                 "value_ids": [Command.create({"name": "5", "value_id": value.id})]}
            )
