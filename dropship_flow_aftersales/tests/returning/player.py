"""Plays an invented life in plain arithmetic: whether a step makes sense, and what ought to come of it."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from .lives import RATES
from .model import Account, Line, No, Payment, cut, near

OURS = ("damaged", "missing")  # the supplier caused it
SETTLING = ("return", "credit", "replacement", "refund_only")


def euro_cents(coins, currency):
    """An amount of the smallest coins of a currency in cents.

    >>> euro_cents(163, "JPY"), euro_cents(109, "USD"), euro_cents(5, "EUR")
    (100, 100, 5)
    """
    if currency == "EUR":
        return near(coins)
    return near(Fraction(coins) * (100 if currency == "JPY" else 1) / Fraction(RATES[currency]))


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


class Player:
    """One life.

    `play(step)` returns what the step comes to (a dict for whoever does it for real), or None when it makes no sense.
    """

    def __init__(self, life, worths):
        """:param worths: {line: (without tax, tax)} as invoiced, in the smallest coins"""
        self.life, self.currency = life, life.currency
        taxed = [line.tax for line in life.lines if line.tax[0]]
        taxed += [life.delivery[1]] if life.delivery and life.delivery[1][0] else []
        gross = all(inside for _percent, inside in taxed)
        lines = {
            number: Line(line.qty, line.delivered, worths[number], gross) for number, line in enumerate(life.lines)
        }
        if life.delivery:
            lines["delivery"] = Line(1, 0, worths["delivery"], gross, goods=False)
        total = sum(sum(line.worth) for line in lines.values())
        parts = cut(total, [percent for _way, percent in life.payments] + [100 - sum(p for _w, p in life.payments)])
        payments = [Payment(coins, way == "service") for coins, (way, _p) in zip(parts, life.payments, strict=False)]
        self.account = Account(lines, payments)
        self.cases = {}
        self.shelf, self.checking, self.broken, self.at_supplier = Counter(), Counter(), Counter(), Counter()
        self.home = Counter({number: line.delivered for number, line in enumerate(life.lines)})
        self.without_case = Counter()  # pieces whose money went back without a case
        self.cards = 0
        self.wallet = 0
        self.replaced = Counter()

    def play(self, step):
        return getattr(self, f"_{step.verb}")(step, **step.more)

    # -- without a case --------------------------------------------------------------------------------------------

    def _refund(self, step, kind, line, qty, percent, freight, whole):
        account = self.account
        goods, before = account.lines[line], account.gone()
        what = {"kind": kind, "freight": "no"}
        if kind in ("goodwill", "freight_only"):
            bearers = self._bearers(kind)
            there = sum(sum(one.left) for _key, one in bearers)
            coins = there if whole and kind == "freight_only" else near(Fraction(there * percent, 100))
            what |= {"amount": None if whole and kind == "freight_only" else coins}
            if not coins:
                return None
            rows = []
            groups = [[pair for pair in bearers if pair[1].goods], [pair for pair in bearers if not pair[1].goods]]
            for group in groups:
                sizes = [sum(one.left) for _key, one in group]
                now = min(coins, sum(sizes))
                coins -= now
                for (key, one), share in zip(group, cut(now, sizes), strict=True):
                    if share:
                        rows.append((key, one.make_cheaper(one.slice(share))))
        elif kind == "refund_only":
            what |= {"line": line, "qty": qty, "freight": freight}
            if qty > goods.room(kind):
                return {**what, "refused": True}
            rows = [(line, goods.give_back(kind, qty)), *account.freight(freight, before).items()]
            self.without_case[line] += qty
        elif kind == "keep":
            what |= {"line": line, "qty": qty, "percent": percent}
            if qty > goods.here:
                return {**what, "refused": True}
            rows = [(line, goods.keep(qty, percent))]
        else:
            coins = near(Fraction(sum(goods.left) * percent, 100))
            what |= {"line": line, "amount": coins}
            if not coins:
                return None
            rows = [(line, goods.cheaper_by(coins))]
        return {**what, "given": account.refund(rows)}

    def _bearers(self, kind):
        lines = self.account.lines.items()
        return [(key, line) for key, line in lines if kind == "goodwill" or not line.goods]

    # -- cases -----------------------------------------------------------------------------------------------------

    def free(self, line):
        """How many pieces of a line nobody asked for yet, and nothing became of."""
        qty = self.life.lines[line].qty - self.without_case[line]
        for case in self.cases.values():
            if case.closed:
                qty -= self.settled(case, line)
            elif case.acceptance not in ("refused", "cancelled"):
                qty -= case.asked.get(line, 0)
        return qty

    def settled(self, case, line):
        """How many pieces of a line a case that is over was about that cannot be asked for again."""
        kinds = (*SETTLING, "cancel")
        return sum(deal.offer["lines"].get(line, 0) for deal in case.deals if deal.offer["kind"] in kinds)

    def _open(self, step, there, lines, reason):
        asked = {}
        for line, qty in lines:
            place = "in" if there else "out"
            qty = min(qty, self.free(line), self.account.lines[line].places[place])
            at_home = self.home[line] - self._promised(line) - self._kept_for_good(line)
            if there:
                qty = min(qty, at_home)
            elif at_home > 0:
                continue  # with these reasons one means what one has
            if qty > 0:
                asked[line] = qty
        if not asked:
            return None
        self.cases[step.number] = Case(asked, there, reason)
        return {"asked": asked, "there": there, "reason": reason}

    def at_once(self, number, freight):
        """What never left is cancelled as soon as somebody asks; what of the delivery goes with it the policy says."""
        case = self.cases[number]
        terms = dict.fromkeys(("fee", "percent", "share", "bonus"), 0)
        offer = self._offer_of(case, "cancel", False, **terms, freight=freight, to="", after="")
        return self._agree(case, number, offer)["given"]

    def _promised(self, line):
        """What the customer has and is in a case that goes on."""
        return sum(
            max(case.asked.get(line, 0) - case.received(line), 0)
            for case in self.cases.values()
            if case.there and not case.closed and case.acceptance not in ("refused", "cancelled")
        )

    def _kept_for_good(self, line):
        """What the customer has and is settled by a case that is over."""
        return sum(
            max(self.settled(case, line) - case.received(line), 0)
            for case in self.cases.values()
            if case.there and case.closed
        )

    def _case(self, step):
        return self.cases.get(step.about)

    def _offer_of(self, case, kind, part, fee, percent, share, bonus, freight, to, after):
        """The terms of a step as an offer about this case."""
        lines = dict(case.asked)
        if part:
            first = min(lines)
            lines = {first: 1}
        if not case.there:
            kind = "cancel"
        goods = kind in ("return", "credit")
        offer = {
            "kind": kind, "lines": lines, "fee": 0, "percent": 0, "bonus": 0, "amount": None, "freight": "none",
            "to": to if goods else "", "after": after if goods else "",
        }  # fmt: skip
        if kind in ("return", "keep", "refund_only", "credit") and share:
            worth = sum(self.account.lines[line].total_of(qty) for line, qty in lines.items())
            offer["amount"] = near(worth * share / 100) or None
        if kind == "keep":
            offer["percent"] = percent
        if kind in ("return", "credit") and offer["amount"] is None:
            offer["fee"] = fee
        if kind == "credit":
            offer["bonus"] = bonus
        if kind in ("return", "credit", "refund_only", "cancel"):
            offer["freight"] = freight
        return offer

    def _offer(self, step, by, **terms):
        case = self._case(step)
        if not case or case.closed or case.acceptance not in ("asked", "negotiating", "refused"):
            return None
        if case.acceptance == "refused" and by != "agent":
            return None
        offer = self._offer_of(case, **terms)
        if not self._possible(case, offer):
            return None
        case.offer, case.acceptance = (step.number, by, offer), "negotiating"
        return {"offer": offer, "by": by}

    def _take(self, step, by):
        case = self._case(step)
        if not case or not case.offer or (case.offer[1] == "agent") != (by == "customer"):
            return None
        number, _by, offer = case.offer
        return {"about": number, "by": by, **self._agree(case, number, offer)}

    def _decline(self, step, by):
        case = self._case(step)
        if not case or not case.offer or (case.offer[1] == "agent") != (by == "customer"):
            return None
        number, case.offer = case.offer[0], None
        return {"about": number, "by": by}

    def _silence(self, step):
        """Nobody answers in time: the offer is gone."""
        case = self._case(step)
        if not case or not case.offer:
            return None
        by, case.offer = case.offer[1], None
        return {"by": by}

    def _accept(self, step, **terms):
        case = self._case(step)
        if not case or case.closed or case.acceptance not in ("asked", "negotiating", "refused"):
            return None
        offer = self._offer_of(case, **terms)
        if not self._possible(case, offer):
            return None
        return {"offer": offer, **self._agree(case, step.number, offer)}

    def _possible(self, case, offer):
        """Store credit is not offered to who would get nothing, nor goods once more that were all sent again."""
        before, possible = self._remember(), True
        if offer["kind"] == "replacement":
            return all(qty <= self.can_replace(line) for line, qty in offer["lines"].items())
        if offer["kind"] == "credit":
            try:
                rows = self._rows(case, offer, dict(offer["lines"]))
                possible = self.account.credit(rows)[1] > 0
            except No:
                possible = False
            self._recall(before)
        return possible

    def _refuse(self, step):
        case = self._case(step)
        if not case or case.closed or case.acceptance not in ("asked", "negotiating"):
            return None
        case.offer, case.acceptance = None, "refused"
        return {}

    def _cancel(self, step):
        """The customer calls it off, as long as nothing is on its way and nothing was done."""
        case = self._case(step)
        if not case or case.closed or case.boxes or case.acceptance not in ("asked", "negotiating", "accepted"):
            return None
        if any(deal.state == "done" for deal in case.deals) or case.reopened:
            return None
        case.offer, case.acceptance, case.deals = None, "cancelled", []
        return {}

    def _agree(self, case, number, offer):
        case.offer, case.acceptance = None, "accepted"
        case.deals.append(Deal(number, offer))
        return self._follow(case)

    def _close(self, step):
        case = self._case(step)
        if not case or case.closed or case.acceptance in ("asked", "negotiating"):
            return None
        if any(deal.state != "done" for deal in case.deals):
            return None
        case.closed, case.offer = True, None
        self._raise_claim(case)
        return {}

    def _score(self, step, score):
        case = self._case(step)
        if not case or not case.closed:
            return None
        if score <= 2 and not case.reopened:
            case.closed, case.reopened, case.acceptance = False, True, "asked"
        return {"score": score}

    # -- goods -----------------------------------------------------------------------------------------------------

    def _send(self, step, share):
        case = self._case(step)
        left = case.to_send() if case and not case.closed else {}
        if not left:
            return None
        lines = {line: -(-qty * share // 100) for line, qty in left.items()}
        case.boxes[step.number] = Box(lines)
        case.not_coming = False
        return {"lines": lines, **self._follow(case)}

    def _receive(self, step, parcel, less):
        case = self._case(step)
        box = case.boxes.get(parcel) if case else None
        if not box or box.there:
            return None
        counts = dict(box.sent)
        if less:
            counts[min(counts)] -= 1
        box.count = counts
        self._came(case, counts)
        return {"counts": counts, "by": self._place(case), **self._follow(case)}

    def _inspect(self, step, parcel, conditions):
        case = self._case(step)
        box = case.boxes.get(parcel) if case else None
        if not box or box.found is not None:
            return None
        known = box.there
        counts = {line: box.got(line) if known else box.sent[line] for line in box.sent}
        counts = {line: qty for line, qty in counts.items() if qty}
        if not counts:
            return None
        box.found = {line: [conditions[n % 4] for n in range(qty)] for line, qty in counts.items()}
        if not known:
            self._came(case, counts)
        if self._place(case) == "us":
            for line, found in box.found.items():
                for condition in found:
                    place = {"as_new": self.shelf, "damaged": self.broken}.get(condition)
                    if place is not None:
                        place[line] += 1
                        self.checking[line] -= 1
        return {"found": box.found, "by": self._place(case), **self._follow(case)}

    def _place(self, case):
        """Where the goods of a case go."""
        places = {deal.offer["to"] for deal in case.deals}
        return "supplier" if "supplier" in places else "us"

    def _came(self, case, counts):
        place = self.at_supplier if self._place(case) == "supplier" else self.checking
        for line, qty in counts.items():
            place[line] += qty
            self.home[line] -= qty

    def _not_coming(self, step):
        case = self._case(step)
        if not case or case.closed or case.not_coming or not case.missing:
            return None
        case.not_coming = True
        return self._follow(case)

    # -- what follows ----------------------------------------------------------------------------------------------

    def _follow(self, case):
        """Carry out what is ripe.

        :return: {"given": [Given or None where it must be refused, …]}
        """
        given = []
        for deal in case.deals:
            if deal.state == "open" and case.ripe(deal):
                before = self._remember()
                try:
                    given.append(self._carry_out(case, deal))
                    deal.state = "done"
                except No:
                    self._recall(before)
                    deal.state = "person"
                    given.append(None)
        self._raise_claim(case)
        return {"given": given}

    def _remember(self):
        lines = {key: {**vars(line), "places": dict(line.places)} for key, line in self.account.lines.items()}
        return lines, Counter(self.account.books), list(self.account.credited)

    def _recall(self, memory):
        lines, self.account.books, self.account.credited = memory
        for key, values in lines.items():
            vars(self.account.lines[key]).update(values)

    def _carry_out(self, case, deal):
        offer, account = deal.offer, self.account
        qtys = dict(offer["lines"])
        if offer["kind"] == "replacement":
            return self._replace(case, qtys)
        if offer["after"] in ("received", "inspected"):
            qtys = {line: min(qty, case.received(line)) for line, qty in qtys.items()}
            qtys = {line: qty for line, qty in qtys.items() if qty}
        if not qtys:
            raise No("nothing came")
        rows = self._rows(case, offer, qtys)
        if offer["kind"] == "credit":
            given, card = account.store(rows, offer["bonus"])
            self.wallet += card
        else:
            given = account.refund(rows)
        for line, (net, _tax) in given.credit.items():
            case.credit[line] = case.credit.get(line, 0) + net
        return given

    def _rows(self, case, offer, qtys):
        """What is credited for some pieces: [(line, (without tax, tax)), …]."""
        account, amounts = self.account, {}
        before = account.gone()
        if offer["amount"] is not None:
            sizes = [account.lines[line].total_of(qty) for line, qty in qtys.items()]
            amounts = dict(zip(qtys, cut(offer["amount"], sizes), strict=True))
        rows = [(line, self._row(case, offer, line, qty, amounts.get(line))) for line, qty in qtys.items()]
        return [*rows, *account.freight(offer["freight"], before).items()]

    def _row(self, case, offer, line, qty, amount):
        """What is credited of one line."""
        goods, kind = self.account.lines[line], offer["kind"]
        if kind == "keep":
            if amount is None:
                return goods.keep(qty, offer["percent"])
            return goods.cheaper_by(amount, qty)
        if kind == "refund_only" and amount is not None:
            return goods.cheaper_by(amount)
        how = "return"
        if kind == "cancel":
            how = "cancelled_by_us" if case.reason in OURS else "not_shipped"
        elif kind == "refund_only" or (kind == "credit" and not offer["to"]):
            how = "short" if case.reason == "missing" and kind == "refund_only" else "refund_only"
        if qty > goods.room(how):
            raise No(f"{qty} pieces, {goods.room(how)} left")
        if amount is not None:
            return goods.give_back_for(how, qty, amount)
        return goods.give_back(how, qty, offer["fee"])

    def can_replace(self, line):
        return self.life.lines[line].qty - self.replaced[line]

    def _replace(self, case, qtys):
        """The same goods once more, for nothing; never more than were bought."""
        for line, qty in qtys.items():
            if qty > self.can_replace(line):
                raise No("it was sent again already")
        for line, qty in qtys.items():
            self.replaced[line] += qty
        return {"sent": qtys}

    # -- claims ----------------------------------------------------------------------------------------------------

    def _raise_claim(self, case):
        """What the supplier caused is claimed from him, and follows what it costs until it is handed in."""
        if case.reason not in OURS or not any(deal for deal in case.deals):
            return
        if case.claim and case.claim.state != "draft":
            return
        amount = sum(self._damage(case, line) for line in case.asked)
        if case.claim:
            case.claim.amount = amount
        elif amount:
            case.claim = Claim(case.reason, amount)

    def _damage(self, case, line):
        """Cents claimed for a line. What never left is not bought any more: it costs nobody anything."""
        if not case.there:
            return 0
        sold, qty = self.life.lines[line], case.asked[line]
        cost = sold.cost * qty
        kinds = {deal.offer["kind"] for deal in case.deals if deal.state != "open"}
        net = self._refunded(case, line)
        sent = sold.cost * sum(
            deal.offer["lines"].get(line, 0)
            for deal in case.deals
            if deal.offer["kind"] == "replacement" and deal.state == "done"
        )
        back = 0
        if case.there and self._place(case) == "supplier" and any(deal.offer["to"] for deal in case.deals):
            back = near(Fraction(cost * case.back(line), qty))
        refunded = euro_cents(net, self.currency)
        vain = 0 if "keep" in kinds else cost - back
        loss = max(max(vain, refunded + sent) - back - sold.cost * self._saved(case, line), 0)
        paid = refunded if case.reason == "damaged" else cost - back
        return min(near(Fraction(paid * self.life.granted, 100)), loss)

    def _saved(self, case, line):
        """Pieces of a case that lie on our shelf again, as good as new."""
        if self._place(case) != "us":
            return 0
        found = sum((box.found or {}).get(line, []).count("as_new") for box in case.boxes.values())
        return min(found, case.asked[line])

    def _refunded(self, case, line):
        """Without tax, of the case; what was given back of the delivery is spread over the lines."""
        own = case.credit.get(line, 0)
        named = sum(case.credit.get(one, 0) for one in case.asked)
        rest = case.credit.get("delivery", 0)
        return own + (Fraction(rest * own, named) if named else Fraction(rest, len(case.asked)))

    def _file(self, step):
        case = self._case(step)
        if not case or not case.claim or case.claim.state != "draft" or not case.claim.amount:
            return None
        case.claim.state = "filed"
        return {}

    def _answer(self, step, answer, percent):
        case = self._case(step)
        if not case or not case.claim or case.claim.state != "filed":
            return None
        claim = case.claim
        claim.granted = {
            "accepted": claim.amount, "partly": near(Fraction(claim.amount * percent, 100)), "refused": 0
        }[answer]  # fmt: skip
        claim.state = "accepted" if claim.granted else "refused"
        return {"answer": answer, "amount": claim.granted}
