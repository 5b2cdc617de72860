"""Money that came and went, each amount with what it was for."""

from odoo import api, fields, models
from odoo.tools import SQL

from .kinds import BY_PROFIT, KINDS

# A row's number tells its journal item: so many rows one may have.
PLACES = 4096
# Of an entry, what is not money says what the money was for. Items of money with the sign of the whole carry it, by
# their amounts; the rest of them went between own accounts. Shares are differences of rounded running totals:
# together they are the item, to the cent.
ITEMS = """
    money AS MATERIALIZED ({money}),
    held AS NOT MATERIALIZED (
        SELECT line.*, move.name AS document, move.move_type, move.journal_id AS journal, move.dropship_payout_id,
               move.origin_payment_id, move.reversed_entry_id, home.currency_id AS home_id,
               home_currency.decimal_places AS places, their.decimal_places AS their_places,
               SUM(line.balance) OVER (PARTITION BY line.move_id, line.company_id, line.date) AS whole
          FROM account_move_line line
          JOIN money ON money.id = line.account_id
          JOIN account_move move ON move.id = line.move_id
          JOIN res_company home ON home.id = line.company_id
          JOIN res_currency home_currency ON home_currency.id = home.currency_id
          JOIN res_currency their ON their.id = line.currency_id
         WHERE line.parent_state = 'posted' AND line.balance <> 0
    ), carried AS NOT MATERIALIZED (
        SELECT held.*, CASE WHEN whole = 0 OR SIGN(balance) <> SIGN(whole) THEN 0
                            ELSE ROUND(whole * upto / same, places) - ROUND(whole * (upto - balance) / same, places)
                       END AS mine
          FROM (SELECT held.*,
                       SUM(balance) OVER (PARTITION BY move_id, company_id, date, SIGN(balance)) AS same,
                       SUM(balance) OVER (PARTITION BY move_id, company_id, date, SIGN(balance) ORDER BY id) AS upto
                  FROM held) held
    )"""
ITEM = """carried.id AS item_id, carried.move_id, carried.company_id, carried.date, carried.account_id, carried.journal,
               carried.document, carried.home_id, carried.currency_id, carried.balance, carried.mine, carried.whole,
               carried.amount_currency, carried.places, carried.their_places"""
# What an item on the other side was for. An open part of a payment to a supplier is money in advance.
OTHERS = """
    others AS (
        SELECT {item}, other.id AS other_id, part.document_id, part.amount AS part,
               other.account_id AS other_account_id, COALESCE(other.partner_id, carried.partner_id) AS partner_id,
               CASE
               WHEN said.kind IS NOT NULL THEN said.kind
               WHEN other.dropship_payout_bucket IN ('refund', 'chargeback') THEN 'refund'
               WHEN other.dropship_payout_bucket IN ('fee', 'adjustment') THEN 'fee'
               WHEN other.dropship_payout_bucket = 'tax_withheld' THEN 'tax'
               WHEN other.dropship_payout_bucket = 'exchange' THEN 'exchange'
               WHEN other.dropship_payout_bucket IS NOT NULL THEN 'payout'
               WHEN other.tax_line_id IS NULL AND other.account_id IN (SELECT id FROM tax_account) THEN 'tax'
               WHEN account.non_trade THEN 'unknown'
               WHEN account.account_type = 'asset_receivable' THEN
                    CASE WHEN carried.dropship_payout_id IS NOT NULL THEN 'payout'
                         WHEN (part.amount > 0) = (carried.reversed_entry_id IS NULL) THEN 'customer'
                         ELSE 'refund' END
               WHEN account.account_type = 'liability_payable' THEN
                    CASE WHEN EXISTS (SELECT FROM dropship_wallet_move top_up
                                       WHERE top_up.payment_id = carried.origin_payment_id) THEN 'wallet'
                         WHEN part.document_id IS NOT NULL THEN COALESCE(({bill}), 'supplier')
                         WHEN other.reconciled OR part.amount > 0 THEN 'supplier'
                         ELSE 'prepayment' END
               WHEN account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%' THEN
                    COALESCE({paid_for},
                             CASE WHEN account.account_type = 'income_other' THEN 'income'
                                  WHEN account.account_type = 'income' THEN 'customer'
                                  WHEN account.account_type = 'expense_direct_cost' THEN 'supplier' ELSE 'cost' END)
               WHEN other.tax_line_id IS NOT NULL THEN COALESCE(({main}), 'tax')
               WHEN account.account_type IN ('equity', 'equity_unaffected', 'liability_non_current') THEN 'owner'
               WHEN account.account_type IN ('asset_fixed', 'asset_prepayments') THEN 'cost'
               ELSE 'unknown' END AS kind
          FROM carried
          JOIN account_move_line other ON other.move_id = carried.move_id
           AND other.account_id NOT IN (SELECT id FROM money) AND other.balance <> 0
          JOIN account_account account ON account.id = other.account_id
     LEFT JOIN dropship_cash_account said ON said.account_id = other.account_id
           AND said.company_id = carried.company_id
     LEFT JOIN dropship_profit_account map ON map.account_id = other.account_id AND map.company_id = carried.company_id
     LEFT JOIN dropship_profit_kind profit ON profit.id = map.kind_id
    CROSS JOIN LATERAL ({parts}) part
         WHERE carried.mine <> 0
    )"""
# What a bill is about, and the entry of an item of tax: asked only where nothing else says it.
BILL = """SELECT CASE WHEN document.dropship_supplier_id IS NOT NULL AND document.dropship_is_bill THEN 'supplier'
                           ELSE (SELECT COALESCE({paid_for}, 'cost')
                                   FROM account_move_line item
                              LEFT JOIN dropship_profit_account map ON map.account_id = item.account_id
                                    AND map.company_id = item.company_id
                              LEFT JOIN dropship_profit_kind profit ON profit.id = map.kind_id
                                  WHERE item.move_id = document.id AND item.display_type = 'product'
                                  ORDER BY ABS(item.balance) DESC, item.id LIMIT 1) END
                 FROM account_move document
                WHERE document.id = part.document_id"""
MAIN = """SELECT COALESCE({paid_for}, 'cost')
                 FROM account_move_line item
                 JOIN account_account source ON source.id = item.account_id
                  AND (source.account_type LIKE 'income%%' OR source.account_type LIKE 'expense%%')
            LEFT JOIN dropship_profit_account map ON map.account_id = item.account_id
                  AND map.company_id = item.company_id
            LEFT JOIN dropship_profit_kind profit ON profit.id = map.kind_id
                WHERE item.move_id = other.move_id
                ORDER BY ABS(item.balance) DESC, item.id LIMIT 1"""
# What of an item is matched with which invoice or bill, and the rest of it. It names `carried`, else the database works
# it out for every journal item there is before it looks which of them stand beside money.
MATCHED = """
    SELECT paid.move_id AS document_id, -match.amount AS amount
      FROM account_partial_reconcile match JOIN account_move_line paid ON paid.id = match.credit_move_id
      JOIN account_move invoice ON invoice.id = paid.move_id AND invoice.move_type <> 'entry'
     WHERE match.debit_move_id = other.id AND carried.mine <> 0
 UNION ALL
    SELECT paid.move_id, match.amount
      FROM account_partial_reconcile match JOIN account_move_line paid ON paid.id = match.debit_move_id
      JOIN account_move invoice ON invoice.id = paid.move_id AND invoice.move_type <> 'entry'
     WHERE match.credit_move_id = other.id AND carried.mine <> 0
"""
PARTS = f"""
    SELECT told.document_id, told.amount
      FROM (SELECT ARRAY_AGG(document_id) AS documents, ARRAY_AGG(amount) AS amounts,
                   -other.balance - COALESCE(SUM(amount), 0) AS rest
              FROM ({MATCHED}) matched) item
CROSS JOIN UNNEST(ARRAY_APPEND(item.documents, NULL), ARRAY_APPEND(item.amounts, item.rest))
           AS told (document_id, amount)
     WHERE told.amount <> 0
"""
LINES = """
    WITH {items},
    tax_account AS (
        SELECT account_id AS id FROM account_tax_repartition_line WHERE account_id IS NOT NULL
         UNION SELECT tax_payable_account_id FROM account_tax_group
         UNION SELECT tax_receivable_account_id FROM account_tax_group
         UNION SELECT advance_tax_payment_account_id FROM account_tax_group
    ), {others},
    ranked AS (
        SELECT others.*, ROW_NUMBER() OVER item AS place, SUM(part) OVER item AS upto
          FROM others
        WINDOW item AS (PARTITION BY item_id, company_id, date ORDER BY other_id, document_id NULLS LAST)
    ), lines AS (
        SELECT ranked.*, ROUND(upto * mine / whole, places) - ROUND((upto - part) * mine / whole, places) AS amount,
               ROUND(amount_currency * upto * mine / (whole * balance), their_places)
               - ROUND(amount_currency * (upto - part) * mine / (whole * balance), their_places) AS own_amount
          FROM ranked
     UNION ALL
        SELECT {item}, NULL, NULL, NULL, NULL, carried.partner_id, 'transfer', 0, NULL, balance - mine,
               amount_currency - ROUND(amount_currency * mine / balance, their_places)
          FROM carried WHERE mine <> balance
    )
    SELECT item_id * {per_item}::bigint + place AS id, item_id, move_id, company_id, date, account_id,
           journal AS journal_id, kind, document, COALESCE(document_id, move_id) AS document_id, partner_id,
           other_account_id, home_id AS currency_id, currency_id AS own_currency_id, amount,
           GREATEST(amount, 0) AS inflow, GREATEST(-amount, 0) AS outflow, own_amount
      FROM lines
     WHERE amount <> 0
"""


def _query(money):
    cases = " ".join(f"WHEN '{code}' THEN '{kind}'" for code, kind in BY_PROFIT.items())
    paid_for = f"CASE profit.code {cases} END"
    bill, main = BILL.format(paid_for=paid_for), MAIN.format(paid_for=paid_for)
    others = OTHERS.format(paid_for=paid_for, bill=bill, main=main, parts=PARTS, item=ITEM)
    return LINES.format(items=ITEMS.format(money=money), others=others, item=ITEM, per_item=PLACES)


class DropshipCashLine(models.Model):
    """An amount that came or went on an account that holds money, and what it was for. Made on the fly from the books:
    all amounts of a period are what the accounts changed by.
    """

    _name = "dropship.cash.line"
    _description = "Cash Movement"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document"
    _depends = {
        "account.move": ["dropship_payout_id", "move_type", "name", "origin_payment_id", "reversed_entry_id", "state",
                         "dropship_supplier_id", "dropship_is_bill"],
        "account.move.line": ["account_id", "amount_currency", "balance", "company_id", "currency_id", "date",
                              "dropship_payout_bucket", "move_id", "parent_state", "partner_id", "reconciled",
                              "tax_line_id"],
        "account.account": ["account_type", "non_trade"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
        "account.payment": ["outstanding_account_id"],
        "account.payment.method.line": ["payment_account_id"],
        "account.tax.group": ["advance_tax_payment_account_id", "tax_payable_account_id", "tax_receivable_account_id"],
        "dropship.cash.account": ["account_id", "company_id", "kind"],
        "dropship.payout.terms": ["clearing_account_id", "transfer_account_id"],
        "dropship.profit.account": ["account_id", "company_id", "kind_id"],
        "dropship.wallet.move": ["payment_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, string="Money For", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    other_account_id = fields.Many2one("account.account", string="Booked Against", readonly=True)
    document = fields.Char(string="Entry", readonly=True)
    item_id = fields.Many2one("account.move.line", string="Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Booked In", readonly=True)
    document_id = fields.Many2one(
        "account.move", readonly=True, help="The invoice or bill that was paid, else the entry."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True, help="What came; less than nothing went.")
    inflow = fields.Monetary(string="Came In", readonly=True)
    outflow = fields.Monetary(string="Went Out", readonly=True)
    own_currency_id = fields.Many2one("res.currency", readonly=True)
    own_amount = fields.Monetary(
        string="In Its Own Currency", readonly=True, currency_field="own_currency_id", aggregator=None
    )

    @property
    def _table_query(self):
        return SQL(_query(self.env["dropship.cash.account"]._money_accounts()))

    @api.model
    def _by_kind(self, company, first, last):
        """What came and went from one day to another, both included.

        :return: {kind: amount in the company's currency, signed}; what came to nothing is left out
        """
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
        sums = self._read_group(domain, ["kind"], ["amount:sum"])
        return {kind: company.currency_id.round(amount) for kind, amount in sums if company.currency_id.round(amount)}

    @api.model
    def _balance(self, company, day):
        """What all accounts that hold money had at the end of a day, in the company's currency, as booked."""
        self.env["account.move.line"].flush_model()
        query = SQL(
            """
            SELECT COALESCE(SUM(balance), 0) FROM account_move_line
             WHERE company_id = %s AND parent_state = 'posted' AND date <= %s AND account_id IN (%s)
            """,
            company.id, day, SQL(self.env["dropship.cash.account"]._money_accounts()),
        )  # fmt: skip
        return company.currency_id.round(float(self.env.execute_query(query)[0][0]))

    @api.model
    def _tie(self, company, first, last):
        """The period against the books: opening + came − went = closing − unexplained.

        :return: {opening, inflow, outflow, closing, unexplained}
        """
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
        [(inflow, outflow)] = self._read_group(domain, [], ["inflow:sum", "outflow:sum"])
        round_ = company.currency_id.round
        opening, closing = self._balance(company, fields.Date.add(first, days=-1)), self._balance(company, last)
        return {
            "opening": opening, "inflow": round_(inflow), "outflow": round_(outflow), "closing": closing,
            "unexplained": round_(closing - opening - inflow + outflow),
        }  # fmt: skip

    def action_open_document(self):
        """Open the invoice or bill that was paid, the payout, or the entry."""
        self.ensure_one()
        payout = self.move_id.dropship_payout_id
        record = payout if payout and self.env["dropship.payout"].has_access("read") else self.document_id
        return {
            "type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip
