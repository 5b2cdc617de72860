"""The examples in the package hold."""

import refunding
from package_examples import tried


def test_examples():
    assert tried(refunding) > 20
