"""From an agreement to what is asked of the calculation, and what it would come to."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal

from ...refunding import Ask, Wish
from ...refunding.shared import share_money
from .words import line_name, program_name, sentences

ZERO = Decimal(0)
WITH_MONEY = ("return", "keep", "refund_only", "cancel", "intercept")
# What of the freight to the customer goes back, by the policy's word.
FREIGHT = {"none": "no", "standard": "part", "part": "part", "all": "yes"}
OUR_FAULT = ("us", "supplier", "listing", "carrier")


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    refund_ids = fields.One2many("dropship.refund", "return_id", string="Refunds", readonly=True)
    refund_count = fields.Integer(compute="_compute_refund_count")

    def _compute_refund_count(self):
        for case in self:
            case.refund_count = len(case.refund_ids)

    def action_refunds(self):
        """The refunds of the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_aftersales.action_dropship_refund")
        action["domain"] = [("return_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_refund(self):
        """Refund something past the agreement: choose what, see what it comes to, and do it."""
        self.ensure_one()
        wizard = self.env["dropship.refund.wizard"].create({"order_id": self.order_ids[:1].id, "return_id": self.id})
        return wizard._reopen()

    # --- what is agreed, as wishes ---

    def _wishes(self, offer, came=False):
        """An offer as wishes, one for each order.

        Conditions read: ("fee", {"percent"}), ("keep", {"percent"}), ("outbound", {"freight", "most"}),
        ("return_freight", {"amount", "payer", "advanced", "insured"}), ("payer", {"payer"}); amounts as text.

        :param bool came: only what came back counts
        :return: {sale.order: refunding.Wish}
        """
        self.ensure_one()
        terms = dict(offer.conditions)
        lines = self.env["dropship.return.line"].browse([line for line, _qty in offer.lines])
        qtys = {line: qty for line, (_key, qty) in zip(lines, offer.lines, strict=True)}
        if came:
            qtys = {line: min(qty, decimal(line.qty_received)) for line, qty in qtys.items()}
        paid = {
            (line, sold): part
            for line, qty in qtys.items()
            if qty > ZERO
            for sold, part in line._paid_lines(qty).items()
        }
        amounts = self._amounts(offer, paid)
        asks, rows = {}, {}
        for (line, sold), qty in paid.items():
            order = sold.order_id
            asks.setdefault(order, []).append(line._ask(offer, sold, qty, amounts.get((line, sold)), terms))
            rows[order] = rows.get(order, line) | line
        return {
            order: Wish(tuple(asks[order]), **self._wish_terms(order, rows[order], terms, first=not number))
            for number, order in enumerate(asks)
        }

    def _wish_terms(self, order, rows, terms, first):
        """What holds for all lines of an order; the way back is one, so it counts with the first order."""
        outbound = terms.get("outbound") or {}
        most = outbound.get("most")
        result = {
            "currency": order.currency_id.name,
            "freight": FREIGHT.get(outbound.get("freight") or "none", "no"),
            "freight_most": None if most is None else Decimal(str(most)),
            "ours": bool(set(rows.reason_id.mapped("liable")) & set(OUR_FAULT)),
            "stored": order.company_id.sudo().dropship_refund_stored,  # every agent goes by the company's rule
        }
        back = (terms.get("return_freight") or self._way_back_paid()) if first else {}
        if back:
            payer = back.get("payer") or (terms.get("payer") or {}).get("payer")
            result |= {
                "return_freight": Decimal(str(back.get("amount") or 0)),
                "return_payer": "customer" if payer == "customer" else "us",
                "return_advanced": back.get("advanced") or "us",
                "insured": Decimal(str(back["insured"])) if "insured" in back else self._insured_freight(),
            }
        return result

    def _way_back_paid(self):
        """What the way back cost whoever did not have to pay it, as the condition "return_freight"; {}: nothing.

        We lay out what goes with our label, the customer what he takes to the post himself. It is settled once.
        """
        case_sudo = self.sudo()  # what a parcel cost is a fact of the refund, whoever makes it
        done = case_sudo.refund_ids.filtered("reimbursed") or case_sudo.refund_ids.line_ids.filtered(
            lambda row: row.kind == "return_freight"
        )
        parcels = case_sudo.parcel_ids.filtered(lambda parcel: parcel.freight and not parcel.back_id)
        borne = parcels.filtered(lambda parcel: parcel.payer == "customer")
        ours = borne.filtered("label_id")
        laid_out = (parcels - borne).filtered(lambda parcel: not parcel.label_id)
        if done or not (ours or laid_out):
            return {}
        payer, paid = ("us", laid_out) if laid_out else ("customer", ours)
        amount = sum(
            parcel.currency_id._convert(
                parcel.freight, self.currency_id, self.company_id, parcel.sent_at or fields.Date.context_today(self)
            )
            for parcel in paid
        )
        return {
            "amount": str(decimal(amount)),
            "payer": payer,
            "advanced": "customer" if laid_out else "us",
        }

    def _amounts(self, offer, paid):
        """An agreed amount, spread by what the customer paid.

        :param dict paid: {(line, sale line): quantity}
        :return: {(line, sale line): Decimal}
        """
        if offer.amount is None or not paid:
            return {}
        step = Decimal(str(self.currency_id.rounding or 0.01))
        worths = {}
        for order_sudo in self.env["sale.order.line"].union(*(sold for _line, sold in paid)).order_id.sudo():
            worths |= order_sudo._dropship_refund_worth(step)  # agents see the sum, not every invoice
        weights = [self._paid_for(qty, *worths[sold.sudo()]) for (_line, sold), qty in paid.items()]
        weights = weights if sum(weights) > ZERO else [1] * len(paid)
        return dict(zip(paid, share_money(offer.amount, weights, step), strict=True))

    @staticmethod
    def _paid_for(qty, whole, parts):
        return parts.total * qty / whole if whole else ZERO

    # --- what was settled without a case ---

    @api.model
    def _settled_elsewhere(self, lines):
        """Override: what a person refunded by the calculator is settled as well, once its case does not hold it."""
        found = super()._settled_elsewhere(lines)
        rows_sudo = lines.sudo().dropship_refund_line_ids  # whoever asks for one thing need not see refunds
        rows_sudo = rows_sudo.filtered(lambda row: row.done and not row.refund_id.resolution_id)
        for row in rows_sudo.filtered(lambda row: row.refund_id.return_id.state != "open"):
            line = row.order_line_id
            found[line] = found.get(line, 0.0) + row.qty - row.qty_lowered
        return found

    # --- shown before it is done ---

    def _quote(self, offer):
        """What an offer would come to, by the same reckoning that carries it out. Writes nothing.

        :param casework.Offer offer:
        :return: {"money": Decimal, "credit": Decimal, "by_person": Decimal, "reimbursed": Decimal,
            "lines": [{"name", "kind", "qty": Decimal, "total": Decimal, "fee": Decimal}],
            "ways": [{"payment", "amount": Decimal}], "warnings": [sentences], "refused": [sentences]}
        """
        self.ensure_one()
        quote = {
            "money": ZERO, "credit": ZERO, "by_person": ZERO, "reimbursed": ZERO,
            "lines": [], "ways": [], "warnings": [], "refused": [],
        }  # fmt: skip
        if offer.kind not in WITH_MONEY:
            return quote
        for order, wish in self._wishes(offer).items():
            result = self.env["dropship.refund"]._propose(order, wish)
            quote["refused"] += sentences(self.env, result.refused, order)
            quote["warnings"] += sentences(self.env, result.warnings, order)
            quote["money"] += result.money
            quote["credit"] += result.credit.total
            quote["by_person"] += result.person
            quote["reimbursed"] += result.reimbursed
            quote["lines"] += self.env["dropship.refund"]._rows_shown(result)
            quote["ways"] += [{"payment": back.payment, "amount": back.amount} for back in result.backs]
        return quote


class DropshipRefund(models.Model):
    _inherit = "dropship.refund"

    def _rows_shown(self, result):
        """The rows of a calculation for people."""
        words = dict(self.env["dropship.refund.line"]._fields["kind"]._description_selection(self.env))
        for row in result.rows:
            name = line_name(self.env, row.line) if isinstance(row.line, int) else ""
            if isinstance(row.line, str) and row.line.startswith("program "):
                name = program_name(self.env, row.line)
            yield {
                "name": name,
                "kind": words.get(row.kind, row.kind),
                "qty": row.qty,
                "total": row.parts.total,
                "parts": row.parts,
                "fee": row.fee.total,
            }


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    def _paid_lines(self, qty):
        """What the customer paid for these pieces: {sale line: Decimal}.

        What was sent for a case was paid with the order it stands for, and with the difference where there was one.
        """
        self.ensure_one()
        sold, found = self.order_line_id.sudo(), {}  # whoever decides a refund need not read orders
        while sold.dropship_case_line_id and sold._dropship_is_instead():
            if sold.price_total > 0:
                found[sold] = qty
            before = sold.dropship_case_line_id
            same = sold.product_id == before.product_id
            whole = sold._dropship_in_unit_of(before) if same else before.qty
            qty = qty * decimal(whole) / (decimal(sold.product_uom_qty) or 1)
            sold = before.order_line_id
        found[sold] = qty
        return found

    def _ask(self, offer, sold, qty, amount, terms):
        """What is asked for this line.

        :param sold: the sale line it was paid with
        """
        self.ensure_one()
        key = sold.id
        if offer.kind == "keep":
            if amount is not None:
                return Ask("keep", key, qty, amount=amount)
            percent = (terms.get("keep") or {}).get("percent") or 0
            return Ask("keep", key, qty, percent=Decimal(str(percent)))
        if offer.kind == "refund_only" and amount is not None:
            return Ask("refund_only", key, amount=amount)
        fee = Decimal(str((terms.get("fee") or {}).get("percent") or 0))
        return Ask(self._refund_kind(offer), key, qty, fee=fee, given=amount)

    def _refund_kind(self, offer):
        """The kind of refund, by what was agreed and why."""
        ours = self.reason_id.liable in ("us", "supplier")
        if offer.kind == "cancel":
            return "cancelled_by_us" if ours else "not_shipped"
        if offer.kind == "intercept" or self.reason_id.kind == "refused_parcel":
            return "refused_parcel"
        if offer.kind == "refund_only":
            return "short" if self.reason_id.kind == "missing" else "refund_only"
        return "return"
