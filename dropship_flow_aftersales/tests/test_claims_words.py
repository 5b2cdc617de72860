import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ..claiming import Claim, Deadline, Penalty, Rule, Terms, Window
from ..models.claims.pure import claim_of, terms_of, to_json
from ..models.claims.words import SENTENCES, STANDINGS, plain, say

CODE = re.compile(
    r'(?:\(|return |yield |_note\(|notes\.append\(\()\(?"([a-z_]+_[a-z_]+|negative|zero|excluded)", ?(?:\{|event|\w+\))'
)
RETURNED = re.compile(
    r'return "(credited_\w+)"|_cut\([^"]*"(\w+_limit)"|\("(no_lines|not_whole|negative)"|"(\w+_limit)"\)'
)
# Strings of the package that look like codes and are none.
NO_CODES = {"weight_limit_", "per_parcel"}


@tagged("post_install", "-at_install", "standard")
class TestClaimWords(TransactionCase):
    """Every code of the engine is a sentence, and what is kept of a claim is read back as it was."""

    def codes(self):
        found = set()
        for path in (Path(__file__).parents[1] / "claiming").glob("*.py"):
            text = path.read_text()
            found |= set(CODE.findall(text))
            found |= {code for groups in RETURNED.findall(text) for code in groups if code}
        return found

    def test_every_code_has_words(self):
        codes = self.codes()
        self.assertGreater(len(codes), 25, "the codes are found in the sources")
        self.assertFalse(codes - set(SENTENCES))

    def test_every_standing_has_words(self):
        text = (Path(__file__).parents[1] / "claiming" / "life.py").read_text()
        used = set(re.findall(r'Standing\("(\w+)"|self\.state(?:, self\.\w+)* = "(\w+)"', text))
        used = {word for pair in used for word in pair if word}
        self.assertLessEqual({"refused", "draft", "answered", "closed"} & used, {code for code, _word in STANDINGS})

    def test_sentences_take_the_figures_of_their_codes(self):
        currency = self.env.ref("base.EUR")
        notes = plain((("more_than_claimed", {"claimed": Decimal(60), "difference": Decimal("5.50")}),))
        self.assertIn("5.50", say(self.env, notes, currency)[0])
        for code in SENTENCES:
            self.assertTrue(say(self.env, [[code, {}]], currency)[0], code)

    def test_terms_and_claims_are_kept_exactly(self):
        terms = Terms(
            (
                Rule(7, frozenset({"lost"}), percent=Decimal("33.33"), covers=frozenset({"duties"}),
                     penalty=Penalty(Decimal(2), high=Decimal(9)), window=Window("noticed", 3)),
            ),
            window=Window("delivered", 14, 0, True), evidence=frozenset({"photo"}), per_kg=Decimal("1.5"),
            answer=Window("noticed", 7), holidays=frozenset({datetime(2026, 1, 1).date()}),
        )  # fmt: skip
        self.assertEqual(terms_of(to_json(terms)), terms)
        deadline = Deadline("open", datetime(2026, 1, 1).date(), datetime(2026, 1, 9).date(), datetime(2026, 1, 10))
        claim = Claim("supplier", Decimal(50), Decimal("12.34"), penalty=Decimal(1), rule=7, deadline=deadline)
        self.assertEqual(claim_of(to_json(claim)), claim)
