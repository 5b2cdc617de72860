"""What a loss is made of: what pieces cost, what was refunded, sent again and paid for ways, in one currency."""

from decimal import Decimal

from odoo import fields, models
from odoo.addons.dropship_flow.models.exact import decimal, trimmed

from ...claiming import Line
from ..refund.documents import NEVER_COMES

OF_PIECES = ("cost", "freight_out", "duties", "refunded")


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _dropship_loss(self, qty, currency, day, **more):
        """Pieces of a purchase as `claiming.Line`; costs by the purchase, ways by the plan they were bought with.

        :param Decimal qty: in the product's own unit
        :param currency: of the loss
        :param more: other fields of the line, or other values for these
        """
        self.ensure_one()
        rows = self.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        units = Decimal(str(self._dropship_units() or 0.0))
        share = qty / units if units else Decimal(0)
        company = self.company_id

        def money(amount, source):
            worth = source._convert(float(Decimal(str(amount)) * share), currency, company, day)
            return decimal(worth, currency.decimal_places)

        figures = {
            "qty": qty,
            "cost": money(self.price_subtotal, self.currency_id),
            "freight_out": money(sum(rows.mapped("freight")), company.currency_id),
            "duties": money(sum(rows.mapped("duty")), company.currency_id),
            "kinds": self.product_id._dropship_loss_kinds(),
            "weight": Decimal(str(self.product_id.weight)) * qty if self.product_id.weight else None,
        }
        return Line(more.pop("key", self.id), **{**figures, **more})


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _dropship_loss_kinds(self):
        """Words terms may exclude: the names of the product's tags."""
        tags = self.with_context(lang="en_US").all_product_tag_ids
        return frozenset(tag.name.strip().lower() for tag in tags)


class DropshipReturnLine(models.Model):
    _inherit = "dropship.return.line"

    def _refunded_of(self):
        """Money given back to the customer for the pieces of this line, without taxes, in the currency of the case.

        What was given back for the whole order, such as its freight, is spread over the lines by what they got.
        """
        self.ensure_one()
        # A way back the customer bears is no cost of ours, whoever laid it out.
        mine = [
            ("refund_id.return_id", "=", self.return_id.id),
            ("refund_id.state", "!=", "cancelled"),
            ("kind", "!=", "return_freight"),
        ]
        found = self.env["dropship.refund.line"].search(mine)
        lines = self.return_id.line_ids
        own = found.filtered(lambda row: row.order_line_id == self.order_line_id)
        named = found.filtered(lambda row: row.order_line_id in lines.order_line_id)
        net, total = (sum((trimmed(row.net) for row in rows), Decimal(0)) for rows in (own, named))
        rest = sum((trimmed(row.net) for row in found - named), Decimal(0))
        net += rest * net / total if total else rest / len(lines.order_line_id)
        same = lines.filtered(lambda line: line.order_line_id == self.order_line_id)
        return net * self._decimal() / sum(line._decimal() for line in same)

    def _freight_back_of(self):
        """What the way back of these pieces cost us, in the currency of the company."""
        self.ensure_one()
        found = Decimal(0)
        for box in self.order_line_id.dropship_shipment_line_ids.shipment_id:
            paid = sum(back.freight_back for back in box.back_ids if back.freight_back_payer == "us")
            whole = sum(box.line_ids.mapped("qty"))
            mine = sum(box.line_ids.filtered(lambda line: line.sale_line_id == self.order_line_id).mapped("qty"))
            found += trimmed(paid) * trimmed(mine) / trimmed(whole) if whole else Decimal(0)
        for row in self.env["dropship.return.parcel.line"].search([("line_id", "=", self.id)]):
            box = row.parcel_id
            whole = sum(trimmed(one.qty) for one in box.line_ids)
            if box.payer == "us" and not box.back_id and whole:
                found += trimmed(box.freight) * trimmed(row.qty) / whole
        return found

    def _labour_of(self):
        """What repairs the supplier answers for cost us, in the currency of the company."""
        self.ensure_one()
        repairs_sudo = self.env["repair.order"].sudo()  # who raises a claim need not read repairs
        done = repairs_sudo.search(
            [("dropship_case_line_id", "=", self.id), ("dropship_claimed", "=", True), ("state", "=", "done")]
        )
        return sum((trimmed(repair.dropship_cost) for repair in done), Decimal(0))

    def _shelved_of(self):
        """How many of the pieces lie on our shelf again, to be sold as any others."""
        self.ensure_one()
        shelf = self.company_id._dropship_back_warehouse().lot_stock_id
        found = Decimal(0)
        for row in self.env["dropship.return.parcel.line"].search([("line_id", "=", self.id)]):
            parts = row._parts()
            found += min((row._lies(part, shelf) / each for part, each in parts.items() if each), default=Decimal(0))
        return min(found, self._decimal())

    def _replaced_by(self):
        """Lines of orders that were sent instead of these pieces."""
        self.ensure_one()
        lines = self.env["sale.order.line"].search([("dropship_case_line_id", "=", self.id)])
        orders = self.order_line_id.dropship_shipment_line_ids.shipment_id.replacement_ids
        lines |= orders.order_line.filtered(lambda line: line.product_id == self.product_id)
        return lines.filtered(lambda line: line.order_id.state == "sale")

    def _dropship_case_loss(self, currency, day):
        """What is lost with these pieces: `claiming.Line`."""
        self.ensure_one()
        company = self.company_id

        def money(amount, source):
            worth = source._convert(float(amount), currency, company, day)
            return decimal(worth, currency.decimal_places)

        sent = self._replaced_by().dropship_allocation_ids.filtered(lambda row: row.state != "released")
        more = {
            "key": self.id,
            "refunded": money(self._refunded_of(), self.currency_id),
            "replacement": money(sum(sent.mapped("landed")), company.currency_id),
            "freight_back": money(self._freight_back_of(), company.currency_id),
            "labour": money(self._labour_of(), company.currency_id),
            "kept": self._is_kept(),
        }
        line = self._bought_loss(currency, day)._replace(**more)
        if off := self._called_off():
            left = 1 - off / line.qty
            line = line._replace(**{name: money(getattr(line, name) * left, currency) for name in OF_PIECES})
        if shelved := self._shelved_of():
            worth = (line.cost * shelved / line.qty).quantize(Decimal(1).scaleb(-currency.decimal_places))
            line = line._replace(saved=line.saved + worth)
        back = self._back_to_supplier()
        if not back:
            return line
        # He takes them back: they are on his credit note for goods, or were never billed.
        worth = (line.cost * back / line.qty).quantize(Decimal(1).scaleb(-currency.decimal_places))
        return line._replace(cost=line.cost - worth, saved=line.saved + worth)

    def _bought_loss(self, currency, day):
        """What the pieces cost where they were bought; of a kit its parts together."""
        rows = self.allocation_ids.filtered(lambda row: row.purchase_line_id and row.supplier_id == self.supplier_id)
        parts, sold = [], self.order_line_id
        for bought in rows.purchase_line_id:
            if bought.product_id == self.product_id:
                units = sold.product_uom_id._compute_quantity(self.qty, self.product_id.uom_id, round=False)
                units = min(units, bought._dropship_units()) if len(rows.purchase_line_id) > 1 else units
            else:
                units = bought._dropship_units() * self.qty / (sold.product_uom_qty or 1.0)
            parts.append(bought._dropship_loss(trimmed(units), currency, day))
        if not parts:
            return Line(self.id, self._decimal())
        weights = [part.weight for part in parts]
        return parts[0]._replace(
            qty=self._decimal(),
            cost=sum((part.cost for part in parts), Decimal(0)),
            freight_out=sum((part.freight_out for part in parts), Decimal(0)),
            duties=sum((part.duties for part in parts), Decimal(0)),
            kinds=frozenset().union(*(part.kinds for part in parts)),
            weight=None if None in weights else sum(weights, Decimal(0)),
        )

    def _called_off(self):
        """How many pieces are off the order and nobody sells us any more: they cost nobody anything."""
        self.ensure_one()
        sold = self.order_line_id
        mine = [
            ("refund_id.return_id", "=", self.return_id.id), ("order_line_id", "=", sold.id),
            ("kind", "in", NEVER_COMES), ("done", "=", True),
        ]  # fmt: skip
        off = sum((trimmed(row.qty) for row in self.env["dropship.refund.line"].search(mine)), Decimal(0))
        bought = self.allocation_ids.filtered("purchase_line_id")
        if off and bought and bought.product_id == self.product_id:  # the supplier may have said no
            wanted = sold.product_uom_id._compute_quantity(sold.product_uom_qty, self.product_id.uom_id, round=False)
            off -= max(sum((trimmed(row.qty) for row in bought), Decimal(0)) - trimmed(wanted), Decimal(0))
        return max(min(off, self._decimal()), Decimal(0))

    def _is_kept(self):
        """The customer keeps the pieces and pays for them, less what he was given back."""
        kinds = {resolution.kind for resolution in self.return_id.resolution_ids if resolution.state != "cancelled"}
        return "keep" in kinds or (bool(kinds) and kinds <= {"nothing", "repair", "spare_part"})

    def _back_to_supplier(self):
        """How many go back to the supplier, or came there."""
        if self.return_id.destination != "supplier":
            return Decimal(0)
        return max(Decimal(str(self.qty_back)) - Decimal(str(self.qty_lost)), Decimal(0))


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    def _loss_lines(self, currency, **more):
        """What is in the parcels, as {key: (claiming.Line, vals of `dropship.claim.line`)}.

        Pieces a customer was helped about in a case count with what that cost.
        """
        day, found = fields.Date.context_today(self), {}
        for line in self.line_ids.filtered(lambda line: not line.is_part and line.purchase_line_id):
            bought = line.purchase_line_id
            cases = line.sale_line_id.dropship_return_line_ids.filtered(
                lambda row: row.return_id.acceptance == "accepted" and row.reason_id.liable in ("carrier", "supplier")
            )
            left = trimmed(line.qty)
            for row in cases if not more else ():
                left -= row._decimal()
                found[f"case {row.id}"] = (
                    row._dropship_case_loss(currency, day)._replace(key=f"case {row.id}"),
                    {"return_line_id": row.id, "purchase_line_id": bought.id, "product_id": line.product_id.id},
                )
            if left > 0:
                key = f"box {line.id}"
                found[key] = (
                    bought._dropship_loss(left, currency, day, key=key, **more),
                    {"purchase_line_id": bought.id, "product_id": line.product_id.id},
                )
        return found
