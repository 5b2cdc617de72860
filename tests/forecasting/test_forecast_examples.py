"""The examples in the package hold."""

import doctest
import importlib
import pkgutil

import forecasting


def test_examples():
    tried = 0
    for info in pkgutil.iter_modules(forecasting.__path__):
        result = doctest.testmod(importlib.import_module(f"forecasting.{info.name}"))
        assert not result.failed, info.name
        tried += result.attempted
    assert tried > 40
