from odoo import api, fields, models
from odoo.exceptions import UserError

from .reason_text import reasons_text


class DropshipException(models.Model):
    """Something went off the road after buying: what it is, who cares for it and until when."""

    _name = "dropship.exception"
    _description = "Exception"
    _inherit = ["dropship.state.mixin"]
    _order = "state, severity desc, deadline, id"

    _transitions = frozenset({("open", "solved"), ("solved", "open")})

    order_id = fields.Many2one(
        "sale.order", ondelete="cascade", index=True, help="Empty: it is about a supplier or a connection as a whole."
    )
    purchase_id = fields.Many2one("purchase.order", ondelete="cascade", index="btree_not_null")
    allocation_id = fields.Many2one("dropship.allocation", ondelete="set null", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade", index="btree_not_null")
    connection_id = fields.Many2one("dropship.connection", ondelete="cascade", index="btree_not_null")
    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, index=True)
    kind = fields.Selection(selection="_exception_kinds", required=True, index=True)
    severity = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "Urgent"), ("3", "Critical")], default="1", required=True
    )
    user_id = fields.Many2one("res.users", string="Responsible", index="btree_not_null")
    deadline = fields.Datetime(string="Solve By")
    state = fields.Selection([("open", "Open"), ("solved", "Solved")], default="open", required=True, index=True)
    reasons = fields.Json()
    description = fields.Text(compute="_compute_description")
    quantity = fields.Float(digits="Product Unit", help="How much the supplier is asked to take back; 0: everything.")
    solution = fields.Char()

    _open_once = models.UniqueIndex(
        "(company_id, COALESCE(order_id, 0), COALESCE(purchase_id, 0), COALESCE(allocation_id, 0), "
        "COALESCE(connection_id, 0), COALESCE(supplier_id, 0), COALESCE(shipment_id, 0), kind) WHERE state = 'open'",
        "This exception is already open.",
    )

    @api.model
    def _exception_kinds(self):
        """The kinds an exception may have. Other addons extend the list."""
        return [
            ("cancel_asked", self.env._("Sale cancelled after the purchase was sent")),
            ("quantity_lowered", self.env._("Quantity lowered after the purchase was sent")),
        ]

    @api.model
    def _verbs(self):
        """Which buttons solve which kind, the most usual first. Every part adds its own: {kind: [method, …]}."""
        return {}

    @api.model
    def _verb_titles(self):
        """What stands on the button of a verb: {method: title}. Every part adds its own."""
        return {}

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_description(self):
        for exception in self:
            exception.description = reasons_text(self.env, exception.reasons or [])

    @api.depends("kind", "order_id", "supplier_id", "connection_id")
    def _compute_display_name(self):
        kinds = dict(self._exception_kinds())
        for exception in self:
            about = exception.order_id.name or exception.sudo().connection_id.name or exception.sudo().supplier_id.name
            kind = kinds.get(exception.kind, exception.kind)
            exception.display_name = f"{about}: {kind}" if about else kind

    @api.model
    def _raise(self, allocation, kind, reasons):
        """Open an exception about an allocation that is with a supplier already, or refresh the open one.

        Severity, owner and clock follow from the rules: `dropship.exception.rule`.
        """
        old = self.search(
            [
                ("allocation_id", "=", allocation.id),
                ("shipment_id", "=", False),
                ("kind", "=", kind),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        if old:
            old.reasons = reasons
            return old
        vals = {
            "order_id": allocation.order_id.id,
            "purchase_id": allocation.purchase_id.id,
            "allocation_id": allocation.id,
            "supplier_id": allocation.supplier_id.id,
            "company_id": allocation.company_id.id,
            "kind": kind,
            "reasons": reasons,
        }
        with self._first_come():
            return self.create(vals)

    @api.model
    def _raise_about(self, company, kind, reasons, **about):
        """Open an exception about no single order, or refresh the open one.

        :param about: `connection_id`, `supplier_id`, `purchase_id`: ids of what it is about
        """
        domain = [("company_id", "=", company.id), ("kind", "=", kind), ("state", "=", "open")]
        domain += [("order_id", "=", False)]
        domain += [(name, "=", about.get(name, False)) for name in ("connection_id", "supplier_id", "purchase_id")]
        old = self.search(domain, limit=1)
        if old:
            old.reasons = reasons
            return old
        with self._first_come():
            return self.create({"company_id": company.id, "kind": kind, "reasons": reasons, **about})

    @api.model
    def _raise_parcel(self, shipment, kind, reasons):
        """Open an exception about a parcel, or refresh the open one.

        :return: the exception
        """
        exceptions_sudo = self.sudo()  # parcels are followed by the system
        shipment = shipment.sudo()
        old = exceptions_sudo.search(
            [("shipment_id", "=", shipment.id), ("kind", "=", kind), ("state", "=", "open")], limit=1
        )
        if old:
            old.reasons = reasons
            return old
        vals = {
            "order_id": shipment.order_id.id,
            "purchase_id": shipment.purchase_ids[:1].id,
            "allocation_id": shipment.line_ids.purchase_line_id.dropship_allocation_ids[:1].id,
            "supplier_id": shipment.supplier_id.id,
            "shipment_id": shipment.id,
            "company_id": shipment.company_id.id,
            "kind": kind,
            "reasons": reasons,
        }
        with self._first_come():
            return exceptions_sudo.create(vals)

    def action_supplier_agreed(self):
        """The supplier lets the goods go: the purchase is cancelled or lowered, the quantity is free again."""
        for exception in self:
            if exception.state != "open":  # an answer to another one may have settled it
                continue
            allocation = exception.sudo().allocation_id
            if allocation.state == "shipped":
                raise UserError(self.env._("The goods have left already. Press Too Late and ask for their return."))
            exception._set_state("solved", solution=self.env._("Supplier agreed"))
            if allocation.offer_id:
                exception.sudo().purchase_id._dropship_take_back(allocation, exception.quantity, exception.kind)
            else:
                allocation._keep(allocation.qty - exception.quantity)
        return True

    def action_too_late(self):
        """The supplier cannot stop it: the goods come and are paid."""
        self._set_state("solved", solution=self.env._("Too late, the goods are on their way"))
        return True
