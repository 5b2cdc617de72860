import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_mail import MailCase


@tagged("post_install", "-at_install", "standard")
class TestMailGateway(MailCase):
    """Answers by e-mail: only a clear word of the right sender changes anything, the rest waits for a person."""

    def setUp(self):
        super().setUp()
        self.order, self.purchase, self.asked = self.order_at_rhein()
        self.assertEqual((self.asked.state, self.purchase.state), ("sent", "sent"))

    def assert_parked(self, letter, words, state="sent"):
        message = self.deliver(letter)
        self.assertEqual(message.state, "parked")
        self.assertIn(words, message.error)
        self.assertEqual(self.purchase.state, state)
        return message

    def test_a_yes_accepts_the_purchase(self):
        message = self.deliver(self.letter(self.asked, "ACCEPT\n\nThanks\nLi"))
        self.assertEqual((message.state, message.kind), ("processed", "answer"))
        self.assertEqual(self.purchase.state, "purchase")
        note = self.purchase.message_ids.filtered(lambda row: "ACCEPT" in (row.body or ""))
        self.assertEqual(note.author_id, self.rhein.partner_id)
        self.assertFalse(note.notified_partner_ids, "nobody outside is told")

    def test_a_no_in_chinese_moves_the_order_on(self):
        self.deliver(self.letter(self.asked, "您好\n拒单 缺货\n谢谢"))
        self.assertEqual(self.purchase.state, "cancel")
        self.assertNotIn("Rhein", self.bought(self.order))

    def test_the_thread_alone_will_do(self):
        self.deliver(self.letter(self.asked, "ACCEPT", token=False, References=self.asked.mail_id))
        self.assertEqual(self.purchase.state, "purchase")

    def test_the_same_mail_twice_is_one(self):
        letter = self.letter(self.asked, "ACCEPT")
        self.deliver(letter)
        self.assertFalse(self.deliver(letter))

    def test_two_replies_that_agree_change_nothing_twice(self):
        self.deliver(self.letter(self.asked, "ACCEPT"))
        again = self.deliver(self.letter(self.asked, "ACCEPT"))
        self.assertEqual((again.state, self.purchase.state), ("processed", "purchase"))

    def test_an_unknown_sender_changes_nothing(self):
        message = self.assert_parked(self.letter(self.asked, "ACCEPT", sender="evil@other.example"), "no contact")
        self.assertEqual(message.purchase_id, self.purchase)
        self.assertTrue(message.mail_proposal, "a person who knows him may take it")

    def test_a_person_takes_what_was_understood(self):
        message = self.assert_parked(self.letter(self.asked, "ACCEPT", sender="li@private.example"), "no contact")
        with self.assertRaises(AccessError):
            message.with_user(self.make_login("user")).action_take_mail()
        message.with_user(self.make_login("buyer")).action_take_mail()
        self.assertEqual((self.purchase.state, message.state), ("purchase", "processed"))
        with self.assertRaises(UserError):
            message.with_user(self.env.user).action_take_mail()

    def test_another_number_in_it_is_for_a_person(self):
        other = self.make_sale(self.lamp, confirm=True).dropship_purchase_ids[:1]
        self.assert_parked(self.letter(self.asked, "ACCEPT", Subject=f"Re: PO {other.name} rev 1"), other.name)

    def test_an_answer_to_two_orders_at_once(self):
        _order, _purchase, other = self.order_at_rhein()
        letter = self.letter(self.asked, "ACCEPT", References=other.mail_id)
        self.assert_parked(letter, "several orders")

    def test_a_mail_that_answers_nothing_is_kept(self):
        letter = self.letter(self.asked, "ACCEPT", token=False, Subject="Hello")
        message = self.deliver(letter)
        self.assertEqual((message.state, message.company_id), ("parked", self.company))
        self.assertFalse(message.purchase_id)

    def test_a_remark_is_read_by_a_person(self):
        message = self.assert_parked(self.letter(self.asked, "ACCEPT\nPlease pay first"), "Please pay first")
        message.with_user(self.make_login("buyer")).action_take_mail()
        self.assertEqual(self.purchase.state, "purchase")

    def test_words_nobody_agreed_on(self):
        message = self.assert_parked(self.letter(self.asked, "We will see"), "agreed words")
        self.assertFalse(message.mail_proposal)
        message.action_retry()
        self.relay()
        self.assertEqual(message.state, "parked")
        message.action_drop()
        self.assertEqual(message.state, "processed")

    def test_our_own_words_below_are_not_read(self):
        text = "Let me see\n\nOn Monday, Lumen <a@b.example> wrote:\n> ACCEPT"
        self.assert_parked(self.letter(self.asked, text), "agreed")

    def test_out_of_office(self):
        message = self.deliver(self.letter(self.asked, "ACCEPT", Auto_Submitted="auto-replied"))
        self.assertEqual((message.state, message.kind), ("processed", "mail"))
        self.assertEqual(self.purchase.state, "sent")

    def test_a_reply_in_html_only(self):
        letter = self.letter(self.asked, "x", raw=True)
        letter.set_content("<div>接单</div><blockquote>拒单</blockquote>", subtype="html")
        self.deliver(letter)
        self.assertEqual(self.purchase.state, "purchase")

    def test_our_mail_server_must_vouch_for_him(self):
        self.connection.mail_authserv = "mx.lumen.example"
        self.assert_parked(self.letter(self.asked, "ACCEPT"), "vouch")
        verdict = "mx.lumen.example; dmarc=pass header.from=rhein.example"
        self.deliver(self.letter(self.asked, "ACCEPT", Authentication_Results=verdict))
        self.assertEqual(self.purchase.state, "purchase")

    def test_a_bomb_in_the_attachment(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
        letter = self.letter(self.asked, "see sheet", raw=True)
        letter.add_attachment(buffer.getvalue(), maintype="application", subtype="zip", filename="orders.xlsx")
        self.assert_parked(letter, "unpacks")
        self.assertFalse(self.purchase.message_ids.attachment_ids, "it is not kept")

    def bounce(self, action="failed"):
        lines = f"""From: MAILER-DAEMON@mx.example
To: answers+{self.asked.mail_token}@lumen.example
Subject: Undelivered
Message-ID: <bounce-{action}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; orders@rhein.example
Action: {action}
Diagnostic-Code: smtp; 550 no such user

--B
Content-Type: message/rfc822

Message-Id: {self.asked.mail_id}
Subject: PO

Hello
--B--
"""
        return lines.replace("\n", "\r\n").encode()

    def test_a_mail_that_came_back_needs_a_person(self):
        self.deliver(self.bounce())
        self.assertEqual(self.asked.state, "rejected")
        self.assertIn("550", self.asked.error)
        self.assertEqual(self.order.dropship_exception_ids.mapped("kind"), ["not_sent"])

    def test_a_mail_that_is_delayed_is_still_on_its_way(self):
        self.deliver(self.bounce("delayed"))
        self.assertEqual(self.asked.state, "sent")

    def test_a_bounce_after_the_answer_changes_nothing(self):
        self.deliver(self.letter(self.asked, "ACCEPT"))
        self.deliver(self.bounce())
        self.assertEqual((self.asked.state, self.purchase.state), ("sent", "purchase"))

    def test_it_left(self):
        self.deliver(self.letter(self.asked, "SHIP SF1234567890 顺丰"))
        self.assertEqual(self.purchase.state, "purchase")

    def test_an_answer_to_a_cancellation(self):
        self.purchase.button_cancel()
        self.relay()
        cancel = self.purchase.dropship_exchange_ids.filtered(lambda row: row.kind == "cancel")
        self.assertEqual(cancel.state, "sent")
        message = self.deliver(self.letter(cancel, "YES"))
        self.assertEqual((message.kind, message.payload["status"]), ("answer", "cancelled"))
        self.assertIn("too late", self.deliver(self.letter(cancel, "NO")).error)

    def test_mails_of_others_go_where_they_went(self):
        letter = self.letter(self.asked, "Hello", token=False, To="info@lumen.example", Subject="Hi")
        self.assertFalse(self.deliver(letter))

    def test_other_companies_do_not_see_it(self):
        message = self.deliver(self.letter(self.asked, "We will see"))
        company = self.make_company()
        stranger = self.make_login("manager", company=company)
        theirs = message.with_user(stranger).with_context(allowed_company_ids=company.ids)
        self.assertFalse(theirs.has_access("read"))
