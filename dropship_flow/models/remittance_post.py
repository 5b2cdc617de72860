"""What a carrier handed over, in the books: core's payments of the customers, and one core entry of his fees."""

from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ..collecting import share
from .exact import decimal


class DropshipRemittanceLine(models.Model):
    _inherit = "dropship.remittance.line"

    def _post(self):
        """Post rows of one remittance, each parcel once: whoever posts the same at the same time is turned away."""
        remittance = self.remittance_id.ensure_one()
        rows = self.env["dropship.collection"].search(
            [("shipment_id", "in", self.shipment_id.ids), ("state", "in", ("out", "delivered", "refused"))], order="id"
        )
        if not rows.try_lock_for_update() == rows:
            raise ConcurrencyError(self.env._("Somebody else posts these parcels now."))
        by_parcel, parts, posted = rows.grouped("shipment_id"), [], self.browse()
        for line in self.filtered(lambda line: line.state == "ready"):
            if mine := by_parcel.pop(line.shipment_id, None):
                parts += line._parts(mine)
                posted |= line
            else:
                line._check()
        posted._pay(parts, remittance)
        posted._book_fees(parts, remittance)
        remittance._settle()
        return posted

    def _parts(self, rows):
        """[(row, this line, amount, fee)]: a parcel with goods of several orders is paid by each of their customers."""
        self.ensure_one()
        step = decimal(rows.currency_id[:1].rounding)
        weights = [decimal(row.amount) for row in rows]
        amounts, fees = share(decimal(self.amount), weights, step), share(decimal(self.fee), weights, step)
        return [(row, self, float(amount), float(fee)) for row, amount, fee in zip(rows, amounts, fees, strict=True)]

    def _pay(self, parts, remittance):
        """One payment of each customer, made and posted together; then the parcels and these rows are done."""
        payments = self.env["dropship.collection"]._payments(
            [(row, amount) for row, _line, amount, _fee in parts if amount], remittance
        )
        now, by_line = fields.Datetime.now(), {}
        for row, line, amount, fee in parts:
            payment = payments.get(row, self.env["account.payment"])
            row._set_state(
                "remitted", received=amount, fee=fee, received_on=line.date or remittance.date,
                payment_id=payment.id, credit_check=False, delivered_at=row.delivered_at or now,
            )  # fmt: skip
            by_line[line] = by_line.get(line, self.env["account.payment"]) | payment
        with self._first_come():
            for line, mine in by_line.items():
                line._set_state("posted", payment_ids=[Command.set(mine.ids)])
            self.flush_recordset()
        self.order_id.union(*(row.order_id for row, *_rest in parts))._dropship_settle_collected()

    def _book_fees(self, parts, remittance):
        """One entry: what carriers kept is a cost, and did not arrive in the journal."""
        lines = self.filtered("fee")
        if not lines:
            return
        company = remittance.company_id
        product = self.env.ref("dropship_flow.product_charge_collection").with_company(company)
        cost = product.product_tmpl_id.get_product_accounts()["expense"]
        if not cost:
            raise UserError(
                self.env._(
                    "No account for the carriers' fees: set the expense account of the product %s.",
                    product.display_name,
                )
            )
        liquidity = remittance.journal_id._dropship_liquidity()
        commands = []
        for row, line, _amount, fee in parts:
            if not fee:
                continue
            currency = row.currency_id
            balance = currency._convert(fee, company.currency_id, company, remittance.date)
            common = {"name": self.env._("Fee of %s", line.number), "currency_id": currency.id,
                      "partner_id": remittance.partner_id.id}  # fmt: skip
            for account, sign in ((cost, 1), (liquidity, -1)):
                commands.append(
                    Command.create({**common, "account_id": account.id, "amount_currency": sign * fee,
                                    "balance": sign * balance})
                )  # fmt: skip
        entry = self.env["account.move"].create(
            {
                "move_type": "entry", "journal_id": remittance.journal_id.id, "date": remittance.date,
                "company_id": company.id, "ref": remittance.name, "line_ids": commands,
            }
        )  # fmt: skip
        entry.action_post()
        lines.fee_move_id = entry


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model
    def _dropship_first_bank(self, company):
        """Where a company's money comes and goes, if nobody says otherwise: its first bank or cash journal."""
        return self.search([("type", "in", ("bank", "cash")), ("company_id", "=", company.id)], limit=1)

    def _dropship_liquidity(self):
        """The account on which incoming payments of the journal are booked."""
        self.ensure_one()
        account = self.inbound_payment_method_line_ids[:1].payment_account_id or self.default_account_id
        if not account:
            raise UserError(self.env._("The journal %s has no account: set one first.", self.name))
        return account


class DropshipCollection(models.Model):
    _inherit = "dropship.collection"

    @api.model
    def _payments(self, parts, remittance):
        """The customers' payments, posted by core: {row: account.payment}.

        :param list parts: [(row, amount)]
        """
        journal = remittance.journal_id
        account = journal._dropship_liquidity()
        method = journal.inbound_payment_method_line_ids[:1]
        # Core leaves the entry out where no account is named, and takes the company's own one for all journals.
        payments = self.env["account.payment"].with_context(force_payment_move=True, dropship_liquidity_id=account.id)
        made = payments.create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": row.order_id.partner_invoice_id.commercial_partner_id.id,
                    "amount": amount,
                    "currency_id": row.currency_id.id,
                    "date": remittance.date,
                    "journal_id": journal.id,
                    "payment_method_line_id": method.id,
                    "memo": f"{row.order_id.name} {row.shipment_id.number}",
                }
                for row, amount in parts
            ]
        )
        made.action_post()
        return {row: payment for (row, _amount), payment in zip(parts, made.with_env(self.env), strict=True)}


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _get_outstanding_account(self, payment_type):
        """Override: what carriers hand over is booked where their fees are, in the journal it arrives in."""
        if account_id := self.env.context.get("dropship_liquidity_id"):
            return self.env["account.account"].browse(account_id)
        return super()._get_outstanding_account(payment_type)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_settle_collected(self):
        """Payments collected at the door settle the invoices of their orders, whichever of both is there first."""
        for order in self:
            payments = order.dropship_collection_ids.payment_id
            lines = payments.move_id.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
            )
            if lines:
                invoices = order.invoice_ids.filtered(
                    lambda move: move.move_type == "out_invoice" and move.state == "posted"
                )
                invoices._dropship_settle(lines)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Override: what was collected at the door before the invoice was made pays it."""
        posted = super()._post(soft)
        invoices_sudo = posted.sudo().filtered(lambda move: move.move_type == "out_invoice")  # whoever posts
        orders_sudo = invoices_sudo.invoice_line_ids.sale_line_ids.order_id
        orders_sudo.filtered("dropship_collection_ids")._dropship_settle_collected()
        return posted


class DropshipRemittance(models.Model):
    _inherit = "dropship.remittance"

    @api.model
    def _default_journal(self, company):
        """Where remittances arrived last, else the journal of cash on delivery, else the first bank."""
        last = self.search([("company_id", "=", company.id)], limit=1).journal_id
        if last:
            return last
        providers_sudo = self.env["payment.provider"].sudo().search(
            [("custom_mode", "=", "cash_on_delivery"), ("company_id", "=", company.id)]
        )
        return providers_sudo.journal_id[:1] or self.env["account.journal"]._dropship_first_bank(company)
