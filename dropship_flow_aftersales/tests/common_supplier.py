"""Cases whose goods go back to the supplier, and the messages about them."""

from datetime import timedelta

from odoo import fields

from ..connectors.replies import READERS
from .common_case import CaseCase


class SupplierCase(CaseCase):
    """`self.agreed(…)`: a case in which it is agreed that goods go back to Rhein."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein.partner_id.email = "orders@rhein.example"
        cls.anna.email = "canary-anna@example.com"
        cls.make_terms()

    def connect(self, kind="desk", **vals):
        """A connection of Rhein's."""
        self.rhein.connection_id = self.env["dropship.connection"].create(
            {"name": kind, "kind": kind, "company_id": self.env.company.id, "rate": 1000, **vals}
        )
        return self.rhein.connection_id

    def agreed(self, *lines, approval=True, kind="nothing", after="received", order=None):
        """lines: (sale.order.line, quantity, reason)"""
        if not lines:
            order = order or self.delivered((self.lamp, 3))
            lines = ((order.order_line[:1], 2, "damaged"),)
        case = self.open_case(*lines)
        case.needs_approval = approval
        case._record("accept", "agent", offer=self.offer(case, kind, to="supplier", after=after))
        return case

    def sent(self, case, number="SF1234567890123"):
        """The customer sends all of it back."""
        if hasattr(case, "_send_back"):
            return case._send_back(number, by="customer").key
        lines = [[line.id, str(line._decimal())] for line in case.line_ids]
        return case._record("send", "customer", parcel=number, lines=lines).parcel

    def object_to(self, claim, text):
        """We do not agree with an answer."""
        (claim._object if hasattr(claim, "_object") else claim._tell_objection)(text)

    @classmethod
    def make_terms(cls):
        """Rhein lets us object for a week, where terms are kept."""
        if "dropship.claim.terms" in cls.env:
            values = {"supplier_id": cls.rhein.id, "company_id": cls.env.company.id, "objection_days": 7}
            cls.env["dropship.claim.terms"].create({"currency_id": cls.env.company.currency_id.id, **values})

    def told(self, record, kind=None):
        """Our messages about a case, a side or a claim."""
        if record._name == "dropship.return":
            record = record.side_ids
        messages = record.exchange_ids.filtered(lambda message: message.direction == "out").sorted("id")
        return messages.filtered(lambda message: message.kind == kind) if kind else messages

    def heard(self, record):
        record = record.side_ids if record._name == "dropship.return" else record
        return record.exchange_ids.filtered(lambda message: message.direction == "in").sorted("id")

    def says(self, record, answer, key="m-1", supplier=None, **more):
        """The supplier's program says something; the message it came in."""
        claim = record._name == "dropship.claim"
        ref = record._supplier_ref() if claim else record.name
        reply = {"ref": ref, "answer": answer, **more}
        return self.hears("claim" if claim else "return", reply, key, supplier)

    def hears(self, about, reply, key="m-1", supplier=None):
        messages = self.env["dropship.exchange"]
        nothing = self.env["purchase.order"]
        message = messages._put_in(
            READERS[about](reply), f"test {key}", nothing, supplier or self.rhein, self.env.company
        )
        message._act_now()
        return message

    def claim(self, amount=40.0, order=None, **vals):
        """A claim against Rhein, handed in."""
        order = order or self.delivered((self.lamp, 1))
        box = order.dropship_shipment_ids[:1]
        claim = self.env["dropship.claim"].create(
            {
                "shipment_id": box.id,
                "order_id": order.id,
                "purchase_id": order.dropship_purchase_ids[:1].id,
                "supplier_id": self.rhein.id,
                "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
                "kind": "damage",
                "party": "supplier",
                "amount": amount,
                "deadline": fields.Date.today() + timedelta(days=9),
                **vals,
            }
        )
        claim.action_file()
        return claim
