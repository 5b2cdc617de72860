from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..desk import left, next_best
from ..healing import FAILED
from .hold import SELF_SOLVING
from .reason_text import reasons_line


class SaleOrder(models.Model):
    """One sentence: what the order waits for, how long still, and what happens then."""

    _inherit = "sale.order"

    dropship_waiting = fields.Text(
        string="Waits For",
        compute="_compute_dropship_waiting",
        groups="base.group_user",
        help="What the order waits for, and what happens next.",
    )

    @api.depends(
        "dropship_stage",
        "dropship_hold_ids.state",
        "dropship_allocation_ids.state",
        "dropship_exception_ids.state",
        "state",
    )
    @api.depends_context("lang", "tz")
    def _compute_dropship_waiting(self):
        orders_sudo = self.sudo()  # the sentence names suppliers; what else is known about them stays unread
        orders_sudo._dropship_read_ahead()
        nexts = orders_sudo._dropship_next_sources()
        for order in orders_sudo:
            order.dropship_waiting = order._dropship_waiting_text(nexts)

    def _dropship_read_ahead(self):
        """What the sentences of a whole list need, in a fixed number of queries."""
        reasons = [
            *(reason for hold in self.dropship_hold_ids if hold.state == "open" for reason in hold.reasons or []),
            *(reason for exception in self.dropship_exception_ids for reason in exception.reasons or []),
        ]
        product_ids = {params["product_id"] for _code, params in reasons if params.get("product_id")}
        if product_ids:
            self.env["product.product"].browse(product_ids).exists().mapped("display_name")

    def _dropship_waiting_text(self, nexts=None):
        """One sentence: what the order waits for.

        :param dict nexts: {purchase: who would be asked next}, for a whole list at once
        """
        self.ensure_one()
        if self.dropship_exception_ids:
            return self.dropship_exception_ids[0].description
        hold = self.dropship_hold_ids.filtered(lambda hold: hold.state == "open")[-1:]
        if hold:
            return self._dropship_hold_text(hold)
        if self.dropship_stage == "unpaid":
            return self.env._("Waiting for the payment of %s.", self.currency_id.format(self.amount_total))
        rows = self.dropship_allocation_ids.grouped("state")
        for state, say in (
            ("planned", self._dropship_planned_text),
            ("submitted", self._dropship_submitted_text),
            ("accepted", self._dropship_accepted_text),
        ):
            if state in rows:
                nexts = self._dropship_next_sources() if nexts is None else nexts
                return say(rows[state], nexts)
        return self._dropship_shipped_text(rows["shipped"]) if "shipped" in rows else False

    def _dropship_hold_text(self, hold):
        text = reasons_line(self.env, hold.reasons or []) or hold.display_name
        if hold.kind in SELF_SOLVING:
            return self.env._("%s It is tried again by itself when an offer changes.", text)
        return text

    def _dropship_names(self, rows):
        return ", ".join(dict.fromkeys(row._source_name() for row in rows))

    def _dropship_planned_text(self, rows, _nexts):
        names = self._dropship_names(rows)
        moments = [row.purchase_id.dropship_send_at for row in rows]
        if moments and all(moments):
            return self.env._(
                "Goes to %(suppliers)s at %(time)s.",
                suppliers=names,
                time=format_datetime(self.env, min(moments), tz=self.env.context.get("tz"), dt_format="short"),
            )
        return self.env._("Waiting to be sent to %s.", names)

    def _dropship_submitted_text(self, rows, nexts):
        names = self._dropship_names(rows)
        purchases = rows.purchase_id.filtered("dropship_answer_by").sorted("dropship_answer_by")
        if not purchases:
            return self.env._("Waiting for %s to accept.", names)
        first = purchases[0]
        then = first._dropship_after_silence(nexts.get(first))
        seconds = (first.dropship_answer_by - fields.Datetime.now()).total_seconds()
        span = self._dropship_span(seconds)
        if seconds > 0:
            return self.env._(
                "Waiting for %(suppliers)s to accept – %(span)s left, then %(next)s.",
                suppliers=names, span=span, next=then,
            )  # fmt: skip
        return self.env._(
            "Waiting for %(suppliers)s to accept – %(span)s too late, now %(next)s.",
            suppliers=names, span=span, next=then,
        )  # fmt: skip

    def _dropship_span(self, seconds):
        unit, count = left(seconds)
        if unit == "days":
            return self.env._("%s days", count)
        return self.env._("%s h", count) if unit == "hours" else self.env._("%s min", count)

    def _dropship_accepted_text(self, rows, _nexts):
        unpaid = rows.purchase_id.filtered(lambda purchase: purchase.dropship_pay_state in ("to_pay", "expired"))
        if unpaid:
            return self.env._(
                "%(suppliers)s ships when %(purchases)s is paid.",
                suppliers=", ".join(unpaid.partner_id.mapped("name")), purchases=", ".join(unpaid.mapped("name")),
            )  # fmt: skip
        return self.env._(
            "Waiting for %(suppliers)s to ship; expected at the customer by %(date)s.",
            suppliers=self._dropship_names(rows),
            date=self._dropship_expected(rows) or "?",
        )

    def _dropship_shipped_text(self, rows):
        if self.dropship_stage == "on_the_way":
            date = self._dropship_expected(rows)
            if date:
                return self.env._("Everything has been shipped; expected at the customer by %s.", date)
            return self.env._("Everything has been shipped.")
        if self.dropship_stage == "delivered" and self.invoice_status == "to invoice":
            return self.env._("Delivered; waiting for the invoice.")
        return False

    def _dropship_expected(self, rows):
        date = max((row.promised_date for row in rows if row.promised_date), default=None)
        return format_date(self.env, date) if date else ""

    def _dropship_next_sources(self):
        """Who would be asked next for each purchase that waits for an answer, by the decision behind it.

        :return: {purchase: name}; nothing where the decision's details are gone or nobody else can deliver
        """
        rows = self.dropship_allocation_ids.filtered(lambda row: row.state == "submitted" and row.purchase_id)
        if not rows:
            return {}
        traces = rows.decision_id._candidates()
        warehouses = self.env["dropship.supplier.warehouse"].browse(
            {row[2] for found in traces.values() for row in found if isinstance(row[2], int)}
        ).exists()  # fmt: skip
        closed = warehouses._closed_for_orders(fields.Datetime.now())
        usable = warehouses.filtered(
            lambda place: place.active and place.id not in closed and place.supplier_id._may_be_asked()
        )
        keys = {row[2] for found in traces.values() for row in found if isinstance(row[2], int)}
        nexts = {}
        for purchase, mine in rows.grouped("purchase_id").items():
            own = usable.filtered(lambda place, mine=mine: place.supplier_id in mine.supplier_id)
            refused = mine.line_id.dropship_allocation_ids.filtered(lambda row: row.release_reason in FAILED)
            out = (keys - set(usable.ids)) | set(own.ids) | set(refused.warehouse_id.ids)
            candidates = [row for decision in mine.decision_id for row in traces.get(decision.id, ())]
            best = next_best(candidates, set(mine.line_id.ids), out)
            if isinstance(best, int):
                nexts[purchase] = usable.browse(best).supplier_id.name
        return nexts


class DropshipRoutingDecision(models.Model):
    _inherit = "dropship.routing.decision"

    def _candidates(self):
        """The candidates of many decisions at once: {decision id: rows of the trace}."""
        return {decision_id: trace.get("candidates", []) for decision_id, trace in self._unpack_many().items()}


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _may_be_asked(self):
        self.ensure_one()
        return self.active and not self.blocked and self.state in ("trial", "approved")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_after_silence(self, next_name=None):
        """What happens when the supplier does not answer in time: nothing goes elsewhere by itself, a buyer is asked.

        :param str next_name: the best supplier after this one, when known
        """
        self.ensure_one()
        buyer = self._dropship_buyer().name or self.env._("a buyer")
        if next_name:
            return self.env._("%(buyer)s is asked (next best: %(supplier)s)", buyer=buyer, supplier=next_name)
        return self.env._("%s is asked", buyer)
