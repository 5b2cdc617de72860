import doctest
import importlib
import pkgutil

import casework


def test_examples():
    tried = 0
    for info in pkgutil.iter_modules(casework.__path__):
        result = doctest.testmod(importlib.import_module(f"casework.{info.name}"))
        assert not result.failed, info.name
        tried += result.attempted
    assert tried > 15
