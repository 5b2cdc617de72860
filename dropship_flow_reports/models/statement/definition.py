from odoo import fields, models

SECTIONS = [
    ("result", "Results"),
    ("kind", "Lines of the Statement"),
    ("stage", "Stages"),
    ("ledger", "Ledger"),
    ("cash", "Cash"),
    ("tax", "Tax"),
]


class DropshipProfitDefinition(models.Model):
    """What a figure of the reports means. Code that shows a figure calls it by the same `code`.

    Lines of the statement have the codes of their kinds (`dropship.profit.kind`).
    """

    _name = "dropship.profit.definition"
    _description = "Meaning of a Figure"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    section = fields.Selection(SECTIONS, required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Char(required=True, readonly=True, translate=True)
    formula = fields.Text(string="How It Is Computed", required=True, readonly=True, translate=True)
    source = fields.Text(string="Where It Comes From", required=True, readonly=True, translate=True)
    exclusions = fields.Text(string="What Is Left Out", readonly=True, translate=True)

    _once = models.UniqueIndex("(section, code)", "This figure is explained.")
