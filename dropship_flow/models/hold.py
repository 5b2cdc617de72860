import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .reason_text import reasons_text

_logger = logging.getLogger(__name__)

# Kinds that vanish by themselves when the next routing succeeds; the others wait for a person.
SELF_SOLVING = ("no_source", "tax", "error")


class DropshipHold(models.Model):
    """Why an order is not bought yet, who let it go and when."""

    _name = "dropship.hold"
    _description = "Hold"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset({("open", "released"), ("open", "solved")})

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("sale.order.line", string="Order Line", ondelete="cascade", index="btree_not_null")
    purchase_id = fields.Many2one("purchase.order", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id")
    kind = fields.Selection(selection="_hold_kinds", required=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("released", "Released"), ("solved", "Solved")], default="open", required=True, index=True
    )
    reasons = fields.Json(help="[[code, {figure: value}], …]; the words are made in the reader's language.")
    reason = fields.Text(compute="_compute_reason")
    decision_id = fields.Many2one("dropship.routing.decision", ondelete="set null")
    landed = fields.Monetary(
        string="Cost", help="Landed cost of the plan that waits. A release is good up to this cost."
    )
    profit = fields.Monetary(string="Expected Profit")
    last_try = fields.Datetime(default=fields.Datetime.now)
    closed_by_id = fields.Many2one("res.users", string="Released By", readonly=True)
    closed_at = fields.Datetime(string="Closed On", readonly=True)

    # One open hold per order, line and kind: a repeated cause refreshes it.
    _open_once = models.UniqueIndex(
        "(order_id, COALESCE(line_id, 0), COALESCE(purchase_id, 0), kind) WHERE state = 'open'",
        "The order already waits for this reason.",
    )

    @api.model
    def _hold_kinds(self):
        """The kinds a hold may have. Other addons extend the list."""
        return [
            ("approval", self.env._("Waiting for approval")),
            ("guard", self.env._("Guard failed")),
            ("no_source", self.env._("No source")),
            ("tax", self.env._("Tax position undefined")),
            ("error", self.env._("Routing error")),
        ]

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for hold in self:
            hold.reason = reasons_text(self.env, hold.reasons or [])

    @api.depends("kind", "order_id")
    def _compute_display_name(self):
        kinds = dict(self._hold_kinds())
        for hold in self:
            hold.display_name = f"{hold.order_id.name}: {kinds.get(hold.kind, hold.kind)}"

    @api.model
    def _raise(self, order, kind, reasons, line=None, purchase=None, decision=None, profit=0.0, landed=0.0):
        """Hold an order. An open hold of the same kind is refreshed instead of doubled.

        :param list reasons: [[code, {figure: value}], …]
        """
        vals = {
            "reasons": reasons,
            "decision_id": decision.id if decision else False,
            "landed": landed,
            "profit": profit,
            "last_try": fields.Datetime.now(),
        }
        keys = [
            ("order_id", "=", order.id),
            ("kind", "=", kind),
            ("line_id", "=", line.id if line else False),
            ("purchase_id", "=", purchase.id if purchase else False),
        ]
        hold = self.search([*keys, ("state", "=", "open")], limit=1)
        if hold:
            hold.write(vals)
            return hold
        vals |= {name: value for name, _op, value in keys} | {"company_id": order.company_id.id}
        with self._first_come():
            hold = self.create(vals)
        hold._call_somebody()
        return hold

    def _call_somebody(self):
        """Give the responsible person an activity on the order."""
        self.ensure_one()
        order = self.order_id
        responsible = self.decision_id.policy_id.user_id or order.user_id
        if not responsible or responsible.share or not responsible.active:
            buyers = self.env.ref("dropship_flow.group_dropship_buyer").all_user_ids
            responsible = buyers.filtered(lambda user: order.company_id in user.company_ids and not user.share)[:1]
        if not responsible:  # never the visitor who pays
            responsible = self.env["res.users"].browse(SUPERUSER_ID) if self.env.user.share else self.env.user
        order.activity_schedule(
            "dropship_flow.activity_hold",
            summary=dict(self.with_context(lang=responsible.lang)._hold_kinds())[self.kind],
            note=self.with_context(lang=responsible.lang).reason,
            user_id=responsible.id,
        )

    def _close(self, state):
        """Open holds end as released (a person) or solved (the cause is gone); the last one takes the activities."""
        closing = self.filtered(lambda hold: hold.state == "open")
        if not closing:
            return closing
        closing._set_state(state, closed_by_id=self.env.uid, closed_at=fields.Datetime.now())
        still = self.search([("order_id", "in", closing.order_id.ids), ("state", "=", "open")]).order_id
        (closing.order_id - still).activity_unlink(["dropship_flow.activity_hold"])
        return closing

    def action_release(self):
        """Let the order go: buy in spite of the guard, approve the cost, or simply try again."""
        self._check_release_rights()
        self.check_access("read")
        holds_sudo = self.sudo().filtered(lambda hold: hold.state == "open")
        for hold_sudo in holds_sudo:
            kind = dict(hold_sudo._hold_kinds())[hold_sudo.kind]
            hold_sudo.order_id._dropship_note(
                self.env._("%(kind)s: released by %(user)s.", kind=kind, user=self.env.user.name)
            )
        for_purchase = holds_sudo.filtered("purchase_id")
        orders_sudo = (holds_sudo - for_purchase).order_id
        purchases_sudo = for_purchase.purchase_id
        holds_sudo._close("released")
        purchases_sudo._dropship_submit(approved=True)
        orders_sudo.filtered(lambda order: order.state == "sale").order_line._dropship_source()
        return True

    def _check_release_rights(self):
        approvals = self.sudo().filtered(lambda hold: hold.kind in ("approval", "guard", "below_cost"))
        if approvals and not self.env.user.has_group("dropship_flow.group_dropship_buyer"):
            raise UserError(
                self.env._("Approving costs needs the right Dropshipping / Buyer. Ask a buyer to release this order.")
            )
        if self.sudo().purchase_id and not self.env.user.has_group("purchase.group_purchase_manager"):
            raise UserError(
                self.env._("The purchase is above the approval limit. A Purchase Administrator has to release it.")
            )

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    @api.model
    def _cron_retry(self, limit=100):
        """Try orders without a source again when an offer of one of their products changed since the last try."""
        self.env.cr.execute(
            """
            SELECT DISTINCT hold.order_id
              FROM dropship_hold hold
              JOIN sale_order_line line ON line.order_id = hold.order_id
              LEFT JOIN dropship_offer offer ON offer.product_id = line.product_id
             WHERE hold.state = 'open'
               AND hold.kind = ANY(%s)
               AND (
                   -- a feed that began before the last try may have been committed after it
                   offer.write_date > hold.last_try - interval '15 minutes'
                   OR hold.last_try < now() at time zone 'utc' - interval '6 hours'
               )
             ORDER BY hold.order_id
             LIMIT %s
            """,
            [list(SELF_SOLVING), limit],
        )
        orders = self.env["sale.order"].browse([row[0] for row in self.env.cr.fetchall()])
        for order in orders:
            try:
                order = order.try_lock_for_update()
                if order and order.state == "sale":
                    order.order_line._dropship_source()
                self.env["ir.cron"]._commit_progress(1)
            except (OperationalError, ConcurrencyError):  # somebody else works on it; the others must not wait
                self.env.cr.rollback()
            except Exception:  # one order core cannot launch must not stop the others
                _logger.exception("Sale order %s could not be tried again", order.id)
                self.env.cr.rollback()
