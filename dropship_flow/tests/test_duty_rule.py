from datetime import date

from odoo.tests import tagged

from .common_supply import SupplyCase


@tagged("post_install", "-at_install", "standard")
class TestDutyRule(SupplyCase):
    def rules(self, country="DE", day=date(2030, 1, 7), company=None):
        duties = self.env["dropship.duty.rule"]
        return duties._for(self.country(country), day, company or self.env.company) - self.before

    def setUp(self):
        super().setUp()
        self.before = self.env["dropship.duty.rule"].search([])

    def test_a_rule_holds_where_it_says(self):
        german = self.make_duty(ship_to="DE AT")
        union = self.make_duty("Per heading", ship_to_group_id=self.env.ref("base.europe"))
        everywhere = self.make_duty("Clearance", kind="parcel")
        self.assertEqual(self.rules("DE"), german | union | everywhere)
        self.assertEqual(self.rules("FR"), union | everywhere)
        self.assertEqual(self.rules("CN"), everywhere)

    def test_a_rule_holds_for_its_time(self):
        rule = self.make_duty(date_from="2030-01-07", date_to="2030-01-08")
        self.assertFalse(self.rules(day=date(2030, 1, 6)))
        self.assertEqual(self.rules(day=date(2030, 1, 7)), rule)
        self.assertEqual(self.rules(day=date(2030, 1, 8)), rule)
        self.assertFalse(self.rules(day=date(2030, 1, 9)))

    def test_a_rule_holds_for_its_company(self):
        other = self.make_company()
        mine = self.make_duty(company_id=self.env.company)
        shared = self.make_duty()
        theirs = self.make_duty(company_id=other)
        self.assertEqual(self.rules(), mine | shared)
        self.assertEqual(self.rules(company=other), shared | theirs)

    def test_headings_are_digits_however_written(self):
        self.assertEqual(self.make_duty(heading_prefix="9405.11 00").heading_prefix, "94051100")
        with self.refused():
            self.make_duty(heading_prefix="lamps")

    def test_wrong_rules_are_refused(self):
        for values in (
            {"amount": -1},
            {"min_value": -1},
            {"min_value": 10, "max_value": 5},
            {"kind": "percent", "amount": 2000},
            {"date_from": "2030-01-02", "date_to": "2030-01-01"},
        ):
            with self.subTest(values), self.refused():
                self.make_duty(**values)
        self.make_duty(min_value=10, max_value=0)

    def test_customs_area_of_a_country(self):
        german = self.country("DE")._dropship_customs_area()
        self.assertIn("PL", german)
        self.assertNotIn("CH", german)
        self.assertEqual(self.country("CN")._dropship_customs_area(), {"CN"})
        self.assertEqual(self.env["res.country"]._dropship_customs_area(), set())
