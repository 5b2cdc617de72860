from odoo.tests import tagged

from .common_board import BoardCase


@tagged("post_install", "-at_install", "standard")
class TestBoardLinks(BoardCase):
    """Cases on orders, parcels, suppliers, customers, the overview and in the settings."""

    def test_an_order_with_an_open_case_is_in_after_sales(self):
        self.assertEqual(self.order.dropship_stage, "closed", "paid and delivered")
        case = self.case()
        self.assertEqual(self.order.dropship_stage, "after_sales")
        self.assertEqual(set(self.order.dropship_purchase_ids.mapped("dropship_stage")), {"after_sales"})
        case._record("refuse", "agent", text="No")
        case._record("close", "agent")
        self.assertEqual(self.order.dropship_stage, "closed")

    def test_the_search_box_finds_an_order_by_the_number_of_its_case(self):
        case = self.case()
        found = self.as_agent(self.env["sale.order"]).search([("dropship_search", "ilike", case.name)])
        self.assertEqual(found, self.order)
        outside = self.env["sale.order"].with_user(self.env.ref("base.public_user")).sudo()
        self.assertFalse(outside.search([("dropship_search", "ilike", case.name)]))

    def test_cases_are_counted_where_people_look_for_them(self):
        case, second = self.case(), self.case("dislike")
        box = self.order.order_line.dropship_shipment_line_ids.shipment_id
        for record in (self.order, box, self.rhein, self.order.partner_id):
            seen = self.as_agent(record)
            with self.subTest(record._name):
                self.assertEqual(seen.dropship_case_count, 2)
                action = seen.action_dropship_cases()
                self.assertEqual(self.env["dropship.return"].search(action["domain"]), case | second)
        self.assertEqual((case.order_count, case.shipment_count, case.purchase_count), (1, 1, 1))
        self.assertEqual(case.action_open_orders()["res_id"], self.order.id)
        self.assertEqual(case.action_open_shipments()["res_id"], box.id)

    def test_the_customer_s_history_stands_beside_the_case(self):
        case = self.case()
        self.delivered((self.lamp, 1), partner=self.order.partner_id)
        case.invalidate_recordset()
        self.assertEqual((case.customer_order_count, case.customer_case_count), (2, 1))
        self.assertAlmostEqual(case.customer_case_rate, 0.5)
        self.assertEqual(case.customer_refunded, 0)
        self.assertAlmostEqual(case.amount_asked, self.line.price_reduce_taxinc, 2)
        self.assertEqual((case.product_id, case.supplier_id), (self.lamp, self.rhein))

    # --- overview ---

    def test_each_card_opens_exactly_what_it_counts(self):
        judged, countered, late = self.case(), self.case("dislike"), self.case("listing")
        countered._record("offer", "customer", offer=self.offer(countered, "nothing"))
        self.pass_hours(late, 24 * 30)
        judged.message_post(body="Hello?", message_type="email", author_id=judged.partner_id.id)
        cards = self.as_agent(self.env["dropship.overview"]).browse(self.company.id).card_ids
        expected = {"cases_judge": late, "cases_offers": countered, "cases_messages": judged, "cases_overdue": late}
        for card in cards.filtered(lambda card: card.key.startswith("cases_")):
            action = card.action_open()
            found = self.as_agent(self.env["dropship.return"]).search(action["domain"])
            with self.subTest(card.key):
                self.assertEqual(card.count, len(found))
                self.assertEqual(found, expected.get(card.key, found.browse()))
                self.assertEqual(card.part, "needs")
                self.assertEqual(bool(card.hint), bool(found))
        self.assertEqual(len(cards.filtered(lambda card: card.key.startswith("cases_"))), 6)

    # --- settings ---

    def test_every_setting_of_after_sales_is_on_the_screen(self):
        ours = {name for name in self.env["res.company"]._fields if name.startswith("dropship_case_")}
        self.assertLessEqual(ours, set(self.env["res.config.settings"]._fields))
        arch = self.env["res.config.settings"].get_views([(False, "form")])["views"]["form"]["arch"]
        for name in ours:
            self.assertIn(f'name="{name}"', arch)
        settings = self.env["res.config.settings"].create({"dropship_case_decide_hours": 5})
        settings.execute()
        self.assertEqual(self.env.company.dropship_case_decide_hours, 5)

    def test_every_view_opens(self):
        case = self.case()
        seen = self.as_agent(case)
        views = [(False, name) for name in ("kanban", "list", "form", "search", "graph", "pivot", "activity")]
        found = seen.get_views(views)["views"]
        self.assertEqual(set(found), {name for _view, name in views})
        columns = seen.with_context(read_group_expand=True).web_read_group(
            [], ["board_column"], ["__count", "amount_asked:sum"]
        )["groups"]
        self.assertEqual(
            [group["board_column"] for group in columns],
            ["judge", "ours", "inspect", "carry", "customer", "supplier", "way"],
        )


@tagged("post_install", "-at_install", "standard")
class TestBoardRefunds(BoardCase):
    def test_what_was_refunded_is_counted(self):
        case = self.case()
        refund = self.order.invoice_ids._reverse_moves()
        refund.action_post()
        case.invalidate_recordset()
        self.assertAlmostEqual(case.customer_refunded, refund.amount_total, 2)
        self.assertEqual(case.credit_note_count, 1)
