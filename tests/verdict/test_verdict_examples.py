import verdict
from package_examples import tried


def test_examples():
    assert tried(verdict) > 30
