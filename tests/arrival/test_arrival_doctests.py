import arrival
from package_examples import tried


def test_examples():
    assert tried(arrival) > 25
