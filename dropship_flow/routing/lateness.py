"""How long a parcel takes and how likely it misses the promise."""


def late_probability(days, shift, promise):
    """Chance that a parcel with P50/P80/P95 transit `days`, leaving after `shift` days, arrives after `promise` days.

    The distribution is a straight line through the known points: nothing before the parcel leaves, half by P50, and so
    on; after P95 the last slope goes on. Rounded to a millionth, falling in `promise`, rising in `shift` and `days`.

    >>> late_probability((2, 4, 7), 1, 5)
    0.2
    >>> late_probability((2, 4, 7), 1, 9), late_probability((2, 4, 7), 1, 0), late_probability((2, 4, 7), 1, None)
    (0.0, 1.0, 0.0)
    """
    if promise is None:
        return 0.0
    time = promise - shift
    if time < 0:
        return 1.0
    p50 = max(days[0], 0.0)
    p80 = max(days[1], p50)
    p95 = max(days[2], p80)
    end = p95 + (p95 - p80) / 3
    points = ((0.0, 0.0), (p50, 0.5), (p80, 0.8), (p95, 0.95), (end, 1.0))
    if time >= end:
        return 0.0
    for (left, low), (right, high) in zip(points, points[1:], strict=False):
        if time < right:
            return round(1 - low - (high - low) * (time - left) / (right - left), 6)
    return 0.0


def quantile_of(policy):
    """Index of the quantile that keeps the promise: 0, 1 or 2 for P50, P80, P95.

    >>> from .model import Policy
    >>> quantile_of(Policy(promise_quantile=95))
    2
    """
    return {50: 0, 80: 1, 95: 2}.get(policy.promise_quantile, 1)


def rate_days(rate):
    """P50, P80, P95 of a rate; a source that ships without a rate takes no time."""
    return (rate.days_p50, rate.days_p80, rate.days_p95) if rate else (0.0, 0.0, 0.0)
