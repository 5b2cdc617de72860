import base64
import io
import unicodedata
from datetime import timedelta

from odoo.tests import tagged
from pypdf import PdfReader

from .common_pack import PackCase

COMMAND = "=cmd|' /C calc'!A0"


@tagged("post_install", "-at_install", "standard")
class TestPackMonth(PackCase):
    """One month with a good order, one given back, a cost typed in by hand, and a month before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("run_nothing")
        cls.good = self.trade(3.0)
        cls.bad = self.trade()
        self.credit(self.invoice_of(cls.bad))
        self.typed(cls.accounts["Cost of goods"], -7.5)
        self.typed(cls.accounts["Sales"], 50.0, date=cls.today.replace(day=1) - timedelta(days=3))
        cls.good.partner_id.name = COMMAND
        cls.chair.name = "@SUM(1+1)\tChair"
        cls.pack = self.made(note="\r=1+1")

    def run_nothing(self):
        """Lets the class use the verbs of its tests before the first."""

    def test_the_statement_is_the_ledger(self):
        rows = self.env["dropship.profit.reconcile"]._compute(self.company, self.today)
        ledger = round(sum(row["ledger"] - row["out_of_scope"] for row in rows), 2)
        self.assertEqual((self.pack.state, self.pack.net_profit), ("ready", ledger))
        month, before, year_ago, year, _share = self.cells(self.pack, "profit", "Net Profit")
        self.assertEqual((month, before, year_ago), (ledger, 50.0, 0.0))
        self.assertEqual(year, ledger + (50.0 if self.today.month > 1 else 0.0))
        kinds = {}
        for entry in self.entries(("side", "!=", "out"), ("date", ">=", self.pack.month)):
            kinds[entry.kind_id.name] = round(kinds.get(entry.kind_id.name, 0.0) + entry.amount, 2)
        rows = self.section(self.pack, "profit")["tables"][0]["rows"]
        said = {row["cells"][0]: row["cells"][1] for row in rows if row["style"] == "line"}
        self.assertEqual({name: amount for name, amount in said.items() if amount}, kinds)
        self.assertEqual(self.cells(self.pack, "profit", "Net Revenue")[0], self.pack.net_revenue)
        self.assertEqual(self.cells(self.pack, "profit", "Unexplained", table=1), [0.0])
        self.assertEqual(self.cells(self.pack, "profit", "General Ledger", table=1), [ledger])

    def test_lists_add_up_to_what_belongs_to_orders(self):
        tables = self.section(self.pack, "top")["tables"]
        self.assertEqual(len(tables), 5)
        for table in tables:
            with self.subTest(table["title"]):
                *rows, total = table["rows"]
                self.assertEqual(total["style"], "sum")
                for column in (1, 2):
                    self.assertAlmostEqual(sum(row["cells"][column] for row in rows), total["cells"][column], 2)
        self.assertEqual(self.cells(self.pack, "top", self.rhein.display_name, table=1)[:2], [300.0, 140.0])

    def test_the_month_before_stands_beside_it(self):
        month, before, _year_ago, change, since = self.cells(self.pack, "key", "Net Profit")
        self.assertEqual((month, before), (132.5, 50.0))
        self.assertAlmostEqual(change, 1.65)
        self.assertIsNone(since, "nothing to compare with")
        chart = self.section(self.pack, "key")["charts"][0]
        self.assertEqual((chart["values"][-2:], len(chart["values"])), ([50.0, 132.5], 13))

    def test_orders_that_lost_money(self):
        rows = self.section(self.pack, "losses")["tables"][0]["rows"]
        self.assertEqual([row["cells"][0] for row in rows], [self.bad.name, "All 1 orders"])
        self.assertEqual(rows[0]["cells"][2:4], [0.0, self.bad.dropship_profit])
        self.assertLess(self.bad.dropship_profit, -39.0)
        self.assertTrue(rows[0]["cells"][4], "and why")

    def test_tax_and_the_next_weeks(self):
        tables = self.section(self.pack, "tax")["tables"]
        self.assertEqual(tables[0]["rows"][0]["cells"][1], 0.19)
        weeks = self.section(self.pack, "forecast")["tables"][0]["rows"]
        self.assertEqual(len(weeks), 13)
        for week in weeks:
            _first, opening, came, went, closing = week["cells"]
            self.assertAlmostEqual(closing, opening + came - abs(went), 2)

    # --- both files ---

    def test_every_page_says_whose_and_which_it_is(self):
        pages = self.pages(self.pack)
        for number, page in enumerate(pages, 1):
            text = " ".join(page.extract_text().split())
            self.assertIn(f"Page {number} of {len(pages)}", text)
            self.assertIn(self.company.name, text)
        self.assertGreater(len(pages), 3)
        box = pages[0].mediabox
        self.assertEqual((round(box.width), round(box.height)), (595, 842), "A4")
        self.assertIn("132.50", "".join(page.extract_text() for page in pages))

    def pages(self, pack):
        return PdfReader(io.BytesIO(base64.b64decode(pack.pdf_file))).pages

    def test_no_name_is_a_command(self):
        cells = [cell for sheet in self.book(self.pack).worksheets for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
        self.assertIn(COMMAND, [cell.value for cell in cells])
        self.assertIn("@SUM(1+1)\tChair", [cell.value for cell in cells])

    def test_the_last_sheet_has_every_entry(self):
        ledger = self.book(self.pack).worksheets[-1]
        heads = [cell.value for cell in ledger[1]]
        amounts = [row[heads.index("Amount")] for row in ledger.iter_rows(min_row=2)]
        self.assertEqual({cell.data_type for cell in amounts}, {"n"})
        self.assertAlmostEqual(sum(cell.value for cell in amounts), self.pack.net_profit, 2)
        self.patch(self.registry["dropship.report.pack"], "_batch", 2)
        pieces = list(self.pack.sudo()._speaking()._details())
        self.assertEqual(len(pieces), len(amounts), "read in pieces, none left out, none twice")

    def test_the_form_shows_the_pages(self):
        self.assertIn("<svg", self.pack.preview)
        self.assertIn("Profit and Loss", self.pack.preview)

    def test_in_chinese(self):
        pack = self.made(lang="zh_CN")
        self.assertEqual(pack.net_profit, self.pack.net_profit)
        names = [row["cells"][0] for row in self.section(pack, "profit")["tables"][0]["rows"]]
        self.assertIn("净收入", names)
        text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in self.pages(pack)))
        self.assertIn("净收入", text)
        self.assertIn(f"{self.today.year}年{self.today.month}月", text)
        self.assertIn("净收入", [cell.value for row in self.book(pack).worksheets[1].iter_rows() for cell in row])
