"""From counts to a score of 0 to 100.

Small numbers: one order refused out of one is not "0 % accepted". Every rate begins with TEN imagined cases at the rate
usual for suppliers; real cases are added to them. After one case the imagined ones decide, after a hundred the real
ones do. What was not his fault – our cancellation, an address nobody can deliver to, a closure he announced – is not
counted at all.
"""

from dataclasses import dataclass

# Imagined cases each rate begins with, and what is usual.
CASES = 10
USUAL = {"acceptance": 0.95, "on_time": 0.90, "kept": 0.97}
USUAL_HOURS = 24.0
# Points of 100.
WEIGHTS = {"acceptance": 30, "on_time": 40, "kept": 20, "answer": 10}
# An answer within FAST hours earns all its points, after SLOW hours none.
FAST, SLOW = 8.0, 72.0
# A named offence in every hundredth parcel costs so many points, and no more than MOST in all.
PER_OFFENCE, MOST = 3.0, 25.0
# Below so many cases the score says more about what is usual than about him.
FEW = 5
# (at least, word)
GRADES = ((90, "excellent"), (80, "good"), (65, "fair"), (0, "poor"))

NOT_ACCEPTED = ("refused", "short", "price_raised", "silent")
NOT_IN_TIME = ("shipped_late", "never_shipped")
OFFENCES = ("leaflet", "no_tracking", "wrong_goods", "false_dispatch", "offence")


@dataclass(frozen=True)
class Record:
    """What happened: {kind: cases} by the supplier's fault or to his credit, and how long he took to answer."""

    counts: dict
    hours: float = 0.0  # of all answers together
    answers: int = 0

    def sum(self, *kinds):
        return sum(self.counts.get(kind, 0) for kind in kinds)


def rate(good, bad, usual):
    """Share of the good ones, with the imagined cases.

    >>> rate(0, 0, 0.9), round(rate(0, 1, 0.9), 3), round(rate(0, 90, 0.9), 3)
    (0.9, 0.818, 0.09)
    """
    return (good + CASES * usual) / (good + bad + CASES)


def grade(points, cases):
    """The word for a score.

    >>> grade(91, 40), grade(64.9, 40), grade(91, 2)
    ('excellent', 'poor', 'new')
    """
    if cases < FEW:
        return "new"
    return next(word for least, word in GRADES if points >= least)


def score(record):
    """:return: dict of the rates (0 to 1), `answer_hours` (None without answers), `offences`, `cases`, `score`, `grade`

    >>> good = score(Record({"accepted": 100, "shipped_on_time": 98, "shipped_late": 2}, hours=400, answers=100))
    >>> round(good["score"]), good["grade"], good["answer_hours"]
    (99, 'excellent', 4.0)
    >>> bad = score(Record({"accepted": 60, "silent": 40, "shipped_late": 30, "cancelled": 15, "leaflet": 5}))
    >>> bad["grade"], bad["score"] < 50
    ('poor', True)
    >>> score(Record({}))["grade"]
    'new'
    """
    accepted, refused = record.sum("accepted"), record.sum(*NOT_ACCEPTED)
    # A dispatch that proved false was counted as in time when he said so.
    in_time = max(record.sum("shipped_on_time") - record.sum("false_dispatch"), 0)
    late = record.sum(*NOT_IN_TIME, "false_dispatch")
    cancelled = record.sum("cancelled")
    rates = {
        "acceptance": rate(accepted, refused, USUAL["acceptance"]),
        "on_time": rate(in_time, late, USUAL["on_time"]),
        "kept": rate(max(accepted - cancelled, 0), cancelled, USUAL["kept"]),
    }
    hours = (record.hours + CASES * USUAL_HOURS) / (record.answers + CASES)
    answer = min(max((SLOW - hours) / (SLOW - FAST), 0.0), 1.0)
    offences = record.sum(*OFFENCES)
    parcels = in_time + late
    fine = min(100 * PER_OFFENCE * offences / (parcels + 100), MOST)
    points = sum(WEIGHTS[name] * value for name, value in rates.items()) + WEIGHTS["answer"] * answer - fine
    points = min(max(points, 0.0), 100.0)
    cases = accepted + refused + parcels
    return {
        **rates,
        "cancel": 1 - rates["kept"],
        "answer_hours": record.hours / record.answers if record.answers else None,
        "offences": offences,
        "cases": cases,
        "score": points,
        "grade": grade(points, cases),
    }
