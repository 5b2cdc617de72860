from odoo.tests import tagged

from .common_supplier import SupplierCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierClaims(SupplierCase):
    """A claim goes to the supplier, his answer comes back and counts once."""

    def test_a_claim_that_is_handed_in_goes_to_him(self):
        self.connect()
        claim = self.claim(40.0)
        (message,) = self.told(claim)
        self.assertEqual((message.kind, message.state, message.supplier_id), ("claim", "ready", self.rhein))
        content = message.content
        self.assertEqual((content["amount"], content["currency"]), ("40.00", "EUR"))
        self.assertEqual(content["parcel"], claim.shipment_id.number)
        self.assertEqual([(line["qty"], bool(line["sku"])) for line in content["lines"]], [(1.0, True)])
        for word in (claim.order_id.name, "Anna", "canary"):
            self.assertNotIn(word, str(content))
        claim._tell_supplier()
        self.assertEqual(len(self.told(claim)), 1)

    def test_a_claim_against_a_carrier_is_none_of_his(self):
        self.connect()
        claim = self.claim(party="carrier")
        self.assertFalse(self.told(claim))
        message = self.says(claim, "accepted")
        self.assertEqual((message.state, claim.state), ("parked", "filed"))

    def test_he_accepts_all_of_it_once(self):
        self.connect()
        claim = self.claim(40.0)
        self.says(claim, "accepted", amount="40.00", currency="EUR", id="CR-1")
        self.assertRecordValues(
            claim, [{"state": "accepted", "amount_granted": 40.0, "supplier_answer": "accepted", "reference": "CR-1"}]
        )
        again = self.says(claim, "accepted", "m-2")
        self.assertEqual(again.state, "processed")
        other = self.says(claim, "partly", "m-3", amount="10")
        self.assertEqual((other.state, claim.amount_granted), ("parked", 40.0))
        self.assertIn("answered already", other.error)

    def test_he_grants_a_part(self):
        self.connect()
        claim = self.claim(40.0)
        self.says(claim, "partly", amount="12.50", reason="Only the shade")
        self.assertRecordValues(claim, [{"state": "accepted", "amount_granted": 12.5, "supplier_answer": "partly"}])

    def test_he_refuses_we_object_he_thinks_again(self):
        self.connect()
        claim = self.claim(40.0)
        self.says(claim, "refused", reason="Packed well", reason_code="no_evidence")
        self.assertRecordValues(claim, [{"state": "refused", "supplier_reason": "Packed well"}])
        self.object_to(claim, "The photo shows the box")
        message = self.told(claim)[-1:]
        self.assertEqual((message.kind, message.content["text"]), ("claim_objection", "The photo shows the box"))
        self.assertEqual(self.told(claim).mapped("kind"), ["claim", "claim_objection"], "the claim is not sent again")
        self.says(claim, "partly", "m-2", amount="30")
        self.assertRecordValues(claim, [{"state": "accepted", "amount_granted": 30.0, "supplier_answer": "partly"}])
        last = self.says(claim, "accepted", "m-3")
        self.assertEqual(last.state, "parked")

    def test_another_amount_or_currency_is_refused_in_words(self):
        self.connect()
        claim = self.claim(40.0)
        for number, more in enumerate(
            ({"amount": "50"}, {"amount": "20"}, {"amount": "40", "currency": "USD"}, {"ref": "CLM-999999"})
        ):
            message = self.says(claim, "accepted", f"m-{number}", **more)
            self.assertEqual((message.state, claim.state), ("parked", "filed"), more)
            self.assertTrue(message.error)

    def test_the_claim_against_another_is_none_of_his(self):
        self.connect()
        claim = self.claim(40.0)
        message = self.says(claim, "accepted", supplier=self.suppliers["Dawn"])
        self.assertEqual((message.state, claim.state), ("parked", "filed"))

    def test_a_claim_that_is_not_handed_in_is_unknown_to_him(self):
        self.connect()
        claim = self.claim(40.0)
        draft = self.env["dropship.claim"].create(
            {"supplier_id": self.rhein.id, "party": "supplier", "kind": "freight", "amount": 5}
        )
        message = self.says(draft, "accepted")
        self.assertEqual((message.state, draft.state), ("parked", "draft"))
        self.assertEqual(claim.state, "filed")
