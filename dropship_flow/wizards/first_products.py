from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..feeds import margin_percent, suggest_price
from ..models.reason_text import reasons_line

SHOWN = 30
TICKED = 5


class DropshipFirstProducts(models.TransientModel):
    """Offered products with what they cost at the door of two customers; ticked ones get a price and are published."""

    _name = "dropship.first.products"
    _description = "First Hour: Five Products"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    country_id = fields.Many2one(
        "res.country", string="Customer In", compute="_compute_places", store=True, readonly=False
    )
    state_id = fields.Many2one(
        "res.country.state",
        string="Province",
        compute="_compute_places",
        store=True,
        readonly=False,
        domain="[('country_id', '=', country_id)]",
    )
    other_country_id = fields.Many2one(
        "res.country", string="And In", compute="_compute_places", store=True, readonly=False
    )
    other_state_id = fields.Many2one(
        "res.country.state",
        string="Other Province",
        compute="_compute_places",
        store=True,
        readonly=False,
        domain="[('country_id', '=', other_country_id)]",
    )
    margin = fields.Float(string="Margin (%)", default=30.0, help="Of the net price, after payment fees.")
    line_ids = fields.One2many("dropship.first.products.line", "wizard_id", string="Products")

    @api.depends("company_id")
    def _compute_places(self):
        """Home, and the first other place the freight tables name."""
        for wizard in self:
            rates = self.env["dropship.shipping.rate"]
            rates = rates.search(rates._usable_domain(wizard.company_id))
            served = rates.country_ids | rates.country_group_ids.country_ids
            home = wizard.company_id.country_id
            wizard.country_id = home if home in served or not served else served[:1]
            others = served - wizard.country_id
            states = rates.state_ids.filtered_domain([("country_id", "=", wizard.country_id.id)])
            wizard.state_id = states[:1]
            near = rates.filtered_domain([("state_ids", "in", states[:1].ids)]).state_ids
            # One country, cheap and dear provinces: the second customer lives where parcels are dear.
            wizard.other_country_id = wizard.country_id if states - near or not others else others[:1]
            wizard.other_state_id = (states - near)[:1]

    def _fill(self):
        """Read the products that are offered, those not for sale first, and what they cost."""
        self.ensure_one()
        offers = self.env["dropship.offer"]
        offers = offers.search_fetch(offers._buyable_domain(self.company_id), ["product_id"], limit=2000)
        products = offers.product_id.sorted(lambda product: (product.is_published, product.id))[:SHOWN]
        self.line_ids = [Command.clear(), *(Command.create({"product_id": product.id}) for product in products)]
        self._cost()
        possible = self.line_ids.filtered(lambda line: not line.why)
        for line in possible[:TICKED]:
            line.ticked = True

    def _cost(self):
        """Ask the router what one piece costs at both places, and suggest prices."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        places = ((self.country_id, self.state_id), (self.other_country_id, self.other_state_id))
        # Costs are for those who keep suppliers; the access rights of this form say so.
        lines_sudo = self.sudo().line_ids
        outcomes = [self.sudo()._outcomes(lines_sudo.product_id, country, state) for country, state in places]
        for line_sudo in lines_sudo:
            line_sudo._take(*(outcome.get(line_sudo.product_id) for outcome in outcomes))
        lines_sudo._suggest()

    def _outcomes(self, products, country, state):
        """{product: Outcome} of orders over one piece that exist in memory only."""
        if not country:
            return {}
        orders, asked = {}, self.env["sale.order"]
        for product in products:
            partner = self.env["res.partner"].new({"name": "-", "country_id": country.id, "state_id": state.id})
            order = self.env["sale.order"].new({"company_id": self.company_id.id, "partner_id": partner})
            order.partner_shipping_id = partner
            order.order_line = [
                Command.create({"product_id": product.id, "product_uom_qty": 1, "product_uom_id": product.uom_id.id})
            ]
            orders[product] = order
            asked |= order
        found = self.env["dropship.router"]._simulate(asked)
        return {product: found[order] for product, order in orders.items() if order in found}

    def action_recompute(self):
        """After another place or margin."""
        if self.margin >= 95 or self.margin < 0:
            raise UserError(self.env._("A margin is between 0 and 95 %."))
        self._cost()
        return self._window()

    def _window(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Five products"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_apply(self):
        """Write the prices of the ticked products and publish them."""
        self.ensure_one()
        lines = self.line_ids.filtered("ticked")
        if not lines:
            raise UserError(self.env._("Tick the products you want to sell."))
        without = lines.filtered(lambda line: line.price <= 0)
        if without:
            raise UserError(self.env._("%s has no price.", without[0].product_id.display_name))
        for line in lines:
            template = line.product_id.product_tmpl_id
            template.write(
                {
                    "list_price": template.list_price + line.price - line.product_id.lst_price,
                    "sale_ok": True,
                    "is_published": True,
                }
            )
        return {"type": "ir.actions.act_window_close"}


class DropshipFirstProductsLine(models.TransientModel):
    _name = "dropship.first.products.line"
    _description = "First Hour: Product"

    wizard_id = fields.Many2one("dropship.first.products", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    published = fields.Boolean(related="product_id.is_published")
    ticked = fields.Boolean(string="Sell")
    source = fields.Char(string="Supplier", readonly=True)
    landed = fields.Monetary(string="Cost at the Door", readonly=True)
    other_landed = fields.Monetary(string="At the Other Door", readonly=True)
    suggested = fields.Monetary(readonly=True)
    price = fields.Monetary()
    margin = fields.Float(string="Margin (%)", compute="_compute_margin", digits=(16, 1))
    other_margin = fields.Float(string="There (%)", compute="_compute_margin", digits=(16, 1))
    why = fields.Char(string="Cannot Be Sold", readonly=True)

    def _fees(self):
        """(percent, fixed) a sale costs, by the company's first channel."""
        channels = self.env["dropship.sales.channel"].sudo()
        company = self.wizard_id.company_id
        channel = channels.search([("company_id", "in", [company.id, False])], limit=1)
        return channel._usual_fees()

    def _tax_factor(self):
        """Price shown / net price, of one product."""
        self.ensure_one()
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.wizard_id.company_id)
        if not taxes:
            return Decimal(1)
        net = taxes.compute_all(100.0, self.currency_id, 1.0, self.product_id)["total_excluded"]
        return Decimal(100) / Decimal(str(net)) if net else Decimal(1)

    def _take(self, here, there):
        """Keep what the router found; without a plan, why."""
        costs = [float(outcome.plan.landed) if outcome and outcome.plan else 0.0 for outcome in (here, there)]
        best = next((outcome for outcome in (here, there) if outcome and outcome.plan), None)
        why = False
        if not best:
            reasons = [reason for _kind, found in (here or there).holds for reason in found] if here or there else []
            why = reasons_line(self.env, reasons[1:2] or reasons) or self.env._("Nobody delivers there.")
        names = self.env["dropship.supplier.warehouse"].browse(
            [parcel.source for parcel in best.plan.parcels if not isinstance(parcel.source, tuple)] if best else []
        )
        self.write(
            {
                "landed": costs[0],
                "other_landed": costs[1],
                "source": ", ".join(names.supplier_id.mapped("name")),
                "why": why,
            }
        )

    def _suggest(self):
        for line in self:
            landed = max(line.landed, line.other_landed)
            if not landed:
                line.write({"suggested": 0.0, "price": line.product_id.lst_price})
                continue
            percent, fixed = line._fees()
            try:
                price = suggest_price(
                    Decimal(str(landed)), line.wizard_id.margin, percent, Decimal(str(fixed)), line._tax_factor()
                )
            except ValueError as error:
                raise UserError(self.env._("Margin and fees together leave nothing for the goods.")) from error
            line.write({"suggested": float(price), "price": float(price)})

    @api.depends("price", "landed", "other_landed")
    def _compute_margin(self):
        for line in self:
            percent, fixed = line._fees()
            factor = line._tax_factor() if line.product_id else Decimal(1)
            figures = []
            for landed in (line.landed, line.other_landed):
                left = None
                if landed:
                    left = margin_percent(
                        Decimal(str(line.price)), Decimal(str(landed)), percent, Decimal(str(fixed)), factor
                    )
                figures.append(float(left or 0.0))
            line.margin, line.other_margin = figures
