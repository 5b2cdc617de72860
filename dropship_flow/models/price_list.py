import base64
import csv
import io
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..feeds import FeedError, guess_columns, read_rows, read_table
from ..feeds.values import code_key
from ..sheets.layout import harmless
from .price_list_text import feed_reason, feed_refusal

SHOWN_ROWS = 10
BATCH = 500


class DropshipPriceList(models.Model):
    """A supplier's price list as received: read, looked at, applied. What could not be read stays with its reason."""

    _name = "dropship.price.list"
    _description = "Price List of a Supplier"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    _transitions = frozenset({("draft", "read"), ("read", "draft"), ("read", "applied")})

    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse", string="Ships From", required=True, ondelete="cascade", index=True
    )
    supplier_id = fields.Many2one(related="warehouse_id.supplier_id", store=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="supplier_id.currency_id")
    file = fields.Binary(attachment=True, help="CSV or XLSX, as the supplier sends it.")
    file_name = fields.Char()
    state = fields.Selection(
        [("draft", "New"), ("read", "Read"), ("applied", "Applied")], default="draft", required=True, copy=False
    )
    encoding = fields.Char(string="Read As", readonly=True)
    create_products = fields.Boolean(
        string="Create Missing Products",
        default=True,
        help="Goods whose code and barcode no product has become new products. Otherwise they are offers to browse.",
    )
    column_ids = fields.One2many("dropship.price.list.column", "list_id", string="Columns")
    row_ids = fields.One2many(
        "dropship.price.list.row", "list_id", string="First Rows", domain=[("kind", "=", "sample")]
    )
    bad_row_ids = fields.One2many(
        "dropship.price.list.row", "list_id", string="Set Aside", domain=[("kind", "=", "bad")]
    )
    good_count = fields.Integer(string="Usable Rows", readonly=True)
    bad_count = fields.Integer(string="Rows Set Aside", readonly=True)
    bad_file = fields.Binary(compute="_compute_bad_file", string="Rows Set Aside (file)")
    bad_file_name = fields.Char(compute="_compute_bad_file")
    created_count = fields.Integer(string="New Products", readonly=True)
    result = fields.Char(readonly=True)

    @api.depends("bad_row_ids")
    def _compute_bad_file(self):
        for record in self:
            record.bad_file_name = self.env._("set_aside.csv")
            record.bad_file = record.bad_count and base64.b64encode(record._bad_csv())

    def _bad_csv(self):
        """The rows set aside as a file for the supplier: line, reason, and the cells as they were."""
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow([self.env._("Line"), self.env._("Reason"), *self.column_ids.mapped("header")])
        for row in self.bad_row_ids:
            cells = [row.line, row.reason, *(row.cells or [])]
            writer.writerow([harmless(str(cell)) for cell in cells])
        return b"\xef\xbb\xbf" + stream.getvalue().encode()

    # === READING === #

    def action_read(self):
        """Read the file with the columns as they are set; the first time they are guessed."""
        for record in self:
            record.check_access("write")
            record._read_file(guess=not record.column_ids)
        return False

    def action_read_again(self):
        """Read after a person corrected what the columns mean."""
        for record in self:
            record._check_roles()
            record._read_file(guess=False)
        return False

    def action_guess_again(self):
        """Another file: guess the columns anew."""
        for record in self:
            record._read_file(guess=True)
        return False

    @api.onchange("file")
    def _onchange_file(self):
        self.column_ids = [(5, 0)]

    def _read_table(self):
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Drop the supplier's file first: CSV or XLSX."))
        try:
            return read_table(self.file_name or "", base64.b64decode(self.file))
        except FeedError as error:
            raise UserError(feed_refusal(self.env, error)) from error

    def _read_file(self, guess):
        if self.state == "applied":
            raise UserError(self.env._("This price list was applied. Create a new one for the next file."))
        table = self._read_table()
        roles = guess_columns(table) if guess else self._roles()
        if guess:
            self._set_columns(table, roles)
        good, bad = self._rows(table, roles)
        self.env["dropship.price.list.row"].search([("list_id", "=", self.id)]).unlink()
        self.env["dropship.price.list.row"].create(
            [
                *(self._sample_vals(row) for row in good[:SHOWN_ROWS]),
                *(self._bad_vals(row) for row in bad),
            ]
        )
        self.write(
            {
                "state": "read",
                "good_count": len(good),
                "bad_count": len(bad),
                "encoding": " ".join(filter(None, (table.encoding, repr(table.delimiter) if table.delimiter else ""))),
            }
        )
        return good

    def _rows(self, table, roles):
        known = {
            code_key(offer.sku): _exact(offer.price)
            for offer in self.warehouse_id.with_context(active_test=False).offer_ids
            if offer.price
        }
        return read_rows(table, roles, self.currency_id.name, known)

    def _roles(self):
        return {column.role: column.position for column in self.column_ids if column.role}

    def _check_roles(self):
        labels = dict(self.env["dropship.price.list.column"]._fields["role"]._description_selection(self.env))
        roles = [column.role for column in self.column_ids if column.role]
        twice = {labels[role] for role in roles if roles.count(role) > 1}
        if twice:
            raise UserError(self.env._("Two columns cannot both be: %s.", ", ".join(sorted(twice))))
        missing = [labels[role] for role in ("sku", "name", "price") if role not in roles]
        if missing:
            raise UserError(self.env._("Say which column is: %s.", ", ".join(missing)))

    def _set_columns(self, table, roles):
        by_position = {position: role for role, position in roles.items()}
        width = table.width
        self.column_ids = [(5, 0)] + [
            (0, 0, self._column_vals(table, position, by_position.get(position))) for position in range(width)
        ]

    def _column_vals(self, table, position, role):
        header = table.header[position] if position < len(table.header) else ""
        cells = [cells[position] for _line, cells in table.rows[:20] if position < len(cells) and cells[position]]
        return {
            "position": position,
            "header": header or self.env._("Column %s", position + 1),
            "sample": " · ".join(cell[:30] for cell in cells[:3]),
            "role": role,
        }

    def _sample_vals(self, row):
        return {
            "list_id": self.id,
            "kind": "sample",
            "line": row.line,
            "sku": row.sku,
            "name": row.name,
            "price": float(row.price),
            "stock": float(row.stock or 0.0),
            "unlimited": row.stock is None,
            "barcode": row.barcode,
            "weight": float(row.weight),
        }

    def _bad_vals(self, row):
        cells = [cell[:200] for cell in row.cells]
        return {
            "list_id": self.id,
            "kind": "bad",
            "line": row.line,
            "cells": cells,
            "name": " | ".join(cell for cell in cells if cell)[:300],
            "reasons": [[code, params] for code, params in row.reasons],
        }

    # === APPLYING === #

    def action_apply(self):
        """Write the usable rows as offers; each finds its product by barcode or code, or makes one."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if self.state == "applied":
            return False
        self._check_roles()
        good = self._read_file(guess=False)
        if not good:
            raise UserError(self.env._("No row of the file is usable. Correct the columns, or the file."))
        offers = self._offers_by_key()
        products = self._products_for(good)
        for start in range(0, len(good), BATCH):
            self._apply_rows(good[start : start + BATCH], offers, products)
        created = len(products.pop("new", ()))
        self._set_state(
            "applied",
            created_count=created,
            result=self.env._(
                "%(rows)s offers written, %(created)s products created.", rows=len(good), created=created
            ),
        )
        return False

    def _offers_by_key(self):
        offers = self.env["dropship.offer"].with_context(active_test=False)
        mine = offers.search_fetch([("warehouse_id", "=", self.warehouse_id.id)], ["sku", "product_id"])
        return {code_key(offer.sku): offer for offer in mine}

    def _products_for(self, rows):
        """{'barcode': {…}, 'code': {…}, 'new': []}: the goods we have already, by what names them."""
        domain = [("company_id", "in", [self.company_id.id, False] if self.company_id else [False])]
        goods = self.env["product.product"].with_context(active_test=False)
        barcodes = [row.barcode for row in rows if row.barcode]
        codes = [row.sku for row in rows]
        by_barcode = goods.search([*domain, ("barcode", "in", barcodes)]) if barcodes else goods
        by_code = goods.search([*domain, ("default_code", "in", codes), ("type", "=", "consu")])
        return {
            "barcode": {product.barcode: product for product in by_barcode},
            # A code two products share names neither.
            "code": {code: found for code, found in by_code.grouped("default_code").items() if len(found) == 1},
            "new": [],
        }

    def _apply_rows(self, rows, offers, products):
        self._create_products(rows, offers, products)
        fresh = []
        now = fields.Datetime.now()
        for row in rows:
            offer = offers.get(code_key(row.sku))
            vals = self._offer_vals(row, now)
            product = (offer and offer.product_id) or self._product_of(row, products)
            if product:
                vals["product_id"] = product.id
            if offer:
                offer.write({**vals, "active": True})
            else:
                fresh.append({**vals, "sku": row.sku, "warehouse_id": self.warehouse_id.id})
        if fresh:
            self.env["dropship.offer"].create(fresh)

    @api.model
    def _product_of(self, row, products):
        return products["barcode"].get(row.barcode) or products["code"].get(row.sku)

    def _create_products(self, rows, offers, products):
        if not self.create_products:
            return
        missing = [
            row
            for row in rows
            if not self._product_of(row, products)
            and not ((offer := offers.get(code_key(row.sku))) and offer.product_id)
        ]
        if not missing:
            return
        made = self.env["product.product"].create([self._product_vals(row) for row in missing])
        products["new"] += made.ids
        for row, product in zip(missing, made, strict=True):
            products["code"][row.sku] = product
            if row.barcode:
                products["barcode"][row.barcode] = product

    def _product_vals(self, row):
        company = self.company_id or self.env.company
        today = fields.Date.today()
        retail = float(row.retail or 0.0)
        retail = retail and self.currency_id._convert(retail, company.currency_id, company, today)
        return {
            "name": row.name,
            "default_code": row.sku,
            "barcode": row.barcode or False,
            "type": "consu",
            "weight": float(row.weight),
            "list_price": retail,
            "sale_ok": True,
            "purchase_ok": True,
            "company_id": self.company_id.id if len(self.env.user.company_ids) > 1 else False,
            "route_ids": [(6, 0, self.env.ref("stock_dropshipping.route_drop_shipping").ids)],
        }

    def _offer_vals(self, row, now):
        return {
            "name": row.name,
            "price": float(row.price),
            "stock": float(row.stock or 0.0),
            "stock_mode": "unlimited" if row.stock is None else "limited",
            "weight": float(row.weight),
            "moq": float(row.moq),
            "pack": float(row.pack),
            "as_of": now,
        }

    def action_open_offers(self):
        self.ensure_one()
        return self.warehouse_id.action_open_offers()

    def action_first_hour(self):
        """Back to the path."""
        return self.env["dropship.first.hour"].action_open()


class DropshipPriceListColumn(models.Model):
    _name = "dropship.price.list.column"
    _description = "Price List: Column"
    _order = "position, id"

    list_id = fields.Many2one("dropship.price.list", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    position = fields.Integer(readonly=True)
    header = fields.Char(readonly=True)
    sample = fields.Char(string="First Values", readonly=True)
    role = fields.Selection(
        [
            ("sku", "Supplier's code"),
            ("barcode", "Barcode"),
            ("name", "Name"),
            ("price", "Price"),
            ("stock", "Stock"),
            ("weight", "Weight"),
            ("moq", "Minimum quantity"),
            ("pack", "Pack of"),
            ("retail", "Suggested retail price"),
            ("currency", "Currency"),
        ],
        string="Is",
        help="Empty: not used.",
    )


class DropshipPriceListRow(models.Model):
    """One of the first usable rows, or one that was set aside."""

    _name = "dropship.price.list.row"
    _description = "Price List: Row"
    _order = "line, id"

    list_id = fields.Many2one("dropship.price.list", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="list_id.currency_id")
    kind = fields.Selection([("sample", "Usable"), ("bad", "Set aside")], required=True)
    line = fields.Integer()
    sku = fields.Char(string="Supplier's Code")
    name = fields.Char()
    price = fields.Float(min_display_digits="Product Price")
    stock = fields.Float(digits="Product Unit")
    unlimited = fields.Boolean()
    barcode = fields.Char()
    weight = fields.Float(string="Weight (kg)", digits="Stock Weight")
    cells = fields.Json(help="The cells of the row as they were.")
    reasons = fields.Json(help="[[code, {figure: value}], …]; the words are made in the reader's language.")
    reason = fields.Char(compute="_compute_reason")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = " ".join(feed_reason(self.env, code, params) for code, params in row.reasons or [])


def _exact(number):
    """A stored float as the figure it was typed as."""
    return Decimal(repr(number))

