"""Holding, releasing and cancelling orders by the API, each on its own, with the rights of the key's user."""

import logging
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure

from ..api.validate import Problem

_logger = logging.getLogger(__name__)

VERBS = {"api_hold_orders": "_hold_one", "api_release_orders": "_release_one", "api_cancel_orders": "_cancel_one"}
DONE = {"api_hold_orders": "held", "api_release_orders": "released", "api_cancel_orders": "cancelled"}


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _find_orders(self, numbers):
        """The order of each {number, channel}; empty where there is none the caller may read."""
        channels = self._lookup_channels({row["channel"] for row in numbers if "channel" in row})
        ours = [row["number"] for row in numbers if "channel" not in row]
        theirs = [row["number"] for row in numbers if "channel" in row]
        domain = ["|", ("name", "in", ours)]
        domain += ["&", ("client_order_ref", "in", theirs)]
        domain += [("dropship_channel_id", "in", [channel.id for channel in channels.values()])]
        company = self.env.company
        orders = self.env["sale.order"].search([("company_id", "in", self.env.companies.ids), *domain])
        ranked = orders.sorted(lambda order: order.company_id == company)  # the last one counts: the current company's
        by_name = {order.name: order for order in ranked}
        by_number = {(order.dropship_channel_id.code, order.client_order_ref): order for order in ranked}
        nothing = self.env["sale.order"]
        return [
            by_number.get((row["channel"], row["number"]), nothing)
            if "channel" in row
            else by_name.get(row["number"], nothing)
            for row in numbers
        ]

    @api.model
    def _change_orders(self, method, body):
        """Do one verb with each order.

        :return: one result per order, or None when somebody else works on one of them
        """
        if problem := self._body_problem(body):
            return [
                self._result(index, row["number"], "refused", [problem]) for index, row in enumerate(body["orders"])
            ]
        orders = self._find_orders(body["orders"])
        if not self._lock_orders(self.env["sale.order"].union(*orders)):
            return None
        verb = getattr(self, VERBS[method])
        results = []
        for index, (row, order) in enumerate(zip(body["orders"], orders, strict=True)):
            path = f"orders[{index}]"
            if not order:
                problem = Problem(f"{path}.number", "no_order", {"name": row["number"]})
            else:
                problem = self._one(partial(verb, order, body, path), path)
            status = "refused" if problem else DONE[method]
            results.append(self._result(index, row["number"], status, [problem] if problem else [], order))
        return results

    @api.model
    def _body_problem(self, body):
        until = body.get("until")
        if until and fields.Date.to_date(until) < fields.Date.context_today(self):
            return Problem("until", "over", {})
        return None

    @api.model
    def _lock_orders(self, orders):
        """Lock the rows without waiting; False when somebody has one, or changed it since this call began."""
        try:
            with self.env.cr.savepoint(flush=False):
                return orders.try_lock_for_update() == orders
        except SerializationFailure:
            return False

    @api.model
    def _one(self, work, path):
        """Do one thing entirely or not at all; the problem when it was refused."""
        try:
            with self.env.cr.savepoint():
                return work()
        except (OperationalError, ConcurrencyError, AccessError):
            raise
        except UserError as error:
            return Problem(path, "refused", {"text": str(error)})
        except Exception:
            _logger.exception("A call of the order API failed")
            return Problem(path, "failed", {})

    @api.model
    def _hold_one(self, order, body, _path):
        order._dropship_hold_by_hand(body["reason"], fields.Date.to_date(body.get("until") or False))

    @api.model
    def _release_one(self, order, _body, _path):
        order.action_dropship_release()

    @api.model
    def _cancel_one(self, order, body, path):
        if order.state == "cancel":
            return None
        order.check_access("write")
        order_sudo = order.sudo()  # what left the supplier is not the caller's to read, only to know of
        rows_sudo = order_sudo.dropship_allocation_ids
        if any(row.state == "shipped" or row.qty_shipped for row in rows_sudo) or any(
            picking.state == "done" for picking in order_sudo.picking_ids
        ):
            return Problem(path, "shipped", {"order": order.name})
        self._cancel_with_reason(order, body.get("reason", "").strip())
        return None

    @api.model
    def _cancel_with_reason(self, order, text):
        reason = self.env.ref("dropship_flow.cancel_reason_other", raise_if_not_found=False)
        if not reason:  # somebody deleted it: the order's own words are the reason
            reason = self.env["dropship.cancel.reason"].sudo().search([], limit=1)
        order._dropship_cancel(reason, text)
