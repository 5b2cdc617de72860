"""What stands against paying a supplier's bill, in words on the bill."""

import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..matching import worst
from .bill_match import DECIDERS, STATES
from .reason_text import FLOW_DAYS, FLOW_REASONS, _lt, reasons_text

BILLS = ("in_invoice", "in_refund")
# What is written on bills, and as what.
MARKS = {
    "dropship_match_state": "varchar", "dropship_bill_reasons": "jsonb", "dropship_held": "bool",
    "dropship_payable": "bool", "dropship_payable_on": "date",
}  # fmt: skip

FLOW_REASONS.update(
    {
        "bill_duplicate": _lt("The number %(number)s was billed before, on %(other)s."),
        "bill_early": _lt("%(purchase)s: billed before it left – %(qty)s of %(product)s."),
        "bill_charge_early": _lt("%(purchase)s: freight or fees of goods that have not left yet."),
        "bill_twice": _lt("%(purchase)s: %(product)s is billed a second time, first on %(other)s."),
        "bill_company": _lt("%(purchase)s is a purchase of another company: %(company)s."),
        "bill_currency": _lt("%(purchase)s was ordered in %(ordered)s, this bill is in %(billed)s."),
        "bill_supplier": _lt("%(purchase)s was ordered from another supplier."),
        "bill_bank": _lt(
            "The bank account %(account)s is new or was changed on %(changed)s, after the last payment: ask the "
            "supplier by telephone, then trust the account."
        ),
        "bill_tracking": _lt("%(purchase)s: no carrier has scanned its parcels yet."),
        "bill_unlikely": _lt("%(purchase)s: parcel %(number)s is suspected not to be the real one."),
        "bill_difference": _lt(
            "%(purchase)s: %(what)s differs by %(amount)s – accept it, dispute it, or ask for a credit note."
        ),
        "bill_disputed": _lt("%(purchase)s: %(what)s is disputed, %(amount)s."),
        "bill_credit_asked": _lt("%(purchase)s: a credit note of %(amount)s was asked for %(what)s."),
        "bill_not_ordered": _lt("%(what)s belongs to no purchase: choose it on the line, or say what is charged."),
        "bill_no_date": _lt("The bill has no date."),
    }
)  # fmt: skip
FLOW_DAYS["bill_bank"] = ("changed",)


class ResPartnerBank(models.Model):
    """A supplier's account that changes is how money gets lost."""

    _inherit = "res.partner.bank"

    dropship_changed_at = fields.Datetime(
        default=fields.Datetime.now, readonly=True, copy=False, groups="base.group_user"
    )
    dropship_trusted_at = fields.Datetime(readonly=True, copy=False, groups="base.group_user")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: bills of whoever got a new account are looked at again."""
        accounts = super().create(vals_list)
        accounts.sudo().filtered("allow_out_payment").dropship_trusted_at = fields.Datetime.now()
        accounts._dropship_bank_moved()
        return accounts

    def write(self, vals):
        """Override: when the number was changed, and when somebody trusted it."""
        now = fields.Datetime.now()
        changed = self.filtered(lambda account: "acc_number" in vals and account.acc_number != vals["acc_number"])
        result = super().write(vals)
        if changed:
            changed.sudo().dropship_changed_at = now
        if vals.get("allow_out_payment"):
            self.sudo().dropship_trusted_at = now
        if {"acc_number", "allow_out_payment", "partner_id", "active"} & vals.keys():
            self._dropship_bank_moved()
        return result

    def _dropship_bank_moved(self):
        partners = self.partner_id.commercial_partner_id
        suppliers_sudo = self.env["dropship.supplier"].sudo().search([("partner_id", "in", partners.ids)])
        if suppliers_sudo:
            open_sudo = self.env["account.move"].sudo().search(
                [
                    ("dropship_supplier_id", "in", suppliers_sudo.ids), ("move_type", "in", BILLS),
                    ("state", "!=", "cancel"), ("payment_state", "in", ("not_paid", "partial")),
                ]
            )  # fmt: skip
            self.env["dropship.bill.match"].sudo()._moved(move_ids=open_sudo.ids)


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_match_state = fields.Selection(
        STATES, string="Matching", readonly=True, copy=False, groups="base.group_user", index="btree_not_null"
    )
    dropship_bill_reasons = fields.Json(readonly=True, copy=False, groups="base.group_user")
    dropship_hold_text = fields.Text(
        "Why It Is Held", compute="_compute_dropship_hold_text", groups="base.group_user"
    )
    dropship_held = fields.Boolean("Held", readonly=True, copy=False, groups="base.group_user")
    dropship_payable = fields.Boolean(
        "May Be Paid",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Posted, and nothing stands against it.",
    )
    dropship_payable_on = fields.Date(
        "Payable On",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="By the payment term, and not before a carrier has scanned the parcels where that is asked for.",
    )
    dropship_released_reasons = fields.Json(readonly=True, copy=False, groups="base.group_user")
    dropship_released_by = fields.Many2one(
        "res.users", string="Released By", readonly=True, copy=False, groups="base.group_user"
    )
    dropship_released_at = fields.Datetime("Released On", readonly=True, copy=False, groups="base.group_user")
    dropship_release_note = fields.Char("Released Because", readonly=True, copy=False, groups="base.group_user")
    dropship_match_ids = fields.Many2many(
        "dropship.bill.match",
        compute="_compute_dropship_match_ids",
        string="Matching Lines",
        groups="dropship_flow.group_dropship_user",
    )

    _dropship_held_idx = models.Index("(company_id) WHERE dropship_held")

    @api.depends("dropship_bill_reasons")
    @api.depends_context("lang")
    def _compute_dropship_hold_text(self):
        for move in self:
            move.dropship_hold_text = reasons_text(self.env, move.dropship_bill_reasons or []) or False

    @api.depends("invoice_line_ids.purchase_line_id", "invoice_line_ids.dropship_purchase_id")
    def _compute_dropship_match_ids(self):
        found = self._dropship_rows()
        for move in self:
            rows = found[move]
            move.dropship_match_ids = [Command.set(rows.with_env(self.env)._filtered_access("read").ids)]

    def _dropship_purchases(self):
        """The dropshipped purchases the bills are about."""
        lines_sudo = self.sudo().invoice_line_ids
        purchases = lines_sudo.purchase_line_id.order_id | lines_sudo.dropship_purchase_id
        return purchases.filtered("dropship_warehouse_id")

    def _dropship_rows(self):
        """{bill: rows of the matching that are about its lines}"""
        match = self.env["dropship.bill.match"].sudo()
        bills_sudo = self.sudo()
        rows = match.search([("purchase_id", "in", bills_sudo._dropship_purchases().ids)])
        goods = rows.filtered("purchase_line_id").grouped("purchase_line_id")
        charges = {(row.purchase_id, row.kind): row for row in rows - rows.filtered("purchase_line_id")}
        result = {}
        for bill in self:
            mine = match.browse()
            for line in bill.sudo().invoice_line_ids:
                if line.purchase_line_id:
                    mine |= goods.get(line.purchase_line_id, mine.browse())
                elif line.dropship_purchase_id:
                    kind = match._kind_of(line.dropship_charge or "other")
                    mine |= charges.get((line.dropship_purchase_id, kind), mine.browse())
            result[bill] = mine
        return result

    # ------------------------------------------------------------------
    # What stands against it
    # ------------------------------------------------------------------

    def _dropship_blockers(self):
        """Why the bill may not be paid, as [[code, {figure: text}]]; empty: nothing speaks against it.

        What a person released is left out, as long as it is word for word the same.
        """
        self.ensure_one()
        return self._dropship_all_blockers()[self]

    def _dropship_all_blockers(self):
        """The same for many bills: {bill: list}."""
        checks = self._dropship_checks()
        result = {}
        for bill in self:
            released = [list(reason) for reason in bill.sudo().dropship_released_reasons or []]
            result[bill] = [list(reason) for reason in checks[bill] if list(reason) not in released]
        return result

    def _dropship_renew_holds(self):
        """Write on these bills how they match and what stands against them. Others are left alone."""
        bills = self.sudo().filtered(lambda move: move.move_type in BILLS and move.dropship_supplier_id)
        rows = bills._dropship_rows()
        blockers = bills._dropship_all_blockers()
        seen = bills._dropship_scanned_on()
        marks = {}
        for bill in bills:
            states = [self._dropship_state_of(row) for row in rows[bill]]
            posted = bill.state == "posted"
            held = bool(blockers[bill]) and bill.state != "cancel"
            payable = posted and not held and bill.dropship_is_bill
            due = bill.invoice_date_due or bill.invoice_date
            vals = {
                "dropship_match_state": worst(states) if states else False,
                "dropship_bill_reasons": blockers[bill] if held else False,
                "dropship_held": held,
                "dropship_payable": payable,
                "dropship_payable_on": max(filter(None, [due, seen[bill]]), default=False) if payable else False,
            }
            if any((bill[name] or False) != (value or False) for name, value in vals.items()):
                marks[bill] = vals
        self._dropship_mark(marks)

    @api.model
    def _dropship_mark(self, marks):
        """Write our marks in one statement: they are no change of the bill, core's checks have nothing to do with them.

        :param dict marks: {bill: {field: value}}
        """
        if not marks:
            return
        columns = [
            SQL("%s::%s[]", [self._dropship_cell(name, vals[name]) for vals in marks.values()], SQL(kind))
            for name, kind in MARKS.items()
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move bill SET %s
                  FROM UNNEST(%s::int[], %s) AS mark (id, %s) WHERE bill.id = mark.id
                """,
                SQL(", ").join(SQL("%s = mark.%s", SQL.identifier(name), SQL.identifier(name)) for name in MARKS),
                [bill.id for bill in marks],
                SQL(", ").join(columns),
                SQL(", ").join(map(SQL.identifier, MARKS)),
            )
        )
        bills = self.browse([bill.id for bill in marks])
        bills.invalidate_recordset(list(MARKS), flush=False)
        bills.modified(list(MARKS))

    @api.model
    def _dropship_cell(self, name, value):
        if name == "dropship_bill_reasons":
            return json.dumps(value) if value else None
        return value if value or isinstance(value, bool) and MARKS[name] == "bool" else None

    @api.model
    def _dropship_state_of(self, row):
        """How a row counts for a bill: that the rest is not billed yet says nothing about this one."""
        codes = {code for code, _params in row.reasons or []}
        if row.state == "waiting" and not codes & {"match_early", "match_charge_early"}:
            return "ok"
        return row.state

    def action_dropship_release(self):
        """A person takes it on himself: what stands against these bills now does no more."""
        self._dropship_check_accountant()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "dropship.bill.release",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": self.filtered("dropship_held").ids},
        }

    def _dropship_release(self, note):
        for bill_sudo in self.sudo():
            reasons = [*(bill_sudo.dropship_released_reasons or []), *bill_sudo._dropship_blockers()]
            bill_sudo.dropship_released_reasons = reasons
            bill_sudo.dropship_released_by = self.env.uid
            bill_sudo.dropship_released_at = fields.Datetime.now()
            bill_sudo.dropship_release_note = note
            said = reasons_text(self.env, bill_sudo.dropship_bill_reasons or [])
            bill_sudo.message_post(body=self.env._("Released: %(note)s\n%(reasons)s", note=note, reasons=said))
        self._dropship_renew_holds()

    def action_dropship_matching(self):
        """The rows of the matching about this bill."""
        rows = self.env["dropship.bill.match"].browse(self.dropship_match_ids.ids)
        return self.env["dropship.overview"]._window(
            self.env._("Matching"), rows._name, [("id", "in", rows.ids)], "dropship_flow.action_dropship_bill_match"
        )

    def _dropship_check_accountant(self):
        self.check_access("write")
        if not self.env.user.has_group(DECIDERS):
            raise UserError(self.env._("Ask the accountant: he decides what is paid."))
