from odoo import Command
from odoo.addons.dropship_flow.remedy import fresh
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_policy import PolicyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyChoice(PolicyCase):
    """What nobody can do is said before it is offered; what is sent instead is chosen by the customer."""

    def setUp(self):
        super().setUp()
        colours = self.env["product.attribute"].create({"name": "Shade", "create_variant": "always"})
        names = [Command.create({"name": name}) for name in ("Red", "Blue", "Green")]
        colours.write({"value_ids": names})
        self.cap = self.env["product.template"].create(
            {
                "name": "Cap",
                "list_price": 20.0,
                "type": "consu",
                "is_storable": True,
                "taxes_id": [Command.set(self.tax.ids)],
                "attribute_line_ids": [
                    Command.create({"attribute_id": colours.id, "value_ids": [Command.set(colours.value_ids.ids)]})
                ],
            }
        )
        self.red, self.blue, self.green = self.cap.product_variant_ids
        self.cap.product_variant_ids.write({"weight": 0.2})
        for product in (self.red, self.blue):
            self.make_offer(self.warehouses["Rhein"], product, 8.0)
        self.row("exchange", "return")
        self.order = self.delivered((self.red, 2))
        self.line = self.order.order_line[:1]

    def request(self, **more):
        return self.ask((self.line, 1, "does_not_fit", more))

    def gone(self, *products):
        """Nobody supplies them any more."""
        found = self.env["dropship.offer"].search([("product_id", "in", [product.id for product in products])])
        found.active = False

    # --- what nobody can do ---

    def test_an_exchange_nobody_can_supply_is_explained_not_offered(self):
        self.gone(self.red, self.blue)
        case = self.request(wanted="exchange")
        card = self.cards(case)["exchange"]
        self.assertEqual(card["verdict"], "refuse")
        self.assertRegex(card["why"][-1], "cannot be supplied now")
        self.assertEqual((case.verdict, case.acceptance), ("look", "asked"), "a person finds something else")
        self.assertEqual(self.cards(case)["return"]["verdict"], "accept")
        self.assertFalse(case.resolution_ids)
        self.assertNotIn("Rhein", " ".join(card["why"]))

    def test_it_is_said_before_the_customer_asks(self):
        self.gone(self.red, self.blue)
        verdicts = {card["kind"]: card["verdict"] for card in self.draft()._cards()[1]}
        self.assertEqual((verdicts["exchange"], verdicts["return"]), ("refuse", "accept"))

    # --- choosing ---

    def test_the_system_accepts_only_what_was_chosen(self):
        self.assertEqual(self.request(wanted="exchange").acceptance, "asked", "which one?")
        case = self.ask((self.line, 1, "does_not_fit", {"wanted": "exchange", "instead": self.blue}))
        self.assertEqual(case.acceptance, "accepted")
        self.assertIn(
            ("exchange_for", {"line": case.line_ids.id, "product": self.blue.id}),
            case.resolution_ids._offer().conditions if case.resolution_ids else case._fold().bound[0].offer.conditions,
        )

    def test_what_was_chosen_and_is_gone_is_not_accepted(self):
        case = self.ask((self.line, 1, "does_not_fit", {"wanted": "exchange", "instead": self.green}))
        self.assertEqual((case.verdict, case.acceptance), ("look", "asked"))
        self.assertRegex(" ".join(self.cards(case)["exchange"]["why"]), "Green.* cannot be supplied now")

    def draft(self):
        draft = self.env["dropship.return.draft"]._begin(fresh(), self.order.partner_id, self.order.company_id)
        draft._pick({self.line.id: 1.0}, {self.line.id})
        draft._explain({self.line.id: self.reason("does_not_fit").id}, {})
        return draft

    def card(self, draft, kind="exchange"):
        return next(card for card in draft._cards()[1] if card["kind"] == kind)

    def test_the_customer_chooses_among_what_there_is(self):
        draft = self.draft()
        card = self.card(draft)
        (choice,) = card["choices"]
        self.assertEqual([option["id"] for option in choice["options"]], [self.red.id, self.blue.id])
        draft.wanted = "exchange"
        with self.assertRaisesRegex(UserError, "Choose which one"):
            draft._choose_instead(card, {})
        with self.assertRaisesRegex(UserError, "Choose which one"):
            draft._choose_instead(card, {self.line.id: self.lamp.id})
        draft._choose_instead(card, {self.line.id: self.blue.id})
        case = draft._ask()
        self.assertEqual((case.line_ids.instead_id, case.acceptance), (self.blue, "accepted"))

    def test_what_it_costs_more_is_said_before(self):
        extra = self.blue.product_template_attribute_value_ids
        extra.price_extra = 5.0
        draft = self.draft()
        (choice,) = self.card(draft)["choices"]
        more = {option["id"]: option["more"] for option in choice["options"]}
        self.assertFalse(more[self.red.id])
        self.assertIn("5.00", more[self.blue.id])
        draft._choose_instead(self.card(draft), {self.line.id: self.blue.id})
        self.assertTrue([text for text in self.card(draft)["todo"] if "5.00" in text])

    def test_a_proposal_on_the_page_says_which_one(self):
        case = self.ask((self.line, 1, "does_not_fit", {"wanted": "nothing"}))
        (choice,) = case._page_wish_choices()
        self.assertEqual(len(choice["options"]), 3)
        with self.assertRaisesRegex(UserError, "Choose which one"):
            case._say_propose("customer", "exchange")
        with self.assertRaisesRegex(UserError, "Green.* cannot be supplied now"):
            case._say_propose("customer", "exchange", instead={case.line_ids.id: self.green.id})
        case._say_propose("customer", "exchange", instead={case.line_ids.id: self.blue.id})
        self.assertIn(str(self.blue.id), str(case.offer_id.offer))

    def test_parts_are_chosen_likewise(self):
        self.cap.dropship_spare_part_ids = self.cable | self.stand
        case = self.ask((self.line, 1, "does_not_fit", {"wanted": "nothing"}))
        self.assertEqual(case.line_ids._instead_choices("spare_part"), self.cable | self.stand)
        self.assertEqual(case._possible_remedies()["spare_part"], (True, ""))
        case.line_ids.instead_id = self.stand
        self.assertIn(
            ("spare_part", {"line": case.line_ids.id, "product": self.stand.id}),
            case._offer_from("spare_part").conditions,
        )
