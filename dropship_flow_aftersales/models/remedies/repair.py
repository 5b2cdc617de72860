"""Repair: a repair order for each line of the case, free under warranty, otherwise by a quote the customer accepts."""

from odoo import Command, fields, models
from odoo.exceptions import UserError

READERS = "dropship_flow.group_dropship_user,stock.group_stock_user"
PAYERS = [("customer", "Customer"), ("us", "Us"), ("supplier", "Supplier")]


class RepairOrder(models.Model):
    _inherit = "repair.order"

    dropship_resolution_id = fields.Many2one(
        "dropship.resolution",
        string="For Resolution",
        copy=False,
        readonly=True,
        ondelete="restrict",
        groups=READERS,
        index="btree_not_null",
    )
    dropship_return_id = fields.Many2one(related="dropship_resolution_id.return_id", string="For Case", groups=READERS)
    dropship_case_line_id = fields.Many2one(
        "dropship.return.line", string="Stands For", copy=False, readonly=True, ondelete="restrict", groups=READERS
    )
    dropship_order_id = fields.Many2one(related="dropship_case_line_id.order_id", string="Sold With", groups=READERS)
    dropship_repairer_id = fields.Many2one(
        "dropship.supplier", string="Repaired by Supplier", copy=False, readonly=True, groups=READERS
    )
    dropship_warranty_until = fields.Datetime(string="Warranty Until", copy=False, readonly=True, groups=READERS)
    dropship_payer = fields.Selection(
        PAYERS, string="Who Pays the Ways", copy=False, readonly=True, groups=READERS, help="There and back."
    )
    dropship_claimed = fields.Boolean(
        string="Supplier Pays", copy=False, readonly=True, groups=READERS, help="His warranty to us holds."
    )
    dropship_currency_id = fields.Many2one(related="company_id.currency_id", groups=READERS)
    dropship_cost = fields.Monetary(
        string="Cost of the Parts",
        compute="_compute_dropship_cost",
        currency_field="dropship_currency_id",
        groups=READERS,
    )
    dropship_back_id = fields.Many2one(
        "stock.picking", string="Sent Back By", copy=False, readonly=True, groups=READERS, ondelete="set null"
    )

    _dropship_once = models.UniqueIndex(
        "(dropship_resolution_id, dropship_case_line_id)"
        " WHERE dropship_resolution_id IS NOT NULL AND state != 'cancel'",
        "This is being repaired already.",
    )

    def _compute_dropship_cost(self):
        for repair in self:
            parts = repair.sudo().move_ids.filtered(
                lambda move: move.repair_line_type == "add" and move.state != "cancel"
            )
            repair.dropship_cost = sum(
                part.product_id.with_company(repair.company_id).standard_price * part.product_qty for part in parts
            )


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    repair_ids = fields.One2many(
        "repair.order", "dropship_resolution_id", string="Repairs", readonly=True, groups="stock.group_stock_user"
    )

    def _live_repairs(self):
        return self.sudo().repair_ids.filtered(lambda repair: repair.state != "cancel")

    def _do_repair(self):
        """Repair it, and send it back.

        :return: "waits" until it is repaired
        """
        self.ensure_one()
        resolution = self.sudo()  # who may agree need not write repairs
        repairs = resolution._live_repairs() or resolution._make_repairs()
        repairs._dropship_begin()
        if any(repair.state != "done" for repair in repairs):
            return "waits"
        repairs._dropship_send_back()
        return None

    def _make_repairs(self):
        offer, rows = self._offer(), []
        for line, qty in self._line_quantities().items():
            rows.append(self._repair_vals(line, float(qty), offer))
        with self.env["dropship.allocation"]._first_come():
            repairs = self.env["repair.order"].with_company(self.company_id).create(rows)
        for order, paid in (
            repairs.filtered(lambda repair: not repair.under_warranty)
            .grouped(lambda repair: repair.dropship_case_line_id.order_id)
            .items()
        ):
            self._quote_repair(order, paid, offer)
        for repair in repairs.filtered("dropship_claimed"):
            self.return_id.message_post(
                body=self.env._(
                    "%(repair)s: the supplier answers for it, so its cost is claimed from him.", repair=repair.name
                ),
                subtype_xmlid="mail.mt_note",
            )
        return repairs

    def _repair_vals(self, line, qty, offer):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)], limit=1)
        if not warehouse.repair_type_id:
            raise UserError(self.env._("%s has no warehouse with repairs. Create one first.", self.company_id.name))
        supplier = line.supplier_id if offer.to == "supplier" else line.supplier_id.browse()
        vals = {
            "partner_id": line.order_id.partner_id.id,
            "product_id": line.product_id.id,
            "product_qty": qty,
            "product_uom": line.uom_id.id,
            "company_id": self.company_id.id,
            "picking_type_id": warehouse.repair_type_id.id,
            "under_warranty": line._under_warranty(),
            "user_id": self.return_id.user_id.id,
            "dropship_resolution_id": self.id,
            "dropship_case_line_id": line.id,
            "dropship_repairer_id": supplier.id,
            "dropship_warranty_until": line._warranty_until(),
            "dropship_payer": line._repair_payer(offer.conditions),
            "dropship_claimed": line._under_warranty() and line._under_supplier_warranty(),
        }
        if supplier:  # the goods never come to us
            place = supplier.partner_id.with_company(self.company_id).property_stock_supplier
            vals |= {"product_location_src_id": place.id, "product_location_dest_id": place.id}
        return vals

    def _quote_repair(self, order, repairs, offer):
        """What the customer accepts, and pays, before work starts. Parts added to the repair come onto it.

        Condition read: ("price", {"amount": text}): of all, taxes included. Without it an agent enters it.
        """
        agreed = dict(offer.conditions).get("price") or {}
        product = self.env.ref("dropship_flow_aftersales.product_repair")
        order = order.with_company(order.company_id)
        values = order.copy_data({"order_line": []})[0]
        values.pop("commitment_date", None)
        values |= {
            "origin": self.return_id.name,
            "client_order_ref": order.client_order_ref,
            "dropship_resolution_id": self.id,
            "dropship_instead_of_id": order.id,
            "require_signature": True,
            "require_payment": True,
            "prepayment_percent": 1.0,
            "repair_order_ids": [Command.link(repair.id) for repair in repairs],
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": 1.0, "price_unit": 1.0})
            ],
        }  # fmt: skip
        with self.env["dropship.allocation"]._first_come():
            quote = self.env["sale.order"].with_company(order.company_id).create(values)
        quote.order_line._dropship_set_total(float(agreed.get("amount") or 0.0))
        if quote.amount_total:
            quote._dropship_ask_to_pay()
        return quote


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    repair_count = fields.Integer(compute="_compute_repair_count", string="Repairs")

    def _compute_repair_count(self):
        for case in self:
            case.repair_count = len(case.sudo().resolution_ids.repair_ids)  # a number, for every reader

    def action_repairs(self):
        """The repairs of the case."""
        self.ensure_one()
        repairs_sudo = self.sudo().resolution_ids.repair_ids
        return {
            "type": "ir.actions.act_window",
            "res_model": "repair.order",
            "name": self.env._("Repairs"),
            "view_mode": "form" if len(repairs_sudo) == 1 else "list,form",
            "res_id": repairs_sudo.id if len(repairs_sudo) == 1 else False,
            "domain": [("id", "in", repairs_sudo.ids)],
        }

    def _why_no_repair(self, offer):
        """Why it cannot be repaired."""
        lines = self.env["dropship.return.line"].browse([key for key, _qty in offer.lines])
        if any(line.product_id.type != "consu" for line in lines):
            return self.env._("Only goods can be repaired.")
        if any(line.reason_id.absent for line in lines):
            return self.env._("What the customer does not have cannot be repaired.")
        types_sudo = self.env["stock.picking.type"].sudo()  # agents need not read warehouses
        found = types_sudo.search_count(
            [("code", "=", "repair_operation"), ("company_id", "=", self.company_id.id)], limit=1
        )
        return "" if found else self.env._("%s has no warehouse with repairs. Create one first.", self.company_id.name)
