from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..address import ship_to as frozen
from .reason_text import FLOW_REASONS, _lt

ANSWERS = ("yes", "no", "too_late")
# Exceptions that ask the supplier something: he answers them in the same place.
FROM_EXCEPTIONS = {"cancel_asked": "cancel", "quantity_lowered": "quantity"}
FLOW_REASONS.update(
    {
        "address_refused": _lt(
            "%(supplier)s cannot change the delivery address of %(purchase)s: the parcel goes to the old one."
        ),
        "address_too_late": _lt(
            "Too late for the new delivery address: %(supplier)s has shipped %(purchase)s to the old one."
        ),
        "change_unanswered": _lt("%(supplier)s has not answered the change of %(purchase)s in time: call him."),
        "expedite_refused": _lt("%(supplier)s cannot ship %(purchase)s earlier."),
    }
)


class DropshipChangeRequest(models.Model):
    """Something about a purchase that is with the supplier should change: he says yes, no or too late.

    Nothing changes before he said yes. What he was asked and when stays on record.
    """

    _name = "dropship.change.request"
    _description = "Change Request"
    _inherit = ["dropship.state.mixin"]
    _order = "state, deadline, id desc"

    _transitions = frozenset(
        {
            ("draft", "asked"),
            ("draft", "too_late"),
            ("draft", "withdrawn"),
            ("asked", "yes"),
            ("asked", "no"),
            ("asked", "too_late"),
            ("asked", "withdrawn"),
            ("no", "yes"),  # he was talked round
        }
    )

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade", index=True)
    allocation_id = fields.Many2one("dropship.allocation", readonly=True, ondelete="cascade", index="btree_not_null")
    exception_id = fields.Many2one("dropship.exception", readonly=True, ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("address", "Delivery Address"), ("cancel", "Cancel"), ("quantity", "Quantity"), ("expedite", "Ship Earlier")],
        required=True,
        index=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "Asked"),
            ("yes", "Yes"),
            ("no", "No"),
            ("too_late", "Too Late"),
            ("withdrawn", "Withdrawn"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    old_values = fields.Json(readonly=True)
    new_values = fields.Json(readonly=True)
    partner_id = fields.Many2one("res.partner", string="New Address", readonly=True, ondelete="set null")
    description = fields.Text(compute="_compute_description")
    note = fields.Char(help="What else the supplier should know, or what he answered.")
    asked_by_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    by_customer = fields.Boolean(string="By the Customer", readonly=True, help="The customer is told the answer.")
    deadline = fields.Datetime(string="Answer Until", readonly=True)
    reminded = fields.Boolean(readonly=True)
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True)

    _asked_once = models.UniqueIndex(
        "(purchase_id, COALESCE(allocation_id, 0), kind) WHERE state IN ('draft', 'asked')",
        "The supplier is already asked about this.",
    )

    @api.depends("kind", "old_values", "new_values", "note")
    @api.depends_context("lang")
    def _compute_description(self):
        for request in self:
            request.description = request._description_text()

    def _description_text(self):
        """What should change, in words the supplier may read."""
        self.ensure_one()
        old, new = self.old_values or {}, self.new_values or {}
        if self.kind == "address":
            return "\n".join([*frozen.lines(new), *filter(None, [new.get("phone")])])
        product = new.get("product") or old.get("product") or ""
        if self.kind == "quantity":
            return self.env._(
                "%(product)s: %(new)s instead of %(old)s", product=product, old=old.get("qty"), new=new.get("qty")
            )
        if self.kind == "cancel":
            return self.env._("Do not ship %(product)s", product=product) if product else self.env._("Do not ship")
        return self.note or self.env._("Please ship as early as you can")

    @api.depends("kind", "purchase_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = f"{request.sudo().purchase_id.name}: {kinds.get(request.kind, '')}"

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _deadline(self, purchase):
        """Until when the answer is expected: after the configured hours, and before the goods are planned to move."""
        hours = self.env["ir.config_parameter"].sudo().get_param("dropship_flow.change_answer_hours", "24")
        try:
            hours = max(float(hours), 0.0)
        except ValueError:
            hours = 24.0
        now = fields.Datetime.now()
        until = now + timedelta(hours=hours)
        planned = purchase.date_planned
        return min(until, planned) if planned and planned > now else until

    @api.model
    def _ask_address(self, purchase, rows, address):
        """Ask the supplier of `purchase` to send `rows` to another address.

        Another wish while he has not answered replaces the one before; a wish for what he has already is withdrawn.
        """
        requests_sudo = self.sudo()  # anybody who may change the order may ask
        fingerprint = frozen.fingerprint(address)
        open_one = requests_sudo.search(
            [("purchase_id", "=", purchase.id), ("kind", "=", "address"), ("state", "in", ("draft", "asked"))], limit=1
        )
        if all(row.ship_to_hash == fingerprint for row in rows):
            open_one._set_state("withdrawn")
            return open_one
        vals = {
            "new_values": address,
            "partner_id": rows.order_id.partner_shipping_id.id,
            "by_customer": self.env.user.share or bool(self.env.context.get("dropship_by_customer")),
            "asked_by_id": self.env.uid,
        }
        if open_one:
            if open_one.new_values != address:
                open_one.write({**vals, "deadline": self._deadline(purchase), "reminded": False})
            return open_one
        request = requests_sudo._make(purchase, rows, "address", old_values=rows[:1].ship_to or {}, **vals)
        left = all(row.state == "shipped" for row in rows)
        request._ended("too_late") if left else request._ask()
        return request

    @api.model
    def _make(self, purchase, rows, kind, **vals):
        with self._first_come():
            return self.create(
                {
                    "order_id": rows.order_id[:1].id,
                    "purchase_id": purchase.id,
                    "company_id": purchase.company_id.id,
                    "kind": kind,
                    "deadline": self._deadline(purchase),
                    **vals,
                }
            )

    @api.model
    def _ask_for_exception(self, exception):
        """What an exception asks the supplier, where he can answer it himself."""
        allocation, kind = exception.allocation_id, FROM_EXCEPTIONS[exception.kind]
        if not allocation.offer_id or not exception.purchase_id:
            return self
        left = max(allocation.qty - exception.quantity, 0.0) if exception.quantity else 0.0
        product = allocation.product_id.display_name
        new = {"product": product, "qty": f"{left:g}"}
        old = self.search([("exception_id", "=", exception.id), ("state", "=", "asked")], limit=1)
        if old:
            old.new_values = new
            return old
        request = self._make(
            exception.purchase_id,
            allocation,
            kind,
            allocation_id=allocation.id,
            exception_id=exception.id,
            old_values={"product": product, "qty": f"{allocation.qty:g}"},
            new_values=new,
        )
        request._ask()
        return request

    def action_ask(self):
        """Ask the supplier what the draft says."""
        self.check_access("write")
        self.sudo()._ask()
        return True

    def _ask(self):
        moved = self._set_state("asked")
        for request in moved.filtered(lambda request: request.kind == "address"):
            request.order_id._dropship_note(
                self.env._("The sender was asked to change the delivery address of %s.", request.purchase_id.name)
            )

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def action_yes(self):
        """The buyer records that the supplier agrees."""
        return self._action_answer("yes")

    def action_no(self):
        """The buyer records that the supplier refuses."""
        return self._action_answer("no")

    def action_too_late(self):
        """The goods have left."""
        return self._action_answer("too_late")

    def _action_answer(self, answer):
        self.check_access("write")
        self.sudo()._answer(answer)
        return True

    def _answer(self, answer, note=""):
        """Take an answer, once, and do what follows from it. A second one of the same kind changes nothing."""
        if answer not in ANSWERS:
            raise UserError(self.env._("Answer yes or no."))
        for request in self:
            if request.state == answer:
                continue
            gone = all(row.state == "shipped" for row in request._rows())
            request._ended("too_late" if gone and answer == "yes" else answer, note)

    def _rows(self):
        """The living rows the request is about."""
        self.ensure_one()
        rows = self.allocation_id or self.purchase_id.dropship_allocation_ids
        return rows.filtered(lambda row: row.state != "released")

    def _ended(self, answer, note=""):
        self.ensure_one()
        vals = {"answered_at": fields.Datetime.now(), "answered_by_id": self.env.uid}
        if note:
            vals["note"] = note
        if not self._set_state(answer, **vals):
            return
        self._solve_exceptions(answer)
        if answer == "yes":
            self._apply()
        elif self.kind in ("address", "expedite"):
            self._raise_exception(answer)
        if self.kind == "address":
            self.order_id._dropship_tell_address()

    def _solve_exceptions(self, answer):
        """The questions about the same thing are answered with it."""
        exceptions = self.env["dropship.exception"].search(
            [("change_request_id", "=", self.id), ("state", "=", "open")]
        )
        exceptions._set_state("solved", solution=self.env._("Answered: %s", self._state_labels()[answer]))
        asked = self.exception_id.filtered(lambda exception: exception.state == "open")
        if asked and answer == "yes":
            asked.action_supplier_agreed()
        elif asked:
            asked.action_too_late()

    def _apply(self):
        if self.kind == "address":
            self._apply_address()
        elif self.kind == "cancel" and not self.exception_id:
            for row in self._rows().filtered(lambda row: row.state in ("submitted", "accepted")):
                self.purchase_id._dropship_take_back(row, 0.0, "cancel_asked")

    def _apply_address(self):
        """The supplier has the new address now: rows, purchase and transfers say the same."""
        rows = self._rows().filtered(lambda row: row.state in ("planned", "submitted", "accepted"))
        rows._freeze_ship_to(self.new_values)
        partner = self.partner_id or self.order_id.partner_shipping_id
        purchase = self.purchase_id.with_context(dropship_internal=True)
        if purchase.dest_address_id != partner:
            purchase.dest_address_id = partner
        moves = rows.purchase_line_id.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.location_dest_id.usage == "customer"
        )
        moves.partner_id = partner

    def _raise_exception(self, answer):
        """A person has to care: the parcel goes where the customer does not want it."""
        kind, code = ("change_refused", f"{self.kind}_{'too_late' if answer == 'too_late' else 'refused'}")
        if code == "expedite_too_late":
            return
        self._exception(kind, code)

    def _exception(self, kind, code):
        rows = self._rows()
        if not rows:
            return
        params = {"supplier": rows[:1].supplier_id.name or "", "purchase": self.purchase_id.name or ""}
        exception = self.env["dropship.exception"].sudo()._raise(rows[:1], kind, [[code, params]])
        exception.change_request_id = self

    # ------------------------------------------------------------------
    # What happens meanwhile
    # ------------------------------------------------------------------

    @api.model
    def _open_of(self, rows):
        purchases = rows.purchase_id
        if not purchases:
            return self.browse()
        return self.search([("purchase_id", "in", purchases.ids), ("state", "in", ("draft", "asked"))])

    @api.model
    def _withdraw_ended(self, rows):
        for request in self._open_of(rows):
            if not request._rows():
                request._set_state("withdrawn")

    @api.model
    def _too_late_for(self, rows):
        for request in self._open_of(rows):
            if all(row.state == "shipped" for row in request._rows()):
                request._ended("too_late")

    @api.model
    def _cron_overdue(self, limit=200):
        """Answers that are overdue become a person's business, once."""
        domain = [("state", "=", "asked"), ("reminded", "=", False), ("deadline", "<=", fields.Datetime.now())]
        for request in self.search(domain, limit=limit, order="deadline, id"):
            request.reminded = True
            if not request.exception_id:
                request._exception("change_unanswered", "change_unanswered")
            self.env["ir.cron"]._commit_progress(1)

    def _tell_customer(self):
        """Tell the customer of one order what became of the address he asked for last."""
        last = self.sorted("id")[-1:]
        told = self.filtered(lambda change: change.new_values == last.new_values and change.state in ANSWERS)
        if not told:
            return
        name = "changed" if all(change.state == "yes" for change in told) else "kept"
        template = self.env.ref(f"dropship_flow.mail_template_address_{name}", raise_if_not_found=False)
        if template:
            template.send_mail(last.order_id.id, email_layout_xmlid="mail.mail_notification_light")
