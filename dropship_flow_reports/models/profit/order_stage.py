"""Where the profit of an order stands: from an estimate to what will not change any more."""

from odoo import api, fields, models
from odoo.tools import SQL

from .kind import STAGES
from .sale_order import READ

# Why an order is not final yet, in the order in which these things come to an end.
WAITS = ("invoice", "bill", "fee", "payment", "claim", "case", "window")
# What holds an order back. Freight, fees and duty a supplier did not bill with the goods are no longer waited for when
# everything else is over: who was paid has said what he wants.
STAND = """
    WITH root AS (
        SELECT mine.root_id AS id, BOOL_OR(sale.state = 'sale') AS sold,
               BOOL_OR(sale.dropship_payout_state = 'expected') AS payout,
               BOOL_OR(sale.state = 'sale' AND sale.dropship_return_until IS NULL AND EXISTS (
                       SELECT FROM dropship_allocation part WHERE part.order_id = sale.id AND part.state <> 'released'
                        )) AS under_way,
               MAX(sale.dropship_return_until) AS until
          FROM profit_order mine JOIN sale_order sale ON sale.id = mine.id
         GROUP BY mine.root_id
    ), fact AS (
        SELECT entry.order_id, COUNT(*) AS entries, MAX(entry.book_date) AS last,
               BOOL_OR(move.move_type <> 'entry' AND move.state = 'posted' AND move.amount_residual <> 0
                       AND move.payment_state IN ('not_paid', 'partial')) AS payment
          FROM root
          JOIN dropship_profit_entry entry ON entry.order_id = root.id
          JOIN dropship_profit_generation generation ON generation.id = entry.generation_id
           AND generation.state = 'live'
     LEFT JOIN account_move move ON move.id = entry.res_id
         GROUP BY entry.order_id
    ), ahead AS (
        SELECT estimate.order_id, BOOL_OR(kind."group" = 'revenue') AS invoice,
               BOOL_OR(kind.code IN ('goods', 'own_stock')) AS bill,
               BOOL_OR(kind.code IN ('commission', 'payment_fee')) AS fee,
               BOOL_OR(kind."group" = '4') AS claim,
               BOOL_OR(kind.code IN ('goods', 'own_stock') AND estimate.stage = 'estimated') AS planned
          FROM root
          JOIN dropship_profit_estimate estimate ON estimate.order_id = root.id AND estimate.amount <> 0
          JOIN dropship_profit_kind kind ON kind.id = estimate.kind_id
         GROUP BY estimate.order_id
    ), known AS (
        SELECT root.id, sale.company_id, COALESCE(fact.entries, 0) AS entries, ahead.planned,
               COALESCE(ahead.invoice, FALSE) AS invoice, COALESCE(ahead.bill, FALSE) AS bill,
               COALESCE(ahead.fee AND root.payout, FALSE) AS fee, COALESCE(fact.payment, FALSE) AS payment,
               COALESCE(ahead.claim, FALSE) AS claim, %(cases)s AS "case",
               CASE WHEN NOT root.sold THEN NULL WHEN root.under_way THEN 'infinity'::date
                    ELSE COALESCE(root.until, COALESCE(fact.last, %(ordered)s)
                                              + company.dropship_return_days) END AS until
          FROM root
          JOIN sale_order sale ON sale.id = root.id
          JOIN res_company company ON company.id = sale.company_id
     LEFT JOIN fact ON fact.order_id = root.id
     LEFT JOIN ahead ON ahead.order_id = root.id
         WHERE root.sold OR fact.entries > 0
    ), stood AS (
        SELECT id, company_id, entries, planned, until,
               CONCAT_WS(' ', CASE WHEN invoice THEN 'invoice' END, CASE WHEN bill THEN 'bill' END,
                         CASE WHEN fee THEN 'fee' END, CASE WHEN payment THEN 'payment' END,
                         CASE WHEN claim THEN 'claim' END, CASE WHEN "case" THEN 'case' END,
                         CASE WHEN until >= %(today)s THEN 'window' END) AS waits
          FROM known
    ), staged AS (
        SELECT *, CASE WHEN waits = '' THEN 'final' WHEN entries > 0 AND waits !~ 'invoice|bill' THEN 'billed'
                       WHEN planned THEN 'estimated' ELSE 'committed' END AS stage FROM stood
    )
    INSERT INTO dropship_profit_stage AS old (company_id, order_id, stage, waits, entries, final_on, look_on)
    SELECT company_id, id, stage, waits, entries, CASE WHEN stage = 'final' THEN %(today)s END,
           CASE WHEN waits ~ 'window' AND until <> 'infinity' THEN until + 1 END
      FROM staged
        ON CONFLICT (order_id) DO UPDATE
       SET stage = excluded.stage, waits = excluded.waits, entries = excluded.entries, look_on = excluded.look_on,
           final_on = CASE WHEN excluded.stage = 'final' THEN COALESCE(old.final_on, excluded.final_on) END
"""
OPEN_CASE = """EXISTS (
    SELECT FROM profit_order member
      JOIN dropship_return_line returned ON returned.order_id = member.id
      JOIN dropship_return back ON back.id = returned.return_id AND back.state = 'open'
     WHERE member.root_id = root.id)"""
OVER = """
    DELETE FROM dropship_profit_estimate estimate USING profit_order, dropship_profit_stage stand
     WHERE estimate.order_id = profit_order.id AND stand.order_id = profit_order.id AND stand.stage = 'final'
"""


class DropshipProfitOrder(models.Model):
    """Where the profit of one order stands; written by the collector with every change of the order.

    Estimated: somebody has still to say what the goods cost. Committed: purchases are accepted. Billed: everything is
    invoiced and billed. Final: besides, invoices and bills are paid, an expected payout has come, no claim and no case
    is open, and nothing can be returned any more; then what was still expected is expected no longer. A final order
    that gets a late document is reckoned again, and its entries are added to.

    Of orders that are sent again for another one there is no row: they are that one's.
    """

    _name = "dropship.profit.stage"
    _description = "Stage of an Order's Profit"
    _order = "order_id desc"
    _rec_name = "order_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    stage = fields.Selection(STAGES, required=True, readonly=True)
    waits = fields.Char(readonly=True, help="Codes of what it waits for.")
    waits_text = fields.Char(string="Not Final Because", compute="_compute_waits_text")
    entries = fields.Integer(
        string="Ledger Entries", readonly=True, aggregator="avg", help="How many entries of the ledger are about it."
    )
    final_on = fields.Date(string="Final Since", readonly=True)
    look_on = fields.Date(string="Looked at Again On", readonly=True)

    _once = models.UniqueIndex("(order_id)", "This order is in the list.")
    _to_look = models.Index("(company_id, look_on) WHERE look_on IS NOT NULL")

    @api.depends("waits")
    @api.depends_context("lang")
    def _compute_waits_text(self):
        words = self._waits_words()
        for row in self:
            row.waits_text = ", ".join(words[code] for code in (row.waits or "").split())

    @api.model
    def _waits_words(self):
        """{code of WAITS: in the reader's language}"""
        return {
            "invoice": self.env._("not all is invoiced"),
            "bill": self.env._("not all goods are billed"),
            "fee": self.env._("the payout has not come"),
            "payment": self.env._("not all is paid"),
            "claim": self.env._("claims or returns are not settled"),
            "case": self.env._("a case is open"),
            "window": self.env._("it can still be returned"),
        }

    @api.model
    def _entries_per_order(self, company):
        """How many entries an order has on average; 0.0 before there are any."""
        domain = [("company_id", "=", company.id), ("entries", ">", 0)]
        return self.sudo()._read_group(domain, [], ["entries:avg"])[0][0] or 0.0


class DropshipProfitCollector(models.AbstractModel):
    _inherit = "dropship.profit.collector"

    @api.model
    def _expect(self, company, since, moves):  # pylint: disable=missing-return
        """Override: with its estimates and facts an order moves on."""
        super()._expect(company, since, moves)
        zone = company.partner_id.tz or "UTC"
        today = fields.Date.context_today(self.with_context(tz=zone))
        ordered = SQL("(sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", zone)
        cases = SQL(OPEN_CASE) if self.env["dropship.profit.source"]._has_returned() else SQL("FALSE")
        self.env.cr.execute(SQL(STAND, today=today, cases=cases, ordered=ordered))
        self.env.cr.execute(OVER)


class DropshipProfitSource(models.AbstractModel):
    _inherit = "dropship.profit.source"

    @api.model
    def _changed_orders(self, company, since):
        """Override: orders whose documents were paid, and those whose day has come."""
        live = self.env["dropship.profit.generation"]._live(company).id
        today = fields.Date.context_today(self.with_context(tz=company.partner_id.tz or "UTC"))
        cases = []
        if self._has_returned():
            since_then = self._since_then("dropship_return", company, since)
            cases = [SQL("SELECT returned.order_id FROM dropship_return JOIN dropship_return_line returned"
                         " ON returned.return_id = dropship_return.id WHERE %s", since_then)]  # fmt: skip
        return [
            *super()._changed_orders(company, since), *cases,
            SQL("SELECT order_id FROM dropship_profit_stage WHERE company_id = %s AND look_on <= %s",
                company.id, today),
            SQL(
                """
                SELECT entry.order_id FROM account_partial_reconcile partial
                  JOIN account_move_line item ON item.id IN (partial.debit_move_id, partial.credit_move_id)
                  JOIN dropship_profit_entry entry ON entry.res_id = item.move_id AND entry.generation_id = %s
                 WHERE partial.company_id = %s AND partial.create_date >= %s AND entry.order_id IS NOT NULL
                """,
                live, company.id, since,
            ),
        ]  # fmt: skip


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_profit_stage = fields.Selection(
        STAGES, string="Stage of the Profit", compute="_compute_dropship_profit_stage", groups=READ,
        help="Final: invoiced, billed, paid, and nothing can come back any more.",
    )  # fmt: skip
    dropship_profit_waits = fields.Char(
        string="Not Final Because", compute="_compute_dropship_profit_stage", groups=READ
    )

    def _compute_dropship_profit_stage(self):
        # whoever may see the stage need not read the list
        rows_sudo = self.env["dropship.profit.stage"].sudo().search([("order_id", "in", self.ids)])
        known = {row.order_id.id: row for row in rows_sudo}
        for order in self:
            row_sudo = known.get(order.id, rows_sudo.browse())
            order.dropship_profit_stage = row_sudo.stage
            order.dropship_profit_waits = row_sudo.waits_text
