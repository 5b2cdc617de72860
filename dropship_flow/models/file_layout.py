"""How a supplier's system writes its files: which column says what."""

from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..feeds.errors import FeedError
from ..sheets import layout as flat
from ..sheets.reading import FIELDS as ANSWER_FIELDS
from .file_text import file_refusal

SHOWN_ROWS = 5
# Everything a column may say. Nothing else ever leaves, and nothing else is understood.
COLUMN_FIELDS = [
    ("action", "Order or cancellation"),
    ("ref", "Our order number"),
    ("revision", "Revision"),
    ("order_date", "Order date"),
    ("key", "Key of the line"),
    ("line", "Number of the line"),
    ("sku", "Supplier's item code"),
    ("name", "Product"),
    ("spec", "Variant"),
    ("qty", "Quantity"),
    ("price", "Price"),
    ("amount", "Amount"),
    ("currency", "Currency"),
    ("recipient", "Recipient"),
    ("company", "Recipient's company"),
    ("phone", "Recipient's phone"),
    ("street", "Street"),
    ("street2", "Street, second line"),
    ("district", "District"),
    ("city", "City"),
    ("state", "Province or state"),
    ("zip", "Postcode"),
    ("country", "Country code"),
    ("country_name", "Country"),
    ("address", "Whole address"),
    ("message", "Remark"),
    ("gift_note", "Gift note"),
    ("carrier_wish", "Carrier wish"),
    ("collect", "To collect on delivery, whole order"),
    ("collect_currency", "Currency of what is collected"),
    ("personalisation", "Personalisation"),
    ("sender", "Sender"),
    ("sender_phone", "Sender's phone"),
    ("sender_address", "Sender's address"),
    ("ship_from", "Warehouse"),
    ("fixed", "Fixed text"),
    ("shipped", "Shipped quantity"),
    ("number", "Tracking number"),
    ("carrier", "Carrier"),
    ("status", "Status"),
    ("accepted", "Accepted quantity"),
    ("backordered", "Quantity that comes later"),
    ("rejected", "Quantity he does not have"),
    ("reason", "Reason"),
    ("date", "Ships on"),
    ("remote_ref", "Supplier's order number"),
    ("substitute", "Substitute's item code"),
]


class DropshipFileLayout(models.Model):
    """The form of a flat file: separator, encoding, columns. Shared by all connections that use it."""

    _name = "dropship.file.layout"
    _description = "Layout of a File"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: shared by all companies.")
    direction = fields.Selection(
        [("out", "To Supplier"), ("in", "From Supplier")], required=True, default="out", index=True
    )
    file_format = fields.Selection([("csv", "CSV"), ("xlsx", "XLSX")], string="Format", required=True, default="csv")
    separator = fields.Selection(
        [("comma", "Comma ,"), ("semicolon", "Semicolon ;"), ("tab", "Tab"), ("pipe", "Bar |")],
        required=True,
        default="comma",
    )
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("utf-8-sig", "UTF-8 for Excel"),
            ("gb18030", "GBK / GB18030"),
            ("cp1252", "Western (Windows)"),
            ("utf-16", "UTF-16"),
        ],
        required=True,
        default="utf-8-sig",
    )
    decimal = fields.Selection([(".", "1.50"), (",", "1,50")], string="Fractions", required=True, default=".")
    header = fields.Boolean(string="First Row Is Headings", default=True)
    totals = fields.Boolean(
        string="Control Totals",
        help="A last row TOTAL with the number of orders, rows and units (and the amount): "
        "a file that was cut off is noticed.",
    )
    column_ids = fields.One2many("dropship.file.layout.column", "layout_id", string="Columns", copy=True)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.constrains("column_ids", "direction")
    def _check_columns(self):
        for layout in self.filtered("column_ids"):
            allowed = flat.ORDER_FIELDS if layout.direction == "out" else (*ANSWER_FIELDS, "fixed")
            wrong = layout.column_ids.filtered(lambda column, allowed=allowed: column.field not in allowed)
            if wrong:
                labels = dict(wrong._fields["field"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(column)s cannot be in a file in this direction. Choose another field for it.",
                        column=", ".join(labels[column.field] for column in wrong),
                    )
                )
            if not {"ref", "key"} & set(layout.column_ids.mapped("field")):
                raise ValidationError(self.env._("A column has to say which order a row belongs to."))

    def _plain(self):
        """The layout as `sheets.layout` takes it."""
        self.ensure_one()
        return {
            "format": self.file_format,
            "separator": self.separator,
            "encoding": self.encoding,
            "decimal": self.decimal,
            "header": self.header,
            "totals": self.totals,
            "columns": [
                {
                    "heading": column.heading or "",
                    "field": column.field,
                    "fixed": column.fixed or "",
                    "date_format": column.date_format or "",
                }
                for column in self.column_ids.sorted(lambda column: (column.sequence, column.id or 0))
            ],
        }

    @api.depends(
        "direction", "decimal", "header", "totals", "column_ids.heading", "column_ids.field", "column_ids.fixed",
        "column_ids.date_format", "column_ids.sequence",
    )  # fmt: skip
    def _compute_preview(self):
        for layout in self:
            try:
                lines = flat.table(layout._plain(), layout._sample())
            except (FeedError, KeyError, ValueError):
                lines = []
            rows = Markup("").join(
                Markup("<tr>%s</tr>") % Markup("").join(Markup("<td>%s</td>") % escape(cell) for cell in line)
                for line in lines
            )
            layout.preview = (
                Markup('<div class="table-responsive"><table class="table table-sm">%s</table></div>') % rows
            )

    def _sample(self):
        """First rows as they would be: of the latest orders of the reader's companies."""
        if self.direction == "in":
            return [{"ref": "P00042", "key": "P00042:7", "sku": "A-1", "qty": 2.0, "number": "SF1234567890123",
                     "carrier": "顺丰", "status": "shipped"}]  # fmt: skip
        orders = self.env["purchase.order"].search(
            [("dropship_warehouse_id", "!=", False), ("state", "in", ("sent", "purchase"))], limit=SHOWN_ROWS
        )
        orders_sudo = orders.sudo()  # the texts of a purchase belong to several groups; the orders are the reader's
        return [row for order in orders_sudo for row in order._dropship_file_rows("order")][:SHOWN_ROWS]

    def action_preview(self):
        """Show the first rows as they would be."""
        self.ensure_one()
        if not self.column_ids:
            raise UserError(self.env._("Add the columns first."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.env._("Preview"),
            "view_mode": "form",
            "view_id": self.env.ref("dropship_flow.view_dropship_file_layout_preview").id,
            "target": "new",
        }

    def _file_of(self, rows):
        """The bytes of a file with these rows.

        :raise UserError: in words
        """
        self.ensure_one()
        try:
            return flat.write(self._plain(), rows)
        except FeedError as error:
            raise UserError(file_refusal(self.env, error)) from error


class DropshipFileLayoutColumn(models.Model):
    """One column of a file. Its field comes from a fixed list: nothing else ever leaves."""

    _name = "dropship.file.layout.column"
    _description = "Column of a File"
    _order = "sequence, id"

    layout_id = fields.Many2one("dropship.file.layout", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    heading = fields.Char()
    field = fields.Selection(COLUMN_FIELDS, required=True)
    fixed = fields.Char(string="Fixed Text", help="For a column that says the same in every row.")
    date_format = fields.Char(string="Date Written As", help="For example %Y-%m-%d or %d.%m.%Y.")
