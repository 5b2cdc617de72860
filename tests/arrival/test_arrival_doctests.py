import doctest
import importlib
import pkgutil

import arrival


def test_examples():
    tried = 0
    for info in pkgutil.iter_modules(arrival.__path__):
        result = doctest.testmod(importlib.import_module(f"arrival.{info.name}"))
        assert not result.failed, info.name
        tried += result.attempted
    assert tried > 25
