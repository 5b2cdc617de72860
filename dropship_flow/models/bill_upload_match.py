"""What a bill is about: its lines beside the lines of the supplier's purchases, and what speaks against them."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import bill_files
from ..bill_files import Bought, Found, Line, Matcher, number_key
from .bill_text import bill_reasons
from .exact import trimmed

BILLS = ("in_invoice", "in_refund")
TINY = Decimal("0.000001")


class DropshipBillUpload(models.Model):
    _inherit = "dropship.bill.upload"

    def _match(self, bill=None):
        """Find what the lines are about and say where the bill stands; what is matched is entered."""
        self.ensure_one()
        bill = bill or bill_files.from_json(self.told)
        fixed = {(line.place, line.sku or "", line.name or ""): line for line in self.line_ids.filtered("fixed")}
        orders, foreign = self._orders_named(bill)
        orders |= self.line_ids.filtered("fixed").purchase_line_id.order_id
        bought = self._bought(orders)
        if not self.currency_id:
            self.currency_id = orders[:1].currency_id or self.supplier_id.currency_id
        reasons = bill_reasons(bill.problems)
        if self._by_orders(bill):
            pairs = self._expected_lines(bill, bought, foreign, reasons)
        else:
            pairs = self._pairs(bill, bought, foreign, fixed)
        meant = orders.browse().union(*{found.order for _line, found in pairs if found.order})
        reasons += self._reasons_against(bill, meant)
        held = bool(reasons) or any(found.holds for _line, found in pairs)
        differences = self._charges_against(pairs, meant)
        self._keep_lines(pairs)
        state = "held" if held else "differs" if differences or any(found.reasons for _l, found in pairs) else "matched"
        self._settle(state, reasons + differences, meant)

    def _settle(self, state, reasons, orders):
        """Where the bill stands. A number is taken by the first who has it; the second waits for it and sees it."""
        key = bill_files.number_key(self.number) if state != "held" else False
        with self._first_come():
            self._set_state(state, reasons=reasons, number_key=key, purchase_ids=[(6, 0, orders.ids)])
            self.flush_recordset()
        if state == "matched" and self.source != "mail":
            # Anybody can write a mail in somebody's name: those a person enters.
            self._enter()

    def _by_orders(self, bill):
        """Whether the bill only says which orders it is for, and a total."""
        if self._is_paper():
            return True
        said = any(line.qty is not None or line.sku or line.key for line in bill.goods)
        return bool(self.message) and not said

    # ------------------------------------------------------------------
    # The orders
    # ------------------------------------------------------------------

    def _purchase_domain(self):
        """The purchases of this supplier in this company that were sent to him."""
        warehouses = self.supplier_id.with_context(active_test=False).warehouse_ids
        return (
            Domain("dropship_warehouse_id", "in", warehouses.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", ("sent", "purchase"))
        )

    def _orders_named(self, bill):
        """(purchases the bill names by our number, his, or a line's key; keys of numbers that are not his)."""
        purchases = self.env["purchase.order"]
        refs = list(dict.fromkeys([*bill.refs, *(line.ref for line in bill.lines if line.ref)]))
        keys = {line.key.rpartition(":")[2].strip() for line in bill.lines}
        lines = [int(key) for key in keys if key.isdecimal() and len(key) < 10]
        named = Domain("name", "in", refs) | Domain("partner_ref", "in", refs) | Domain("order_line", "in", lines)
        found = purchases.search(self._purchase_domain() & named) if refs or lines else purchases
        known = {number_key(ref) for order in found for ref in self._numbers_of(order)}
        missing = [ref for ref in refs if number_key(ref) not in known]
        if missing:
            found |= self._orders_like({number_key(ref) for ref in missing})
        known = {number_key(ref) for order in found for ref in self._numbers_of(order)}
        missing = [ref for ref in missing if number_key(ref) not in known]
        foreign = purchases.search([("name", "in", missing)]).mapped("name") if missing else []
        return found, {number_key(name) for name in foreign}

    def _orders_like(self, keys):
        """Purchases whose number is one of these when signs, spaces and capitals do not count."""
        purchases = self.env["purchase.order"]
        query = purchases._search(self._purchase_domain())
        name, ref = SQL.identifier("purchase_order", "name"), SQL.identifier("purchase_order", "partner_ref")
        plain = SQL("upper(regexp_replace(concat(%s, ' ', %s), '[^[:alnum:]]', '', 'g'))", name, ref)
        query.add_where(SQL("%s LIKE ANY(%s)", plain, [f"%{key}%" for key in sorted(keys) if key][:500]))
        found = purchases.browse(query)
        return found.filtered(lambda order: keys & {number_key(ref) for ref in self._numbers_of(order)})

    def _numbers_of(self, order):
        return [order.name, *bill_files.refs_of(order.partner_ref or "")]

    def _bought(self, orders):
        """The lines of purchases as `matching` wants them."""
        lines = orders.order_line.filtered(lambda line: line.product_qty and not line.display_type)
        billed = self._billed(lines)
        refs = {order: tuple(self._numbers_of(order)) for order in orders}
        result = []
        for line in lines:
            ratio = self._units_per_sku(line)
            ordered = line.product_qty / ratio
            result.append(
                Bought(
                    str(line.id),
                    refs[line.order_id],
                    line._dropship_sku(),
                    trimmed(ordered),
                    trimmed(line.qty_received / ratio),
                    trimmed(billed[line.id] / ratio),
                    trimmed(line.price_subtotal / ordered),
                    order=line.order_id,
                )
            )
        return result

    def _units_per_sku(self, line):
        """How many units of the purchase line one unit of the supplier's SKU is."""
        units = line._dropship_units()
        return line.product_qty * line._dropship_factor() / units if units else 1.0

    def _billed(self, lines):
        """{line id: quantity on other bills, less what was credited}; drafts we made ourselves count for nothing."""
        result = defaultdict(float)
        moves = self.env["account.move.line"].search(
            [
                ("purchase_line_id", "in", lines.ids),
                ("dropship_charge", "=", False),  # an allowance gives no goods back
                ("move_id.move_type", "in", BILLS),
                ("parent_state", "!=", "cancel"),
            ]
        )
        for row in moves:
            if row.move_id == self.move_id or row.move_id._dropship_is_own_draft():
                continue
            sign = 1 if row.move_id.move_type == "in_invoice" else -1
            quantity = row.product_uom_id._compute_quantity(
                row.quantity, row.purchase_line_id.product_uom_id, round=False
            )
            result[row.purchase_line_id.id] += sign * quantity
        return result

    # ------------------------------------------------------------------
    # Line by line
    # ------------------------------------------------------------------

    def _pairs(self, bill, bought, foreign, fixed):
        """[(line of the bill, Found)]"""
        matcher = Matcher(bought, foreign, bill.kind)
        digits = self.currency_id.decimal_places
        refs = list(dict.fromkeys(ref for ref in bill.refs if number_key(ref) in matcher.by_ref)) or bill.refs
        pairs = []
        for line in bill.lines:
            said = fixed.get((line.place, line.sku, line.name))
            key = str(said.purchase_line_id.id) if said and said.purchase_line_id else None
            if line.charge and not line.ref:
                pairs.append((line, Found()))
                continue
            found = matcher.find(line, refs, key)
            if found.bought:
                matcher.judge(line, found, self._allowed())
            pairs.append((line, found))
        header = matcher.find(Line("", charge="freight"), refs)
        return self._shared(pairs, header, digits)

    def _allowed(self):
        """By how much an amount may differ on a bill that is entered by itself."""
        return trimmed(self.currency_id.rounding or 0.01)

    def _shared(self, pairs, header, digits):
        """Charges of the whole bill belong to its orders: each gets its part, by what is expected, else by its goods.

        :param header: Found for the numbers at the head of the bill
        """
        goods = defaultdict(Decimal)
        for line, found in pairs:
            if found.bought and not line.charge:
                goods[found.order] += line.amount or Decimal(0)
        orders = list(goods)
        due = self._expected(self.env["purchase.order"].union(*orders))
        result = []
        for line, found in pairs:
            if not line.charge or line.ref or not orders or line.amount is None:
                alone = line.charge and not line.ref and not orders
                result.append((line, Found(order=header.order, reasons=list(header.reasons)) if alone else found))
                continue
            expected = [trimmed(due[order, line.charge]) for order in orders]
            weights = expected if any(expected) else [abs(goods[order]) for order in orders]
            for order, part in zip(orders, bill_files.share(line.amount, weights, digits), strict=True):
                if part or len(orders) == 1:
                    piece = Line(**{**vars(line), "amount": part, "ref": order.name, "tax": None})
                    result.append((piece, Found(order=order)))
        return result

    def _expected_lines(self, bill, bought, foreign, reasons):
        """What the orders come to by themselves: all that left and is not billed, with freight and fees expected."""
        matcher = Matcher(bought, foreign, bill.kind)
        refs = list(dict.fromkeys([*bill.refs, *(line.ref for line in bill.lines if line.ref)]))
        reasons += bill_reasons(
            [(*matcher._no_order([ref]), "") for ref in refs if number_key(ref) not in matcher.by_ref]
        )
        pairs = []
        for row in bought:
            left = row.billed if bill.kind == "credit" else row.shipped - row.billed
            if left > TINY:
                amount = trimmed(self.currency_id.round(float(left * row.price)))
                line = Line("", ref=row.refs[0], sku=row.sku, qty=left, price=row.price, amount=amount)
                pairs.append((line, Found(row, order=row.order)))
        names = dict(self.env["account.move.line"]._dropship_charges())
        orders = list({found.order: None for _line, found in pairs}) if bill.kind == "invoice" else []
        due = self._expected(self.env["purchase.order"].union(*orders))
        for order in orders:
            for kind in ("freight", "fee"):
                amount = trimmed(self.currency_id.round(due[order, kind]))
                if amount:
                    pairs.append(
                        (Line("", ref=order.name, name=names[kind], charge=kind, amount=amount), Found(order=order))
                    )
        if bought and not pairs:
            reasons += bill_reasons([("nothing_open", {}, "")])
        return pairs

    def _keep_lines(self, pairs):
        """Write the lines; those that are there already keep what was said about them."""
        before = defaultdict(list)
        for line in self.line_ids:
            before[line.place or "", line.charge or "", line.sku or "", line.ref or ""].append(line)
        kept, new = self.line_ids.browse(), []
        for number, (line, found) in enumerate(pairs):
            vals = self._line_values(number, line, found)
            same = before[line.place or "", line.charge or "", line.sku or "", line.ref or ""]
            if same:
                record = same.pop(0)
                record.write(vals)
                kept |= record
            else:
                new.append(vals)
        (self.line_ids - kept).unlink()
        self.env["dropship.bill.upload.line"].create(new)

    def _line_values(self, number, line, found):
        row = found.bought
        state = "held" if found.holds else "differs" if found.reasons else "matched"
        return {
            "upload_id": self.id,
            "sequence": number,
            "place": line.place or False,
            "charge": line.charge or False,
            "ref": line.ref or False,
            "sku": line.sku or False,
            "name": line.name or False,
            "quantity": float(line.qty or 0),
            "price": float(line.price or 0),
            "rate": float(line.rate or 0),
            "amount": float(line.amount or 0),
            "purchase_id": found.order.id if found.order else False,
            "purchase_line_id": int(row.key) if row else False,
            "agreed_price": float(row.price) if row else 0.0,
            "ordered_quantity": float(row.ordered) if row else 0.0,
            "shipped_quantity": float(row.shipped) if row else 0.0,
            "billed_quantity": float(row.billed) if row else 0.0,
            "state": state,
            "reasons": bill_reasons([(code, params, line.place) for code, params in found.reasons]),
        }
