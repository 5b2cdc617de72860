from odoo import api, fields, models

from .words import KINDS, LIABLE, OUTCOMES


class DropshipReturnReason(models.Model):
    """Why something comes back: a tree whose leaves customers choose. It says who is liable and what is needed."""

    _name = "dropship.return.reason"
    _description = "Return Reason"
    _parent_store = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="As the customer reads it.")
    display_name = fields.Char(recursive=True)
    code = fields.Char(required=True, index=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one("dropship.return.reason", string="Part Of", ondelete="restrict", index=True)
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("dropship.return.reason", "parent_id")
    company_id = fields.Many2one("res.company", index=True)
    kind = fields.Selection(KINDS, required=True, default="return", help="What sort of case it makes.")
    liable = fields.Selection(LIABLE, required=True, default="customer", string="Who Caused It")
    absent = fields.Boolean(
        string="Goods Are Not There", help="The customer does not have the goods: nothing can be sent back."
    )
    photo = fields.Boolean(string="Photo Needed")
    video = fields.Boolean(string="Video Needed")
    label = fields.Boolean(string="Photo of the Label Needed")
    outcome = fields.Selection(OUTCOMES, string="Proposed", help="Offered first, where the policy allows it.")
    public = fields.Boolean(default=True, help="Customers can choose it themselves.")

    _code_once = models.UniqueIndex("(code, company_id)", "This code is used already.")

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("dropship_short")
    def _compute_display_name(self):
        """The reason with those above it; where there is no room for them, itself."""
        short = self.env.context.get("dropship_short")
        for reason in self:
            above = "" if short else reason.parent_id.display_name
            reason.display_name = f"{above} / {reason.name}" if above else reason.name

    def _codes(self):
        """Its code and those of all above it."""
        self.ensure_one()
        ids = [int(number) for number in (self.parent_path or "").split("/") if number]
        return frozenset(self.browse(ids).mapped("code"))

    def _evidence(self):
        """What a customer has to show: codes of evidence."""
        self.ensure_one()
        return frozenset(code for code in ("photo", "video", "label") if self[code])
