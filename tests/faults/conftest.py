from harness import shop  # noqa: F401 - a fixture
