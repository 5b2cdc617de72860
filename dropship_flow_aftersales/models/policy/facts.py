"""From records to what `verdict` reads: a request, asked or only thought of."""

from datetime import timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import trimmed

from ...verdict import Line, Order, Reason, Request


class Asked(NamedTuple):
    """A line of a request as the rules see it, from a case or only thought of."""

    line: Any  # sale.order.line
    qty: float
    reason: Any  # dropship.return.reason
    wanted: str
    evidence: frozenset
    opened: bool


class SalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    tells_withdrawal = fields.Boolean(
        string="Tells of the Right to Withdraw", default=True,
        help="The customer reads it before ordering and in the confirmation. Off: the law makes his time longer.",
    )  # fmt: skip
    tells_freight_back = fields.Boolean(
        string="Says Who Pays the Way Back", default=True, help="Off: where the law asks for it, we pay."
    )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _verdict_request(self, now=None):
        """The case as `verdict` reads it, without what the case itself keeps busy.

        :param datetime now: when it is asked; None: now
        """
        self.ensure_one()
        asked = [
            Asked(
                line.order_line_id, line.qty, line.reason_id, line.wanted or "", line._given_evidence(), line.opened
            )
            for line in self.line_ids
        ]  # fmt: skip
        return self._request_of(self.order_ids, asked, self, now)

    @api.model
    def _request_of(self, orders, asked, case=None, now=None):
        """A request over lines of orders of one customer: `verdict.Request`. Reads what each sort of fact needs once.

        :param list asked: [Asked]
        :param case: its own pieces are not those of another case
        """
        # A customer's question needs what only we may read: suppliers, other cases.
        orders_sudo = self.env["sale.order"].sudo().browse(orders.ids)
        now = now or fields.Datetime.now()
        goods = self._goods_facts(orders_sudo, asked, case)
        contracts = self._order_facts(orders_sudo, goods)
        reasons = {reason: self._reason_facts(reason) for reason in {row.reason for row in asked}}
        order = orders_sudo[:1]
        lines = tuple(self._line_facts(row, goods, contracts, reasons[row.reason]) for row in asked)
        return Request(
            lines,
            now,
            zone=order.partner_shipping_id._dropship_zone() or "UTC",
            consumer=not order.partner_id.commercial_partner_id.is_company,
            history=self._history_of(orders_sudo, case),
            **self._days_of(order, now),
        )

    @api.model
    def _line_facts(self, row, goods, contracts, reason):
        line = row.line.sudo()
        known = goods[line]
        product = line.product_id
        kinds = known.kinds | {"opened"} if row.opened else known.kinds
        delivered, underway = known.there(reason.absent)
        return Line(
            key=line.id,
            order=contracts[line.order_id],
            price=known.price,
            asked=trimmed(row.qty),
            delivered_qty=trimmed(delivered),
            returned=trimmed(known.returned),
            open=trimmed(known.open),
            waiting=trimmed(known.waiting),
            underway=trimmed(underway),
            categories=frozenset(int(number) for number in (product.categ_id.parent_path or "").split("/") if number),
            tags=known.tags,
            kinds=kinds,
            shipped=known.shipped_at,
            delivered=known.delivered_at,
            signed=known.delivered_at,
            reason=reason,
            evidence=row.evidence,
            terms=known.terms,
            wanted=row.wanted,
        )

    @api.model
    def _reason_facts(self, reason):
        return Reason(reason._codes(), reason.liable, reason._evidence(), reason.absent)

    @api.model
    def _order_facts(self, orders, goods):
        """{sale.order: verdict.Order}"""
        channels = self.env["dropship.sales.channel"]._channel_of(orders)
        found = {}
        for order in orders:
            channel = channels[order]
            lines = [line for line in order.order_line if line in goods and goods[line].ordered]
            moments = [goods[line].delivered_at for line in lines]
            found[order] = Order(
                ordered=order.date_order,
                country=order.partner_shipping_id.country_id.code or "",
                channel=channel.id or None,
                last_parcel=max(moments) if moments and all(moments) else None,
                informed=channel.tells_withdrawal if channel else True,
                freight_told=channel.tells_freight_back if channel else True,
            )
        return found

    @api.model
    def _days_of(self, order, now):
        """Days nobody works where the customer is, as far as our own calendar knows them."""
        company = order.company_id
        if order.partner_shipping_id.country_id != company.country_id:
            return {}
        leaves = self.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("company_id", "in", (False, company.id)),
                ("calendar_id", "in", (False, company.resource_calendar_id.id)),
                ("date_to", ">", now - timedelta(days=1100)),
            ],
            ["date_from", "date_to"],
        )
        days = set()
        for leave in leaves:
            first, last = leave.date_from.date(), leave.date_to.date()
            days |= {first + timedelta(days=number) for number in range(min((last - first).days, 60) + 1)}
        return {"holidays": frozenset(days)}


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    opened = fields.Boolean(help="The seal or the packing of the piece is broken, a download was begun.")
