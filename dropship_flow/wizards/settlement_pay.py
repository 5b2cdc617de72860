import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.reason_text import reasons_line
from ..sheets.layout import write


class DropshipSettlementPay(models.TransientModel):
    """Pay several statements: one payment each, what is held stays with its reason."""

    _name = "dropship.settlement.pay"
    _description = "Pay Statements"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    settlement_ids = fields.Many2many("dropship.settlement", string="Statements", required=True)
    date = fields.Date(string="Pay On", required=True, default=fields.Date.context_today)
    until = fields.Date(
        string="Only What Is Due By", help="Empty: everything that is approved. Credits count in any case."
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        domain="[('type', 'in', ('bank', 'cash', 'credit')), ('company_id', '=', company_id)]",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    line_ids = fields.One2many(
        "dropship.settlement.pay.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    state = fields.Selection([("choose", "Choose"), ("done", "Done")], default="choose", required=True)
    payment_ids = fields.Many2many("account.payment", string="Payments", readonly=True)
    held_text = fields.Text(compute="_compute_held_text")
    file_format = fields.Selection([("xlsx", "Excel"), ("csv", "CSV")], string="File", default="xlsx", required=True)
    content = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends("settlement_ids")
    def _compute_journal_id(self):
        for wizard in self:
            company = wizard.settlement_ids.company_id[:1] or wizard.company_id
            wizard.journal_id = self.env["account.journal"]._dropship_first_bank(company)

    @api.depends("settlement_ids", "until")
    def _compute_line_ids(self):
        for wizard in self:
            settlements = wizard.settlement_ids._origin.sorted(lambda one: (one.supplier_id.name, one.date_to))
            wizard.line_ids = [Command.clear(), *(Command.create(vals) for vals in wizard._lines_of(settlements))]

    @api.depends("line_ids.held", "line_ids.why")
    def _compute_held_text(self):
        for wizard in self:
            held = wizard.line_ids.filtered("held")
            wizard.held_text = "\n".join(f"{line.settlement_id.display_name}: {line.why}" for line in held)

    def _lines_of(self, settlements):
        """What would be paid on each statement. Two of one supplier share credits and what is on account."""
        rows, used = [], {}
        for settlement in settlements:
            items, held = settlement._payable_items(self.until)
            chain = (settlement.supplier_id, settlement.company_id, settlement.currency_id)
            due = settlement._amount_of(items, settlement._on_account()) - used.get(chain, 0.0)
            blockers = settlement._pay_blockers()
            due = max(settlement.currency_id.round(due), 0.0)
            if not blockers:
                used[chain] = used.get(chain, 0.0) + due
            words = reasons_line(self.env, [*blockers, *held])
            rows.append(
                {
                    "settlement_id": settlement.id,
                    "due": due,
                    "amount": 0.0 if blockers else due,
                    "bank_id": settlement._bank_account().id,
                    "held": bool(blockers),
                    "why": words or (settlement.pay_text if not due else False),
                }
            )
        return rows

    def action_pay(self):
        """Pay what is not held."""
        self.ensure_one()
        if len(self.settlement_ids.company_id) > 1:
            raise UserError(self.env._("Pay the statements of one company at a time: each has its own bank."))
        payments = self.env["account.payment"]
        for line in self.line_ids.filtered(lambda line: not line.held).sorted(lambda line: line.settlement_id.date_to):
            if not line.due:
                line.settlement_id.action_match()
            elif line.amount:  # else: struck out by the accountant
                payments |= line.settlement_id._pay(self.journal_id, self.date, line.amount, self.until)
        self.write({"state": "done", "payment_ids": [Command.set(payments.ids)]})
        self._make_file()
        return self._again()

    def action_file(self):
        """The list for the bank once more, in the format chosen."""
        self._make_file()
        return self._again()

    def _make_file(self):
        columns = self.env["account.payment"]._dropship_list_columns()
        layout = {
            "format": self.file_format,
            "separator": "semicolon",
            "encoding": "utf-8-sig",
            "columns": [{"heading": heading, "field": field} for heading, field in columns],
        }
        content = write(layout, self.payment_ids._dropship_list_rows())
        self.content = base64.b64encode(content)
        self.filename = f"payments-{fields.Date.to_string(self.date)}.{self.file_format}"

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Statements"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class DropshipSettlementPayLine(models.TransientModel):
    _name = "dropship.settlement.pay.line"
    _description = "Pay Statements: Line"

    wizard_id = fields.Many2one("dropship.settlement.pay", required=True, ondelete="cascade", index=True)
    settlement_id = fields.Many2one("dropship.settlement", string="Statement", required=True, readonly=True)
    supplier_id = fields.Many2one(related="settlement_id.supplier_id")
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    next_due = fields.Date(related="settlement_id.next_due")
    bank_id = fields.Many2one("res.partner.bank", string="To Account", readonly=True)
    due = fields.Monetary(string="Amount Due", readonly=True)
    amount = fields.Monetary(string="Pay", help="Less than due leaves the rest open. 0: not now.")
    held = fields.Boolean(readonly=True)
    why = fields.Char(string="Remark", readonly=True)
