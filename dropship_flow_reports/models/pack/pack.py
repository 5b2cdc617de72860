from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse

# What a pack says; it stays as it was when the pack is made.
FROZEN = {
    "company_id", "month", "lang", "version", "note", "figures", "made_at", "net_revenue", "net_profit", "base_profit",
    "pdf_file", "pdf_name", "xlsx_file", "xlsx_name",
}  # fmt: skip


class DropshipReportPack(models.Model):
    """The figures of one month of a company, in one language, as they were when it was made.

    A draft has no figures. Making it ready writes the figures and both files; nothing of that changes any more,
    whatever is booked later: what changed since is shown beside it, and a new version says it anew.
    """

    _name = "dropship.report.pack"
    _description = "Monthly Pack"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "month desc, company_id, lang, version desc"

    _transitions = frozenset({("draft", "ready"), ("ready", "sent")})

    name = fields.Char(compute="_compute_name", search="_search_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True, default=lambda self: self._month_before(fields.Date.context_today(self)),
        help="Any day of it; the last complete month is proposed.",
    )  # fmt: skip
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language", required=True,
        default=lambda self: self.env.lang or "en_US",
    )  # fmt: skip
    version = fields.Integer(readonly=True, default=1, copy=False, aggregator=None)
    state = fields.Selection(
        [("draft", "Draft"), ("ready", "Ready"), ("sent", "Sent")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )  # fmt: skip
    note = fields.Text(string="Comment", help="What the reader should know; it stands on the first page.")
    made_at = fields.Datetime(string="Figures As Of", readonly=True, copy=False)
    figures = fields.Json(readonly=True, copy=False)
    net_revenue = fields.Monetary(readonly=True, copy=False, aggregator=None)
    net_profit = fields.Monetary(readonly=True, copy=False, aggregator=None)
    base_profit = fields.Monetary(
        readonly=True, copy=False, aggregator=None, help="What later bookings are held against."
    )
    restated = fields.Monetary(
        string="Restated Since", compute="_compute_restated",
        help="What was booked for this month after the pack was made, or is no longer booked.",
    )  # fmt: skip
    partner_ids = fields.Many2many(
        "res.partner", string="Recipients", help="Empty: the recipients of this company with this language."
    )
    delivery_ids = fields.One2many("dropship.report.delivery", "pack_id", readonly=True)
    pdf_file = fields.Binary(string="PDF", attachment=True, readonly=True, copy=False)
    pdf_name = fields.Char(readonly=True, copy=False)
    xlsx_file = fields.Binary(string="Excel", attachment=True, readonly=True, copy=False)
    xlsx_name = fields.Char(readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(company_id, month, lang, version)",
        "This company has a pack of that month in that language: open it and make a new version.",
    )

    @api.model
    def _month_before(self, day):
        return day.replace(day=1) - relativedelta(months=1)

    @api.model
    def _whole_month(self, vals):
        if vals.get("month"):
            vals = {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
        return vals

    @api.depends("month", "version")
    @api.depends_context("lang")
    def _compute_name(self):
        for pack in self:
            month = pack._day_word(pack.month, "yMMMM") if pack.month else ""
            pack.name = self.env._("Monthly pack %s", month)
            if pack.version > 1:
                pack.name = self.env._("%(name)s, version %(version)s", name=pack.name, version=pack.version)

    @api.model
    def _search_name(self, operator, value):
        """Find by the month as people write it: 2026-07."""
        if operator not in ("ilike", "="):
            return NotImplemented
        query = SQL("(SELECT id FROM dropship_report_pack WHERE to_char(month, 'YYYY-MM') LIKE %s)", f"%{value}%")
        return [("id", "in", query)]

    @api.constrains("month")
    def _check_month(self):
        for pack in self:
            if pack.month > fields.Date.context_today(pack):
                raise ValidationError(self.env._("This month has not begun: choose one that has."))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._whole_month(vals) for vals in vals_list])

    def write(self, vals):
        """A pack that is made stays as it is."""
        vals = self._whole_month(vals)
        if FROZEN & set(vals) and any(pack.state != "draft" for pack in self):
            raise UserError(self.env._("This pack is made and stays as it is. Make a new version instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts(self):
        if any(pack.state != "draft" for pack in self):
            raise UserError(self.env._("A pack that is made is kept. Make a new version instead."))

    @api.model
    def _day_word(self, day, parts):
        """A day as people of the language write it; parts: a skeleton of Unicode, e.g. yMMMM for month and year."""
        return format_skeleton(parts, day, locale=babel_locale_parse(self.env.lang or "en_US"))

    def _days(self):
        """(first, last) day of the month"""
        self.ensure_one()
        return self.month, self.month + relativedelta(months=1, days=-1)

    def _speaking(self):
        """The pack for its company and in its language, whoever asks; seen by those who may see it."""
        self.ensure_one()
        return self.with_context(
            lang=self.lang,
            allowed_company_ids=self.company_id.ids,
            tz=self.company_id.partner_id.tz or self.env.user.tz,
        ).with_company(self.company_id)

    def action_new_version(self):
        """The same month again, as it is booked now; what was made stays."""
        self.ensure_one()
        self.check_access("write")
        domain = [("company_id", "=", self.company_id.id), ("month", "=", self.month), ("lang", "=", self.lang)]
        last = self.search(domain, order="version desc", limit=1)
        if last.state == "draft":
            return last._open()
        with self._first_come():
            pack = self.copy({"version": last.version + 1, "note": False})
            pack.flush_recordset()
        return pack._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
            "views": [(False, "form")],
        }  # fmt: skip
