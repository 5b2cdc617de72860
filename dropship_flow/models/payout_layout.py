"""Forms of payout files: kept with the forms of order files, with the words that say what a row is."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..payout_files import presets, reading
from ..payout_files.kinds import FEE_KINDS, KINDS

KIND_WORDS = [
    ("sale", "Sale"),
    ("shipping", "Shipping"),
    ("tax", "Tax Collected"),
    ("refund", "Refund"),
    ("fee", "Fee"),
    ("tax_withheld", "Tax Withheld"),
    ("reserve_held", "Reserve Held"),
    ("reserve_released", "Reserve Released"),
    ("chargeback", "Chargeback"),
    ("chargeback_won", "Chargeback Won"),
    ("adjustment", "Adjustment"),
    ("transfer", "Transfer to the Bank"),
    ("unknown", "Unknown"),
]
FEE_WORDS = [
    ("commission", "Commission"),
    ("payment", "Payment"),
    ("fulfilment", "Shipping and Fulfilment"),
    ("advertising", "Advertising"),
    ("subscription", "Subscription"),
    ("refund", "Refunding"),
    ("chargeback", "Chargeback"),
    ("penalty", "Penalty"),
    ("other", "Other"),
]
assert {kind for kind, _label in KIND_WORDS} == set(KINDS)
assert {kind for kind, _label in FEE_WORDS} == set(FEE_KINDS)
PAYOUT_COLUMNS = [
    ("payout", "Payout number"),
    ("payout_total", "Transferred"),
    ("payout_date", "Paid out on"),
    ("date", "Booked on"),
    ("entry", "Number of the entry (once for ever)"),
    ("transaction", "Number of the payment"),
    ("kind", "What it is, in words"),
    ("amount", "Amount"),
    ("money_in", "Amount received"),
    ("money_out", "Amount taken off"),
    ("net", "What the row comes to"),
    ("direction", "Who pays, in words"),
    ("balance", "Balance of the account"),
]


class DropshipOrderLayout(models.Model):
    _inherit = "dropship.order.layout"

    direction = fields.Selection(selection_add=[("payout", "Payouts In")], ondelete={"payout": "cascade"})
    word_ids = fields.One2many("dropship.payout.word", "layout_id", string="What Rows Are", copy=True)
    payout_account = fields.Boolean(
        string="Statement of an Account",
        help="What is not transferred stays in the account there. Otherwise all rows together are transferred.",
    )
    minus = fields.Text(string="Taken Off", help="Words that say that a row is taken off, one in each line.")

    def _known_fields(self):
        """Override: payout files have columns of their own."""
        return reading.FIELDS if self.direction == "payout" else super()._known_fields()

    def _check_said(self, said):
        """Override: a payout file needs an amount."""
        if self.direction != "payout":
            return super()._check_said(said)
        if not said & set(reading.AMOUNTS):
            raise ValidationError(self.env._("A column has to say an amount."))
        return None

    def _plain(self):
        """Override: what `payout_files` needs."""
        plain = super()._plain()
        if self.direction != "payout":
            return plain
        words = [row._plain() for row in self.word_ids.sorted(lambda row: (row.sequence, row.id or 0))]
        minus = [line.strip() for line in (self.minus or "").split("\n") if line.strip()]
        return {**plain, "words": words, "minus": minus, "account": self.payout_account}

    @api.model
    def _payout_layout_of(self, content, filename, company, only=None):
        """The form a file is most likely in."""
        layouts = only or self.search([("direction", "=", "payout"), ("company_id", "in", [False, company.id])])
        found = reading.recognise([(layout.id, layout._plain()) for layout in layouts], content, filename)
        return self.browse(found or [])

    # ------------------------------------------------------------------
    # Presets
    # ------------------------------------------------------------------

    @api.model
    def _load_payout_presets(self):
        """Make the payout forms that are not there yet; changed and deleted ones stay as people want them."""
        data = self.env["ir.model.data"]
        for place, (code, (platform, name, settings, columns, words)) in enumerate(presets.PAYOUTS.items(), 1):
            xmlid = f"order_layout_{code}"
            if data.search_count([("module", "=", "dropship_flow"), ("name", "=", xmlid)], limit=1):
                continue
            values = {"name": name, "platform": platform, "direction": "payout", "sequence": 10 * place}
            layout = self.create({**values, **self._payout_preset_vals(settings, columns, words)})
            data._update_xmlids([{"xml_id": f"dropship_flow.{xmlid}", "record": layout, "noupdate": True}])

    @api.model
    def _payout_preset_vals(self, settings, columns, words):
        column_vals = []
        for place, row in enumerate(map(presets.column_of, columns), 1):
            vals = {name: row[name] or False for name in ("field", "heading", "transform", "argument", "turned")}
            kinds = {"payout_kind": row["kind"] or False, "fee_kind": row["fee_kind"] or False}
            column_vals.append((0, 0, {"sequence": 10 * place, **vals, **kinds}))
        word_vals = [
            (0, 0, {"sequence": 10 * place, **row, "fee_kind": row["fee_kind"] or False})
            for place, row in enumerate(map(presets.word_of, words), 1)
        ]
        return {**settings, "column_ids": column_vals, "word_ids": word_vals}

    def action_reset(self):
        """Override: payout forms have presets of their own."""
        self.ensure_one()
        if self.direction != "payout":
            return super().action_reset()
        self.check_access("write")
        code = (self.get_external_id().get(self.id) or "").removeprefix("dropship_flow.order_layout_")
        if code not in presets.PAYOUTS:
            raise UserError(self.env._("Only the forms that came with the suite can be set back."))
        _platform, _name, settings, columns, words = presets.PAYOUTS[code]
        names = ("take", "cancelled", "minus", "payout_account", "decimal", "date_order", "zone", "currency")
        fresh = {name: self._fields[name].default(self) if self._fields[name].default else False for name in names}
        self.column_ids.unlink()
        self.word_ids.unlink()
        self.write({**fresh, **self._payout_preset_vals(settings, columns, words)})
        return True


class DropshipOrderLayoutColumn(models.Model):
    _inherit = "dropship.order.layout.column"

    field = fields.Selection(
        selection_add=PAYOUT_COLUMNS, ondelete={name: "cascade" for name, _label in PAYOUT_COLUMNS}
    )
    payout_kind = fields.Selection(KIND_WORDS, string="Always", help="Empty: the words of the row say what it is.")
    fee_kind = fields.Selection(FEE_WORDS, string="Kind of Fee")
    turned = fields.Boolean(string="Sign Turned Round", help="What is taken off is written without a minus.")

    def _plain(self):
        """Override: amounts of payouts."""
        kinds = {"kind": self.payout_kind or "", "fee_kind": self.fee_kind or "", "turned": self.turned}
        return {**super()._plain(), **kinds}


class DropshipPayoutWord(models.Model):
    """What a row of a payout file is, by the words in it. The first that fits counts."""

    _name = "dropship.payout.word"
    _description = "Words of a Payout File"
    _order = "sequence, id"
    _rec_name = "said"

    layout_id = fields.Many2one("dropship.order.layout", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="layout_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    said = fields.Char(
        string="The Row Says", required=True, help="Capitals do not matter; * stands for anything: *commission*"
    )
    kind = fields.Selection(KIND_WORDS, string="It Is", required=True, default="fee")
    fee_kind = fields.Selection(FEE_WORDS, string="Kind of Fee")

    def _plain(self):
        self.ensure_one()
        return {"said": self.said, "kind": self.kind, "fee_kind": self.fee_kind or ""}

    @api.model
    def _remember(self, layout, said, kind, fee_kind):
        """From now on rows with these words are of this kind."""
        escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in said)
        first = min(layout.word_ids.mapped("sequence"), default=10)
        return self.create(
            {"layout_id": layout.id, "said": escaped, "kind": kind, "fee_kind": fee_kind, "sequence": first - 1}
        )
