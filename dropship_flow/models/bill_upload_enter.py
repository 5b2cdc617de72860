"""From a matched bill to one draft vendor bill, with the supplier's quantities, prices and total."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..matching import within
from .bill_text import bill_reasons
from .exact import decimal
from .state_mixin import lock_written

# Half a cent of rounding for each line, at least two cents: what is more is no rounding.
LEAST, EACH = 0.02, 0.005


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    def _enter(self, force=False):
        """Make the draft bill, once.

        :param force: a person wants it although it differs
        """
        self.ensure_one()
        self._lock()
        if self.move_id:
            return self.move_id
        if self.state not in ("matched", "differs") or (self.state == "differs" and not force):
            if force:
                raise UserError(
                    self.env._(
                        "%(bill)s is held:\n%(why)s\nCorrect that and read it again.",
                        bill=self.display_name, why=self.reason_text or "",
                    )
                )  # fmt: skip
            return self.move_id
        orders = self.line_ids.purchase_id
        self._lock_orders(orders)
        if orders and self._billed_meanwhile():
            # Somebody else billed these lines since: what was matched is not true any more.
            self._match()
            return self.move_id
        return self._make_bill(orders, force)

    def _lock_orders(self, orders):
        """Two bills about the same purchase come one after the other."""
        self.env.flush_all()
        lock_written(orders, allow_referencing=True)
        orders.order_line.invalidate_recordset(flush=False)

    def _billed_meanwhile(self):
        lines = self.line_ids.filtered("purchase_line_id")
        billed = self._billed(lines.purchase_line_id)
        for line in lines:
            ratio = self._units_per_sku(line.purchase_line_id)
            if abs(billed[line.purchase_line_id.id] / ratio - line.billed_quantity) > 1e-6:
                return True
        return False

    def _make_bill(self, orders, force):
        company = self.company_id
        moves = (
            self.env["account.move"]
            .with_company(company)
            .with_context(allowed_company_ids=company.ids, lang=self.env.user.lang or self.env.lang)
        )
        try:
            with self.env.cr.savepoint():
                move = moves.create(self._bill_values(orders))
                difference = self._fit_tax(move)
                if difference and not force and not self._total_tolerated(move, orders):
                    raise _Differs(move.amount_total)
        except _Differs as error:
            figures = {"told": self._shown(self.gross), "found": self._shown(error.found)}
            self._set_state("differs", reasons=[*(self.reasons or []), *bill_reasons([("total", figures, "")])])
            return self.env["account.move"]
        except UserError as error:
            if force:
                raise
            self._set_state("differs", reasons=bill_reasons([("not_entered", {"text": str(error)}, "")]))
            return self.env["account.move"]
        with self._first_come():
            self._set_state("entered", move_id=move.id, turn=self.turn + 1)
            self.flush_recordset()
        self._tell_bill(move, difference)
        return move

    def _bill_values(self, orders):
        partner = self.supplier_id.partner_id
        order = orders[:1]
        values = {
            "move_type": "in_refund" if self.kind == "credit" else "in_invoice",
            "partner_id": partner.address_get(["invoice"])["invoice"],
            "ref": self.number,
            "invoice_date": self.date,
            "currency_id": self.currency_id.id,
            "company_id": self.company_id.id,
            "invoice_origin": ", ".join(orders.mapped("name"))[:500],
            "fiscal_position_id": order.fiscal_position_id.id,
            "invoice_line_ids": [Command.create(self._bill_line(line)) for line in self.line_ids],
        }
        if self.date_due:
            values |= {"invoice_date_due": self.date_due, "invoice_payment_term_id": False}
        elif order.payment_term_id:
            values["invoice_payment_term_id"] = order.payment_term_id.id
        return values

    def _bill_line(self, line):
        bought = line.purchase_line_id
        if not bought:
            return self._charge_line(line)
        values = bought._prepare_account_move_line()
        ratio = self._units_per_sku(bought)
        quantity = (line.quantity or 1.0) * ratio
        amount = line.amount if line.amount or not line.price else line.price * line.quantity
        return values | {
            "quantity": quantity,
            "discount": 0.0,
            "price_unit": self._price_unit(bought.tax_ids, amount, quantity),
        }

    def _charge_line(self, line):
        kind = line.charge or "other"
        product = self.env["account.move.line"]._dropship_charge_product(kind)
        taxes = self._charge_taxes(line)
        return {
            "product_id": product.id,
            "name": line.name or product.display_name,
            "quantity": 1.0,
            "price_unit": self._price_unit(taxes, line.amount, 1.0),
            "tax_ids": [Command.set(taxes.ids)],
            "dropship_charge": kind,
            "dropship_purchase_id": line.purchase_id.id,
        }

    def _charge_taxes(self, line):
        """Charges follow the goods, in taxes too, unless the bill says another rate or none."""
        goods = line.purchase_id.order_line or self.line_ids.purchase_line_id
        taxes = goods.filtered("product_qty").tax_ids
        told = [row for row in (self.told or {}).get("lines", ()) if row["charge"] == line.charge and row["rate"]]
        if told and line.rate:
            return taxes.filtered(lambda tax: abs(tax.amount - line.rate) < 0.01)
        if len(taxes) > 1 or not self._taxes_told():
            return taxes.browse() if len(taxes) > 1 else taxes
        # The tax told tells whether it was reckoned on the charges as well.
        rate = sum(taxes.mapped("amount")) / 100
        goods_net = sum(row.amount for row in self.line_ids if not row.charge)
        return taxes if abs(self.net * rate - self.tax) <= abs(goods_net * rate - self.tax) else taxes.browse()

    def _taxes_told(self):
        return (self.told or {}).get("tax") is not None and (self.told or {}).get("net") is not None

    def _price_unit(self, taxes, amount, quantity):
        """The price of a unit as the line wants it: with the taxes that are inside the price, without all others."""
        included = any(row["included"] for row in (self.told or {}).get("lines", ()))
        price = amount / quantity if quantity else amount
        inside = any(tax.price_include for tax in taxes)
        if not taxes or included == inside:
            return price
        found = taxes._get_tax_details(
            price, 1.0, precision_rounding=1e-8, special_mode="total_included" if included else "total_excluded"
        )
        return found["total_excluded"] if included else found["total_included"]

    def _fit_tax(self, move):
        """Give the draft the supplier's total where only rounding is between them.

        :return: what is left between his total and ours; 0.0 when they are the same now
        """
        told = self.told or {}
        if told.get("gross") is None or not self.gross:
            return 0.0
        currency = self.currency_id
        difference = currency.round(self.gross - move.amount_total)
        if currency.is_zero(difference):
            return 0.0
        taxes = move.line_ids.filtered("tax_line_id")
        if abs(difference) > max(LEAST, EACH * len(self.line_ids)) or not taxes:
            return difference
        largest = max(taxes, key=lambda line: abs(line.amount_currency))
        sign = -1 if self.kind == "credit" else 1
        move.write(
            {"line_ids": [Command.update(largest.id, {"amount_currency": largest.amount_currency + sign * difference})]}
        )
        self.tax_difference = difference
        return currency.round(self.gross - move.amount_total)

    def _total_tolerated(self, move, orders):
        """Whether his total may be so much dearer than ours without anybody looking at it: as a line of a bill may.

        The draft keeps our total. Where his is the better one for us, that would be more than he asks: a person looks.
        """
        dearer = decimal(self.gross) - decimal(move.amount_total)
        if self.kind == "credit":
            dearer = -dearer
        if dearer <= 0:
            return False
        tolerances = self.env["dropship.match.tolerance"]._for_matching(orders)
        # A total is about everything: rows for goods, freight or fees alone say nothing of it.
        tolerance = tolerances(self.supplier_id.id, self.company_id.id, "", self.currency_id.id)
        return within(tolerance, dearer, decimal(move.amount_total))

    def _tell_bill(self, move, difference):
        """The file goes with the bill, and what still differs is said there."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.name,
                "raw": self._bytes(),
                "mimetype": self.mimetype,
                "res_model": "account.move",
                "res_id": move.id,
                "company_id": self.company_id.id,
            }
        )
        body = self.env._("Entered from the bill the supplier handed in.")
        if difference:
            body = self.env._(
                "Entered from the bill the supplier handed in. His total is %(told)s, this one's is %(found)s.",
                told=self._shown(self.gross), found=self._shown(move.amount_total),
            )  # fmt: skip
        move.message_post(body=body, attachment_ids=attachment.ids)
        move.message_main_attachment_id = attachment


class _Differs(Exception):
    """The draft does not come to the supplier's total; it is taken back."""

    def __init__(self, found):
        super().__init__(found)
        self.found = found


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_is_own_draft(self):
        """Whether we drafted it for want of a bill: such a draft gives way to the supplier's own."""
        return self.state == "draft" and self.sudo().dropship_drafted
