"""What the customer may get, as cards beside each other: before he asks, and in the case."""

from datetime import date, datetime

from odoo import models
from odoo.addons.dropship_flow.models.reason_text import _lt
from odoo.tools import format_date

from ...verdict.rows import STAY
from ..case.words import OUTCOMES
from ..remedies.choice import CHOSEN

# What an outcome is called where the customer reads it, and what he has to do for it.
TITLES = {
    "return": _lt("Send it back, money back"),
    "exchange": _lt("Exchange it"),
    "repair": _lt("Have it repaired"),
    "keep": _lt("Keep it, part of the money back"),
    "credit": _lt("Send it back for store credit"),
    "replacement": _lt("A new one"),
    "spare_part": _lt("A spare part"),
    "refund_only": _lt("Money back, nothing to send"),
    "cancel": _lt("Cancel it before it leaves"),
    "intercept": _lt("Stop the parcel"),
    "nothing": _lt("Nothing else"),
}
TODO = {
    "return": _lt("You send it back; we tell you where."),
    "exchange": _lt("You send it back; the other one follows."),
    "repair": _lt("You send it in; it comes back repaired."),
    "keep": _lt("You keep it and need not do anything."),
    "credit": _lt("You send it back; we tell you where."),
    "replacement": _lt("We send a new one."),
    "spare_part": _lt("We send the part; you keep the rest."),
    "refund_only": _lt("You need not do anything."),
    "cancel": _lt("You need not do anything."),
    "intercept": _lt("Do not accept the parcel if it comes all the same."),
}
ICONS = {
    "return": "fa-money", "exchange": "fa-exchange", "repair": "fa-wrench", "keep": "fa-percent", "credit": "fa-gift",
    "replacement": "fa-cube", "spare_part": "fa-puzzle-piece", "refund_only": "fa-money", "cancel": "fa-times-circle",
    "intercept": "fa-hand-paper-o", "nothing": "fa-circle-o",
}  # fmt: skip
PAYERS = {"customer": _lt("You pay the way back."), "us": _lt("The way back is free for you.")}
EVIDENCE = {
    "photo": _lt("a photo"), "video": _lt("a video"), "label": _lt("a photo of the label on the parcel"),
}  # fmt: skip


class _Undone(Exception):
    """Ends a savepoint."""


class DropshipReturnDraft(models.Model):
    _inherit = "dropship.return.draft"

    def _cards(self):
        """What this request may get: asked of a case that exists for this question only, so that it is the same answer.

        :return: (verdict: accept, look or refuse, [card as of `_page_card`])
        """
        self.ensure_one()
        cases = self.env["dropship.return"].with_context(tracking_disable=True, mail_notrack=True)
        lines = self._request_lines()
        order = lines[0]["order_line"].order_id
        verdict, cards = "look", []
        try:
            with self.env.cr.savepoint():
                case = cases.create(
                    {
                        "name": "-",
                        "partner_id": self.partner_id.id,
                        "company_id": self.company_id.id,
                        "currency_id": order.currency_id.id,
                        "origin": "guest" if self.by == "guest" else "portal",
                        "kind": lines[0]["reason"].kind,
                        "line_ids": [(0, 0, cases._line_vals({**line, "wanted": ""})) for line in lines],
                    }
                )
                case._judge()
                verdict, cards = case.verdict or "look", case._page_cards()
                for card in cards:
                    if card["kind"] in CHOSEN and card["verdict"] != "refuse":
                        card["choices"] = case._page_choices(card["kind"])
                raise _Undone
        except _Undone:
            self.invalidate_recordset()
        return verdict, cards


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _page_cards(self):
        """The policy's offers as cards; none where only a person can say."""
        self.ensure_one()
        offers = self._policy_offers()
        return [self._page_card(offer) for offer in offers if offer["kind"] != "nothing"]

    def _policy_offers(self):
        """What the policy offers; a shop without one lets a person say."""
        return self._offers_for_customer()

    def _page_card(self, offer):
        """
        :param dict offer: of `_offers_for_customer`
        :return: {kind, icon, title, verdict, amount, part, until, todo: [texts], why: [texts], evidence: [codes]}
        """
        kind = offer["kind"]
        lines = sum(self.line_ids.mapped("qty"))
        some = 0 < float(offer.get("qty") or 0) < lines
        todo = [self.env._(TODO[kind])] if kind in TODO else []
        if kind not in STAY and offer.get("to") in ("supplier", "us") and offer.get("payer") in PAYERS:
            payer = PAYERS[offer["payer"]]
            todo.append(self.env._(payer))
        if float(offer.get("fee") or 0):
            todo.append(self.env._("We keep %g %% for putting it back into stock.", float(offer["fee"])))
        if float(offer.get("bonus") or 0):
            todo.append(self.env._("You get %g %% more than you paid.", float(offer["bonus"])))
        if kind == "exchange" and self.line_ids.instead_id and offer["verdict"] != "refuse":
            todo += self._page_difference(kind)
        needs = [self.env._(EVIDENCE[code]) for code in offer.get("evidence") or () if code in EVIDENCE]
        if needs:
            todo.append(self.env._("We need %s.", ", ".join(needs)))
        return {
            "kind": kind,
            "icon": ICONS.get(kind, "fa-circle-o"),
            "title": self._outcome_title(kind),
            "verdict": offer.get("verdict") or "look",
            "amount": self._page_card_amount(offer),
            "part": self.env._("For %(some)g of %(all)g", some=float(offer["qty"]), all=lines) if some else "",
            "until": self._page_card_day(offer.get("deadline")),
            "todo": todo,
            "why": [str(text) for text in offer.get("why") or ()],
            "evidence": [code for code in offer.get("evidence") or () if code in EVIDENCE],
        }

    def _page_difference(self, kind):
        """What the chosen goods cost more or less than those the customer has, as a sentence."""
        _why, more = self._look_at_goods(self._offer_from(kind))
        if self.currency_id.is_zero(more):
            return []
        text = self._page_amount(abs(more))
        return [self.env._("You pay %s more.", text) if more > 0 else self.env._("You get %s back.", text)]

    def _page_choices(self, kind):
        """What the customer chooses among, where there is a choice.

        :return: [{"line": id of the sold line, "name", "options": [{"id", "name", "more": text}]}]
        """
        self.ensure_one()
        rows = []
        for row in self._instead_options(kind):
            options = []
            for option in row["options"]:
                more = option["more"]
                text = "" if self.currency_id.is_zero(more) else self._page_amount(abs(more))
                options.append({**option, "more": f"{'+' if more > 0 else '−'} {text}" if text else ""})
            line = row["line"]
            rows.append({"line": line.order_line_id.id, "name": self._page_item(line)["name"], "options": options})
        return rows

    def _outcome_title(self, kind):
        """What an outcome is called where the customer reads it."""
        title = TITLES.get(kind) or dict(OUTCOMES)[kind]
        return self.env._(title)

    def _page_card_amount(self, offer):
        """What the customer would get, by the reckoning that pays it; empty where nobody reckons."""
        if offer["verdict"] == "refuse":
            return ""
        quote = self._page_quote(self._offer_from(offer["kind"]))
        return quote["amount"] or quote["credit"]

    def _page_card_day(self, moment):
        if isinstance(moment, datetime | date):
            return format_date(self.env, moment)
        return moment if isinstance(moment, str) else ""
