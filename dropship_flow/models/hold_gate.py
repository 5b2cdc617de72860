from odoo import api, fields, models


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _gate(self, demands):
        """Stop the orders that must not be bought yet; holds whose cause is gone close themselves.

        An error here is an error of the routing: it becomes a hold of its order, never an error to the customer.

        :param dict demands: {sale.order: [Demand]}
        :return: the part of it that may be routed
        """
        if not demands:
            return demands
        orders = self.env["sale.order"].browse([order.id for order in demands])
        verdicts = self.env["dropship.hold.rule"]._check_orders(orders)
        holds = self.env["dropship.hold"]
        new = []
        for order in orders:
            mine = {verdict.kind: verdict for verdict in verdicts[order]}
            known = order.dropship_hold_ids.filtered(lambda hold: hold.by_rule and hold.state == "open")
            known.filtered(lambda hold, mine=mine: hold.kind not in mine)._close("solved")
            for hold in known.filtered(lambda hold: hold.state == "open"):
                hold._look_again(mine.pop(hold.kind))
            new += [(order, verdict) for verdict in mine.values()]
        if new:
            holds._raise_verdicts(new)
        stopped = {
            order.id for order in orders if any(hold._is_gate() for hold in order.dropship_hold_ids)
        }  # the router's own holds are decided by the routing that follows
        return {order: wanted for order, wanted in demands.items() if order.id not in stopped}


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    def _look_again(self, verdict):
        """The cause still stands; keep its present figures."""
        self.ensure_one()
        vals = {
            "reasons": verdict.reasons,
            "marks": list(verdict.marks),
            "measure": verdict.measure,
            "buyer_only": verdict.strict,
        }
        changed = {name: value for name, value in vals.items() if self[name] != value}
        self.write({**changed, "last_try": fields.Datetime.now()})

    @api.model
    def _raise_verdicts(self, pairs):
        """Hold orders for what the rules found, all in one set; each order asks its person once.

        :param list pairs: [(sale.order, holding.Verdict)]
        """
        now = fields.Datetime.now()
        vals_list = []
        for order, verdict in pairs:
            vals = {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "kind": verdict.kind,
                "reasons": verdict.reasons,
                "marks": list(verdict.marks),
                "measure": verdict.measure,
                "buyer_only": verdict.strict,
                "by_rule": True,
                "last_try": now,
            }
            if verdict.verdict == "warn":  # noted, and never in the way
                vals |= {"state": "solved", "closed_by_id": self.env.uid, "closed_at": now}
            vals_list.append(vals)
        with self._first_come():
            holds = self.create(vals_list)
        called = set()
        for hold in holds:
            if hold.state != "open":
                hold.order_id._dropship_note(hold.reason)
            elif hold.order_id not in called:
                called.add(hold.order_id)
                hold._call_somebody()
        return holds
