"""What suppliers and carriers owe for a case, in plain arithmetic."""

from fractions import Fraction

from .lives import RATES
from .model import near
from .pieces import Claim

OURS = ("damaged", "missing")  # the supplier caused it


def euro_cents(coins, currency):
    """An amount of the smallest coins of a currency in cents.

    >>> euro_cents(163, "JPY"), euro_cents(109, "USD"), euro_cents(5, "EUR")
    (100, 100, 5)
    """
    if currency == "EUR":
        return near(coins)
    return near(Fraction(coins) * (100 if currency == "JPY" else 1) / Fraction(RATES[currency]))


class Claims:
    """Mixin of a player."""

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
