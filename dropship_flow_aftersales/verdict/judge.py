"""What may the customer get, and why not more: from the facts of a request and prepared rules to offers."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from .draft import Offer, by_nothing, by_policy, possible, window_figures
from .facts import ZERO
from .law import strengthen
from .prepared import holds_for, misfit
from .quantities import Pieces, pieces_of
from .rows import DELIVERED, UNDELIVERED, UNLESS_SAID, VERDICTS, strictest
from .supplier import Taken, taken
from .windows import Clock


class Judged(NamedTuple):
    """One line of a request.

    :param str verdict: of all its pieces there are, the strictest
    :param tuple offers: `Offer`, those for pieces with the customer as the policy orders them, then cancel, intercept
    :param row: key of the policy row; None: none fits
    :param tuple reasons: (code, {parameter: value}) about the line as a whole
    """

    key: object
    verdict: str
    pieces: Pieces
    offers: tuple
    supplier: Taken
    row: object
    reasons: tuple


class Result(NamedTuple):
    """:param str verdict: the strictest of its lines; a request for nothing is refused"""

    verdict: str
    lines: tuple


class Step(NamedTuple):
    """One step of the way to a verdict. `number` is the line's place in the request, `key` its sold line."""

    number: int
    key: object
    code: str
    figures: dict


def judge(request, rules):
    """
    :param Request request: what is asked
    :param Rules rules: policy and law
    :raises pytz.UnknownTimeZoneError: the customer's zone, or a supplier's, does not exist
    """
    return _Judge(request, rules, None).result()


def explain(request, rules):
    """The same with the way to it: (Result, [Step])."""
    steps = []
    return _Judge(request, rules, steps).result(), steps


class _Judge:
    def __init__(self, request, rules, steps):
        self.request, self.rules, self.steps = request, rules, steps
        self.clock = Clock(request.now, request.zone, request.holidays, request.worked)
        self.clocks = {}
        self.at = (0, None)

    def result(self):
        lines = self.request.lines
        pieces, picked, worth = self._pieces(), self._rows(), defaultdict(Decimal)
        for line, found, row in zip(lines, pieces, picked, strict=True):
            if row:
                worth[row.key] += line.price * (found.back + found.cancel + found.intercept)
        judged = []
        for number, (line, found, row) in enumerate(zip(lines, pieces, picked, strict=True)):
            self.at = (number, line.key)
            judged.append(self._line(line, found, row, worth[row.key] if row else ZERO))
        if not judged:
            return Result("refuse", ())
        return Result(strictest(line.verdict for line in judged), tuple(judged))

    def _pieces(self):
        """What each line gets of its sold line, in the order of the request."""
        given, found = defaultdict(Pieces), []
        for line in self.request.lines:
            pieces = pieces_of(line, given[line.key])
            given[line.key] = given[line.key].plus(pieces)
            found.append(pieces)
        return found

    def _rows(self):
        fitting = self.rules.fitting(self.request.history)
        return [self.rules.pick(line, fitting) for line in self.request.lines]

    def _say(self, code, **figures):
        if self.steps is not None:
            self.steps.append(Step(*self.at, code, figures))

    def _line(self, line, pieces, row, worth):
        self._say("pieces", asked=line.asked, **pieces._asdict())
        reasons = self._quantity_reasons(line, pieces)
        self._say_row(line, row)
        if not row:
            reasons.append(("no_row", {}))
        supplier = self._supplier(line)
        floors, about_law = self._floors(line, pieces)
        reasons += about_law
        outcomes = self.rules.outcomes(row)
        portions = []
        if pieces.back:
            kinds = [kind for kind in outcomes if kind in DELIVERED]
            kinds += [kind for kind in DELIVERED if kind not in outcomes and kind in floors]
            gone = tuple(kind for kind in kinds if not possible(kind, line))
            if gone:
                reasons.append(("nothing_to_send", {"outcomes": gone}))
            kinds = [kind for kind in kinds if kind not in gone]
            portions.append([self._offer(kind, row, line, pieces.back, floors, supplier, worth) for kind in kinds])
            if row and not kinds:
                reasons.append(("row_gives_nothing", {"row": row.key}))
        for kind in UNDELIVERED:
            quantity = getattr(pieces, kind)
            if quantity:
                portions.append([self._offer(kind, row, line, quantity, floors, supplier, worth)])
        verdict = self._verdict(line, portions, row, reasons)
        self._say("line", verdict=verdict)
        offers = tuple(offer for portion in portions for offer in portion)
        return Judged(line.key, verdict, pieces, offers, supplier, row.key if row else None, tuple(reasons))

    def _quantity_reasons(self, line, pieces):
        if line.asked <= ZERO:
            return [("nothing_asked", {})]
        if not pieces.excess:
            return []
        figures = {"asked": line.asked, "allowed": line.asked - pieces.excess, "delivered": line.delivered_qty,
                   "returned": line.returned, "open": line.open}  # fmt: skip
        return [("quantity_capped" if pieces.excess < line.asked else "nothing_left", figures)]

    def _say_row(self, line, row):
        """Which rows did not fit, and why, up to the one that does."""
        if self.steps is None:
            return
        for other in self.rules.rows:
            if other is row:
                break
            self._say("row_skipped", row=other.key, condition=misfit(other, line, self.request.history))
        self._say(*("row",) if row else ("no_row",), **({"row": row.key} if row else {}))

    def _supplier(self, line):
        zone, clock = line.terms.zone if line.terms else None, None
        if zone:
            clock = self.clocks.get(zone) or self.clocks.setdefault(zone, Clock(self.request.now, zone))
        found = taken(line, clock)
        self._say("supplier", takes=found.takes, why=found.why, **found.figures)
        return found

    def _floors(self, line, pieces):
        """({kind: [(Floor, Deadline)] that is open, longest first}, reasons why others do not help)"""
        open_floors, reasons = defaultdict(list), []
        kinds = {*(DELIVERED if pieces.back else ()), *(kind for kind in UNDELIVERED if getattr(pieces, kind))}
        day = self.clock.day(line.order.ordered)
        for floor in self.rules.floors_at(line.order, day, self.request.consumer):
            holds, kind = holds_for(floor, line)
            if not holds or kinds.isdisjoint(floor.grants):
                self._say("floor_skipped", floor=floor.key)
                continue
            if kind:
                self._say("floor_excluded", floor=floor.key, kind=kind)
                reasons.append(("floor_excluded", {"floor": floor.key, "kind": kind}))
                continue
            window = floor.window
            since = line.moment(window.base) if window else None
            deadline = self.clock.deadline(window, since, line.order.informed, floor.untold_months)
            if deadline.over:
                figures = window_figures(window, deadline)
                self._say("floor_over", floor=floor.key, **figures)
                reasons.append(("floor_over", {"floor": floor.key, **figures}))
                continue
            self._say("floor", floor=floor.key, state=deadline.state, day=deadline.day)
            for granted in floor.grants:
                open_floors[granted].append((floor, deadline))
        for found in open_floors.values():
            found.sort(key=lambda pair: pair[1].order, reverse=True)
        return open_floors, reasons

    def _offer(self, kind, row, line, quantity, floors, supplier, worth):
        outcome = self.rules.outcomes(row).get(kind) or UNLESS_SAID.get(kind)
        if outcome:
            said = row if row and kind in self.rules.outcomes(row) else None
            draft = by_policy(outcome, said, line, quantity, self.clock, supplier, worth)
        else:
            draft = by_nothing(kind, line, quantity, supplier)
        self._say("policy", outcome=kind, verdict=draft.verdict, quantity=quantity, day=draft.deadline.day)
        strengthen(draft, floors.get(kind, ()), line)
        offer = draft.finished()
        for code, figures in offer.reasons if self.steps is not None else ():
            self._say(code, outcome=kind, **figures)
        self._say("offer", outcome=kind, verdict=offer.verdict, day=offer.deadline.day)
        return offer

    def _verdict(self, line, portions, row, reasons):
        """The strictest of the portions; of a portion what the customer wants, else the mildest that is offered."""
        found = []
        for offers in portions:
            for_delivered = not offers or offers[0].kind in DELIVERED
            real = [offer for offer in offers if offer.kind != "nothing"]
            if line.wanted and for_delivered:
                wanted = [offer for offer in offers if offer.kind == line.wanted]
                if real and not wanted:
                    reasons.append(("wanted_not_offered", {"wanted": line.wanted}))
                    found.append("refuse")
                    continue
                real = wanted
            if real:
                found.append(min((offer.verdict for offer in real), key=VERDICTS.index))
            else:  # no row and no law says anything: nobody has thought of it, so a person has to
                found.append("refuse" if row else "look")
        return strictest(found) if found else "refuse"


__all__ = ["Judged", "Offer", "Result", "Step", "explain", "judge"]
