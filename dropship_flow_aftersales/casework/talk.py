"""What was said: asked, offered, accepted, refused – the words of a case in the order in which they were recorded.

Nothing that happens to goods changes what was said; a parcel nobody expected is a fact of its own.
"""

from .checks import fault_of
from .facts import PARTY, ZERO, Bound, Flag, Open


class Talk:
    """Words are added one by one, oldest first. Silence speaks by itself once its moment has come."""

    def __init__(self, request):
        self.asked = dict(request.lines)
        self.acceptance, self.since = "asked", request.opened
        self.open = None
        self.gone = {}  # {offer: why it cannot be accepted any more}
        self.deal = None  # key of what binds in this round
        self.bound = {}  # {key: Bound}
        self.approved = self.disapproved = self.redirected = None
        self.closed = self.reopened = self.score = self.score_until = self.bad_score = None
        self.flags = []

    def add(self, event):
        """:return: why it changes nothing, or None; what repeats is silent"""
        self.pass_time(event.at)
        return getattr(self, f"_{event.code}")(event)

    def pass_time(self, now):
        """The offer whose time is over is answered by the rule it was made with."""
        if not self.open or not self.open.offer.until or self.open.offer.until > now:
            return
        key, offer = self.open.key, self.open.offer
        self._drop("expired", offer.until)
        if offer.silence == "accept":
            self._bind(key, "silence", offer.until, offer)
        elif offer.silence == "person":
            self.flags.append(Flag("silent", offer.until, {"offer": key}))

    @property
    def withdrawn(self):
        """{line: quantity} by law."""
        found = dict.fromkeys(self.asked, ZERO)
        for bound in self.bound.values():
            if bound.how == "law":
                for line, quantity in bound.offer.lines:
                    found[line] += quantity
        return found

    def _drop(self, why, at):
        if self.open:
            self.gone[self.open.key] = why
            self.open, self.since = None, at

    def _bind(self, key, how, at, offer):
        self.bound[key] = Bound(key, how, at, offer)
        self.deal, self.acceptance = key, "accepted"

    def _settled(self):
        """Why nothing can be settled any more."""
        if self.closed:
            return "closed"
        return {"accepted": "bound", "cancelled": "cancelled"}.get(self.acceptance)

    def _offer(self, event):
        why = self._settled() or fault_of(event.offer, self._negotiable())
        if why:
            return why
        if self.acceptance == "refused" and PARTY[event.by] != "us":
            return "refused"
        if event.offer.until and event.offer.until <= event.at:
            return "expired"
        self._drop("superseded", event.at)
        self.open, self.acceptance = Open(event.key, event.at, event.by, event.offer), "negotiating"
        return None

    def _negotiable(self):
        """{line: quantity}; in a case that was opened again everything is."""
        return self.asked if self.reopened else self._free()

    def _free(self):
        """{line: quantity} that was not withdrawn by law."""
        withdrawn = self.withdrawn
        return {line: quantity - withdrawn[line] for line, quantity in self.asked.items()}

    def _answer(self, event):
        """Why it is no answer to the open offer."""
        if not self.open or self.open.key != event.about:
            return self.gone.get(event.about, "unknown_offer")
        return None if PARTY[event.by] == self.open.answers else "own_offer"

    def _take(self, event):
        if event.about in self.bound:
            return None
        why = self._answer(event)
        if not why:
            offer = self.open.offer
            self._drop("taken", event.at)
            self._bind(event.about, "taken", event.at, offer)
        return why

    def _decline(self, event):
        if self.gone.get(event.about) == "declined":
            return None
        why = self._answer(event)
        if not why:
            self._drop("declined", event.at)
        return why

    def _accept(self, event):
        why = self._settled() or fault_of(event.offer, self._negotiable())
        if not why:
            self._drop("superseded", event.at)
            self._bind(event.key, "granted", event.at, event.offer)
        return why

    def _refuse(self, event):
        why = self._settled()
        if not why:
            self._drop("refused", event.at)
            self.acceptance = "refused"
        return why

    def _cancel(self, event):
        if self.closed or self.acceptance == "refused":
            return "closed" if self.closed else "refused"
        if self.acceptance == "accepted" and not self.deal:
            return "withdrawn"
        if self.deal and self.bound[self.deal].resolved:
            return "resolved"
        self._drop("cancelled", event.at)
        self.bound.pop(self.deal, None)
        self.deal, self.acceptance = None, "cancelled"
        return None

    def _withdraw(self, event):
        """The customer's right, whatever was said: nobody accepts it and nobody refuses it, not even after the end."""
        why = fault_of(event.offer, self.asked, capped=True)
        if why:
            return why
        free = self._free()
        lines = tuple((line, min(quantity, free[line])) for line, quantity in event.offer.lines if free[line])
        if not lines:
            return None
        self._drop("withdrawn", event.at)
        self.closed = None
        self.bound[event.key] = Bound(event.key, "law", event.at, event.offer._replace(lines=lines))
        everything = not any(self._free().values())
        if everything and self.deal and not self.bound[self.deal].resolved:
            del self.bound[self.deal]
            self.deal = None
        if self.deal:
            self.flags.append(Flag("withdrawn_after_deal", event.at, {"offer": self.deal}))
        if everything:
            self.acceptance = "accepted"
        return None

    def _approve(self, event):
        self.approved = self.approved or event.at

    def _disapprove(self, event):
        if self.approved or self.redirected:
            self.flags.append(Flag("late_answer", event.at, {}))
            return "late_answer"
        self.disapproved = event.at
        return None

    def _redirect(self, event):
        self.redirected = self.redirected or event.at

    def _resolve(self, event):
        bound = self.bound.get(event.about)
        if not bound:
            return "not_bound"
        if not bound.resolved:
            self.bound[event.about] = bound._replace(resolved=event.at)
        return None

    def _close(self, event):
        if not self.closed:
            self._drop("closed", event.at)
            self.closed, self.score_until, self.bad_score = event.at, event.until, event.score

    def _score(self, event):
        """Bad, soon enough, and for the first time: everything but what was done already begins again."""
        self.score = event.score
        soon = self.closed and self.score_until and event.at < self.score_until
        if soon and not self.reopened and self.bad_score is not None and event.score <= self.bad_score:
            self.closed, self.reopened, self.since = None, event.at, event.at
            self.acceptance, self.deal = "asked", None
            self.flags.append(Flag("bad_score", event.at, {"score": event.score}))
