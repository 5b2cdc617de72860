import doctest
import importlib
import pkgutil

import verdict


def test_examples():
    tried = 0
    for info in pkgutil.iter_modules(verdict.__path__):
        result = doctest.testmod(importlib.import_module(f"verdict.{info.name}"))
        assert not result.failed, info.name
        tried += result.attempted
    assert tried > 30
