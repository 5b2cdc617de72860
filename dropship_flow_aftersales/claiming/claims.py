"""A loss and the terms of those who are liable → claims."""

from .checks import check
from .facts import CLAIMABLE, WHOLE, ZERO, Claim, ClaimLine, Raised
from .shared import excluded_by, rounded, share_money


def claims(loss, terms, now, used=None):
    """
    :param Loss loss:
    :param dict terms: {party: Terms}
    :param datetime now: naive UTC
    :param dict used: {party: what was claimed from it this month already}
    :return: Raised

    >>> from datetime import datetime
    >>> from decimal import Decimal as D
    >>> from .facts import Line, Loss, Rule, Terms
    >>> lamp = Line("lamp", cost=D(60), refunded=D(100))
    >>> loss = Loss("damaged", (lamp,), (("supplier", D(70)),))
    >>> raised = claims(loss, {"supplier": Terms((Rule("half", percent=D(50)),))}, datetime(2026, 3, 2))
    >>> raised.loss, raised.claims[0].amount, raised.own
    (Decimal('100'), Decimal('21.00'), Decimal('79.00'))
    """
    used = used or {}
    refused = check(loss, terms, used)
    if refused:
        return Raised(tuple(refused))
    portions = _portions(loss)
    found = tuple(
        _Draft(loss, party, percent, portions[party], terms[party], used.get(party, ZERO)).claim(now)
        if party in terms
        else Claim(party, percent, refused=(("no_terms", {"party": party}),), currency=loss.currency, step=loss.step)
        for party, percent in loss.liable
        if party in CLAIMABLE and percent
    )
    total = sum((line.loss for line in loss.lines), ZERO)
    damages = sum((line.amount for claim in found for line in claim.lines), ZERO)
    return Raised((), total, found, total - damages)


def _portions(loss):
    """What of each line's loss is whose: {party: [amount per line]}; all together are the loss, to the cent."""
    percents = [percent for _party, percent in loss.liable]
    percents.append(WHOLE - sum(percents, ZERO))
    columns = zip(*(share_money(line.loss, percents, loss.step) for line in loss.lines), strict=True)
    return dict(zip((party for party, _percent in loss.liable), columns, strict=False))


class _Draft:
    """The claim against one party while it is made."""

    def __init__(self, loss, party, percent, portions, terms, used):
        self.loss, self.party, self.percent = loss, party, percent
        self.portions, self.terms, self.used = portions, terms, used
        self.notes = []

    def claim(self, now):
        terms, loss = self.terms, self.loss
        rule = next((rule for rule in terms.rules if not rule.kinds or loss.kind in rule.kinds), None)
        empty = Claim(self.party, self.percent, currency=loss.currency, step=loss.step)
        if not rule:
            return empty._replace(refused=(("not_in_terms", {"kind": loss.kind}),))
        window = rule.window or terms.window
        deadline = terms.clock(now).deadline(window, getattr(loss, window.base) if window else None)
        empty = empty._replace(rule=rule.key, deadline=deadline)
        if deadline.over:
            figures = {"days": window.days, "months": window.months, "base": window.base, "day": deadline.day}
            return empty._replace(refused=(("window_over", figures),))
        lines = [(line, part) for line, part in zip(loss.lines, self.portions, strict=True) if not self._excluded(line)]
        amounts = self._limited(lines, [self._damages(line, part, rule) for line, part in lines])
        cost = sum((line.cost for line, _part in lines), ZERO)
        penalty = rounded(rule.penalty.of(cost), loss.step) if rule.penalty and lines else ZERO
        amounts, penalty = self._capped(amounts, penalty)
        total = sum(amounts, penalty)
        if not total:
            return empty._replace(refused=tuple(self.notes) or (("nothing_to_claim", {}),))
        return empty._replace(
            amount=total,
            lines=tuple(
                ClaimLine(line.key, line.qty, amount)
                for (line, _part), amount in zip(lines, amounts, strict=True)
                if amount
            ),
            penalty=penalty,
            missing=tuple(sorted((terms.evidence | rule.evidence) - loss.evidence)),
            notes=tuple(self.notes),
        )

    def _excluded(self, line):
        kind = excluded_by(self.terms.excluded, line.kinds | {self.loss.kind})
        if kind:
            self.notes.append(("excluded", {"line": line.key, "kind": kind}))
        return kind

    def _damages(self, line, portion, rule):
        """What the rule pays for a line, and never more than the party's part of the loss."""
        amount = ZERO if rule.pays == "nothing" else getattr(line, rule.pays) * rule.percent / WHOLE
        amount += sum((getattr(line, extra) for extra in rule.covers), ZERO)
        if amount > line.loss:
            self.notes.append(("over_loss", {"line": line.key, "asked": amount, "loss": line.loss}))
        return min(rounded(amount * self.percent / WHOLE, self.loss.step), portion)

    def _limited(self, lines, amounts):
        """Bound by what a carrier pays for a parcel and a kilogramme; where both are set, by the lower one."""
        terms, hit = self.terms, [line for (line, _part), amount in zip(lines, amounts, strict=True) if amount]
        if terms.per_parcel is not None:
            amounts = self._cut(amounts, terms.per_parcel * self.loss.parcels, "parcel_limit")
        if terms.per_kg is None:
            return amounts
        unknown = tuple(line.key for line in hit if line.weight is None)
        if unknown:
            self.notes.append(("weight_missing", {"lines": unknown}))
            return [ZERO for _amount in amounts]
        return self._cut(amounts, terms.per_kg * sum((line.weight for line in hit), ZERO), "weight_limit")

    def _capped(self, amounts, penalty):
        """Bound by the most of a claim and of a month: damages first, a penalty has what is left."""
        left = None if self.terms.per_month is None else max(self.terms.per_month - self.used, ZERO)
        for most, code in ((self.terms.per_claim, "claim_limit"), (left, "month_limit")):
            if most is not None and sum(amounts, penalty) > most:
                most = most // self.loss.step * self.loss.step
                self.notes.append((code, {"asked": sum(amounts, penalty), "most": most}))
                amounts = self._cut(amounts, most)
                penalty = min(penalty, most - sum(amounts, ZERO))
        return amounts, penalty

    def _cut(self, amounts, most, code=""):
        total = sum(amounts, ZERO)
        if total <= most:
            return amounts
        most = most // self.loss.step * self.loss.step
        if code:
            self.notes.append((code, {"asked": total, "most": most}))
        return share_money(most, amounts, self.loss.step)
