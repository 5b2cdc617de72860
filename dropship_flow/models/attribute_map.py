"""Which of our attributes a supplier's words stand for: 颜色: 红色 is Colour: Red."""

import unicodedata

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..desk import escaped


def key_of(text):
    """One spelling of a word.

    >>> key_of("  Farbe : "), key_of("ＣＯＬＯＵＲ"), key_of("颜色："), key_of(None), key_of(38)
    ('farbe', 'colour', '颜色', '', '38')
    """
    text = unicodedata.normalize("NFKC", "" if text is None or text is False else str(text))
    return " ".join(text.split()).strip(" :").casefold()


class DropshipWordsMixin(models.AbstractModel):
    """A name and the other words for it, one per line."""

    _name = "dropship.words.mixin"
    _description = "Name With Other Words"

    words = fields.Text(string="Other Words", help="What suppliers write for it, one per line, in any language.")
    word_keys = fields.Json(compute="_compute_word_keys", store=True)

    @api.depends("name", "words")
    def _compute_word_keys(self):
        for record in self:
            texts = [record.name, *(record.words or "").splitlines()]
            record.word_keys = sorted({key_of(text) for text in texts} - {""})


class DropshipAttributeMap(models.Model):
    """An attribute of ours, and what suppliers call it."""

    _name = "dropship.attribute.map"
    _description = "Attribute Map"
    _inherit = ["dropship.words.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, help="How the attribute is named in the shop.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    supplier_id = fields.Many2one(
        "dropship.supplier", ondelete="cascade", index="btree_not_null", check_company=True, help="Empty: any supplier."
    )
    ignore = fields.Boolean(string="Leave Out", help="What suppliers say under this name is no variant.")
    attribute_id = fields.Many2one(
        "product.attribute", ondelete="set null", help="Empty: found by its name or created when it is needed."
    )
    value_ids = fields.One2many("dropship.attribute.map.value", "map_id", string="Values", copy=True)

    @api.model
    def _rules_for(self, offer_company, supplier, rules):
        """Of these rules the ones for a supplier, his own before the ones for all."""
        fitting = rules.filtered(
            lambda rule: rule.company_id.id in (False, offer_company.id)
            and rule.supplier_id.id in (False, supplier.id)
        )
        return fitting.sorted(lambda rule: (not rule.supplier_id, not rule.company_id, rule.sequence, rule.id))

    @api.model
    def _of(self, offers, create=True):
        """The variant each offer is.

        :param create: make attributes and values that are not there yet
        :return: {offer id: [(product.attribute, product.attribute.value), …]}
        """
        rules = self.sudo().search([])
        makers = {}
        result = {}
        for offer in offers:
            said = offer.attributes if isinstance(offer.attributes, dict) else {}
            if not said:
                continue
            owner = (offer.company_id, offer.supplier_id)
            if owner not in makers:
                makers[owner] = self._rules_for(*owner, rules)
            pairs = {}
            for name, value in said.items():
                attribute, found = self._pair(makers[owner], name, value, create)
                if attribute and found and attribute not in pairs:
                    pairs[attribute] = found
            if pairs:
                result[offer.id] = sorted(pairs.items(), key=lambda pair: (pair[0].sequence, pair[0].id))
        return result

    @api.model
    def _pair(self, rules, name, value, create):
        """(attribute, value) of what a supplier says; empty records where there is none and none is to be made."""
        attributes = self.env["product.attribute"]
        values = self.env["product.attribute.value"]
        key, value_key = key_of(name), key_of(value)
        if not key or not value_key:
            return attributes, values
        rule = next((rule for rule in rules if key in (rule.word_keys or ())), None)
        if rule and rule.ignore:
            return attributes, values
        attribute = self._attribute(rule, str(name).strip(), create)
        if not attribute:
            return attributes, values
        row = next((row for row in rule.value_ids if value_key in (row.word_keys or ())), None) if rule else None
        return attribute, self._value(attribute, row, str(value).strip(), create)

    @api.model
    def _attribute(self, rule, name, create):
        if rule and rule.attribute_id:
            return rule.attribute_id
        label = rule.name if rule else name
        attributes_sudo = self.env["product.attribute"].sudo()  # who lists a product may need a new attribute
        found = attributes_sudo.search([("name", "=ilike", escaped(label))], limit=1)
        if not found and create:
            found = attributes_sudo.create({"name": label[:100], "create_variant": "dynamic"})
        if rule and found:
            rule.attribute_id = found
        return found.sudo(False)

    @api.model
    def _value(self, attribute, row, text, create):
        if row and row.value_id:
            return row.value_id
        label = row.name if row else text
        values_sudo = self.env["product.attribute.value"].sudo()  # as above
        found = values_sudo.search(
            [("attribute_id", "=", attribute.id), ("name", "=ilike", escaped(label))], limit=1
        )
        if not found and create:
            found = values_sudo.create({"attribute_id": attribute.id, "name": label[:100]})
        if row and found:
            row.value_id = found
        return found.sudo(False)

    @api.constrains("attribute_id", "value_ids")
    def _check_values(self):
        for rule in self.filtered("attribute_id"):
            wrong = rule.value_ids.filtered(
                lambda row, rule=rule: row.value_id and row.value_id.attribute_id != rule.attribute_id
            )
            if wrong:
                raise UserError(
                    self.env._(
                        "%(value)s is no value of %(attribute)s. Choose one of its values.",
                        value=wrong[0].value_id.name,
                        attribute=rule.attribute_id.name,
                    )
                )


class DropshipAttributeMapValue(models.Model):
    """A value of an attribute, and what suppliers call it."""

    _name = "dropship.attribute.map.value"
    _description = "Attribute Map: Value"
    _inherit = ["dropship.words.mixin"]
    _order = "sequence, id"

    map_id = fields.Many2one("dropship.attribute.map", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="map_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="How the value is named in the shop.")
    attribute_id = fields.Many2one(related="map_id.attribute_id")
    value_id = fields.Many2one(
        "product.attribute.value",
        string="Our Value",
        ondelete="set null",
        domain="[('attribute_id', '=', attribute_id)]",
        help="Empty: found by its name or created when it is needed.",
    )
