"""What becomes of the rest when a supplier ships less than he accepted."""

import logging
from datetime import timedelta

from odoo import api, fields, models

from ..answers.model import Piece
from .answer_clock import SAFE
from .exact import trimmed
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

REST = [
    ("wait", "Keep waiting for it"),
    ("elsewhere", "Buy it elsewhere"),
    ("cancel", "Cancel it"),
]
FLOW_REASONS.update(
    {
        "rest_cancelled": _lt(
            "%(supplier)s shipped %(shipped)s of %(ordered)s %(product)s, the rest was cancelled: tell the customer, "
            "and pay back what he paid for it."
        ),
    }
)


class DropshipRoutingPolicy(models.Model):
    _inherit = "dropship.routing.policy"

    rest_rule = fields.Selection(
        REST,
        string="Rest of a Short Shipment",
        default="wait",
        required=True,
        tracking=True,
        help="What happens when a supplier has shipped a part and the rest does not follow.",
    )
    rest_days = fields.Integer(
        string="After (days)", default=3, help="Counted from the last parcel; the supplier may still ship meanwhile."
    )

    _rest_days_range = models.Constraint(
        "CHECK (rest_days BETWEEN 0 AND 365)", "The days to wait for the rest are between 0 and 365."
    )


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    rest_rule = fields.Selection(
        REST, string="Rest of a Short Shipment", tracking=True, help="Empty: as the routing policy has it."
    )
    rest_days = fields.Integer(string="Rest After (days)", help="Used with the rule here.")

    _rest_days_range = models.Constraint(
        "CHECK (rest_days BETWEEN 0 AND 365)", "The days to wait for the rest are between 0 and 365."
    )


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_rest_rule(self):
        """(rule, days) for what the supplier did not ship."""
        self.ensure_one()
        supplier = self.dropship_warehouse_id.supplier_id
        if supplier.rest_rule:
            return supplier.rest_rule, supplier.rest_days
        policy = self.dropship_allocation_ids.decision_id.policy_id[:1]
        return policy.rest_rule or "wait", policy.rest_days

    def _dropship_settle_rest(self):
        """Do with the rest of short shipments what the rule says, once its days are over.

        :return: the purchases where something was done
        """
        done = self.browse()
        for order in self:
            rule, days = order._dropship_rest_rule()
            rows = order.dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
            left = [picking.date_done for picking in order._dropship_done_transfers() if picking.date_done]
            if rule == "wait" or not rows or not left or order._dropship_announced_boxes():
                continue
            if order._dropship_asked_changes() or max(left) > fields.Datetime.now() - timedelta(days=days):
                continue
            order._dropship_end_rest(rows, rule)
            done |= order
        return done

    def _dropship_end_rest(self, rows, rule):
        """The supplier need not ship the rest any more."""
        rest = rows.browse([row.id for row in (own._split_rest() for own in rows) if row])
        if not rest:
            return
        supplier = self.dropship_warehouse_id.supplier_id.name
        words = {
            "elsewhere": self.env._("%(supplier)s shipped only a part of %(purchase)s: the rest is bought elsewhere.",
                                    supplier=supplier, purchase=self.name),
            "cancel": self.env._("%(supplier)s shipped only a part of %(purchase)s: the rest is cancelled.",
                                 supplier=supplier, purchase=self.name),
        }  # fmt: skip
        self._dropship_let_go(rest, "short", self.env._("The rest did not come"))
        self.dropship_sale_id._dropship_note(words[rule])
        if rule == "elsewhere":
            rest.line_id._dropship_source()
            return
        for row in rest:
            row._cancel_rest()

    @api.model
    def _cron_rest(self, limit=200):
        """Every hour: short shipments whose days are over."""
        domain = [
            ("state", "=", "purchase"),
            ("dropship_stage", "=", "to_ship"),
            ("dropship_all_announced", "=", False),
            ("picking_ids", "any", [("state", "=", "done"), ("return_id", "=", False)]),
        ]
        for order in self.search(domain, limit=limit, order="id"):
            try:
                order.try_lock_for_update(allow_referencing=True)._dropship_settle_rest()
                self.env["ir.cron"]._commit_progress(1)
            except SAFE:  # somebody else works on it, e.g. he just shipped; the others must not wait
                self.env.cr.rollback()
            except Exception:  # one purchase must not stop the others
                _logger.exception("The rest of purchase %s could not be settled", order.id)
                self.env.cr.rollback()


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _split_rest(self):
        """The part that did not leave, as a row of its own; none when all of it did."""
        self.ensure_one()
        shipped = trimmed(self.qty_shipped)
        if not shipped:
            return self
        need, buy = trimmed(self.qty) - shipped, trimmed(self.buy_qty) - shipped
        if need <= 0:
            return self.browse()
        pieces = [Piece("accepted", shipped, shipped), Piece("rejected", need, buy)]
        return self._split(pieces)[1]

    def _cancel_rest(self):
        """The customer does not get the rest: his order is lowered, and a person settles the money with him."""
        self.ensure_one()
        line_sudo = self.line_id.sudo()
        ordered = line_sudo.product_uom_qty
        family = line_sudo.dropship_allocation_ids.filtered(lambda row: row.state != "released" or row.qty_shipped)
        if not self.component:
            kept = sum(row._covered() for row in family)
            unit = line_sudo.product_id.uom_id
            order = line_sudo.order_id
            locked = order.locked
            order.locked = False
            line_sudo.product_uom_qty = min(unit._compute_quantity(kept, line_sudo.product_uom_id), ordered)
            order.locked = locked
        params = {
            "supplier": self._source_name(),
            "product": self.product_id.display_name,
            "product_id": self.product_id.id,
            "shipped": f"{line_sudo.product_uom_qty:g}",
            "ordered": f"{ordered:g}",
        }
        self.env["dropship.exception"].sudo()._raise(self, "rest_cancelled", [["rest_cancelled", params]])


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [*super()._exception_kinds(), ("rest_cancelled", self.env._("Rest cancelled: the customer has to know"))]

    @api.model
    def _verbs(self):
        return {**super()._verbs(), "rest_cancelled": ["action_done", "action_open_purchase"]}
