from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .reason_text import FLOW_REASONS, _lt

KIND = "duplicate_risk"
FLOW_REASONS.update(
    {
        "duplicate_accepted": _lt(
            "%(supplier)s accepts %(purchase)s after all, but it was bought at %(others)s (%(purchases)s) meanwhile: "
            "ask him to cancel, or keep his and ask the other."
        ),
        "duplicate_shipped": _lt(
            "%(supplier)s has shipped %(purchase)s (%(parcels)s), but it was bought at %(others)s (%(purchases)s) "
            "meanwhile: one of the two has to be stopped, or both come."
        ),
        "duplicate_other_no": _lt("%(others)s cannot cancel %(purchases)s."),
    }
)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_duplicate_risk(self, message):
        """The supplier accepts or ships what was bought elsewhere since: a person decides which of the two stays.

        The purchase stays cancelled, so that no bill of his can match it; the numbers of his parcels are kept.

        :param message: the `dropship.exchange` he said it in
        :return: the open exception; none when nothing was bought instead
        """
        self.ensure_one()
        answer = message.payload or {}
        gone = self.dropship_allocation_ids.filtered(lambda row: row.state == "released")
        instead = self._dropship_bought_instead()
        if not gone or not instead:
            message._call_buyer("answer_late", status=answer.get("status") or "", state=self._dropship_state_word())
            return self.env["dropship.exception"]
        numbers = [parcel["number"] for parcel in answer.get("parcels") or [] if parcel.get("number")]
        exceptions_sudo = self.env["dropship.exception"].sudo()
        known = exceptions_sudo.search([("purchase_id", "=", self.id), ("kind", "=", KIND), ("state", "=", "open")])
        numbers = list(dict.fromkeys([*(known[:1].parcel_numbers or "").split(), *numbers]))
        shipped = numbers or answer.get("status") == "shipped" or known[:1].late_shipped
        params = {
            "supplier": self.dropship_warehouse_id.supplier_id.name,
            "purchase": self.name,
            "others": ", ".join(dict.fromkeys(row._source_name() for row in instead)),
            "purchases": ", ".join(instead.purchase_id.mapped("name")),
            "parcels": ", ".join(numbers) or "?",
        }
        row = known[:1].allocation_id or gone.filtered(lambda row: row.line_id in instead.line_id)[:1]
        reason = ["duplicate_shipped" if shipped else "duplicate_accepted", params]
        exception = exceptions_sudo._raise(row, KIND, [reason])
        exception.write(
            {
                "severity": "2",
                "late_message_id": message.id,
                "late_shipped": bool(shipped),
                "parcel_numbers": " ".join(numbers),
                "deadline": exception.deadline or fields.Datetime.now() + timedelta(hours=4),
            }
        )
        self.dropship_sale_id._dropship_note(exception.with_context(lang=None).description)
        if not shipped and not known:
            self._dropship_ask_cancel(again=True)
        return exception

    def _dropship_bought_instead(self):
        """The living allocations that took the place of this purchase's."""
        keys = {(row.line_id, row.product_id, row.component) for row in self.dropship_allocation_ids}
        return self.dropship_sale_id.dropship_allocation_ids.filtered(
            lambda row: (
                row.state != "released"
                and row.purchase_id
                and row.purchase_id != self
                and (row.line_id, row.product_id, row.component) in keys
            )
        )

    def _dropship_state_word(self):
        return dict(self._fields["state"]._description_selection(self.env)).get(self.state, self.state)

    def _dropship_take_answer(self, answer, message):
        """Override: who does not ship a purchase that ended sends nothing twice."""
        self.ensure_one()
        ended = self.state == "cancel"
        result = super()._dropship_take_answer(answer, message)
        if ended and answer["status"] in ("cancelled", "rejected"):
            self._dropship_duplicates()._set_state("solved", solution=self.env._("The supplier does not ship it"))
        return result

    def _dropship_duplicates(self):
        return (
            self.env["dropship.exception"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("kind", "=", KIND), ("state", "=", "open")])
        )

    def _dropship_take_up(self, rows):
        """Give an ended purchase its goods back: the supplier has it anyway, nothing is sent to him again."""
        self.ensure_one()
        attempts = self.env["dropship.router"]._attempts(self.dropship_sale_id)
        for row in rows:
            row.copy(
                {
                    "attempt": attempts[row.line_id.id] + 1,
                    "state": "submitted",
                    "purchase_line_id": row.purchase_line_id.id,
                    "submitted_at": row.submitted_at,
                }
            )
        # Only we reopen it, with its quantity: button_draft stays closed to people.
        self.with_context(dropship_internal=True, tracking_disable=True).write({"state": "sent"})
        rows.purchase_line_id._dropship_fit()
        self._dropship_accept()


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    late_message_id = fields.Many2one("dropship.exchange", readonly=True, ondelete="set null")
    late_shipped = fields.Boolean(string="Shipped Twice", readonly=True)
    parcel_numbers = fields.Char(string="His Parcels", readonly=True)

    @api.model
    def _exception_kinds(self):
        return [*super()._exception_kinds(), (KIND, self.env._("Goods may come twice"))]

    @api.model
    def _verbs(self):
        return {**super()._verbs(), KIND: ["action_ask_him_to_cancel", "action_keep_this_one", "action_both_come"]}

    @api.model
    def _verb_titles(self):
        return {
            **super()._verb_titles(),
            "action_ask_him_to_cancel": self.env._("Ask Him to Cancel"),
            "action_keep_this_one": self.env._("Keep This One"),
            "action_both_come": self.env._("Both Come"),
        }

    def _open_duplicates(self):
        self.check_access("write")
        mine = self.filtered(lambda exception: exception.kind == KIND and exception.state == "open")
        if not mine:
            raise UserError(self.env._("This is only for goods that may come twice."))
        return mine.sudo()

    def action_ask_him_to_cancel(self):
        """The late supplier is asked to stop; his answer closes the exception."""
        for exception in self._open_duplicates():
            purchase = exception.purchase_id
            asked = purchase._dropship_ask_cancel(again=True)
            text = self.env._("%s was asked to cancel.", purchase.dropship_warehouse_id.supplier_id.name)
            if not asked:
                text = self.env._("Tell %s to cancel.", purchase.dropship_warehouse_id.supplier_id.name)
            exception.order_id._dropship_note(f"{purchase.name}: {text}")
        return True

    def action_keep_this_one(self):
        """The late one stays, if the other supplier lets his go: he is asked, nothing is dropped before he agrees."""
        for exception in self._open_duplicates():
            requests = exception._ask_the_others()
            if not requests:
                exception._keep_this_one()
        return True

    def _ask_the_others(self):
        """Ask each supplier that has the goods since; what was not sent yet needs no question."""
        requests = self.env["dropship.change.request"]
        for purchase, rows in self._instead().grouped("purchase_id").items():
            if purchase.state in ("draft", "to approve"):
                continue
            if any(row.state == "shipped" for row in rows):
                raise UserError(
                    self.env._("%s has left already: ask the other one to cancel, or let both come.", purchase.name)
                )
            for row in rows:
                open_one = requests.search([
                    ("purchase_id", "=", purchase.id), ("allocation_id", "=", row.id),
                    ("kind", "=", "cancel"), ("state", "in", ("draft", "asked")),
                ])  # fmt: skip
                values = {"product": row.product_id.display_name, "qty": f"{row.qty:g}"}
                request = open_one or requests._make(
                    purchase, row, "cancel", allocation_id=row.id, exception_id=self.id, old_values=values
                )
                requests |= request
        requests.filtered(lambda request: request.state == "draft")._ask()
        return requests.filtered(lambda request: request.state == "asked")

    def _instead(self):
        self.ensure_one()
        return self.purchase_id._dropship_bought_instead()

    def _keep_this_one(self):
        """The other side let go: its rows end, and the late purchase lives again with what the supplier said."""
        self.ensure_one()
        purchase, instead = self.purchase_id, self._instead()
        keys = {(row.line_id, row.product_id, row.component) for row in instead}
        rows = purchase.dropship_allocation_ids.filtered(
            lambda row: row.state == "released" and (row.line_id, row.product_id, row.component) in keys
        )
        for other, mine in instead.grouped("purchase_id").items():
            note = self.env._("Kept: %s", purchase.name)
            other.with_context(dropship_supplier_said_no=True)._dropship_let_go(mine, "rerouted", note)
        self._set_state("solved", solution=self.env._("The late one was kept"))
        purchase._dropship_take_up(rows)
        if self.late_message_id.payload and self.late_shipped:
            purchase._dropship_take_answer(self.late_message_id.payload, self.late_message_id)
        self.order_id._dropship_promise_changed(rows)

    def action_both_come(self):
        """Both parcels come: somebody agrees with the customer what happens to the second one."""
        for exception in self._open_duplicates():
            order, purchase = exception.order_id, exception.purchase_id
            text = self.env._(
                "%(purchase)s of %(supplier)s comes as well (%(parcels)s). Ask the customer whether he keeps it or "
                "sends it back. The purchase stays cancelled: a bill for it needs your decision.",
                purchase=purchase.name,
                supplier=purchase.dropship_warehouse_id.supplier_id.name,
                parcels=exception.parcel_numbers or "?",
            )
            exception._set_state("solved", solution=self.env._("Both come"))
            order._dropship_note(text)
            purchase.message_post(body=text, message_type="notification", subtype_xmlid="mail.mt_note")
            user = order.user_id or exception.user_id or self.env.user
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Goods come twice: ask the customer"),
                note=text,
                user_id=user.id,
            )
        return True

    def action_supplier_agreed(self):
        """Override: the other supplier lets his go, so that the late one may stay."""
        mine = self.filtered(lambda exception: exception.kind == KIND)
        for exception in mine.filtered(lambda exception: exception.state == "open").sudo():
            asked = exception._requests()
            if any(request.state == "asked" for request in asked):
                continue
            if any(request.state in ("no", "too_late") for request in asked):
                continue
            exception._keep_this_one()
        return super(DropshipException, self - mine).action_supplier_agreed()

    def action_too_late(self):
        """Override: the other supplier does not let go: both may still come, the question stays open."""
        mine = self.filtered(lambda exception: exception.kind == KIND)
        for exception in mine.filtered(lambda exception: exception.state == "open").sudo():
            instead = exception._instead()
            params = {
                "others": ", ".join(dict.fromkeys(row._source_name() for row in instead)),
                "purchases": ", ".join(instead.purchase_id.mapped("name")),
            }
            kept = [reason for reason in exception.reasons or [] if reason[0] != "duplicate_other_no"]
            exception.reasons = [*kept, ["duplicate_other_no", params]]
        return super(DropshipException, self - mine).action_too_late()

    def _requests(self):
        """What the others were asked because of this, the last question each."""
        requests = self.env["dropship.change.request"].search([("exception_id", "=", self.id)], order="id")
        latest = {(request.purchase_id, request.allocation_id): request for request in requests}
        return self.env["dropship.change.request"].union(*latest.values())
