from odoo import fields, models

from ..connectors.answer import clean


class SaleOrder(models.Model):
    """What happens when suppliers fail one after the other, played with real records and the real machinery."""

    _inherit = "sale.order"

    def _dropship_play_healing(self):
        """The first supplier stays silent until his clocks have run out, the next one has none left."""
        for order in self:
            first = order._dropship_play_open()
            first._dropship_play_silence()
            order._dropship_play_open()._dropship_play_answer(
                {"status": "rejected", "reason_code": "out_of_stock", "reason": order._dropship_play_words()}
            )

    def _dropship_play_words(self):
        return self.env._("Out of stock")

    def _dropship_play_counter(self, percent=8.0):
        """The supplier who has the order now wants so much more for it."""
        for order in self:
            purchase = order._dropship_play_open()
            lines = [
                {**line, "price": round(line["price"] * (1 + percent / 100), 6)}
                for line in map(self.env["dropship.connector"]._line_payload, purchase.order_line)
            ]
            lines = [{name: line[name] for name in ("line", "sku", "price")} for line in lines]
            purchase._dropship_play_answer({"status": "changed", "reason_code": "price", "lines": lines})

    def _dropship_play_mismatch(self):
        """The supplier speaks of ten times what was ordered."""
        for order in self:
            purchase = order._dropship_play_open()
            lines = [
                {"line": line["line"], "sku": line["sku"], "accepted": line["qty"] * 10}
                for line in map(self.env["dropship.connector"]._line_payload, purchase.order_line)
            ]
            purchase._dropship_play_answer({"status": "accepted", "lines": lines})

    def _dropship_play_silence(self):
        """The supplier has not answered in his time; where nobody else can deliver, a person is asked."""
        for order in self:
            purchase = order._dropship_play_open()
            purchase.dropship_answer_by = fields.Datetime.now()
            purchase._dropship_raise_silent()

    def _dropship_play_late(self, days=2):
        """What was accepted should have left some days ago."""
        for order in self:
            rows = order.sudo().dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
            rows.ship_by = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            for purchase, own in rows.grouped("purchase_id").items():
                self.env["dropship.exception"].sudo()._raise_late(purchase, own)

    def _dropship_play_open(self):
        """The purchase that waits for its answer."""
        self.ensure_one()
        return self.sudo().dropship_allocation_ids.filtered(lambda row: row._is_open()).purchase_id[:1]


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_play_silence(self):
        """Both clocks run out: first that of the answer, then that of the cancellation."""
        self.ensure_one()
        self.dropship_answer_by = fields.Datetime.now()
        self._dropship_raise_silent()
        self.filtered("dropship_give_up_at")._dropship_give_up()

    def _dropship_play_answer(self, answer):
        """The supplier answers, as if by his page."""
        self.ensure_one()
        message = self.env["dropship.exchange"]._put_in(
            clean({"ref": self.name, **answer}),
            f"played {self.id}",
            self,
            self.dropship_warehouse_id.supplier_id,
            self.company_id,
        )
        message._process()
        return message
