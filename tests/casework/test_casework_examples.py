import casework
from package_examples import tried


def test_examples():
    assert tried(casework) > 15
