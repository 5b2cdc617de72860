from contextlib import contextmanager

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_policy import PolicyCase


@tagged("post_install", "-at_install", "standard")
class TestPolicyRows(PolicyCase):
    """Rows of policy, law and terms: read as they are written, refused when they cannot be."""

    def rules(self):
        return self.env["dropship.return.policy"]._rules(self.env.company)

    @contextmanager
    def refused(self):
        """The database refuses it, whoever writes."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            yield

    def test_a_row_is_read_as_it_is_written(self):
        germany = self.env.ref("base.de")
        group = self.env["res.country.group"].create({"name": "Alps", "country_ids": self.env.ref("base.at").ids})
        tag = self.env["product.tag"].create({"name": "Final Sale"})
        row = self.row(
            {
                "kind": "return", "base": "signed", "days": 7, "workday": True, "fee": 12.5, "maximum": 50,
                "photo": True, "refund_days": 3, "refund_base": "notice",
            },
            {"kind": "keep", "percent": 30, "to": "keep"},
            category_ids=self.lamp.categ_id.ids, tag_ids=tag.ids, country_ids=germany.ids, liable="supplier",
            country_group_ids=group.ids, reason_ids=self.reason("damaged").ids, price_from=5, price_below=50,
            returns_from=3, rate_from=40, kind_ids=self.env.ref("dropship_flow_aftersales.goods_kind_custom").ids,
        )  # fmt: skip
        read = self.rules().rows[0]
        self.assertEqual((read.key, read.sequence), (row.id, 1))
        self.assertEqual(read.countries, {"DE", "AT"})
        self.assertEqual((read.reasons, read.kinds, read.liable), ({"damaged"}, {"custom"}, {"supplier"}))
        self.assertEqual((read.price_from, read.price_below), (self.dec(5), self.dec(50)))
        self.assertEqual((read.past.returns_from, read.past.rate_from, read.past.blocked), (3, self.dec(40), None))
        first, second = read.outcomes
        self.assertEqual((first.window.base, first.window.days, first.window.workday), ("signed", 7, True))
        self.assertEqual((first.fee, first.maximum, first.evidence), (self.dec(12.5), self.dec(50), {"photo"}))
        self.assertEqual((first.refund.days, first.refund.base), (3, "notice"))
        self.assertEqual((second.kind, second.percent, second.window), ("keep", self.dec(30), None))

    def test_a_price_band_is_in_the_currency_of_the_row(self):
        dollar = self.currency("USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "rate": 2.0, "name": "2020-01-01", "company_id": self.env.company.id}
        )
        self.row("return", currency_id=dollar.id, price_from=20)
        self.assertEqual(self.rules().rows[0].price_from, self.dec(10))

    def test_rules_are_prepared_once_until_a_row_changes(self):
        row = self.row({"kind": "return", "fee": 10})
        first = self.rules()
        with self.assertQueryCount(0):
            self.assertIs(self.rules(), first)
        row.outcome_ids.fee = 20
        self.assertEqual(self.rules().rows[0].outcomes[0].fee, self.dec(20))
        row.active = False
        self.assertNotIn(row.id, [read.key for read in self.rules().rows])
        law = self.env["dropship.return.law"].search([], limit=1)
        law.active = False
        self.assertNotIn(law.id, [floor.key for floor in self.rules().floors])

    def test_a_shared_row_is_every_company_s_and_anothers_is_not(self):
        shared = self.row("return", company_id=False)
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.row("return", company_id=other.id)
        keys = [row.key for row in self.rules().rows]
        self.assertIn(shared.id, keys)
        self.assertNotIn(theirs.id, keys)

    def test_bad_rows_are_refused_in_words(self):
        for why, outcome, conditions in (
            ("between 0 and 100", {"kind": "return", "fee": 101}, {}),
            ("between 0 and 100", {"kind": "keep", "percent": -1}, {}),
            ("cannot be negative", {"kind": "credit", "bonus": -5}, {}),
            ("cannot be negative", {"kind": "return", "base": "signed", "days": -7}, {}),
            ("100 years", {"kind": "return", "base": "signed", "months": 9999}, {}),
            ("from when the days count", {"kind": "return", "days": 7}, {}),
            ("how many days", {"kind": "return", "base": "signed"}, {}),
            ("how much of the price", {"kind": "keep"}, {}),
            ("needs the goods", {"kind": "repair", "to": "destroy"}, {}),
        ):
            with self.subTest(why=why, **outcome), self.assertRaisesRegex(ValidationError, why):
                self.row(outcome, **conditions)
        with self.assertRaisesRegex(ValidationError, "says two things"):
            self.row("return", "return")
        with self.assertRaisesRegex(ValidationError, "says nothing"):
            self.row()
        for conditions in ({"price_from": 20, "price_below": 10}, {"returns_from": -1}):
            with self.subTest(**conditions), self.refused():
                self.row("return", **conditions)

    def test_bad_law_and_terms_are_refused_in_words(self):
        laws = self.env["dropship.return.law"]
        grants = [(0, 0, {"kind": "return"})]
        with self.assertRaisesRegex(ValidationError, "ends before"):
            laws.create({"name": "A", "grant_ids": grants, "valid_from": "2026-02-01", "valid_to": "2026-01-01"})
        with self.assertRaisesRegex(ValidationError, "gives the customer"):
            laws.create({"name": "B", "grant_ids": []})
        with self.assertRaisesRegex(ValidationError, "between 0 and 100"):
            laws.create({"name": "C", "grant_ids": grants, "limits_fee": True, "fee": 120})
        with self.assertRaisesRegex(ValidationError, "Choose the reasons"):
            self.terms(self.suppliers["Dawn"], takes="reasons")
        self.terms()
        with self.refused():
            self.terms()

    def test_a_code_of_a_kind_is_plain(self):
        for code in ("hygiene+opened", "Custom", "opened", "a,b"):
            with self.subTest(code=code), self.refused():
                self.env["dropship.goods.kind"].create({"name": code, "code": code})
