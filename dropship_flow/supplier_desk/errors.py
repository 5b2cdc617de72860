"""What is wrong with what somebody typed: a code with figures; the page says it in his language."""


class Typed(ValueError):
    """Somebody typed what cannot be meant.

    >>> str(Typed("too_many", sku="A", left="2"))
    'too_many'
    """

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures
