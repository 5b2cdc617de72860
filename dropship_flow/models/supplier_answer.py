import re

from odoo import models
from odoo.exceptions import UserError

from ..sheets.numbers import tidy
from ..supplier_desk import form

MAX_NUMBERS = 10


class PurchaseOrder(models.Model):
    """What a supplier does on the page of a purchase: accept it, say that it left and under which number."""

    _inherit = "purchase.order"

    def _dropship_answer_state(self):
        """What the page offers: 'accept', 'ship', 'shipped', 'cancelled', or False for purchases of others."""
        self.ensure_one()
        order_sudo = self.sudo()
        if not order_sudo.dropship_warehouse_id or order_sudo.state in ("draft", "to approve"):
            return False
        if order_sudo.state == "cancel":
            return "cancelled"
        if order_sudo.state == "sent":
            return "accept"
        return "ship" if order_sudo._dropship_waiting_transfers() else "shipped"

    def _dropship_waiting_transfers(self):
        """The transfers to the customer that have not left yet."""
        return self.picking_ids.filtered(
            lambda picking: (
                picking.picking_type_id.code == "dropship"
                and not picking.return_id
                and picking.state not in ("done", "cancel")
            )
        )

    def _dropship_answer(self, verb, numbers=""):
        """Do what the supplier says. A repeated answer changes nothing.

        :param str verb: accept, ship
        :param str numbers: tracking numbers, one per line
        :raise UserError: when the purchase is not there any more, or a number is none
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        state = self._dropship_answer_state()
        if state == "cancelled":
            raise UserError(self.env._("This order was cancelled. Please do not ship it."))
        if not state:
            raise UserError(self.env._("This order is not open for an answer. Please ask us."))
        if verb == "ship":
            parcels = [{"number": number, "lines": []} for number in self._dropship_numbers(numbers)]
            if state != "shipped":
                self._dropship_desk_put({"status": "shipped", "parcels": parcels}, self._dropship_desk_stamp())
        elif state == "accept":
            self._dropship_desk_put(form.accept(), self._dropship_desk_stamp())

    def _dropship_numbers(self, text):
        """Clean tracking numbers, each once.

        :raise UserError: when there is none, or one cannot be a tracking number
        """
        found = []
        for line in re.split(r"[\n,;，；、/|]+", (text or "")[:2000]):
            if not line.strip("\u200b\ufeff \t\r"):
                continue
            number = tidy(line)
            if not number:
                raise UserError(
                    self.env._(
                        '"%s" is no tracking number. It has 5 to 40 letters and digits: copy it from the label.',
                        line.strip()[:40],
                    )
                )
            if number not in found:
                found.append(number)
        if not found:
            raise UserError(self.env._("Enter the tracking number from the label."))
        if len(found) > MAX_NUMBERS:
            raise UserError(self.env._("More than %s numbers for one order. Please ask us.", MAX_NUMBERS))
        return found

    def _dropship_ship(self, references):
        """All that waits left, under the numbers of its parcels. Once everything is gone nothing changes."""
        if self._dropship_waiting_transfers():
            self._dropship_take_parcels([{"number": number, "carrier": ""} for number in references])
