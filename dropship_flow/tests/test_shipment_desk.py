import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_shipment import ShipmentCase

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40)


@tagged("post_install", "-at_install", "standard")
class TestShipmentDesk(ShipmentCase):
    """The order desk and its parcels: entering, finding, papers, short shipments, the API."""

    def enter(self, purchase, numbers, left=False, **quantities):
        action = purchase.action_dropship_enter_shipment()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"numbers": numbers, "left": left})
        for line in wizard.line_ids:
            line.qty = quantities.get(line.product_id.name, line.qty)
        wizard.action_enter()
        return purchase.order_line.dropship_shipment_line_ids.shipment_id

    def test_the_desk_types_what_left(self):
        purchase = self.buy((self.lamp, 3), (self.stand, 2))
        self.enter(purchase, "AA111111\nAA111112", Lamp=1, Stand=0)
        first, second = self.box("AA111111"), self.box("AA111112")
        self.assertEqual({line.product_id.name: line.qty for line in first.line_ids}, {"Lamp": 1.0})
        self.assertTrue(second.line_ids.is_part)
        self.assertEqual(purchase.order_line.mapped("qty_received"), [1.0, 0.0])
        self.enter(purchase, "AA333333")
        self.assertEqual(purchase.order_line.mapped("qty_received"), [3.0, 2.0])
        with self.assertRaisesRegex(UserError, "All of"):
            purchase.action_dropship_enter_shipment()

    def test_the_desk_needs_no_right_to_purchases(self):
        purchase = self.buy((self.lamp, 3))
        order = purchase.dropship_sale_id
        desk = new_test_user(
            self.env,
            "parcel-desk",
            groups="dropship_flow.group_dropship_user,sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertTrue(order.with_user(desk).dropship_can_enter_shipment)
        action = order.with_user(desk).action_dropship_enter_shipment()
        wizard = self.env[action["res_model"]].with_user(desk).browse(action["res_id"])
        self.assertIn("Rhein", wizard.purchase_name)
        wizard.numbers = "AA111111"
        wizard.action_enter()
        self.assertEqual(purchase.order_line.qty_received, 3.0)
        self.env.invalidate_all()
        self.assertFalse(order.with_user(desk).dropship_can_enter_shipment)
        box = self.box("AA111111").with_user(desk)
        self.assertTrue(box.read())
        company = self.make_company("Elsewhere")
        stranger = self.make_login("user", company)
        other = self.buy(self.lamp)
        with self.assertRaises(AccessError):
            theirs = other.with_user(stranger).with_context(allowed_company_ids=company.ids)
            theirs.env["dropship.ship.enter"]._open(theirs)

    def test_bad_input_at_the_desk(self):
        purchase = self.buy((self.lamp, 3))
        for numbers, quantity, words in (
            ("", 1, "tracking number"),
            ("left", 1, "no tracking number"),
            ("AA111111", 4, "only 3 wait"),
            ("AA111111", 0, "at least one"),
            ("AA111111", -1, "negative"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                self.enter(purchase, numbers, Lamp=quantity)
        self.assertFalse(purchase.order_line.dropship_shipment_line_ids)
        self.assertEqual(purchase.order_line.qty_received, 0.0)

    def test_the_desk_decides_where_a_scan_is_awaited(self):
        self.rhein.ship_trust = "scan"
        self.assertEqual(self.enter(self.buy(self.lamp), "AA111111").state, "announced")
        self.assertEqual(self.enter(self.buy(self.lamp), "AA222222", left=True).state, "dispatched")

    def test_finding_and_late(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        late = [("is_late", "=", True), ("id", "=", box.id)]
        self.assertFalse(self.env["dropship.shipment"].search(late))
        purchase.dropship_allocation_ids.promised_date = fields.Date.today() - timedelta(days=2)
        self.assertTrue(box.is_late)
        self.assertTrue(self.env["dropship.shipment"].search(late))
        box.with_user(self.login("user")).action_say_delivered()
        self.assertEqual((box.status, box.is_late), ("delivered", False))
        self.assertFalse(self.env["dropship.shipment"].search(late))
        self.assertEqual(purchase.dropship_sale_id.dropship_parcel_count, 1)
        self.assertEqual(purchase.dropship_sale_id.action_dropship_parcels()["res_id"], box.id)
        self.assertEqual(purchase.action_dropship_parcels()["res_id"], box.id)
        for view in ("list", "kanban", "form", "search"):
            self.assertTrue(self.env["dropship.shipment"].get_view(view_type=view)["arch"])

    def test_nothing_becomes_of_what_never_left(self):
        self.rhein.ship_trust = "scan"
        box = self.told(self.buy(self.lamp), "AA111111")
        with self.assertRaisesRegex(UserError, "has not left"):
            box.action_say_delivered()

    def test_papers(self):
        box = self.told(self.buy(self.lamp), "AA111111")
        papers = self.env["dropship.shipment.paper"].with_user(self.login("user"))
        vals = {"shipment_id": box.id, "name": "door.exe", "file": PNG}
        label = papers.create({**vals, "kind": "label"})
        photo = papers.create({**vals, "kind": "photo"})
        self.assertEqual((photo.name, photo.mimetype, photo.file), ("door.png", "image/png", PNG))
        self.assertEqual(box._proofs(), photo.sudo(), "labels are nobody's outside")
        for content, words in ((b"", "empty"), (b"<html>", "Only PDF")):
            with self.assertRaisesRegex(UserError, words):
                papers.create({**vals, "file": base64.b64encode(content)})
        for role in ("portal", "employee"):
            with self.subTest(role), self.assertRaises(AccessError):
                label.with_user(self.login(role)).read(["name"])
        self.assertFalse(label.sudo().attachment_id.public)
        label.unlink()
        self.assertEqual(box.paper_ids, photo.sudo())

    def test_who_may_do_what(self):
        box = self.told(self.buy(self.lamp), "AA111111")
        seller = new_test_user(
            self.env,
            "parcel-reader",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(
            box.with_user(seller).read(["number", "status", "contents", "is_late"])[0]["number"], "AA111111"
        )
        for login in (seller, self.login("employee"), self.login("portal")):
            with self.assertRaises(AccessError):
                box.with_user(login).action_correct()
            with self.assertRaises(AccessError):
                box.with_user(login).write({"carrier_name": "X"})
        for role in ("portal", "employee"):
            with self.assertRaises(AccessError):
                box.with_user(self.login(role)).read(["number"])
        other = self.make_company("Elsewhere")
        stranger = self.make_login("manager", other)
        theirs = box.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([("id", "=", box.id)]))
        with self.assertRaises(AccessError):
            theirs.action_revert_dispatch()

    def test_the_same_number_in_two_companies(self):
        box = self.told(self.buy(self.lamp), "AA111111")
        other = self.make_company("Elsewhere")
        theirs = self.env["dropship.shipment"].create({"number": "AA111111", "company_id": other.id})
        self.assertNotEqual(theirs, box)
        self.assertFalse(
            self.env["dropship.shipment"]._in_the_way(
                other, "AA111111", box.partner_id, self.env["purchase.order"].browse()
            )
            - theirs
        )

    def test_the_unit_of_the_purchase(self):
        self.rhein.ship_trust = "scan"
        dozen = self.env.ref("uom.product_uom_dozen")
        purchase = self.buy((self.lamp, 24))
        line = purchase.order_line.with_context(dropship_internal=True)
        line.write({"product_uom_id": dozen.id, "product_qty": 2.0})
        box = self.told(purchase, "AA111111", (line, 6))
        self.assertEqual((box.line_ids.qty, line._dropship_open_units()), (6.0, 18.0))
        self.scan(box)
        self.assertEqual((line.qty_received, line._dropship_open_units()), (0.5, 18.0))
        box.action_revert_dispatch()
        self.assertEqual((line.qty_received, line._dropship_open_units()), (0.0, 24.0))

    # --- short shipments ---

    def short(self, rule, days=0):
        self.policy.write({"rest_rule": rule, "rest_days": days})
        purchase = self.buy((self.lamp, 5))
        self.told(purchase, "AA111111", (purchase.order_line, 3))
        self.env["dropship.line.choice"].search([("line_id.order_id", "=", purchase.dropship_sale_id.id)]).unlink()
        return purchase

    def test_the_rest_waits(self):
        purchase = self.short("wait")
        self.assertFalse(purchase._dropship_settle_rest())
        self.assertEqual(purchase.order_line._dropship_open_units(), 2.0)

    def test_the_rest_has_its_days(self):
        self.assertFalse(self.short("elsewhere", days=3)._dropship_settle_rest())

    def test_the_rest_is_bought_elsewhere(self):
        purchase = self.short("elsewhere")
        self.assertTrue(purchase._dropship_settle_rest())
        order = purchase.dropship_sale_id
        rows = order.dropship_allocation_ids
        self.assertEqual(sorted((row.qty, row.state) for row in purchase.dropship_allocation_ids),
                         [(2.0, "released"), (3.0, "shipped")])  # fmt: skip
        new = rows.filtered(lambda row: row.purchase_id != purchase and row.state != "released")
        self.assertEqual((sum(new.mapped("qty")), new.supplier_id != self.rhein), (2.0, True))
        self.assertEqual(sum(row._covered() for row in rows), 5.0)
        self.assertFalse(purchase._dropship_waiting_transfers())
        self.assertFalse(purchase._dropship_settle_rest(), "once")

    def test_the_suppliers_rule_goes_first(self):
        purchase = self.short("wait")
        self.rhein.write({"rest_rule": "elsewhere", "rest_days": 0})
        self.assertTrue(purchase._dropship_settle_rest())

    def test_the_rest_is_cancelled(self):
        purchase = self.short("cancel")
        purchase._dropship_settle_rest()
        order = purchase.dropship_sale_id
        self.assertEqual(order.order_line.product_uom_qty, 3.0)
        self.assertEqual(order.dropship_purchase_ids, purchase, "nothing is bought for it")
        self.assertEqual(purchase.order_line.product_qty, 3.0)
        kinds = self.env["dropship.exception"].search([("order_id", "=", order.id), ("state", "=", "open")])
        self.assertEqual(kinds.mapped("kind"), ["rest_cancelled"])

    def test_what_was_shipped_and_proved_false_after_the_rest_went_elsewhere(self):
        purchase = self.short("elsewhere")
        purchase._dropship_settle_rest()
        self.box("AA111111").action_revert_dispatch()
        rows = purchase.dropship_sale_id.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        self.assertEqual(sum(row._covered() for row in rows), 5.0)
        self.told(purchase, "BB222222")
        self.assertEqual(purchase.order_line.qty_received, 3.0)

    def test_the_cron_settles_what_is_due(self):
        purchase = self.short("elsewhere")
        self.run_cron("cron_rest")
        self.assertIn("released", purchase.dropship_allocation_ids.mapped("state"))

    # --- the API ---

    def test_programs_read_parcels(self):
        purchase = self.buy((self.lamp, 3))
        line = purchase.order_line
        first = self.told(purchase, "AA111111", (line, 1), carrier="DHL")
        self.scan(first, "delivered")
        self.told(purchase, "BB222222", (line, 2)).action_revert_dispatch()
        (parcel,) = self.env["dropship.api"]._order_as_read(purchase.dropship_sale_id)["parcels"]
        self.assertEqual(
            [parcel[name] for name in ("number", "tracking", "carrier", "state", "status", "status_word")],
            ["AA111111", "AA111111", "DHL", "dispatched", "delivered", "Delivered"],
        )
        self.assertTrue(parcel["delivered"].endswith("Z"))
