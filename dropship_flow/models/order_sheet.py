"""Orders as a sheet for the supplier, in his words and units, with room for the numbers."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..sheets import order_sheet


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_order_sheet(self, lang="en_US"):
        """(file name, XLSX) of what still waits to leave; the orders of one supplier.

        :raise UserError: for orders of several suppliers: none may see another's
        """
        orders = self.filtered(lambda order: order.sudo().dropship_warehouse_id and order.state in ("sent", "purchase"))
        suppliers = orders.sudo().dropship_warehouse_id.supplier_id
        if len(suppliers) > 1:
            raise UserError(self.env._("These orders are of several suppliers. A sheet is for one of them."))
        rows = orders.sudo().with_context(lang=lang)._dropship_sheet_rows()
        today = fields.Date.context_today(self).isoformat()
        name = f"发货单-{today}.xlsx" if lang.startswith("zh") else f"orders-{today}.xlsx"
        return name, order_sheet.build(rows, lang)

    def _dropship_sheet_rows(self):
        """One row for each line with something left to ship: what shipping needs and nothing more."""
        rows = []
        for order in self.sorted("id"):
            head = order._dropship_sheet_head()
            for line in order.order_line.filtered("product_id"):
                units = line._dropship_open_units()
                if line._dropship_is_some(units):
                    rows.append({**head, **line._dropship_sheet_goods(units), "ref": order.name})
        return rows

    def _dropship_sheet_head(self):
        """Where the parcels of a purchase go, and what is to lie in them."""
        self.ensure_one()
        ship_to = self._dropship_ship_to() or self.dest_address_id._dropship_ship_to()
        sender = self._dropship_sender() or {"name": self.company_id.name, "phone": "", "address": ""}
        names = [ship_to["name"], ship_to["company"] if ship_to["company"] != ship_to["name"] else ""]
        return {
            "recipient": " · ".join(filter(None, names)),
            "phone": ship_to["phone"],
            "state": ship_to["state_name"],
            "city": ship_to["city"],
            "district": ship_to["district"],
            "street": " ".join(filter(None, (ship_to["street"], ship_to["street2"]))),
            "zip": ship_to["zip"],
            "country": ship_to["country_name"] or ship_to["country"],
            "message": self.dropship_buyer_message or "",
            "gift_note": self.dropship_gift_note or "",
            "sender": " · ".join(filter(None, (sender["name"], sender["phone"], sender["address"]))).replace("\n", " "),
            "carrier": self.dropship_carrier_wish or "",
        }

    def action_dropship_order_sheet(self):
        """Sheets of the chosen orders, one for each supplier, kept and downloaded."""
        self.check_access("read")
        return self._dropship_keep_sheets()

    def _dropship_keep_sheets(self):
        files, sheets = self.env["dropship.file"], self._dropship_by_supplier()
        for (supplier, company), orders in sheets.items():
            files |= files._keep_sheet(supplier, company, orders)
        if not files:
            raise UserError(self.env._("None of these orders waits to be shipped. Choose orders that are sent."))
        if len(files) == 1:
            return files._download()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.file",
            "name": self.env._("Order Sheets"),
            "view_mode": "list,form",
            "domain": [("id", "in", files.ids)],
        }

    def _dropship_by_supplier(self):
        """{(supplier, company): orders of ours that are with him}."""
        ours = self._ours().filtered(lambda order: order.state in ("sent", "purchase"))
        return ours.grouped(lambda order: (order.sudo().dropship_warehouse_id.supplier_id, order.company_id))


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _dropship_sheet_goods(self, units):
        """The goods of a line in the supplier's words and units."""
        self.ensure_one()
        offer_sudo = self.sudo().dropship_allocation_ids.offer_id[:1]
        values = self.product_id.product_template_attribute_value_ids._get_combination_name()
        message = "\n".join(filter(None, (self.order_id.dropship_buyer_message, self.dropship_personalisation)))
        return {
            "key": f"{self.order_id.name}:{self.id}",
            "sku": self._dropship_sku(),
            "name": offer_sudo.name or self.product_id.display_name,
            "spec": values or "",
            "qty": round(units / self._dropship_factor(), 6),
            "message": message,
        }


class DropshipFile(models.Model):
    _inherit = "dropship.file"

    def _keep_sheet(self, supplier, company, orders):
        """A sheet of orders, kept: it holds customers' addresses, so it is written down who took it."""
        lang = supplier.partner_id.lang or self.env.lang or "en_US"
        name, content = orders._dropship_order_sheet(lang)
        rows = orders.sudo()._dropship_sheet_rows()
        if not rows:
            return self.browse()
        file_sudo = self.sudo()  # the desk reads files; they are written by what it does
        made = file_sudo.create(
            {
                "name": name,
                "direction": "out",
                "kind": "sheet",
                "state": "handed",
                "supplier_id": supplier.id,
                "company_id": company.id,
                "content": base64.b64encode(content),
                "orders": len({row["ref"] for row in rows}),
                "lines": len(rows),
                "units": sum(row["qty"] for row in rows),
                "handed_at": fields.Datetime.now(),
                "handed_by_id": self.env.user.id,
            }
        )
        return made.sudo(False)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def action_dropship_order_sheet(self):
        """The sheet of all this supplier has to ship."""
        self.ensure_one()
        self.check_access("read")
        self.env["dropship.file"]._check_desk()
        # The desk tells suppliers what to ship, whether or not it may read purchases.
        orders_sudo = self.env["purchase.order"].sudo()
        orders_sudo = orders_sudo.search(
            [
                ("dropship_warehouse_id.supplier_id", "=", self.id),
                ("state", "in", ("sent", "purchase")),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        waiting = orders_sudo.filtered(lambda order: order.state == "sent" or order._dropship_awaits_notice())
        return waiting._dropship_keep_sheets()

    def action_dropship_upload(self):
        """Bring in what he sent back."""
        self.ensure_one()
        return self.env["dropship.file.upload"]._open(supplier=self)
