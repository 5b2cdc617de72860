"""What is decided at once: who may ask at all, and what is clear when a case is opened."""

from odoo import api, models
from odoo.exceptions import UserError

from ...verdict.rows import UNDELIVERED

BY_LAW = ("return", *UNDELIVERED)


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _line_vals(self, line):
        return {**super()._line_vals(line), "opened": bool(line.get("opened"))}

    @api.model
    def _check_request(self, orders, lines):  # pylint: disable=missing-return
        """Override: nobody asks for another one's order, nor for money that was not paid."""
        super()._check_request(orders, lines)
        user = self.env.user
        if user._is_portal():
            person = user.partner_id.commercial_partner_id
            if any(order.partner_id.commercial_partner_id != person for order in orders.sudo()):
                raise UserError(self.env._("These are not all orders of yours. Choose among your own orders."))
        unpaid = orders.sudo().filtered(lambda order: order.dropship_stage == "unpaid")
        if unpaid:
            raise UserError(
                self.env._(
                    "%s is not paid yet, so nothing can be given back. Cancel the order, or pay it first.",
                    ", ".join(unpaid.mapped("name")),
                )
            )

    @api.model
    def _check_quantities(self, lines):  # pylint: disable=missing-return
        """Override: what came back or was refunded in an earlier case is not asked for again."""
        super()._check_quantities(lines)
        asked = {}
        for line in lines:
            asked[line["order_line"]] = asked.get(line["order_line"], 0.0) + line["qty"]
        sold_sudo = self.env["sale.order.line"].union(*asked).sudo()
        self.env.flush_all()
        settled, busy = self._settled(sold_sudo), sold_sudo._dropship_in_cases()
        for order_line, qty in asked.items():
            left = order_line.product_uom_qty - settled[order_line.id] - busy[order_line.sudo()]
            if settled[order_line.id] and order_line.product_uom_id.compare(qty, left) > 0:
                raise UserError(
                    self.env._(
                        "%(done)g of %(product)s came back or were refunded already: %(left)g are left to ask for.",
                        done=settled[order_line.id],
                        left=max(left, 0.0),
                        product=order_line.product_id.display_name,
                    )
                )

    def _after_opening(self, by):
        """Override: a withdrawal counts at once; what is clear is accepted or refused; else somebody looks."""
        result = super()._after_opening(by)
        for case in self:
            if case.withdrawal and case._withdraw_by_law(by):
                continue
            if case.verdict == "accept" and (kind := case._clear_wish()):
                case._record("accept", "system", offer=case._offer_from(kind))
            elif case._is_refused():
                case._record("refuse", "system", text=case._refused_text())
        return result

    def _withdraw_by_law(self, by):
        """Withdraw from what the law lets, by where the pieces are.

        :return: whether anything was
        """
        self.ensure_one()
        done = False
        for kind in BY_LAW:
            parts = []
            for line in self.line_ids:
                offer = line._offer_json(kind)
                if offer and offer["verdict"] == "accept":
                    parts.append((line, offer["qty"]))
            if parts:
                self._record("withdraw", by, offer=self._offer_from(kind, parts))
                done = True
        return done

    def _clear_wish(self):
        """The one outcome all lines ask for and get in full; empty: nobody has said, or it is not one."""
        self.ensure_one()
        kinds = set()
        for line in self.line_ids:
            real = [offer for offer in line.offers or () if offer["kind"] != "nothing"]
            apart = [offer for offer in real if offer["kind"] in UNDELIVERED]
            wished = line.wanted
            if wished == "nothing":  # whoever opened it knows what follows
                return ""
            if not wished and len(real) == len(apart) == 1:
                wished = apart[0]["kind"]
            mine = next((offer for offer in real if offer["kind"] == wished), None)
            if apart and mine not in apart:  # a part is not delivered: that is not what was wished for
                mine = apart[0] if len(real) == 1 else None
            if not mine or mine["verdict"] != "accept" or float(mine["qty"]) < line.qty:
                return ""
            kinds.add(mine["kind"])
        return kinds.pop() if len(kinds) == 1 else ""

    def _is_refused(self):
        """Nothing may be had for any line: a wish that cannot be fulfilled while others can is no refusal."""
        self.ensure_one()
        offers = [offer for line in self.line_ids for offer in line.offers or () if offer["kind"] != "nothing"]
        return self.verdict == "refuse" and all(offer["verdict"] == "refuse" for offer in offers)

    def _refused_text(self):
        """Why not, for the customer, in his language."""
        self.ensure_one()
        lines = self.line_ids.with_context(lang=self.partner_id.lang or self.env.lang)
        said = []
        for line in lines:
            said += [sentence for sentence in line._why() if sentence not in said]
        return "\n".join(said)
