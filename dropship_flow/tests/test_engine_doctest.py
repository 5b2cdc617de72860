import doctest
import importlib
import pkgutil

from odoo.addons.dropship_flow import routing
from odoo.tests import BaseCase, tagged

from ..models import exact


@tagged("post_install", "-at_install", "standard")
class TestEngineDoctest(BaseCase):
    """The examples in the routing engine's docstrings hold inside Odoo too."""

    def test_examples(self):
        tried = 0
        for info in pkgutil.iter_modules(routing.__path__):
            with self.subTest(module=info.name):
                module = importlib.import_module(f"{routing.__name__}.{info.name}")
                result = doctest.testmod(module)
                tried += result.attempted
                self.assertFalse(result.failed, "An example in the routing engine's docstrings no longer holds.")
        self.assertGreater(tried, 20)

    def test_exact_numbers(self):
        result = doctest.testmod(exact)
        self.assertEqual((result.failed, result.attempted), (0, 2))
