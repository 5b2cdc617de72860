import base64
import io
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..models.hold import SELF_SOLVING
from ..models.reason_text import reasons_text
from ..models.test_order import TEST_CUSTOMER


class DropshipTestOrder(models.TransientModel):
    """Choose a product and a customer, read in words what would happen, then let it happen as a test."""

    _name = "dropship.test.order"
    _description = "Test Order"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", compute="_compute_product_id", store=True, readonly=False, domain=[("type", "=", "consu")]
    )
    qty = fields.Float(string="Quantity", digits="Product Unit", default=1.0, required=True)
    name = fields.Char(string="Customer", default=lambda self: self.env._("Test Customer"), required=True)
    street = fields.Char(compute="_compute_address", store=True, readonly=False)
    zip = fields.Char(string="ZIP", compute="_compute_address", store=True, readonly=False)
    city = fields.Char(compute="_compute_address", store=True, readonly=False)
    state_id = fields.Many2one(
        "res.country.state",
        string="State / Province",
        compute="_compute_address",
        store=True,
        readonly=False,
        domain="[('country_id', '=', country_id)]",
    )
    country_id = fields.Many2one("res.country", compute="_compute_address", store=True, readonly=False)
    phone = fields.Char(compute="_compute_address", store=True, readonly=False)
    preview = fields.Text(compute="_compute_preview", compute_sudo=False)
    waits = fields.Text(compute="_compute_preview", compute_sudo=False)
    possible = fields.Boolean(compute="_compute_preview", compute_sudo=False)

    @api.depends("company_id")
    def _compute_product_id(self):
        for wizard in self:
            offers = self.env["dropship.offer"]
            offers = offers.search(offers._buyable_domain(wizard.company_id), limit=200)
            products = offers.product_id.filtered("sale_ok")
            wizard.product_id = products.filtered("is_published")[:1] or products[:1]

    @api.depends("company_id")
    def _compute_address(self):
        for wizard in self:
            home = wizard.company_id.partner_id
            wizard.country_id = wizard.company_id.country_id
            rates = self.env["dropship.shipping.rate"]
            rates = rates.search(rates._usable_domain(wizard.company_id))
            states = rates.state_ids.filtered_domain([("country_id", "=", wizard.country_id.id)])
            wizard.state_id = home.state_id or states[:1]
            wizard.street = home.street or "1"
            wizard.zip = home.zip
            wizard.city = home.city or wizard.state_id.name or wizard.country_id.name
            wizard.phone = home.phone

    @api.depends("product_id", "qty", "country_id", "state_id", "city", "zip")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview, wizard.waits, wizard.possible = wizard._preview()

    def _preview(self):
        """(what would happen in words, what it would wait for, whether it can be bought)."""
        if not self.product_id or not self.country_id or self.qty <= 0:
            return self.env._("Choose a product that a supplier offers, and a country."), False, False
        self.company_id.check_access("read")
        # The router works with all rights; this form is for those who keep suppliers.
        outcome = self.sudo()._outcome()
        if outcome is None:
            text = self.env._("Nobody offers %s yet. Read a price list first.", self.product_id.display_name)
            return text, False, False
        reasons = [reason for _kind, found in outcome.holds for reason in found]
        if not outcome.plan:
            return self.env._("It cannot be bought:"), reasons_text(self.env, reasons), False
        blocking = [reason for kind, found in outcome.holds if kind in SELF_SOLVING for reason in found]
        return self._words(outcome.plan), reasons_text(self.env, blocking), not blocking

    def _outcome(self):
        address = {"name": "-", "country_id": self.country_id.id, "state_id": self.state_id.id}
        partner = self.env["res.partner"].new({**address, "city": self.city, "zip": self.zip})
        order = self.env["sale.order"].new({"company_id": self.company_id.id, "partner_id": partner})
        order.partner_shipping_id = partner
        product = self.product_id
        line = {"product_id": product.id, "product_uom_qty": self.qty, "product_uom_id": product.uom_id.id}
        order.order_line = [Command.create(line)]
        return self.env["dropship.router"]._simulate(order).get(order)

    def _words(self, plan):
        """One sentence: from where, for how much, until when, and what is left."""
        warehouses = self.env["dropship.supplier.warehouse"].sudo()
        names = [
            warehouses.browse(parcel.source).city or warehouses.browse(parcel.source).name
            if not isinstance(parcel.source, tuple)
            else self.env["stock.warehouse"].sudo().browse(parcel.source[1]).name
            for parcel in plan.parcels
        ]
        currency = self.company_id.currency_id
        day = fields.Date.context_today(self) + timedelta(days=round(float(plan.days_p80)))
        return self.env._(
            "%(place)s, %(cost)s, arrives %(day)s, margin %(margin)s",
            place=" + ".join(dict.fromkeys(names)),
            cost=currency.format(float(plan.landed)),
            day=format_date(self.env, day, date_format="EEEE d MMM"),
            margin=currency.format(float(plan.profit)),
        )

    def action_buy(self):
        """Make the order, confirm it and let it buy itself. Whoever presses has just read what it costs."""
        self.ensure_one()
        if not self.possible:
            raise UserError("\n".join(filter(None, (self.preview, self.waits))))
        order = self.env["sale.order"].create(self._order_vals())
        order.action_confirm()
        agreed = order.sudo().dropship_open_hold_ids.filtered(
            lambda hold: hold.kind not in SELF_SOLVING and not hold.purchase_id
        )
        agreed.sudo(False).action_release()
        # The supplier is not told: the purchase does not wait for second thoughts.
        order.sudo().dropship_purchase_ids.filtered(lambda purchase: purchase.state == "draft")._dropship_submit()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _order_vals(self):
        # Whoever tries gets the customer's mails.
        customer = self.env["res.partner"].create(
            {
                "name": self.name,
                "email": self.env.user.email,
                "lang": self.env.user.lang,
                "company_id": self.company_id.id,
                "ref": TEST_CUSTOMER,
                "street": self.street,
                "zip": self.zip,
                "city": self.city,
                "state_id": self.state_id.id,
                "country_id": self.country_id.id,
                "phone": self.phone,
            }
        )
        line = {"product_id": self.product_id.id, "product_uom_qty": self.qty}
        return {
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "dropship_is_test": True,
            "order_line": [Command.create(line)],
        }


class DropshipFirstPhone(models.TransientModel):
    """The supplier's page of a purchase as a code to scan."""

    _name = "dropship.first.phone"
    _description = "First Hour: The Supplier's View"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    purchase_id = fields.Many2one(
        "purchase.order",
        compute="_compute_purchase_id",
        store=True,
        readonly=False,
        domain="[('dropship_warehouse_id', '!=', False), ('state', 'in', ('sent', 'purchase')),"
        " ('company_id', '=', company_id)]",
    )
    url = fields.Char(string="Link", compute="_compute_url")
    code = fields.Binary(compute="_compute_url")
    is_test = fields.Boolean(compute="_compute_url")
    local = fields.Boolean(compute="_compute_url")

    @api.depends("company_id")
    def _compute_purchase_id(self):
        for wizard in self:
            purchases = self.env["purchase.order"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("dropship_warehouse_id", "!=", False),
                    ("state", "in", ("sent", "purchase")),
                ],
                order="id desc",
                limit=20,
            )
            wizard.purchase_id = purchases.filtered("dropship_is_test")[:1] or purchases[:1]

    @api.depends("purchase_id")
    def _compute_url(self):
        for wizard in self:
            purchase = wizard.purchase_id
            purchase.check_access("read")
            # The token opens this one page; whoever may read the purchase may hand it to the supplier.
            wizard.url = purchase and purchase.get_base_url() + purchase.sudo().get_portal_url()
            wizard.code = wizard.url and base64.b64encode(_qr(wizard.url))
            wizard.is_test = purchase.dropship_is_test
            wizard.local = bool(wizard.url) and any(name in wizard.url for name in ("//localhost", "//127.0.0.1"))

    def action_open(self):
        """The same page here."""
        self.ensure_one()
        if not self.purchase_id:
            raise UserError(self.env._("No purchase is with a supplier yet. Try an order first."))
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}


def _qr(text):
    """A QR code as a PNG picture."""
    import qrcode  # noqa: PLC0415 - drawn seldom, and slow to load

    stream = io.BytesIO()
    qrcode.make(text, box_size=8, border=3).save(stream)
    return stream.getvalue()
