import doctest

import pytest
from connectors import addresses, http


@pytest.mark.parametrize("module", [addresses, http], ids=lambda module: module.__name__)
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
