"""The examples in the package hold."""

import ad_files
from package_examples import tried


def test_examples():
    assert tried(ad_files) > 6
