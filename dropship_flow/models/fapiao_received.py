"""Invoices (发票) of suppliers: received, checked, and matched with what they billed."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..fapiao import files, numbers
from ..feeds.errors import ValueProblem
from ..order_files.values import parse_money
from .supplier_bill import BILLS

STATES = [("draft", "To check"), ("accepted", "Accepted"), ("refused", "Not usable")]


class DropshipFapiaoReceived(models.Model):
    """One invoice of a supplier, or his red letter, in part or over several bills."""

    _name = "dropship.fapiao.received"
    _description = "Fapiao of a Supplier"
    _inherit = ["mail.thread", "dropship.state.mixin", "dropship.money.mixin"]
    _order = "date desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("draft", "accepted"),
            ("draft", "refused"),
            ("refused", "draft"),
            ("accepted", "draft"),
        }
    )

    number = fields.Char(string="Fapiao Number", required=True, tracking=True)
    supplier_id = fields.Many2one(
        "dropship.supplier", required=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, index=True, tracking=True)
    kind = fields.Selection(
        [("ordinary", "Ordinary (普票)"), ("special", "Special (专票)")], required=True, default="special"
    )
    is_red = fields.Boolean(string="Red-Letter (红字)")
    origin_id = fields.Many2one(
        "dropship.fapiao.received", string="Takes Back", check_company=True, index="btree_not_null"
    )
    date = fields.Date(string="Issued On", required=True, default=fields.Date.context_today)
    amount_untaxed = fields.Monetary(string="Amount")
    amount_tax = fields.Monetary(string="Tax")
    amount_total = fields.Monetary(string="Total", compute="_compute_amount_total", store=True)
    file = fields.Binary(string="PDF or OFD", attachment=True)
    file_name = fields.Char()
    came = fields.Selection([("hand", "Entered by hand"), ("desk", "From the supplier")], default="hand", readonly=True)
    line_ids = fields.One2many("dropship.fapiao.match", "received_id", string="For These Bills")
    matched = fields.Monetary(compute="_compute_matched", store=True)
    rest = fields.Monetary(string="For No Bill Yet", compute="_compute_matched", store=True)
    refusal = fields.Char(string="Why Not", tracking=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, number) WHERE state <> 'refused'",
        "A fapiao with this number was handed in already. Each counts once.",
    )
    _amounts = models.Constraint(
        "CHECK (amount_untaxed >= 0 AND amount_tax >= 0)",
        "Enter the amounts without a sign, also of a red-letter fapiao.",
    )

    @api.depends("amount_untaxed", "amount_tax")
    def _compute_amount_total(self):
        for row in self:
            row.amount_total = row.amount_untaxed + row.amount_tax

    @api.depends("amount_total", "line_ids.amount")
    def _compute_matched(self):
        for row in self:
            row.matched = sum(row.line_ids.mapped("amount"))
            row.rest = row.amount_total - row.matched

    @api.constrains("number")
    def _check_number(self):
        for row in self:
            if numbers.received_problem(row.number or ""):
                raise ValidationError(
                    self.env._("%s is no fapiao number: it has 20 digits, on paper 8 or 18 with its code.", row.number)
                )

    @api.constrains("amount_total", "matched", "line_ids")
    def _check_matched(self):
        for row in self:
            if row.currency_id.compare_amounts(row.matched, row.amount_total) > 0:
                raise ValidationError(
                    self.env._("More is matched with bills than stands on the fapiao %s. Lower a line.", row.number)
                )

    @api.constrains("is_red", "origin_id", "supplier_id")
    def _check_origin(self):
        for row in self:
            origin = row.origin_id
            if origin and (not row.is_red or origin.is_red or origin.supplier_id != row.supplier_id):
                raise ValidationError(
                    self.env._("A red-letter fapiao takes back an ordinary one of the same supplier.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        """Override: what was accepted is not changed under our feet."""
        fixed = {"number", "supplier_id", "company_id", "currency_id", "amount_untaxed", "amount_tax", "is_red", "date"}
        if fixed & vals.keys() and any(row.state == "accepted" for row in self):
            raise UserError(self.env._("This fapiao is accepted. Press Correct first."))
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        vals = dict(vals)
        if "number" in vals:
            vals["number"] = numbers.tidy(vals["number"])
        if vals.get("file"):
            data = self.env["dropship.fapiao.file"]._decoded(vals["file"])
            found = files.taken(data, vals.get("file_name") or "")
            if not found:
                raise UserError(self.env._("Attach the fapiao as PDF, OFD, XML or picture, up to 10 MB."))
            vals["file_name"] = found[0]
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if any(row.state == "accepted" for row in self):
            raise UserError(self.env._("An accepted fapiao is kept. Press Correct first."))

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def action_accept(self):
        """It is what it says: it counts for the bills it names, or for the oldest ones that are owed."""
        self.env["dropship.fapiao.file"]._check_accountant()
        self._accept()

    def action_refuse(self):
        """It cannot be used; the supplier reads why on his desk."""
        self.env["dropship.fapiao.file"]._check_accountant()
        for row in self:
            if not row.refusal:
                raise UserError(self.env._("Write down why it cannot be used: the supplier reads it."))
        self.line_ids.unlink()
        self._set_state("refused")
        self.flush_recordset()  # its number is free from here on

    def action_correct(self):
        """Back to where it can be changed; until then it does not count."""
        self.env["dropship.fapiao.file"]._check_accountant()
        self._set_state("draft", refusal=False)

    def action_match(self):
        """Propose the oldest bills it may be for."""
        self.env["dropship.fapiao.file"]._check_accountant()
        self._match()

    def _accept(self):
        self.lock_for_update()
        for row in self.filtered(lambda row: row.state != "accepted"):
            if row.currency_id.is_zero(row.amount_total):
                raise UserError(self.env._("Enter the amount and the tax of the fapiao %s first.", row.number))
            if not row.line_ids:
                row._match()
            row._set_state("accepted")

    def _match(self):
        """Spread what is for no bill yet over the bills that are owed, the oldest first.

        A red letter goes back over the bills its original was for, the last first.
        """
        for row in self:
            left = row.rest
            if row.is_red:
                owed = [(line.move_id, line.amount) for line in row.origin_id.line_ids.sorted("id", reverse=True)]
            else:
                owed = row.supplier_id._fapiao_owed_bills(row.company_id, row.currency_id)
            known = row.line_ids.move_id
            for move, amount in owed:
                part = min(left, amount)
                if row.currency_id.compare_amounts(part, 0.0) <= 0 or move in known:
                    continue
                self.env["dropship.fapiao.match"].create({"received_id": row.id, "move_id": move.id, "amount": part})
                left -= part

    # ------------------------------------------------------------------
    # From the supplier's desk
    # ------------------------------------------------------------------

    @api.model
    def _take(self, supplier, company, values, data, filename):
        """A fapiao as the supplier hands it in; kept to be checked.

        :param dict values: number, date (ISO), kind, amount, tax, red: texts of a form
        :raise UserError: with a sentence for him; nothing is kept then
        """
        number = numbers.tidy(values.get("number"))
        if numbers.received_problem(number):
            raise UserError(self.env._("Please enter the number of the fapiao: 20 digits, on paper 8."))
        if not files.taken(data, filename):
            raise UserError(self.env._("Please attach the fapiao as PDF, OFD, XML or picture, up to 10 MB."))
        amount, tax = self._money(values.get("amount")), self._money(values.get("tax") or "0")
        if amount <= 0:
            raise UserError(self.env._("Please enter the amount without tax as it stands on the fapiao."))
        try:
            date = fields.Date.to_date(values.get("date") or "") or fields.Date.context_today(self)
        except ValueError:
            raise UserError(self.env._("Please enter the date as 2026-12-24.")) from None
        twice = [("company_id", "=", company.id), ("number", "=", number), ("state", "!=", "refused")]
        if self.search_count(twice, limit=1):
            raise UserError(self.env._("The fapiao %s was handed in already. Each counts once.", number))
        return self.create(
            {
                "number": number,
                "supplier_id": supplier.id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "kind": "ordinary" if values.get("kind") == "ordinary" else "special",
                "is_red": bool(values.get("red")),
                "date": date,
                "amount_untaxed": amount,
                "amount_tax": tax,
                "file": self._encoded(data),
                "file_name": filename,
                "came": "desk",
            }
        )

    @api.model
    def _encoded(self, data):
        return base64.b64encode(data)

    @api.model
    def _money(self, text):
        try:
            told, _currency = parse_money(text or "")
        except ValueProblem:
            told = None
        amount = -1.0 if told is None else round(float(told), 2)  # goods may be free of tax
        if not 0 <= amount < 1e10:
            raise UserError(self.env._("Please enter amounts like 1234.50."))
        return amount


class DropshipFapiaoMatch(models.Model):
    """How much of a received fapiao is for which bill."""

    _name = "dropship.fapiao.match"
    _description = "Fapiao for a Bill"
    _order = "received_id, id"
    _check_company_auto = True

    received_id = fields.Many2one("dropship.fapiao.received", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="received_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="received_id.currency_id")
    state = fields.Selection(related="received_id.state")
    move_id = fields.Many2one(
        "account.move", string="Bill", required=True, ondelete="cascade", index=True, check_company=True
    )
    amount = fields.Monetary(required=True)

    _received_move_uniq = models.Constraint(
        "UNIQUE (received_id, move_id)", "This bill is in the list already. Change its amount there."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount for a bill is above 0.")

    @api.constrains("move_id", "received_id")
    def _check_bill(self):
        for line in self:
            received, move = line.received_id, line.move_id
            supplier_sudo = move.sudo().dropship_supplier_id  # an accountant may not read suppliers
            if move.move_type not in BILLS or supplier_sudo != received.sudo().supplier_id:
                raise ValidationError(self.env._("%s is no bill of this supplier.", move.display_name))
            if move.currency_id != received.currency_id:
                raise ValidationError(self.env._("%s is in another currency than the fapiao.", move.display_name))

    @api.constrains("amount")
    def _check_amount(self):
        self.received_id._check_matched()

    @api.model_create_multi
    def create(self, vals_list):
        matches = super().create(vals_list)
        matches._check_not_accepted()
        return matches

    def write(self, vals):
        self._check_not_accepted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        self._check_not_accepted()

    def _check_not_accepted(self):
        if any(match.received_id.state == "accepted" for match in self):
            raise UserError(self.env._("This fapiao is accepted. Press Correct first."))
