from odoo import models


class PurchaseOrder(models.Model):
    """What an answer of the supplier means for his purchase."""

    _inherit = "purchase.order"

    def _dropship_take_answer(self, answer, message):
        """Do what the answer says, once; a repeated one changes nothing.

        :param dict answer: as `connectors.answer.clean` gives it
        :param message: the stored `dropship.exchange` it came in
        :raise UserError: when it cannot be taken; the message then needs a person
        """
        self.ensure_one()
        status, reason = answer["status"], answer.get("reason") or ""
        if answer.get("remote_ref") and not self.partner_ref:
            self.partner_ref = answer["remote_ref"]
        if status == "received":
            return
        if status in ("accepted", "shipped") and self.state == "sent":
            self._dropship_accept()
        elif status == "rejected" and self.state in ("sent", "purchase"):
            self.with_context(dropship_supplier_said_no=True)._dropship_refuse(
                reason or self.env._("No reason given")
            )
        elif status == "cancelled" and self.state in ("sent", "purchase"):
            self._dropship_take_cancelled(reason)
        elif (status in ("accepted", "shipped")) != (self.state == "purchase"):
            # He accepts what is bought elsewhere by now, or the like: nobody but a person can settle that.
            labels = dict(self._fields["state"]._description_selection(self.env))
            if self.state == "cancel" and status in ("accepted", "shipped"):
                message._call_buyer("answer_late", status=status, state=labels[self.state])

    def _dropship_take_cancelled(self, reason):
        """He stops it because we asked, or on his own account."""
        asked = self.dropship_allocation_ids._open_exceptions().filtered(
            lambda exception: exception.kind == "cancel_asked"
        )
        if asked:
            asked.action_supplier_agreed()
        else:
            self.with_context(dropship_supplier_said_no=True)._dropship_refuse(
                reason or self.env._("Cancelled by the supplier")
            )
