"""What channels and payment providers kept, as facts of orders: profit reports read these."""

from odoo import api, fields, models
from odoo.tools import SQL

from .payout_layout import FEE_WORDS


class DropshipPaymentFee(models.Model):
    """One fee that was taken: a row of a posted payout. More than nothing costs us.

    `key` makes a fact the only one of its kind: `payout-<row>`.
    """

    _name = "dropship.payment.fee"
    _description = "Payment Fee"
    _order = "date desc, id desc"
    _rec_name = "document"

    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, index="btree_not_null", ondelete="restrict")
    kind = fields.Selection(FEE_WORDS, required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="What it costs; less than nothing was given back.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_company = fields.Monetary(
        string="In Our Currency", readonly=True, currency_field="company_currency_id"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")
    date = fields.Date(required=True, readonly=True, index=True)
    document = fields.Char(readonly=True, help="The payout it stands in.")
    payout_line_id = fields.Many2one("dropship.payout.line", readonly=True, ondelete="restrict", index="btree_not_null")
    key = fields.Char(required=True, readonly=True)

    _once = models.UniqueIndex("(key)", "This fee was noted before.")

    @api.model
    def _take_payout(self, payout):
        """The fees of a posted payout, in one statement."""
        payout.env.flush_all()
        rate = self.env["res.currency"]._get_conversion_rate(
            payout.currency_id, payout.company_id.currency_id, payout.company_id, payout.date
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_payment_fee AS old (order_id, company_id, channel_id, kind, amount, currency_id,
                       amount_company, date, document, payout_line_id, key, create_uid, create_date, write_uid,
                       write_date)
                SELECT line.order_id, line.company_id, line.channel_id, COALESCE(line.fee_kind, 'other'), -line.amount,
                       line.currency_id, round((-line.amount * %(rate)s)::numeric, %(places)s), line.date, %(name)s,
                       line.id, 'payout-' || line.id, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM dropship_payout_line line
                 WHERE line.payout_id = %(payout)s AND line.kind = 'fee' AND line.state <> 'known'
                   AND line.apart IS NOT TRUE
                    ON CONFLICT (key) DO UPDATE SET order_id = excluded.order_id, kind = excluded.kind,
                       write_date = excluded.write_date
                 WHERE (old.order_id, old.kind) IS DISTINCT FROM (excluded.order_id, excluded.kind)
                """,
                rate=rate,
                places=payout.company_id.currency_id.decimal_places,
                name=f"{payout.terms_id.display_name} {payout.name}",
                uid=self.env.uid,
                payout=payout.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _drop_payout(self, payout):
        """The payout was reversed: its fees are no facts."""
        self.sudo().search([("payout_line_id.payout_id", "=", payout.id)]).unlink()
