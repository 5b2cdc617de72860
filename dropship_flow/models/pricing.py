"""Prices that follow costs: read costs, work out prices, write what changed – set by set."""

import json
import logging
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..pricing.rules import Fees, Goods, Lines, judge, make_price, margin
from .router_facts import ONE

_logger = logging.getLogger(__name__)
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
        again = self._duties_follow_prices(terms)
        for turn in range(PASSES if again else 1):
            landed = self.env["dropship.landed"]._best(
                sorted(ask), terms.place, terms.company, revenue=revenue if again else None
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
            if not again:
                break
            asked, ask = ask, set()
            for product_id in asked:
                proposal = found[product_id]
                if proposal.entered is not None:
                    net = self._net(proposal.entered, lines[lists[product_id][1]], terms)
                    if abs(net - revenue[product_id]) > Decimal("0.004"):
                        ask.add(product_id)
                        revenue[product_id] = net
            if not ask:
                break
        return found

    @api.model
    def _net(self, entered, lines, terms):
        return lines.net_of(entered) / terms.worth

    @api.model
    def _duties_follow_prices(self, terms):
        country = self.env["res.country"].browse(terms.place["country_id"])
        rules = self.env["dropship.duty.rule"]._for(country, fields.Date.today(), terms.company)
        return any(rule.basis == "revenue" and (rule.kind == "percent" or rule.min_value or rule.max_value)
                   for rule in rules)  # fmt: skip

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

    @api.model
    def _facts_of(self, product_ids, terms):
        """What rules and limits ask about products, read at once. MAP and MSRP in company currency.

        Each table is read by itself and put together here: joined in one statement, the database trusts figures of
        tables that were filled a moment ago and compares every product with every price.
        """
        self.env.flush_all()
        product_ids = list(product_ids)
        ours = self._our_items(product_ids, terms)
        history = self._history_facts(product_ids, terms)
        pinned = self._pinned(product_ids, terms)
        rows = self._goods_rows(product_ids, terms)
        own = self._own_priced({row[0]: row[1] for row in rows}, terms)
        result = {}
        for product_id, _template_id, category, publics, tags, map_price, retail in rows:
            price, cost = ours.get(product_id, (None, None))
            reference, refused = history.get(product_id, (None, None))
            money = {"map": map_price, "retail": retail, "price": price, "cost": cost, "reference": reference,
                     "refused": refused}  # fmt: skip
            result[product_id] = {
                "category": category, "publics": publics, "tags": tags, "own": product_id in own,
                "pinned": product_id in pinned,
                **{name: None if text is None else Decimal(text) for name, text in money.items()},
            }  # fmt: skip
        return result

    @api.model
    def _goods_rows(self, product_ids, terms):
        """[(product id, template id, category, shop categories, tags, MAP, MSRP)]"""
        worth = [(terms.company.currency_id.id, ONE)]
        worth += self.env["dropship.landed"]._facts(terms.company).currency_rates.items()
        query = SQL(
            """
            WITH worth AS (SELECT * FROM UNNEST(%(currencies)s::int[], %(worths)s::numeric[]) AS w (id, worth)),
                 said AS (SELECT offer.product_id,
                                 MAX(NULLIF(offer.map_price, 0) * worth.worth / offer.factor) AS map,
                                 MIN(NULLIF(offer.retail_price, 0) * worth.worth / offer.factor) AS retail
                            FROM dropship_offer offer
                            JOIN dropship_supplier supplier ON supplier.id = offer.supplier_id AND supplier.active
                             AND supplier.state IN ('trial', 'approved') AND supplier.blocked IS NOT TRUE
                            JOIN worth ON worth.id = offer.currency_id
                           WHERE offer.active AND offer.product_id = ANY(%(ids)s)
                             AND (offer.company_id IS NULL OR offer.company_id = %(company)s)
                           GROUP BY offer.product_id)
            SELECT product.id, product.product_tmpl_id, template.categ_id,
                   ARRAY(SELECT product_public_category_id FROM product_public_category_product_template_rel
                          WHERE product_template_id = product.product_tmpl_id),
                   ARRAY(SELECT product_tag_id FROM product_tag_product_template_rel
                          WHERE product_template_id = product.product_tmpl_id
                          UNION SELECT product_tag_id FROM product_tag_product_product_rel
                          WHERE product_product_id = product.id),
                   said.map::text, said.retail::text
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN said ON said.product_id = product.id
             WHERE product.id = ANY(%(ids)s)
            """,
            ids=product_ids,
            currencies=[row[0] for row in worth],
            worths=[row[1] for row in worth],
            company=terms.company.id,
        )
        return self.env.execute_query(query)

    @api.model
    def _our_items(self, product_ids, terms):
        """{product id: (price by the rules, cost it was made of)}"""
        query = SQL(
            "SELECT product_id, fixed_price::text, dropship_cost::numeric::text FROM product_pricelist_item"
            " WHERE pricelist_id = %s AND dropship_ours AND product_id = ANY(%s)",
            terms.pricelist.id or 0,
            product_ids,
        )
        return {product_id: money for product_id, *money in self.env.execute_query(query)}

    @api.model
    def _own_priced(self, templates, terms):
        """Products of {product id: template id} the merchant gave a price of his own in the pricelist."""
        now = fields.Datetime.now()
        query = SQL(
            """
            SELECT item.product_id, CASE WHEN item.applied_on = '1_product' THEN item.product_tmpl_id END
              FROM product_pricelist_item item
             WHERE item.pricelist_id = %(pricelist)s AND item.dropship_ours IS NOT TRUE
               AND item.min_quantity <= 1 AND (item.date_end IS NULL OR item.date_end >= %(now)s)
               AND (item.product_id = ANY(%(ids)s) AND (item.date_start IS NULL OR item.date_start <= %(now)s)
                    OR item.product_tmpl_id = ANY(%(templates)s) AND item.applied_on = '1_product')
            """,
            pricelist=terms.pricelist.id or 0,
            now=now,
            ids=list(templates),
            templates=list(set(templates.values())),
        )
        rows = self.env.execute_query(query)
        products, whole = {row[0] for row in rows}, {row[1] for row in rows} - {None}
        return {key for key, template_id in templates.items() if key in products or template_id in whole}

    @api.model
    def _pinned(self, product_ids, terms):
        query = SQL(
            "SELECT product_id FROM dropship_price_pin"
            " WHERE channel_id = %s AND product_id = ANY(%s) AND (until IS NULL OR until >= %s)",
            terms.channel.id,
            product_ids,
            fields.Date.today(),
        )
        return {row[0] for row in self.env.execute_query(query)}

    @api.model
    def _history_facts(self, product_ids, terms):
        """{product id: (price a day ago unless a person agreed since, the last price a person refused)}"""
        query = SQL(
            """
            WITH told AS (SELECT *, MAX(id) FILTER (WHERE state = 'applied' AND decided_at IS NOT NULL)
                                    OVER (PARTITION BY product_id) AS agreed
                            FROM dropship_price_change
                           WHERE channel_id = %(channel)s AND product_id = ANY(%(ids)s)
                             AND state IN ('applied', 'refused'))
            SELECT product_id,
                   (ARRAY_AGG(old_entered ORDER BY id) FILTER (
                        WHERE state = 'applied' AND decided_at IS NULL AND old_entered > 0
                          AND create_date > %(now)s - interval '24 hours' AND id > COALESCE(agreed, 0)
                   ))[1]::numeric::text,
                   (ARRAY_AGG(entered_price ORDER BY id DESC) FILTER (WHERE state = 'refused'))[1]::numeric::text
              FROM told GROUP BY product_id
            """,
            channel=terms.channel.id,
            ids=product_ids,
            now=fields.Datetime.now(),
        )
        return {product_id: money for product_id, *money in self.env.execute_query(query)}

    # --- writing ---

    @api.model
    def _apply(self, products, channel):
        """Bring the prices of products on a channel in line with the rules.

        :return: {"applied": …, "waiting": …} how many changed, how many wait for a person
        """
        channel_sudo = channel.sudo()
        if not channel_sudo.pricelist_id:
            return {"applied": 0, "waiting": 0}
        found = self._propose(products, channel)
        taken = {key: row for key, row in found.items() if row.state == "apply"}
        asked = {key: row for key, row in found.items() if row.state == "wait"}
        prices_sudo = self.sudo()
        prices_sudo._write_items(
            channel_sudo, [(key, row.entered, row.rule_id, row.cost) for key, row in sorted(taken.items())]
        )
        own = [key for key, row in found.items() if row.reasons[:1] == (("own_price", {}),)]
        prices_sudo._drop_items(channel_sudo, own)
        prices_sudo._drop_waiting(channel_sudo, sorted(found.keys() - asked.keys()))
        prices_sudo._write_changes(channel_sudo, taken, "applied")
        prices_sudo._write_changes(channel_sudo, asked, "waiting")
        return {"applied": len(taken), "waiting": len(asked)}

    @api.model
    def _write_items(self, channel, rows):
        """Set fixed prices of variants in the channel's pricelist: (product id, price, rule id, cost)."""
        if not rows:
            return
        items = self.env["product.pricelist.item"]
        items.flush_model()
        pricelist = channel.pricelist_id
        product_ids, prices, rules, costs = (list(column) for column in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO product_pricelist_item (
                       pricelist_id, product_id, product_tmpl_id, fixed_price, dropship_rule_id, dropship_cost,
                       dropship_ours, applied_on, display_applied_on, base, compute_price, min_quantity, currency_id,
                       company_id, create_uid, write_uid, create_date, write_date)
                SELECT %(pricelist)s, made.product_id, product.product_tmpl_id, made.price, made.rule_id, made.cost,
                       TRUE, '0_product_variant', '1_product', 'list_price', 'fixed', 0, %(currency)s, %(company)s,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM UNNEST(%(products)s::int[], %(prices)s::numeric[], %(rules)s::int[], %(costs)s::numeric[])
                       AS made (product_id, price, rule_id, cost)
                  JOIN product_product product ON product.id = made.product_id
                 ORDER BY made.product_id
                    ON CONFLICT (pricelist_id, product_id) WHERE dropship_ours
                    DO UPDATE SET fixed_price = EXCLUDED.fixed_price, dropship_rule_id = EXCLUDED.dropship_rule_id,
                       dropship_cost = EXCLUDED.dropship_cost, write_uid = EXCLUDED.write_uid,
                       write_date = EXCLUDED.write_date
                """,
                pricelist=pricelist.id,
                currency=pricelist.currency_id.id,
                company=pricelist.company_id.id or None,
                uid=self.env.uid,
                products=product_ids,
                prices=prices,
                rules=rules,
                costs=costs,
            )
        )
        items.invalidate_model(flush=False)
        pricelist.invalidate_recordset(["item_ids"], flush=False)

    @api.model
    def _drop_items(self, channel, product_ids):
        """A price of the merchant's own took the place of ours."""
        if not product_ids:
            return
        self.env.cr.execute(
            SQL(
                "DELETE FROM product_pricelist_item WHERE pricelist_id = %s AND product_id = ANY(%s) AND dropship_ours",
                channel.pricelist_id.id,
                product_ids,
            )
        )
        self.env["product.pricelist.item"].invalidate_model(flush=False)

    @api.model
    def _drop_waiting(self, channel, product_ids):
        """Changes that waited and are not wanted any more."""
        if not product_ids:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE dropship_price_change SET state = 'dropped', write_date = now() AT TIME ZONE 'UTC'"
                " WHERE channel_id = %s AND product_id = ANY(%s) AND state = 'waiting'",
                channel.id,
                product_ids,
            )
        )
        self.env["dropship.price.change"].invalidate_model(flush=False)

    @api.model
    def _write_changes(self, channel, rows, state):
        """The history; a change that waits already is renewed, not doubled."""
        if not rows:
            return
        self.env["dropship.price.change"].flush_model()
        values = []
        for product_id, row in sorted(rows.items()):
            percent = (row.shown / row.old_shown - 1) * 100 if row.old_shown else Decimal(0)
            values.append(
                (
                    product_id, row.rule_id, row.offer_id, row.old_shown, row.old or Decimal(0), row.shown, row.entered,
                    row.old_cost, row.cost, round(percent, 2), round(row.margin_percent, 2), json.dumps(row.reasons),
                )
            )  # fmt: skip
        columns = [list(column) for column in zip(*values, strict=True)]
        kinds = ("int", "int", "int", *["numeric"] * 8, "text")
        arrays = SQL(", ").join(SQL("%s::%s[]", column, SQL(kind)) for column, kind in zip(columns, kinds, strict=True))
        names = SQL(
            "product_id, rule_id, offer_id, old_price, old_entered, new_price, entered_price, old_cost, new_cost,"
            " change_percent, margin_percent, reasons"
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_price_change (
                       %(names)s, channel_id, company_id, currency_id, state, create_uid, write_uid, create_date,
                       write_date)
                SELECT product_id, rule_id, offer_id, old_price, old_entered, new_price, entered_price, old_cost,
                       new_cost, change_percent, margin_percent, reasons::jsonb, %(channel)s, %(company)s, %(currency)s,
                       %(state)s, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM UNNEST(%(arrays)s) AS made (%(names)s)
                 ORDER BY product_id
                    ON CONFLICT (product_id, channel_id) WHERE state = 'waiting'
                    DO UPDATE SET (rule_id, offer_id, old_price, old_entered, new_price, entered_price, old_cost,
                       new_cost, change_percent, margin_percent, reasons, write_date) = (
                       EXCLUDED.rule_id, EXCLUDED.offer_id, EXCLUDED.old_price, EXCLUDED.old_entered,
                       EXCLUDED.new_price, EXCLUDED.entered_price, EXCLUDED.old_cost, EXCLUDED.new_cost,
                       EXCLUDED.change_percent, EXCLUDED.margin_percent, EXCLUDED.reasons, EXCLUDED.write_date)
                     WHERE dropship_price_change.entered_price <> EXCLUDED.entered_price
                        OR dropship_price_change.new_cost <> EXCLUDED.new_cost
                """,
                names=names,
                arrays=arrays,
                channel=channel.id,
                company=channel._dropship_company().id,
                currency=(channel.pricelist_id.currency_id or channel.currency_id).id,
                state=state,
                uid=self.env.uid,
            )
        )
        self.env["dropship.price.change"].invalidate_model(flush=False)


class DropshipSupply(models.AbstractModel):
    _inherit = "dropship.supply"

    @api.model
    def _follow_prices(self, products):
        """Override: prices of every channel follow costs. What is wrong with one channel does not stop the others."""
        result = super()._follow_prices(products)
        companies = dict(products.grouped("company_id"))
        rules_sudo = self.env["dropship.pricing.rule"].sudo()
        for channel in self.env["dropship.sales.channel"].sudo().search([("pricelist_id", "!=", False)]):
            company = channel._dropship_company()
            if not rules_sudo.search_count([("company_id", "=", company.id)], limit=1):
                continue
            mine = products.browse().union(
                *(rows for owner, rows in companies.items() if not owner or owner == company)
            )
            try:
                with self.env.cr.savepoint():
                    self.env["dropship.pricing"]._apply(mine, channel)
            except (psycopg2.OperationalError, ConcurrencyError):
                raise
            except Exception:
                _logger.exception("The prices of channel %s could not be made", channel.id)
        return result

    @api.model
    def _cron_prices(self):
        """Every night: what moves prices without moving supply – exchange rates, freight, duties, dates."""
        rules = self.env["dropship.pricing.rule"].search([])
        rules.company_id._dropship_reprice_soon()
