from odoo.tests import tagged

from ..models.case.words import OUTCOMES
from .common_remedies import RemedyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyContract(RemedyCase):
    """Whatever may be offered can be carried out, by a method of its own."""

    def test_every_outcome_has_a_method(self):
        resolution = self.env["dropship.resolution"]
        missing = [kind for kind, _word in OUTCOMES if not callable(getattr(resolution, f"_do_{kind}", None))]
        self.assertFalse(missing)

    def test_every_remedy_says_whether_it_is_possible(self):
        order = self.delivered((self.lamp, 1))
        case = self.open_case((order.order_line[:1], 1, "damaged"))
        possible = case._possible_remedies()
        self.assertEqual(set(possible), {"replacement", "exchange", "spare_part", "credit", "repair"})
        for kind, (able, why) in possible.items():
            with self.subTest(kind):
                self.assertEqual(able, not why)
