"""Stock and prices a supplier tells by a program: checked row by row, written in one step."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..api.validate import Problem

# A supplier's clock may be a little ahead of ours.
AHEAD = timedelta(minutes=5)


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    @api.model
    def _take_figures(self, supplier, company, rows):
        """Write what a supplier says about his own offers. Figures older than the known ones change nothing.

        :param rows: [{"sku", "stock", "price", "currency", "warehouse", "as_of"}]; a figure that is None stays,
            `warehouse` is the warehouse's code and needed only when several of them offer the SKU,
            `as_of` is a UTC datetime
        :return: [(status, [Problem])] in the order of the rows; status: updated, unchanged, older, refused
        """
        by_sku = self._offers_by_sku(supplier, company, rows)
        now = fields.Datetime.now()
        told, results, seen = [], [], set()
        for row in rows:
            offer, problem = self._offer_of_row(row, by_sku.get(row["sku"], []))
            problem = problem or self._figure_problem(row, offer, now)
            if not problem and offer["id"] in seen:
                problem = Problem("sku", "twice", {"name": row["sku"]})
            if problem:
                results.append(("refused", [problem]))
                continue
            seen.add(offer["id"])
            if offer["told_at"] and offer["told_at"] > row["as_of"]:
                results.append(("older", []))
                continue
            same = all(row[name] is None or row[name] == offer[name] for name in ("stock", "price"))
            results.append(("unchanged" if same else "updated", []))
            told.append((offer["id"], row["stock"], row["price"], row["as_of"], offer["price"]))
        self._write_figures(told)
        return results

    @api.model
    def _offers_by_sku(self, supplier, company, rows):
        """{sku: [offer as a dictionary]} of the supplier's offers the rows may mean."""
        names = ["id", "sku", "stock", "price", "told_at", "currency_id", "warehouse_id"]
        domain = Domain("supplier_id", "=", supplier.id) & Domain("sku", "in", list({row["sku"] for row in rows}))
        offers = self.search(domain & self._company_domain(company))
        with_tiers = set(offers.filtered("tier_ids").ids)
        found = {}
        for offer, values in zip(offers, offers.read(names, load=None), strict=True):
            values |= {
                "warehouse": offer.warehouse_id.code or "",
                "currency": offer.currency_id.name,
                "tiers": offer.id in with_tiers,
            }
            found.setdefault(offer.sku, []).append(values)
        return found

    @api.model
    def _offer_of_row(self, row, offers):
        """(offer, None) or (None, what is wrong)."""
        code = row.get("warehouse")
        if code:
            offers = [offer for offer in offers if offer["warehouse"] == code]
        if not offers:
            return None, Problem("sku", "no_offer", {"name": row["sku"]})
        if len(offers) > 1:
            return None, Problem("warehouse", "which_warehouse", {"name": row["sku"]})
        return offers[0], None

    @api.model
    def _figure_problem(self, row, offer, now):
        if row["as_of"] > now + AHEAD:
            return Problem("as_of", "in_future", {})
        if row["price"] is None:
            return None
        if row["price"] <= 0:
            return Problem("price", "exclusiveMinimum", {"limit": 0})
        if (row.get("currency") or offer["currency"]) != offer["currency"]:
            return Problem("currency", "other_currency", {"name": offer["currency"]})
        if offer["tiers"] and row["price"] != offer["price"]:
            return Problem("price", "has_tiers", {})
        return None

    @api.model
    def _write_figures(self, told):
        """One statement, whatever the number of rows; prices that changed reach core's vendor prices."""
        if not told:
            return
        self.flush_model()
        ids, stocks, prices, moments, _old = (list(column) for column in zip(*told, strict=True))
        self.env.cr.execute(
            """
            UPDATE dropship_offer offer
               SET stock = COALESCE(told.stock, offer.stock), price = COALESCE(told.price, offer.price),
                   as_of = told.as_of, write_uid = %s, write_date = now() AT TIME ZONE 'utc'
              FROM unnest(%s::int[], %s::numeric[], %s::float8[], %s::timestamp[]) AS told(id, stock, price, as_of)
             WHERE offer.id = told.id
            """,
            [self.env.uid, ids, stocks, prices, moments],
        )
        self.browse(ids).invalidate_recordset(flush=False)
        self.browse(row[0] for row in told if row[2] is not None and row[2] != row[4])._project()
