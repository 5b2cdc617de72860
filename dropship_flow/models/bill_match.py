from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .reason_text import FLOW_REASONS, _lt, reasons_line

KINDS = [("goods", "Goods"), ("freight", "Freight"), ("fee", "Fees"), ("other", "Other charges")]
# Shown in this order: what needs somebody comes first.
STATES = [
    ("differs", "Differs"),
    ("disputed", "Disputed"),
    ("credit_asked", "Credit note asked"),
    ("waiting", "Waiting"),
    ("accepted", "Accepted"),
    ("tolerated", "Tolerated"),
    ("ok", "Matches"),
    ("open", "Nothing yet"),
]
DECISIONS = [("accept", "Accepted"), ("dispute", "Disputed"), ("credit", "Credit note asked")]
DECIDERS = "account.group_account_invoice"

FLOW_REASONS.update(
    {
        "match_rounding": _lt("Rounding: %(amount)s."),
        "match_currency": _lt("The exchange rate moved between order and bill: %(amount)s."),
        "match_price": _lt("Billed at %(billed)s each, agreed was %(agreed)s: %(amount)s."),
        "match_quantity": _lt("%(billed)s billed, %(shipped)s shipped: %(qty)s too many, %(amount)s."),
        "match_early": _lt("%(qty)s billed that have not left yet: %(amount)s."),
        "match_twice": _lt("Billed twice: %(billed)s billed, %(shipped)s shipped, %(amount)s too much."),
        "match_not_ordered": _lt("Not ordered: %(billed)s billed for %(amount)s."),
        "match_unbilled": _lt("%(qty)s shipped that are not billed yet."),
        "match_freight": _lt("The freight of what was shipped is %(expected)s, billed was %(billed)s: %(amount)s."),
        "match_fee": _lt("The fees by the supplier's terms are %(expected)s, billed were %(billed)s: %(amount)s."),
        "match_extra": _lt("Charges nothing was agreed about: %(amount)s."),
        "match_charge_early": _lt("Billed for goods that have not all left yet: %(billed)s, so far due %(expected)s."),
        "match_charge_unbilled": _lt("%(expected)s expected, not billed."),
    }
)


class DropshipBillMatch(models.Model):
    """Ordered, shipped and billed of one purchase line – or of a purchase's freight, fees, other charges – and whether
    it agrees.

    Rows are made and renewed by `_refresh`, set by set; the state is derived, a person's decision goes into it.
    """

    _name = "dropship.bill.match"
    _description = "Matching of Suppliers' Bills"
    _order = "needs_decision desc, id desc"
    _log_access = False

    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade", index=True, readonly=True)
    purchase_line_id = fields.Many2one(
        "purchase.order.line", ondelete="cascade", index="btree_not_null", readonly=True, help="Empty for charges."
    )
    product_id = fields.Many2one("product.product", ondelete="set null", readonly=True)
    kind = fields.Selection(KINDS, required=True, default="goods", readonly=True)
    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade", required=True, index=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)

    ordered_qty = fields.Float("Ordered", digits="Product Unit", readonly=True)
    shipped_qty = fields.Float("Shipped", digits="Product Unit", readonly=True, help="What came back is taken off.")
    billed_qty = fields.Float(
        "Billed", digits="Product Unit", readonly=True, help="On bills that are not cancelled; drafts count."
    )
    draft_qty = fields.Float("Of It in Drafts", digits="Product Unit", readonly=True)
    agreed_price = fields.Float(min_display_digits="Product Price", readonly=True, help="Without taxes.")
    billed_price = fields.Float(min_display_digits="Product Price", readonly=True, help="Without taxes.")
    expected_amount = fields.Monetary("Expected", readonly=True, help="What may be billed for what has left.")
    billed_amount = fields.Monetary(readonly=True)
    draft_amount = fields.Monetary("Of It in Draft Bills", readonly=True)
    difference = fields.Monetary(readonly=True, help="More than zero: billed beyond what was agreed.")
    state = fields.Selection(STATES, required=True, default="open", readonly=True, index=True)
    reasons = fields.Json(readonly=True)
    reason_text = fields.Char("Why", compute="_compute_reason_text")
    needs_decision = fields.Boolean(readonly=True)
    to_draft = fields.Boolean(
        "To Be Billed by Us", readonly=True, help="Left, not billed, and the supplier writes no bills."
    )

    decision = fields.Selection(DECISIONS, readonly=True)
    decided_difference = fields.Monetary(readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(readonly=True)
    decision_note = fields.Char("Decided Because", readonly=True)
    bill_ids = fields.Many2many("account.move", compute="_compute_bill_ids", string="Bills")

    _once = models.UniqueIndex("(purchase_id, kind, COALESCE(purchase_line_id, 0))")
    _to_decide = models.Index("(company_id) WHERE needs_decision")
    _to_bill = models.Index("(purchase_id) WHERE to_draft")

    @api.depends("purchase_id", "product_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.purchase_id.name} · {row.product_id.display_name or kinds.get(row.kind, '')}"

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for row in self:
            row.reason_text = reasons_line(self.env, row.reasons or [])

    def _compute_bill_ids(self):
        found = self._bills()
        for row in self:
            row.bill_ids = found[row].filtered(lambda move: move.has_access("read"))

    def _bills(self):
        """{row: bills it is about}, cancelled ones left out."""
        lines_sudo = self.env["account.move.line"].sudo().search(
            [
                "|", ("purchase_line_id", "in", self.purchase_line_id.ids),
                "&", ("dropship_purchase_id", "in", self.purchase_id.ids), ("dropship_charge", "!=", False),
                ("parent_state", "!=", "cancel"),
            ]
        )  # fmt: skip
        by_line = lines_sudo.grouped("purchase_line_id")
        charges = lines_sudo.filtered("dropship_charge").grouped("dropship_purchase_id")
        nothing = self.env["account.move.line"]
        result = {}
        for row in self:
            if row.kind == "goods":
                lines = by_line.get(row.purchase_line_id.sudo(), nothing) if row.purchase_line_id else nothing
            else:
                lines = charges.get(row.purchase_id.sudo(), nothing).filtered(
                    lambda line, kind=row.kind: self._kind_of(line.dropship_charge) == kind
                )
            result[row] = lines.move_id.with_env(self.env)
        return result

    @api.model
    def _kind_of(self, charge):
        """The row a line of a bill belongs to, from what it charges for."""
        if not charge:
            return "goods"
        return charge if charge in ("freight", "fee") else "other"

    # ------------------------------------------------------------------
    # What a person decides
    # ------------------------------------------------------------------

    def action_accept(self):
        return self._ask_why("accept")

    def action_dispute(self):
        return self._ask_why("dispute")

    def action_ask_credit(self):
        return self._ask_why("credit")

    def action_take_back(self):
        """The decision was wrong: the difference waits for another one."""
        self._check_decides()
        self.sudo()._decide(False, "")
        return True

    def action_bills(self):
        """The bills behind the rows."""
        self.check_access("read")
        return self.env["dropship.overview"]._window(
            self.env._("Bills"), "account.move", [("id", "in", self.bill_ids.ids)], "account.action_move_in_invoice"
        )

    def _ask_why(self, decision):
        self._check_decides()
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["decision"]._description_selection(self.env))[decision],
            "res_model": "dropship.bill.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_match_ids": self.ids, "default_decision": decision},
        }

    def _check_decides(self):
        self.check_access("read")
        if not self.env.user.has_group(DECIDERS):
            raise UserError(self.env._("Ask the accountant: he decides about differences."))

    def _decide(self, decision, note):
        """Write down what was decided, who did it and why; the state follows.

        :param decision: accept, dispute, credit; empty: nothing any more
        :return: the rows it was decided about
        """
        rows = self.filtered(lambda row: row.state in ("differs", "accepted", "disputed", "credit_asked"))
        rows._lock()
        for row in rows:
            # One by one: each is held against its own difference.
            row.write(
                {
                    "decision": decision,
                    "decided_difference": row.difference if decision else 0.0,
                    "decided_by": self.env.uid if decision else False,
                    "decided_at": fields.Datetime.now() if decision else False,
                    "decision_note": note or False,
                }
            )
        self.env["dropship.bill.match"]._refresh(rows.purchase_id)
        return rows

    def _lock(self):
        """Who decides second sees what the first decided."""
        self.env.flush_all()
        self.lock_for_update()
        self.env.cr.execute(
            SQL("UPDATE dropship_bill_match SET purchase_id = purchase_id WHERE id = ANY(%s)", sorted(self.ids))
        )
        self.invalidate_recordset(flush=False)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_match_ids = fields.One2many(
        "dropship.bill.match",
        "purchase_id",
        string="Bill Matching",
        readonly=True,
        groups="dropship_flow.group_dropship_user",
    )
