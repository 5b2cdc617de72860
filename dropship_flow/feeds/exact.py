"""Numbers that were numbers in the file already, not text: a point in them is always the mark of the fraction."""


class Exact(str):
    """
    >>> Exact("1.234") == "1.234"
    True
    """

    __slots__ = ()
