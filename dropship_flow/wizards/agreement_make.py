from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DropshipAgreementMake(models.TransientModel):
    """Write down a negotiated price: it wins over what the supplier quotes for as long as it is valid."""

    _name = "dropship.agreement.make"
    _description = "Agree on a Price"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    supplier_id = fields.Many2one(
        "dropship.supplier", required=True, ondelete="cascade",
        domain="[('company_id', 'in', (False, company_id)), ('state', 'in', ('trial', 'approved'))]",
    )  # fmt: skip
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", domain=[("type", "=", "consu")])
    uom_id = fields.Many2one(
        "uom.uom", string="Unit", required=True, compute="_compute_uom_id", store=True, readonly=False, precompute=True
    )
    quantity = fields.Float(required=True, digits="Product Unit", default=1.0, help="Agreed for the whole time.")
    price = fields.Float(
        string="Agreed Price", required=True, min_display_digits="Product Price", help="Net, per unit."
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, compute="_compute_currency_id", store=True, readonly=False, precompute=True
    )
    date_start = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_end = fields.Date(string="Until", required=True)
    quoted = fields.Char(compute="_compute_quoted", help="What the supplier quotes today.")
    note = fields.Char(string="How It Came About")
    renews_id = fields.Many2one("purchase.requisition", readonly=True, ondelete="cascade")

    @api.depends("product_id")
    def _compute_uom_id(self):
        for wizard in self:
            wizard.uom_id = wizard.uom_id or wizard.product_id.uom_id

    @api.depends("supplier_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.currency_id or wizard.supplier_id.currency_id or wizard.company_id.currency_id

    @api.depends("supplier_id", "product_id")
    def _compute_quoted(self):
        for wizard in self:
            offer = self.env["dropship.offer"].search(
                [("supplier_id", "=", wizard.supplier_id.id), ("product_id", "=", wizard.product_id.id),
                 ("price", ">", 0)], order="sequence, id", limit=1,
            )  # fmt: skip
            unit = offer._net_price() / (offer.factor or 1.0) if offer else 0.0
            wizard.quoted = offer.currency_id.format(unit) if offer else False

    @api.model
    def _open(self, context):
        if context.get("default_renews_id"):
            old = self.env["purchase.requisition"].browse(context["default_renews_id"])
            today = fields.Date.context_today(self)
            first = max(today, old.date_end + timedelta(days=1)) if old.date_end else today
            length = (old.date_end - old.date_start).days if old.date_end and old.date_start else 364
            context = {**context, "default_date_start": first, "default_date_end": first + timedelta(days=length)}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agree on a Price"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_agree(self):
        """A confirmed blanket order, and a line in the supplier's negotiations."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        self._check()
        agreement = self._agreement()
        agreement.action_confirm()
        agreement._dropship_moved()
        self.env["dropship.supplier.negotiation"].create(self._negotiation(agreement))
        if self.renews_id:
            self.renews_id.dropship_renewed_by_id = agreement
            self.renews_id.activity_search(["dropship_flow.activity_agreement_ends"]).action_feedback(
                feedback=self.env._("Renewed by %s", agreement.name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.requisition",
            "res_id": agreement.id,
            "view_mode": "form",
        }

    def _check(self):
        if self.price <= 0 or self.quantity <= 0:
            raise UserError(self.env._("Enter the agreed price and a quantity above 0."))
        if self.date_end < self.date_start:
            raise UserError(self.env._("The agreement ends before it begins. Correct its dates."))
        if not self.currency_id.active:
            raise UserError(self.env._("Activate the currency %s and enter its rate first.", self.currency_id.name))
        twin = self.env["purchase.requisition.line"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("requisition_id.vendor_id", "=", self.supplier_id.partner_id.id),
                ("requisition_id.company_id", "=", self.company_id.id),
                ("requisition_id.requisition_type", "=", "blanket_order"),
                ("requisition_id.state", "=", "confirmed"),
                "|", ("requisition_id.date_end", "=", False), ("requisition_id.date_end", ">=", self.date_start),
                "|", ("requisition_id.date_start", "=", False), ("requisition_id.date_start", "<=", self.date_end),
            ],
            limit=1,
        )  # fmt: skip
        if twin:
            raise UserError(
                self.env._(
                    "%(agreement)s covers this time already. Close it, or begin after it ends.",
                    agreement=twin.requisition_id.name,
                )
            )

    def _agreement(self):
        return self.env["purchase.requisition"].with_company(self.company_id).create(
            {
                "vendor_id": self.supplier_id.partner_id.id,
                "requisition_type": "blanket_order",
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "date_start": self.date_start,
                "date_end": self.date_end,
                "reference": self.note,
                "line_ids": [
                    Command.create(
                        {"product_id": self.product_id.id, "product_qty": self.quantity,
                         "product_uom_id": self.uom_id.id, "price_unit": self.price}
                    )
                ],
            }
        )  # fmt: skip

    def _negotiation(self, agreement):
        return {
            "supplier_id": self.supplier_id.id,
            "kind": "price",
            "result": "won",
            "summary": self.note
            or self.env._("%(agreement)s for %(product)s", agreement=agreement.name,
                          product=self.product_id.display_name),
            "old_value": self.quoted,
            "new_value": self.currency_id.format(self.price),
        }  # fmt: skip


class DropshipTender(models.TransientModel):
    """Ask several suppliers for their price for a quantity; the answers stand beside each other."""

    _name = "dropship.tender"
    _description = "Call for Tender"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade")
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(required=True, digits="Product Unit", default=1.0)
    hours = fields.Integer(string="Answers Within (hours)", default=72)
    country_id = fields.Many2one("res.country", string="Destination")
    offer_ids = fields.Many2many(
        "dropship.offer", "dropship_tender_offer_rel", string="Ask", domain="[('product_id', '=', product_id)]"
    )

    def action_ask(self):
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        if self.quantity <= 0 or not 1 <= self.hours <= 24 * 60:
            raise UserError(self.env._("Enter a quantity above 0, and between 1 hour and 60 days for the answers."))
        inquiries_sudo = self.env["dropship.inquiry"].sudo()  # made by this button only
        possible = inquiries_sudo._offers_to_ask(self.company_id, self.product_id, self.country_id)
        offers = possible.filtered(lambda offer: offer.id in self.offer_ids.ids) if self.offer_ids else possible
        if not offers:
            raise UserError(self.env._("None of these suppliers can be asked. Choose others."))
        inquiry_sudo = inquiries_sudo._ask(
            self.company_id, {self.product_id: self.quantity}, country=self.country_id, hours=self.hours, offers=offers
        )
        return inquiry_sudo.sudo(False)._open()


class DropshipSourceCompare(models.TransientModel):
    _inherit = "dropship.source.compare"

    def action_tender(self):
        """Ask the suppliers of the product for a better price for a quantity."""
        self.ensure_one()
        offers = self.line_ids.offer_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call for Tender"),
            "res_model": "dropship.tender",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_company_id": self.company_id.id,
                "default_product_id": self.product_id.id,
                "default_quantity": self.qty,
                "default_country_id": self.country_id.id,
                "default_offer_ids": [Command.set(offers.ids)],
            },
        }


class DropshipSourceCompareLine(models.TransientModel):
    _inherit = "dropship.source.compare.line"

    def action_agree(self):
        """A price was agreed with this supplier."""
        self.ensure_one()
        if not self.offer_id:
            raise UserError(self.env._("This is our own stock: there is nobody to agree with."))
        return self.env["dropship.agreement.make"]._open(
            {
                "default_supplier_id": self.offer_id.supplier_id.id,
                "default_product_id": self.compare_id.product_id.id,
                "default_quantity": self.compare_id.qty,
                "default_company_id": self.compare_id.company_id.id,
            }
        )


class DropshipInquiryLine(models.Model):
    _inherit = "dropship.inquiry.line"

    def action_agree(self):
        """The answer that was chosen becomes an agreed price."""
        self.ensure_one()
        if self.state != "answered" or self.price <= 0:
            raise UserError(self.env._("%s has not named a price yet.", self.supplier_id.name))
        factor = self.offer_id.factor or 1.0
        return self.env["dropship.agreement.make"]._open(
            {
                "default_supplier_id": self.supplier_id.id,
                "default_product_id": self.product_id.id,
                "default_quantity": self.quantity * factor,
                "default_price": self.price / factor,
                "default_currency_id": self.currency_id.id,
                "default_date_end": self.valid_until,
                "default_company_id": self.company_id.id,
                "default_note": self.inquiry_id.name,
            }
        )
