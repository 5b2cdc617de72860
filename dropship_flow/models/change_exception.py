"""How requests to the supplier, the exceptions of the buyer and the customer's order keep saying the same."""

from odoo import api, fields, models

from .change_request import FROM_EXCEPTIONS


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    change_request_id = fields.Many2one("dropship.change.request", readonly=True, index="btree_not_null")

    @api.model
    def _exception_kinds(self):
        return [
            *super()._exception_kinds(),
            ("change_refused", self.env._("Change not accepted by the supplier")),
            ("change_unanswered", self.env._("Supplier does not answer a change")),
        ]

    @api.model
    def _raise(self, allocation, kind, reasons):
        """Override: where the supplier can answer by himself, he is asked."""
        exception = super()._raise(allocation, kind, reasons)
        if kind in FROM_EXCEPTIONS:
            self.env["dropship.change.request"].sudo()._ask_for_exception(exception.sudo())
        return exception

    def write(self, vals):
        """Override: the question to the supplier says what the exception says, and ends with it."""
        result = super().write(vals)
        if vals.get("state") == "solved":
            self._close_requests("withdrawn")
        if "quantity" in vals:
            for exception in self.filtered(lambda row: row.kind in FROM_EXCEPTIONS and row.state == "open"):
                self.env["dropship.change.request"].sudo()._ask_for_exception(exception.sudo())
        return result

    def action_supplier_agreed(self):
        """Override: about a change it means "he does it after all"."""
        changes = self.filtered("change_request_id")
        for exception in changes.filtered(lambda exception: exception.state == "open"):
            exception.check_access("write")
            exception.sudo().change_request_id._answer("yes")
            exception._set_state("solved", solution=self.env._("Supplier agreed"))
        (self - changes).check_access("write")
        (self - changes)._close_requests("yes")
        return super(DropshipException, self - changes).action_supplier_agreed()

    def action_too_late(self):
        self.check_access("write")
        self._close_requests("too_late")
        result = super().action_too_late()
        for request_sudo in self.sudo().change_request_id.filtered(lambda request: request.state == "asked"):
            request_sudo._set_state("too_late", answered_at=fields.Datetime.now(), answered_by_id=self.env.uid)
            request_sudo.order_id._dropship_tell_address()
        return result

    def _close_requests(self, answer):
        # The exception was answered by somebody with the right to; the request says the same.
        requests_sudo = self.env["dropship.change.request"].sudo()
        asked = requests_sudo.search([("exception_id", "in", self.ids), ("state", "=", "asked")])
        asked._set_state(answer, answered_at=fields.Datetime.now(), answered_by_id=self.env.uid)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_tell_address(self):
        """Tell a customer who asked for another address what became of it, once every sender has answered."""
        for order in self:
            asked = order.dropship_change_ids.filtered(lambda change: change.kind == "address" and change.by_customer)
            if asked and not any(change.state in ("draft", "asked") for change in asked):
                asked._tell_customer()
