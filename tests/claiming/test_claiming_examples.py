"""The examples in the package hold."""

import claiming
from package_examples import tried


def test_examples():
    assert tried(claiming) > 20
