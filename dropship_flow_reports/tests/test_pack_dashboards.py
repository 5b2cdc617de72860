import json
import re
from pathlib import Path

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, odoo_view_links
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools.translate import extract_spreadsheet_terms

from ..dashboards.files import written

FOLDER = Path(__file__).resolve().parent.parent / "data" / "files"
READERS = (
    "dropship_flow_reports.group_reports_reader", "account.group_account_invoice", "account.group_account_readonly",
    "dropship_flow.group_dropship_manager",
)  # fmt: skip
NAMES = ("dashboard_profit", "dashboard_money")


@tagged("post_install", "-at_install", "standard")
class TestPackDashboards(TransactionCase):
    def documents(self, sample=False):
        for name, text in written().items():
            if ("sample" in name) == sample:
                yield name, json.loads(text)

    def test_the_files_are_what_is_written_down(self):
        """If not: cd dropship_flow_reports && python3 -m dashboards"""
        texts = written()
        self.assertEqual({path.name for path in FOLDER.glob("*.json")}, set(texts))
        for name, text in texts.items():
            self.assertEqual((FOLDER / name).read_text(encoding="utf-8"), text, name)

    def test_every_model_and_field_exists(self):
        for name, document in self.documents():
            named = fields_in_spreadsheet(document)
            self.assertTrue(named)
            for model, fields_ in named.items():
                for path in fields_:
                    records = self.env[model]
                    for field in path.split("."):
                        with self.subTest(name, model=model, field=path):
                            self.assertIn(field, records._fields)
                        records = records[field] if records._fields[field].relational else records

    def test_filters_look_at_fields_that_exist(self):
        for name, document in self.documents():
            filters = {one["id"]: one for one in document["globalFilters"]}
            charts = [
                (figure["data"]["metaData"]["resModel"], figure["data"]["fieldMatching"])
                for sheet in document["sheets"] for figure in sheet["figures"] if "metaData" in figure["data"]
            ]  # fmt: skip
            sources = [(one["model"], one["fieldMatching"])
                       for kind in ("pivots", "lists") for one in document[kind].values()]  # fmt: skip
            for model, matching in sources + charts:
                self.assertTrue(matching)
                for one, matched in matching.items():
                    with self.subTest(name, model=model, filter=filters[one]["label"]):
                        self.assertEqual(self.env[model]._fields[matched["chain"]].type, matched["type"])

    def test_pivots_and_lists_are_used_and_exist(self):
        for name, document in self.documents():
            formulas = " ".join(text for sheet in document["sheets"] for text in sheet["cells"].values())
            for kind, pattern in (("pivots", r"PIVOT(?:\.VALUE)?\((\d+)"), ("lists", r"ODOO\.LIST\((\d+)")):
                with self.subTest(name, kind=kind):
                    self.assertEqual(set(re.findall(pattern, formulas)), set(document[kind]))

    def test_every_heading_opens_what_is_behind_it(self):
        for _name, document in self.documents():
            for link in odoo_view_links(document):
                action = link["action"]
                views = self.env[action["modelName"]].get_views(action["views"])
                self.assertTrue(views["views"])
                self.env[action["modelName"]].search(action["domain"], limit=1)

    def test_pivots_can_be_read(self):
        for name, document in self.documents():
            for pivot in document["pivots"].values():
                measures = [measure["id"] for measure in pivot["measures"]]
                groups = [row["fieldName"] for row in pivot["rows"]]
                with self.subTest(name, pivot=pivot["id"]):
                    self.env[pivot["model"]].formatted_read_group(pivot["domain"], groups, measures)
            for one in document["lists"].values():
                self.env[one["model"]].search_read(one["domain"], one["columns"], limit=2)

    def test_nothing_is_said_in_one_language_only(self):
        """What a person reads is among the terms that are translated."""
        for name in written():
            with (FOLDER / name).open("rb") as stream:
                terms = {term for _line, _function, term, _comments in extract_spreadsheet_terms(stream, [], [], {})}
            for text in ("Net Revenue", "Suppliers") if "profit" in name else ("Change of Cash", "The Next Weeks"):
                self.assertIn(text, terms, name)

    def test_samples_need_no_data(self):
        for name, document in self.documents(sample=True):
            with self.subTest(name):
                self.assertFalse(document["pivots"] or document["lists"] or document["globalFilters"])
                formulas = " ".join(text for sheet in document["sheets"] for text in sheet["cells"].values())
                self.assertNotRegex(formulas, r"PIVOT\(|PIVOT\.VALUE|ODOO\.")

    def test_who_finds_the_dashboards(self):
        dashboards = self.env["spreadsheet.dashboard"]
        for name in NAMES:
            dashboards |= self.env.ref(f"dropship_flow_reports.{name}")
        self.assertEqual(set(dashboards.dashboard_group_id.mapped("name")), {"Dropshipping"})
        for number, group in enumerate(READERS):
            user = new_test_user(self.env, f"finder{number}", group)
            with self.subTest(group):
                self.assertEqual(dashboards & dashboards.with_user(user).search([]), dashboards)
        user = new_test_user(self.env, "stranger", "base.group_user")
        self.assertFalse(dashboards.with_user(user).search([]) & dashboards)


@tagged("post_install", "-at_install", "standard")
class TestPackDashboardsServed(HttpCase):
    def test_a_reader_and_an_accountant_open_them(self):
        for number, group in enumerate(READERS[:3]):
            new_test_user(self.env, f"opener{number}", group, password=f"opener{number}")
            self.authenticate(f"opener{number}", f"opener{number}")
            for name in NAMES:
                dashboard = self.env.ref(f"dropship_flow_reports.{name}")
                with self.subTest(group, dashboard=name):
                    answer = self.url_open(f"/spreadsheet/dashboard/data/{dashboard.id}")
                    self.assertEqual(answer.status_code, 200)
                    self.assertTrue(answer.json()["snapshot"]["sheets"])
                    if not answer.json().get("is_sample"):
                        self.assertEqual(answer.json()["translation_namespace"], "dropship_flow_reports")
                    self._read_sources(json.loads(dashboard.spreadsheet_data), f"opener{number}")

    def _read_sources(self, snapshot, login):
        """As the page does, with that person's rights."""
        env = self.env(user=self.env["res.users"].search([("login", "=", login)]).id)
        for pivot in snapshot["pivots"].values():
            env[pivot["model"]].formatted_read_group(
                pivot["domain"], [row["fieldName"] for row in pivot["rows"]],
                [measure["id"] for measure in pivot["measures"]],
            )  # fmt: skip
        for one in snapshot["lists"].values():
            env[one["model"]].search_read(one["domain"], one["columns"], limit=1)
