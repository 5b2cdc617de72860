"""What follows of what happened: goods that came, and what is carried out of what was agreed."""

from collections import Counter

from .claims import OURS
from .model import No, cut
from .pieces import Box


class Follows:
    """Mixin of a player."""

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
