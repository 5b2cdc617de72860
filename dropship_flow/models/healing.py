import logging
from datetime import timedelta

from odoo import api, fields, models

from .answer_clock import SAFE
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

WHEN_SILENT = [("person", "Ask a person"), ("elsewhere", "Buy elsewhere by itself")]
# What may still be taken back: the supplier does not have it.
UNSENT = ("ready", "rejected")
FLOW_REASONS.update(
    {
        "cancel_refused": _lt(
            "%(supplier)s has neither accepted %(purchase)s nor lets it go: %(error)s – ask him what he is doing."
        ),
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_when_silent = fields.Selection(
        WHEN_SILENT, string="When a Supplier Is Silent", default="elsewhere", required=True, groups="base.group_user"
    )
    dropship_give_up_hours = fields.Integer(
        string="Time to Confirm a Cancellation (hours)", default=2, groups="base.group_user"
    )

    _dropship_give_up_hours_positive = models.Constraint(
        "CHECK (dropship_give_up_hours BETWEEN 0 AND 8760)",
        "The hours to confirm a cancellation are between 0 and 8760 (a year).",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_when_silent = fields.Selection(related="company_id.dropship_when_silent", readonly=False)
    dropship_give_up_hours = fields.Integer(related="company_id.dropship_give_up_hours", readonly=False)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    when_silent = fields.Selection(
        WHEN_SILENT,
        tracking=True,
        help="What happens when he does not answer in time. Empty: as the company has it.",
    )


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    release_reason = fields.Selection(selection_add=[("silent", "Silent")])


class PurchaseOrder(models.Model):
    """A purchase nobody answers: the supplier is asked to let it go, then its goods are bought elsewhere.

    Until the clock ends the purchase stays his: he may accept. It is cancelled and its quantity bought elsewhere in one
    transaction that holds and writes the purchase, so there are never two open purchases for one unit.
    """

    _inherit = "purchase.order"

    dropship_give_up_at = fields.Datetime(
        string="Bought Elsewhere After",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The supplier did not answer and was asked to cancel. He may still accept until then.",
    )

    def _dropship_when_silent(self):
        """'person' or 'elsewhere': what silence leads to. Without anybody else to buy from a person is asked."""
        self.ensure_one()
        supplier = self.dropship_warehouse_id.supplier_id
        wanted = supplier.when_silent or self.company_id.dropship_when_silent or "elsewhere"
        if wanted == "elsewhere" and self.dropship_sale_id.state == "sale" and self._dropship_has_next():
            return "elsewhere"
        return "person"

    def _dropship_has_next(self):
        """Whether somebody else can deliver, as far as the decision behind the purchase knows."""
        self.ensure_one()
        if self.dropship_allocation_ids.line_id._dropship_tired():
            return False
        # Nobody knows whether these arrived: a person asks him before anybody else gets the order.
        if any(message.state in ("unknown", "parked") for message in self._dropship_messages("order")):
            return False
        return self in self.dropship_sale_id._dropship_next_sources()

    def _dropship_silent_rows(self):
        """What he has said nothing about. Rows a person of ours has to decide on wait for us, not for him."""
        return self.dropship_allocation_ids.filtered(lambda row: row.state == "submitted" and row.ack_state != "asked")

    def _dropship_raise_silent(self):
        """Override: where the automation may, it buys elsewhere; a person is asked about the others."""
        silent = self.filtered(lambda order: not order.dropship_give_up_at and order._dropship_silent_rows())
        healed = silent.filtered(lambda order: order._dropship_when_silent() == "elsewhere")
        result = super(PurchaseOrder, silent - healed)._dropship_raise_silent()
        for order in healed:
            order._dropship_begin_giving_up()
        return result

    def _dropship_begin_giving_up(self):
        """Ask the supplier to let the purchase go; he has until the clock ends."""
        self.ensure_one()
        never_heard = self._dropship_messages("order").filtered(lambda message: message.state in UNSENT)
        supplier, hours = self.dropship_warehouse_id.supplier_id, self.company_id.dropship_give_up_hours
        self._dropship_note_facts("silent")
        if never_heard or not hours:
            self._dropship_give_up()
            return
        self.dropship_give_up_at = fields.Datetime.now() + timedelta(hours=hours)
        if not self.dropship_allocation_ids.filtered(lambda row: row.state in ("accepted", "shipped")):
            self._dropship_ask_cancel()
        self.dropship_sale_id._dropship_note(
            self.env._(
                "%(supplier)s has not answered %(purchase)s and is asked to cancel it. Unless he accepts, it is bought "
                "elsewhere.",
                supplier=supplier.name,
                purchase=self.name,
            )
        )

    def _dropship_note_facts(self, kind):
        if "dropship.supplier.fact" in self.env:
            self.env["dropship.supplier.fact"]._note(self.dropship_allocation_ids, kind)

    def _dropship_messages(self, kind):
        """The messages of one kind to the suppliers of these purchases, oldest first."""
        domain = [("purchase_id", "in", self.ids), ("direction", "=", "out"), ("kind", "=", kind)]
        return self.env["dropship.exchange"].sudo().search(domain, order="id")

    def _dropship_ask_cancel(self, again=False):
        """Write down that the supplier is asked to cancel, once.

        :param bool again: also when the question was sent before, e.g. because he accepted since
        :return: the message; none where a person has to tell him
        """
        self.ensure_one()
        exchange = self.env["dropship.exchange"].sudo()
        if not self.dropship_warehouse_id.supplier_id.connection_id or self.dropship_is_test:
            return exchange
        asked = self._dropship_messages("cancel")
        over = ("cancelled", "rejected", "sent") if again else ("cancelled", "rejected")
        living = asked.filtered(lambda message: message.state not in over)
        if living:
            return living[-1:]
        subject = str(len(asked)) if asked else ""
        return exchange._enqueue(self, "cancel", subject=subject, revision=self.dropship_revision)

    def _dropship_withdraw_cancel(self):
        """He accepted: a question that has not left is not asked. One that has left he answers last."""
        self._dropship_messages("cancel").filtered(lambda message: message.state == "ready")._set_state("cancelled")

    def _dropship_give_up(self, note=""):
        """What he said nothing about is bought elsewhere; the purchase ends unless he accepted a part of it."""
        for order in self.filtered(lambda order: order.state in ("sent", "purchase")):
            rows = order._dropship_silent_rows()
            if order.state == "purchase":  # he accepted, and then let it go as we had asked
                rows = order.dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
            order.dropship_give_up_at = False
            order._dropship_let_go(rows, "silent", note)
            order.dropship_sale_id._dropship_note(
                self.env._(
                    "%(supplier)s did not answer %(purchase)s: it is bought elsewhere.",
                    supplier=order.dropship_warehouse_id.supplier_id.name,
                    purchase=order.name,
                )
            )
            rows.line_id._dropship_source()

    def write(self, vals):
        """Override: whatever ends the waiting ends this clock as well, and a question that was not asked yet."""
        late = self.browse()
        if vals.get("state") and vals["state"] != "sent":
            vals = {**vals, "dropship_give_up_at": False}
            if vals["state"] in ("purchase", "done"):
                late = self.sudo().filtered("dropship_give_up_at")
        result = super().write(vals)
        late._dropship_withdraw_cancel()
        return result

    def button_cancel(self):
        """Override: a supplier that was asked already is not asked twice, unless he accepted since."""
        accepted = self.filtered(lambda order: order.state == "purchase").ids
        return super(PurchaseOrder, self.with_context(dropship_ask_again=accepted)).button_cancel()

    def _dropship_take_answer(self, answer, message):
        """Override: his word while we are giving up. A cancellation is what we asked for; a part he accepts stays."""
        self.ensure_one()
        if answer["status"] == "cancelled" and not answer.get("lines") and self._dropship_confirms_silence(answer):
            rows = self._dropship_silent_rows() or self.dropship_allocation_ids.filtered(lambda row: row._is_open())
            said = {"reason": answer.get("reason") or False, "decision": "elsewhere"}
            self.env["dropship.acknowledgement"]._record(rows, "rejected", message, **said)
            self.with_context(dropship_supplier_said_no=True)._dropship_give_up(answer.get("reason") or "")
            return None
        result = super()._dropship_take_answer(answer, message)
        if self.dropship_give_up_at and self.dropship_allocation_ids.filtered(lambda row: row.state == "accepted"):
            self._dropship_withdraw_cancel()
        return result

    def _dropship_confirms_silence(self, answer):
        """Whether a cancellation is the answer to our question, and not his own doing or the customer's."""
        if self.state not in ("sent", "purchase") or self.dropship_sale_id.state != "sale":
            return False
        if self._dropship_is_old_answer(answer) or self._dropship_cancel_questions():
            return False
        if any(row.qty_shipped for row in self.dropship_allocation_ids):
            return False
        asked = self._dropship_messages("cancel").filtered(lambda message: message.state != "cancelled")
        return bool(self.dropship_give_up_at or asked)

    @api.model
    def _cron_give_up(self, limit=200):
        """Buy elsewhere what the supplier neither accepted nor let go in time."""
        domain = [("state", "=", "sent"), ("dropship_give_up_at", "<=", fields.Datetime.now())]
        for order in self.search(domain, limit=limit, order="dropship_give_up_at, id"):
            try:
                order.try_lock_for_update().filtered_domain(domain)._dropship_give_up()
                self.env["ir.cron"]._commit_progress(1)
            except SAFE:  # somebody else works on it, e.g. he just accepted; the others must not wait
                self.env.cr.rollback()
            except Exception:  # one purchase must not stop the others
                _logger.exception("Purchase order %s could not be bought elsewhere", order.id)
                self.env.cr.rollback()


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    @api.model
    def _enqueue(self, purchase, kind, subject="", content=None, revision=1):
        """Override: one living question to cancel per purchase."""
        again = self.env.context.get("dropship_ask_again")
        if kind == "cancel" and not subject and again is not None:
            purchase = purchase.with_context(dropship_ask_again=None)
            return purchase._dropship_ask_cancel(again=purchase.id in again)
        return super()._enqueue(purchase, kind, subject, content, revision)

    def _after(self, outcome):
        """Override: who refuses to cancel means to ship; nothing is bought elsewhere then without a person."""
        result = super()._after(outcome)
        purchase = self.purchase_id
        if self.kind == "cancel" and self.state == "rejected" and purchase.dropship_give_up_at:
            purchase.dropship_give_up_at = False
            row = purchase.dropship_allocation_ids.filtered(lambda row: row.state == "submitted")[:1]
            params = {"supplier": row.supplier_id.name or "", "purchase": purchase.name, "error": outcome.error or "–"}
            if row:
                self.env["dropship.exception"].sudo()._raise(row, "silent", [["cancel_refused", params]])
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_submitted_text(self, rows, nexts):
        """Override: a purchase being given up says until when."""
        leaving = rows.purchase_id.filtered("dropship_give_up_at").sorted("dropship_give_up_at")[:1]
        if not leaving:
            return super()._dropship_submitted_text(rows, nexts)
        seconds = (leaving.dropship_give_up_at - fields.Datetime.now()).total_seconds()
        return self.env._(
            "%(supplier)s is silent and was asked to cancel; bought elsewhere in %(span)s unless he accepts.",
            supplier=leaving.dropship_warehouse_id.supplier_id.name,
            span=self._dropship_span(max(seconds, 0.0)),
        )


class PurchaseOrderSentence(models.Model):
    _inherit = "purchase.order"

    def _dropship_after_silence(self, next_name=None):
        """Override: it goes to the next supplier by itself, where nothing speaks against it."""
        wanted = self.dropship_warehouse_id.supplier_id.when_silent or self.company_id.dropship_when_silent
        if next_name and wanted != "person" and not self.dropship_allocation_ids.line_id._dropship_tired():
            return self.env._("it goes to %s", next_name)
        return super()._dropship_after_silence(next_name)
