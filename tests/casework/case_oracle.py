"""The same once more, slowly: a log in which every question is answered by looking back, goods counted box by box."""

from decimal import Decimal as D

US = ("agent", "system")
ENDS = ("offer", "declined", "expired", "bound", "refused", "cancelled", "closed", "withdrawn", "reopened")


def timeline(request, events, now):
    """(moment, 0 for the end of an offer or 1, event), in their order."""
    found = [(event.at, 1, event.key, event) for event in events if event.at <= now]
    for event in events:
        until = event.offer and event.code == "offer" and event.offer.until
        if until and event.at < until <= now:
            found.append((until, 0, event.key, event))
    return sorted(found, key=lambda row: row[:3])


class Log(list):
    """Rows (what, key, event, lines)."""

    def __init__(self, request):
        super().__init__()
        self.asked = dict(request.lines)

    def live(self):
        """The open offer: no word came after it."""
        words = [row for row in self if row[0] in ENDS]
        return words[-1] if words and words[-1][0] == "offer" else None

    def by_law(self, line):
        return sum((dict(row[3]).get(line, D(0)) for row in self if row[0] == "withdrawn"), D(0))

    def all_by_law(self):
        return all(self.by_law(line) == quantity for line, quantity in self.asked.items())

    def round(self):
        starts = [number for number, row in enumerate(self) if row[0] == "reopened"]
        return self[starts[-1] + 1 if starts else 0 :]

    def acceptance(self):
        for number, row in reversed(list(enumerate(self))):
            if row[0] in ("cancelled", "refused"):
                return row[0]
            all_by_law = sum_by_law(self[: number + 1]) == sum(self.asked.values())
            if row[0] == "bound" or (row[0] == "withdrawn" and all_by_law):
                return "accepted"
            if row[0] in ("offer", "declined", "expired"):
                return "negotiating"
            if row[0] == "reopened":
                return "asked"
        return "asked"

    def closed(self):
        doors = [row for row in self if row[0] in ("closed", "reopened", "withdrawn")]
        return doors[-1] if doors and doors[-1][0] == "closed" else None

    def resolved(self, key):
        return any(row[0] == "resolved" and row[1] == key for row in self)

    def rights(self):
        """[(key, {line: quantity}, goods come back)], what was called off or replaced is none."""
        found = []
        for number, (what, key, event, lines) in enumerate(self):
            dropped = [row for row in self[number:] if row[0] == "dropped" and row[1] == key]
            if what in ("bound", "withdrawn") and not dropped:
                found.append((key, dict(lines), bool(event.offer.to)))
        return found

    def deal(self):
        found = [row for row in self.round() if row[0] == "bound"]
        rights = [key for key, _lines, _back in self.rights()]
        return next((row for row in found if row[1] in rights), None)


def sum_by_law(rows):
    return sum((quantity for row in rows if row[0] == "withdrawn" for _line, quantity in row[3]), D(0))


def tell(request, events, now):
    """The log of what was said."""
    log = Log(request)
    for _at, live, _key, event in timeline(request, events, now):
        offer, was, closed = log.live(), log.acceptance(), log.closed()
        settled = closed or was in ("accepted", "cancelled")
        fits = event.offer and all(
            quantity + (0 if any(row[0] == "reopened" for row in log) else log.by_law(line)) <= log.asked[line]
            for line, quantity in event.offer.lines
        )
        code, row = event.code, ("", event.key, event, event.offer.lines if event.offer else ())
        if not live:
            if offer and offer[1] == event.key:
                log.append(("expired", *row[1:]))
                if event.offer.silence == "accept":
                    log.append(("bound", *row[1:]))
        elif code == "offer" and not settled and fits and not (was == "refused" and event.by not in US):
            if not event.offer.until or event.offer.until > event.at:
                log.append(("offer", *row[1:]))
        elif code in ("take", "decline") and offer and offer[1] == event.about:
            if (offer[2].by in US) != (event.by in US):
                log.append(("bound" if code == "take" else "declined", *offer[1:]))
        elif code == "accept" and not settled and fits:
            log.append(("bound", *row[1:]))
        elif code == "refuse" and not settled:
            log.append(("refused", *row[1:]))
        elif code == "cancel" and not closed and was != "refused":
            deal = log.deal()
            if not (was == "accepted" and not deal) and not (deal and log.resolved(deal[1])):
                if deal:
                    log.append(("dropped", *deal[1:]))
                log.append(("cancelled", *row[1:]))
        elif code == "withdraw":
            left = {line: log.asked[line] - log.by_law(line) for line, _quantity in event.offer.lines}
            lines = tuple((line, min(quantity, left[line])) for line, quantity in event.offer.lines if left[line])
            if lines:
                log.append(("withdrawn", event.key, event, lines))
                deal = log.deal()
                if deal and log.all_by_law() and not log.resolved(deal[1]):
                    log.append(("dropped", *deal[1:]))
        elif code == "resolve" and event.about in [key for key, _lines, _back in log.rights()]:
            log.append(("resolved", event.about, event, ()))
        elif code == "close" and not closed:
            log.append(("closed", *row[1:]))
        elif code == "score" and closed and not any(row[0] == "reopened" for row in log):
            soon, bad = event.at < closed[2].until, event.score <= closed[2].score
            log.extend([("reopened", *row[1:])] * (soon and bad))
    return log


def goods(request, events, now, log):
    """({line: (accepted, back, sent, received, lost, {condition: quantity})}, reception)"""
    events = sorted((event for event in events if event.at <= now), key=lambda event: (event.at, event.key))
    boxes = {event.parcel for event in events if event.parcel}
    found, total_missing, back_at_all = {}, D(0), False
    there = {box for box in boxes if of(events, box, "arrive", "receive", "inspect", "deem")}
    lost = {box for box in boxes if of(events, box, "lose") and not of(events, box, "arrive", "receive", "inspect")}
    on_way = {box for box in boxes if of(events, box, "send", "move")} - there - lost
    sends = [number for number, event in enumerate(events) if event.code == "send"]
    off = any(event.code == "not_coming" for event in events[sends[-1] + 1 if sends else 0 :])
    for line, asked in request.lines:
        accepted = min(asked, sum((lines.get(line, D(0)) for _key, lines, _back in log.rights()), D(0)))
        back = min(asked, sum((lines.get(line, D(0)) for _key, lines, comes in log.rights() if comes), D(0)))
        sent = sum((newest(events, box, "send", line) or D(0) for box in boxes), D(0))
        gone = sum((newest(events, box, "send", line) or D(0) for box in lost), D(0))
        came, conditions = D(0), {}
        for box in there:
            quantity, by_condition = content(events, box, line)
            came += quantity
            for condition, part in by_condition.items():
                conditions[condition] = conditions.get(condition, D(0)) + part
        found[line] = (accepted, back, sent, came, gone, {key: part for key, part in conditions.items() if part})
        total_missing += max(back - came - gone, D(0))
        back_at_all = back_at_all or back > 0
    if there:
        done = all(whole(events, box, [line for line, _asked in request.lines]) for box in there)
        rest = total_missing and (on_way or not off)
        return found, "partly" if rest else "inspected" if done else "received"
    if on_way:
        return found, "on_the_way"
    if total_missing and not off:
        return found, "awaited"
    return found, "not_coming" if back_at_all else "none"


def of(events, box, *codes):
    """Its events of these kinds; what the supplier says after we closed for him is none."""
    closed = [event for event in events if event.parcel == box and event.code == "deem"]
    return [
        event for event in events if event.parcel == box and event.code in codes
        and not (event.by == "supplier" and closed and events.index(event) > events.index(closed[0]))
    ]  # fmt: skip


def newest(events, box, code, line):
    """The last quantity said of a line; None: nothing was."""
    for event in reversed(of(events, box, code)):
        if line in dict(event.lines):
            return dict(event.lines)[line]
    return None


def looked(events, box, line):
    for event in reversed(of(events, box, "inspect")):
        rows = [row for row in event.lines if row[0] == line]
        if rows:
            return {condition: sum(row[2] for row in rows if row[1] == condition) for _line, condition, _q in rows}
    return None


def content(events, box, line):
    """(quantity, {condition: quantity}) of a line in a box that is there."""
    count, seen = newest(events, box, "receive", line), looked(events, box, line)
    closed, opened = of(events, box, "deem"), of(events, box, "receive", "inspect")
    if count is None and seen is None:
        word = closed or not opened
        quantity = (newest(events, box, "send", line) or D(0)) if word else D(0)
    else:
        quantity = max(count or D(0), sum((seen or {}).values(), D(0)))
    rest = quantity - sum((seen or {}).values(), D(0))
    return quantity, {**(seen or {}), **({"as_sent": rest} if closed and rest else {})}


def whole(events, box, lines):
    """All that came in it was inspected, or nothing came in it, or we closed for the supplier."""
    if of(events, box, "deem"):
        return True
    contents = [content(events, box, line) for line in lines]
    if of(events, box, "receive", "inspect") and not any(quantity for quantity, _conditions in contents):
        return True
    every = all(quantity == sum(conditions.values(), D(0)) for quantity, conditions in contents)
    return every and bool(of(events, box, "inspect"))
