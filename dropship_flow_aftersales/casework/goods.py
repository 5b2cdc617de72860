"""What happened to the goods: parcels, what was in them and in which condition.

Each box gathers what is known of it, whatever order it came in. What somebody counted is worth more than what the
customer announced; without a count the carrier's word, that the box arrived, stands for what was announced.
"""

from collections import defaultdict

from .facts import AS_SENT, ZERO, Flag, LineState, Parcel


class Box:
    """One parcel. The moments are the first of their kind, where not said otherwise."""

    def __init__(self, key):
        self.key = key
        self.sent = self.arrived = self.lost = self.deemed = None
        self.told = False  # who sent it said so: not only the carrier
        self.opened = self.looked = self.last = None  # last count, last inspection, last of all
        self.announced = {}  # {line: quantity}
        self.counts = {}  # {line: quantity}
        self.found = {}  # {line: {condition: quantity}}

    def got(self, line):
        """How many of a line came in it."""
        if line in self.counts or line in self.found:
            return max(self.counts.get(line, ZERO), sum(self.found.get(line, {}).values(), ZERO))
        by_word = self.deemed or (self.arrived and not self.opened)  # what is not in an opened box did not come
        return self.announced.get(line, ZERO) if by_word else ZERO

    def conditions(self, line):
        """{condition: quantity} of a line."""
        conditions = dict(self.found.get(line, {}))
        rest = self.got(line) - sum(conditions.values(), ZERO)
        if self.deemed and rest:
            conditions[AS_SENT] = conditions.get(AS_SENT, ZERO) + rest
        return conditions

    @property
    def lines(self):
        return {*self.announced, *self.counts, *self.found}

    def parcel(self):
        whole = all(sum(self.conditions(line).values(), ZERO) == self.got(line) for line in self.lines)
        empty = self.opened and not any(self.got(line) for line in self.lines)
        inspected = self.deemed or (self.looked if whole else None) or (self.opened if empty else None)
        lost = None if self.arrived or self.opened else self.lost
        alone = not (self.told or self.opened)
        return Parcel(
            self.key, self.sent, self.arrived, lost, self.opened, inspected, self.deemed, bool(self.lines), alone
        )  # fmt: skip


class Goods:
    """Facts about goods are added one by one, oldest first."""

    def __init__(self, request):
        self.asked = dict(request.lines)
        self.boxes = {}
        self.not_coming = self.last = None
        self.flags = []

    def add(self, event):
        """:return: why it changes nothing, or None"""
        if event.code == "not_coming":
            self.not_coming = self.not_coming or event.at
            return None
        box = self.boxes.setdefault(event.parcel, Box(event.parcel))
        if event.by == "supplier" and box.deemed:
            self.flags.append(Flag("late_answer", event.at, {"parcel": event.parcel}))
            return "late_answer"
        if event.code in ("send", "arrive", "receive", "inspect"):
            self._surprise(box, event)
        getattr(self, f"_{event.code}")(box, event)
        if event.code != "deem":
            box.last = event.at
        self.last = event.at
        return None

    def _surprise(self, box, event):
        """What was called off or lost, and comes. What was on its way already when it was called off is none."""
        new = self.not_coming and not (box.sent or box.arrived or box.opened)
        found = box.lost and not (box.arrived or box.opened)
        if new or found:
            self.flags.append(Flag("came_after_all", event.at, {"parcel": event.parcel}))

    def _send(self, box, event):
        box.told = box.told or event.by != "system"
        box.sent = box.sent or event.at
        box.announced.update(event.lines)
        self.not_coming = None

    def _move(self, box, event):
        box.sent = box.sent or event.at

    def _arrive(self, box, event):
        box.sent, box.arrived = box.sent or event.at, box.arrived or event.at

    def _lose(self, box, event):
        box.lost = box.lost or event.at

    def _receive(self, box, event):
        box.opened = event.at
        box.counts.update(event.lines)

    def _inspect(self, box, event):
        box.opened = box.looked = event.at
        found = defaultdict(lambda: defaultdict(lambda: ZERO))
        for line, condition, quantity in event.lines:
            found[line][condition] += quantity
        box.found.update({line: dict(conditions) for line, conditions in found.items()})

    def _deem(self, box, event):
        box.deemed = event.at
        box.announced.update(event.lines)

    def line(self, key, accepted, back):
        """
        :param accepted: how many something is accepted for
        :param back: how many are to come back
        """
        sent = received = lost = ZERO
        conditions = defaultdict(lambda: ZERO)
        for box in self.boxes.values():
            sent += box.announced.get(key, ZERO)
            received += box.got(key)
            if box.parcel().lost:
                lost += box.announced.get(key, ZERO)
            for condition, quantity in box.conditions(key).items():
                conditions[condition] += quantity
        inspected = tuple(sorted(conditions.items()))
        return LineState(key, self.asked[key], accepted, back, sent, received, lost, inspected)

    def strangers(self):
        """{what: quantity} that is not of this case."""
        found = defaultdict(lambda: ZERO)
        for box in self.boxes.values():
            for what in {*box.counts, *box.found} - set(self.asked):
                found[what] += box.got(what)
        return {what: quantity for what, quantity in found.items() if quantity}

    def short(self):
        """[(parcel, line, quantity)] that was announced and is not in the opened box."""
        for box in self.boxes.values():
            for line, quantity in box.announced.items():
                if box.opened and quantity > box.got(line):
                    yield box.key, line, quantity - box.got(line)


def reception(lines, parcels, not_coming):
    """Where the goods are, in one word.

    :param lines: `LineState`s · parcels: `Parcel`s · not_coming: no more will be sent
    """
    underway = any(parcel.on_the_way for parcel in parcels)
    missing = any(line.missing for line in lines) and (underway or not not_coming)
    there = [parcel for parcel in parcels if parcel.there]
    if there:
        if missing:
            return "partly"
        return "inspected" if all(parcel.inspected for parcel in there) else "received"
    if underway:
        return "on_the_way"
    if missing:
        return "awaited"
    return "not_coming" if any(line.back for line in lines) else "none"
