"""Parcels that do not fit what was bought: each comes to a person, and changes nothing it must not."""

from odoo import api, models
from odoo.exceptions import UserError

from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "number_digit": _lt(
            "The check digit of %(number)s does not fit: a digit was probably mistyped. Compare it with the label of "
            "%(carrier)s and correct it, or say that it is right."
        ),
        "number_typed": _lt(
            '"%(text)s" on transfer %(transfer)s is no tracking number: nobody can follow the parcel. Type the one '
            "from the label."
        ),
        "number_clash": _lt(
            "%(number)s on transfer %(transfer)s is the number of another parcel already (%(orders)s): check both "
            "labels."
        ),
        "ship_ended": _lt(
            "The carrier has parcel %(number)s of %(supplier)s, but %(purchase)s was cancelled%(others)s: nothing is "
            "booked. Ask for the goods back, or take them and settle with the supplier."
        ),
        "ship_stuck": _lt(
            "The carrier has parcel %(number)s, but its goods cannot be booked as gone: %(why)s Correct that, then "
            "press It Left."
        ),
    }
)


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _raise_stuck(self, error):
        """The carrier has what we cannot book as gone."""
        self.ensure_one()
        purchases = self.sudo().purchase_ids
        ended = purchases.filtered(lambda purchase: purchase.state == "cancel")
        exceptions = self.env["dropship.exception"]
        if not ended:
            return exceptions._raise_parcel(
                self, "ship_stuck", [["ship_stuck", {"number": self.number, "why": str(error)}]]
            )
        instead = ended._dropship_instead()
        names = ", ".join(dict.fromkeys(row._source_name() for row in instead))
        others = self.env._(" and bought at %s instead", names) if names else ""
        params = {
            "number": self.number,
            "supplier": self.supplier_id.name or "?",
            "purchase": ", ".join(ended.mapped("name")),
            "others": others,
        }
        return exceptions._raise_parcel(self, "ship_ended", [["ship_ended", params]])

    def _solve(self, kind, words):
        """Close the open exception of a kind about these parcels."""
        found_sudo = self.env["dropship.exception"].sudo()  # the system sees that it is over
        found_sudo = found_sudo.search([("shipment_id", "in", self.ids), ("kind", "=", kind), ("state", "=", "open")])
        found_sudo._set_state("solved", solution=words)

    def _after_dispatch(self):
        """Override: what could not be booked is."""
        result = super()._after_dispatch()
        self._solve("ship_stuck", self.env._("It left"))
        return result


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_instead(self):
        return self.env["dropship.allocation"].union(*(order._dropship_bought_instead() for order in self))


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _dropship_raise_typed(self, texts):
        """A person typed something that is no number."""
        params = {"text": ", ".join(texts)[:80], "transfer": self.name}
        self._dropship_raise_about("number_typed", params)

    def _dropship_raise_clash(self, number, box):
        orders = ", ".join(box.order_ids.mapped("name")) or box.number
        self._dropship_raise_about("number_clash", {"number": number, "transfer": self.name, "orders": orders})

    def _dropship_raise_about(self, kind, params):
        self.ensure_one()
        rows = (self.move_ids.purchase_line_id | self.purchase_id.order_line).dropship_allocation_ids
        row = (rows or self.move_ids.sale_line_id.dropship_allocation_ids)[:1]
        if row:
            self.env["dropship.exception"].sudo()._raise(row, kind, [[kind, params]])


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [
            *super()._exception_kinds(),
            ("number_doubtful", self.env._("Tracking number cannot be right")),
            ("number_typed", self.env._("No tracking number")),
            ("number_clash", self.env._("Number of another parcel")),
            ("ship_ended", self.env._("Shipped although the purchase ended")),
            ("ship_stuck", self.env._("Shipped, but not bookable")),
        ]

    @api.model
    def _verbs(self):
        return {
            **super()._verbs(),
            "number_doubtful": ["action_correct_number", "action_number_right"],
            "number_typed": ["action_open_purchase", "action_done"],
            "number_clash": ["action_open_purchase", "action_done"],
            "ship_ended": ["action_open_parcel", "action_done", "action_open_purchase"],
            "ship_stuck": ["action_it_left", "action_open_parcel", "action_done"],
        }

    @api.model
    def _verb_titles(self):
        return {
            **super()._verb_titles(),
            "action_correct_number": self.env._("Correct the Number"),
            "action_number_right": self.env._("It Is Right"),
            "action_open_parcel": self.env._("Open Parcel"),
            "action_it_left": self.env._("It Left"),
        }

    def action_correct_number(self):
        self.ensure_one()
        return self._for_verb("action_correct_number").shipment_id.action_correct()

    def action_number_right(self):
        """A person compared it with the label."""
        self._for_verb("action_number_right")._set_state("solved", solution=self.env._("Compared with the label"))
        return True

    def action_open_parcel(self):
        self.ensure_one()
        if not self.shipment_id:
            raise UserError(self.env._("This is about no parcel."))
        return self.shipment_id.get_formview_action()

    def action_it_left(self):
        """What stood in the way is gone: book it."""
        for exception in self._for_verb("action_it_left"):
            exception.shipment_id.action_dispatch()
        return True
