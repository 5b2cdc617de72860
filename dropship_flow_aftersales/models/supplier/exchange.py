"""Returns and claims travel as every message does; what is said to them comes back to the case or the claim."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...connectors.json_returns import PATHS, about
from .words import TELL

KINDS = tuple(PATHS)


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    side_id = fields.Many2one(
        "dropship.return.side", string="Return", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    claim_id = fields.Many2one("dropship.claim", readonly=True, ondelete="cascade", index="btree_not_null")

    @api.model
    def _exchange_kinds(self):
        return [
            *super()._exchange_kinds(),
            ("return", self.env._("Return")),
            ("return_parcel", self.env._("Return parcel")),
            ("return_cancel", self.env._("Return called off")),
            ("claim", self.env._("Claim")),
            ("claim_objection", self.env._("Objection to an answer")),
        ]

    @api.depends("side_id.ref", "claim_id.name")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for message in self:
            if ref := message.sudo().side_id.ref or message.sudo().claim_id._supplier_ref():
                message.display_name = f"{message.display_name} {ref}"
        return result

    def _about_return(self):
        """Whether the message goes out about a return or a claim."""
        return self.kind in KINDS

    def _mail_name(self):
        """Override: named by the number of the return or claim."""
        if self._about_return():
            return f"{(self.content or {}).get('ref') or self.display_name} rev {self.revision}"
        return super()._mail_name()

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    def _after(self, outcome):
        """Override: whoever has the case hears of a message that will not go by itself."""
        result = super()._after(outcome)
        # A supplier with a page of his own finds it there, mail or not.
        if self._about_return() and self.state in ("parked", "rejected") and self.connection_id.kind != "desk":
            self._call_case(outcome.error)
        return result

    def _mail_came_back(self, text):
        """Override: the same of a mail that came back."""
        result = super()._mail_came_back(text)
        if self._about_return():
            self._call_case(text)
        return result

    def _call_case(self, error):
        record = self.side_id.return_id or self.claim_id
        summary = self.env._("%(message)s did not reach %(supplier)s",
                             message=self.display_name, supplier=self.supplier_id.name)  # fmt: skip
        if record and not record.activity_ids.filtered(lambda activity: activity.summary == summary):
            user = self.side_id.return_id.user_id or self.supplier_id.user_id or self.env.ref("base.user_admin")
            record.activity_schedule(TELL, summary=summary, note=error or "", user_id=user.id)

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _put_in(self, message, way, purchase, supplier, company, connection=None, **values):
        """Override: what is said to a return or a claim is kept with it, wherever it came in."""
        if message.get("about") == "return":
            side = self.env["dropship.return.side"]._of(message["ref"], supplier)
            values = {"side_id": side.id, **values}
            company = side.company_id or company
        elif message.get("about") == "claim":
            claim = self.env["dropship.claim"]._of_supplier(message["ref"], supplier)
            values = {"claim_id": claim.id, **values}
            company = claim.company_id or company
        return super()._put_in(message, way, purchase, supplier, company, connection, **values)

    def _said_by(self):
        """Whose words these are: the supplier the message names, or all of the account it came by."""
        return self.supplier_id or self.connection_id.supplier_ids

    def _take_reply_return(self, reply):
        """What he says to a return.

        :raise UserError: it cannot be taken; the message then waits for a person with the reason
        """
        side = self.side_id or self.env["dropship.return.side"]._of(reply["ref"], self._said_by())
        if not side:
            raise UserError(self.env._("No return of this supplier has the number %s.", reply["ref"]))
        self.side_id = side
        side._take(reply, f"message {self.id}", self._enclosed("photo"), self._enclosed("label")[:1])
        side._messages()._answered()

    def _take_reply_claim(self, reply):
        """What he says to a claim."""
        claim = self.claim_id or self.env["dropship.claim"]._of_supplier(reply["ref"], self._said_by())
        if not claim:
            raise UserError(self.env._("No claim against this supplier has the number %s.", reply["ref"]))
        self.claim_id = claim
        claim._take_reply(reply, f"message {self.id}")
        claim._messages()._answered()

    def _enclosed(self, what):
        """What came with the answer: attachments of this message whose description says what they are."""
        files_sudo = self.env["ir.attachment"].sudo()  # written by whoever took the answer
        return files_sudo.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("description", "=", what)], order="id"
        )

    def _answered(self):
        """Nobody need ask any more what he says to these."""
        self.filtered(lambda message: message.state == "sent").next_try = False

    @api.model
    def _reply_about(self, kind):
        """return or claim: what a message of this kind is about."""
        return about(kind)


class DropshipReturnSide(models.Model):
    _inherit = "dropship.return.side"

    def _messages(self):
        """Our messages to the supplier about these."""
        return self.exchange_ids.filtered(lambda message: message.direction == "out")
