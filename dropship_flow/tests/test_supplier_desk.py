from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common_supplier_desk import DeskWorld


@tagged("post_install", "-at_install", "standard")
class TestSupplierDesk(DeskWorld, HttpCase):
    """One link, no login: the supplier sees his orders and answers them, each answer once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_desk_world()

    def order_path(self, purchase=None):
        return f"/order/{(purchase or self.waiting).id}"

    # --- looking ---

    def test_the_list_says_what_is_to_be_done(self):
        text = self.opened()
        self.assertIn(self.waiting.name, text)
        self.assertIn("Anna Weber", text)
        self.assertIn("Berlin", text)
        self.assertNotIn(self.purchase.name, text, "it is in the tab of those to ship")
        self.assertIn(self.purchase.name, self.opened("?tab=ship"))
        for word in (self.waiting.name, "anna web", "SKUSECRET-Rhein"):
            self.assertIn(f"/order/{self.waiting.id}", self.opened(f"?q={word}"), word)
        self.assertIn("desk_empty", self.opened("?q=nothing-like-it"))
        for odd in ("?page=99", "?page=-1", "?page=x", "?tab=none", "?page=1%00", "?q=%25%27%22", "?speak=xx_XX"):
            self.opened(odd)

    def test_looking_changes_nothing(self):
        before = self.waiting._dropship_desk_stamp()
        for path in ("", self.order_path(), "/numbers", "/closed", "/score", "/share", "/upload"):
            self.opened(path)
        for path in (f"{self.order_path()}/answer?verb=accept", f"{self.order_path()}/change/1?answer=yes"):
            self.assertIn(self.url_open(self.base + path, allow_redirects=False).status_code, (404, 405))
        self.env.invalidate_all()
        self.assertEqual((self.waiting.state, self.waiting._dropship_desk_stamp()), ("sent", before))
        self.assertFalse(self.answers())

    def test_the_order_has_what_shipping_needs(self):
        self.open_order.dropship_gift_note = "Happy birthday"
        text = self.opened(self.order_path())
        for word in ("Anna Weber", "10115", "+49 30 5550001", "SKUSECRET-Rhein", "15.90", "Lumen &amp; Leaf"):
            self.assertIn(word, text)
        self.assertIn("Please ship by", text)
        self.assertIn("Please answer by", text)

    def test_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rhein.partner_id.lang = "zh_CN"
        self.assertIn('speak=en_US', self.opened())
        self.assertIn('lang="zh-CN"', self.opened())
        response = self.url_open(f"{self.base}?speak=en_US")
        self.assertEqual(response.cookies.get("supplier_lang") or self.opener.cookies.get("supplier_lang"), "en_US")

    # --- answering ---

    def test_accept_all(self):
        text = self.opened(self.order_path())
        response = self.send(f"{self.order_path()}/answer", text, verb="accept")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.waiting.state, "purchase")
        self.assertTrue(self.waiting.picking_ids)
        self.assertEqual(self.answers().state, "processed")
        self.assertEqual(self.answers().link_id, self.link)
        page = self.opened(response.headers["Location"][response.headers["Location"].find(self.order_path()) :])
        self.assertIn("desk_done", page)
        self.assertIn('data-state="ship"', page)

    def test_twice_is_once(self):
        """Double click, back button, two tabs: one transition, and everybody reads that it is done."""
        text = self.opened(self.order_path())
        for _click in range(3):
            response = self.send(f"{self.order_path()}/answer", text, verb="accept")
            self.assertEqual(response.status_code, 303)
        self.assertEqual(len(self.answers()), 1)
        self.assertEqual(len(self.waiting.picking_ids), 1)
        self.assertEqual(self.waiting.dropship_desk_turn, 1)

    def test_who_is_late_sees_what_is_so(self):
        text = self.opened(self.order_path())
        self.send(f"{self.order_path()}/answer", text, verb="accept")
        response = self.send(f"{self.order_path()}/answer", text, verb="refuse", reason_code="out_of_stock")
        self.assertEqual(response.status_code, 409)
        self.assertIn("desk_changed", response.text)
        self.assertIn('data-state="ship"', response.text)
        self.assertEqual((self.waiting.state, len(self.answers())), ("purchase", 1))

    def test_what_the_buyer_changed_meanwhile_is_not_accepted_unseen(self):
        text = self.opened(self.order_path())
        self.waiting.order_line[0].with_context(dropship_internal=True).price_unit = 1.0
        self.env.flush_all()
        response = self.send(f"{self.order_path()}/answer", text, verb="accept")
        self.assertEqual((response.status_code, self.waiting.state), (409, "sent"))
        self.assertFalse(self.answers())
        self.assertEqual(self.send(f"{self.order_path()}/answer", response.text, verb="accept").status_code, 303)

    def test_a_page_without_its_stamp_is_nobodys(self):
        text = self.opened(self.order_path())
        for stamp in ("", "0-0", "x" * 5000):
            response = self.send(f"{self.order_path()}/answer", text, verb="accept", stamp=stamp)
            self.assertEqual(response.status_code, 409)
        with mute_logger("odoo.http"):
            response = self.url_open(f"{self.base}{self.order_path()}/answer", data={"verb": "accept"})
        self.assertEqual(response.status_code, 400, "no secret of the session")
        self.env.invalidate_all()
        self.assertEqual(self.waiting.state, "sent")

    def test_refuse_needs_a_reason(self):
        text = self.opened(self.order_path())
        response = self.send(f"{self.order_path()}/answer", text, verb="refuse")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Choose why", response.text)
        response = self.send(f"{self.order_path()}/answer", text, verb="refuse", reason_code="out_of_stock")
        self.assertEqual((response.status_code, self.waiting.state), (303, "cancel"))
        self.assertEqual(self.answers().payload["reason_code"], "out_of_stock")
        page = self.opened(self.order_path())
        self.assertIn("desk_cancelled", page)
        self.assertNotIn("Anna Weber", page, "whom he does not ship to he need not know")
        self.assertIn(self.waiting.name, self.opened("?tab=cancelled"))

    def test_line_by_line(self):
        """A part, later, another price: stored as agreed with every other way in."""
        text = self.opened(self.order_path())
        lines = self.waiting.order_line
        data = {
            f"now_{lines[0].id}": "0",
            f"later_{lines[0].id}": "1",
            f"later_date_{lines[0].id}": fields.Date.to_string(fields.Date.today() + timedelta(days=20)),
            f"price_{lines[1].id}": "4,20",
            f"now_{lines[2].id}": "7",
        }
        response = self.send(f"{self.order_path()}/answer", text, verb="change", **data)
        self.assertEqual(response.status_code, 422)
        self.assertIn("are ordered", response.text)
        self.assertIn('value="7"', response.text, "what he typed is still there")
        response = self.send(f"{self.order_path()}/answer", text, verb="change", **{**data, f"now_{lines[2].id}": "0"})
        self.assertEqual(response.status_code, 303)
        found = {line["line"]: line for line in self.answers().payload["lines"]}
        self.assertEqual(found[str(lines[0].id)]["backordered"], 1.0)
        self.assertEqual(found[str(lines[1].id)]["price"], 4.2)
        self.assertEqual(found[str(lines[2].id)]["rejected"], 1.0)

    def test_ship_at_once(self):
        text = self.opened(self.order_path())
        self.assertEqual(self.send(f"{self.order_path()}/answer", text, verb="ship", numbers="顺丰").status_code, 422)
        response = self.send(
            f"{self.order_path()}/answer", text, verb="ship", numbers="sf 123 456 7890", carrier="顺丰速运"
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.waiting.picking_ids.state, "done")
        self.assertEqual(self.waiting.picking_ids.carrier_tracking_ref, "SF1234567890")
        self.assertIn("SF1234567890", self.opened(self.order_path()))
        self.assertIn(self.waiting.name, self.opened("?tab=shipped"))

    def test_a_change_is_answered(self):
        rows = self.waiting.dropship_allocation_ids
        requests = self.env["dropship.change.request"]
        address = {**rows[:1].ship_to, "street": "Neue Str. 9"}
        change = requests._ask_address(self.waiting, rows, address)
        self.env.flush_all()
        text = self.opened("?tab=changes")
        self.assertIn(self.waiting.name, text)
        text = self.opened(self.order_path())
        self.assertIn("Neue Str. 9", text)
        path = f"{self.order_path()}/change/{change.id}"
        self.assertEqual(self.send(path, text, answer="maybe").status_code, 422)
        for _click in range(2):
            self.assertEqual(self.send(path, text, answer="yes", note="ok").status_code, 303)
        self.assertEqual((change.state, change.note), ("yes", "ok"))
        self.assertEqual(self.send(path, text, answer="no").status_code, 409)
        self.assertEqual(change.state, "yes")
        self.assertIn("Neue Str. 9", self.opened(self.order_path()))

    # --- many at once ---

    def test_many_numbers(self):
        text = self.opened("/numbers")
        pasted = f"{self.waiting.name}\tSF1234567890\t顺丰\n{self.purchase.name} 75312345678901 中通\nP99999 SF1"
        preview = self.send("/numbers", text, text=pasted).text
        self.assertIn("Anna Weber", preview)
        self.assertIn("No number of an open order", preview)
        self.assertEqual(self.waiting.state, "sent", "a preview does nothing")
        stamps = {f"stamp_{order.id}": order._dropship_desk_stamp() for order in self.waiting | self.purchase}
        self.assertIn(stamps[f"stamp_{self.waiting.id}"], preview)
        done = self.send("/numbers", preview, text=pasted, step="apply", **stamps)
        self.assertEqual((self.waiting.picking_ids.state, self.purchase.picking_ids.state), ("done", "done"))
        self.assertIn("Done", done.text)
        again = self.send("/numbers", preview, text=pasted, step="apply", **stamps)
        self.assertIn("Known already", again.text)
        self.assertEqual(len(self.answers()), 1)

    # --- closed days ---

    def test_closed_days_are_announced_once(self):
        first = fields.Date.today() + timedelta(days=30)
        text = self.opened("/closed")
        data = {
            "name": "春节",
            "first": fields.Date.to_string(first),
            "last_ship": fields.Date.to_string(first - timedelta(days=2)),
            "again": fields.Date.to_string(first + timedelta(days=14)),
            "meanwhile": "no",
        }
        for wrong in ({"again": ""}, {"again": data["first"]}, {"last_ship": data["again"]}, {"first": "tomorrow"}):
            self.assertEqual(self.send("/closed", text, **{**data, **wrong}).status_code, 422, wrong)
        for _click in range(2):
            self.assertEqual(self.send("/closed", text, **data).status_code, 303)
        closure = self.rhein.closure_ids
        self.assertEqual(len(closure), 1)
        self.assertEqual(
            (closure.date_from, closure.date_to, closure.announced, closure.orders_meanwhile),
            (first, first + timedelta(days=13), True, False),
        )
        self.assertEqual(len(self.rhein.activity_ids), 1)
        self.assertIn("春节", self.opened("/closed"))

    # --- who may ---

    def test_links_that_are_none(self):
        """Forged, expired, revoked, of a supplier put away: the same page, and nothing is said."""
        token = self.base.rpartition("/")[2]
        for bad in (token[:-1] + ("0" if token[-1] != "0" else "1"), "0" * 52, "x", "%2e%2e", token + "0"):
            for path in ("", self.order_path(), "/numbers", "/closed", "/score", "/sheet", "/upload", "/share"):
                self.assertIn("supplier_desk_gone", self.opened(path, 404, f"/supplier/{bad}"), bad)
        self.env.cr.execute(
            "UPDATE dropship_supplier_link SET expires = now() + interval '9 years' WHERE id = %s", [self.link.id]
        )
        self.env.invalidate_all()
        self.opened("", 404)

    def test_revoked(self):
        self.opened()
        self.assertTrue(self.link.last_used)
        self.link.action_revoke()
        self.env.flush_all()
        self.opened("", 404)
        self.opened(self.order_path(), 404)

    def test_expired(self):
        link, url = self.env["dropship.supplier.link"]._make(self.rhein, self.company)
        self.env.flush_all()
        path = "/supplier/" + url.rpartition("/")[2]
        self.opened("", base=path)
        with self.patched_now(100):
            self.opened("", 404, path)
        self.env.invalidate_all()
        self.assertTrue(link.works)
        self.assertNotIn(url.rpartition("/")[2], str(link.sudo().read()))

    def patched_now(self, days):
        self.env.invalidate_all()
        then = fields.Datetime.now() + timedelta(days=days)
        return patch.object(fields.Datetime, "now", lambda: then)

    def test_a_link_to_one_order_opens_that_order(self):
        _link, url = self.env["dropship.supplier.link"]._make(self.rhein, self.company, purchase=self.waiting)
        self.env.flush_all()
        base = "/supplier/" + url.rpartition("/")[2]
        self.assertIn('data-state="answer"', self.opened("", base=base))
        self.opened(self.order_path(), base=base)
        for path in (self.order_path(self.purchase), "/closed", "/score"):
            self.opened(path, 404, base)
        page = self.opened("/numbers", base=base)
        preview = self.send("/numbers", page, base, text=f"{self.purchase.name} SF1234567")
        self.assertIn("No number of an open order", preview.text)

    def test_the_buyer_makes_copies_and_revokes(self):
        buyer = new_test_user(self.env, "b", groups="dropship_flow.group_dropship_buyer,purchase.group_purchase_user")
        buyer.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        user = new_test_user(self.env, "u", groups="dropship_flow.group_dropship_user")
        user.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        action = self.rhein.with_user(buyer).with_company(self.company).action_make_link()
        self.assertIn("/supplier/", action["context"]["default_url"])
        shown = self.waiting.with_user(buyer).action_dropship_share()
        self.assertIn("Anna Weber", shown["context"]["default_text"])
        link = self.rhein.link_ids[:1]
        with self.assertRaises(AccessError):
            self.rhein.with_user(user).action_make_link()
        with self.assertRaises(AccessError):
            link.with_user(user).action_revoke()
        with self.assertRaises(AccessError):
            link.with_user(buyer).write({"expires": "2099-01-01"})
        link.with_user(buyer).action_revoke()
        self.assertEqual(link.revoked_by_id, buyer)
