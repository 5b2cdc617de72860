"""The independent account of a supplier: its examples, and its two sums of the same balance on invented lives."""

import doctest
import importlib.util
import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "dropship_flow" / "tests" / "settling"


def load(name):
    """A module of the addon's tests by its file: importing it by name would load Odoo."""
    spec = importlib.util.spec_from_file_location(f"plain_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


model, lives = load("model"), load("lives")


@pytest.mark.parametrize("module", [model, lives], ids=["model", "lives"])
def test_examples(module):
    assert not doctest.testmod(module).failed


@pytest.mark.parametrize("seed", range(200))
def test_movements_and_open_amounts_are_the_same_balance(seed):
    dice, account = random.Random(seed), model.Account()
    start = date(2025, 1, 1)
    for number in range(dice.randint(3, 25)):
        account.add(
            model.Document(
                number,
                dice.choice(("bill", "bill", "credit", "payment")),
                dice.choice(("EUR", "USD")),
                Decimal(dice.randint(1, 50000)) / 100,
                start + timedelta(days=dice.randint(0, 90)),
                inside=dice.random() < 0.8,
            )
        )
        debits = [key for key, one in account.documents.items() if one.kind != "bill" and account.open(key)]
        bills = [key for key, one in account.documents.items() if one.kind == "bill" and account.open(key)]
        if debits and bills and dice.random() < 0.7:
            debit, bill = dice.choice(debits), dice.choice(bills)
            if account.documents[debit].currency == account.documents[bill].currency:
                account.match(debit, bill)
            else:
                account.match_across(debit, bill)
        if dice.random() < 0.1:
            account.remove(dice.choice(list(account.documents)))
        for currency in ("EUR", "USD"):
            for days in (0, 30, 60, 90):
                day = start + timedelta(days=days)
                assert account.balance(currency, day) == account.residual(currency, day)


def test_every_kind_of_step_occurs():
    verbs = {step.verb for seed in range(60) for step in lives.Life(seed).steps}
    assert verbs == {"buy", "ship", "bill", "rent", "pay", "deposit", "set_off", "credit", "cancel", "release",
                     "cancel_payment", "statement"}  # fmt: skip
