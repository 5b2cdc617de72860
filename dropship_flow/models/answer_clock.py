import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)

FLOW_REASONS.update(
    {
        "silent": _lt(
            "%(supplier)s has not answered the purchase %(purchase)s in time: ask again, or enter the refusal and it "
            "is bought elsewhere."
        ),
    }
)
SAFE = (OperationalError, ConcurrencyError)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_answer_hours = fields.Integer(
        string="Suppliers Answer Within (hours)", default=24, groups="base.group_user"
    )

    _dropship_answer_hours_positive = models.Constraint(
        "CHECK (dropship_answer_hours BETWEEN 1 AND 8760)", "The hours to answer are between 1 and 8760 (a year)."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_answer_hours = fields.Integer(related="company_id.dropship_answer_hours", readonly=False)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    answer_hours = fields.Integer(
        string="Answers Within (hours)",
        tracking=True,
        help="A purchase not answered by then is a case for the buyer. 0: the company's standard.",
    )

    _answer_hours_positive = models.Constraint(
        "CHECK (answer_hours BETWEEN 0 AND 8760)", "The hours to answer are between 0 and 8760 (a year)."
    )


class PurchaseOrder(models.Model):
    """The clock of a purchase that waits for its supplier's answer."""

    _inherit = "purchase.order"

    dropship_answer_by = fields.Datetime(
        string="Answer Expected By",
        compute="_compute_dropship_answer_by",
        store=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )

    @api.depends("state", "dropship_warehouse_id")
    def _compute_dropship_answer_by(self):
        """Set when the purchase goes out; what is agreed later counts for the next one."""
        now = fields.Datetime.now()
        for order in self.sudo():
            if order.state != "sent" or not order.dropship_warehouse_id:
                order.dropship_answer_by = False
            else:
                order.dropship_answer_by = order.dropship_answer_by or now + timedelta(hours=order._answer_hours())

    def _answer_hours(self):
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.dropship_warehouse_id.supplier_id.answer_hours or company.dropship_answer_hours or 24

    def _dropship_buyer(self):
        """Who is asked about the purchase."""
        self.ensure_one()
        return self.user_id or self.dropship_warehouse_id.supplier_id.user_id

    def write(self, vals):
        """Override: an answer, whatever it is, ends the question why there is none."""
        late = self.browse()
        if vals.get("state") and vals["state"] != "sent":
            now = fields.Datetime.now()
            late = self.sudo().filtered(lambda order: order.dropship_answer_by and order.dropship_answer_by <= now)
        result = super().write(vals)
        if late:
            late._dropship_silence()._set_state("solved", solution=self.env._("The supplier answered"))
        return result

    def _dropship_silence(self):
        """Their open exceptions about silence."""
        return (
            self.env["dropship.exception"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("kind", "=", "silent"), ("state", "=", "open")])
        )

    def _dropship_raise_silent(self):
        """The clock ran out: the buyer is asked, once per purchase."""
        orders = self - self._dropship_silence().purchase_id
        for order in orders:
            row = order.dropship_allocation_ids.filtered(lambda row: row.state == "submitted")[:1]
            if row:
                params = {"supplier": row.supplier_id.name, "purchase": order.name}
                self.env["dropship.exception"].sudo()._raise(row, "silent", [["silent", params]])

    @api.model
    def _cron_silent(self, limit=500):
        """Ask the buyers about purchases whose supplier did not answer in time."""
        now = fields.Datetime.now()
        domain = [("state", "=", "sent"), ("dropship_answer_by", "<=", now), ("dropship_give_up_at", "=", False)]
        asked = self.env["dropship.exception"]._search([("kind", "=", "silent"), ("state", "=", "open")])
        overdue = self.search(
            [*domain, ("id", "not in", asked.subselect("purchase_id"))], limit=limit, order="dropship_answer_by, id"
        )
        for order in overdue:
            try:
                order.try_lock_for_update().filtered_domain(domain)._dropship_raise_silent()
                self.env["ir.cron"]._commit_progress(1)
            except SAFE:  # somebody else works on it; the others must not wait
                self.env.cr.rollback()
            except Exception:  # one purchase must not stop the others
                _logger.exception("Purchase order %s: silence could not be recorded", order.id)
                self.env.cr.rollback()


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: a supplier that does not answer."""
        return [*super()._exception_kinds(), ("silent", self.env._("Supplier is silent"))]

    def _check_was_asked(self):
        if self.filtered(lambda exception: exception.kind == "silent"):
            raise UserError(
                self.env._(
                    "The supplier has not answered the purchase. Press Asked Again, or open it and enter the answer."
                )
            )

    def action_supplier_agreed(self):
        """Override: nobody agreed to anything who did not answer."""
        self._check_was_asked()
        return super().action_supplier_agreed()

    def action_too_late(self):
        """Override: nobody refused anything who did not answer."""
        self._check_was_asked()
        return super().action_too_late()

    def action_ask_again(self):
        """The buyer asked the supplier again: the clock starts anew."""
        silent = self.filtered(lambda exception: exception.kind == "silent" and exception.state == "open")
        silent._set_state("solved", solution=self.env._("Asked again"))
        # The clock is no field people write; the right to the exception was asked for above.
        for purchase in silent.sudo().purchase_id.filtered(lambda order: order.state == "sent"):
            purchase.dropship_answer_by = fields.Datetime.now() + timedelta(hours=purchase._answer_hours())
        return True

    def action_open_purchase(self):
        """Open the purchase to enter the supplier's answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "res_id": self.purchase_id.id,
            "view_mode": "form",
        }
