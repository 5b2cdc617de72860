import os

from odoo.addons.dropship_flow.tests.settling.lives import seeds
from odoo.tests import tagged

from .business_lives import Life
from .common_business_lives import ORDERS, BusinessLives


@tagged("post_install", "-at_install", "standard")
class TestKitProfitBusiness(BusinessLives):
    """Lives of a shop that sells kits as well: sold in one piece, bought and billed in parts. LIVES as without kits."""

    def test_lives(self):
        self.assertTrue(self.kits)
        for seed in seeds(os.environ.get("LIVES", "") or "1-3", 0):
            with self.subTest(seed=seed):
                self.one_life(Life(seed, ORDERS, kits=True))
