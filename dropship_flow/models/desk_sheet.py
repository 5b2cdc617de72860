from odoo import api, models
from odoo.exceptions import UserError

from ..feeds.errors import FeedError
from ..sheets import order_sheet


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.model
    def _dropship_desk_read_sheet(self, content, filename):
        """What a filled order sheet says.

        :return: (answers as `connectors.answer` wants them, [(row, why it was not taken)])
        :raise UserError: when it is no such sheet
        """
        try:
            reading = order_sheet.read(content, filename)
        except FeedError as error:
            raise UserError(self._dropship_desk_file_words("refusal", error.code, error.params)) from None
        rejected = [
            (
                " ".join(filter(None, [f"{row.row}:", *(str(cell) for cell in row.cells[:6])]))[:120],
                self._dropship_desk_file_words("reason", row.code, row.params),
            )
            for row in reading.rejected
        ]
        return [dict(answer) for answer in reading], rejected

    def _dropship_desk_file_words(self, kind, code, params):
        if "dropship.file" in self.env:
            from . import file_text  # noqa: PLC0415 - only there with the files of suppliers

            if kind == "refusal":
                return file_text.file_refusal(self.env, FeedError(code, **params))
            return file_text.file_reason(self.env, code, params)
        if kind == "refusal":
            return self.env._("This is no order sheet. Download the orders again and fill in that file (%s).", code)
        return self.env._("This row cannot be read (%s).", code)
