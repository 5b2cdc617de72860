"""What is to be paid, document by document, as the ledger has it now."""

from odoo import api, fields, models
from odoo.tools import SQL


class DropshipSettlementDue(models.Model):
    """An approved document that is still open: made on the fly from the ledger, so it is never out of date."""

    _name = "dropship.settlement.due"
    _description = "Approved Document to Pay"
    _auto = False
    _order = "due_date, id"
    _rec_name = "document"
    _depends = {
        "account.move.line": ["amount_residual_currency", "reconciled", "parent_state", "date_maturity", "account_id"],
        "account.move": ["name", "ref"],
        "dropship.settlement.line": ["verdict", "move_id", "settlement_id", "kind"],
        "dropship.settlement": ["state", "supplier_id", "company_id", "currency_id"],
    }

    settlement_id = fields.Many2one("dropship.settlement", string="Statement", readonly=True)
    supplier_id = fields.Many2one("dropship.supplier", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    line_id = fields.Many2one("account.move.line", string="Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    document = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    due_date = fields.Date(string="Due", readonly=True)
    amount = fields.Monetary(readonly=True, help="What is still open; negative: a credit.")
    when = fields.Char(string="In Words", compute="_compute_when")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.id AS line_id, approved.settlement_id, settlement.supplier_id, settlement.company_id,
                   settlement.currency_id, line.move_id, move.name AS document, move.ref AS reference,
                   COALESCE(line.date_maturity, line.date) AS due_date, -line.amount_residual_currency AS amount
              FROM account_move_line line
              JOIN account_account account
                ON account.id = line.account_id AND account.account_type = 'liability_payable'
              JOIN account_move move ON move.id = line.move_id
                -- A document is due once, by the statement it was approved on first: for one that came into a period
                -- agreed before, that is where it stands as a later entry.
        CROSS JOIN LATERAL (
                    SELECT stated.settlement_id
                      FROM dropship_settlement_line stated
                      JOIN dropship_settlement agreed ON agreed.id = stated.settlement_id
                     WHERE stated.move_id = line.move_id AND stated.verdict = 'approved'
                       AND agreed.state IN ('agreed', 'paid')
                     ORDER BY stated.kind = 'later', stated.id
                     LIMIT 1
                   ) approved
              JOIN dropship_settlement settlement ON settlement.id = approved.settlement_id
             WHERE line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
               AND line.currency_id = settlement.currency_id AND line.amount_residual_currency <> 0
            """
        )

    @api.depends("due_date")
    @api.depends_context("lang")
    def _compute_when(self):
        today = fields.Date.context_today(self)
        for due in self:
            days = (due.due_date - today).days if due.due_date else 0
            if due.amount < 0:
                due.when = self.env._("Credit: taken off the next payment")
            elif days < 0:
                due.when = self.env._("%s days overdue", -days)
            elif not days:
                due.when = self.env._("Today")
            else:
                due.when = self.env._("In %s days", days)

    def action_pay(self):
        """Pay the statements of the chosen documents."""
        return self.settlement_id.action_pay()


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    to_pay = fields.Monetary(
        compute="_compute_to_pay", help="Approved, still open, less credits and what is on account."
    )
    on_account = fields.Monetary(
        string="Paid on Account", compute="_compute_to_pay", help="Payments that are not matched with bills yet."
    )
    next_due = fields.Date(compute="_compute_to_pay")
    pay_text = fields.Char(string="Payment", compute="_compute_to_pay", help="What is to be paid, or why not.")
    due_ids = fields.One2many("dropship.settlement.due", "settlement_id", string="Still Open")

    @api.depends("state", "line_ids.verdict")
    @api.depends_context("lang")
    def _compute_to_pay(self):
        agreed = self.filtered(lambda settlement: settlement.state == "agreed")
        (self - agreed).update({"to_pay": 0.0, "on_account": 0.0, "next_due": False, "pay_text": False})
        for settlement in agreed:
            items = settlement._open_items()
            money = settlement._on_account()
            total = settlement.currency_id.round(-sum(items.mapped("amount_residual_currency")))
            settlement.on_account = sum(money.mapped("amount_residual_currency"))
            settlement.to_pay = max(settlement.currency_id.round(total - settlement.on_account), 0.0)
            owed = items.filtered(lambda line: line.amount_residual_currency < 0)
            settlement.next_due = min(filter(None, owed.mapped("date_maturity")), default=False)
            settlement.pay_text = settlement._pay_words(total)

    def _pay_words(self, total):
        if self.to_pay:
            return self.env._("%s to pay.", self.currency_id.format(self.to_pay))
        if total < 0:
            return self.env._("Nothing to pay: %s in our favour are carried forward.", self.currency_id.format(-total))
        if total and self.on_account:
            return self.env._("Nothing to pay: covered by what was paid on account.")
        return self.env._("Nothing to pay.")

    def _open_items(self, until=None):
        """The approved payable items that are open, of this statement and those before it.

        :param date until: only what is due by then; credits in any case
        :return: account.move.line
        """
        self.ensure_one()
        domain = [*self._chain_domain(), ("settlement_id.date_to", "<=", self.date_to)]
        if until:
            domain += ["|", ("amount", "<", 0), ("due_date", "<=", until)]
        dues_sudo = self.env["dropship.settlement.due"].sudo().search(domain)  # sums for whoever sees the statement
        return dues_sudo.line_id

    def _on_account(self):
        """Payments to the supplier (and money back from him) that are open."""
        self.ensure_one()
        return self.env["account.move.line"].sudo().search(
            [
                ("partner_id.commercial_partner_id", "=", self.supplier_id.sudo().partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("account_type", "=", "liability_payable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", "!=", 0),
                ("move_id.move_type", "=", "entry"),
                "|",
                ("move_id.origin_payment_id", "!=", False),
                ("journal_id.type", "in", ("bank", "cash", "credit")),
            ],
            order="date, id",
        )  # fmt: skip
