import doctest
import importlib
import pkgutil

from odoo.addons.dropship_flow_aftersales import connectors
from odoo.tests import BaseCase, tagged

from ..connectors.email_words import parse_claim, parse_return
from ..wizards import simulate_returns


@tagged("post_install", "-at_install", "standard")
class TestSupplierWords(BaseCase):
    """What suppliers write is understood as the mail says, and nothing is guessed."""

    goods = [{"line": "7", "sku": "LAMP 1", "qty": 2}, {"line": "8", "sku": "B-2", "qty": 1}]

    def test_examples(self):
        names = [f"{connectors.__name__}.{info.name}" for info in pkgutil.iter_modules(connectors.__path__)]
        tried = 0
        for module in [*map(importlib.import_module, names), simulate_returns]:
            result = doctest.testmod(module)
            tried += result.attempted
            self.assertFalse(result.failed, module.__name__)
        self.assertGreater(tried, 15)

    def test_returns(self):
        for text, answer in (
            ("Hello,\nAPPROVE\n\nBest regards\nLi", "approved"),
            ("同意退货", "approved"),
            ("拒绝 已使用", "refused"),
            ("收到 LAMP 1 2件", "counted"),
            ("CHECKED LAMP 1 1 new\nCHECKED B-2 1 damaged", "inspected"),
        ):
            reply = parse_return(text, self.goods)
            self.assertEqual((reply.why, (reply.answer or {}).get("answer")), ("", answer), text)

    def test_what_is_not_clear_is_for_a_person(self):
        for text, why in (
            ("We will look at it", "no_words"),
            ("REFUSE", "not_understood"),
            ("APPROVE\nREFUSE too old", "contradiction"),
            ("RECEIVED NOBODYS 2", "no_sku"),
            ("RECEIVED LAMP 1 many", "no_number"),
            ("CHECKED LAMP 1 2 so-so", "not_understood"),
            ("APPROVE\nbut you pay the freight", "remark"),
            ("Thanks\nAPPROVE", "after_end"),
        ):
            self.assertEqual(parse_return(text, self.goods).why, why, text)

    def test_claims(self):
        self.assertEqual(parse_claim("ACCEPT").answer["answer"], "accepted")
        self.assertEqual(parse_claim("部分 20.5").answer["amount"], 20.5)
        self.assertEqual(parse_claim("ACCEPT 20 EUR").answer["currency"], "EUR")
        for text in ("PART", "PART a lot", "REFUSE", "ACCEPT\nREFUSE no", "PART 1 2"):
            self.assertTrue(parse_claim(text).why, text)
