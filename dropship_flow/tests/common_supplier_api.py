"""A shop whose supplier's program calls it."""

import json

from odoo.tests import HttpCase

from ..api.supplier_openapi import BASE
from .common_flow import FlowFactories


class SupplierApiWorld(FlowFactories):
    """Anna's basket waits for Rhein's answer; Rhein's program has a key."""

    @classmethod
    def make_supplier_api_world(cls):
        cls.make_hero()
        cls.policy = cls.make_policy("buy")
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        cls.warehouses["Rhein"].code = "DUI"
        cls.key, cls.secret = cls.env["dropship.supplier.key"]._make(cls.rhein, cls.company, scope_invoice=True)
        cls.anna.email = "anna-canary@example.com"
        cls.order = cls.hero(confirm=True)
        cls.purchase = cls.order.dropship_purchase_ids


class SupplierApiCase(SupplierApiWorld, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_supplier_api_world()

    def call(self, path, body=None, key=None, idempotency="k-1", method=None, **headers):
        """(status, answer, headers); `body` None is a GET; a text is sent as it is."""
        told = {"Content-Type": "application/json", **headers}
        if key is not False:
            told["Authorization"] = f"Bearer {key or self.secret}"
        data = None
        if body is not None:
            told |= {"Idempotency-Key": idempotency} if idempotency else {}
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.env.flush_all()
        response = self.url_open(BASE + path, data=data, headers=told, method=method)
        self.env.invalidate_all()
        return response.status_code, response.json() if response.content else None, response.headers

    def codes(self, answer):
        return [(error["path"], error["code"]) for error in answer["errors"]]

    def path(self, verb=""):
        return f"/orders/{self.purchase.name}{verb}"
