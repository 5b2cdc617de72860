import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# An earlier message of the same purchase in one of these goes first: no cancellation overtakes its order.
UNFINISHED = ("ready", "sending", "unknown", "parked")


class DropshipExchange(models.Model):
    """One message to or from a supplier. It is stored before anything is done about it, and kept."""

    _name = "dropship.exchange"
    _description = "Message to or from a Supplier"
    _inherit = ["dropship.lease.mixin", "dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset(
        {
            ("ready", "sending"),
            ("ready", "cancelled"),
            ("ready", "parked"),
            ("sending", "ready"),
            ("sending", "sent"),
            ("sending", "unknown"),
            ("sending", "rejected"),
            ("sending", "parked"),
            ("sent", "rejected"),  # the post office sent it back
            ("unknown", "rejected"),
            ("parked", "rejected"),
            ("unknown", "sent"),
            ("unknown", "ready"),
            ("unknown", "parked"),
            ("parked", "ready"),
            ("parked", "sent"),
            ("parked", "cancelled"),
            ("rejected", "ready"),
            ("rejected", "cancelled"),
            ("received", "processed"),
            ("received", "parked"),
            ("parked", "received"),
            ("parked", "processed"),
        }
    )

    direction = fields.Selection([("out", "To Supplier"), ("in", "From Supplier")], required=True, index=True)
    kind = fields.Selection(selection="_exchange_kinds", required=True)
    state = fields.Selection(
        [
            ("ready", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("unknown", "Outcome unknown"),
            ("rejected", "Not accepted"),
            ("parked", "Needs a person"),
            ("cancelled", "Cancelled"),
            ("received", "Received"),
            ("processed", "Done"),
        ],
        required=True,
        index=True,
        default="ready",
    )
    key = fields.Char(required=True, readonly=True, copy=False, help="The same message is never stored twice.")
    connection_id = fields.Many2one(
        "dropship.connection",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the answer came by the supplier's page.",
    )
    purchase_id = fields.Many2one("purchase.order", ondelete="cascade", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", ondelete="restrict", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, index=True)
    revision = fields.Integer(default=1)
    content = fields.Json(
        string="Particulars", help="What the message says beyond the order itself; written when it is decided."
    )
    payload = fields.Json(help="Out: what was sent. In: what came.")
    remote_ref = fields.Char(string="Supplier's Number", index="btree_not_null")
    sent_at = fields.Datetime(readonly=True)
    payload_text = fields.Text(string="Content", compute="_compute_payload_text")

    _key_uniq = models.UniqueIndex("(key)", "This message is already stored.")
    _out_goes_somewhere = models.Constraint(
        "CHECK (direction = 'in' OR connection_id IS NOT NULL)", "A message to a supplier needs a connection."
    )
    # Only what is still to be done is looked for, however long the history.
    _to_do = models.Index(
        "(connection_id, state, id) WHERE state IN ('ready', 'sending', 'unknown', 'parked', 'received')"
    )
    _answers_due = models.Index("(connection_id, next_try) WHERE state = 'sent' AND kind = 'order'")

    @api.model
    def _exchange_kinds(self):
        """What a message can be about. Other addons extend the list."""
        return [
            ("order", self.env._("Order")),
            ("cancel", self.env._("Cancellation asked")),
            ("change", self.env._("Change asked")),
            ("pay", self.env._("Payment")),
            ("ask", self.env._("Inquiry")),
            ("answer", self.env._("Answer")),
        ]

    @api.depends("kind", "purchase_id", "direction")
    def _compute_display_name(self):
        kinds = dict(self._exchange_kinds())
        for message in self:
            purchase_sudo = message.sudo().purchase_id  # the desk reads messages, not purchases
            message.display_name = f"{kinds.get(message.kind, message.kind)} {purchase_sudo.name or ''}".strip()

    @api.depends("payload")
    def _compute_payload_text(self):
        for message in self:
            message.payload_text = "\n".join(_lines(message.payload or {}))

    @api.model
    def _enqueue(self, purchase, kind, subject="", content=None, revision=1):
        """Write down that the supplier has to hear of something. Part of the transaction that decided it.

        :param str subject: what tells two messages of one kind about one purchase apart
        :param dict content: what it says beyond the order itself
        :return: the message; the one that exists already when the same was decided before
        """
        purchase.ensure_one()
        supplier = purchase.dropship_warehouse_id.supplier_id
        parts = [purchase.id, revision, kind, *filter(None, [subject])]
        values = {"purchase_id": purchase.id, "revision": revision, "content": content}
        return self._put_out(supplier, purchase.company_id, kind, parts, **values)

    @api.model
    def _put_out(self, supplier, company, kind, parts, **values):
        """Store a message to a supplier, once per key. Also for what is about no purchase.

        :param list parts: what makes the message this one; no two messages share them
        """
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        # The database's identity is part of the key: a copy of it must not pass for the original.
        key = hashlib.sha256(" ".join(map(str, [uuid, *parts])).encode()).hexdigest()
        known = self.search([("key", "=", key)])
        if known:
            return known
        with self._first_come():
            message = self.create(
                {
                    "direction": "out",
                    "kind": kind,
                    "key": key,
                    "connection_id": supplier.connection_id.id,
                    "supplier_id": supplier.id,
                    "company_id": company.id,
                    **values,
                }
            )
        self.env.ref("dropship_flow.cron_relay")._trigger()
        return message

    @api.model
    def _receive(self, connection, message):
        """Store what a supplier's system said, once. What it means is decided afterwards.

        :param dict message: an answer, as `connectors.answer.clean` gives it
        """
        purchase = self.env["purchase.order"].search(
            [
                ("name", "=", message["ref"]),
                ("dropship_warehouse_id.supplier_id.connection_id", "=", connection.id),
            ],
            limit=1,
        )
        company = purchase.company_id or connection.company_id or self.env.company
        supplier = purchase.dropship_warehouse_id.supplier_id
        return self._put_in(message, f"in {connection.id}", purchase, supplier, company, connection)

    @api.model
    def _put_in(self, message, way, purchase, supplier, company, connection=None, **values):
        """Store an answer once: the same words by the same way are the same answer, whatever their number.

        :param str way: where it came in; part of the key
        :return: the new message, state received; none when it is known
        """
        said = {name: value for name, value in message.items() if name != "serial"}
        key = hashlib.sha256(f"{way} {json.dumps(said, sort_keys=True)}".encode()).hexdigest()
        if self.search_count([("key", "=", key)], limit=1):
            return self.browse()
        with self._first_come():
            return self.create(
                {
                    "direction": "in",
                    "kind": "answer",
                    "state": "received",
                    "key": key,
                    "connection_id": connection.id if connection else False,
                    "purchase_id": purchase.id,
                    "supplier_id": supplier.id,
                    "company_id": company.id,
                    "payload": message,
                    "remote_ref": message.get("remote_ref"),
                    **values,
                }
            )

    # ------------------------------------------------------------------
    # What a person may do
    # ------------------------------------------------------------------

    def action_retry(self):
        """Send again, or look at an answer again. The key stays: a supplier who has it already says so."""
        for message in self._desk_sudo():
            if message.state in ("parked", "rejected") and message.direction == "out":
                message._set_state("ready", next_try=False, error=False, stops=0)
            elif message.state == "parked":
                message._set_state("received", error=False, stops=0)
            elif message.state in ("ready", "unknown"):
                message.next_try = False
            elif message.state == "sent":
                message.next_try = message.create_date  # long past, by the database's own clock
        self.env.ref("dropship_flow.cron_relay")._trigger()
        return True

    def action_park(self):
        """Hold back what was not sent yet; it goes when somebody presses Retry."""
        for message in self._desk_sudo():
            if message.state != "ready":
                raise UserError(self.env._("Only a message that still waits to be sent can be held back."))
            message._set_state("parked", next_try=False, error=self.env._("Held back by %s.", self.env.user.name))
        return True

    def action_it_arrived(self):
        """A person asked the supplier: he has it. His answer is asked for as usual."""
        self.check_access("write")
        for message in self._only_parked():
            message._set_state("sent", error=False, sent_at=fields.Datetime.now(), next_try=message.create_date)
        return True

    def action_drop(self):
        """A person decides that the message is not sent (any more)."""
        self.check_access("write")
        for message in self.sudo():
            if message.state == "unknown":
                raise UserError(
                    self.env._("Nobody knows yet whether the supplier has %s. Wait, or ask him.", message.display_name)
                )
            message._set_state("cancelled" if message.direction == "out" else "processed")
        return True

    def _desk_sudo(self):
        """Holding back and sending again decide nothing: the desk does it. What a message may say is nobody's to write.

        :raise AccessError: for anybody else
        """
        self.check_access("read")
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Only the order desk can do this."))
        return self.sudo()

    def _only_parked(self):
        others = self.filtered(lambda message: message.state != "parked" or message.direction != "out")
        if others:
            raise UserError(self.env._("Only messages that need a person can be settled by hand."))
        return self.sudo()


def _lines(data, depth=0):
    """Nested data as indented lines for people."""
    for name, value in data.items() if isinstance(data, dict) else enumerate(data, 1):
        if isinstance(value, (dict, list)):
            yield f"{'    ' * depth}{name}:"
            yield from _lines(value, depth + 1)
        elif value not in (None, "", False):
            yield f"{'    ' * depth}{name}: {value}"
