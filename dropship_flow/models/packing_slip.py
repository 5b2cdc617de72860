"""What lies in the parcel: sender, recipient and goods in the customer's language – no price, no supplier."""

from odoo import models

from ..address import ship_to as frozen


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_slip_lang(self):
        """The customer's language, where it is installed."""
        self.ensure_one()
        wanted = self.sudo().dropship_sale_id.partner_id.lang or self.dest_address_id.lang
        return wanted if wanted and self.env["res.lang"].sudo()._lang_get(wanted) else (self.env.lang or "en_US")

    def _dropship_slip_pages(self):
        """The slips of a purchase, one for each parcel that is packed on its own; plain data by allow-list.

        :return: [{reference, sender, recipient, phone, lines, gift, number, of}]
        """
        self.ensure_one()
        # The supplier prints the slip of his purchase without reading its sale or its customer.
        order_sudo = self.sudo().with_context(lang=self._dropship_slip_lang(), display_default_code=False)
        address = order_sudo._dropship_ship_to() or order_sudo.dest_address_id._dropship_ship_to()
        sender = order_sudo._dropship_sender() or {"name": order_sudo.company_id.name}
        parcels = order_sudo._dropship_slip_parcels()
        common = {
            "reference": order_sudo.name,
            "sender": {name: sender.get(name) or "" for name in ("name", "phone", "address")},
            "recipient": frozen.lines(address),
            "phone": address.get("phone") or "",
            "gift": order_sudo.dropship_gift_note or "",
        }
        return [
            {**common, "lines": lines, "number": number, "part": part, "of": len(parcels)}
            for part, (number, lines) in enumerate(parcels, 1)
        ]

    def _dropship_slip_parcels(self):
        """[(tracking number, lines)]: one for each transfer of its own, or the whole purchase."""
        pickings = self.picking_ids.filtered(
            lambda picking: (
                picking.picking_type_id.code == "dropship" and not picking.return_id and picking.state != "cancel"
            )
        ).sorted("id")
        if len(pickings) > 1:
            return [
                (
                    picking.carrier_tracking_ref or "",
                    [
                        self._dropship_slip_line(
                            move.purchase_line_id,
                            move.product_id,
                            move.quantity if move.state == "done" else move.product_uom_qty,
                            move.product_uom,
                        )
                        for move in picking.move_ids
                        if move.state != "cancel"
                    ],
                )
                for picking in pickings
            ]
        lines = self.order_line.filtered(lambda line: line.product_qty > 0 and not line.display_type)
        return [
            (
                pickings.carrier_tracking_ref or "",
                [
                    self._dropship_slip_line(line, line.product_id, line.product_qty, line.product_uom_id)
                    for line in lines
                ],
            )
        ]

    def _dropship_slip_line(self, line, product, qty, unit):
        product = product.with_context(
            **{name: self.env.context.get(name) for name in ("lang", "display_default_code")}
        )
        units = unit._compute_quantity(qty, product.uom_id)
        return {
            "name": product.display_name,
            "qty": f"{round(units, 3):g}",
            "unit": product.uom_id.with_context(lang=self.env.context.get("lang")).name,
            "personalisation": line.dropship_personalisation or "",
        }

    def _dropship_slip_name(self):
        """The file's name; it names nobody."""
        self.ensure_one()
        return self.env._("Packing slip %s", self.name)

    def _dropship_slip_pdf(self):
        """The slip as PDF, for who has been found to have the right to the purchase."""
        reports_sudo = self.env["ir.actions.report"].sudo()
        content, _kind = reports_sudo._render_qweb_pdf("dropship_flow.action_report_packing_slip", self.ids)
        return content

    def action_dropship_packing_slip(self):
        return self.env.ref("dropship_flow.action_report_packing_slip").report_action(self)
