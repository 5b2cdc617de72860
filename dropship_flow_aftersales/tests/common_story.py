"""A whole shop for stories: goods that are paid and delivered, suppliers at their desk, carriers, money and books."""

from odoo import fields
from odoo.addons.dropship_flow.tests.common_shipment import ShipmentCase

from .common_claims import ClaimFactories
from .common_goods import GoodsCase
from .common_policy import PolicyCase
from .common_refund import RefundCase
from .common_supplier import SupplierCase


class StoryCase(ClaimFactories, RefundCase, GoodsCase, SupplierCase, PolicyCase):
    """Anna asks, Rhein answers at his desk, the seeded policy and law decide, and all parts do their work.

    `sold` and `ask` begin a story; `answers`, `at_desk` and `scan` go on; `assertPaidBack`, `assertCounts` and
    `assertBooks` say what came of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect_desk()
        difference = cls.make_account("Claims", "560000", "expense")
        charges = cls.env.ref("dropship_flow.category_supplier_charges").with_company(cls.company)
        charges.property_account_expense_categ_id = difference
        cls.company.transfer_account_id = cls.accounts["Payments on the way"]
        cls.today_is = fields.Date.context_today(cls.env.user)

    @classmethod
    def make_terms(cls, *rules, **vals):
        """Rhein pays what we refunded for what is broken; half of what it cost where it does not work in time."""
        rules = rules or (
            (("damage",), {"pays": "refunded", "percent": 100, "need_photo": True}),
            (("defective", "missing", "wrong_item"), {"pays": "cost", "percent": 50}),
        )
        times = {"window_base": "delivered", "window_days": 30, "answer_days": 7, "objection_days": 7}
        return super().make_terms(*rules, **{**times, **vals})

    @classmethod
    def connect_desk(cls):
        for supplier in cls.suppliers.values():
            supplier.connection_id = cls.env["dropship.connection"].create(
                {"name": f"Desk of {supplier.name}", "kind": "desk", "company_id": cls.company.id, "rate": 1000}
            )

    # --- the customer ---

    def shown(self, **more):
        """More of a line of a request: what he wants, with a photo."""
        return {"photos": self.photo(), "evidence": "photo,label", **more}

    def customer_reads(self, case):
        """Everything his page shows, and the public messages."""
        return f"{case._page('customer')}{case._public_messages().mapped('body')}"

    # --- the supplier ---

    def told(self, record, *more, **facts):
        """The supplier's notice about a purchase; our messages about anything else."""
        if record._name == "purchase.order":
            return ShipmentCase.told(self, record, *more, **facts)
        return SupplierCase.told(self, record, *more)

    def at_desk(self, record, answer, **more):
        """What the supplier enters on the page of a return or a claim."""
        return record._desk_answer({"answer": answer, **more}, record._desk_stamp())

    def hand_in(self, claim):
        claim.action_file()
        self.assertEqual(claim.state, "filed")
        return claim

    def statement(self, until=None, supplier=None):
        """The statement of a supplier up to a day; today where none is given."""
        return self.env["dropship.settlement"].create(
            {
                "supplier_id": (supplier or self.rhein).id,
                "company_id": self.company.id,
                "date_to": until or self.today_is,
            }
        )

    # --- what came of it ---

    def assertPaidBack(self, order, *amounts):
        """The payment service paid exactly these amounts back, once, and credit notes say the same."""
        self.send_money()
        refunds = order.dropship_refund_book_ids
        self.assertEqual(sorted(round(-amount, 2) for amount in self.ledger), sorted(amounts))
        self.assertEqual(sorted(round(refund.money, 2) for refund in refunds), sorted(amounts))
        self.assertEqual(set(refunds.mapped("state")) - {"done"}, set())

    def assertDone(self, case, *kinds):
        """What was agreed is carried out: these kinds, each once."""
        found = [(one.kind, one.state, one.error) for one in case.resolution_ids]
        self.assertEqual(found, [(kind, "done", False) for kind in kinds])

    def assertEnded(self, case):
        """Nobody has anything left to do: the case ends by itself."""
        self.assertEqual((case.person_since, case.due_what), (False, "close"))
        self.pass_hours(case, 24 * 7)
        self.assertEqual((case.state, case.person_since, case.due_what), ("closed", False, False))
