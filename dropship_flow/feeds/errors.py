"""What can be wrong with a whole file or a single value: a code and figures, never a sentence."""


class FeedError(Exception):
    """A file that cannot be read at all.

    >>> FeedError("too_large", limit=8).code
    'too_large'
    """

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


class ValueProblem(ValueError):
    """A cell that does not say what its column should say."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params
