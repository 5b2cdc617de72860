from odoo import api, fields, models
from odoo.tools import format_date

from .reason_text import FLOW_REASONS, _lt, reasons_line

# In the order in which they are shown. The first ones make up the balance, the others are for information.
SECTIONS = [
    ("later", "Later entries"),
    ("differs", "Documents with differences"),
    ("bill", "Bills"),
    ("credit", "Credit notes"),
    ("adjustment", "Adjustments"),
    ("payment", "Payments"),
    ("carried", "Still open from before"),
    ("draft", "Bills that are not posted yet"),
    ("claim", "Accepted claims, not booked yet"),
    ("pending", "Adjustments, not booked yet"),
    ("unbilled", "Shipped, not billed yet"),
    ("apart", "Listed apart"),
    ("opening", "Before the first statement"),
]
COUNTING = ("opening", "later", "bill", "credit", "adjustment", "payment")
VERDICTS = [
    ("none", "For information"),
    ("clean", "Fits"),
    ("held", "Needs a decision"),
    ("objected", "Objected"),
    ("approved", "Approved"),
]

FLOW_REASONS.update(
    {
        "settle_later": _lt("Booked into a period that was agreed already."),
        "settle_changed": _lt("Counted with %(before)s on an earlier statement, now with %(now)s."),
        "settle_removed": _lt("No longer booked; counted with %(before)s on an earlier statement."),
        "settle_since_sent": _lt("Came or changed after the statement was sent: it goes on to the next one."),
        "settle_share": _lt("%(apart)s of it paid for documents that are listed apart."),
        "settle_other": _lt("Settled in another currency, or by another entry."),
        "settle_objected": _lt("The supplier objects: %(text)s"),
        "settle_draft": _lt("Entered but not posted, so it is not owed yet."),
        "settle_carried": _lt("Not approved on an earlier statement."),
        "settle_unbilled": _lt("%(qty)s shipped and not billed yet."),
        "settle_claim": _lt("The supplier accepted the claim; approving the statement books a credit note."),
        "settle_adjustment": _lt("Approving the statement books it."),
        "settle_apart": _lt("Not about dropshipped goods."),
    }
)


class DropshipSettlementLine(models.Model):
    """A document (or what is not a document yet) on a statement. Written by the statement, from the ledger."""

    _name = "dropship.settlement.line"
    _description = "Line of a Supplier's Statement"
    _order = "settlement_id, place, date, id"

    settlement_id = fields.Many2one("dropship.settlement", required=True, ondelete="cascade", index=True)
    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    key = fields.Char(required=True, help="What it is about; the same on every statement.")
    kind = fields.Selection(SECTIONS, required=True)
    section = fields.Selection(SECTIONS, required=True)
    place = fields.Integer(help="Order of the sections.")
    counts = fields.Boolean(help="It is part of the balance.")
    date = fields.Date()
    due_date = fields.Date(string="Due")
    move_id = fields.Many2one("account.move", string="Journal Entry", ondelete="set null", index="btree_not_null")
    purchase_line_id = fields.Many2one("purchase.order.line", ondelete="set null", readonly=True)
    document = fields.Char()
    reference = fields.Char()
    amount = fields.Monetary(help="What it adds to what we owe; negative: what it takes off.")
    debit = fields.Monetary(string="Less to Pay", compute="_compute_sides", help="Less is owed.")
    credit = fields.Monetary(string="More to Pay", compute="_compute_sides", help="More is owed.")
    open_amount = fields.Monetary(string="Open Now", help="What was open of the document when the lines were read.")
    verdict = fields.Selection(VERDICTS, default="none", required=True, index=True)
    match_state = fields.Char(help="How the document fits what was ordered and shipped.")
    since_sent = fields.Boolean(help="Came or changed after the supplier got the statement.")
    reasons = fields.Json()
    reason = fields.Char(string="Difference", compute="_compute_reason", help="Every difference in words.")
    approved_by = fields.Char(readonly=True)
    approved_at = fields.Datetime(readonly=True)
    turn = fields.Integer()

    _once = models.UniqueIndex("(settlement_id, key)", "Each document stands on a statement once.")
    _approved_once = models.UniqueIndex(
        "(move_id) WHERE verdict = 'approved' AND kind <> 'later'", "This document was approved already."
    )
    _chain = models.Index("(supplier_id, company_id, currency_id, key)")

    @api.depends("amount")
    def _compute_sides(self):
        for line in self:
            line.credit, line.debit = max(line.amount, 0.0), max(-line.amount, 0.0)

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            line.reason = reasons_line(self.env, line._figures_as_money())

    def _figures_as_money(self):
        """The reasons with their amounts as a reader writes them."""
        self.ensure_one()
        amounts = ("before", "now", "apart")
        return [
            [code, {name: self.currency_id.format(float(value)) if name in amounts else value
                    for name, value in params.items()}]
            for code, params in self.reasons or []
        ]  # fmt: skip

    @api.depends("document", "kind", "date")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.document or " ".join(
                (dict(self._fields["kind"]._description_selection(self.env))[line.kind],
                 format_date(self.env, line.date) if line.date else "")
            )  # fmt: skip

    def action_open(self):
        """Open the document."""
        self.ensure_one()
        if not self.move_id:
            return False
        payment = self.move_id.origin_payment_id
        record = payment or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
