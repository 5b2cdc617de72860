"""Reads a statement from the ledger, set by set: a statement of ten thousand documents takes as many queries as one.

The arithmetic. What we owe by an item is a = −amount_currency. In scope are the payable items of bills and credit
notes about dropshipped goods, and of payments. What is open of them on a day is Σ a, corrected by every reconciliation
until that day with something that is *not* in scope: a rent bill a payment also paid, a payment in another currency, a
manual entry. Those corrections are movements like any other: a payment counts by its share, and a bill settled by
something else shows that as a payment. Reconciliations inside the scope cancel out. Hence, always:
opening + movements = Σ open amounts.

Each movement has a key. What stands on a statement is its amount now less what earlier closed statements counted under
the same key: a document booked late, changed or removed shows as the difference, and the opening balance still ties.
"""

import json

from odoo import fields, models

from .settlement_line import COUNTING, SECTIONS
from .settlement_sql import APART, CARRIED, DRAFTS, ITEMS, MOVEMENTS, RESIDUAL, STORE, UNBILLED


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    def _refresh(self):
        """Read everything that stands on the statement: documents from the ledger, then what is not booked yet.

        Lines keep their id as long as they are about the same document. Note: `self.ensure_one()`.
        """
        self.ensure_one()
        settlement = self.sudo()  # figures are written by the machine only
        settlement.env.flush_all()
        settlement.turn += 1
        settlement.flush_recordset()
        facts = settlement._ledger_facts()
        for rows in (ITEMS + MOVEMENTS, ITEMS + CARRIED, ITEMS + APART, DRAFTS, UNBILLED):
            self.env.cr.execute(STORE.replace("{rows}", rows), facts)
        settlement._count_goods()
        settlement._store_sources(facts)
        self.env.cr.execute(
            "DELETE FROM dropship_settlement_line WHERE settlement_id = %(id)s AND turn <> %(turn)s", facts
        )
        settlement.env["dropship.settlement.line"].invalidate_model(flush=False)
        settlement.invalidate_recordset(["line_ids"], flush=False)
        settlement._judge()
        settlement._place_lines()
        settlement._sum_up(facts)

    def _ledger_facts(self):
        """What the queries ask about."""
        before = self._before()
        first = not before
        date_from = self.date_from or fields.Date.to_date("0001-01-01")
        return {
            "id": self.id,
            "partner": self.supplier_id.partner_id.commercial_partner_id.id,
            "supplier": self.supplier_id.id,
            "company": self.company_id.id,
            "currency": self.currency_id.id,
            "digits": self.currency_id.decimal_places,
            "date_from": date_from,
            "date_to": self.date_to,
            "first": first,
            "before": before.closing,
            "sent": bool(self.sent_at) and self.state != "draft",
            "counting": list(COUNTING),
            "turn": self.turn,
            "uid": self.env.uid,
        }

    def _count_goods(self):
        """Goods without taxes on the bills of the period: what percentages are taken of."""
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(CASE WHEN move.move_type = 'in_refund' THEN -item.price_subtotal
                                     ELSE item.price_subtotal END), 0)
              FROM dropship_settlement_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_move_line item ON item.move_id = move.id AND item.display_type = 'product'
             WHERE line.settlement_id = %s AND line.turn = %s AND line.kind IN ('bill', 'credit')
               AND item.dropship_charge IS NULL
            """,
            [self.id, self.turn],
        )
        self.goods = self.env.cr.fetchone()[0]

    def _place_lines(self):
        """Differences first; then section by section."""
        places = {name: place for place, (name, _label) in enumerate(SECTIONS)}
        self.env.cr.execute(
            """
            UPDATE dropship_settlement_line line
               SET section = CASE WHEN kind IN ('bill', 'credit', 'adjustment') AND verdict IN ('held', 'objected')
                                  THEN 'differs' ELSE kind END,
                   place = COALESCE((%s::jsonb ->> (
                       CASE WHEN kind IN ('bill', 'credit', 'adjustment') AND verdict IN ('held', 'objected')
                            THEN 'differs' ELSE kind END))::integer, 0)
             WHERE settlement_id = %s
            """,
            [json.dumps(places), self.id],
        )

    def _sum_up(self, facts):
        """Fill the figures of the statement from its lines and, for the check, from core's open amounts."""
        kinds = "opening later bill credit payment adjustment apart unbilled"
        self.env.cr.execute(
            "SELECT kind, SUM(amount) FROM dropship_settlement_line WHERE settlement_id = %s GROUP BY kind", [self.id]
        )
        sums = {**dict.fromkeys(kinds.split(), 0), **dict(self.env.cr.fetchall())}
        self.env.cr.execute(ITEMS + RESIDUAL, facts)
        residual = self.env.cr.fetchone()[0]
        opening = sums["opening"] if facts["first"] else facts["before"]
        moved = [sums[kind] for kind in ("later", "bill", "credit", "payment", "adjustment")]
        self.write(
            {
                "opening": opening,
                "later": sums["later"],
                "billed": sums["bill"],
                "credited": -sums["credit"],
                "paid": -sums["payment"],
                "adjusted": sums["adjustment"],
                "closing": self.currency_id.round(float(opening) + float(sum(moved))),
                "residual": self.currency_id.round(float(residual)),
                "pending": sums.get("claim", 0) + sums.get("pending", 0),
                "apart": sums["apart"],
                "unbilled": sums["unbilled"],
                "refreshed_at": fields.Datetime.now(),
            }
        )
