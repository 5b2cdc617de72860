import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_costs import CostsCase

URL = "/json/2/dropship.ad.spend/api_enter_ad_spend"


@tagged("post_install", "-at_install", "standard")
class TestCostsHttp(CostsCase, HttpCase):
    """Advertising as programs and browsers meet it: plain HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user_of("costs-manager", "dropship_flow.group_dropship_manager")
        cls.reader = cls.make_user_of("costs-reader", "dropship_flow_reports.group_reports_reader")

    @classmethod
    def make_user_of(cls, login, group):
        return cls.env["res.users"].create(
            {
                "name": login, "login": login, "password": login + "-pw", "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)], "group_ids": [(4, cls.env.ref(group).id)],
            }
        )  # fmt: skip

    def call(self, user, body, **headers):
        key = self.env(user=user)["res.users.apikeys"]._generate(None, "API", datetime.now() + timedelta(days=1))
        headers |= {"Content-Type": "application/json", "Authorization": f"bearer {key}"}
        self.env.flush_all()
        response = self.url_open(URL, data=json.dumps(body).encode(), headers=headers)
        self.env.invalidate_all()
        return response.status_code, response.json()

    def test_a_program_enters_a_day(self):
        body = {"rows": [{"day": str(self.month), "campaign": "spring test", "source": "google test", "amount": 3.5}]}
        status, answer = self.call(self.manager, body, **{"Idempotency-Key": "k-1"})
        self.assertEqual((status, answer["done"]), (200, 1), answer)
        again = self.call(self.manager, body, **{"Idempotency-Key": "k-1"})
        self.assertEqual(again, (status, answer))
        spend = self.env["dropship.ad.spend"].search([("company_id", "=", self.company.id)])
        self.assertEqual((spend.amount, spend.origin, spend.date), (3.5, "api", self.month))
        body["rows"][0]["campaign"] = "sprnig"
        self.assertEqual(self.call(self.manager, body)[0], 422)

    @mute_logger("odoo.http")
    def test_readers_enter_nothing(self):
        self.assertEqual(self.call(self.reader, {"rows": []})[0], 403)

    def test_the_description_and_the_rows_not_taken(self):
        document = self.url_open("/dropship/ads/openapi.json").json()
        self.assertIn(URL, document["paths"])
        content = f"Day,Campaign,Source,Cost\n{self.month},=cmd(),google test,3".encode()
        file = self.env["dropship.ad.file"]._receive(self.company, "ads.csv", content)
        self.env.flush_all()
        self.authenticate("costs-manager", "costs-manager-pw")
        response = self.url_open(f"/dropship/ads/rows.csv?file={file.id}")
        self.assertIn("'=cmd()", response.text)
        self.assertEqual(self.url_open("/dropship/ads/rows.csv?file=x").status_code, 404)
