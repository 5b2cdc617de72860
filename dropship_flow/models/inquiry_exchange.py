from odoo import api, fields, models
from odoo.exceptions import UserError

from ..connectors.outcome import PARKED, REJECTED


class DropshipExchange(models.Model):
    """Inquiries travel as every message does; their answers come back to the inquiry."""

    _inherit = "dropship.exchange"

    inquiry_id = fields.Many2one("dropship.inquiry", readonly=True, ondelete="cascade", index="btree_not_null")

    @api.model
    def _exchange_kinds(self):
        return [
            *super()._exchange_kinds(),
            ("quote", self.env._("Answer to an inquiry")),
        ]

    @api.depends("inquiry_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for message in self.filtered("inquiry_id"):
            message.display_name = f"{message.display_name} {message.inquiry_id.name}"
        return result

    @api.model
    def _receive(self, connection, message):
        """Override: what is said to an inquiry is kept with it."""
        inquiry = self.env["dropship.inquiry"].search([("name", "=", message["ref"])], limit=1)
        suppliers = inquiry.line_ids.supplier_id.filtered(lambda supplier: supplier.connection_id == connection)
        if not inquiry or not suppliers or "lines" not in message or message.get("about", "ask") != "ask":
            return super()._receive(connection, message)
        # One account may serve many suppliers: the question that was sent says which of them answers.
        asked = self if len(self) == 1 and self.kind == "ask" else self.browse()
        supplier = asked.supplier_id or suppliers[:1]
        return self._put_in(
            message,
            f"in {connection.id} {supplier.id}",
            self.env["purchase.order"],
            supplier,
            inquiry.company_id,
            connection,
            kind="quote",
            inquiry_id=inquiry.id,
        )

    @api.model
    def _put_in(self, message, way, purchase, supplier, company, connection=None, **values):
        """Override: what a supplier's program replies to an inquiry is kept as its answer, wherever it came in."""
        if message.get("about") == "ask":
            inquiry = self.env["dropship.inquiry"].search([("name", "=", message["ref"])], limit=1)
            if supplier in inquiry.line_ids.supplier_id:
                message = {name: value for name, value in message.items() if name != "about"}
                values = {**values, "kind": "quote", "inquiry_id": inquiry.id}
                company = inquiry.company_id
        return super()._put_in(message, way, purchase, supplier, company, connection, **values)

    def _process(self):
        """Override: answers to an inquiry refresh the offers."""
        if self.kind != "quote":
            return super()._process()
        return self._take_quote()

    def _take_quote(self):
        if not self.payload["lines"]:  # he will answer later
            self._set_state("processed")
            return
        way = "email" if self.connection_id.kind == "email" else "api"
        try:
            with self.env.cr.savepoint():
                self.inquiry_id._dropship_take_inquiry(self.supplier_id, self.payload["lines"], way, self)
        except UserError as error:  # a person looks at it; the clock of the inquiry goes on
            self._set_state("parked", error=str(error))
        else:
            self._set_state("processed")

    def _after(self, outcome):
        """Override: nobody waits for whom the question did not reach."""
        result = super()._after(outcome)
        # A supplier with a page of his own finds the question there, mail or not.
        if self.kind == "ask" and outcome.state in (REJECTED, PARKED) and self.connection_id.kind != "desk":
            self._not_reached()
        return result

    def _mail_came_back(self, text):
        result = super()._mail_came_back(text)
        if self.kind == "ask":
            self._not_reached()
        return result

    def _not_reached(self):
        lines = self.inquiry_id.line_ids.filtered(
            lambda line: line.supplier_id == self.supplier_id and line.state == "waiting"
        )
        lines.state = "unreachable"
        self.inquiry_id._close_if_answered()
