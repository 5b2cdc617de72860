from email.message import EmailMessage

from odoo.addons.dropship_flow.connectors.outcome import SENT
from odoo.addons.dropship_flow.tests.common_connector_json_api import connector_fixtures_json_api
from odoo.tests import tagged

from .common_supplier import SupplierCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierJson(SupplierCase):
    """A supplier's system over the open JSON API, by temperament."""

    def world(self, temperament):
        return connector_fixtures_json_api(self, temperament)

    def relay(self):
        self.env["dropship.exchange"].search([("next_try", "!=", False)]).write({"next_try": "2020-01-01"})
        self.env.flush_all()
        self.run_cron("cron_relay")

    def sent_back(self, order):
        case = self.agreed((order.order_line[:1], 2, "damaged"))
        self.relay()
        if case.approval == "given":
            self.sent(case)
            self.relay()
        return case

    def test_the_honest_one_agrees_counts_and_pays(self):
        order = self.delivered((self.lamp, 3))
        with self.world("honest") as (connection, ledger):
            self.rhein.connection_id = connection
            case = self.sent_back(order)
            claim = self.claim(40.0, order=order)
            self.relay()
            self.assertEqual(set(self.told(case).mapped("state")), {"sent"})
            self.assertEqual(len(ledger.changes), 3, "a return, its parcel, a claim")
        self.assertEqual((case.approval, case.side_ids.state), ("given", "counted"))
        self.assertEqual(case._supplier_address()[self.rhein]["city"], "Yiwu")
        self.assertEqual(case.line_ids.qty_received, 2.0)
        self.assertRecordValues(claim, [{"state": "accepted", "amount_granted": 40.0}])

    def test_the_slow_one_is_asked_again(self):
        order = self.delivered((self.lamp, 3))
        with self.world("slow") as (connection, _ledger):
            self.rhein.connection_id = connection
            case = self.agreed((order.order_line[:1], 2, "damaged"))
            claim = self.claim(40.0, order=order)
            self.relay()
            self.assertEqual((case.approval, claim.state), ("waiting", "filed"))
            for _turn in range(3):
                self.relay()
        self.assertEqual((case.approval, claim.state), ("given", "accepted"))
        self.assertFalse(self.told(case, "return").next_try, "nobody asks any more")

    def test_the_liar_says_that_less_came_and_grants_a_part(self):
        order = self.delivered((self.lamp, 3))
        with self.world("liar") as (connection, _ledger):
            self.rhein.connection_id = connection
            case = self.sent_back(order)
            claim = self.claim(40.0, order=order)
            self.relay()
        self.assertEqual(case.line_ids.qty_received, 1.0)
        self.assertRecordValues(claim, [{"supplier_answer": "partly", "amount_granted": 20.0}])

    def test_the_stubborn_one_refuses_and_the_silent_one_says_nothing(self):
        order = self.delivered((self.lamp, 3))
        with self.world("stubborn") as (connection, _ledger):
            self.rhein.connection_id = connection
            case = self.sent_back(order)
            self.assertEqual((case.approval, case.side_ids.reason), ("refused", "We do not take it back"))
        order = self.delivered((self.lamp, 3))
        with self.world("silent") as (connection, _ledger):
            self.rhein.connection_id = connection
            case = self.sent_back(order)
            for _turn in range(3):
                self.relay()
            self.assertEqual((case.approval, self.told(case).state), ("waiting", "sent"))

    def test_a_cancellation_does_not_overtake_its_return(self):
        order = self.delivered((self.lamp, 3))
        with self.world("honest") as (connection, ledger):
            self.rhein.connection_id = connection
            case = self.agreed((order.order_line[:1], 2, "damaged"))
            first = self.told(case)
            first._set_state("parked", error="Held back")
            case._record("redirect", "agent")
            self.relay()
            self.assertEqual(self.told(case).mapped("state"), ["parked", "ready"])
            self.assertFalse(ledger.changes)
            first.action_retry()
            self.relay()
            self.relay()
            self.assertEqual(set(self.told(case).mapped("state")), {"sent"})
            self.assertEqual([fact["what"] for fact in ledger.changes.values()], ["return", "return_cancel"])

    def test_an_answer_lost_on_the_way_is_asked_for_under_the_same_key(self):
        order = self.delivered((self.lamp, 3))
        with self.world("honest") as (connection, ledger):
            self.rhein.connection_id = connection
            case = self.agreed((order.order_line[:1], 2, "damaged"))
            message = self.told(case)
            connector = self.env["dropship.connector"]
            job = connector._prepare(message)
            self.assertEqual(connector._call("json_api", job).state, SENT)  # and our server stops now
            self.relay()
            self.assertEqual((message.state, len(ledger.changes)), ("sent", 1))
        self.assertEqual(self.history(case).count("approve"), 1)


@tagged("post_install", "-at_install", "standard")
class TestSupplierFiles(SupplierCase):
    """Flat files: rows out, rows in."""

    def setUp(self):
        super().setUp()
        layouts = {name: self.env.ref(f"dropship_flow_aftersales.file_layout_returns{name}") for name in ("", "_in")}
        self.connect("file", file_out_layout_id=layouts[""].id, file_in_layout_id=layouts["_in"].id, file_every=0)

    def bring(self, *rows):
        header = "Order or Return,Line,SKU,Status,Accepted Quantity,Granted,Reason"
        content = "\n".join([header, *rows]).encode()
        return self.env["dropship.file"]._bring_in("answers.csv", content, connection=self.rhein.connection_id)

    def test_a_return_is_a_row(self):
        case = self.agreed()
        job = self.env["dropship.connector"]._prepare(self.told(case))
        content = self.rhein.connection_id.file_out_layout_id._file_of(job["rows"]).decode("utf-8-sig")
        head, row, _total = content.splitlines()
        cells = dict(zip(head.split(","), row.split(","), strict=True))
        self.assertEqual((cells["Action"], cells["Order or Return"], cells["Quantity"]), ("return", case.name, "2"))
        self.assertEqual((cells["Recipient"], cells["Price"]), ("", ""))

    def test_a_layout_without_a_place_for_them_says_so(self):
        self.rhein.connection_id.file_out_layout_id = self.env.ref("dropship_flow.file_layout_orders")
        case = self.agreed()
        self.env["dropship.file"]._rows_of(self.told(case))
        self.assertEqual(self.told(case).state, "parked")
        self.assertIn("Returns and Claims Too", self.told(case).error)

    def test_rows_come_back(self):
        case = self.agreed()
        claim = self.claim(40.0)
        record = self.bring(
            f"{case.name},,,approved,,,", f"{claim._supplier_ref()},{claim._supplier_ref()}:0,,,,12.5,A part"
        )
        self.assertFalse(record.reject_ids, record.reject_ids.mapped("reason"))
        self.assertEqual((record.state, case.approval), ("read", "given"))
        self.assertRecordValues(claim, [{"supplier_answer": "partly", "amount_granted": 12.5}])

    def test_counted_goods_come_back_as_rows(self):
        case = self.agreed(approval=False)
        self.sent(case)
        self.bring(f"{case.name},{case.name}:{case.line_ids.id},,,1,,")
        self.assertEqual(case.line_ids.qty_received, 1.0)

    def test_what_does_not_fit_stays_with_its_reason(self):
        case = self.agreed()
        claim = self.claim(40.0)
        ref = claim._supplier_ref()
        line = case.line_ids.id
        record = self.bring(
            f"{case.name},{case.name}:{line},,rejected,,,Used", f"{case.name},{case.name}:{line},,,1,,",
            f"{ref},{ref}:0,,,,400,", "RMA/1999/00001,,,approved,,,",
        )  # fmt: skip
        reasons = " ".join(record.reject_ids.mapped("reason"))
        self.assertIn("a part is refused", reasons)
        self.assertIn("RMA/1999/00001", reasons)
        self.assertIn("400", self.heard(claim).error)
        self.assertEqual((case.approval, claim.state), ("waiting", "filed"))


@tagged("post_install", "-at_install", "standard")
class TestSupplierMails(SupplierCase):
    """A mail with a few agreed words is an answer; anything else waits for a person."""

    def setUp(self):
        super().setUp()
        self.connect("email", mail_from="Lumen <buying@lumen.example>", mail_reply_to="answers@lumen.example")

    def mailed(self, record):
        message = self.told(record)[-1:]
        job = self.env["dropship.connector"]._prepare(message)
        self.run_cron("cron_relay")
        self.assertEqual(message.state, "sent", message.error)
        return message, job["data"].decode()

    letters = 0

    def reply(self, message, text, sender="orders@rhein.example", subject=None, to=None):
        TestSupplierMails.letters += 1
        letter = EmailMessage()
        letter["From"] = sender
        letter["To"] = to or f"answers+{message.sudo().mail_token}@lumen.example"
        letter["Subject"] = subject or f"Re: {message._mail_name()}"
        letter["Message-ID"] = f"<letter-{self.letters}@rhein.example>"
        if message:
            letter["In-Reply-To"] = message.mail_id
        letter.set_content(text)
        self.env["mail.thread"].message_process(False, letter.as_string())
        self.run_cron("cron_relay")

    def test_the_mail_says_how_to_answer_and_names_no_customer(self):
        case = self.agreed()
        message, data = self.mailed(case)
        self.assertIn(case.name, data)
        self.assertIn("APPROVE", data)
        self.assertNotIn("canary", data)
        self.assertNotIn("/supplier/", str(message.payload), "the link is a secret")

    def test_approve_with_an_address(self):
        case = self.agreed()
        message, _data = self.mailed(case)
        self.reply(message, "Hello,\nAPPROVE\nADDRESS Yard 4, 322000 Yiwu\n")
        self.assertEqual(case.approval, "given", self.heard(case).mapped("error"))
        self.assertEqual(case._supplier_address()[self.rhein]["street"], "Yard 4, 322000 Yiwu")

    def test_a_claim_is_answered_by_its_subject_alone(self):
        claim = self.claim(40.0)
        message, _data = self.mailed(claim)
        self.reply(message.browse(), "PART 12.50", subject=f"{message._mail_name()}", to="answers@lumen.example")
        self.assertRecordValues(claim, [{"supplier_answer": "partly", "amount_granted": 12.5}])

    def test_own_words_wait_for_a_person_and_are_kept(self):
        case = self.agreed()
        message, _data = self.mailed(case)
        self.reply(message, "APPROVE\nBut the customer has to pay for it")
        (mail,) = self.heard(case) or self.env["dropship.exchange"].search(
            [("kind", "=", "mail"), ("supplier_id", "=", self.rhein.id)]
        )
        self.assertEqual((mail.state, case.approval), ("parked", "waiting"))
        mail.action_take_mail()
        self.assertEqual(case.approval, "given")

    def test_a_stranger_changes_nothing(self):
        case = self.agreed()
        message, _data = self.mailed(case)
        self.reply(message, "APPROVE", sender="stranger@example.org")
        self.assertEqual(case.approval, "waiting")
