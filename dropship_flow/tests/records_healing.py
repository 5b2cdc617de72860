def make(cls, order, supplier):
    """The part adds no model of its own."""
