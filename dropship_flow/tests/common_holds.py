"""Orders of the web shop, ways to pay them, and rules that stop them."""

from unittest.mock import patch

from odoo import Command

from .common_flow import FlowCase


def captures_later(providers):
    """Every provider of these tests can authorise now and capture later, as those with an account somewhere do."""
    providers.update({"support_manual_capture": "partial", "support_refund": "none", "support_tokenization": False})
    providers.update({"support_express_checkout": False})


class HoldCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.write({"phone": "+49 30 23125 014", "email": "anna@weber.example.com"})
        cls.website = cls.env["website"].create({"name": "Shop", "company_id": cls.company.id})
        provider = cls.env.ref("payment.payment_provider_transfer")
        cls.provider = provider.copy({"name": "Card", "company_id": cls.company.id, "state": "test"})
        cls.cod = cls.env["payment.provider"].search([("custom_mode", "=", "cash_on_delivery")], limit=1)
        cls.cod = cls.cod.copy({"company_id": cls.company.id, "state": "test"})
        cls.startClassPatcher(patch.object(type(provider), "_compute_feature_support_fields", captures_later))
        cls.method = cls.env["payment.method"].search([], limit=1)

    @classmethod
    def rule(cls, kind, **vals):
        values = {"name": kind, "kind": kind, "company_id": cls.company.id, "sequence": 1}
        return cls.env["dropship.hold.rule"].create({**values, **vals})

    @classmethod
    def web_sale(cls, *lines, confirm=True, **vals):
        """An order of the web shop, confirmed unless told otherwise; Anna's lamp where nothing is said."""
        order = cls.make_sale(*(lines or (cls.lamp,)), website_id=cls.website.id, **vals)
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def pay(cls, order, state="done", amount=None, provider=None):
        """An attempt to pay, in a state."""
        count = cls.env["payment.transaction"].search_count([])
        return cls.env["payment.transaction"].create(
            {
                "provider_id": (provider or cls.provider).id,
                "payment_method_id": cls.method.id,
                "reference": f"test-{order.id}-{count}",
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "state": state,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )

    def held(self, order):
        """Kinds of what an order waits for, sorted."""
        return sorted(order.dropship_open_hold_ids.mapped("kind"))

    def hold(self, order, kind):
        return order.dropship_open_hold_ids.filtered(lambda hold: hold.kind == kind)

    def assertHeld(self, order, *kinds):
        self.assertEqual(self.held(order), sorted(kinds))
        self.assertFalse(order.dropship_purchase_ids, "nothing is bought for an order that waits")

    def assertBought(self, order):
        self.assertEqual(self.held(order), [])
        self.assertTrue(order.dropship_purchase_ids)
