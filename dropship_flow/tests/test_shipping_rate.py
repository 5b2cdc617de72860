import doctest
from datetime import date

from odoo import Command
from odoo.addons.dropship_flow.models import shipping_rate, zip_range
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_supply import SupplyCase


@tagged("post_install", "-at_install", "standard")
class TestShippingRate(SupplyCase):
    def match(self, country="DE", state=None, postcode="", city="", day=date(2030, 1, 7), warehouses=None):
        destination = {"country": self.country(country), "state": state, "zip": postcode, "city": city}
        found = self.env["dropship.shipping.rate"]._match(warehouses or self.warehouse, destination, day)
        return found if warehouses else found[self.warehouse.id]

    def test_the_examples_in_the_code_hold(self):
        for module in (shipping_rate, zip_range):
            self.assertFalse(doctest.testmod(module).failed)

    def test_an_empty_destination_matches_anything(self):
        rate = self.make_rate(self.supplier)
        self.assertEqual(self.match("DE"), rate)
        self.assertEqual(self.match("CN"), rate)

    def test_without_country_nothing_is_shipped(self):
        self.make_rate(self.supplier)
        found = self.env["dropship.shipping.rate"]._match(
            self.warehouse, {"country": self.env["res.country"]}, date(2030, 1, 7)
        )
        self.assertFalse(found[self.warehouse.id])

    def test_the_most_specific_row_counts(self):
        zhejiang = self.state("CN", "浙")
        anywhere = self.make_rate(self.supplier)
        asia = self.make_rate(
            self.supplier,
            country_group_ids=[
                Command.create(
                    {"name": "Asia", "country_ids": [Command.set((self.country("CN") + self.country("JP")).ids)]}
                )
            ],
        )
        china = self.make_rate(self.supplier, countries="CN")
        state = self.make_rate(self.supplier, countries="CN", states=[zhejiang])
        city = self.make_rate(self.supplier, countries="CN", states=[zhejiang], city="杭州, 宁波市")
        postcode = self.make_rate(self.supplier, countries="CN", zip_from="3100", zip_to="3109")
        self.assertEqual(self.match("DE"), anywhere)
        self.assertEqual(self.match("JP"), asia)
        self.assertEqual(self.match("CN"), china)
        self.assertEqual(self.match("CN", zhejiang), state)
        self.assertEqual(self.match("CN", zhejiang, city="宁波"), city)
        self.assertEqual(self.match("CN", zhejiang, city="杭州市"), city)
        self.assertEqual(self.match("CN", zhejiang, postcode="310 015", city="杭州市"), postcode)
        self.assertEqual(self.match("CN", zhejiang, postcode="311000"), state)

    def test_many_destinations_are_matched_at_once(self):
        zhejiang = self.state("CN", "浙")
        china = self.make_rate(self.supplier, countries="CN")
        state = self.make_rate(self.supplier, countries="CN", states=[zhejiang], city="宁波")
        second = self.make_warehouse(self.supplier, "CN")
        own = self.make_rate(second, countries="CN")
        cn = self.country("CN").id
        places = [(cn, False, "", ""), (cn, zhejiang.id, "", "宁波市"), (False, False, "", "")]
        asked = {places[0]: [self.warehouse.id, second.id], places[1]: [self.warehouse.id], places[2]: [second.id]}
        found = self.env["dropship.shipping.rate"]._match_many(asked, date(2030, 1, 7))
        self.assertEqual(
            {key: rates.ids for key, rates in found.items()},
            {
                (places[0], self.warehouse.id): china.ids,
                (places[0], second.id): own.ids,
                (places[1], self.warehouse.id): state.ids,
                (places[2], second.id): [],
            },
        )

    def test_postcodes_may_be_beginnings_and_letters(self):
        rate = self.make_rate(self.supplier, countries="GB", zip_from="SW1", zip_to="SW9")
        self.assertEqual(self.match("GB", postcode="sw1a 1aa"), rate)
        self.assertEqual(self.match("GB", postcode="SW9 0AA"), rate)
        self.assertFalse(self.match("GB", postcode="W1A 1AA"))
        self.assertFalse(self.match("GB", postcode=""))

    def test_a_city_list_needs_a_city(self):
        self.make_rate(self.supplier, city="Berlin")
        self.assertFalse(self.match(city=""))
        self.assertFalse(self.match(city="Ber"))
        self.assertTrue(self.match(city=" BERLIN"))

    def test_own_rates_of_a_warehouse_come_before_those_of_the_supplier(self):
        other = self.make_warehouse(self.supplier, "PL")
        general = self.make_rate(self.supplier, countries="DE")
        own = self.make_rate(self.warehouse)
        found = self.match("DE", warehouses=self.warehouse | other)
        self.assertEqual((found[self.warehouse.id], found[other.id]), (own, general))

    def test_every_service_gives_its_rate(self):
        air, sea = self.make_service("Air"), self.make_service("Sea")
        rates = self.make_rate(self.supplier, service_id=air) | self.make_rate(self.supplier, service_id=sea)
        special = self.make_rate(self.supplier, countries="DE", service_id=sea)
        self.assertEqual(self.match("CN"), rates)
        self.assertEqual(self.match("DE"), rates[0] | special)
        air.active = False
        self.assertEqual(self.match("DE"), special)

    def test_equal_rows_stay_side_by_side(self):
        light = self.make_rate(self.supplier, max_weight=2)
        heavy = self.make_rate(self.supplier, max_weight=30)
        self.assertEqual(self.match(), light | heavy)

    def test_rates_hold_for_their_time(self):
        peak = self.make_rate(self.supplier, countries="DE", date_from="2030-12-01", date_to="2030-12-31")
        usual = self.make_rate(self.supplier)
        self.assertEqual(self.match(), usual)
        self.assertEqual(self.match(day=date(2030, 12, 31)), peak)
        usual.active = False
        self.assertFalse(self.match())

    def test_rates_of_other_suppliers_are_not_used(self):
        self.make_rate(self.make_supplier("Stranger"))
        self.assertFalse(self.match())

    def test_many_warehouses_take_one_query(self):
        warehouses = self.warehouse
        for _count in range(20):
            warehouses |= self.make_warehouse(self.supplier)
            self.make_rate(warehouses[-1], countries="DE PL")
        destination = {"country": self.country("DE")}
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = self.env["dropship.shipping.rate"]._match(warehouses, destination, date(2030, 1, 7))
        self.assertEqual([len(rates) for rates in found.values()], [0] + [1] * 20)

    def test_wrong_rates_are_refused(self):
        for values in (
            {"first_price": -1},
            {"surcharge": -1},
            {"step_price": 1, "step_weight": 0},
            {"days_p50": 5, "days_p80": 4, "days_p95": 6},
            {"date_from": "2030-01-02", "date_to": "2030-01-01"},
        ):
            with self.subTest(values), self.refused():
                self.make_rate(self.supplier, **values)
        with self.assertRaisesRegex(ValidationError, "in the wrong order"):
            self.make_rate(self.supplier, zip_from="20", zip_to="10")
        stranger = self.make_service("Own", supplier_id=self.make_supplier("Stranger"))
        with self.assertRaisesRegex(ValidationError, "Choose both from one supplier"):
            self.make_rate(self.supplier, service_id=stranger)
