import logging
import os
import time

from odoo.addons.dropship_flow.tests.settling.lives import seeds
from odoo.tests import tagged

from .business_lives import Life
from .common_business_lives import ORDERS, BusinessLives

_logger = logging.getLogger(__name__)
SOAK = os.environ.get("SOAK", "") not in ("", "0")
TOLD = os.environ.get("LIVES", "")
SEEDS = seeds(TOLD, (5000 if SOAK else 30) // ORDERS)


@tagged("post_install", "-at_install", "standard")
class TestProfitBusiness(BusinessLives):
    """Whatever happens in a shop: the ledger says what a plain account says that knows nothing of it.

    Lives of ten orders each are invented by seed, lived by the verbs people press, and compared with a plain account to
    the cent: each order by kind, what is of no order, each day. LIVES="100-125" or "45,71" lives only these.
    """

    def test_lives(self):
        for seed in SEEDS:
            start = time.monotonic()
            with self.subTest(seed=seed):
                self.one_life(Life(seed, ORDERS))
            if SOAK or TOLD:
                _logger.info("life %s: %.1f s", seed, time.monotonic() - start)
