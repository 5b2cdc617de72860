"""How a feed's files are read: settings and columns as records, turned into the reader's plan."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..feeds.canon import FIELDS, Column, Plan
from ..feeds.errors import FeedError
from ..feeds.transforms import TRANSFORMS, check_transform
from .feed import FORMATS
from .feed_plan_text import STEPS, TARGETS, step_line

NEEDED = ("sku",)


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    file_format = fields.Selection(FORMATS, string="Format", help="Empty: found out.")
    encoding = fields.Char(help="Empty: found out.")
    delimiter = fields.Selection(
        [(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar")],
        string="Separator",
        help="Empty: found out.",
    )
    decimal_mark = fields.Selection(
        [(".", "Point: 1,234.56"), (",", "Comma: 1.234,56")], help="Empty: found out, column by column."
    )
    date_order = fields.Selection(
        [("ymd", "Year, month, day"), ("dmy", "Day, month, year"), ("mdy", "Month, day, year")],
        string="Dates",
        help="Empty: found out; a date that can be read in two ways is not taken.",
    )
    item_path = fields.Char(
        string="Where the Items Are", help="XML and JSON: path of one item, such as channel/item. Empty: found out."
    )
    file_currency_id = fields.Many2one(
        "res.currency", string="Prices Are In", help="Where a row names none. Empty: the supplier's currency."
    )
    tax_percent = fields.Float(
        string="Tax in the Prices (%)", help="The file's prices include this tax; it is taken out. 0: they do not."
    )
    bad_percent = fields.Float(
        string="Unreadable Rows (%)", default=5.0, help="With more of them the whole file is not taken."
    )
    header_signature = fields.Char(readonly=True, copy=False, help="The headings the columns were confirmed with.")
    confirmed_at = fields.Datetime(string="Columns Confirmed", readonly=True, copy=False)

    _bad_range = models.Constraint(
        "CHECK (bad_percent >= 0 AND bad_percent <= 100)", "Unreadable rows are between 0 and 100 %."
    )
    _tax_range = models.Constraint("CHECK (tax_percent >= 0 AND tax_percent < 100)", "A tax is between 0 and 100 %.")

    @api.constrains("encoding")
    def _check_encoding(self):
        for feed in self:
            try:
                "x".encode(feed.encoding or "utf-8")
            except LookupError as error:
                raise ValidationError(
                    self.env._('"%s" is no encoding. Leave it empty: it is found out.', feed.encoding)
                ) from error

    def _plan(self):
        """What the reader needs to know, made of records only."""
        self.ensure_one()
        return Plan(
            columns=self.column_ids._columns(),
            file_format=self.file_format or "",
            encoding=self.encoding or "",
            delimiter=self.delimiter or "",
            decimal_mark=self.decimal_mark or "",
            date_order=self.date_order or "",
            item_path=self.item_path or "",
            currency=(self.file_currency_id or self.currency_id).name or "",
            header_signature=self.header_signature or "",
            max_bad_percent=Decimal(repr(self.bad_percent)),
        )

    def _check_columns(self):
        """Enough columns to take a file, and none said twice.

        :raise UserError: with what to do
        """
        self.ensure_one()
        used = self.column_ids.filtered("target")
        labels = dict(self.env["dropship.feed.column"]._targets())
        missing = [labels[name] for name in NEEDED if name not in used.mapped("target")]
        if missing:
            raise UserError(self.env._("Say which column is: %s.", ", ".join(missing)))
        if len(set(used.mapped("target"))) == 1:
            raise UserError(self.env._("Say what else the file tells: a price or a stock."))
        seen = set()
        for column in used:
            key = (column.target, column.param or "")
            if key in seen and column.target not in ("image_urls", "attributes", "category", "description"):
                raise UserError(self.env._("Two columns cannot both be: %s.", labels[column.target]))
            seen.add(key)


class DropshipFeedColumn(models.Model):
    _inherit = "dropship.feed.column"

    target = fields.Selection(selection="_targets", string="Is", help="Empty: not used.")
    param = fields.Char(
        help="A stock column: code of the warehouse it counts. A price: from which quantity. An attribute: its name."
    )
    sample = fields.Char(string="First Values", readonly=True)
    step_ids = fields.One2many("dropship.feed.column.step", "column_id", string="Steps", copy=True)
    steps = fields.Char(string="Turned Into", compute="_compute_steps")

    @api.model
    def _targets(self):
        return [(name, self.env._(TARGETS[name]) if name in TARGETS else name) for name in FIELDS]

    @api.depends("step_ids.function", "step_ids.argument")
    @api.depends_context("lang")
    def _compute_steps(self):
        for column in self:
            column.steps = " · ".join(step_line(self.env, step.function, step.argument) for step in column.step_ids)

    def _columns(self):
        """The columns that are used, as the reader wants them."""
        found = []
        for column in self:
            if not column.target:
                continue
            steps = tuple((step.function, step.argument or "") for step in column.step_ids)
            tax = column.feed_id.tax_percent
            if tax and column.target == "price":
                steps += (("divide", str(1 + Decimal(repr(tax)) / 100)),)
            found.append(Column(column.source, column.target, column.param or "", steps))
        return tuple(found)


class DropshipFeedColumnStep(models.Model):
    """One step from a text of the file to a fact: a function of the list and what it needs."""

    _name = "dropship.feed.column.step"
    _description = "Feed: Step of a Column"
    _order = "sequence, id"

    column_id = fields.Many2one("dropship.feed.column", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="column_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    function = fields.Selection(selection="_functions", string="Step", required=True)
    argument = fields.Char(string="With", help="What the step needs: a number, a text, or texts separated by =>.")

    @api.constrains("function", "argument")
    def _check_argument(self):
        for step in self:
            try:
                check_transform(step.function, step.argument or "")
            except FeedError as error:
                label = dict(self._functions())[step.function]
                raise ValidationError(
                    self.env._('The step "%(step)s" cannot work with "%(text)s".', step=label, text=step.argument or "")
                ) from error

    @api.model
    def _functions(self):
        return [(name, self.env._(STEPS[name]) if name in STEPS else name) for name in TRANSFORMS]
