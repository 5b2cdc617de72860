"""The verdict of a case, and of a request nobody has made yet: by the same code."""

from decimal import Decimal

from odoo import api, fields, models

from ...verdict import explain, judge
from .facts import Asked


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _judge(self):  # pylint: disable=missing-return
        """Override: ask policy and law, and keep the answer with its reasons."""
        super()._judge()
        for case in self:
            rules = self.env["dropship.return.policy"]._rules(case.company_id)
            result = judge(case._verdict_request(), rules)
            case._store_verdict(result)

    def _store_verdict(self, result):
        self.ensure_one()
        for line, judged in zip(self.line_ids, result.lines, strict=True):
            line.write(
                {
                    "verdict": judged.verdict,
                    "offers": [self._offer_plain(offer) for offer in judged.offers],
                    "reasons": self._reasons_plain(judged.reasons),
                }
            )
        self.write({"verdict": result.verdict, "needs_approval": self._asks_supplier()})

    def _asks_supplier(self):
        """Whether a supplier wants to be asked before goods that may go to him are sent."""
        self.ensure_one()
        going = self.line_ids.filtered(
            lambda line: any(offer["to"] == "supplier" and offer["verdict"] != "refuse" for offer in line.offers or ())
        )
        suppliers_sudo = going.sudo().supplier_id
        terms_sudo = self.env["dropship.return.terms"].sudo()._of(suppliers_sudo, self.company_id)
        return any(terms.asks_first for terms in terms_sudo.values())

    # ------------------------------------------------------------------
    # Requests nobody has made
    # ------------------------------------------------------------------

    @api.model
    def _asked_of(self, lines, wanted=None):
        """Lines as of `_open`, as the rules see them."""
        return [
            Asked(
                line=line["order_line"],
                qty=line["qty"],
                reason=line["reason"],
                wanted=wanted if wanted is not None else line.get("wanted") or "",
                evidence=self._evidence_of(line),
                opened=bool(line.get("opened")),
            )
            for line in lines
        ]

    @api.model
    def _evidence_of(self, line):
        given = {code.strip() for code in (line.get("evidence") or "").split(",")} - {""}
        for attachment_sudo in (line.get("photos") or self.env["ir.attachment"]).sudo():
            given.add("video" if (attachment_sudo.mimetype or "").startswith("video/") else "photo")
        return frozenset(given)

    @api.model
    def _preview(self, orders, lines, wanted=None):
        """What would be said to a request.

        :param orders: as of `_open`
        :param list lines: as of `_open`; "opened": the seal is broken
        :param str wanted: an outcome, instead of what the lines say
        :return: verdict.Result
        :raises UserError: what was asked cannot be asked
        """
        self._check_request(orders, lines)
        rules = self.env["dropship.return.policy"]._rules(orders.company_id)
        return judge(self._request_of(orders, self._asked_of(lines, wanted)), rules)

    @api.model
    def _preview_steps(self, orders, lines, wanted=None):
        """The same with the way to it: (verdict.Result, [verdict.Step])."""
        self._check_request(orders, lines)
        rules = self.env["dropship.return.policy"]._rules(orders.company_id)
        return explain(self._request_of(orders, self._asked_of(lines, wanted)), rules)

    @api.model
    def _preview_offers(self, orders, lines, wanted=None):
        """What may be had, as `_offers_for_customer` says it; "lines" are numbers of the lines, from 0."""
        result = self._preview(orders, lines, wanted)
        rows = [
            (number, lines[number]["qty"], [self._offer_plain(offer) for offer in judged.offers])
            for number, judged in enumerate(result.lines)
        ]
        return self._merged_offers(rows)

    # ------------------------------------------------------------------
    # As plain data
    # ------------------------------------------------------------------

    @api.model
    def _offer_plain(self, offer):
        """A `verdict.Offer` as JSON: numbers as exact text, days as ISO."""
        deadline = offer.deadline
        return {
            "kind": offer.kind,
            "verdict": offer.verdict,
            "qty": _plain(offer.quantity),
            "state": deadline.state,
            "day": fields.Date.to_string(deadline.day) if deadline.day else None,
            "fee": _plain(offer.fee),
            "payer": offer.payer,
            "to": offer.to,
            "evidence": list(offer.evidence),
            "percent": _plain(offer.percent),
            "bonus": _plain(offer.bonus),
            "outbound": offer.outbound,
            "refund": [[term.days, term.base] for term in offer.refund],
            "row": offer.row,
            "floors": list(offer.floors),
            "reasons": self._reasons_plain(offer.reasons),
        }

    @api.model
    def _reasons_plain(self, reasons):
        return [[code, {name: _plain(value) for name, value in figures.items()}] for code, figures in reasons]


def _plain(value):
    """A figure as JSON keeps it, as a person writes it.

    >>> _plain(Decimal("10.00")), _plain(("a", "b")), _plain(None)
    ('10', ['a', 'b'], None)
    """
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | frozenset | set) else value
