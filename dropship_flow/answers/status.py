STATUSES = ("waiting", "part", "accepted", "backordered", "changed", "refused")


def status_of(living, refused=False):
    """One word for what suppliers said so far; None when nobody was asked.

    :param living: the answers of the rows that count: waiting, accepted, backordered, changed, asked
    :param bool refused: whether something was refused

    >>> status_of(["accepted", "waiting"]), status_of(["accepted"]), status_of(["accepted", "backordered"])
    ('part', 'accepted', 'backordered')
    >>> status_of(["accepted"], refused=True), status_of([], refused=True), status_of([])
    ('part', 'refused', None)
    """
    living = set(living)
    if not living:
        return "refused" if refused else None
    if living & {"changed", "asked"}:
        return "changed"
    if "backordered" in living:
        return "backordered"
    if living == {"waiting"}:
        return "part" if refused else "waiting"
    return "part" if refused or "waiting" in living else "accepted"
