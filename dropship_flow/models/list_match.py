"""What offers may be already: found by barcode, code and name, decided by a person."""

from decimal import Decimal

from odoo import fields, models
from odoo.fields import Domain

from ..feeds import margin_percent, suggest_price
from ..listing_quality import NameIndex
from .reason_text import reasons_line


class DropshipOffer(models.Model):
    _inherit = "dropship.offer"

    def _picture_addresses(self):
        """Addresses of the pictures, in their order, each once."""
        found = []
        for offer in self:
            for url in (offer.image_urls or "").split("\n"):
                if url.strip() and url.strip() not in found:
                    found.append(url.strip())
        return found


class DropshipListOffersLine(models.Model):
    _inherit = "dropship.list.offers.line"

    def _match(self):
        """Propose for each line what it is. What only looks alike, or may be several, waits for a person."""
        goods = self._known_goods()
        names = None
        categories = self._categories()
        for line in self:
            offers = line.offer_ids
            linked = offers.product_id.product_tmpl_id
            barcodes = [code for offer in offers for code in _codes(offer.barcode)]
            by_barcode = goods["barcode"].browse({goods["by_barcode"][code] for code in barcodes
                                                  if code in goods["by_barcode"]})  # fmt: skip
            by_code = goods["barcode"].browse({found for offer in offers
                                               for found in goods["by_code"].get(offer.sku, ())})  # fmt: skip
            kind, found = next(
                ((kind, rows) for kind, rows in (("linked", linked), ("barcode", by_barcode), ("code", by_code))
                 if rows), ("new", linked)
            )  # fmt: skip
            if kind == "new":
                names = names or self._name_index()
                found = linked.browse([key for _score, key in names.find(line.name)])
                kind = "name" if found else "new"
            certain = len(found) == 1 and kind in ("linked", "barcode", "code")
            categ, public = categories.get(offers[:1].id, (False, []))
            line.write(
                {
                    "match": "several" if len(found) > 1 else kind,
                    "candidate_ids": [(6, 0, found.ids)],
                    "product_tmpl_id": found.id if certain else False,
                    "decision": "link" if certain else False if found else "new",
                    "categ_id": categ,
                    "public_categ_ids": [(6, 0, public)],
                }
            )

    def _goods_domain(self):
        return Domain("company_id", "in", [*self.company_id.ids, False])

    def _known_goods(self):
        """Goods by barcode and code, read at once."""
        products = self.env["product.product"].with_context(active_test=False)
        offers = self.offer_ids
        barcodes = sorted({code for offer in offers for code in _codes(offer.barcode)})
        domain = self._goods_domain()
        by_barcode = products.search_fetch(domain & Domain("barcode", "in", barcodes), ["barcode", "product_tmpl_id"])
        by_code = products.search_fetch(
            domain & Domain("default_code", "in", offers.mapped("sku")) & Domain("type", "=", "consu"),
            ["default_code", "product_tmpl_id"],
        )
        codes = {}
        for product in by_code:
            codes.setdefault(product.default_code, set()).add(product.product_tmpl_id.id)
        return {
            "barcode": self.env["product.template"],
            "by_barcode": {product.barcode: product.product_tmpl_id.id for product in by_barcode},
            "by_code": codes,
        }

    def _name_index(self):
        rows = self.env["product.template"].search_read(
            self._goods_domain() & Domain("type", "=", "consu"), ["name"], load=None
        )
        return NameIndex((row["id"], row["name"]) for row in rows)

    def _categories(self):
        """{offer id: (category id or False, ids of shop categories)} of the mapped ones."""
        firsts = self.env["dropship.offer"].browse([line.offer_ids[:1].id for line in self])
        found = self.env["dropship.category.map"]._of(firsts)
        return {offer_id: (categ.id, public.ids) for offer_id, (categ, public) in found.items()}

    # === WHAT IT COSTS === #

    def _cost(self):
        """Cost at the door of each main destination, a price, and the margins it leaves."""
        for plan, lines in self.grouped("plan_id").items():
            lines._cost_of_plan(plan.sudo())  # costs are read for whoever may list

    def _cost_of_plan(self, plan):
        channel = plan.channel_id
        places = [row._place() for row in channel.destination_ids] or [channel._dropship_reference_place()]
        offers = self.offer_ids
        found = [plan._landed_of_offers(offers, place) for place in places]
        landed = [{offer_id: cost for offer_id, (cost, _why) in rows.items()} for rows in found]
        percent, fixed = channel._usual_fees()
        factor = plan._tax_factor()
        known = plan._known_prices(self)
        for line in self:
            costs = [
                min((costs[offer.id] for offer in line.offer_ids if costs.get(offer.id)), default=None)
                for costs in landed
            ]
            highest = max((cost for cost in costs[:1] if cost), default=None)
            price = known.get(line.product_tmpl_id.id) or plan._suggest(line, highest, percent, fixed, factor)
            margins = [
                [place["country_id"], cost,
                 round(float(margin_percent(Decimal(str(price)), Decimal(str(cost)), percent, fixed, factor)), 2)
                 if cost and price > 0 else None]
                for place, cost in zip(places, costs, strict=True)
            ]  # fmt: skip
            why = [found[0][offer.id][1] for offer in line.offer_ids if offer.id in found[0] and found[0][offer.id][1]]
            message = reasons_line(self.env, why[0]) if why and not costs[0] else False
            line.write(
                {"landed": costs[0] or 0.0, "price": price, "margins": margins, "margin": margins[0][2] or 0.0,
                 "message": message}
            )  # fmt: skip


class DropshipListOffers(models.Model):
    _inherit = "dropship.list.offers"

    def _landed_of_offers(self, offers, place):
        """{offer id: (cost at the door per unit of the product in company currency or None, what stands against it)}.

        That an offer is not linked yet, or has nothing in stock today, does not matter for what it costs.
        """
        found = self.env["dropship.landed"]._of_offers(offers.ids, place, self.company_id)
        result = {}
        for offer_id, row in found.items():
            why = [list(reason) for reason in row.reasons if reason[0] not in ("not_linked", "no_stock")]
            result[offer_id] = (float(row.landed) if row.landed is not None and not why else None, why)
        return result

    def _tax_factor(self):
        """Price shown / net price of a new product with the company's own sales tax."""
        tax = self.company_id.account_sale_tax_id
        net = tax.compute_all(100.0, self.currency_id, 1.0)["total_excluded"] if tax else 100.0
        return Decimal(100) / Decimal(str(net)) if net else Decimal(1)

    def _known_prices(self, lines):
        """{template id: price on the channel} of products that are there already."""
        templates = lines.product_tmpl_id
        prices = self.channel_id._prices(templates.product_variant_ids, self.company_id) if templates else {}
        return {
            template.id: next((prices[one.id] for one in template.product_variant_ids if prices.get(one.id)), 0.0)
            for template in templates
        }

    def _suggest(self, line, landed, percent, fixed, factor):
        """A price for new goods: what leaves the margin, not below the supplier's minimum advertised price; where the
        cost is not known, what the supplier suggests."""
        today, offers = fields.Date.context_today(self), line.offer_ids.sudo()
        least = max(
            (offer.currency_id._convert(offer.map_price / offer.factor, self.currency_id, self.company_id, today)
             for offer in offers), default=0.0
        )  # fmt: skip
        if not landed:
            retail = max(
                (offer.currency_id._convert(offer.retail_price / offer.factor, self.currency_id, self.company_id, today)
                 for offer in offers), default=0.0
            )  # fmt: skip
            return max(least, retail)
        try:
            price = float(suggest_price(Decimal(str(landed)), self.margin, percent, fixed, factor))
        except ValueError:
            return least
        return max(price, least)


def _codes(barcode):
    """Ways the same GTIN is written: 14, 13, 12 and 8 digits."""
    if not barcode:
        return []
    bare = barcode.lstrip("0")
    return sorted({barcode, *(bare.zfill(size) for size in (8, 12, 13, 14) if len(bare) <= size)})

