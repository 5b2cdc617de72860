"""The lines of invoices to issue: their words, their tax codes, and what of them comes back."""

from odoo import api, fields, models

from ..fapiao import issue
from .exact import decimal
from .fapiao_move import OPEN


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _dropship_fapiao_goods(self):
        """What tells goods apart, the same on an invoice and on its credit note. Note: `self` may be empty."""
        sold = self.sale_line_ids[:1]
        return ("sale", sold.id) if sold else ("product", self.product_id.id, decimal(self.price_unit))

    def _dropship_fapiao_reduced(self):
        """Whether a credit reduces the price of what was sold (折让): no goods come back with it."""
        if self.move_id.move_type != "out_refund" or not self.sale_line_ids:
            return False
        sold = self.sale_line_ids.invoice_lines.filtered(
            lambda line: line.move_id.move_type == "out_invoice" and line.move_id.state == "posted"
        )
        prices = [line.price_unit * (1 - line.discount / 100) for line in sold]
        price = self.price_unit * (1 - self.discount / 100)
        return bool(prices) and all(self.currency_id.compare_amounts(price, other) for other in prices)

    def _dropship_fapiao_rate(self):
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        return decimal(sum(tax.amount for tax in taxes if tax.amount_type == "percent"))

    @api.model
    def _dropship_fapiao_lines(self, rows):
        """Commands for the lines of a fapiao; the `key` of rows is the id of the invoice line."""
        return [(0, 0, self.browse(row.key)._dropship_fapiao_line(row)) for row in rows]

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
        open_rows = self.filtered(lambda row: row.state in OPEN)
        open_rows.move_ids = False
        open_rows.unlink()

    def _leave(self, moves):
        """Of what nobody outside knows of forget these moves; what is of other invoices as well stays for them."""
        stay = self.filtered(lambda row: not row.is_red and "out_invoice" in (row.move_ids - moves).mapped("move_type"))
        (self - stay)._drop()
        stay.line_ids.filtered(lambda line: line.move_line_id.move_id in moves).unlink()
        stay.move_ids -= moves

    def _blue(self, *states):
        return self.filtered(lambda row: not row.is_red and row.state in states)

    def _same(self, rows):
        """Whether these have exactly these rows, whichever is on which."""
        found = {}
        for fapiao_line in self.line_ids:
            key = fapiao_line.move_line_id.id, decimal(fapiao_line.rate)
            amount, tax = found.get(key, (0, 0))
            found[key] = amount + decimal(fapiao_line.amount), tax + decimal(fapiao_line.tax)
        return found == {(row.key, row.rate): (row.amount, row.tax) for row in rows}

    def _room(self, invoice):
        """{rate: amount without tax of an invoice that can still come back of this fapiao}"""
        self.ensure_one()
        reds = self.red_ids.filtered(lambda row: row.state != "cancelled")
        return issue.sums((self | reds).line_ids._rows(invoice))


class DropshipFapiaoLine(models.Model):
    _inherit = "dropship.fapiao.line"

    def _rows(self, invoice):
        """What of these lines is of an invoice, as `fapiao.issue.Row`; of red letters below zero."""
        rows = []
        for line in self.filtered(lambda line: line.move_line_id.move_id == invoice):
            figures = (decimal(line[name]) for name in ("quantity", "amount", "tax", "rate"))
            row = issue.Row(line.move_line_id._dropship_fapiao_goods(), *figures)
            rows.append(row.negated() if line.fapiao_id.is_red else row)
        return rows


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
