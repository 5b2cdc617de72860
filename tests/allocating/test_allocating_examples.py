"""The examples in the package hold."""

import doctest
import importlib
import pkgutil

import allocating


def test_examples():
    tried = 0
    for info in pkgutil.iter_modules(allocating.__path__):
        result = doctest.testmod(importlib.import_module(f"allocating.{info.name}"))
        assert not result.failed, info.name
        tried += result.attempted
    assert tried > 40
