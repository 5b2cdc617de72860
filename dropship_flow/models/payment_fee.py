"""What channels and payment providers kept, as facts of orders: profit reports read these."""

from odoo import api, fields, models
from odoo.tools import SQL

from .payout_layout import FEE_WORDS


class DropshipPaymentFee(models.Model):
    """One fee that was taken: a row of a posted payout, or of a single transaction. More than nothing costs us.

    `key` makes a fact the only one of its kind: `payout-<row>` for rows of payouts, `transaction-<id>-<kind>` for
    transactions of a provider.
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
    document = fields.Char(readonly=True, help="The payout or transaction it stands in.")
    payout_line_id = fields.Many2one("dropship.payout.line", readonly=True, ondelete="restrict", index="btree_not_null")
    key = fields.Char(required=True, readonly=True)

    _once = models.UniqueIndex("(key)", "This fee was noted before.")

    @api.model
    def _note(self, order, kind, amount, currency, document, key, date=None, company=None):
        """Note a fee once; the same key again brings nothing new.

        :param amount: what it costs, in `currency`
        :return: the fact, new or known
        """
        known = self.sudo().search([("key", "=", key)])
        if known:
            return known
        company = company or order.company_id
        date = date or fields.Date.context_today(self)
        with self.env["dropship.payout"]._first_come():
            fact = self.sudo().create(  # facts are written by what happened, not by people
                {
                    "order_id": order.id,
                    "company_id": company.id,
                    "channel_id": order.sudo().dropship_channel_id.id,
                    "kind": kind,
                    "amount": amount,
                    "currency_id": currency.id,
                    "amount_company": currency._convert(amount, company.currency_id, company, date),
                    "date": date,
                    "document": document,
                    "key": key,
                }
            )
            fact.flush_recordset()
        return fact

    @api.model
    def _take_payout(self, payout):
        """The fees of a posted payout, in one statement. A payout says it better than a single transaction did."""
        payout.env.flush_all()
        rate = self.env["res.currency"]._get_conversion_rate(
            payout.currency_id, payout.company_id.currency_id, payout.company_id, payout.date
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_payment_fee (order_id, company_id, channel_id, kind, amount, currency_id,
                       amount_company, date, document, payout_line_id, key, create_uid, create_date, write_uid,
                       write_date)
                SELECT line.order_id, line.company_id, line.channel_id, COALESCE(line.fee_kind, 'other'), -line.amount,
                       line.currency_id, round((-line.amount * %(rate)s)::numeric, %(places)s), line.date, %(name)s,
                       line.id, 'payout-' || line.id, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM dropship_payout_line line
                 WHERE line.payout_id = %(payout)s AND line.kind = 'fee' AND line.state <> 'known'
                    ON CONFLICT (key) DO UPDATE SET order_id = excluded.order_id, kind = excluded.kind
                """,
                rate=rate,
                places=payout.company_id.currency_id.decimal_places,
                name=f"{payout.terms_id.display_name} {payout.name}",
                uid=self.env.uid,
                payout=payout.id,
            )
        )
        self.invalidate_model()
        self._drop_transactions(payout)

    def _drop_transactions(self, payout):
        """Fees a provider told with single transactions stand in the payout now."""
        orders = payout.line_ids.filtered(lambda line: line.kind == "fee" and line.fee_kind == "payment").order_id
        self.sudo().search([("order_id", "in", orders.ids), ("key", "=like", "transaction-%")]).unlink()

    @api.model
    def _drop_payout(self, payout):
        """The payout was reversed: its fees are no facts."""
        self.sudo().search([("payout_line_id.payout_id", "=", payout.id)]).unlink()


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _dropship_note_fee(self, amount, currency=None, kind="payment"):
        """Note what the provider kept of this transaction, where it tells; called by who reads its messages.

        :param amount: what it costs
        """
        self.ensure_one()
        order = self.sale_order_ids[:1]
        return self.env["dropship.payment.fee"]._note(
            order, kind, amount, currency or self.currency_id, self.reference, f"transaction-{self.id}-{kind}",
            company=self.company_id,
        )  # fmt: skip
