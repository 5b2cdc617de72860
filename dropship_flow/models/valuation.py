"""Bills that come before the goods left, where stock is valued with every document."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .reason_text import FLOW_REASONS, _lt, reasons_text

_logger = logging.getLogger(__name__)

EARLY = [("wait", "Wait until the goods left"), ("post", "Book the cost at once")]

FLOW_REASONS.update(
    {
        "valuation_early": _lt(
            "%(purchase)s: %(billed)s of %(product)s are billed, but only %(shipped)s left. Wait for the dispatch, or "
            "press Post When Shipped: the bill is posted by itself once they left."
        ),
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_early_bills = fields.Selection(
        EARLY, string="Bills Before Dispatch", default="wait", required=True, groups="base.group_user"
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_early_bills = fields.Selection(related="company_id.dropship_early_bills", readonly=False)


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_post_when_shipped = fields.Boolean(
        string="Post When Shipped",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The bill is posted by itself once everything on it has left.",
    )
    dropship_is_early = fields.Boolean(
        string="Billed Before Dispatch", compute="_compute_dropship_is_early", groups="base.group_user"
    )

    _dropship_wait_shipped = models.Index("(id) WHERE dropship_post_when_shipped IS TRUE")

    @api.depends("state", "invoice_line_ids.quantity", "invoice_line_ids.purchase_line_id")
    def _compute_dropship_is_early(self):
        for move in self:
            move.dropship_is_early = move.state == "draft" and bool(move._dropship_valuation_blockers())

    def _dropship_valuation_blockers(self):
        """Why the bills may not be posted yet, as far as the value of stock is concerned.

        Goods valued with every document would be cost before they left; the company may want to see that at once.

        :return: [[code, params]] for `reason_text`, one per line
        """
        return [
            reason
            for move in self
            if move.move_type == "in_invoice"
            and move.state == "draft"
            and move.company_id.sudo().dropship_early_bills == "wait"
            for reason in move.with_company(move.company_id).invoice_line_ids._dropship_early()
        ]

    def _post(self, soft=True):
        """Override: see `_dropship_valuation_blockers`. Reversals and bills of a later day pass."""
        today = fields.Date.context_today(self)
        now = self.filtered(lambda move: not (soft and move.date and move.date > today))
        reasons = [] if self.env.context.get("move_reverse_cancel") else now._dropship_not_released()
        if reasons:
            raise UserError(reasons_text(self.env, reasons))
        self.filtered("dropship_post_when_shipped").dropship_post_when_shipped = False
        return super()._post(soft)

    def _dropship_not_released(self):
        """What stands against posting these bills and was not taken on by a person."""
        return [
            reason
            for move in self
            for reason in move._dropship_valuation_blockers()
            if reason not in (move.sudo().dropship_released_reasons or [])
        ]

    def button_cancel(self):
        """Override: what is cancelled is not posted any more."""
        self.filtered("dropship_post_when_shipped").dropship_post_when_shipped = False
        return super().button_cancel()

    def action_dropship_post_when_shipped(self):
        """Post these bills by themselves once their goods left; those that left already at once."""
        self.check_access("write")
        drafts = self.filtered(lambda move: move.state == "draft" and move.move_type == "in_invoice")
        if not drafts:
            raise UserError(self.env._("Only a bill in draft can wait for its goods."))
        early = drafts.filtered("dropship_is_early")
        early.dropship_post_when_shipped = True
        for bill in early:
            bill.message_post(body=self.env._("Is posted by itself once its goods left."))
        if drafts - early:
            (drafts - early).action_post()
        return True

    def action_dropship_post_by_hand(self):
        """Do not post these bills by themselves after all."""
        self.check_access("write")
        self.dropship_post_when_shipped = False
        return True

    @api.model
    def _cron_post_shipped(self, limit=500):
        """Post the bills that waited for their goods; one that cannot be posted is a person's and stops no other."""
        domain = [("dropship_post_when_shipped", "=", True), ("state", "=", "draft")]
        done = 0
        for bill in self.search(domain, order="invoice_date, id"):
            if done == limit:
                break
            if not bill._dropship_valuation_blockers():
                bill._dropship_post_shipped()
                self._dropship_post_commit()
                done += 1

    def _dropship_post_shipped(self):
        """Post one bill; what stands against it is written into its history."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.with_company(self.company_id).action_post()
        except UserError as error:
            self.dropship_post_when_shipped = False
            self.message_post(body=self.env._("Its goods left, but it could not be posted: %s", error.args[0]))
            _logger.info("Bill %s left its goods but could not be posted: %s", self.id, error)

    @api.model
    def _dropship_post_commit(self):
        self.env["ir.cron"]._commit_progress(1)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _dropship_early(self):
        """[[code, params]] of the lines that bill goods valued with every document before they left."""
        reasons = []
        for line in self:
            bought_sudo = line.sudo().purchase_line_id  # whoever books a bill need not read purchases
            if not bought_sudo.order_id.dropship_warehouse_id or not line.product_id.is_storable:
                continue
            if line.product_id.valuation != "real_time":
                continue
            unit = line.product_id.uom_id
            shipped = bought_sudo._dropship_gone()
            billed = bought_sudo._dropship_posted() + line.product_uom_id._compute_quantity(line.quantity, unit)
            if float_compare(billed, shipped, precision_rounding=unit.rounding) > 0:
                params = {
                    "purchase": bought_sudo.order_id.name,
                    "product": line.product_id.display_name,
                    "billed": f"{billed:g}",
                    "shipped": f"{shipped:g}",
                }
                reasons.append(["valuation_early", params])
        return reasons


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _dropship_gone(self):
        """How much really left the supplier, in the product's reference unit; what came back did leave."""
        self.ensure_one()
        gone = self._dropship_out_moves().filtered(lambda move: move.state == "done")
        return sum(move.product_uom._compute_quantity(move.quantity, self.product_id.uom_id) for move in gone)

    def _dropship_posted(self):
        """How much is billed and posted, credit notes taken off, in the product's reference unit."""
        self.ensure_one()
        return sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_id.uom_id)
            * (1 if line.move_id.move_type == "in_invoice" else -1)
            for line in self.invoice_lines
            if line.parent_state == "posted" and not line.dropship_charge
        )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Override: bills that waited for these goods may be posted now."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        waiting_sudo = moves.sudo().purchase_line_id.invoice_lines.move_id.filtered("dropship_post_when_shipped")
        if waiting_sudo:
            self.env.ref("dropship_flow.cron_post_shipped").sudo()._trigger()
        return moves
