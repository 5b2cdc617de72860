"""The examples in the package hold."""

import doctest
import importlib
import pkgutil

import claiming


def test_examples():
    tried = 0
    for info in pkgutil.iter_modules(claiming.__path__):
        result = doctest.testmod(importlib.import_module(f"claiming.{info.name}"))
        assert not result.failed, info.name
        tried += result.attempted
    assert tried > 20
