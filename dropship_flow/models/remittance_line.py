from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..collecting import Told, match
from .exact import decimal
from .reason_text import FLOW_REASONS, _lt, reasons_line
from .remittance import LINE_STATES

FLOW_REASONS.update(
    {
        "cod_number_harmed": _lt("The number %(number)s was rounded by a spreadsheet: ask for the file again."),
        "cod_no_number": _lt("The row names no parcel."),
        "cod_not_a_number": _lt('"%(text)s" is no number.'),
        "cod_not_a_date": _lt('"%(text)s" is no date.'),
        "cod_no_amount": _lt("The row names no amount."),
        "cod_not_positive": _lt("The amount %(amount)s is not what a customer pays."),
        "cod_sum": _lt("%(amount)s less %(fee)s is not %(net)s."),
        "cod_fee": _lt("The fee %(fee)s is more than the amount %(amount)s."),
        "cod_unknown": _lt("No parcel with the number %(number)s collects money."),
        "cod_twice": _lt("The same parcel as in row %(line)s."),
        "cod_paid_before": _lt("%(number)s was paid before."),
        "cod_refused_paid": _lt("%(number)s was refused or lost, and the carrier pays for it all the same."),
        "cod_currency": _lt("Told in %(told)s, to be collected in %(expected)s."),
        "cod_differs": _lt("%(amount)s instead of %(expected)s: a difference of %(difference)s."),
    }
)
# What a person may take as it is: the carrier pays what he pays.
SOFT = {"cod_differs", "cod_refused_paid"}
KNOWN = {"cod_paid_before", "cod_twice"}


class DropshipRemittanceLine(models.Model):
    """A row of a remittance: a parcel, what was collected, what the carrier kept. Nothing of it is thrown away."""

    _name = "dropship.remittance.line"
    _description = "Row of a Remittance"
    _inherit = ["dropship.state.mixin"]
    _order = "remittance_id desc, line, id"
    _rec_name = "number"

    _transitions = frozenset(
        {
            ("ready", "posted"), ("ready", "problem"), ("ready", "known"), ("problem", "ready"), ("problem", "known"),
            ("problem", "dropped"), ("dropped", "problem"), ("dropped", "ready"), ("known", "problem"),
        }
    )  # fmt: skip

    remittance_id = fields.Many2one("dropship.remittance", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="remittance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="remittance_id.currency_id")
    line = fields.Integer(string="Row", readonly=True)
    number = fields.Char(string="Tracking Number", readonly=True, index=True)
    amount = fields.Monetary(string="Collected", readonly=True)
    fee = fields.Monetary(readonly=True)
    currency_code = fields.Char(string="Currency as Written", readonly=True)
    date = fields.Date(readonly=True)
    raw = fields.Json(readonly=True)
    cells = fields.Html(string="As in the File", compute="_compute_cells", sanitize=False)
    problems = fields.Json(readonly=True, help="What is wrong with the row itself.")
    state = fields.Selection(LINE_STATES, default="problem", required=True, readonly=True, index=True)
    reasons = fields.Json(readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    accepted = fields.Boolean(readonly=True, help="A person takes what the carrier pays.")
    can_accept = fields.Boolean(compute="_compute_can_accept")
    shipment_id = fields.Many2one(
        "dropship.shipment", string="Parcel", readonly=True, ondelete="set null", index="btree_not_null"
    )
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null", index="btree_not_null")
    expected = fields.Monetary(readonly=True)
    payment_ids = fields.Many2many(
        "account.payment", "dropship_remittance_payment_rel", string="Payments", readonly=True
    )
    fee_move_id = fields.Many2one("account.move", string="Entry of the Fee", readonly=True, ondelete="restrict")

    # Of the rows of all files one pays for a parcel.
    _paid_once = models.UniqueIndex("(company_id, shipment_id) WHERE state = 'posted'", "This parcel is paid already.")

    @api.depends("raw")
    def _compute_cells(self):
        for line in self:
            rows = [
                Markup("<tr><th>%s</th><td>%s</td></tr>") % (escape(name), escape(text))
                for name, text in (line.raw or {}).items()
            ]
            line.cells = Markup('<table class="table table-sm">%s</table>') % Markup("").join(rows)

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for line in self:
            line.reason_text = reasons_line(self.env, line.reasons or []) or False

    @api.depends("reasons", "state")
    def _compute_can_accept(self):
        for line in self:
            codes = {reason[0] for reason in line.reasons or ()}
            line.can_accept = line.state == "problem" and bool(codes) and codes <= SOFT

    def _check(self):
        """Hold rows against their parcels; what nothing speaks against is ready to be posted."""
        for remittance, lines in self.grouped("remittance_id").items():
            lines = lines.sorted(lambda line: (line.line, line.id))
            parcels = remittance._parcels(list({line.number for line in lines if line.number}))
            told = [
                Told(line.line, line.number or "", decimal(line.amount), decimal(line.fee), line.currency_code or "",
                     problems=line.problems or [])
                for line in lines
            ]  # fmt: skip
            for line, (_row, _parts, reasons) in zip(
                lines, match(told, parcels, remittance.currency_id.name), strict=True
            ):
                line._checked(parcels.get(line.number or "", []), reasons)
            remittance._settle()

    def _checked(self, found, reasons):
        self.ensure_one()
        codes = {reason[0] for reason in reasons}
        if self.accepted and codes <= SOFT:
            reasons, codes = [], set()
        rows = self.env["dropship.collection"].union(*(one.key for one in found))
        self.write(
            {
                "reasons": reasons or False,
                "shipment_id": rows.shipment_id[:1].id,
                "order_id": rows.order_id[:1].id,
                "expected": float(sum(one.amount for one in found)),
            }
        )
        target = "known" if codes and codes <= KNOWN else "problem" if codes else "ready"
        if self.state != target and self._can_move(target):
            self._set_state(target)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_accept(self):
        """Take what the carrier pays; the difference stays on the parcel's row."""
        self.env["dropship.remittance"]._check_books()
        self.check_access("read")
        lines_sudo = self.filtered("can_accept").sudo()
        if not lines_sudo:
            raise UserError(
                self.env._("Only other amounts, and what is paid for refused parcels, can be taken as told.")
            )
        lines_sudo.accepted = True
        lines_sudo._check()
        return True

    def action_replay(self):
        """Try these rows again."""
        self.env["dropship.remittance"]._check_books()
        self.check_access("read")
        self.sudo().filtered(lambda line: line.state in ("problem", "dropped", "ready"))._check()
        return True

    def action_drop(self):
        """Leave these rows alone for good."""
        self.env["dropship.remittance"]._check_books()
        self.check_access("read")
        lines_sudo = self.sudo().filtered(lambda line: line.state == "problem")
        lines_sudo._set_state("dropped")
        lines_sudo.remittance_id._settle()
        return True

    def action_open_parcel(self):
        self.ensure_one()
        return self.shipment_id.get_formview_action() if self.shipment_id else True
