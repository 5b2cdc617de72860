"""Messages that are no orders, what is answered to them, and messages written by another version of this addon."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..connectors.outcome import AGAIN, PARKED, SENT, Outcome

# The form of stored messages this version reads and writes. A server of another version may share the database.
SCHEMA = 1


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    schema = fields.Integer(
        string="Version", default=SCHEMA, required=True, readonly=True, help="The form in which the message is stored."
    )
    remote_ids = fields.Json(
        string="Supplier's Numbers", readonly=True, help="All of them, when his system made several orders of ours."
    )
    reply_to_id = fields.Many2one(
        "dropship.exchange", string="Answer To", readonly=True, ondelete="set null", index="btree_not_null"
    )

    def _reference(self):
        """Our reference of what the message is about."""
        self.ensure_one()
        return self.purchase_id.name or (self.content or {}).get("ref") or f"M{self.id}"

    def _remote_ids_of_order(self):
        """All numbers the supplier gave to the order of this message's purchase, when they are several."""
        self.ensure_one()
        orders = self.search(
            [("purchase_id", "=", self.purchase_id.id), ("kind", "=", "order"), ("direction", "=", "out")], order="id"
        )
        return next((message.remote_ids for message in reversed(orders) if message.remote_ids), [])

    def _check_schema(self):
        """
        :raise UserError: another version wrote the message; it waits for a server that can read it
        """
        for message in self:
            if message.schema != SCHEMA:
                raise UserError(
                    self.env._(
                        "This message was stored in form %(theirs)s, this server reads form %(ours)s. "
                        "Press Retry once all servers run the same version.",
                        theirs=message.schema,
                        ours=SCHEMA,
                    )
                )

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    def _end_of(self, outcome):
        """Override: every number the supplier gave is kept."""
        state, values = super()._end_of(outcome)
        if outcome.remote_ids:
            values["remote_ids"] = outcome.remote_ids
        return state, values

    def _settle(self, token, answer, outcome):
        """Override: that an order is known says nothing about a change or a payment of it.

        A change or an inquiry goes again under its key, which the other side does not act on twice. Money is not
        asked to move again unless the supplier says that it did not.
        """
        if self.kind in ("order", "cancel") or outcome.state != SENT:
            return super()._settle(token, answer, outcome)
        if self.kind != "pay":
            found = Outcome(AGAIN, wait=0.0)
        elif answer and answer.get("paid") is True:
            found = Outcome(SENT, remote_ref=answer["remote_ref"], answers=[answer])
        elif answer and answer.get("paid") is False:
            found = Outcome(AGAIN, wait=0.0)
        else:
            found = Outcome(PARKED, error=self.env._("Nobody knows whether the payment arrived: ask the supplier."))
        return self._finish(token, found)

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, connection, message):
        """Override: what is answered to a change, an inquiry or a payment belongs to the message that asked."""
        if not message.get("about"):
            return super()._receive(connection, message)
        question = self[:1]
        company = question.company_id or connection.company_id or self.env.company
        return self._put_in(
            message,
            f"in {connection.id} {question.id or ''}",
            question.purchase_id,
            question.supplier_id,
            company,
            connection,
            reply_to_id=question.id,
        )

    def _process(self):
        """Override: what another version stored waits; a reply is taken by `_take_reply_<about>`."""
        self.ensure_one()
        try:
            self._check_schema()
        except UserError as error:
            return self._set_state("parked", error=str(error))
        about = (self.payload or {}).get("about")
        if not about:
            return super()._process()
        take = getattr(self, f"_take_reply_{about}", None)
        if take is None:
            return self._leave_to_person()
        take(self.payload)
        if self.state == "received":
            self._set_state("processed")
        return None

    def _leave_to_person(self):
        error = self.env._("The supplier answered; enter his answer by hand: %s", self._reply_text())
        return self._set_state("parked", error=error)

    def _take_reply_change(self, reply):
        """What he says to a change, for whoever keeps the changes of the purchase."""
        if hasattr(self.purchase_id, "_dropship_take_change"):
            return self.purchase_id._dropship_take_answer(reply, self)
        return self._leave_to_person()

    def _take_reply_pay(self, reply):
        """He has the money: the end of our message says so already; another sum than ours is for a person."""
        asked = (self.reply_to_id.content or {}).get("amount")
        if asked is not None and reply["amount"] is not None and abs(asked - reply["amount"]) > 0.005:
            self._leave_to_person()

    def _reply_text(self):
        """A reply in one line for a person."""
        reply = self.payload or {}
        names = ("answer", "paid", "amount", "currency", "reason")
        return ", ".join(str(reply[name]) for name in names if reply.get(name) not in (None, ""))

    def _take_reply_ask(self, reply):
        """What he has and for how much: his offers say so from now on.

        :param dict reply: as `connectors.replies.ask` gives it
        """
        now = fields.Datetime.now()
        rows = [
            {**{name: line[name] for name in ("sku", "stock", "price", "currency")}, "as_of": now}
            for line in reply["lines"]
        ]
        self.env["dropship.offer"]._take_figures(self.supplier_id, self.company_id, rows)


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _prepare(self, message):
        """Override: what this version cannot read is not sent half-understood."""
        message._check_schema()
        return super()._prepare(message)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    connection_code = fields.Char(
        string="Code at the Connection",
        tracking=True,
        help="How the account of the connection calls this supplier, when one account serves many sellers.",
    )

    _connection_code_uniq = models.UniqueIndex(
        "(connection_id, connection_code) WHERE connection_id IS NOT NULL AND connection_code IS NOT NULL",
        "Another supplier of this connection has the same code.",
    )
