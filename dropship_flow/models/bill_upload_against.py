"""What speaks against a bill as a whole: number, currency, whose it is, where it wants the money, its charges."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from .. import bill_files
from ..bill_files import number_key
from .bill_text import bill_reasons
from .exact import trimmed


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    def _reasons_against(self, bill, orders):
        """What holds the whole bill: number, currency, tax numbers, account."""
        found = []
        partner, company = self.supplier_id.partner_id.commercial_partner_id, self.company_id
        if known := bill.number and self._number_known():
            found.append(("number_known", {"number": bill.number, "date": str(known)}))
        wanted = orders.currency_id
        if wanted and self.currency_id and wanted != self.currency_id:
            found.append(
                ("currency_other", {"told": self.currency_id.name, "wanted": ", ".join(wanted.mapped("name"))})
            )
        for code, told, known in (("tax_id", bill.supplier_tax, partner.vat), ("buyer", bill.buyer_tax, company.vat)):
            if told and known and number_key(told) not in (number_key(known), number_key(known)[2:]):
                found.append((code, {"told": told, "known": known}))
        if bill.account and not self._account_known(partner, bill.account):
            accounts = ", ".join(bill_files.masked(bank.acc_number) for bank in partner.bank_ids)
            found.append(("account_changed", {"told": bill_files.masked(bill.account), "known": accounts}))
        return bill_reasons([(code, params, "") for code, params in found])

    def _account_known(self, partner, account):
        """Whether money may go there: it is one we know, we know none at all, or somebody asked."""
        key = bill_files.account_key(account)
        known = {bill_files.account_key(bank.acc_number) for bank in partner.bank_ids}
        return not known or key in known or key == self.account_checked

    def _number_known(self):
        """The date of a bill with this number that is there already, else None."""
        key = number_key(self.number)
        taken = self.search(
            [("supplier_id", "=", self.supplier_id.id), ("company_id", "=", self.company_id.id),
             ("kind", "=", self.kind), ("number_key", "=", key), ("id", "!=", self.id)], limit=1,
        )  # fmt: skip
        if taken:
            return taken.date
        self.env["account.move"].flush_model(["ref", "state", "move_type", "commercial_partner_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """SELECT COALESCE(invoice_date, date) FROM account_move
                WHERE commercial_partner_id = %s AND company_id = %s AND move_type = %s AND state <> 'cancel'
                  AND upper(regexp_replace(ref, '[^[:alnum:]]', '', 'g')) = %s AND id <> %s LIMIT 1""",
                self.supplier_id.partner_id.commercial_partner_id.id,
                self.company_id.id,
                "in_refund" if self.kind == "credit" else "in_invoice",
                key,
                self.move_id.id or 0,
            )
        )
        row = self.env.cr.fetchone()
        return row[0] if row else None

    # ------------------------------------------------------------------
    # Charges
    # ------------------------------------------------------------------

    def _expected(self, orders):
        """What orders may still be charged besides goods: {(order, kind): amount in its currency}, 0.0 for nothing."""
        result = defaultdict(float)
        for order in orders:
            result[order, "freight"], result[order, "fee"] = order.dropship_freight, order.dropship_fees
        rows = self.env["account.move.line"].search(
            [
                ("dropship_purchase_id", "in", orders.ids),
                ("dropship_charge", "in", ("freight", "fee")),
                ("parent_state", "!=", "cancel"),
            ]
        )
        for row in rows:
            if row.move_id != self.move_id and not row.move_id._dropship_is_own_draft():
                sign = 1 if row.move_id.move_type == "in_invoice" else -1
                result[row.dropship_purchase_id, row.dropship_charge] -= sign * row.price_subtotal
        return defaultdict(float, {key: max(amount, 0.0) for key, amount in result.items()})

    def _charges_against(self, pairs, orders):
        """What is charged besides goods and more than expected."""
        reasons, told = [], defaultdict(Decimal)
        for line, found in pairs:
            if line.charge and self.kind == "invoice" and not found.reasons:
                if line.charge in ("freight", "fee") and found.order:
                    told[found.order, line.charge] += line.amount or Decimal(0)
                elif line.charge != "allowance" and (line.amount or 0) > 0:
                    found.reasons.append(
                        ("charge", {"name": line.name or line.charge, "told": self._shown(line.amount)})
                    )
        due = self._expected(orders.union(*(order for order, _kind in told)))
        for (order, kind), amount in told.items():
            expected = trimmed(due[order, kind])
            if amount > expected + self._allowed():
                figures = {"order": order.name, "told": self._shown(amount), "expected": self._shown(expected)}
                reasons += bill_reasons([(kind, figures, "")])
        return reasons

    def _shown(self, amount):
        return self.currency_id.format(float(amount)).replace("\xa0", " ")
