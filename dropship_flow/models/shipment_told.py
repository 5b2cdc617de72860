"""What the supplier sees of boxes he announced: for him they have left, whatever we still wait for."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_awaits_notice(self):
        """Whether the supplier still has to tell what left."""
        self.ensure_one()
        return bool(self._dropship_waiting_transfers()) and not self.dropship_all_announced

    def _dropship_told_numbers(self):
        """The numbers the supplier gave, those that wait for a scan included, each once."""
        left = [number for picking in self._dropship_done_transfers() for number in picking._dropship_numbers_list()]
        return list(dict.fromkeys(left + self._dropship_announced_boxes().sorted("id").mapped("number")))

    def _dropship_answer_state(self):
        """Override: who announced everything is not asked again."""
        state = super()._dropship_answer_state()
        return "shipped" if state == "ship" and self.sudo().dropship_all_announced else state

    def _dropship_desk_state(self):
        """Override: who announced everything is not asked again."""
        state = super()._dropship_desk_state()
        return "shipped" if state == "ship" and self.dropship_all_announced else state

    def _dropship_desk_open(self, line):
        """Override: what is announced is not open any more."""
        left = super()._dropship_desk_open(line)
        record = self.order_line.filtered(lambda row: str(row.id) == line["line"])
        announced = record._dropship_announced() if record else 0.0
        if not announced:
            return left
        return round(max(left - line["qty"] * announced / (record._dropship_units() or 1.0), 0.0), 6)

    def _dropship_desk_facts(self):
        """Override: the numbers that wait for a scan stand beside the others."""
        facts = super()._dropship_desk_facts()
        for box in self._dropship_announced_boxes().sorted("id"):
            facts["numbers"].append((box.number, format_date(self.env, box.announced_at)))
        return facts

    def _dropship_desk_stamp(self):
        """Override: an announced box makes the page another one."""
        stamp = super()._dropship_desk_stamp()
        boxes = self._dropship_announced_boxes().sorted("id")
        said = ",".join(f"{row.shipment_id.id}:{row.qty:g}" for row in boxes.line_ids.sorted("id"))
        return f"{stamp}-{said}" if said else stamp


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def _desk_domain(self, tab="", since=None):
        """Override: announced orders stand among the shipped ones."""
        domain = super()._desk_domain(tab, since)
        if tab == "ship":
            return domain & Domain("dropship_all_announced", "=", False)
        if tab == "shipped":
            waiting = Domain("state", "=", "purchase") & Domain("dropship_all_announced", "=", True)
            return domain | (super()._desk_domain("", since) & waiting)
        return domain

    @api.model
    def _desk_search(self, text):
        """Override: announced numbers are found as well."""
        found = super()._desk_search(text)
        text = (text or "").strip()[:100]
        if not text:
            return found
        return found | Domain("order_line.dropship_shipment_line_ids.shipment_id.number", "ilike", text)


class DropshipSupplierApi(models.AbstractModel):
    _inherit = "dropship.supplier.api"

    @api.model
    def _state_domain(self, state):
        """Override: the same words as on the page."""
        domain = super()._state_domain(state)
        announced = Domain("dropship_all_announced", "=", True)
        if state == "to_ship":
            return domain & ~announced
        if state == "shipped":
            return domain | (Domain("state", "in", ("purchase", "done")) & announced)
        return domain

    @api.model
    def _parcels_view(self, order):
        """Override: announced parcels are told as parcels."""
        boxes = order._dropship_announced_boxes().sorted("id")
        return super()._parcels_view(order) + [
            {"number": box.number, "carrier": box.carrier_title or ""} for box in boxes
        ]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_flush_keys(self):
        self.env["dropship.shipment"].flush_model(["number", "order_id"])
        self.env["dropship.shipment.line"].flush_model(["shipment_id", "sale_line_id"])
        return super()._dropship_flush_keys()

    def _dropship_key_queries(self, typed):
        """Override: the number of a parcel finds every order it carries goods of, also before it has left."""
        yield from super()._dropship_key_queries(typed)
        if typed.numbers:
            numbers = list(typed.numbers)
            yield SQL(
                "SELECT box.order_id FROM dropship_shipment box"
                " WHERE box.order_id IS NOT NULL AND box.number ILIKE ANY(%s)",
                numbers,
            )
            yield SQL(
                "SELECT line.order_id FROM dropship_shipment box"
                " JOIN dropship_shipment_line contents ON contents.shipment_id = box.id"
                " JOIN sale_order_line line ON line.id = contents.sale_line_id WHERE box.number ILIKE ANY(%s)",
                numbers,
            )
