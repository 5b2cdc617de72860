from cluster import fragile  # noqa: F401 - a fixture
from harness import furnished, shop  # noqa: F401 - fixtures
