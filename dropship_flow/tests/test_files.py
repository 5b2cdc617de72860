import base64
import io
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from openpyxl import Workbook, load_workbook

from .common_flow import FlowCase

OUT = list(
    {"Action": "action", "Order": "ref", "SKU": "sku", "Qty": "qty", "Amount": "amount", "To": "recipient"}.items()
)
IN = list(
    {"Order": "ref", "SKU": "sku", "Qty": "qty", "Number": "number", "Carrier": "carrier", "State": "status"}.items()
)


class Place(ThreadingHTTPServer):
    """A supplier's web folder: what was put there, and what it gives."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.asked, self.statuses, self.given = {}, [], [], b""


class _Handler(BaseHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.command, self.path))
        status = self.server.statuses.pop(0) if self.server.statuses else 201
        if status < 300 or status == 500:  # took it, whatever it answers
            self.server.files[self.path] = body
        self._answer(status, b"{}")

    do_POST = do_PUT

    def do_GET(self):
        self.server.asked.append((self.command, self.headers.get("If-None-Match")))
        if self.headers.get("If-None-Match") == '"1"':
            self._answer(304, b"")
        else:
            self._answer(200, self.server.given, {"ETag": '"1"'})

    def _answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


class FileCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        for name, product in (("lamp", cls.lamp), ("stand", cls.stand), ("cable", cls.cable)):
            cls.offers["Rhein", product].sku = f"R-{name}"
        cls.out_layout = cls.make_layout("out", OUT, totals=True)
        cls.in_layout = cls.make_layout("in", IN)
        env = cls.env
        cls.other = cls.euro_company("Other GmbH")
        cls.env = env

    @classmethod
    def make_layout(cls, direction, columns, **vals):
        return cls.env["dropship.file.layout"].create(
            {
                "name": direction,
                "direction": direction,
                "encoding": "utf-8",
                "company_id": cls.company.id,
                "column_ids": [(0, 0, {"heading": heading, "field": field}) for heading, field in columns],
                **vals,
            }
        )

    @classmethod
    def connect(cls, **vals):
        connection = cls.env["dropship.connection"].create(
            {
                "name": "Rheinlager",
                "kind": "file",
                "file_out_layout_id": cls.out_layout.id,
                "file_in_layout_id": cls.in_layout.id,
                "file_every": 0,
                "company_id": cls.company.id,
                **vals,
            }
        )
        cls.rhein.connection_id = connection
        return connection

    @contextmanager
    def place(self):
        server = Place()
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server, f"http://127.0.0.1:{server.server_address[1]}/in"
        finally:
            server.shutdown()
            server.server_close()

    def relay(self):
        messages = self.env["dropship.exchange"].search([("next_try", "!=", False)])
        messages.write({"next_try": "2020-01-01"})
        self.env["dropship.connection"].search([("paused_until", "!=", False)]).action_try_now()
        self.env.flush_all()
        self.run_cron("cron_relay")

    def files(self, direction="out"):
        return self.env["dropship.file"].search([("direction", "=", direction), ("company_id", "=", self.company.id)])

    def text(self, file):
        return base64.b64decode(file.content).decode()


@tagged("post_install", "-at_install", "standard")
class TestFilesOut(FileCase):
    """Orders reach a supplier as flat files: taken by a person, or put at an address."""

    def test_a_person_takes_the_orders(self):
        buyer = self.make_login("buyer", email="buyer@example.com")
        self.connect(file_user_id=buyer.id)
        first = self.hero(confirm=True).dropship_purchase_ids
        second = self.hero(confirm=True).dropship_purchase_ids
        self.relay()
        file = self.files()
        self.assertEqual((file.state, file.activity_ids.user_id), ("open", buyer))
        self.assertEqual(set((first | second).dropship_exchange_ids.mapped("state")), {"ready"})
        with self.assertRaises(AccessError):
            file.with_user(self.make_login("user")).action_hand_over()
        action = file.with_user(buyer).action_hand_over()
        self.assertIn(f"dropship.file/{file.id}/content/PO-00001-1.csv", action["url"])
        lines = self.text(file).splitlines()
        self.assertEqual(lines[0], "Action,Order,SKU,Qty,Amount,To")
        self.assertIn(f"order,{first.name},R-lamp,1,15.9,Anna Weber", lines)
        self.assertEqual(lines[-1], "TOTAL,2,6,6,44.8")
        self.assertEqual((file.orders, file.lines, file.units, file.amount), (2, 6, 6.0, 44.8))
        self.assertEqual(set((first | second).dropship_exchange_ids.mapped("state")), {"sent"})
        self.assertEqual((file.state, file.handed_by_id), ("handed", buyer))
        self.assertFalse(file.activity_ids)
        content = file.content
        file.with_user(buyer).action_hand_over()
        self.assertEqual(file.content, content, "taken again it is the same file")
        self.relay()
        self.assertEqual(self.files(), file, "nothing waits any more")

    def test_what_is_stopped_in_time_is_not_in_the_file(self):
        self.connect()
        purchase = self.hero(confirm=True).dropship_purchase_ids
        self.relay()
        purchase.button_cancel()
        file = self.files()
        self.assertFalse(file.action_hand_over())
        self.assertEqual(file.state, "dropped")

    def test_a_cancellation_is_a_row_of_the_next_file(self):
        self.connect()
        purchase = self.hero(confirm=True).dropship_purchase_ids
        self.relay()
        self.files().action_hand_over()
        purchase.button_cancel()
        self.relay()
        file = self.files().filtered(lambda file: file.state == "open")
        file.action_hand_over()
        self.assertIn(f"cancel,{purchase.name},R-lamp", self.text(file))
        self.assertEqual(file.name, "PO-00002-1.csv")

    def test_a_layout_that_cannot_say_cancel_parks_it(self):
        self.out_layout.column_ids.filtered(lambda column: column.field == "action").unlink()
        self.connect()
        purchase = self.hero(confirm=True).dropship_purchase_ids
        self.relay()
        self.files().action_hand_over()
        purchase.button_cancel()
        self.relay()
        self.files().filtered(lambda file: file.state == "open").action_hand_over()
        message = purchase.dropship_exchange_ids.filtered(lambda row: row.kind == "cancel")
        self.assertEqual(message.state, "parked")
        self.assertIn("no column that says order or cancellation", message.error)

    def test_files_are_put_at_an_address(self):
        with self.place() as (server, address):
            connection = self.connect(file_way="put", endpoint=address, private_allowed=True)
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
        self.assertEqual(server.asked, [("PUT", "/in/PO-00001-1.csv")])
        self.assertIn(purchase.name, server.files["/in/PO-00001-1.csv"].decode())
        self.assertEqual(purchase.dropship_exchange_ids.state, "sent")
        self.assertEqual(self.files().state, "handed")
        self.assertEqual(connection.health, "good")

    def test_a_file_of_unknown_fate_overwrites_itself(self):
        with self.place() as (server, address):
            connection = self.connect(file_way="put", endpoint=address, private_allowed=True)
            server.statuses = [500]
            purchases = self.hero(confirm=True).dropship_purchase_ids | self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            self.assertEqual(set(purchases.dropship_exchange_ids.mapped("state")), {"unknown"})
            self.assertEqual(connection.failures, 1, "one call is one failure")
            third = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
        self.assertEqual(
            sorted(server.asked),
            [("PUT", "/in/PO-00001-1.csv")] * 2 + [("PUT", "/in/PO-00002-1.csv")],
        )
        self.assertNotIn(third.name, server.files["/in/PO-00001-1.csv"].decode())
        self.assertEqual(set((purchases | third).dropship_exchange_ids.mapped("state")), {"sent"})

    def test_what_did_not_arrive_is_written_anew(self):
        with self.place() as (server, address):
            self.connect(file_way="post", endpoint=address, private_allowed=True)
            server.statuses = [503]
            first = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            self.assertEqual(first.dropship_exchange_ids.state, "ready")
            second = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
        self.assertEqual(server.asked, [("POST", "/in"), ("POST", "/in")])
        file = self.files()
        self.assertEqual((file.name, file.revision, file.orders, file.state), ("PO-00001-2.csv", 2, 2, "handed"))
        self.assertEqual(second.dropship_exchange_ids.state, "sent")

    def test_a_refused_file_needs_a_person(self):
        with self.place() as (server, address):
            self.connect(file_way="put", endpoint=address, private_allowed=True)
            server.statuses = [403]
            order = self.hero(confirm=True)
            self.relay()
            self.assertEqual(order.dropship_purchase_ids.dropship_exchange_ids.state, "parked")
            self.assertEqual(order.dropship_exception_ids.kind, "not_sent")
            self.assertEqual(self.files().state, "failed")
            order.dropship_purchase_ids.dropship_exchange_ids.action_retry()
            self.relay()
        self.assertEqual(order.dropship_purchase_ids.dropship_exchange_ids.state, "sent")

    def test_a_worker_killed_after_the_call_sends_the_same_file_again(self):
        with self.place() as (server, address):
            self.connect(file_way="put", endpoint=address, private_allowed=True)
            message = self.hero(confirm=True).dropship_purchase_ids.dropship_exchange_ids
            self.relay()
            # As if the worker had died before it could write down the answer.
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE dropship_exchange SET state = 'sending', lease_until = now() - interval '1 day',"
                " called_at = now(), next_try = NULL WHERE id = %s",
                [message.id],
            )
            self.env.cr.execute("UPDATE dropship_file SET state = 'sending' WHERE id = %s", [message.file_id.id])
            self.env.invalidate_all()
            self.relay()
        self.assertEqual(server.asked, [("PUT", "/in/PO-00001-1.csv")] * 2)
        self.assertEqual((message.state, message.file_id.state), ("sent", "handed"))

    def test_orders_are_collected(self):
        connection = self.connect(file_every=60)
        connection.file_last_at = self.env.cr.now()
        self.hero(confirm=True)
        self.relay()
        self.assertFalse(self.files())

    def test_the_customer_s_secrets_stay_here(self):
        self.anna.email = "anna@example.com"
        self.connect()
        order = self.hero(confirm=True)
        self.relay()
        self.files().action_hand_over()
        text = self.text(self.files()) + str(order.dropship_purchase_ids.dropship_exchange_ids.payload)
        for secret in ("anna@example.com", order.name, "34.9", "52.7"):
            self.assertNotIn(secret, text)

    def test_a_layout_is_shown_before_it_is_used(self):
        self.hero(confirm=True)
        self.assertIn("<td>R-lamp</td>", self.out_layout.preview)
        self.assertIn("<td>TOTAL</td>", self.out_layout.preview)
        self.assertEqual(self.out_layout.action_preview()["target"], "new")
        with self.assertRaises(ValidationError):
            self.make_layout("in", [("To", "recipient"), ("Order", "ref")])
        with self.assertRaises(ValidationError):
            self.make_layout("out", [("To", "recipient")])
        with self.assertRaises(AccessError):
            self.out_layout.with_user(self.make_login("buyer")).name = "x"

    def test_a_connection_of_files_is_complete(self):
        for wrong in (
            {"file_out_layout_id": False},
            {"file_way": "put", "endpoint": "ftp://x"},
            {"file_in_address": "answers.csv"},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.connect(**wrong)
        connection = self.connect()
        with self.assertRaises(AccessError):
            connection.with_user(self.make_login("manager")).file_in_address = "https://evil.example"


@tagged("post_install", "-at_install", "standard")
class TestFilesIn(FileCase):
    """Answers and parcels come back as files; what cannot be read stays with its reason until it is corrected."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.purchase = self.hero(confirm=True).dropship_purchase_ids

    def bring(self, *rows, user="user", **vals):
        text = "\n".join([",".join(heading for heading, _field in IN), *rows]) + "\n"
        login = self.env["res.users"].search([("login", "=", f"dropship-{user}-{self.company.id}")])
        login = login or self.make_login(user)
        wizard = self.env["dropship.file.upload"].with_user(login).create(
            {
                "supplier_id": self.rhein.id,
                "file": base64.b64encode(text.encode()),
                "file_name": "answers.csv",
                **vals,
            }
        )
        return self.env["dropship.file"].browse(wizard.action_bring_in()["res_id"])

    def row(self, sku, qty, number="", carrier="", state="", ref=None):
        return f"{ref or self.purchase.name},{sku},{qty},{number},{carrier},{state}"

    def test_parcels_of_a_file_ship_the_goods(self):
        file = self.bring(self.row("R-lamp", 1, "SF1234567", "顺丰"), self.row("R-stand", 1, "SF1234567", "顺丰"))
        self.assertEqual((file.state, file.orders, file.lines, file.units), ("read", 1, 2, 2.0))
        self.assertEqual(self.purchase.state, "purchase")
        done = self.purchase.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual((done.carrier_tracking_ref, done.dropship_carrier_code), ("SF1234567", "sf"))
        self.assertEqual(done.move_ids.product_id, self.lamp | self.stand)
        self.assertEqual(self.purchase._dropship_waiting_transfers().move_ids.product_id, self.cable)

    def test_the_same_file_twice_changes_nothing(self):
        rows = [self.row("R-lamp", 1, "SF1234567", "顺丰")]
        first = self.bring(*rows)
        messages = self.purchase.dropship_exchange_ids
        self.assertEqual(self.bring(*rows), first)
        again = self.bring(*rows, self.row("R-stand", 1))
        self.assertNotEqual(again, first)
        self.assertEqual(self.purchase.dropship_exchange_ids, messages, "the same words are one answer")

    def test_rows_that_cannot_be_read_are_corrected(self):
        file = self.bring(
            self.row("R-lamp", 1, "1.23E+14"),
            self.row("R-stand", 1, "SF7654321", ref="P99999"),
            self.row("R-cable", 1, "SF1234567"),
        )
        self.assertEqual(file.reject_ids.mapped("row"), [2, 3])
        self.assertIn("rounded", file.reject_ids[0].reason)
        self.assertIn("P99999", file.reject_ids[1].reason)
        first, second = file.reject_ids.with_user(self.make_login("buyer"))
        first.action_replay()
        self.assertEqual(first.state, "open")
        first.text = first.text.replace("1.23E+14", "SF1111111")
        second.text = second.text.replace("P99999", self.purchase.name)
        (first | second).action_replay()
        self.assertEqual(file.reject_ids.mapped("state"), ["done", "done"])
        self.assertFalse(file.reject_count)
        self.assertFalse(self.purchase._dropship_waiting_transfers())

    def test_what_makes_no_sense_is_parked_with_its_reason(self):
        file = self.bring(self.row("R-lamp", 7, "SF1234567"))
        self.assertEqual(file.exchange_ids.state, "parked")
        self.assertIn("only 1 wait", file.exchange_ids.error)
        self.assertEqual(file.parked_count, 1)
        self.assertEqual(self.purchase.state, "sent")

    def test_accepted_and_refused(self):
        self.bring(f"{self.purchase.name},,,,,confirmed")
        self.assertEqual(self.purchase.state, "purchase")
        self.bring(f"{self.purchase.name},,,,,缺货")
        self.assertEqual(self.purchase.state, "cancel")

    def test_a_file_that_cannot_be_read_says_why(self):
        text = base64.b64encode(b"Foo,Bar\n1,2\n")
        file = self.bring(file=text)
        self.assertEqual(file.state, "refused")
        self.assertIn("Order", file.error)
        self.in_layout.write({"totals": True})
        self.assertIn("control totals", self.bring(self.row("R-lamp", 1, "SF1234567")).error)

    def test_another_supplier_s_orders_are_nobody_s(self):
        other = self.suppliers["Dawn"]
        text = f"Order,SKU,Qty,Tracking Number\n{self.row('R-lamp', 1, 'SF1234567')}\n"
        file = self.bring(supplier_id=other.id, file=base64.b64encode(text.encode()))
        self.assertIn("No order of this supplier", file.reject_ids.reason)
        self.assertEqual(self.purchase.state, "sent")

    def test_files_are_fetched_when_they_are_new(self):
        with self.place() as (server, address):
            server.given = f"Order,SKU,Qty,Number\n{self.purchase.name},R-lamp,1,SF1234567\n".encode()
            self.connection.write({"private_allowed": True, "file_in_address": f"{address}/answers.csv"})
            for _look in range(2):
                self.connection.file_fetched_at = False
                self.run_cron("cron_fetch_files")
        self.assertEqual(server.asked, [("GET", None), ("GET", '"1"')])
        file = self.files("in")
        self.assertEqual((file.name, file.state), ("answers.csv", "read"))
        self.assertEqual(self.purchase.state, "purchase")

    def test_each_company_speaks_for_its_own_orders(self):
        """A connection and a supplier both companies share: files are apart, and so are answers."""
        self.connection.company_id = False
        self.rhein.company_id = False
        self.relay()
        row = self.row("R-lamp", 1, "SF1234567")
        ours = self.files()
        other = self.other
        self.assertEqual(ours.company_id, self.purchase.company_id)
        theirs = self.make_login("user", company=other, login="their-desk")
        wizard = self.env["dropship.file.upload"].with_user(theirs)
        wizard = wizard.with_context(allowed_company_ids=other.ids)
        text = "Order,SKU,Qty,Number\n" + row
        wizard = wizard.create({"supplier_id": self.rhein.id, "file": base64.b64encode(text.encode())})
        file = self.env["dropship.file"].sudo().browse(wizard.action_bring_in()["res_id"])
        self.assertEqual((file.company_id, len(file.reject_ids)), (other, 1))
        self.assertEqual(self.purchase.state, "sent")
        self.assertFalse(ours.with_env(wizard.env).has_access("read"))

    def test_who_brings_files_in(self):
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.bring(self.row("R-lamp", 1, "SF1234567"), user=role)
        with self.assertRaisesRegex(UserError, "Choose the supplier"):
            self.bring(supplier_id=False)
        with self.assertRaisesRegex(UserError, "Drop the supplier"):
            self.bring(file=False)

    def test_the_wizard_opens_from_supplier_and_connection(self):
        for record in (self.rhein, self.connection):
            action = record.action_dropship_upload()
            form = Form(self.env["dropship.file.upload"].with_context(**action["context"]))
            self.assertEqual(form.supplier_id, self.rhein if record == self.rhein else self.env["dropship.supplier"])


@tagged("post_install", "-at_install", "standard")
class TestOrderSheet(FileCase):
    """The sheet goes out with what shipping needs, and comes back with numbers, without any connection."""

    def sheet(self, file):
        return load_workbook(io.BytesIO(base64.b64decode(file.content))).active

    def fill(self, file, *numbers):
        book = load_workbook(io.BytesIO(base64.b64decode(file.content)))
        sheet = book.active
        head = [cell.value for cell in sheet[1]]
        column = next(head.index(name) for name in ("快递单号", "Tracking Number") if name in head) + 1
        for row, number in enumerate(numbers, 2):
            sheet.cell(row, column).value = number
            sheet.cell(row, column - 1).value = "顺丰"
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def download(self, orders, user="user"):
        before = self.env["dropship.file"].search([])
        login = self.make_login(user)
        if user == "user":  # the desk cannot read purchases, and still tells suppliers what to ship
            for supplier in orders.dropship_warehouse_id.supplier_id:
                supplier.with_user(login).action_dropship_order_sheet()
        else:
            orders.with_user(login).action_dropship_order_sheet()
        return self.env["dropship.file"].search([]) - before

    def test_out_filled_and_in_again(self):
        self.anna.write({"phone": "013800138000", "email": "anna@example.com"})
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        file = self.download(purchase)
        sheet = self.sheet(file)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(len(rows), 4)
        self.assertIn("013800138000", rows[1])
        self.assertEqual(rows[1][:2], [purchase.name, "R-lamp"])
        for secret in ("anna@example.com", order.name, "34.9", "15.9"):
            self.assertNotIn(secret, str(rows))
        content = self.fill(file, "00123456789012345678", "00123456789012345678")
        back = self.env["dropship.file"]._bring_in("back.xlsx", content, supplier=self.rhein)
        self.assertEqual((back.state, back.waiting, back.reject_ids.ids), ("read", 1, []))
        done = purchase.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(done.carrier_tracking_ref, "00123456789012345678")
        self.assertEqual(done.move_ids.product_id, self.lamp | self.stand)
        again = self.sheet(self.download(purchase, "buyer"))
        self.assertEqual(again.max_row, 2, "only the cable waits")
        self.assertEqual(file.handed_by_id.login, f"dropship-user-{self.company.id}")

    def test_headings_in_the_supplier_s_language(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        for lang, heading in (("zh_CN", "订单号"), ("en_US", "Order")):
            name, content = purchase._dropship_order_sheet(lang)
            self.assertTrue(name.endswith(".xlsx"))
            self.assertEqual(load_workbook(io.BytesIO(content)).active["A1"].value, heading)

    def test_each_supplier_sees_his_own_orders(self):
        self.suppliers["Dawn"].answer_mode = "manual"
        rhein = self.hero(confirm=True).dropship_purchase_ids
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Dawn"], "pin", "test")
        order.action_confirm()
        both = rhein | order.dropship_purchase_ids
        with self.assertRaises(UserError):
            both._dropship_order_sheet("en_US")
        files = self.download(both, "buyer")
        self.assertEqual(len(files), 2)
        for file in files:
            refs = {row[0].value for row in self.sheet(file).iter_rows(min_row=2)}
            own = both.filtered(lambda order, file=file: order.dropship_warehouse_id.supplier_id == file.supplier_id)
            self.assertEqual(refs, set(own.mapped("name")))

    def test_units_of_the_supplier(self):
        self.offers["Rhein", self.cable].unlink()
        self.make_offer(self.warehouses["Rhein"], self.cable, 12.0, factor=6, sku="BOX")
        order = self.make_sale((self.cable, 12))
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        file = self.download(order.dropship_purchase_ids)
        self.assertEqual([cell.value for cell in self.sheet(file)[2]][3], 2)

    def test_nothing_to_ship_says_so(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        purchase.button_cancel()
        with self.assertRaisesRegex(UserError, "waits to be shipped"):
            purchase.action_dropship_order_sheet()

    def test_somebody_else_s_sheet_is_read_too(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        book = Workbook()
        book.active.append(["订单编号", "运单号", "快递"])
        book.active.append([purchase.name.lower(), "YT1234567890123", "圆通"])
        stream = io.BytesIO()
        book.save(stream)
        self.env["dropship.file"]._bring_in("x.xlsx", stream.getvalue(), supplier=self.rhein)
        self.assertEqual(purchase.picking_ids.mapped("state"), ["done"])
        self.assertEqual(purchase.picking_ids.dropship_carrier_code, "yto")
