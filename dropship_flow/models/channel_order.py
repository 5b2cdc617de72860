"""What an order knows of its channel beyond its number: fees, what the platform adds, until when it has to leave."""

from collections import defaultdict
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_amount, format_datetime

from .exact import decimal
from .sale_order import READERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_told_fee = fields.Monetary(
        string="Fees Told by the Channel", copy=False, readonly=True, groups="base.group_user",
        help="What the channel says it keeps of this order; it counts instead of its fee schedule.",
    )  # fmt: skip
    dropship_subsidy = fields.Monetary(
        string="Paid by the Platform", copy=False, readonly=True, groups="base.group_user",
        help="A part of the prices the customer did not pay: the platform does.",
    )  # fmt: skip
    dropship_ship_by = fields.Datetime(
        string="Ship By", copy=False, readonly=True, index="btree_not_null", groups="base.group_user",
        help="The channel's deadline for this order.",
    )  # fmt: skip
    dropship_channel_terms = fields.Char(
        string="At the Channel", compute="_compute_dropship_channel_terms", groups=READERS,
        help="What is at stake there, and who pays for returns.",
    )  # fmt: skip

    @api.depends("dropship_channel_id", "dropship_ship_by", "amount_total")
    @api.depends_context("lang", "tz")
    def _compute_dropship_channel_terms(self):
        words = dict(self.env["dropship.channel.penalty"]._fields["kind"]._description_selection(self.env))
        payers = dict(self.env["dropship.sales.channel"]._fields["return_paid_by"]._description_selection(self.env))
        for order in self:
            channel_sudo = order.sudo().dropship_channel_id
            parts = []
            if channel_sudo and order.dropship_ship_by:
                parts.append(self.env._("Ship by %s", format_datetime(self.env, order.dropship_ship_by)))
            for kind in words if channel_sudo else ():
                if penalty := channel_sudo._penalty_for(kind, order):
                    amount = format_amount(self.env, float(penalty), order.company_id.currency_id)
                    parts.append(self.env._("%(what)s: %(amount)s", what=words[kind], amount=amount))
            if channel_sudo:
                parts.append(self.env._("Returns are paid by: %s", payers[channel_sudo.return_paid_by]))
            order.dropship_channel_terms = " · ".join(parts) or False

    def action_confirm(self):
        """Override: from here on the channel's clock runs, where nobody told when the order has to leave."""
        result = super().action_confirm()
        orders_sudo = self.sudo().filtered(lambda order: order.state == "sale" and not order.dropship_ship_by)
        channels = self.env["dropship.sales.channel"]._channel_of(orders_sudo) if orders_sudo else {}
        for order_sudo in orders_sudo:
            if hours := channels[order_sudo].ship_by_hours:
                order_sudo.dropship_ship_by = fields.Datetime.add(order_sudo.date_order, hours=hours)
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_channel_line = fields.Char(
        string="Line at the Channel", copy=False, readonly=True, groups="base.group_user"
    )
    dropship_channel_pieces = fields.Float(
        string="Pieces in One at the Channel", copy=False, readonly=True, digits="Product Unit",
        groups="base.group_user",
    )  # fmt: skip


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _lookup_channels(self, codes):
        """Override: an order file names its channel by the record, it needs no code."""
        found = super()._lookup_channels(codes)
        if channel_id := self.env.context.get("dropship_file_channel"):
            channel = self.env["dropship.sales.channel"].browse(channel_id)
            found |= {channel._file_code(): channel}
        return found

    @api.model
    def _entry(self, index, order, known, entered):
        """Override: a channel has its own money and its own price list."""
        channel = known[0].get(order["channel"])
        currency = channel.order_currency_id if channel else None
        if currency and "currency" not in order:
            order = {**order, "currency": currency.name}
            if currency.active:
                known[4][currency.name] = currency
        entry, found = super()._entry(index, order, known, entered)
        own = entry.channel.pricelist_id if entry and not found else None
        wanted = order.get("currency") or (entry and entry.company.currency_id.name)
        if own and own.currency_id.name == wanted:
            entry = entry._replace(pricelist=own)
        return entry, found

    @api.model
    def _product_of(self, line, products, company, path, found):
        """Override: a line of a file that a person or a link gave a product."""
        if "product_id" not in line:
            return super()._product_of(line, products, company, path, found)
        product = self.env["product.product"].browse(line["product_id"])
        kind = "sku" if "sku" in line else "barcode"
        products = defaultdict(product.browse, {(kind, line[kind]): product})
        return super()._product_of(line, products, company, path, found)

    @api.model
    def _order_vals(self, entry, customer, address):
        told, channel = entry.told, entry.channel
        vals = {
            **super()._order_vals(entry, customer, address),
            "dropship_told_fee": told.get("fees", 0.0),
            "dropship_subsidy": told.get("subsidy", 0.0),
        }
        promise = told.get("promise", {})
        if "ship_by" in promise:
            vals["dropship_ship_by"] = _moment(promise["ship_by"])
        if "deliver_by" in promise:
            vals["commitment_date"] = _moment(promise["deliver_by"])
        if channel.fiscal_position_id:
            vals["fiscal_position_id"] = channel.fiscal_position_id.id
        return vals

    @api.model
    def _line_vals(self, line, product):
        vals = super()._line_vals(line, product)
        if line.get("id"):
            vals["dropship_channel_line"] = line["id"]
        if line.get("pieces"):
            vals["dropship_channel_pieces"] = line["pieces"]
        return vals

    @api.model
    def _convert_prices(self, order, entry):
        """Override: the channel says whether prices include tax, and what is taken off becomes lines."""
        included = entry.told.get("prices_include_tax", entry.channel._prices_include_tax())
        entry = entry._replace(told={**entry.told, "prices_include_tax": included})
        result = super()._convert_prices(order, entry)
        if entry.told.get("discount"):
            self._take_off(order, entry)
        return result

    @api.model
    def _take_off(self, order, entry):
        """One line for each set of taxes of the goods, so that the tax goes down with the price."""
        goods = order.order_line.filtered(lambda line: line.product_id and not line.is_delivery)
        groups = goods.grouped(lambda line: frozenset(line.tax_ids.ids))
        rounding = order.currency_id.rounding or 0.01
        left, total = decimal(entry.told["discount"]), sum(abs(line.price_subtotal) for line in goods)
        product = self.env.ref("dropship_flow.product_channel_discount")
        vals_list = []
        for place, (taxes, lines) in enumerate(groups.items(), 1):
            part = sum(abs(line.price_subtotal) for line in lines) / total if total else 1.0 / len(groups)
            amount = left
            if place < len(groups):
                amount = min(decimal(round(entry.told["discount"] * part / rounding) * rounding), left)
            left -= amount
            if amount:
                vals_list.append(
                    {
                        "order_id": order.id,
                        "product_id": product.id,
                        "product_uom_qty": 1.0,
                        "price_unit": -float(amount),
                        "tax_ids": [Command.set(list(taxes))],
                        "sequence": 1001,
                    }
                )
        lines = order.order_line.create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            taxes = line.tax_ids.flatten_taxes_hierarchy()
            if any(tax.price_include != entry.told["prices_include_tax"] for tax in taxes):
                prices, net = self.env["purchase.order.line"], vals["price_unit"]
                if entry.told["prices_include_tax"]:
                    net = prices._dropship_price_without_taxes(net, line.tax_ids)
                line.price_unit = prices._dropship_price_with_taxes(net, line.tax_ids)

    @api.model
    def _result(self, index, number, status, problems=(), order=None):
        """Override: who reads a file keeps codes with figures, not sentences."""
        result = super()._result(index, number, status, problems, order)
        if self.env.context.get("dropship_file_channel"):
            result |= {"problems": list(problems), "order_id": order.id if order else False}
        return result


def _moment(text):
    """A moment of the API, ISO 8601, as the database keeps it."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
