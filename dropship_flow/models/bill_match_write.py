import json

from odoo import api, models
from odoo.tools import SQL

from .bill_match_refresh import COLUMNS

KEY = ("purchase_id", "kind", "purchase_line_id")
MONEY = {"amount", "expected", "agreed"}


class DropshipBillMatch(models.Model):
    _inherit = "dropship.bill.match"

    @api.model
    def _write_rows(self, purchases, rows):
        """Make the rows of these purchases what they should be: in two statements, and only what changed is written."""
        self._drop_rows(purchases, rows)
        if rows:
            self._upsert_rows(rows)
        self.invalidate_model(flush=False)

    @api.model
    def _drop_rows(self, purchases, rows):
        """Rows about something that is neither ordered nor billed any more go."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dropship_bill_match row
                 WHERE row.purchase_id = ANY(%s) AND NOT EXISTS (
                     SELECT FROM UNNEST(%s::int[], %s::varchar[], %s::int[]) AS kept (purchase_id, kind, line_id)
                      WHERE kept.purchase_id = row.purchase_id AND kept.kind = row.kind
                        AND kept.line_id IS NOT DISTINCT FROM row.purchase_line_id)
                """,
                purchases.ids,
                *([row[name] for row in rows] for name in KEY),
            )
        )

    @api.model
    def _upsert_rows(self, rows):
        # Always in the same order: two that renew the same rows wait for each other, and never in a circle.
        rows = sorted(rows, key=lambda row: (row["purchase_id"], row["kind"], row["purchase_line_id"] or 0))
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        cells = SQL(", ").join(
            SQL("%s::%s[]", [self._cell(name, row[name]) for row in rows], SQL(kind)) for name, kind in COLUMNS.items()
        )
        facts = [name for name in COLUMNS if name not in KEY]
        known = SQL(", ").join(SQL("row.%s", SQL.identifier(name)) for name in facts)
        new = SQL(", ").join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in facts)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_bill_match AS row (%(names)s)
                SELECT * FROM UNNEST(%(cells)s)
                    ON CONFLICT (purchase_id, kind, COALESCE(purchase_line_id, 0))
                    DO UPDATE SET (%(facts)s) = ROW(%(new)s)
                 WHERE ROW(%(known)s) IS DISTINCT FROM ROW(%(new)s)
                """,
                names=names,
                cells=cells,
                facts=SQL(", ").join(SQL.identifier(name) for name in facts),
                known=known,
                new=new,
            )
        )

    @api.model
    def _cell(self, name, value):
        if name == "reasons":
            return json.dumps(value) if value else None
        return value

    @api.model
    def _written(self, reasons, currency_id):
        """Reasons as they are kept: figures as a person writes them, money with its currency."""
        if not reasons:
            return None
        currency = self.env["res.currency"].browse(currency_id)
        return [
            [code, {name: self._figure(code, name, value, currency) for name, value in figures.items()}]
            for code, figures in reasons
        ]

    @api.model
    def _figure(self, code, name, value, currency):
        digits = currency.decimal_places
        if name in MONEY or (name == "billed" and code not in ("match_quantity", "match_twice", "match_not_ordered")):
            unit_price = name == "agreed" or (name == "billed" and code == "match_price")
            if unit_price:  # a unit price may have more digits than money
                value = value.quantize(value.__class__(1).scaleb(-6)).normalize()
                digits = max(digits, -value.as_tuple().exponent)
            return f"{value:.{digits}f} {currency.name}"
        return f"{value.normalize():f}"
