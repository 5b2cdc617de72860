"""What a person decided holds as long as it is about the same difference."""

STATES = {"accept": "accepted", "dispute": "disputed", "credit": "credit_asked"}


def decided(verdict, decision, difference, step):
    """The verdict with a person's decision.

    :param str decision: accept, dispute, credit; empty: nobody decided
    :param Decimal difference: the difference that was decided about
    :param Decimal step: rounding of the currency

    >>> from decimal import Decimal
    >>> from .verdict import Verdict
    >>> D = Decimal
    >>> dearer = Verdict("differs", D(10), D(2))
    >>> decided(dearer, "accept", D(2), D("0.01")).state, decided(dearer, "dispute", D(2), D("0.01")).state
    ('accepted', 'disputed')
    >>> decided(dearer._replace(difference=D(3)), "accept", D(2), D("0.01")).state  # it grew: another question
    'differs'
    >>> decided(Verdict("ok", D(10), D(0)), "dispute", D(2), D("0.01")).state  # the credit note came
    'ok'
    """
    if verdict.state != "differs" or decision not in STATES or verdict.difference > difference + step / 2:
        return verdict
    return verdict._replace(state=STATES[decision])
