from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..sheets import carriers


class DropshipShipEnter(models.TransientModel):
    """The order desk types what left, as the supplier said it by phone or in a chat."""

    _name = "dropship.ship.enter"
    _description = "Enter a Shipment"

    purchase_id = fields.Many2one("purchase.order", required=True, readonly=True, ondelete="cascade")
    purchase_name = fields.Char(string="Of Purchase", compute="_compute_purchase", compute_sudo=True)
    carrier = fields.Selection(selection="_carriers", help="Empty: recognised from the number, where possible.")
    carrier_text = fields.Char(string="Other Carrier", help="In his words, when the carrier is not in the list.")
    numbers = fields.Text(
        string="Tracking Numbers",
        help="One per line. With quantities below, the first number holds them and the others are further boxes of the "
        "same goods.",
    )
    left = fields.Boolean(string="It Has Left", help="Do not wait for the carrier's first scan.")
    waits_for_scan = fields.Boolean(compute="_compute_purchase", compute_sudo=True)
    line_ids = fields.One2many("dropship.ship.enter.line", "wizard_id", string="Goods")

    @api.model
    def _carriers(self):
        lang = self.env.lang or "en_US"
        return sorted(((code, carriers.name_of(code, lang)) for code in carriers.CARRIERS), key=lambda row: row[1])

    @api.depends("purchase_id")
    def _compute_purchase(self):
        for wizard in self:
            purchase = wizard.purchase_id
            wizard.purchase_name = f"{purchase.name} · {purchase.dropship_warehouse_id.supplier_id.name or ''}"
            wizard.waits_for_scan = purchase.dropship_warehouse_id.supplier_id.ship_trust == "scan"

    @api.model
    def _check_desk(self, purchase):
        """The order desk of the company says what left, whether or not it may read purchases."""
        company = purchase.sudo().company_id
        if company not in self.env.companies or not self.env.user.has_group("dropship_flow.group_dropship_user"):
            purchase.check_access("write")

    @api.model
    def _open(self, purchase):
        """The form, filled with all that still waits."""
        self._check_desk(purchase)
        purchase_sudo = purchase.sudo()  # what is open is counted on rows; the right to the purchase was asked for
        if purchase_sudo.state not in ("sent", "purchase") or not purchase_sudo.dropship_warehouse_id:
            raise UserError(self.env._("%s is not with its supplier: nothing of it can have left.", purchase_sudo.name))
        lines = []
        for line in purchase_sudo.order_line.filtered(lambda row: row.product_id and row.product_qty):
            factor = line._dropship_factor()
            # Before he accepts there are no moves to count.
            units = line._dropship_open_units() if purchase_sudo.state == "purchase" else line._dropship_units()
            if line._dropship_is_some(units):
                open_qty = round(units / factor, 6)
                lines.append(
                    {"purchase_line_id": line.id, "sku": line._dropship_sku(), "open_qty": open_qty, "qty": open_qty}
                )
        if not lines:
            raise UserError(self.env._("All of %s has left.", purchase_sudo.name))
        wizard = self.create({"purchase_id": purchase.id, "line_ids": [Command.create(vals) for vals in lines]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Shipment"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_enter(self):
        """Hand the notice in as if the supplier's own system had sent it."""
        self.ensure_one()
        self._check_desk(self.purchase_id)
        purchase = self.purchase_id.sudo()  # the desk need not read purchases to say what left
        told = self.line_ids.filtered("qty")
        if not told:
            raise UserError(self.env._("Nothing is in the parcel: enter at least one quantity."))
        if any(line.qty < 0 for line in self.line_ids):
            raise UserError(self.env._("A quantity cannot be negative."))
        numbers = purchase._dropship_numbers(self.numbers)
        carrier = carriers.name_of(self.carrier or "") or (self.carrier_text or "").strip()
        whole = all(line.qty == line.open_qty for line in self.line_ids)
        goods = [] if whole else [{"line": str(line.purchase_line_id.id), "sku": "", "qty": line.qty} for line in told]
        if whole:
            parcels = [{"number": number, "carrier": carrier, "lines": []} for number in numbers]
        else:
            parcels = [{"number": " / ".join(numbers), "carrier": carrier, "lines": goods}]
        purchase.with_context(dropship_left=self.left)._dropship_say_by_hand({"status": "shipped", "parcels": parcels})
        return {"type": "ir.actions.act_window_close"}


class DropshipShipEnterLine(models.TransientModel):
    _name = "dropship.ship.enter.line"
    _description = "Goods in a Shipment"

    wizard_id = fields.Many2one("dropship.ship.enter", required=True, ondelete="cascade")
    purchase_line_id = fields.Many2one("purchase.order.line", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="purchase_line_id.product_id")
    sku = fields.Char(string="His SKU", readonly=True)
    open_qty = fields.Float(string="Waits", digits="Product Unit", readonly=True, help="In units of his SKU.")
    qty = fields.Float(string="In the Parcel", digits="Product Unit")
