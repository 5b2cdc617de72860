"""Orders, rules and advertising of the months before this one."""

import base64
from datetime import timedelta

from odoo import Command, fields

from .common_profit import ProfitCase


class CostsCase(ProfitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["dropship.cost.share"]._today(cls.company)
        cls.this = cls.today.replace(day=1)
        cls.month = (cls.this - timedelta(days=1)).replace(day=1)  # the last that is over
        cls.rent_account = cls.make_account("Rent", "630000", "expense")
        cls.ads_account = cls.make_account("Advertising", "660000", "expense")
        cls.google = cls.env["utm.source"].create({"name": "google test"})
        cls.meta = cls.env["utm.source"].create({"name": "meta test"})
        cls.spring, cls.autumn = cls.env["utm.campaign"].create(
            [{"title": f"{name} test", "company_id": cls.company.id} for name in ("spring", "autumn")]
        )
        cls.landlord = cls.make_vendor("Landlord")

    @classmethod
    def make_vendor(cls, name):
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        cls.set_accounts(partner, cls.accounts)
        return partner

    def sold(self, qty=1.0, day=None, **vals):
        """A chair sold on a day, by default the third of the last month."""
        order = self.sell(self.chair, qty).dropship_allocation_ids.order_id
        day = day or self.month + timedelta(days=2)
        order.write({"date_order": fields.Datetime.to_datetime(day) + timedelta(hours=12), **vals})
        return order

    def rule(self, amount=300.0, **vals):
        values = {
            "name": "Rent", "company_id": self.company.id, "kind": "monthly", "amount": amount, "by": "revenue",
            "account_ids": [Command.set(self.rent_account.ids)], "first": self.month, "currency_id": self.eur.id,
        }  # fmt: skip
        return self.env["dropship.cost.rule"].create({**values, **vals})

    @property
    def eur(self):
        return self.company.currency_id

    def spend(self, amount, day=None, **vals):
        values = {
            "date": day or self.month + timedelta(days=2), "campaign_id": self.spring.id, "source_id": self.google.id,
            "currency_id": self.eur.id, "amount": amount, "company_id": self.company.id,
        }  # fmt: skip
        return self.env["dropship.ad.spend"].create({**values, **vals})

    def cost_bill(self, amount, account=None, partner=None, day=None, move_type="in_invoice", **vals):
        """A vendor's bill, by default of rent on the last day of the last month."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type, "partner_id": (partner or self.landlord).id,
                "invoice_date": day or self.this - timedelta(days=1),
                "date": day or self.this - timedelta(days=1),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "as agreed", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()],
                         "account_id": (account or self.rent_account).id}
                    )
                ],
                **vals,
            }
        )  # fmt: skip
        move.action_post()
        return move

    def shares(self, *domain):
        return self.env["dropship.cost.share"].search([("company_id", "=", self.company.id), *domain])

    def missing(self, *domain):
        """What is still expected, all together."""
        return round(sum(self.shares(*domain).mapped("amount")), 2)

    def costs_of(self, order):
        """(still expected, booked) of an order, of costs with a rule and advertising."""
        entries = self.entries(("order_id", "=", order.id), ("source", "in", ("ads", "costs")))
        return self.missing(("order_id", "=", order.id)), round(sum(entries.mapped("amount")), 2)

    def whole(self):
        """Everything: what is booked and what is still expected."""
        return round(sum(self.entries().mapped("amount")) + self.missing(), 2)


class AdsCase(CostsCase):
    def brought(self, campaign=None, source=None, **vals):
        """An order that came with the campaign, on the third of the last month."""
        return self.sold(campaign_id=(campaign or self.spring).id, source_id=(source or self.google).id, **vals)

    def upload(self, *rows, head="Day,Campaign,Source,Cost,Currency", encoding="utf-8", **vals):
        content = "\n".join([head, *rows]).encode(encoding)
        return self.env["dropship.ad.upload"].create(
            {"company_id": self.company.id, "content": base64.b64encode(content), "name": "ads.csv", **vals}
        )

    def file(self, *rows, **options):
        action = self.upload(*rows, **options).action_enter()
        return self.env["dropship.ad.file"].browse(action["res_id"])

    def row(self, amount="12.50", day=2, campaign="spring test", source="google test", currency="EUR"):
        return f"{self.month + timedelta(days=day)},{campaign},{source},{amount},{currency}"

    def spent(self):
        spends = self.env["dropship.ad.spend"].search([("company_id", "=", self.company.id)])
        return {(spend.date.day, spend.campaign_id, spend.currency_id.name): spend.amount for spend in spends}

    def tracked(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
