from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...casework import Event, Offer
from .words import EVENTS, PARTIES


class DropshipReturnEvent(models.Model):
    """Something that happened in a case. Appended, never changed: the case is what its events make of it."""

    _name = "dropship.return.event"
    _description = "Event of a Return Case"
    _order = "return_id, at, id"

    return_id = fields.Many2one("dropship.return", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    at = fields.Datetime(required=True, default=fields.Datetime.now, help="Of goods: when it happened there.")
    code = fields.Selection(EVENTS, required=True)
    by = fields.Selection(PARTIES, required=True)
    user_id = fields.Many2one("res.users", string="Written By", default=lambda self: self.env.user)
    text = fields.Text(help="What was said with it, for the customer to read.")
    offer = fields.Json(help="See `_offer_to_json`.")
    about_id = fields.Many2one("dropship.return.event", ondelete="restrict", index="btree_not_null")
    parcel = fields.Char()
    lines = fields.Json(help="[[line id, quantity], …], of an inspection [[line id, condition, quantity], …].")
    until = fields.Datetime()
    score = fields.Integer()
    key = fields.Char(help="The number of the message it came with: the same one twice is one.")
    ignored = fields.Char(readonly=True, help="Why it changes nothing.")

    _key_once = models.UniqueIndex("(return_id, key) WHERE key IS NOT NULL", "This is known already.")

    @api.depends("code", "at")
    def _compute_display_name(self):
        words = dict(self._fields["code"]._description_selection(self.env))
        for event in self:
            event.display_name = words.get(event.code, event.code)

    def write(self, vals):
        """Override: what happened stays as it was written. Only why it does not count is added, and its words are
        forgotten with their customer."""
        may = {"ignored"} | ({"text"} if self.env.su and self.env.context.get("dropship_forget") else set())
        if set(vals) - may:
            raise UserError(self.env._("What happened in a case cannot be changed. Add what is to be said now."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.context.get("dropship_case_ends"):  # with its case, where that may be deleted
            raise UserError(self.env._("What happened in a case cannot be deleted."))

    def _pure(self):
        """The events as `casework` reads them."""
        return [event._pure_one() for event in self]

    def _pure_one(self):
        scored = self.code == "score" or (self.code == "close" and self.until)
        return Event(
            key=self.id,
            at=self.at,
            code=self.code,
            by=self.by,
            offer=self._offer_of(self.offer) if self.offer else None,
            about=self.about_id.id or None,
            parcel=self.parcel or "",
            lines=tuple((*row[:-1], Decimal(row[-1])) for row in self.lines or ()),
            until=self.until or None,
            score=self.score if scored else None,
        )

    @api.model
    def _offer_of(self, data):
        """An offer as it was stored. Keys of lines are ids of `dropship.return.line`."""
        return Offer(
            kind=data["kind"],
            lines=tuple((line, Decimal(qty)) for line, qty in data["lines"]),
            amount=None if data.get("amount") is None else Decimal(data["amount"]),
            to=data.get("to", ""),
            after=data.get("after", ""),
            conditions=tuple((code, figures) for code, figures in data.get("conditions", ())),
            until=fields.Datetime.to_datetime(data.get("until")) or None,
            silence=data.get("silence", "person"),
        )

    @api.model
    def _offer_to_json(self, offer):
        """
        :return: {"kind", "lines": [[line id, quantity]], "amount": text or None, "to", "after",
            "conditions": [[code, {figure: value}]], "until": text or None, "silence"}; numbers as exact text
        """
        return {
            "kind": offer.kind,
            "lines": [[line, str(qty)] for line, qty in offer.lines],
            "amount": None if offer.amount is None else str(offer.amount),
            "to": offer.to,
            "after": offer.after,
            "conditions": [[code, figures] for code, figures in offer.conditions],
            "until": fields.Datetime.to_string(offer.until) if offer.until else None,
            "silence": offer.silence,
        }
