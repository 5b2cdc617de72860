"""Makes products of offers, finds the variant of each offer, links them, and queues their pictures."""

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html

from ..listing_quality import clean_text
from ..listing_quality.grouping import ONE_LIST
from .listing_publish import QUIET


class DropshipListOffersLine(models.Model):
    _inherit = "dropship.list.offers.line"

    def _map_attributes(self):
        """Our own words for what suppliers call attributes, where somebody mapped them and variants stay apart."""
        if not self:
            return
        mapped = self.env["dropship.attribute.map"]._of(self.offer_ids)
        for line in self:
            variants = []
            for _attributes, offer_ids in line.variants or []:
                pairs = next((mapped[offer_id] for offer_id in offer_ids if offer_id in mapped), [])
                variants.append([[[attribute.name, value.name] for attribute, value in pairs], offer_ids])
            told = [tuple(map(tuple, attributes)) for attributes, _offers in variants]
            names = {tuple(name for name, _value in attributes) for attributes in told}
            raw_sides = {name for attributes, _offers in line.variants or [] for name, _value in attributes}
            if raw_sides != {ONE_LIST} and len(set(told)) == len(told) and len(names) == 1 and told[0]:
                line.sudo().variants = variants

    def _make_products(self):
        """New products of these lines, in one go.

        :return: {offer id: product id}
        """
        if not self:
            return {}
        values = self._attribute_values()
        tags = self.env["dropship.category.map"]._tags_of(self.offer_ids)
        # Listing needs the right to list; products belong to whoever keeps the catalogue.
        templates_sudo = self.env["product.template"].sudo().with_context(**QUIET)
        made = templates_sudo.create([line._template_vals(values, tags) for line in self])
        found, empty = {}, self.env["product.product"].sudo()
        for line, template in zip(self, made, strict=True):
            line.sudo().product_tmpl_id = template
            found.update(line._fill_variants(template))
            empty |= template.product_variant_ids.filtered(lambda one: one.id not in found.values())
        # Combinations nobody offers are not for sale.
        empty.filtered(lambda one: len(one.product_tmpl_id.product_variant_ids - empty)).action_archive()
        return found

    def _template_vals(self, values, tags):
        """
        :param values: as `_attribute_values` gives them
        :param tags: {offer id: product.tag} by the category map
        """
        self.ensure_one()
        offers, plan = self.offer_ids.sudo(), self.plan_id.sudo()
        first = offers[:1]
        text = clean_text(next((offer.description for offer in offers if offer.description), ""))
        public = self.public_categ_ids.ids
        vals = {
            "name": self.name,
            "type": "consu",
            "sale_ok": True,
            "purchase_ok": True,
            "is_published": False,
            "company_id": plan.company_id.id if len(plan.user_id.company_ids) > 1 else False,
            "list_price": self.price,
            "weight": first.weight / first.factor if first.weight else 0.0,
            "hs_code": next((offer.hs_code for offer in offers if offer.hs_code), False),
            "country_of_origin": offers.origin_id[:1].id,
            "dropship_brand": next((offer.brand for offer in offers if offer.brand), False),
            "description_ecommerce": plaintext2html(text) if text else False,
            "public_categ_ids": [Command.set(public)],
            "product_tag_ids": [Command.set(tags[first.id].ids)] if first.id in tags else [],
            "route_ids": [Command.set(self.env.ref("stock_dropshipping.route_drop_shipping").ids)],
        }
        if self.categ_id:
            vals["categ_id"] = self.categ_id.id
        grid = {}
        for attributes, _offers in self.variants or []:
            for name, value in attributes:
                grid.setdefault(name, [])
                if value not in grid[name]:
                    grid[name].append(value)
        vals["attribute_line_ids"] = [
            Command.create(
                {
                    "attribute_id": values[name, None],
                    "value_ids": [Command.set([values[name, value] for value in found])],
                }
            )
            for name, found in grid.items()
        ]
        return vals

    def _attribute_values(self):
        """{(attribute, None): id, (attribute, value): id}: found by name, the missing ones made."""
        grid = {}
        for line in self:
            for attributes, _offers in line.variants or []:
                for name, value in attributes:
                    grid.setdefault(name, set()).add(value)
        attributes_sudo, values_sudo = self.env["product.attribute"].sudo(), self.env["product.attribute.value"].sudo()
        known = {}
        for attribute in attributes_sudo.search([("create_variant", "!=", "no_variant")], order="id desc"):
            known[attribute.name.casefold()] = attribute
        found = {}
        for name, values in grid.items():
            attribute = known.get(name.casefold()) or attributes_sudo.create(
                {"name": name, "create_variant": "always", "display_type": "radio"}
            )
            known[name.casefold()] = attribute
            found[name, None] = attribute.id
            have = {value.name.casefold(): value.id for value in attribute.value_ids}
            missing = sorted(value for value in values if value.casefold() not in have)
            made = values_sudo.create([{"name": value, "attribute_id": attribute.id} for value in missing])
            have.update((value.name.casefold(), value.id) for value in made)
            found.update(((name, value), have[value.casefold()]) for value in values)
        return found

    def _fill_variants(self, template):
        """Code, barcode and weight on the variants; {offer id: product id}."""
        found = {}
        by_values = {_names(product): product for product in template.product_variant_ids}
        for attributes, offer_ids in self.variants or [[[], self.offer_ids.ids]]:
            product = by_values.get(frozenset((name.casefold(), value.casefold()) for name, value in attributes))
            product = product or self._new_variant(template, attributes)
            product = product or (template.product_variant_ids if len(by_values) == 1 else None)
            if not product:
                raise UserError(self.env._("The variants of %s do not fit together. Leave it out.", self.name))
            offers = self.env["dropship.offer"].sudo().browse(offer_ids)
            barcode = next((offer.barcode for offer in offers if offer.barcode), "")
            vals = {"default_code": offers[0].sku}
            if barcode:
                vals["barcode"] = barcode[1:] if len(barcode) == 14 and barcode[0] == "0" else barcode
            if len(by_values) > 1 and offers[0].weight:
                vals["weight"] = offers[0].weight / offers[0].factor
            product.with_context(**QUIET).write(vals)
            found.update(dict.fromkeys(offer_ids, product.id))
        return found

    def _new_variant(self, template, attributes):
        """The variant of a combination, made now where attributes make their variants only when needed."""
        lines = template.attribute_line_ids
        if not attributes or not template.has_dynamic_attributes():
            return self.env["product.product"]
        wanted = {(name.casefold(), value.casefold()) for name, value in attributes}
        combination = lines.product_template_value_ids.filtered(
            lambda value: (value.attribute_id.name.casefold(), value.name.casefold()) in wanted
        )
        if len(combination) != len(lines):
            return self.env["product.product"]
        return template._create_product_variant(combination)

    def _variants_of(self, template):
        """{offer id: product id} for offers of goods that are there already.

        :raise UserError: when it is not clear which variant an offer is
        """
        found, products = {}, template.sudo().product_variant_ids
        for attributes, offer_ids in self.variants or [[[], self.offer_ids.ids]]:
            offers = self.env["dropship.offer"].sudo().browse(offer_ids)
            wanted = frozenset((name.casefold(), value.casefold()) for name, value in attributes)
            values = frozenset(value for _name, value in wanted)
            bare = {(offer.barcode or "").lstrip("0") for offer in offers} - {""}
            tests = (
                lambda one, bare=bare: (one.barcode or "").lstrip("0") in bare,
                lambda one, offers=offers: one.default_code in offers.mapped("sku"),
                lambda one, wanted=wanted: wanted and _names(one) == wanted,
                lambda one, values=values: values and frozenset(value for _name, value in _names(one)) == values,
            )
            linked = offers.product_id & products
            hits = (linked, *(products.filtered(test) for test in tests))
            product = next((rows for rows in hits if len(rows) == 1), products if len(products) == 1 else None)
            if not product or (len(self.variants or []) > 1 and product.id in found.values()):
                raise UserError(
                    self.env._(
                        "It is not clear which variant of %(product)s the offer %(sku)s is: link it on the offer.",
                        product=template.display_name,
                        sku=offers[0].sku,
                    )
                )
            found.update(dict.fromkeys(offer_ids, product.id))
        return found

    def _link_offers(self, product_of):
        """Link offers that are not linked yet, and let everything that depends on it follow, once for all."""
        offers = self.env["dropship.offer"].browse(product_of)
        offers.flush_recordset()
        self.env["product.product"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dropship_offer offer
                   SET product_id = product.id, product_tmpl_id = product.product_tmpl_id,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'utc'
                  FROM unnest(%(offers)s::int[], %(products)s::int[]) AS wanted(offer_id, product_id)
                  JOIN product_product product ON product.id = wanted.product_id
                 WHERE offer.id = wanted.offer_id AND offer.product_id IS NULL
                RETURNING offer.id
                """,
                uid=self.env.uid,
                offers=list(product_of),
                products=list(product_of.values()),
            )
        )
        linked_sudo = offers.sudo().browse([row[0] for row in self.env.cr.fetchall()])
        self.env["dropship.offer"].invalidate_model(["product_id", "product_tmpl_id", "product_uom_id"], flush=False)
        self.env["product.product"].invalidate_model(["dropship_offer_ids"], flush=False)
        linked_sudo._project()

    def _ask_pictures(self):
        """Queue the pictures of new products, and of those that have none."""
        rows = []
        for line in self.sudo():
            template, company = line.product_tmpl_id, line.company_id
            if line.decision == "link" and template.image_1920:
                continue
            urls = line.offer_ids._picture_addresses()
            rows.append((template.id, None, company.id, urls))
            if len(line.variants or []) < 2:
                continue
            main = urls[:1]
            for _attributes, offer_ids in line.variants:
                offers = line.offer_ids.browse(offer_ids)
                own = [url for url in offers._picture_addresses() if url not in main][:1]
                product = offers.product_id[:1]
                if own and product:
                    rows.append((template.id, product.id, company.id, own))
        self.env["dropship.listing.image"].sudo()._ask(rows)


def _names(product):
    """{(attribute, value)} of a variant, in small letters."""
    return frozenset(
        (value.attribute_id.name.casefold(), value.name.casefold())
        for value in product.product_template_attribute_value_ids
    )
