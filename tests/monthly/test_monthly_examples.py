"""The examples in the packages hold."""

import dashboards
import monthly
from package_examples import tried


def test_examples():
    assert tried(monthly) >= 4
    assert tried(dashboards) >= 3
