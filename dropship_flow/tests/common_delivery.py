"""Delivery methods on top of the hero world."""

from odoo import Command


class DeliveryFactories:
    @classmethod
    def make_carrier(cls, name="Standard", charge="flat", **vals):
        """A published delivery method of the current company whose product has no taxes."""
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "company_id": cls.env.company.id,
                "taxes_id": [Command.set(vals.pop("taxes", cls.env["account.tax"]).ids)],
            }
        )
        values = {
            "name": name,
            "product_id": product.id,
            "delivery_type": "dropship",
            "dropship_charge": charge,
            "is_published": True,
        }
        return cls.env["delivery.carrier"].create({**values, **vals})

    @classmethod
    def zone(cls, kind="price", countries="", states=(), **vals):
        """A command for a zone row."""
        values = {
            "kind": kind,
            "country_ids": [Command.set([cls.country(code).id for code in countries.split()])],
            "state_ids": [Command.set([state.id for state in states])],
        }
        return Command.create({**values, **vals})

    def free_above(self, amount, currency=None):
        """Commands for a free-shipping amount."""
        currency = currency or self.env.company.currency_id
        return [Command.create({"currency_id": currency.id, "amount": amount})]

    def charge(self, carrier, order):
        """What the customer would pay, or why the method is not offered."""
        rate = carrier.rate_shipment(order)
        return rate["price"] if rate["success"] else rate["error_message"]
