"""What channels should pay out for orders and until when; what they did; and why the two differ."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..payout_files.expected import expected, explain
from .exact import decimal
from .reason_text import reasons_line

PAYOUT_STATES = [
    ("none", "Not Expected"),
    ("expected", "Expected"),
    ("received", "Received"),
    ("differs", "Received, Differs"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_payout_state = fields.Selection(
        PAYOUT_STATES, string="Payout", default="none", readonly=True, copy=False, index=True, groups="base.group_user"
    )
    dropship_payout_due = fields.Date(
        string="Payout Expected By", readonly=True, copy=False, index="btree_not_null", groups="base.group_user"
    )
    dropship_payout_amount = fields.Monetary(
        string="Channel's Payout Expected", compute="_compute_dropship_payout", groups="base.group_user"
    )
    dropship_payout_got = fields.Monetary(
        string="Channel Paid Out", compute="_compute_dropship_payout", groups="base.group_user"
    )
    dropship_payout_text = fields.Char(
        string="Why the Payout Differs", compute="_compute_dropship_payout", groups="base.group_user"
    )
    dropship_payout_late = fields.Integer(
        string="Days Overdue", compute="_compute_dropship_payout_late", groups="base.group_user"
    )

    @api.depends("dropship_payout_state", "amount_total")
    @api.depends_context("lang")
    def _compute_dropship_payout(self):
        told = self._dropship_payout_told(self._dropship_payout_terms())
        parts = self._dropship_payout_parts()
        for order in self:
            order.dropship_payout_amount = float(told[order].amount) if order in told else 0.0
            order.dropship_payout_got = float(sum(parts.get(order, {}).values()))
            reasons = order._dropship_payout_reasons(parts.get(order), told.get(order))
            order.dropship_payout_text = reasons_line(self.env, reasons) or False

    @api.depends("dropship_payout_due", "dropship_payout_state")
    def _compute_dropship_payout_late(self):
        today = fields.Date.context_today(self)
        for order in self:
            late = order.dropship_payout_state == "expected" and order.dropship_payout_due
            order.dropship_payout_late = max((today - late).days, 0) if late else 0

    # ------------------------------------------------------------------
    # What others read
    # ------------------------------------------------------------------

    def _dropship_payout_expected(self):
        """{order: (amount, currency, date)} for orders whose money comes by a payout.

        The amount is what should arrive first, after fees and what is kept back, in the order's currency; the date may
        be False where the days do not count yet.
        """
        terms = self._dropship_payout_terms()
        return {
            order: (float(told.amount), order.currency_id, order._dropship_payout_day(terms[order]))
            for order, told in self._dropship_payout_told(terms).items()
        }

    def _dropship_payout_received(self):
        """{order: (amount, currency, date)} of what posted payouts brought, in the order's currency; date: the last."""
        result = {}
        for order, parts in self._dropship_payout_parts(dates=True).items():
            days = parts.pop("date")
            result[order] = (float(sum(parts.values(), Decimal(0))), order.currency_id, days)
        return result

    def _dropship_payout_parts(self, dates=False):
        """{order: {kind: Decimal}} of posted payouts, in the order's currency; with `date` the last day."""
        result = {}
        groups = self.env["dropship.payout.line"].sudo()._read_group(  # sums of rows the reader need not open
            [("order_id", "in", self.ids), ("payout_id.state", "=", "posted"), ("state", "!=", "known")],
            ["order_id", "kind", "payout_id"], ["amount:sum"],
        )  # fmt: skip
        mine = {order.id: order for order in self}
        for order_sudo, kind, payout, amount in groups:
            order = mine[order_sudo.id]
            parts = result.setdefault(order, {"date": payout.date} if dates else {})
            if payout.currency_id != order.currency_id:
                amount = payout.currency_id._convert(amount, order.currency_id, order.company_id, payout.date)
            parts[kind] = parts.get(kind, Decimal(0)) + decimal(order.currency_id.round(amount))
            if dates:
                parts["date"] = max(parts["date"], payout.date)
        return result

    # ------------------------------------------------------------------
    # How it is found
    # ------------------------------------------------------------------

    def _dropship_payout_terms(self):
        """{order: terms} of the orders whose channel, or whose payment's provider, pays out and is watched.

        Cash on delivery is handed over by the carrier, whatever the channel pays out otherwise.
        """
        terms_sudo = self.env["dropship.payout.terms"].sudo().search(
            [("expects", "=", True), ("company_id", "in", self.company_id.ids)]
        )
        if not terms_sudo:
            return {}
        known = {(terms.channel_id.id, terms.provider_id.id, terms.company_id.id): terms for terms in terms_sudo}
        channels = self.env["dropship.sales.channel"]._channel_of(self)
        result = {}
        for order in self:
            paid = order.sudo().transaction_ids.filtered(lambda paid: paid.state in ("done", "authorized"))
            found = known.get((channels[order].id, False, order.company_id.id)) or known.get(
                (False, paid[-1:].provider_id.id, order.company_id.id)
            )
            if found and order.state == "sale" and not order.sudo().dropship_collection_ids:
                result[order] = found
        return result

    @api.model
    def _dropship_payout_told(self, terms):
        """{order: `Expected`, in the order's currency}

        :param terms: {order: terms}, as `_dropship_payout_terms` gives them
        """
        orders = self.browse(order.id for order in terms)
        channels = self.env["dropship.sales.channel"]._channel_of(orders)
        result = {}
        for order, mine in terms.items():
            channel_sudo = mine.channel_id or channels[order].sudo()
            percent, fixed = channel_sudo._fee_terms(order) if channel_sudo else (Decimal(0), Decimal(0))
            fixed = fixed * decimal(order.currency_rate or 1.0)
            step = decimal(order.currency_id.rounding or 0.01)
            result[order] = expected(decimal(order.amount_total), percent, fixed, decimal(mine.reserve_percent), step)
        return result

    def _dropship_payout_day(self, terms):
        """The day until which the money should be there; False where the days do not count yet."""
        self.ensure_one()
        order_sudo = self.sudo()
        if terms.delay_from == "order":
            start = order_sudo.date_order
        elif terms.delay_from == "delivery":
            start = order_sudo.dropship_delivered_at
        else:
            boxes = order_sudo.dropship_shipment_ids.filtered("current")
            left = [moment for moment in boxes.mapped("dispatched_at") if moment]
            start = max(left) if left else False
        if not start:
            return False
        return fields.Datetime.context_timestamp(self, start).date() + timedelta(days=terms.delay_days)

    def _dropship_payout_reasons(self, parts, told):
        """[[code, figures]]: why what was received is not what was expected."""
        self.ensure_one()
        if not told or not parts:
            return []
        reasons = []
        for code, amount in explain(told, parts):
            shown = self.currency_id.format(abs(float(amount)))
            if not self.currency_id.is_zero(float(amount)):
                reasons.append([f"payout_{code}", {"amount": shown}])
        return reasons

    def _dropship_payout_refresh(self):
        """Where the payout of these orders stands, and until when it is expected."""
        orders_sudo = self.sudo()
        if not orders_sudo:
            return
        terms = orders_sudo._dropship_payout_terms()
        told, parts = orders_sudo._dropship_payout_told(terms), orders_sudo._dropship_payout_parts()
        found = {}
        for order in orders_sudo:
            day = order._dropship_payout_day(terms[order]) if order in terms else False
            state = "expected" if order in terms else "none"
            if mine := parts.get(order):
                state = "differs" if order._dropship_payout_reasons(mine, told.get(order)) else "received"
            if (order.dropship_payout_state, order.dropship_payout_due) != (state, day):
                found.setdefault((state, day), []).append(order.id)
        for (state, day), ids in found.items():
            # Quietly: nobody follows an order to read about its payout.
            orders_sudo.browse(ids).with_context(tracking_disable=True).write(
                {"dropship_payout_state": state, "dropship_payout_due": day}
            )

    def action_confirm(self):
        """Override: from here on the channel owes its payout."""
        result = super().action_confirm()
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed and self.env["dropship.payout.terms"].sudo().search_count([("expects", "=", True)], limit=1):
            confirmed._dropship_payout_refresh()
        return result

    def _action_cancel(self):
        """Override: nothing is expected of a cancelled order."""
        result = super()._action_cancel()
        self.sudo().filtered(lambda order: order.dropship_payout_state == "expected").write(
            {"dropship_payout_state": "none", "dropship_payout_due": False}
        )
        return result

    def write(self, vals):
        """Override: days that count from the delivery begin with it."""
        result = super().write(vals)
        if "dropship_delivered_at" in vals:
            self.sudo().filtered(lambda order: order.dropship_payout_state == "expected")._dropship_payout_refresh()
        return result


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def write(self, vals):
        """Override: days that count from leaving the supplier begin with it."""
        result = super().write(vals)
        if vals.get("dispatched_at"):
            orders_sudo = self.sudo().order_id
            orders_sudo.filtered(lambda order: order.dropship_payout_state == "expected")._dropship_payout_refresh()
        return result
