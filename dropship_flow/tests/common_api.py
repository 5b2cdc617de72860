"""A shop with a channel that calls the order API, and a person of the desk whose key it uses."""

import copy

from .common_flow import FlowFactories


class ApiWorld(FlowFactories):
    @classmethod
    def make_api_world(cls):
        """The hero world's products by SKU and barcode, its channel by code, a caller of the order desk."""
        cls.lamp.write({"default_code": "LAMP", "barcode": "4006381333931"})
        cls.stand.default_code, cls.cable.default_code = "STAND", "CABLE"
        cls.channel.code = "shop"
        cls.caller = cls.make_login("user", login="caller", password="caller-password")
        cls.caller.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    @classmethod
    def told(cls, number="A-1", **changes):
        """The body of a good order: one lamp for Anna, paid."""
        order = {
            "number": number,
            "channel": "shop",
            "customer": {"name": "Anna Weber", "phone": "+49 30 5550001", "email": "anna@example.com"},
            "address": {"street": "Lindenallee 1", "city": "Berlin", "zip": "10115", "country": "DE"},
            "lines": [{"sku": "LAMP", "quantity": 1, "price": 34.9}],
            "payment": {"state": "paid", "amount": 34.9, "reference": "PAY-1"},
        }
        return {**copy.deepcopy(order), **changes}

    def api(self, user=None, company=None):
        """sale.order as a call from outside sees it: nothing but the user and his company."""
        user = user or self.caller
        company = company or user.company_id
        self.env.flush_all()
        return self.env(user=user, context={"allowed_company_ids": company.ids})["sale.order"]

    def enter(self, *orders, **more):
        return self.api().api_create_orders(orders=list(orders), **more)

    def order_of(self, result):
        return self.env["sale.order"].search([("name", "=", result["order"]), ("company_id", "=", self.company.id)])
