from odoo import api, fields, models

SIDES = [("output", "Output Tax"), ("input", "Input Tax")]
SCHEMES = [
    ("domestic", "Domestic"),
    ("intra_eu", "Within the EU, Reverse Charge"),
    ("oss", "EU distance sale (OSS)"),
    ("ioss", "Import sale (IOSS)"),
    ("export", "Export"),
    ("import", "Import, customs collects the tax"),
    ("marketplace", "Marketplace Collects the Tax"),
    ("outside", "Outside the scope of our taxes"),
]
WARNINGS = [
    ("missing", "No tax where tax is due"),
    ("country", "Tax of another country"),
    ("return", "Tax of another return"),
    ("undue", "Tax where none is due"),
    ("twice", "The marketplace pays this tax"),
    ("worth", "Worth too much for IOSS"),
    ("number", "No IOSS number"),
    ("decided", "Routing decided otherwise"),
    ("input", "Input tax of goods from abroad"),
]


class DropshipTaxSummary(models.Model):
    """Tax of posted documents by country, rate and route: one row for each of them in a document. Read from the books.

    Amounts are signed as we owe them: output tax above nothing, input tax and credit notes of sales below. Taxes are
    those of the documents; where the goods went from and to only groups them, and says where both do not fit together.
    """

    _name = "dropship.tax.summary"
    _description = "Tax by Country, Rate and Route"
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, help="Accounting date; of a tax due with the money, its payment.")
    corrected_date = fields.Date(
        string="Day Corrected", readonly=True, help="Of credit notes: the day of the document that is taken back."
    )
    move_id = fields.Many2one(
        "account.move", string="Document", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null", index="btree_not_null")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", readonly=True, ondelete="set null", index="btree_not_null")
    side = fields.Selection(SIDES, string="Direction", required=True, readonly=True)
    tax_id = fields.Many2one("account.tax", string="Tax Name", readonly=True, ondelete="restrict")
    tax_country_id = fields.Many2one("res.country", string="Tax of", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True, ondelete="restrict", index="btree_not_null")
    rate = fields.Float(string="Tax Rate (%)", readonly=True, aggregator=None)
    rate_name = fields.Char(string="Tax Rate", readonly=True)
    country_id = fields.Many2one("res.country", string="Ship-to Country", readonly=True)
    ship_from_id = fields.Many2one("res.country", string="Ships From", readonly=True)
    route = fields.Char(string="Goods Route", readonly=True)
    scheme = fields.Selection(SCHEMES, string="Tax Scheme", required=True, readonly=True)
    base = fields.Monetary(string="Taxable Amount", readonly=True)
    tax = fields.Monetary(readonly=True)
    document_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    base_document = fields.Monetary(
        currency_field="document_currency_id", readonly=True, string="Taxable in the Document"
    )
    tax_document = fields.Monetary(string="Tax in the Document", currency_field="document_currency_id", readonly=True)
    worth = fields.Float(
        string="Parcel (EUR)", digits=(16, 2), readonly=True, aggregator=None,
        help="Net value of all goods the order gets from this warehouse.",
    )  # fmt: skip
    warning = fields.Selection(WARNINGS, string="Tax Warning", readonly=True)
    warning_text = fields.Char(string="What Is Wrong", compute="_compute_warning_text")

    _by_day = models.Index("(company_id, date)")

    @api.depends_context("lang")
    @api.depends("warning", "tax_id", "country_id", "scheme", "worth")
    def _compute_warning_text(self):
        schemes = dict(self._fields["scheme"]._description_selection(self.env))
        for row in self:
            row.warning_text = row._warning(schemes) if row.warning else False

    def _warning(self, schemes):
        """The sentence of a row's warning: what is wrong and what to do."""
        self.ensure_one()
        figures = {
            "tax": self.tax_id.sudo().name or "",  # readers of reports see no taxes
            "route": self.route,
            "country": self.country_id.name,
            "scheme": schemes[self.scheme],
            "worth": f"{self.worth:.2f}",
        }
        sentences = {
            "missing": self.env._("No tax, though goods sold from %(route)s are taxed: %(scheme)s.", **figures),
            "country": self.env._("%(route)s: %(tax)s is the tax of a country whose tax is not due.", **figures),
            "return": self.env._("%(route)s belongs to %(scheme)s, %(tax)s goes into another return.", **figures),
            "undue": self.env._("%(tax)s was charged, though %(scheme)s bears no tax of ours.", **figures),
            "twice": self.env._("%(tax)s was charged, though the marketplace pays the tax of this order.", **figures),
            "worth": self.env._(
                "The parcel is worth %(worth)s EUR, too much for IOSS: customs collects the tax.", **figures
            ),
            "number": self.env._(
                "%(tax)s was charged on an import, but there is no IOSS number in the settings.", **figures
            ),
            "decided": self.env._("%(scheme)s, but the order was sourced with another tax position.", **figures),
            "input": self.env._("%(tax)s of goods that came from abroad: check whether it can be deducted.", **figures),
        }
        return sentences[self.warning]

    @api.model
    def _rows(self, company, first, last):
        """Tax of posted documents of some days.

        :param date first, last: accounting dates, both included
        :return: list of dicts: country, ship_from (res.country), rate (percent), route ("CN → DE"), scheme and side
            (codes), base, tax (company currency, signed as we owe them), warnings (number of rows with one)
        """
        self._read_changes(company)
        domain = [("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)]
        groups = self.sudo()._read_group(
            domain,
            ["scheme", "side", "country_id", "ship_from_id", "rate", "route"],
            ["base:sum", "tax:sum", "warning:count"],
            order="scheme, side, route, rate",
        )
        names = ("scheme", "side", "country", "ship_from", "rate", "route", "base", "tax", "warnings")
        rows = [dict(zip(names, group, strict=True)) for group in groups]
        return [{**row, **{name: company.currency_id.round(row[name]) for name in ("base", "tax")}} for row in rows]

    def action_open_document(self):
        """Open the document the row is of."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    @api.model
    def action_open(self):
        """Read what changed, and show it."""
        self._read_changes(self.env.company)
        return self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_reports.action_dropship_tax_summary")
