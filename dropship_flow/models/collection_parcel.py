"""Cash on delivery follows its parcels: out, there, refused, never left."""

from decimal import Decimal

from odoo import api, fields, models

from ..collecting import share
from .exact import decimal

# States of a parcel after which nothing is collected any more, unless it is delivered after all.
NOT_COLLECTED = ("returning", "returned", "lost", "cancelled")


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    dropship_collection_ids = fields.One2many(
        "dropship.collection", "shipment_id", string="Collects",
        groups="dropship_flow.group_dropship_user,account.group_account_invoice,account.group_account_readonly",
    )  # fmt: skip

    def _after_dispatch(self):
        """Override: each box takes its share of what is to be collected."""
        result = super()._after_dispatch()
        for shipment_sudo in self.sudo():  # suppliers and carriers report it, who read no order
            for order in shipment_sudo.order_ids.filtered("dropship_collection_ids"):
                shipment_sudo._take_collections(order)
        return result

    def _take_collections(self, order):
        """What of the planned amounts of an order is collected with this box; the rest waits for the next."""
        self.ensure_one()
        planned = order.dropship_collection_ids.filtered(lambda row: row.state == "planned")
        lines = self.line_ids.filtered(lambda line: line.sale_line_id.order_id == order and not line.is_part)
        for purchase, mine in lines.grouped(lambda line: line.purchase_line_id.order_id).items():
            row = planned.filtered(lambda one, purchase=purchase: one.purchase_id == purchase)
            if not row:
                continue
            left = order._dropship_open_values().get(purchase, Decimal(0))
            step = decimal(order.currency_id.rounding)
            amount = decimal(row.amount)
            if left:
                amount = share(amount, [mine._collect_value(), left], step)[0]
            known = order.dropship_collection_ids.filtered(
                lambda one, purchase=purchase: one.purchase_id == purchase
                and one.shipment_id == self and one.state != "cancelled"
            )  # fmt: skip
            rest = decimal(row.amount) - amount
            if known:  # the same box told in two steps
                known.amount = float(decimal(known.amount) + amount)
                row._set_state("cancelled") if not left else row.write({"amount": float(rest)})
            elif not left:
                row._set_state("out", shipment_id=self.id)
            else:
                row.amount = float(rest)
                row._add(order, {purchase: amount}, shipment_id=self.id, state="out")

    def _after_revert(self):
        """Override: what never left is collected with what does."""
        result = super()._after_revert()
        for row in self.sudo().dropship_collection_ids.filtered(lambda row: row.state == "out"):
            planned = row.order_id.dropship_collection_ids.filtered(
                lambda one, row=row: one.state == "planned" and one.purchase_id == row.purchase_id
            )
            if planned:
                planned.amount = float(decimal(planned.amount) + decimal(row.amount))
                row._set_state("cancelled")
            else:
                row._set_state("planned", shipment_id=False)
        return result

    def _after_fold(self, changes):
        """Override: delivered is owed by the carrier, refused is not."""
        result = super()._after_fold(changes)
        moved = [shipment for shipment, change in changes.items() if change.new != change.old or change.detail_changed]
        for shipment_sudo in self.browse(shipment.id for shipment in moved).sudo():
            rows = shipment_sudo.dropship_collection_ids
            if shipment_sudo.status == "delivered":
                rows._delivered(shipment_sudo.delivered_at)
            elif shipment_sudo._is_not_collected():
                rows._refused()
            elif rows.filtered(lambda row: row.state in ("delivered", "refused") and not row.credited):
                rows.filtered(lambda row: row.state in ("delivered", "refused") and not row.credited)._on_the_way()
        return result

    def _is_not_collected(self):
        self.ensure_one()
        refused = self.status == "exception" and self.detail == "refused"
        return self.status in NOT_COLLECTED or refused

    def _receive(self, how, moment):
        """Override: who has the goods has paid."""
        new = super()._receive(how, moment)
        new.sudo().dropship_collection_ids._delivered(moment)
        return new


class DropshipShipmentLine(models.Model):
    _inherit = "dropship.shipment.line"

    def _collect_value(self):
        """What customers pay for the goods of these lines. Decimal."""
        value = Decimal(0)
        for line in self:
            sale = line.sale_line_id
            rows = line.purchase_line_id.dropship_allocation_ids.filtered(lambda row, sale=sale: row.line_id == sale)
            living = sale.dropship_allocation_ids.filtered(lambda row: row.state != "released")
            kit = any(row.component for row in living)
            bases = {row: decimal((row.landed if kit else 0.0) or row.qty) for row in living}
            whole = sum(bases.values(), Decimal(0))
            bought = sum(rows.mapped("qty"))
            if whole and bought:
                mine = sum((bases[row] for row in rows if row in bases), Decimal(0))
                share_of_rows = min(decimal(line.qty) / decimal(bought), Decimal(1))
                value += decimal(max(sale.price_total, 0.0)) * mine / whole * share_of_rows
        return value


class DropshipCollection(models.Model):
    _inherit = "dropship.collection"

    def _delivered(self, moment):
        """The carrier has the money."""
        rows = self.filtered(lambda row: row.state in ("out", "refused") and not row.credited)
        rows._set_state("delivered", delivered_at=moment or fields.Datetime.now(), credit_check=False)

    def _on_the_way(self):
        """A scan that was wrong: it goes on."""
        self._set_state("out", delivered_at=False, credit_check=False)

    def _refused(self):
        """Nothing was collected, nothing is expected. What was invoiced of it is credited soon, outside of this."""
        rows = self.filtered(lambda row: row.state in ("out", "delivered"))
        if rows:
            rows._set_state("refused", delivered_at=False, credit_check=True)
            self.env.ref("dropship_flow.cron_collections")._trigger()


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _order_payload(self, purchase):
        """Override: how much the carrier has to collect, the only figure of the sale a supplier gets."""
        payload = super()._order_payload(purchase)
        if told := purchase._dropship_collect():
            payload["collect"] = told
        return payload


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_slip_pages(self):
        """Override: what the customer pays at the door stands on the slip of its parcel."""
        pages = super()._dropship_slip_pages()
        for page in pages:
            page["collect"] = self._dropship_collect_words(page["number"])
        return pages

    def _dropship_desk_facts(self):
        """Override: the supplier's page says what to have collected."""
        facts = super()._dropship_desk_facts()
        told = self._dropship_collect() if facts["state"] != "cancelled" else {}
        facts["collect"] = self._dropship_collect_words()
        facts["collect_parcels"] = [
            (number, self._dropship_collect_words(number)) for number in told.get("parcels", {})
        ]
        return facts

    def _dropship_desk_text(self):
        """Override: so does the message for the packer."""
        text = super()._dropship_desk_text()
        amount = self._dropship_collect_words()
        return f"{text}\n{self.env._('Collect on delivery')}: {amount}" if amount else text

    def _dropship_sheet_head(self):
        """Override: and the sheet, in the column of remarks."""
        head = super()._dropship_sheet_head()
        if amount := self._dropship_collect_words():
            head["collect"] = amount
        return head
