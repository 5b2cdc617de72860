from uuid import uuid4

from odoo import models
from odoo.exceptions import UserError

from ..connectors import answer as answer_form


class PurchaseOrder(models.Model):
    """What a person of ours heard from a supplier goes the same way as what his system says."""

    _inherit = "purchase.order"

    def _dropship_say(self, answer, way):
        """Store an answer somebody gave or typed, and act on it at once.

        :param dict answer: status and lines in the form of `connectors.answer`; the reference is added
        :param str way: where it came in; part of the key under which the same words are known
        :return: the message; none when the same words came the same way before
        :raise UserError: when it cannot be taken; nothing is kept then, for the person is there to mend it
        """
        self.ensure_one()
        try:
            answer = answer_form.clean({**answer, "ref": self.name})
        except ValueError as error:
            raise UserError(self.env._("The answer cannot be read: %s", error)) from error
        supplier = self.dropship_warehouse_id.supplier_id
        message = self.env["dropship.exchange"]._put_in(answer, way, self, supplier, self.company_id)
        if message:
            message._process()
            if message.state == "parked":
                raise UserError(message.error)
        return message

    def _dropship_say_by_hand(self, answer):
        """The same, typed by a person of ours; whoever types it twice means it."""
        self_sudo = self.sudo().with_context(dropship_by_hand=True)  # messages are written by the system alone
        return self_sudo._dropship_say(answer, f"hand {self.env.uid} {uuid4().hex}")

    def action_dropship_enter_answer(self):
        """Type what the supplier said, line by line."""
        self.ensure_one()
        self.check_access("write")
        return self.env["dropship.answer.enter"]._open(self)
