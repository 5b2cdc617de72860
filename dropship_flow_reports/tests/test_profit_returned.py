"""What comes after the sale, each to its order: read where the after-sales addon is installed."""

from decimal import Decimal

from odoo import Command, fields
from odoo.addons.dropship_flow_aftersales.tests.common_remedies import RemedyCase
from odoo.addons.dropship_flow_aftersales.tests.common_story import StoryCase
from odoo.tests import tagged

from .common_profit import ProfitReader


@tagged("post_install", "-at_install", "standard")
class TestProfitReturned(ProfitReader, RemedyCase, StoryCase):
    """Lamps for 34.90 with tax, 29.33 without, bought from Rhein for 15.90."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.make_partner("Insurer")
        cls.set_accounts(cls.insurer, cls.accounts)

    def lamps(self, qty=1):
        return self.sold((self.lamp, qty, 34.9))

    def billed(self, name, amount, move_type="in_invoice", account="Cost of goods", **vals):
        """A bill of somebody who serves returns; `name` is the text of its line."""
        line = {"name": name, "quantity": 1, "price_unit": amount, "account_id": self.accounts[account].id,
                "tax_ids": [Command.clear()], **vals}  # fmt: skip
        move = self.env["account.move"].create(
            {"move_type": move_type, "partner_id": self.insurer.id, "ref": f"{name} {amount}",
             "invoice_date": fields.Date.today(), "invoice_line_ids": [Command.create(line)]}
        )  # fmt: skip
        move.action_post()
        return move

    # --- refunds ---

    def test_goods_come_back_and_something_is_kept(self):
        order = self.lamps()
        self.refund(order, ("return", order.order_line, 1, {"fee": 15}))
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "refund": -29.33, "restocking": 4.4})
        self.assertEqual(self.profit(order, "tax"), {"sales": 5.57, "refund": -5.57, "restocking": 0.84})
        refunded = self.entries(("order_id", "=", order.id), ("kind_id.code", "=", "refund"))
        self.assertEqual((refunded.supplier_id, set(refunded.mapped("source"))), (self.rhein, {"returned"}))
        self.assertTies()

    def test_he_keeps_it_for_less(self):
        order = self.lamps(2)
        self.refund(order, ("keep", order.order_line, 1, {"amount": 11.9}))
        self.refund(order, ("goodwill", None, None, {"amount": 5.95}))
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 58.66, "goodwill": -15.0})
        self.assertTies()

    def test_what_was_never_invoiced_and_is_kept_is_invoiced(self):
        order = self.sold((self.lamp, 1, 34.9), invoiced=False)
        self.refund(order, ("return", order.order_line, 1, {"fee": 10}), return_freight=Decimal("5.95"),
                    return_payer="customer", return_advanced="us")  # fmt: skip
        self.invoice(order)
        self.collect()
        self.assertEqual(self.profit(order), {"restocking": 8.88})
        self.assertTies()

    def test_what_is_paid_in_points_costs_loyalty(self):
        program = self.env["loyalty.program"].create(
            {"name": "Points", "program_type": "loyalty", "company_id": self.company.id,
             "reward_ids": [Command.create({"reward_type": "discount", "discount": 5.0})]}
        )  # fmt: skip
        reward = program.reward_ids[:1]
        order = self.sold((self.lamp, 1, 34.9), invoiced=False)
        vals = {"product_id": reward.discount_line_product_id.id, "product_uom_qty": 1, "price_unit": -5.0,
                "tax_ids": [Command.clear()], "reward_id": reward.id, "name": "Points"}  # fmt: skip
        order.order_line = [Command.create(vals)]
        self.invoice(order)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "loyalty": -5.0})
        self.assertTies()

    def test_store_credit_costs_its_bonus(self):
        self.accounts["Store credit"] = self.make_account("Store credit", "230000", "liability_current")
        self.accounts["Bonus"] = self.make_account("Bonus", "550000", "expense")
        self.company.dropship_credit_account_id = self.accounts["Store credit"]
        self.company.dropship_credit_bonus_account_id = self.accounts["Bonus"]
        order = self.lamps()
        case = self.open_case((order.order_line, 1, "damaged"))
        self.agreed(case, "credit", conditions=(("bonus", {"percent": "10"}),))
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "refund": -29.33, "loyalty": -3.49})
        self.assertTies()

    # --- the way back ---

    def test_the_label_and_the_repair_are_known_by_their_number(self):
        order, other = self.lamps(), self.lamps()
        case = self.open_case((order.order_line, 1, "dislike"))
        case._record("accept", "agent", offer=self.offer(case, "return", to="us", after="inspected"))
        self.sent(case)
        parcel = case.parcel_ids
        parcel.write({"payer": "us", "freight": 6.0})
        self.collect()
        self.assertEqual(self.expected(order)["return_label", "committed"], -6.0)
        self.billed(f"Return label {parcel.number}, 2 kg", 5.8)
        self.billed(f"Return label of somebody else ({order.name})", 5.8)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "return_label": -5.8})
        self.assertNotIn(("return_label", "committed"), self.expected(order))
        self.assertEqual(self.profit(other), {"sales": 29.33})
        self.assertEqual(sum(self.entries(("side", "=", "unattributed")).mapped("amount")), -5.8)
        self.assertTies()

    def test_an_insured_return(self):
        order, other = self.lamps(), self.lamps()
        make = self.env["dropship.freight.insurance"].create
        policy = make({"name": "YFX-0001", "order_id": order.id, "premium": 0.8})
        second = make({"name": "YFX-0002", "order_id": other.id, "premium": 0.4})
        self.collect()
        self.assertEqual(self.expected(order)["insurance_premium", "committed"], -0.8)
        bill = self.billed("Premiums of the month", 1.2)
        self.collect()
        self.assertEqual(sum(self.entries(("side", "=", "unattributed")).mapped("amount")), -1.2)
        (policy | second).bill_line_id = bill.invoice_line_ids
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "insurance_premium": -0.8})
        self.assertEqual(self.profit(other), {"sales": 29.33, "insurance_premium": -0.4})
        self.assertNotIn(("insurance_premium", "committed"), self.expected(order))
        self.billed("Paid for YFX-0001", 9.0, "in_refund")
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "insurance_premium": -0.8, "insurance": 9.0})
        self.credit(bill)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "insurance": 9.0})
        self.assertTies()

    # --- what is entered after its bill was posted ---

    def test_a_number_entered_after_the_bill(self):
        order = self.lamps()
        case = self.open_case((order.order_line, 1, "dislike"))
        case._record("accept", "agent", offer=self.offer(case, "return", to="us", after="inspected"))
        self.sent(case)
        parcel, number = case.parcel_ids, "ZZ987654321"
        self.billed(f"Return label {number}, 2 kg", 5.8)
        self.billed("Return label ZZ111111111", 3.0)
        self.collect()
        self.pass_time()
        parcel.write({"number": number, "payer": "us", "freight": 6.0})
        self.assertEqual(self.profit(order), {"sales": 29.33})
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "return_label": -5.8})
        self.assertEqual(self.collect(), 0)
        self.pass_time()
        parcel.number = "ZZ111111111"
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "return_label": -3.0})
        self.assertEqual(self.collect(), 0)
        self.assertTies()

    def test_a_number_entered_after_a_bill_of_other_goods(self):
        """Until then its line was a fee of the goods beside it."""
        order, other = self.lamps(), self.lamps()
        case = self.open_case((order.order_line, 1, "dislike"))
        case._record("accept", "agent", offer=self.offer(case, "return", to="us", after="inspected"))
        self.sent(case)
        bill = self.bill(other.dropship_purchase_ids, post=False)
        label = {"name": "Label (ZZ123123123)", "price_unit": 5.8, "quantity": 1, "tax_ids": [Command.clear()],
                 "account_id": self.accounts["Cost of goods"].id}  # fmt: skip
        bill.invoice_line_ids = [Command.create(label)]
        bill.action_post()
        self.collect()
        self.assertEqual(self.profit(other)["supplier_fee"], -5.8)
        self.pass_time()
        case.parcel_ids.number = "ZZ123123123"
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "return_label": -5.8})
        self.assertNotIn("supplier_fee", self.profit(other))
        self.assertEqual(self.collect(), 0)
        self.assertTies()

    def test_a_policy_entered_after_the_bill(self):
        order, other = self.lamps(), self.lamps()
        self.billed("Premium YFX-0009", 0.8)
        self.billed("Paid for YFX-0009", 9.0, "in_refund")
        self.collect()
        self.pass_time()
        policy = self.env["dropship.freight.insurance"].create(
            {"name": "YFX-0009", "order_id": order.id, "premium": 0.8}
        )
        self.collect()
        insured = {"insurance_premium": -0.8, "insurance": 9.0}
        self.assertEqual(self.profit(order), {"sales": 29.33, **insured})
        self.assertEqual(self.collect(), 0)
        self.pass_time()
        policy.name = "YFX-0010"
        self.collect()
        self.assertEqual((self.profit(order), self.profit(other)), ({"sales": 29.33}, {"sales": 29.33}))
        self.assertEqual(self.collect(), 0)
        self.assertTies()

    # --- suppliers ---

    def claimed(self, order, amount):
        """The supplier granted what the customer got back for a scratch."""
        case = self.agreed_case(
            (order.order_line, 1, "damaged", {"photos": self.photo(), "evidence": "photo,label"}), amount=amount
        )
        claim = self.claim_of(case)
        claim.action_file()
        claim._hear("accepted")
        return claim

    def test_a_credit_note_for_a_claim(self):
        order, other = self.lamps(), self.lamps()
        claim = self.claimed(order, Decimal("5.95"))
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "goodwill": -5.0})
        granted = self.expected(order)["supplier_credit", "committed"]
        self.assertEqual(granted, claim.amount_granted)
        note = self.billed("For your loss", granted, "in_refund", dropship_charge="claim")
        note.button_draft()
        note.partner_id = self.rhein.partner_id
        note.action_post()
        self.collect()
        self.assertNotIn("supplier_credit", self.profit(order))
        claim._take_credit_note(note)
        self.collect()
        self.assertEqual(self.profit(order), {"sales": 29.33, "goodwill": -5.0, "supplier_credit": granted})
        self.assertNotIn(("supplier_credit", "committed"), self.expected(order))
        self.assertEqual(self.profit(other), {"sales": 29.33})
        self.assertTies()

    def test_deductions_on_a_statement_go_to_the_claims_they_are_for(self):
        orders = [self.lamps(), self.lamps()]
        claims = [self.claimed(order, Decimal(amount)) for order, amount in zip(orders, ("5.95", "2.38"), strict=True)]
        for order in orders:
            self.bill(order.dropship_purchase_ids)
        statement = self.statement()
        statement.action_approve()
        self.assertEqual(len({claim.credit_move_id.id for claim in claims}), 1)
        self.collect()
        for order, claim in zip(orders, claims, strict=True):
            self.assertEqual(self.profit(order)["supplier_credit"], claim.amount_granted)
        self.assertTies()

    # --- what is sent again ---

    def test_a_replacement_is_a_cost_of_the_order_it_stands_for(self):
        order = self.lamps()
        case = self.open_case((order.order_line, 1, "damaged"))
        resolution = self.agreed(case, "replacement")
        again = resolution.sale_order_ids
        again.dropship_purchase_ids._dropship_accept()
        self.collect()
        self.assertEqual(self.expected(again), {})
        goods = [row.amount for row in self.env["dropship.profit.estimate"].search(
            [("order_id", "=", order.id), ("kind_id.code", "=", "goods")])]  # fmt: skip
        self.assertEqual(len(goods), 2)
        purchase = again.dropship_purchase_ids
        self.dispatch(purchase)
        self.bill(purchase)
        self.collect()
        cost = purchase.order_line.price_unit
        self.assertEqual(self.profit(order), {"sales": 29.33, "goods": -cost})
        self.assertEqual(self.profit(again), {})
        self.assertTies()

    def test_a_parcel_sent_again_as_well(self):
        order = self.lamps()
        box = order.dropship_shipment_ids
        self.scan(box, "lost")
        box.action_resend()
        again = box.replacement_ids
        again.dropship_purchase_ids._dropship_accept()
        self.dispatch(again.dropship_purchase_ids)
        self.bill(again.dropship_purchase_ids)
        self.collect()
        self.assertEqual(self.profit(again), {})
        self.assertEqual(self.profit(order)["goods"], -again.dropship_purchase_ids.order_line.price_unit)
        self.assertTies()
