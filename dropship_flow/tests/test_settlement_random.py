import os
from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from .common_settlement_statement import SettlementLife
from .settling.lives import Life, month_end, seeds, shrunk

SOAK = os.environ.get("SOAK", "") not in ("", "0")
SEEDS = seeds(os.environ.get("LIVES", ""), 2000 if SOAK else 6)


@tagged("post_install", "-at_install", "standard")
class TestSettlementRandom(SettlementLife):
    """Whatever happens between us and a supplier: opening + movements = closing = what is open in the ledger.

    Lives are invented by seed, lived by the verbs people press, and after each step compared with a plain account that
    knows nothing of Odoo. A life that fails is shortened to the steps that matter before it is shown.
    """

    def test_lives(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.one_life(Life(seed))

    def one_life(self, life):
        if self.lived(life.currency, life.steps):
            steps = shrunk(life.steps, lambda steps: self.lived(life.currency, steps))
            told = "\n".join(map(str, steps))
            self.fail(f"{life.currency}: {self.lived(life.currency, steps)}\n{told}")

    def lived(self, currency, steps):
        """Live some steps and forget them. The error, or None."""
        return self.forgotten(lambda: self.live(currency, steps))

    def live(self, currency, steps):
        self.begin(currency)
        for step in steps:
            what = self.player.play(step)
            if what is not None:
                getattr(self, f"do_{step.verb}")(step, **what)
                self.compare(step)
        # Core books a difference of rates on the last day of the month.
        self.compare_other_currencies(month_end(steps[-1].day.month - 1))

    def do_statement(self, step):
        """From the draft to agreed: figures before, what is added, what is answered, figures after, payment."""
        statement = self.make_statement(step.day)
        self.compare_statement(statement, step.day)
        amounts = [self.adjust(statement, step, *one) for one in step.more["adjustments"]]
        if step.more["claim"]:
            amounts.append(self.claim(step))
        statement.action_send()
        if step.more["objection"]:
            correction = self.object(statement, step.more["objection"], step.more["correction"])
            amounts += [correction] if correction else []
        statement.action_refresh()
        self.equal(self.money(statement.pending), sum(amounts, Decimal(0)), "not booked yet")
        self.compare_statement(statement, step.day)
        statement.action_approve()
        self.equal(statement.state in ("agreed", "paid"), True, "agreed")
        before = self.player.figures(step.day)
        keys = self.player.approve(step, amounts)
        self.name_booked(statement, keys)
        self.compare_closed(statement, before, amounts)
        if step.more["pay"]:
            self.pay_statement(statement, step, step.day + timedelta(days=2))
