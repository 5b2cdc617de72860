"""The examples in the package hold."""

import allocating
from package_examples import tried


def test_examples():
    assert tried(allocating) > 40
