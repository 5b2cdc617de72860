"""The examples in the package hold."""

import forecasting
from package_examples import tried


def test_examples():
    assert tried(forecasting) > 40
