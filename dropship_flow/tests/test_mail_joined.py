import io

import openpyxl
from odoo.tests import tagged

from .common_connector_json_api import connector_fixtures_json_api
from .common_mail import MailCase


@tagged("post_install", "-at_install", "standard")
class TestMailJoined(MailCase):
    """Order sheets by mail, inquiries by the suppliers' programs."""

    def test_the_filled_sheet_comes_back(self):
        with self.mail_server():
            _order, purchase, asked = self.order_at_rhein()
        name, content = purchase._dropship_order_sheet("zh_CN")
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.active
        heads = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            row[heads.index("快递公司")].value = "顺丰速运"
            row[heads.index("快递单号")].value = "SF1234567890123"
        stream = io.BytesIO()
        book.save(stream)
        letter = self.letter(asked, "见附件", raw=True)
        letter.add_attachment(stream.getvalue(), maintype="application", subtype="zip", filename="发货单.xlsx")
        message = self.deliver(letter)
        self.assertEqual(message.state, "processed", message.error)
        self.assertEqual(purchase.state, "purchase")
        self.assertIn("SF1234567890123", purchase.picking_ids.mapped("carrier_tracking_ref"))

    def test_a_program_answers_an_inquiry(self):
        with connector_fixtures_json_api(self) as (connection, _ledger):
            self.rhein.connection_id = connection
            order = self.make_sale((self.lamp, 3))
            order.action_dropship_ask()
            inquiry = order.dropship_inquiry_ids
            self.run_cron("cron_relay")
        line = inquiry.line_ids.filtered(lambda line: line.supplier_id == self.rhein)
        self.assertEqual((line.state, line.way), ("answered", "api"))
        self.assertFalse(inquiry.exchange_ids.filtered(lambda row: row.state == "parked"))
