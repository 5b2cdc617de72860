"""What a search method hands back."""


class Found:
    """What a search method hands back."""

    __slots__ = ("alone", "ceiling", "columns", "gap", "method", "other", "proven")

    def __init__(self, columns=(), other=(), method="subsets", proven=True, gap=0.0, ceiling=None, alone=None):
        self.columns, self.other, self.method = columns, other, method
        self.proven, self.gap, self.ceiling, self.alone = proven, gap, ceiling, alone or {}
