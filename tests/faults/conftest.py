from cluster import fragile  # noqa: F401 - a fixture
from harness import shop  # noqa: F401 - a fixture
