"""What a customer may get: as cards to choose from, and as what both sides are bound to."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ...casework import Offer
from ...verdict import strictest
from ...verdict.rows import UNDELIVERED
from .words import AFTER

# From the one that binds us least: of several lines the latest counts.
ORDER_AFTER = [code for code, _word in AFTER]
SENT_TO = ("supplier", "us")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _offers_for_customer(self):
        """What may be had, each outcome once for all lines, in the language of the environment.

        :return: [{"kind", "title", "verdict", "qty": Decimal, "lines": [(line id, Decimal)], "why": [sentence],
            "to": supplier, us, keep, destroy, donate or "", "payer", "deadline": date or None, "deadline_text",
            "evidence": [code], "percent": Decimal, "bonus": Decimal, "fee": Decimal, "amount": Decimal or None}, …];
            what is possible first
        """
        self.ensure_one()
        offers = self._merged_offers([(line.id, line.qty, line.offers or []) for line in self.line_ids])
        for offer in offers:
            offer["amount"] = self._amount_of(offer) if offer["verdict"] != "refuse" else None
        return offers

    @api.model
    def _merged_offers(self, rows):
        """rows: [(key of the line, quantity asked, [offer as JSON])]"""
        found = {}
        for key, _qty, offers in rows:
            for offer in offers:
                found.setdefault(offer["kind"], []).append((key, offer))
        words = dict(self.env["dropship.return.line"]._fields["wanted"]._description_selection(self.env))
        cards = [self._card(kind, parts, words) for kind, parts in found.items()]
        return sorted(cards, key=lambda card: card["verdict"] == "refuse")

    @api.model
    def _card(self, kind, parts, words):
        days = [fields.Date.to_date(offer["day"]) for _key, offer in parts if offer["day"]]
        places = {offer["to"] for _key, offer in parts}
        payers = [offer["payer"] for _key, offer in parts if offer["payer"]]
        reasons = [reason for _key, offer in parts for reason in offer["reasons"]]
        return {
            "kind": kind,
            "title": words.get(kind, kind),
            "verdict": strictest(offer["verdict"] for _key, offer in parts),
            "qty": sum((Decimal(offer["qty"]) for _key, offer in parts), Decimal(0)),
            "lines": [(key, Decimal(offer["qty"])) for key, offer in parts],
            "why": self._verdict_words(reasons),
            "to": _one_place(places),
            "payer": "customer" if "customer" in payers else payers[0] if payers else "",
            "deadline": min(days, default=None),
            "deadline_text": format_date(self.env, min(days)) if days else "",
            "evidence": sorted({code for _key, offer in parts for code in offer["evidence"]}),
            "percent": min(Decimal(offer["percent"]) for _key, offer in parts),
            "bonus": min(Decimal(offer["bonus"]) for _key, offer in parts),
            "fee": max(Decimal(offer["fee"]) for _key, offer in parts),
            "amount": None,
        }

    def _amount_of(self, card):
        """What a card is worth, as the calculator would give it."""
        offer = self._offer_from(card["kind"])
        # Store credit is what would go back as money.
        return self._quote(offer._replace(kind="return") if offer.kind == "credit" else offer)["money"]

    def _offer_from(self, kind, lines=None, amount=None):
        """What both sides would be bound to, with what the verdict says about it.

        :param str kind: one of the outcomes
        :param lines: records, or [(dropship.return.line, quantity)]; None: all of which it may be had
        :param Decimal amount: agreed on; None: as calculated
        :return: casework.Offer
        """
        self.ensure_one()
        parts = self._parts_of(kind, lines)
        offers = [offer for _line, _qty, offer in parts if offer]
        places = {offer["to"] for offer in offers}
        to = _one_place(places)
        going = to in SENT_TO
        return Offer(
            kind=kind,
            lines=tuple((line.id, qty) for line, qty, _offer in parts),
            amount=amount,
            to=to if going else "",
            after=self._after_of(kind, offers) if going else "",
            conditions=self._conditions_of(kind, offers, to),
        )

    def _parts_of(self, kind, lines):
        """[(line, quantity, its offer of this kind as JSON or None)]"""
        if lines is None:
            lines = self.line_ids.filtered(lambda line: line._offer_json(kind)) or self.line_ids
        parts = []
        for part in lines:
            line, qty = part if isinstance(part, tuple) else (part, None)
            offer = line._offer_json(kind)
            if qty is None:
                qty = Decimal(offer["qty"]) if offer else line._decimal()
            parts.append((line, Decimal(str(qty)), offer))
        return parts

    def _after_of(self, kind, offers):
        """What comes before it is carried out: the latest the rows say. The law does not let us wait for more than
        the proof that the goods were sent."""
        when = self.env["dropship.return.policy"]._when(self.company_id)
        found = [when.get((offer["row"], kind), "received") for offer in offers] or ["received"]
        latest = max(found, key=ORDER_AFTER.index)
        if self.withdrawal and any(base == "sent" for offer in offers for _days, base in offer["refund"]):
            latest = min(latest, "sent", key=ORDER_AFTER.index)
        return "" if latest == "now" else latest

    @api.model
    def _conditions_of(self, kind, offers, to):
        """What is shown with it, and what the calculator reads: ((code, {figure: text}), …)."""
        if not offers:
            return ()
        found = []
        payers = [offer["payer"] for offer in offers if offer["payer"]]
        if payers and to in SENT_TO:
            found.append(("payer", {"payer": "customer" if "customer" in payers else payers[0]}))
        if to in ("destroy", "donate"):
            found.append(("goods", {"place": to}))
        fee = max(Decimal(offer["fee"]) for offer in offers)
        if fee:
            found.append(("fee", {"percent": str(fee)}))
        if kind == "keep":
            found.append(("keep", {"percent": str(min(Decimal(offer["percent"]) for offer in offers))}))
        bonus = min(Decimal(offer["bonus"]) for offer in offers)
        if bonus:
            found.append(("bonus", {"percent": str(bonus)}))
        outbound = {offer["outbound"] for offer in offers} - {"none"}
        if outbound:
            found.append(("outbound", {"freight": "all" if "all" in outbound else "standard"}))
        terms = sorted({(days, base) for offer in offers for days, base in offer["refund"]})
        found += [("refund", {"days": days, "base": base}) for days, base in terms]
        return tuple(found)


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    def _offer_json(self, kind):
        """What the verdict says about one outcome for this line; None: nothing."""
        self.ensure_one()
        return next((offer for offer in self.offers or () if offer["kind"] == kind), None)

    def _why(self, staff=False):
        """Why there is not more, in sentences.

        :param bool staff: for us, with rows, laws and suppliers
        """
        self.ensure_one()
        told = self._offers_asked_for()
        reasons = [*(self.reasons or ()), *(reason for offer in told for reason in offer["reasons"])]
        return self.return_id._verdict_words(reasons, staff)

    def _offers_asked_for(self):
        """The offers of what the customer wishes; without a wish, all."""
        offers = self.offers or []
        wished = [offer for offer in offers if offer["kind"] in (self.wanted, *UNDELIVERED)]
        return wished if self.wanted and wished else offers


def _one_place(places):
    """Where all of it goes: what of one line must come to us, of all does, so that it is one parcel.

    >>> _one_place({"supplier", "us"}), _one_place({"keep", "supplier"}), _one_place(set())
    ('us', 'supplier', '')
    """
    for place in ("us", "supplier", "donate", "destroy", "keep"):
        if place in places:
            return place
    return ""
