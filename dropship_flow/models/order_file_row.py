from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order_files import table
from .order_file_text import order_reason

# What a person may wave through; everything else has to be corrected.
SOFT = {"price_far", "currency_other", "sum_differs", "quantity_part"}


def window(record, name):
    """The action that shows one record over what is open."""
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        "target": "new",
    }


class DropshipOrderFileRow(models.Model):
    """A row of an order file: what it said, what became of it, and why. Orders are taken or left as a whole."""

    _name = "dropship.order.file.row"
    _description = "Row of an Order File"
    _inherit = ["dropship.state.mixin"]
    _order = "file_id desc, part, line, id"
    _rec_name = "number"

    _transitions = frozenset(
        {
            ("waiting", "imported"), ("waiting", "duplicate"), ("waiting", "problem"), ("waiting", "skipped"),
            ("problem", "waiting"), ("problem", "dropped"), ("problem", "skipped"), ("problem", "duplicate"),
            ("problem", "imported"), ("skipped", "waiting"), ("skipped", "problem"), ("skipped", "duplicate"),
            ("dropped", "waiting"), ("dropped", "problem"), ("duplicate", "waiting"),
        }
    )  # fmt: skip

    file_id = fields.Many2one("dropship.order.file", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    channel_id = fields.Many2one(related="file_id.channel_id", store=True, index=True)
    line = fields.Integer(readonly=True)
    part = fields.Integer(readonly=True, default=1)
    number = fields.Char(string="Order", readonly=True, index=True)
    raw = fields.Json(readonly=True, help="{heading: text} as the file had it.")
    fixed = fields.Json(readonly=True, help="{heading: text} as a person corrected it.")
    doubts = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "To Be Entered"),
            ("imported", "Entered"),
            ("duplicate", "Entered Before"),
            ("skipped", "Left Out"),
            ("problem", "To Look At"),
            ("dropped", "Dropped"),
        ],
        default="waiting", required=True, readonly=True, index=True, copy=False,
    )  # fmt: skip
    reasons = fields.Json(readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    accepted = fields.Boolean(readonly=True, help="A person said that it is right as it is.")
    attempts = fields.Integer(readonly=True)
    order_id = fields.Many2one(
        "sale.order", string="Our Order", readonly=True, ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    proposal_id = fields.Many2one("product.product", string="Perhaps", readonly=True, ondelete="set null")
    code = fields.Char(string="SKU", readonly=True)
    title = fields.Char(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    price = fields.Float(string="Price of One", readonly=True)
    receiver = fields.Char(readonly=True)
    cells = fields.Html(string="As in the File", compute="_compute_cells", sanitize=False)
    needs_link = fields.Boolean(compute="_compute_needs", string="Code Unknown")
    can_accept = fields.Boolean(compute="_compute_needs")

    _file_state_idx = models.Index("(file_id, state, id)")
    _look_idx = models.Index("(company_id) WHERE state = 'problem'")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for row in self:
            row.reason_text = " ".join(order_reason(self.env, *reason) for reason in row.reasons or ()) or False

    @api.depends("raw", "fixed")
    def _compute_cells(self):
        for row in self:
            fixed = row.fixed or {}
            lines = [
                Markup("<tr><th>%s</th><td>%s</td></tr>")
                % (
                    escape(name),
                    Markup("<s>%s</s> <b>%s</b>") % (text, fixed[name]) if name in fixed else escape(text),
                )
                for name, text in {**dict.fromkeys(fixed, ""), **(row.raw or {})}.items()
            ]
            row.cells = Markup('<table class="table table-sm">%s</table>') % Markup("").join(lines)

    @api.depends("reasons", "state")
    def _compute_needs(self):
        for row in self:
            codes = {reason[0] for reason in row.reasons or ()}
            row.needs_link = row.state == "problem" and "sku_unknown" in codes
            row.can_accept = row.state == "problem" and bool(codes) and codes <= SOFT | {"cancelled_there"}

    def _whole_orders(self):
        """All rows of the orders these rows belong to."""
        found = self
        for file, rows in self.grouped("file_id").items():
            found |= self.search([("file_id", "=", file.id), ("number", "in", list(set(rows.mapped("number"))))])
        return found.sorted("id")

    def _check_upload_right(self):
        self.env["sale.order"].check_access("create")
        self.check_access("read")

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_replay(self):
        """Try these orders again; in a file that was entered already they are entered now."""
        self._check_upload_right()
        rows = self._whole_orders().filtered(lambda row: row.state in ("problem", "skipped", "waiting", "dropped"))
        if not rows:
            raise UserError(self.env._("Choose rows that were set aside or left out."))
        rows.sudo().write({"attempts": 0})
        rows._check()
        return rows.file_id._go_on()

    def action_accept(self):
        """These rows are right as they are: far prices, another currency, a sum that differs."""
        self._check_upload_right()
        rows = self.filtered("can_accept")
        if not rows:
            raise UserError(
                self.env._(
                    "Only prices, sums, currencies and parts of a piece can be taken as they are. Correct the rest."
                )
            )
        over = rows.filtered(lambda row: any(reason[0] == "cancelled_there" for reason in row.reasons or ()))
        over.sudo()._set_state("dropped")
        (rows - over).sudo().write({"accepted": True})
        return (rows - over).action_replay() if rows - over else True

    def action_drop(self):
        """Leave these rows alone for good. The whole order goes with them."""
        self._check_upload_right()
        rows = self._whole_orders().filtered(lambda row: row.state == "problem")
        if not rows:
            raise UserError(self.env._("Choose rows that were set aside."))
        rows.sudo()._set_state("dropped")
        rows.file_id.sudo()._settle()
        return True

    def action_take_proposals(self):
        """Link the codes of these rows to the products they are perhaps, and try again."""
        self._check_upload_right()
        rows = self.filtered(lambda row: row.needs_link and row.proposal_id)
        if not rows:
            raise UserError(self.env._("None of these rows has a product it could be: link them one by one."))
        for row in rows:
            row._link(row.proposal_id, 1.0)
        return rows._retry_linked()

    def action_link(self):
        """Say what the code of a row means."""
        self.ensure_one()
        self._check_upload_right()
        wizard = self.env["dropship.sku.link"].create({"row_id": self.id, "product_id": self.proposal_id.id})
        return window(wizard, self.env._("What Is It?"))

    def action_correct(self):
        """Correct the cells of a row."""
        self.ensure_one()
        self._check_upload_right()
        layout = self.file_id.layout_id._plain()
        raw = {**(self.raw or {}), **(self.fixed or {})}
        headings = {table.word(heading): heading for heading in raw}
        names = [headings.get(table.word(column["heading"]), column["heading"]) for column in layout["columns"]]
        lines = [
            (0, 0, {"heading": name, "text": raw.get(name) or False, "before": raw.get(name) or False})
            for name in dict.fromkeys(names)
            if name
        ]
        wizard = self.env["dropship.order.fix"].create({"row_id": self.id, "line_ids": lines})
        return window(wizard, self.env._("Correct the Row"))

    def _link(self, product, quantity):
        """Remember what the row's code means."""
        self.ensure_one()
        links_sudo = self.env["dropship.channel.sku"].sudo()  # who looks at the row says what it is
        return links_sudo._remember(self.channel_id, self.code, product, quantity, self.title or "")

    def _retry_linked(self):
        """Try all rows again that waited for the same codes, in every open file of the channel."""
        same = self.search(
            [
                ("channel_id", "in", self.channel_id.ids),
                ("state", "=", "problem"),
                ("code", "in", self.mapped("code")),
            ]
        )
        return (same | self).action_replay()
