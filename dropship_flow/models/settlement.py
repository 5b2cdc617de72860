"""A supplier's statement: what was open, what was billed, credited and paid since, and what is open now."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tools import format_date

from .state_mixin import lock_written

OPEN = ("draft", "sent", "objected")
CLOSED = ("agreed", "paid")
# What the ledger says; written by the machine only.
FIGURES = ("opening", "later", "billed", "credited", "paid", "adjusted", "closing", "residual", "pending", "apart",
           "unbilled", "goods")  # fmt: skip
BY_MACHINE = {*FIGURES, "name", "turn", "refreshed_at", "sent_at", "agreed_at", "agreed_by", "agreed_silently"}


class DropshipSettlement(models.Model):
    """What we owe a supplier in a currency, as the ledger has it: opening + movements = closing, to the cent.

    Figures are read from posted journal items on payable accounts, never entered. An open statement follows the ledger;
    an agreed one is kept as it was, and what is booked into its period afterwards stands on the next one.
    """

    _name = "dropship.settlement"
    _description = "Supplier's Statement"
    _inherit = ["dropship.state.mixin", "dropship.money.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("draft", "sent"),
            ("draft", "agreed"),
            ("draft", "cancelled"),
            ("sent", "draft"),
            ("sent", "objected"),
            ("sent", "agreed"),
            ("sent", "cancelled"),
            ("objected", "sent"),
            ("objected", "agreed"),
            ("objected", "cancelled"),
            ("agreed", "paid"),
            ("paid", "agreed"),
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram", default="/")
    supplier_id = fields.Many2one(
        "dropship.supplier", required=True, ondelete="restrict", index=True, check_company=True, tracking=True
    )
    partner_id = fields.Many2one(related="supplier_id.partner_id", string="Contact")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True, required=True
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        help="The day after the statement before. Empty: from the first document on.",
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("objected", "Objected"),
            ("agreed", "Agreed"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    opening = fields.Monetary(readonly=True, copy=False, help="The closing balance of the statement before.")
    later = fields.Monetary(
        string="Later Entries", readonly=True, copy=False, help="Booked into a period that was agreed already."
    )
    billed = fields.Monetary(string="Bills", readonly=True, copy=False)
    credited = fields.Monetary(string="Credit Notes", readonly=True, copy=False)
    paid = fields.Monetary(string="Payments", readonly=True, copy=False)
    adjusted = fields.Monetary(string="Adjustments Booked", readonly=True, copy=False)
    closing = fields.Monetary(readonly=True, copy=False, help="What we owe at the end; negative: he owes us.")
    residual = fields.Monetary(
        string="Open in the Ledger", readonly=True, copy=False, help="What is open of these documents in accounting."
    )
    pending = fields.Monetary(
        string="Not Booked Yet", readonly=True, copy=False, help="Claims and adjustments; approving books them."
    )
    expected = fields.Monetary(string="Closing After Approval", compute="_compute_expected")
    difference = fields.Monetary(string="Closing − Ledger", compute="_compute_expected")
    tie_text = fields.Char(string="Check", compute="_compute_tie_text")
    apart = fields.Monetary(
        string="Listed Apart", readonly=True, copy=False, help="Documents that are not about dropshipped goods."
    )
    unbilled = fields.Monetary(string="Shipped, Not Billed Yet", readonly=True, copy=False)
    goods = fields.Monetary(
        string="Goods Billed", readonly=True, copy=False, help="Goods without taxes; percentages are taken of it."
    )
    line_ids = fields.One2many("dropship.settlement.line", "settlement_id", string="Lines", readonly=True, copy=False)
    turn = fields.Integer(readonly=True, copy=False, help="How often the lines were read from the ledger.")
    refreshed_at = fields.Datetime(string="As Of", readonly=True, copy=False)
    sent_at = fields.Datetime(string="Sent On", readonly=True, copy=False)
    agreed_at = fields.Datetime(string="Agreed On", readonly=True, copy=False)
    agreed_by = fields.Char(readonly=True, copy=False)
    agreed_silently = fields.Boolean(readonly=True, copy=False, help="Nobody objected in time.")
    note = fields.Text(string="Note to the Supplier")

    _one_open = models.UniqueIndex(
        "(supplier_id, company_id, currency_id) WHERE state IN ('draft', 'sent', 'objected')",
        "There is an open statement of this supplier in this currency already. Finish or cancel that one first.",
    )
    _one_end = models.UniqueIndex(
        "(supplier_id, company_id, currency_id, date_to) WHERE state <> 'cancelled'",
        "There is a statement of this supplier until this day already.",
    )
    _dates = models.Constraint(
        "CHECK (date_from IS NULL OR date_from <= date_to)", "A statement ends on or after its first day."
    )

    @api.depends("supplier_id")
    def _compute_currency_id(self):
        for settlement in self:
            settlement.currency_id = settlement.currency_id or settlement.supplier_id.currency_id

    @api.depends("supplier_id", "company_id", "currency_id")
    def _compute_date_from(self):
        for settlement in self.filtered(lambda settlement: settlement.state == "draft"):
            before = settlement._before()
            if before:
                settlement.date_from = fields.Date.add(before.date_to, days=1)
            else:
                settlement.date_from = settlement.date_from

    @api.depends("closing", "pending", "residual")
    def _compute_expected(self):
        for settlement in self:
            settlement.expected = settlement.closing + settlement.pending
            settlement.difference = settlement.currency_id.round(settlement.closing - settlement.residual)

    @api.depends("difference", "closing", "refreshed_at", "date_to")
    @api.depends_context("lang")
    def _compute_tie_text(self):
        for settlement in self:
            currency, day = settlement.currency_id, format_date(self.env, settlement.date_to)
            if not settlement.refreshed_at:
                settlement.tie_text = False
            elif settlement.difference:
                settlement.tie_text = self.env._(
                    "Differs from accounting by %(amount)s: documents were changed at this moment. Press Refresh; if "
                    "it stays, somebody changed reconciled journal items – have them looked at before you approve.",
                    amount=currency.format(settlement.difference),
                )
            else:
                settlement.tie_text = self.env._(
                    "Equal to what is open in accounting on %(day)s: %(amount)s.",
                    day=day,
                    amount=currency.format(settlement.closing),
                )

    @api.depends("name", "supplier_id.name")
    def _compute_display_name(self):
        for settlement in self:
            known = settlement.name if settlement.name != "/" else False
            settlement.display_name = " · ".join(part for part in (known, settlement.supplier_id.name) if part)

    @api.constrains("date_from", "date_to", "supplier_id", "company_id", "currency_id", "state")
    def _check_follows(self):
        for settlement in self.filtered(lambda settlement: settlement.state in OPEN):
            before = settlement._before()
            if before and settlement.date_from != fields.Date.add(before.date_to, days=1):
                raise ValidationError(
                    self.env._(
                        "The statement %(before)s ends on %(day)s: the next one begins the day after.",
                        before=before.name,
                        day=format_date(self.env, before.date_to),
                    )
                )

    @api.constrains("supplier_id", "company_id")
    def _check_whose(self):
        """Two profiles of one contact would both show the same documents."""
        profiles_sudo = self.env["dropship.supplier"].sudo().with_context(active_test=False)
        for settlement in self:
            company, supplier = settlement.company_id, settlement.supplier_id
            names = {"company": company.name, "supplier": supplier.name, "owner": supplier.company_id.name}
            if supplier.company_id and supplier.company_id != company:
                raise ValidationError(
                    self.env._("%(supplier)s is a supplier of %(owner)s: its statements are that company's.", **names)
                )
            own = [("partner_id", "=", supplier.partner_id.id), ("company_id", "=", company.id)]
            if not supplier.company_id and profiles_sudo.search_count(own, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(company)s has a profile of its own for %(supplier)s: its statements are made with that.",
                        **names,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_machine(vals)
            if not vals.get("name") or vals["name"] == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence_sudo = self.env["ir.sequence"].sudo().with_company(company)  # numbers are nobody's right
                vals["name"] = sequence_sudo.next_by_code("dropship.settlement") or "/"
        settlements = super().create(vals_list)
        for settlement in settlements:
            settlement._refresh()
        return settlements

    def write(self, vals):
        """Override: figures come from the ledger, and an agreed statement stays as it is."""
        self._check_by_machine(vals)
        if vals.get("state") in CLOSED and not self.env.su:
            raise AccessError(self.env._("A statement is closed by approving it."))
        frame = {"supplier_id", "company_id", "currency_id", "date_from", "date_to"} & vals.keys()
        if frame and any(settlement.state != "draft" for settlement in self):
            raise UserError(self.env._("Only a draft changes its period. Set it back to draft first."))
        result = super().write(vals)
        if frame:
            for settlement in self:
                settlement._refresh()
        return result

    def _check_by_machine(self, vals):
        if not self.env.su and BY_MACHINE & {name for name, value in vals.items() if value and value != "/"}:
            raise AccessError(
                self.env._("The figures of a statement come from accounting. Correct the document there.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        if any(settlement.state not in ("draft", "cancelled") or settlement.sent_at for settlement in self):
            raise UserError(self.env._("A statement somebody has seen is not deleted. Cancel it."))

    # ------------------------------------------------------------------
    # Its place among the statements of the supplier
    # ------------------------------------------------------------------

    @api.model
    def _chain_of(self, supplier, company, currency):
        """The domain of a chain: the statements of a supplier follow one another by company and currency.

        It holds for what hangs on the statements as well: their lines, what is due on them, objections.
        """
        return [
            ("supplier_id", "=", supplier.id),
            ("company_id", "=", company.id),
            ("currency_id", "=", currency.id),
        ]

    def _chain_domain(self):
        """The chain this statement is in."""
        self.ensure_one()
        return self._chain_of(self.supplier_id, self.company_id, self.currency_id)

    def _before(self):
        """The last closed statement of the same supplier, company and currency."""
        self.ensure_one()
        if not self.supplier_id or not self.currency_id:
            return self.browse()
        domain = [*self._chain_domain(), ("state", "in", CLOSED), ("id", "!=", self._origin.id)]
        if self.state in CLOSED:
            domain.append(("date_to", "<", self.date_to))
        return self.sudo().search(domain, order="date_to desc", limit=1)

    def _lock(self):
        """Who comes second waits, and then does not go on with what he has read: the row is written."""
        try:
            lock_written(self, ["state"])
        except LockError as error:
            raise UserError(
                self.env._("Somebody else works on this statement in this moment. Look again in a minute.")
            ) from error
        return self

    @api.model
    def _supplier_domain(self, supplier=None):
        """The statements a supplier may see: those that were sent to him.

        :param supplier: records of `dropship.supplier`; None: those of the domain's other parts
        """
        domain = [("state", "not in", ("draft", "cancelled")), ("sent_at", "!=", False)]
        return [("supplier_id", "in", supplier.ids), *domain] if supplier is not None else domain

    def action_refresh(self):
        """Read the ledger again."""
        self.check_access("write")
        for settlement in self:
            if settlement.state not in OPEN:
                raise UserError(
                    self.env._(
                        "%s is agreed and stays as it was. Later entries stand on the next one.", settlement.name
                    )
                )
            settlement._lock()._refresh()
        return True

    def action_cancel(self):
        self._set_state("cancelled")
        return True

    def action_draft(self):
        self._set_state("draft")
        return True
