"""What the words of API orders mean in the database: one query per kind of record, whatever the number of orders."""

from collections import defaultdict

from odoo import api, models

from ..api.validate import Problem


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _lookup_channels(self, codes):
        """{code: channel} of the companies of the caller; his current company first."""
        channels = self.env["dropship.sales.channel"].search(
            [("code", "in", list(codes)), ("company_id", "in", [False, *self.env.companies.ids])]
        )
        company = self.env.company
        ranked = channels.sorted(lambda channel: (channel.company_id != company, bool(channel.company_id)))
        return {channel.code: channel for channel in reversed(ranked)}

    @api.model
    def _lookup_entered(self, wanted):
        """{(channel id, number): name of our order} of the numbers that were entered before.

        :param wanted: {(channel, number)}
        """
        if not wanted:
            return {}
        # Numbers are unique per channel, beyond the orders the caller may read.
        orders_sudo = self.env["sale.order"].sudo()
        rows = orders_sudo.search_fetch(
            [
                ("dropship_channel_id", "in", [channel.id for channel, _number in wanted]),
                ("client_order_ref", "in", [number for _channel, number in wanted]),
            ],
            ["dropship_channel_id", "client_order_ref", "name"],
        )
        return {(row.dropship_channel_id.id, row.client_order_ref): row.name for row in rows}

    @api.model
    def _lookup_products(self, orders):
        """{("sku" or "barcode", value): products}."""
        found = defaultdict(self.env["product.product"].browse)
        for kind, field in (("sku", "default_code"), ("barcode", "barcode")):
            values = {line[kind] for order in orders for line in order["lines"] if kind in line}
            if values:
                domain = [(field, "in", list(values)), ("sale_ok", "=", True)]
                for product in self.env["product.product"].search(domain):
                    found[kind, product[field]] |= product
        return found

    @api.model
    def _lookup_countries(self, orders):
        codes = {order["address"]["country"].upper() for order in orders if order["address"].get("country")}
        countries = self.env["res.country"].search([("code", "in", list(codes))])
        return {country.code: country for country in countries}

    @api.model
    def _lookup_states(self, orders):
        """{(country code, lower-case code or name): state}."""
        words = {order["address"]["state"].strip() for order in orders if order["address"].get("state", "").strip()}
        if not words:
            return {}
        states = self.env["res.country.state"].search(
            ["|", ("code", "in", [word.upper() for word in words]), ("name", "in", list(words))]
        )
        found = {}
        for state in states:
            found[state.country_id.code, state.code.lower()] = state
            found[state.country_id.code, state.name.lower()] = state
        return found

    @api.model
    def _lookup_currencies(self, orders):
        names = {order["currency"] for order in orders if "currency" in order}
        return {row.name: row for row in self.env["res.currency"].search([("name", "in", list(names))])}

    @api.model
    def _lookup_services(self, orders):
        """{name: delivery methods}."""
        names = {order["shipping"]["service"] for order in orders if "service" in order.get("shipping", {})}
        found = defaultdict(self.env["delivery.carrier"].browse)
        for carrier in self.env["delivery.carrier"].search([("name", "in", list(names))]) if names else ():
            found[carrier.name] |= carrier
        return found

    @api.model
    def _pricelist_in(self, currency, company, path):
        """(the price list an order in a currency is written with, what is missing)."""
        nothing = self.env["product.pricelist"]
        if currency != company.currency_id:
            rates_sudo = self.env["res.currency.rate"].sudo()  # whether a rate exists is no secret
            if not rates_sudo.search_count(
                [("currency_id", "=", currency.id), ("company_id", "in", [False, company.root_id.id])], limit=1
            ):
                return nothing, Problem(path, "rate", {"name": currency.name})
        pricelist = nothing.search(
            [("currency_id", "=", currency.id), ("company_id", "in", [False, company.id])], limit=1
        )
        if not pricelist and currency != company.currency_id:
            return nothing, Problem(path, "pricelist", {"name": currency.name})
        return pricelist, None
