import os

from odoo.addons.dropship_flow.tests.settling.lives import seeds, shrunk
from odoo.tests import tagged

from .common_case_compare import CaseCompare
from .returning.lives import Life

SOAK = os.environ.get("SOAK", "") not in ("", "0")
TOLD = os.environ.get("LIVES", "")
# Lives that once found something: an invoice rounded otherwise than its lines; an agreement that outlived its case;
# pieces called off after others came back; goods offered once more that were sent again already; a claim
# that comes to nothing when the goods go back after all; cents of a claim over several lines; a claim for pieces called
# off; pieces that could not be called off after others went back.
FOUND = (139, 244, 255, 393, 461, 471, 543, 552)
SEEDS = [*seeds(TOLD, 1000 if SOAK else 6), *(() if TOLD or SOAK else FOUND)]


@tagged("post_install", "-at_install", "standard")
class TestCasesRandom(CaseCompare):
    """Whatever comes back of an order: quantities, money, stock and accounts are what they ought to be.

    Lives are invented by seed, lived by the verbs people press, and after each step compared with a plain account that
    knows nothing of Odoo. A life that fails is shortened to the steps that matter before it is shown.
    """

    def test_lives(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.one_life(Life(seed))

    def one_life(self, life):
        if self.lived(life, life.steps):
            steps = shrunk(life.steps, lambda steps: self.lived(life, steps))
            told = "\n".join(map(str, steps))
            self.fail(f"{self.lived(life, steps)}\n{life}\n{told}")

    def lived(self, life, steps):
        """Live some steps and forget them. The error, or None."""
        return self.forgotten(lambda: self.live(life, steps))

    def live(self, life, steps):
        self.begin(life)
        self.compare()
        for step in steps:
            what = self.player.play(step)
            if what is not None:
                getattr(self, f"do_{step.verb}")(step, **what)
                self.compare()
