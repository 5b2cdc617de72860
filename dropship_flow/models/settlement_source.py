"""What stands on a statement and is not in the ledger yet: accepted claims, and charges typed by the accountant."""

import json
from decimal import ROUND_HALF_UP, Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .settlement import OPEN
from .settlement_sql import STORE

KINDS = ("service", "freight", "allowance", "penalty", "other")
MINUS = ("allowance", "penalty")


class DropshipSettlementAdjustment(models.Model):
    """A charge or an allowance the accountant adds to a statement; approving books it as a bill or credit note."""

    _name = "dropship.settlement.adjustment"
    _description = "Adjustment of a Supplier's Statement"
    _order = "settlement_id, id"

    settlement_id = fields.Many2one("dropship.settlement", required=True, ondelete="cascade", index=True)
    supplier_id = fields.Many2one(related="settlement_id.supplier_id", store=True, index=True)
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    kind = fields.Selection(
        [
            ("service", "Service fee"),
            ("freight", "Freight"),
            ("allowance", "Allowance"),
            ("penalty", "Penalty"),
            ("other", "Other charge"),
        ],
        required=True,
        default="other",
    )
    name = fields.Char(string="What For", required=True)
    direction = fields.Selection(
        [("plus", "We owe more"), ("minus", "We owe less")],
        compute="_compute_direction",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    mode = fields.Selection(
        [("amount", "Amount"), ("percent", "Percent of the goods")], default="amount", required=True
    )
    value = fields.Float(string="Amount or Percent", digits=(16, 4), required=True)
    amount = fields.Monetary(
        compute="_compute_amount", store=True, help="What it adds to what we owe; negative: what it takes off."
    )
    move_id = fields.Many2one(
        "account.move", string="Booked As", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    _value_positive = models.Constraint(
        "CHECK (value > 0)", "Enter the amount or percentage without a sign and say whether we owe more or less."
    )

    @api.depends("kind")
    def _compute_direction(self):
        for adjustment in self:
            adjustment.direction = "minus" if adjustment.kind in MINUS else "plus"

    @api.depends("direction", "mode", "value", "settlement_id.goods")
    def _compute_amount(self):
        for adjustment in self:
            if adjustment.move_id:  # booked: it is what it was
                adjustment.amount = adjustment.amount
                continue
            amount = Decimal(str(adjustment.value))
            if adjustment.mode == "percent":
                amount *= Decimal(str(adjustment.settlement_id.goods)) / 100
            cents = Decimal(1).scaleb(-adjustment.currency_id.decimal_places)
            amount = amount.quantize(cents, ROUND_HALF_UP)
            adjustment.amount = float(-amount if adjustment.direction == "minus" else amount)

    @api.model_create_multi
    def create(self, vals_list):
        adjustments = super().create(vals_list)
        adjustments._changed()
        return adjustments

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        if {"kind", "name", "direction", "mode", "value"} & vals.keys():
            self._changed()
        return result

    def unlink(self):
        self._check_open()
        settlements = self.settlement_id
        result = super().unlink()
        for settlement in settlements:
            settlement._refresh()
        return result

    def _check_open(self):
        if any(adjustment.move_id for adjustment in self) and not self.env.su:
            raise UserError(self.env._("It is booked already. Correct the bill or credit note."))

    def _changed(self):
        for settlement in self.settlement_id:
            if settlement.state not in OPEN:
                raise UserError(self.env._("%s is agreed. Put it on the next statement.", settlement.name))
            settlement._refresh()


class DropshipClaim(models.Model):
    _inherit = "dropship.claim"

    credit_move_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_settlement_id = fields.Many2one(
        "dropship.settlement",
        string="Supplier's Statement",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
        help="The statement whose adjustments and claims it books.",
    )


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    adjustment_ids = fields.One2many("dropship.settlement.adjustment", "settlement_id", string="Adjustments")

    def _settlement_sources(self):
        """What belongs on the statement and is not in the ledger yet. Other addons extend it.

        :return: an iterable of dicts: `key` (the same every time), `kind` ("claim" or "pending"), `date`, `document`,
            `text`, `amount` (in the statement's currency; positive: we owe more), `charge` (a kind of
            `account.move.line.dropship_charge`), `purchase_id` (id or False), `record`, `link` (the record's field that
            keeps the document it became)
        """
        self.ensure_one()
        for adjustment in self.adjustment_ids.filtered(lambda adjustment: not adjustment.move_id):
            yield {
                "key": f"adjustment {adjustment.id}",
                "kind": "pending",
                "date": self.date_to,
                "document": adjustment.name,
                "text": adjustment.name,
                "amount": adjustment.amount,
                "charge": adjustment.kind,
                "purchase_id": False,
                "record": adjustment,
                "link": "move_id",
            }
        yield from self._claim_sources()

    def _claim_sources(self):
        """Claims the supplier accepted, in the currency he was bought in, as a credit."""
        claims_sudo = self.env["dropship.claim"].sudo()  # an accountant need not see claims one by one
        claims = claims_sudo.search(
            [
                ("party", "=", "supplier"),
                ("state", "=", "accepted"),
                ("credit_move_id", "=", False),
                ("company_id", "=", self.company_id.id),
                "|",
                ("supplier_id", "=", self.supplier_id.id),
                "&",
                ("supplier_id", "=", False),
                ("purchase_id.dropship_warehouse_id.supplier_id", "=", self.supplier_id.id),
            ],
            order="id",
        )
        for claim in claims:
            granted = claim.amount_granted or claim.amount
            if not granted or (claim.purchase_id.currency_id or claim.currency_id) != self.currency_id:
                continue
            yield {
                "key": f"claim {claim.id}",
                "kind": "claim",
                "date": fields.Date.to_date(claim.filed_at) or self.date_to,
                "document": claim.reference or claim.name,
                "text": claim.name,
                "amount": -claim.currency_id._convert(granted, self.currency_id, self.company_id, self.date_to),
                "charge": "claim",
                "purchase_id": claim.purchase_id.id,
                "record": claim,
                "link": "credit_move_id",
            }

    def _store_sources(self, facts):
        """Put the sources on the statement."""
        reasons = {"claim": "settle_claim", "pending": "settle_adjustment"}
        rows = [
            {"key": source["key"], "kind": source["kind"], "date": str(source["date"]), "document": source["document"],
             "amount": source["amount"], "reasons": [[reasons[source["kind"]], {}]]}
            for source in self._settlement_sources()
        ]  # fmt: skip
        values = """
            SELECT key, kind, date, NULL::date, NULL::integer, document, NULL::varchar, amount, 0, 'none', reasons,
                   NULL::integer
              FROM jsonb_to_recordset(%(sources)s::jsonb)
                   AS source (key varchar, kind varchar, date date, document varchar, amount numeric, reasons jsonb)"""
        if rows:
            self.env.cr.execute(STORE.replace("{rows}", values), {**facts, "sources": json.dumps(rows)})

    def _book_sources(self):
        """Make bills and credit notes of what is not booked yet, and post them: charges and deductions.

        :return: the documents
        """
        self.ensure_one()
        moves = self.env["account.move"]
        sources = [source for source in self._settlement_sources() if source["amount"]]
        for move_type, sign in (("in_invoice", 1), ("in_refund", -1)):
            mine = [source for source in sources if source["amount"] * sign > 0]
            if not mine:
                continue
            move = moves.create(self._source_document(move_type, mine))
            for source in mine:
                source["record"].sudo().write({source["link"]: move.id})
            moves |= move
        moves._post(soft=False)
        return moves

    def _source_document(self, move_type, sources):
        lines = self.env["account.move.line"]
        return {
            "move_type": move_type,
            "partner_id": self.supplier_id.sudo().partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.date_to,
            "date": self.date_to,
            "ref": f"{self.name} {'+' if move_type == 'in_invoice' else '−'}",
            "dropship_settlement_id": self.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": lines._dropship_charge_product(source["charge"]).id,
                        "name": source["text"],
                        "quantity": 1,
                        "price_unit": abs(source["amount"]),
                        "tax_ids": [Command.clear()],
                        "dropship_charge": source["charge"],
                        "dropship_purchase_id": source["purchase_id"],
                    }
                )
                for source in sources
            ],
        }
