"""Where a supplier's categories go in our shop."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .supplier_category import SEPARATOR


class DropshipCategoryMap(models.Model):
    """Of the rules that fit an offer's path, the first counts."""

    _name = "dropship.category.map"
    _description = "Category Map"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, help="Empty: every company."
    )
    supplier_id = fields.Many2one(
        "dropship.supplier", ondelete="cascade", index="btree_not_null", check_company=True, help="Empty: any supplier."
    )
    path = fields.Char(
        string="Supplier's Category",
        required=True,
        help="As the supplier writes it, parts joined by ' > ': Home > Light > Lamps.",
    )
    below = fields.Boolean(string="And Below", default=True, help="Also for all categories under it.")
    categ_id = fields.Many2one("product.category", string="Product Category", ondelete="restrict")
    public_categ_ids = fields.Many2many(
        "product.public.category", "dropship_category_map_public_rel", string="Shop Categories"
    )
    tag_ids = fields.Many2many("product.tag", "dropship_category_map_tag_rel", string="Tags")
    use_ids = fields.One2many("dropship.supplier.category.use", "map_id", string="Used For")
    offer_count = fields.Integer(string="Offers", compute="_compute_offer_count")

    _once = models.UniqueIndex(
        "(path, COALESCE(supplier_id, 0), COALESCE(company_id, 0)) WHERE active",
        "There is a rule for this category already. Change that one.",
    )

    @api.depends("use_ids.offer_count")
    def _compute_offer_count(self):
        sums = dict(
            self.env["dropship.supplier.category.use"]._read_group(
                [("map_id", "in", self.ids)], ["map_id"], ["offer_count:sum"]
            )
        )
        for rule in self:
            rule.offer_count = sums.get(rule._origin, 0)

    @api.depends("path", "below", "supplier_id")
    def _compute_display_name(self):
        for rule in self:
            name = f"{rule.path}{SEPARATOR}…" if rule.below else rule.path or ""
            rule.display_name = f"{rule.supplier_id.name}: {name}" if rule.supplier_id else name

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create([self._clean(vals) for vals in vals_list])
        self._mark_uses()
        return rules

    def write(self, vals):
        result = super().write(self._clean(vals))
        if {"path", "below", "supplier_id", "company_id", "sequence", "active"} & vals.keys():
            self._mark_uses()
        return result

    def unlink(self):
        result = super().unlink()
        self._mark_uses()
        return result

    @api.model
    def _clean(self, vals):
        """One spelling of a path, however it was typed."""
        if "path" not in vals:
            return vals
        parts = [" ".join(part.split()) for part in (vals["path"] or "").replace("›", ">").split(">")]
        path = SEPARATOR.join(part for part in parts if part)
        if not path:
            raise UserError(self.env._("Enter the supplier's category, for example Home > Light > Lamps."))
        return {**vals, "path": path}

    def _fits(self, company_id, supplier_id, path):
        """Whether the rule is for this path. Note: `self.ensure_one()`."""
        if self.company_id and self.company_id.id != company_id:
            return False
        if self.supplier_id and self.supplier_id.id != supplier_id:
            return False
        return path == self.path or (self.below and path.startswith(self.path + SEPARATOR))

    @api.model
    def _rules_of(self, keys):
        """The first rule that fits each.

        :param keys: (company id or False, supplier id, path)
        :return: {key: rule}; keys without a rule are left out
        """
        # Rules are no secret, but who lists a product need not manage them.
        rules = self.sudo().search([])
        result = {}
        for key in {key for key in keys if key[2]}:
            rule = next((rule for rule in rules if rule._fits(*key)), None)
            if rule:
                result[key] = rule
        return result

    @api.model
    def _keys(self, offers):
        return {offer: (offer.company_id.id, offer.supplier_id.id, offer.category or "") for offer in offers}

    @api.model
    def _of(self, offers):
        """Where each offer goes: {offer id: (product.category, product.public.category)}; unmapped ones left out."""
        keys = self._keys(offers)
        rules = self._rules_of(keys.values())
        return {
            offer.id: (rules[key].categ_id, rules[key].public_categ_ids) for offer, key in keys.items() if key in rules
        }

    @api.model
    def _tags_of(self, offers):
        """{offer id: product.tag} of the mapped ones."""
        keys = self._keys(offers)
        rules = self._rules_of(keys.values())
        return {offer.id: rules[key].tag_ids for offer, key in keys.items() if key in rules}

    @api.model
    def _mark_uses(self):
        """Write down for every path in use which rule it falls under; the list of unmapped ones reads it."""
        self.flush_model()
        self.env["dropship.supplier.category.use"].flush_model()
        self.env.cr.execute(
            """
            UPDATE dropship_supplier_category_use used SET map_id = wanted.map_id
              FROM (SELECT one.id, (
                        SELECT rule.id FROM dropship_category_map rule
                         WHERE rule.active
                           AND (rule.company_id IS NULL OR rule.company_id = one.company_id)
                           AND (rule.supplier_id IS NULL OR rule.supplier_id = one.supplier_id)
                           AND (rule.path = one.path OR rule.below AND starts_with(one.path, rule.path || ' > '))
                         ORDER BY rule.sequence, rule.id LIMIT 1) AS map_id
                      FROM dropship_supplier_category_use one) wanted
             WHERE wanted.id = used.id AND used.map_id IS DISTINCT FROM wanted.map_id
            """
        )
        self.env["dropship.supplier.category.use"].invalidate_model(["map_id"], flush=False)


class DropshipCategoryAssign(models.TransientModel):
    """Map many unmapped categories in one step."""

    _name = "dropship.category.assign"
    _description = "Map Categories"

    category_use_ids = fields.Many2many(
        "dropship.supplier.category.use", "dropship_category_assign_use_rel", string="Categories"
    )
    categ_id = fields.Many2one("product.category", string="Product Category")
    public_categ_ids = fields.Many2many(
        "product.public.category", "dropship_category_assign_public_rel", string="Shop Categories"
    )
    tag_ids = fields.Many2many("product.tag", "dropship_category_assign_tag_rel", string="Tags")
    any_supplier = fields.Boolean(string="For Every Supplier", help="Also for other suppliers who use the same path.")
    below = fields.Boolean(string="And Below", default=True)

    def action_apply(self):
        """One rule per category; those that have one of their own are changed."""
        self.ensure_one()
        if not (self.categ_id or self.public_categ_ids):
            raise UserError(self.env._("Choose a product category or a category of the shop."))
        rules = self.env["dropship.category.map"]
        target = {
            "categ_id": self.categ_id.id,
            "public_categ_ids": [fields.Command.set(self.public_categ_ids.ids)],
            "tag_ids": [fields.Command.set(self.tag_ids.ids)],
            "below": self.below,
        }
        wanted = {}
        for use in self.category_use_ids:
            supplier = self.env["dropship.supplier"] if self.any_supplier else use.supplier_id
            wanted[use.path, supplier.id, use.company_id.id] = True
        new = []
        for path, supplier_id, company_id in wanted:
            known = rules.search(
                [("path", "=", path), ("supplier_id", "=", supplier_id), ("company_id", "=", company_id)], limit=1
            )
            if known:
                known.write(target)
            else:
                # A rule for one supplier goes before the ones for all.
                new.append({**target, "path": path, "supplier_id": supplier_id, "company_id": company_id,
                            "sequence": 10 if supplier_id else 20})  # fmt: skip
        rules.create(new)
        return {"type": "ir.actions.act_window_close"}
