from decimal import Decimal

from odoo import api, fields, models

from ..pricing.rules import margin

# The worst come first; more rows than this nobody reads.
ROWS = 500
PRODUCTS = 20_000


class DropshipPromotionCheck(models.TransientModel):
    """Every pricelist and every promotion that would sell a product below its landed cost."""

    _name = "dropship.promotion.check"
    _description = "Promotions Check"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    floor_percent = fields.Float(string="Margin at Least (%)", help="Left of the net price, after selling fees.")
    line_ids = fields.One2many("dropship.promotion.check.line", "check_id", readonly=True)
    checked = fields.Integer(string="Prices Looked At", readonly=True)

    @api.model
    def action_open(self):
        """Look at everything now and show what is too cheap."""
        check = self.create({"floor_percent": self.env.company.dropship_below_cost_percent})
        check.action_check()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promotions Check"),
            "res_model": self._name,
            "res_id": check.id,
            "view_mode": "form",
        }

    def action_check(self):
        """Look again."""
        self.ensure_one()
        self.line_ids.unlink()
        rows, self.checked = [], 0
        offers = self.env["dropship.offer"]
        groups = offers._read_group(
            [("product_id.sale_ok", "=", True), ("company_id", "in", [False, self.company_id.id])],
            ["product_id"],
            limit=PRODUCTS,
        )
        products = self.env["product.product"].sudo().browse([product.id for [product] in groups])
        # Who decides about prices need not be of the sales team, to whom pricelists and promotions belong.
        pricelists_sudo = self.env["product.pricelist"].sudo()
        for pricelist in pricelists_sudo.search([("company_id", "in", [False, self.company_id.id])]):
            rows += self._pricelist_rows(pricelist, products)
        rows.sort(key=lambda row: row["left"])
        self.line_ids = [fields.Command.create(row) for row in rows[:ROWS]]

    def _pricelist_rows(self, pricelist, products):
        """What a pricelist, or a promotion on it, sells too cheap: now, in its quantities, when it begins."""
        channels = self.env["dropship.sales.channel"].search([("company_id", "in", [False, self.company_id.id])])
        channel = (channels.filtered(lambda row: row.pricelist_id == pricelist) or channels)[:1]
        if not channel or not products:
            return []
        pricing_sudo = self.env["dropship.pricing"].sudo().with_company(self.company_id)
        terms = pricing_sudo._terms(channel.sudo(), [], pricelist)
        lists, sights = self.env["dropship.shop.tax"].sudo()._rows_of(products.ids, self.company_id)
        lines = {key: pricing_sudo._lines(sight, terms) for key, sight in sights.items()}
        promotions = self._promotions(products, pricelist)
        rows, seen, landed = [], set(), {}
        for qty, date in self._moments(pricelist):
            if qty not in landed:
                landed[qty] = self.env["dropship.landed"]._best(products.ids, terms.place, self.company_id, qty=qty)
            prices = pricelist._compute_price_rule(products, qty, date=date)
            self.checked += len(prices)
            for product_id, cost in landed[qty].items():
                if not cost.usable:
                    continue
                price, item_id = prices[product_id]
                for name, share in [("", Decimal(1)), *promotions.get(product_id, ())]:
                    key = (product_id, item_id, qty, name)
                    entered = Decimal(str(price)) * share
                    left, percent = margin(entered, cost.landed * terms.worth, terms.fees, lines[lists[product_id][1]])
                    if key in seen or (percent >= Decimal(str(self.floor_percent)) and left >= 0):
                        continue
                    seen.add(key)
                    rows.append(
                        {
                            "product_id": product_id, "pricelist_id": pricelist.id, "item_id": item_id or False,
                            "promotion": name, "quantity": qty, "date": date.date(), "price": float(entered),
                            "currency_id": pricelist.currency_id.id, "landed": float(cost.landed),
                            "left": float(left / terms.worth), "margin_percent": float(percent),
                        }
                    )  # fmt: skip
        return rows

    @api.model
    def _moments(self, pricelist):
        """[(quantity, time)] at which the prices of a pricelist change: now, in its quantities, when it begins."""
        now = fields.Datetime.now()
        items = pricelist.item_ids.filtered(lambda item: not item.date_end or item.date_end >= now)
        found = {(max(item.min_quantity, 1.0), max(item.date_start or now, now)) for item in items}
        return sorted(found | {(1.0, now)})

    @api.model
    def _promotions(self, products, pricelist):
        """{product id: [(name, share of the price that is left)]} of the promotions that may apply, where loyalty is
        installed; each promotion is read once, however many products there are."""
        if "loyalty.program" not in self.env:
            return {}
        programs = self.env["loyalty.program"].sudo().search(
            [
                ("active", "=", True),
                ("company_id", "in", [False, self.company_id.id]),
                "|", ("pricelist_ids", "=", False), ("pricelist_ids", "in", pricelist.ids),
            ]
        )  # fmt: skip
        found = {}
        for reward in programs.reward_ids:
            name = f"{reward.program_id.name}: {reward.description or ''}"
            if reward.reward_type == "product":
                touched, share = reward.reward_product_ids & products, Decimal(0)
            elif reward.reward_type == "discount" and reward.discount_mode == "percent":
                everything = reward.discount_applicability in ("order", "cheapest")
                touched = products if everything else reward.all_discount_product_ids & products
                share = 1 - Decimal(str(reward.discount)) / 100
            else:
                continue
            for product_id in touched.ids:
                found.setdefault(product_id, []).append((name, share))
        return found


class DropshipPromotionCheckLine(models.TransientModel):
    _name = "dropship.promotion.check.line"
    _description = "Price Below Cost"
    _order = "left, id"

    check_id = fields.Many2one("dropship.promotion.check", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", readonly=True)
    pricelist_id = fields.Many2one("product.pricelist", readonly=True)
    item_id = fields.Many2one(
        "product.pricelist.item", string="Because Of", readonly=True, help="Empty: the sales price."
    )
    promotion = fields.Char(readonly=True)
    quantity = fields.Float(string="From Quantity", readonly=True)
    date = fields.Date(string="From", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(related="check_id.company_id.currency_id", string="Company Currency")
    price = fields.Monetary(readonly=True)
    landed = fields.Monetary(string="Landed Cost", currency_field="company_currency_id", readonly=True)
    left = fields.Monetary(string="Left After Fees", currency_field="company_currency_id", readonly=True)
    margin_percent = fields.Float(string="Margin (%)", readonly=True)

    def action_open_item(self):
        """Open what makes the price."""
        self.ensure_one()
        record = self.item_id or self.product_id
        return {
            "type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "view_mode": "form",
        }  # fmt: skip
