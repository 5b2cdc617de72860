"""Prices by the rules are written into pricelists, with their history; supply that moves brings them along."""

import json
import logging
from decimal import Decimal

import psycopg2
from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class DropshipPricing(models.AbstractModel):
    _inherit = "dropship.pricing"

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
