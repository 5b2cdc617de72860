"""How a marketplace writes its files: which column says what. Presets are rows like others, and may be changed."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..order_files import presets, ship, table
from ..order_files.values import TRANSFORMS
from ..sheets import carriers
from .channel_terms import PLATFORMS

COLUMN_FIELDS = [
    ("number", "Order number"),
    ("our_number", "Our order number"),
    ("line_id", "Number of the line"),
    ("status", "Status of the order"),
    ("line_status", "Status of the line"),
    ("refund_status", "Refund status"),
    ("cancelled_at", "Cancelled on"),
    ("shipped_at", "Shipped on (then it is not for us)"),
    ("ordered_at", "Ordered on"),
    ("paid_at", "Paid on"),
    ("ship_by", "Ship by"),
    ("sku", "SKU"),
    ("barcode", "Barcode"),
    ("title", "Title"),
    ("variant", "Variant"),
    ("kinds", "How many different goods"),
    ("qty", "Quantity"),
    ("price", "Price of one"),
    ("line_total", "Price of all pieces"),
    ("line_discount", "Discount on the line"),
    ("personalisation", "Personalisation"),
    ("paid_amount", "Paid"),
    ("payment_reference", "Payment number"),
    ("payment_method", "Payment method"),
    ("currency", "Currency"),
    ("shipping_fee", "Shipping fee"),
    ("service", "Shipping method"),
    ("discount", "Discount of the shop"),
    ("subsidy", "Paid by the platform"),
    ("fee", "Fee of the platform"),
    ("name", "Receiver"),
    ("phone", "Receiver's phone"),
    ("email", "E-mail"),
    ("address", "Whole address"),
    ("state", "Province or state"),
    ("city", "City"),
    ("district", "District"),
    ("street", "Street"),
    ("street2", "Street, second line"),
    ("zip", "Postcode"),
    ("country", "Country"),
    ("message", "Message of the buyer"),
    ("memo", "Memo"),
    ("flag", "Flag"),
    ("fapiao_title", "Fapiao title (抬头)"),
    ("fapiao_tax_number", "Fapiao tax number (税号)"),
    ("fapiao_kind", "Fapiao kind (普票, 专票)"),
    ("fapiao_email", "Fapiao e-mail"),
    ("carrier", "Carrier, in the platform's word"),
    ("carrier_name", "Carrier's name"),
    ("carrier_code", "Carrier, our code"),
    ("tracking", "Tracking number"),
    ("ship_date", "Shipped on"),
    ("fixed", "Fixed text"),
]
TRANSFORM_WORDS = [
    ("digits", "Digits only"),
    ("before", "Text before …"),
    ("after", "Text after …"),
    ("without", "Without …"),
    ("no_brackets", "Without the brackets at the end"),
    ("in_brackets", "What stands in brackets"),
    ("upper", "Capital letters"),
    ("fixed", "Always …"),
    ("hundredth", "Cents to whole"),
]
assert {name for name, _label in TRANSFORM_WORDS} == set(TRANSFORMS)
assert set(table.FIELDS) | set(ship.FIELDS) == {name for name, _label in COLUMN_FIELDS}
WORDS = ("take", "cancelled", "refunded", "line_done", "cash", "authorised")


class DropshipOrderLayout(models.Model):
    """The form of order files of a marketplace, or of the files that tell it what was shipped."""

    _name = "dropship.order.layout"
    _description = "Form of a Marketplace's File"
    _order = "direction, sequence, name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True, help="Empty: shared by all companies.")
    platform = fields.Selection(PLATFORMS, required=True, default="other", index=True)
    direction = fields.Selection(
        [("in", "Orders In"), ("out", "Shipments Out")], required=True, default="in", index=True
    )
    column_ids = fields.One2many("dropship.order.layout.column", "layout_id", string="Columns", copy=True)

    # How it is written
    file_format = fields.Selection([("csv", "CSV"), ("xlsx", "XLSX")], string="Format", default="csv", required=True)
    separator = fields.Selection(
        [("comma", "Comma ,"), ("semicolon", "Semicolon ;"), ("tab", "Tab"), ("pipe", "Bar |")],
        default="comma", required=True,
    )  # fmt: skip
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 for Excel"), ("gb18030", "GBK / GB18030"), ("cp1252", "Western")],
        default="utf-8-sig", required=True,
    )  # fmt: skip
    preamble = fields.Char(string="Above the Headings")
    date_written = fields.Char(string="Date Written As", default="%Y-%m-%d")
    other_carrier = fields.Char(string="Word for Other Carriers", help="Where the platform has a list of its own.")
    corrections = fields.Boolean(
        string="Takes Corrections", help="A number that changed goes into the next file again."
    )

    # How it is read
    decimal = fields.Selection([(".", "1.50"), (",", "1,50")], string="Fractions", default=".", required=True)
    date_order = fields.Selection(
        [("ymd", "Year first"), ("dmy", "Day first"), ("mdy", "Month first")],
        string="Dates", default="ymd", required=True,
    )  # fmt: skip
    zone = fields.Selection(
        "_list_zones", string="Time Zone", default="UTC", required=True, help="Of times that name none."
    )
    country = fields.Char(string="Country Code", help="Of addresses that name none.")
    currency = fields.Char(string="Currency Code", help="Of files that name none. Empty: the channel's.")
    paid = fields.Selection(
        [("paid", "Paid"), ("authorised", "Authorised"), ("unpaid", "Unpaid")],
        string="Orders Are", default="paid", required=True, help="Unless a column says something else.",
    )  # fmt: skip
    take = fields.Text(string="Take These", help="Words of the status, one in each line. Empty: all.")
    cancelled = fields.Text(help="Words of the status; such rows are left out.")
    refunded = fields.Text(help="Words of the refund status; such rows are left out.")
    line_done = fields.Text(string="Shipped", help="Words of the status of a line; such rows are left out.")
    cash = fields.Text(string="Cash on Delivery", help="What the payment method then contains.")
    authorised = fields.Text(help="Words of the status of orders whose money is only reserved.")
    needs_paid = fields.Boolean(string="Only With a Payment Date")
    zero_is_done = fields.Boolean(string="Quantity 0 Is Shipped")
    check_sum = fields.Boolean(string="Check the Sum", help="Orders whose lines do not come to what was paid wait.")

    @api.model
    def _list_zones(self):
        return self.env["res.partner"]._fields["tz"]._description_selection(self.env)

    @api.constrains("column_ids", "direction")
    def _check_columns(self):
        for layout in self.filtered("column_ids"):
            known = layout._known_fields()
            wrong = layout.column_ids.filtered(lambda column, known=known: column.field not in known)
            if wrong:
                labels = dict(wrong._fields["field"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(column)s cannot be in a file in this direction. Choose another field for it.",
                        column=", ".join(labels[column.field] for column in wrong),
                    )
                )
            layout._check_said(set(layout.column_ids.mapped("field")))

    def _known_fields(self):
        """What columns of a file in this direction may say."""
        self.ensure_one()
        return table.FIELDS if self.direction == "in" else ship.FIELDS

    def _check_said(self, said):
        """Raise for a form without what every file in its direction has to say."""
        self.ensure_one()
        if not said & {"number", "our_number"}:
            raise ValidationError(self.env._("A column has to say which order a row belongs to."))
        if self.direction == "in" and not said & {"sku", "barcode", "title"}:
            raise ValidationError(self.env._("A column has to say what was bought: code, barcode or title."))
        if self.direction == "out" and "tracking" not in said:
            raise ValidationError(self.env._("A column has to say the tracking number."))

    def _plain(self):
        """The form as `order_files` takes it."""
        self.ensure_one()
        plain = {name: self[name] for name in ("decimal", "date_order", "zone", "paid", "needs_paid", "zero_is_done",
                                               "check_sum", "separator", "encoding")}  # fmt: skip
        return {
            **plain,
            **{name: [line.strip() for line in (self[name] or "").split("\n") if line.strip()] for name in WORDS},
            "format": self.file_format,
            "country": (self.country or "").upper(),
            "currency": (self.currency or "").upper(),
            "preamble": self.preamble or "",
            "columns": [column._plain() for column in self.column_ids.sorted(lambda row: (row.sequence, row.id or 0))],
        }

    # ------------------------------------------------------------------
    # Presets
    # ------------------------------------------------------------------

    @api.model
    def _load_presets(self):
        """Make the presets that are not there yet; changed and deleted ones stay as people want them."""
        data = self.env["ir.model.data"]
        for direction, known in (("in", presets.IN), ("out", presets.OUT)):
            for place, (code, (platform, name, settings, columns)) in enumerate(known.items(), 1):
                xmlid = f"order_layout_{code}"
                if data.search_count([("module", "=", "dropship_flow"), ("name", "=", xmlid)], limit=1):
                    continue
                values = {"name": name, "platform": platform, "direction": direction, "sequence": 10 * place}
                layout = self.create({**values, **self._preset_vals(settings, columns)})
                data._update_xmlids(
                    [{"xml_id": f"dropship_flow.{xmlid}", "record": layout, "noupdate": True}]
                )
        self.env["dropship.carrier.word"]._load_presets()

    @api.model
    def _preset_vals(self, settings, columns):
        names = ("field", "heading", "transform", "argument", "several")
        rows = [presets.column_of(told) for told in columns]
        return {
            **settings,
            "column_ids": [
                (0, 0, {"sequence": 10 * place, **{name: row[name] or False for name in names}})
                for place, row in enumerate(rows, 1)
            ],
        }

    def action_reset(self):
        """Make a preset what it was in the beginning."""
        self.ensure_one()
        self.check_access("write")
        code = (self.get_external_id().get(self.id) or "").removeprefix("dropship_flow.order_layout_")
        known = (presets.IN | presets.OUT).get(code)
        if not known:
            raise UserError(self.env._("Only the forms that came with the suite can be set back."))
        _platform, _name, settings, columns = known
        fresh = {name: self._fields[name].default(self) if self._fields[name].default else False for name in (
            *WORDS, "decimal", "date_order", "zone", "country", "currency", "paid", "needs_paid", "zero_is_done",
            "check_sum", "preamble", "date_written", "corrections", "other_carrier")}  # fmt: skip
        self.column_ids.unlink()
        self.write({**fresh, **self._preset_vals(settings, columns)})
        return True


class DropshipOrderLayoutColumn(models.Model):
    """One column of a marketplace's file. What it may say comes from a fixed list."""

    _name = "dropship.order.layout.column"
    _description = "Column of a Marketplace's File"
    _order = "sequence, id"
    _rec_name = "heading"

    layout_id = fields.Many2one("dropship.order.layout", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="layout_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    heading = fields.Char(help="As it stands in the file; spaces and capitals do not matter.")
    field = fields.Selection(COLUMN_FIELDS, string="Says", required=True)
    transform = fields.Selection(TRANSFORM_WORDS, string="Change")
    argument = fields.Char(string="…", help="What the change needs; for a fixed text: the text.")
    several = fields.Selection(
        [("first", "Said once"), ("sum", "Added up")], string="Rows of an Order", default="first", required=True
    )

    def _plain(self):
        self.ensure_one()
        return {
            "heading": self.heading or "",
            "field": self.field,
            "transform": self.transform or "",
            "argument": self.argument or "",
            "several": self.several,
            "fixed": self.argument or "",
        }


class DropshipCarrierWord(models.Model):
    """What a platform calls a carrier. Without a row: the name people know it by."""

    _name = "dropship.carrier.word"
    _description = "Carrier in a Platform's Word"
    _order = "platform, carrier_code, id"
    _rec_name = "word"

    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    platform = fields.Selection(PLATFORMS, required=True)
    carrier_code = fields.Selection("_list_carriers", string="Carrier", required=True)
    word = fields.Char(string="Its Word or Code", required=True)

    _once = models.UniqueIndex(
        "(platform, carrier_code, COALESCE(company_id, 0))", "The platform has a word for this carrier already."
    )

    @api.model
    def _list_carriers(self):
        lang = self.env.lang or "en_US"
        return [(code, carriers.name_of(code, lang)) for code in carriers.CARRIERS]

    @api.model
    def _load_presets(self):
        known = set(self.search([("company_id", "=", False)]).mapped("platform"))
        self.create(
            [
                {"platform": platform, "carrier_code": code, "word": word, "company_id": False}
                for platform, words in presets.CARRIER_WORDS.items()
                for code, word in words.items()
                if platform not in known
            ]
        )

    @api.model
    def _words(self, platform, company):
        """{carrier code: word}; a company's own before the shared ones."""
        rows = self.search([("platform", "=", platform), ("company_id", "in", [False, company.id])])
        return {row.carrier_code: row.word for row in rows.sorted(lambda row: bool(row.company_id))}
