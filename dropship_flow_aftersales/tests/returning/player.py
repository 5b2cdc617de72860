"""Plays an invented life in plain arithmetic: whether a step makes sense, and what ought to come of it."""

from collections import Counter
from fractions import Fraction

from .claims import Claims
from .follows import Follows
from .model import Account, Line, No, Payment, cut, near
from .pieces import Case, Deal

SETTLING = ("return", "credit", "replacement", "refund_only")


class Player(Follows, Claims):
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
