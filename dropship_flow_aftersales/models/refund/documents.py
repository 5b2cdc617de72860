"""The papers of a refund: a credit note for what was invoiced, and no bill ever for what never will be owed."""

from decimal import Decimal
from fractions import Fraction

from odoo import Command, models
from odoo.addons.dropship_flow.models.exact import decimal

from ...refunding import Parts
from .facts import exact, share_of

ZERO = Decimal(0)
NOTHING = Parts()
NEVER_COMES = ("not_shipped", "cancelled_by_us")  # the order itself is lowered by these
OUTSIDE = (*NEVER_COMES, "short", "refused_parcel")


class DropshipRefund(models.Model):
    _inherit = "dropship.refund"

    # --- what is neither delivered nor billed any more ---

    def _stop_what_is_off(self, facts):
        """Say of settled pieces how many are on an invoice; take those that never come off the order.

        Purchases were stopped before. The rest is kept from being billed: see `_compute_qty_to_invoice`.
        """
        self.ensure_one()
        billed = self.order_id._dropship_billed(facts.step)
        for row in self.line_ids.filtered(lambda row: row.done and row.order_line_id):
            line, qty = row.order_line_id, Decimal(row.exact_qty)
            others = line.dropship_refund_line_ids.filtered(lambda one, row=row: one.done and one.id < row.id)
            on_paper = max(
                billed.get(line, (ZERO,))[0] - sum((decimal(one.qty_credited) for one in others), ZERO), ZERO
            )
            # Pieces that never come are off the order as well; what came back is on it still, though on no paper.
            off = sum((decimal(one.qty) for one in others if one.kind not in NEVER_COMES), ZERO)
            free = max(decimal(line.product_uom_qty) - on_paper - off, ZERO)
            first_off = row.kind in OUTSIDE
            credited = max(qty - free, ZERO) if first_off else min(qty, on_paper)
            row.qty_credited = float(min(credited, on_paper))
            if row.kind in NEVER_COMES:
                self._lower(row, qty, facts.step)

    def _lower(self, row, qty, step):
        line = row.order_line_id
        lowered = min(qty, decimal(line.product_uom_qty))
        if not lowered:
            return
        whole = line._dropship_ordered_parts(step)[line]
        off = max(lowered - decimal(row.qty_credited), ZERO)  # what is invoiced keeps its worth by the invoice
        share = Fraction(off) / Fraction(decimal(line.product_uom_qty))
        parts = share_of(whole, share, line.order_id._dropship_prices_included(), step)
        row.write({"qty_lowered": float(off), "lowered_parts": row._parts_json(parts)})
        order = line.order_id
        with order._dropship_unlocked():
            # The price agreed stays, whatever the price list says about smaller quantities.
            priced = [self.env["sale.order.line"]._fields[name] for name in ("price_unit", "discount", "tax_ids")]
            with self.env.protecting(priced, line):
                line.product_uom_qty -= float(lowered)
            self.env.flush_all()

    # --- the credit note ---

    def _make_documents(self, facts):
        """A credit note of what is on invoices or will be; what was never invoiced and is gone needs none."""
        self.ensure_one()
        wanted = self._paper_rows(facts.step)
        total = sum((parts.total for _row, parts, _fee in wanted), ZERO)
        if not any(parts.total for _row, parts, _fee in wanted):
            return
        if not self._sales_journal():
            return  # a company that keeps its books elsewhere
        credited = wanted if total >= ZERO else [one for one in wanted if one[1].total > ZERO]
        if total < ZERO:
            self._charge([one for one in wanted if one[1].total < ZERO])
        if credited and sum(parts.total for _row, parts, _fee in credited):
            self._credit(credited)

    def _sales_journal(self):
        domain = [("type", "=", "sale"), ("company_id", "=", self.company_id.id)]
        return self.env["account.journal"].search(domain, limit=1)

    def _paper_rows(self, step):
        """[(row or gift card line, Parts to credit, Parts of its fee)]; what was never billed and is gone is left out.

        Less than nothing: what the customer is charged by the refund.
        """
        result = []
        for row in self.line_ids:
            if row.kind == "paid_twice":
                continue  # his money goes back; nothing becomes cheaper
            parts, fee = row._parts(), row._parts_from(row.fee_taxes)
            if row.done and row.order_line_id:
                parts -= row._never_billed(step)
            result.append((row, parts, fee if row.qty_credited else NOTHING))
        for line, amount in self._cards_of(self.backs):
            result.append((line, Parts(-amount), NOTHING))
        return result

    def _charge(self, rows):
        """Nothing is invoiced that could be credited: what is kept stands on the order and is invoiced with it."""
        for source, parts, _fee in rows:
            line = source if source._name == "sale.order.line" else source.order_line_id
            taxes = self._taxes_of(parts, line)
            with self.order_id._dropship_unlocked():
                self.env["sale.order.line"].create(
                    {
                        "order_id": self.order_id.id,
                        "product_id": self.env.ref("dropship_flow_aftersales.product_kept").id,
                        "name": self._row_name(source),
                        "product_uom_qty": 1.0,
                        "price_unit": float(-self._basis(parts, taxes)),
                        "tax_ids": [Command.set(taxes.ids)],
                        "dropship_charge_of_id": self.id,
                    }
                )

    def _credit(self, rows):
        """The credit note, its total exactly what is credited; posted, or a draft where the company wants it."""
        order = self.order_id.with_company(self.company_id)
        invoice = self._invoice_of(rows)
        vals = order._prepare_invoice()
        commands = []
        for source, parts, fee in rows:
            commands += [Command.create(item) for item in self._items(source, parts, fee)]
        vals |= {
            "move_type": "out_refund",
            "invoice_origin": order.name,
            "ref": self.name,
            "reversed_entry_id": invoice.id,
            "dropship_refund_id": self.id,
            "invoice_line_ids": commands,
            "invoice_payment_term_id": False,
            "transaction_ids": False,
        }
        if invoice:
            vals |= {
                "fiscal_position_id": invoice.fiscal_position_id.id,
                "journal_id": invoice.journal_id.id,
                "partner_id": invoice.partner_id.id,
            }
        move = self.env["account.move"].with_company(self.company_id).create(vals)
        total = sum((parts.total for _source, parts, _fee in rows), ZERO)
        self._fit(move, rows, total)
        self.credit_note_id = move
        if self.company_id.dropship_refund_post:
            move._post(soft=False)
        else:
            self.order_id._dropship_review(move)

    def _invoice_of(self, rows):
        """The invoice that is corrected; where there are several, the newest."""
        lines = self.line_ids.order_line_id
        moves = self.order_id._dropship_customer_moves().filtered(lambda move: move.move_type == "out_invoice")
        return moves.filtered(lambda move: move.line_ids.sale_line_ids & lines)[-1:] or moves[-1:]

    def _items(self, source, parts, fee):
        """Values of credit note lines of one row: what is credited, and what is kept of it."""
        line = source if source._name == "sale.order.line" else source.order_line_id
        taxes = self._taxes_of(parts if parts.total else fee, line)
        billed = self._billed_item(line)
        priced = source._name == "dropship.refund.line" and not (source.done and source.qty_credited)
        qty = 1.0 if priced or source._name == "sale.order.line" else source.qty_credited
        basis = self._basis(parts + fee, taxes)
        vals = {
            "name": self._row_name(source),
            "product_id": line.product_id.id or self.env.ref("dropship_flow_aftersales.product_kept").id,
            "product_uom_id": line.product_uom_id.id or False,
            "quantity": qty,
            "price_unit": float(basis) / qty,
            "discount": 0.0,
            "tax_ids": [Command.set(taxes.ids)],
            "sale_line_ids": [Command.set(line.ids)],
            "dropship_refund_line_id": source.id if source._name == "dropship.refund.line" else False,
            "dropship_price_only": priced or source._name == "sale.order.line",
        }
        if billed:
            vals["account_id"] = billed.account_id.id
            vals["analytic_distribution"] = billed.analytic_distribution
        yield vals
        if fee.total:
            product = self.env.ref("dropship_flow_aftersales.product_restocking")
            yield {
                **vals,
                "name": product.name,
                "product_id": product.id,
                "quantity": 1.0,
                "price_unit": -float(self._basis(fee, taxes)),
                "dropship_price_only": True,
            }

    def _billed_item(self, line):
        """The newest invoice line of a sale line."""
        moves = self.order_id._dropship_customer_moves().filtered(lambda move: move.move_type == "out_invoice")
        return line.invoice_lines.filtered(lambda item: item.move_id in moves).sorted("id")[-1:]

    def _taxes_of(self, parts, line):
        """The taxes of a row: those of the line as invoiced, else those that are in its amount."""
        if line:
            return self._billed_item(line).tax_ids or line.tax_ids
        ids = [int(group) for group, _tax in parts.taxes]
        return self.env["account.tax"].browse(ids)

    def _basis(self, parts, taxes):
        """The figure a price is entered in with these taxes."""
        flat = taxes.flatten_taxes_hierarchy()
        excluded = {str(tax.id) for tax in flat if not tax.price_include}
        return parts.net + sum((tax for group, tax in parts.taxes if group not in excluded), ZERO)

    def _row_name(self, source):
        if source._name == "sale.order.line":
            return source.name
        words = dict(self.env["dropship.refund.line"]._fields["kind"]._description_selection(self.env))
        what = source._what()
        if source.done:
            return f"{what} – {words[source.kind]}"
        return f"{words[source.kind]}: {what}" if what else words[source.kind]

    def _fit(self, move, rows, total):
        """Documents round by themselves: put the taxes, and what is still missing, to what was calculated."""
        currency = move.currency_id
        wanted = {}
        for _source, parts, _fee in rows:
            for group, tax in parts.taxes:
                wanted[group] = wanted.get(group, ZERO) + tax
        step = Decimal(str(currency.rounding or 0.01))
        items = move.line_ids.filtered("tax_line_id").grouped(lambda item: str(item.tax_line_id.id))
        commands = []
        for group, lines in items.items():
            missing = wanted.get(group, ZERO) - exact(sum(lines.mapped("amount_currency")), step)
            if missing and abs(missing) <= step * max(len(rows) * 2, 4):
                item = lines[:1]
                amount = currency.round(item.amount_currency + float(missing))
                balance = move.company_currency_id.round(amount / (item.currency_rate or 1.0))
                commands.append(Command.update(item.id, {"amount_currency": amount, "balance": balance}))
        if commands:
            move.write({"line_ids": commands})
        missing = total - exact(move.amount_total, step)
        if missing:
            product = self.env.ref("dropship_flow_aftersales.product_kept")
            vals = {
                "name": self.env._("Rounding"),
                "product_id": product.id,
                "quantity": 1.0,
                "price_unit": float(missing),
                "tax_ids": [Command.clear()],
            }
            move.write({"invoice_line_ids": [Command.create(vals)]})

    # --- against the invoice, and the money ---

    def _reconcile(self):
        """Set credit notes against what is still owed, and the money that went back against them."""
        for refund in self:
            note = refund.credit_note_id
            if note.state != "posted":
                continue
            if decimal(refund.credit) > decimal(refund.money):
                self._match(note, refund.order_id._dropship_customer_moves())
            payments = refund.money_ids.refund_transaction_id.payment_id
            self._match(note, payments.move_id)

    def _match(self, note, others):
        """Reconcile what is open of a credit note with what is open of other entries of the customer."""
        mine = note.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        for account, lines in mine.filtered(lambda item: not item.reconciled).grouped("account_id").items():
            open_ones = others.line_ids.filtered(
                lambda item, account=account: (
                    item.account_id == account
                    and not item.reconciled
                    and item.parent_state == "posted"
                    and item.balance > 0
                )
            )
            if open_ones:
                (lines | open_ones).reconcile()


class DropshipRefundLine(models.Model):
    _inherit = "dropship.refund.line"

    def _never_billed(self, step):
        """What the pieces cost on the order that will never be on an invoice."""
        self.ensure_one()
        off = Decimal(self.exact_qty) - decimal(self.qty_credited)
        if off <= ZERO:
            return NOTHING
        if self.lowered_parts:
            return self._parts_from(self.lowered_parts)
        line = self.order_line_id
        if not line.product_uom_qty:
            return NOTHING
        whole = line._dropship_ordered_parts(step)[line]
        share = Fraction(off) / Fraction(decimal(line.product_uom_qty))
        return share_of(whole, share, line.order_id._dropship_prices_included(), step)
