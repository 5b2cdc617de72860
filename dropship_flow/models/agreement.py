"""Agreed prices: core's blanket orders, valid as long as they say, with what is bought of them and when they end."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

ENDING_DAYS = 14
ACTIVITY = "dropship_flow.activity_agreement_ends"


class PurchaseRequisition(models.Model):
    _inherit = "purchase.requisition"

    dropship_supplier_id = fields.Many2one(
        "dropship.supplier", compute="_compute_dropship_supplier_id",
        search="_search_dropship_supplier_id", groups="dropship_flow.group_dropship_user",
    )  # fmt: skip
    dropship_renewed_by_id = fields.Many2one(
        "purchase.requisition", string="Renewed By", readonly=True, copy=False, index="btree_not_null",
        groups="base.group_user",
    )  # fmt: skip
    dropship_days_left = fields.Integer(
        string="Days Left", compute="_compute_dropship_days_left", groups="base.group_user"
    )
    dropship_used_up = fields.Boolean(
        string="Used Up", compute="_compute_dropship_used_up", groups="base.group_user",
        help="All of the agreed quantity of a product is bought.",
    )  # fmt: skip

    @api.depends("vendor_id", "company_id")
    def _compute_dropship_supplier_id(self):
        found = self.env["dropship.supplier"].search([("partner_id", "in", self.vendor_id.commercial_partner_id.ids)])
        for agreement in self:
            agreement.dropship_supplier_id = found.filtered(
                lambda supplier, agreement=agreement: supplier.partner_id == agreement.vendor_id.commercial_partner_id
                and supplier.company_id.id in (False, agreement.company_id.id)
            ).sorted(lambda supplier: not supplier.company_id)[:1]

    def _search_dropship_supplier_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        suppliers = self.env["dropship.supplier"].search([("id", "in", [one for one in value if one])])
        ours = Domain("vendor_id", "child_of", suppliers.partner_id.ids) if suppliers else Domain.FALSE
        if False in value:
            every = self.env["dropship.supplier"].search([]).partner_id
            ours |= ~Domain("vendor_id", "child_of", every.ids) if every else Domain.TRUE
        return ours

    @api.depends("date_end", "state")
    def _compute_dropship_days_left(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            agreement.dropship_days_left = (agreement.date_end - today).days if agreement.date_end else 0

    @api.depends("line_ids.dropship_left")
    def _compute_dropship_used_up(self):
        for agreement in self:
            agreement.dropship_used_up = any(line.product_qty > 0 >= line.dropship_left for line in agreement.line_ids)

    def write(self, vals):
        """Override: core lets an agreed price win for ever; here it wins from its first to its last day."""
        result = super().write(vals)
        if {"date_start", "date_end", "currency_id"} & vals.keys():
            for agreement in self:
                # Vendor prices belong to the agreement, as in core.
                rows_sudo = agreement.line_ids.supplier_info_ids.sudo()
                rows_sudo.write(
                    {"date_start": agreement.date_start, "date_end": agreement.date_end,
                     "currency_id": agreement.currency_id.id}
                )  # fmt: skip
                agreement._dropship_moved()
        if "state" in vals:
            self._dropship_moved()
        return result

    def _dropship_moved(self):
        """What the products cost changed."""
        self.env["dropship.supply"].sudo()._moved(self.line_ids.product_id.ids)

    def action_dropship_renew(self):
        """The same again, from the day after it ends."""
        self.ensure_one()
        line = self.line_ids[:1]
        return self.env["dropship.agreement.make"]._open(
            {
                "default_product_id": line.product_id.id,
                "default_supplier_id": self.dropship_supplier_id.id,
                "default_price": line.price_unit,
                "default_currency_id": self.currency_id.id,
                "default_quantity": line.product_qty,
                "default_uom_id": line.product_uom_id.id,
                "default_renews_id": self.id,
                "default_company_id": self.company_id.id,
            }
        )

    @api.model
    def _dropship_ending_domain(self):
        today = fields.Date.context_today(self)
        return (
            Domain("requisition_type", "=", "blanket_order")
            & Domain("state", "=", "confirmed")
            & Domain("date_end", "!=", False)
            & Domain("date_end", "<=", today + timedelta(days=ENDING_DAYS))
            & Domain("dropship_renewed_by_id", "=", False)
            & Domain("dropship_supplier_id", "!=", False)
        )

    @api.model
    def _cron_dropship_ending(self):
        """Each agreement that ends or is used up is somebody's task, once."""
        ending = self.search(self._dropship_ending_domain())
        running = self.search(
            Domain("requisition_type", "=", "blanket_order")
            & Domain("state", "=", "confirmed")
            & Domain("dropship_supplier_id", "!=", False)
        )
        used_up = running.filtered("dropship_used_up")
        for agreement in ending | used_up:
            if agreement.activity_search([ACTIVITY]):
                continue
            summary = (
                self.env._("%s is used up: agree on more or let it end", agreement.name)
                if agreement in used_up
                else self.env._("%s ends: renew it or let it end", agreement.name)
            )
            agreement.activity_schedule(
                ACTIVITY,
                summary=summary,
                date_deadline=agreement.date_end or fields.Date.context_today(self),
                user_id=(agreement.user_id or self.env.user).id,
            )


class PurchaseRequisitionLine(models.Model):
    _inherit = "purchase.requisition.line"

    dropship_bought = fields.Float(
        string="Bought", compute="_compute_dropship_bought", digits="Product Unit", groups="base.group_user",
        help="Bought from the supplier while the agreement is valid, whether an order names it or not.",
    )  # fmt: skip
    dropship_left = fields.Float(
        string="Remaining", compute="_compute_dropship_bought", digits="Product Unit", groups="base.group_user"
    )

    @api.depends("product_qty", "requisition_id.date_start", "requisition_id.date_end", "requisition_id.vendor_id")
    def _compute_dropship_bought(self):
        """Purchases sent or confirmed within the validity, in the unit of the line."""
        # How much is used up is for everybody who may see the agreement.
        purchases_sudo = self.env["purchase.order.line"].sudo()
        for line in self:
            agreement = line.requisition_id
            domain = (
                Domain("product_id", "=", line.product_id.id)
                & Domain("order_id.partner_id", "child_of", agreement.vendor_id.commercial_partner_id.id)
                & Domain("company_id", "=", agreement.company_id.id)
                & Domain("order_id.state", "in", ("sent", "to approve", "purchase"))
            )
            since = agreement.date_start or fields.Date.to_date(agreement.create_date)
            domain &= Domain("order_id.date_order", ">=", since) if since else Domain.TRUE
            if agreement.date_end:
                domain &= Domain("order_id.date_order", "<", agreement.date_end + timedelta(days=1))
            bought = sum(
                unit._compute_quantity(quantity, line.product_uom_id, round=False)
                for unit, quantity in purchases_sudo._read_group(domain, ["product_uom_id"], ["product_qty:sum"])
            ) if line.product_id and agreement.vendor_id else 0.0  # fmt: skip
            line.dropship_bought = bought
            line.dropship_left = line.product_qty - bought

    def _create_supplier_info(self):
        """Override: the agreed price holds only while the agreement does."""
        result = super()._create_supplier_info()
        agreement = self.requisition_id
        self.supplier_info_ids.sudo().write({"date_start": agreement.date_start, "date_end": agreement.date_end})
        return result


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    def action_open_agreements(self):
        """Prices agreed with the supplier."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_agreement"),
            "domain": [("vendor_id", "child_of", self.partner_id.id)],
            "context": {"default_vendor_id": self.partner_id.id},
        }
