from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import ReturnPages


@tagged("post_install", "-at_install", "standard")
class TestPortalWithdraw(ReturnPages):
    """Withdrawing from the contract without login, in two steps: it counts as it was stated, and nothing is lost."""

    def setUp(self):
        super().setUp()
        self.anna.write({"is_company": False, "vat": False})
        self.env.flush_all()

    def state(self, typed=None, confirm=None, steps=2):
        page = self.open("/withdraw")
        typed = {"name": "Anna Weber", "reference": self.order.name, "email": self.anna.email, **(typed or {})}
        page = self.send(page, "/withdraw", typed)
        return self.send(page, "/withdraw/confirm", confirm or {}) if steps == 2 else page

    def statement(self):
        return self.env["dropship.return.withdrawal"].search([("email", "=", self.anna.email)])

    def receipts(self):
        domain = [("model", "=", "dropship.return.withdrawal"), ("res_id", "in", self.statement().ids)]
        return self.env["mail.mail"].sudo().search(domain)

    def test_two_steps_and_a_receipt_with_date_and_time(self):
        page = self.state(steps=1)
        self.assertEqual(self.headline(page.text), "Confirm withdrawal")
        self.assertFalse(self.statement())
        page = self.send(page, "/withdraw/confirm")
        self.assertIn("received your withdrawal", self.headline(page.text))
        statement = self.statement()
        self.assertRecordValues(statement, [{"state": "done", "order_id": self.order.id}])
        case = statement.case_ids
        self.assertTrue(case.withdrawal)
        self.assertEqual(case.acceptance, "accepted")
        self.assertEqual({bound.how for bound in case._fold().bound}, {"law"})
        self.assertEqual(case.line_ids.order_line_id, self.order._dropship_ask_lines())
        (mail,) = self.receipts()
        self.assertEqual(mail.email_to, self.anna.email)
        for word in (statement._when(), self.order.name, "the whole order"):
            self.assertIn(word, mail.body_html)
        self.assertSilent(mail.body_html, self.of_vendors)

    def test_confirmed_twice_is_one_statement(self):
        page = self.state(steps=1)
        for _click in range(3):
            self.assertIn("received", self.headline(self.send(page, "/withdraw/confirm").text))
        self.assertEqual((len(self.statement()), len(self.receipts()), len(self.cases())), (1, 1, 1))

    def test_only_from_some_articles(self):
        page = self.state(steps=1)
        others = {f"line_{line.id}": None for line in self.order._dropship_ask_lines() - self.line}
        self.send(page, "/withdraw/confirm", others)
        self.assertEqual(self.statement().case_ids.line_ids.order_line_id, self.line)
        (mail,) = self.receipts()
        self.assertIn("Lamp", mail.body_html)
        self.assertNotIn("the whole order", mail.body_html)

    def test_a_refused_case_does_not_stand_in_the_way(self):
        case = self.open_case((self.line, 1, "dislike"))
        case._record("refuse", "agent", text="The policy says no")
        self.state()
        bound = [one for one in case._fold().bound if one.how == "law"]
        self.assertEqual(len(bound), 1)
        self.assertEqual(self.statement().state, "done")
        case.invalidate_recordset()
        self.assertEqual((case.acceptance, case.state), ("accepted", "open"))

    def test_wrong_facts_are_recorded_for_a_person_with_a_receipt(self):
        page = self.state({"reference": "S99999", "text": "The lamp"})
        self.assertIn("A person looks at it", page.text)
        statement = self.statement()
        self.assertEqual(
            (statement.state, statement.order_id, statement.text), ("person", self.env["sale.order"], "The lamp")
        )
        self.assertTrue(statement.activity_ids)
        self.assertEqual(len(self.receipts()), 1)
        self.assertFalse(self.cases())
        # A person finds the order.
        statement.order_id = self.order
        statement.action_carry_out()
        self.assertEqual((statement.state, len(statement.case_ids)), ("done", 1))

    def test_withdrawn_twice_is_a_persons(self):
        self.state()
        case = self.cases()
        self.state()
        second = self.statement()[0]
        self.assertEqual(len(self.statement()), 2)
        self.assertEqual(len(self.cases()), 1)
        self.assertIn(second.state, ("done", "person"))
        self.assertEqual(len([bound for bound in case._fold().bound if bound.how == "law"]), 1)

    def test_what_was_not_sent_is_cancelled(self):
        order = self.hero(confirm=True, name="WAITING-1")
        self.env.flush_all()
        resolution = self.registry["dropship.resolution"]
        if not hasattr(resolution, "_do_cancel"):  # the refund book may not be there
            self.startPatcher(patch.object(resolution, "_do_cancel", lambda self: None, create=True))
        self.state({"reference": "WAITING-1"})
        case = self.statement().case_ids
        self.assertEqual({bound.offer.kind for bound in case._fold().bound}, {"cancel"})
        self.assertEqual(case.order_ids, order)

    def test_a_closed_door_keeps_what_was_typed(self):
        page = self.open("/withdraw")
        for typed in (
            {"name": "", "reference": "X", "email": "a@example.com"},
            {"name": "A", "reference": "", "email": "a"},
            {"name": "<b>A</b>", "reference": "KEPT-1", "email": "no mail"},
        ):
            answer = self.send(page, "/withdraw", typed)
            self.assertTrue(self.errors(answer))
        self.assertIn("KEPT-1", answer.text)
        self.assertNotIn("<b>A</b>", answer.text)
        self.assertFalse(self.statement())

    def test_whatever_stands_in_the_way_the_statement_is_kept(self):
        def broken(self):
            raise ZeroDivisionError("something nobody thought of")

        with (
            patch.object(self.registry["dropship.return.withdrawal"], "_withdraw", broken),
            mute_logger("odoo.addons.dropship_flow_aftersales.models.portal.withdrawal"),
        ):
            page = self.state()
        self.assertIn("A person looks at it", page.text)
        self.assertEqual((self.statement().state, len(self.receipts())), ("person", 1))

    def test_too_many_guesses_find_nothing_but_lose_nothing(self):
        tries = self.env["dropship.track.try"]
        while tries._allow(self.company, "order", self.order.name.casefold()):
            pass
        self.env.flush_all()
        self.state()
        self.assertEqual(self.statement().state, "person")
        self.assertEqual(len(self.receipts()), 1)

    def test_nobody_is_flooded_with_receipts(self):
        for _try in range(8):
            page = self.state({"reference": "S99999"})
        self.assertIn("several times", self.errors(page))
        self.assertEqual(len(self.receipts()), 6)

    def test_the_way_there(self):
        self.assertTrue(self.order._dropship_may_withdraw())
        self.assertIn("/withdraw?reference=", self.open(self.track()).text)
        self.login_customer()
        self.assertIn("/withdraw?reference=", self.open(f"/my/orders/{self.order.id}").text)
        self.company.country_id = self.env.ref("base.de")
        self.env.flush_all()
        self.assertIn('href="/withdraw"', self.open("/track").text)
        self.assertIn(f'value="{self.order.name}"', self.open(f"/withdraw?reference={self.order.name}").text)
        self.anna.is_company = True
        self.assertFalse(self.order._dropship_may_withdraw())

    def test_outside_the_union(self):
        self.anna.country_id = self.env.ref("base.cn")
        self.order.partner_shipping_id.country_id = self.env.ref("base.cn")
        self.assertFalse(self.order._dropship_may_withdraw())
        self.company.country_id = self.env.ref("base.cn")
        self.assertFalse(self.website._dropship_shows_withdrawal())
        self.assertTrue(self.website._dropship_shows_withdrawal("FR"))

    def test_looking_states_nothing(self):
        self.open(f"/withdraw?name=A&reference={self.order.name}&email={self.anna.email}&form={'0' * 52}")
        self.assertIn(self.url_open("/withdraw/confirm").status_code, (404, 405))
        self.assertEqual(self.url_open("/withdraw/confirm", data={"name": "A"}).status_code, 400)
        self.assertFalse(self.statement())
