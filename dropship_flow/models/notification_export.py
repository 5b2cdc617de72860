"""Numbers and states of parcels as a file, for marketplaces that take them as one."""

import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError

from ..sheets.layout import harmless, legible

MOST = 20_000


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def action_status_xlsx(self):
        return self._status_file_action("xlsx")

    def action_status_csv(self):
        return self._status_file_action("csv")

    def _status_file_action(self, kind):
        """Download the file of these parcels."""
        self.check_access("read")
        if not self:
            raise UserError(self.env._("There is no parcel in what you chose. Choose messages about parcels."))
        if len(self) > MOST:
            raise UserError(self.env._("Choose at most %s parcels.", MOST))
        file = self.env["dropship.status.file"].create({"kind": kind, "shipment_ids": [(6, 0, self.ids)]})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dropship.status.file/{file.id}/content?download=true&filename={file.filename}",
            "target": "self",
        }

    def _status_rows(self):
        """The heading and one line for each parcel and order: plain texts, no word of who sent it."""
        heading = [
            self.env._("Order"),
            self.env._("Buyer's Reference"),
            self.env._("Carrier"),
            self.env._("Tracking Number"),
            self.env._("Status"),
            self.env._("Since"),
        ]
        rows = [heading]
        for shipment in self:
            shipment_sudo = shipment.sudo()  # the orders' numbers, for who may read the parcel
            for order in shipment_sudo.order_ids or [self.env["sale.order"]]:
                since = shipment.status_at and fields.Datetime.context_timestamp(self, shipment.status_at)
                rows.append(
                    [
                        order.name or "",
                        order.client_order_ref or "",
                        shipment.carrier_title or "",
                        shipment.number,
                        self._customer_status_word(shipment.status),
                        f"{since:%Y-%m-%d %H:%M}" if since else "",
                    ]
                )
        return rows


def as_csv(rows):
    """The rows as a text file that spreadsheets open with the right letters, and cannot run."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows([harmless(str(cell)) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(rows):
    """The rows as a workbook; everything is text, so that long numbers keep their digits."""
    import xlsxwriter  # noqa: PLC0415 - loading takes a while

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, legible(str(cell)), text)
    sheet.set_column(0, 5, 22)
    book.close()
    return stream.getvalue()
