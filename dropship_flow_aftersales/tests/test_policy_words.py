import ast
import doctest
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .. import verdict
from ..models.policy import facts_lines, judge, offers
from ..models.policy.text import CONDITIONS, CUSTOMER, STAFF, WHY
from ..verdict.prepared import GROUPS

FIGURES = {
    "allowed": "1", "outcomes": ["return"], "wanted": "keep", "floor": 1, "kind": "hygiene+opened", "day": "2026-03-02",
    "evidence": ["photo"], "why": "reason", "to": "us", "fee": "10", "policy": "refuse", "verdict": "look",
    "outbound": "standard", "days": 14, "row": 1, "amount": "30", "maximum": "20", "asked": "2", "back": "1",
    "cancel": "1", "intercept": "0", "excess": "0", "condition": "price", "takes": True, "outcome": "return",
}  # fmt: skip


def codes_in_source():
    """Every reason the engine can give: what is opposed, noted, said, or listed with its figures."""
    reasons, steps = set(), set()
    for path in Path(verdict.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = {"oppose": 1, "note": 0, "_say": 0}.get(name)
                if place is not None and len(node.args) > place:
                    (steps if name == "_say" else reasons).update(_words(node.args[place]))
            elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
                head, figures = node.elts
                if isinstance(figures, ast.Dict) or getattr(figures, "id", "") == "figures":
                    reasons |= _words(head)
    return reasons, steps


def _words(node):
    if isinstance(node, ast.IfExp):
        return _words(node.body) | _words(node.orelse)
    if isinstance(node, ast.Starred):
        return _words(node.value)
    if isinstance(node, ast.Tuple):
        return set().union(*map(_words, node.elts))
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


@tagged("post_install", "-at_install", "standard")
class TestPolicyWords(TransactionCase):
    """Every reason is said in words, the customer's and ours."""

    def test_every_code_of_the_engine_has_words(self):
        reasons, steps = codes_in_source()
        self.assertGreater(len(reasons), 22)
        self.assertGreater(len(steps), 8)
        self.assertFalse(reasons - set(CUSTOMER), "A reason no customer could read.")
        self.assertFalse((reasons | steps) - set(CUSTOMER) - set(STAFF), "A step nobody could read.")
        self.assertFalse(set(CUSTOMER) - reasons, "Words for what is never said.")
        self.assertEqual(set(CONDITIONS), {*GROUPS, "price", "past"})

    def test_every_reason_a_supplier_has_is_said(self):
        source = (Path(verdict.__file__).parent / "supplier.py").read_text(encoding="utf-8")
        found = {
            node.args[1].value
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Taken" and len(node.args) > 1
        }
        self.assertEqual(found, set(WHY) - {""})

    def test_examples_hold(self):
        for module in (facts_lines, judge, offers):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_sentences_are_whole(self):
        cases = self.env["dropship.return"]
        for staff in (False, True):
            for code in {**CUSTOMER, **(STAFF if staff else {})}:
                with self.subTest(code=code, staff=staff):
                    said = cases._verdict_words([[code, FIGURES]], staff)
                    self.assertEqual(bool(said), bool(STAFF.get(code) if staff and code in STAFF else CUSTOMER[code]))
                    self.assertNotIn("%(", "".join(said))
                    self.assertNotIn("None", "".join(said))

    def test_no_customer_reads_of_suppliers(self):
        for code, sentence in CUSTOMER.items():
            with self.subTest(code=code):
                self.assertNotIn("supplier", sentence.lower())

    def test_kinds_days_and_evidence_are_names(self):
        cases = self.env["dropship.return"].with_context(lang="en_US")
        self.assertEqual(
            cases._verdict_words([["floor_excluded", {"floor": 1, "kind": "hygiene+opened"}]]),
            ['By law the right to return does not hold for goods like this: "Sealed for Hygiene, opened".'],
        )
        said = cases._verdict_words([["window_over", {"day": "2026-03-02"}]])
        self.assertEqual(said, ["It was possible until 03/02/2026."])
        self.assertEqual(
            cases._verdict_words([["evidence_missing", {"evidence": ["photo", "label"]}]]),
            ["Add what is missing: a photo, a photo of the label."],
        )
