"""The lines of invoices to issue: their words, their tax codes, and what of them comes back."""

from decimal import Decimal

from odoo import fields, models

from ..fapiao import issue
from .fapiao import HEAD
from .fapiao_move import decimal


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _dropship_fapiao_line(self, row):
        """Values of the line of a fapiao."""
        self.ensure_one()
        product = self.product_id
        return {
            "move_line_id": self.id,
            "product_id": product.id,
            # Our own words for the goods: what a supplier calls them is none of the customer's business.
            "name": (product.with_context(lang="zh_CN", display_default_code=False).name or self.name or "-")[:92],
            "tax_code": product.product_tmpl_id.dropship_fapiao_code or product.categ_id._dropship_fapiao_code(),
            "unit": self.product_uom_id.with_context(lang="zh_CN").name,
            "quantity": float(row.quantity),
            "rate": float(row.rate),
            "amount": float(row.amount),
            "tax": float(row.tax),
        }


class DropshipFapiao(models.Model):
    _inherit = "dropship.fapiao"

    def _drop(self):
        """Forget what nobody outside knows of."""
        open_rows = self.filtered(lambda row: row.state in ("wanted", "red_needed", "cancelled"))
        open_rows.move_ids = False
        open_rows.unlink()

    def _red(self, credit):
        """The red letters a credit note needs of these, the oldest first; what is over is put to a person."""
        credit.ensure_one()
        rows = issue.net([row.negated() for row in credit._dropship_fapiao_rows()])
        found, over = issue.back(rows, {fapiao.id: fapiao._room() for fapiao in self.sorted("id")})
        for fapiao_id, part in found.items():
            origin = self.browse(fapiao_id)
            credit._dropship_fapiao_create(
                part,
                **{name: origin[name] for name in (*HEAD, "kind")},
                state="red_needed",
                is_red=True,
                origin_id=origin.id,
                move_ids=[(6, 0, credit.ids)],
            )
        if over:
            amount = credit.currency_id.format(float(sum(row.total for row in over)))
            text = self.env._("%s of this credit was never on a fapiao: no red letter is needed for it.", amount)
            credit.message_post(body=text, message_type="notification", subtype_xmlid="mail.mt_note")

    def _room(self):
        """{rate: amount without tax that can still come back}"""
        self.ensure_one()
        room = {}
        for line in self.line_ids:
            room[decimal(line.rate)] = room.get(decimal(line.rate), Decimal(0)) + decimal(line.amount)
        for line in self.red_ids.filtered(lambda row: row.state != "cancelled").line_ids:
            room[decimal(line.rate)] = room.get(decimal(line.rate), Decimal(0)) - decimal(line.amount)
        return room


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_fapiao_code = fields.Char(
        string="Tax Code (税收编码)",
        groups="base.group_user",
        help="19 digits of the tax bureau. Empty: the category's.",
    )


class ProductCategory(models.Model):
    _inherit = "product.category"

    dropship_fapiao_code = fields.Char(
        string="Tax Code (税收编码)", groups="base.group_user", help="19 digits of the tax bureau. Empty: the parent's."
    )

    def _dropship_fapiao_code(self):
        """The code of the category or of the nearest above it."""
        category = self
        while category and not category.dropship_fapiao_code:
            category = category.parent_id
        return category.dropship_fapiao_code
