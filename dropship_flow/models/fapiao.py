"""Invoices of the tax bureau (发票) to issue to customers, issued, and taken back (红字)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..fapiao import files, numbers
from .fapiao_title import KINDS
from .reason_text import FLOW_REASONS, _lt, reasons_line

STATES = [
    ("wanted", "To issue"),
    ("exported", "Exported"),
    ("issued", "Issued"),
    ("red_needed", "Red-letter needed"),
    ("red_exported", "Red-letter exported"),
    ("red_issued", "Red-letter issued"),
    ("cancelled", "Not issued"),
]
TODO = ("wanted", "red_needed")
ISSUED = ("issued", "red_issued")
HEAD = ("who", "title", "tax_number", "address", "phone", "bank", "account", "email", "mobile")

FLOW_REASONS.update(
    {
        "fapiao_title": _lt("Nobody knows whom it is for: a special fapiao needs a company with its tax number."),
        "fapiao_title_part": _lt("The title lacks: %(missing)s."),
        "fapiao_red_waits": _lt("The fapiao it takes back has no number yet: enter that first."),
        "fapiao_currency": _lt("It is in %(currency)s. A fapiao is in yuan: invoice it in yuan."),
    }
)


class DropshipFapiao(models.Model):
    """One invoice of the tax bureau: to issue, with the bureau, issued; or its red letter."""

    _name = "dropship.fapiao"
    _description = "Fapiao"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "serial"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("wanted", "exported"),
            ("wanted", "issued"),
            ("exported", "wanted"),
            ("exported", "issued"),
            ("wanted", "cancelled"),
            ("red_needed", "red_exported"),
            ("red_needed", "red_issued"),
            ("red_exported", "red_needed"),
            ("red_exported", "red_issued"),
            ("red_needed", "cancelled"),
        }
    )

    serial = fields.Char(
        readonly=True, copy=False, default="/", help="Our own number (发票流水号), it comes back with the bureau's."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, index=True)
    state = fields.Selection(STATES, required=True, default="wanted", readonly=True, index=True, tracking=True)
    kind = fields.Selection(KINDS[1:], required=True, readonly=True)
    is_red = fields.Boolean(string="Red-Letter (红字)", readonly=True)
    origin_id = fields.Many2one("dropship.fapiao", string="Takes Back", readonly=True, index="btree_not_null")
    red_ids = fields.One2many("dropship.fapiao", "origin_id", string="Taken Back By")
    move_ids = fields.Many2many(
        "account.move", "dropship_fapiao_move_rel", "fapiao_id", "move_id", string="Invoices", readonly=True
    )
    line_ids = fields.One2many("dropship.fapiao.line", "fapiao_id", string="Lines", readonly=True)
    who = fields.Selection([("person", "A person"), ("company", "A company")], string="For", required=True)
    title = fields.Char(string="Title (抬头)")
    tax_number = fields.Char(string="Tax Number (税号)")
    address = fields.Char()
    phone = fields.Char()
    bank = fields.Char()
    account = fields.Char(string="Bank Account")
    email = fields.Char(string="Send to E-mail")
    mobile = fields.Char(string="Send to Mobile")
    note = fields.Char(string="Remark (备注)")
    amount_untaxed = fields.Monetary(string="Amount", compute="_compute_amounts", store=True)
    amount_tax = fields.Monetary(string="Tax", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(string="Total", compute="_compute_amounts", store=True)
    number = fields.Char(string="Fapiao Number", copy=False, tracking=True, help="The 20 digits of the tax bureau.")
    date = fields.Date(string="Issued On", copy=False)
    file = fields.Binary(string="PDF or OFD", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    exported_at = fields.Datetime(readonly=True, copy=False)
    batch_id = fields.Many2one("dropship.fapiao.file", string="Exported With", readonly=True, index="btree_not_null")
    send_to = fields.Char(compute="_compute_send_to", help="As the customer said for the fapiao, else his own address.")
    sent_at = fields.Datetime(string="Sent to the Customer", readonly=True, copy=False)
    reasons = fields.Json(compute="_compute_reasons")
    problem = fields.Char(string="Still Missing", compute="_compute_reasons")

    _number_uniq = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "Another fapiao has this number. Look at the number once more.",
    )
    _todo_idx = models.Index("(company_id, state) WHERE state IN ('wanted', 'red_needed', 'exported', 'red_exported')")

    @api.depends("line_ids.amount", "line_ids.tax")
    def _compute_amounts(self):
        for fapiao in self:
            fapiao.amount_untaxed = sum(fapiao.line_ids.mapped("amount"))
            fapiao.amount_tax = sum(fapiao.line_ids.mapped("tax"))
            fapiao.amount_total = fapiao.amount_untaxed + fapiao.amount_tax

    @api.depends(
        "kind", "who", "title", "tax_number", "address", "phone", "bank", "account", "origin_id.number", "state"
    )
    @api.depends_context("lang")
    def _compute_reasons(self):
        for fapiao in self:
            reasons = fapiao._missing() if fapiao.state in TODO else []
            fapiao.reasons = reasons
            fapiao.problem = reasons_line(self.env, reasons) or False

    @api.depends("email", "partner_id.email")
    def _compute_send_to(self):
        for fapiao in self:
            fapiao.send_to = fapiao.email or fapiao.partner_id.email

    def _missing(self):
        """Why it cannot be issued as it is: [[code, {figure: value}]]."""
        self.ensure_one()
        reasons = []
        if not self.title or (self.kind == "special" and (self.who != "company" or not self.tax_number)):
            reasons.append(["fapiao_title", {}])
        else:
            wanted = ["tax_number"] if self.who == "company" else []
            wanted += ["address", "phone", "bank", "account"] if self.kind == "special" else []
            labels = self.fields_get(wanted, ["string"]) if wanted else {}
            if missing := [labels[name]["string"] for name in wanted if not self[name]]:
                reasons.append(["fapiao_title_part", {"missing": ", ".join(missing)}])
        if self.is_red and not self.origin_id.number:
            reasons.append(["fapiao_red_waits", {}])
        if self.currency_id.name != "CNY":
            reasons.append(["fapiao_currency", {"currency": self.currency_id.name}])
        return reasons

    @api.constrains("number")
    def _check_number(self):
        for fapiao in self:
            if fapiao.number and numbers.issued_problem(fapiao.number):
                raise ValidationError(
                    self.env._("The number of a digital fapiao has 20 digits; %s does not.", fapiao.number)
                )

    @api.constrains("tax_number")
    def _check_tax_number(self):
        titles = self.env["dropship.fapiao.title"]
        for fapiao in self:
            if fapiao.tax_number and (problem := titles._number_refusal(fapiao.who, fapiao.tax_number)):
                raise ValidationError(problem)

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if vals.get("serial", "/") == "/":
                vals["serial"] = sequence.with_company(vals.get("company_id")).next_by_code("dropship.fapiao") or "/"
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        """Override: what is with the bureau or issued keeps its words, and no number without its date."""
        head = set(HEAD) & vals.keys() - {"email", "mobile"}
        if head and any(fapiao.state not in TODO for fapiao in self):
            raise UserError(
                self.env._("This fapiao is with the tax bureau already. Take the export back to change its title.")
            )
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        vals = dict(vals)
        for name in ("tax_number", "number"):
            if name in vals:
                vals[name] = numbers.tidy(vals[name]) or False
        if vals.get("file"):
            data = self.env["dropship.fapiao.file"]._decoded(vals["file"])
            found = files.taken(data, vals.get("file_name") or "")
            if not found:
                raise UserError(self.env._("Attach the fapiao as PDF, OFD, XML or picture, up to 10 MB."))
            vals["file_name"] = found[0]
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        if any(fapiao.state not in (*TODO, "cancelled") for fapiao in self):
            raise UserError(
                self.env._("What was exported or issued is kept. Take the export back, or issue a red letter.")
            )

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def _check_keeper(self):
        """Fapiao are the accountant's.

        :raise AccessError: for everybody else
        """
        self.env["dropship.fapiao.file"]._check_accountant()
        self.check_access("write")

    def action_issue(self):
        """The bureau issued it: number and date were entered by hand."""
        self._check_keeper()
        for fapiao in self:
            if not fapiao.number:
                raise UserError(self.env._("Enter the number of 20 digits first."))
        self._issue()

    def action_back(self):
        """Take an export back: nothing was issued."""
        self._check_keeper()
        for fapiao in self:
            fapiao._set_state("red_needed" if fapiao.is_red else "wanted", exported_at=False, batch_id=False)

    def action_export(self):
        """The file for the bureau's bulk issue of what was chosen."""
        self._check_keeper()
        return self.env["dropship.fapiao.file"]._export(self)._open()

    def action_merge(self):
        """One fapiao for several orders of one customer."""
        self._check_keeper()
        return self._merge()

    def action_drop(self):
        """Nobody wants it any more: the invoice stays, no fapiao is issued."""
        self._check_keeper()
        for fapiao in self:
            fapiao._set_state("cancelled")

    def action_send(self):
        """Send the file to the customer (again)."""
        self._check_keeper()
        ready = self.filtered(lambda row: row.state in ISSUED and row.file and row.send_to)
        if not ready:
            raise UserError(
                self.env._("Attach the PDF or OFD of an issued fapiao and say the customer's e-mail first.")
            )
        ready._send_fapiao()

    def action_open_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": [("id", "in", self.move_ids.ids)], "context": {"create": False}}


class DropshipFapiaoLine(models.Model):
    _name = "dropship.fapiao.line"
    _description = "Line of a Fapiao"
    _order = "fapiao_id, id"

    fapiao_id = fields.Many2one("dropship.fapiao", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="fapiao_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="fapiao_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line", string="Invoice Line", ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one("product.product")
    name = fields.Char(required=True)
    tax_code = fields.Char(string="Tax Code (税收编码)")
    unit = fields.Char()
    # As many digits as `fapiao.issue` keeps: what was rounded once more would not add up again.
    quantity = fields.Float(digits=(16, 6))
    rate = fields.Float(string="Rate (%)")
    amount = fields.Monetary()
    tax = fields.Monetary()
