"""What an answer to an inquiry changes on an offer: the stock figure, and a price of its own while it is valid."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

# How long an answered price holds when the supplier does not say.
PRICE_DAYS = 7


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    dropship_inquiry_line_id = fields.Many2one(
        "dropship.inquiry.line",
        string="Answer to an Inquiry",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="dropship_flow.group_dropship_user",
        help="This price was answered to an inquiry; it holds until its last day.",
    )


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def _answer_currency(self, code):
        """The currency of an answered price.

        :raise UserError: the company does not work with it
        """
        if not code:
            return self.currency_id
        currency = self.env["res.currency"].search([("name", "=", code)], limit=1)
        if not currency:
            raise UserError(self.env._("The currency %s of the answer is not active. Activate it first.", code))
        return currency

    def _refresh_from_answer(self, line, answer, currency):
        """Write what was said about stock, day and price."""
        self.ensure_one()
        vals = {"as_of": fields.Datetime.now()}
        days = self._days_until(answer["date"])
        if answer["stock"] is not None:
            vals |= {"stock": answer["stock"], "stock_mode": "limited"}
            if days is not None and answer["stock"] < line.quantity:
                vals |= {"backorder": True, "backorder_days": days}
            elif days is not None:
                vals["lead_days"] = days
            elif answer["stock"] < line.quantity:
                vals["backorder"] = False
        elif days is not None:
            vals["lead_days"] = days
        if answer["price"] and self._has_siblings():
            vals |= self._price_in_place(line, answer["price"], currency)
        self.write(vals)
        if answer["price"] and not self._has_siblings():
            self._answered_price(line, answer, currency)

    def _days_until(self, day):
        if not day:
            return None
        return max((fields.Date.to_date(day) - fields.Date.context_today(self)).days, 0)

    def _has_siblings(self):
        """Whether the supplier offers the product more than once: an agreement would then hold for all of it."""
        domain = [("product_id", "=", self.product_id.id), ("supplier_id", "=", self.supplier_id.id)]
        return bool(self.search_count([*domain, ("id", "!=", self.id)], limit=1))

    def _price_in_place(self, line, price, currency):
        """The answered price as the quoted one, in the currency and the tax manner of the offer."""
        company = line.inquiry_id.company_id
        quoted = currency._convert(price, self.currency_id, company, fields.Date.context_today(self), round=False)
        times, divide = self._price_steps(company)
        quoted *= divide / times
        tier = self.tier_ids.filtered(lambda tier: tier.min_qty <= line.quantity).sorted("min_qty")[-1:]
        if tier:
            tier.price = quoted
            return {}
        return {"price": quoted}

    def _answered_price(self, line, answer, currency):
        """A price of its own from the asked quantity on, while it is valid. Lower tiers above it stay as quoted."""
        start, price = line.quantity * self.factor, answer["price"] / self.factor
        today = fields.Date.context_today(self)
        until = fields.Date.to_date(answer["valid_until"]) or today + timedelta(days=PRICE_DAYS)
        company = line.inquiry_id.company_id
        rows = [(start, price, currency)]
        for tier in self.supplierinfo_ids.filtered(lambda row: row.min_qty > start):
            if tier.currency_id._convert(tier.price, currency, company, today, round=False) < price:
                rows.append((tier.min_qty, tier.price, tier.currency_id))
        prices_sudo = self.env["product.supplierinfo"].sudo()  # answers come from suppliers, who edit no vendor list
        own = [("dropship_inquiry_line_id.offer_id", "=", self.id), ("company_id", "=", company.id)]
        prices_sudo.search(own).unlink()
        if until < today:
            return
        prices_sudo.create(
            [
                {
                    "partner_id": self.supplier_id.partner_id.id,
                    "product_tmpl_id": self.product_tmpl_id.id,
                    "product_id": self.product_id.id,
                    "product_uom_id": self.product_id.uom_id.id,
                    "product_code": self.sku,
                    "min_qty": quantity,
                    "price": amount,
                    "currency_id": money.id,
                    "company_id": company.id,
                    "date_start": today,
                    "date_end": until,
                    "delay": int(self.lead_days or 0),
                    "dropship_inquiry_line_id": line.id,
                }
                for quantity, amount, money in rows
            ]
        )
