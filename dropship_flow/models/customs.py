"""What customs wants to know: kept on products, companies and channels, put together for each purchase."""

from odoo import api, fields, models
from odoo.tools import format_amount

from ..papers import customs
from .reason_text import FLOW_REASONS, FLOW_WORDS, _lt

FLOW_REASONS.update(
    {
        "customs_goods": _lt("%(product)s crosses a border, but this is missing: %(missing)s. Complete the product."),
        "customs_ioss": _lt("The import is declared under IOSS, but the company and the channel have no IOSS number."),
        "customs_eori": _lt(
            "The parcel needs a customs declaration, but the company and the channel have no EORI number."
        ),
    }
)
FLOW_WORDS["customs_goods"] = {
    "missing": {
        "hs": _lt("HS code"),
        "name_en": _lt("customs name in English"),
        "name_zh": _lt("customs name in Chinese"),
        "origin": _lt("country of origin"),
        "value": _lt("value"),
    }
}
CHECKS = [
    ("off", "Nothing"),
    ("basic", "HS code"),
    ("full", "HS code, names, origin, value, IOSS and EORI numbers"),
]
VALUES = [("sale", "What the customer pays, without tax"), ("purchase", "What we pay the supplier")]
PRODUCT_FACTS = {"hs_code", "country_of_origin", "dropship_customs_name", "dropship_customs_name_zh", "name"}
NUMBERS = {"dropship_ioss", "dropship_eori", "dropship_customs_check", "dropship_customs_value", "ioss", "eori"}
# Above this value in euro a consignment into the Union is declared by somebody with an EORI number.
FREE_VALUE = 150.0


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_customs_check = fields.Selection(
        CHECKS,
        string="Needed for Customs",
        default="basic",
        required=True,
        groups="base.group_user",
        help="Purchases that cross a customs border wait until this is known.",
    )
    dropship_customs_value = fields.Selection(
        VALUES,
        string="Declared Value",
        default="sale",
        required=True,
        groups="base.group_user",
        help="The value a supplier writes into the customs declaration. Where the customer's import is taxed it is "
        "what the customer pays.",
    )
    dropship_ioss = fields.Char(string="IOSS Number", groups="base.group_user")
    dropship_eori = fields.Char(string="EORI Number", groups="base.group_user")

    def write(self, vals):
        """Override: purchases that waited for a number go on."""
        result = super().write(vals)
        if NUMBERS & vals.keys():
            self.env["purchase.order"].sudo()._dropship_customs_came([("company_id", "in", self.ids)])
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_customs_check = fields.Selection(related="company_id.dropship_customs_check", readonly=False)
    dropship_customs_value = fields.Selection(related="company_id.dropship_customs_value", readonly=False)
    dropship_ioss = fields.Char(related="company_id.dropship_ioss", readonly=False)
    dropship_eori = fields.Char(related="company_id.dropship_eori", readonly=False)


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    ioss = fields.Char(
        string="IOSS Number", help="A marketplace that declares imports itself gives its own. Empty: ours."
    )
    eori = fields.Char(string="EORI Number", help="Empty: the company's.")

    def write(self, vals):
        """Override: purchases that waited for a number go on."""
        result = super().write(vals)
        if NUMBERS & vals.keys():
            domain = [("company_id", "in", self.company_id.ids)] if all(row.company_id for row in self) else []
            self.env["purchase.order"].sudo()._dropship_customs_came(domain)
        return result


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_customs_name = fields.Char(
        string="Customs Name", groups="base.group_user", help="In English, for declarations. Empty: the product's name."
    )
    dropship_customs_name_zh = fields.Char(
        string="Customs Name (Chinese)",
        groups="base.group_user",
        help="For declarations in China. Empty: the product's Chinese name.",
    )

    def write(self, vals):
        """Override: purchases that waited for what is filled in now go on."""
        result = super().write(vals)
        if PRODUCT_FACTS & vals.keys() and self.ids:
            self.env["purchase.order"].sudo()._dropship_customs_came(
                [("order_line.product_id.product_tmpl_id", "in", self.ids)]
            )
        return result


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_crosses_border(self):
        """Whether the parcel meets customs between the supplier's warehouse and the customer."""
        self.ensure_one()
        order_sudo = self.sudo()
        source, target = order_sudo.dropship_warehouse_id.country_id, order_sudo._dropship_target_country()
        return bool(source and target) and target.code not in source._dropship_customs_area()

    def _dropship_target_country(self):
        address = self._dropship_ship_to() or {}
        countries = self.env["res.country"]
        found = (
            countries.search([("code", "=", address.get("country"))], limit=1) if address.get("country") else countries
        )
        return found or self.dest_address_id.country_id

    def _dropship_customs_goods(self):
        """One row for each line of the purchase: what customs is told of it. The value is per unit of the product."""
        self.ensure_one()
        order_sudo = self.sudo()
        english = self.env["res.lang"].sudo()._lang_get("en_US") and "en_US"
        chinese = bool(self.env["res.lang"].sudo()._lang_get("zh_CN"))
        source = order_sudo.dropship_warehouse_id.country_id
        rows = []
        for line in order_sudo.order_line.filtered(lambda line: line.product_qty and not line.display_type):
            product = line.product_id
            template = product.product_tmpl_id
            qty = line.product_uom_id._compute_quantity(line.product_qty, product.uom_id)
            name_zh = template.dropship_customs_name_zh
            if not name_zh and chinese:
                found = product.with_context(lang="zh_CN").name or ""
                name_zh = found if any(ord(character) > 0x2E7F for character in found) else ""
            rows.append(
                {
                    "line": str(line.id),
                    "product": product.display_name,
                    "product_id": product.id,
                    "hs": product.hs_code or "",
                    "name_en": template.dropship_customs_name or product.with_context(lang=english or None).name or "",
                    "name_zh": name_zh or "",
                    "zh_wanted": source.code == "CN",
                    "origin": (product.country_of_origin or source).code or "",
                    "hazard": product.dropship_hazard or "none",
                    "qty": round(qty, 6),
                    "value": order_sudo._dropship_customs_value(line, qty),
                }
            )
        return rows

    def _dropship_customs_value(self, line, qty):
        """The declared value of one unit, in `_dropship_customs_currency`."""
        if self.company_id.dropship_customs_value == "purchase" or not self.dropship_sale_id:
            return line.price_subtotal / qty if qty else 0.0
        total = 0.0
        for row in line.dropship_allocation_ids.filtered(lambda row: row.state != "released"):
            sold = row.line_id
            if not row.component:
                units = sold.product_uom_id._compute_quantity(sold.product_uom_qty, sold.product_id.uom_id)
                total += sold.price_subtotal * row.qty / units if units else 0.0
                continue
            # A part of a kit is worth its share of the price, by what the parts cost.
            parts = sold.dropship_allocation_ids.filtered(lambda other: other.state != "released")
            cost = sum(parts.mapped("goods"))
            total += sold.price_subtotal * row.goods / cost if cost else 0.0
        return total / qty if qty else 0.0

    def _dropship_customs_currency(self):
        self.ensure_one()
        order_sudo = self.sudo()
        if order_sudo.company_id.dropship_customs_value == "purchase" or not order_sudo.dropship_sale_id:
            return order_sudo.currency_id
        return order_sudo.dropship_sale_id.currency_id

    def _dropship_customs_numbers(self, goods):
        """IOSS and EORI numbers, and whether the parcel needs them."""
        self.ensure_one()
        order_sudo = self.sudo()
        company, sale = order_sudo.company_id, order_sudo.dropship_sale_id
        channel = self.env["dropship.sales.channel"]._channel_of(sale)[sale] if sale else None
        ioss = (channel and channel.ioss) or company.dropship_ioss or ""
        target, today = order_sudo._dropship_target_country(), fields.Date.context_today(self)
        worth = sum(row["qty"] * row["value"] for row in goods)
        value = order_sudo._dropship_customs_currency()._convert(worth, company.currency_id, company, today)
        position, _fiscal = self.env["dropship.tax.rule"]._position_for(
            company, order_sudo.dropship_warehouse_id.country_id, target, bool(sale.partner_id.vat), value
        )
        euro = self.env.ref("base.EUR")
        in_euro = company.currency_id._convert(value, euro, company, today)
        united = len(target._dropship_customs_area()) > 1
        return {
            "ioss": ioss if position == "ioss" else "",
            "ioss_wanted": position == "ioss",
            "eori": (channel and channel.eori) or company.dropship_eori or "",
            "eori_wanted": united and in_euro > FREE_VALUE and position != "ioss",
        }

    def _dropship_customs(self):
        """The customs part of the order, by allow-list; None for what stays within one customs area."""
        self.ensure_one()
        if not self._dropship_crosses_border():
            return None
        goods = self._dropship_customs_goods()
        numbers = self._dropship_customs_numbers(goods)
        terms = "DDP" if self.sudo().dropship_warehouse_id.ddp else "DAP"
        return customs.block(goods, self._dropship_customs_currency().name, numbers, terms)

    def _dropship_customs_problems(self):
        """What customs would miss: [[code, {figure: value}]]."""
        self.ensure_one()
        level = self.sudo().company_id.dropship_customs_check
        if level == "off" or not self._dropship_crosses_border():
            return []
        goods = self._dropship_customs_goods()
        return customs.missing(goods, level, self._dropship_customs_numbers(goods) if level == "full" else None)

    @api.model
    def _dropship_customs_came(self, domain):
        """Something customs waits for was filled in."""
        holds = self.env["dropship.hold"].search([("kind", "=", "customs"), ("state", "=", "open")])
        if holds.purchase_id:
            self.search([("id", "in", holds.purchase_id.ids), *domain])._dropship_papers_changed("customs")

    def _dropship_customs_money(self, amount):
        """An amount of the customs page as people write it."""
        return format_amount(self.env, amount, self._dropship_customs_currency())
