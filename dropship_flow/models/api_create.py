"""Entering orders by the API: all of a call at once, one by one only when that fails."""

import logging
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tools import float_round
from psycopg2 import IntegrityError, OperationalError

from ..api.rules import order_problems, twice
from ..api.validate import Problem
from .messages import ORDER_TEXTS

_logger = logging.getLogger(__name__)

MESSAGE_FIELDS = {
    **{name.removeprefix("dropship_"): name for name in ORDER_TEXTS},
    "buyer": "dropship_buyer_message",
    "memo": "dropship_memo",
    "flag": "dropship_flag",
}


class Entry(NamedTuple):
    """An order of a call that nothing speaks against: its place, its words, and what they mean."""

    index: int
    told: dict[str, Any]
    channel: Any
    company: Any
    products: list
    carrier: Any
    pricelist: Any
    address: dict[str, Any]


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _create_orders(self, orders):
        """Enter the orders.

        :return: one result per order, or None when somebody else enters one of them at this moment
        """
        results = {}
        problems = {index: order_problems(order, f"orders[{index}]") for index, order in enumerate(orders)}
        for index, first in twice(orders).items():
            problems[index].append(Problem(f"orders[{index}].number", "same_call", {"first": first}))
        entries = self._entries(orders, problems)
        if not self._try_locks([f"order {entry.channel.id} {entry.told['number']}" for entry in entries]):
            return None
        for company in {entry.company: None for entry in entries}:
            mine = [entry for entry in entries if entry.company == company]
            results |= self.with_company(company)._enter(company, mine)
        for index, found in problems.items():
            if found:
                results[index] = self._result(index, orders[index]["number"], "refused", found)
        return [results[index] for index in range(len(orders))]

    # ------------------------------------------------------------------
    # What the words mean
    # ------------------------------------------------------------------

    @api.model
    def _entries(self, orders, problems):
        """The orders nothing speaks against; what speaks against the others is added to `problems`."""
        good = [order for index, order in enumerate(orders) if not problems[index]]
        channels = self._lookup_channels({order["channel"] for order in good})
        known = (
            channels,
            self._lookup_products(good),
            self._lookup_countries(good),
            self._lookup_states(good),
            self._lookup_currencies(good),
            self._lookup_services(good),
            {},
        )
        wanted = {(channels[order["channel"]], order["number"]) for order in good if order["channel"] in channels}
        entered = self._lookup_entered(wanted)
        entries = []
        for index, order in enumerate(orders):
            if problems[index]:
                continue
            entry, found = self._entry(index, order, known, entered)
            problems[index] += found
            if not found:
                entries.append(entry)
        return entries

    @api.model
    def _entry(self, index, order, known, entered):
        """(the order with its records, what speaks against it)."""
        channels, products, countries, states, currencies, services, pricelists = known
        path, found = f"orders[{index}]", []
        channel = channels.get(order["channel"])
        if not channel:
            return None, [Problem(f"{path}.channel", "channel", {"name": order["channel"]})]
        if name := entered.get((channel.id, order["number"])):
            return None, [Problem(f"{path}.number", "exists", {"number": order["number"], "order": name})]
        company = channel.company_id or self.env.company
        code = order["address"].get("country", "").upper()
        if code and code not in countries:
            found.append(Problem(f"{path}.address.country", "country", {"name": code}))
        chosen = [
            self._product_of(line, products, company, f"{path}.lines[{number}]", found)
            for number, line in enumerate(order["lines"])
        ]
        carrier = self._carrier_of(order, services, company, path, found)
        pricelist = self._pricelist_of(order, currencies, pricelists, company, path, found)
        address = {} if found else self._address_vals(order["address"], countries, states, company)
        return Entry(index, order, channel, company, chosen, carrier, pricelist, address), found

    @api.model
    def _product_of(self, line, products, company, path, found):
        kind = "sku" if "sku" in line else "barcode"
        fitting = products[kind, line[kind]].filtered(lambda row: row.company_id.id in (False, company.id))
        if len(fitting) != 1:
            code = "products" if fitting else "product"
            found.append(Problem(f"{path}.{kind}", code, {"name": f"{kind} {line[kind]}"}))
        places = self.env["decimal.precision"].precision_get("Product Unit")
        if float_round(line["quantity"], precision_digits=places) != line["quantity"]:
            found.append(Problem(f"{path}.quantity", "rounding", {"digits": places}))
        return fitting

    @api.model
    def _carrier_of(self, order, services, company, path, found):
        name = order.get("shipping", {}).get("service")
        if not name:
            return self.env["delivery.carrier"]
        carrier = services[name].filtered(lambda row: row.company_id.id in (False, company.id))[:1]
        if not carrier:
            found.append(Problem(f"{path}.shipping.service", "service", {"name": name}))
        return carrier

    @api.model
    def _pricelist_of(self, order, currencies, pricelists, company, path, found):
        name = order.get("currency") or company.currency_id.name
        currency = currencies.get(name) or (company.currency_id if name == company.currency_id.name else None)
        if not currency:
            found.append(Problem(f"{path}.currency", "currency", {"name": name}))
            return self.env["product.pricelist"]
        if (currency, company) not in pricelists:
            pricelists[currency, company] = self._pricelist_in(currency, company, "")
        pricelist, problem = pricelists[currency, company]
        if problem:
            found.append(problem._replace(path=f"{path}.currency"))
        return pricelist

    # ------------------------------------------------------------------
    # Entering
    # ------------------------------------------------------------------

    @api.model
    def _enter(self, company, entries):
        """{index: result} of the entries of one company."""
        try:
            with self.env.cr.savepoint():
                return self._enter_together(company, entries)
        except (OperationalError, ConcurrencyError, AccessError):
            raise
        except Exception:  # one of them: the others shall not suffer
            _logger.info("Orders are entered one by one, together they failed", exc_info=True)
        results = {}
        for entry in entries:
            try:
                with self.env.cr.savepoint():
                    results |= self._enter_together(company, [entry])
            except (OperationalError, ConcurrencyError, AccessError):
                raise
            except Exception as error:
                problem = self._why_not(entry, error)
                results[entry.index] = self._result(entry.index, entry.told["number"], "refused", [problem])
        return results

    @api.model
    def _why_not(self, entry, error):
        """What to tell about an order that did not let itself be entered."""
        path, number = f"orders[{entry.index}]", entry.told["number"]
        if isinstance(error, UserError):
            return Problem(path, "refused", {"text": str(error)})
        if isinstance(error, IntegrityError):
            constraint = error.diag.constraint_name or ""
            if constraint.endswith("dropship_number_uniq"):
                return Problem(f"{path}.number", "exists", {"number": number, "order": number})
            text = self.env["sale.order"]._sql_error_to_message(error)
            return Problem(path, "refused", {"text": text})
        _logger.error("API order %s of channel %s could not be entered", number, entry.channel.id, exc_info=error)
        return Problem(path, "failed", {})

    @api.model
    def _enter_together(self, company, entries):
        contacts = self._contacts(company, [(entry.told["customer"], entry.address) for entry in entries])
        quiet = self.env["sale.order"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
        orders = quiet.create(
            [self._order_vals(entry, *people) for entry, people in zip(entries, contacts, strict=True)]
        )
        for order, entry in zip(orders, entries, strict=True):
            self._convert_prices(order, entry)
            order._dropship_fapiao_told(entry.told.get("fapiao"))
        confirmed = orders.browse(
            [order.id for order, entry in zip(orders, entries, strict=True) if entry.told.get("confirm", True)]
        )
        if confirmed:
            confirmed.action_confirm()
        orders.flush_recordset()
        return {
            entry.index: self._result(entry.index, entry.told["number"], "created", order=order)
            for entry, order in zip(entries, orders.with_env(self.env), strict=True)
        }

    @api.model
    def _order_vals(self, entry, customer, address):
        told = entry.told
        payment, messages = told.get("payment", {}), told.get("messages", {})
        lines = [
            Command.create(self._line_vals(line, product))
            for line, product in zip(told["lines"], entry.products, strict=True)
        ]
        lines += self._shipping_lines(entry)
        vals = {
            "partner_id": customer.id,
            "partner_shipping_id": address.id,
            "company_id": entry.company.id,
            "client_order_ref": told["number"],
            "dropship_channel_id": entry.channel.id,
            "pricelist_id": entry.pricelist.id,
            "dropship_paid_state": payment.get("state"),
            "dropship_paid_amount": payment.get("amount", 0.0),
            "dropship_paid_reference": payment.get("reference"),
            "order_line": lines,
            **{MESSAGE_FIELDS[name]: value for name, value in messages.items()},
        }
        if entry.channel.team_id:
            vals["team_id"] = entry.channel.team_id.id
        if entry.carrier:
            vals["carrier_id"] = entry.carrier.id
        return vals

    @api.model
    def _line_vals(self, line, product):
        vals = {"product_id": product.id, "product_uom_qty": line["quantity"]}
        if "price" in line:
            vals["price_unit"] = line["price"]
        if line.get("name", "").strip():
            vals["name"] = line["name"]
        if line.get("personalisation"):
            vals["dropship_personalisation"] = line["personalisation"]
        return vals

    @api.model
    def _shipping_lines(self, entry):
        """One charge for shipping, when the channel told one."""
        charge = entry.told.get("shipping", {}).get("charge")
        if charge is None:
            return []
        product = entry.carrier.product_id or self.env.ref("delivery.product_product_delivery")
        vals = {"product_id": product.id, "product_uom_qty": 1.0, "price_unit": charge, "is_delivery": True}
        if entry.carrier:
            vals["name"] = entry.carrier.name
        return [Command.create({**vals, "sequence": 1000})]

    @api.model
    def _convert_prices(self, order, entry):
        """Prices are told with or without tax; a line's price is read as its taxes say."""
        told = entry.told
        included = told.get("prices_include_tax", True)
        figures = [line.get("price") for line in told["lines"]] + [told.get("shipping", {}).get("charge")]
        for line, price in zip(order.order_line, figures, strict=False):
            taxes = line.tax_ids.flatten_taxes_hierarchy()
            if price is None or all(tax.price_include == included for tax in taxes):
                continue
            prices = self.env["purchase.order.line"]
            net = prices._dropship_price_without_taxes(price, line.tax_ids) if included else price
            line.price_unit = prices._dropship_price_with_taxes(net, line.tax_ids)
