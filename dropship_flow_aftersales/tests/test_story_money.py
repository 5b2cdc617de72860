from odoo.tests import tagged

from .common_story import StoryCase


@tagged("post_install", "-at_install", "standard")
class TestStoryMoney(StoryCase):
    """What was broken: kept for less, exchanged, repaired; and who pays for it in the end."""

    def test_kept_for_less_claimed_and_netted_to_the_cent(self):
        """A cracked lamp: Anna keeps it for 30 % back, Rhein grants it at his desk, his next statement is lower."""
        order = self.sold((self.lamp, 2, 34.9))
        purchase = order.dropship_purchase_ids
        self.bill(purchase, 2)
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        # The policy gives it at once, and it is done at once.
        self.assertEqual((case.acceptance, case.reception), ("accepted", "none"))
        self.assertDone(case, "keep")
        self.assertPaidBack(order, 10.47)
        refund = case.refund_ids
        self.assertEqual(refund.credit_note_id.amount_total, 10.47)
        self.assertEqual(refund.credit_note_id.amount_tax, 1.67)
        self.assertEqual(self.books(order), (2.0, 2.0, 0.0), "nothing moves")
        # Claimed in the same step, with the photo.
        claim = case.case_claim_ids
        # The tax comes back from the tax office: 8.80 are lost.
        self.assertEqual((claim.party, claim.kind, claim.amount, claim.state), ("supplier", "damage", 8.8, "draft"))
        self.assertEqual(claim.evidence_ids, case.line_ids.photo_ids)
        self.hand_in(claim)
        self.assertNotIn("Anna", str(claim._desk_facts()))
        self.assertNotIn("34.9", str(claim._desk_facts()))
        self.at_desk(claim, "accepted")
        self.assertEqual((claim.state, claim.amount_granted, claim.amount_open), ("accepted", 8.8, 8.8))
        # Netted once: 2 × 15.90, less 8.80.
        statement = self.statement()
        self.assertEqual((statement.closing, statement.pending), (31.8, -8.8))
        statement.action_approve()
        self.assertEqual((statement.to_pay, claim.amount_open), (23.0, 0.0))
        statement._pay(self.bank, self.today_is)
        self.assertEqual((claim.state, statement.state), ("paid", "paid"))
        self.assertEqual((case.claim_loss, case.claim_granted, case.claim_own), (8.8, 8.8, 0.0))
        # Nothing is left for anybody: the case ends, and no message names who delivered.
        self.assertEnded(case)
        self.assertNotIn("Rhein", self.customer_reads(case))

    def test_exchanged_at_another_supplier_for_a_difference(self):
        """The lamp does not work: Anna takes the chair instead and pays 10.00 more; whoever sent the lamp is not asked
        again, and pays half of what it cost.
        """
        chair = self.make_product("Chair", list_price=44.9, weight=1.0, taxes_id=[(6, 0, self.vat_out.ids)])
        for name, price in (("Rhein", 18.0), ("Yiwu", 20.0)):
            self.make_offer(self.warehouses[name], chair, price)
        order = self.sold((self.lamp, 1, 34.9))
        case = self.ask((order.order_line, 1, "defective", self.shown()))
        self.assertEqual(case.acceptance, "asked", "nothing was wished for: Anna chooses, or an agent offers")
        offer = case._record(
            "offer",
            "agent",
            text="We send you a chair",
            offer=self.exchange_offer(case, chair, after="sent", to="supplier"),
        )
        self.assertEqual(case._page("customer")["offer"]["kind"], "exchange")
        self.assertEqual(case._say_take("customer", offer.id), "done")
        self.assertEqual(case._say_take("customer", offer.id), "already")
        self.assertFalse(case.resolution_ids, "first the lamp has to be on its way")
        case._say_sent("customer", self.number())
        resolution = case.resolution_ids
        new = resolution.sale_order_ids
        self.assertEqual((resolution.state, new.state, new.amount_total), ("planned", "sent", 10.0))
        self.assertFalse(new.dropship_purchase_ids)
        self.pay(new)
        new.action_confirm()
        self.assertEqual(self.bought(new), {"Yiwu": [("Chair", 1.0, 20.0)]})
        self.assertDone(case, "exchange")
        self.assertPaidBack(order)
        # Rhein has his lamp back and owes it; nothing of it is claimed once more.
        self.at_desk(
            case.side_ids, "inspected", lines=[{"line": str(case.line_ids.id), "qty": 1, "condition": "damaged"}]
        )
        self.assertEqual(self.books(order)[:2], (0.0, 0.0))
        self.assertEnded(case)
        self.assertNotIn("Yiwu", self.customer_reads(case))
        self.assertNotIn("Rhein", self.customer_reads(case))

    def exchange_offer(self, case, product, **more):
        chosen = tuple(("exchange_for", {"line": line.id, "product": product.id}) for line in case.line_ids)
        return self.offer(case, "exchange", conditions=chosen, **more)

    def test_repaired_within_the_warranty_and_the_supplier_pays(self):
        """Repaired by us for nothing; the bulb we put in is Rhein's to pay."""
        self.env["dropship.supplier.term"].create({"supplier_id": self.rhein.id, "warranty_months": 12})
        self.claim_terms().rule_ids.filtered(lambda rule: "defective" in rule.kind_ids.mapped("code")).percent = 100
        order, bulb = self.repairable()
        case = self.ask((order.order_line, 1, "warranty", self.shown(wanted="repair")))
        self.assertEqual((case.acceptance, case.destination), ("accepted", "us"))
        self.assertFalse(case.resolution_ids, "first it has to be here")
        case._say_sent("customer", self.number())
        self.look(case.parcel_ids, ("used", 1))
        repair = case.resolution_ids.repair_ids
        self.assertEqual((repair.state, repair.under_warranty, repair.dropship_claimed), ("confirmed", True, True))
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        self.env["stock.move"].create(
            {"repair_id": repair.id, "product_id": bulb.id, "product_uom_qty": 1, "repair_line_type": "add"}
        )
        repair.action_repair_start()
        repair.move_ids.quantity = 1
        repair.action_repair_end()
        self.assertDone(case, "repair")
        back = repair.dropship_back_id
        back.move_ids.write({"quantity": 1.0, "picked": True})
        back._action_done()
        self.assertEqual(order.order_line.qty_delivered, 1.0, "she has it again")
        self.assertPaidBack(order)
        claim = case.case_claim_ids
        self.assertEqual((claim.party, claim.kind, claim.amount), ("supplier", "defective", 2.5))
        self.hand_in(claim)
        self.at_desk(claim, "accepted")
        self.assertEqual((case.claim_granted, case.claim_own), (2.5, 0.0))

    def test_repaired_out_of_warranty_after_the_quote_was_accepted(self):
        order, _bulb = self.repairable()
        self.lamp.product_tmpl_id.write({"dropship_warranty": True, "dropship_warranty_months": 0})
        case = self.ask((order.order_line, 1, "warranty", self.shown(wanted="repair")))
        if case.acceptance != "accepted":
            case._record("accept", "agent", offer=self.offer(case, "repair", to="us", after="received"))
        case._say_sent("customer", self.number())
        self.look(case.parcel_ids, ("used", 1))
        resolution = case.resolution_ids
        quote, repair = resolution.sale_order_ids, resolution.repair_ids
        self.assertEqual((repair.state, repair.under_warranty, resolution.state), ("draft", False, "planned"))
        quote.order_line.price_unit = 25.0
        quote._dropship_ask_to_pay()
        with self.refused("has not accepted the quote"):
            repair.action_repair_start()
        self.pay(quote)
        quote.action_confirm()
        self.assertEqual((repair.state, quote.dropship_purchase_ids.ids), ("confirmed", []))
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertDone(case, "repair")
        self.assertEqual(case.case_claim_ids.filtered("amount").ids, [], "whoever's warranty is over pays nothing")

    def repairable(self):
        """(order of a lamp, a bulb in stock)"""
        self.lamp.is_storable = True
        bulb = self.make_product("Bulb", standard_price=2.5, is_storable=True)
        self.env["stock.quant"]._update_available_quantity(bulb, self.shelf, 3)
        return self.sold((self.lamp, 1, 34.9)), bulb

    def claim_terms(self):
        return self.env["dropship.claim.terms"]._find("supplier", self.company, self.rhein)
