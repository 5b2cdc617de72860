from odoo import api, fields, models

from ..connectors.answer import FAULTS

VERDICTS = [
    ("accepted", "Accepted"),
    ("backordered", "Backordered"),
    ("rejected", "Rejected"),
    ("changed", "Changed"),
    ("late", "Too Late"),
]
# The typed reasons of `connectors.answer` for people.
REASONS = [
    ("out_of_stock", "Out of stock"),
    ("not_enough", "Not enough in stock"),
    ("discontinued", "No longer made"),
    ("price", "Price no longer valid"),
    ("address", "Problem with the address"),
    ("cannot_ship", "Does not deliver there"),
    ("closed", "Closed for Holidays"),
    ("customer", "On the customer's account"),
    ("other", "Other"),
]
DECISIONS = [
    ("taken", "Taken as it is"),
    ("elsewhere", "Bought elsewhere"),
    ("asked", "Waits for a person"),
    ("agreed", "Agreed to by a person"),
    ("declined", "Declined by a person"),
    ("kept", "Kept on record only"),
]


class DropshipAcknowledgement(models.Model):
    """What a supplier answered about one sourcing row, beside what was asked, and what was decided about it."""

    _name = "dropship.acknowledgement"
    _description = "Supplier's Answer"
    _order = "id desc"

    allocation_id = fields.Many2one("dropship.allocation", required=True, ondelete="cascade", index=True, readonly=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True, readonly=True)
    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade", index=True, readonly=True)
    purchase_line_id = fields.Many2one("purchase.order.line", ondelete="set null", readonly=True)
    supplier_id = fields.Many2one("dropship.supplier", ondelete="restrict", index="btree_not_null", readonly=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    message_id = fields.Many2one("dropship.exchange", ondelete="set null", index="btree_not_null", readonly=True)

    verdict = fields.Selection(VERDICTS, string="Answer", required=True, readonly=True)
    asked_qty = fields.Float(string="Ordered", digits="Product Unit", readonly=True)
    qty = fields.Float(string="Quantity", digits="Product Unit", readonly=True, help="What this answer is about.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    asked_price = fields.Float(string="Agreed Price", min_display_digits="Product Price", readonly=True)
    price = fields.Float(string="Answered Price", min_display_digits="Product Price", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")
    drift = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What the goods cost more than expected by this answer; negative: less.",
    )
    asked_date = fields.Date(string="Arrival Expected", readonly=True)
    date = fields.Date(string="Ships On", readonly=True, help="The day the supplier names.")
    arrival_date = fields.Date(string="Arrives", readonly=True, help="As it follows from the supplier's day.")
    substitute = fields.Char(readonly=True, help="SKU of what the supplier would send instead.")
    reason_code = fields.Selection(REASONS, string="Reason", readonly=True)
    fault = fields.Boolean(string="Supplier's Doing", readonly=True)
    reason = fields.Char(string="In His Words", readonly=True)
    decision = fields.Selection(DECISIONS, required=True, default="taken", readonly=True)
    decided_by_id = fields.Many2one("res.users", ondelete="set null", readonly=True, help="Empty: the rules decided.")
    decided_at = fields.Datetime(readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex(
        "(message_id, allocation_id, verdict) WHERE message_id IS NOT NULL", "This answer is already recorded."
    )

    @api.depends("allocation_id", "verdict")
    def _compute_display_name(self):
        labels = dict(self._fields["verdict"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{record.allocation_id.display_name}: {labels[record.verdict]}"

    @api.model
    def _record(self, rows, verdict, message=None, **vals):
        """Keep one answer for each row.

        :param rows: dropship.allocation as they were before the answer changed them
        :param vals: what was answered, the same for all
        """
        if vals.get("reason_code"):
            vals.setdefault("fault", vals["reason_code"] in FAULTS)
        person = self.env.user if self.env.context.get("dropship_by_hand") else self.env.user.browse()
        with self.env["dropship.allocation"]._first_come():
            return self.create(
                [
                    {
                        "allocation_id": row.id,
                        "order_id": row.order_id.id,
                        "purchase_id": row.purchase_id.id,
                        "purchase_line_id": row.purchase_line_id.id,
                        "supplier_id": row.supplier_id.id,
                        "product_id": row.product_id.id,
                        "company_id": row.company_id.id,
                        "message_id": message.id if message else False,
                        "verdict": verdict,
                        "qty": row.buy_qty,
                        "asked_qty": row.buy_qty,
                        "currency_id": row.purchase_currency_id.id,
                        "asked_price": row.purchase_price,
                        "asked_date": row.promised_date,
                        "decided_by_id": person.id,
                        **vals,
                    }
                    for row in rows
                ]
            )

    @api.model
    def _reason_text(self, code, words):
        """Code and words of a refusal for people."""
        labels = dict(self._fields["reason_code"]._description_selection(self.env))
        return " – ".join(filter(None, [labels.get(code), words])) or self.env._("No reason given")
