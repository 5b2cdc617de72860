"""Prices that follow costs: what the rules make of the cost of each product, set by set."""

from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..pricing.following import Following
from ..pricing.rules import Fees, Goods, Lines, judge, make_price, margin
from .router_facts import ONE

PASSES = 3


class Proposal(NamedTuple):
    """What the rules say about a product on a channel. Prices in the currency of the pricelist."""

    rule_id: int | None
    entered: Decimal | None  # to write into the pricelist; None: no price, see `reasons`
    shown: Decimal | None  # as customers see it
    old: Decimal | None  # entered now; None: there is none by the rules
    old_shown: Decimal | None  # what customers see now
    cost: Decimal | None  # landed, company currency
    old_cost: Decimal | None  # the same when the price was made
    offer_id: int | None
    margin_percent: Decimal | None  # of the new price, after fees
    state: str  # none, same, apply, wait
    reasons: tuple = ()


class Terms(NamedTuple):
    """What is the same for all products of a channel."""

    channel: Any
    company: Any
    pricelist: Any
    place: dict
    worth: Decimal  # units of the pricelist's currency for one of the company's
    fees: Fees
    rules: list
    step: Decimal


class DropshipPricing(models.AbstractModel):
    _name = "dropship.pricing"
    _description = "Pricing"

    @api.model
    def _terms(self, channel, rules=None, pricelist=None):
        """
        :param pricelist: in place of the channel's own, with the fees and the destination of the channel
        """
        company, pricelist = channel._dropship_company(), pricelist or channel.pricelist_id
        home = company.currency_id
        target = pricelist.currency_id or home
        worth = ONE
        if target != home:
            rate = home._get_conversion_rate(home, target, company, fields.Date.today())
            worth = Decimal(repr(rate))
        percent, fixed = channel._usual_fees()
        fees = Fees(percent, fixed * worth)
        if rules is None:
            rules = self.env["dropship.pricing.rule"]._rules_for(channel, worth)
        place = channel._dropship_reference_place()
        return Terms(channel, company, pricelist, place, worth, fees, rules, Decimal(str(target.rounding)))

    @api.model
    def _propose(self, products, channel, rules=None):
        """What the rules would make of the prices of products on a channel; nothing is written.

        :param list rules: pricing.rules.Rule in place of those of the channel, for a look at what a rule would do
        :return: {product id: Proposal} for every product
        """
        self = self.sudo().with_company(channel.sudo()._dropship_company())
        terms = self._terms(self.env["dropship.sales.channel"].browse(channel.id), rules)
        facts = self._facts_of(products.ids, terms)
        lists, sights = self.env["dropship.shop.tax"]._rows_of(products.ids, terms.company)
        lines = {key: self._lines(sight, terms) for key, sight in sights.items()}
        found, ask = {}, set(facts)
        revenue = {
            key: self._net(fact["price"] or lists[key][0] * terms.worth, lines[lists[key][1]], terms)
            for key, fact in facts.items()
        }
        follow = self._duties_of_prices(terms)
        for turn in range(PASSES if follow else 1):
            landed = self.env["dropship.landed"]._best(
                sorted(ask), terms.place, terms.company, revenue=revenue if follow else None
            )
            if not turn:
                brands = self._brands([row.offer_id for row in landed.values()])
            for product_id in ask:
                list_price, key = lists[product_id]
                proposal = self._proposal(
                    facts[product_id], list_price * terms.worth, lines[key], landed.get(product_id), brands, terms
                )
                # A price that drives its own duty across a limit takes the dearer side.
                if turn < 2 or (proposal.entered or 0) > (found[product_id].entered or 0):
                    found[product_id] = proposal
            if not follow:
                break
            asked, ask = ask, set()
            for product_id in asked:
                proposal = found[product_id]
                if proposal.entered is not None:
                    net = self._net(proposal.entered, lines[lists[product_id][1]], terms)
                    if follow.differ(revenue[product_id], net, facts[product_id]["pieces"]):
                        ask.add(product_id)
                        revenue[product_id] = net
            if not ask:
                break
        return found

    @api.model
    def _net(self, entered, lines, terms):
        return lines.net_of(entered) / terms.worth

    @api.model
    def _duties_of_prices(self, terms):
        """How duties at the place hang on what the customer pays: `Following`, or None where they do not."""
        country = self.env["res.country"].browse(terms.place["country_id"])
        rules = self.env["dropship.duty.rule"]._for(country, fields.Date.today(), terms.company)
        rules = rules.filtered(lambda rule: rule.basis == "revenue")
        if not rules:
            return None
        facts = self.env["dropship.landed"]._facts(terms.company)
        duties = [self.env["dropship.router"]._engine_duty(facts, rule) for rule in rules]
        percent = any(duty.kind == "percent" for duty in duties)
        limits = tuple((duty.min_value, duty.max_value) for duty in duties if duty.min_value or duty.max_value)
        return Following(percent, limits) if percent or limits else None

    @api.model
    def _lines(self, sight, terms):
        """How entered, shown and net price of a set of taxes hang together on the channel."""
        net = (sight.net_share, sight.net_fixed * terms.worth)
        gross = (sight.gross_share, sight.gross_fixed * terms.worth)
        website = terms.channel.website_id
        if not website:
            return Lines(net, gross)
        return Lines(net, gross, gross if website.show_line_subtotals_tax_selection == "tax_included" else net)

    @api.model
    def _proposal(self, fact, list_price, lines, landed, brands, terms):
        old = fact["price"]
        old_shown = lines.shown_of(old if old is not None else list_price)

        def none(code, cost=None):
            return Proposal(
                None, None, None, old, old_shown, cost, fact["cost"], landed.offer_id if landed else None, None, "none",
                ((code, {}),),
            )  # fmt: skip

        if fact["own"]:
            return none("own_price")
        if fact["pinned"]:
            return none("price_pinned")
        if not landed or not landed.usable:
            return none("no_cost")
        brand, supplier_id = brands.get(landed.offer_id, ("", None))
        cost = landed.landed * terms.worth
        goods = Goods(fact["category"], fact["publics"], fact["tags"], brand, supplier_id, cost, list_price)
        rule = next((rule for rule in terms.rules if rule.matches(goods)), None)
        if not rule or rule.leave:
            return none("price_left" if rule else "no_price_rule", landed.landed)
        money = [fact[name] * terms.worth if fact[name] else None for name in ("map", "retail")]
        made = make_price(rule, cost, terms.fees, lines, *money, terms.step)
        if made.entered is None:
            return none(made.reasons[0][0], landed.landed)
        verdict = judge(rule, made, old, fact["reference"], lines)
        state = verdict.state
        if state == "wait" and fact["refused"] is not None and abs(fact["refused"] - made.entered) < terms.step / 2:
            state = "same"
        why = () if old is None else (self._why(fact["cost"], landed.landed),)
        percent = margin(made.entered, cost, terms.fees, lines)[1]
        return Proposal(
            rule.key, made.entered, made.shown, old, old_shown, landed.landed, fact["cost"], landed.offer_id, percent,
            state, (*why, *made.reasons, *verdict.reasons),
        )  # fmt: skip

    @api.model
    def _why(self, old_cost, cost):
        if old_cost is None or abs(old_cost - cost) < Decimal("0.005"):
            return ("rule_moved", {})
        return ("cost_moved", {"old": f"{old_cost:.2f}", "new": f"{cost:.2f}"})

    @api.model
    def _brands(self, offer_ids):
        """{offer id: (brand casefolded, supplier id)}"""
        rows = self.env.execute_query(
            SQL("SELECT id, COALESCE(brand, ''), supplier_id FROM dropship_offer WHERE id = ANY(%s)", offer_ids)
        )
        return {offer_id: (brand.strip().casefold(), supplier_id) for offer_id, brand, supplier_id in rows}
