"""Suppliers whose prepaid balance does not cover an order are no source of it until it is topped up."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, models

from ..routing import model as engine
from ..routing.rounding import buy_quantity, unit_price
from .exact import decimal
from .reason_text import FLOW_REASONS, _lt
from .wallet_purchase import UNSENT

FLOW_REASONS.update(
    {"wallet_low": _lt("The prepaid balance leaves %(have)s %(currency)s, the order needs %(need)s: top it up.")}
)


@dataclass(slots=True)
class Purse:
    """What can still be ordered from a supplier, in the company's currency; grows less while a batch is decided."""

    left: Decimal
    needs: dict = field(default_factory=dict)  # sale.order id -> Decimal


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _read_facts(self, company, demands, own_stock=False):
        """Override: what the prepaid balances still allow, read at once for all suppliers of the batch."""
        facts = super()._read_facts(company, demands, own_stock)
        suppliers = self.env["dropship.supplier"].browse({card.supplier.id for card in facts.cards.values()})
        prepaid = suppliers.filtered(lambda supplier: supplier._terms_for(company).payment_way == "wallet")
        if prepaid:
            facts.purses.update(self._read_purses(facts, prepaid, demands))
        return facts

    @api.model
    def _read_purses(self, facts, suppliers, demands):
        """{supplier id: Purse}. Purchases that wait to be sent have their part already."""
        company = facts.company
        left = dict.fromkeys(suppliers.ids, engine.ZERO)
        wallets = self.env["dropship.wallet"].search(
            [("supplier_id", "in", suppliers.ids), ("company_id", "=", company.id)]
        )
        unsent = self.env["purchase.order"].search(
            [
                ("dropship_warehouse_id.supplier_id", "in", suppliers.ids),
                ("company_id", "=", company.id),
                ("state", "in", UNSENT),
            ]
        )
        for wallet in wallets:
            left[wallet.supplier_id.id] += decimal(wallet.balance) * (facts.rate(wallet.currency_id) or engine.ZERO)
        for order in unsent.filtered(lambda order: not order.dropship_is_test):
            due = decimal(order._dropship_amount_due()) * (facts.rate(order.currency_id) or engine.ZERO)
            left[order.dropship_warehouse_id.supplier_id.id] -= due
        purses = {supplier_id: Purse(amount) for supplier_id, amount in left.items()}
        for order, wanted in demands.items():
            for demand in wanted:
                for supplier_id, amount in self._cheapest(facts, demand, purses).items():
                    needs = purses[supplier_id].needs
                    needs[order.id] = needs.get(order.id, engine.ZERO) + amount
        return purses

    @api.model
    def _cheapest(self, facts, demand, purses):
        """What a demand costs at each of the prepaid suppliers that offer it."""
        found = {}
        for offer in facts.offers[demand.product.id]:
            card = facts.cards[offer.id]
            if card.supplier.id not in purses:
                continue
            qty = buy_quantity(card.offer, decimal(demand.qty))
            price = unit_price(card.offer.tiers, qty)
            if price is not None:
                known = found.get(card.supplier.id)
                found[card.supplier.id] = qty * price if known is None else min(known, qty * price)
        return found

    @api.model
    def _destination_reasons(self, order, card, facts, destination):
        """Override: the balance has to cover all this supplier could be asked for with the order."""
        reasons = super()._destination_reasons(order, card, facts, destination)
        purse = facts.purses.get(card.supplier.id)
        need = purse.needs.get(order.id, engine.ZERO) if purse else engine.ZERO
        if purse and (purse.left < need or purse.left <= 0):
            figures = {
                "have": f"{max(purse.left, engine.ZERO):.2f}",
                "need": f"{need:.2f}",
                "currency": facts.company.currency_id.name,
            }
            reasons = [*reasons, engine.Reason("wallet_low", tuple(sorted(figures.items())))]
        return reasons

    @api.model
    def _deplete(self, facts, outcome):
        """Override: what one order of the batch takes the next cannot spend."""
        super()._deplete(facts, outcome)
        if outcome.holds or not outcome.plan:
            return
        suppliers = {source.key: source.supplier for source in outcome.problem.sources}
        for parcel in outcome.plan.parcels:
            purse = facts.purses.get(suppliers[parcel.source])
            if purse:
                purse.left -= parcel.goods + parcel.freight + parcel.fees
