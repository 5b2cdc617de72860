"""A supplier's files as text, and what came of them."""

from odoo import Command, fields
from odoo.tools import SQL

from .common_flow import FlowCase

COLUMNS = {"code": "sku", "title": "name", "cost": "price", "qty": "stock", "ean": "barcode"}


class FeedCase(FlowCase):
    """A supplier with a warehouse and a feed of `code, title, cost, qty, ean`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.make_supplier("Feeder", "DE")
        cls.warehouse = cls.make_warehouse(cls.supplier, "DE")
        cls.feed = cls.make_feed()
        cls.clock = fields.Datetime.to_datetime("2026-01-01 08:00:00")

    @classmethod
    def make_feed(cls, warehouse=None, columns=None, **vals):
        return cls.env["dropship.feed"].create(
            {
                "name": "Daily list",
                "warehouse_id": (warehouse or cls.warehouse).id,
                "column_ids": [
                    Command.create(
                        {"source": source, "target": target.split(":")[0], "param": target.partition(":")[2]}
                    )
                    for source, target in (columns or COLUMNS).items()
                ],
                **vals,
            }
        )

    @classmethod
    def rows(cls, count, price=10.0, stock=5.0, first=1):
        """Goods no guard has anything against: {code: [name, price, stock]}."""
        return {
            f"A-{number}": [f"Article number {number}", round(price + number / 10, 2), stock + number, ""]
            for number in range(first, first + count)
        }

    @classmethod
    def csv(cls, rows, header=None):
        lines = [header or ",".join(COLUMNS)]
        for code, cells in rows.items() if isinstance(rows, dict) else rows:
            lines.append(",".join([code, *(str(cell) for cell in cells)]))
        return "\n".join(lines).encode() + b"\n"

    def receive(self, content, feed=None, name="list.csv", hours=1, **options):
        """A file comes, an hour after the one before, and is taken as far as it goes without a person."""
        type(self).clock = fields.Datetime.add(self.clock, hours=hours)
        content = self.csv(content) if isinstance(content, (dict, list)) else content
        run = (feed or self.feed)._receive(name, content, as_of=options.pop("as_of", self.clock), **options)
        if run.state == "new":
            run._process()
        self.env.flush_all()
        return run

    def offer(self, sku, warehouse=None):
        return self.env["dropship.offer"].search(
            [("warehouse_id", "=", (warehouse or self.warehouse).id), ("sku", "=", sku)]
        )

    def table(self, feed=None):
        """What the offers of a feed say, as the database has it."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT sku, name, round(price::numeric, 4), round(stock::numeric, 4), stock_mode, missing_runs"
            "  FROM dropship_offer WHERE feed_id = %s ORDER BY sku",
            [(feed or self.feed).id],
        )
        return self.env.cr.fetchall()

    def numbers_used(self):
        """Where the sequences of what a file writes stand."""
        names = ("dropship_offer_id_seq", "dropship_offer_tier_id_seq", "product_supplierinfo_id_seq")
        found = []
        for name in names:
            self.env.cr.execute(SQL("SELECT last_value, is_called FROM %s", SQL.identifier(name)))
            found.append(self.env.cr.fetchone())
        return found

    def assertBalanced(self, run):
        self.assertEqual(
            run.rows_in, run.rows_applied + run.rows_unchanged + run.rows_rejected + run.rows_quarantined, run.state
        )

    def codes(self, reasons):
        return [code for code, _figures in reasons or []]
