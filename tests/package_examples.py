"""The examples in the docstrings of a package."""

import doctest
import importlib
import pkgutil


def tried(package):
    """How many there are; all of them hold."""
    count = 0
    for info in pkgutil.iter_modules(package.__path__):
        result = doctest.testmod(importlib.import_module(f"{package.__name__}.{info.name}"))
        assert not result.failed, info.name
        count += result.attempted
    return count
