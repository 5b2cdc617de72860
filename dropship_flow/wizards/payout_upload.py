import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..feeds.errors import FeedError
from ..models.payout_layout import FEE_WORDS, KIND_WORDS
from ..models.payout_text import payout_refusal
from ..payout_files import reading

MAX_BYTES = reading.MAX_BYTES


class DropshipPayoutUpload(models.TransientModel):
    """Drop the payout file of a marketplace or provider, look at what it says, then enter it."""

    _name = "dropship.payout.upload"
    _description = "Upload a Payout"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    channel_id = fields.Many2one("dropship.sales.channel", default=lambda self: self._default_channel())
    terms_id = fields.Many2one(
        "dropship.payout.terms", string="Payment Provider",
        domain="[('channel_id', '=', False), ('company_id', '=', company_id)]",
        help="For a shop of your own: who collects the payments. Set up under Payout Terms.",
    )  # fmt: skip
    layout_id = fields.Many2one(
        "dropship.order.layout", string="Form", domain="[('direction', '=', 'payout')]",
        help="Empty: recognised by its headings.",
    )  # fmt: skip
    content = fields.Binary(string="File", attachment=False)
    name = fields.Char()
    has_bank_total = fields.Boolean(string="The Bank Shows")
    bank_total = fields.Float(
        string="Transferred", digits=(16, 2), help="What arrived, where the file does not say it."
    )
    looked = fields.Boolean(readonly=True)
    problem = fields.Char(readonly=True)
    line_ids = fields.One2many("dropship.payout.upload.line", "upload_id", readonly=True)
    note = fields.Char(readonly=True)

    @api.model
    def _default_channel(self):
        channels = self.env["dropship.sales.channel"].search(
            [("kind", "=", "file"), ("company_id", "in", [False, self.env.company.id])]
        )
        return channels if len(channels) == 1 else channels.browse()

    @api.onchange("content", "channel_id", "terms_id", "layout_id")
    def _onchange_file(self):
        self.looked, self.problem, self.note = False, False, False

    def _bytes(self):
        if not self.content:
            raise UserError(self.env._("Drop the file first."))
        if bool(self.channel_id) == bool(self.terms_id):
            raise UserError(self.env._("Choose the channel or the payment provider that paid."))
        try:
            content = base64.b64decode(self.content)
        except binascii.Error:
            raise UserError(self.env._("The file arrived broken. Drop it again.")) from None
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than %s MB. Split it.", MAX_BYTES // 2**20))
        return content

    def _terms(self):
        if self.terms_id:
            return self.terms_id
        company = self.channel_id.company_id or self.company_id
        return self.env["dropship.payout.terms"]._terms_of(self.channel_id, self.env["payment.provider"], company)

    def _form(self, content):
        """The form of the file: chosen, recognised, or the channel's."""
        layouts = self.env["dropship.order.layout"]
        found = self.layout_id or self._terms().layout_id or layouts._payout_layout_of(
            content, self.name or "", self.company_id
        )  # fmt: skip
        found = found or self.channel_id._layout("payout")
        if not found:
            raise UserError(self.env._("No form has these headings. Choose the form, or make one that has them."))
        return found

    def action_look(self):
        """Read the file and show what it says. Nothing is kept."""
        self.ensure_one()
        self.env["dropship.payout"]._check_right()
        content = self._bytes()
        self.layout_id = self._form(content)
        self.line_ids.unlink()
        self.write({"looked": True, "problem": False, "note": False})
        try:
            statement = reading.read(self.layout_id._plain(), content, self.name or "")
        except FeedError as error:
            self.problem = payout_refusal(self.env, error)
            return self._again()
        self.line_ids = [(0, 0, vals) for payout in statement.payouts for vals in self._look_vals(payout)]
        skipped = sum(statement.skipped.values())
        if skipped:
            self.note = self.env._("%s rows are left out: not paid out, or not completed.", skipped)
        return self._again()

    def _look_vals(self, payout):
        """What stands in a payout, by kind, then its sums."""
        lines = self.env["dropship.payout.line"]._fields
        kinds = dict(lines["kind"]._description_selection(self.env))
        fees = dict(lines["fee_kind"]._description_selection(self.env))
        sums = {}
        for fact in payout.facts:
            key = (fact.kind, fact.fee_kind if fact.kind == "fee" else "")
            count, amount, doubts = sums.get(key, (0, 0, 0))
            sums[key] = (count + 1, amount + fact.amount, doubts + bool(fact.problems))
        for (kind, fee), (count, amount, doubts) in sums.items():
            yield {
                "payout": payout.ref, "currency": payout.currency,
                "what": kinds[kind] + (f": {fees[fee]}" if fee else ""), "count": count,
                "amount": float(amount), "doubts": doubts,
            }  # fmt: skip
        told = payout.told if payout.told is not None else payout.transferred
        text = self.env._("Sum")
        if payout.problems or (told is None and not self.layout_id.payout_account):
            codes = payout.problems or [["payout_untold", {}]]
            text = self.env._("Sum – %s", " ".join(self.env["dropship.payout"]._said(codes)))
        yield {"payout": payout.ref, "currency": payout.currency, "what": text, "count": len(payout.facts),
               "amount": float(payout.total), "is_sum": True, "doubts": len(payout.problems)}  # fmt: skip

    def _again(self):
        return {
            "type": "ir.actions.act_window", "name": self.env._("Upload a Payout"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form", "target": "new",
        }  # fmt: skip

    def action_enter(self):
        """Keep the file, read and match it. Nothing is posted yet."""
        self.ensure_one()
        payouts = self.env["dropship.payout"]
        payouts._check_right()
        content = self._bytes()
        told = self.bank_total if self.has_bank_total else None
        name = self.name or self.env._("Payout")
        found, new = payouts._receive(self._terms(), self._form(content), name, content, told)
        action = payouts._window(found)
        if new:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("This payout was entered before: here is what came of it. Nothing was added."),
                "next": action,
            },
        }


class DropshipPayoutUploadLine(models.TransientModel):
    _name = "dropship.payout.upload.line"
    _description = "What a Payout File Says"

    upload_id = fields.Many2one("dropship.payout.upload", required=True, ondelete="cascade")
    payout = fields.Char()
    currency = fields.Char()
    what = fields.Char()
    count = fields.Integer(string="Rows")
    amount = fields.Float(digits=(16, 2))
    doubts = fields.Integer(string="To Look At")
    is_sum = fields.Boolean()


class DropshipPayoutDecide(models.TransientModel):
    """Say whose order rows are about, or what they are."""

    _name = "dropship.payout.decide"
    _description = "What Is a Row of a Payout?"

    line_ids = fields.Many2many("dropship.payout.line", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_what")
    what = fields.Text(compute="_compute_what")
    order_id = fields.Many2one("sale.order", domain="[('company_id', '=', company_id)]")
    kind = fields.Selection(
        [word for word in KIND_WORDS if word[0] != "unknown"], string="It Is", help="Empty: as it is."
    )
    fee_kind = fields.Selection(FEE_WORDS, string="Kind of Fee")
    remember = fields.Boolean(
        string="Remember These Words", default=True, help="The next file of this form knows them."
    )

    @api.depends("line_ids")
    def _compute_what(self):
        for wizard in self:
            wizard.company_id = wizard.line_ids.company_id[:1]
            wizard.what = "\n".join(
                " · ".join(
                    filter(None, [line.said, line.order_ref, line.currency_id.format(line.amount), line.reason_text])
                )
                for line in wizard.line_ids[:20]
            )

    def action_apply(self):
        """Write it down and match again."""
        self.ensure_one()
        lines_sudo = self.line_ids._to_look_at()
        if not self.order_id and not self.kind:
            raise UserError(self.env._("Choose the order, or what it is."))
        self.order_id.check_access("read")
        if self.order_id and self.order_id.company_id != lines_sudo.company_id:
            raise UserError(self.env._("Choose an order of %s.", ", ".join(lines_sudo.company_id.mapped("name"))))
        if self.kind == "fee" and not self.fee_kind:
            raise UserError(self.env._("Choose the kind of fee."))
        if not self.kind and lines_sudo.filtered(lambda line: line.kind == "unknown"):
            raise UserError(self.env._("Say what these rows are."))
        if self.kind and self.remember:
            for line in lines_sudo.filtered(lambda line: line.kind == "unknown" and line.said):
                layout = line.payout_id.layout_id
                if not layout.word_ids.filtered(lambda row, line=line: row.said == line.said):
                    self.env["dropship.payout.word"].sudo()._remember(layout, line.said, self.kind, self.fee_kind)
        lines_sudo._decide(self.order_id, self.kind, self.fee_kind)
        return {"type": "ir.actions.act_window_close"}


class DropshipPayoutTold(models.TransientModel):
    """The bank shows another sum than the file: say what the difference is, as a row of the payout."""

    _name = "dropship.payout.told"
    _description = "What the Bank Shows"

    payout_id = fields.Many2one("dropship.payout", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="payout_id.currency_id")
    row_total = fields.Monetary(related="payout_id.row_total")
    amount = fields.Monetary(string="The Bank Shows", required=True)
    kind = fields.Selection(
        [("adjustment", "Adjustment"), ("fee", "Fee"), ("reserve_held", "Reserve Held")],
        string="The Difference Is", default="adjustment",
    )  # fmt: skip
    fee_kind = fields.Selection(FEE_WORDS, string="Kind of Fee")
    why = fields.Char(string="Because", help="Kept with the row.")

    def action_apply(self):
        """Keep what the bank shows; a difference becomes a row a person answers for."""
        self.ensure_one()
        payout_sudo = self.payout_id._mine()
        if payout_sudo.state not in ("matched", "differs"):
            raise UserError(self.env._("Only a payout that is not posted can be corrected."))
        difference = payout_sudo.currency_id.round(self.amount - payout_sudo.row_total)
        if difference and not self.why:
            raise UserError(self.env._("Say why the bank shows another sum."))
        payout_sudo._take_told(self.amount, difference, self.kind, self.fee_kind, self.why)
        return {"type": "ir.actions.act_window_close"}
