"""What a life consists of: boxes, deals, claims, cases."""

from dataclasses import dataclass, field


@dataclass
class Box:
    """A parcel back."""

    sent: dict
    count: dict | None = None
    found: dict | None = None  # {line: [condition of each piece]}

    @property
    def there(self):
        return self.count is not None or self.found is not None

    def got(self, line):
        if not self.there:
            return 0
        return max((self.count or {}).get(line, 0), len((self.found or {}).get(line, ())))

    @property
    def looked_at(self):
        got = {line: self.got(line) for line in self.sent}
        if not any(got.values()):
            return self.there
        return self.found is not None and all(len(self.found.get(line, ())) == qty for line, qty in got.items())


@dataclass
class Deal:
    """Something agreed. `state`: open, done, person."""

    key: int
    offer: dict
    state: str = "open"


@dataclass
class Claim:
    kind: str
    amount: int = 0
    state: str = "draft"
    granted: int = 0


@dataclass
class Case:
    asked: dict  # {line: quantity}
    there: bool
    reason: str
    acceptance: str = "asked"
    offer: tuple | None = None  # (step, by, offer)
    deals: list = field(default_factory=list)
    boxes: dict = field(default_factory=dict)
    closed: bool = False
    reopened: bool = False
    not_coming: bool = False
    credit: dict = field(default_factory=dict)  # {line: without tax}, of the refunds of the case
    claim: Claim | None = None
    to: str = ""

    def back(self, line):
        """How many are to come back."""
        agreed = sum(deal.offer["lines"].get(line, 0) for deal in self.deals if deal.offer["to"])
        return min(agreed, self.asked[line])

    def received(self, line):
        return sum(box.got(line) for box in self.boxes.values())

    def sent(self, line):
        return sum(box.sent.get(line, 0) for box in self.boxes.values())

    def to_send(self):
        left = {line: self.back(line) - max(self.sent(line), self.received(line)) for line in self.asked}
        return {line: qty for line, qty in left.items() if qty > 0}

    @property
    def underway(self):
        return any(not box.there for box in self.boxes.values())

    @property
    def missing(self):
        return any(self.back(line) > self.received(line) for line in self.asked)

    def ripe(self, deal):
        after = deal.offer["after"]
        if not after:
            return True
        if after == "sent":
            return bool(self.boxes) and not self.to_send()
        there = [box for box in self.boxes.values() if box.there]
        if not there or (self.missing and (self.underway or not self.not_coming)):
            return False
        if not any(self.received(line) for line in self.asked):
            return False
        return after == "received" or all(box.looked_at for box in there)
