"""From events to a case: writing one down, folding all, and what follows."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.reason_text import _lt
from odoo.exceptions import UserError

from ...casework import Request, closing, fold, proposal, stage, verbs
from .locked import locked

# Why an event does not count, in words for whoever pressed the button.
REFUSALS = {
    "closed": _lt("The case is closed."),
    "bound": _lt("Something is agreed already."),
    "cancelled": _lt("The request was called off."),
    "refused": _lt("The request was refused."),
    "expired": _lt("The offer has expired."),
    "superseded": _lt("There is a newer offer."),
    "declined": _lt("The offer was declined."),
    "taken": _lt("The offer was accepted already."),
    "withdrawn": _lt("The customer has withdrawn from the contract."),
    "own_offer": _lt("An offer is answered by the other side."),
    "unknown_offer": _lt("There is no such offer."),
    "resolved": _lt("It has been carried out already."),
    "not_bound": _lt("Nothing like this was agreed."),
    "too_many": _lt("That is more than was asked for."),
    "bad_amount": _lt("The amount is not one."),
    "late_answer": _lt("The answer came too late."),
}


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _fold(self, now=None):
        """The case as `casework` sees it. Keys of lines are ids of `dropship.return.line`, of events event ids."""
        self.ensure_one()
        request = Request(
            self.opened_at,
            tuple((line.id, line._decimal()) for line in self.line_ids),
            self.needs_approval,
        )
        return fold(request, self.event_ids._pure(), now or fields.Datetime.now())

    def _dues(self, folded=None, now=None):
        """What is due: (tuple of casework.Due)."""
        now = now or fields.Datetime.now()
        return self._clock_dues(folded or self._fold(now), now)

    def _verbs(self, who, folded=None):
        """What `who` can do now: codes of `casework.MAY`."""
        folded = folded or self._fold()
        return verbs(folded, who, self._dues(folded))

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _record(self, code, by, text="", offer=None, about=None, check=True, **facts):
        """Write down what happened, and do what follows. The one door for every change of a case.

        :param str code: one of `casework.MAY`
        :param str by: customer, guest, agent, supplier, system
        :param casework.Offer offer: of offer, accept, withdraw. Of an offer, end and silence are set by the rules
        :param about: the event an answer is about
        :param bool check: refuse what cannot be done now; without, it is written down and may count for nothing
        :param facts: `at`, `parcel`, `lines`, `until`, `score`, `key` of `dropship.return.event`
        :return: the event; of a `key` that is known the first one
        :raises UserError: it cannot be done now
        """
        self.ensure_one()
        locked(self)
        if facts.get("key") and (known := self.event_ids.filtered(lambda event: event.key == facts["key"])):
            return known
        before = self._fold()
        if check and code not in self._verbs(by, before):
            raise UserError(self._refusal(code, before))
        if code == "offer":
            offer = proposal(offer, by, fields.Datetime.now(), self._clock_rules(), self._calendar)
        if code == "close" and not facts.get("until"):
            ending = closing(None, fields.Datetime.now(), by, self._clock_rules())
            facts |= {"until": ending.until, "score": ending.score}
        events = self.env["dropship.return.event"]
        event = events.create(
            {
                "return_id": self.id,
                "code": code,
                "by": by,
                "text": text,
                "offer": events._offer_to_json(offer) if offer else False,
                "about_id": about.id if about else False,
                **facts,
            }
        )
        after = self._refold()
        if check and (why := dict(after.ignored).get(event.id)):
            raise UserError(self._refusal(code, before, why))
        self._after_event(event, before, after)
        return event

    def _refold(self, now=None):
        """Store what the events make of the case, as of now.

        :return: the folded case
        """
        self.ensure_one()
        now = now or fields.Datetime.now()
        self.invalidate_recordset(["event_ids"])
        folded = self._fold(now)
        due = self._dues(folded, now)
        first = due[0] if due else None
        vals = {
            "state": "closed" if folded.closed else "open",
            "acceptance": folded.acceptance,
            "reception": folded.reception,
            "stage": stage(folded),
            "approval": folded.approval or False,
            "destination": folded.to or False,
            "offer_id": folded.offer.key if folded.offer else False,
            "closed_at": folded.closed or False,
            "reopened_at": folded.reopened or False,
            "score": int(folded.score or 0),
            "flags": [
                [flag.code, fields.Datetime.to_string(flag.at), self._plain(flag.figures)] for flag in folded.flags
            ],
            "person_since": folded.person or False,
            "due_what": first.what if first else False,
            "due_by": first.by if first else False,
            "due_at": first.at if first else False,
            "due_level": first.level if first else 0,
            "wake_at": self._wake_of(folded, due) or False,
        }
        self.write({name: value for name, value in vals.items() if self._differs(name, value)})
        self._store_lines(folded)
        for key, why in folded.ignored:
            event = self.env["dropship.return.event"].browse(key)
            if event.ignored != why:
                event.ignored = why
        return folded

    def _differs(self, name, value):
        known = self[name].id if self._fields[name].type == "many2one" else self[name]
        return (known or False) != (value or False)

    def _store_lines(self, folded):
        for line in self.line_ids:
            state = folded.line(line.id)
            vals = {
                "qty_accepted": float(state.accepted),
                "qty_back": float(state.back),
                "qty_sent": float(state.sent),
                "qty_received": float(state.received),
                "qty_lost": float(state.lost),
            }
            conditions = {condition: str(qty) for condition, qty in state.inspected} or False
            vals = {name: value for name, value in vals.items() if line[name] != value}
            if (line.conditions or False) != conditions:
                vals["conditions"] = conditions
            if vals:
                line.write(vals)

    @api.model
    def _plain(self, figures):
        """Figures as plain JSON: exact numbers as text."""
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in figures.items()}

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _after_event(self, event, before, after):
        """Hook after every event that was written down. Parts extend it.

        :param event: the new event
        :param casework.Case before: without it
        :param casework.Case after: with it
        """
        if event.code == "cancel" and after.acceptance == "cancelled":
            self.resolution_ids.filtered(lambda one: one.state in ("planned", "person"))._set_state("cancelled")
        self._resolve_ripe(after)

    def _after_time(self, before_stage, after):
        """Hook after time alone has changed a case, e.g. an offer was answered by silence.

        :param str before_stage: the stage stored before
        """
        self._resolve_ripe(after)

    def _refusal(self, code, folded, why=None):
        """Why something cannot be done, and what can, for whoever pressed the button."""
        if not why:
            why = "closed" if folded.closed else {"accepted": "bound"}.get(folded.acceptance, folded.acceptance)
        word = dict(self.event_ids._fields["code"]._description_selection(self.env))[code]
        reason = self.env._(REFUSALS[why]) if why in REFUSALS else ""
        return self.env._(
            '%(case)s: "%(verb)s" is not possible now. %(reason)s Reload the page to see what is.',
            case=self.name,
            verb=word,
            reason=reason,
        )
